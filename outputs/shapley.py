r"""Shapley values of a game whose worth is known only by running a model.

.. math:: \phi_i = \frac{1}{n!} \sum_{\pi} \bigl[v(P_i^\pi \cup \{i\}) - v(P_i^\pi)\bigr]

A few players are done exactly. More of them are done along an order and its reverse (antithetic
orders), another in each draw: that is exact as long as players interact in pairs only, unbiased
over orders otherwise, and the contributions add up to the whole in each draw. What a player does
alone is cheap (one run) and is taken over more draws than the orders are; the regression of both
on the whole effect, which is known in every draw, carries them to all draws and keeps the sum
exact. The error of what the orders add beyond the players alone is taken from how it varies
between draws, each with its order: draws and orders are in it together.

Sources: Shapley (1953); Castro, Gomez and Tejada (2009, Computers & OR 36) for sampled orders;
Mitchell, Cooper, Frank and Holmes (2022, JMLR 23) for antithetic ones.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from model.axes import Array

Coalition = frozenset[int]
Worth = Mapping[Coalition, Array]
FEW = 4
ROUNDING = 1e-9


@dataclass(frozen=True)
class Shares:
    """Contributions of players to a whole, each ``(player, ...)`` but for the whole ``(...)``.

    ``error`` is the standard error of ``mean`` as an estimate over all draws; ``low`` and
    ``high`` bound nine draws in ten, NaN where nothing varies between them; ``alone`` is the
    effect of a player by itself and ``synergy`` what the whole has beyond the sum of those, with
    its own error.
    """

    mean: Array
    error: Array
    low: Array
    high: Array
    alone: Array
    whole: Array
    synergy: Array
    synergy_error: Array

    @property
    def residual(self) -> Array:
        """Whole less the sum of contributions, relative to the size of both, ``(...)`` [1]."""
        size = np.abs(self.mean).sum(axis=0) + np.abs(self.whole)
        return np.abs(self.mean.sum(axis=0) - self.whole) / np.where(size > 0, size, 1.0)


def coalitions(players: int, order: Iterable[int]) -> list[Coalition]:
    """Coalitions to run besides nobody, everybody and each alone.

    Parameters
    ----------
    players : int
    order : iterable of int
        An order of all players; used with its reverse where there are more than a few.

    Returns
    -------
    list of frozenset

    Examples
    --------
    >>> [sorted(c) for c in coalitions(3, (0, 1, 2))]
    [[0, 1], [0, 2], [1, 2]]
    >>> len(coalitions(10, range(10)))
    16
    """
    if players <= FEW:
        sizes = range(2, players)
        return [frozenset(c) for k in sizes for c in combinations(range(players), k)]
    along = tuple(order)
    found = [frozenset(way[:size]) for way in (along, along[::-1]) for size in range(2, players)]
    return list(dict.fromkeys(found))


def exact(worth: Worth, players: int) -> Array:
    """Shapley values from the worth of every coalition, ``(player, ...)``.

    Examples
    --------
    >>> glove = {frozenset(c): np.array(float({0} < set(c))) for k in range(4)
    ...          for c in combinations(range(3), k)}
    >>> exact(glove, 3).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    found = []
    for player in range(players):
        others = [p for p in range(players) if p != player]
        terms = [
            factorial(size) * factorial(players - size - 1) / factorial(players)
            * (worth[frozenset(c) | {player}] - worth[frozenset(c)])
            for size in range(players)
            for c in combinations(others, size)
        ]  # fmt: skip
        found.append(np.sum(terms, axis=0))
    return np.array(found)


def along_orders(worth: Worth, order: Iterable[int]) -> Array:
    """Mean of the marginal contributions along an order and its reverse, ``(player, ...)``.

    Examples
    --------
    >>> worth = {frozenset(c): np.array(float(len(c) ** 2)) for k in range(4)
    ...          for c in combinations(range(3), k)}
    >>> along_orders(worth, (2, 0, 1)).tolist()
    [3.0, 3.0, 3.0]
    """
    along = tuple(order)
    whole = worth[frozenset(along)]
    found = np.zeros((len(along), *np.shape(whole)))
    for way in (along, along[::-1]):
        for place, player in enumerate(way):
            before = frozenset(way[:place])
            found[player] += (worth[before | {player}] - worth[before]) / 2
    return found


