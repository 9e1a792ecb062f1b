"""A small piece of a matrix product, written for the processor's widest registers.

.. math:: Y_{g,c} = \\sum_{k} w_{k,g} X_{r(k),c}

A library's product multiplies whole matrices. Here the rows :math:`r(k)` that count are listed, so
that what is known to be zero costs nothing, and nothing is copied beforehand. The sums of a tile of
:data:`GOALS` rows and :data:`WIDTH` columns stay in registers; each is added up in the order of
the list, so that it does not depend on what stands beside it. A compiler left alone keeps to
half of the width of such registers.

Source: Goto and van de Geijn (2008, ACM TOMS 34(3)), the innermost kernel.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

GOALS = 4
_LANES, _VECTORS = 8, 3
WIDTH = _LANES * _VECTORS

_NUMBER, _WHOLE = ir.DoubleType(), ir.IntType(64)
_VECTOR = ir.VectorType(_NUMBER, _LANES)
_SAME = ir.Constant(ir.VectorType(ir.IntType(32), _LANES), [0] * _LANES)


def _tile_of_product(
    context: Any, x: Any, rows: Any, first: Any, last: Any, weights: Any, column: Any, y: Any, goal: Any
) -> Any:  # fmt: skip
    """Rows ``goal`` on of ``y`` from ``column`` on: how a compiler does it.

    ``x`` and ``y`` (row, column), ``rows`` (k,) and ``weights`` (k, goal) from ``first`` to
    ``last``; there is room for a whole tile, nothing is checked.
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        x, rows, first, last, weights, column, y, goal = given
        data, strides = [], []
        for kind, value in ((0, x), (1, rows), (4, weights), (6, y)):
            array = context.make_array(signature.args[kind])(context, builder, value)
            data.append(array.data)
            strides.append(cgutils.unpack_tuple(builder, array.strides)[0])
        fused = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(_VECTOR, [_VECTOR] * 3), f"llvm.fma.v{_LANES}f64"
        )

        def place(array: int, row: Any, offset: Any) -> Any:
            """Where a row of an array stands, some numbers on."""
            begin = builder.add(
                builder.ptrtoint(data[array], _WHOLE), builder.mul(row, strides[array])
            )
            begin = builder.add(begin, builder.mul(offset, _WHOLE(8)))
            return begin

        def vectors(begin: Any) -> list[Any]:
            """Pointers to the vectors of a row of a tile."""
            return [
                builder.inttoptr(builder.add(begin, _WHOLE(8 * _LANES * n)), _VECTOR.as_pointer())
                for n in range(_VECTORS)
            ]

        nothing = ir.Constant(_VECTOR, [0.0] * _LANES)
        sums = [
            [cgutils.alloca_once(builder, _VECTOR) for _ in range(_VECTORS)] for _ in range(GOALS)
        ]
        for row in sums:
            for cell in row:
                builder.store(nothing, cell)
        with cgutils.for_range_slice(builder, first, last, _WHOLE(1)) as (k, _):
            pointer = builder.inttoptr(place(1, k, _WHOLE(0)), _WHOLE.as_pointer())
            given_row = [builder.load(p) for p in vectors(place(0, builder.load(pointer), column))]
            for loaded in given_row:
                loaded.align = 8
            for g in range(GOALS):
                pointer = builder.inttoptr(place(2, k, _WHOLE(g)), _NUMBER.as_pointer())
                one = builder.insert_element(
                    ir.Constant(_VECTOR, ir.Undefined), builder.load(pointer), ir.IntType(32)(0)
                )
                weight = builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), _SAME)
                for n in range(_VECTORS):
                    more = builder.call(fused, [given_row[n], weight, builder.load(sums[g][n])])
                    builder.store(more, sums[g][n])
        for g in range(GOALS):
            for n, pointer in enumerate(vectors(place(3, builder.add(goal, _WHOLE(g)), column))):
                builder.store(builder.load(sums[g][n]), pointer).align = 8
        return context.get_dummy_value()

    number = types.int64
    return types.void(x, rows, number, number, weights, number, y, number), generate


tile_of_product: Any = intrinsic(_tile_of_product)
