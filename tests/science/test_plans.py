"""Whole plans: what a lever changes, what a placebo does not, and where people come from."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from model.area_loading import load_area
from model.catalogue import CATALOGUE, GOVERNANCE
from model.checks.levers import idle_reason
from model.scenario import Realisation, Scenario
from model.scenario_file import LeverSetting
from model.scenario_loading import load_scenario, scenario_names
from model.simulation import step
from tests.worlds import TINY, after, arrays_of, delay_of, package, same_bytes, trend, world_of

ROWS = {row["lever"]: row for row in load_area("shenyang").tables["levers"]}
LIVE = [name for name, row in ROWS.items() if idle_reason(row, 2020) is None]
TOY = [row["lever"] for row in load_area(TINY).tables["levers"]]
BUDGETS = {
    "policy_cost", "policy_spending", "borrowing", "debt", "other_spending", "realised_share",
    "interest", "unmet_spending", "policy_budget", "borrowing_room", "spending_need",
}  # fmt: skip
# What is borrowed makes local demand: the one way in which money alone moves outcomes.
SILENT = {"fiscal.multiplier": 0.0}
COMPANION = "talent_zone"


def without_budgets(arrays):
    """Outcomes: everything a result holds but the accounts of the package itself."""
    return {name: values for name, values in arrays.items() if name not in BUDGETS}


@cache
def alone(name, years):
    """Outcomes of the real area after some years with one lever begun at once, at dose 1.

    A lever of governance has another beside it to act upon, carried out in part and late.
    """
    area = load_area("shenyang")
    settings = {}
    realised = {"budget": "unlimited"}
    if name in (None, *(n for n in LIVE if ROWS[n]["channel"] in GOVERNANCE)):
        settings[COMPANION] = LeverSetting(start=2023, end=2030)
        realised |= {"share": 0.5, "delay": 2.0}
    if name is not None:
        settings[name] = LeverSetting(start=2021, end=2021 + years)
    scenario = Scenario("one", "One", levers=settings, realisation=Realisation(**realised))
    return final(area, scenario, years)


def final(area, scenario, years):
    world = after(area, years, scenario)
    names = [row.name for row in CATALOGUE.values() if row.keep == "always"]
    return {name: world[name] for name in names if name not in BUDGETS}


@cache
def nothing(years):
    return final(load_area("shenyang"), trend(), years)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIVE)
def test_every_live_lever_alone_changes_outcomes(name):
    row = ROWS[name]
    years = int(row["ramp"]) + 3
    governs = row["channel"] in GOVERNANCE
    without = alone(None, years) if governs else nothing(years)
    changed = not same_bytes(alone(name, years), without)
    assert changed == (row["direction"] != "none")


def test_all_levers_at_dose_zero_are_the_trend_bit_for_bit(shenyang):
    levers = {name: LeverSetting(dose=0) for name in ROWS if name in LIVE}
    zero = Scenario("zero", "Nothing", levers=levers)
    options = {"end": 2022, "count": 2, "detail": False}
    assert same_bytes(arrays_of(shenyang, trend(), **options), arrays_of(shenyang, zero, **options))


@pytest.mark.parametrize("count", [1, 3])
def test_a_placebo_costs_money_and_moves_nothing_but_budgets(tiny, count):
    options = {"end": 2026, "count": count}
    idle = arrays_of(tiny, trend(), **options)
    real = arrays_of(tiny, package(*TOY), **options)
    nothing_but_money = package(*TOY, effect=0.0)
    placebo = arrays_of(tiny, replace(nothing_but_money, assumptions=SILENT), **options)
    spent = arrays_of(tiny, nothing_but_money, **options)
    np.testing.assert_allclose(spent["gdp_real"], idle["gdp_real"], rtol=0.05)
    idle = arrays_of(tiny, replace(trend(), assumptions=SILENT), **options)
    assert same_bytes(without_budgets(idle), without_budgets(placebo))
    assert placebo["policy_spending"][:, 1:].sum() > 0
    assert placebo["debt"][:, -1].sum() > 0
    assert not same_bytes(without_budgets(idle), without_budgets(real))


@pytest.mark.slow
def test_the_placebo_file_costs_what_the_realistic_plan_costs(shenyang):
    options = {"end": 2028, "count": 2, "detail": False}
    idle, placebo, real = (
        arrays_of(shenyang, replace(load_scenario(name, shenyang), assumptions=SILENT), **options)
        for name in ("trend", "placebo", "plan_realistic")
    )
    assert same_bytes(without_budgets(idle), without_budgets(placebo))
    # revenue is higher under the real plan, so what can be paid is not quite the same
    np.testing.assert_allclose(
        placebo["policy_spending"][:, 1:].sum(axis=(1, 2)),
        real["policy_spending"][:, 1:].sum(axis=(1, 2)),
        rtol=0.05,
    )


def test_governance_without_plans_moves_no_outcome(tiny):
    bodies = ("coordination", "quick_decisions")
    idle, governed = (arrays_of(tiny, one, end=2025) for one in (trend(), package(*bodies)))
    assert same_bytes(idle, governed)


def test_governance_adds_nothing_to_a_plan_in_full_and_on_time(tiny):
    rest = [name for name in TOY if name not in {"coordination", "quick_decisions"}]
    assert same_bytes(
        arrays_of(tiny, package(*rest), end=2025), arrays_of(tiny, package(*TOY), end=2025)
    )


def test_quick_decisions_bring_a_late_lever_forward(tiny):
    """The body itself is late as well, so it helps only what begins later."""

    def begun(*bodies):
        plan = package("schools", *bodies, delay=3.0)
        later = LeverSetting(start=2023, end=2030)
        return after(tiny, 5, replace(plan, levers=plan.levers | {"schools": later}))

    late, sooner = begun(), begun("quick_decisions")
    assert sooner["policy_delay"][0] == pytest.approx(-0.5 * (1 - np.exp(-1 / 0.5)))
    assert delay_of(late, "schools") == 3.0
    assert delay_of(sooner, "schools") == pytest.approx(3.0 + sooner["policy_delay"][0])
    assert sooner["policy_amenity"][0, 0] > late["policy_amenity"][0, 0]
    assert delay_of(sooner, "quick_decisions") == 3.0


def test_a_late_bill_is_the_same_bill(tiny):
    def spent(*levers):
        found = arrays_of(tiny, package(*levers, delay=2.5, budget="unlimited"), end=2040)
        return found["policy_spending"][:, 1:].sum()

    assert spent("public_works", "quick_decisions") == pytest.approx(spent("public_works"))


def test_what_cannot_be_paid_shrinks_in_the_city_that_cannot(tiny):
    world = world_of(tiny, package("large_works", "public_works"))
    for _ in range(3):
        step(world)
        assert world["policy_spending"][0, 0] < world["policy_cost"][0, 0]
        assert world["policy_spending"][0, 1] == world["policy_cost"][0, 1]


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_a_package_takes_no_more_people_than_there_are(tiny, engine):
    """Every lever at three times its dose, drawn or central: regions keep what they have."""
    world = world_of(tiny, package(*TOY, dose=3.0, budget="unlimited"), engine=engine, scale=100)
    everybody = world["people"].sum()
    for _ in range(8):
        before, there = world["population"].sum(), world["external_population"].sum()
        step(world)
        assert world["external_population"].min() >= 0
        came = world["external_net_migration"].sum()
        assert came <= there
        assert world["population"].sum() - before <= there + world["births"].sum()
    assert world["people"].sum() < everybody * 1.1


@pytest.mark.slow
@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_takes_no_more_people_than_there_are(shenyang, name):
    found = arrays_of(shenyang, load_scenario(name, shenyang), end=2035, count=3, detail=False)
    outside = found["external_population"]
    assert outside.min() >= 0
    came = found["external_net_migration"][:, 1:].sum(axis=2)
    assert np.all(came <= outside[:, :-1].sum(axis=2))
    # the rest of China is far larger: the near regions must not run dry either
    assert np.all(outside[:, -1] > 0.3 * outside[:, 0])
