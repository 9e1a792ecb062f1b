"""Compiled loops over the people of a draw, one level of education and sex: they grow and move.

Those of all ages but the youngest are worked out in vectors. Vectors and single numbers follow the
same steps in the same order, so that cells that are looked at before they have grown are, to the
last bit, what they will be. Who leaves is taken from the cell at once, while it is near.
"""

import numpy as np

from model.axes import BEYOND, ELSEWHERE, LOCAL
from model.kernels.compiled import njit
from model.kernels.vectors import LANES, load, minus, plus, spread, store, times


@njit(cache=True)
def depart(  # type: ignore[no-untyped-def]
    people, level, sex, young, years, surviving, chance, leave, ways, movers, leavers, departures
):
    """Those not ``young`` grow by ``years`` (0 or 1), may become local, and leave.

    ``people`` (place, hukou, education, sex, age), ``surviving`` (place or 1, cell) and ``chance``
    (place, hukou) of becoming local; ``leave`` (place, group, age). Those who choose as most of
    their class do leave their cells: they are put into ``movers`` (hukou x place, age), added to
    ``leavers`` (hukou, place, lane) and, with levels before, summed in ``departures``
    (zone, sex, age).
    """
    places, hukou, levels, sexes, ages = people.shape
    size, step, groups, wide = sexes * ages, levels * sexes * ages, leave.shape[1], movers.shape[1]
    everybody, survival = people.reshape(-1), surviving.reshape(-1)
    usual = ways.usual
    one, oldest, end = spread(1.0), lane_of_oldest(), wide - LANES
    for p in range(places):
        near, far = spread(chance[p, ELSEWHERE]), spread(chance[p, BEYOND])
        begin = (p * hukou * levels + level) * size + sex * ages + young
        alive = (0 if len(surviving) == 1 else p) * size + sex * ages + young - years
        main, rate, total = ways.main, p * groups * ages + young, spread(0.0)
        near_rate, far_rate = rate + main[ELSEWHERE] * ages, rate + main[BEYOND] * ages
        rate += main[LOCAL] * ages
        total_near, total_far = total, total
        for v in range(end, -1, -LANES):
            c, living = begin + v, load(surviving, alive + v)
            local = times(load(people, c - years), living)
            elsewhere = times(load(people, c + step - years), living)
            beyond = times(load(people, c + 2 * step - years), living)
            if v == end and years == 1:
                # The two oldest ages join.
                last, at = survival[alive + v + LANES], c + LANES - 1
                local = plus(local, times(oldest, spread(everybody[at] * last)))
                elsewhere = plus(elsewhere, times(oldest, spread(everybody[at + step] * last)))
                beyond = plus(beyond, times(oldest, spread(everybody[at + 2 * step] * last)))
            local = plus(plus(local, times(elsewhere, near)), times(beyond, far))
            elsewhere, beyond = times(elsewhere, minus(one, near)), times(beyond, minus(one, far))
            own = level * ages + young + v
            leaving = times(local, times(load(leave, rate + v), load(usual, own)))
            rates = times(load(leave, near_rate + v), load(usual, own + levels * ages))
            leaving_near = times(elsewhere, rates)
            rates = times(load(leave, far_rate + v), load(usual, own + 2 * levels * ages))
            leaving_far = times(beyond, rates)
            store(people, c, minus(local, leaving))
            store(people, c + step, minus(elsewhere, leaving_near))
            store(people, c + 2 * step, minus(beyond, leaving_far))
            store(movers, p * wide + v, leaving)
            store(movers, (places + p) * wide + v, leaving_near)
            store(movers, (2 * places + p) * wide + v, leaving_far)
            total, total_near = plus(total, leaving), plus(total_near, leaving_near)
            total_far = plus(total_far, leaving_far)
            if p < len(departures):
                gone = plus(plus(leaving, leaving_near), leaving_far)
                add_level(departures, p * size + sex * ages + young + v, gone, level)
        add(leavers, p * LANES, total)
        add(leavers, (places + p) * LANES, total_near)
        add(leavers, (2 * places + p) * LANES, total_far)


@njit(cache=True)
def lane_of_oldest():  # type: ignore[no-untyped-def]
    """A vector that is one in its last lane."""
    lanes = np.zeros(LANES)
    lanes[LANES - 1] = 1.0
    return load(lanes, 0)


@njit(cache=True)
def add(array, at, vector):  # type: ignore[no-untyped-def]
    """A vector is added to what stands in an array."""
    store(array, at, plus(load(array, at), vector))


