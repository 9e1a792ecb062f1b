"""From groups to single years, from fractions to people: totals kept, nothing negative."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.methods.graduation import (
    controlled_rounding,
    graduate,
    interpolate_log_rates,
    spread_rates,
)

COUNTS = st.lists(st.integers(0, 5000), min_size=2, max_size=20)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=40))
@settings(deadline=None)
def test_rounding_keeps_the_total(values):
    values = np.array(values)
    whole = controlled_rounding(values)
    assert whole.sum() == int(np.rint(values.sum()))
    assert whole.min() >= 0
    if values.sum() > 0:
        share = values * (whole.sum() / values.sum())
        assert np.all(np.abs(whole - share) < 1 + 1e-9)


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=20), st.integers(0, 5000))
@settings(deadline=None)
def test_rounding_reaches_a_total(values, total):
    if sum(values) == 0 and total:
        with pytest.raises(ValueError, match="all empty"):
            controlled_rounding(np.array(values), total)
    else:
        assert controlled_rounding(np.array(values), total).sum() == total


def test_rounding_of_whole_numbers_changes_nothing():
    assert controlled_rounding(np.array([3.0, 0.0, 7.0])).tolist() == [3, 0, 7]


def test_rounding_refuses_negative_counts():
    with pytest.raises(ValueError, match="negative count in cell 1"):
        controlled_rounding(np.array([1.0, -2.0]))


@given(COUNTS)
@settings(deadline=None)
def test_graduation_keeps_every_group(counts):
    starts = np.arange(len(counts)) * 5
    single = graduate(starts, np.array(counts), np.ones(101))
    assert single.shape == (101,)
    assert single.min() >= 0
    for start, count in zip(starts[:-1], counts[:-1], strict=True):
        assert single[start : start + 5].sum() == count
    assert single[starts[-1] :].sum() == counts[-1]


def test_single_years_are_kept_as_they_are():
    counts = np.arange(101) * 3
    assert graduate(np.arange(101), counts, np.ones(101)).tolist() == counts.tolist()


def test_open_group_follows_its_shape():
    shape = np.where(np.arange(101) < 90, 1.0, 0.0)
    single = graduate(np.array([0, 80]), np.array([800, 100]), shape)
    assert single[80:].tolist() == [10] * 10 + [0] * 11


def test_equal_groups_give_equal_years():
    single = graduate(np.arange(0, 90, 5), np.full(18, 50), np.ones(101))
    assert single[:85].tolist() == [10] * 85


@pytest.mark.parametrize("starts", [[5, 10], [0, 10, 10], [0, 10, 5]])
def test_groups_must_start_at_zero_and_rise(starts):
    with pytest.raises(ValueError, match="start at 0 and rise"):
        graduate(np.array(starts), np.ones(len(starts)), np.ones(101))


def test_spread_rates():
    rates = spread_rates(np.array([0, 15, 65]), np.array([0.0, 0.7, 0.1]))
    assert rates[[0, 14, 15, 64, 65, 100]].tolist() == [0, 0, 0.7, 0.7, 0.1, 0.1]


def test_log_rates_go_through_the_middles():
    starts, rates = np.array([0, 1, 5, 15]), np.array([0.01, 0.001, 0.002, 0.004])
    single = interpolate_log_rates(starts, rates)
    assert single[0] == pytest.approx(0.01)
    # the middle of 5-14 is 10.0, that of 15-15 is 15.5: exponential between them and beyond
    assert single[10] == pytest.approx(0.002 * 2 ** (0.5 / 5.5))
    assert single[100] == pytest.approx(0.004 * 2 ** (85 / 5.5))
