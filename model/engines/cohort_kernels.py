"""Compiled loops of the mean engine: one pass over the cells of all draws.

Arrays are ``(draw, place, hukou, education, sex, age)`` unless told otherwise; every sum runs in
a fixed order within a draw, so that a draw is the same bytes whatever stands beside it.
"""

import numpy as np
from numba import njit

from model.axes import BEYOND, ELSEWHERE, FEMALE, FIRST_BIRTH, LAST_BIRTH, LOCAL, MALE
from model.engines.marginals import count_infants
from model.vectors import LANES, across, load, minus, plus, spread, store, times


@njit(cache=True)
def count_deaths(people, surviving, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """Deaths of zones by class (draw, hukou, zone) and by cell of sex and age.

    ``people`` (draw, place, hukou, education, cell), ``surviving`` (draw, place or 1, cell),
    ``by_age`` (draw, zone, cell).
    """
    draws, _, hukou, education, cells = people.shape
    zones, shared, whole = by_age.shape[1], surviving.shape[1] == 1, cells // LANES * LANES
    none, one = spread(0.0), spread(1.0)
    for d in range(draws):
        for z in range(zones):
            here, chance, dead = people[d, z], surviving[d, 0 if shared else z], by_age[d, z]
            dead[:] = 0.0
            for h in range(hukou):
                first, total, rest = h * education * cells, none, 0.0
                for c in range(0, whole, LANES):
                    everybody = load(here, first + c)
                    for e in range(1, education):
                        everybody = plus(everybody, load(here, first + e * cells + c))
                    died = times(everybody, minus(one, load(chance, c)))
                    store(dead, c, plus(load(dead, c), died))
                    total = plus(total, died)
                for c in range(whole, cells):
                    few = 0.0
                    for e in range(education):
                        few += here[h, e, c] * (1.0 - chance[c])
                    dead[c] += few
                    rest += few
                by_hukou[d, h, z] = across(total) + rest


@njit(cache=True)
def age_place(people, surviving, ages, older):  # type: ignore[no-untyped-def]
    """Survivors of a place, (hukou, education, cell), a year older; the two oldest groups join.

    ``older`` has a cell more, into which the last would grow.
    """
    hukou, education, cells = people.shape
    for h in range(hukou):
        for e in range(education):
            row = h * education + e
            for turn in range((cells + LANES - 1) // LANES):
                # The last few are done with some of those before them, once more.
                c = min(turn * LANES, cells - LANES)
                alive = times(load(people, row * cells + c), load(surviving, c))
                store(older, row * (cells + 1) + 1 + c, alive)
            for oldest in range(ages, cells + 1, ages):
                older[h, e, oldest - 1] += older[h, e, oldest]
                older[h, e, oldest - ages] = 0.0


@njit(cache=True)
def teach_place(people, entering, where):  # type: ignore[no-untyped-def]
    """Shares of cells of a place enter the next level; ``where`` (n, 2) says of which cells.

    ``where`` begins with the highest level, so that nobody goes up twice.
    """
    for n in range(len(where)):
        e, c = where[n, 0], where[n, 1]
        for h in range(len(people)):
            up = people[h, e, c] * entering[e, c]
            people[h, e, c] -= up
            people[h, e + 1, c] += up


@njit(cache=True, fastmath={"reassoc", "contract"})
def register_place(before, chance, people, classed, converted):  # type: ignore[no-untyped-def]
    """Shares ``chance`` (hukou,) of the classes elsewhere become local in a place.

    From ``before`` to ``people``, (hukou, education, cell), and their sums over sexes
    ``classed`` (hukou, education, age); ``converted`` (hukou,) is how many they are. Short loops
    over few arrays: a compiler works out several cells at once in those alone.
    """
    education, cells = people.shape[1:]
    ages = classed.shape[2]
    near, far = chance[ELSEWHERE], chance[BEYOND]
    for e in range(education):
        local, one, two = before[LOCAL, e], before[ELSEWHERE, e], before[BEYOND, e]
        into = people[LOCAL, e]
        for c in range(cells):
            into[c] = local[c] + one[c] * near + two[c] * far
    converted[LOCAL] = 0.0
    for h in range(1, len(people)):
        total, left = 0.0, 1.0 - chance[h]
        for e in range(education):
            cell, into = before[h, e], people[h, e]
            for c in range(cells):
                total += cell[c]
            for c in range(cells):
                into[c] = cell[c] * left
        converted[h] = total * chance[h]
    for h in range(len(people)):
        for e in range(education):
            men, women, into = people[h, e, :ages], people[h, e, ages:], classed[h, e]
            for a in range(ages):
                into[a] = men[a] + women[a]


@njit(cache=True)
def grow_older(people, ages, surviving, entering, where):  # type: ignore[no-untyped-def]
    """Everybody, (draw, place, hukou, education, cell), is a year older and goes to school.

    ``surviving`` (draw, place or 1, cell), ``entering`` (draw, education, cell) and ``where`` as in
    :func:`teach_place`.
    """
    _, places, hukou, education, cells = people.shape
    shared, older = surviving.shape[1] == 1, np.empty((hukou, education, cells + 1))
    for d in range(len(people)):
        for p in range(places):
            age_place(people[d, p], surviving[d, 0 if shared else p], ages, older)
            teach_place(older, entering[d], where)
            for h in range(hukou):
                for e in range(education):
                    people[d, p, h, e] = older[h, e, :cells]


@njit(cache=True)
def become_local(people, chance, converted, classed):  # type: ignore[no-untyped-def]
    """Shares of the classes elsewhere become local; ``chance`` (draw, place, hukou).

    ``converted`` is how many, ``classed`` (draw, place, hukou, education, age) who then stands
    where.
    """
    for d in range(len(people)):
        for p in range(people.shape[1]):
            here = people[d, p]
            register_place(here.copy(), chance[d, p], here, classed[d, p], converted[d, p])


@njit(cache=True)
def grow_and_become_local(  # type: ignore[no-untyped-def]
    people, surviving, entering, where, chance, converted, classed
):
    """:func:`grow_older` and :func:`become_local`, place by place: each is fetched but once."""
    _, places, hukou, education, cells = people.shape
    shared, older = surviving.shape[1] == 1, np.empty((hukou, education, cells + 1))
    ages = classed.shape[4]
    for d in range(len(people)):
        for p in range(places):
            here = people[d, p]
            age_place(here, surviving[d, 0 if shared else p], ages, older)
            teach_place(older, entering[d], where)
            register_place(older, chance[d, p], here, classed[d, p], converted[d, p])


@njit(cache=True, fastmath={"reassoc", "contract"})
def children_of(people, level, rates, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """Births at rates (draw, education, age) times ``level`` (draw, place), by class and age.

    ``by_hukou`` (draw, hukou, place), ``by_age`` (draw, place, age).
    """
    draws, places, hukou, education = people.shape[:4]
    first, last = FIRST_BIRTH, LAST_BIRTH + 1
    born = np.empty(last - first)
    by_age[:] = 0.0
    for d in range(draws):
        for p in range(places):
            into, scale = by_age[d, p, first:last], level[d, p]
            for h in range(hukou):
                born[:] = 0.0
                for e in range(education):
                    women, rate = people[d, p, h, e, FEMALE, first:last], rates[d, e, first:last]
                    for a in range(LAST_BIRTH + 1 - FIRST_BIRTH):
                        born[a] += women[a] * rate[a]
                total = 0.0
                for a in range(LAST_BIRTH + 1 - FIRST_BIRTH):
                    births = born[a] * scale
                    into[a] += births
                    total += births
                by_hukou[d, h, p] = total


@njit(cache=True)
def settle_newborns(people, born, boys, surviving, deaths, infants, schooled):  # type: ignore[no-untyped-def]
    """The newborn (draw, hukou, place) join at age 0, but who dies in the first months.

    ``boys`` (draw,), ``surviving`` (draw, sex), ``deaths`` (draw, zone, hukou); all of age 0 are
    then counted, ``infants`` (draw, place, hukou), and put into ``schooled``.
    """
    draws, places, hukou, _, sexes, _ = people.shape
    zones = deaths.shape[1]
    for d in range(draws):
        for p in range(places):
            for h in range(hukou):
                died = 0.0
                for s in range(sexes):
                    share = boys[d] if s == MALE else 1.0 - boys[d]
                    children = born[d, h, p] * share
                    alive = children * surviving[d, s]
                    people[d, p, h, 0, s, 0] += alive
                    died += children - alive
                if p < zones:
                    deaths[d, p, h] = died
            count_infants(people[d, p], infants[d, p])
            for s in range(sexes):
                total = 0.0
                for h in range(hukou):
                    total += people[d, p, h, 0, s, 0]
                schooled[d, p, 0, s, 0] = total


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
