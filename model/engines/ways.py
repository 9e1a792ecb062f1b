"""What all draws of a move table share: who chooses how, and as what people may land where."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.axes import LOCAL, Array
from model.engines.tiles import GOALS
from model.population import MoveTable


@dataclass(frozen=True, slots=True)
class Ways:
    """Ways from cell to cell: all that is left out is zero.

    ``main`` (hukou,) is the group of most cells of a class, ``usual`` (hukou, education, age) one
    where a cell chooses as they do, ``cells`` (cell, 4) the class, education, age and group of the
    others; ``lands`` (hukou before, hukou after, place, place) is one where a pair of places leads
    to a class. A row is a class and place, in this order. ``tiles`` (tile, 3) are the first row
    after the move of some, and where the rows that lead there begin and end in ``rows``.
    """

    main: Array
    usual: Array
    cells: Array
    lands: Array
    tiles: Array
    rows: Array

    @classmethod
    def of(cls, table: MoveTable, settled: Array) -> "Ways":
        """Ways of a table; ``settled`` (place, hukou) says where there may be people."""
        classes, places = len(table.becomes), table.becomes.shape[1]
        main = np.array([np.bincount(group.ravel()).argmax() for group in table.group])
        apart = table.group != main[:, None, None]
        others = np.argwhere(apart)
        groups = table.group[tuple(others.T)]
        lands = table.becomes[:, None] == np.arange(classes)[:, None, None]
        used = lands.copy()
        used[:, LOCAL] |= table.home.any(axis=0)
        used &= settled.T[:, None, :, None]
        tiles, rows = [], []
        for after in range(classes):
            for goals, leading in _tiles(used[:, after]):
                tiles.append((after * places + goals, len(rows), len(rows) + len(leading)))
                rows.extend(leading)
        return cls(
            main, 1.0 - apart, np.column_stack([others, groups]), lands.astype(float),
            np.array(tiles, dtype=np.int64).reshape(-1, 3), np.array(rows, dtype=np.int64),
        )  # fmt: skip


def _tiles(used: Array) -> list[tuple[int, list[int]]]:
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
                found.append((goal, leading.tolist()))
    return found
