"""Budgets by hand."""

import numpy as np
import pytest

from model.processes.fiscal import revenue
from tests.worlds import after, package


def test_revenue_drifts():
    found = revenue(np.array([[100.0]]), np.array([[0.1]]), np.array([[-0.5]]), 2)
    assert found[0, 0] == pytest.approx(2.5)
    assert revenue(np.zeros((1, 1)), np.ones((1, 1)), np.zeros((1, 1)), 9)[0, 0] == 0


def test_what_is_spent_is_received_or_borrowed(tiny):
    world = after(tiny, 3, package("large_works", budget="unlimited"))
    received = world["budget_revenue"] + world["borrowing"]
    np.testing.assert_allclose(world["policy_spending"] + world["other_spending"], received)
    np.testing.assert_allclose(
        world["borrowing"], np.maximum(world["policy_spending"] - world["policy_budget"], 0)
    )
    assert world["debt"][0, 0] > world["borrowing"][0, 0] > 0
    assert world["debt"][0, 1] == 0


def test_nominal_is_real_times_the_price_level(tiny):
    world = after(tiny, 5)
    assert world["deflator"][0] == pytest.approx(1.01**5)
    np.testing.assert_allclose(world["budget_revenue_nominal"], world["budget_revenue"] * 1.01**5)
