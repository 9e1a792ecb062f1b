"""What the tables of a study area have observed, by region and year."""

import numpy as np

from calibration.ledger import Target
from model.area import Area
from model.base_year.baseline import gdp_level
from outputs.regions import ZONES, region_weights

NAMES = {"budget_revenue_nominal": "budget_revenue"}
SHARES = {"services_share": "tertiary"}


def observed(area: Area, variable: str, region: str) -> dict[int, float]:
    """Observed values of a region by year, from the table ``history``.

    The whole area is the sum over the published cities, in years in which all of them are known.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> observed(load_area(), "population", "shenyang")[2020]
    9070093.0
    >>> observed(load_area(), "population", "metro")[2020] > 2e7
    True
    """
    cities, _ = area.statistics
    rows = [row for row in area.tables["history"] if row["variable"] == variable]
    if region in cities:
        return {row["year"]: float(row["value"]) for row in rows if row["city"] == region}
    whole = [s for s in area.region_sets if area.region_set(s)[0] == (region,)]
    if not whole or not (region_weights(area, whole[0])[1] == 1).all():
        return {}
    by_year: dict[int, dict[str, float]] = {}
    for row in rows:
        by_year.setdefault(row["year"], {})[row["city"]] = float(row["value"])
    return {
        year: sum(known.values()) for year, known in by_year.items() if set(known) == set(cities)
    }


def series_of(area: Area, variable: str, region_set: str, region: str) -> dict[int, float]:
    """Observed values of what a target names: history, census counts of a zone, or shares.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> round(series_of(load_area(), "services_share", "cities7", "shenyang")[2020], 3)
    0.625
    >>> round(series_of(load_area(), "population", "zones", "hunnan")[2020] / 1e4, 1)
    75.6
    """
    if region_set == ZONES and region in area.zones and variable == "population":
        return _census(area, region)
    if variable in SHARES and region in area.statistics[0]:
        return _share(area, SHARES[variable], region)
    return observed(area, NAMES.get(variable, variable), region)


def _census(area: Area, zone: str) -> dict[int, float]:
    found: dict[int, float] = {}
    for row in area.tables["population"]:
        if row["place"] == zone:
            found[row["year"]] = found.get(row["year"], 0.0) + row["persons"]
    return found


def _share(area: Area, item: str, region: str) -> dict[int, float]:
    at = area.statistics[0].index(region)
    years = sorted({row["year"] for row in area.tables["gdp"]})
    pairs = {
        year: gdp_level(area, year, item)[at] / gdp_level(area, year, "total")[at] for year in years
    }
    return {year: float(share) for year, share in pairs.items() if np.isfinite(share)}


def last_year(area: Area) -> int:
    """Last year of which the table ``history`` knows anything; the base year without one."""
    return max((row["year"] for row in area.tables["history"]), default=area.base_year)


def realism(target: Target, area: Area) -> tuple[float | None, float | None, str]:
    r"""What came of a statement: the observed value, the grade, and why there is none.

    .. math:: P = (actual - plan) / plan

    Parameters
    ----------
    target : Target
    area : Area

    Returns
    -------
    actual : float or None
        In the unit of the target; growth since its base period [percent] where it states growth.
    grade : float or None
        :math:`P` [1]: 0 is as planned, below 0 less than planned.
    note : str
        Empty where there is a grade.

    Notes
    -----
    Only observations in the tables are used; they end in the last year of ``history``, so most
    targets have none yet and are not graded.

    Examples
    --------
    >>> from calibration.ledger import load_ledger
    >>> from model.area_loading import load_area
    >>> area = load_area()
    >>> actual, grade, _ = realism(next(t for t in load_ledger(area) if t.id == "P012"), area)
    >>> round(actual, 1), round(grade, 3)
    (21.4, 0.001)
    """
    if target.year is None:
        return None, None, "no date"
    last = last_year(area)
    if target.year > last:
        return None, None, f"not in the tables, which end in {last}"
    known = series_of(area, target.variable, target.region_set, target.region)
    if target.year not in known:
        return None, None, "not observed in the tables"
    actual = known[target.year]
    if target.base_period is not None:
        if target.base_period not in known:
            return None, None, f"{target.base_period} is not observed in the tables"
        actual = 100 * (actual / known[target.base_period] - 1)
    grade = (actual - target.value) / target.value if target.value else None
    return actual, grade, ""
