"""What relocation is told and answers, and what all draws of a move table share."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from model.axes import LOCAL, Array
from model.engines.cohort_moves import GOALS
from model.processes.mobility import cells_apart, main_groups


class Growth(NamedTuple):
    """What people have lived through since their cells were last brought up to date.

    ``years`` is 0 or 1; ``surviving`` (draw, place or 1, cell of sex and age) [1] the chance of
    each by the age before; ``chance`` (draw, place, hukou) [1] that of becoming local after it.
    """

    years: int
    surviving: Array
    chance: Array


class Choices(NamedTuple):
    """What differs between draws of a :class:`model.population.MoveTable`."""

    leave: Array
    destination: Array
    home: Array


class Sums(NamedTuple):
    """Sums of people: over education ``classed``, and over hukou classes ``schooled``."""

    classed: Array
    schooled: Array


class Moved(NamedTuple):
    """Arrays of :class:`model.population.Moves`."""

    flows: Array
    homecoming: Array
    arrivals: Array
    departures: Array


class Ways(NamedTuple):
    """Ways from cell to cell: all that is left out is zero.

    ``main`` (hukou,) is the group of most cells of a class, ``usual`` (hukou, education, age) one
    where a cell chooses as they do, ``cells`` (cell, 4) the class, education, age and group of the
    others; ``lands`` (hukou before, hukou after, place, place) is one where a pair of places leads
    to a class; ``seat`` (place,) that of each place. A row is a class and place, in this order.

    ``tiles`` (tile, 6) are the first row after the move of some; where the ``runs`` that lead there
    begin and end, and where the other rows in ``rows``; and the row to which those of the runs come
    home. A run is of rows that keep their class and come home alike: ``runs`` (run, 4) tells where
    they begin and end in ``rows``, and where the first chance of coming home stands of this run and
    of the next (-1: none). ``leads`` (row, goal) is one where such a row leads to that row of the
    tile by its class, ``homes`` where by coming home, and ``pairs`` (row, 2) tell where its first
    goal stands among the shares of destinations of a draw and among its chances of coming home.
    ``reaches`` (hukou before, hukou after, place) tells whether anybody of a place may become of a
    class.
    """

    main: Array
    usual: Array
    cells: Array
    lands: Array
    seat: Array
    tiles: Array
    runs: Array
    rows: Array
    leads: Array
    homes: Array
    pairs: Array
    reaches: Array


def ways_of(group: Array, becomes: Array, homeward: Array, seat: Array, settled: Array) -> Ways:
    """Ways of a move table.

    Parameters
    ----------
    group : (hukou, education, age) [1]
    becomes : (hukou, place, place) [1]
    homeward : (hukou, seat, place) [1]
        Where anybody may come home.
    seat : (place,) [1]
        These as in :class:`model.population.MoveTable`.
    settled : (place, hukou) [1]
        Where there may be people.
    """
    classes = len(becomes)
    main, (usual, cells) = main_groups(group), cells_apart(group)
    lands = becomes[:, None] == np.arange(classes)[:, None, None]
    here = settled.T[:, None, :, None]
    homes = np.zeros(lands.shape, dtype=bool)
    homes[:, LOCAL] = homeward[:, seat] & here[:, 0]
    reaches = (lands & here | homes).any(axis=3)
    keeps = kept_classes(lands, homeward) & here
    homes[:, LOCAL] &= ~keeps.any(axis=1)
    return Ways(
        main, usual, cells, lands.astype(float), seat.astype(np.int64),
        *_laid_out(lands & here, homes, keeps, main, seat, homeward.shape[1]), reaches,
    )  # fmt: skip


def _laid_out(
    lands: Array, homes: Array, keeps: Array, main: Array, seat: Array, seats: int
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """``tiles``, ``runs``, ``rows``, ``leads``, ``homes`` and ``pairs`` of :class:`Ways`."""
    classes, places = len(lands), len(seat)
    tiles: list[tuple[int, ...]] = []
    runs: list[tuple[int, ...]] = []
    rows, pairs = [np.zeros(0, dtype=np.int64)], [np.zeros((0, 2), dtype=np.int64)]
    parts, count = [np.zeros((2, 0, GOALS))], 0
    everywhere = np.asarray(keeps.any(axis=(0, 1, 2)))
    for after in range(classes):
        lead, home, kept = (each[:, after].reshape(-1, places) for each in (lands, homes, keeps))
        # Those who come home from a run arrive where there is a tile, if an empty one.
        met = everywhere if after == LOCAL else np.zeros_like(everywhere)
        for goal, stop in _tiles((lands | homes)[:, after], met):
            leading = np.flatnonzero((lead | home)[:, goal:stop].any(axis=1))
            some = kept[leading, goal:stop].any(axis=1)
            leading = np.concatenate([_by_seat(leading[some], seat), leading[~some]])
            chance = (leading // places * seats + seat[leading % places]) * places + goal
            begin, first = len(runs), count + int(some.sum())
            runs += _runs(chance[: first - count], count)
            count += len(leading)
            row = after * places + goal
            tiles.append((row, begin, len(runs), first, count, LOCAL * places + goal))
            rows.append(leading)
            # Whoever comes home from a run is in its sums, and parted from the others later.
            both = np.stack([lead, home | kept])[:, leading, goal:stop].astype(float)
            parts.append(np.pad(both, ((0, 0), (0, 0), (0, GOALS + goal - stop))))
            share = (main[leading // places] * places + leading % places) * places + goal
            pairs.append(np.column_stack([share, chance]))
    # A row more, that the last of eight numbers is there.
    leads, comes = np.pad(np.concatenate(parts, axis=1), ((0, 0), (0, 1), (0, 0)))
    laid = np.array(tiles, dtype=np.int64).reshape(-1, 6)
    ran = np.array(runs, dtype=np.int64).reshape(-1, 4)
    return laid, ran, np.concatenate(rows), leads.copy(), comes.copy(), np.concatenate(pairs)


def kept_classes(lands: Array, homeward: Array) -> Array:
    """Moves by which a class that may come home stays what it is, of the shape of ``lands``.

    ``lands`` (hukou before, hukou after, place, place), ``homeward`` (hukou, seat, place). Who is
    local stays so by coming home: there is nothing to tell apart.

    Examples
    --------
    >>> lands, homeward = np.ones((3, 3, 1, 1), bool), np.ones((3, 1, 1), bool)
    >>> kept_classes(lands, homeward)[..., 0, 0].astype(int).tolist()
    [[0, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    same = np.eye(len(lands), dtype=bool)
    same[LOCAL] = False
    same[~homeward.any(axis=(1, 2))] = False
    return lands & same[:, :, None, None]


def _by_seat(rows: Array, seat: Array) -> Array:
    """Rows of one class, those of a seat together."""
    return rows[np.argsort(seat[rows % len(seat)], kind="stable")]


def _runs(where: Array, count: int) -> list[tuple[int, ...]]:
    """Runs of rows that begin at ``count`` and stand ``where`` among chances of coming home."""
    begins = [0, *(np.flatnonzero(np.diff(where)) + 1).tolist()] if len(where) else []
    ends, chances = [*begins[1:], len(where)], [*where[begins].tolist(), -1]
    return [
        (count + begin, count + end, *chances[at : at + 2])
        for at, (begin, end) in enumerate(zip(begins, ends, strict=False))
    ]


def _tiles(used: Array, met: Array) -> list[tuple[int, int]]:
    """First goals of tiles, in their order, and where they stop.

    ``used`` (hukou before, origin, goal) says which rows lead where, ``met`` (goal,) which goals
    have a tile even without. Goals that the same classes reach are parted from others.
    """
    by_class = np.asarray(used.any(axis=1)).T
    turns = np.flatnonzero(np.logical_xor(by_class[1:], by_class[:-1]).any(axis=1)) + 1
    some = by_class.any(axis=1) | met
    return [
        (goal, min(goal + GOALS, stop))
        for start, stop in pairwise([0, *turns.tolist(), len(by_class)])
        for goal in range(start, stop, GOALS)
        if some[goal : min(goal + GOALS, stop)].any()
    ]
