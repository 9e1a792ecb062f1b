"""Where people move: compiled loops against the equations in plain numpy."""

import numpy as np

from model.processes.migration import MigrationParams, moving_cost
from model.processes.nested_logit import (
    choices_among,
    dissimilarities,
    nests_of,
)
from model.processes.registration import between_seats, in_seat
from tests.twins import choices, move_shares

RNG = np.random.default_rng(12)


def setting(area):
    """Two draws of utilities, costs and dissimilarities."""
    value = RNG.normal(size=(2, len(area.places)))
    cost = np.repeat(moving_cost(area, MigrationParams()), 2, axis=0)
    cost = cost + RNG.uniform(0, 1, cost.shape)
    return value, cost, nests_of(area), dissimilarities(area, np.array([0.6, 0.3]))


def test_choices_are_the_nested_logit(tiny):
    value, cost, nests, lam = setting(tiny)
    leave, to = choices(value, cost, nests, lam)
    for group in range(cost.shape[1]):
        wanted_leave, wanted_to = move_shares(value, cost[:, group], nests, lam)
        np.testing.assert_allclose(leave[:, group], wanted_leave, rtol=1e-12)
        np.testing.assert_allclose(to[:, group], wanted_to, rtol=1e-12)


def test_groups_that_choose_otherwise_have_room(tiny):
    value, cost, nests, lam = setting(tiny)
    leave, to = choices(value, cost, nests, lam)
    slots = np.array([0, 1, 2, 4])
    spread_leave, spread_to = choices_among(slots, value, cost, nests, lam)
    np.testing.assert_array_equal(spread_leave[:, slots], leave)
    np.testing.assert_array_equal(spread_to[:, slots], to)
    assert not spread_to[:, 3].any()


def test_nobody_leaves_a_place_whose_every_way_is_closed(tiny):
    """Shares of destinations are none there, and numbers: as for groups that do not choose."""
    value, cost, nests, lam = setting(tiny)
    cost[:, :, 2] = np.inf
    leave, to = choices(value, cost, nests, lam)
    assert not leave[:, :, 2].any()
    assert not to[:, :, 2].any()
    rest = np.arange(len(tiny.places)) != 2
    np.testing.assert_allclose(to[:, :, rest].sum(axis=3), 1.0, rtol=1e-12)


def test_flows_between_seats(tiny):
    seats, flows = in_seat(tiny), RNG.uniform(0, 9, (2, 3, len(tiny.places), len(tiny.places)))
    wanted = np.matmul(np.matmul(seats, flows), seats.T)
    np.testing.assert_allclose(between_seats(flows, seats), wanted, rtol=1e-13)
