"""A study area as it could be known in an earlier year: later rows are taken away, not ignored.

The start ``history`` of ``area.yaml`` has its own base year. Whatever is dated after that year
is dropped when the area is loaded, so that no process can look at it; numbers that had to be
assumed then replace those of today (``history_assumptions.csv``).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from model.problems import Problem, nearest
from model.reading.tables import Row
from model.reading.yaml_lines import Lines

Tables = dict[str, list[Row]]

STARTS = ("production", "history")
YEARS = ("base_year", "history_year", "price_year", "mortality_period")

EDITIONS: dict[str, tuple[str, ...]] = {
    "participation": (), "energy": (), "links": ("line",), "technology_firms": ("place",),
}  # fmt: skip

LAST_YEAR: dict[str, Callable[[Any], int]] = {
    "year": int, "period": lambda text: int(text.split("-")[-1]), "opened": int, "start": int,
    "date": lambda text: int(text[:4]),
}  # fmt: skip


def split_address(address: str) -> tuple[str, str]:
    """Area and start of an address.

    Examples
    --------
    >>> split_address("shenyang@history"), split_address("shenyang")
    (('shenyang', 'history'), ('shenyang', 'production'))
    """
    area, mark, start = address.rpartition("@")
    return (area, start) if mark else (address, STARTS[0])


def known_by(tables: Tables, year: int) -> Tables:
    """Rows dated no later than the end of a year; undated rows stay.

    Dates stand in the columns year, period, opened, start and date. A project that opened later
    is one without a year, planned or not: its links run in no year by themselves.
    """

    def known(row: Row, column: str) -> bool:
        return row[column] is None or LAST_YEAR[column](row[column]) <= year

    kept = {}
    for name, rows in tables.items():
        dates = [column for column in LAST_YEAR if rows and column in rows[0].values]
        kept[name] = [row for row in rows if all(known(row, column) for column in dates)]
    if "projects" in tables:
        levers = {row["lever"] for row in kept["levers"]}
        kept["projects"] = [
            replace(row, values=row.values | {
                "opened": row["opened"] if known(row, "opened") else None, "planned": None,
                "levers": tuple(name for name in row["levers"] or () if name in levers),
            })
            for row in tables["projects"]
        ]  # fmt: skip
    return kept


def newest(tables: Tables) -> Tables:
    """Of tables that come in editions, the last one known; rows without a year stay.

    A timetable is of one line, a count of technology firms of one place, other tables of all.
    """
    kept = {}
    for name, group in EDITIONS.items():
        last: dict[tuple[Any, ...], int] = {}
        keys = [tuple(row[column] for column in group) for row in tables[name]]
        years = [row.values.get("year") for row in tables[name]]
        for key, year in zip(keys, years, strict=True):
            if year is not None:
                last[key] = max(year, last.get(key, year))
        kept[name] = [
            row
            for row, key, year in zip(tables[name], keys, years, strict=True)
            if year is None or year == last[key]
        ]
    return tables | kept


def between(tables: Tables, settings: dict[str, Any]) -> Tables:
    """Net migration of the period that ends in the base year alone."""
    period = f"{settings['history_year']}-{settings['base_year']}"
    rows = [row for row in tables["net_migration"] if row["period"] == period]
    return tables | {"net_migration": rows}


def history_of(tables: Tables, settings: dict[str, Any]) -> tuple[Tables, dict[str, Any]]:
    """Tables and settings of the start ``history``.

    Returns
    -------
    dict, dict
        Rows known by its base year, with its assumptions in place of today's; parameters of
        processes stay in ``history_assumptions``.
    """
    from model.processes import PARAMETERS

    settings = settings | settings["history"]
    tables = known_by(tables, settings["base_year"])
    names = {
        f"{prefix}.{name}" for prefix, cls in PARAMETERS.items() for name in cls.declarations()
    }
    own = tables["history_assumptions"]
    replacing = [row for row in own if row["id"] not in names]
    replaced = {row["id"] for row in replacing}
    kept = [row for row in tables["assumptions"] if row["id"] not in replaced]
    people: dict[str, float] = {}
    for row in tables["population"]:
        if row["year"] == settings["base_year"]:
            people[row["place"]] = people.get(row["place"], 0.0) + row["persons"]
    regions = [
        replace(row, values=row.values | {"population": people.get(row["region"], 0.0)})
        for row in tables["regions"]
    ]
    return tables | {
        "assumptions": kept + replacing, "regions": regions,
        "history_assumptions": [row for row in own if row["id"] in names],
    }, settings  # fmt: skip


def history_faults(found: Lines, label: str) -> list[Problem]:
    """What is wrong with the section ``history`` of ``area.yaml``."""
    section, faults = found.get("history"), []
    if section is None:
        return []
    if not isinstance(section, dict):
        return [Problem(label, found.line("history"), "history", "must be a mapping")]
    for key, value in section.items():
        kind = str if key == "mortality_period" else int
        line = found.line(f"history.{key}")
        if key not in YEARS:
            message = "unknown key" + nearest(str(key), list(YEARS))
            faults.append(Problem(label, line, f"history.{key}", message))
        elif not isinstance(value, kind):
            message = f"must be {kind.__name__}, not {value!r}"
            faults.append(Problem(label, line, f"history.{key}", message))
    missing = [key for key in YEARS if key not in section]
    faults += [Problem(label, None, f"history.{key}", "missing") for key in missing]
    given = [section.get("history_year"), section.get("base_year"), found.get("base_year")]
    years = [year for year in given if isinstance(year, int)]
    if len(years) == len(given) and years != sorted(set(years)):
        message = f"{years[0]}, {years[1]} and the base year {years[2]} do not follow one another"
        faults.append(Problem(label, found.line("history.base_year"), "history.base_year", message))
    return faults
