"""Rates of a zone that belongs to two cities: totals are met, and nothing is ever negative."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.area_loading import load_area
from model.axes import total
from model.base_year import baseline

AREA = load_area("shenyang")
REGIONS, WEIGHTS = AREA.statistics
SHARED = (WEIGHTS > 0).sum(axis=0) > 1
TOGETHER = WEIGHTS[:, SHARED].sum(axis=1) > 0


def rates(shares, output):
    """Rates by zone of cities that have these shares of their output, and what they come to."""
    whole = total(output, WEIGHTS)
    official = np.array(shares)[None] * whole
    found = baseline.rate_of(AREA, official, output)
    return found, total(found * output, WEIGHTS), official


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(1e-4, 1.0), min_size=len(REGIONS), max_size=len(REGIONS)),
    st.integers(0, 2**31),
)
def test_totals_are_met_and_no_rate_is_negative(shares, seed):
    output = np.random.default_rng(seed).lognormal(0, 1, (1, len(AREA.zones)))
    found, met, official = rates(shares, output)
    assert np.all(found >= 0)
    np.testing.assert_allclose(met, official, rtol=1e-9)


def test_a_shared_zone_has_the_joint_rate_of_its_cities():
    output = np.ones((1, len(AREA.zones)))
    found, _, official = rates(np.where(TOGETHER, 0.03, 0.01), output)
    np.testing.assert_allclose(found[:, SHARED], 0.03, rtol=1e-12)
    some = np.array([0.05, *[0.02] * (len(REGIONS) - 1)])
    found, _, official = rates(some, output)
    joint = official[:, TOGETHER].sum() / total(output, WEIGHTS[TOGETHER]).sum()
    np.testing.assert_allclose(found[:, SHARED], joint, rtol=1e-12)


def test_it_takes_no_more_than_half_of_what_either_city_has():
    """Where the joint rate would, as it did in a draw of the research of 2010."""
    output = np.ones((1, len(AREA.zones)))
    output[:, SHARED] = 20.0
    shares = np.full(len(REGIONS), 0.01)
    shares[np.flatnonzero(TOGETHER)[0]] = 1.0
    found, met, official = rates(shares, output)
    taken = found[:, SHARED] @ (WEIGHTS[:, SHARED] * 20.0).T
    assert (taken / official)[:, TOGETHER].max() == pytest.approx(0.5)
    assert np.all(found >= 0)
    np.testing.assert_allclose(met, official, rtol=1e-9)
