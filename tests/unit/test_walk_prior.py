"""The walk of the past: from the record of forecasts, through the response of the model."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.walk_prior import (
    CITY,
    ZONE,
    load_record,
    matching_walk,
    simulated,
    spreads_of,
    typical_error,
    wanted,
)
from model.area_loading import load_area
from model.base_year import baseline
from model.problems import ProblemsError
from tests.worlds import TINY

sizes = st.lists(st.floats(1e3, 1e8), min_size=2, max_size=5)


@given(sizes)
def test_errors_fall_with_size_and_stay_in_the_record(people):
    record = load_record(10)
    found = typical_error(np.sort(people), *record)
    assert np.all(np.diff(found) <= 1e-12)
    assert np.all((found >= 0.06 - 1e-12) & (found <= 0.18 + 1e-12))


def test_the_record_is_met_where_it_is_known():
    people, errors = load_record(10)
    np.testing.assert_allclose(typical_error(people, people, errors), errors)


def test_another_horizon_is_not_known():
    with pytest.raises(ProblemsError, match="no errors of forecasts over 7 years"):
        load_record(7)


def test_a_walk_out_of_reach():
    walks, spreads = np.array([0.0, 0.1]), np.array([0.01, 0.05])
    with pytest.raises(ValueError, match=r"0.0900 is outside \[0.0100, 0.0500\]"):
        matching_walk(walks, spreads, 0.09)
    with pytest.raises(ValueError, match="do not rise"):
        matching_walk(walks, spreads[::-1], 0.03)


def test_wanted_by_hand(shenyang):
    """Six percent of four million and twelve of 25,000, between them linear in logs."""
    people = np.full(len(shenyang.zones), 25_000.0)
    found = wanted(shenyang, people, 10)
    _, weights = shenyang.statistics
    size = np.median(weights @ people)
    share = np.log(size / 25_000) / np.log(4_000_000 / 25_000)
    city = 0.12 * 0.5**share
    assert found.city == pytest.approx(city, rel=1e-9)
    assert found.zone == pytest.approx(np.sqrt(0.12**2 - city**2))


def test_spreads_know_cities_from_their_zones(shenyang):
    """Shocks of a whole city do not move the shares of its zones."""
    luck = np.random.default_rng(5).normal(size=(2000, len(shenyang.cities)))
    people = 1e5 * np.exp(0.1 * luck[:, shenyang.city_of_zone])
    found = spreads_of(shenyang, people)
    assert found.zone < 1e-12
    # mean distance of normal shocks; Fushun and Shenyang hold a part of one more city
    assert found.city == pytest.approx(0.1 * np.sqrt(2 / np.pi), rel=0.05)


def test_a_wider_walk_spreads_further():
    early = load_area(TINY, start="history")
    narrow, wide = (
        spreads_of(early, simulated(early, {CITY: walk, ZONE: 0.0}, 2020, 8, 0))
        for walk in (0.0, 0.4)
    )
    assert wide.city > 5 * narrow.city
    assert wide.zone < wide.city / 10


@pytest.mark.slow
def test_the_start_of_2010_spreads_as_forecasts_have_missed(shenyang):
    """With draws that the walks were not derived from, the spread of their priors included."""
    early = load_area(shenyang.folder, start="history")
    people = baseline.people(early, 2010)[: len(early.zones)].sum(axis=(1, 2))
    aim = wanted(early, people, 10)
    found = spreads_of(early, simulated(early, {}, 2020, 100, 5))
    assert found.city == pytest.approx(aim.city, rel=0.15)
    assert found.zone == pytest.approx(aim.zone, rel=0.15)
