"""Migration: nested logit, costs, registration on the way, and the inversion, by hand."""

import numpy as np
import pytest

from model.axes import BEYOND, ELSEWHERE, LOCAL
from model.processes.attractiveness import Observed, invert
from model.processes.borders import landing_classes, other_city, penalised
from model.processes.migration import (
    MigrationParams,
    expected_between,
    external_pull,
    moving_cost,
    relieved,
    sums_of_moves,
    walk_step,
    walked,
)
from model.processes.nested_logit import dissimilarities, nests_of
from model.processes.registration import between_seats, in_seat, seat_labels
from tests.twins import choices, move_shares, net_factor
from tests.worlds import trend, world_of

P = MigrationParams()


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
        moving_cost(tiny, P)[:, 0],
        nests_of(tiny),
        dissimilarities(tiny, 0.6).repeat(3, 0),
    )
    np.testing.assert_allclose(to.sum(axis=2), 1.0)
    assert np.all(np.diagonal(to, axis1=1, axis2=2) == 0)
    assert np.all((leave > 0) & (leave < 1))


def test_regions_do_not_exchange_people(tiny):
    cost = moving_cost(tiny, P)
    assert np.all(np.isinf(cost[..., 5:, 5:]))
    _, to = choices(np.zeros((1, 7)), cost, nests_of(tiny), dissimilarities(tiny, 0.6))
    assert np.all(to[..., 5:, 5:] == 0)


def test_borders(tiny):
    other = other_city(tiny)
    assert other[0].tolist() == [0, 0, 1, 1, 1, 1, 1]
    assert other[4].tolist() == [1, 1, 1, 1, 0, 1, 1]
    assert nests_of(tiny).sum(axis=0).tolist() == [1.0] * 7
    assert dissimilarities(tiny, 0.6)[0].tolist() == [0.6, 0.6, 0.6, 1, 1]


def test_cost_rises_with_distance_and_with_the_border(tiny):
    local, elsewhere, beyond, graduates = moving_cost(tiny, P)[0]
    distance = P.income_elasticity * P.distance_income_ratio * np.log1p(tiny.distance / 10)
    np.testing.assert_allclose(local[0, 1], distance[0, 1])
    np.testing.assert_allclose(
        local[0, 2] - distance[0, 2], P.city_border + P.hukou_penalty, rtol=1e-12
    )
    for cost in (elsewhere, beyond):
        np.testing.assert_allclose(cost[0, 2] - distance[0, 2], P.city_border, rtol=1e-12)
    np.testing.assert_allclose(
        graduates[:5, :5], (distance + P.city_border * other_city(tiny))[:5, :5] - P.graduate_relief
    )
    for cost in (local, elsewhere, beyond):
        np.testing.assert_allclose(cost[:5, :5], cost[:5, :5].T)


def test_the_penalty_is_gained_by_locals_and_shed_at_home(tiny):
    """The first region of the toy area is of the province, the second is not."""
    change = penalised(tiny)
    near = int(np.flatnonzero(tiny.column("regions", "same_province"))[0])
    far = 1 - near
    np.testing.assert_array_equal(change[LOCAL], other_city(tiny))
    assert change[ELSEWHERE, :5, 5 + near].tolist() == [-1.0] * 5
    assert change[BEYOND, :5, 5 + far].tolist() == [-1.0] * 5
    assert np.abs(change[ELSEWHERE]).sum() == np.abs(change[BEYOND]).sum() == 5
    assert not change[3].any()


def test_class_on_arrival(tiny):
    near = int(np.flatnonzero(tiny.column("regions", "same_province"))[0])
    far = 1 - near
    found = landing_classes(tiny)
    assert found[LOCAL, 0, :5].tolist() == [LOCAL, LOCAL, ELSEWHERE, ELSEWHERE, ELSEWHERE]
    assert np.all(found[ELSEWHERE, :5, :5] == ELSEWHERE)
    assert np.all(found[BEYOND, :5, :5] == BEYOND)
    assert np.all(found[:, 5 + near, :5] == ELSEWHERE)
    assert np.all(found[:, 5 + far, :5] == BEYOND)
    assert np.all(found[:, :, 5:] == LOCAL)


