"""Passes over people, draw by draw: who offers work, and head counts.

The equations are those of :mod:`model.processes.participation`, ``census``, ``demography`` and
``fertility``; the tests hold these loops against plain numpy. One draw touches only its own
arrays. Imported by what calls it, not at start-up.
"""

import math

import numpy as np

from model.axes import FEMALE, MALE
from model.kernels.compiled import njit
from model.kernels.vectors import wide

STEPS = 100
CLOSE = 1e-13


@njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})
def offer(odds, factor, people, supply):  # type: ignore[no-untyped-def]
    """Labour force, ``supply`` (draw, zone, education).

    ``odds`` (draw, education, sex, age) times ``factor`` (draw, zone) are the odds of a cell,
    ``people`` (draw, place, education, sex, age). The parts of both sexes are one fraction, since
    divisions are what takes time.
    """
    wide()
    draws, zones, education = supply.shape
    for d in range(draws):
        for z in range(zones):
            scale = factor[d, z]
            for e in range(education):
                women, men = people[d, z, e, FEMALE], people[d, z, e, MALE]
                her, his = odds[d, e, FEMALE], odds[d, e, MALE]
                total = 0.0
                for a in range(len(her)):
                    one, other = her[a] * scale, his[a] * scale
                    above = women[a] * one * (1.0 + other) + men[a] * other * (1.0 + one)
                    total += above / ((1.0 + one) * (1.0 + other))
                supply[d, z, e] = total


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def force(odds, people, scale):  # type: ignore[no-untyped-def]
    """Labour force of a zone at a factor of all odds, and its slope in the factor's log."""
    total, slope = 0.0, 0.0
    for c in range(len(odds)):
        moved = odds[c] * scale
        left = 1.0 / (1.0 + moved)
        total += people[c] * (moved * left)
        slope += people[c] * (moved * left * left)
    return total, slope


@njit(cache=True, error_model="numpy")
def shifts(odds, people, wanted, lowest, highest):  # type: ignore[no-untyped-def]
    """Logs of the factors of odds (draw, cell) that give each zone the labour force wanted.

    Newton's steps, halved into the bracket of what is known where they leave it; ``people``
    (zone, cell), ``wanted`` (draw, zone).
    """
    found = np.empty(wanted.shape)
    for d in range(len(wanted)):
        for z in range(wanted.shape[1]):
            low, high, point = lowest, highest, 0.0
            for _ in range(STEPS):
                total, slope = force(odds[d], people[z], math.exp(point))
                if total < wanted[d, z]:
                    low = point
                else:
                    high = point
                step = (wanted[d, z] - total) / slope if slope > 0.0 else 2.0 * highest
                after = point + step
                if not low < after < high:
                    after = (low + high) / 2.0
                moved, point = abs(after - point), after
                if moved < CLOSE:
                    break
            found[d, z] = point
    return found


@njit(cache=True, fastmath={"contract"})
def count(schooled, city, people, by_age, by_education):  # type: ignore[no-untyped-def]
    """Everybody by place, by age and by education of each city.

    ``schooled`` (draw, place, education, sex, age), ``city`` (zone,); ``people`` (draw, place,
    sex, age), ``by_age`` (draw, city, sex, age), ``by_education`` (draw, city, education, age).
    """
    draws, places, education, sexes, ages = schooled.shape
    by_age[:] = 0.0
    by_education[:] = 0.0
    for d in range(draws):
        for p in range(places):
            for e in range(education):
                for s in range(sexes):
                    cell, into = schooled[d, p, e, s], people[d, p, s]
                    if e == 0:
                        for a in range(ages):
                            into[a] = cell[a]
                    else:
                        for a in range(ages):
                            into[a] += cell[a]
                    if p < len(city):
                        into = by_education[d, city[p], e]
                        for a in range(ages):
                            into[a] += cell[a]
            if p < len(city):
                for s in range(sexes):
                    into, cell = by_age[d, city[p], s], people[d, p, s]
                    for a in range(ages):
                        into[a] += cell[a]
