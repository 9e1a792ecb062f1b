"""Tables of a year and counts as persons, in compiled passes, against plain numpy: equal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import streams
from model.engines import resident_counts as counted
from model.engines import resident_pools as pools
from model.engines import resident_tables as tables
from model.engines.assignment import alias_of
from model.engines.marginals import Marginals
from model.engines.resident_kernels import AGES, CELL, STRIDE, TRAITS, pack
from model.engines.residents import Residents
from tests.twins import hashed_uniforms

ZONES, REGIONS, YEAR = 3, 2, 2031
SEVERAL = settings(max_examples=20, deadline=None)
SEED = {"seed": st.integers(0, 2**31)}
SHAPES = [
    (1, 1, 1, 1, 1), (1, 1, 1, 2, 101), (ZONES, 3, 1, 1, 1), (ZONES, 1, 4, 2, 101),
    (ZONES, 3, 4, 1, 101), (ZONES, *CELL), (4, 2, 101),
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_bars_are_the_first_bits_of_chances_in_every_cell(shape):
    chance = np.random.default_rng(5).choice([0.0, 0.3, 0.999, 1.0], shape)
    odds = tables.odds_of(chance, ZONES)
    spread = np.broadcast_to(chance, (ZONES, *CELL))
    octets = np.minimum(np.floor(spread * 256), 255).reshape(ZONES, TRAITS, AGES)
    bars = np.broadcast_to(odds.bars, (ZONES, TRAITS, STRIDE))
    np.testing.assert_array_equal(bars[..., :AGES], octets)
    assert not bars[..., AGES:].any()
    where = np.indices(spread.shape).reshape(5, -1)
    np.testing.assert_array_equal(odds.chance[odds.strides @ where], spread.ravel())


def test_only_women_able_to_bear_have_odds_of_a_birth():
    rng = np.random.default_rng(6)
    level, rates = rng.random(ZONES), rng.random((4, 101))
    chance = np.zeros((ZONES, 1, *CELL[1:]))
    able = slice(15, 50)
    chance[:, 0, :, 1, able] = level[:, None, None] * rates[:, able]
    same_odds(tables.birth_odds(level, rates), tables.odds_of(chance, ZONES))


def test_odds_of_leaving_are_those_of_the_group():
    rng = np.random.default_rng(7)
    leave, group = rng.random((ZONES, 5, 101)), rng.integers(0, 5, CELL[:2] + CELL[3:])
    chance = leave[:, group, np.arange(101)][:, :, :, None]
    same_odds(tables.leaving_odds(leave, group), tables.odds_of(chance, ZONES))


def same_odds(one, other):
    for found, wanted in zip(one, other, strict=True):
        np.testing.assert_array_equal(found, wanted)


def vose(shares):
    """Construction of one row, step by step."""
    bar, alias = shares * len(shares), np.arange(len(shares))
    small, large = [list(np.flatnonzero(some)) for some in (bar < 1, bar >= 1)]
    while small and large:
        lesser, greater = small.pop(), large[-1]
        alias[lesser] = greater
        bar[greater] -= 1.0 - bar[lesser]
        if bar[greater] < 1:
            small.append(large.pop())
    bar[small + large] = 1
    return bar, alias


@SEVERAL
@given(outcomes=st.integers(1, 200), spread=st.sampled_from([0.01, 0.3, 50.0]), **SEED)
def test_alias_tables_are_made_as_vose_does(seed, outcomes, spread):
    shares = np.random.default_rng(seed).dirichlet(np.full(outcomes, spread), 4)
    shares[0] = 0
    found = alias_of(shares)
    for row, own in enumerate(shares):
        bar, alias = vose(own)
        np.testing.assert_array_equal(found.threshold[row], bar)
        np.testing.assert_array_equal(found.alias[row], alias)


def test_shares_that_are_no_numbers_come_to_an_end():
    assert alias_of(np.array([[np.nan, 0.1, 0.9]])).alias.shape == (1, 3)


@SEVERAL
@given(**SEED)
def test_pools_lose_whole_people_by_the_luck_of_their_cells(seed):
    """As many leave as expected and luck say; movers are listed in the order of the cells."""
    rng = np.random.default_rng(seed)
    people, leave = rng.integers(0, 30, (REGIONS, *CELL[1:])), rng.random((REGIONS, 5, 101))
    group = rng.integers(0, 5, CELL[:2] + CELL[3:])
    key = rng.integers(0, 2**63, people.size).astype(np.uint64)
    salt, birth = (streams.salt(seed, name, YEAR) for name in ("leaving", "keys/arrivals"))
    expected = people * leave[:, group[0], np.arange(101)][:, :, None]
    luck = hashed_uniforms(seed, "leaving", key, YEAR).reshape(people.shape)
    wanted = np.floor(expected + luck).astype(int)
    whole, leaving, left = np.empty_like(wanted), np.empty_like(wanted), people.copy()
    pools.whole_numbers(expected.ravel(), key, salt, whole.ravel())
    np.testing.assert_array_equal(whole, wanted)
    total = pools.take_leavers(left, leave, group, key, salt, leaving)
    np.testing.assert_array_equal(leaving, wanted)
    np.testing.assert_array_equal(left, people - wanted)
    index = np.nonzero(wanted)
    repeats = wanted[index]
    region, education, sex, age = (np.repeat(axis, repeats) for axis in index)
    own = np.concatenate([np.arange(n) for n in repeats])
    who = np.repeat(np.ravel_multi_index(index, wanted.shape), repeats) * 2**40 + own
    movers = pools.movers_of(leaving, total, ZONES, birth)
    keys = streams.hashed_keys(seed, "keys/arrivals", who, YEAR)
    due = ZONES + region, pack(np.zeros_like(sex), education, sex), age, keys
    for found, column in zip(movers, due, strict=True):
        np.testing.assert_array_equal(found, column)


@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_deaths_births_and_work_are_told_in_persons(scale):
    rng = np.random.default_rng(8)
    dead, mothers = rng.integers(0, 9, (ZONES, 3, 2, 101)), rng.integers(0, 9, (5, 3, 101))
    by_hukou, by_age = np.empty((3, ZONES)), np.empty((ZONES, 2, 101))
    counted.told_deaths(dead, scale, by_hukou, by_age)
    np.testing.assert_array_equal(by_hukou, dead.sum(axis=(2, 3)).T * scale)
    np.testing.assert_array_equal(by_age, dead.sum(axis=1) * scale)
    by_hukou, by_age = np.empty((3, 5)), np.empty((5, 101))
    counted.told_births(mothers, scale, by_hukou, by_age)
    np.testing.assert_array_equal(by_hukou, mothers.sum(axis=2).T * scale)
    np.testing.assert_array_equal(by_age, mothers.sum(axis=1) * scale)
    modes, outcomes, posts = (
        4,
        rng.integers(0, 9, (ZONES, ZONES * 4 + 1)),
        rng.integers(0, 9, (4, 6)),
    )
    force, goals, jobs = np.empty(ZONES), np.empty((ZONES, ZONES)), np.empty((6, ZONES))
    by_mode = np.empty((modes, ZONES, ZONES))
    counted.told_work(outcomes, posts, scale, force, goals, jobs, by_mode)
    split = outcomes[:, :-1].reshape(ZONES, ZONES, modes)
    np.testing.assert_array_equal(force, outcomes.sum(axis=1) * scale)
    np.testing.assert_array_equal(goals, split.sum(axis=2) * scale)
    np.testing.assert_array_equal(jobs, posts[:-1].T * scale)
    np.testing.assert_array_equal(by_mode, split.transpose(2, 0, 1) * scale)


@pytest.mark.parametrize("scale", [1, 7])
def test_sums_of_a_crowd_are_those_of_its_counts(scale):
    """Of whole rows, as of the persons they stand for, to the last bit."""
    table = np.random.default_rng(9).uniform(0, 60, (ZONES + REGIONS, *CELL))
    crowd = Residents(table, zones=ZONES, scale=scale, seed=1)

    class Counts(Marginals):
        def counts(self):
            return crowd.counts()

    plain = Counts()
    plain.touch()
    for name in ("registered", "schooled", "classed"):
        np.testing.assert_array_equal(getattr(crowd, name)(), getattr(plain, name)())
    np.testing.assert_array_equal(crowd.schooled(), crowd.counts().sum(axis=2))
    np.testing.assert_array_equal(crowd.classed(), crowd.counts().sum(axis=3))
    np.testing.assert_array_equal(crowd.registered(), crowd.counts().sum(axis=(3, 4, 5)))
