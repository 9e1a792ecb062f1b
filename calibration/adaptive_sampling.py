r"""Importance sampling that learns where to look: for models too slow for many runs.

Unknowns are scores that are standard normal beforehand. Each round draws from a mixture of the
prior and of Gaussians aimed at the evidence; a Gaussian follows from a linear fit of what the model
said so far,

.. math:: y = c + H^T z + e, \qquad z \mid y^* \sim N(K (y^* - c),\; I - K H^T), \qquad
    K = H (H^T H + R)^{-1},

and only proposes: every draw of every round is weighted by its true prior and likelihood over the
mixture of all proposals, so that a bad fit costs effective draws and biases nothing.

Sources: Cornuet, Marin, Mira, Robert (2012, Scand J Stat 39) for weights over all rounds; Owen,
Zhou (2000, JASA 95) for the defensive part of the mixture.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from model.axes import Array

RIDGE = 3.0
LEARNT = 0.85


@dataclass(frozen=True)
class Gaussian:
    """Normal distribution of scores: ``mean`` (n,), ``root`` (n, n) lower triangular."""

    mean: Array
    root: Array

    def points(self, standard: Array) -> Array:
        """Points (draw, n) from standard normal ones."""
        return self.mean + standard @ self.root.T

    def log_density(self, points: Array) -> Array:
        """Log density at points, (draw,), without the constant that all share."""
        left = np.linalg.solve(self.root, (points - self.mean).T)
        return -0.5 * (left**2).sum(axis=0) - np.log(np.diagonal(self.root)).sum()


@dataclass(frozen=True)
class Aim:
    """Evidence as a linear fit can use it: what the model said, what is wanted, error variances.

    ``said`` (draw, feature), ``wanted`` and ``variance`` (feature,); ``log_likelihood`` (draw,) of
    the whole evidence: the fit is made where it is high.
    """

    said: Array
    wanted: Array
    variance: Array
    log_likelihood: Array


@dataclass(frozen=True)
class Draws:
    """Points (draw, n), what the model said of each, and the log of their mixed proposal."""

    points: Array
    said: list[Array]
    log_mixture: Array

    @property
    def log_prior_weight(self) -> Array:
        """(draw,) log of prior over proposal."""
        return -0.5 * (self.points**2).sum(axis=1) - self.log_mixture


def prior(size: int) -> Gaussian:
    """Standard normal scores.

    Examples
    --------
    >>> float(prior(2).log_density(np.array([[1.0, 1.0]]))[0])
    -1.0
    """
    return Gaussian(np.zeros(size), np.eye(size))


def aimed(points: Array, aim: Aim) -> Gaussian:
    """Gaussian to which a linear fit of the model takes the prior, given the evidence.

    Parameters
    ----------
    points : (draw, n) [1]
    aim : Aim

    Returns
    -------
    Gaussian
        Narrower than the prior by a part of what the fit says, and in no other direction: in many
        dimensions any width too much costs nearly all draws.

    Examples
    --------
    >>> z = np.linspace(-2, 2, 2001)[:, None]
    >>> found = aimed(z, Aim(z, np.array([2.0]), np.array([1.0]), np.zeros(2001)))
    >>> round(float(found.mean[0]), 2)
    1.0
    """
    weight = near(aim.log_likelihood)[:, None]
    centre, said = (weight * points).sum(axis=0), (weight * aim.said).sum(axis=0)
    x, y = points - centre, aim.said - said
    ridge = RIDGE / len(points) * np.eye(x.shape[1])
    slope = np.linalg.solve(x.T @ (weight * x) + ridge, x.T @ (weight * y))
    error = aim.variance + (weight * (y - x @ slope) ** 2).sum(axis=0)
    gain = np.linalg.solve(slope.T @ slope + np.diag(error), slope.T).T
    mean = gain @ (aim.wanted - said + centre @ slope)
    spread = np.eye(len(mean)) - LEARNT * gain @ slope.T
    return Gaussian(mean, np.linalg.cholesky((spread + spread.T) / 2))


def near(log_likelihood: Array) -> Array:
    """Weights (draw,) by likelihood to the power at which a third of all draws still count.

    Examples
    --------
    >>> near(np.zeros(4)).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    power = 1.0
    while effective(power * log_likelihood) < len(log_likelihood) / 3:
        power /= 1.25
    weight = np.exp(power * (log_likelihood - log_likelihood.max()))
    return weight / weight.sum()


