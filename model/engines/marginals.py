"""Sums of people over traits, made once for each state of a population and shared."""

import numpy as np

from model.axes import Array
from model.engines.ways import Sums
from model.kernels.compiled import njit
from model.kernels.vectors import wide


@njit(cache=True)
def sum_people(people, classed, schooled):  # type: ignore[no-untyped-def]
    """Sums of one draw over levels of education, and over hukou classes.

    ``people`` (place, hukou, education, cell), ``classed`` (place, hukou, cell), ``schooled``
    (place, education, cell).
    """
    places, hukou, education, cells = people.shape
    classed[:] = 0.0
    schooled[:] = 0.0
    for p in range(places):
        for h in range(hukou):
            for e in range(education):
                here, own, into = people[p, h, e], classed[p, h], schooled[p, e]
                for c in range(cells):
                    own[c] += here[c]
                for c in range(cells):
                    into[c] += here[c]


@njit(cache=True, fastmath={"reassoc"})
def sum_cells(classed, found):  # type: ignore[no-untyped-def]
    """Sums over cells, ``found`` (draw, place, hukou) of ``classed`` (draw, place, hukou, cell)."""
    wide()
    draws, places, hukou, cells = classed.shape
    for d in range(draws):
        for p in range(places):
            for h in range(hukou):
                row, total = classed[d, p, h], 0.0
                for c in range(cells):
                    total += row[c]
                found[d, p, h] = total


def room_for_sums(shape: tuple[int, ...]) -> Sums:
    """Arrays for the sums of people of a shape."""
    draws, places, hukou, education, *cells = shape
    return Sums(
        np.empty((draws, places, hukou, *cells)), np.empty((draws, places, education, *cells))
    )


class Marginals:
    """What processes read of a population: by education and sex, and by registration.

    A population calls :meth:`touch` whenever its people change.
    """

    by_age = True

    def counts(self) -> Array:
        """(draw, place, hukou, education, sex, age) [persons]."""
        raise NotImplementedError

    def touch(self) -> None:
        """People have changed: sums are made anew when next asked for."""
        self._sums: Sums | None = None

    def _summed(self) -> Sums:
        if self._sums is None:
            counts = self.counts()
            sums = room_for_sums(counts.shape)
            for people, classed, schooled in zip(counts, *sums, strict=True):
                sum_people(*(cells.reshape(*cells.shape[:-2], -1)
                             for cells in (people, classed, schooled)))  # fmt: skip
            self._sums = sums
        return self._sums

    def schooled(self) -> Array:
        """(draw, place, education, sex, age) [persons]; not to be written to."""
        return self._summed().schooled

    def classed(self) -> Array:
        """(draw, place, hukou, sex, age) [persons]; not to be written to, nor to be kept."""
        return self._summed().classed

    def registered(self) -> Array:
        """(draw, place, hukou) [persons]."""
        classed = self.classed()
        found = np.empty(classed.shape[:3])
        sum_cells(classed.reshape(*found.shape, -1), found)
        return found

    def of_cells(self, cells: Array) -> Array:
        """(draw, place, cell) [persons] of cells (cell, n) that begin with class, level and age."""
        hukou, education, ages = cells[:, :3].T
        return np.moveaxis(self.counts()[:, :, hukou, education, :, ages].sum(axis=-1), 0, -1)
