"""Research spending and its stock by hand."""

import numpy as np
import pytest

from model.processes.innovation import next_stock, research_spending, steady_stock
from tests.worlds import after, package, trend

ONE = np.ones((1, 1))


def test_research_spending_follows_output_and_policy():
    assert research_spending(100 * ONE, 0.03 * ONE, 0 * ONE, ONE)[0, 0] == pytest.approx(3)
    more = research_spending(100 * ONE, 0.03 * ONE, 0.1 * ONE, ONE)[0, 0]
    assert more == pytest.approx(3 * np.exp(0.1))


def test_a_steady_stock_stays_on_its_path():
    stock = steady_stock(10 * ONE, 0.04 * ONE, 0.15 * ONE)
    again = next_stock(stock, 10.4 * ONE, 0.15 * ONE)
    assert again[0, 0] == pytest.approx(1.04 * stock[0, 0])


def test_without_policy_the_stock_is_its_trend(tiny):
    world = after(tiny, 4)
    np.testing.assert_array_equal(world["research_stock"], world["research_trend"])


def test_policy_fills_the_stock_year_by_year(tiny):
    plan = package("laboratory", budget="unlimited", share=1.0, delay=0.0)
    gap = [
        np.log(world["research_stock"] / world["research_trend"])[0, 0]
        for world in (after(tiny, years, plan) for years in (2, 5, 9))
    ]
    policy = after(tiny, 9, plan)["policy_research"][0, 0]
    assert 0 < gap[0] < gap[1] < gap[2] < policy


def test_no_research_is_no_fault(tiny):
    """A zone without research has a stock of zero and an unchanged productivity."""
    world = after(tiny, 1)
    world["research_stock"] = world["research_trend"] = world["research_stock"] * 0
    from model.simulation import step

    step(world)
    assert np.all(np.isfinite(world["effective_productivity"]))


def test_intensity_raises_spending(tiny):
    low, high = after(tiny, 3), after(tiny, 3, trend(innovation__intensity_growth=0.05))
    assert high["research_spending"].sum() > low["research_spending"].sum()
    assert high["gdp_real"].sum() == pytest.approx(low["gdp_real"].sum(), rel=1e-12)
