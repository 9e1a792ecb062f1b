"""Scenarios of the same draws share their base year, and are none the wiser."""

import numpy as np

from model.begin import begin_world, begun, without_levers
from model.simulation import run_years
from tests.worlds import package, plan_of, same_bytes, trend


def fresh(tiny, scenario, chosen):
    plan = plan_of(tiny, scenario, count=4, end=2023)
    return run_years(begin_world(plan, tiny, chosen), plan)


def test_a_world_begun_from_another_is_the_same_bit_for_bit(tiny):
    levers = [row["lever"] for row in tiny.tables["levers"]]
    scenarios = [trend(), package(*levers), trend(migration__city_border=0.2), trend()]
    for scenario in scenarios:
        plan = plan_of(tiny, scenario, count=4, end=2023)
        shared = run_years(begun(plan, slice(1, 3)), plan)
        assert same_bytes(shared, fresh(tiny, scenario, slice(1, 3)))


def test_running_leaves_the_shared_base_year_alone(tiny):
    plan = plan_of(tiny, count=4, end=2023)
    one = begun(plan, slice(0, 2))
    before = {name: np.copy(values) for name, values in one.state.items()}
    run_years(one, plan)
    again = begun(plan, slice(0, 2))
    assert same_bytes(before, again.state)
    assert again.year == tiny.base_year
    assert without_levers.cache_info().hits >= 1


def test_agents_begin_on_their_own(tiny):
    plan = plan_of(tiny, engine="agents", count=2, end=2022)
    assert begun(plan, slice(0, 1)).population is not begun(plan, slice(0, 1)).population
