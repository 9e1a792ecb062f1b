"""Compiled passes over movers: who they are, where they land, and what is counted of them.

As those of :mod:`model.engines.resident_kernels` they hold no lock of the interpreter, and luck
comes from the key alone.
"""

from typing import NamedTuple

import numpy as np

from model.axes import HUKOU, SEXES, Array
from model.engines.luck import hashed_uniform, mixed
from model.engines.resident_kernels import AGES, NOBODY, TRAITS, pack, unpack
from model.kernels.compiled import njit
from model.kernels.vectors import wide
from model.population import MoveTable

ABREAST, TOGETHER, MOVERS = 32, 32, 2**14
BY_HUKOU = TRAITS // len(HUKOU)
_HALF, _SMALL, _ONE, _THIRD = (np.float32(x) for x in (0.5, 2.0**-32, 1, 1 / 3))
_GAMMA = np.uint64(0x9E3779B97F4A7C15)


class Movers(NamedTuple):
    """People on the move, one entry each; ``zone`` is the place they leave."""

    zone: Array
    trait: Array
    age: Array
    key: Array


class Landing(NamedTuple):
    """Where movers go: ``goal`` place, ``trait`` on arrival, whether that is ``home``."""

    goal: Array
    trait: Array
    home: Array


class Routes(NamedTuple):
    """Tables of a move.

    ``group`` (hukou, education, age), ``shares`` (group, place, place) and ``waits``, as
    :func:`waits_of` makes them, ``home`` (hukou, place, place), ``becomes`` (hukou, place, place).
    """

    group: Array
    shares: Array
    waits: Array
    home: Array
    becomes: Array


def waits_of(shares: Array) -> Array:
    """Inverse of shares in single precision; rows as long as registers like, the rest endless.

    Examples
    --------
    >>> waits_of(np.array([[[0.5, 0.25]]]))[0, 0, :3].tolist()
    [2.0, 4.0, inf]
    """
    places = shares.shape[-1]
    wide = -(-places // ABREAST) * ABREAST
    waits = np.empty((*shares.shape[:-1], wide), np.float32)
    invert(shares.reshape(-1, places), waits.reshape(-1, wide))
    return waits


@njit(cache=True, error_model="numpy")
def invert(shares, waits):  # type: ignore[no-untyped-def]
    """Inverse of shares (row, place), in single precision, and endless beyond the places."""
    for row in range(len(shares)):
        own, given = waits[row], shares[row]
        for place in range(len(given)):
            own[place] = np.float32(1.0 / given[place])
        own[len(given) :] = np.inf


def routes_of(table: MoveTable) -> Routes:
    """Tables of a move as the kernels read them."""
    shares = np.ascontiguousarray(table.destination[0])
    group, home = table.group.astype(np.int64), table.home[0][:, table.seat]
    return Routes(group, shares, waits_of(shares), home, np.array(table.becomes))


def empty_landing(count: int) -> Landing:
    """Room for where some movers go."""
    return Landing(np.empty(count, np.int64), np.empty(count, np.uint8), np.empty(count, np.bool_))


@njit(cache=True)
def leave(zone, trait, age, key, rows):  # type: ignore[no-untyped-def]
    """Movers of some rows."""
    n = len(rows)
    origin, kind = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.uint8)
    years, who = np.empty(n, dtype=np.uint8), np.empty(n, dtype=np.uint64)
    # A column a loop: more of them are on their way from memory at once.
    for i in range(n):
        who[i] = key[np.uint64(rows[i])]
    for i in range(n):
        origin[i] = zone[np.uint64(rows[i])]
    for i in range(n):
        kind[i] = trait[np.uint64(rows[i])]
    for i in range(n):
        years[i] = age[np.uint64(rows[i])]
    return Movers(origin, kind, years, who)


@njit(cache=True)
def arrive(zone, trait, age, rows, landing, zones):  # type: ignore[no-untyped-def]
    """Rows of movers become what they are on arrival; those that are free now, in order."""
    free, n = np.empty(len(rows), dtype=np.int64), 0
    for i in range(len(rows)):
        row = rows[i]
        if landing.goal[i] < zones:
            zone[row], trait[row] = landing.goal[i], landing.trait[i]
        else:
            age[row] = NOBODY
            free[n] = row
            n += 1
    return free[:n].copy()


@njit(cache=True, error_model="numpy")
def last_bits(width):  # type: ignore[no-untyped-def]
    """Mask of the bits that the number of a place takes.

    Examples
    --------
    >>> int(last_bits(64)), int(last_bits(96))
    (63, 127)
    """
    last = np.uint32(1)
    while last < width:
        last *= np.uint32(2)
    return np.uint32(last - np.uint32(1))


