"""Who may be struck at all: a bar by age alone, held against 64 dice at once.

Most events are rare, and most of the chance of one is in the age. So the highest bar of an age, of
any zone and trait, is drawn as a few steps (:func:`steps_of`); whoever throws above the step of
their age is not struck, whatever they are otherwise, and nothing else of theirs is looked at.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from model.kernels.compiled import njit

STEPS, GROUP, ABREAST = 8, 64, 4


def _marks(context: Any, octets: Any, at: Any) -> Any:
    """Which of 64 octets are not zero, as the bits of a word: how a compiler does it."""
    if not (isinstance(octets, types.Array) and octets.dtype == types.uint8):
        raise TypeError(f"an array of uint8 is needed, not {octets}")

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        group = ir.VectorType(ir.IntType(8), GROUP)
        data = context.make_array(signature.args[0])(context, builder, given[0]).data
        found = builder.load(builder.bitcast(builder.gep(data, [given[1]]), group.as_pointer()))
        found.align = 1
        zero = ir.Constant(group, [0] * GROUP)
        return builder.bitcast(builder.icmp_unsigned("!=", found, zero), ir.IntType(GROUP))

    return types.uint64(octets, types.int64), generate


def _lowest(context: Any, word: Any) -> Any:
    """Number of the lowest bit that is set, 64 where none is: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


def _many(context: Any, word: Any) -> Any:
    """How many bits are set: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.ctpop(given[0])

    return types.int64(types.uint64), generate


marks: Any = intrinsic(_marks)
lowest: Any = intrinsic(_lowest)
many: Any = intrinsic(_many)


@njit(cache=True)
def steps_of(bars):  # type: ignore[no-untyped-def]
    """Steps over the highest bar of each age: from which age on (step,), and how high (step,).

    As many as there are at most; the area that they add to the bars under each step is as small
    as makes so few of them enough, in powers of two.

    Examples
    --------
    >>> bars = np.zeros((1, 1, 128), dtype=np.uint8)
    >>> bars[0, 0, 15:50] = 9
    >>> begin, top = steps_of(bars)
    >>> begin.tolist(), top.tolist()
    ([0, 15, 50, 255, 255, 255, 255, 255], [0, 9, 0, 0, 0, 0, 0, 0])
    """
    high = np.zeros(bars.shape[2], dtype=np.uint8)
    for zone in range(bars.shape[0]):
        for trait in range(bars.shape[1]):
            own = bars[zone, trait]
            for age in range(len(high)):
                high[age] = max(high[age], own[age])
    steps, spare = np.empty((2, STEPS), dtype=np.uint8), 0
    while climb(high, spare, steps[0], steps[1]) > STEPS:
        spare = 2 * spare + 1
    return steps


@njit(cache=True)
def climb(high, spare, begin, top):  # type: ignore[no-untyped-def]
    """How many steps it takes when none adds more than ``spare``; the first are written down."""
    begin[:], n, first, step, area = 255, 0, 0, np.int64(0), np.int64(0)
    for age in range(len(high)):
        own = np.int64(high[age])
        raised, area = max(step, own), area + own
        if raised * (age + 1 - first) - area > spare:
            top[n] = step
            n, first, raised, area = n + 1, age, own, own
            if n == STEPS:
                return n + 1
            begin[n] = age
        step = raised
    begin[0], top[n:] = 0, step
    return n + 1


@njit(cache=True)
def within(age, die, steps, may):  # type: ignore[no-untyped-def]
    """Whether each throws no more than the step of their age."""
    _, s1, s2, s3, s4, s5, s6, s7 = steps[0]
    h0, h1, h2, h3, h4, h5, h6, h7 = steps[1]
    # Steps by name: the compiler holds them in registers, and many people against them at once.
    for i in range(len(age)):
        own, bar = age[i], h0
        bar = h1 if own >= s1 else bar
        bar = h2 if own >= s2 else bar
        bar = h3 if own >= s3 else bar
        bar = h4 if own >= s4 else bar
        bar = h5 if own >= s5 else bar
        bar = h6 if own >= s6 else bar
        bar = h7 if own >= s7 else bar
        may[i] = die[i] <= bar


@njit(cache=True)
def stand(size, may, found):  # type: ignore[no-untyped-def]
    """How many of the first ``size`` may; ``found`` has where they stand, in order.

    ``may`` has room for whole groups, and ``found`` for :data:`ABREAST` more.
    """
    n = 0
    may[size:] = 0
    for group in range(0, size, GROUP):
        word = marks(may, group)
        some = many(word)
        # Some at once, wanted or not: what is written past the last is written over.
        for first in range(n, n + some, ABREAST):
            for one in range(first, first + ABREAST):
                found[one] = np.uint64(group) + lowest(word)
                word &= word - np.uint64(1)
        n += some
    return n
