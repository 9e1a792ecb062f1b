"""Alias tables, from which workplace and mode of a worker are one draw.

The table of a zone is over (workplace, mode) with one entry more for those without work. The draws
themselves are in :mod:`model.engines.resident_work`: the luck of a worker is a hash of the worker's
key, so that it does not depend on who else is there, nor on the order or the number of threads.

Sources: Walker (1977, ACM TOMS 3) and Vose (1991, IEEE TSE 17) for alias tables.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array
from model.kernels.compiled import njit


@dataclass(frozen=True)
class AliasTables:
    """Alias tables by zone: ``threshold`` and ``alias``, both (zone, outcome).

    Outcome ``to_zone * modes + mode`` is a workplace and a mode; the last is no work.
    """

    threshold: Array
    alias: Array


def alias_tables(workplace: Array, mode: Array) -> AliasTables:
    """Alias tables of the shares of workplaces and of modes among those who work there.

    Parameters
    ----------
    workplace : (zone, to_zone) [1]
        Probability to work there; rows sum to one at most.
    mode : (zone, to_zone, mode) [1]
        Shares, summing to one.

    Returns
    -------
    AliasTables

    Raises
    ------
    ValueError
        Shares that are negative, not numbers, or more than one in a row; tables that do not fit.

    Examples
    --------
    >>> tables = alias_tables(np.array([[0.5]]), np.ones((1, 1, 1)))
    >>> tables.threshold.tolist(), tables.alias.tolist()
    ([[1.0, 1.0]], [[0, 1]])
    """
    if mode.shape[:2] != workplace.shape:
        raise ValueError(f"shares of modes {mode.shape} for workplaces {workplace.shape}")
    idle = 1 - workplace.sum(axis=1)
    shares = np.empty((len(workplace), mode[0].size + 1))
    if not join(workplace, mode, idle, shares):
        zone = int(np.argmax(~(shares >= 0).all(axis=1) | (idle < -1e-9)))
        raise ValueError(f"zone {zone}: shares of work are not probabilities")
    shares /= shares.sum(axis=1, keepdims=True)
    return alias_of(shares)


@njit(cache=True)
def join(workplace, mode, idle, shares):  # type: ignore[no-untyped-def]
    """Workplace times mode, and then no work, as ``shares`` (zone, outcome); whether all can be."""
    zones, goals, modes = mode.shape
    fit = True
    for zone in range(zones):
        own = shares[zone]
        for goal in range(goals):
            for means in range(modes):
                own[goal * modes + means] = workplace[zone, goal] * mode[zone, goal, means]
        own[-1] = max(idle[zone], 0.0)
        fit &= idle[zone] >= -1e-9
        for outcome in range(len(own)):
            fit &= own[outcome] >= 0
    return fit


def alias_of(shares: Array) -> AliasTables:
    """Alias tables of shares (row, outcome) that sum to one; a row of zeros is not to be drawn.

    Examples
    --------
    >>> alias_of(np.array([[0.25, 0.75]])).threshold.tolist()
    [[0.5, 1.0]]
    """
    return AliasTables(*_alias(np.ascontiguousarray(shares)))


def packed_alias(tables: AliasTables) -> Array:
    """Alias tables with a word an entry: 32 bits of the threshold above those of the alias.

    Examples
    --------
    >>> [hex(entry) for entry in packed_alias(alias_of(np.array([[0.25, 0.75]])))[0].tolist()]
    ['0x8000000000000001', '0xffffffff00000001']
    """
    entries = np.empty(tables.alias.shape, dtype=np.uint64)
    pack_entries(tables.threshold.ravel(), tables.alias.ravel(), entries.ravel())
    return entries


@njit(cache=True)
def pack_entries(threshold, alias, entries):  # type: ignore[no-untyped-def]
    """Words of alias tables."""
    for i in range(len(entries)):
        bar = min(threshold[i] * 2.0**32, 2.0**32 - 1)
        entries[i] = (np.uint64(bar) << np.uint64(32)) | np.uint64(alias[i])


@njit(cache=True)
def _alias(shares):  # type: ignore[no-untyped-def]
    """Vose's construction for every row."""
    zones, outcomes = shares.shape
    threshold = np.empty((zones, outcomes))
    alias = np.empty((zones, outcomes), np.int32)
    small, large = np.empty((2, outcomes + 1), np.int32)
    for zone in range(zones):
        own, bar, other = shares[zone], threshold[zone], alias[zone]
        for k in range(outcomes):
            bar[k], other[k] = own[k] * outcomes, k
        few, many = sort_out(bar, small, large)
        few, many = pair_off(bar, other, small, large, few, many)
        for k in range(few):
            bar[small[k]] = 1.0
        for k in range(many):
            bar[large[k]] = 1.0
    return threshold, alias


@njit(cache=True)
def sort_out(bar, small, large):  # type: ignore[no-untyped-def]
    """Lists of the outcomes below one and of the others; how many there are of each.

    What is put beyond the end of a list is put over: there is no branch to be guessed wrong.
    """
    few, many = np.uint64(0), np.uint64(0)
    for k in range(len(bar)):
        less = np.uint64(bar[k] < 1.0)
        small[few] = large[many] = k
        few, many = few + less, many + (np.uint64(1) - less)
    return np.int64(few), np.int64(many)


@njit(cache=True)
def pair_off(bar, other, small, large, few, many):  # type: ignore[no-untyped-def]
    """Each of the small has what it lacks from the last of the large; answers who is left.

    What is left of a large one is at hand until it is small itself: memory would be waited for.
    """
    while few > 0 and many > 0:
        greater = large[many - 1]
        left = bar[greater]
        while few > 0 and left >= 1.0:
            few -= 1
            other[small[few]] = greater
            left -= 1.0 - bar[small[few]]
        bar[greater] = left
        if not left >= 1.0:
            many -= 1
            small[few] = greater
            few += 1
    return few, many
