"""Travel times by hand, and what policies and lines do to them."""

import numpy as np
import pytest

from model.axes import lift
from model.network import NEVER, Rides
from model.processes.accessibility import station_times
from model.processes.journeys import (
    active_distance,
    between_stops,
    by_zone,
    end_share,
    line_haul,
    separation,
    through_stations,
    zone_radius,
)
from model.processes.reach import job_potential, share_to_core, share_within
from model.processes.speeds import AccessibilityParams
from tests.twins import slowed

P = AccessibilityParams()
SLOW, FAST = lift(28.0, 2), lift(80.0, 2)


def test_road_by_hand():
    near, far = (line_haul(np.full((1, 1, 1), d), SLOW, FAST, P)[0, 0, 0] for d in (0.0, 4000.0))
    assert near == 0.0
    assert far == pytest.approx(60 * 4000 / 80)
    middle = line_haul(np.full((1, 1, 1), 40.0), SLOW, FAST, P)[0, 0, 0]
    assert middle == pytest.approx(60 * 40 / (28 + 52 * (1 - np.exp(-1))))


def test_time_rises_with_distance():
    distance = np.linspace(0, 400, 200).reshape(1, 1, -1)
    assert np.all(np.diff(line_haul(distance, SLOW, FAST, P)[0, 0]) > 0)


def test_zone_radius_by_hand():
    found = zone_radius(np.array([10000 * np.pi * 9, 1e9, 0.0]), np.array([1e6, np.pi, 50.0]), P)
    assert found[0].tolist() == pytest.approx([3, 1, 0])


@pytest.mark.parametrize(("spread", "jobs"), [(0.905, 1.0), (2 / 3, 0.0)])
@pytest.mark.parametrize(
    ("apart", "most"), [(0.0, 0.005), (1.0, 0.065), (2.0, 0.035), (3.0, 0.02), (5.0, 0.01)]
)
def test_separation_is_the_mean_distance_between_discs(spread, jobs, apart, most):
    """Homes even over a disc, workplaces even over another, or all at its centre.

    The root of a mean square is no mean: never too short, 6.2 % too long at worst, where seats
    are one radius apart (two million pairs: 4.9 % even, 6.2 % at the centre), and less beyond.
    The rest of each bound is noise of the sample.
    """
    luck = np.random.default_rng(7)

    def disc(radius, count=200_000):
        angle, out = luck.uniform(0, 2 * np.pi, count), radius * np.sqrt(luck.uniform(size=count))
        return out * np.cos(angle), out * np.sin(angle)

    (x, y), (u, v) = disc(3.0), disc(3.0 * jobs)
    mean = np.hypot(x - u - 3 * apart, y - v).mean()
    p = AccessibilityParams(inner_spread=spread)
    found = separation(np.array([[3 * apart]]), np.array([[3.0]]), p)[0, 0, 0]
    assert -0.005 < found / mean - 1 < most


def test_short_trips_are_walked_and_long_ones_are_not():
    distance = np.array([[[4.0, 5.0], [7.0, 4.0]]])
    found = active_distance(distance, lift(1.5, 2))[0]
    assert found[0, 0] == pytest.approx(4 * 1.5 / 5.5)
    assert found[0, 1] == 5.0
    assert found[1, 0] == NEVER


def test_congestion_slows_the_ends():
    distance = np.array([[[8.0, 32.0], [32.0, 8.0]]])
    share = end_share(distance, P)
    assert share[0].tolist() == [[1.0, 0.5], [0.5, 1.0]]
    times = slowed(np.full((1, 2, 2), 60.0), share, np.array([[1.2, 1.0]]))[0]
    np.testing.assert_allclose(times, [[72.0, 63.0], [63.0, 60.0]])


ROAD = np.array([[[10.0, 60, 30], [60, 10, 60], [30, 60, 10]]])
ONE = np.array([[NEVER, 1.0], [1.0, NEVER]])
RAIL = Rides(np.array([0, 1]), np.array([18.0, 18.0]), ONE * 20, ONE * 20, ONE, ONE * 7, ONE * 20)
BOARD = np.array([15.0])


def test_rail_by_hand():
    moving, waiting, fare = (part[0] for part in through_stations(ROAD, RAIL, BOARD, P))
    assert moving[0, 1] == moving[1, 0] == 18 + 20 + 18
    assert waiting[0, 1] == pytest.approx(15 + 0.25 * 20)
    assert fare[0, 1] == 7
    # from the third zone: by road to the first station
    assert moving[2, 1] == 30 + 20 + 18
    assert moving[1, 1] == NEVER


def test_no_rail():
    none = Rides(np.zeros(0, int), np.zeros(0), *(np.zeros((0, 0)) for _ in range(5)))
    assert np.all(through_stations(ROAD, none, BOARD, P)[0] >= NEVER)


def test_metro_by_hand():
    riding, waiting, walking, fare = between_stops(3, RAIL, np.array([3.0]), P)
    assert riding[0, 0, 1] == 20
    assert riding[0, 0, 2] == NEVER
    assert waiting[0, 0, 1] == pytest.approx(3 + 5)
    assert (walking[0, 0, 1], fare[0, 0, 1]) == (36, 7)


def test_trains_without_change_between_zones():
    found = by_zone(RAIL, 3)
    assert found[0, 1] == found[1, 0] == 20
    assert found[0, 2] == NEVER


def test_station_times_are_the_shorter():
    times = station_times(ROAD, by_zone(RAIL, 3), np.eye(3) > 0, 0)[0]
    assert times.tolist() == [10, 20, 30]


def test_share_within():
    minutes, people = np.array([[10.0, 60.0, 61.0]]), np.array([[1.0, 2.0, 7.0]])
    assert share_within(minutes, people, 60.0)[0] == pytest.approx(0.3)


def test_access_to_jobs_falls_with_cost():
    jobs, cost = np.array([[10.0, 20.0]]), np.array([[[0.0, 10.0], [10.0, 0.0]]])
    found = job_potential(jobs, cost, np.array(0.1))[0]
    assert found.tolist() == pytest.approx([10 + 20 * np.exp(-1), 20 + 10 * np.exp(-1)])


def test_share_of_workers_in_the_core():
    flows = np.array([[[8.0, 2.0, 0.0], [1.0, 3.0, 0.0], [2.0, 0.0, 2.0]]])
    cities = np.array([[1.0, 0, 0], [0, 1.0, 1.0]])
    assert share_to_core(flows, cities, 0)[0].tolist() == pytest.approx([1.0, 3 / 8])
