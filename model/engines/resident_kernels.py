"""Compiled passes over residents, one row a person; several runs of rows at once.

A person is one byte of zone, of age and of traits (hukou, education, sex packed by
:func:`pack`), and a 64-bit key. Luck comes from the key alone, so neither the order of rows nor
the number of threads changes anything. A pass finds the rows to which something happens; what
follows handles those few. A row of age :data:`NOBODY` is free.

The passes hold no lock of the interpreter and know nothing of threads: :func:`in_runs` hands each
thread runs of rows. (Loops that numba makes parallel took a minute to compile, and were slower on
two cores than on one: the views of tables that they took for each person are counted, and both
cores wrote to the same counters.)
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

import numpy as np
from numba import get_num_threads, njit

from model.axes import EDUCATION, HUKOU, OLDEST, SEXES, Array
from model.engines.luck import hashed_uniform, mixed

NOBODY = 255
LEVELS = len(EDUCATION)
TRAITS = len(HUKOU) * LEVELS * len(SEXES)
AGES = OLDEST + 1
CELL = (len(HUKOU), LEVELS, len(SEXES), AGES)
STRIDE = 128
BLOCK, RUN, ABREAST = 2048, 2**18, 32
ARRIVALS = 2**14
_TOP, _LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
_HALF, _SMALL, _ONE, _THIRD = (np.float32(x) for x in (0.5, 2.0**-32, 1, 1 / 3))
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
T = TypeVar("T")


def in_runs(rows: int, task: Callable[[slice], T], long: int = RUN) -> list[T]:
    """Answers of a task for every run of rows, in order, on as many threads as numba is told."""
    runs = [slice(low, min(low + long, rows)) for low in range(0, max(rows, 1), long)]
    threads = min(get_num_threads(), len(runs))
    if threads == 1:
        return [task(run) for run in runs]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(task, runs))


@njit(cache=True)
def pack(hukou, education, sex):  # type: ignore[no-untyped-def]
    """One byte for three traits.

    Examples
    --------
    >>> pack(2, 3, 1), unpack(23)
    (23, (2, 3, 1))
    """
    return (hukou * LEVELS + education) * 2 + sex


@njit(cache=True)
def unpack(trait):  # type: ignore[no-untyped-def]
    """Hukou, education and sex of a packed byte.

    Examples
    --------
    >>> unpack(0)
    (0, 0, 0)
    """
    return trait // (2 * LEVELS), (trait // 2) % LEVELS, trait % 2


# -- who is struck -----------------------------------------------------------------


class Odds(NamedTuple):
    """Chance of an event for everybody, as :func:`struck` reads it.

    ``bars`` (zone, trait, age up to 127) holds the first 32 bits of the chance, 0 where nobody
    is; ``chance`` the exact numbers, laid out by ``strides`` (zone, hukou, education, sex, age).
    """

    bars: Array
    chance: Array
    strides: Array


def odds_of(chance: Array, zones: int) -> Odds:
    """Odds from chances that broadcast to (zone, hukou, education, sex, age).

    Parameters
    ----------
    chance : (...) [1]
        Within 0 and 1, not checked here.
    zones : int

    Returns
    -------
    Odds

    Examples
    --------
    >>> odds = odds_of(np.full((1, 1, 1, 1, 1), 0.25), zones=1)
    >>> int(odds.bars[0, 0, 100]) == 2**30, int(odds.bars[0, 0, 101])
    (True, 0)
    """
    table = np.array(chance, dtype=float, order="C")
    bars = np.zeros((zones, *CELL[:3], STRIDE), dtype=np.uint32)
    bars[..., :AGES] = np.minimum(table * 2.0**32, 2.0**32 - 1).astype(np.uint32)
    strides = np.array(np.broadcast_to(table, (zones, *CELL)).strides) // table.itemsize
    return Odds(bars.reshape(zones, TRAITS, STRIDE), table.ravel(), strides)


@njit(cache=True)
def chance_of(odds, zone, trait, age):  # type: ignore[no-untyped-def]
    """Exact chance of a person."""
    hukou, education, sex = unpack(np.int64(trait))
    by = odds.strides
    at = zone * by[0] + hukou * by[1] + education * by[2] + sex * by[3] + age * by[4]
    return odds.chance[at]


class Desk(NamedTuple):
    """Room for one block of people: what they draw, what they draw against, who is struck."""

    cell: Array
    bar: Array
    luck: Array
    hit: Array
    found: Array


@njit(cache=True)
def desk():  # type: ignore[no-untyped-def]
    """An empty desk."""
    words = np.empty((4, BLOCK), dtype=np.uint32)
    return Desk(words[0], words[1], words[2], np.zeros(BLOCK, dtype=np.uint8), words[3])


@njit(cache=True, nogil=True)
def screen(z, t, a, k, salt, odds, bars, on):  # type: ignore[no-untyped-def]
    """How many of a block are struck; ``on.found`` has where they stand, ``on.cell`` their cells.

    The first 32 bits of the luck decide, but for those who draw exactly the bar, of whom the
    other bits do. Free rows stand at a bar of zero. One short loop a step: the compiler makes
    each run many people at once.
    """
    size, some, ties, n = len(a), np.uint32(0), np.uint32(0), 0
    for i in range(size):
        person = np.uint32(z[i]) * np.uint32(TRAITS) + np.uint32(t[i])
        on.cell[i] = person * np.uint32(STRIDE) + np.uint32(a[i] & np.uint8(STRIDE - 1))
    for i in range(size):
        on.bar[i] = bars[np.uint64(on.cell[i])]
        some |= on.bar[i]
    if not some:
        return 0
    for i in range(size):
        on.luck[i] = np.uint32(mixed(k[i] ^ salt) >> _TOP)
    for i in range(size):
        on.hit[i] = on.luck[i] < on.bar[i]
        ties = np.uint32(ties + np.uint32(on.luck[i] == on.bar[i]))
    if ties:
        for i in range(size):
            if on.luck[i] == on.bar[i] and a[i] != NOBODY:
                exact = hashed_uniform(mixed(k[i] ^ salt))
                on.hit[i] = exact < chance_of(odds, z[i], t[i], a[i])
    on.hit[size:] = 0
    eights = on.hit.view(np.uint64)
    for eight in range((size + 7) // 8):
        if eights[eight]:
            for i in range(8 * eight, 8 * eight + 8):
                on.found[n] = i
                n += on.hit[i]
    return n


@njit(cache=True, nogil=True)
def struck(zone, trait, age, key, salt, odds):  # type: ignore[no-untyped-def]
    """Rows to which an event happens, in order, and their cells: whose luck is below the chance."""
    rows, n, on, bars = len(age), 0, desk(), odds.bars.ravel()
    found, cells = np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.uint32)
    for low in range(0, rows, BLOCK):
        here = slice(low, low + BLOCK)
        more = screen(zone[here], trait[here], age[here], key[here], salt, odds, bars, on)
        for i in range(more):
            found[n + i] = low + on.found[i]
            cells[n + i] = on.cell[on.found[i]]
        n += more
    return found[:n].astype(np.int64), cells[:n].copy()


@njit(cache=True, nogil=True)
def count(zone, trait, age, cells):  # type: ignore[no-untyped-def]
    """Everybody, added to ``cells`` (zone, trait, age)."""
    for row in range(len(zone)):
        if age[row] != NOBODY:
            cells[zone[row], trait[row], age[row]] += 1


@njit(cache=True, nogil=True)
def tally(cells, counts):  # type: ignore[no-untyped-def]
    """Some people by the number of their cell, added to ``counts`` (zone, trait, age)."""
    for cell in cells:
        person = cell // STRIDE
        counts[person // TRAITS, person % TRAITS, cell % STRIDE] += 1


@njit(cache=True, nogil=True)
def new_keys(cells, repeats, salt, keys):  # type: ignore[no-untyped-def]
    """Keys of new people, from the number of their cell and their own within it."""
    n = 0
    for cell in range(len(cells)):
        for one in range(repeats[cell]):
            who = (np.uint64(cells[cell]) << np.uint64(40)) | np.uint64(one)
            keys[n] = mixed(mixed(who ^ salt))
            n += 1


# -- moving ------------------------------------------------------------------------


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
    waits = np.full((*shares.shape[:-1], -(-places // ABREAST) * ABREAST), np.inf, np.float32)
    with np.errstate(divide="ignore", over="ignore"):
        waits[..., :places] = 1 / shares
    return waits


@njit(cache=True, nogil=True)
def leave(zone, trait, age, key, rows):  # type: ignore[no-untyped-def]
    """Movers of some rows."""
    n = len(rows)
    origin, kind = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.uint8)
    years, who = np.empty(n, dtype=np.uint8), np.empty(n, dtype=np.uint64)
    for i in range(n):
        row = rows[i]
        origin[i], kind[i], years[i], who[i] = zone[row], trait[row], age[row], key[row]
    return Movers(origin, kind, years, who)


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True, error_model="numpy")
def land(movers, routes, salt, home_salt, landing):  # type: ignore[no-untyped-def]
    """Goal of each mover: the least of exponential times, one per place, of mean 1 / share.

    The same as the largest of log share plus a Gumbel number. Half a word of luck r a place, of
    the sequence of SplitMix64 that begins at the mover's own hash, makes the time -log(1 - r) over
    the share. Three terms of its series in single precision are a lower bound that rules out all
    places but one, as a rule; among those left the logarithm decides.
    """
    places = routes.shares.shape[2]
    wide, waits = routes.waits.shape[2], routes.waits.ravel()
    words = np.empty(wide // 2, dtype=np.uint64)
    steps = np.arange(len(words)).astype(np.uint64) * _GAMMA
    luck, least = words.view(np.uint32), np.empty(wide, dtype=np.float32)
    # Floats above zero are in the order of their bits; the last make room for the place, which
    # blurs a bound less than the limit has to spare (for up to 4096 places).
    bits, limit = least.view(np.uint32), np.empty(1, dtype=np.float32)
    bound, last = limit.view(np.uint32), np.uint32(1)
    while last < wide:
        last *= np.uint32(2)
    last -= np.uint32(1)
    groups, shares, home, becomes = routes.group, routes.shares, routes.home, routes.becomes
    zone, traits, ages, keys = movers.zone, movers.trait, movers.age, movers.key
    goals, arrived, homes = landing.goal, landing.trait, landing.home
    for row in range(len(keys)):
        origin, trait, age = zone[row], np.int64(traits[row]), ages[row]
        hukou, education, sex = unpack(trait)
        group, word = groups[hukou, education, age], mixed(keys[row] ^ salt)
        begin = np.uint64((group * places + origin) * wide)
        for pair in range(len(words)):
            words[pair] = mixed(word + steps[pair])
        for place in range(wide):
            r = (np.float32(luck[place]) + _HALF) * _SMALL
            least[place] = r * (_ONE + r * (_HALF + r * _THIRD)) * waits[begin + np.uint64(place)]
        first = np.uint32(0xFFFFFFFF)
        for place in range(wide):
            bits[place] = (bits[place] & ~last) | np.uint32(place)
            first = min(first, bits[place])
        goal = np.int64(first & last)
        part = np.float64(luck[goal]) * 2.0**-32
        limit[0] = np.float64(least[goal]) * (1.001 + part**3 / (4 - 4 * part))
        able, bar = np.uint32(0), bound[0]
        for place in range(wide):
            able = np.uint32(able + np.uint32(bits[place] <= bar))
        if able != 1:
            soonest, goal = np.inf, np.int64(0)
            for place in range(places):
                if bits[place] <= bound[0]:
                    part = (np.float64(luck[place]) + 0.5) * 2.0**-32
                    time = -np.log1p(-part) / shares[group, origin, place]
                    if time < soonest:
                        soonest, goal = time, np.int64(place)
        chance = home[hukou, origin, goal]
        homing = hashed_uniform(mixed(keys[row] ^ home_salt)) < chance
        after = 0 if homing else becomes[hukou, origin, goal]
        goals[row], homes[row] = goal, homing
        arrived[row] = pack(after, education, sex)


class Told(NamedTuple):
    """What is counted of moves.

    ``flows`` and ``homecoming`` by hukou before, origin and goal; ``came`` and ``left`` (zone,
    sex, age); ``cells`` (zone, trait, age) and ``pools`` (region, education, sex, age), of which
    movers are taken out of the cells alone.
    """

    flows: Array
    homecoming: Array
    came: Array
    left: Array
    cells: Array
    pools: Array


@njit(cache=True, nogil=True)
def tell(movers, landing, told):  # type: ignore[no-untyped-def]
    """Moves are counted, and who lives where with them."""
    zones = len(told.cells)
    for row in range(len(movers.key)):
        origin, goal = movers.zone[row], landing.goal[row]
        trait, age = np.int64(movers.trait[row]), movers.age[row]
        hukou, education, sex = unpack(trait)
        told.flows[hukou, origin, goal] += 1
        told.homecoming[hukou, origin, goal] += landing.home[row]
        if origin < zones:
            told.left[origin, sex, age] += 1
            told.cells[origin, trait, age] -= 1
        if goal < zones:
            told.came[goal, sex, age] += 1
            told.cells[goal, landing.trait[row], age] += 1
        else:
            told.pools[goal - zones, education, sex, age] += 1