def test_sums_of_moves_agree(tiny):
    rng = np.random.default_rng(7)
    flows = rng.uniform(0, 50, (2, 3, 7, 7)) * (1 - np.eye(7))
    home = 0.2 * flows * (rng.random((3, 7, 7)) < 0.4)
    moves, found, departures = sums_of_moves(flows, home, landing_classes(tiny))
    np.testing.assert_allclose(moves, flows.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(departures, flows.sum(axis=3), rtol=1e-12)
    np.testing.assert_allclose(found.sum(axis=1), flows.sum(axis=(1, 2)), rtol=1e-12)
    # in a1: locals of city a, and whoever comes home
    local = (flows - home)[:, LOCAL, 1, 0] + home[:, :, :, 0].sum(axis=(1, 2))
    np.testing.assert_allclose(found[:, LOCAL, 0], local, rtol=1e-12)


def test_expected_moves_between_seats(tiny):
    rng = np.random.default_rng(8)
    leavers, shares = rng.uniform(0, 9, (2, 3, 5, 7)), rng.random((2, 5, 7, 7))
    leavers[:, 1] = 0.0
    found = expected_between(leavers, shares, seat_labels(tiny))
    flows = (leavers[..., None] * shares[:, None]).sum(axis=2)
    np.testing.assert_allclose(found, between_seats(flows, in_seat(tiny)), rtol=1e-12)


def test_opening_gives_back_the_penalty_of_those_who_would_bear_it(tiny):
    opening = np.zeros((1, 7))
    opening[0, 2] = 0.5
    cost = moving_cost(tiny, P)
    before = cost.copy()
    less = relieved(tiny, cost, opening, P)
    assert np.array_equal(cost, before)
    given = np.where(np.isfinite(cost), cost, 0.0)[0] - np.where(np.isfinite(less), less, 0.0)[0]
    assert given[LOCAL, 0, 2] == pytest.approx(P.hukou_penalty / 2)
    assert given[LOCAL, 3, 2] == 0
    assert not given[LOCAL][:, [0, 1, 3, 4, 5, 6]].any()
    assert not given[1:].any()


@pytest.mark.parametrize("net", [-50.0, 0.0, 70.0])
def test_net_factor_brings_the_net_flow_about(net):
    factor = net_factor(np.array([100.0]), np.array([80.0]), np.array([net]))
    assert factor * 100 - 80 / factor == pytest.approx(net)
    assert factor > 0


def test_inversion_gives_the_flows_back(tiny):
    """Students move as they will; utility makes up for them."""
    weight = np.array([0.6, 0.3, 0.08, 0.02])[:, None]
    people = weight * np.array([6e4, 4e4, 5e4, 3e4, 2e4, 5e5, 1e7])
    net = np.array([[200.0, 100, -100, -300, 0]])
    inflow, within = np.array([[1000.0, 900.0]]), np.array([1500.0])
    outflow = inflow - np.array([[-50.0, -50.0]])
    given = np.zeros((1, 7, 7))
    given[0, 3, 0], given[0, 5, 0], given[0, 1, 6] = 40.0, 60.0, 30.0
    cost = moving_cost(tiny, P)
    found = invert(tiny, people[None], Observed(net, inflow, outflow, within, given), cost, P)
    leave, to = choices(
        found["attractiveness"], found["moving_cost"], nests_of(tiny), dissimilarities(tiny, 0.6)
    )
    flows = ((people * leave)[..., None] * to).sum(axis=1) + given
    moved = flows.sum(axis=1) - flows.sum(axis=2)
    np.testing.assert_allclose(moved[:, :5], net, atol=1e-6)
    np.testing.assert_allclose(flows[:, 5:].sum(axis=2), inflow, rtol=1e-9)
    np.testing.assert_allclose(flows[:, :, 5:].sum(axis=1), outflow, rtol=1e-9)
    assert flows[:, :5, :5].sum() == pytest.approx(within[0], rel=1e-9)
    assert found["attractiveness"][0, -1] == 0


def test_the_mean_of_a_walk_says_less_of_its_end():
    """The spread of the first step, by many walks of one step a year."""
    luck = np.random.default_rng(5)
    walks = luck.standard_normal((20_000, 120)).cumsum(axis=1)
    behind = (walks[:, -1] - walks.mean(axis=1)).std() / np.sqrt(120)
    assert behind == pytest.approx(np.sqrt(1 / 3), rel=0.03)
    assert walk_step(1, 10) == pytest.approx(np.sqrt(1 + 10 / 3))
    assert walk_step(5, 10) == 1.0


def test_attractiveness_walks_from_a_start_that_is_not_known(tiny):
    start = world_of(tiny, trend(migration__city_walk=0.1, migration__zone_walk=0.0), count=400)
    steps = []
    for _ in range(2):
        before = start["attractiveness"].copy()
        start.year += 1
        start["attractiveness"] = walked(start, start.params["migration"])
        steps.append((start["attractiveness"] - before)[:, : len(tiny.zones)].std())
    assert steps[0] == pytest.approx(0.1 * walk_step(1, 10), rel=0.08)
    assert steps[1] == pytest.approx(0.1, rel=0.08)


def test_central_draw_does_not_walk(tiny):
    world = world_of(tiny)
    world.year += 1
    same = walked(world, world.params["migration"])
    np.testing.assert_array_equal(same, world["attractiveness"])


def test_incomes_elsewhere_grow_as_the_frontier_does(tiny):
    """Growth of 0.02 that falls by a tenth a year, over the labour share, by the elasticity."""
    rates = {"industry__frontier_growth": 0.02, "productivity__frontier_slowdown": 0.1}
    world = world_of(tiny, trend(**rates, migration__income_elasticity=1.5))
    world.year += 2
    grown = 0.02 * (np.exp(-0.1) + np.exp(-0.2))
    pulled = external_pull(world, world.params["migration"])
    np.testing.assert_allclose(pulled, 1.5 * grown / world.fixed["mean_labour_share"], rtol=1e-12)
