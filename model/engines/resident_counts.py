"""Compiled passes from counts of rows to what is told of them, in persons.

These cost the same however few rows there are, and so decide what a small crowd costs. Counts are
whole: a sum of them is exact in any order.
"""

import numpy as np
from numba import njit

from model.engines.resident_kernels import LEVELS


@njit(cache=True, nogil=True)
def to_persons(rows, scale, persons):  # type: ignore[no-untyped-def]
    """Numbers of rows (n,) as persons, so many a row."""
    for i in range(len(rows)):
        persons[i] = np.float64(rows[i]) * scale


@njit(cache=True, nogil=True)
def told_deaths(dead, scale, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """The dead (zone, hukou, sex, age) as persons ``by_hukou`` (hukou, zone) and ``by_age``.

    ``by_age`` (zone, sex, age).
    """
    zones, classes, sexes, ages = dead.shape
    for zone in range(zones):
        by_age[zone] = 0.0
        for hukou in range(classes):
            total = 0
            for sex in range(sexes):
                for age in range(ages):
                    total += dead[zone, hukou, sex, age]
                    by_age[zone, sex, age] += dead[zone, hukou, sex, age] * scale
            by_hukou[hukou, zone] = total * scale


@njit(cache=True, nogil=True)
def told_births(mothers, scale, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """Mothers (place, hukou, age) as persons ``by_hukou`` (hukou, place) and ``by_age``.

    ``by_age`` (place, age).
    """
    places, classes, ages = mothers.shape
    for place in range(places):
        by_age[place] = 0.0
        for hukou in range(classes):
            total = 0
            for age in range(ages):
                total += mothers[place, hukou, age]
                by_age[place, age] += mothers[place, hukou, age] * scale
            by_hukou[hukou, place] = total * scale


@njit(cache=True, nogil=True)
def told_work(outcomes, posts, scale, labour_force, commuters, jobs, by_mode):  # type: ignore[no-untyped-def]
    """Work as persons: who offers it (zone,), who goes where (zone, zone), how, and jobs.

    ``outcomes`` (zone, to_zone * mode + 1), the last without work; ``posts`` (to_zone, sector),
    ``jobs`` (sector, to_zone), ``by_mode`` (zone, to_zone, mode).
    """
    zones, goals, modes = by_mode.shape
    for zone in range(zones):
        total = outcomes[zone, goals * modes]
        for goal in range(goals):
            here = 0
            for mode in range(modes):
                count = outcomes[zone, goal * modes + mode]
                by_mode[zone, goal, mode] = count * scale
                here += count
            commuters[zone, goal] = here * scale
            total += here
        labour_force[zone] = total * scale
    for goal in range(goals):
        for sector in range(len(jobs)):
            jobs[sector, goal] = posts[goal, sector] * scale


@njit(cache=True, nogil=True)
def sum_hukou(cells, scale, schooled, grown, infants):  # type: ignore[no-untyped-def]
    """People (zone, hukou, education, sex, age) as persons ``schooled``, classes together.

    And, by class (zone, hukou), those past infancy, ``grown``, and ``infants``.
    """
    zones, classes, levels, sexes, ages = cells.shape
    size = levels * sexes * ages
    sums, by_class = np.empty(size, cells.dtype), cells.reshape(zones, classes, size)
    for zone in range(zones):
        own, sums[:] = schooled[zone].ravel(), 0
        for hukou in range(classes):
            here, total, youngest = by_class[zone, hukou], 0, 0
            for cell in range(size):
                sums[cell] += here[cell]
            for cell in range(size):
                total += here[cell]
            for cell in range(0, size, ages):
                youngest += here[cell]
            grown[zone, hukou] = (total - youngest) * scale
            infants[zone, hukou] = youngest * scale
        for cell in range(size):
            own[cell] = sums[cell] * scale


@njit(cache=True, nogil=True)
def sum_sexes(cells, scale, classed):  # type: ignore[no-untyped-def]
    """People (zone, trait, age) as persons ``classed`` (zone, hukou, education, age)."""
    zones, traits, ages = cells.shape
    for zone in range(zones):
        for kind in range(traits // 2):
            men, women = cells[zone, 2 * kind], cells[zone, 2 * kind + 1]
            into = classed[zone, kind // LEVELS, kind % LEVELS]
            for age in range(ages):
                into[age] = (men[age] + women[age]) * scale
