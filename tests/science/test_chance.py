"""Chance is a function of its key: nothing else changes anybody's luck."""

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import rebuild, simulate, simulation
from model.base_year import baseline_people
from model.engines.residents import NOBODY, Residents
from model.engines.whole_people import whole_people
from model.simulation import abreast, gather, step
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


@pytest.mark.parametrize("options", RUNS.values(), ids=RUNS)
def test_detail_changes_nothing_that_is_kept_without_it(tiny, options):
    whole, brief = (arrays_of(tiny, **(options | {"detail": kept})) for kept in (True, False))
    assert set(brief) < set(whole)
    assert same_bytes(brief, {name: whole[name] for name in brief})


def test_block_size_changes_nothing(tiny, monkeypatch):
    found = []
    for size in (2, 5, 25):
        monkeypatch.setattr(simulation, "BLOCK", size)
        found.append(gather([plan_of(tiny, count=5, end=2023)], 1, None))
    assert same_bytes(found[0], found[1])
    assert same_bytes(found[0], found[2])


@given(st.integers(1, 500), st.integers(1, 70), st.sampled_from((25, 50)))
def test_blocks_are_no_larger_than_told_and_leave_no_hand_idle(count, hands, most):
    size = abreast(count, hands, most)
    blocks = -(-count // size)
    assert 1 <= size <= most
    assert blocks >= min(hands, -(-count // 25), count)
    if count > 25 * hands:  # every hand has as much to do as the others, a block of few draws less
        assert size * -(-blocks // hands) - count / hands < blocks


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


@pytest.fixture(scope="module")
def whole(tiny):
    """A small toy area in whole people: (place, hukou, education, sex, age)."""
    residents, pools = whole_people(baseline_people.everybody(tiny, 2020), 5, 40)
    table = np.zeros((7, *residents.shape[1:]))
    table[:5], table[5:, 0] = residents, pools
    return table


@pytest.fixture(scope="module")
def calls(tiny):
    """Tables handed to the people in four years."""
    world = world_of(tiny, package("open_registration"))
    tape = world.population = Tape(world.population)
    for _ in range(4):
        step(world)
    return tape.calls


def living(people):
    """Zone, traits and age of everybody, by key."""
    there = people.age != NOBODY
    columns = (getattr(people, name)[there].tolist() for name in ("key", "zone", "trait", "age"))
    return {key: rest for key, *rest in zip(*columns, strict=True)}


def history(people, calls):
    """Everybody after every verb."""
    found = []
    for name, arguments, _ in calls:
        getattr(people, name)(*arguments)
        found.append(living(people))
    return found


@pytest.mark.parametrize("place", [(1, 0, 1, 1, 30), (3, 2, 3, 0, 18), (6, 0, 3, 1, 22)])
def test_one_more_agent_changes_nobody_elses_life(whole, calls, place):
    """Of a zone or of a region: all who were there from the start live as they did."""
    more = whole.copy()
    more[place] += 1
    one, two = (Residents(table, 5, 1, seed=9) for table in (whole, more))
    born_here, extra = living(one).keys(), living(two).keys() - living(one).keys()
    assert len(extra) == (place[0] < 5)
    for number, (before, after) in enumerate(
        zip(history(one, calls), history(two, calls), strict=True)
    ):
        mine = {key: value for key, value in before.items() if key in born_here}
        theirs = {key: value for key, value in after.items() if key in born_here}
        assert mine == theirs, calls[number][0]


def test_rows_may_stand_in_any_order(whole, calls):
    one, two = (Residents(whole, 5, 1, seed=9) for _ in range(2))
    order = np.random.default_rng(1).permutation(len(two.key))
    for column in ("zone", "trait", "age", "key"):
        setattr(two, column, getattr(two, column)[order])
    found = [history(people, calls)[-1] for people in (one, two)]
    assert found[0] == found[1]
    np.testing.assert_array_equal(one.counts(), two.counts())


def test_threads_change_nothing(whole, calls):
    """Same bytes with one thread and with two, answers and people."""
    found = []
    for threads in (1, 2):
        numba.set_num_threads(threads)
        people = Residents(whole, 5, 1, seed=9)
        answers = [getattr(people, name)(*arguments) for name, arguments, _ in calls]
        found.append((people.arrays(), answers, people.counts()))
    assert same_bytes(found[0][0], found[1][0])
    for one, two in zip(found[0][1], found[1][1], strict=True):
        for first, second in zip(parts(one), parts(two), strict=True):
            assert first.tobytes() == second.tobytes()
    assert found[0][2].tobytes() == found[1][2].tobytes()


def parts(answer):
    """Arrays of what a verb answers: nothing, an array, or a record of arrays."""
    if answer is None:
        return []
    if isinstance(answer, np.ndarray):
        return [answer]
    return [getattr(answer, name) for name in answer.__dataclass_fields__]


def test_restored_people_go_on_bit_for_bit(whole, calls):
    first, half = Residents(whole, 5, 1, seed=9), len(calls) // 4
    assert calls[half][0] == "begin_year"
    replay(calls[:half], first)
    saved = {name: array.copy() for name, array in first.arrays().items()}
    second = Residents(whole * 0 + 1, 5, 1, seed=9)
    second.restore(saved)
    for people in (first, second):
        replay(calls[half:], people)
    assert same_bytes(first.arrays(), second.arrays())


def test_counts_kept_through_the_years_are_those_of_a_fresh_count(whole, calls):
    people = Residents(whole, 5, 1, seed=9)
    for name, arguments, _ in calls:
        getattr(people, name)(*arguments)
        fresh = Residents(whole, 5, 1, seed=9)
        fresh.restore(people.arrays())
        np.testing.assert_array_equal(people.counts(), fresh.counts(), err_msg=name)
        assert people.rows == np.count_nonzero(people.age != NOBODY)


def test_keys_are_never_given_twice(tiny):
    world = world_of(tiny, engine="agents", scale=10)
    for _ in range(5):
        step(world)
        people = world.population
        keys = people.key[people.age != NOBODY]
        assert len(np.unique(keys)) == len(keys)


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_a_result_rebuilds_itself(engine):
    first = simulate(
        package("schools", "park"), area=TINY, end=2022, draws=3, engine=engine, scale=40
    )
    assert first.identical(rebuild(first))
