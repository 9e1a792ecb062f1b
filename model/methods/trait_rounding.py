"""Whole people with traits: totals by zone, sex and age exact, margins of the traits within one.

A table of expected people becomes agents in two steps, education by age first, then registration
by education and age. Each is a two-way controlled rounding: rows (ages) exact, columns (levels)
less than one away. The rest of each row, after whole people, is handed out one by one as chairs
to states: Tijdeman (1980), Discrete Mathematics 32, 323-330, keeps every running column total
within 1 - 1/(2k - 2) of its due, k the number of columns, whatever the order of the rows.
"""

import numpy as np

from model.axes import Array, ratio
from model.methods.ras import nearest_table

ROUNDS = 200


def round_traits(expected: Array, totals: Array) -> Array:
    """Whole people by education and registration in a given number at each age.

    Parameters
    ----------
    expected : (zone, sex, age, education, hukou) [persons]
        Expected table, of any scale.
    totals : (zone, sex, age) [persons]
        Whole people (agents) at each age.

    Returns
    -------
    (zone, sex, age, education, hukou) [persons]
        Integers that sum to ``totals``. Education by zone and sex, and registration by zone,
        less than one from the scaled table wherever a table with these ages and the scaled
        margins exists; a zone of so few people that none does takes the nearest.

    Raises
    ------
    ValueError
        Totals that are negative or not whole, or people of an age that the table does not know.

    Examples
    --------
    >>> expected = np.array([[[30.0, 50.0], [10.0, 10.0]]]).reshape(1, 1, 1, 2, 2)
    >>> round_traits(expected, np.array([[[10]]])).reshape(2, 2).tolist()
    [[3, 5], [1, 1]]
    """
    whole = np.rint(totals).astype(np.int64)
    if np.any(whole != totals) or np.any(whole < 0):
        raise ValueError("totals must be whole and not negative")
    if np.any((expected.sum(axis=(3, 4)) == 0) & (whole > 0)):
        raise ValueError("people of an age that the table does not know")
    zones, sexes, ages, levels, registers = expected.shape
    level = expected.sum(axis=4)
    first = round_rows(
        level.reshape(zones * sexes, ages, levels), whole.reshape(zones * sexes, ages)
    )
    cells = first.reshape(zones, sexes * ages * levels)
    inside = expected.reshape(zones, sexes * ages * levels, registers)
    return round_rows(inside, cells).reshape(expected.shape)


def round_rows(expected: Array, totals: Array) -> Array:
    """Controlled rounding of tables: rows exact, columns less than one away.

    Parameters
    ----------
    expected : (table, row, column) [persons]
    totals : (table, row) [persons]
        Whole people of each row.

    Returns
    -------
    (table, row, column) [persons]
        Integers.

    Examples
    --------
    >>> round_rows(np.full((1, 4, 2), 0.5), np.ones((1, 4), int))[0].sum(axis=0).tolist()
    [2, 2]
    """
    due = _raked(np.asarray(expected, dtype=float), totals)
    whole = np.minimum(np.floor(due + 1e-9), np.asarray(totals)[..., None]).astype(np.int64)
    rest = np.maximum(due - whole, 0.0)
    short = totals - whole.sum(axis=2)
    return whole + _seats(rest, short, expected > 0)


def _raked(expected: Array, totals: Array) -> Array:
    """Expected cells of rows with whole totals, columns in the proportion of the whole table."""
    columns = expected.sum(axis=1, keepdims=True)
    size = np.asarray(totals).sum(axis=1)[:, None, None]
    columns = columns * ratio(size, columns.sum(axis=2, keepdims=True))
    rows = np.asarray(totals, dtype=float)[..., None]
    start = expected * ratio(rows, expected.sum(axis=2, keepdims=True))
    due, _ = nearest_table(start, [rows, columns], ROUNDS)
    return due


def _seats(rest: Array, short: Array, possible: Array) -> Array:
    """Hand out ``short`` people of every row in proportion to ``rest``, running totals kept.

    Among the columns that have earned a part of a person, the one whose due falls first in
    the rows still to come is served (Tijdeman 1980).
    """
    tables, rows, columns = rest.shape
    slots = max(int(short.max(initial=0)), 1)
    rate = np.repeat(ratio(rest, rest.sum(axis=2, keepdims=True)), slots, axis=1)
    active = (np.arange(slots) < short[..., None]).reshape(tables, rows * slots)
    rate = rate * active[..., None]
    possible = np.repeat(possible, slots, axis=1)
    earned = np.cumsum(rate, axis=1)
    margin = 1 / (2 * columns - 2) if columns > 1 else 0.0
    deadline = _deadlines(earned, 1 - margin)
    given = np.zeros((tables, columns), dtype=np.int64)
    seats = np.zeros((tables, rows * slots, columns), dtype=np.int64)
    everyone, each = np.arange(tables), np.arange(columns)
    for step in np.flatnonzero(active.any(axis=0)):
        ahead = earned[:, step] - given
        ready = (ahead >= margin - 1e-9) & possible[:, step]
        when = np.where(ready, deadline[everyone[:, None], each, given], np.inf)
        # Nobody ready (rounding error, or a structural zero): the one furthest behind.
        none = ~ready.any(axis=1)
        behind = np.argmax(np.where(possible[:, step], ahead, -np.inf), axis=1)
        chosen = np.where(none, behind, np.argmin(when, axis=1))
        took = active[:, step]
        seats[everyone[took], step, chosen[took]] = 1
        given[everyone[took], chosen[took]] += 1
    return seats.reshape(tables, rows, slots, columns).sum(axis=2)


def _deadlines(earned: Array, limit: float) -> Array:
    """(table, column, person) step at which a column's next person falls due."""
    tables, _, columns = earned.shape
    most = int(np.ceil(earned[:, -1].max(initial=0.0))) + 2
    persons = np.arange(most) + limit
    found = np.empty((tables, columns, len(persons)))
    for table in range(tables):
        for column in range(columns):
            found[table, column] = np.searchsorted(earned[table, :, column], persons - 1e-9)
    return found
