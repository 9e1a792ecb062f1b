"""Compiled passes from counts of rows to what is told of them, in persons.

These cost the same however few rows there are, and so decide what a small crowd costs. Counts are
whole: a sum of them is exact in any order.
"""

import numpy as np

from model.kernels.compiled import njit


@njit(cache=True)
def to_persons(rows, scale, persons):  # type: ignore[no-untyped-def]
    """Numbers of rows (n,) as persons, so many a row."""
    for i in range(len(rows)):
        persons[i] = np.float64(rows[i]) * scale


@njit(cache=True)
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


@njit(cache=True)
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


@njit(cache=True)
def told_work(outcomes, posts, scale, labour_force, commuters, jobs, by_mode):  # type: ignore[no-untyped-def]
    """Work as persons: who offers it (zone,), who goes where (zone, zone), how, and jobs.

    ``outcomes`` (zone, to_zone * mode + 1), the last without work; ``posts`` (to_zone, sector),
    ``jobs`` (sector, to_zone), ``by_mode`` (mode, zone, to_zone).
    """
    modes, zones, goals = by_mode.shape
    for zone in range(zones):
        total = outcomes[zone, goals * modes]
        for goal in range(goals):
            here = 0
            for mode in range(modes):
                count = outcomes[zone, goal * modes + mode]
                by_mode[mode, zone, goal] = count * scale
                here += count
            commuters[zone, goal] = here * scale
            total += here
        labour_force[zone] = total * scale
    for goal in range(goals):
        for sector in range(len(jobs)):
            jobs[sector, goal] = posts[goal, sector] * scale


@njit(cache=True)
def sum_traits(cells, scale, classed, schooled):  # type: ignore[no-untyped-def]
    """People (zone, hukou, education, sex, age) as persons by class, and by education.

    ``classed`` (zone, hukou, sex, age), ``schooled`` (zone, education, sex, age).
    """
    zones, classes, levels, sexes, ages = cells.shape
    size = sexes * ages
    people = cells.reshape(zones, classes, levels, size)
    by_class, by_level = np.empty(size, cells.dtype), np.empty((levels, size), cells.dtype)
    for zone in range(zones):
        by_level[:] = 0
        for hukou in range(classes):
            by_class[:] = 0
            for education in range(levels):
                here, own = people[zone, hukou, education], by_level[education]
                for cell in range(size):
                    by_class[cell] += here[cell]
                for cell in range(size):
                    own[cell] += here[cell]
            for sex in range(sexes):
                into = classed[zone, hukou, sex]
                for age in range(ages):
                    into[age] = by_class[sex * ages + age] * scale
        to_persons(by_level.ravel(), scale, schooled[zone].ravel())
