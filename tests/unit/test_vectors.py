"""Eight numbers at once against plain numpy."""

import numpy as np
import pytest
from numba import njit

from model.kernels.vectors import (
    LANES,
    across,
    fetch,
    fused,
    load,
    minus,
    plus,
    smaller,
    spread,
    store,
    times,
    wide,
)

RNG = np.random.default_rng(3)


@njit
def worked(a, b, at, number, found):
    """Every word once, from an index that no vector is aligned to."""
    fetch(a, at)
    x, y = load(a, at), load(b, at)
    store(found, 0, plus(x, y))
    store(found, LANES, minus(x, y))
    store(found, 2 * LANES, times(x, y))
    store(found, 3 * LANES, fused(x, y, spread(number)))
    store(found, 4 * LANES, smaller(x, y))
    return across(x)


def test_words_are_those_of_arithmetic():
    a, b, found = RNG.normal(size=(3, 11)), RNG.normal(size=(3, 11)), np.empty((5, LANES))
    total = worked(a, b, 13, 0.1, found)
    x, y = a.ravel()[13 : 13 + LANES], b.ravel()[13 : 13 + LANES]
    np.testing.assert_array_equal(found[:3], [x + y, x - y, x * y])
    np.testing.assert_allclose(found[3], x * y + 0.1, rtol=1e-15, atol=1e-16)
    np.testing.assert_array_equal(found[4], np.minimum(x, y))
    assert total == pytest.approx(x.sum(), rel=1e-14)


def test_only_contiguous_numbers_are_taken():
    with pytest.raises(Exception, match="C-contiguous array of float64"):
        worked(np.ones((3, 22))[:, ::2], np.ones((3, 11)), 0, 0.1, np.empty((4, LANES)))


@njit
def tripled(numbers, found):
    """Three of each."""
    wide()
    for at in range(len(numbers)):
        found[at] = np.uint32(3) * numbers[at]


def test_wide_vectors_give_what_others_give():
    numbers = RNG.integers(0, 2**30, 1003).astype(np.uint32)
    found = np.empty_like(numbers)
    tripled(numbers, found)
    np.testing.assert_array_equal(found, 3 * numbers)
    assert '"prefer-vector-width"="512"' in next(iter(tripled.inspect_llvm().values()))
