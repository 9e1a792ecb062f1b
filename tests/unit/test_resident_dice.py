"""Dice of a year: bytes of one hash, as independent of each other and of the rest as hashes are."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from model import streams
from model.engines import resident_kernels as kernels
from model.engines.resident_dice import EVENTS, throw
from model.engines.resident_tables import odds_of
from tests.twins import hashed_uniforms

PEOPLE = 400_000
KEYS = streams.hashed_keys(1, "keys/origin", np.arange(PEOPLE), 0)


def thrown(key=KEYS, year=2021, seed=1):
    dice = np.empty((len(EVENTS), len(key)), dtype=np.uint8)
    throw(key, streams.salt(seed, "dice", year), dice, 0)
    return dice


DICE = thrown()
OTHERS = {
    "next person": lambda: thrown(np.roll(KEYS, 1)),
    "key + 1": lambda: thrown(KEYS + np.uint64(1)),
    "next year": lambda: thrown(year=2022),
    "ten years": lambda: thrown(year=2031),
    "seed": lambda: thrown(seed=2),
    "child": lambda: thrown(streams.hashed_keys(1, "keys/early births", KEYS, 2021)),
}


def know_nothing_of_each_other(one, two):
    """Correlation, and all cells of two 32 x 32 tables: of the high bits, and of the low ones."""
    assert abs(np.corrcoef(one, two)[0, 1]) < 4.5 / np.sqrt(len(one))
    for shift in (3, 0):
        high, low = ((die >> shift).astype(int) & 31 for die in (one, two))
        counts = np.bincount(high * 32 + low, minlength=1024)
        assert stats.chisquare(counts).pvalue > 1e-5


@pytest.mark.parametrize("event", range(len(EVENTS)), ids=EVENTS)
def test_a_die_is_even(event):
    counts = np.bincount(DICE[event], minlength=256)
    assert stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("pair", list(combinations(range(len(EVENTS)), 2)))
def test_dice_of_two_events_know_nothing_of_each_other(pair):
    know_nothing_of_each_other(*DICE[list(pair)])


@pytest.mark.parametrize("other", OTHERS)
def test_dice_of_others_know_nothing_of_mine(other):
    for one, two in zip(DICE, OTHERS[other](), strict=True):
        know_nothing_of_each_other(one, two)


@pytest.mark.parametrize("event", range(len(EVENTS)), ids=EVENTS)
def test_the_rest_of_the_luck_knows_nothing_of_any_die(event):
    rest = hashed_uniforms(1, EVENTS[event], KEYS, 2021)
    for die in DICE:
        know_nothing_of_each_other(die, (rest * 256).astype(np.uint8))


@pytest.fixture(scope="module")
def lives():
    """Whether each event strikes each of those alike in six years, (year, event, person)."""
    none, chance = np.zeros(PEOPLE, dtype=np.uint8), np.array([0.3, 0.02, 0.004, 0.1])
    found = np.zeros((6, len(EVENTS), PEOPLE), dtype=bool)
    for year in range(6):
        dice = thrown(year=2021 + year)
        for event, name in enumerate(EVENTS):
            odds = odds_of(np.full((1,) * 5, chance[event % 4]), 1)
            salt = streams.salt(1, name, 2021 + year)
            rows = kernels.struck(none, none, none, KEYS, dice[event], salt, odds)[0]
            found[year, event, rows] = True
    return found, chance[np.arange(len(EVENTS)) % 4]


def test_events_strike_as_often_as_they_should(lives):
    """Chances above and below a unit of the die, and between two of its faces."""
    found, chance = lives
    seen, due = found.sum(axis=(0, 2)), 6 * PEOPLE * chance
    assert np.all(np.abs(seen - due) < 4 * np.sqrt(due * (1 - chance)))


def test_no_event_of_a_life_makes_another_more_likely(lives):
    """Every two events of six years: as many suffer both as if they were independent."""
    found, chance = lives
    lived = found.reshape(-1, PEOPLE).astype(np.float32)
    both = lived @ lived.T
    own = np.tile(chance, 6)
    due = PEOPLE * np.outer(own, own)
    scores = ((both - due) / np.sqrt(due * (1 - np.outer(own, own))))[np.triu_indices(42, 1)]
    # Shared luck of the two would show as scores of tens; the spread is that of 861 pairs.
    assert np.abs(scores).max() < 5.5
    assert abs(scores.mean()) < 0.5


def test_keys_and_dice_are_whole_words_and_octets_side_by_side():
    with pytest.raises(Exception, match="C-contiguous array of uint64"):
        thrown(np.repeat(KEYS, 2)[::2])
    with pytest.raises(Exception, match="C-contiguous array of uint8"):
        throw(KEYS, np.uint64(1), np.empty((len(EVENTS), len(KEYS))), 0)
