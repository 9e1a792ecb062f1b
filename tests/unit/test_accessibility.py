"""Travel times by hand, and what policies and lines do to them."""

import numpy as np
import pytest

from model.processes.accessibility import (
    NEVER,
    AccessibilityParams,
    inner_distance,
    over_modes,
    rail_in_year,
    road_minutes,
    share_within,
    station_times,
    through_stations,
)

P = AccessibilityParams()


def test_road_by_hand():
    near, far = (road_minutes(np.full((1, 1, 1), d), P)[0, 0, 0] for d in (0.0, 4000.0))
    assert near == 8.0
    assert far == pytest.approx(8 + 60 * 4000 / 80)
    middle = road_minutes(np.full((1, 1, 1), 40.0), P)[0, 0, 0]
    assert middle == pytest.approx(8 + 60 * 40 / (28 + 52 * (1 - np.exp(-1))))


def test_time_rises_with_distance():
    distance = np.linspace(0, 400, 200).reshape(1, 1, -1)
    assert np.all(np.diff(road_minutes(distance, P)[0, 0]) > 0)


def test_inner_distance_by_hand():
    found = inner_distance(np.array([10000 * np.pi * 9, 1e9, 0.0]), np.array([1e6, np.pi, 50.0]), P)
    assert found[0].tolist() == pytest.approx([1.3 * 2, 1.3 * 2 / 3, 0])


ROAD = np.array([[[10.0, 60, 30], [60, 10, 60], [30, 60, 10]]])
RAIL = np.array([[NEVER, 20.0, NEVER], [20, NEVER, NEVER], [NEVER, NEVER, NEVER]])


def test_rail_by_hand():
    times = through_stations(ROAD, RAIL, P)[0]
    assert times[0, 1] == times[1, 0] == 18 + 20 + 20 + 18
    # from the third zone: by road to the first station
    assert times[2, 1] == 30 + 20 + 20 + 18


def test_no_rail():
    assert np.all(through_stations(ROAD, np.full((3, 3), NEVER), P) >= NEVER)


def test_station_times_are_the_shorter():
    times = station_times(ROAD, RAIL, np.eye(3) > 0, 0)[0]
    assert times.tolist() == [10, 20, 30]


def test_logsum_lies_between_the_fastest_and_the_mean():
    fast, slow = np.array([20.0]), np.array([50.0])
    cost = over_modes((fast, slow), np.array([0.08]))[0]
    assert cost == pytest.approx(20 - np.log((1 + np.exp(-0.08 * 30)) / 2) / 0.08)
    assert 20 <= cost <= 35
    assert over_modes((fast, slow - 5), np.array([0.08]))[0] < cost


def test_lines_count_from_the_year_after_their_opening(tiny):
    i, j = tiny.zones.index("a1"), tiny.zones.index("b2")
    assert rail_in_year(tiny, 2030)[i, j] == NEVER
    after = rail_in_year(tiny, 2031)
    assert after[i, j] == after[j, i] == 45
    assert rail_in_year(tiny, 2021)[i, tiny.zones.index("b1")] == 25


def test_share_within():
    minutes, people = np.array([[10.0, 60.0, 61.0]]), np.array([[1.0, 2.0, 7.0]])
    assert share_within(minutes, people, 60.0)[0] == pytest.approx(0.3)
