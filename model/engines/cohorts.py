"""The mean engine: expected people by cell, all draws at once."""

import numpy as np

from model.axes import Array
from model.engines import cohort_kernels as kernels
from model.engines import cohort_moves as moves
from model.engines.marginals import Marginals, room_for_sums
from model.engines.ways import Choices, Growth, Moved, Ways, ways_of
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
        # What all have lived through that only the sums by class tell of as yet.
        self._due: Growth | None = None
        self._shared: tuple[Array, ...] = (np.zeros(0),) * 5
        self._by_class: Array | None = None
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
        """People's cells are brought up to date with what they have lived through."""
        if self._due is not None:
            due, self._due = self._due, None
            kernels.grow(self._people, *due)

    def _nothing(self) -> Growth:
        """Growth of those who have not lived through anything."""
        draws, _, _, _, sexes, ages = self._people.shape
        return Growth(0, np.ones((draws, 1, sexes * ages)), np.zeros(self._people.shape[:3]))

    def die(self, surviving: Array) -> Deaths:
        """Survivors move up one age, the two oldest groups join; their cells follow later."""
        self._catch_up()
        classed = self.classed()
        self.touch()
        draws, _, hukou, _, sexes, ages = self._people.shape
        given = surviving.reshape(draws, -1, sexes * ages)
        by_hukou = np.empty((draws, hukou, self._zones))
        by_age = np.empty((draws, self._zones, sexes * ages))
        kernels.age_classes(classed, given, by_hukou, by_age)
        self._wait(self._nothing()._replace(years=1, surviving=given), classed)
        return Deaths(by_hukou, by_age.reshape(draws, -1, sexes, ages))

    def _wait(self, due: Growth, classed: Array) -> None:
        """Cells will follow the sums by class."""
        self._due, self._by_class = due, classed

    def learn(self, entering: Array) -> None:
        """The expected share goes up one level."""
        classed = self._by_class
        self.touch()
        table = entering.reshape(*entering.shape[:2], -1)
        years, ages = 0 if self._due is None else self._due.years, entering.shape[3]
        kernels.teach(self._cells(), table, _where(table), years, ages)
        # Who is of a class has not changed.
        self._by_class = classed

    def register(self, chance: Array) -> Array:
        """The expected share becomes local; their cells follow later."""
        if self._due is not None and self._due.chance.any():
            self._catch_up()
        classed = self.classed()
        self.touch()
        converted, everywhere = np.empty(self._people.shape[:3]), np.zeros(self._people.shape[:3])
        everywhere[:, : self._zones] = chance
        cells = classed.reshape(*classed.shape[:3], -1)
        kernels.become_local(cells, everywhere, converted)
        self._wait((self._due or self._nothing())._replace(chance=everywhere), classed)
        return converted[:, : self._zones]

    def touch(self) -> None:
        """People have changed: sums are made anew when next asked for."""
        super().touch()
        self._by_class = None

    def classed(self) -> Array:
        """(draw, place, hukou, sex, age) [persons]; not to be written to, nor to be kept."""
        return super().classed() if self._by_class is None else self._by_class

    def of_cells(self, cells: Array) -> Array:
        """(draw, place, cell) [persons] of cells (cell, n) that begin with class, level and age."""
        draws, places, _, _, sexes, _ = self._people.shape
        found = np.empty((draws, len(cells), sexes, places))
        kernels.all_grown_cells(self._people, *(self._due or self._nothing()), cells, found)
        return found.sum(axis=2).swapaxes(1, 2)

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
        sums, draws = self._summed(), len(self._people)
        deaths = np.empty((draws, self._zones, self._people.shape[2]))
        boys = np.array(np.broadcast_to(boys, draws))
        living = np.ascontiguousarray(surviving)
        kernels.settle_newborns(self._people, self._newborn, boys, living, deaths, *sums)
        self._newborn = np.zeros_like(self._newborn)
        self.touch()
        # Nobody but infants has changed.
        self._sums = sums
        return deaths

    def relocate(self, table: MoveTable) -> Moves:
        """Movers leave by their group and age, and arrive by the shares of their origin."""
        draws, places, hukou, _, *cells = self._people.shape
        ways, sums = self._ways_of(table), room_for_sums(self._people.shape)
        due, self._due = self._due or self._nothing(), None
        given = (table.leave, table.destination, table.home)
        flows, homecoming = np.empty((2, draws, hukou, places, places))
        came, left = np.empty((2, draws, self._zones if self.by_age else 0, *cells))
        moved = Moved(flows, homecoming, came, left)
        choices = Choices(*(np.ascontiguousarray(array) for array in given))
        moves.relocate(self._people, due, choices, ways, moved, sums)
        self.touch()
        self._sums = sums
        return Moves(*moved)

    def _ways_of(self, table: MoveTable) -> Ways:
        """Ways of a table, which seldom differ from those of last year."""
        settled = np.ones((self._people.shape[1:3]), dtype=bool)
        settled[self._zones :] = self.classed()[:, self._zones :].any(axis=(0, 3, 4))
        homeward = np.asarray(table.home.any(axis=0))
        shared = table.group, table.becomes, homeward, table.seat, settled
        if not all(map(np.array_equal, shared, self._shared)):
            self._shared, self._ways = shared, ways_of(*shared)
        return self._ways

    def work(self, table: WorkTable) -> Work:
        """Expected labour force, commuters and jobs."""
        commuters = table.labour_force[:, :, None] * table.workplace
        jobs = commuters.sum(axis=1)[:, None, :] * table.sector.transpose(0, 2, 1)
        return Work(table.labour_force, commuters, jobs, None)

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