# What follows works on some movers at once, in short loops, so that none waits for the one before.


@njit(cache=True, error_model="numpy")
def draw_luck(begin, steps, words):  # type: ignore[no-untyped-def]
    """Words of SplitMix64's sequences, (mover, pair of places), from where each begins."""
    wide()
    for mover in range(len(begin)):
        own, first = words[mover], begin[mover]
        for pair in range(len(steps)):
            own[pair] = mixed(first + steps[pair])


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"contract"})
def lower_bounds(luck, waits, route, least):  # type: ignore[no-untyped-def]
    """Lower bounds ``least`` (mover, place) of times: three terms of a series.

    Products and sums may be rounded once: a bound has more to spare than that.
    """
    wide()
    for mover in range(len(route)):
        own, draw, wait = least[mover], luck[mover], waits[route[mover]]
        for place in range(len(own)):
            r = (np.float32(draw[place]) + _HALF) * _SMALL
            own[place] = r * (_ONE + r * (_HALF + r * _THIRD)) * wait[place]


@njit(cache=True, error_model="numpy")
def first_of(bits, last, first):  # type: ignore[no-untyped-def]
    """The least bound of every mover, the number of the place put into the last bits of each."""
    wide()
    for mover in range(len(bits)):
        own, smallest = bits[mover], np.uint32(0xFFFFFFFF)
        for place in range(len(own)):
            own[place] = (own[place] & ~last) | np.uint32(place)
            smallest = min(smallest, own[place])
        first[mover] = smallest


@njit(cache=True, error_model="numpy")
def count_able(bits, bar, able):  # type: ignore[no-untyped-def]
    """Places whose bound is not above a bar, of every mover."""
    wide()
    for mover in range(len(bits)):
        own, highest, n = bits[mover], bar[mover], np.uint32(0)
        for place in range(len(own)):
            n = np.uint32(n + np.uint32(own[place] <= highest))
        able[mover] = n


@njit(cache=True, error_model="numpy")
def soonest(luck, shares, bits, bar):  # type: ignore[no-untyped-def]
    """Place of the least time, among those of a mover that are not ruled out."""
    goal, least = np.int64(0), np.inf
    for place in range(len(shares)):
        if bits[place] <= bar:
            part = (np.float64(luck[place]) + 0.5) * 2.0**-32
            time = -np.log1p(-part) / shares[place]
            if time < least:
                goal, least = np.int64(place), time
    return goal


