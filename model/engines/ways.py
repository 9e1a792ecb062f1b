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
    to a class. A row is a class and place, in this order. ``tiles`` (tile, 3) are the first row
    after the move of some, and where the rows that lead there begin and end in ``rows``;
    ``leads`` (row, goal) is one where such a row leads to that row of the tile by its class, and
    ``pairs`` (row, 2) tell where its first goal stands among the shares of destinations of a draw
    and among its chances of coming home. ``reaches`` (hukou before, hukou after, place) tells
    whether anybody of a place may become of a class.
    """

    main: Array
    usual: Array
    cells: Array
    lands: Array
    tiles: Array
    rows: Array
    leads: Array
    pairs: Array
    reaches: Array


def ways_of(group: Array, becomes: Array, homeward: Array, settled: Array) -> Ways:
    """Ways of a move table.

    Parameters
    ----------
    group : (hukou, education, age) [1]
    becomes : (hukou, place, place) [1]
        Both as in :class:`model.population.MoveTable`.
    homeward : (hukou, place, place) [1]
        Where anybody may come home.
    settled : (place, hukou) [1]
        Where there may be people.
    """
    classes, places = len(becomes), becomes.shape[1]
    main, (usual, cells) = main_groups(group), cells_apart(group)
    lands = becomes[:, None] == np.arange(classes)[:, None, None]
    used = lands.copy()
    used[:, LOCAL] |= homeward
    used &= settled.T[:, None, :, None]
    tiles: list[tuple[int, int, int]] = []
    rows: list[Array] = [np.zeros(0, dtype=np.int64)]
    leads, pairs = [np.zeros((0, GOALS))], [np.zeros((0, 2), dtype=np.int64)]
    count = 0
    for after in range(classes):
        led = np.pad(lands[:, after].reshape(-1, places), ((0, 0), (0, GOALS))).astype(float)
        for goal, leading in _tiles(used[:, after]):
            tiles.append((after * places + goal, count, count + len(leading)))
            rows.append(leading)
            leads.append(led[leading, goal : goal + GOALS])
            sharing = main[leading // places] * places + leading % places
            pairs.append(np.column_stack([sharing, leading]) * places + goal)
            count += len(leading)
    return Ways(
        main, usual, cells, lands.astype(float),
        np.array(tiles, dtype=np.int64).reshape(-1, 3), np.concatenate(rows), np.concatenate(leads),
        np.concatenate(pairs), used.any(axis=3),
    )  # fmt: skip


def _tiles(used: Array) -> list[tuple[int, Array]]:
    """First goals of tiles, in their order, and the rows that lead to any goal of each.

    ``used`` (hukou before, origin, goal) says which rows lead where. Goals that the same classes
    reach are parted from others.
    """
    by_class = np.asarray(used.any(axis=1)).T
    turns = np.flatnonzero(np.logical_xor(by_class[1:], by_class[:-1]).any(axis=1)) + 1
    found = []
    for start, stop in pairwise([0, *turns.tolist(), len(by_class)]):
        for goal in range(start, stop, GOALS):
            leading = np.flatnonzero(used[..., goal : min(goal + GOALS, stop)].any(axis=2))
            if len(leading):
                found.append((goal, leading))
    return found
