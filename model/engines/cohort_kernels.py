"""Compiled loops of the mean engine: one pass over the cells of all draws.

Arrays are ``(draw, place, hukou, education, sex, age)`` unless told otherwise; every sum runs in
a fixed order within a draw, so that a draw is the same bytes whatever stands beside it.
"""

from numba import njit

from model.axes import FEMALE, FIRST_BIRTH, LAST_BIRTH


@njit(cache=True)
def grow_older(people, surviving, deaths):  # type: ignore[no-untyped-def]
    """Survivors move up one age in place, the two oldest groups join; deaths are added up.

    ``surviving`` is (draw, place or 1, sex, age); ``deaths`` (draw, zone, hukou, sex, age).
    """
    draws, places, hukou, education, sexes, ages = people.shape
    zones, shared = deaths.shape[1], surviving.shape[1] == 1
    for d in range(draws):
        for p in range(places):
            row = 0 if shared else p
            for h in range(hukou):
                for e in range(education):
                    for s in range(sexes):
                        cell, chance = people[d, p, h, e, s], surviving[d, row, s]
                        if p < zones:
                            for a in range(ages):
                                deaths[d, p, h, s, a] += cell[a] * (1.0 - chance[a])
                        last = cell[ages - 1] * chance[ages - 1]
                        for a in range(ages - 1, 0, -1):
                            cell[a] = cell[a - 1] * chance[a - 1]
                        cell[ages - 1] += last
                        cell[0] = 0.0


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


@njit(cache=True)
def become_local(people, chance, converted):  # type: ignore[no-untyped-def]
    """Shares of the classes elsewhere become local; ``chance`` (draw, zone, hukou)."""
    draws, zones, hukou = chance.shape
    education, sexes, ages = people.shape[3:]
    for d in range(draws):
        for z in range(zones):
            for h in range(1, hukou):
                share, total = chance[d, z, h], 0.0
                for e in range(education):
                    for s in range(sexes):
                        for a in range(ages):
                            up = people[d, z, h, e, s, a] * share
                            people[d, z, h, e, s, a] -= up
                            people[d, z, 0, e, s, a] += up
                            total += up
                converted[d, z, h] = total


@njit(cache=True)
def children_of(people, rates, births):  # type: ignore[no-untyped-def]
    """Expected births (draw, place, hukou, age) at rates (draw, place, education, age)."""
    draws, places, hukou, education = people.shape[:4]
    for d in range(draws):
        for p in range(places):
            for h in range(hukou):
                for e in range(education):
                    for a in range(FIRST_BIRTH, LAST_BIRTH + 1):
                        births[d, p, h, a] += people[d, p, h, e, FEMALE, a] * rates[d, p, e, a]


@njit(cache=True)
def depart(people, leave, group, movers, departures):  # type: ignore[no-untyped-def]
    """Movers of one draw leave their cells; written as (hukou, place, education, sex, age).

    ``people`` (place, hukou, education, sex, age), ``leave`` (place, group, age), ``group``
    (hukou, education, age); ``departures`` (zone, sex, age) is added to.
    """
    places, hukou, education, sexes, ages = people.shape
    zones = len(departures)
    for p in range(places):
        for h in range(hukou):
            for e in range(education):
                for s in range(sexes):
                    for a in range(ages):
                        gone = people[p, h, e, s, a] * leave[p, group[h, e, a], a]
                        people[p, h, e, s, a] -= gone
                        movers[h, p, e, s, a] = gone
                        if p < zones:
                            departures[p, s, a] += gone


@njit(cache=True)
def arrive(people, arriving, arrivals):  # type: ignore[no-untyped-def]
    """Those who arrive in one draw, (hukou, place, education, sex, age), join their cells."""
    places, hukou, education, sexes, ages = people.shape
    zones = len(arrivals)
    for p in range(places):
        for h in range(hukou):
            for e in range(education):
                for s in range(sexes):
                    for a in range(ages):
                        come = arriving[h, p, e, s, a]
                        people[p, h, e, s, a] += come
                        if p < zones:
                            arrivals[p, s, a] += come


@njit(cache=True)
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
