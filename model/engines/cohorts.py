"""The mean engine: expected people by cell, all draws at once."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from model.axes import BEYOND, ELSEWHERE, LOCAL, Array
from model.engines import cohort_kernels as kernels
from model.engines.marginals import Marginals
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
        draws, places, hukou, levels, sexes, ages = self._people.shape
        flows = np.empty((draws, hukou, places, places))
        came, left = np.zeros((2, draws, self._zones, sexes, ages))
        settled = np.ones((places, hukou), dtype=bool)
        settled[self._zones :] = self._people[:, self._zones :].any(axis=(0, 3, 4, 5))
        ways = _Ways.of(table, settled)
        cells, main, rows = ways.cells, ways.main, ways.rows
        apart, staying = np.empty((2, len(cells), sexes, places))
        movers = np.empty((hukou * places, sexes, ages))
        landed, landing = np.zeros((hukou, places, sexes, ages)), np.empty((hukou, sexes, places))
        weights = np.empty((hukou, hukou * places, places))
        schooled, grown = self._room()
        grown[:] = 0.0
        origins, goals = movers.reshape(len(movers), -1), landed.reshape(hukou, places, -1)
        given = [np.ascontiguousarray(x) for x in (table.leave, table.destination, table.home)]
        for draw, (leave, destination, home) in enumerate(zip(*given, strict=True)):
            people, leavers = self._people[draw], np.zeros((hukou, places))
            kernels.set_apart(people, leave, cells, apart, staying, left[draw])
            kernels.weigh(destination, home, ways.lands, main, rows, weights)
            # One level of education after the other, so that all of it stays near the processor.
            for level in range(levels):
                kernels.depart(people, level, leave, main, rows, movers, left[draw], leavers)
                for after, reached, used in ways.lanes:
                    shares = weights[after, used, reached]
                    np.matmul(shares.T, origins[used], out=goals[after, reached])
                kernels.bring_back(
                    people, level, cells, apart, staying, destination, home, ways.lands,
                    came[draw], landing,
                )  # fmt: skip
                kernels.arrive(people, level, landed, came[draw], schooled[draw], grown[draw])
            kernels.flow(leavers, cells, apart, main, destination, flows[draw])
        self.touch()
        self._by_education = schooled, grown
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


@dataclass(frozen=True, slots=True)
class _Ways:
    """What all draws of a move table share: who chooses how, and as what people may land where.

    ``main`` (hukou,) is the group of most cells of a class, ``cells`` (cell, 4) the class,
    education, age and group of the others; ``lands`` (hukou before, hukou after, place, place) is
    one where a pair of places leads to a class. Movers stand in rows, those of a class from
    ``rows`` (hukou,) on. A lane is a class after the move, the places that it reaches, and the
    rows that lead there: all that is left out is zero.
    """

    main: Array
    cells: Array
    lands: Array
    rows: Array
    lanes: list[tuple[int, slice, slice]]

    @classmethod
    def of(cls, table: MoveTable, settled: Array) -> "_Ways":
        """Ways of a table; ``settled`` (place, hukou) says where there may be people."""
        classes, places = len(table.becomes), table.becomes.shape[1]
        main = np.array([np.bincount(group.ravel()).argmax() for group in table.group])
        others = np.argwhere(table.group != main[:, None, None])
        groups = table.group[tuple(others.T)]
        lands = (table.becomes[:, None] == np.arange(classes)[:, None, None]).astype(float)
        order = np.array([ELSEWHERE, LOCAL, *range(BEYOND, classes)])[:classes]
        rows = np.argsort(order) * places
        used = lands[order] > 0
        for before, hukou in enumerate(order):
            if table.home[:, hukou].any():
                used[before, LOCAL] = True
        used &= settled.T[order][:, None, :, None]
        lanes = [
            lane
            for after in range(classes)
            for lane in _lanes(after, used[:, after].transpose(2, 0, 1))
        ]
        return cls(main, np.column_stack([others, groups]), lands, rows, lanes)


def _lanes(after: int, used: Array) -> list[tuple[int, slice, slice]]:
    """Runs of goals that the same classes reach, and the rows from the first to the last used.

    ``used`` (goal, hukou before, origin) says which rows lead where.
    """
    by_class = np.asarray(used.any(axis=2))
    turns = np.flatnonzero(np.logical_xor(by_class[1:], by_class[:-1]).any(axis=1)) + 1
    ends = [0, *turns.tolist(), len(used)]
    found = []
    for start, stop in pairwise(ends):
        rows = np.flatnonzero(used[start:stop].any(axis=0))
        if len(rows):
            found.append((after, slice(start, stop), slice(int(rows[0]), int(rows[-1]) + 1)))
    return found
