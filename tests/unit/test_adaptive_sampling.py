"""Adaptive importance sampling: known posteriors, proposals that mislead, points without answer."""

import numpy as np
import pytest

from calibration.adaptive_sampling import (
    Aim,
    Gaussian,
    aimed,
    answered,
    effective,
    kept,
    log_mixture,
    near,
    prior,
    sampled,
    shares,
)

SIZE = 12
SLOPE = np.zeros(SIZE)
SLOPE[:2] = 2.0, 1.0
WANTED, ERROR = 6.0, 0.5


def linear(points, turn):
    return [points @ SLOPE]


def at_wanted(points, said):
    log = -0.5 * ((said[0] - WANTED) / ERROR) ** 2
    return [Aim(said[0][:, None], np.array([WANTED]), np.array([ERROR**2]), log)]


def moments(draws, value=WANTED):
    log = draws.log_prior_weight - 0.5 * ((draws.said[0] - value) / ERROR) ** 2
    share = np.exp(log - log.max())
    share /= share.sum()
    mean = share @ draws.points
    return mean, np.sqrt(share @ (draws.points - mean) ** 2), effective(log)


def test_a_gaussian_posterior_is_found():
    draws = sampled(linear, at_wanted, SIZE, 1200, 4)
    mean, sd, count = moments(draws)
    square = SLOPE @ SLOPE + ERROR**2
    np.testing.assert_allclose(mean, SLOPE * WANTED / square, atol=0.15)
    np.testing.assert_allclose(sd, np.sqrt(1 - SLOPE**2 / square), atol=0.12)
    assert count > 250
    alone = sampled(linear, at_wanted, SIZE, 1200, 1)
    assert moments(alone)[2] < 0.2 * count, "the prior alone meets the evidence in few draws"


def test_proposals_that_mislead_cost_draws_and_bias_nothing():
    """All later rounds look on the wrong side; the defensive part still finds the truth."""

    def astray(points, said):
        return [Aim(said[0][:, None], np.array([-2.0]), np.ones(1), 0 * said[0])]

    draws = sampled(linear, astray, SIZE, 6000, 4)
    mean, _, count = moments(draws, value=2.0)
    square = SLOPE @ SLOPE + ERROR**2
    np.testing.assert_allclose(mean[:2], SLOPE[:2] * 2.0 / square, atol=0.15)
    assert count < 3000


def test_a_gaussian_density_by_hand():
    one = Gaussian(np.array([1.0]), np.array([[2.0]]))
    assert one.points(np.array([[0.5]])).tolist() == [[2.0]]
    assert one.log_density(np.array([[3.0]]))[0] == pytest.approx(-0.5 - np.log(2))
    both = log_mixture(np.array([[0.0]]), [(1, prior(1)), (3, prior(1))])
    assert both[0] == pytest.approx(0.0)
    half = log_mixture(np.array([[0.0]]), [(1, prior(1)), (1, one)])[0]
    assert half == pytest.approx(np.log((1 + np.exp(-0.125) / 2) / 2))


def test_aimed_at_nothing_new_is_the_prior():
    luck = np.random.default_rng(0)
    z = luck.standard_normal((4000, 2))
    found = aimed(z, Aim(z[:, :1], np.array([0.0]), np.array([1e9]), np.zeros(4000)))
    np.testing.assert_allclose(found.mean, 0, atol=1e-6)
    np.testing.assert_allclose(found.root, np.eye(2), atol=1e-6)


def test_a_fit_is_made_where_likelihood_is_high():
    log = -0.5 * np.linspace(0, 30, 90) ** 2
    weight = near(log)
    assert effective(np.log(weight)) == pytest.approx(30, rel=0.3)
    assert np.all(np.diff(weight) < 0)
    assert weight.sum() == pytest.approx(1)


def test_points_without_an_answer():
    def gaps(points, turn):
        return [np.where(points[:, 0] > 1, np.nan, points[:, 0])]

    draws = sampled(gaps, at_wanted, 3, 300, 3)
    there = answered(draws.said)
    assert 0 < there.sum() < 300
    assert np.all(draws.points[there, 0] <= 1)
    assert len(kept(draws.said, there)[0]) == there.sum()


def test_the_same_seed_gives_the_same_draws():
    one, two = (sampled(linear, at_wanted, SIZE, 60, 3, seed=4) for _ in range(2))
    assert one.points.tobytes() == two.points.tobytes()
    assert sum(shares(61, 4)) == 61
