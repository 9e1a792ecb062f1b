r"""Growth of output that was published: what may be scored, how far it is in doubt, and its source.

Two series that are never mixed in a score:

*re-based*: growth after the correction, 2017-2021, and before it where a series was re-based since:
one city has growth, another levels at current prices, deflated as those of the first (derived: its
own prices may have moved otherwise).

*as published*: growth of 2012-2016 as first published, for all cities. It is **in doubt**: levels
of those years are overstated, and their correction in 2016 left its mark in the rate of that year
too (-5.6 % as published and +0.4 % re-based, where both exist; 2012-2015 they agree within a
point). It is scored apart and nothing is learned from it (:mod:`calibration.growth`).

Growth of output is always a published rate at constant prices; levels are never compared. No rate
of a sector is published. Growth of a sector is that of its city plus the log change of its share,

.. math:: g_{ck} = g_c + \Delta \ln s_{ck}

at the year's relative prices, in years whose levels are of one vintage: not 2019 (census), and
before 2017 only where the price of output that growth and levels imply,
:math:`\Delta \ln Y_c - g_c`, lies within :data:`BREAK` of the re-based one. A correction of
levels looks like a fall of prices: of 35 cities and years of 2012-2016 16 pass, none of them of
2014 (census) or 2016 (correction).
"""

from collections.abc import Sequence

import numpy as np

from calibration.growth import START, observed_growth
from model.area import Area
from model.axes import Array
from model.base_year.baseline import PUBLISHED, gdp_level

TOTAL = "total"
ITEMS = (TOTAL, *PUBLISHED)
REBASED, DOUBTED, LINKED = "re-based", "as published", "linked"
OTHER_VINTAGE = (2019,)
BREAK = 0.05
"""Price of output off by more than this [log] in a year: its levels were corrected."""


def usable_growth(area: Area, years: Sequence[int]) -> Array:
    """Published growth that is not in doubt, of cities and of their sectors.

    Parameters
    ----------
    area : Area
    years : sequence of int

    Returns
    -------
    (year, statistics region, item) [log/yr]
        Items are the total and the published sectors; NaN where nothing usable is published.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> found = usable_growth(load_area(), (2012, 2018))
    >>> found[0, :3, 0].round(4).tolist(), found[1, 0].round(4).tolist()
    ([0.088, nan, 0.072], [0.0516, 0.0086, 0.0474, 0.0576])
    """
    rows = []
    for year in years:
        total = observed_growth(area, (year,))[0] if year > START else rebased_growth(area, year)
        parts = np.full((len(total), len(PUBLISHED)), np.nan)
        if year > START and year not in OTHER_VINTAGE:
            now, before = (
                np.stack([gdp_level(area, y, p) / gdp_level(area, y, TOTAL) for p in PUBLISHED], -1)
                for y in (year, year - 1)
            )
            parts = total[:, None] + np.log(now / before)
        rows.append(np.column_stack([total, parts]))
    return np.array(rows)


def doubted_growth(area: Area, years: Sequence[int]) -> Array:
    """Growth as first published up to the correction, and none after it.

    Parameters
    ----------
    area : Area
    years : sequence of int

    Returns
    -------
    (year, statistics region, item) [log/yr]
        NaN where nothing is published, and of sectors where levels were corrected.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> found = doubted_growth(load_area(), (2012, 2016, 2017))
    >>> found[:, 0].round(3).tolist()[:2]
    [[0.095, 0.107, 0.097, 0.092], [-0.058, nan, nan, nan]]
    >>> bool(np.isnan(found[2, 0]).all())
    True
    """
    rows = []
    for year in years:
        total = first_published(area, year) if year <= START else np.full(regions(area), np.nan)
        rows.append(np.column_stack([total, total[:, None] + share_changes(area, year)]))
    return np.array(rows)


