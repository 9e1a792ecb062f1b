"""Compiled pass of work: who offers it, and where, how and in which sector they work.

Workplace and mode are one draw from the alias table of the residence, the sector one from that
of the workplace (Walker 1977, Vose 1991).
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from model.axes import Array
from model.engines.assignment import alias_of, alias_tables, packed_alias
from model.engines.luck import mixed
from model.engines.resident_kernels import BLOCK, LAST, STRIDE, TRAITS, decide, desk
from model.engines.resident_screens import stand
from model.kernels.compiled import njit
from model.population import WorkTable

TOP, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)


class Jobs(NamedTuple):
    """Alias tables of work, each entry a threshold of 32 bits above the alias.

    ``outcome`` (zone, to_zone * mode + 1) and ``sector`` (to_zone + 1, sector); ``place`` holds the
    workplace of each outcome, of the last, no work, one beyond the zones.
    """

    outcome: Array
    sector: Array
    place: Array


def job_tables(table: WorkTable) -> Jobs:
    """Alias tables of workplace and mode by residence, and of sector by workplace."""
    modes, zones, _ = table.mode[0].shape
    by_pair = np.ascontiguousarray(table.mode[0].transpose(1, 2, 0))
    joint = packed_alias(alias_tables(table.workplace[0], by_pair))
    sectors = np.zeros((zones + 1, table.sector.shape[2]))
    sectors[:-1] = table.sector[0]
    return Jobs(joint, packed_alias(alias_of(sectors)), places_of(zones, modes))


@lru_cache(maxsize=4)
def places_of(zones: int, modes: int) -> Array:
    """Workplace of every outcome, the last of which is none: one beyond the zones.

    Examples
    --------
    >>> places_of(2, 3).tolist()
    [0, 0, 0, 1, 1, 1, 2]
    """
    return np.minimum(np.arange(zones * modes + 1) // modes, zones).astype(np.int16)


@njit(cache=True, inline="always")
def drawn(entry, spot):  # type: ignore[no-untyped-def]
    """Outcome of an entry of alias tables: its own number, or the alias; without a branch."""
    alias, own = entry & LOW, spot >> TOP
    keeps = np.uint64((spot & LOW) < (entry >> TOP))
    return alias ^ ((alias ^ own) * keeps)


@njit(cache=True)
def offering(z, t, a, k, d, salt, odds, cell, on):  # type: ignore[no-untyped-def]
    """How many of a block offer work; ``on.found`` has where they stand.

    As :func:`model.engines.resident_kernels.screen` where most are struck: everybody's bar is
    looked up, in short loops, of which the compiler makes each run many people at once.
    """
    bars, wide = odds.bars.ravel(), np.uint32(TRAITS if len(odds.bars) > 1 else 0)
    for i in range(len(a)):
        person = np.uint32(z[i]) * wide + np.uint32(t[i])
        cell[i] = person * np.uint32(STRIDE) + np.uint32(a[i] & LAST)
    for i in range(len(a)):
        on.bar[i] = bars[np.uint64(cell[i])]
    for i in range(len(a)):
        on.may[i] = d[i] <= on.bar[i]
    n = stand(len(a), on.may, on.found)
    for one in range(n):
        who = np.uint64(on.found[one])
        bar = on.bar[who]
        on.bar[one], on.hit[one] = bar, d[who] < bar
    return decide(z, t, a, k, salt, odds, n, on)


@njit(cache=True)
def work(zone, trait, age, key, die, salt, odds, work_salt, jobs, outcomes, posts):  # type: ignore[no-untyped-def]
    """Who offers work; their workplaces, modes and sectors, added up.

    ``outcomes`` (zone, outcome) and ``posts`` (to_zone + 1, sector).
    """
    many, kinds = np.uint64(outcomes.shape[1]), np.uint64(posts.shape[1])
    of_home, of_place, places = jobs.outcome.ravel(), jobs.sector.ravel(), jobs.place
    told, filled, on = outcomes.ravel(), posts.ravel(), desk()
    cell = np.empty(BLOCK, dtype=np.uint32)
    words = np.empty(BLOCK, dtype=np.uint64)
    goal, post = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    for low in range(0, len(age), BLOCK):
        here = slice(low, low + BLOCK)
        home, keys = zone[here], key[here]
        n = offering(home, trait[here], age[here], keys, die[here], salt, odds, cell, on)
        # Apart, for in one loop each person would wait for the counters of the one before.
        for i in range(n):
            words[i] = mixed(keys[np.uint64(on.found[i])] ^ work_salt)
        for i in range(n):
            base, spot = np.uint64(home[np.uint64(on.found[i])]) * many, (words[i] >> TOP) * many
            goal[i] = drawn(of_home[base + (spot >> TOP)], spot)
            told[base + goal[i]] += 1
        for i in range(n):
            base, spot = np.uint64(places[goal[i]]) * kinds, (words[i] & LOW) * kinds
            post[i] = base + drawn(of_place[base + (spot >> TOP)], spot)
        for i in range(n):
            filled[post[i]] += 1
