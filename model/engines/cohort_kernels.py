"""Compiled loops of the mean engine: one pass over the cells of all draws.

Arrays are ``(draw, place, hukou, education, sex, age)`` unless told otherwise; every sum runs in
a fixed order within a draw, so that a draw is the same bytes whatever stands beside it.
"""

import numpy as np
from numba import njit

from model.axes import FEMALE, FIRST_BIRTH, LAST_BIRTH


@njit(cache=True, fastmath={"contract"})
def grow_older(people, surviving, deaths):  # type: ignore[no-untyped-def]
    """Survivors move up one age in place, the two oldest groups join; deaths are put down.

    ``surviving`` is (draw, place or 1, sex, age); ``deaths`` (draw, zone, hukou, sex, age).
    """
    draws, places, hukou, education, sexes, ages = people.shape
    zones, shared = deaths.shape[1], surviving.shape[1] == 1
    alive, died = np.empty(ages), np.empty((sexes, ages))
    for d in range(draws):
        for p in range(places):
            row = 0 if shared else p
            for h in range(hukou):
                died[:] = 0.0
                for e in range(education):
                    for s in range(sexes):
                        cell, chance, dead = people[d, p, h, e, s], surviving[d, row, s], died[s]
                        for a in range(ages):
                            alive[a] = cell[a] * chance[a]
                            dead[a] += cell[a] - alive[a]
                        for a in range(1, ages):
                            cell[a] = alive[a - 1]
                        cell[ages - 1] += alive[ages - 1]
                        cell[0] = 0.0
                if p < zones:
                    deaths[d, p, h] = died


@njit(cache=True)
def go_up(people, entering):  # type: ignore[no-untyped-def]
    """Shares of a level and age enter the next level; ``entering`` (draw, education, sex, age).

    The highest level is done first, so that nobody goes up twice.
    """
    draws, places, hukou, education, sexes, ages = people.shape
    for d in range(draws):
        for e in range(education - 2, -1, -1):
            for s in range(sexes):
                for a in range(ages):
                    chance = entering[d, e, s, a]
                    if chance > 0.0:
                        for p in range(places):
                            for h in range(hukou):
                                up = people[d, p, h, e, s, a] * chance
                                people[d, p, h, e, s, a] -= up
                                people[d, p, h, e + 1, s, a] += up


@njit(cache=True, fastmath={"reassoc", "contract"})
def become_local(people, chance, converted, classed):  # type: ignore[no-untyped-def]
    """Shares of the classes elsewhere become local; ``chance`` (draw, zone, hukou).

    ``classed`` (draw, place, hukou, education, age) is how people then stand.
    """
    draws, places, hukou, education, sexes, ages = people.shape
    zones = chance.shape[1]
    for d in range(draws):
        for p in range(places):
            for e in range(education):
                local, among = people[d, p, 0, e], classed[d, p, 0, e]
                for h in range(1, hukou):
                    share = chance[d, p, h] if p < zones else 0.0
                    total = 0.0
                    for s in range(sexes):
                        cell, joined = people[d, p, h, e, s], local[s]
                        for a in range(ages):
                            up = cell[a] * share
                            cell[a] -= up
                            joined[a] += up
                            total += up
                    if p < zones:
                        converted[d, p, h] += total
                    men, women, left = (
                        people[d, p, h, e, 0],
                        people[d, p, h, e, 1],
                        classed[d, p, h, e],
                    )
                    for a in range(ages):
                        left[a] = men[a] + women[a]
                for a in range(ages):
                    among[a] = local[0, a] + local[1, a]


@njit(cache=True, fastmath={"contract"})
def children_of(people, rates, births, newborn):  # type: ignore[no-untyped-def]
    """Expected births (draw, place, hukou, age) at rates (draw, place, education, age).

    All of them are added to ``newborn`` (draw, place, hukou).
    """
    draws, places, hukou, education = people.shape[:4]
    for d in range(draws):
        for p in range(places):
            for h in range(hukou):
                born = births[d, p, h]
                born[:] = 0.0
                for e in range(education):
                    women, rate = people[d, p, h, e, FEMALE], rates[d, p, e]
                    for a in range(FIRST_BIRTH, LAST_BIRTH + 1):
                        born[a] += women[a] * rate[a]
                total = 0.0
                for a in range(FIRST_BIRTH, LAST_BIRTH + 1):
                    total += born[a]
                newborn[d, p, h] += total


@njit(cache=True, fastmath={"reassoc", "contract"})
def offering_work(schooled, participation, force):  # type: ignore[no-untyped-def]
    """Labour force (draw, zone) of people (draw, place, education, sex, age)."""
    draws, zones = force.shape
    education, sexes, ages = participation.shape[2:]
    for d in range(draws):
        for z in range(zones):
            total = 0.0
            for e in range(education):
                for s in range(sexes):
                    cell, part = schooled[d, z, e, s], participation[d, z, e, s]
                    for a in range(ages):
                        total += cell[a] * part[a]
            force[d, z] = total
