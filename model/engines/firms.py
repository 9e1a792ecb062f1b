"""The agent engine of firms: one row an establishment, chance drawn by key.

Rows are parallel columns of bytes beside a 64-bit key: fourteen bytes an establishment. Rows of
firms that are gone wait for entrants, so that nothing is copied and nothing grows without need.
A year costs two ciphers a firm: one for its site, one whose four words decide exit, closure, size
and status. Nobody's luck depends on where a row stands.
"""

import numpy as np

from model import streams
from model.axes import Array, ratio
from model.engines.firm_cells import statuses_of, with_room
from model.engines.firm_cohorts import census_of, mean_sizes, tally_of
from model.engines.luck import agent_words, child_key, fill_uniforms, key_words, to_unit, uniform
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    STATE,
    SUREST_EXIT,
    YOUNG,
    Census,
    ExitTable,
    Renewal,
    RenewalTable,
    SiteTable,
    Tally,
    next_status,
)
from model.kernels.compiled import njit

EMPTY = 255
SPARE = 0.05
_EMPTY, _HALF, _WORD, _CELL = np.uint8(EMPTY), 0.5, 2.0**-32, np.uint64(32)
_BLOCK = 512
_MEANS, _LAST = CLASS_MEANS, CLASSES - 1
COLUMNS = ("key", "sector", "zone", "size", "status")


@njit(cache=True)
def move_rows(key, sector, zone, status, leave, odds, luck, choice, year, gone, come):  # type: ignore[no-untyped-def]
    """Relocation of every row by chance; a mover takes the best of log share plus Gumbel."""
    zones = leave.shape[1]
    numbers = np.empty(_BLOCK)
    for row in range(len(key)):
        if row % _BLOCK == 0:
            # A block at a time, which the compiler vectorises.
            ahead = key[row : row + _BLOCK]
            fill_uniforms(luck[0], luck[1], ahead, year, 0, numbers[: len(ahead)])
        if status[row] == _EMPTY or status[row] == STATE:
            continue
        k, here = sector[row], zone[row]
        if numbers[row % _BLOCK] >= leave[k, here]:
            continue
        best, goal = -np.inf, here
        for z in range(zones):
            if z != here and odds[k, z] > -np.inf:
                number = uniform(choice[0], choice[1], key[row], year, z)
                worth = odds[k, z] - np.log(-np.log(number))
                if worth > best:
                    best, goal = worth, z
        gone[k, here] += goal != here
        come[k, goal] += goal != here
        zone[row] = goal


@njit(cache=True)
def count_rows(sector, zone, size, status, counts):  # type: ignore[no-untyped-def]
    """Firms ``(sector, status, size_class, zone)`` among the rows."""
    counts[:] = 0
    for row in range(len(sector)):
        if status[row] != _EMPTY:
            counts[sector[row], status[row], size[row], zone[row]] += 1


@njit(cache=True)
def renew_rows(  # type: ignore[no-untyped-def]
    key, sector, zone, size, status, hazard, factor, closing, mobility, up, down, following,
    change, luck, year, exits, won, lost,
):  # fmt: skip
    """A year of every row by chance: exit, closure, a size step, a change of status."""
    for row in range(len(key)):
        s = status[row]
        if s == _EMPTY:
            continue
        k, z, b = sector[row], zone[row], size[row]
        words = agent_words(luck[0], luck[1], key[row], year, 0)
        leaves = min(hazard[s, b] * factor[k, z], SUREST_EXIT)
        closes = (np.float64(words[1]) + _HALF) * _WORD < closing[k, z]
        if (np.float64(words[0]) + _HALF) * _WORD < leaves or closes:
            exits[k, z] += 1
            lost[k, z] += _MEANS[b]
            status[row] = _EMPTY
            continue
        step = (np.float64(words[2]) + _HALF) * _WORD
        rising = up[k, z] * mobility[b] if b < _LAST else 0.0
        falling = down[k, z] * mobility[b] if b > 0 else 0.0
        if step < rising:
            size[row] = b + 1
            won[k, z] += _MEANS[b]
        elif step < rising + falling:
            size[row] = b - 1
            lost[k, z] += _HALF * _MEANS[b]
        then = following[k, s]
        if then != s and (np.float64(words[3]) + _HALF) * _WORD < change[s, z]:
            status[row] = then


