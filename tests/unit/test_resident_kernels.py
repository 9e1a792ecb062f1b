"""Compiled passes over agents against plain numpy with the same luck: equal, agent by agent."""

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import streams
from model.engines import resident_counts as counted
from model.engines import resident_kernels as kernels
from model.engines import resident_work
from model.engines.assignment import alias_of, packed_alias
from model.engines.resident_dice import EVENTS, throw, throw_late
from model.engines.resident_kernels import CELL, NOBODY, pack, unpack
from model.engines.resident_tables import odds_of
from tests.crowds import YEAR, ZONES, Crowd
from tests.twins import hashed_uniforms

SEVERAL = settings(max_examples=25, deadline=None)
CASE = {"seed": st.integers(0, 2**31), "rows": st.integers(1, 9000)}


def test_packing_is_one_to_one():
    hukou, education, sex = np.indices((3, 4, 2)).reshape(3, -1)
    packed = pack(hukou, education, sex)
    assert sorted(packed.tolist()) == list(range(24))
    for part, found in zip((hukou, education, sex), unpack(packed), strict=True):
        np.testing.assert_array_equal(found, part)


@SEVERAL
@given(**CASE)
def test_counting(seed, rows):
    one = Crowd(seed, rows)
    found = np.zeros((ZONES, 24, 101), np.int32)
    kernels.count(one.zone, one.trait, one.age, found)
    wanted = np.zeros((ZONES, 24, 101), dtype=int)
    np.add.at(wanted, (one.zone[one.there], one.trait[one.there], one.age[one.there]), 1)
    np.testing.assert_array_equal(found, wanted)


@SEVERAL
@given(seed=st.integers(0, 2**31), scale=st.sampled_from([1.0, 100.0]))
def test_persons_of_rows(seed, scale):
    rows = np.random.default_rng(seed).integers(0, 10**6, 500)
    persons = np.empty(500)
    counted.to_persons(rows, scale, persons)
    np.testing.assert_array_equal(persons, rows * scale)


@SEVERAL
@given(some=st.floats(0, 1), **CASE)
def test_those_struck_are_told_and_become_another(seed, rows, some):
    """Of kinds and traits at random; one trait leaves for good."""
    one = Crowd(seed, rows)
    kind, into = one.rng.integers(0, 3, 24), one.rng.permutation(25)[:24]
    people, told = np.zeros((ZONES, 24, 101), np.int32), np.zeros((ZONES, 3, 101), dtype=int)
    kernels.count(one.zone, one.trait, one.age, people)
    struck = np.flatnonzero(one.there & (one.rng.random(rows) < some))
    cells = one.cells()[struck].astype(np.uint32)
    kernels.tally(cells, kind, told)
    kernels.change(cells, into, people)
    zone, trait, age = one.zone[struck], one.trait[struck], one.age[struck]
    wanted = np.zeros_like(told)
    np.add.at(wanted, (zone, kind[trait], age), 1)
    np.testing.assert_array_equal(told, wanted)
    one.trait[struck] = into[trait]
    left = one.there & (one.trait < 24)
    wanted = np.zeros_like(people)
    np.add.at(wanted, (one.zone[left], one.trait[left], one.age[left]), 1)
    np.testing.assert_array_equal(people, wanted)
    again = one.trait.copy()
    again[struck] = trait
    kernels.rewrite(again, struck, into)
    np.testing.assert_array_equal(again, one.trait)


@SEVERAL
@given(**CASE)
def test_a_year_passes_for_rows_and_counts_alike(seed, rows):
    """Nobody dies in the counts; of the rows, some do, and free ones stay free."""
    one = Crowd(seed, rows)
    people, after = np.zeros((2, ZONES, 24, 101), np.int32)
    kernels.count(one.zone, one.trait, one.age, people)
    kernels.grow_older(people)
    age = one.age.copy()
    kernels.age_by_a_year(age, np.zeros(0, dtype=int))
    kernels.count(one.zone, one.trait, age, after)
    np.testing.assert_array_equal(people, after)
    np.testing.assert_array_equal(age, np.where(one.there, np.minimum(one.years + 1, 100), NOBODY))
    gone = np.flatnonzero(one.there)[::5].copy()
    kernels.age_by_a_year(one.age, gone)
    age[gone] = NOBODY
    np.testing.assert_array_equal(one.age, age)


