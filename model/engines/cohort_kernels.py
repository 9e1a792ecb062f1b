"""Compiled loops of the mean engine: one pass over the cells of all draws.

Arrays are ``(draw, place, hukou, education, sex, age)`` unless told otherwise; every sum runs in
a fixed order within a draw, so that a draw is the same bytes whatever stands beside it.
"""

import numpy as np
from numba import njit

from model.axes import BEYOND, ELSEWHERE, FEMALE, FIRST_BIRTH, LAST_BIRTH, LOCAL, MALE
from model.engines.marginals import count_infants, sum_classes


@njit(cache=True, fastmath={"reassoc", "contract"})
def count_deaths(people, surviving, by_hukou, by_age):  # type: ignore[no-untyped-def]
    """Deaths of zones by class (draw, hukou, zone) and by cell of sex and age.

    ``people`` (draw, place, hukou, education, cell), ``surviving`` (draw, place or 1, cell),
    ``by_age`` (draw, zone, cell).
    """
    draws, _, hukou, education, cells = people.shape
    zones, shared = by_age.shape[1], surviving.shape[1] == 1
    everybody = np.empty(cells)
    for d in range(draws):
        for z in range(zones):
            chance, dead = surviving[d, 0 if shared else z], by_age[d, z]
            dead[:] = 0.0
            for h in range(hukou):
                everybody[:] = people[d, z, h, 0]
                for e in range(1, education):
                    cell = people[d, z, h, e]
                    for c in range(cells):
                        everybody[c] += cell[c]
                total = 0.0
                for c in range(cells):
                    died = everybody[c] * (1.0 - chance[c])
                    dead[c] += died
                    total += died
                by_hukou[d, h, z] = total


@njit(cache=True)
def age_place(people, surviving, ages, older):  # type: ignore[no-untyped-def]
    """Survivors of a place, (hukou, education, cell), a year older; the two oldest groups join.

    ``older`` has a cell more, into which the last would grow.
    """
    hukou, education, cells = people.shape
    for h in range(hukou):
        for e in range(education):
            cell, into = people[h, e], older[h, e, 1:]
            for c in range(cells):
                into[c] = cell[c] * surviving[c]
            for oldest in range(ages - 1, cells, ages):
                into[oldest - 1] += into[oldest]
                older[h, e, oldest + 1 - ages] = 0.0


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


@njit(cache=True, fastmath={"contract"})
def set_apart(people, leave, cells, apart, staying, departures):  # type: ignore[no-untyped-def]
    """Cells of one draw that choose unlike the rest of their class are emptied and kept aside.

    ``cells`` (cell, 4) names class, education, age and group of each; ``apart`` and ``staying``
    (cell, sex, place) are who leaves and who stays; ``departures`` (zone, sex, age) is added to.
    """
    places, sexes = people.shape[0], people.shape[3]
    zones = len(departures)
    for c in range(len(cells)):
        h, e, a, g = cells[c]
        for p in range(places):
            for s in range(sexes):
                here = people[p, h, e, s, a]
                gone = here * leave[p, g, a]
                apart[c, s, p], staying[c, s, p] = gone, here - gone
                people[p, h, e, s, a] = 0.0
                if p < zones:
                    departures[p, s, a] += gone


@njit(cache=True, fastmath={"contract"})
def bring_back(  # type: ignore[no-untyped-def]
    people, level, cells, apart, staying, destination, home, lands, arrivals, landing
):  # fmt: skip
    """Who was set apart stays, or arrives: at home as a local, else as the pair of places says.

    Cells of one level of education only. ``lands`` (hukou before, hukou after, place, place) is
    one where a pair leads to a class; ``landing`` (hukou, sex, place) is room to work in.
    """
    places, classes, _, sexes, _ = people.shape
    zones, part = len(arrivals), np.empty(places)
    for c in range(len(cells)):
        h, e, a, g = cells[c]
        if e != level:
            continue
        landing[:] = 0.0
        for p in range(places):
            one, two = apart[c, 0, p], apart[c, 1, p]
            if one == 0.0 and two == 0.0:
                continue
            share, coming, led = destination[g, p], home[h, p], lands[h]
            for after in range(classes):
                local = 1.0 if after == 0 else 0.0
                leads, men, women = led[after, p], landing[after, 0], landing[after, 1]
                for q in range(places):
                    part[q] = share[q] * (coming[q] * local + (1.0 - coming[q]) * leads[q])
                for q in range(places):
                    men[q] += one * part[q]
                for q in range(places):
                    women[q] += two * part[q]
        for p in range(places):
            for s in range(sexes):
                people[p, h, e, s, a] += staying[c, s, p]
                for after in range(classes):
                    people[p, after, e, s, a] += landing[after, s, p]
                    if p < zones:
                        arrivals[p, s, a] += landing[after, s, p]


