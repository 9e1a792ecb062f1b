"""Production, productivity, prices and capital, by hand and at the limits."""

from dataclasses import replace

import numpy as np
import pytest

from model.processes.industry import (
    IndustryParams,
    act_productivity,
    capital_change,
    density,
    next_productivity,
    relative_prices,
    solow_residual,
    value_added,
)
from tests.worlds import after

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


def test_density_counts_near_jobs_more():
    minutes = np.array([[[0.0, 20.0], [20.0, 0.0]]])
    decay = np.array([0.05])
    found = density(np.array([[100.0, 50.0]]), minutes, decay)
    assert found[0].tolist() == pytest.approx([100 + 50 / np.e, 50 + 100 / np.e])
    assert density(np.zeros((1, 2)), minutes, decay).tolist() == [[0, 0]]


def test_catch_up_by_hand():
    level = np.array([[[0.5, 0.0], [0.2, 0.2]]])
    found = next_productivity(level, level > -9, P)
    assert found[0].tolist() == [
        pytest.approx([0.51, 0.01 + 0.012 * 0.5]),
        pytest.approx([0.21, 0.21]),
    ]


def test_frontier_is_where_the_sector_is():
    level = np.array([[[9.0, 0.0, -1.0]]])
    active = np.array([[[False, True, True]]])
    found = next_productivity(level, active, P)
    assert found[0, 0, 2] == pytest.approx(-1 + 0.01 + 0.012)
    assert found[0, 0, 1] == pytest.approx(0.01)


def test_sector_without_jobs_anywhere():
    level = np.zeros((1, 1, 2))
    assert np.all(np.isfinite(next_productivity(level, level > 1, P)))


def test_prices_follow_labour():
    share = np.array([[[0.3], [0.5], [0.6]]])
    prices = relative_prices(share, np.array([0.5]), np.array([0.01]), 20)[0]
    assert prices.tolist() == pytest.approx(np.exp([0.01 * -0.4 * 20, 0, 0.01 * 0.2 * 20]))
    assert relative_prices(share, np.array([0.5]), np.array([0.01]), 0)[0].tolist() == [1, 1, 1]


def test_capital_by_hand():
    double = capital_change(ONE * 2, ONE * 2, ONE * 0.5, ONE * 0, P)[0, 0, 0]
    assert double == pytest.approx(1 + 0.02 + 0.3 * np.log(2))
    cheaper = capital_change(ONE, ONE * 2, ONE * 0.5, ONE * -0.1, P)[0, 0, 0]
    assert cheaper == pytest.approx(1.02 + 0.3 * 0.1)


@pytest.mark.parametrize(("value", "answer"), [(0.0, 0.85), (1e9, 1.25)])
def test_capital_changes_by_bounded_steps(value, answer):
    assert capital_change(ONE * value, ONE, ONE, ONE * 0, P)[0, 0, 0] == answer


def test_capital_that_is_not_there_stays_away():
    assert np.isfinite(capital_change(ONE * 0, ONE * 0, ONE * 0, ONE * 0, P)).all()


def test_density_raises_productivity(tiny):
    """Twice the jobs everywhere: productivity up by the elasticity times log two."""
    world = after(tiny, 1)
    p = world.params["industry"]
    levels = []
    for factor in (1.0, 2.0):
        once = replace(world, state=dict(world.state))
        once["expected_jobs"] = world["expected_jobs"] * factor
        act_productivity(once, p)
        levels.append(once["effective_productivity"])
    np.testing.assert_allclose(levels[1] - levels[0], 0.06 * np.log(2), rtol=1e-9)


def test_policy_channels_add_to_productivity(tiny):
    world = after(tiny, 1)
    p = world.params["industry"]
    act_productivity(world, p)
    before = world["effective_productivity"].copy()
    world["research_stock"] = world["research_trend"] * np.exp(0.5)
    world["policy_market_access"] = world["policy_market_access"] + 0.2
    world["policy_productivity"] = world["policy_productivity"] + 0.03
    world["public_capital"] = world["public_capital"] * 1.5
    own = world["productivity"]
    act_productivity(world, p)
    gained = world["effective_productivity"] - before - (world["productivity"] - own)
    expected = 0.03 * 0.5 + 0.10 * 0.2 + 0.03 + 0.08 * np.log(1.5)
    np.testing.assert_allclose(gained, expected, rtol=1e-9)
