"""A run saved and gone on with is the run that was never stopped, bit for bit."""

import numpy as np
import pytest

from model import checkpoint
from model.problems import ProblemsError
from model.simulation import step
from tests.worlds import package, plan_of, same_bytes, world_of


@pytest.mark.parametrize("options", [{"engine": "agents"}, {"count": 3}, {}])
def test_goes_on_bit_for_bit(tiny, tmp_path, options):
    levers = package("faster_trains", "park", "open_registration")
    plan = plan_of(tiny, levers, **options)
    world = world_of(tiny, levers, **options)
    for _ in range(3):
        step(world)
    path = checkpoint.save(world, plan, tmp_path / "year.npz")
    again, found = checkpoint.resume(path)
    assert found.end == plan.end
    assert again.year == world.year == 2023
    for _ in range(3):
        step(world)
        step(again)
    assert same_bytes(world.state, again.state)
    assert same_bytes(world.population.arrays(), again.population.arrays())
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_checkpoint_is_named(tmp_path):
    with pytest.raises(ProblemsError, match="not found"):
        checkpoint.resume(tmp_path / "none.npz")
    (tmp_path / "text.npz").write_text("hello")
    with pytest.raises(ProblemsError, match="not a checkpoint"):
        checkpoint.resume(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", a=np.ones(2))
    with pytest.raises(ProblemsError, match="not a checkpoint"):
        checkpoint.resume(tmp_path / "other.npz")


def test_another_version_is_refused(tiny, tmp_path, monkeypatch):
    path = checkpoint.save(world_of(tiny), plan_of(tiny), tmp_path / "base.npz")
    monkeypatch.setattr(checkpoint, "code_digest", lambda: "other")
    with pytest.raises(ProblemsError, match="another version"):
        checkpoint.resume(path)


def test_a_place_that_refuses_is_told_and_left_clean(tmp_path, monkeypatch, tiny):
    from model.begin import Plan, begin_world
    from model.checkpoint import save
    from model.scenario import Scenario

    plan = Plan(Scenario("bare", "Bare"), tiny.address, "mean", 1, 0, 1, tiny.base_year + 1, False)
    world = begin_world(plan, tiny, slice(0, 1))

    def full(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(ProblemsError, match="cannot be written: No space left on device"):
        save(world, plan, tmp_path / "run.npz")
    assert list(tmp_path.iterdir()) == []
