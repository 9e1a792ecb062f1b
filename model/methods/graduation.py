"""From age groups to single years, and from fractions to whole people, totals kept."""

from itertools import pairwise

import numpy as np

from model.axes import AGES, OLDEST, Array


def controlled_rounding(values: Array, total: Array | int | None = None) -> Array:
    """Whole numbers nearest to ``values`` that keep their total (largest remainder).

    Parameters
    ----------
    values : (..., n) [persons]
        Non-negative.
    total : (...) [persons]
        Whole sums to reach; by default the rounded sums of ``values``.

    Returns
    -------
    (..., n) [persons]
        Integers, each less than one away from a proportional share.

    Raises
    ------
    ValueError
        A negative value, or a positive total to share among nobody.

    Examples
    --------
    >>> controlled_rounding(np.array([1.4, 1.4, 1.2])).tolist()
    [2, 1, 1]
    """
    values = np.asarray(values, dtype=float)
    if np.any(values < 0):
        raise ValueError(f"negative count in cell {int(np.argmin(values))}")
    mass = values.sum(axis=-1)
    wanted = np.asarray(np.rint(mass) if total is None else total, dtype=np.int64)
    empty = mass == 0
    if np.any(empty & (wanted != 0)):
        lost = int(np.max(wanted * empty))
        raise ValueError(f"{lost} persons to share among cells that are all empty")
    shares = values * (wanted / np.where(empty, 1.0, mass))[..., None]
    whole = np.floor(shares).astype(np.int64)
    short = wanted - whole.sum(axis=-1)
    order = np.argsort(-(shares - whole), axis=-1, kind="stable")
    # The place of each in that order; those before the number that is short get one more.
    place = np.argsort(order, axis=-1, kind="stable")
    return whole + (place < short[..., None])


def graduate(starts: Array, counts: Array, open_shape: Array) -> Array:
    r"""Single years of age from grouped counts, every group total kept exactly.

    A monotone cubic (Fritsch, Carlson 1980, SIAM J. Numer. Anal. 17) through the cumulated
    counts gives each single year a non-negative share; the open group is spread by
    ``open_shape``; controlled rounding makes whole people within each group.

    Parameters
    ----------
    starts : (group,) [years]
        First age of each group, rising from 0; the last group is open.
    counts : (..., group) [persons]
        Whole people in each group.
    open_shape : (..., age) [1]
        Relative numbers by age 0-100, used from the last start upwards.

    Returns
    -------
    (..., age) [persons]
        Integers by single year, 0-100+.

    Raises
    ------
    ValueError
        When the groups do not start at 0 or do not rise.

    Examples
    --------
    >>> ages = graduate(np.array([0, 5, 10]), np.array([50, 50, 30]), np.ones(101))
    >>> ages[:5].tolist(), int(ages[10:].sum())
    ([10, 10, 10, 10, 10], 30)
    """
    from scipy.interpolate import PchipInterpolator

    starts = np.asarray(starts)
    if starts[0] != 0 or np.any(np.diff(starts) <= 0):
        raise ValueError("age groups must start at 0 and rise")
    counts = np.asarray(counts, dtype=float)
    whole, last = np.rint(counts).astype(np.int64), int(starts[-1])
    result = np.zeros((*counts.shape[:-1], OLDEST + 1), dtype=np.int64)
    if last and np.all(np.diff(starts) == 1):
        result[..., :last] = whole[..., :-1]
    elif last:
        cumulated = np.zeros(counts.shape)
        np.cumsum(counts[..., :-1], axis=-1, out=cumulated[..., 1:])
        edges = PchipInterpolator(starts.astype(float), cumulated, axis=-1)(np.arange(last + 1))
        single = np.maximum(np.diff(edges, axis=-1), 0.0)
        for group, (low, high) in enumerate(pairwise(starts)):
            result[..., low:high] = controlled_rounding(single[..., low:high], whole[..., group])
    shape = np.where(last <= AGES, open_shape, 0.0)
    scale = counts[..., -1] / shape.sum(axis=-1)
    return result + controlled_rounding(shape * scale[..., None], whole[..., -1])


def spread_rates(starts: Array, rates: Array) -> Array:
    """Rates by single year from rates by age group: each age takes its group's rate.

    Examples
    --------
    >>> spread_rates(np.array([0, 15]), np.array([0.0, 0.7]))[[14, 15, 100]].tolist()
    [0.0, 0.7, 0.7]
    """
    group = np.searchsorted(np.asarray(starts), AGES, side="right") - 1
    return np.asarray(rates, dtype=float)[group]


def interpolate_log_rates(starts: Array, rates: Array) -> Array:
    """Death rates by single year: logs interpolated between the middles of the groups.

    Age 0 keeps its own rate; beyond the last middle the last slope goes on.

    Examples
    --------
    >>> m = interpolate_log_rates(np.array([0, 1, 5, 10]), np.array([.01, .001, .001, .001]))
    >>> round(float(m[0]), 6), round(float(m[7]), 6)
    (0.01, 0.001)
    """
    starts = np.asarray(starts, dtype=float)
    ends = np.append(starts[1:], starts[-1] + 1)
    middles, logs = (starts + ends) / 2, np.log(np.asarray(rates, dtype=float))
    mid_age = AGES + 0.5
    single = np.interp(mid_age, middles[1:], logs[1:])
    beyond = mid_age > middles[-1]
    slope = (logs[-1] - logs[-2]) / (middles[-1] - middles[-2])
    single[beyond] = logs[-1] + slope * (mid_age[beyond] - middles[-1])
    single[0] = logs[0]
    return np.exp(single)
