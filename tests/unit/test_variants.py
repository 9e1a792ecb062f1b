"""Scenarios side by side in one world are what each is in a run of its own, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from model.begin import begin_world
from model.scenario_file import LeverSetting
from model.scenario_loading import load_scenario
from model.simulation import run_block
from model.variants import alike, in_rows, repeated, run_variants, side_by_side
from tests.worlds import package, plan_of, same_bytes, trend, world_of

YEARS = [2021, 2026]


def each_alone(plan, scenarios, draw):
    base, found = 2020, []
    for scenario in scenarios:
        arrays = run_block(replace(plan, scenario=scenario), slice(draw, draw + 1))
        found.append(
            {name: values[0, [y - base for y in YEARS]] for name, values in arrays.items()}
        )
    return {name: np.stack([one[name] for one in found]) for name in found[0]}


def coalitions():
    """Packages with and without parts, with two settings of one lever and two sets of rules."""
    whole = package("schools", "park", "public_works", "coordination", "large_works", share=0.5)
    later = whole.levers | {"park": LeverSetting(dose=2.0, start=2023, end=2028)}
    late = replace(whole.realisation, delay=1.5, overrun=2.0)
    free = replace(whole.realisation, budget="unlimited")
    return [
        whole, trend(), package("schools"), replace(whole, levers=later),
        replace(whole, realisation=late), replace(whole, realisation=free),
        replace(whole, assumptions={"fiscal.multiplier": 0.0}),
    ]  # fmt: skip


def test_rows_are_the_runs_of_the_scenarios(tiny):
    plan = plan_of(tiny, count=5, end=2026, detail=True)
    rows = run_variants(plan, coalitions(), 3, YEARS)
    assert same_bytes(rows, each_alone(plan, coalitions(), 3))


def test_rows_of_the_central_case(tiny):
    """Not to the last bit: numpy has a shorter way for a single exponent of one half."""
    plan = plan_of(tiny, end=2026)
    rows, alone = run_variants(plan, coalitions(), 0, YEARS), each_alone(plan, coalitions(), 0)
    for name, values in rows.items():
        np.testing.assert_allclose(values, alone[name], rtol=1e-9, atol=1e-9, err_msg=name)


@pytest.mark.slow
def test_rows_of_the_real_area(shenyang):
    plan = plan_of(shenyang, count=4, end=2026, detail=False)
    plans = [load_scenario(n, shenyang) for n in ("trend", "plan_realistic", "smart_shrinkage")]
    rows = run_variants(plan, plans, 2, YEARS)
    assert same_bytes(rows, each_alone(plan, plans, 2))


def test_worlds_hold_one_outside_and_one_calendar():
    found = alike(coalitions())
    assert found == [[0, 1, 2, 3, 4], [5], [6]]


def test_a_world_is_repeated_along_draws_alone(tiny, shenyang):
    for area in (tiny, shenyang):
        one = begin_world(plan_of(area, count=3), area, slice(1, 2))
        many = repeated(one, 4)
        assert many.area is area
        assert many.draws.tolist() == [1] * 4
        for name, value in one.state.items():
            assert np.array_equal(many[name], np.repeat(value, 4, axis=0)), name
        for name, value in one.fixed.items():
            assert value.shape[0] != 1 or many.fixed[name].shape[0] == 4, name
            assert value.shape[1:] == many.fixed[name].shape[1:]
        assert many.population is not one.population


def test_a_lever_is_absent_in_other_rows(tiny):
    world = world_of(tiny, package("park"))
    (lever,) = world.package.levers
    rows = in_rows(lever, np.array([0.0, 1.0]), "again")
    assert rows.effect.tolist() == [0.0, lever.effect[0]]
    assert rows.cost.tolist() == [0.0, lever.cost[0]]
    assert (rows.name, rows.share.shape, rows.delay.shape) == ("again", (2,), (2,))


def test_each_setting_of_a_lever_has_a_book_of_its_own(tiny):
    world = world_of(tiny)
    one, other = package("park"), package("park", dose=2.0)
    found = side_by_side(world, [one, other, one], np.ones(5), plan_of(tiny), 0)
    assert [lever.name for lever in found.levers] == ["park", "park#1"]
    assert [lever.effect.astype(bool).tolist() for lever in found.levers] == [
        [True, False, True], [False, True, False],
    ]  # fmt: skip
