"""Compiled passes over residents, one row a person; several runs of rows at once.

A person is one byte of zone, of age and of traits (hukou, education, sex packed by
:func:`pack`), and a 64-bit key. Luck comes from the key alone, so neither the order of rows nor
the number of threads changes anything. A pass finds the rows to which something happens; what
follows handles those few. A row of age :data:`NOBODY` is free.

Luck is in two parts. Once a year a hash of the key is cut into dice, a byte for each event
(:mod:`model.engines.resident_dice`); an event has a hash of its own for the rest. A number is
(die + rest) / 256, and the rest is asked for only where the die alone does not decide, of one
person in 256. No byte serves two events, so these are as independent as hashes of their own.

The passes hold no lock of the interpreter and know nothing of threads: :func:`in_runs` hands each
thread runs of rows. (Loops that numba makes parallel took a minute to compile, and were slower on
two cores than on one: the views of tables that they took for each person are counted, and both
cores wrote to the same counters.)
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import NamedTuple, TypeVar

import numpy as np
from numba import get_num_threads

from model.axes import EDUCATION, FEMALE, HUKOU, MALE, OLDEST, SEXES, Array
from model.engines.luck import hashed_uniform, mixed
from model.engines.resident_screens import ABREAST, stand, within
from model.kernels.compiled import njit

NOBODY = 255
LEVELS = len(EDUCATION)
TRAITS = len(HUKOU) * LEVELS * len(SEXES)
AGES = OLDEST + 1
CELL = (len(HUKOU), LEVELS, len(SEXES), AGES)
STRIDE, LAST = 128, np.uint8(127)
BLOCK = 2048
RUN, SHORT, SHARES = 2**18, 2**17, 4
T = TypeVar("T")


def in_runs(rows: int, task: Callable[[slice], T], short: int = SHORT) -> list[T]:
    """Answers of a task for every run of rows, in order, on as many threads as numba is told.

    Runs are long where there are many rows, but for few threads to have as much to do, and never
    shorter than ``short``. What a pass answers does not depend on where runs begin.
    """
    if rows <= short:
        return [task(slice(0, rows))]
    threads = get_num_threads()
    long = max(short, min(RUN, -(-rows // (SHARES * threads))))
    runs = [slice(low, min(low + long, rows)) for low in range(0, max(rows, 1), long)]
    if min(threads, len(runs)) == 1:
        return [task(run) for run in runs]
    return list(pool_of(threads, os.getpid()).map(task, runs))


@lru_cache(maxsize=4)
def pool_of(threads: int, process: int) -> ThreadPoolExecutor:
    """Threads of a process, which stay; a process that was forked off has none of its parent's."""
    return ThreadPoolExecutor(threads, f"residents {process}")


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

    ``bars`` (zone, trait, age up to 127) holds the first 8 bits of the chance, of one zone where
    all are alike; ``chance`` the exact numbers, laid out by ``strides`` (zone, hukou, education,
    sex, age); ``steps`` (2, step) lie over the bars by age, as ``steps_of`` makes them.
    """

    bars: Array
    chance: Array
    strides: Array
    steps: Array


@njit(cache=True)
def chance_of(odds, zone, trait, age):  # type: ignore[no-untyped-def]
    """Exact chance of a person."""
    hukou, education, sex = unpack(np.int64(trait))
    by = odds.strides
    at = zone * by[0] + hukou * by[1] + education * by[2] + sex * by[3] + age * by[4]
    return odds.chance[at]


class Desk(NamedTuple):
    """Room for one block of people: who may be struck, their bars, who is struck."""

    may: Array
    bar: Array
    hit: Array
    found: Array


@njit(cache=True)
def desk():  # type: ignore[no-untyped-def]
    """An empty desk."""
    octets = np.zeros((3, BLOCK), dtype=np.uint8)
    return Desk(octets[0], octets[1], octets[2], np.empty(BLOCK + ABREAST, dtype=np.uint32))


@njit(cache=True)
def screen(z, t, a, k, d, salt, odds, bars, on):  # type: ignore[no-untyped-def]
    """How many of a block are struck by what is rare; ``on.found`` has where they stand.

    Bars are looked up for those alone whose age may be struck.
    """
    within(a, d, odds.steps, on.may)
    able = stand(len(a), on.may, on.found)
    wide, n = np.uint32(TRAITS if len(odds.bars) > 1 else 0), 0
    for one in range(able):
        who = np.uint64(on.found[one])
        person = np.uint32(z[who]) * wide + np.uint32(t[who])
        bar = bars[np.uint64(person * np.uint32(STRIDE) + np.uint32(a[who] & LAST))]
        on.found[n], on.bar[n], on.hit[n] = who, bar, d[who] < bar
        n += d[who] <= bar
    return decide(z, t, a, k, salt, odds, n, on)


@njit(cache=True)
def decide(z, t, a, k, salt, odds, able, on):  # type: ignore[no-untyped-def]
    """How many are struck of those who may be, whose bars are known.

    Those whose die is below the bar are, those whose die is the bar itself when the rest of their
    luck is below the rest of their chance.
    """
    n = 0
    for one in range(able):
        who = np.uint64(on.found[one])
        if not on.hit[one] and a[who] != NOBODY:
            rest = chance_of(odds, z[who], t[who], a[who]) * 256.0 - np.float64(on.bar[one])
            # Most of whom nothing can strike end here, and their keys stay unread.
            if rest > 0.0:
                on.hit[one] = hashed_uniform(mixed(k[who] ^ salt)) < rest
    for one in range(able):
        on.found[n] = on.found[one]
        n += on.hit[one]
    return n


@njit(cache=True)
def struck(zone, trait, age, key, die, salt, odds):  # type: ignore[no-untyped-def]
    """Rows to which an event happens, in order, and their cells: whose luck is below the chance."""
    rows, n, on, bars = len(age), 0, desk(), odds.bars.ravel()
    found, cells = np.empty(rows, dtype=np.int32), np.empty(rows, dtype=np.uint32)
    for low in range(0, rows, BLOCK):
        z, t, a = zone[low : low + BLOCK], trait[low : low + BLOCK], age[low : low + BLOCK]
        k, d = key[low : low + BLOCK], die[low : low + BLOCK]
        for one in range(screen(z, t, a, k, d, salt, odds, bars, on)):
            i = on.found[one]
            found[n] = low + i
            cells[n] = (np.uint32(z[i]) * TRAITS + t[i]) * STRIDE + a[i]
            n += 1
    return found[:n].astype(np.int64), cells[:n].copy()


@njit(cache=True)
def count(zone, trait, age, cells):  # type: ignore[no-untyped-def]
    """Everybody, added to ``cells`` (zone, trait, age)."""
    for row in range(len(zone)):
        if age[row] != NOBODY:
            cells[zone[row], trait[row], age[row]] += 1


@njit(cache=True)
def tally(cells, kind, told):  # type: ignore[no-untyped-def]
    """Some people by the number of their cell, added to ``told`` (zone, kind of trait, age)."""
    for cell in cells:
        person = cell // STRIDE
        told[person // TRAITS, kind[person % TRAITS], cell % STRIDE] += 1


@njit(cache=True)
def change(cells, into, people):  # type: ignore[no-untyped-def]
    """Some people of ``people`` (zone, trait, age) become of another trait; beyond all: nobody."""
    for cell in cells:
        person, age = cell // STRIDE, cell % STRIDE
        zone, after = person // TRAITS, into[person % TRAITS]
        people[zone, person % TRAITS, age] -= 1
        if after < TRAITS:
            people[zone, after, age] += 1


@njit(cache=True)
def rewrite(trait, rows, into):  # type: ignore[no-untyped-def]
    """Some rows become of another trait."""
    for row in rows:
        trait[row] = into[trait[row]]


@njit(cache=True)
def grow_older(people):  # type: ignore[no-untyped-def]
    """People (zone, trait, age) are one year on; the two oldest groups join."""
    before = np.empty(people.shape[2], dtype=people.dtype)
    for zone in range(people.shape[0]):
        for trait in range(people.shape[1]):
            by_age = people[zone, trait]
            # Apart, for the compiler moves many at once where nothing overlaps.
            for age in range(len(before)):
                before[age] = by_age[age]
            for age in range(1, len(before)):
                by_age[age] = before[age - 1]
            by_age[-1] += before[-1]
            by_age[0] = 0


@njit(cache=True)
def age_by_a_year(age, gone):  # type: ignore[no-untyped-def]
    """Everybody is a year older, up to the oldest, but for those who are gone, now free."""
    for row in gone:
        age[row] = NOBODY
    for row in range(len(age)):
        # The free stand far above the oldest, and stay there.
        age[row] += np.uint8(age[row] < np.uint8(OLDEST))


@njit(cache=True)
def new_keys(cells, repeats, salt, keys):  # type: ignore[no-untyped-def]
    """Keys of new people, from the number of their cell and their own within it."""
    n = 0
    for cell in range(len(cells)):
        for one in range(repeats[cell]):
            who = (np.uint64(cells[cell]) << np.uint64(40)) | np.uint64(one)
            keys[n] = mixed(mixed(who ^ salt))
            n += 1


# -- rows filled --------------------------------------------------------------------


class Newborns(NamedTuple):
    """Children of some mothers: key, zone and hukou."""

    key: Array
    zone: Array
    hukou: Array


@njit(cache=True)
def newborns_of(zone, trait, key, rows, salt):  # type: ignore[no-untyped-def]
    """Children of the mothers in some rows; a key is the hash of the mother's, twice mixed."""
    n = len(rows)
    keys, place, hukou = np.empty(n, np.uint64), np.empty(n, zone.dtype), np.empty(n, np.uint8)
    for i in range(n):
        row = rows[i]
        keys[i] = mixed(mixed(key[row] ^ salt))
        place[i], hukou[i] = zone[row], trait[row] // (TRAITS // len(HUKOU))
    return Newborns(keys, place, hukou)