def shares(alone: Array, sampled: Array, whole: Array) -> Shares:
    r"""Contributions over all draws from players alone, sampled values and the whole.

    .. math::

        \tilde\phi_i = s_i + \overline{\phi_i - s_i} + w_i (I - \bar I), \quad
        I = \Delta - \textstyle\sum_i s_i, \qquad
        \hat\phi_i = \bar{\tilde\phi}_i + b_i (\bar\Delta_{all} - \bar\Delta)

    with :math:`\sum w_i = \sum b_i = 1`; :math:`b_i` is the slope of contribution on whole.

    Parameters
    ----------
    alone : (player, draw, ...)
        Effect of each player by itself, in the first draws.
    sampled : (player, draw, ...)
        Shapley values in as many or fewer of the first draws.
    whole : (draw, ...)
        Effect of all players together, in all draws.

    Returns
    -------
    Shares

    Examples
    --------
    >>> alone = np.array([[1.0, 3.0], [2.0, 2.0]])
    >>> found = shares(alone, alone + 0.5, np.array([4.0, 6.0, 5.0, 5.0]))
    >>> found.mean.tolist(), float(found.synergy)
    ([2.5, 2.5], 1.0)
    """
    few, many = sampled.shape[1], alone.shape[1]
    here = whole[:many]
    joint = here - alone.sum(axis=0)
    weight = _weights(alone)
    extra = sampled - alone[:, :few]
    told = extra - weight[:, None] * joint[:few]
    each = alone + told.mean(axis=1)[:, None] + weight[:, None] * joint
    shift = whole.mean(axis=0) - here.mean(axis=0)
    slope, rest = _regressed(each, here, weight)
    among = 1 - many / len(whole)
    variance = rest / many * among + _variance(told) / few
    # A player who does nothing alone, but for rounding, is known by what it adds to others, in the
    # mean only.
    spread = np.ptp(each, axis=1) > ROUNDING * np.abs(each).max(axis=1)
    low, high = np.where(spread, np.percentile(each, [5, 95], axis=1), np.nan)
    slope_alone, _ = _regressed(alone, here, weight)
    slope_joint, rest_joint = _regressed(joint[None], here, np.zeros((1, *weight.shape[1:])))
    return Shares(
        mean=each.mean(axis=1) + slope * shift,
        error=np.sqrt(variance),
        low=low,
        high=high,
        alone=alone.mean(axis=1) + slope_alone * shift,
        whole=whole.mean(axis=0),
        synergy=joint.mean(axis=0) + slope_joint[0] * shift,
        synergy_error=np.sqrt(rest_joint[0] / many * among),
    )


def carried(some: Array, whole: Array) -> tuple[Array, Array]:
    """Mean over all draws of what is known in the first, by regression on the whole effect.

    Parameters
    ----------
    some : (draw, ...)
        In the first draws.
    whole : (draw, ...)
        In all draws.

    Returns
    -------
    tuple of array
        Mean and its standard error, each ``(...)``.

    Examples
    --------
    >>> mean, error = carried(np.array([1.0, 2.0, 3.0]), np.array([2.0, 4.0, 6.0, 8.0]))
    >>> float(mean), float(error)
    (2.5, 0.0)
    """
    few = len(some)
    slope, left = _regressed(some[None], whole[:few], np.zeros((1, *whole.shape[1:])))
    shift = whole.mean(axis=0) - whole[:few].mean(axis=0)
    error = np.sqrt(left[0] / few * (1 - few / len(whole)))
    return some.mean(axis=0) + slope[0] * shift, error


def _weights(alone: Array) -> Array:
    """Shares of players in the size of their effects, ``(player, ...)``; they sum to one."""
    size = np.abs(alone).mean(axis=1)
    total = size.sum(axis=0)
    even = np.full(size.shape, 1 / len(size))
    return np.where(total > 0, size / np.where(total > 0, total, 1.0), even)


def _regressed(values: Array, whole: Array, otherwise: Array) -> tuple[Array, Array]:
    """Slope on the whole, ``(player, ...)``, and the variance that it leaves."""
    spread = whole - whole.mean(axis=0)
    size = (spread**2).sum(axis=0)
    moved = ((values - values.mean(axis=1, keepdims=True)) * spread).sum(axis=1)
    slope = np.where(size > 0, moved / np.where(size > 0, size, 1.0), otherwise)
    left = values - values.mean(axis=1, keepdims=True) - slope[:, None] * spread
    return slope, (left**2).sum(axis=1) / max(values.shape[1] - 2, 1)


def _variance(values: Array) -> Array:
    return values.var(axis=1, ddof=1) if values.shape[1] > 1 else np.zeros(values[:, 0].shape)
