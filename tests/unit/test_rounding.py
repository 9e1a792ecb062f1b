"""Controlled rounding of a table: margins kept, expectations kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.methods.rounding import controlled_table, settle_fractions


@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(1, 9), st.floats(0.01, 3))
@settings(deadline=None, max_examples=200)
def test_cells_and_margins_are_next_to_theirs(seed, rows, columns, size):
    rng = np.random.default_rng(seed)
    table = rng.gamma(0.4, size, (rows, columns)) * (rng.random((rows, columns)) < 0.7)
    whole = controlled_table(table, rng.random(table.size))
    tight = 1 + 1e-6
    assert np.abs(whole - table).max() < tight
    assert np.abs((whole - table).sum(axis=0)).max() < tight
    assert np.abs((whole - table).sum(axis=1)).max() < tight
    np.testing.assert_array_equal(controlled_table(whole.astype(float), rng.random(9)[:1]), whole)


@pytest.mark.parametrize("share", [0.04, 0.3])
def test_nobody_is_left_out(share):
    """Rare large firms of many small cells are there as often as they should be."""
    rng = np.random.default_rng(5)
    table = np.concatenate([rng.gamma(2, 3, (5, 6)), np.full((5, 6), share)])
    found = np.array([controlled_table(table, rng.random(table.size)) for _ in range(2000)])
    error = np.sqrt((table % 1) * (1 - table % 1) / 2000)
    z = (found.mean(axis=0) - table) / error
    assert np.abs(z).max() < 4.5
    assert 0.7 < z.std() < 1.3


def test_fractions_end_whole():
    part = np.random.default_rng(1).random((20, 30))
    settle_fractions(part, np.random.default_rng(2).random(part.size))
    assert np.all((part < 1e-9) | (part > 1 - 1e-9))
