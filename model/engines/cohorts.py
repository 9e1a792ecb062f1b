"""The mean engine: expected people by cell, all draws at once."""

import numpy as np

from model.axes import FEMALE, LOCAL, MALE, Array
from model.engines import cohort_kernels as kernels
from model.population import Moves, MoveTable, Work, WorkTable


class Cohorts:
    """Expected counts ``(draw, place, hukou, education, sex, age)``; verbs multiply.

    Examples
    --------
    >>> people = Cohorts(np.full((1, 2, 3, 4, 2, 101), 10.0), zones=1)
    >>> deaths = people.die(np.full((1, 1, 2, 101), 0.9))
    >>> float(deaths.sum().round(6)), float(people.counts()[0, 0].sum().round(6))
    (2424.0, 21816.0)
    """

    def __init__(self, people: Array, zones: int) -> None:
        self._people = np.array(people, dtype=float, order="C")
        self._zones = zones
        self._newborn = np.zeros(self._people.shape[:3])

    def begin_year(self, year: int) -> None:
        """Expectations need no year."""

    def counts(self) -> Array:
        """People by cell; the array is the population's own, not to be written to."""
        return self._people

    def die(self, surviving: Array) -> Array:
        """Survivors move up one age; the two oldest groups join."""
        draws, _, hukou, _, sexes, ages = self._people.shape
        deaths = np.zeros((draws, self._zones, hukou, sexes, ages))
        kernels.grow_older(self._people, np.ascontiguousarray(surviving), deaths)
        return deaths

    def learn(self, entering: Array) -> None:
        """The expected share goes up one level."""
        kernels.go_up(self._people, np.ascontiguousarray(entering))

    def register(self, chance: Array) -> Array:
        """The expected share becomes local."""
        converted = np.zeros(chance.shape)
        kernels.become_local(self._people, np.ascontiguousarray(chance), converted)
        return converted

    def bear(self, rates: Array, name: str) -> Array:
        """Expected births of the women now living in each place."""
        draws, places, hukou = self._people.shape[:3]
        births = np.zeros((draws, places, hukou, self._people.shape[5]))
        kernels.children_of(self._people, np.ascontiguousarray(rates), births)
        self._newborn += births.sum(axis=3)
        return births

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Newborns at age 0, those who die in their first months taken off."""
        deaths = np.zeros((len(self._people), self._zones, self._people.shape[2]))
        for sex, share in ((MALE, boys), (FEMALE, 1 - boys)):
            born = self._newborn * share[:, None, None]
            alive = born * surviving[:, sex, None, None]
            self._people[:, :, :, 0, sex, 0] += alive
            deaths += (born - alive)[:, : self._zones]
        self._newborn = np.zeros_like(self._newborn)
        return deaths

    def relocate(self, table: MoveTable) -> Moves:
        """Movers leave by their group and age, and arrive by the shares of their origin."""
        draws, places, hukou, _, sexes, ages = self._people.shape
        flows = np.zeros((draws, hukou, places, places))
        came = np.zeros((draws, self._zones, sexes, ages))
        left = np.zeros_like(came)
        group = np.ascontiguousarray(table.group)
        for draw in range(draws):
            people = self._people[draw]
            movers = np.empty((hukou, places, *people.shape[2:]))
            leave = np.ascontiguousarray(table.leave[draw])
            kernels.depart(people, leave, group, movers, left[draw])
            arriving = np.zeros_like(movers)
            for origin in range(hukou):
                flows[draw, origin] = _send(movers[origin], arriving, table, draw, origin)
            kernels.arrive(people, arriving, came[draw])
        return Moves(flows, flows * table.home, came, left)

    def work(self, table: WorkTable) -> Work:
        """Expected labour force, commuters and jobs."""
        labour_force = np.zeros((len(self._people), self._zones))
        part = np.ascontiguousarray(table.participation)
        kernels.offering_work(self._people, part, labour_force)
        commuters = labour_force[:, :, None] * table.workplace
        jobs = commuters.sum(axis=1)[:, None, :] * table.sector.transpose(0, 2, 1)
        return Work(labour_force, commuters, jobs)

    def arrays(self) -> dict[str, Array]:
        """People by cell."""
        return {"people": self._people}

    def restore(self, arrays: dict[str, Array]) -> None:
        """People by cell, as saved."""
        self._people = np.array(arrays["people"], dtype=float)


def _send(movers: Array, arriving: Array, table: MoveTable, draw: int, hukou: int) -> Array:
    """Movers of one class, (place, education, sex, age), go where their groups go.

    Adds to ``arriving`` (hukou, place, education, sex, age); answers the flows (place, place).
    """
    flows = np.zeros((len(movers),) * 2)
    groups, sizes = np.unique(table.group[hukou], return_counts=True)
    *few, many = groups[np.argsort(sizes, kind="stable")]
    home = table.home[draw, hukou]
    for group in few:
        # Students and graduates are a few ages: taken out before the rest goes as it is.
        education, age = np.nonzero(table.group[hukou] == group)
        part = movers[:, education, :, age].swapaxes(0, 1).copy()
        movers[:, education, :, age] = 0.0
        shares = table.destination[draw, group]
        landing = np.zeros((len(arriving), *part.shape))
        flows += _land(part, landing, shares, home, table.becomes[hukou])
        arriving[:, :, education, :, age] += landing.transpose(2, 0, 1, 3)
    shares = table.destination[draw, many]
    return flows + _land(movers, arriving, shares, home, table.becomes[hukou])


def _land(movers: Array, arriving: Array, shares: Array, home: Array, becomes: Array) -> Array:
    """Movers (place, ...) arrive as locals or as the class they become; answers the flows."""
    flat = movers.reshape(len(movers), -1)
    for after in range(len(arriving)):
        weight = shares * ((1 - home) * (becomes == after))
        if after == LOCAL:
            weight += shares * home
        rows, columns = _span(weight.any(axis=1)), _span(weight.any(axis=0))
        landed = weight[rows, columns].T @ flat[rows]
        arriving[after, columns] += landed.reshape(-1, *movers.shape[1:])
    return flat.sum(axis=1)[:, None] * shares


def _span(used: Array) -> slice:
    """From the first to the last that is used."""
    found = np.flatnonzero(used)
    return slice(found[0], found[-1] + 1) if len(found) else slice(0)
