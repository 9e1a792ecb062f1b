"""A study area as it would start from an earlier year: what a backcast of the economy runs on.

People and workers of a year between two censuses are read off the line between them, group by
group, with the traits of the later census; output is the published one of that year, revenue and
wages those of the first year with any; tables of other stocks are not moved: the economy does not
read them. Districts were redrawn between the censuses, so that only cities compare.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from model.area import Area
from model.axes import Array, ratio
from model.base_year import baseline_people
from model.base_year.baseline import people
from model.checks.area import area_problems
from model.priors import parse_prior
from model.problems import Problem, ProblemsError
from model.reading.tables import Row

UNREAD = (
    "education", "education_profile", "hukou_profile", "headship_profile", "own_city",
    "households", "urban", "registered", "housing", "house_prices", "land", "schooling",
    "universities", "retirement", "migrants", "emissions", "energy",
)  # fmt: skip
COUNTED = {
    "population": ("place", "sex", "age", "width"),
    "employment": ("zone", "sector"),
}


def area_at(area: Area, year: int) -> Area:
    """The study area with another base year between its two censuses.

    Parameters
    ----------
    area : Area
    year : int [year]

    Returns
    -------
    Area
        Its people and workers between the censuses; other tables as they are.

    Raises
    ------
    ProblemsError
        A year outside the censuses, or one without published output.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> area_at(load_area(), 2016).base_year
    2016
    """
    early, late = int(area.settings["history_year"]), area.base_year
    if not early < year <= late:
        message = f"{year} is outside [{early + 1}, {late}] (unit year)"
        raise ProblemsError([Problem(area.name, None, "base_year", message)])
    tables = dict(area.tables)
    for name, keys in COUNTED.items():
        tables[name] = list(_between(area.tables[name], keys, early, late, year))
    # Migration is that of the decade, and both censuses are taken as they are.
    tables["migrants"] = [
        replace(r, values=r.values | {"year": year}) if r["year"] == late else r
        for r in area.tables["migrants"]
    ]
    certain = {"value": 0.0, "prior": parse_prior("Fixed(0)")}
    tables["assumptions"] = [
        replace(r, values=r.values | certain) if r["id"].startswith("census_error.") else r
        for r in area.tables["assumptions"]
    ]
    for name in ("fiscal", "wages"):
        tables[name] = [*area.tables[name], *_stand_ins(area.tables[name], year)]
    moved = replace(area, settings=area.settings | {"base_year": year}, tables=tables)
    unread = {area.label(name) for name in UNREAD}
    problems = [p for p in area_problems(moved) if p.file not in unread]
    if problems:
        raise ProblemsError(problems)
    return moved


def people_at(area: Area, moved: Area) -> Array:
    """People of the moved base year, with the registration and education of the later census.

    Parameters
    ----------
    area, moved : Area
        As loaded, and as :func:`area_at` returns it.

    Returns
    -------
    (place, hukou, education, sex, age) [persons]
    """
    late, then = people(area, area.base_year), people(moved, moved.base_year)
    known = baseline_people.everybody(area, area.base_year)
    return known * ratio(then, late)[:, None, None]


def _stand_ins(rows: list[Row], year: int) -> Iterator[Row]:
    """Rows of the first published year after one that has none: growth does not rest on them."""
    years = sorted({row["year"] for row in rows})
    first = next((one for one in years if one >= year), years[-1])
    if first != year:
        yield from (
            replace(r, values=r.values | {"year": year}) for r in rows if r["year"] == first
        )


def _between(
    rows: list[Row], keys: tuple[str, ...], early: int, late: int, year: int
) -> Iterator[Row]:
    """Rows of both censuses, and of the year between them (as later where there is no earlier)."""
    share = (year - early) / (late - early)
    before: dict[Any, float] = {
        tuple(row[k] for k in keys): row["persons"] for row in rows if row["year"] == early
    }
    for row in rows:
        if row["year"] == early or (row["year"] == late and late != year):
            yield row
        if row["year"] == late:
            old = before.get(tuple(row[k] for k in keys), row["persons"])
            value = old + share * (row["persons"] - old)
            # whole people, as a census counts them
            whole = round(value) if float(row["persons"]).is_integer() else value
            yield replace(row, values=row.values | {"year": year, "persons": float(whole)})
