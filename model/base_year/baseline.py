"""The base year from the tables: people by single year, jobs, output, revenue, by zone.

Published city statistics are drawn up for a region set in which a zone may belong to two cities
(weights); the allocations here reproduce them exactly under those weights.
"""

from functools import lru_cache

import numpy as np

from model.area import Area
from model.assumed_odds import scaled_odds
from model.axes import SEXES, Array, lift, ratio, total
from model.methods.graduation import graduate, interpolate_log_rates, spread_rates
from model.processes.life_table import stationary_years
from model.reading.tables import SCALE

PUBLISHED = ("primary", "secondary", "tertiary")


def death_rates(area: Area) -> Array:
    """(sex, age) [1/yr] death rates of the area's table, by single year."""
    period = area.settings["mortality_period"]
    rates = []
    for sex in SEXES:
        rows = [r for r in area.tables["mortality"] if (r["sex"], r["period"]) == (sex, period)]
        starts = np.array([row["age"] for row in rows])
        rates.append(interpolate_log_rates(starts, np.array([row["rate"] for row in rows])))
    return np.array(rates)


def people(area: Area, year: int) -> Array:
    """(place, sex, age) [persons] whole people by single year, groups graduated.

    Places without rows in that year are zero.
    """
    return _people(area, year).copy()


@lru_cache(maxsize=8)
def _people(area: Area, year: int) -> Array:
    shapes = stationary_years(death_rates(area))
    groups: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for row in area.tables["population"]:
        if row["year"] == year:
            count = row["persons"] * SCALE.get(row["unit"], 1.0)
            groups.setdefault((row["place"], row["sex"]), []).append((row["age"], count))
    # One interpolation for all who are counted in the same groups.
    alike: dict[tuple[int, ...], list[tuple[int, int, list[float]]]] = {}
    for (place, sex), cells in groups.items():
        starts, counts = zip(*cells, strict=True)
        who = area.places.index(place), SEXES.index(sex), list(counts)
        alike.setdefault(starts, []).append(who)
    result = np.zeros((len(area.places), len(SEXES), 101))
    for starts, members in alike.items():
        at, sexes = [place for place, _, _ in members], [sex for _, sex, _ in members]
        table = np.array([cells for _, _, cells in members])
        result[at, sexes] = graduate(np.array(starts), table, shapes[sexes])
    return result


def participation_profile(area: Area) -> Array:
    """(sex, age) [1] participation by single year; zero below the first age of the table."""
    profile = []
    for sex in SEXES:
        rows = [row for row in area.tables["participation"] if row["sex"] == sex]
        starts = np.array([0] + [row["age"] for row in rows])
        shares = np.array([0.0] + [row["share"] for row in rows])
        profile.append(spread_rates(starts, shares))
    return np.array(profile)


def employed_residents(area: Area, year: int) -> Array:
    """(census row, zone) [persons] employed people as the census counts them, where they live."""
    return np.array([area.by_zone("employment", year=year, sector=s) for s in area.census_rows])


def base_output(area: Area, jobs: Array, relative: Array) -> Array:
    """Value added by sector and zone, reproducing city and published-sector totals exactly.

    Parameters
    ----------
    area : Area
    jobs : (draw, sector, zone) [persons]
    relative : (draw, sector) [1]
        Value added per worker relative to other sectors of the same published one.

    Returns
    -------
    (draw, sector, zone) [1e8 yuan]
        A zone shared by cities takes their joint output per job; the rest stays in each city.
    """
    _, weights = area.statistics
    shared = (weights > 0).sum(axis=0) > 1
    result = np.zeros(jobs.shape)
    published = area.column("sectors", "published_sector")
    for name in PUBLISHED:
        rows = np.flatnonzero(published == name)
        official = gdp_level(area, area.base_year, name)
        effort = jobs[:, rows] * relative[:, rows, None]
        by_zone = effort.sum(axis=1)
        together = weights[:, shared].sum(axis=1) > 0
        joint = ratio(official[together].sum(), total(by_zone, weights[together]).sum(axis=1))
        taken = joint[:, None] * total(by_zone * shared, weights)
        own = total(by_zone * ~shared, weights)
        rate = ratio(official - taken, own)
        per_effort = np.where(shared, joint[:, None], total(rate, (weights * ~shared).T))
        result[:, rows] = effort * per_effort[:, None]
    return result


def gdp_level(area: Area, year: int, item: str) -> Array:
    """(statistics region,) [1e8 yuan] value added as published, revised series first.

    Published shares of the sectors are applied to the total of the same vintage, so that they
    sum to it.
    """
    revised = area.statistic("gdp", year, series="revised", item=item)
    original = area.statistic("gdp", year, series="original", item=item)
    values = np.where(np.isfinite(revised), revised, original)
    if item == "total":
        return values
    parts = sum(
        np.where(np.isfinite(r), r, o)
        for r, o in (
            (
                area.statistic("gdp", year, series="revised", item=one),
                area.statistic("gdp", year, series="original", item=one),
            )
            for one in PUBLISHED
        )
    )
    return values * gdp_level(area, year, "total") / parts


