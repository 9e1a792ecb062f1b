"""Eight numbers at once, for compiled loops that must not wait.

A compiler makes vectors of simple loops by itself, but of half the width that the processor has,
and not where a loop writes to several arrays that might overlap. These words say it outright:
``load(array, at)`` takes the eight numbers from the flat index ``at`` on, ``store(array, at,
vector)`` puts them there, ``spread`` is one number eight times, ``fused(a, b, c)`` is a * b + c
rounded once, ``smaller(a, b)`` the smaller of either, ``across`` the sum of the eight;
``fetch(array, at)`` asks memory for the line that holds an index, which comes while something else
is worked out. Arrays are C-contiguous; nothing is checked. Where a processor has narrower registers
the compiler takes several. ``wide()`` in a function lets the compiler use the whole width for the
vectors that it makes by itself.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

LANES = 8

_NUMBER, _WHOLE, _INDEX = ir.DoubleType(), ir.IntType(64), ir.IntType(32)
_EIGHT = ir.VectorType(_NUMBER, LANES)
_UNKNOWN = ir.Constant(_EIGHT, ir.Undefined)


class Vector(types.Type):
    """Type of eight numbers."""

    def __init__(self) -> None:
        super().__init__(name="Vector")


VECTOR = Vector()


@register_model(Vector)
class _Model(models.PrimitiveModel):
    """How a vector is kept: in a register."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _EIGHT)


def _pointer(context: Any, builder: Any, kind: Any, array: Any, at: Any) -> Any:
    """Where the vector at a flat index of an array stands."""
    data = context.make_array(kind)(context, builder, array).data
    begin = builder.add(builder.ptrtoint(data, _WHOLE), builder.mul(at, _WHOLE(8)))
    return builder.inttoptr(begin, _EIGHT.as_pointer())


def _check(array: Any) -> None:
    """What is not a C-contiguous array of numbers is refused by the compiler."""
    if not (
        isinstance(array, types.Array) and array.layout == "C" and array.dtype == types.float64
    ):
        raise TypeError(f"a C-contiguous array of float64 is needed, not {array}")


def _load(context: Any, array: Any, at: Any) -> Any:
    """Eight numbers of an array: how a compiler does it."""
    _check(array)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        found = builder.load(_pointer(context, builder, signature.args[0], *given))
        found.align = 8
        return found

    return VECTOR(array, types.int64), generate


def _store(context: Any, array: Any, at: Any, vector: Any) -> Any:
    """Eight numbers into an array: how a compiler does it."""
    _check(array)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], *given[:2])
        builder.store(given[2], pointer).align = 8
        return context.get_dummy_value()

    return types.void(array, types.int64, VECTOR), generate


def _fetch(context: Any, array: Any, at: Any) -> Any:
    """What will soon be needed is asked for: how a compiler does it."""
    _check(array)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        call = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        pointer = builder.bitcast(_pointer(context, builder, signature.args[0], *given), byte)
        builder.call(call, [pointer, flag(0), flag(2), flag(1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), generate


def _spread(context: Any, number: Any) -> Any:
    """One number eight times: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        one = builder.insert_element(_UNKNOWN, given[0], _INDEX(0))
        same = ir.Constant(ir.VectorType(_INDEX, LANES), [0] * LANES)
        return builder.shuffle_vector(one, _UNKNOWN, same)

    return VECTOR(types.float64), generate


def _across(context: Any, vector: Any) -> Any:
    """Sum of eight numbers, halves upon halves: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        parts = [builder.extract_element(given[0], _INDEX(lane)) for lane in range(LANES)]
        while len(parts) > 1:
            half = len(parts) // 2
            parts = [builder.fadd(*pair) for pair in zip(parts[:half], parts[half:], strict=True)]
        return parts[0]

    return types.float64(VECTOR), generate


def _fused(context: Any, a: Any, b: Any, c: Any) -> Any:
    """Product and sum, rounded once: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = ir.FunctionType(_EIGHT, [_EIGHT] * 3)
        name = f"llvm.fma.v{LANES}f64"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), given)

    return VECTOR(VECTOR, VECTOR, VECTOR), generate


def _smaller(context: Any, a: Any, b: Any) -> Any:
    """The smaller of two, number by number: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *given), *given)

    return VECTOR(VECTOR, VECTOR), generate


def _between(operation: str) -> Any:
    """How a compiler adds, takes off or multiplies vectors."""

    def typed(context: Any, a: Any, b: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            return getattr(builder, operation)(*given)

        return VECTOR(VECTOR, VECTOR), generate

    return intrinsic(typed)


def _wide(context: Any) -> Any:
    """A function's vectors may be as wide as registers are: how a compiler is told."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        # Not among the attributes that llvmlite knows by name; elsewhere it has no effect.
        set.add(builder.function.attributes, f'"prefer-vector-width"="{64 * LANES}"')
        return context.get_dummy_value()

    return types.void(), generate


load: Any = intrinsic(_load)
store: Any = intrinsic(_store)
fetch: Any = intrinsic(_fetch)
spread: Any = intrinsic(_spread)
across: Any = intrinsic(_across)
fused: Any = intrinsic(_fused)
smaller: Any = intrinsic(_smaller)
wide: Any = intrinsic(_wide)
plus: Any = _between("fadd")
minus: Any = _between("fsub")
times: Any = _between("fmul")
