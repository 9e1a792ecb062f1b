"""Kernels over cells of firms: counts ``(draw, sector, status, size_class, width)``.

Zones stand last, with room to a whole number of vectors (``width``) that nobody is in. Each draw
is worked on by itself, in one order, so that a draw is the same in any block; and each sector from
beginning to end while it is at hand, since reading firms again costs more than counting them.
Sectors without a technology ladder have no firms beyond the third status, and the kernels skip
those cells. The numpy twin of every kernel stands in its test.
"""

import numpy as np

from model.axes import Array
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    ESTABLISHED,
    FIRST_RUNG,
    STAGES,
    STATE,
    STATUSES,
    SUREST_EXIT,
    YOUNG,
)
from model.kernels.compiled import njit
from model.kernels.vectors import (
    LANES,
    across,
    fetch,
    fused,
    load,
    minus,
    plus,
    smaller,
    spread,
    store,
    times,
)

_MEANS = CLASS_MEANS
_LAST = CLASSES - 1
_RUNGS = len(STAGES)


def statuses_of(technology: Array) -> Array:
    """(sector,) how many statuses the firms of a sector can have.

    Examples
    --------
    >>> statuses_of(np.array([True, False])).tolist()
    [8, 3]
    """
    return np.where(np.asarray(technology, dtype=bool), len(STATUSES), FIRST_RUNG).astype(np.int64)


