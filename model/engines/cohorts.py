"""The mean engine: expected people by cell, all draws at once."""

from dataclasses import dataclass

import numpy as np

from model.axes import FEMALE, LOCAL, MALE, Array
from model.engines import cohort_kernels as kernels
from model.engines.marginals import Marginals
from model.population import Moves, MoveTable, Work, WorkTable


class Cohorts(Marginals):
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
        self.touch()

    def begin_year(self, year: int) -> None:
        """Expectations need no year."""

    def counts(self) -> Array:
        """People by cell; the array is the population's own, not to be written to."""
        return self._people

    def die(self, surviving: Array) -> Array:
        """Survivors move up one age; the two oldest groups join."""
        self.touch()
        draws, _, hukou, _, sexes, ages = self._people.shape
        deaths = np.zeros((draws, self._zones, hukou, sexes, ages))
        kernels.grow_older(self._people, np.ascontiguousarray(surviving), deaths)
        return deaths

    def learn(self, entering: Array) -> None:
        """The expected share goes up one level."""
        self.touch()
        kernels.go_up(self._people, np.ascontiguousarray(entering))

    def register(self, chance: Array) -> Array:
        """The expected share becomes local."""
        self.touch()
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
        self.touch()
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
        routes = [_routes(table, origin) for origin in range(hukou)]
        movers = np.empty((hukou, places, *self._people.shape[3:]))
        arriving = np.empty_like(movers)
        for draw in range(draws):
            people, leave = self._people[draw], np.ascontiguousarray(table.leave[draw])
            kernels.depart(people, leave, group, movers, left[draw])
            arriving[:] = 0.0
            for origin in range(hukou):
                for route in routes[origin]:
                    flows[draw, origin] += route.send(movers[origin], arriving, table, draw)
            kernels.arrive(people, arriving, came[draw])
        self.touch()
        return Moves(flows, flows * table.home, came, left)

    def work(self, table: WorkTable) -> Work:
        """Expected labour force, commuters and jobs."""
        labour_force = np.zeros((len(self._people), self._zones))
        part = np.ascontiguousarray(table.participation)
        kernels.offering_work(self.schooled(), part, labour_force)
        commuters = labour_force[:, :, None] * table.workplace
        jobs = commuters.sum(axis=1)[:, None, :] * table.sector.transpose(0, 2, 1)
        return Work(labour_force, commuters, jobs, commuters[..., None] * table.mode)

    def arrays(self) -> dict[str, Array]:
        """People by cell."""
        return {"people": self._people}

    def restore(self, arrays: dict[str, Array]) -> None:
        """People by cell, as saved."""
        self.touch()
        self._people = np.array(arrays["people"], dtype=float)


@dataclass(frozen=True, slots=True)
class _Route:
    """A group of one hukou class on the move: who belongs, and as what they may land where.

    ``cells`` (education and age) picks a few, or is None for all who are left; ``landings``
    holds, for each class after the move, the pairs of places that lead to it but for those who
    come home, and the rows and columns outside which nobody moves.
    """

    hukou: int
    group: int
    cells: tuple[Array, ...] | None
    landings: tuple[tuple[int, Array, slice, slice], ...]

    def send(self, movers: Array, arriving: Array, table: MoveTable, draw: int) -> Array:
        """Movers (place, education, sex, age) are added to ``arriving`` (hukou, ...).

        Answers the flows (place, place). The few are taken out of ``movers``.
        """
        shares, home = table.destination[draw, self.group], table.home[draw, self.hukou]
        part = movers
        if self.cells is not None:
            education, age = self.cells
            part = movers[:, education, :, age].swapaxes(0, 1)
            movers[:, education, :, age] = 0.0
        flat = np.ascontiguousarray(part).reshape(len(movers), -1)
        at_home = shares * home
        elsewhere = shares - at_home
        for after, leads, rows, columns in self.landings:
            weight = elsewhere * leads
            if after == LOCAL:
                weight += at_home
            landed = weight[rows, columns].T @ flat[rows]
            landed = landed.reshape(-1, *part.shape[1:])
            if self.cells is None:
                arriving[after, columns] += landed
            else:
                arriving[after, columns][:, education, :, age] += landed.swapaxes(0, 1)
        return flat.sum(axis=1)[:, None] * shares


def _routes(table: MoveTable, hukou: int) -> list[_Route]:
    """Routes of a class: the few of other groups first, then everybody who is left."""
    groups, sizes = np.unique(table.group[hukou], return_counts=True)
    *few, many = groups[np.argsort(sizes, kind="stable")]
    coming_home = table.home[:, hukou].any(axis=0)
    landings = []
    for after in range(table.home.shape[1]):
        leads = table.becomes[hukou] == after
        used = leads | coming_home if after == LOCAL else leads
        rows, columns = _span(used.any(axis=1)), _span(used.any(axis=0))
        if used.any():
            landings.append((after, leads, rows, columns))
    return [
        *(_Route(hukou, g, np.nonzero(table.group[hukou] == g), tuple(landings)) for g in few),
        _Route(hukou, many, None, tuple(landings)),
    ]


def _span(used: Array) -> slice:
    """From the first to the last that is used."""
    found = np.flatnonzero(used)
    return slice(found[0], found[-1] + 1) if len(found) else slice(0)
