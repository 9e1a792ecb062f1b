"""Sums of people over traits, made once for each state of a population and shared."""

import numpy as np
from numba import njit

from model.axes import Array


@njit(cache=True)
def add_up(counts, schooled, classed):  # type: ignore[no-untyped-def]
    """Both sums in one pass over (draw, place, hukou, education, sex, age)."""
    draws, places, hukou, education, sexes, ages = counts.shape
    for d in range(draws):
        for p in range(places):
            for h in range(hukou):
                for e in range(education):
                    for s in range(sexes):
                        for a in range(ages):
                            people = counts[d, p, h, e, s, a]
                            schooled[d, p, e, s, a] += people
                            classed[d, p, h, e, a] += people


class Marginals:
    """What processes read of a population: by education and sex, and by registration.

    A population calls :meth:`touch` whenever its people change.
    """

    def counts(self) -> Array:
        """(draw, place, hukou, education, sex, age) [persons]."""
        raise NotImplementedError

    def touch(self) -> None:
        """People have changed: sums are made anew when next asked for."""
        self._sums: tuple[Array, Array] | None = None

    def _added(self) -> tuple[Array, Array]:
        if self._sums is None:
            counts = self.counts()
            draws, places, hukou, education, sexes, ages = counts.shape
            schooled = np.zeros((draws, places, education, sexes, ages))
            classed = np.zeros((draws, places, hukou, education, ages))
            add_up(counts, schooled, classed)
            self._sums = schooled, classed
        return self._sums

    def schooled(self) -> Array:
        """(draw, place, education, sex, age) [persons]; not to be written to."""
        return self._added()[0]

    def classed(self) -> Array:
        """(draw, place, hukou, education, age) [persons]; not to be written to."""
        return self._added()[1]
