"""Exponential and logarithm of the compiled loops against those of the library."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from model.kernels.elementary import LARGEST, SMALLEST, exponential, logarithm

NUMBERS = st.lists(st.floats(-690, 690), min_size=1, max_size=20)


@njit
def exponentials(values):
    found = np.empty(len(values))
    for index in range(len(values)):
        found[index] = exponential(values[index])
    return found


@njit
def logarithms(values):
    found = np.empty(len(values))
    for index in range(len(values)):
        found[index] = logarithm(values[index])
    return found


@settings(deadline=None)
@given(NUMBERS)
def test_exponential(numbers):
    numbers = np.array(numbers)
    np.testing.assert_allclose(exponentials(numbers), np.exp(numbers), rtol=1e-15)


@settings(deadline=None)
@given(NUMBERS)
def test_logarithm(numbers):
    values = np.exp(np.array(numbers))
    np.testing.assert_allclose(logarithms(values), np.log(values), rtol=1e-15, atol=1e-16)


def test_beyond_the_ends():
    found = exponentials(np.array([-np.inf, SMALLEST - 1, LARGEST + 50, np.nan]))
    assert found[:2].tolist() == [0.0, 0.0]
    assert found[2] == exponentials(np.array([LARGEST]))[0]
    assert np.isnan(found[3])