def linked_growth(area: Area, years: Sequence[int]) -> Array:
    """Growth that is not in doubt where there is any, and as first published before.

    Parameters
    ----------
    area : Area
    years : sequence of int

    Returns
    -------
    (year, statistics region, item) [log/yr]

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> linked_growth(load_area(), (2012, 2018))[:, :2, 0].round(4).tolist()
    [[0.088, 0.0862], [0.0516, 0.0502]]
    """
    clean = usable_growth(area, years)
    linked = np.where(np.isfinite(clean), clean, doubted_growth(area, years))
    for row, year in enumerate(years):
        if year <= START:
            linked[row, :, 1:] = linked[row, :, :1] + share_changes(area, year)
    return linked


def regions(area: Area) -> int:
    """Number of regions for which statistics are published."""
    return len(area.statistics[0])


def first_published(area: Area, year: int) -> Array:
    """(statistics region,) [log/yr] real growth as first published."""
    return np.log1p(area.statistic("gdp", year, series="growth", item=TOTAL) / 100)


def rebased_growth(area: Area, year: int) -> Array:
    """(statistics region,) [log/yr] growth of the re-based series; NaN where there is none."""
    growth = np.log1p(area.statistic("gdp", year, series="growth_revised", item=TOTAL) / 100)
    nominal = nominal_growth(area, year, "revised")
    prices = rebased_prices(area, year)
    return np.where(np.isfinite(growth), growth, nominal - prices)


def nominal_growth(area: Area, year: int, series: str) -> Array:
    """(statistics region,) [log/yr] growth of a series of levels at current prices."""
    now, before = (area.statistic("gdp", y, series=series, item=TOTAL) for y in (year, year - 1))
    return np.log(now / before)


def rebased_prices(area: Area, year: int) -> float:
    """Growth of prices [log/yr] where levels and growth are both re-based; NaN without any."""
    growth = np.log1p(area.statistic("gdp", year, series="growth_revised", item=TOTAL) / 100)
    prices = nominal_growth(area, year, "revised") - growth
    known = prices[np.isfinite(prices)]
    return float(known.mean()) if known.size else np.nan


def levels_hold(area: Area, year: int) -> Array:
    """(statistics region,) [bool] whether levels as published were not corrected in a year.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> area = load_area()
    >>> [int(levels_hold(area, year).sum()) for year in range(2012, 2017)]
    [6, 7, 0, 3, 0]
    """
    implied = nominal_growth(area, year, "original") - first_published(area, year)
    return np.abs(implied - rebased_prices(area, year)) < BREAK


def share_changes(area: Area, year: int) -> Array:
    """(statistics region, published sector) [log/yr] of shares as published, where levels hold."""
    now, before = (
        np.stack([area.statistic("gdp", y, series="original", item=p) for p in PUBLISHED], axis=-1)
        for y in (year, year - 1)
    )
    change = np.log(now / now.sum(axis=1, keepdims=True))
    change -= np.log(before / before.sum(axis=1, keepdims=True))
    return np.where(levels_hold(area, year)[:, None], change, np.nan)


def provenance(
    area: Area, region: str, item: str, years: Sequence[int], series: str
) -> tuple[str, str]:
    """Sources of some growth, and whether it was observed or derived.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> provenance(load_area(), "fushun", "total", (2013, 2018), "re-based")
    ('gdp_growth, gdp_growth_revised, gdp_revised', 'derived')
    >>> provenance(load_area(), "benxi", "total", (2013,), "as published")
    ('gdp_growth', 'observed')
    """
    rows = [row for row in area.tables["gdp"] if row["year"] in years]
    own = {(r["year"], r["series"]) for r in rows if r["city"] == region}
    wanted, deflated = set(), False
    for year in years:
        if series != DOUBTED and (year, "growth_revised") in own:
            wanted.add((region, year, "growth_revised"))
        elif series != DOUBTED and year <= START and (year, "revised") in own:
            deflated = True
            wanted.add((region, year, "revised"))
            wanted |= {(r["city"], year, "growth_revised") for r in rows}
        else:
            wanted.add((region, year, "growth"))
        if item != TOTAL:
            wanted |= {(region, year, "original"), (region, year, "revised")}
    used = {r["source"] for r in rows if (r["city"], r["year"], r["series"]) in wanted}
    return ", ".join(sorted(used)), "derived" if deflated or item != TOTAL else "observed"