@njit(cache=True)
def enter_rows(  # type: ignore[no-untyped-def]
    slots, numbers, key, sector, zone, size, status, sizes, state, birth, luck, year, won
):
    """Entrants of every cell into empty rows: size class and ownership by their own luck."""
    taken = 0
    sectors, zones = numbers.shape
    for k in range(sectors):
        for z in range(zones):
            cell = np.uint64(k * zones + z) << _CELL
            for one in range(numbers[k, z]):
                row = slots[taken]
                taken += 1
                who = child_key(birth[0], birth[1], cell | np.uint64(one), year)
                first, second, third, fourth = agent_words(luck[0], luck[1], who, year, 0)
                b = np.searchsorted(sizes, to_unit(first, second), side="right")
                owned = to_unit(third, fourth) < state
                key[row], sector[row], zone[row] = who, k, z
                size[row], status[row] = b, STATE if owned else YOUNG
                won[k, z] += _MEANS[b]


class Establishments:
    """Firms one by one; verbs draw. Answers carry a leading draw axis of length one.

    Parameters
    ----------
    counts : (sector, status, size_class, zone) [establishments]
        Whole numbers: the rows of the base year.
    jobs : (sector, zone) [persons]
        That the firms of each cell hold in the base year; they set the mean size of the cell.
    technology : (sector,) [1]
        Whether the firms of a sector can stand on the technology ladder.
    seed : int

    Examples
    --------
    >>> counts = np.zeros((1, 8, 15, 2), dtype=int); counts[0, 1, 3] = 10
    >>> firms = Establishments(counts, np.full((1, 2), 126.0), np.array([False]), seed=1)
    >>> firms.census().firms.tolist(), firms.census().jobs.tolist()
    ([[[10.0, 10.0]]], [[[126.0, 126.0]]])
    """

    in_expectation = False

    def __init__(self, counts: Array, jobs: Array, technology: Array, seed: int) -> None:
        self.seed, self.year = seed, 0
        self._statuses = statuses_of(technology)
        self._following = next_status(technology)
        self._cells = np.array(counts, dtype=np.int64)
        self._scale = mean_sizes(self._cells[None].astype(float), np.asarray(jobs)[None])
        index = np.nonzero(self._cells)
        repeats = self._cells[index]
        sector, status, size, zone = (np.repeat(axis, repeats) for axis in index)
        starts = np.cumsum(repeats) - repeats
        within = np.arange(int(repeats.sum())) - np.repeat(starts, repeats)
        cell = np.ravel_multi_index(index, self._cells.shape).astype(np.uint64)
        who = (np.repeat(cell, repeats) << np.uint64(32)) | within.astype(np.uint64)
        self.key = streams.child_keys(seed, "keys/firms", who, 0)
        self.sector, self.zone = sector.astype(np.uint8), zone.astype(np.int16)
        self.size, self.status = size.astype(np.uint8), status.astype(np.uint8)
        self._grow(int(SPARE * len(self.key)) + 64)
        self._moving: tuple[Array, SiteTable] | None = None

    def _grow(self, more: int) -> None:
        """Empty rows at the end."""
        for name in COLUMNS:
            column = getattr(self, name)
            empty = np.full(more, EMPTY if name == "status" else 0, dtype=column.dtype)
            setattr(self, name, np.concatenate([column, empty]))

    def _count(self) -> None:
        count_rows(self.sector, self.zone, self.size, self.status, self._cells)

    def begin_year(self, year: int) -> None:
        """Chance is keyed by the year."""
        self.year = year

    def counts(self) -> Array:
        """Firms by cell."""
        return self._cells[None].astype(float)

    def census(self) -> Census:
        """Firms as they stand."""
        return census_of(self.counts(), self._statuses, self._scale)

    def relocate(self, table: SiteTable) -> tuple[Array, Array]:
        """Movers leave by chance and choose by Gumbel-max among the other zones."""
        self._moving = with_room(self.counts()), table
        gone, come = (np.zeros(self._scale.shape[1:]) for _ in range(2))
        with np.errstate(divide="ignore"):
            odds = np.log(table.share[0])
        move_rows(
            self.key, self.sector, self.zone, self.status, table.leave[0], odds,
            key_words(self.seed, "firms/leaving"), key_words(self.seed, "firms/site"), self.year,
            gone, come,
        )  # fmt: skip
        self._count()
        return gone[None], come[None]

    def tally(self, table: ExitTable, mobility: Array) -> Tally:
        """Jobs that an exit table and size steps would move, of the firms expected where they are.

        After a relocation by its table, not by who moved: steps that answered to movers would
        not be right on average for the firms, classes and entrants of a cell with few of them.
        """
        rate, share = (np.zeros(self._scale.shape),) * 2
        counts = with_room(self.counts())
        if self._moving is not None:
            before, sites = self._moving
            counts, share = before.copy(), np.ascontiguousarray(sites.share)
            rate = ratio(sites.leave, 1 - share)
        return tally_of(counts, self._statuses, self._scale, table, mobility, rate, share)

    def renew(self, table: RenewalTable) -> Renewal:
        """Each firm gives up, closes, steps and changes status by chance; entrants by Poisson."""
        exits, won, lost = (np.zeros(self._scale.shape[1:]) for _ in range(3))
        renew_rows(
            self.key, self.sector, self.zone, self.size, self.status, table.exit.hazard[0],
            table.exit.factor[0], table.closing[0], table.mobility[0], table.up[0], table.down[0],
            self._following, table.change[0], key_words(self.seed, "firms/renewal"), self.year,
            exits, won, lost,
        )  # fmt: skip
        entries = self._enter(table, won)
        self._moving = None
        self._count()
        scale = self._scale
        return Renewal(entries[None].astype(float), exits[None], won * scale, lost * scale)

    def _enter(self, table: RenewalTable, won: Array) -> Array:
        """Entrants of every cell, by inversion of its own uniform number, into empty rows."""
        expected = table.entrants[0]
        cell = np.arange(expected.size, dtype=np.uint64)
        luck = streams.uniforms(self.seed, "firms/entries", cell, self.year)
        numbers = poisson_counts(luck, expected.ravel()).reshape(expected.shape)
        slots = np.flatnonzero(self.status == EMPTY)
        short = int(numbers.sum()) - len(slots)
        if short > 0:
            self._grow(short + int(SPARE * len(self.key)))
            slots = np.flatnonzero(self.status == EMPTY)
        enter_rows(
            slots, numbers, self.key, self.sector, self.zone, self.size, self.status,
            np.cumsum(table.entrant_size[0])[:-1], table.entrant_state[0],
            key_words(self.seed, "keys/firms"), key_words(self.seed, "firms/entrants"),
            self.year, won,
        )  # fmt: skip
        return numbers

    def arrays(self) -> dict[str, Array]:
        """Rows and mean sizes: what a checkpoint saves."""
        return {name: getattr(self, name) for name in COLUMNS} | {"scale": self._scale}

    def restore(self, arrays: dict[str, Array]) -> None:
        """Rows and mean sizes, as saved."""
        for name in COLUMNS:
            setattr(self, name, arrays[name].copy())
        self._scale, self._moving = arrays["scale"].copy(), None
        self._count()


def poisson_counts(luck: Array, mean: Array) -> Array:
    """Poisson numbers by inversion, so that a larger mean never gives a smaller number.

    Parameters
    ----------
    luck : (n,) [1]
        Uniform numbers in (0, 1).
    mean : (n,) [1]

    Returns
    -------
    (n,) [1]
        Whole numbers.

    Examples
    --------
    >>> poisson_counts(np.array([0.5, 0.5, 0.01]), np.array([0.0, 3.0, 3.0])).tolist()
    [0, 3, 0]
    """
    from scipy.special import pdtr, pdtrik

    some = luck > np.exp(-mean)
    safe = np.where(some, mean, 1.0)
    guess = np.ceil(pdtrik(np.where(some, luck, 0.5), safe))
    lower = np.maximum(guess - 1, 0)
    found = np.where(pdtr(lower, safe) >= luck, lower, guess)
    return np.where(some, found, 0).astype(np.int64)
