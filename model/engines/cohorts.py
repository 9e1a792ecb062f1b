"""The mean engine: expected people by cell, all draws at once."""

import numpy as np

from model.axes import FEMALE, MALE, Array
from model.engines import cohort_kernels as kernels
from model.engines import cohort_moves as moves
from model.engines.marginals import Marginals
from model.engines.ways import Ways, ways_of
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
        self._shared: tuple[Array, ...] = (np.zeros(0),) * 4
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
        deaths = np.empty((draws, self._zones, hukou, sexes, ages))
        kernels.grow_older(self._people, np.ascontiguousarray(surviving), deaths)
        return deaths

    def learn(self, entering: Array) -> None:
        """The expected share goes up one level."""
        self.touch()
        kernels.go_up(self._people, np.ascontiguousarray(entering))

    def register(self, chance: Array) -> Array:
        """The expected share becomes local."""
        self.touch()
        converted, shape = np.zeros(chance.shape), self._people.shape
        classed = np.empty(shape[:4] + shape[5:])
        kernels.become_local(self._people, np.ascontiguousarray(chance), converted, classed)
        self._by_class = classed
        return converted

    def bear(self, rates: Array, name: str) -> Array:
        """Expected births of the women now living in each place."""
        draws, places, hukou = self._people.shape[:3]
        births = np.empty((draws, places, hukou, self._people.shape[5]))
        kernels.children_of(self._people, np.ascontiguousarray(rates), births, self._newborn)
        return births

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Newborns at age 0, those who die in their first months taken off."""
        schooled, _ = sums = self._summed()
        self.touch()
        deaths = np.zeros((len(self._people), self._zones, self._people.shape[2]))
        for sex, share in ((MALE, boys), (FEMALE, 1 - boys)):
            born = self._newborn * share[:, None, None]
            alive = born * surviving[:, sex, None, None]
            self._people[:, :, :, 0, sex, 0] += alive
            deaths += (born - alive)[:, : self._zones]
        self._newborn = np.zeros_like(self._newborn)
        # Nobody else has changed.
        infants = self._people[:, :, 0, 0, :, 0].copy()
        for hukou in range(1, self._people.shape[2]):
            infants += self._people[:, :, hukou, 0, :, 0]
        schooled[:, :, 0, :, 0] = infants
        self._by_education = sums
        return deaths

    def relocate(self, table: MoveTable) -> Moves:
        """Movers leave by their group and age, and arrive by the shares of their origin."""
        draws, places, hukou, _, sexes, ages = self._people.shape
        flows, homecoming = np.empty((2, draws, hukou, places, places))
        came, left = np.zeros((2, draws, self._zones, sexes, ages))
        ways = self._ways_of(table)
        schooled, grown = self._room()
        leave, goals, home = (
            np.ascontiguousarray(x) for x in (table.leave, table.destination, table.home)
        )
        moves.relocate(
            self._people, leave, goals, home, ways,
            flows, homecoming, came, left, schooled, grown,
        )  # fmt: skip
        self.touch()
        self._by_education = schooled, grown
        return Moves(flows, homecoming, came, left)

    def _ways_of(self, table: MoveTable) -> Ways:
        """Ways of a table, which seldom differ from those of last year."""
        settled = np.ones((self._people.shape[1:3]), dtype=bool)
        settled[self._zones :] = self._people[:, self._zones :].any(axis=(0, 3, 4, 5))
        homeward = np.asarray(table.home.any(axis=0))
        shared = table.group, table.becomes, homeward, settled
        if not all(map(np.array_equal, shared, self._shared)):
            self._shared, self._ways = shared, ways_of(*shared)
        return self._ways

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
