"""Chance is a function of its key: nothing else changes anybody's luck."""

import numpy as np
import pytest

from model import baseline, rebuild, simulate, simulation
from model.engines.residents import Residents
from model.simulation import gather, step
from tests.worlds import (
    TINY,
    Tape,
    arrays_of,
    package,
    plan_of,
    replay,
    same_bytes,
    trend,
    world_of,
)

RUNS = {
    "mean": {"engine": "mean", "count": 4, "end": 2025},
    "agents": {"engine": "agents", "count": 2, "chosen": slice(0, 1), "end": 2025, "scale": 40},
}


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_same_seed_same_bytes(tiny, options):
    one, two = (arrays_of(tiny, seed=3, **options) for _ in range(2))
    assert same_bytes(one, two)


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_another_seed_differs(tiny, options):
    one, two = (arrays_of(tiny, seed=seed, **options) for seed in (3, 4))
    assert not np.array_equal(one["population"], two["population"])


def test_replicates_differ(tiny):
    found = gather([plan_of(tiny, engine="agents", count=2, end=2022, scale=40)], 1, None)
    assert not np.array_equal(found["births"][0, 0, 1:], found["births"][0, 1, 1:])


def test_central_case_has_no_chance_in_the_mean_engine(tiny):
    assert same_bytes(arrays_of(tiny, seed=1), arrays_of(tiny, seed=2))


@pytest.mark.parametrize(
    "scenario", [trend(), package("park", "schools", "large_works")], ids=["trend", "package"]
)
def test_a_draw_does_not_depend_on_its_block(tiny, scenario):
    whole = arrays_of(tiny, scenario, count=6, end=2026)
    for low, high in ((0, 1), (2, 3), (3, 6)):
        part = arrays_of(tiny, scenario, slice(low, high), count=6, end=2026)
        for name, values in part.items():
            assert values.tobytes() == whole[name][low:high].tobytes(), name


def test_block_size_changes_nothing(tiny, monkeypatch):
    found = []
    for size in (2, 5, 25):
        monkeypatch.setattr(simulation, "BLOCK", size)
        found.append(gather([plan_of(tiny, count=5, end=2023)], 1, None))
    assert same_bytes(found[0], found[1])
    assert same_bytes(found[0], found[2])


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_workers_change_nothing(engine):
    options = {"area": TINY, "draws": 60 if engine == "mean" else 4, "end": 2023, "engine": engine}
    one, two = (simulate(trend(), workers=count, **options) for count in (1, 2))
    assert one.identical(two)


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_zero_dose_is_the_trend_bit_for_bit(tiny, options):
    levers = [row["lever"] for row in tiny.tables["levers"]]
    assert same_bytes(
        arrays_of(tiny, **options), arrays_of(tiny, package(*levers, dose=0), **options)
    )


def test_a_lever_leaves_the_draws_of_others_alone(tiny):
    one = world_of(tiny, package("schools"), count=8)
    two = world_of(tiny, package("schools", "park"), count=8)
    effects = [{lever.name: lever.effect for lever in w.package.levers} for w in (one, two)]
    np.testing.assert_array_equal(effects[0]["schools"], effects[1]["schools"])
    assert same_bytes(one.params["labour"].__dict__, two.params["labour"].__dict__)


def history(people, calls):
    """Where, and how old, everybody is after each relocation, by key."""
    found = []
    for name, arguments, _ in calls:
        getattr(people, name)(*arguments)
        if name == "relocate":
            rows = zip(people.key.tolist(), people.zone.tolist(), people.age.tolist(), strict=True)
            found.append({key: (zone, age) for key, zone, age in rows})
    return found


def test_one_more_agent_changes_nobody_elses_life(tiny):
    world = world_of(tiny)
    tape = world.population = Tape(world.population)
    for _ in range(4):
        step(world)
    counts = baseline.people(tiny, 2020) // 40
    more = counts.copy()
    more[1, 1, 30] += 1
    one, two = (Residents(n, 5, 1, seed=9) for n in (counts, more))
    born_here, extra = set(one.key.tolist()), set(two.key.tolist()) - set(one.key.tolist())
    assert len(extra) == 1
    for year, (before, after) in enumerate(
        zip(history(one, tape.calls), history(two, tape.calls), strict=True)
    ):
        mine = {key: value for key, value in before.items() if key in born_here}
        theirs = {key: value for key, value in after.items() if key in born_here}
        assert mine == theirs, year


def test_rows_may_stand_in_any_order(tiny):
    world = world_of(tiny)
    tape = world.population = Tape(world.population)
    step(world)
    one, two = (Residents(baseline.people(tiny, 2020) // 40, 5, 1, seed=9) for _ in range(2))
    order = np.random.default_rng(1).permutation(len(two.key))
    for column in ("zone", "sex", "age", "key"):
        setattr(two, column, getattr(two, column)[order])
    for people in (one, two):
        replay(tape.calls, people)
    np.testing.assert_array_equal(one.counts(), two.counts())


def test_keys_are_never_given_twice(tiny):
    world = world_of(tiny, engine="agents", scale=10)
    for _ in range(5):
        step(world)
        keys = world.population.key
        assert len(np.unique(keys)) == len(keys)


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_a_result_rebuilds_itself(engine):
    first = simulate(
        package("schools", "park"), area=TINY, end=2022, draws=3, engine=engine, scale=40
    )
    assert first.identical(rebuild(first))
