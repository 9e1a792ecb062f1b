"""Times and costs of a year: the compiled loop against the equations in plain numpy."""

import numpy as np

from model.axes import MODES
from model.kernels.journeys import best_pair, price
from model.processes.journeys import BUS, CAR
from tests.twins import slowed

RNG = np.random.default_rng(13)


def test_times_and_costs():
    pairs, zones = (2, 4, 4), (2, 4)
    usual, weighted, fare = (RNG.uniform(1, 90, (2, len(MODES), 4, 4)) for _ in range(3))
    dear, slow = RNG.uniform(1, 4, zones), RNG.uniform(0.9, 1.4, zones)
    haul, share, road_change = (RNG.uniform(0, 1, pairs) for _ in range(3))
    change = RNG.uniform(-0.2, 0, pairs) * (RNG.random(pairs) < 0.5)
    minutes, cost = np.empty(usual.shape), np.empty(usual.shape)
    driven, street, transit = np.empty(pairs), np.empty(pairs), np.empty(pairs)
    price(
        usual, weighted, fare, dear, haul, share, slow, road_change, change, minutes, cost,
        driven, street, transit,
    )  # fmt: skip
    saved = np.expm1(change)[:, None] * (np.arange(len(MODES)) >= BUS)[:, None, None]
    wanted, due = usual * (1 + saved), weighted * (1 + saved) + fare * dear[:, None, :, None]
    road = (usual[:, CAR] + slowed(haul, share, slow) - haul) * np.exp(road_change)
    due[:, CAR] += road - usual[:, CAR]
    wanted[:, CAR] = road
    np.testing.assert_allclose(minutes, wanted, rtol=1e-13)
    np.testing.assert_array_equal(driven, minutes[:, CAR])
    np.testing.assert_allclose(cost, due, rtol=1e-13)
    np.testing.assert_allclose(street, haul * share * np.exp(road_change), rtol=1e-13)
    np.testing.assert_allclose(transit, wanted[:, BUS:].min(axis=1), rtol=1e-13)


def test_best_pair_of_stations():
    access, minutes = RNG.uniform(2, 90, (2, 5, 4)), RNG.uniform(5, 60, (4, 4))
    wait, fares = RNG.uniform(1, 20, (2, 4, 4)), RNG.uniform(1, 9, (4, 4))
    found = [np.full((2, 5, 5), 60.0), *np.zeros((3, 2, 5, 5))]
    wanted = [part.copy() for part in found]
    whole = access[:, :, None, :, None] + (minutes + wait)[:, None, None] + access[:, None, :, None]
    for d, i, j in np.ndindex(2, 5, 5):
        first, last = np.unravel_index(whole[d, i, j].argmin(), (4, 4))
        if whole[d, i, j, first, last] < 60:
            parts = wait[d, first, last], fares[first, last], minutes[first, last]
            for into, part in zip(wanted, (whole[d, i, j, first, last], *parts), strict=True):
                into[d, i, j] = part
    best_pair(access, minutes, wait, fares, *found)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
    assert 0 < (found[0] < 60).mean() < 1