@njit(cache=True)
def add_level(array, at, vector, level):  # type: ignore[no-untyped-def]
    """A vector is added to that of the levels before, if there are any."""
    store(array, at, plus(load(array, at), vector) if level > 0 else vector)


@njit(cache=True)
def arrive(people, level, sex, young, landed, classed, schooled, arrivals):  # type: ignore[no-untyped-def]
    """Those who land, who are not ``young``, join the people of their cells; all are summed.

    ``landed`` (hukou x place, age) are added to the sums of levels before: ``classed``
    (place, hukou, sex, age) and ``arrivals`` (zone, sex, age); and people are put into
    ``schooled`` (place, education, sex, age).
    """
    places, hukou, levels, sexes, ages = people.shape
    size, step = sexes * ages, levels * sexes * ages
    width, cell = landed.shape[1], sex * ages + young
    wide = places * width
    for p in range(places):
        begin, row = (p * hukou * levels + level) * size + cell, p * width
        into, own, here = (p * levels + level) * size, p * hukou * size + cell, p * size + cell
        for v in range(0, width, LANES):
            at, c = row + v, begin + v
            come = load(landed, at)
            now = plus(load(people, c), come)
            store(people, c, now)
            add_level(classed, own + v, now, level)
            back = load(landed, at + wide)
            more = plus(load(people, c + step), back)
            store(people, c + step, more)
            add_level(classed, own + size + v, more, level)
            come, now = plus(come, back), plus(now, more)
            back = load(landed, at + 2 * wide)
            more = plus(load(people, c + 2 * step), back)
            store(people, c + 2 * step, more)
            add_level(classed, own + 2 * size + v, more, level)
            store(schooled, into + cell + v, plus(now, more))
            if p < len(arrivals):
                add_level(arrivals, here + v, plus(come, back), level)


@njit(cache=True)
def empty(people, level, young):  # type: ignore[no-untyped-def]
    """Whether nobody so young is of a level of education."""
    places, hukou, _, sexes, _ = people.shape
    for p in range(places):
        for h in range(hukou):
            for s in range(sexes):
                for a in range(young):
                    if people[p, h, level, s, a] != 0.0:
                        return False
    return True


@njit(cache=True)
def grown(people, place, level, sex, age, years, surviving, chance, found):  # type: ignore[no-untyped-def]
    """Those of an age once they have grown by ``years`` and some are local, ``found`` (hukou,)."""
    hukou, ages = len(found), people.shape[4]
    alive = surviving[0 if len(surviving) == 1 else place, sex * ages : (sex + 1) * ages]
    for h in range(hukou):
        cell = people[place, h, level, sex]
        found[h] = cell[age - years] * alive[age - years] if age >= years else 0.0
        if years == 1 and age == ages - 1:
            found[h] += cell[age] * alive[age]
    near, far = chance[place, ELSEWHERE], chance[place, BEYOND]
    found[LOCAL] = (found[LOCAL] + found[ELSEWHERE] * near) + found[BEYOND] * far
    found[ELSEWHERE], found[BEYOND] = found[ELSEWHERE] * (1.0 - near), found[BEYOND] * (1.0 - far)


@njit(cache=True)
def grown_cells(people, years, surviving, chance, cells, found):  # type: ignore[no-untyped-def]
    """People of some cells once they have grown, (cell, sex, place), who have not done so yet.

    ``cells`` (cell, n) begin with class, education and age.
    """
    each = np.empty(people.shape[1])
    for c in range(len(cells)):
        h, e, a = cells[c, 0], cells[c, 1], cells[c, 2]
        for s in range(found.shape[1]):
            for p in range(found.shape[2]):
                grown(people, p, e, s, a, years, surviving, chance, each)
                found[c, s, p] = each[h]


