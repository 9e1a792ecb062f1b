"""Matching at workplaces, by hand and at the limits."""

import numpy as np
import pytest

from model.processes.commuting import CommutingParams
from model.processes.matching import MatchingParams, tightness_at
from model.simulation import step
from tests.twins import clear, hiring_probability
from tests.worlds import trend, world_of

P, TRAVEL = MatchingParams(), CommutingParams()


def test_matching_exceeds_neither_side():
    theta = np.geomspace(1e-6, 1e6, 200)[None]
    for curvature in (1.0, 6.0, 50.0):
        hired = hiring_probability(theta, np.array([[curvature]]))
        assert np.all(hired <= 1)
        assert np.all(hired <= theta * (1 + 1e-12))
        assert np.all(np.diff(hired) >= 0)


def test_no_offers_no_hiring():
    assert hiring_probability(np.zeros((1, 2)), np.array([[6.0]])).tolist() == [[0, 0]]


def test_tightness_is_the_inverse_of_matching():
    slack, curvature = np.array([[0.01, 0.05, 0.3]]), np.array([[6.0]])
    hired = hiring_probability(tightness_at(slack, curvature), curvature)
    np.testing.assert_allclose(1 - hired, slack, rtol=1e-9)


def cleared(supply, posts, friction=None):
    supply, posts = np.array([supply], dtype=float), np.array([posts], dtype=float)
    friction = np.ones((1, supply.shape[1], supply.shape[1])) if friction is None else friction
    scale = posts / posts.sum()
    return supply, posts, clear(supply, posts, scale, friction, P, TRAVEL)


def test_usual_offers_give_the_usual_rate():
    _, _, (hiring, shares, _) = cleared([100.0, 100.0], [95.0, 95.0])
    np.testing.assert_allclose(hiring, 0.95, rtol=1e-10)
    np.testing.assert_allclose(shares, 0.5)


def test_hiring_solves_the_fixed_point():
    rng = np.random.default_rng(5)
    friction = np.exp(-rng.uniform(0, 3, (1, 6, 6)))
    supply, posts, (hiring, shares, _) = cleared(
        rng.uniform(50, 150, 6), rng.uniform(30, 170, 6), friction
    )
    seeking = (supply[:, :, None] * shares).sum(axis=1)
    normal = tightness_at(np.array([[0.05]]), np.array([[6.0]])) / 0.95
    np.testing.assert_allclose(
        hiring, hiring_probability(normal * posts / seeking, np.array([[6.0]])), rtol=1e-9
    )
    scale = posts / posts.sum() * (hiring / 0.95) ** 5
    weights = friction * scale[:, None]
    np.testing.assert_allclose(shares, weights / weights.sum(axis=2, keepdims=True), rtol=1e-9)
    assert np.all((hiring * seeking) <= np.minimum(seeking, normal * posts) * (1 + 1e-12))


def test_a_workplace_without_posts_hires_nobody():
    _, _, (hiring, shares, _) = cleared([100.0, 100.0], [150.0, 0.0])
    assert hiring[0, 1] == 0
    assert shares[0, :, 1].max() == 0
    assert hiring[0, 0] > 0.7


def test_a_zone_without_people():
    _, _, (hiring, shares, _) = cleared([0.0, 200.0], [95.0, 95.0])
    assert np.all(np.isfinite(hiring))
    np.testing.assert_allclose(shares.sum(axis=2), 1.0)


def test_more_posts_more_work():
    fewer, more = (cleared([100.0, 100.0], [90.0, n])[2][0] for n in (90.0, 120.0))
    assert np.all(more > fewer)


@pytest.mark.parametrize("factor", [0.01, 0.3, 3.0, 100.0])
def test_extreme_slack_still_clears(factor):
    _, _, (hiring, _, _) = cleared([100.0, 100.0], [95.0 * factor, 95.0])
    assert np.all((hiring > 0) & (hiring <= 1))


def test_hiring_stays_below_one_where_the_iteration_once_strayed(tiny):
    """Draw 51 of 60: strong tastes and borders made a false fixed point above one."""
    world = world_of(tiny, trend(), count=60, chosen=slice(51, 52))
    for _ in range(3):
        step(world)
        assert world["workplace_unemployment"].min() > 0
        assert np.all(world["employed_residents"] <= world["labour_force"])
