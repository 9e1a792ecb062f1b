"""The mean engine: expected people by cell, all draws at once."""

import numpy as np

from model.axes import FEMALE, MALE, Array
from model.population import MoveTable, Work, WorkTable


class Cohorts:
    """Expected counts ``(draw, place, sex, age)``; verbs multiply.

    Examples
    --------
    >>> people = Cohorts(np.full((1, 2, 2, 101), 10.0), zones=1)
    >>> deaths = people.die(np.full((1, 1, 2, 101), 0.9))
    >>> float(deaths[0, 0].round(6)), float(people.counts()[0, 0].sum().round(6))
    (202.0, 1818.0)
    """

    def __init__(self, people: Array, zones: int) -> None:
        self._people = np.array(people, dtype=float)
        self._zones = zones
        self._newborn = np.zeros(self._people.shape[:2])

    def begin_year(self, year: int) -> None:
        """Expectations need no year."""

    def counts(self) -> Array:
        """People by cell; the array is the population's own, not to be written to."""
        return self._people

    def die(self, surviving: Array) -> Array:
        """Survivors move up one age; the two oldest groups join."""
        before = self._people[:, : self._zones].sum(axis=(2, 3))
        survivors = self._people * surviving
        older = np.zeros_like(survivors)
        older[..., 1:] = survivors[..., :-1]
        older[..., -1] += survivors[..., -1]
        self._people = older
        return before - older[:, : self._zones].sum(axis=(2, 3))

    def bear(self, rates: Array, name: str) -> Array:
        """Expected births of the women now living in each place."""
        fertile = slice(15, 50)
        women = self._people[:, :, FEMALE, fertile]
        births = (women * rates[..., fertile]).sum(axis=2)
        self._newborn += births
        return births

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Newborns at age 0, those who die in their first months taken off."""
        shares = {MALE: boys, FEMALE: 1 - boys}
        deaths = np.zeros((len(self._people), self._zones))
        for sex, share in shares.items():
            born = self._newborn * share[:, None]
            alive = born * surviving[:, sex, None]
            self._people[:, :, sex, 0] += alive
            deaths += (born - alive)[:, : self._zones]
        self._newborn = np.zeros_like(self._newborn)
        return deaths

    def relocate(self, table: MoveTable) -> Array:
        """Movers leave by age and arrive by the shares of their origin."""
        people = self._people
        draws, places, sexes, ages = people.shape
        movers = people * table.leave[:, :, None, :]
        flat = movers.reshape(draws, places, sexes * ages)
        arriving = np.matmul(table.destination.transpose(0, 2, 1), flat)
        self._people = people - movers + arriving.reshape(people.shape)
        return flat.sum(axis=2)[:, :, None] * table.destination

    def work(self, table: WorkTable) -> Work:
        """Expected labour force, commuters and jobs."""
        people = self._people[:, : self._zones]
        labour_force = (people * table.participation).sum(axis=(2, 3))
        commuters = labour_force[:, :, None] * table.workplace
        jobs = commuters.sum(axis=1)[:, None, :] * table.sector.transpose(0, 2, 1)
        return Work(labour_force, commuters, jobs, commuters[..., None] * table.mode)