def with_room(counts: Array) -> Array:
    """Copy of counts whose zones are followed by empty ones, to a whole number of vectors.

    Examples
    --------
    >>> with_room(np.ones((2, 3))).shape, with_room(np.ones(8)).shape
    ((2, 8), (8,))
    """
    zones = counts.shape[-1]
    found = np.zeros((*counts.shape[:-1], -(-zones // LANES) * LANES))
    found[..., :zones] = counts
    return found


@njit(cache=True)
def _fill(row, into):  # type: ignore[no-untyped-def]
    """A row over zones, where vectors can read it."""
    for z in range(len(row)):
        into[z] = row[z]


# -- relocation and tally ------------------------------------------------------------


@njit(cache=True)
def move_cells(counts, statuses, rate, share):  # type: ignore[no-untyped-def]
    """Relocation in expectation, in place; see :func:`_move`."""
    draws, sectors, _ = rate.shape
    width = counts.shape[4]
    whole, leaving, sites = counts.shape[2] * CLASSES * width, np.zeros(width), np.zeros(width)
    for d in range(draws):
        for k in range(sectors):
            _fill(rate[d, k], leaving)
            _fill(share[d, k], sites)
            _move(counts, (d * sectors + k) * whole, statuses[k], leaving, sites)


@njit(cache=True)
def tally_cells(  # type: ignore[no-untyped-def]
    counts, statuses, rate, share, hazard, factor, mobility, scale, tallied
):
    """Relocation, in place; then firms and jobs, those that exits take, what steps would move.

    ``tallied`` (6, draw, sector, zone) holds firms, quitting, jobs, leaving, rising, falling.
    """
    draws, sectors, zones = factor.shape
    width = counts.shape[4]
    whole, leaving, sites = counts.shape[2] * CLASSES * width, np.zeros(width), np.zeros(width)
    by, found = np.zeros(width), np.zeros((6, width))
    for d in range(draws):
        for k in range(sectors):
            _fill(rate[d, k], leaving)
            _fill(share[d, k], sites)
            _fill(factor[d, k], by)
            at = (d * sectors + k) * whole
            _move(counts, at, statuses[k], leaving, sites)
            _tally(counts, at, statuses[k], hazard[d], by, mobility[d], found)
            for part in range(6):
                into, row = tallied[part, d, k], found[part]
                for z in range(zones):
                    into[z] = row[z] * scale[d, k, z] if part > 1 else row[z]


@njit(cache=True)
def _move(counts, at, living, rate, share):  # type: ignore[no-untyped-def]
    """Movers of a sector, whose cells begin at an index.

    A mover from zone i picks zone j with ``share[j] / (1 - share[i])``: what leaves every zone,
    each over one minus its share (``rate``), is one pool from which zone j takes its share, its
    own part left out.
    """
    width = len(rate)
    for s in range(living):
        if s == STATE:
            continue
        for b in range(CLASSES):
            row, pool = at + (s * CLASSES + b) * width, spread(0.0)
            for z in range(0, width, LANES):
                pool = fused(load(counts, row + z), load(rate, z), pool)
            pool = spread(across(pool))
            for z in range(0, width, LANES):
                here = load(counts, row + z)
                staying = minus(here, times(here, load(rate, z)))
                store(counts, row + z, fused(pool, load(share, z), staying))


@njit(cache=True)
def _tally(counts, at, living, hazard, by, mobility, found):  # type: ignore[no-untyped-def]
    """What :func:`tally_cells` finds in a sector, mean sizes aside."""
    width, most, none = len(by), spread(SUREST_EXIT), spread(0.0)
    for z in range(0, width, LANES):
        factor = load(by, z)
        firms, quitting, jobs, leaving, rising, falling = none, none, none, none, none, none
        for b in range(CLASSES):
            total, lost = none, none
            for s in range(living):
                here = load(counts, at + (s * CLASSES + b) * width + z)
                chance = smaller(times(spread(hazard[s, b]), factor), most)
                total, lost = plus(total, here), fused(here, chance, lost)
            mean, inclined = spread(_MEANS[b]), _MEANS[b] * mobility[b]
            gain, loss = inclined if b < _LAST else 0.0, 0.5 * inclined if b > 0 else 0.0
            left = minus(total, lost)
            firms, quitting = plus(firms, total), plus(quitting, lost)
            jobs, leaving = fused(total, mean, jobs), fused(lost, mean, leaving)
            rising, falling = fused(left, spread(gain), rising), fused(left, spread(loss), falling)
        store(found, z, firms)
        store(found, width + z, quitting)
        store(found, 2 * width + z, jobs)
        store(found, 3 * width + z, leaving)
        store(found, 4 * width + z, rising)
        store(found, 5 * width + z, falling)


# -- renewal and census --------------------------------------------------------------


@njit(cache=True)
def renew_cells(  # type: ignore[no-untyped-def]
    counts, statuses, hazard, factor, closing, mobility, up, down, change, entrants,
    entrant_size, entrant_state, scale, cells, sizes, rungs,
):  # fmt: skip
    """A year of firms in expectation, in place: exit, closure, steps, change of status, entry.

    The last three are the census of those that there are then; see :func:`census_cells`.
    """
    draws, sectors, _ = factor.shape
    width = counts.shape[4]
    whole, given = counts.shape[2] * CLASSES * width, np.zeros((5, width))
    turn, found = np.zeros((counts.shape[2], width)), np.zeros((4, width))
    classes, stages = np.zeros((CLASSES, width)), np.zeros((_RUNGS, width))
    for d in range(draws):
        classes[:] = 0.0
        stages[:] = 0.0
        for s in range(len(turn)):
            _fill(change[d, s], turn[s])
        for k in range(sectors):
            at, given[1, :] = (d * sectors + k) * whole, 1.0
            _fill(factor[d, k], given[0])
            for z in range(factor.shape[2]):
                given[1, z] = 1.0 - closing[d, k, z]
            _fill(up[d, k], given[2])
            _fill(down[d, k], given[3])
            _fill(entrants[d, k], given[4])
            for s in range(statuses[k]):
                begin = at + s * CLASSES * width
                following = begin + CLASSES * width if s + 1 < statuses[k] else at + whole
                for ahead in range(following, following + CLASSES * width, LANES):
                    fetch(counts, ahead)
                _live(counts, begin, hazard[d, s], mobility[d], given)
            _turn(counts, at, statuses[k], turn, given, entrant_size[d], entrant_state[d])
            _count(counts, at, statuses[k], found, classes, stages)
            _write(found, scale[d, k], cells[:, d, k])
        _write_rows(classes, sizes[d])
        _write_rows(stages, rungs[d])


@njit(cache=True)
def census_cells(counts, statuses, scale, cells, sizes, rungs):  # type: ignore[no-untyped-def]
    """Firms, private ones, jobs and jobs of the state by cell, firms by size and by rung.

    ``cells`` (4, draw, sector, zone), ``sizes`` (draw, size_class, zone), ``rungs`` (draw, stage,
    zone).
    """
    draws, sectors, _ = scale.shape
    width = counts.shape[4]
    whole, found = counts.shape[2] * CLASSES * width, np.zeros((4, width))
    classes, stages = np.zeros((CLASSES, width)), np.zeros((_RUNGS, width))
    for d in range(draws):
        classes[:] = 0.0
        stages[:] = 0.0
        for k in range(sectors):
            _count(counts, (d * sectors + k) * whole, statuses[k], found, classes, stages)
            _write(found, scale[d, k], cells[:, d, k])
        _write_rows(classes, sizes[d])
        _write_rows(stages, rungs[d])


@njit(cache=True)
def _live(counts, at, hazard, mobility, given):  # type: ignore[no-untyped-def]
    """Exit, closure and steps of a status, whose cells begin at an index, in place.

    From the lowest class to the highest: a class is complete once those are known who fall into it.
    """
    width = given.shape[1]
    one, most, none = spread(1.0), spread(SUREST_EXIT), spread(0.0)
    for z in range(0, width, LANES):
        factor, kept = load(given, z), load(given, width + z)
        up, down = load(given, 2 * width + z), load(given, 3 * width + z)
        row, staying, risen = at + z, none, none
        for b in range(CLASSES):
            quitting = smaller(times(spread(hazard[b]), factor), most)
            here = times(times(load(counts, row), kept), minus(one, quitting))
            rising = times(times(here, spread(mobility[b] if b < _LAST else 0.0)), up)
            falling = times(times(here, spread(mobility[b] if b > 0 else 0.0)), down)
            if b > 0:
                store(counts, row - width, plus(staying, falling))
            staying, risen = plus(minus(minus(here, rising), falling), risen), rising
            row += width
        store(counts, row - width, staying)


@njit(cache=True)
def _turn(counts, at, living, turn, given, size, owned):  # type: ignore[no-untyped-def]
    """Change of status, by the chances ``turn`` (status, width), and entry, in place.

    The young become established, state firms turn private, and the established climb the ladder
    where there is one. Who has just become established does not climb in the same year.
    """
    width = given.shape[1]
    plane = CLASSES * width
    for z in range(0, width, LANES):
        maturing, reform = load(turn, YOUNG * width + z), load(turn, STATE * width + z)
        new = load(given, 4 * width + z)
        for b in range(CLASSES):
            row = at + b * width + z
            private, state = spread(size[b] * (1.0 - owned)), spread(size[b] * owned)
            young, public = load(counts, row + YOUNG * plane), load(counts, row + STATE * plane)
            grown, freed = times(young, maturing), times(public, reform)
            here = load(counts, row + ESTABLISHED * plane)
            store(counts, row + YOUNG * plane, fused(new, private, minus(young, grown)))
            store(counts, row + STATE * plane, fused(new, state, minus(public, freed)))
            if living > FIRST_RUNG:
                climbing = times(here, load(turn, ESTABLISHED * width + z))
                here = minus(here, climbing)
                for s in range(FIRST_RUNG, living):
                    rung = load(counts, row + s * plane)
                    chance = spread(0.0) if s == living - 1 else load(turn, s * width + z)
                    leaving = times(rung, chance)
                    store(counts, row + s * plane, plus(minus(rung, leaving), climbing))
                    climbing = leaving
            store(counts, row + ESTABLISHED * plane, plus(here, plus(grown, freed)))


@njit(cache=True)
def _count(counts, at, living, found, classes, stages):  # type: ignore[no-untyped-def]
    """Census of a sector, mean sizes aside; firms by size and by rung are added up."""
    width = found.shape[1]
    for z in range(0, width, LANES):
        firms, held, owned, state = spread(0.0), spread(0.0), spread(0.0), spread(0.0)
        for b in range(CLASSES):
            total, mean = spread(0.0), spread(_MEANS[b])
            for s in range(living):
                here = load(counts, at + (s * CLASSES + b) * width + z)
                total = plus(total, here)
                if s == STATE:
                    owned, state = plus(owned, here), fused(here, mean, state)
                if s >= FIRST_RUNG:
                    rung = (s - FIRST_RUNG) * width + z
                    store(stages, rung, plus(load(stages, rung), here))
            firms, held = plus(firms, total), fused(total, mean, held)
            store(classes, b * width + z, plus(load(classes, b * width + z), total))
        store(found, z, firms)
        store(found, width + z, minus(firms, owned))
        store(found, 2 * width + z, held)
        store(found, 3 * width + z, state)


@njit(cache=True)
def _write(found, size, into):  # type: ignore[no-untyped-def]
    """A census of a sector, jobs by the mean size of the cell."""
    for part in range(4):
        for z in range(len(size)):
            into[part, z] = found[part, z] * size[z] if part > 1 else found[part, z]


@njit(cache=True)
def _write_rows(rows, into):  # type: ignore[no-untyped-def]
    """Rows without their room."""
    for i in range(len(into)):
        for z in range(into.shape[1]):
            into[i, z] = rows[i, z]
