r"""Chance as a function of its key: counter-based random numbers.

A number is the Philox4x32-10 cipher (Salmon, Moraes, Dror, Shaw 2011, SC '11) of a counter
under a key. The key holds the seed and the name of the stream; the counter holds who asks
(an agent's 64-bit key, or the numbers of a draw and a zone), the year, and the alternative.
So nobody's luck depends on row order, on threads, or on anybody else being there.

Where millions ask, the number is a hash: the agent's key, itself well mixed, is crossed with a
salt (64 bits of a digest of seed, stream and year) and mixed by the finalizer of SplitMix64
(Steele, Lea, Flood 2014, OOPSLA; constants of Stafford's thirteenth variant). It is one to one, a
third of the price of the cipher, and tested in the same ways.
"""

import hashlib
from functools import lru_cache

import numpy as np

from model.axes import Array

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)


def philox(counter: tuple[Array, Array, Array, Array], key: tuple[int, int]) -> list[Array]:
    """Four 32-bit words (held in uint64) for each counter.

    Parameters
    ----------
    counter : four arrays (n,) [1]
        Words of 32 bits, held as uint64; they broadcast against one another.
    key : two int [1]
        Words of 32 bits.

    Returns
    -------
    list of four (n,) [1]
        Uniform words. Ten rounds, as in Salmon et al. (2011), section 3.3; the words agree
        with the known answers the authors publish with their code (tests/unit).

    Examples
    --------
    >>> zero = np.zeros(1, dtype=np.uint64)
    >>> [hex(int(word[0])) for word in philox((zero, zero, zero, zero), (0, 0))]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ np.uint64(k0),
            p1 & _MASK,
            (p0 >> _SHIFT) ^ c3 ^ np.uint64(k1),
            p0 & _MASK,
        )
        k0, k1 = (k0 + _W0) & 0xFFFFFFFF, (k1 + _W1) & 0xFFFFFFFF
    return [c0, c1, c2, c3]


@lru_cache(maxsize=512)
def stream_key(seed: int, name: str) -> tuple[int, int]:
    """Key of a named stream: two words from a digest of the seed and the name.

    Examples
    --------
    >>> stream_key(1, "deaths") == stream_key(1, "deaths")
    True
    >>> stream_key(1, "deaths") == stream_key(2, "deaths")
    False
    """
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def words(seed: int, name: str, who: Array, year: int, which: Array | int = 0) -> list[Array]:
    """Four words for each of ``who`` (uint64) in a year, under alternative ``which``."""
    who = np.asarray(who, dtype=np.uint64)
    year_word = np.asarray(year & 0xFFFFFFFF, dtype=np.uint64)
    which_word = np.asarray(which, dtype=np.uint64)
    return philox((who & _MASK, who >> _SHIFT, year_word, which_word), stream_key(seed, name))


def uniforms(seed: int, name: str, who: Array, year: int, which: Array | int = 0) -> Array:
    """Uniform numbers in (0, 1), 53 bits, one for each of ``who`` (and ``which``).

    Examples
    --------
    >>> a = uniforms(7, "deaths", np.array([3, 4]), 2021)
    >>> b = uniforms(7, "deaths", np.array([4, 9, 3]), 2021)
    >>> bool(a[0] == b[2] and a[1] == b[0])
    True
    """
    high, low, _, _ = words(seed, name, who, year, which)
    bits = ((high << _SHIFT) | low) >> np.uint64(11)
    return (bits.astype(np.float64) + 0.5) * 2.0**-53


def normals(seed: int, name: str, who: Array, year: int, which: Array | int = 0) -> Array:
    """Standard normal numbers by inversion; arguments as :func:`uniforms`."""
    from scipy.special import ndtri

    return ndtri(uniforms(seed, name, who, year, which))


def child_keys(seed: int, name: str, who: Array, year: int) -> Array:
    """64-bit keys of those whom ``who`` brings forth in a year (births, arrivals)."""
    high, low, _, _ = words(seed, name, who, year)
    return (high << _SHIFT) | low


def mixed(words: Array) -> Array:
    """SplitMix64's mixing of words of 64 bits, one to one.

    Parameters
    ----------
    words : (n,) [1]
        ``uint64``.

    Returns
    -------
    (n,) [1]
        The mixing of 1234567 is the first number of the published generator from that seed.

    Examples
    --------
    >>> int(mixed(np.array([1234567], dtype=np.uint64))[0])
    6457827717110365317
    """
    z = words + _GAMMA
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@lru_cache(maxsize=4096)
def salt(seed: int, name: str, year: int) -> np.uint64:
    """What sets a stream of hashes in a year apart: 64 bits of a digest.

    Examples
    --------
    >>> salt(1, "deaths", 2021) in (salt(1, "deaths", 2022), salt(2, "deaths", 2021))
    False
    """
    digest = hashlib.blake2b(f"{seed}/{name}/{year}".encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


def hashed_keys(seed: int, name: str, who: Array, year: int) -> Array:
    """64-bit keys by hashing any numbers, twice mixed; within a stream and year no two are equal.

    Examples
    --------
    >>> keys = hashed_keys(7, "keys", np.arange(1000), 2021)
    >>> len(np.unique(keys))
    1000
    """
    return mixed(mixed(np.asarray(who, dtype=np.uint64) ^ salt(seed, name, year)))


@lru_cache(maxsize=4096)
def stratified(seed: int, name: str, count: int) -> Array:
    """Latin hypercube sample of one named dimension: ``count`` probabilities, not to be changed.

    Each name has a permutation of its own, so that adding a parameter or a lever changes
    nobody else's draws (McKay, Beckman, Conover 1979, Technometrics 21).

    Examples
    --------
    >>> u = stratified(1, "beta", 4)
    >>> sorted(int(x * 4) for x in u)
    [0, 1, 2, 3]
    """
    return _stratified(seed, name, count).copy()


@lru_cache(maxsize=512)
def _stratified(seed: int, name: str, count: int) -> Array:
    """The sample, kept: every block of an ensemble asks for the whole of it."""
    from scipy.stats import qmc

    entropy = np.random.SeedSequence(stream_key(seed, f"prior/{name}"))
    sampler = qmc.LatinHypercube(d=1, rng=entropy)  # a generator would be copied, at some cost
    sample = sampler.random(count)[:, 0]
    sample.flags.writeable = False
    return sample
