"""Dice of a year: the hash of a person's key, cut into bytes, one for each event.

A hash is a word of eight bytes; the dice of an event stand in a row for all people. So 64 words
are turned into eight rows of 64 bytes, by swapping halves of blocks three times (Eklundh 1972,
IEEE Transactions on Computers C-21) in registers: nothing is written but the dice.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from model.engines.luck import mixed
from model.kernels.compiled import njit

# What may happen to a person in a year; eight at most, for they share a word of 64 bits.
EVENTS = (
    "work", "early births", "deaths", "schooling", "registration", "leaving", "late births",
)  # fmt: skip
LANES, GROUP = 8, 64
_WORD, _INDEX = ir.IntType(64), ir.IntType(32)
_WORDS, _OCTETS = ir.VectorType(_WORD, LANES), ir.VectorType(ir.IntType(8), GROUP)


def _places(given: list[int]) -> Any:
    """Where a shuffle takes its elements from."""
    return ir.Constant(ir.VectorType(_INDEX, len(given)), given)


def _mixed(builder: Any, word: Any) -> Any:
    """SplitMix64's mixing of eight words, as :func:`model.engines.luck.mixed`."""
    word = builder.add(word, ir.Constant(_WORDS, [0x9E3779B97F4A7C15] * LANES))
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        folded = builder.xor(word, builder.lshr(word, ir.Constant(_WORDS, [shift] * LANES)))
        word = builder.mul(folded, ir.Constant(_WORDS, [factor] * LANES))
    return builder.xor(word, builder.lshr(word, ir.Constant(_WORDS, [31] * LANES)))


def _turned(builder: Any, rows: list[Any]) -> list[Any]:
    """Columns of eight rows of eight bytes times eight, eight words each."""
    unknown = ir.Constant(_OCTETS, ir.Undefined)
    by_byte = _places([LANES * word + byte for byte in range(LANES) for word in range(LANES)])
    for at, row in enumerate(rows):
        octets = builder.shuffle_vector(builder.bitcast(row, _OCTETS), unknown, by_byte)
        rows[at] = builder.bitcast(octets, _WORDS)
    for half in (4, 2, 1):
        upper = _places([at + (LANES - half) * bool(at & half) for at in range(LANES)])
        lower = _places([at + (LANES if at & half else half) for at in range(LANES)])
        for at in (at for at in range(LANES) if not at & half):
            two = rows[at], rows[at | half]
            rows[at] = builder.shuffle_vector(*two, upper)
            rows[at | half] = builder.shuffle_vector(*two, lower)
    return rows


def _throw_group(context: Any, key: Any, at: Any, salt: Any, dice: Any, to: Any) -> Any:
    """Dice of the 64 keys from ``at`` on, into the columns from ``to`` on: how a compiler does it.

    ``dice`` (event, row); that there are as many is not checked.
    """
    for array, dtype in ((key, types.uint64), (dice, types.uint8)):
        if not (isinstance(array, types.Array) and array.layout == "C" and array.dtype == dtype):
            raise TypeError(f"a C-contiguous array of {dtype} is needed, not {array}")

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        keys, begin, salt, dice, to = given
        arrays = (context.make_array(signature.args[n])(context, builder, given[n]) for n in (0, 3))
        keys, dice = arrays
        one = builder.insert_element(ir.Constant(_WORDS, ir.Undefined), salt, _INDEX(0))
        salts = builder.shuffle_vector(one, one, _places([0] * LANES))
        rows = []
        for first in range(0, GROUP, LANES):
            address = builder.gep(keys.data, [builder.add(begin, _WORD(first))])
            word = builder.load(builder.bitcast(address, _WORDS.as_pointer()))
            word.align = 8
            rows.append(_mixed(builder, builder.xor(word, salts)))
        people = builder.extract_value(dice.shape, 1)
        for event, row in enumerate(_turned(builder, rows)[: len(EVENTS)]):
            where = builder.add(to, builder.mul(people, _WORD(event)))
            address = builder.gep(dice.data, [where])
            builder.store(row, builder.bitcast(address, _WORDS.as_pointer())).align = 1
        return context.get_dummy_value()

    return types.void(key, types.int64, types.uint64, dice, types.int64), generate


throw_group: Any = intrinsic(_throw_group)


@njit(cache=True)
def throw(key, salt, dice, begin):  # type: ignore[no-untyped-def]
    """Dice (event, row) of a year for the rows from ``begin`` on."""
    groups = len(key) // GROUP * GROUP
    for low in range(0, groups, GROUP):
        throw_group(key, low, salt, dice, begin + low)
    for i in range(groups, len(key)):
        word = mixed(key[i] ^ salt)
        for event in range(len(dice)):
            dice[event, begin + i] = np.uint8(word >> np.uint64(8 * event))


@njit(cache=True)
def throw_late(key, salt, event, rows, die):  # type: ignore[no-untyped-def]
    """Dice of an event for those who joined in the course of the year."""
    for i in range(len(rows)):
        die[rows[i]] = np.uint8(mixed(key[i] ^ salt) >> np.uint64(8 * event))
