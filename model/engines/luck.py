r"""Chance inside compiled kernels: the numbers of :mod:`model.streams`, one at a time.

A kernel asks for the luck of one agent in one year where it needs it and keeps no array of
numbers. The cipher (Philox4x32-10; Salmon, Moraes, Dror, Shaw 2011, SC '11) and the words it is
fed are those of :mod:`model.streams`, so a kernel and its numpy twin draw the same bits.

All words are ``uint64`` that hold 32 bits; a key is the pair ``streams.stream_key(seed, name)``
made with :func:`key_words`, computed once a verb and handed to the kernel.
"""

import numpy as np

from model.kernels.compiled import njit
from model.streams import stream_key

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint32(0x9E3779B9), np.uint32(0xBB67AE85)
_SHIFT, _TAIL = np.uint64(32), np.uint64(11)
_UNIT, _SMALL = 2.0**-53, 2.0**-32


def key_words(seed: int, name: str) -> tuple[np.uint64, np.uint64]:
    """Key of a named stream, as the kernels take it.

    Examples
    --------
    >>> [int(word) for word in key_words(1, "deaths")] == list(stream_key(1, "deaths"))
    True
    """
    first, second = stream_key(seed, name)
    return np.uint64(first), np.uint64(second)


@njit(cache=True, inline="always")
def mixed(word):  # type: ignore[no-untyped-def]
    """SplitMix64's mixing of one ``uint64``, as :func:`model.streams.mixed`.

    Examples
    --------
    >>> from model import streams
    >>> with np.errstate(over="ignore"):
    ...     int(mixed(np.uint64(5))) == int(streams.mixed(np.array([5], dtype=np.uint64))[0])
    True
    """
    z = word + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, inline="always")
def hashed_uniform(word):  # type: ignore[no-untyped-def]
    """Number in (0, 1) from the 53 high bits of a mixed word.

    Examples
    --------
    >>> float(hashed_uniform(np.uint64(2**62)))
    0.25000000000000006
    """
    return (np.float64(word >> _TAIL) + 0.5) * _UNIT


@njit(cache=True, inline="always")
def philox_words(c0, c1, c2, c3, k0, k1):  # type: ignore[no-untyped-def]
    """Four words of 32 bits for one counter under one key; all ``uint64``.

    Examples
    --------
    >>> zero = np.uint64(0)
    >>> [hex(word) for word in philox_words(zero, zero, zero, zero, zero, zero)]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    a0, a1, a2, a3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    b0, b1 = np.uint32(k0), np.uint32(k1)
    # Words of 32 bits let the compiler run many ciphers at once: five times faster than uint64.
    for _ in range(10):
        p0, p1 = _M0 * np.uint64(a0), _M1 * np.uint64(a2)
        a0, a1 = np.uint32(p1 >> _SHIFT) ^ a1 ^ b0, np.uint32(p1)
        a2, a3 = np.uint32(p0 >> _SHIFT) ^ a3 ^ b1, np.uint32(p0)
        b0, b1 = np.uint32(b0 + _W0), np.uint32(b1 + _W1)
    return np.uint64(a0), np.uint64(a1), np.uint64(a2), np.uint64(a3)


@njit(cache=True, inline="always")
def agent_words(k0, k1, who, year, which):  # type: ignore[no-untyped-def]
    """Four words for an agent's 64-bit key in a year, under alternative ``which``.

    The same words as ``streams.words(seed, name, who, year, which)`` where ``k0, k1`` are the
    key words of seed and name.
    """
    return philox_words(who, who >> _SHIFT, year, which, k0, k1)


@njit(cache=True, inline="always")
def to_unit(high, low):  # type: ignore[no-untyped-def]
    """Number in (0, 1) with 53 bits from two words, as :func:`streams.uniforms` makes it.

    Examples
    --------
    >>> float(to_unit(np.uint64(2**30), np.uint64(0)))
    0.25000000000000006
    """
    bits = ((high << _SHIFT) | low) >> _TAIL
    return (np.float64(bits) + 0.5) * _UNIT


@njit(cache=True, inline="always")
def uniform(k0, k1, who, year, which):  # type: ignore[no-untyped-def]
    """Number in (0, 1) of an agent in a year: bit for bit that of :func:`streams.uniforms`.

    Examples
    --------
    >>> from model.streams import uniforms
    >>> k0, k1 = key_words(7, "deaths")
    >>> kernel = uniform(k0, k1, np.uint64(3), 2021, 0)
    >>> bool(kernel == uniforms(7, "deaths", np.array([3]), 2021)[0])
    True
    """
    first, second, _, _ = agent_words(k0, k1, who, year, which)
    return to_unit(first, second)


@njit(cache=True, inline="always")
def child_key(k0, k1, who, year):  # type: ignore[no-untyped-def]
    """64-bit key of what ``who`` brings forth in a year, as :func:`streams.child_keys`.

    Examples
    --------
    >>> from model.streams import child_keys
    >>> k0, k1 = key_words(7, "keys/births")
    >>> child_key(k0, k1, np.uint64(3), 2021) == int(
    ...     child_keys(7, "keys/births", np.array([3]), 2021)[0])
    True
    """
    high, low, _, _ = agent_words(k0, k1, who, year, 0)
    return (high << _SHIFT) | low


@njit(cache=True)
def fill_uniforms(k0, k1, who, year, which, out):  # type: ignore[no-untyped-def]
    """Numbers of many agents at once, ``out`` (n,): about 5 ns each, a fifth of one alone.

    A kernel with branches fills a block of a few hundred first and reads from it.

    Examples
    --------
    >>> from model.streams import uniforms
    >>> who, out = np.arange(3, dtype=np.uint64), np.empty(3)
    >>> fill_uniforms(*key_words(7, "deaths"), who, 2021, 0, out)
    >>> bool((out == uniforms(7, "deaths", who, 2021)).all())
    True
    """
    for row in range(len(out)):
        out[row] = uniform(k0, k1, who[row], year, which)
