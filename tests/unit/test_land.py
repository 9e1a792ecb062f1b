"""Quota, boundary, residual price and sales by hand."""

import numpy as np
import pytest

from model.processes.land import (
    LandParams,
    available_land,
    buildable,
    land_per_floor_space,
    land_sales,
    residual_price,
)
from tests.worlds import after, trend

P = LandParams()
ONE = np.ones((1, 1))


def test_quota_then_boundary():
    def land(now, supply=0.0):
        return available_land(now * ONE, 100 * ONE, supply * ONE, P)[0, 0]

    assert land(100) == pytest.approx(2.5)
    assert land(129) == pytest.approx(1.0)
    assert land(130) == land(150) == 0.0
    assert land(130, supply=0.1) > 0
    assert land(100, supply=0.1) == pytest.approx(2.5 * np.exp(0.1))


def test_floor_space_and_land_are_each_other_s_inverse():
    floor = buildable(2 * ONE, P)
    assert (floor * land_per_floor_space(P) / 1e6).tolist() == [[pytest.approx(2.0)]]


def test_land_is_worth_what_price_leaves_after_cost():
    price, cost = np.array([[9000.0, 3000.0]]), np.array([[5000.0, 5000.0]])
    assert residual_price(price, cost, P).tolist() == [[60 + 1.8 * 4000, 60.0]]


def test_land_sales_are_homes_and_the_rest():
    sold = land_sales(1.8e6 * ONE, 5000 * ONE, 1 * ONE, P)[0, 0]
    assert sold == pytest.approx((1e6 * 5000 + 1e6 * 0.65 * 60) / 1e8)


def test_a_tight_boundary_binds_in_a_run(tiny):
    loose, tight = after(tiny, 8), after(tiny, 8, trend(land__boundary=1.01))
    most = tight.fixed["base_built_up_area"] * 1.01
    assert np.all(tight["built_up_area"] <= most * (1 + 1e-12))
    assert tight["built_up_area"].sum() < loose["built_up_area"].sum()
    grown = (loose["built_up_area"] > most)[0]
    assert grown.any()
    assert np.all(tight["housing_price"][0, grown] > loose["housing_price"][0, grown])