@njit(cache=True)
def depart_young(  # type: ignore[no-untyped-def]
    people, level, young, years, surviving, chance, leave, ways, movers, leavers, departures
):
    """As :func:`depart`, those of a level younger than ``young``.

    One vector holds them all, and some who are older, who are left alone: first men, then women.
    """
    places, hukou, levels, sexes, ages = people.shape
    size, step, groups, wide = sexes * ages, levels * sexes * ages, leave.shape[1], movers.shape[1]
    usual, main, few, one = ways.usual, ways.main, lanes_below(young), spread(1.0)
    older = minus(one, few)
    # Where they are a year older than in their cells; nobody is as young as none.
    aged = np.zeros(years + LANES)
    for p in range(places):
        near, far = spread(chance[p, ELSEWHERE]), spread(chance[p, BEYOND])
        for s in range(sexes):
            begin, own = (p * hukou * levels + level) * size + s * ages, level * ages
            living = times(
                load(surviving, (0 if len(surviving) == 1 else p) * size + s * ages), few
            )
            local = later(people, begin, living, years, aged)
            elsewhere = later(people, begin + step, living, years, aged)
            beyond = later(people, begin + 2 * step, living, years, aged)
            local = plus(plus(local, times(elsewhere, near)), times(beyond, far))
            elsewhere, beyond = times(elsewhere, minus(one, near)), times(beyond, minus(one, far))
            gone = spread(0.0)
            for h in range(hukou):
                here = local if h == LOCAL else (elsewhere if h == ELSEWHERE else beyond)
                here, rate = times(here, few), load(leave, (p * groups + main[h]) * ages)
                going = times(here, times(rate, load(usual, h * levels * ages + own)))
                c = begin + h * step
                store(people, c, plus(times(load(people, c), older), minus(here, going)))
                store(movers, (h * places + p) * wide + s * LANES, going)
                add(leavers, (h * places + p) * LANES, going)
                gone = plus(gone, going)
            if p < len(departures):
                add(departures, p * size + s * ages, gone)


@njit(cache=True)
def lanes_below(number):  # type: ignore[no-untyped-def]
    """A vector that is one in so many of its first lanes."""
    lanes = np.zeros(LANES)
    lanes[:number] = 1.0
    return load(lanes, 0)


@njit(cache=True)
def later(people, at, living, years, aged):  # type: ignore[no-untyped-def]
    """Who is left of the youngest, from ``at`` on, ``years`` later; ``aged`` is room for them."""
    store(aged, years, times(load(people, at), living))
    return load(aged, 0)


@njit(cache=True)
def arrive_young(people, level, young, landed, classed, schooled, arrivals):  # type: ignore[no-untyped-def]
    """As :func:`arrive`, those of a level younger than ``young``; added to all sums."""
    places, hukou, levels, sexes, ages = people.shape
    size, step, wide, few = sexes * ages, levels * sexes * ages, landed.shape[1], lanes_below(young)
    for p in range(places):
        for s in range(sexes):
            begin, cell = (p * hukou * levels + level) * size + s * ages, s * ages
            coming = total = spread(0.0)
            for h in range(hukou):
                come = times(few, load(landed, (h * places + p) * wide + s * LANES))
                now = plus(load(people, begin + h * step), come)
                store(people, begin + h * step, now)
                now = times(few, now)
                add(classed, (p * hukou + h) * size + cell, now)
                coming, total = plus(coming, come), plus(total, now)
            add(schooled, (p * levels + level) * size + cell, total)
            if p < len(arrivals):
                add(arrivals, p * size + cell, coming)


@njit(cache=True)
def depart_apart(people, level, sex, first, stop, leave, ways, apart, departures):  # type: ignore[no-untyped-def]
    """Those leave who choose unlike most of their class, of ages from ``first`` to ``stop``.

    They are put into ``apart`` (cell, sex, place).
    """
    for c in range(len(ways.cells)):
        h, e, a, g = ways.cells[c]
        if e != level or not first <= a < stop:
            continue
        for p in range(len(people)):
            gone = people[p, h, e, sex, a] * leave[p, g, a]
            people[p, h, e, sex, a] -= gone
            apart[c, sex, p] = gone
            if p < len(departures):
                departures[p, sex, a] += gone


@njit(cache=True, forceinline=True, fastmath={"contract"})
def land_apart(level, sex, first, stop, column, destination, home, ways, apart, landing, landed):  # type: ignore[no-untyped-def]
    """Those of :func:`depart_apart` join all who land, the age ``first`` in a ``column``.

    ``landing`` (place,) is room to add them up.
    """
    classes, places = len(home), len(landing)
    for c in range(len(ways.cells)):
        h, e, a, g = ways.cells[c]
        if e != level or not first <= a < stop:
            continue
        for after in range(classes):
            local = 1.0 if after == LOCAL else 0.0
            landing[:] = 0.0
            for p in range(places):
                gone = apart[c, sex, p]
                if gone == 0.0 or not ways.reaches[h, after, p]:
                    continue
                share, coming = destination[g, p], home[h, ways.seat[p]]
                leads = ways.lands[h, after, p]
                for q in range(places):
                    part = share[q] * (coming[q] * local + (1.0 - coming[q]) * leads[q])
                    landing[q] += gone * part
            for q in range(places):
                landed[after * places + q, column + a - first] += landing[q]
