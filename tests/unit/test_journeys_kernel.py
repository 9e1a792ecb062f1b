"""Times and costs of a year: the compiled loop against the equations in plain numpy."""

import numpy as np

from model.axes import MODES
from model.journeys_kernel import price
from model.processes.journeys import BUS, CAR, slowed

RNG = np.random.default_rng(13)


def test_times_and_costs():
    pairs, zones = (2, 4, 4), (2, 4)
    usual, weighted, fare = (RNG.uniform(1, 90, (*pairs, len(MODES))) for _ in range(3))
    dear, slow = RNG.uniform(1, 4, zones), RNG.uniform(0.9, 1.4, zones)
    haul, share, road_change = (RNG.uniform(0, 1, pairs) for _ in range(3))
    change = RNG.uniform(-0.2, 0, pairs) * (RNG.random(pairs) < 0.5)
    minutes, cost = np.empty(usual.shape), np.empty(usual.shape)
    driven, street, transit = np.empty(pairs), np.empty(pairs), np.empty(pairs)
    price(
        usual, weighted, fare, dear, haul, share, slow, road_change, change, minutes, cost,
        driven, street, transit,
    )  # fmt: skip
    saved = np.expm1(change)[..., None] * (np.arange(len(MODES)) >= BUS)
    wanted, due = usual * (1 + saved), weighted * (1 + saved) + fare * dear[:, :, None, None]
    road = (usual[..., CAR] + slowed(haul, share, slow) - haul) * np.exp(road_change)
    due[..., CAR] += road - usual[..., CAR]
    wanted[..., CAR] = road
    np.testing.assert_allclose(minutes, wanted, rtol=1e-13)
    np.testing.assert_array_equal(driven, minutes[..., CAR])
    np.testing.assert_allclose(cost, due, rtol=1e-13)
    np.testing.assert_allclose(street, haul * share * np.exp(road_change), rtol=1e-13)
    np.testing.assert_allclose(transit, wanted[..., BUS:].min(axis=3), rtol=1e-13)
