"""Production, productivity, prices and capital, by hand and at the limits."""

import numpy as np
import pytest

from model.processes.industry import (
    IndustryParams,
    inventory,
    investment,
    relative_prices,
    solow_residual,
    value_added,
)
from model.processes.labour import jobs_at, unit_cost_of
from model.simulation import step
from tests.worlds import after, world_of

P = IndustryParams()
ONE = np.ones((1, 1, 1))


def test_output_by_hand():
    found = value_added(ONE * np.log(2.0), ONE * 16, ONE * 81, ONE * 0.25)
    assert found[0, 0, 0] == pytest.approx(2 * 16**0.75 * 81**0.25)


def test_constant_returns():
    share = ONE * 0.4
    one, two = (value_added(ONE, ONE * 5 * n, ONE * 7 * n, share)[0, 0, 0] for n in (1, 2))
    assert two == pytest.approx(2 * one)


@pytest.mark.parametrize(("capital", "jobs"), [(0.0, 5.0), (5.0, 0.0), (0.0, 0.0)])
def test_without_a_factor_no_output(capital, jobs):
    assert value_added(ONE, ONE * capital, ONE * jobs, ONE * 0.4)[0, 0, 0] == 0
    assert solow_residual(ONE * 0, ONE * capital, ONE * jobs, ONE * 0.4)[0, 0, 0] == 0


def test_residual_is_the_inverse_of_output():
    rng = np.random.default_rng(6)
    level, capital, jobs = rng.normal(size=(1, 2, 3)), *rng.uniform(1, 9, (2, 1, 2, 3))
    share = np.array([[[0.4], [0.7]]])
    output = value_added(level, capital, jobs, share)
    np.testing.assert_allclose(solow_residual(output, capital, jobs, share), level, rtol=1e-12)


def test_prices_follow_labour():
    share, mean, none = np.array([[[0.3], [0.5], [0.6]]]), np.array([0.5]), np.zeros((1, 3))
    prices = relative_prices(share, mean, np.array([0.2]), none)[0]
    assert prices.tolist() == pytest.approx(np.exp([0.2 * -0.4, 0, 0.2 * 0.2]))
    assert relative_prices(share, mean, np.array([0.0]), none)[0].tolist() == [1, 1, 1]


def test_prices_give_what_a_sector_gains_on_the_others():
    share, gained = np.full((1, 2, 1), 0.5), np.array([[0.05, -0.05]])
    prices = relative_prices(share, np.array([0.5]), np.array([0.2]), gained)[0]
    assert prices.tolist() == pytest.approx(np.exp([-0.05, 0.05]))


def test_investment_by_hand():
    double = investment(ONE * 2, ONE * 2, ONE * 0.5, ONE * 0, P)[0, 0, 0]
    assert double == pytest.approx(2 * (0.096 + P.capital_growth + 0.3 * np.log(2)))
    cheaper = investment(ONE, ONE * 2, ONE * 0.5, ONE * -0.1, P)[0, 0, 0]
    assert cheaper == pytest.approx(2 * (0.096 + P.capital_growth + 0.3 * 0.1))


def test_a_usual_return_lets_capital_grow_as_usual():
    added = investment(ONE, ONE * 2, ONE * 0.5, ONE * 0, P)
    grown = inventory(ONE * 2, added, np.asarray(P.depreciation))
    assert grown[0, 0, 0] == pytest.approx(2 * (1 + P.capital_growth))


@pytest.mark.parametrize(("value", "answer"), [(0.0, 1 - 0.096), (1e9, 1.25)])
def test_capital_wears_out_and_grows_by_bounded_steps(value, answer):
    added = investment(ONE * value, ONE, ONE, ONE * 0, P)
    assert inventory(ONE, added, np.asarray(P.depreciation))[0, 0, 0] == pytest.approx(answer)
    assert added[0, 0, 0] >= 0


def test_capital_that_is_not_there_stays_away():
    assert investment(ONE * 0, ONE * 0, ONE * 0, ONE * 0, P)[0, 0, 0] == 0


def test_capital_is_an_account(tiny):
    world = after(tiny, 1)
    before = world["capital"].copy()
    step(world)
    worn = before * np.asarray(P.depreciation)
    np.testing.assert_allclose(world["capital"], before - worn + world["investment"], rtol=1e-12)


def test_incomes_are_shares_of_the_value_at_its_price(tiny):
    """As wages and jobs are decided: hired to their cost, labour earns just its bill."""
    world = after(tiny, 5)
    value, share = world["output"] * world["sector_price"][:, :, None], world.fixed["labour_share"]
    assert np.ptp(world["sector_price"]) > 0.01
    np.testing.assert_allclose(world["labour_income"], value * share, rtol=1e-12)
    np.testing.assert_allclose(world["capital_income"], value * (1 - share), rtol=1e-12)
    cost = unit_cost_of(world)
    wanted = jobs_at(world, cost, slice(None))
    made = value_added(world["effective_productivity"], world["capital"], wanted, share)
    bill = wanted * cost
    np.testing.assert_allclose(made * world["sector_price"][:, :, None] * share, bill, rtol=1e-9)


def test_incomes_of_the_base_year_are_shares_of_its_output(tiny):
    world = world_of(tiny)
    share = world.fixed["labour_share"]
    np.testing.assert_allclose(world["labour_income"], world["output"] * share, rtol=1e-12)
