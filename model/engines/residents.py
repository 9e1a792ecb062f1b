"""The agent engine: one row a person, chance drawn by key.

Residents of the zones are rows of parallel arrays; people of external regions are whole counts
by cell, from which arrivals are drawn. At ``scale`` 100 one row stands for 100 people.
"""

import numpy as np

from model import streams
from model.axes import FEMALE, MALE, OLDEST, Array
from model.graduation import controlled_rounding
from model.population import MoveTable, Work, WorkTable


class Residents:
    """People one by one; verbs draw. Answers carry a leading draw axis of length one.

    Parameters
    ----------
    people : (place, sex, age) [persons]
        Base table; rows are made from it by controlled rounding, zone by zone.
    zones : int
        How many of the places are zones.
    scale : int [persons]
        People per row.
    seed : int

    Examples
    --------
    >>> crowd = Residents(np.full((2, 2, 101), 10.0), zones=1, scale=1, seed=1)
    >>> len(crowd.zone), float(crowd.counts().sum())
    (2020, 4040.0)
    """

    def __init__(self, people: Array, zones: int, scale: int, seed: int) -> None:
        self.scale, self.seed, self.year = scale, seed, 0
        self._zones = zones
        cells = [controlled_rounding(place.ravel() / scale) for place in people]
        counts = np.array(cells).reshape(people.shape)
        index = np.nonzero(counts[:zones])
        repeats = counts[:zones][index]
        self.zone = np.repeat(index[0], repeats).astype(np.int16)
        self.sex = np.repeat(index[1], repeats).astype(np.int8)
        self.age = np.repeat(index[2], repeats).astype(np.int8)
        self.key = self._fresh_keys("origin", self._ordinals(index, repeats), 0)
        self.pools = counts[zones:].astype(np.int64)
        self._babies = [np.zeros(0, np.uint64)], [np.zeros(0, np.int16)]
        self._pool_babies = np.zeros(len(self.pools), np.int64)

    @staticmethod
    def _ordinals(index: tuple[Array, ...], repeats: Array) -> Array:
        """Number of each person within its cell, with the cell in the high bits."""
        starts = np.cumsum(repeats) - repeats
        within = np.arange(int(repeats.sum())) - np.repeat(starts, repeats)
        cell = (index[0].astype(np.uint64) * 2 + index[1].astype(np.uint64)) * 128
        cell = cell + index[2].astype(np.uint64)
        return (np.repeat(cell, repeats) << np.uint64(40)) | within.astype(np.uint64)

    def _fresh_keys(self, name: str, who: Array, year: int) -> Array:
        return streams.child_keys(self.seed, f"keys/{name}", who, year)

    def begin_year(self, year: int) -> None:
        """Chance is keyed by the year."""
        self.year = year

    def _luck(self, name: str, key: Array) -> Array:
        return streams.uniforms(self.seed, name, key, self.year)

    def counts(self) -> Array:
        """People by cell, rows times scale."""
        cell = (self.zone.astype(np.int64) * 2 + self.sex) * (OLDEST + 1) + self.age
        rows = np.bincount(cell, minlength=self._zones * 2 * (OLDEST + 1))
        zones = rows.reshape(self._zones, 2, OLDEST + 1)
        return (np.concatenate([zones, self.pools])[None] * self.scale).astype(float)

    def die(self, surviving: Array) -> Array:
        """Each person lives on by chance; each cell of a region by a binomial."""
        table = np.broadcast_to(surviving[0], (self._zones + len(self.pools), 2, OLDEST + 1))
        lives = self._luck("deaths", self.key) < table[self.zone, self.sex, self.age]
        deaths = np.bincount(self.zone[~lives], minlength=self._zones) * self.scale
        self._keep(lives)
        self.age = np.minimum(self.age + 1, OLDEST).astype(np.int8)
        survivors = self._of_pools("survivors", self.pools, table[self._zones :])
        self.pools[:] = 0
        self.pools[..., 1:] = survivors[..., :-1]
        self.pools[..., -1] += survivors[..., -1]
        return deaths[None].astype(float)

    def _keep(self, rows: Array) -> None:
        self.zone, self.sex = self.zone[rows], self.sex[rows]
        self.age, self.key = self.age[rows], self.key[rows]

    def bear(self, rates: Array, name: str) -> Array:
        """Each woman bears a child by chance; the child waits until year-end."""
        women = np.flatnonzero((self.sex == FEMALE) & (self.age >= 15) & (self.age < 50))
        key, zone = self.key[women], self.zone[women]
        born = self._luck(name, key) < rates[0][zone, self.age[women]]
        self._babies[0].append(self._fresh_keys(name, key[born], self.year))
        self._babies[1].append(zone[born])
        births = np.zeros(self._zones + len(self.pools))
        births[: self._zones] = np.bincount(zone[born], minlength=self._zones)
        women_of_pools = self.pools[:, FEMALE]
        in_pools = self._of_pools(name, women_of_pools, rates[0][self._zones :]).sum(axis=1)
        self._pool_babies += in_pools
        births[self._zones :] = in_pools
        return births[None] * self.scale

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Sex and first months of the waiting newborns; survivors become rows."""
        key, zone = np.concatenate(self._babies[0]), np.concatenate(self._babies[1])
        sex = np.where(self._luck("sex at birth", key) < boys[0], MALE, FEMALE)
        lives = self._luck("infant deaths", key) < surviving[0, sex]
        deaths = np.bincount(zone[~lives], minlength=self._zones) * self.scale
        self._append(key[lives], zone[lives], sex[lives], np.zeros(int(lives.sum())))
        sons = self._of_pools("sons", self._pool_babies, boys[0])
        for which, count in ((MALE, sons), (FEMALE, self._pool_babies - sons)):
            alive = self._of_pools(f"newborns {which}", count, surviving[0, which])
            self.pools[:, which, 0] += alive
        self._babies = [np.zeros(0, np.uint64)], [np.zeros(0, np.int16)]
        self._pool_babies = np.zeros_like(self._pool_babies)
        return deaths[None].astype(float)

    def _append(self, key: Array, zone: Array, sex: Array, age: Array) -> None:
        self.key = np.concatenate([self.key, key.astype(np.uint64)])
        self.zone = np.concatenate([self.zone, zone.astype(np.int16)])
        self.sex = np.concatenate([self.sex, sex.astype(np.int8)])
        self.age = np.concatenate([self.age, age.astype(np.int8)])

    def relocate(self, table: MoveTable) -> Array:
        """Movers choose by Gumbel-max; arrivals are drawn from the pools of the regions."""
        places = self._zones + len(self.pools)
        leave = table.leave[0]
        chance = leave[self.zone, self.age]
        movers = np.flatnonzero(self._luck("leaving", self.key) < chance)
        origin = self.zone[movers].astype(np.int64)
        goal = self._choose(self.key[movers], table.destination[0][origin])
        flows = np.zeros((places, places))
        np.add.at(flows, (origin, goal), 1)
        arrivals = self._draw_arrivals(leave, table.destination[0], flows)
        staying = goal < self._zones
        self.zone[movers[staying]] = goal[staying].astype(np.int16)
        gone = movers[~staying]
        np.add.at(self.pools, (goal[~staying] - self._zones, self.sex[gone], self.age[gone]), 1)
        rows = np.ones(len(self.zone), dtype=bool)
        rows[gone] = False
        self._keep(rows)
        self._append(*arrivals)
        return flows[None] * self.scale

    def _choose(self, key: Array, shares: Array) -> Array:
        """Alternative of each mover: the largest of log share plus a Gumbel of its own."""
        if len(key) == 0:
            return np.zeros(0, dtype=np.int64)
        which = np.arange(shares.shape[1], dtype=np.uint64)
        luck = streams.gumbels(self.seed, "destination", key[:, None], self.year, which)
        with np.errstate(divide="ignore"):
            return np.argmax(np.log(shares) + luck, axis=1)

    def _draw_arrivals(
        self, leave: Array, destination: Array, flows: Array
    ) -> tuple[Array, Array, Array, Array]:
        """People who come from the regions: rows to add; pools and flows are brought up to date."""
        leaving = self._of_pools("leaving", self.pools, leave[self._zones :, None])
        self.pools -= leaving
        index = np.nonzero(leaving)
        repeats = leaving[index]
        key = self._fresh_keys("arrivals", self._ordinals(index, repeats), self.year)
        region, sex, age = (np.repeat(axis, repeats) for axis in index)
        zone = self._choose(key, destination[self._zones + region, : self._zones])
        np.add.at(flows, (self._zones + region, zone), 1)
        return key, zone, sex, age

    def _of_pools(self, name: str, counts: Array, chances: Array) -> Array:
        """Draw from whole counts by cell, in a fixed order from one stream a verb and year."""
        chance = streams.generator(self.seed, f"pools/{name}", self.year)
        return chance.binomial(counts, chances)

    def work(self, table: WorkTable) -> Work:
        """Each person offers work by chance, then draws a workplace, a job, and a sector."""
        part, places, sectors = table.participation[0], table.workplace[0], table.sector[0]
        active = np.flatnonzero(
            self._luck("participation", self.key) < part[self.zone, self.sex, self.age]
        )
        home, key = self.zone[active].astype(np.int64), self.key[active]
        goal = self._pick(np.cumsum(places, axis=1), home, self._luck("workplace", key))
        employed = goal < self._zones
        home, goal, key = home[employed], goal[employed], key[employed]
        kind = self._pick(np.cumsum(sectors, axis=1), goal, self._luck("sector", key))
        kind = np.minimum(kind, sectors.shape[1] - 1)
        zones, kinds = self._zones, sectors.shape[1]
        commuters = np.bincount(home * zones + goal, minlength=zones * zones)
        by_mode = self._by_mode(table.mode[0], home * zones + goal, key)
        jobs = np.bincount(kind * zones + goal, minlength=kinds * zones)
        force = np.bincount(self.zone[active], minlength=zones)
        scale = float(self.scale)
        return Work(
            force[None] * scale,
            commuters.reshape(1, zones, zones) * scale,
            jobs.reshape(1, kinds, zones) * scale,
            by_mode.reshape(1, zones, zones, -1) * scale,
        )

    def _by_mode(self, shares: Array, pair: Array, key: Array) -> Array:
        """(pair, mode) commuters, each with a mode drawn from the shares of its pair."""
        modes = shares.shape[2]
        cumulated = np.cumsum(shares.reshape(-1, modes), axis=1)
        luck = self._luck("mode", key)
        mode = (luck[:, None] >= cumulated[pair, :-1]).sum(axis=1)
        return np.bincount(pair * modes + mode, minlength=cumulated.size)

    @staticmethod
    def _pick(cumulated: Array, row: Array, luck: Array) -> Array:
        """Alternative whose cumulated share first exceeds the luck of each person."""
        picked = np.empty(len(row), dtype=np.int64)
        order = np.argsort(row, kind="stable")
        bounds = np.searchsorted(row[order], np.arange(len(cumulated) + 1))
        for which, shares in enumerate(cumulated):
            members = order[bounds[which] : bounds[which + 1]]
            picked[members] = np.searchsorted(shares, luck[members], side="right")
        return picked
