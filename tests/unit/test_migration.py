"""Migration: mobility, nested logit, costs, and the inversion, by hand."""

import numpy as np
import pytest

from model.processes.attractiveness import Observed, invert, net_factor
from model.processes.migration import (
    MigrationParams,
    dissimilarities,
    leaving_by_age,
    mean_mobility,
    move_shares,
    moving_cost,
    nests_of,
    other_city,
    regained,
    rogers_castro,
)

P = MigrationParams()


def test_mobility_by_hand():
    curve = rogers_castro(np.array([20.0]))[0]
    assert curve[20] == pytest.approx(0.02 * np.exp(-2) + 0.06 * np.exp(-1) + 0.003)
    assert curve.min() > 0
    assert 20 <= curve[12:60].argmax() + 12 <= 26
    assert curve[80] < curve[40] < curve[25]
    later = rogers_castro(np.array([25.0]))[0]
    assert later[12:60].argmax() == curve[12:60].argmax() + 5


def test_logit_without_nests_by_hand():
    value, cost = np.array([[0.0, np.log(2.0), 0.0]]), np.zeros((1, 3, 3))
    leave, to = move_shares(value, cost, np.eye(3), np.ones((1, 3)))
    # from the first place: stay 1, second 2, third 1
    assert leave[0, 0] == pytest.approx(3 / 4)
    np.testing.assert_allclose(to[0, 0], [0, 2 / 3, 1 / 3])


def test_nest_by_hand():
    nests = np.array([[1.0, 0, 0], [0, 1.0, 1.0]])
    leave, to = move_shares(np.zeros((1, 3)), np.zeros((1, 3, 3)), nests, np.full((1, 2), 0.5))
    # two alternatives in a nest of dissimilarity 1/2: (1 + 1)^(1/2)
    assert leave[0, 0] == pytest.approx(np.sqrt(2) / (1 + np.sqrt(2)))
    np.testing.assert_allclose(to[0, 0], [0, 0.5, 0.5])


def test_shares_sum_to_one_and_nobody_moves_to_where_they_are(tiny):
    rng = np.random.default_rng(1)
    leave, to = move_shares(
        rng.normal(size=(3, 7)),
        moving_cost(tiny, P),
        nests_of(tiny),
        dissimilarities(tiny, P).repeat(3, 0),
    )
    np.testing.assert_allclose(to.sum(axis=2), 1.0)
    assert np.all(np.diagonal(to, axis1=1, axis2=2) == 0)
    assert np.all((leave > 0) & (leave < 1))


def test_regions_do_not_exchange_people(tiny):
    cost = moving_cost(tiny, P)
    assert np.all(np.isinf(cost[:, 5:, 5:]))
    _, to = move_shares(np.zeros((1, 7)), cost, nests_of(tiny), dissimilarities(tiny, P))
    assert np.all(to[:, 5:, 5:] == 0)


def test_borders(tiny):
    other = other_city(tiny)
    assert other[0].tolist() == [0, 0, 1, 1, 1, 1, 1]
    assert other[4].tolist() == [1, 1, 1, 1, 0, 1, 1]
    assert nests_of(tiny).sum(axis=0).tolist() == [1.0] * 7
    assert dissimilarities(tiny, P)[0].tolist() == [0.6, 0.6, 0.6, 1, 1]


def test_cost_rises_with_distance(tiny):
    cost = moving_cost(tiny, P)[0]
    np.testing.assert_allclose(
        cost[0, 1],
        P.income_elasticity * P.distance_income_ratio * np.log1p(tiny.distance[0, 1] / 10),
    )
    assert cost[0, 2] > cost[0, 1] + P.city_border
    np.testing.assert_allclose(cost[:5, :5], cost[:5, :5].T)


def test_opening_gives_back_the_penalty_between_cities(tiny):
    opening = np.zeros((1, 7))
    opening[0, 2] = 0.5
    given = regained(tiny, opening, P)[0]
    assert given[0, 2] == pytest.approx(P.hukou_penalty / 2)
    assert given[3, 2] == 0
    assert given[:, [0, 1, 3, 4, 5, 6]].sum() == 0


def test_mean_mobility_weighs_residents_only():
    people = np.zeros((1, 2, 2, 101))
    people[0, 0, :, 20], people[0, 1] = 5, 1000
    curve = np.where(np.arange(101) == 20, 3.0, 1.0)[None]
    assert mean_mobility(people, curve, 1)[0] == pytest.approx(3.0)


@pytest.mark.parametrize("net", [-50.0, 0.0, 70.0])
def test_net_factor_brings_the_net_flow_about(net):
    factor = net_factor(np.array([100.0]), np.array([80.0]), np.array([net]))
    assert factor * 100 - 80 / factor == pytest.approx(net)
    assert factor > 0


def test_leaving_by_age_is_a_probability():
    found = leaving_by_age(np.array([[0.02, 0.9]]), np.array([[0.5, 3.0]]))
    assert found[0].tolist() == [pytest.approx([0.01, 0.06]), pytest.approx([0.45, 1.0])]


def test_inversion_gives_the_flows_back(tiny):
    people = np.array([[6e4, 4e4, 5e4, 3e4, 2e4, 5e5, 1e7]])
    net = np.array([[200.0, 100, -100, -300, 0]])
    inflow, within = np.array([[1000.0, 900.0]]), np.array([1500.0])
    outflow = inflow - np.array([[-50.0, -50.0]])
    cost = moving_cost(tiny, P)
    found = invert(tiny, people, Observed(net, inflow, outflow, within), cost, P)
    leave, to = move_shares(
        found["attractiveness"], found["moving_cost"], nests_of(tiny), dissimilarities(tiny, P)
    )
    flows = (people * leave)[:, :, None] * to
    moved = flows.sum(axis=1) - flows.sum(axis=2)
    np.testing.assert_allclose(moved[:, :5], net, atol=1e-6)
    np.testing.assert_allclose(flows[:, 5:].sum(axis=2), inflow, rtol=1e-9)
    np.testing.assert_allclose(flows[:, :, 5:].sum(axis=1), outflow, rtol=1e-9)
    assert flows[:, :5, :5].sum() == pytest.approx(within[0], rel=1e-9)
    assert found["attractiveness"][0, -1] == 0
