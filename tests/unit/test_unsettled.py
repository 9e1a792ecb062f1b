"""Workplaces, hiring and streets that do not come to rest: what is told of them."""

import importlib.util

import numpy as np
import pytest

from model.problems import RunError
from model.processes.workplaces import refuse_unsettled
from model.simulation import step


@pytest.fixture
def plain_kernel(monkeypatch):
    """The kernel of the year, not compiled, so that its limits can be moved."""
    from model.kernels import commuting, compiled

    spec = importlib.util.spec_from_file_location("plain_commuting", commuting.__file__)
    plain = importlib.util.module_from_spec(spec)
    # No longer than it is read: other kernels are compiled as ever.
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(
            compiled, "njit", lambda *args, **options: args[0] if args else lambda f: f
        )
        spec.loader.exec_module(plain)
    monkeypatch.setattr(commuting, "settle", plain.settle)
    return plain


def fuller(world):
    """A world with half as many people again, whose streets are slower."""
    world["population"] = world["population"] * 1.5
    return world


def test_the_plain_kernel_converges_as_the_compiled_one_does(tiny_world, request):
    compiled = fuller(tiny_world())
    step(compiled)
    request.getfixturevalue("plain_kernel")
    plain = fuller(tiny_world())
    step(plain)
    assert np.all(plain["slowdown"] > 1.01)
    np.testing.assert_allclose(plain["slowdown"], compiled["slowdown"], rtol=1e-6)


@pytest.mark.parametrize(
    ("what", "limits", "delay"),
    [("congestion", {"ROUNDS": 1}, 1.0), ("hiring", {"ROUNDS": 1, "TRIALS": 1}, 0.0)],
)
def test_too_few_rounds_name_what_zone_year_draw_and_residual(
    tiny_world, plain_kernel, monkeypatch, what, limits, delay
):
    """Stopped before it is there: the residual told is the one that the loop has left.

    Streets without any delay are at rest, so that hiring alone is left.
    """
    for name, value in limits.items():
        monkeypatch.setattr(plain_kernel, name, value)
    world = fuller(tiny_world())
    world.fixed["base_delay"] = world.fixed["base_delay"] * delay
    zones = "|".join(world.area.zones)
    named = rf"no convergence of {what} in 2021: ({zones}), draw 0, last residual \d\.\d+e-0\d$"
    with pytest.raises(RunError, match=named):
        step(world)


@pytest.mark.parametrize(
    ("hiring", "congestion", "told"),
    [
        (1e-9, 2e-5, "congestion in 2020: a2, draw 1, last residual 2.00e-05"),
        (1e-9, 0.0, "hiring in 2020: a2, draw 1, last residual 1.00e-09"),
        (np.nan, np.nan, "hiring in 2020: a2, draw 1, last residual nan"),
        (0.0, np.nan, "congestion in 2020: a2, draw 1, last residual nan"),
    ],
)
def test_what_is_told_is_what_went_wrong_first(tiny_world, hiring, congestion, told):
    """Hiring is sought loosely while streets are far off: it is not to blame for them."""
    world = tiny_world(count=2)
    left = np.zeros((2, 2, 5))
    left[0, 1, 1], left[1, 1, 1] = hiring, congestion
    with pytest.raises(RunError, match=f"no convergence of {told}"):
        refuse_unsettled(world, world["posts"], *left)
    refuse_unsettled(world, world["posts"], np.full((2, 5), 9e-12), np.full((2, 5), 9e-6))