def rate_of(area: Area, official: Array, by_zone: Array) -> Array:
    """Rate by zone that makes a base by zone reproduce the published totals of the cities.

    Parameters
    ----------
    area : Area
    official : (region,) or (draw, region) [any]
        Of the statistics regions.
    by_zone : (draw, zone) [any]

    Returns
    -------
    (draw, zone) [any]
        A zone shared by cities takes their joint rate; the rest of each city its own. Where that
        would leave less than half of what a city has to its rest, as it may where drawn rates of
        two cities lie far apart, the shared zone takes so much less: no rate is ever negative.
    """
    _, weights = area.statistics
    shared = (weights > 0).sum(axis=0) > 1
    together = weights[:, shared].sum(axis=1) > 0
    pooled = official[..., together].sum(axis=-1)
    parts = total(by_zone * shared, weights)
    bearable = ratio(official, 2 * parts, np.inf).min(axis=-1)
    joint = np.minimum(pooled / total(by_zone, weights[together]).sum(axis=1), bearable)
    taken = joint[:, None] * parts
    rate = ratio(official - taken, total(by_zone * ~shared, weights))
    return np.where(shared, joint[:, None], total(rate, (weights * ~shared).T))


def inventories(area: Area) -> tuple[Array, Array]:
    """Carbon dioxide of the base year by two inventories, (region,) [Mt] each.

    The first has the better level but ends early: its last year is carried on with the profile
    of the second. A city that only the second knows takes their median ratio elsewhere.

    Returns
    -------
    level, profile : (region,) [Mt]
    """
    base = area.base_year
    profile = area.statistic("emissions", base, inventory="profile")
    level = np.full(profile.shape, np.nan)
    for year in sorted({row["year"] for row in area.tables["emissions"] if row["year"] <= base}):
        seen = area.statistic("emissions", year, inventory="level")
        then = area.statistic("emissions", year, inventory="profile")
        carried = seen * profile / then
        level = np.where(np.isfinite(carried), carried, level)
    known = np.isfinite(level)
    usual = np.exp(np.median(np.log(level[known] / profile[known]))) if known.any() else 1.0
    return np.where(known, level, profile * usual), profile


def floor_space(area: Area, year: int) -> Array:
    """(zone,) [m2] floor space lived in: floor area per head times people."""
    each = area.by_zone("housing", value="value", year=year, item="floor_area_per_head")
    return each * people(area, year)[: len(area.zones)].sum(axis=(1, 2))


def earlier_housing(area: Area) -> bool:
    """Whether an earlier census says how people were housed."""
    early = area.settings["history_year"]
    return any(row["year"] == early for row in area.tables["housing"])


def floor_space_growth(area: Area) -> Array:
    """(zone,) [1/yr] growth of floor space between the censuses: that of the city.

    Districts were redrawn, so that only city totals compare; a shared zone takes the mean.
    Asks for an earlier census (:func:`earlier_housing`).
    """
    early, late = area.settings["history_year"], area.base_year
    _, weights = area.statistics
    then, now = weights @ floor_space(area, early), weights @ floor_space(area, late)
    return np.log(now / then) / (late - early) @ weights / weights.sum(axis=0)


def built_up_area(area: Area, factor: Array) -> Array:
    """(draw, zone) [km2] land built over in the base year.

    Parameters
    ----------
    area : Area
    factor : (draw, region) [1]
        On the odds of built-up to other land in the table, by statistics region; a shared zone
        takes the weighted mean.
    """
    whole = area.column("zones", "area").astype(float)
    table = area.by_zone("land", value="value", year=area.base_year)
    by_zone = total(factor, area.statistics[1].T)
    return np.where(by_zone == 1, table, scaled_odds(table / whole, by_zone) * whole)


def house_price(area: Area, floor: Array, core: Array, county: Array, factor: Array) -> Array:
    """Price of floor space by zone, reproducing the mean price of each city exactly.

    Parameters
    ----------
    area : Area
    floor : (zone,) [m2]
    core, county : (draw,) [1]
        Price of a core zone and of a county over that of a suburb: assumed, not observed.
    factor : (draw, region) [1]
        Price of each city over that of the table.

    Returns
    -------
    (draw, zone) [yuan of 2020/m2]
        A zone shared by cities takes the mean of their prices.
    """
    _, weights = area.statistics
    official = area.statistic("house_prices", area.base_year) * factor
    kinds = area.column("zones", "kind")
    relative = np.where(kinds == "core", lift(core, 1), 1.0)
    relative = np.where(kinds == "county", lift(county, 1), relative)
    shared = (weights > 0).sum(axis=0) > 1
    joint = total(official, weights.T) / weights.sum(axis=0)
    worth = official * (weights @ floor) - total(joint * floor * shared, weights)
    scale = ratio(worth, total(relative * floor * ~shared, weights))
    return np.where(shared, joint, relative * total(scale, (weights * ~shared).T))


def base_wage(area: Area) -> Array:
    """(zone,) [yuan/year] average wage of the city; a shared zone takes the weighted mean."""
    _, weights = area.statistics
    wages = area.statistic("wages", area.base_year)
    return np.matmul(wages, weights) / weights.sum(axis=0)
