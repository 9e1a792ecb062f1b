"""Sums of people over traits, made once for each state of a population and shared."""

import numpy as np
from numba import njit

from model.axes import Array
from model.vectors import LANES, across, fused, load, plus, spread, store


@njit(cache=True)
def sum_people(people, schooled, grown):  # type: ignore[no-untyped-def]
    """Sums of one draw over hukou classes, and of those past infancy by class.

    ``people`` (place, hukou, education, sex, age), ``schooled`` (place, education, sex, age),
    ``grown`` (place, hukou).
    """
    places, hukou, education, sexes, ages = people.shape
    size, counted = sexes * ages, past_infancy(sexes, ages)
    odd = size % LANES
    all_people, all_schooled = people.reshape(-1), schooled.reshape(-1)
    for p in range(places):
        for h in range(hukou):
            grown[p, h] = 0.0
            for e in range(education):
                total = spread(0.0)
                cell, into = ((p * hukou + h) * education + e) * size, (p * education + e) * size
                for c in range(odd, size, LANES):
                    here = load(people, cell + c)
                    total = fused(here, load(counted, c), total)
                    if h > 0:
                        here = plus(load(schooled, into + c), here)
                    store(schooled, into + c, here)
                grown[p, h] += across(total)
                for c in range(odd):
                    alive = all_people[cell + c]
                    grown[p, h] += alive * counted[c]
                    all_schooled[into + c] = all_schooled[into + c] + alive if h > 0 else alive


@njit(cache=True)
def past_infancy(sexes, ages):  # type: ignore[no-untyped-def]
    """One for who is past infancy, by column, (sex x age,)."""
    counted = np.ones(sexes * ages)
    counted[::ages] = 0.0
    return counted


@njit(cache=True)
def sum_sexes(people, classed):  # type: ignore[no-untyped-def]
    """Sums of one draw over sexes, ``classed`` (place, hukou, education, age)."""
    places, hukou, education, _, ages = people.shape
    for p in range(places):
        for h in range(hukou):
            for e in range(education):
                men, women, into = people[p, h, e, 0], people[p, h, e, 1], classed[p, h, e]
                for a in range(ages):
                    into[a] = men[a] + women[a]


@njit(cache=True)
def count_infants(people, infants):  # type: ignore[no-untyped-def]
    """Those of age 0 in a place, by class (hukou,)."""
    hukou, education, sexes, _ = people.shape
    for h in range(hukou):
        total = 0.0
        for e in range(education):
            for s in range(sexes):
                total += people[h, e, s, 0]
        infants[h] = total


@njit(cache=True)
def all_infants(people, infants):  # type: ignore[no-untyped-def]
    """Those of age 0 by place and class, (draw, place, hukou)."""
    for d in range(len(people)):
        for p in range(people.shape[1]):
            count_infants(people[d, p], infants[d, p])


class Marginals:
    """What processes read of a population: by education and sex, and by registration.

    A population calls :meth:`touch` whenever its people change.
    """

    def counts(self) -> Array:
        """(draw, place, hukou, education, sex, age) [persons]."""
        raise NotImplementedError

    def touch(self) -> None:
        """People have changed: sums are made anew when next asked for."""
        self._by_education: tuple[Array, Array] | None = None
        self._by_class: Array | None = None
        self._infants: Array | None = None

    def _room(self) -> tuple[Array, Array]:
        """Arrays for the sums over hukou classes."""
        draws, places, hukou, education, sexes, ages = self.counts().shape
        return np.empty((draws, places, education, sexes, ages)), np.empty((draws, places, hukou))

    def _summed(self) -> tuple[Array, Array]:
        if self._by_education is None:
            schooled, grown = self._room()
            for people, into, totals in zip(self.counts(), schooled, grown, strict=True):
                sum_people(people, into, totals)
            self._by_education = schooled, grown
        return self._by_education

    def schooled(self) -> Array:
        """(draw, place, education, sex, age) [persons]; not to be written to."""
        return self._summed()[0]

    def registered(self) -> Array:
        """(draw, place, hukou) [persons]."""
        grown = self._summed()[1]
        if self._infants is None:
            counts = self.counts()
            self._infants = np.empty(counts.shape[:3])
            all_infants(counts, self._infants)
        return grown + self._infants

    def classed(self) -> Array:
        """(draw, place, hukou, education, age) [persons]; not to be written to."""
        if self._by_class is None:
            counts = self.counts()
            self._by_class = np.empty(counts.shape[:4] + counts.shape[5:])
            for people, into in zip(counts, self._by_class, strict=True):
                sum_sexes(people, into)
        return self._by_class
