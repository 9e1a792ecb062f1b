"""Chance inside compiled kernels is the chance of streams, bit for bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from model import streams
from model.engines.luck import (
    agent_words,
    child_key,
    fill_uniforms,
    hashed_uniform,
    key_words,
    mixed,
    philox_words,
    to_unit,
    uniform,
)
from tests.twins import hashed_uniforms

WORD = st.integers(0, 2**32 - 1)
AGENT = st.integers(0, 2**64 - 1)
# Known answers published with the authors' code (Random123, kat_vectors).
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    (
        (0xFFFFFFFF,) * 4,
        (0xFFFFFFFF,) * 2,
        (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD),
    ),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@njit
def many(k0, k1, who, year, which):
    out = np.empty(len(who))
    for row in range(len(who)):
        out[row] = uniform(k0, k1, who[row], year, which)
    return out


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter, key, answer):
    words = [np.uint64(word) for word in (*counter, *key)]
    assert philox_words(*words) == answer


@given(st.tuples(WORD, WORD, WORD, WORD), WORD, WORD)
@settings(deadline=None, max_examples=200)
def test_words_equal_the_numpy_twin(counter, k0, k1):
    arrays = tuple(np.array([word], dtype=np.uint64) for word in counter)
    twin = [int(word[0]) for word in streams.philox(arrays, (k0, k1))]
    words = [np.uint64(word) for word in (*counter, k0, k1)]
    assert list(philox_words(*words)) == twin


@given(AGENT, st.integers(0, 2200), st.integers(0, 2**32 - 1), st.integers(0, 99))
@settings(deadline=None, max_examples=200)
def test_numbers_equal_the_numpy_twin(who, year, which, seed):
    k0, k1 = key_words(seed, "exits")
    agents = np.array([who], dtype=np.uint64)
    alone = uniform(k0, k1, agents[0], year, which)
    assert alone == streams.uniforms(seed, "exits", agents, year, which)[0]
    words = [int(word[0]) for word in streams.words(seed, "exits", agents, year, which)]
    assert list(agent_words(k0, k1, agents[0], year, which)) == words
    assert child_key(k0, k1, agents[0], year) == int(
        streams.child_keys(seed, "exits", agents, year)[0]
    )


def test_inside_a_kernel_the_bits_are_the_same():
    k0, k1 = key_words(3, "moves")
    who = streams.child_keys(1, "keys", np.arange(10_000), 0)
    twin = streams.uniforms(3, "moves", who, 2035, 7)
    assert np.array_equal(many(k0, k1, who, 2035, 7), twin)
    filled = np.empty(len(who))
    fill_uniforms(k0, k1, who, 2035, 7, filled)
    assert np.array_equal(filled, twin)


@given(AGENT, st.integers(0, 2200), st.integers(0, 99))
@settings(deadline=None, max_examples=200)
def test_hashes_equal_the_numpy_twin(who, year, seed):
    agents = np.array([who], dtype=np.uint64)
    salt = streams.salt(seed, "deaths", year)
    word = np.uint64(mixed(agents[0] ^ salt))
    assert word == streams.mixed(agents ^ salt)[0]
    assert hashed_uniform(word) == hashed_uniforms(seed, "deaths", agents, year)[0]


def test_unit_numbers_never_reach_the_ends():
    top = np.uint64(0xFFFFFFFF)
    assert 0 < to_unit(np.uint64(0), np.uint64(0)) < to_unit(top, top) <= 1