@SEVERAL
@given(boys=st.sampled_from([0.0, 0.52, 1.0]), **CASE)
def test_newborns(seed, rows, boys):
    """Keys, sexes, lives and the free rows they fill, in numpy."""
    one = Crowd(seed, rows)
    mothers, surviving = np.flatnonzero(one.there)[::3].copy(), np.array([0.9, 0.6])
    babies = kernels.newborns_of(one.zone, one.trait, one.key, mothers, one.salt("keys"))
    keys = streams.hashed_keys(seed, "keys", one.key[mothers], YEAR)
    for found, wanted in zip(babies, (keys, one.zone[mothers], one.hukou[mothers]), strict=True):
        np.testing.assert_array_equal(found, wanted)
    people, dead = np.zeros((ZONES, 24, 101), np.int32), np.zeros((ZONES, 3), dtype=int)
    salts = one.salt("sex"), one.salt("life")
    key, zone, trait = kernels.outlive(babies, salts, boys, surviving, people, dead)
    sex = np.where(hashed_uniforms(seed, "sex", keys, YEAR) < boys, 0, 1)
    lives = hashed_uniforms(seed, "life", keys, YEAR) < surviving[sex]
    born = pack(babies.hukou.astype(int), np.zeros_like(sex), sex)
    for found, wanted in ((key, keys), (zone, babies.zone), (trait, born)):
        np.testing.assert_array_equal(found, wanted[lives])
    there, lost = np.zeros_like(people), np.zeros_like(dead)
    np.add.at(there, (zone, trait, 0), 1)
    np.add.at(lost, (babies.zone[~lives], babies.hukou[~lives]), 1)
    np.testing.assert_array_equal(people, there)
    np.testing.assert_array_equal(dead, lost)
    free = np.flatnonzero(~one.there)[: len(key)]
    some = slice(len(free))
    columns = one.zone, one.trait, one.age, one.key
    before = [column.copy() for column in columns]
    age = np.zeros(len(free), np.uint8)
    kernels.fill(columns, free, zone[some], trait[some], age, key[some])
    for column, old, new in zip(columns, before, (zone, trait, 0 * trait, key), strict=True):
        old[free] = new[some]
        np.testing.assert_array_equal(column, old)


SHAPES = [
    (1, 1, 1, 2, 101),
    (ZONES, 3, 1, 1, 1),
    (ZONES, 1, 4, 2, 101),
    (ZONES, *CELL),
    (4, 2, 101),
]


@SEVERAL
@given(
    shape=st.sampled_from(SHAPES),
    some=st.sampled_from([0.0, 0.001, 0.3, 1.0]),
    size=st.sampled_from([1.0, 0.003]),
    event=st.sampled_from(EVENTS),
    **CASE,
)
def test_struck_are_those_whose_luck_is_below_their_chance(seed, rows, shape, some, size, event):
    one = Crowd(seed, rows)
    chance = one.rng.random(shape) * (one.rng.random(shape) < some) * size
    wanted = one.there & (one.event_luck(event) < one.chance(chance))
    np.testing.assert_array_equal(one.struck(chance, event), np.flatnonzero(wanted))


def test_nobody_is_struck_by_nothing_and_all_by_certainty():
    one = Crowd(1, 9000)
    assert len(one.struck(np.zeros((1, 1, 1, 1, 1)))) == 0
    np.testing.assert_array_equal(one.struck(np.ones((1,) * 5)), np.flatnonzero(one.there))


def test_who_throws_the_bar_itself_is_decided_by_the_rest():
    """Chances a few units of 2^-53 from somebody's luck, one side and the other."""
    one = Crowd(3, 4096 + 500)
    luck = one.event_luck("leaving")
    for row in np.flatnonzero(one.there)[::37]:
        for nudge in (-1, 1):
            chance = np.zeros((ZONES, *CELL))
            cell = one.zone[row], one.hukou[row], one.education[row], one.sex[row], one.age[row]
            chance[cell] = luck[row] + nudge * 2.0**-50
            assert (row in one.struck(chance)) == (nudge > 0)