@njit(cache=True)
def outlive(newborns, salts, boys, surviving, people, dead):  # type: ignore[no-untyped-def]
    """Key, zone and trait of the newborns who live, now among ``people`` (zone, trait, age).

    ``salts`` of sex and of life, ``surviving`` (sex,); others are added to ``dead`` (zone, hukou).
    """
    rows, n = len(newborns.key), 0
    key, zone = np.empty_like(newborns.key), np.empty_like(newborns.zone)
    trait = np.empty(rows, dtype=np.uint8)
    for i in range(rows):
        who, where, hukou = newborns.key[i], newborns.zone[i], newborns.hukou[i]
        sex = MALE if hashed_uniform(mixed(who ^ salts[0])) < boys else FEMALE
        if hashed_uniform(mixed(who ^ salts[1])) < surviving[sex]:
            key[n], zone[n], trait[n] = who, where, pack(hukou, 0, sex)
            people[where, trait[n], 0] += 1
            n += 1
        else:
            dead[where, hukou] += 1
    return key[:n], zone[:n], trait[:n]


@njit(cache=True)
def fill(columns, rows, zone, trait, age, key):  # type: ignore[no-untyped-def]
    """New people in free rows."""
    zones, traits, ages, keys = columns
    for i in range(len(rows)):
        row = rows[i]
        zones[row], traits[row], ages[row], keys[row] = zone[i], trait[i], age[i], key[i]
