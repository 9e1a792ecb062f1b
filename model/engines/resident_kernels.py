"""Compiled passes over residents, one row a person, in parallel blocks of rows.

A person is one byte of zone, of age and of traits (hukou, education, sex packed by
:func:`pack`), and a 64-bit key. Luck comes from the key alone, so neither the order of rows nor
the number of threads changes anything. A pass marks the rows to which something happens; what
follows handles those few. A row of age :data:`NOBODY` is free.
"""

import numpy as np
from numba import njit, prange

from model.axes import EDUCATION, FEMALE, FIRST_BIRTH, HUKOU, LAST_BIRTH, OLDEST, SEXES, Array
from model.engines.luck import fill, fill_alternatives, fill_four, uniform

NOBODY = 255
LEVELS = len(EDUCATION)
TRAITS = len(HUKOU) * LEVELS * len(SEXES)
AGES = OLDEST + 1
BLOCK = 4096


@njit(cache=True)
def pack(hukou, education, sex):  # type: ignore[no-untyped-def]
    """One byte for three traits.

    Examples
    --------
    >>> pack(2, 3, 1), unpack(23)
    (23, (2, 3, 1))
    """
    return (hukou * LEVELS + education) * 2 + sex


@njit(cache=True)
def unpack(trait):  # type: ignore[no-untyped-def]
    """Hukou, education and sex of a packed byte.

    Examples
    --------
    >>> unpack(0)
    (0, 0, 0)
    """
    return trait // (2 * LEVELS), (trait // 2) % LEVELS, trait % 2


