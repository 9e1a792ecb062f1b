"""Budgets by hand."""

from dataclasses import replace

import numpy as np
import pytest

from model.books import Books
from model.processes.fiscal import (
    FiscalParams,
    close_books,
    demand_lift,
    local_demand,
    revenue,
    spending_need,
)
from model.simulation import step
from tests.worlds import after, package, trend, world_of

ONE = np.ones((1, 1))
P = FiscalParams()


def books(**given):
    usual = {
        "receipts": 100, "policy_spending": 0, "policy_budget": 5, "need": 100, "debt": 50,
        "ceiling": 60,
    } | given  # fmt: skip
    usual.setdefault("policy_ceiling", usual["ceiling"])
    return Books(**{name: value * ONE for name, value in usual.items()})


def closed(**given):
    return {name: float(v[0, 0]) for name, v in close_books(books(**given))._asdict().items()}


def test_revenue_drifts():
    found = revenue(np.array([[100.0]]), np.array([[0.1]]), np.array([[-0.5]]), 2)
    assert found[0, 0] == pytest.approx(2.5)
    assert revenue(np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), 9)[0, 0] == 0


def test_spending_need_follows_people_pay_and_debt():
    def need(people=1.0, debt=0.0, years=0):
        return spending_need(100 * ONE, people * ONE, debt * ONE, years, P)[0, 0]

    assert need() == 100
    assert need(people=0.8) == pytest.approx(90)
    assert need(debt=40) == pytest.approx(101)
    assert need(years=10) == pytest.approx(100 * 1.01**10)


def test_a_balanced_year():
    found = closed()
    assert found["borrowing"] == found["unmet_spending"] == 0
    assert (found["other_spending"], found["debt"], found["borrowing_room"]) == (100, 50, 10)


def test_what_is_left_over_is_spent():
    assert closed(need=90)["other_spending"] == 100


def test_a_gap_is_borrowed_up_to_the_ceiling():
    found = closed(need=104)
    assert (found["borrowing"], found["debt"], found["borrowing_room"]) == (4, 54, 6)
    bound = closed(need=130)
    assert (bound["borrowing"], bound["debt"], bound["borrowing_room"]) == (10, 60, 0)
    assert (bound["other_spending"], bound["unmet_spending"]) == (110, 20)
    beyond = closed(need=130, debt=70)
    assert (beyond["borrowing"], beyond["debt"]) == (0, 70)


def test_the_package_borrows_before_services_do():
    found = closed(policy_spending=12, policy_budget=5, need=93)
    assert found["borrowing"] == 7 + 0
    assert found["other_spending"] == 95
    assert closed(policy_spending=12, policy_budget=5, need=99)["borrowing"] == 7 + 3


def test_services_go_without_what_the_package_can_no_longer_borrow():
    short = {"policy_spending": 25, "policy_budget": 5, "need": 93}
    found = closed(**short)
    assert (found["borrowing"], found["debt"], found["borrowing_room"]) == (10, 60, 0)
    assert (found["other_spending"], found["unmet_spending"]) == (85, 8)
    beyond = closed(**short, debt=70)
    assert (beyond["borrowing"], beyond["other_spending"], beyond["unmet_spending"]) == (0, 75, 18)


def test_a_package_without_limit_borrows_beyond_the_ceiling():
    found = closed(policy_spending=25, policy_budget=5, need=99, policy_ceiling=np.inf)
    assert (found["borrowing"], found["debt"], found["unmet_spending"]) == (20, 70, 4)


def test_local_demand_goes_where_output_is():
    output, cities = np.array([[30.0, 10.0, 5.0]]), np.array([[1.0, 1, 0], [0, 0, 1]])
    found = local_demand(np.array([[8.0, 0.0]]), output, cities, 0.5 * ONE)
    assert found.tolist() == [[3.0, 1.0, 0.0]]


def test_demand_lifts_what_is_sold_locally():
    value = np.array([[[50.0, 0.0], [20.0, 0.0]]])
    found = demand_lift(np.array([[2.0, 1.0]]), value, np.array([0.0, 1.0]))
    assert found[0, 0].tolist() == [0.0, 0.0]
    assert found[0, 1].tolist() == [pytest.approx(np.log(1.1)), 0.0]


def test_borrowed_money_moves_output_a_year_later(tiny):
    plan = package("large_works", budget="unlimited")
    none = trend(fiscal__multiplier=0.0)
    with_none = replace(plan, assumptions=none.assumptions)
    spent, idle = after(tiny, 3, plan), after(tiny, 3, with_none)
    gained = spent["gdp_real"].sum() - idle["gdp_real"].sum()
    assert 0.3 < gained / spent["spending_demand"].sum() < 3


