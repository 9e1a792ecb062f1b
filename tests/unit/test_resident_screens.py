"""Screens of rare events against plain numpy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from model.engines import resident_screens as screens
from model.engines.resident_screens import ABREAST, GROUP, STEPS

SEVERAL = settings(max_examples=50, deadline=None)
AGES = 128


def step_of(steps, age):
    """Height of the last step that begins at an age or before, in numpy."""
    begin, top = steps
    used = np.flatnonzero(begin < AGES)
    return top[used[np.searchsorted(begin[used], np.minimum(age, AGES - 1), side="right") - 1]]


@SEVERAL
@given(seed=st.integers(0, 2**31), kinds=st.integers(1, 40), zones=st.integers(1, 3))
def test_steps_lie_over_every_bar(seed, kinds, zones):
    rng = np.random.default_rng(seed)
    bars = rng.integers(0, 256, (zones, 2, kinds)).repeat(AGES // kinds + 1, axis=2)[..., :AGES]
    bars[rng.random(bars.shape) < 0.1] = 0
    begin, top = screens.steps_of(bars.astype(np.uint8))
    assert begin[0] == 0
    assert np.all(np.diff(begin.astype(int)) >= 0)
    heights = step_of((begin, top), np.arange(AGES))
    assert np.all(heights >= bars.max(axis=(0, 1)))
    for height in np.unique(heights):
        assert height in bars


@SEVERAL
@given(seed=st.integers(0, 2**31), kinds=st.integers(1, STEPS))
def test_few_bars_are_their_own_steps(seed, kinds):
    rng = np.random.default_rng(seed)
    begins = np.sort(rng.choice(np.arange(1, AGES), kinds - 1, replace=False))
    bars = rng.integers(0, 256, kinds)[np.searchsorted(begins, np.arange(AGES), side="right")]
    steps = screens.steps_of(bars.astype(np.uint8).reshape(1, 1, AGES))
    np.testing.assert_array_equal(step_of(steps, np.arange(AGES)), bars)


@SEVERAL
@given(seed=st.integers(0, 2**31), rows=st.integers(0, 700), often=st.floats(0, 1))
def test_those_within_and_where_they_stand(seed, rows, often):
    """Ages of all sizes, those of free rows among them; dice as low as makes all of them pass."""
    rng = np.random.default_rng(seed)
    steps = screens.steps_of(rng.integers(0, 256, (1, 1, AGES)).astype(np.uint8))
    age = rng.integers(0, 256, rows).astype(np.uint8)
    die = (rng.integers(0, 256, rows) * (rng.random(rows) < often)).astype(np.uint8)
    may = np.ones(704, dtype=np.uint8)
    screens.within(age, die, steps, may)
    wanted = die <= step_of(steps, age)
    np.testing.assert_array_equal(may[:rows], wanted)
    found = np.zeros(704 + ABREAST, dtype=np.uint32)
    n = screens.stand(rows, may, found)
    np.testing.assert_array_equal(found[:n], np.flatnonzero(wanted))


@njit
def words_of(octets, at):
    word = screens.marks(octets, at)
    return word, screens.lowest(word), screens.many(word)


@pytest.mark.parametrize("marked", [[], [0], [63], [5, 17, 40], list(range(GROUP))])
def test_marks_are_bits(marked):
    octets = np.zeros(GROUP + 7, dtype=np.uint8)
    octets[np.array(marked, dtype=int) + 3] = 200
    word, lowest, many = words_of(octets, 3)
    assert word == sum(2**bit for bit in marked)
    assert (lowest, many) == (min(marked, default=GROUP), len(marked))


def test_marks_are_of_octets_alone():
    with pytest.raises(Exception, match="array of uint8"):
        words_of(np.zeros(GROUP), 0)
