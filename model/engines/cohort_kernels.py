"""Compiled loops of the mean engine: one pass over the cells of all draws.

Arrays are ``(draw, place, hukou, education, sex, age)`` unless told otherwise; every sum runs in
a fixed order within a draw, so that a draw is the same bytes whatever stands beside it.
"""

import numpy as np
from numba import njit

from model.axes import FEMALE, FIRST_BIRTH, LAST_BIRTH
from model.engines.marginals import sum_classes


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
