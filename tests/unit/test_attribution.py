from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from model import ensemble
from model.problems import ProblemsError, RunError
from model.scenario import Scenario
from outputs.attribution import DEMAND, SYNERGY, WHOLE, attribute, inquiry
from outputs.parts import (
    ASSUMPTIONS,
    OPENINGS,
    REALISATION,
    between,
    design,
    players,
    without_demand,
)
from outputs.regions import default_regions
from outputs.shapley import exact
from outputs.subsets import answers, ask
from tests.worlds import TINY, package, plan_of, trend


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


def again(result, area, jobs, years):
    """Further scenarios over draws of a result."""
    if not jobs:
        return None
    return answers(ask(plan_of(area, count=result.sizes["draw"]), jobs, years, 1))


def attributed(result, area, scenarios, names, years, runs=400):
    asked = inquiry(area, scenarios, result.sizes["draw"], 0, runs)
    found = again(result, area, asked.jobs, years)
    return attribute(result, area, scenarios, asked, found, names, years)


def rows_of(result, tiny, plan):
    return attributed(result, tiny, [trend(), plan], ["population", "gdp_real"], [2023], 1)


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
            assert set(mine) == {*parts, SYNERGY, DEMAND, WHOLE}
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


def test_a_family_alone_is_the_whole(tiny):
    lever = next(iter(levers_by_family(tiny).values()))
    alone = replace(package(lever, budget="unlimited"), name="alone")
    both = ensemble([trend(), alone], draws=8, end=2022, area=TINY, workers=1)
    rows = attributed(both, tiny, [trend(), alone], ["gdp_real"], [2022])
    part, synergy, _, whole = [row for row in rows if row.region == default_regions(tiny)[-1]]
    assert part.mean == whole.mean
    assert (part.error, synergy.mean) == (0, 0)


def test_the_same_scenario_has_no_parts(tiny, plan):
    twice = replace(plan, name="again")
    same = ensemble([plan, twice], draws=8, end=2022, area=TINY, workers=1)
    assert attributed(same, tiny, [plan, twice], ["population"], [2022]) == []


def test_rows_of_jobs_are_those_of_the_result(tiny, plan, result):
    """By job, scenario and draw, although the largest job is handed out first."""
    jobs = [([plan, trend()], (2, 3)), ([plan, trend()], (0, 4)), ([trend()], (5, 6))]
    found = again(result, tiny, jobs, [2022])["population"].values
    there = result["population"].sel(year=[2022]).values
    wanted = [*there[::-1, 2], *there[1, :4], *there[0, :4], there[0, 5]]
    assert np.array_equal(found, np.array(wanted)[:, None])


def test_progress_is_told_in_rows_and_ends_with_all(tiny, plan):
    jobs, told = [([plan, trend()], (0, 4)), ([plan], (2, 3))], []
    answers(ask(plan_of(tiny, count=10), jobs, [2021], 1), lambda *at: told.append(at))
    assert told == [(8, 9), (9, 9)]


def test_a_design_keeps_its_budget_and_its_chance():
    names = tuple("abcdefghijklmnopqr")
    found = design(names, 200, 0, 1000)
    assert found.cost <= 1000
    assert found == design(names, 200, 0, 1000)
    assert found.orders != design(names, 200, 1, 1000).orders
    assert len(set(found.orders)) == len(found.orders) == 4
    assert design(names, 200, 0, 1).many == 6
    assert design(("a",), 200, 0, 100).blocks == []
    assert design(tuple("abc"), 200, 0, 180).blocks == [(0, 25), (25, 30)]


def test_contributions_are_exact_where_every_combination_is_run(tiny):
    """Three families: against the definition, worked out here from runs of every coalition."""
    three = dict(list(levers_by_family(tiny).items())[:3])
    part = replace(package(*three.values(), budget="unlimited"), name="part")
    both = ensemble([trend(), part], draws=8, end=2022, area=TINY, workers=1)
    names = players(trend(), part, tiny)
    rows = attributed(both, tiny, [trend(), part], ["jobs"], [2022])
    every = [frozenset(c) for k in range(4) for c in combinations(range(3), k)]
    some = [between(trend(), part, frozenset(names[p] for p in c), tiny) for c in every]
    found = again(both, tiny, [(some, (0, 8))], [2022])
    jobs = found["jobs"].sum(["sector", "zone"]).values.reshape(len(some), 8)
    truth = exact(dict(zip(every, jobs, strict=True)), 3).mean(axis=1)
    mine = [sum(row.mean for row in rows if row.part == name) for name in names]
    assert mine == pytest.approx(truth)


def test_demand_of_borrowed_money_is_what_the_multiplier_makes(tiny):
    works = replace(package("large_works", budget="unlimited"), name="works")
    both = ensemble([trend(), works], draws=8, end=2024, area=TINY, workers=1)
    silent = [replace(one, assumptions={"fiscal.multiplier": 0.0}) for one in (trend(), works)]
    without = ensemble(silent, draws=8, end=2024, area=TINY, workers=1)
    rows = attributed(both, tiny, [trend(), works], ["gdp_real"], [2024])
    mine = [row for row in rows if row.part == DEMAND]
    gained = [one["gdp_real"].sum("zone").values[1, :, -1] for one in (both, without)]
    made = (gained[0] - gained[1]).mean()
    assert sum(row.mean for row in mine) == pytest.approx(made, rel=1e-9)
    assert made > 0
    assert [row.error for row in mine] == pytest.approx([0, 0], abs=1e-9)
    assert without_demand(works) == silent[1]


def test_openings_are_a_part_of_their_own(tiny, plan):
    project = tiny.tables["projects"][0]["project"]
    dated = replace(plan, openings={project: 2022})
    assert players(plan, dated, tiny) == (OPENINGS,)
    assert between(plan, dated, frozenset(), tiny).openings == {}
    assert between(plan, dated, frozenset({OPENINGS}), tiny).openings == {project: 2022}


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
        attributed(both, tiny, [trend(), alone], ["population"], [2021])


def test_scenarios_of_coalitions_are_scenarios(tiny, plan):
    assert isinstance(between(trend(), plan, frozenset(), tiny), Scenario)