@njit(cache=True, parallel=True)
def count(zone, age, trait, zones, blocks):  # type: ignore[no-untyped-def]
    """People by cell, (zone, trait, age), each block on a table of its own."""
    tables = np.zeros((blocks, zones * TRAITS * AGES), dtype=np.int64)
    rows = len(zone)
    for block in prange(blocks):
        table = tables[block]
        for row in range(block * rows // blocks, (block + 1) * rows // blocks):
            years = age[row]
            if years != NOBODY:
                table[(np.int64(zone[row]) * TRAITS + trait[row]) * AGES + years] += 1
    return tables.sum(axis=0)


@njit(cache=True, parallel=True)
def die(zone, age, trait, key, surviving, k0, k1, year, event):  # type: ignore[no-untyped-def]
    """Marks those who die; the others are a year older. ``surviving`` (zone, sex, age)."""
    rows = len(age)
    for block in prange((rows + BLOCK - 1) // BLOCK):
        low, high = block * BLOCK, min((block + 1) * BLOCK, rows)
        luck = np.empty(BLOCK)
        fill(k0, k1, key[low:high], year, luck)
        for row in range(low, high):
            years, gone = age[row], 0
            if years != NOBODY:
                if luck[row - low] < surviving[zone[row], trait[row] % 2, years]:
                    age[row] = min(years + 1, OLDEST)
                else:
                    gone = 1
            event[row] = gone


@njit(cache=True, parallel=True)
def learn(age, trait, key, entering, ages, k0, k1, year):  # type: ignore[no-untyped-def]
    """Those of an age at which a level begins enter it by chance; ``ages`` says which."""
    for row in prange(len(age)):
        years = age[row]
        if years != NOBODY and ages[years]:
            _, education, sex = unpack(trait[row])
            chance = entering[education, sex, years] if education < LEVELS - 1 else 0.0
            if chance > 0.0 and uniform(k0, k1, key[row], year, 0) < chance:
                trait[row] += 2


@njit(cache=True, parallel=True)
def register(zone, age, trait, key, chance, k0, k1, year, event):  # type: ignore[no-untyped-def]
    """Marks those registered elsewhere who become local; ``chance`` (zone, hukou)."""
    rows = len(age)
    for block in prange((rows + BLOCK - 1) // BLOCK):
        low, high = block * BLOCK, min((block + 1) * BLOCK, rows)
        concerned, count = np.empty(BLOCK, dtype=np.int64), 0
        for row in range(low, high):
            event[row] = 0
            if age[row] != NOBODY and trait[row] >= 2 * LEVELS:
                concerned[count] = row
                count += 1
        luck = luck_of(key, concerned[:count], k0, k1, year)
        for n in range(count):
            row = concerned[n]
            event[row] = luck[n] < chance[zone[row], trait[row] // (2 * LEVELS)]


@njit(cache=True, parallel=True)
def bear(zone, age, trait, key, rates, k0, k1, year, event):  # type: ignore[no-untyped-def]
    """Marks women who bear a child; ``rates`` (zone, education, age)."""
    rows = len(age)
    for block in prange((rows + BLOCK - 1) // BLOCK):
        low, high = block * BLOCK, min((block + 1) * BLOCK, rows)
        women, count = np.empty(BLOCK, dtype=np.int64), 0
        for row in range(low, high):
            event[row] = 0
            if FIRST_BIRTH <= age[row] <= LAST_BIRTH and trait[row] % 2 == FEMALE:
                women[count] = row
                count += 1
        luck = luck_of(key, women[:count], k0, k1, year)
        for n in range(count):
            row = women[n]
            event[row] = luck[n] < rates[zone[row], (trait[row] // 2) % LEVELS, age[row]]


@njit(cache=True)
def luck_of(key, rows, k0, k1, year):  # type: ignore[no-untyped-def]
    """Luck of some rows, in their order."""
    keys, luck = np.empty(len(rows), dtype=np.uint64), np.empty(len(rows))
    for n in range(len(rows)):
        keys[n] = key[rows[n]]
    fill(k0, k1, keys, year, luck)
    return luck


@njit(cache=True, parallel=True)
def leave(zone, age, trait, key, chance, group, k0, k1, year, event):  # type: ignore[no-untyped-def]
    """Marks movers; ``chance`` (place, group, age), ``group`` (hukou, education, age)."""
    rows = len(age)
    for block in prange((rows + BLOCK - 1) // BLOCK):
        low, high = block * BLOCK, min((block + 1) * BLOCK, rows)
        luck = np.empty(BLOCK)
        fill(k0, k1, key[low:high], year, luck)
        for row in range(low, high):
            years, gone = age[row], 0
            if years != NOBODY:
                cell = trait[row] // 2
                which = group[cell // LEVELS, cell % LEVELS, years]
                gone = luck[row - low] < chance[zone[row], which, years]
            event[row] = gone


@njit(cache=True, parallel=True)
def choose(key, origin, which, shares, k0, k1, year, goal):  # type: ignore[no-untyped-def]
    """Goal of each mover: the least of exponential times over shares (one per alternative).

    The same as the largest of log share plus a Gumbel number. Alternatives come in pairs from
    one cipher; as -log(u) is never below 1 - u, most are ruled out without a logarithm.
    ``shares`` (group, place, place).
    """
    places = shares.shape[2]
    for row in prange(len(key)):
        luck = np.empty(places + places % 2)
        fill_alternatives(k0, k1, key[row], year, luck)
        weights = shares[which[row], origin[row]]
        best, found = np.inf, 0
        for place in range(places):
            if 1.0 - luck[place] < best * weights[place]:
                time = -np.log(luck[place]) / weights[place]
                if time < best:
                    best, found = time, place
        goal[row] = found


@njit(cache=True, inline="always")
def search(cumulated, guide, luck):  # type: ignore[no-untyped-def]
    """First alternative whose cumulated share exceeds the luck, by way of a guide table.

    ``guide`` holds where to begin for each of equal parts of (0, 1) (Chen, Asau 1974).
    """
    found = guide[int(luck * len(guide))]
    while found < len(cumulated) and cumulated[found] <= luck:
        found += 1
    return found


@njit(cache=True, parallel=True)
def work(  # type: ignore[no-untyped-def]
    zone, age, trait, key, part, places, to_place, sectors, to_sector, modes, words, year, blocks,
):  # fmt: skip
    """Who offers work, where they work, in which sector, and how they get there, added up.

    ``part`` (zone, education and sex, age); ``places`` (zone, to_zone) and ``sectors`` (to_zone,
    sector) cumulated, each with its guide; ``modes`` (zone, to_zone, mode) cumulated. Answers the
    labour force (zone), commuters (zone, to_zone), jobs (sector, zone) and commuters by mode
    (zone, to_zone, mode); whoever draws beyond the last workplace has no job.
    """
    rows, zones, kinds, means = len(age), len(places), sectors.shape[1], modes.shape[2]
    k0, k1 = words
    force = np.zeros((blocks, zones), dtype=np.int64)
    commuters = np.zeros((blocks, zones, zones), dtype=np.int64)
    jobs = np.zeros((blocks, kinds, zones), dtype=np.int64)
    by_mode = np.zeros((blocks, zones, zones, means), dtype=np.int64)
    for block in prange(blocks):
        active, goal_luck = np.empty(BLOCK), np.empty(BLOCK)
        kind_luck, mode_luck = np.empty(BLOCK), np.empty(BLOCK)
        end = (block + 1) * rows // blocks
        for low in range(block * rows // blocks, end, BLOCK):
            high = min(low + BLOCK, end)
            fill_four(k0, k1, key[low:high], year, active, goal_luck, kind_luck, mode_luck)
            for row in range(low, high):
                years = age[row]
                if years == NOBODY:
                    continue
                home = zone[row]
                if active[row - low] >= part[home, trait[row] % (2 * LEVELS), years]:
                    continue
                force[block, home] += 1
                goal = search(places[home], to_place[home], goal_luck[row - low])
                if goal < zones:
                    commuters[block, home, goal] += 1
                    kind = search(sectors[goal], to_sector[goal], kind_luck[row - low])
                    jobs[block, min(kind, kinds - 1), goal] += 1
                    mode = 0
                    while mode < means - 1 and modes[home, goal, mode] <= mode_luck[row - low]:
                        mode += 1
                    by_mode[block, home, goal, mode] += 1
    return force.sum(axis=0), commuters.sum(axis=0), jobs.sum(axis=0), by_mode.sum(axis=0)


def guide_of(cumulated: Array, parts: int = 256) -> Array:
    """Where a search for each of equal parts of (0, 1) begins, row by row.

    Parameters
    ----------
    cumulated : (n, m) [1]
        Rising along each row.
    parts : int

    Returns
    -------
    (n, parts) [1]

    Examples
    --------
    >>> guide_of(np.array([[0.5, 1.0]]), parts=4).tolist()
    [[0, 0, 1, 1]]
    """
    starts = np.arange(parts) / parts
    return np.array(
        [np.searchsorted(row, starts, side="right") for row in cumulated], dtype=np.int16
    )