@njit(cache=True, error_model="numpy")
def land(movers, routes, salt, home_salt, landing):  # type: ignore[no-untyped-def]
    """Goal of each mover: the least of exponential times, one per place, of mean 1 / share.

    The same as the largest of log share plus a Gumbel number. Half a word of luck r a place, of
    the sequence of SplitMix64 that begins at the mover's own hash, makes the time -log(1 - r) over
    the share. A lower bound in single precision rules out all places but one, as a rule; among
    those left the logarithm decides. Floats above zero are in the order of their bits; the last
    make room for the place, which blurs a bound less than the limit has to spare (for up to 4096
    places).
    """
    wide()
    places, width, rows = routes.shares.shape[2], routes.waits.shape[2], len(movers.key)
    waits, shares = routes.waits.reshape(-1, width), routes.shares.reshape(-1, places)
    steps, last = np.arange(width // 2).astype(np.uint64) * _GAMMA, last_bits(width)
    begin, words = np.empty(TOGETHER, np.uint64), np.empty((TOGETHER, width // 2), np.uint64)
    luck, route = words.view(np.uint32), np.zeros(TOGETHER, np.int64)
    least, limit = np.empty((TOGETHER, width), np.float32), np.empty(TOGETHER, np.float32)
    first, able = np.empty((2, TOGETHER), np.uint32)
    bits, bar, goals = least.view(np.uint32), limit.view(np.uint32), landing.goal
    for low in range(0, rows, TOGETHER):
        some = min(TOGETHER, rows - low)
        begin_race(movers, routes, low, salt, begin[:some], route)
        draw_luck(begin, steps, words)
        lower_bounds(luck, waits, route, least)
        first_of(bits, last, first)
        for i in range(TOGETHER):
            goal = first[i] & last
            part = np.float64(luck[i, goal]) * 2.0**-32
            limit[i] = np.float64(least[i, goal]) * (1.001 + part**3 / (4 - 4 * part))
        count_able(bits, bar, able)
        for i in range(some):
            goals[low + i] = first[i] & last
        for i in range(some):
            if able[i] != 1:
                goals[low + i] = soonest(luck[i], shares[route[i]], bits[i], bar[i])
    become(movers, routes, home_salt, landing)


@njit(cache=True, error_model="numpy")
def begin_race(movers, routes, low, salt, begin, route):  # type: ignore[no-untyped-def]
    """Where the luck of some movers from ``low`` on begins, and the row of their shares."""
    places, groups = routes.shares.shape[2], routes.group.ravel()
    for i in range(len(begin)):
        begin[i] = mixed(movers.key[low + i] ^ salt)
    for i in range(len(begin)):
        row = low + i
        kind = np.uint64(movers.trait[row] // 2) * np.uint64(AGES) + np.uint64(movers.age[row])
        route[i] = groups[kind] * places + movers.zone[row]


@njit(cache=True, error_model="numpy")
def become(movers, routes, salt, landing):  # type: ignore[no-untyped-def]
    """Whether movers are home where they land, and their trait there."""
    wide()
    rows, places = len(movers.key), np.uint64(routes.home.shape[2])
    home, becomes, fate = routes.home.ravel(), routes.becomes.ravel(), np.empty(len(movers.key))
    for row in range(rows):
        fate[row] = hashed_uniform(mixed(movers.key[row] ^ salt))
    for row in range(rows):
        hukou, education, sex = unpack(movers.trait[row])
        way = (np.uint64(hukou) * places + np.uint64(movers.zone[row])) * places
        way += np.uint64(landing.goal[row])
        homing = fate[row] < home[way]
        after = becomes[way] * (not homing)
        landing.trait[row], landing.home[row] = pack(after, education, sex), homing


class Told(NamedTuple):
    """What is counted of moves.

    ``flows`` by whether they lead home, hukou before, origin and goal; ``came`` (place, sex, age)
    and ``left`` (zone, sex, age); ``cells`` (zone, trait, age) and ``pools`` (region, education,
    sex, age), of which movers are taken out of the cells alone.
    """

    flows: Array
    came: Array
    left: Array
    cells: Array
    pools: Array


@njit(cache=True)
def tell(movers, landing, told):  # type: ignore[no-untyped-def]
    """Moves are counted, and who lives where with them; one count a loop, so that none waits."""
    zones, places = len(told.cells), np.uint64(len(told.came))
    zone, trait, age, goal = movers.zone, movers.trait, movers.age, landing.goal
    flows = told.flows.ravel()
    for row in range(len(age)):
        before = np.uint64(landing.home[row]) * len(HUKOU) + np.uint64(trait[row] // BY_HUKOU)
        flows[(before * places + np.uint64(zone[row])) * places + np.uint64(goal[row])] += 1
    by_sex, by_trait = told.left.ravel(), told.cells.ravel()
    for row in range(len(age)):
        if zone[row] < zones:
            by_sex[cell_of(zone[row], len(SEXES), trait[row] % 2, age[row])] += 1
            by_trait[cell_of(zone[row], TRAITS, trait[row], age[row])] -= 1
    by_sex = told.came.ravel()
    for row in range(len(age)):
        by_sex[cell_of(goal[row], len(SEXES), trait[row] % 2, age[row])] += 1
    for row in range(len(age)):
        if goal[row] < zones:
            by_trait[cell_of(goal[row], TRAITS, landing.trait[row], age[row])] += 1
        else:
            _, education, sex = unpack(trait[row])
            told.pools[goal[row] - zones, education, sex, age[row]] += 1


@njit(cache=True)
def cell_of(place, kinds, kind, age):  # type: ignore[no-untyped-def]
    """Flat index of a person by place, kind and age.

    Examples
    --------
    >>> int(cell_of(1, 2, 1, 100)), int(np.ravel_multi_index((1, 1, 100), (2, 2, 101)))
    (403, 403)
    """
    return (np.uint64(place) * np.uint64(kinds) + np.uint64(kind)) * np.uint64(AGES) + np.uint64(
        age
    )


@njit(cache=True)
def those_here(movers, landing, zones):  # type: ignore[no-untyped-def]
    """Movers who land in a zone: zone, trait, age and key there."""
    n, rows = 0, len(movers.key)
    zone, key = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.uint64)
    trait, age = np.empty(rows, dtype=np.uint8), np.empty(rows, dtype=np.uint8)
    for row in range(rows):
        zone[n], trait[n] = landing.goal[row], landing.trait[row]
        age[n], key[n] = movers.age[row], movers.key[row]
        n += landing.goal[row] < zones
    return zone[:n], trait[:n], age[:n], key[:n]
