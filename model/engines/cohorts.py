"""The mean engine: expected people by cell, all draws at once."""

import numpy as np

from model.axes import Array
from model.engines import cohort_kernels as kernels
from model.engines import cohort_moves as moves
from model.engines.marginals import Marginals
from model.engines.ways import Ways, ways_of
from model.population import Births, Deaths, Moves, MoveTable, Work, WorkTable


class Cohorts(Marginals):
    """Expected counts ``(draw, place, hukou, education, sex, age)``; verbs multiply.

    Examples
    --------
    >>> people = Cohorts(np.full((1, 2, 3, 4, 2, 101), 10.0), zones=1)
    >>> deaths = people.die(np.full((1, 1, 2, 101), 0.9))
    >>> float(deaths.by_hukou.sum().round(6)), float(people.counts()[0, 0].sum().round(6))
    (2424.0, 21816.0)
    """

    def __init__(self, people: Array, zones: int) -> None:
        self._people = np.array(people, dtype=float, order="C")
        self._zones = zones
        draws, places, hukou = self._people.shape[:3]
        self._newborn = np.zeros((draws, hukou, places))
        # Chances of a year that all have lived through but whom nobody has asked for since.
        self._due: tuple[Array, Array, Array] | None = None
        self._shared: tuple[Array, ...] = (np.zeros(0),) * 4
        self.touch()

    def begin_year(self, year: int) -> None:
        """Expectations need no year."""

    def counts(self) -> Array:
        """People by cell; the array is the population's own, not to be written to."""
        self._catch_up()
        return self._people

    def _cells(self) -> Array:
        """People, traits of sex and age in one axis, as they are stored."""
        return self._people.reshape(*self._people.shape[:4], -1)

    def _catch_up(self) -> None:
        """A year of age and school that waited for the next verb is done now."""
        if self._due is not None:
            year, self._due = self._due, None
            kernels.grow_older(self._cells(), self._people.shape[5], *year)

    def die(self, surviving: Array) -> Deaths:
        """Survivors move up one age, the two oldest groups join, when people are next asked for."""
        self._catch_up()
        self.touch()
        draws, _, hukou, education, sexes, ages = self._people.shape
        given = surviving.reshape(draws, -1, sexes * ages)
        by_hukou = np.empty((draws, hukou, self._zones))
        by_age = np.empty((draws, self._zones, sexes * ages))
        kernels.count_deaths(self._cells(), given, by_hukou, by_age)
        nobody = np.zeros((draws, education, sexes * ages))
        self._due = given, nobody, _where(nobody)
        return Deaths(by_hukou, by_age.reshape(draws, -1, sexes, ages))

    def learn(self, entering: Array) -> None:
        """The expected share goes up one level."""
        self.touch()
        table = entering.reshape(*entering.shape[:2], -1)
        if self._due is None or len(self._due[2]):
            self._catch_up()
            up = self._people * entering[:, None, None]
            up[:, :, :, -1] = 0.0
            self._people -= up
            self._people[:, :, :, 1:] += up[:, :, :, :-1]
            return
        self._due = self._due[0], table, _where(table)

    def register(self, chance: Array) -> Array:
        """The expected share becomes local."""
        self.touch()
        shape = self._people.shape
        classed, converted = np.empty(shape[:4] + shape[5:]), np.empty(shape[:3])
        everywhere = np.zeros(converted.shape)
        everywhere[:, : self._zones] = chance
        if self._due is None:
            kernels.become_local(self._cells(), everywhere, converted, classed)
        else:
            year, self._due = self._due, None
            kernels.grow_and_become_local(self._cells(), *year, everywhere, converted, classed)
        self._by_class = classed
        return converted[:, : self._zones]

    def bear(self, level: Array, rates: Array, name: str) -> Births:
        """Expected births of the women now living in each place."""
        self._catch_up()
        draws, places, hukou = self._people.shape[:3]
        by_hukou = np.empty((draws, hukou, places))
        by_age = np.empty((draws, places, self._people.shape[5]))
        given = np.ascontiguousarray(level), np.ascontiguousarray(rates)
        kernels.children_of(self._people, *given, by_hukou, by_age)
        self._newborn += by_hukou
        return Births(by_hukou, by_age)

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Newborns at age 0, those who die in their first months taken off."""
        schooled, _ = sums = self._summed()
        self.touch()
        draws, _, hukou = self._people.shape[:3]
        deaths = np.empty((draws, self._zones, hukou))
        infants = np.empty(self._people.shape[:3])
        boys = np.array(np.broadcast_to(boys, draws))
        living = np.ascontiguousarray(surviving)
        kernels.settle_newborns(
            self._people, self._newborn, boys, living, deaths, infants, schooled
        )
        self._newborn = np.zeros_like(self._newborn)
        # Nobody but infants has changed.
        self._by_education, self._infants = sums, infants
        return deaths

    def relocate(self, table: MoveTable) -> Moves:
        """Movers leave by their group and age, and arrive by the shares of their origin."""
        self._catch_up()
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
        return Work(labour_force, commuters, jobs, None)

    def arrays(self) -> dict[str, Array]:
        """People by cell."""
        return {"people": self.counts()}

    def restore(self, arrays: dict[str, Array]) -> None:
        """People by cell, as saved."""
        self.touch()
        self._due = None
        self._people = np.array(arrays["people"], dtype=float)


def _where(entering: Array) -> Array:
    """Levels and cells (n, 2) from which anybody goes up, the highest level first."""
    found = np.argwhere(entering[:, :-1].any(axis=0))
    return np.ascontiguousarray(found[::-1])
