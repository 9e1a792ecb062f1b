"""Counter-based chance: the cipher's known answers, uniformity, independence."""

import numpy as np
import pytest
from scipy import stats

from model import streams
from tests.twins import gumbels, hashed_uniforms

ONES = 0xFFFFFFFF
KNOWN = [  # Random123 kat_vectors, philox4x32 10
    ((0, 0, 0, 0), (0, 0), "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ((ONES,) * 4, (ONES, ONES), "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter, key, answer):
    words = streams.philox(tuple(np.array([word], dtype=np.uint64) for word in counter), key)
    assert " ".join(f"{int(word[0]):08x}" for word in words) == answer


def test_uniforms_are_uniform():
    u = streams.uniforms(1, "deaths", np.arange(200_000), 2021)
    assert u.min() > 0
    assert u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 0.001


def test_normals_and_gumbels():
    who = np.arange(100_000)
    assert stats.kstest(streams.normals(1, "x", who, 2021), "norm").pvalue > 0.001
    assert stats.kstest(gumbels(1, "x", who, 2021), "gumbel_r").pvalue > 0.001


@pytest.mark.parametrize("other", ["key", "year", "name", "seed", "which"])
def test_neighbours_are_uncorrelated(other):
    who = np.arange(100_000)
    one = streams.uniforms(1, "deaths", who, 2021)
    two = {
        "key": lambda: streams.uniforms(1, "deaths", who + 1, 2021),
        "year": lambda: streams.uniforms(1, "deaths", who, 2022),
        "name": lambda: streams.uniforms(1, "births", who, 2021),
        "seed": lambda: streams.uniforms(2, "deaths", who, 2021),
        "which": lambda: streams.uniforms(1, "deaths", who, 2021, 1),
    }[other]()
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(len(who))


def test_luck_does_not_depend_on_rows():
    who = np.array([5, 2**40, 17, 2**63 + 1], dtype=np.uint64)
    order = np.array([2, 0, 3, 1])
    luck = streams.uniforms(3, "moves", who, 2030)
    assert streams.uniforms(3, "moves", who[order], 2030).tolist() == luck[order].tolist()
    assert streams.uniforms(3, "moves", who[1:2], 2030)[0] == luck[1]


KEYS = streams.hashed_keys(1, "keys/origin", np.arange(200_000), 0)


def hashed(key=KEYS, year=2021, name="deaths", seed=1):
    return hashed_uniforms(seed, name, key, year)


def test_hashes_are_uniform_in_their_high_and_in_their_low_bits():
    u = hashed()
    assert 0 < u.min() < u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 0.001
    assert stats.kstest((u * 2.0**32) % 1, "uniform").pvalue > 0.001
    counts = np.bincount((u * 4096).astype(int), minlength=4096)
    assert stats.chisquare(counts).pvalue > 0.001


PAIRS = {
    "key": lambda: hashed(np.roll(KEYS, 1)),
    "key + 1": lambda: hashed(KEYS + np.uint64(1)),
    "year": lambda: hashed(year=2022),
    "ten years": lambda: hashed(year=2031),
    "process": lambda: hashed(name="leaving"),
    "twin process": lambda: hashed(name="early births"),
    "seed": lambda: hashed(seed=2),
    "child": lambda: hashed(streams.hashed_keys(1, "keys/early births", KEYS, 2021)),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_hashes_of_a_pair_know_nothing_of_each_other(pair):
    """Correlation, and all cells of a 32 x 32 table, of their high bits and of lower ones."""
    one, two = hashed(), PAIRS[pair]()
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(len(one))
    for scale in (1, 2**20):
        cells = [((u * scale) % 1 * 32).astype(int) for u in (one, two)]
        counts = np.bincount(cells[0] * 32 + cells[1], minlength=1024)
        assert stats.chisquare(counts).pvalue > 1e-4


def test_hashes_of_thirty_years_add_up_like_independent_ones():
    """A shared tendency of an agent over years, or over processes, would spread the sums."""
    for names in ([f"process {n}" for n in range(30)], ["deaths"] * 30):
        sums = sum(hashed(name=name, year=2021 + n) for n, name in enumerate(names))
        z = (sums.var() / (30 / 12) - 1) * np.sqrt(len(sums) / 2)
        assert abs(z) < 4
        assert abs(sums.mean() - 15) < 4 * np.sqrt(30 / 12 / len(sums))


def test_every_bit_of_a_key_moves_every_bit_of_its_hash_half_the_time():
    keys = KEYS[:20_000]
    plain = streams.mixed(keys ^ streams.salt(1, "deaths", 2021))
    place = np.arange(64, dtype=np.uint64)
    worst = 0.0
    for bit in place:
        turned = streams.mixed((keys ^ np.uint64(1 << int(bit))) ^ streams.salt(1, "deaths", 2021))
        flips = (((plain ^ turned)[:, None] >> place) & np.uint64(1)).mean(axis=0)
        worst = max(worst, np.abs(flips - 0.5).max())
    assert worst < 0.5 * 5 / np.sqrt(len(keys))  # the most of 4096 is at 4 to 5 standard errors


def test_hashed_keys_are_distinct_within_and_between_streams():
    later = streams.hashed_keys(1, "keys/origin", np.arange(200_000), 2021)
    assert len(np.unique(np.concatenate([KEYS, later]))) == 400_000


def test_high_words_matter():
    low = streams.uniforms(1, "x", np.array([7], dtype=np.uint64), 2021)
    high = streams.uniforms(1, "x", np.array([7 + 2**32], dtype=np.uint64), 2021)
    assert low != high


def test_child_keys_are_distinct():
    keys = streams.child_keys(1, "births", np.arange(200_000), 2021)
    assert len(np.unique(keys)) == len(keys)
    assert not np.intersect1d(keys, streams.child_keys(1, "births", np.arange(200_000), 2022)).size


@pytest.mark.parametrize("count", [1, 7, 200])
def test_stratified_fills_every_stratum_once(count):
    u = streams.stratified(5, "beta", count)
    assert sorted((u * count).astype(int).tolist()) == list(range(count))


def test_strata_are_paired_at_random():
    one, two = streams.stratified(5, "a", 5000), streams.stratified(5, "b", 5000)
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(5000)