def test_what_is_spent_is_received_or_borrowed(tiny):
    world = after(tiny, 3, package("large_works", budget="unlimited"))
    receipts = world["budget_revenue"] + world["transfers"] + world["land_income"]
    spent = world["policy_spending"] + world["other_spending"]
    np.testing.assert_allclose(spent, receipts + world["borrowing"])
    beyond = np.maximum(world["policy_spending"] - world["policy_budget"], 0)
    assert np.all(world["borrowing"] >= beyond)
    assert beyond[0, 0] > 0
    assert world["spending_demand"].sum() == pytest.approx(0.6 * beyond.sum())


def test_the_cap_on_debt_binds(tiny):
    """With no room left the package has only its own budget, and services go unpaid."""
    poor = {"fiscal__debt_cap": 0.1, "fiscal__spending_growth": 0.05}
    start, world = world_of(tiny, trend(**poor)), after(tiny, 3, trend(**poor))
    assert np.all(start["borrowing_room"] == 0)
    np.testing.assert_array_equal(world["debt"], start["debt"])
    assert np.all(world["borrowing"] == 0)
    assert world["unmet_spending"].sum() > 0
    rich = after(tiny, 3, trend(fiscal__debt_cap=5.0, fiscal__spending_growth=0.05))
    assert rich["borrowing"].sum() > 0
    assert rich["unmet_spending"].sum() == 0


DEAR = package("large_works", "public_works", dose=3.0)
# Receipts that fall, of land above all, beside a debt close to its cap.
FALLING = {
    "fiscal.revenue_drift": -0.03, "fiscal.transfer_growth": -0.03, "housing.cost_growth": 0.06,
    "fiscal.debt_cap": 1.8, "policy.bond_share": 0.3,
}  # fmt: skip


@pytest.mark.parametrize(
    "options", [{"count": 40}, {"engine": "agents", "scale": 1000}], ids=["mean", "agents"]
)
@pytest.mark.parametrize("assumed", [{}, FALLING], ids=["drawn", "falling"])
def test_no_package_borrows_above_the_cap(tiny, options, assumed):
    """Neither over the receipts known when it is decided nor over those that then come in."""
    world = world_of(tiny, replace(DEAR, assumptions=assumed), **options)
    p, cities, borrowed = world.params["fiscal"], tiny.in_city.T, 0
    cap, multiplier = np.reshape(p.debt_cap, (-1, 1)), np.reshape(p.multiplier, (-1, 1))
    for _ in range(8):
        owed, sold = world["debt"], world["land_revenue"] @ cities
        known = world["budget_revenue"] + world["transfers"] + sold
        step(world)
        received = world["budget_revenue"] + world["transfers"] + sold
        wished = np.maximum(world["policy_spending"] - world["policy_budget"], 0.0)
        assert np.all((owed + wished <= cap * known * (1 + 1e-12)) | (wished < 1e-9))
        assert np.all(world["debt"] <= np.maximum(owed, cap * received) * (1 + 1e-12))
        most = multiplier * np.minimum(wished, world["borrowing"])
        np.testing.assert_allclose(world["spending_demand"] @ cities, most, atol=1e-12)
        borrowed += int((wished > 1e-9).sum())
    assert borrowed > 0


def test_a_package_that_cannot_be_paid_is_scaled(tiny):
    world = after(tiny, 2, package("large_works"))
    share = world["realised_share"]
    assert 0 < share[0, 0] < 1
    np.testing.assert_allclose(share * world["policy_cost"], world["policy_spending"])
    bonds = np.asarray(world.params["policy"].bond_share) * world["budget_revenue"]
    assert np.all(world["policy_spending"] <= world["policy_budget"] + bonds * 1.05)
    free = after(tiny, 2, package("large_works", budget="unlimited"))
    assert np.all(free["realised_share"] == 1)


def test_nominal_is_real_times_the_price_level(tiny):
    world = after(tiny, 5)
    assert world["deflator"][0] == pytest.approx(1.01**5)
    np.testing.assert_allclose(world["budget_revenue_nominal"], world["budget_revenue"] * 1.01**5)


def test_revenue_is_a_share_of_output_at_current_prices(tiny):
    start = world_of(tiny, trend(fiscal__revenue_drift=0.0))
    share = start.fixed["revenue_share"]
    np.testing.assert_allclose(
        start["budget_revenue"], (start["gdp_real"] * share) @ tiny.in_city.T, rtol=1e-12
    )
    world = after(tiny, 5, trend(fiscal__revenue_drift=0.0))
    taxed = (world["gdp_nominal"] * share) @ tiny.in_city.T
    np.testing.assert_allclose(world["budget_revenue_nominal"], taxed, rtol=1e-12)
    volume = (world["gdp_real"] * share) @ tiny.in_city.T
    assert np.abs(world["budget_revenue"] / volume - 1).max() > 1e-4
