"""The agent engine: one row a person, chance drawn by key.

Residents of the zones are rows of parallel arrays; people of external regions are whole counts
by cell, from which arrivals are drawn. At ``scale`` 100 one row stands for 100 people. Rows of
the dead and of those who left are filled again by newborns and arrivals.
"""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import numpy as np

from model import streams
from model.axes import FEMALE, HUKOU, LOCAL, MALE, Array
from model.engines import resident_counts as counted
from model.engines import resident_kernels as kernels
from model.engines import resident_moves as moves
from model.engines import resident_pools, resident_work
from model.engines.marginals import Marginals, room_for_sums
from model.engines.resident_dice import EVENTS, throw, throw_late
from model.engines.resident_kernels import (
    CELL,
    NOBODY,
    TRAITS,
    Newborns,
    Odds,
    in_runs,
    unpack,
)
from model.engines.resident_moves import MOVERS, Landing, Movers
from model.engines.resident_tables import birth_odds, leaving_odds, odds_of
from model.engines.ways import Sums
from model.engines.whole_people import whole_people
from model.population import Births, Deaths, Moves, MoveTable, Work, WorkTable
from model.processes.participation import shifted_participation

GROWTH = 0.02
T = TypeVar("T")
# By trait: what a trait becomes, and the kind as which those of a trait are told.
SAME = np.arange(TRAITS)
UP, HOME, NOBODY_LEFT = SAME + 2, SAME % (TRAITS // len(HUKOU)), np.full_like(SAME, TRAITS)
BY_HUKOU = unpack(SAME)[0]
BY_HUKOU_AND_SEX = 2 * BY_HUKOU + unpack(SAME)[2]


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
        self.scale, self.seed = scale, seed
        self._zones, self.dice = zones, np.zeros((len(EVENTS), 0), dtype=np.uint8)
        self._late: dict[str, list[tuple[Array, Array]]] = {}
        residents, self.pools = whole_people(people, zones, scale)
        self._cells = residents.reshape(zones, TRAITS, CELL[-1]).astype(np.int32)
        index = np.nonzero(self._cells)
        repeats = self._cells[index]
        self.zone = np.repeat(index[0].astype(np.uint8 if zones <= 256 else np.uint16), repeats)
        self.trait = np.repeat(index[1].astype(np.uint8), repeats)
        self.age = np.repeat(index[2].astype(np.uint8), repeats)
        self.key = self._keys("origin", np.ravel_multi_index(index, self._cells.shape), repeats, 0)
        self.touch()
        self._free = np.zeros(0, dtype=np.int64)
        self.begin_year(0)
        self._babies: list[Newborns] = []
        self._pool_babies = np.zeros(len(self.pools), dtype=np.int64)
        self._pool_keys = streams.hashed_keys(seed, "pools", np.arange(self.pools.size), 0)

    @property
    def rows(self) -> int:
        """People alive and here, in rows."""
        return int(self._cells.sum())

    # -- luck ----------------------------------------------------------------------
    def begin_year(self, year: int) -> None:
        """Chance is keyed by the year: everybody's dice are thrown."""
        self.year = year
        if self.dice.shape[1] != len(self.age):
            self.dice = np.empty((len(EVENTS), len(self.age)), dtype=np.uint8)
        self._late = {event: [] for event in EVENTS}
        salt = self._salt("dice")
        in_runs(len(self.age), lambda run: throw(self.key[run], salt, self.dice, run.start))

    def die_of(self, event: str) -> Array:
        """Everybody's die (row,) of an event: of those who joined this year it is thrown only now.

        An event without a die raises ``ValueError``.
        """
        if event not in EVENTS:
            raise ValueError(f"{event!r} has no die; those that have: {', '.join(EVENTS)}")
        which, salt = EVENTS.index(event), self._salt("dice")
        for rows, key in self._late[event]:
            throw_late(key, salt, which, rows, self.dice[which])
        self._late[event] = []
        return self.dice[which]

    def _salt(self, name: str) -> np.uint64:
        return streams.salt(self.seed, name, self.year)

    def _keys(self, name: str, cells: Array, repeats: Array, year: int) -> Array:
        """Keys of new people: from the number of their cell and their own within it."""
        keys = np.empty(int(repeats.sum()), dtype=np.uint64)
        salt = streams.salt(self.seed, f"keys/{name}", year)
        kernels.new_keys(cells.astype(np.int64), repeats.astype(np.int64), salt, keys)
        return keys

    def _of_pools(self, name: str, expected: Array) -> Array:
        """Whole people of each cell of the regions: the expectation, rounded by its luck."""
        whole, salt = np.empty(expected.shape, dtype=np.int64), self._salt(f"pools/{name}")
        cells = np.ascontiguousarray(expected).ravel()
        resident_pools.whole_numbers(cells, self._pool_keys, salt, whole.ravel())
        return whole

    # -- rows ----------------------------------------------------------------------
    def _struck(
        self, name: str, odds: Odds, kind: Array, into: Array, then: Callable[[slice, Array], T]
    ) -> tuple[list[T], Array]:
        """What comes of those to whom an event happens, run by run, and how many they are.

        Those struck are told by zone, ``kind`` of their trait, and age; they become of the trait
        that ``into`` says. ``then`` is called with each run of rows and those of it that are
        struck, counted from its start.
        """
        salt, telling = self._salt(name), Lock()
        told = np.zeros((self._zones, kind.max() + 1, CELL[-1]), dtype=np.int64)
        die = self.die_of(name)

        def task(run: slice) -> T:
            rows, cells = kernels.struck(*self._seen(run, die), salt, odds)
            with telling:
                kernels.tally(cells, kind, told)
                kernels.change(cells, into, self._cells)
            return then(run, rows)

        return in_runs(len(self.age), task), told

    def _seen(self, run: slice, die: Array) -> tuple[Array, Array, Array, Array, Array]:
        """What an event sees of some rows: zone, trait, age, key and its die."""
        return self.zone[run], self.trait[run], self.age[run], self.key[run], die[run]

    def _add(self, zone: Array, trait: Array, age: Array, key: Array) -> None:
        """New people take free rows; when there are none, room is made for many more."""
        short = len(key) - len(self._free)
        if short > 0:
            more = short + int(GROWTH * len(self.age))
            self._free = np.concatenate([self._free, np.arange(more) + len(self.age)])
            for name, fill in (("zone", 0), ("trait", 0), ("age", NOBODY), ("key", 0)):
                old = getattr(self, name)
                setattr(self, name, np.concatenate([old, np.full(more, fill, old.dtype)]))
            room = np.zeros((len(EVENTS), more), dtype=np.uint8)
            self.dice = np.concatenate([self.dice, room], axis=1)
        rows, self._free = self._free[: len(key)], self._free[len(key) :]
        columns, new = (self.zone, self.trait, self.age, self.key), (zone, trait, age, key)

        def settle(some: slice) -> None:
            kernels.fill(columns, rows[some], *(column[some] for column in new))

        in_runs(len(rows), settle, MOVERS)
        for late in self._late.values():
            late.append((rows, key))

    def touch(self) -> None:
        """People have changed: what was told of their number is no longer true."""
        super().touch()
        self._counted: Array | None = None

    # -- verbs ---------------------------------------------------------------------
    def counts(self) -> Array:
        """People by cell, rows times scale; the array is the population's own."""
        if self._counted is not None:
            return self._counted
        found = np.zeros((1, self._zones + len(self.pools), *CELL))
        counted.to_persons(self._cells.ravel(), float(self.scale), found.ravel())
        np.multiply(self.pools, float(self.scale), out=found[0, self._zones :, LOCAL])
        self._counted = found
        return found

    def _summed(self) -> Sums:
        if self._sums is None:
            scale, zones = float(self.scale), self._zones
            sums = room_for_sums((1, zones + len(self.pools), *CELL))
            sums.classed[0, zones:] = 0.0
            here, there = sums.classed[0, :zones], sums.classed[0, zones:, LOCAL : LOCAL + 1]
            counted.sum_traits(
                self._cells.reshape(zones, *CELL), scale, here, sums.schooled[0, :zones]
            )
            counted.sum_traits(self.pools[:, None], scale, there, sums.schooled[0, zones:])
            self._sums = sums
        return self._sums

    def _told(self, whole: Array) -> Array:
        """Rows as persons, with a leading draw axis."""
        persons = np.empty((1, *whole.shape))
        counted.to_persons(whole.ravel(), float(self.scale), persons.ravel())
        return persons

    def die(self, surviving: Array) -> Deaths:
        """Each person lives on by chance."""
        self.touch()
        places = self._zones + len(self.pools)
        table = np.broadcast_to(surviving[0], (places, *surviving.shape[2:]))

        def bury(run: slice, gone: Array) -> Array:
            kernels.age_by_a_year(self.age[run], gone)
            return gone + run.start

        odds = odds_of(1 - surviving[0, : self._zones, None, None], self._zones)
        rows, dead = self._struck("deaths", odds, BY_HUKOU_AND_SEX, NOBODY_LEFT, bury)
        self._free = np.concatenate([self._free, *rows])
        kernels.grow_older(self._cells)
        self.pools = self._of_pools("survivors", self.pools * table[self._zones :, None])
        kernels.grow_older(self.pools.reshape(len(self.pools), -1, CELL[-1]))
        deaths = Deaths(np.empty((1, CELL[0], self._zones)), np.empty((1, self._zones, *CELL[2:])))
        dead = dead.reshape(-1, CELL[0], CELL[2], CELL[-1])
        counted.told_deaths(dead, float(self.scale), deaths.by_hukou[0], deaths.by_age[0])
        return deaths

    def learn(self, entering: Array) -> None:
        """Each person of the age at which a level begins enters it by chance."""
        self.touch()
        chance = entering[0].copy()
        chance[-1] = 0.0
        odds = odds_of(chance, self._zones)
        self._struck("schooling", odds, np.zeros_like(UP), UP, self._rewriting(UP))
        outside = self._of_pools("schooling", self.pools * chance)
        self.pools -= outside
        self.pools[:, 1:] += outside[:, :-1]

    def register(self, chance: Array) -> Array:
        """Each resident registered elsewhere becomes local by chance."""
        self.touch()
        table = chance[0].copy()
        table[:, LOCAL] = 0.0
        odds = odds_of(table[:, :, None, None, None], self._zones)
        became = self._struck("registration", odds, BY_HUKOU, HOME, self._rewriting(HOME))[1]
        return self._told(became.sum(axis=2))

    def _rewriting(self, into: Array) -> Callable[[slice, Array], None]:
        """Rows of those struck show another trait."""
        return lambda run, rows: kernels.rewrite(self.trait[run], rows, into)

    def bear(self, level: Array, rates: Array, name: str) -> Births:
        """Each woman bears a child by chance; the child waits until year-end."""
        odds = birth_odds(level[0, : self._zones], rates[0])
        salt = self._salt(f"keys/{name}")

        def deliver(run: slice, mothers: Array) -> Newborns:
            return kernels.newborns_of(
                self.zone[run], self.trait[run], self.key[run], mothers, salt
            )

        newborns, mothers = self._struck(name, odds, BY_HUKOU, SAME, deliver)
        self._babies += newborns
        births = np.zeros((self._zones + len(self.pools), CELL[0], CELL[-1]), dtype=np.int64)
        births[: self._zones] = mothers
        expected = self.pools[:, :, FEMALE] * (level[0, self._zones :, None, None] * rates[0])
        births[self._zones :, LOCAL] = self._of_pools(name, expected).sum(axis=1)
        self._pool_babies += births[self._zones :, LOCAL].sum(axis=1)
        told = Births(np.empty((1, CELL[0], len(births))), np.empty((1, len(births), CELL[-1])))
        counted.told_births(births, float(self.scale), told.by_hukou[0], told.by_age[0])
        return told

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Sex and first months of the waiting newborns; survivors become rows."""
        self.touch()
        newborns = Newborns(*(np.concatenate(parts) for parts in zip(*self._babies, strict=True)))
        salts = self._salt("sex at birth"), self._salt("infant deaths")
        dead = np.zeros((self._zones, CELL[0]), dtype=np.int64)
        alive = kernels.outlive(newborns, salts, boys[0], surviving[0], self._cells, dead)
        key, zone, trait = alive
        self._add(zone, trait, np.zeros(len(key), dtype=np.uint8), key)
        sons = self._of_pools("sons", self._pool_babies * boys[0])
        for which, children in ((MALE, sons), (FEMALE, self._pool_babies - sons)):
            lives = self._of_pools(f"newborns {which}", children * surviving[0, which])
            self.pools[:, 0, which, 0] += lives
        self._babies = []
        self._pool_babies = np.zeros_like(self._pool_babies)
        return self._told(dead)

    def relocate(self, table: MoveTable) -> Moves:
        """Movers choose by Gumbel-max; arrivals are drawn from the pools of the regions."""
        self.touch()
        zones, routes = self._zones, moves.routes_of(table)
        odds = leaving_odds(table.leave[0, :zones], routes.group)
        salts = self._salt("destination"), self._salt("homecoming")
        leaving, die = self._salt("leaving"), self.die_of("leaving")
        coming = self._from_pools(table, routes.group)
        told = [self._nothing_told(self._cells, self.pools)]
        idle = list(told)

        def settle(movers: Movers) -> Landing:
            landing = moves.empty_landing(len(movers.key))
            moves.land(movers, routes, *salts, landing)
            # Threads count apart, for two that write to the same counters wait for each other.
            try:
                own = idle.pop()
            except IndexError:
                own = self._nothing_told(np.zeros_like(self._cells), np.zeros_like(self.pools))
                told.append(own)
            moves.tell(movers, landing, own)
            idle.append(own)
            return landing

        def send(run: slice) -> Array:
            zone, trait, age, key, luck = self._seen(run, die)
            rows, _ = kernels.struck(zone, trait, age, key, luck, leaving, odds)
            landing = settle(moves.leave(zone, trait, age, key, rows))
            return moves.arrive(zone, trait, age, rows, landing, zones) + run.start

        def receive(run: slice) -> tuple[Array, ...]:
            movers = Movers(*(column[run] for column in coming))
            return moves.those_here(movers, settle(movers), zones)

        self._free = np.concatenate([self._free, *in_runs(len(self.age), send)])
        come = in_runs(len(coming.key), receive, MOVERS)
        self._add(*(np.concatenate(parts) for parts in zip(*come, strict=True)))
        flows, came, left = (sum(parts) for parts in list(zip(*told, strict=True))[:3])
        for other in told[1:]:
            self._cells += other.cells
            self.pools += other.pools
        found = flows.sum(axis=0), flows[1], came[:zones], left
        return Moves(*(self._told(np.ascontiguousarray(part)) for part in found))

    def _nothing_told(self, cells: Array, pools: Array) -> moves.Told:
        """Counts of moves, none yet, beside the people of the zones and of the pools."""
        places = self._zones + len(self.pools)
        flows = np.zeros((2, CELL[0], places, places), dtype=np.int64)
        came, left = (np.zeros((n, *CELL[2:]), dtype=np.int64) for n in (places, self._zones))
        return moves.Told(flows, came, left, cells, pools)

    def _from_pools(self, table: MoveTable, group: Array) -> Movers:
        """People who leave the regions, and no longer are in them."""
        leave, leaving = np.ascontiguousarray(table.leave[0, self._zones :]), self.pools.copy()
        salt, keys = self._salt("pools/leaving"), self._salt("keys/arrivals")
        total = resident_pools.take_leavers(
            self.pools, leave, group, self._pool_keys, salt, leaving
        )
        return resident_pools.movers_of(leaving, total, self._zones, keys)

    def work(self, table: WorkTable) -> Work:
        """Each person offers work by chance, then draws a workplace, a sector, and a mode."""
        part = shifted_participation(table.odds, table.shift)[0]
        odds = odds_of(part[:, None], self._zones)
        offering, working, die = self._salt("work"), self._salt("workplace"), self.die_of("work")
        jobs = resident_work.job_tables(table)

        def task(run: slice) -> tuple[Array, Array]:
            outcomes = np.zeros(jobs.outcome.shape, dtype=np.int64)
            posts = np.zeros(jobs.sector.shape, dtype=np.int64)
            columns = self._seen(run, die)
            resident_work.work(*columns, offering, odds, working, jobs, outcomes, posts)
            return outcomes, posts

        found = in_runs(len(self.age), task)
        outcomes, posts = (sum(parts) for parts in zip(*found, strict=True))
        zones, modes = self._zones, table.mode.shape[1]
        told = (
            np.empty((1, zones)), np.empty((1, zones, zones)),
            np.empty((1, posts.shape[1], zones)), np.empty((1, modes, zones, zones)),
        )  # fmt: skip
        scale = float(self.scale)
        counted.told_work(outcomes, posts, scale, *(part[0] for part in told))
        return Work(*told)

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
        self._cells = np.zeros((self._zones, TRAITS, CELL[-1]), dtype=np.int32)
        kernels.count(self.zone, self.trait, self.age, self._cells)
        self.begin_year(self.year)
