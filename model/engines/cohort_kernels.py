"""Compiled loops of the mean engine: one pass over the cells of all draws.

Arrays are ``(draw, place, hukou, education, sex, age)`` unless told otherwise; every sum runs in
a fixed order within a draw, so that a draw is the same bytes whatever stands beside it.
"""

import numpy as np

from model.axes import BEYOND, ELSEWHERE, FEMALE, FIRST_BIRTH, LAST_BIRTH, LOCAL, MALE
from model.engines.cohort_rows import grown, grown_cells
from model.kernels.compiled import njit
from model.kernels.vectors import (
    LANES,
    across,
    fetch,
    fused,
    load,
    minus,
    plus,
    spread,
    store,
    times,
)

# Women of so many rows on are asked for: short pieces far apart, that memory does not foresee.
AHEAD = 3


@njit(cache=True)
def age_classes(classed, surviving, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """Who lives on is a year older; deaths of zones by class and by cell of sex and age.

    ``classed`` (draw, place, hukou, sex, age), ``surviving`` (draw, place or 1, cell), ``by_hukou``
    (draw, hukou, zone), ``by_age`` (draw, zone, cell).
    """
    draws, places, hukou, sexes, ages = classed.shape
    cells, zones, shared = sexes * ages, by_age.shape[1], surviving.shape[1] == 1
    whole, none, one = cells // LANES * LANES, spread(0.0), spread(1.0)
    older, dead = np.zeros(cells + 1), np.empty(cells)
    for d in range(draws):
        for p in range(places):
            here, chance = classed[d, p].reshape(-1), surviving[d, 0 if shared else p]
            dead[:] = 0.0
            for h in range(hukou):
                first, total, rest = h * cells, none, 0.0
                for c in range(0, whole, LANES):
                    everybody, living = load(here, first + c), load(chance, c)
                    store(older, c + 1, times(everybody, living))
                    died = times(everybody, minus(one, living))
                    store(dead, c, plus(load(dead, c), died))
                    total = plus(total, died)
                for c in range(whole, cells):
                    few = here[first + c] * (1.0 - chance[c])
                    older[c + 1] = here[first + c] * chance[c]
                    dead[c] += few
                    rest += few
                for oldest in range(ages, cells + 1, ages):
                    older[oldest - 1] += older[oldest]
                    older[oldest - ages] = 0.0
                for c in range(cells):
                    here[first + c] = older[c]
                if p < zones:
                    by_hukou[d, h, p] = across(total) + rest
            if p < zones:
                by_age[d, p] = dead


@njit(cache=True, fastmath={"reassoc", "contract"})
def become_local(classed, chance, converted):  # type: ignore[no-untyped-def]
    """Shares ``chance`` (draw, place, hukou) of the classes elsewhere become local.

    ``classed`` (draw, place, hukou, cell); ``converted`` (draw, place, hukou) is how many they are.
    """
    cells = classed.shape[3]
    for d in range(len(classed)):
        for p in range(classed.shape[1]):
            here = classed[d, p]
            near, far = chance[d, p, ELSEWHERE], chance[d, p, BEYOND]
            local, elsewhere, beyond = here[LOCAL], here[ELSEWHERE], here[BEYOND]
            first, second = 0.0, 0.0
            for c in range(cells):
                first += elsewhere[c]
                second += beyond[c]
            converted[d, p, LOCAL] = 0.0
            converted[d, p, ELSEWHERE], converted[d, p, BEYOND] = first * near, second * far
            for c in range(cells):
                local[c] += elsewhere[c] * near + beyond[c] * far
            for c in range(cells):
                elsewhere[c] *= 1.0 - near
            for c in range(cells):
                beyond[c] *= 1.0 - far


@njit(cache=True)
def teach(people, entering, where, years, ages):  # type: ignore[no-untyped-def]
    """Shares of cells enter the next level; ``where`` (n, 2) says of which levels and cells.

    ``people`` (draw, place, hukou, education, cell) are ``years`` (0 or 1) younger as yet than
    ``entering`` (draw, education, cell) takes them to be. ``where`` begins with the highest level,
    so that nobody goes up twice.
    """
    draws, places, hukou = people.shape[:3]
    for d in range(draws):
        for n in range(len(where)):
            e, c = where[n, 0], where[n, 1]
            if c % ages < years:
                continue
            chance = entering[d, e, c]
            # Those of the two oldest ages will be of one.
            for at in range(c - years, c + 1 if (c + 1) % ages == 0 else c - years + 1):
                for p in range(places):
                    for h in range(hukou):
                        up = people[d, p, h, e, at] * chance
                        people[d, p, h, e, at] -= up
                        people[d, p, h, e + 1, at] += up


@njit(cache=True)
def grow(people, years, surviving, chance):  # type: ignore[no-untyped-def]
    """Everybody, (draw, place, hukou, education, sex, age), grows as they are due to."""
    draws, places, hukou, education, sexes, ages = people.shape
    each = np.empty(hukou)
    for d in range(draws):
        for p in range(places):
            for e in range(education):
                for s in range(sexes):
                    for a in range(ages - 1, -1, -1):
                        grown(people[d], p, e, s, a, years, surviving[d], chance[d], each)
                        for h in range(hukou):
                            people[d, p, h, e, s, a] = each[h]


@njit(cache=True)
def all_grown_cells(people, years, surviving, chance, cells, found):  # type: ignore[no-untyped-def]
    """People of some cells, once they have grown, (draw, cell, sex, place)."""
    for d in range(len(people)):
        grown_cells(people[d], years, surviving[d], chance[d], cells, found[d])


@njit(cache=True)
def children_of(people, level, rates, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """Births at rates (draw, education, age) times ``level`` (draw, place), by class and age.

    ``by_hukou`` (draw, hukou, place), ``by_age`` (draw, place, age).
    """
    draws, places, hukou, education, sexes, ages = people.shape
    first, fertile = FIRST_BIRTH, LAST_BIRTH + 1 - FIRST_BIRTH
    # Zero for those past the last age, whom the last vector takes in.
    each = np.zeros((education, -(-fertile // LANES) * LANES))
    by_age[:] = 0.0
    for d in range(draws):
        each[:, :fertile] = rates[d, :, first : first + fertile]
        for p in range(places):
            into, scale = by_age[d, p], spread(level[d, p])
            for h in range(hukou):
                row, total = (
                    ((p * hukou + h) * education * sexes + FEMALE) * ages + first,
                    spread(0.0),
                )
                for e in range(education):
                    for v in range(0, each.shape[1] + LANES, LANES):
                        fetch(people[d], row + (AHEAD * education + e) * sexes * ages + v)
                for v in range(0, each.shape[1], LANES):
                    born = times(load(people[d], row + v), load(each, v))
                    for e in range(1, education):
                        women = load(people[d], row + e * sexes * ages + v)
                        born = fused(women, load(each, e * each.shape[1] + v), born)
                    born = times(born, scale)
                    store(into, first + v, plus(load(into, first + v), born))
                    total = plus(total, born)
                by_hukou[d, h, p] = across(total)


@njit(cache=True)
def settle_newborns(people, born, boys, surviving, deaths, classed, schooled):  # type: ignore[no-untyped-def]
    """The newborn (draw, hukou, place) join at age 0, but who dies in the first months.

    ``boys`` (draw,), ``surviving`` (draw, sex), ``deaths`` (draw, zone, hukou); who joins is added
    to the sums ``classed`` and ``schooled`` as well.
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
                    classed[d, p, h, s, 0] += alive
                    schooled[d, p, 0, s, 0] += alive
                    died += children - alive
                if p < zones:
                    deaths[d, p, h] = died
