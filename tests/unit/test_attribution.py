from dataclasses import replace

import numpy as np
import pytest

from model import ensemble
from model.problems import ProblemsError, RunError
from model.scenario import Scenario
from outputs.attribution import (
    ASSUMPTIONS,
    REALISATION,
    SYNERGY,
    WHOLE,
    attribute,
    between,
    design,
    players,
)
from outputs.regions import default_regions
from outputs.subsets import first_draws
from tests.worlds import TINY, package, trend


def levers_by_family(area):
    found = {}
    for row in area.tables["levers"]:
        found.setdefault(row["family"], row["lever"])
    return found


@pytest.fixture(scope="module")
def plan(tiny):
    return replace(package(*levers_by_family(tiny).values(), budget="unlimited"), name="plan")


@pytest.fixture(scope="module")
def result(plan):
    return ensemble([trend(), plan], draws=10, end=2023, area=TINY, workers=1)


def rows_of(result, tiny, plan):
    def run(jobs):
        return first_draws(result, jobs, [2023], 1)

    return attribute(result, tiny, [trend(), plan], run, ["population", "gdp_real"], [2023], 1)


@pytest.fixture(scope="module")
def rows(result, tiny, plan):
    return rows_of(result, tiny, plan)


def test_families_are_the_players(tiny, plan):
    families = tuple(row["family"] for row in tiny.tables["families"])
    used = levers_by_family(tiny)
    assert players(trend(), plan, tiny) == tuple(f for f in families if f in used)
    assert players(plan, plan, tiny) == ()
    late = replace(plan, realisation=replace(plan.realisation, delay=2.0))
    assert players(plan, late, tiny) == (REALISATION,)
    warm = replace(late, assumptions={"migration.income_elasticity": 1.0})
    assert players(trend(), warm, tiny)[-1] == ASSUMPTIONS
    assert REALISATION not in players(trend(), warm, tiny)


def test_between_nobody_and_everybody(tiny, plan):
    late = replace(plan, realisation=replace(plan.realisation, delay=2.0))
    nobody = between(trend(), late, frozenset(), tiny)
    assert (nobody.levers, nobody.assumptions) == ({}, {})
    everybody = between(trend(), late, frozenset(players(trend(), late, tiny)), tiny)
    assert everybody.levers == late.levers
    assert everybody.realisation == late.realisation
    assert between(plan, late, frozenset(), tiny).realisation == plan.realisation


def test_parts_add_up_and_carry_errors(tiny, plan, rows):
    parts = players(trend(), plan, tiny)
    for name in ("population", "gdp_real"):
        for region in {row.region for row in rows}:
            mine = {r.part: r for r in rows if (r.indicator, r.region) == (name, region)}
            assert set(mine) == {*parts, SYNERGY, WHOLE}
            total = sum(mine[part].mean for part in parts)
            assert total == pytest.approx(mine[WHOLE].mean, rel=1e-9, abs=1e-6)
            alone = sum(mine[part].alone for part in parts) + mine[SYNERGY].mean
            assert alone == pytest.approx(mine[WHOLE].mean, rel=1e-9, abs=1e-6)
            assert all(mine[part].error >= 0 for part in parts)
            assert all(row.residual <= 1e-9 for row in mine.values())


def test_the_whole_is_the_difference_of_the_comparison(result, rows):
    whole = sum(r.mean for r in rows if (r.part, r.indicator) == (WHOLE, "population"))
    population = result["population"].sum("zone").sel(year=2023)
    paired = population.isel(scenario=1) - population.isel(scenario=0)
    assert whole == pytest.approx(float(paired.mean()))


def test_a_family_alone_is_the_whole(tiny, result):
    lever = next(iter(levers_by_family(tiny).values()))
    alone = replace(package(lever, budget="unlimited"), name="alone")
    both = ensemble([trend(), alone], draws=8, end=2022, area=TINY, workers=1)
    rows = attribute(both, tiny, [trend(), alone], lambda jobs: {}, ["gdp_real"], [2022])
    part, synergy, whole = [row for row in rows if row.region == default_regions(tiny)[-1]]
    assert part.mean == whole.mean
    assert (part.error, synergy.mean) == (0, 0)


def test_the_same_scenario_has_no_parts(tiny, plan, result):
    again = replace(plan, name="again")
    same = ensemble([plan, again], draws=8, end=2022, area=TINY, workers=1)
    assert attribute(same, tiny, [plan, again], lambda jobs: {}, ["population"], [2022]) == []


def test_the_first_draws_are_those_of_the_result(plan, result):
    again = first_draws(result, [(plan, 4), (trend(), 2)], [2022, 2023], 1)
    assert sorted(again) == [2, 4]
    later = result["population"].values[:, :, -2:]
    assert np.array_equal(again[4]["population"].values[0], later[1, :4])
    assert np.array_equal(again[2]["population"].values[0], later[0, :2])


def test_a_design_keeps_its_budget_and_its_chance():
    names = tuple("abcdefghijklmnopqr")
    found = design(names, 200, 0, 1000)
    assert found.cost <= 1000
    assert found == design(names, 200, 0, 1000)
    assert found.orders != design(names, 200, 1, 1000).orders
    assert design(names, 200, 0, 1).many == 8
    assert design(("a",), 200, 0, 100).runs == []


def test_agents_are_refused(tiny, plan, result):
    drawn = result.assign_attrs(engine="agents")
    with pytest.raises(ProblemsError, match="mean engine"):
        rows_of(drawn, tiny, plan)


def test_parts_that_do_not_add_up_stop_the_run(tiny, monkeypatch):
    lever = next(iter(levers_by_family(tiny).values()))
    alone = replace(package(lever, budget="unlimited"), name="alone")
    both = ensemble([trend(), alone], draws=2, end=2021, area=TINY, workers=1)
    monkeypatch.setattr("outputs.attribution.TOLERANCE", -1.0)
    with pytest.raises(RunError, match="do not add up"):
        attribute(both, tiny, [trend(), alone], lambda jobs: {}, ["population"], [2021])


def test_scenarios_of_coalitions_are_scenarios(tiny, plan):
    assert isinstance(between(trend(), plan, frozenset(), tiny), Scenario)