@njit(cache=True, fastmath={"contract"})
def depart(people, level, leave, main, place, movers, departures, leavers):  # type: ignore[no-untyped-def]
    """Movers of one draw and level of education leave their cells, (row, sex, age).

    ``people`` (place, hukou, education, sex, age), ``leave`` (place, group, age), ``main``
    (hukou,) the group of each class, ``place`` (hukou,) the first row of each; ``departures``
    (zone, sex, age) and ``leavers`` (hukou, place) are added to.
    """
    places, hukou, _, sexes, ages = people.shape
    zones = len(departures)
    for p in range(places):
        for h in range(hukou):
            rate = leave[p, main[h]]
            for s in range(sexes):
                cell, gone = people[p, h, level, s], movers[place[h] + p, s]
                for a in range(ages):
                    gone[a] = cell[a] * rate[a]
                    cell[a] -= gone[a]
                leavers[h, p] += add_up(gone)
                if p < zones:
                    left = departures[p, s]
                    for a in range(ages):
                        left[a] += gone[a]


@njit(cache=True, fastmath={"reassoc"})
def add_up(row):  # type: ignore[no-untyped-def]
    """Sum of a row."""
    total = 0.0
    for a in range(len(row)):
        total += row[a]
    return total


@njit(cache=True, fastmath={"contract"})
def weigh(destination, home, lands, main, place, weights):  # type: ignore[no-untyped-def]
    """Shares of the movers of each row that arrive in each class, (hukou after, row, goal)."""
    places = destination.shape[1]
    for before in range(len(main)):
        for p in range(places):
            share, coming = destination[main[before], p], home[before, p]
            row = place[before] + p
            for after in range(len(main)):
                local = 1.0 if after == 0 else 0.0
                leads, into = lands[before, after, p], weights[after, row]
                for q in range(places):
                    into[q] = share[q] * (coming[q] * local + (1.0 - coming[q]) * leads[q])


@njit(cache=True, fastmath={"contract"})
def arrive(people, level, landed, arrivals, schooled, grown):  # type: ignore[no-untyped-def]
    """Those who land, (hukou, place, sex, age), join their cells; all are summed.

    Sums are as in :func:`model.engines.marginals.sum_people`.
    """
    places, classes, _, sexes, ages = people.shape
    zones = len(arrivals)
    for p in range(places):
        for s in range(sexes):
            for h in range(classes):
                cell, come = people[p, h, level, s], landed[h, p, s]
                for a in range(ages):
                    cell[a] += come[a]
                if p < zones:
                    here = arrivals[p, s]
                    for a in range(ages):
                        here[a] += come[a]
            sum_classes(people[p], level, s, schooled[p], grown[p])


@njit(cache=True, fastmath={"contract"})
def flow(leavers, cells, apart, main, destination, flows):  # type: ignore[no-untyped-def]
    """Moves of one draw by class before, (hukou, place, place)."""
    classes, places = leavers.shape
    for h in range(classes):
        for p in range(places):
            share, row = destination[main[h], p], flows[h, p]
            for q in range(places):
                row[q] = leavers[h, p] * share[q]
    for c in range(len(cells)):
        h, g = cells[c, 0], cells[c, 3]
        for p in range(places):
            gone = 0.0
            for s in range(apart.shape[1]):
                gone += apart[c, s, p]
            share, row = destination[g, p], flows[h, p]
            for q in range(places):
                row[q] += gone * share[q]


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
