"""Tables of a year as the passes over a crowd read them, each made in one compiled pass.

A table costs the same however few people look things up in it. What is too small to matter for
millions is most of what thousands cost, so none is copied, spread out or summed twice.
"""

import numpy as np

from model.axes import FEMALE, FIRST_BIRTH, HUKOU, LAST_BIRTH, SEXES, Array
from model.engines.resident_kernels import AGES, CELL, LEVELS, STRIDE, TRAITS, Odds
from model.engines.resident_screens import steps_of
from model.kernels.compiled import njit


def odds_of(chance: Array, zones: int) -> Odds:
    """Odds from chances that broadcast to (zone, hukou, education, sex, age).

    Parameters
    ----------
    chance : (...) [1]
        Within 0 and 1, not checked here.
    zones : int

    Returns
    -------
    Odds

    Examples
    --------
    >>> odds = odds_of(np.full((1, 1, 1, 1, 1), 0.25), zones=1)
    >>> int(odds.bars[0, 0, 100]), int(odds.bars[0, 0, 101])
    (64, 0)
    """
    table = np.ascontiguousarray(chance, dtype=float)
    table = table.reshape((1,) * (len(CELL) + 1 - table.ndim) + table.shape)
    bars = np.empty((zones if len(table) > 1 else 1, *CELL[:3], STRIDE), dtype=np.uint8)
    lay_bars(table, bars)
    sizes = zip(table.shape, table.strides, strict=True)
    strides = np.array([step // table.itemsize if size > 1 else 0 for size, step in sizes])
    by_trait = bars.reshape(len(bars), TRAITS, STRIDE)
    return Odds(by_trait, table.ravel(), strides, steps_of(by_trait))


@njit(cache=True)
def lay_bars(chance, bars):  # type: ignore[no-untyped-def]
    """First 8 bits of chances that broadcast to ``bars`` (zone, hukou, education, sex, age).

    Where all are alike one is laid, and the others are copies.
    """
    zones, classes, levels, sexes, ages = chance.shape
    rows, row = chance.reshape(-1, ages), 0
    for zone in range(zones):
        for hukou in range(classes):
            own = bars[zone, hukou]
            for education in range(levels):
                for sex in range(sexes):
                    lay_octets(rows[row], own[education, sex])
                    row += 1
                for sex in range(sexes, len(SEXES)):
                    repeat(own[education, 0], own[education, sex])
            for education in range(levels, LEVELS):
                repeat(own[0].ravel(), own[education].ravel())
        for hukou in range(classes, len(HUKOU)):
            repeat(bars[zone, 0].ravel(), bars[zone, hukou].ravel())


@njit(cache=True)
def lay_octets(chance, octets):  # type: ignore[no-untyped-def]
    """First 8 bits of chances by age, or of one for all; none beyond the oldest.

    Certainty has no more than 255, which a die of 255 meets.

    Examples
    --------
    >>> octets = np.empty(128, dtype=np.uint8)
    >>> lay_octets(np.linspace(0, 1, 101), octets)
    >>> octets[[0, 25, 100, 101]].tolist()
    [0, 64, 255, 0]
    """
    octets[AGES:] = 0
    if len(chance) == 1:
        one = octet(chance[0])
        for age in range(AGES):
            octets[age] = one
    else:
        for age in range(AGES):
            octets[age] = octet(chance[age])


@njit(cache=True, inline="always")
def octet(chance):  # type: ignore[no-untyped-def]
    """First 8 bits of a chance.

    Examples
    --------
    >>> octet(0.5), octet(1.0)
    (128, 255)
    """
    return np.uint8(np.int32(min(chance * 256.0, 255.0)))


@njit(cache=True)
def repeat(given, into):  # type: ignore[no-untyped-def]
    """Octets once more."""
    for i in range(len(given)):
        into[i] = given[i]


def birth_odds(level: Array, rates: Array) -> Odds:
    """Odds of a birth: ``level`` (zone,) times ``rates`` (education, age) for women able to bear.

    Examples
    --------
    >>> odds = birth_odds(np.ones(1), np.full((4, 101), 0.5))
    >>> odds.bars[0, :2, 30].tolist(), odds.bars[0, :2, 14].tolist()
    ([0, 128], [0, 0])
    """
    chance = np.zeros((len(level), 1, *CELL[1:]))
    spread_births(level, rates, chance[:, 0])
    return odds_of(chance, len(level))


@njit(cache=True)
def spread_births(level, rates, chance):  # type: ignore[no-untyped-def]
    """Chances of a birth written to ``chance`` (zone, education, sex, age), zero for all others."""
    for zone in range(len(level)):
        for education in range(len(rates)):
            women, own = chance[zone, education, FEMALE], rates[education]
            for age in range(FIRST_BIRTH, LAST_BIRTH + 1):
                women[age] = level[zone] * own[age]


def leaving_odds(leave: Array, group: Array) -> Odds:
    """Odds of leaving: ``leave`` (zone, group, age) for everybody's ``group``.

    ``group`` (hukou, education, age).

    Examples
    --------
    >>> leave = np.array([[[0.25] * 101, [0.5] * 101]])
    >>> group = np.repeat([0, 1, 1], 4 * 101).reshape(3, 4, 101)
    >>> leaving_odds(leave, group).bars[0, ::8, 30].tolist()
    [64, 128, 128]
    """
    chance = np.empty((len(leave), *CELL[:2], 1, CELL[-1]))
    spread_groups(np.ascontiguousarray(leave), group, chance)
    return odds_of(chance, len(leave))


@njit(cache=True)
def spread_groups(leave, group, chance):  # type: ignore[no-untyped-def]
    """Chances by group written to ``chance`` (zone, hukou, education, 1, age)."""
    ages = leave.shape[2]
    groups, where = group.ravel(), np.empty(group.size, dtype=np.uint32)
    for cell in range(len(groups)):
        where[cell] = groups[cell] * ages + cell % ages
    for zone in range(len(leave)):
        own, into = leave[zone].ravel(), chance[zone].ravel()
        for cell in range(len(into)):
            into[cell] = own[np.uint64(where[cell])]