def test_dice_are_bytes_of_the_hash_of_the_year():
    """Thrown for all rows, from any row on, or for some who are late."""
    one = Crowd(2, 5000)
    words = streams.mixed(one.key ^ one.salt("dice"))
    wanted = words.view(np.uint8).reshape(-1, 8)[:, : len(EVENTS)].T
    np.testing.assert_array_equal(one.dice, wanted)
    part, salt = np.zeros_like(one.dice), one.salt("dice")
    throw(one.key[3000:], salt, part, 3000)
    np.testing.assert_array_equal(part[:, 3000:], wanted[:, 3000:])
    assert not part[:, :3000].any()
    rows = np.arange(0, 3000, 7)
    for event, die in enumerate(part):
        throw_late(one.key[rows], salt, event, rows, die)
    np.testing.assert_array_equal(part[:, rows], wanted[:, rows])


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("rows", [1, kernels.SHORT + 1, 3 * kernels.RUN + 5, 99 * kernels.RUN])
def test_runs_are_answered_in_order(threads, rows):
    numba.set_num_threads(threads)
    found = kernels.in_runs(rows, lambda run: (run.start, run.stop))
    assert [start for start, _ in found] == [0, *(stop for _, stop in found[:-1])]
    assert found[-1][1] == rows
    assert max(stop - start for start, stop in found) <= kernels.RUN
    assert kernels.in_runs(0, lambda run: run.stop) == [0]
    assert kernels.in_runs(7, lambda run: run.stop, 3) == [3, 6, 7]


@SEVERAL
@given(seed=st.integers(0, 2**31))
def test_keys_are_those_of_the_streams(seed):
    rng = np.random.default_rng(seed)
    cells, repeats = rng.permutation(1000)[:30], rng.integers(0, 9, 30)
    keys = np.empty(int(repeats.sum()), dtype=np.uint64)
    kernels.new_keys(cells, repeats, streams.salt(seed, "keys", YEAR), keys)
    who = np.repeat(cells, repeats) * 2**40 + np.concatenate([np.arange(n) for n in repeats])
    np.testing.assert_array_equal(keys, streams.hashed_keys(seed, "keys", who, YEAR))


def drawn(entry, rows, luck):
    """Outcome of alias tables in numpy; ``luck`` whole numbers of 32 bits."""
    spot = luck * np.uint64(entry.shape[1])
    own = (spot >> np.uint64(32)).astype(int)
    found = entry[rows, own]
    keeps = (spot & np.uint64(2**32 - 1)) < (found >> np.uint64(32))
    return np.where(keeps, own, (found & np.uint64(2**32 - 1)).astype(int))


def test_working():
    one = Crowd(11, 9000)
    outcome = packed_alias(alias_of(one.rng.dirichlet(np.ones(9), ZONES)))
    sector = packed_alias(alias_of(one.rng.dirichlet(np.ones(3), ZONES + 1)))
    jobs = resident_work.Jobs(
        outcome, sector, np.minimum(np.arange(9) // 2, ZONES).astype(np.int16)
    )
    chance = one.rng.random((ZONES, 1, 4, 2, 101))
    told, posts = np.zeros((ZONES, 9), dtype=int), np.zeros((ZONES + 1, 3), dtype=int)
    columns, odds = one.columns("work"), odds_of(chance, ZONES)
    resident_work.work(*columns, one.salt("work"), odds, one.salt("place"), jobs, told, posts)
    rows = np.flatnonzero(one.there & (one.event_luck("work") < one.chance(chance)))
    words = streams.mixed(one.key[rows] ^ one.salt("place"))
    found = drawn(outcome, one.zone[rows], words >> np.uint64(32))
    wanted, filled = np.zeros_like(told), np.zeros_like(posts)
    np.add.at(wanted, (one.zone[rows], found), 1)
    place = jobs.place[found]
    np.add.at(filled, (place, drawn(sector, place, words & np.uint64(2**32 - 1))), 1)
    np.testing.assert_array_equal(told, wanted)
    np.testing.assert_array_equal(posts, filled)


@SEVERAL
@given(seed=st.integers(0, 2**31), outcomes=st.integers(1, 300))
def test_alias_tables_carry_the_shares_to_the_last_bits(seed, outcomes):
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(outcomes, 0.1), 3)
    entry = packed_alias(alias_of(shares))
    kept = (entry >> np.uint64(32)).astype(float) * 2.0**-32
    carried = kept.copy()
    for row in range(3):
        np.add.at(carried[row], (entry[row] & np.uint64(2**32 - 1)).astype(int), 1 - kept[row])
    np.testing.assert_allclose(carried / outcomes, shares, rtol=0, atol=2.0**-31)
