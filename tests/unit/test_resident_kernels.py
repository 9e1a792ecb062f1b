"""Compiled passes over agents against plain numpy with the same luck: equal, agent by agent."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import streams
from model.axes import FEMALE, FIRST_BIRTH, LAST_BIRTH, OLDEST
from model.engines import resident_kernels as kernels
from model.engines.luck import key_words
from model.engines.resident_kernels import NOBODY, pack, unpack

ZONES, PLACES, YEAR = 4, 6, 2031
SEVERAL = settings(max_examples=25, deadline=None)
CASE = {"seed": st.integers(0, 2**31), "rows": st.integers(1, 9000)}


class Crowd:
    """Random agents, free rows among them, and their luck from the streams."""

    def __init__(self, seed, rows):
        self.rng = np.random.default_rng(seed)
        self.seed = seed
        self.zone = self.rng.integers(0, ZONES, rows).astype(np.uint8)
        self.age = self.rng.integers(0, 101, rows).astype(np.uint8)
        self.age[self.rng.random(rows) < 0.1] = NOBODY
        self.trait = self.rng.integers(0, 24, rows).astype(np.uint8)
        self.key = self.rng.integers(0, 2**63, rows).astype(np.uint64)
        self.event = np.ones(rows, dtype=np.uint8)
        self.there = self.age != NOBODY
        self.years = np.where(self.there, self.age, 0)
        self.hukou, self.education, self.sex = unpack(self.trait.astype(int))

    def luck(self, name, which=0):
        return streams.uniforms(self.seed, name, self.key, YEAR, which)

    def words(self, name):
        return key_words(self.seed, name)


def test_packing_is_one_to_one():
    hukou, education, sex = np.indices((3, 4, 2)).reshape(3, -1)
    packed = pack(hukou, education, sex)
    assert sorted(packed.tolist()) == list(range(24))
    for part, found in zip((hukou, education, sex), unpack(packed), strict=True):
        np.testing.assert_array_equal(found, part)


@SEVERAL
@given(blocks=st.integers(1, 7), **CASE)
def test_counting(seed, rows, blocks):
    one = Crowd(seed, rows)
    found = kernels.count(one.zone, one.age, one.trait, ZONES, blocks).reshape(ZONES, 24, 101)
    wanted = np.zeros((ZONES, 24, 101), dtype=int)
    np.add.at(wanted, (one.zone[one.there], one.trait[one.there], one.age[one.there]), 1)
    np.testing.assert_array_equal(found, wanted)


@SEVERAL
@given(**CASE)
def test_dying(seed, rows):
    one = Crowd(seed, rows)
    surviving = one.rng.random((ZONES, 2, 101))
    lives = one.luck("deaths") < surviving[one.zone, one.sex, one.years]
    wanted = np.where(one.there & lives, np.minimum(one.years + 1, OLDEST), one.age)
    kernels.die(
        one.zone, one.age, one.trait, one.key, surviving, *one.words("deaths"), YEAR, one.event
    )
    np.testing.assert_array_equal(one.event, one.there & ~lives)
    np.testing.assert_array_equal(one.age, wanted)


@SEVERAL
@given(**CASE)
def test_learning(seed, rows):
    one = Crowd(seed, rows)
    entering = one.rng.random((4, 2, 101)) * (one.rng.random((1, 1, 101)) < 0.3)
    ages = entering.any(axis=(0, 1))
    chance = entering[one.education, one.sex, one.years]
    goes = one.there & (one.education < 3) & (one.luck("schooling") < chance)
    wanted = one.trait + 2 * goes
    kernels.learn(one.age, one.trait, one.key, entering, ages, *one.words("schooling"), YEAR)
    np.testing.assert_array_equal(one.trait, wanted)


@SEVERAL
@given(**CASE)
def test_registering(seed, rows):
    one = Crowd(seed, rows)
    chance = one.rng.random((ZONES, 3))
    wanted = one.there & (one.hukou > 0) & (one.luck("r") < chance[one.zone, one.hukou])
    kernels.register(
        one.zone, one.age, one.trait, one.key, chance, *one.words("r"), YEAR, one.event
    )
    np.testing.assert_array_equal(one.event, wanted)


@SEVERAL
@given(**CASE)
def test_bearing(seed, rows):
    one = Crowd(seed, rows)
    rates = one.rng.random((ZONES, 4, 101))
    able = one.there & (one.sex == FEMALE) & (one.age >= FIRST_BIRTH) & (one.age <= LAST_BIRTH)
    wanted = able & (one.luck("births") < rates[one.zone, one.education, one.years])
    kernels.bear(
        one.zone, one.age, one.trait, one.key, rates, *one.words("births"), YEAR, one.event
    )
    np.testing.assert_array_equal(one.event, wanted)


@SEVERAL
@given(**CASE)
def test_leaving(seed, rows):
    one = Crowd(seed, rows)
    chance, group = one.rng.random((PLACES, 5, 101)), one.rng.integers(0, 5, (3, 4, 101))
    which = group[one.hukou, one.education, one.years]
    wanted = one.there & (one.luck("leaving") < chance[one.zone, which, one.years])
    kernels.leave(
        one.zone, one.age, one.trait, one.key, chance, group, *one.words("leaving"), YEAR, one.event
    )
    np.testing.assert_array_equal(one.event, wanted)


def chosen(one, shares, which):
    goal = np.empty(len(one.key), dtype=np.int64)
    origin = one.zone.astype(np.int64)
    kernels.choose(one.key, origin, which, shares, *one.words("goal"), YEAR, goal)
    return goal


@pytest.mark.parametrize("places", [2, 3, 7])
def test_choosing_follows_the_shares(places):
    """By chi-square; never a place of no share."""
    one = Crowd(5, 60_000)
    one.zone[:] = 1
    shares = np.zeros((2, places, places))
    shares[1, 1] = np.arange(places) / np.arange(places).sum()
    goal = chosen(one, shares, np.ones(60_000, dtype=np.int64))
    seen, due = np.bincount(goal, minlength=places), 60_000 * shares[1, 1]
    assert seen[0] == 0
    assert (((seen - due) ** 2)[1:] / due[1:]).sum() < 25  # 6 degrees: 0.9997 quantile


def test_choosing_is_the_least_of_exponential_times():
    one = Crowd(8, 3000)
    one.zone[:] = 0
    shares = one.rng.random((1, 5, 5))
    goal = chosen(one, shares, np.zeros(3000, dtype=np.int64))
    luck = np.empty(6)
    for row in range(0, 3000, 7):
        kernels.fill_alternatives(*one.words("goal"), one.key[row], YEAR, luck)
        times = -np.log(luck[:5]) / shares[0, 0]
        assert goal[row] == times.argmin()


@SEVERAL
@given(seed=st.integers(0, 2**31), rows=st.integers(1, 6), columns=st.integers(1, 40))
def test_guided_search_is_a_search(seed, rows, columns):
    rng = np.random.default_rng(seed)
    shares = rng.random((rows, columns)) * (rng.random((rows, columns)) < 0.6)
    cumulated = np.cumsum(shares / max(shares.sum(axis=1).max(), 1e-9), axis=1)
    guide = kernels.guide_of(cumulated)
    for luck in (*rng.random(20), 1e-12, 1 - 1e-12):
        for row in range(rows):
            wanted = np.searchsorted(cumulated[row], luck, side="right")
            assert search(cumulated[row], guide[row], luck) == wanted


def search(cumulated, guide, luck):
    return kernels.search.py_func(cumulated, guide, luck)


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_working(blocks):
    one = Crowd(11, 9000)
    part, places = one.rng.random((ZONES, 8, 101)), one.rng.random((ZONES, ZONES)) / ZONES
    sectors = one.rng.dirichlet(np.ones(3), ZONES)
    cumulated, kinds = np.cumsum(places, axis=1), np.cumsum(sectors, axis=1)
    means = np.cumsum(one.rng.dirichlet(np.ones(6), (ZONES, ZONES)), axis=2)
    found = kernels.work(
        one.zone, one.age, one.trait, one.key, part, cumulated, kernels.guide_of(cumulated),
        kinds, kernels.guide_of(kinds), means, one.words("work"), YEAR, blocks,
    )  # fmt: skip
    luck = [np.empty(len(one.key)) for _ in range(4)]
    kernels.fill_four(*one.words("work"), one.key, YEAR, *luck)
    force, commuters = np.zeros(ZONES, int), np.zeros((ZONES, ZONES), int)
    by_mode = np.zeros((ZONES, ZONES, 6), int)
    jobs = np.zeros((3, ZONES), int)
    active = one.there & (luck[0] < part[one.zone, one.trait % 8, one.years])
    for row in np.flatnonzero(active):
        force[one.zone[row]] += 1
        goal = int((cumulated[one.zone[row]] <= luck[1][row]).sum())
        if goal < ZONES:
            commuters[one.zone[row], goal] += 1
            jobs[min(int((kinds[goal] <= luck[2][row]).sum()), 2), goal] += 1
            mode = min(int((means[one.zone[row], goal] <= luck[3][row]).sum()), 5)
            by_mode[one.zone[row], goal, mode] += 1
    for have, wanted in zip(found, (force, commuters, jobs, by_mode), strict=True):
        np.testing.assert_array_equal(have, wanted)
