from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.shapley import along_orders, coalitions, exact, shares


def every(players):
    return [frozenset(c) for k in range(players + 1) for c in combinations(range(players), k)]


def pairwise(players, draws, seed):
    """A game of single effects and pairwise interactions, drawn anew in each draw."""
    rng = np.random.default_rng(seed)
    single = rng.normal(size=(players, draws))
    pairs = np.triu(rng.normal(size=(draws, players, players)), 1)
    worth = {}
    for group in every(players):
        inside = sorted(group)
        worth[group] = single[inside].sum(axis=0) + pairs[:, inside][:, :, inside].sum(axis=(1, 2))
    return worth


def by_definition(worth, players):
    """Mean of marginal contributions over all orders."""
    orders = list(permutations(range(players)))
    return np.mean([
        [worth[frozenset(o[: o.index(p) + 1])] - worth[frozenset(o[: o.index(p)])]
         for p in range(players)]
        for o in orders
    ], axis=0)  # fmt: skip


def test_exact_values_are_those_of_the_definition():
    rng = np.random.default_rng(3)
    worth = {group: rng.normal(size=4) for group in every(4)}
    assert exact(worth, 4) == pytest.approx(by_definition(worth, 4))


def test_the_airport_game():
    """Runway costs 1, 2, 3 (Littlechild and Owen 1973): 1/3, 1/3 + 1/2, 1/3 + 1/2 + 1."""
    worth = {g: np.array(float(max((p + 1 for p in g), default=0))) for g in every(3)}
    assert exact(worth, 3) == pytest.approx([1 / 3, 5 / 6, 11 / 6])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.permutations(range(6)))
def test_an_order_and_its_reverse_are_exact_for_pairs(seed, order):
    worth = pairwise(6, 3, seed)
    assert along_orders(worth, order) == pytest.approx(exact(worth, 6), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.permutations(range(6)))
def test_contributions_sum_to_the_whole_in_any_game(seed, order):
    rng = np.random.default_rng(seed)
    worth = {group: rng.normal(size=3) for group in every(6)}
    whole = worth[frozenset(range(6))] - worth[frozenset()]
    assert along_orders(worth, order).sum(axis=0) == pytest.approx(whole, abs=1e-12)


def test_coalitions_are_those_that_the_orders_need():
    order = (3, 1, 4, 0, 2, 5)
    known = {frozenset(), frozenset(range(6)), *(frozenset({p}) for p in range(6))}
    worth = {group: np.array(0.0) for group in {*known, *coalitions(6, order)}}
    assert along_orders(worth, order).tolist() == [0] * 6
    assert len(coalitions(6, order)) == 2 * (6 - 2)
    assert set(coalitions(4, range(4))) | {g for g in every(4) if len(g) in {0, 1, 4}} == set(
        every(4)
    )


def parts_of(worth, players, many, few):
    nobody, everybody = worth[frozenset()], worth[frozenset(range(players))]
    alone = np.array([(worth[frozenset({p})] - nobody)[:many] for p in range(players)])
    here = {group: values[:few] for group, values in worth.items()}
    return shares(alone, along_orders(here, range(players)), everybody - nobody)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.integers(2, 40), st.integers(2, 10))
def test_shares_sum_to_the_mean_over_all_draws(seed, many, few):
    worth = pairwise(5, 60, seed)
    found = parts_of(worth, 5, many, min(few, many))
    assert found.residual < 1e-12
    assert found.alone.sum() + found.synergy == pytest.approx(float(found.whole), abs=1e-9)


def test_shares_are_the_truth_within_their_errors():
    """Over many games, the standard error covers the miss as often as it should."""
    inside = []
    for seed in range(200):
        worth = pairwise(5, 60, seed)
        found = parts_of(worth, 5, 20, 8)
        truth = exact(worth, 5).mean(axis=1)
        inside += list(np.abs(found.mean - truth) <= 2 * found.error)
    assert 0.88 <= np.mean(inside) <= 0.99


def test_with_every_draw_and_pairs_only_there_is_no_error():
    worth = pairwise(5, 10, 1)
    found = parts_of(worth, 5, 10, 10)
    assert found.mean == pytest.approx(exact(worth, 5).mean(axis=1))


def test_a_player_who_does_nothing_gets_nothing():
    worth = pairwise(4, 30, 2)
    idle = {group: worth[group - {3}] for group in worth}
    found = parts_of(idle, 4, 12, 6)
    assert found.mean[3] == pytest.approx(0, abs=1e-12)
    assert found.error[3] == pytest.approx(0, abs=1e-12)


def test_nothing_at_all_is_shared_as_nothing():
    found = shares(np.zeros((3, 4)), np.zeros((3, 2)), np.zeros(9))
    assert found.mean.tolist() == [0, 0, 0]
    assert found.residual == 0


def test_rounding_is_no_spread():
    """Who alone does nothing but for rounding has a mean and no band."""
    noise = np.array([1e-15, -1e-15, 0.0, 2e-15])
    alone = np.array([noise, [1.0, 2.0, 3.0, 4.0]])
    found = shares(alone, alone + 0.5, alone.sum(axis=0) + 1.0)
    assert np.isnan(found.low[0])
    assert np.isnan(found.high[0])
    assert found.mean[0] == pytest.approx(0.5)
    assert found.low[1] < found.high[1]