def log_mixture(points: Array, proposals: Sequence[tuple[int, Gaussian]]) -> Array:
    """Log density (draw,) of the mixture of proposals, each with the number of its draws."""
    logs = np.stack([np.log(count) + one.log_density(points) for count, one in proposals])
    top = logs.max(axis=0)
    total = sum(count for count, _ in proposals)
    return top + np.log(np.exp(logs - top).sum(axis=0)) - np.log(total)


def effective(log_weights: Array) -> float:
    """Effective number of draws of log weights: one over the sum of squared shares (Kish).

    Examples
    --------
    >>> round(effective(np.log(np.array([1.0, 1.0, 1e-9]))), 6)
    2.0
    """
    return float(1 / (normalised(log_weights) ** 2).sum())


def normalised(log_weights: Array) -> Array:
    """Shares (draw,) of log weights, which sum to one.

    Examples
    --------
    >>> normalised(np.log(np.array([1.0, 3.0]))).round(6).tolist()
    [0.25, 0.75]
    """
    share = np.exp(log_weights - log_weights.max())
    return share / share.sum()


def sampled(
    model: Callable[[Array, int], list[Array]],
    aims: Callable[[Array, list[Array]], Sequence[Aim]],
    size: int,
    count: int,
    rounds: int,
    seed: int = 0,
) -> Draws:
    """Draws of several rounds, the first from the prior, later ones aimed at the evidence.

    Parameters
    ----------
    model : callable
        From points (draw, n) and the number of the round to a list of arrays (draw, ...); rows of
        which any number is not finite are points at which the model has no answer.
    aims : callable
        From points and what the model said of them to the evidence to aim at.
    size : int
        Number of scores.
    count : int
        Draws in all, spread evenly over rounds.
    rounds : int
    seed : int

    Returns
    -------
    Draws
        Points without an answer are left in, with what the model said of them.
    """
    luck = np.random.default_rng(seed)
    proposals: list[tuple[int, Gaussian]] = []
    points, said = np.zeros((0, size)), list[Array]()
    for turn in range(rounds):
        new = [prior(size)]
        if turn:
            there = answered(said)
            new += [aimed(points[there], one) for one in aims(points[there], kept(said, there))]
        sizes = shares(count * (turn + 1) // rounds - count * turn // rounds, len(new))
        fresh = np.concatenate(
            [
                one.points(luck.standard_normal((part, size)))
                for one, part in zip(new, sizes, strict=True)
            ]
        )
        proposals += [(part, one) for one, part in zip(new, sizes, strict=True) if part]
        answer = model(fresh, turn)
        points = np.concatenate([points, fresh])
        pairs = zip(said or answer, answer, strict=True)
        said = [np.concatenate(pair) for pair in pairs] if turn else answer
    return Draws(points, said, log_mixture(points, proposals))


def shares(count: int, parts: int) -> list[int]:
    """Draws of each part, as even as whole numbers allow.

    Examples
    --------
    >>> shares(10, 4)
    [2, 3, 2, 3]
    """
    return [count * (n + 1) // parts - count * n // parts for n in range(parts)]


def answered(said: list[Array]) -> Array:
    """(draw,) whether every number that the model said of a point is finite."""
    return np.all([np.isfinite(one).reshape(len(one), -1).all(axis=1) for one in said], axis=0)


def kept(said: list[Array], chosen: Array) -> list[Array]:
    """Rows of all arrays."""
    return [one[chosen] for one in said]
