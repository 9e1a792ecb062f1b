r"""Tables recalled or assumed, as draws: factors on the odds of their shares, one at the centre.

.. math:: \frac{s'}{1 - s'} = f \, \frac{s}{1 - s}

A share stays within [0, 1] whatever the factor, and is the table's to the last bit where it is
one. A factor stands in ``assumptions`` under the name of its kind and of what it holds for:
``labour_share_odds.<sector>``, ``participation_odds.<sex>.<first age>_<last age>`` (likewise
``headship_odds``). Carriers of energy share out a whole, so theirs are weights:
``energy_weight.<carrier>`` multiplies the carrier's share in every sector before they are scaled
back to one. What the base year is fitted to (labour force, households, emissions, output) is met
in every draw; a factor moves what is fitted inside of it, and so what follows.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from model.axes import AGES, SEXES, Array
from model.baseline import scaled_odds
from model.problems import Problem, nearest
from model.tables import CARRIERS

if TYPE_CHECKING:
    from model.area import Area
    from model.world import World

BY_AGE = ("participation_odds", "headship_odds")
BY_NAME = ("labour_share_odds", "energy_weight")
AGE_RANGE = re.compile(r"(?P<sex>[a-z]+)\.(?P<first>\d+)_(?P<last>\d+)")


def by_name(world: "World", kind: str, names: tuple[str, ...]) -> Array:
    """(draw, name) [1] assumed factors of a kind, one where none is assumed."""
    one = np.ones(len(world.draws))
    return np.stack([world.assumed.get(f"{kind}.{name}", one) for name in names], axis=1)


def by_age(assumed: dict[str, Array], kind: str, draws: int) -> Array:
    """Assumed factors of a kind by sex and single year of age; overlapping ones multiply.

    Parameters
    ----------
    assumed : dict
        Drawn numbers of the area, ``(draw,)`` each.
    kind : str
        ``participation_odds`` or ``headship_odds``.
    draws : int [1]

    Returns
    -------
    (draw, sex, age) [1]

    Examples
    --------
    >>> found = by_age({"headship_odds.male.15_19": np.array([2.0])}, "headship_odds", 1)
    >>> found[0, 0, [14, 15, 19, 20]].tolist(), float(found[0, 1].max())
    ([1.0, 2.0, 2.0, 1.0], 1.0)
    """
    factor = np.ones((draws, len(SEXES), len(AGES)))
    for name, values in assumed.items():
        start, _, rest = name.partition(".")
        match = AGE_RANGE.fullmatch(rest) if start == kind else None
        if match:
            ages = slice(int(match["first"]), int(match["last"]) + 1)
            factor[:, SEXES.index(match["sex"]), ages] *= values[:, None]
    return factor


def profile(world: "World", kind: str, table: Array) -> Array:
    """Shares by sex and age of a table with the assumed factors on their odds.

    Parameters
    ----------
    world : World
    kind : str
        ``participation_odds`` or ``headship_odds``.
    table : (sex, age) [1]

    Returns
    -------
    (draw, sex, age) [1]
    """
    return scaled_odds(table, by_age(world.assumed, kind, len(world.draws)))


def energy_mix(table: Array, weight: Array) -> Array:
    """Shares of carriers in the energy of each sector, weighted and scaled back to one.

    Parameters
    ----------
    table : (sector, carrier) [1]
    weight : (draw, carrier) [1]

    Returns
    -------
    (draw, sector, carrier) [1]

    Examples
    --------
    >>> energy_mix(np.array([[0.5, 0.5, 0, 0]]), np.array([[3.0, 1.0, 1.0, 1.0]])).tolist()
    [[[0.75, 0.25, 0.0, 0.0]]]
    """
    weighted = table * weight[:, None]
    as_given = np.all(weight == 1, axis=1)[:, None, None]
    return np.where(as_given, table, weighted / weighted.sum(axis=2, keepdims=True))


def odds_problems(area: "Area") -> Iterator[Problem]:
    """Factors that name no sector, carrier, sex or ages, or are not above zero."""
    known = {"labour_share_odds": area.sectors, "energy_weight": CARRIERS}
    file = f"{area.name}/assumptions.csv"
    for row in area.tables["assumptions"]:
        kind, _, rest = row["id"].partition(".")
        if kind in BY_NAME:
            valid = [f"{kind}.{name}" for name in known[kind]]
            if row["id"] not in valid:
                message = f"unknown{nearest(row['id'], valid)}"
                yield Problem(file, row.line, row["id"], message)
        elif kind in BY_AGE:
            match = AGE_RANGE.fullmatch(rest)
            whole = match and match["sex"] in SEXES
            if not whole or not match or not int(match["first"]) <= int(match["last"]) < len(AGES):
                message = (
                    f"must be {kind}.<{' or '.join(SEXES)}>.<first age>_<last age>, "
                    f"ages within [0, {len(AGES) - 1}] (unit years)"
                )
                yield Problem(file, row.line, row["id"], message)
        else:
            continue
        if row["prior"].quantile(np.full(1, 1e-6))[0] <= 0 or row["value"] <= 0:
            message = "value and prior must lie above zero (unit 1)"
            yield Problem(file, row.line, row["id"], message)
