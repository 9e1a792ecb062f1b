"""The agent engine: one row a person, chance drawn by key.

Residents of the zones are rows of parallel arrays; people of external regions are whole counts
by cell, from which arrivals are drawn. At ``scale`` 100 one row stands for 100 people. Rows of
the dead and of those who left are filled again by newborns and arrivals.
"""

import numpy as np
from numba import get_num_threads

from model import streams
from model.axes import AGES, EDUCATION, FEMALE, HUKOU, LOCAL, MALE, SEXES, Array
from model.engines import resident_kernels as kernels
from model.engines.luck import key_words
from model.engines.marginals import Marginals
from model.engines.resident_kernels import NOBODY, pack, unpack
from model.engines.whole_people import whole_people
from model.population import Moves, MoveTable, Work, WorkTable

GROWTH = 0.02
CELL = (len(HUKOU), len(EDUCATION), len(SEXES), len(AGES))


class Residents(Marginals):
    """People one by one; verbs draw. Answers carry a leading draw axis of length one.

    Parameters
    ----------
    people : (place, hukou, education, sex, age) [persons]
        Base table; rows are made from it by controlled rounding, zone by zone.
    zones : int
        How many of the places are zones.
    scale : int [persons]
        People per row.
    seed : int

    Examples
    --------
    >>> table = np.zeros((2, 3, 4, 2, 101))
    >>> table[:, 0, 0] = 10.0
    >>> crowd = Residents(table, zones=1, scale=1, seed=1)
    >>> crowd.rows, float(crowd.counts().sum())
    (2020, 4040.0)
    """

    def __init__(self, people: Array, zones: int, scale: int, seed: int) -> None:
        self.scale, self.seed, self.year = scale, seed, 0
        self._zones = zones
        residents, self.pools = whole_people(people, zones, scale)
        index = np.nonzero(residents)
        repeats = residents[index]
        small = np.uint8 if zones <= 256 else np.uint16
        self.zone = np.repeat(index[0].astype(small), repeats)
        self.trait = np.repeat(pack(index[1], index[2], index[3]).astype(np.uint8), repeats)
        self.age = np.repeat(index[4].astype(np.uint8), repeats)
        self.key = self._keys("origin", np.stack(index), repeats, 0)
        self._event = np.zeros(len(self.age), dtype=np.uint8)
        self.touch()
        self._free = np.zeros(0, dtype=np.int64)
        self._babies: list[tuple[Array, Array, Array]] = []
        self._pool_babies = np.zeros(len(self.pools), dtype=np.int64)

    @property
    def rows(self) -> int:
        """People alive and here, in rows."""
        return int(np.count_nonzero(self.age != NOBODY))

    # -- luck ----------------------------------------------------------------------
    def begin_year(self, year: int) -> None:
        """Chance is keyed by the year."""
        self.year = year

    def _keys(self, name: str, cells: Array, repeats: Array, year: int) -> Array:
        """Keys of new people: from their cell and their number within it."""
        starts = np.cumsum(repeats) - repeats
        cell = np.zeros(len(repeats), dtype=np.uint64)
        for part, size in zip(cells, (0, *CELL)[-len(cells) :], strict=True):
            cell = cell * np.uint64(size) + part.astype(np.uint64)
        keys = np.empty(int(repeats.sum()), dtype=np.uint64)
        for low in range(0, len(repeats), 4096):
            chosen = slice(low, low + 4096)
            count = repeats[chosen]
            first = int(starts[low])
            within = np.arange(first, first + int(count.sum())) - np.repeat(starts[chosen], count)
            who = (np.repeat(cell[chosen], count) << np.uint64(40)) | within.astype(np.uint64)
            made = streams.child_keys(self.seed, f"keys/{name}", who, year)
            keys[first : first + len(made)] = made
        return keys

    def _luck(self, name: str, key: Array) -> Array:
        return streams.uniforms(self.seed, name, key, self.year)

    def _of_pools(self, name: str, expected: Array) -> Array:
        """Whole people of each cell of the regions: the expectation, rounded by the cell's luck.

        A region is too large for the luck of its people to matter; what matters is that a cell's
        number depends on nothing but the cell.
        """
        cells = np.arange(expected.size, dtype=np.uint64).reshape(expected.shape)
        return np.floor(expected + self._luck(f"pools/{name}", cells)).astype(np.int64)

    # -- rows ----------------------------------------------------------------------
    def _marked(self) -> Array:
        return np.flatnonzero(self._event.view(bool))

    def _release(self, rows: Array) -> None:
        self.age[rows] = NOBODY
        self._free = np.concatenate([self._free, rows])

    def _add(self, zone: Array, trait: Array, age: Array, key: Array) -> None:
        """New people take free rows; when there are none, room is made for many more."""
        short = len(key) - len(self._free)
        if short > 0:
            more = short + int(GROWTH * len(self.age))
            self._free = np.concatenate([self._free, np.arange(more) + len(self.age)])
            for name, fill in (("zone", 0), ("trait", 0), ("age", NOBODY), ("key", 0)):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.full(more, fill, old.dtype)]))
            self._event = np.zeros(len(self.age), dtype=np.uint8)
        rows, self._free = self._free[: len(key)], self._free[len(key) :]
        self.zone[rows], self.trait[rows] = zone, trait
        self.age[rows], self.key[rows] = age, key

    def touch(self) -> None:
        """People have changed: they are counted anew when next asked for."""
        super().touch()
        self._counted: Array | None = None

    # -- verbs ---------------------------------------------------------------------
    def counts(self) -> Array:
        """People by cell, rows times scale; the array is the population's own."""
        if self._counted is not None:
            return self._counted
        cells = kernels.count(self.zone, self.age, self.trait, self._zones, get_num_threads())
        pools = np.zeros((len(self.pools), *CELL), dtype=np.int64)
        pools[:, LOCAL] = self.pools
        zones = cells.reshape(self._zones, *CELL)
        self._counted = np.concatenate([zones, pools])[None] * float(self.scale)
        return self._counted

    def _tally(self, *axes: tuple[Array, int]) -> Array:
        """Counts by the values of some traits, with a leading draw axis, in persons."""
        index, sizes = zip(*axes, strict=True)
        where = np.ravel_multi_index([part.astype(np.int64) for part in index], sizes)
        found = np.bincount(where, minlength=int(np.prod(sizes))).reshape(1, *sizes)
        return found * float(self.scale)

    def die(self, surviving: Array) -> Array:
        """Each person lives on by chance."""
        self.touch()
        places = self._zones + len(self.pools)
        table = np.broadcast_to(surviving[0], (places, *surviving.shape[2:]))
        here = np.ascontiguousarray(table[: self._zones])
        key = key_words(self.seed, "deaths")
        kernels.die(self.zone, self.age, self.trait, self.key, here, *key, self.year, self._event)
        dead = self._marked()
        hukou, _, sex = unpack(self.trait[dead])
        deaths = self._tally(
            (self.zone[dead], self._zones), (hukou, CELL[0]), (sex, CELL[2]),
            (self.age[dead], CELL[3]),
        )  # fmt: skip
        self._release(dead)
        survivors = self._of_pools("survivors", self.pools * table[self._zones :, None])
        self.pools[..., 1:] = survivors[..., :-1]
        self.pools[..., 0] = 0
        self.pools[..., -1] += survivors[..., -1]
        return deaths

    def learn(self, entering: Array) -> None:
        """Each person of the age at which a level begins enters it by chance."""
        self.touch()
        ages = entering[0].any(axis=(0, 1))
        table, key = np.ascontiguousarray(entering[0]), key_words(self.seed, "schooling")
        kernels.learn(self.age, self.trait, self.key, table, ages, *key, self.year)
        expected = self.pools * entering[0]
        expected[:, -1] = 0.0
        up = self._of_pools("schooling", expected)
        self.pools -= up
        self.pools[:, 1:] += up[:, :-1]

    def register(self, chance: Array) -> Array:
        """Each resident registered elsewhere becomes local by chance."""
        self.touch()
        table, key = np.ascontiguousarray(chance[0]), key_words(self.seed, "registration")
        kernels.register(
            self.zone, self.age, self.trait, self.key, table, *key, self.year, self._event
        )
        rows = self._marked()
        hukou, education, sex = unpack(self.trait[rows])
        self.trait[rows] = pack(np.zeros_like(hukou), education, sex)
        return self._tally((self.zone[rows], self._zones), (hukou, CELL[0]))

    def bear(self, rates: Array, name: str) -> Array:
        """Each woman bears a child by chance; the child waits until year-end."""
        here, key = np.ascontiguousarray(rates[0, : self._zones]), key_words(self.seed, name)
        kernels.bear(self.zone, self.age, self.trait, self.key, here, *key, self.year, self._event)
        mothers = self._marked()
        hukou = unpack(self.trait[mothers])[0]
        zone = self.zone[mothers]
        keys = streams.child_keys(self.seed, f"keys/{name}", self.key[mothers], self.year)
        self._babies.append((keys, zone, hukou))
        births = np.zeros((1, self._zones + len(self.pools), CELL[0], CELL[3]))
        births[:, : self._zones] = self._tally(
            (zone, self._zones), (hukou, CELL[0]), (self.age[mothers], CELL[3])
        )
        women = self.pools[:, :, FEMALE] * rates[0, self._zones :]
        outside = self._of_pools(name, women).sum(axis=1)
        births[0, self._zones :, LOCAL] = outside * self.scale
        self._pool_babies += outside.sum(axis=1)
        return births

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Sex and first months of the waiting newborns; survivors become rows."""
        self.touch()
        key, zone, hukou = (np.concatenate(parts) for parts in zip(*self._babies, strict=True))
        sex = np.where(self._luck("sex at birth", key) < boys[0], MALE, FEMALE)
        lives = self._luck("infant deaths", key) < surviving[0, sex]
        deaths = self._tally((zone[~lives], self._zones), (hukou[~lives], CELL[0]))
        trait = pack(hukou, np.zeros_like(hukou), sex)
        self._add(zone[lives], trait[lives], np.zeros(int(lives.sum())), key[lives])
        sons = self._of_pools("sons", self._pool_babies * boys[0])
        for which, born in ((MALE, sons), (FEMALE, self._pool_babies - sons)):
            alive = self._of_pools(f"newborns {which}", born * surviving[0, which])
            self.pools[:, 0, which, 0] += alive
        self._babies = []
        self._pool_babies = np.zeros_like(self._pool_babies)
        return deaths

    def relocate(self, table: MoveTable) -> Moves:
        """Movers choose by Gumbel-max; arrivals are drawn from the pools of the regions."""
        self.touch()
        group = np.ascontiguousarray(table.group, dtype=np.int64)
        chance, key = np.ascontiguousarray(table.leave[0]), key_words(self.seed, "leaving")
        kernels.leave(
            self.zone, self.age, self.trait, self.key, chance, group, *key, self.year, self._event
        )
        rows = self._marked()
        newcomers = self._from_pools(table, group)
        zone = np.concatenate([self.zone[rows], newcomers["zone"]]).astype(np.int64)
        trait = np.concatenate([self.trait[rows], newcomers["trait"]])
        age = np.concatenate([self.age[rows], newcomers["age"]])
        keys = np.concatenate([self.key[rows], newcomers["key"]])
        goal, hukou, home = self._settle(table, group, zone, trait, age, keys)
        before, education, sex = unpack(trait)
        places, zones = self._zones + len(self.pools), self._zones
        pair = (before, CELL[0]), (zone, places), (goal, places)
        moves = Moves(
            self._tally(*pair),
            self._tally(*((part[home], size) for part, size in pair)),
            *(
                self._tally((place[here], zones), (sex[here], CELL[2]), (age[here], CELL[3]))
                for place, here in ((goal, goal < zones), (zone, zone < zones))
            ),
        )
        now = pack(hukou, education, sex).astype(np.uint8)
        stayed, gone = goal < zones, goal >= zones
        inside = np.arange(len(goal)) < len(rows)
        moved = stayed & inside
        self.zone[rows[moved[: len(rows)]]] = goal[moved]
        self.trait[rows[moved[: len(rows)]]] = now[moved]
        leavers = goal[gone] - zones, education[gone], sex[gone], age[gone]
        np.add.at(self.pools, leavers, 1)
        self._release(rows[gone[: len(rows)]])
        came = stayed & ~inside
        self._add(goal[came], now[came], age[came], keys[came])
        return moves

    def _settle(
        self, table: MoveTable, group: Array, zone: Array, trait: Array, age: Array, key: Array
    ) -> tuple[Array, Array, Array]:
        """Goal of each mover, hukou class on arrival, and whether that is coming home."""
        hukou, education, _ = unpack(trait)
        goal = np.empty(len(key), dtype=np.int64)
        which = group[hukou, education, age]
        words, shares = (
            key_words(self.seed, "destination"),
            np.ascontiguousarray(table.destination[0]),
        )
        kernels.choose(key, zone, which, shares, *words, self.year, goal)
        home = self._luck("homecoming", key) < table.home[0][hukou, zone, goal]
        return goal, np.where(home, LOCAL, table.becomes[hukou, zone, goal]), home

    def _from_pools(self, table: MoveTable, group: Array) -> dict[str, Array]:
        """People who leave the regions: the pools are brought up to date."""
        ages = np.arange(CELL[3])
        chance = table.leave[0][self._zones :][:, group[LOCAL], ages]
        leaving = self._of_pools("leaving", self.pools * chance[:, :, None])
        self.pools -= leaving
        index = np.stack(np.nonzero(leaving))
        repeats = leaving[tuple(index)]
        region, education, sex, age = np.repeat(index, repeats, axis=1)
        return {
            "zone": self._zones + region,
            "trait": pack(np.zeros_like(region), education, sex).astype(np.uint8),
            "age": age.astype(np.uint8),
            "key": self._keys("arrivals", index, repeats, self.year),
        }

    def work(self, table: WorkTable) -> Work:
        """Each person offers work by chance, then draws a workplace, a sector, and a mode."""
        part = np.ascontiguousarray(table.participation[0])
        part = part.reshape(len(part), -1, part.shape[-1])
        places, sectors = np.cumsum(table.workplace[0], axis=1), np.cumsum(table.sector[0], axis=1)
        modes = np.cumsum(table.mode[0], axis=2)
        force, commuters, jobs, by_mode = kernels.work(
            self.zone, self.age, self.trait, self.key, part,
            places, kernels.guide_of(places), sectors, kernels.guide_of(sectors),
            modes, key_words(self.seed, "work"), self.year,
            get_num_threads(),
        )  # fmt: skip
        scale = float(self.scale)
        return Work(*(found[None] * scale for found in (force, commuters, jobs, by_mode)))

    # -- memory --------------------------------------------------------------------
    def arrays(self) -> dict[str, Array]:
        """Rows, free rows and pools: what a checkpoint saves at year-end."""
        return {
            "zone": self.zone, "trait": self.trait, "age": self.age, "key": self.key,
            "free": self._free, "pools": self.pools,
        }  # fmt: skip

    def restore(self, arrays: dict[str, Array]) -> None:
        """Rows, free rows and pools, as saved."""
        self.touch()
        self.zone, self.trait = arrays["zone"].copy(), arrays["trait"].copy()
        self.age, self.key = arrays["age"].copy(), arrays["key"].copy()
        self._free, self.pools = arrays["free"].copy(), arrays["pools"].copy()
        self._event = np.zeros(len(self.age), dtype=np.uint8)
