r"""Exponential and logarithm for compiled loops, written so that the loops vectorise.

.. math::

    e^x = 2^n e^r, \quad n = [x / \ln 2], \ |r| \le \tfrac12 \ln 2, \qquad
    \ln x = n \ln 2 + \ln m, \quad \sqrt{1/2} \le m < \sqrt 2

A compiler calls the library's functions one number after the other; polynomials it works out for
several numbers at once. Both are within two units in the last place.

Sources: Taylor's polynomial of the exponential to the twelfth power, whose rest is 2e-16; the
logarithm after fdlibm (Sun Microsystems 1993, e_log.c).
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from model.kernels.compiled import njit

SMALLEST, LARGEST = -700.0, 700.0
_PER_LN2 = 1.4426950408889634
_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# Added and taken off again, it rounds; its last bits then hold the whole number.
_ROUNDING = 6755399441055744.0
# Bits of the square root of a half; bits of exponents; and 1024 as an exponent.
_HALF_BITS, _UPPER, _BIAS = 0x3FE6A09E00000000, -(1 << 52), 1 << 62
_TWO_TO_52, _LIFTED = 0x4330000000000000, 2.0**52 + 1024.0


def _bits_of_number(context: Any, number: Any) -> Any:
    """A number read as whole: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.bitcast(given[0], ir.IntType(64))

    return types.int64(types.float64), generate


def _number_of_bits(context: Any, bits: Any) -> Any:
    """Bits read as a number: how a compiler does it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.bitcast(given[0], ir.DoubleType())

    return types.float64(types.int64), generate


_bits: Any = intrinsic(_bits_of_number)
_number: Any = intrinsic(_number_of_bits)


@njit(inline="always", error_model="numpy")
def exponential(x):  # type: ignore[no-untyped-def]
    """``e`` to the power of ``x``: zero below -700, that of 700 above.

    Examples
    --------
    >>> float(exponential(0.0)), round(float(exponential(1.0)), 12), float(exponential(-1e9))
    (1.0, 2.718281828459, 0.0)
    """
    above = SMALLEST if x < SMALLEST else x
    within = LARGEST if above > LARGEST else above
    shifted = within * _PER_LN2 + _ROUNDING
    whole = shifted - _ROUNDING
    r = (within - whole * _LN2_HIGH) - whole * _LN2_LOW
    power = 1.0 / 479001600.0
    power = power * r + 1.0 / 39916800.0
    power = power * r + 1.0 / 3628800.0
    power = power * r + 1.0 / 362880.0
    power = power * r + 1.0 / 40320.0
    power = power * r + 1.0 / 5040.0
    power = power * r + 1.0 / 720.0
    power = power * r + 1.0 / 120.0
    power = power * r + 1.0 / 24.0
    power = power * r + 1.0 / 6.0
    power = power * r + 0.5
    power = power * r + 1.0
    power = power * r + 1.0
    found = power * _number((_bits(shifted) + 1023) << 52)
    return 0.0 if x < SMALLEST else found


@njit(inline="always", error_model="numpy")
def logarithm(x):  # type: ignore[no-untyped-def]
    """Natural logarithm of a positive number that is not subnormal.

    Examples
    --------
    >>> float(logarithm(1.0)), round(float(logarithm(10.0)), 12)
    (0.0, 2.302585092994)
    """
    bits = _bits(x)
    over = bits - _HALF_BITS
    # The exponent, made positive, as the last bits of a number that begins with 2**52.
    power = ((over + _BIAS) >> 52) & 0x7FF
    whole = _number(power | _TWO_TO_52) - _LIFTED
    f = _number(bits - (over & _UPPER)) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = 0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)
    rest = even + z * (0.6666666666666735130 + w * odd)
    half = 0.5 * f * f
    return whole * _LN2_HIGH - ((half - (s * (half + rest) + whole * _LN2_LOW)) - f)
