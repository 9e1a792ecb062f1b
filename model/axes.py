"""The axes of every array, in the order in which they always stand, and shares along them.

An array is declared by the names of its axes; lengths come from the study area.
``draw`` leads everywhere: one vector of uncertain parameters is one row.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

AXES: dict[str, str] = {
    "scenario": "one scenario file, resolved",
    "draw": "one vector of uncertain parameters",
    "year": "calendar year; a stock is year-end, a flow happened during the year",
    "sector": "industry of a job",
    "group": "people who choose where to live alike: one a hukou class, students, graduates",
    "hukou": "where a household is registered: in its city, elsewhere in the province, beyond",
    "seat": "where people live who are registered in a city: cities, then external regions",
    "place": "zones followed by external regions",
    "mode": "means of getting to work",
    "zone": "county-level unit of the study area",
    "to_zone": "zone of work or of arrival",
    "region": "external region",
    "city": "city of the study area (a zone apart is a city of its own)",
    "family": "lever family",
    "education": "highest level entered: primary and below, lower, upper secondary, tertiary",
    "members": "members of a household: 1, 2, 3, 4, 5 and more",
    "sex": "male, female",
    "age": "age in completed years, the last group open",
    "size_class": "establishments of 2**b to 2**(b+1) employees, b = 0 .. 14",
    "stage": "rung of the ladder of technology firms",
}

SEXES = ("male", "female")
MALE, FEMALE = 0, 1
HUKOU = ("local", "elsewhere_in_province", "other_province")
LOCAL, ELSEWHERE, BEYOND = 0, 1, 2
EDUCATION = ("primary", "lower_secondary", "upper_secondary", "tertiary")
TERTIARY = 3
FIRST_BIRTH, LAST_BIRTH = 15, 49
MODES = ("walk", "cycle", "car", "bus", "metro", "rail")
OLDEST = 100
AGES = np.arange(OLDEST + 1)


def lift(value: Any, trailing: int) -> Array:
    """Parameter of shape ``()`` or ``(draw,)`` made to stand before ``trailing`` axes.

    Examples
    --------
    >>> lift(np.array([1.0, 2.0]), 2).shape
    (2, 1, 1)
    >>> lift(3.0, 1).shape
    (1, 1)
    """
    array = np.asarray(value, dtype=float)
    return array.reshape((array.shape or (1,)) + (1,) * trailing)


def contiguous(*arrays: npt.ArrayLike) -> list[Array]:
    """Arrays as compiled loops take them: floats, row after row in memory, free to be written.

    A loop is compiled anew for every other kind; what is of this kind already is not copied.

    Examples
    --------
    >>> fixed, turned = contiguous(np.broadcast_to(1.0, 2), np.zeros((3, 2), dtype=int).T)
    >>> fixed.flags.writeable, turned.flags.c_contiguous, turned.dtype
    (True, True, dtype('float64'))
    """
    return [np.require(array, float, ("C", "W")) for array in arrays]


def over_draws(draws: int, *arrays: Array) -> list[Array]:
    """Arrays ``(draw, ...)`` for so many draws, as :func:`contiguous`.

    What is the same for all draws, with an axis of one, is repeated; the others are not copied,
    as they would be if all were broadcast: that cannot be written to.

    Examples
    --------
    >>> each, same = over_draws(2, np.array([3.0, 4.0]), np.array([5.0]))
    >>> each.tolist(), same.tolist()
    ([3.0, 4.0], [5.0, 5.0])
    """
    return contiguous(*(
        one if len(one) == draws else np.broadcast_to(one, (draws, *one.shape[1:]))
        for one in arrays
    ))  # fmt: skip


def total(values: Array, matrix: Array) -> Array:
    """Sums over zones: ``(..., zone)`` by ``(group, zone)`` gives ``(..., group)``.

    One small product a row, so that a draw's sums do not depend on how many draws stand beside
    it (a matrix product over all draws is blocked by their number).

    Examples
    --------
    >>> total(np.array([1.0, 2.0, 4.0]), np.array([[1, 1, 0], [0, 0, 1.0]])).tolist()
    [3.0, 4.0]
    """
    return np.matmul(values[..., None, :], matrix.T)[..., 0, :]


def worst_of(left: Array) -> tuple[int, ...]:
    """Position of the largest value; what is no number is larger than any.

    Examples
    --------
    >>> worst_of(np.array([[3.0, 1.0], [np.nan, 2.0]]))
    (1, 0)
    """
    flat = int(np.argmax(np.where(np.isnan(left), np.inf, left)))
    return tuple(int(place) for place in np.unravel_index(flat, left.shape))


def ratio(top: Any, bottom: Any, empty: float = 0.0) -> Array:
    """``top / bottom`` with a stated value where nobody is there to divide by.

    Examples
    --------
    >>> ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0])).tolist()
    [0.5, 0.0]
    """
    bottom = np.asarray(bottom, dtype=float)
    there = bottom > 0
    if there.all():
        return np.asarray(np.asarray(top, dtype=float) / bottom)
    # Copying in where nobody is there is faster than choosing everywhere.
    nobody, by = ~there, bottom.copy()
    np.copyto(by, 1.0, where=nobody)
    found = np.asarray(np.asarray(top, dtype=float) / by)
    np.copyto(found, empty, where=nobody)
    return found
