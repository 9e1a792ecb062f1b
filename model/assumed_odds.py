r"""Tables recalled or assumed, as draws: factors on what they say, one at the centre.

.. math:: \frac{s'}{1 - s'} = f \, \frac{s}{1 - s}

Most are on the odds of shares. A share stays within [0, 1] whatever the factor, and is the table's
to the last bit where it is one. A factor stands in ``assumptions`` under the name of its kind and
of what it holds for: ``labour_share_odds.<sector>``,
``participation_odds.<sex>.<first age>_<last age>`` (likewise ``headship_odds``). Carriers of energy
share out a whole, so theirs are weights: ``energy_weight.<carrier>`` multiplies the carrier's share
in every sector before they are scaled back to one. ``ceiling_factor.<family>`` multiplies the
ceilings of a family of levers, ``road_gain.<project>`` the log of the share of driving time that
remains. What the base year is fitted to (labour force, households, emissions, output) is met in
every draw; a factor moves what is fitted inside of it, and so what follows.
"""

import re

import numpy as np

from model.axes import AGES, SEXES, Array
from model.world import World

BY_AGE = ("participation_odds", "headship_odds")
BY_NAME = ("labour_share_odds", "energy_weight", "ceiling_factor", "road_gain")
AGE_RANGE = re.compile(r"(?P<sex>[a-z]+)\.(?P<first>\d+)_(?P<last>\d+)")


def scaled_odds(share: Array, factor: Array) -> Array:
    """Share whose odds are multiplied: a small one by the factor, and none ever exceeds one.

    By a factor of one it stays what it was to the last bit.

    Examples
    --------
    >>> scaled_odds(np.array([0.01, 0.5, 1.0]), np.array(2.0)).round(3).tolist()
    [0.02, 0.667, 1.0]
    """
    return np.where(factor == 1, share, share * factor / (1 - share + share * factor))


def by_name(world: World, kind: str, names: tuple[str, ...]) -> Array:
    """(draw, name) [1] assumed factors of a kind, one where none is assumed."""
    found = np.ones((len(world.draws), len(names)))
    for at, name in enumerate(names):
        found[:, at] = world.assumed.get(f"{kind}.{name}", 1.0)
    return found


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


def profile(world: World, kind: str, table: Array) -> Array:
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
