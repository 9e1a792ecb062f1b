"""Tables of a study area: what columns they have, and how they are read.

Every table is CSV with a header. A fact carries ``unit``, ``source`` and ``confidence``.
All faults of all tables are collected before anything is raised.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.priors import parse_prior
from model.problems import Problem, nearest
from model.reading.csv_rows import csv_rows
from model.reading.plain_signs import hint

CARRIERS = ("coal", "oil", "gas", "power")
CONFIDENCE = ("observed", "derived", "assumed")
SCALE = {"1e4 persons": 1e4, "percent": 0.01}
UNITS = (
    "persons", "1e4 persons", "persons/yr", "1e8 yuan", "1e8 yuan/yr", "yuan", "yuan/year", "1",
    "share", "percent", "households", "years, share", "years/yr", "km", "km2", "degrees",
    "degrees, km2", "degrees, persons",
    "1, 1e8 yuan", "1/yr, 1e8 yuan", "minutes", "year", "yr", "years",
    "1/yr", "1/min", "per person-year", "m2", "log", "log/yr", "utility", "births per woman",
    "children per woman", "index", "persons per household", "minutes, trains/day, yuan",
    "m2 per person", "yuan per m2", "yuan per person",
    "Mt", "tce per 1e4 yuan", "1e6 US dollars", "kgce/m2", "km/h", "yuan/km", "utility/yr",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, how a cell is read, whether it may be empty, and its bounds.

    A ``spare`` column may be left out of a table altogether: every cell of it is then empty.
    """

    name: str
    read: Callable[[str], Any] = str
    optional: bool = False
    low: float = -math.inf
    high: float = math.inf
    spare: bool = False


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _yes(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


C = Column
_PERSONS = C("persons", _finite, low=0)
_YEAR = C("year", int, low=1949, high=2100)
_SHARE = C("share", _finite, low=0, high=1)
_FACT = (C("unit"), C("source"), C("confidence"))
_AGE = (C("age", int, low=0, high=120), C("width", int, optional=True, low=1))

TABLES: dict[str, tuple[Column, ...]] = {
    "sources": (C("source"), C("citation")),
    "cities": (C("city"), C("name_zh"), C("name_en"), C("seat"), *_FACT),
    "zones": (
        C("zone"), C("name_zh"), C("name_en"), C("city"), C("adcode", optional=True), C("kind"),
        C("terrain"), C("latitude", _finite, low=-90, high=90),
        C("longitude", _finite, low=-180, high=180), C("area", _finite, low=0), *_FACT,
    ),
    "regions": (
        C("region"), C("name_zh"), C("name_en"), C("same_province", _yes),
        C("latitude", _finite, low=-90, high=90), C("longitude", _finite, low=-180, high=180),
        C("population", _finite, low=0), *_FACT,
    ),
    "region_sets": (
        C("region_set"), C("region"), C("zone"), C("weight", _finite, low=0, high=1), *_FACT,
    ),
    "report_only": (
        C("region_set"), C("region"), C("name_zh"), C("name_en"), _YEAR, C("variable"),
        C("value", _finite, low=0), *_FACT,
    ),
    "sectors": (
        C("sector"), C("name_zh"), C("name_en"), C("family"), C("census_row"), C("industries"),
        C("published_sector"),
        C("labour_share", _finite, low=0.05, high=0.95), C("local_supply"), *_FACT,
    ),
    "input_output": (
        C("supplier"), C("user"), C("value", _finite, low=0), *_FACT,
    ),
    "population": (C("place"), _YEAR, C("sex"), *_AGE, _PERSONS, *_FACT),
    "larger_area": (C("area"), _YEAR, C("sex"), *_AGE, _PERSONS, *_FACT),
    "carve_outs": (C("zone"), C("from_zone"), _YEAR, _PERSONS, *_FACT),
    "housing": (C("zone"), _YEAR, C("item"), C("value", _finite, low=1, high=500), *_FACT),
    "emissions": (C("city"), _YEAR, C("inventory"), C("value", _finite, low=0.001), *_FACT),
    "energy": (
        _YEAR, C("sector"), *(C(name, _finite, low=0, high=1) for name in CARRIERS), *_FACT,
    ),
    "house_prices": (C("city"), _YEAR, C("value", _finite, low=1), *_FACT),
    "land": (C("zone"), _YEAR, C("value", _finite, low=0.001), *_FACT),
    "employment": (C("zone"), _YEAR, C("sector"), _PERSONS, *_FACT),
    "gdp": (C("city"), _YEAR, C("series"), C("item"), C("value", _finite), *_FACT),
    "fiscal": (C("city"), _YEAR, C("item"), C("value", _finite, low=0), *_FACT),
    "wages": (C("city"), _YEAR, C("value", _finite, low=1), *_FACT),
    "migrants": (C("zone"), _YEAR, C("band"), _PERSONS, *_FACT),
    "net_migration": (C("zone"), C("period"), C("persons", _finite), *_FACT),
    "mortality": (C("sex"), *_AGE, C("period"), C("rate", _finite, low=1e-9, high=2), *_FACT),
    "participation": (_YEAR, C("sex"), *_AGE, _SHARE, *_FACT),
    "stations": (
        C("station"), C("name_en"), C("name_zh"), C("zone"), C("kind"),
        C("access", _finite, low=0, high=240), *_FACT,
    ),
    "links": (
        C("line"), C("from_station"), C("to_station"), C("minutes", _finite, low=0.5, high=1000),
        C("trains", _finite, low=0.1, high=2000), C("fare", _finite, low=0),
        C("opened", int, optional=True, low=1880, high=2100), C("project", optional=True),
        C("year", int, optional=True, low=1949, high=2100, spare=True), *_FACT,
    ),
    "projects": (
        C("project"), C("name_en"), C("name_zh"),
        C("opened", int, optional=True, low=1880, high=2100),
        C("planned", int, optional=True, low=1880, high=2100),
        C("levers", _names, optional=True), *_FACT,
    ),
    "roads": (
        C("project"), C("zones", _names), C("partners", _names),
        C("factor", _finite, low=0.2, high=2), *_FACT,
    ),
    "education": (
        C("zone"), _YEAR, C("sex"), C("level"), C("age", int, low=0, high=15), _PERSONS, *_FACT,
    ),
    "education_profile": (_YEAR, C("sex"), *_AGE, C("level"), _SHARE, *_FACT),
    "own_city": (C("city"), _YEAR, _SHARE, *_FACT),
    "hukou_profile": (_YEAR, *_AGE, C("hukou"), C("odds", _finite, low=0), *_FACT),
    "registered": (C("city"), _YEAR, C("item"), C("value", _finite, low=0), *_FACT),
    "registered_zones": (C("zone"), _YEAR, _PERSONS, *_FACT),
    "urban": (C("zone"), _YEAR, _PERSONS, *_FACT),
    "households": (C("zone"), _YEAR, C("item"), C("value", _finite, low=0), *_FACT),
    "headship_profile": (
        _YEAR, C("sex"), *_AGE, C("rate", _finite, low=0, high=1), *_FACT,
    ),
    "universities": (C("zone"), _YEAR, _PERSONS, *_FACT),
    "retirement": (
        C("sex"), C("category"), _YEAR, C("age", _finite, low=40, high=80), _SHARE, *_FACT,
    ),
    "schooling": (
        C("level"), _YEAR, C("probability", _finite, low=0, high=1), C("prior", parse_prior),
        *_FACT,
    ),
    "history": (C("city"), C("variable"), _YEAR, C("value", _finite), *_FACT),
    "technology_firms": (
        C("place"), _YEAR, C("stage"), C("firms", _finite, low=0), *_FACT,
    ),
    "assumptions": (C("id"), C("value", _finite), C("prior", parse_prior), C("meaning"), *_FACT),
    "history_assumptions": (
        C("id"), C("value", _finite), C("prior", parse_prior), C("meaning"), *_FACT,
    ),
    "history_evidence": (
        C("kind"), C("name"), C("evidence", int, optional=True, low=1800, high=2100), C("basis"),
        C("reason"), *_FACT,
    ),
    "comparable": (C("zone"), C("comparable", _yes), *_FACT),
    "families": (
        C("family"), C("channel", optional=True, spare=True), C("name_en"), C("name_zh"),
        C("cap", _finite, low=0), C("cap_unit"), *_FACT,
    ),
    "levers": (
        C("lever"), C("id"), C("family"), C("name_en"), C("name_zh"),
        C("channel", optional=True), C("zones", _names), C("partners", _names, optional=True),
        C("sectors", _names, optional=True), C("start", int, low=2000, high=2100),
        C("end", int, low=2000, high=2100), C("ramp", _finite, low=0, high=50),
        C("prior", parse_prior, optional=True), C("discount", _yes), C("displaces", _yes),
        C("cost", _finite, optional=True, low=0), C("cost_prior", parse_prior, optional=True),
        C("document"), C("section"), *_FACT,
        C("free", _yes, optional=True, spare=True), C("direction", optional=True, spare=True),
        C("represented", _yes, optional=True, spare=True),
        C("inert_reason", optional=True, spare=True), C("mechanism", optional=True, spare=True),
        C("dating", optional=True, spare=True), C("also", _names, optional=True, spare=True),
    ),
    "documents": (C("document"), C("title_zh"), C("title_en"), C("issuer"), C("date")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number in the file, its values by column, and whose it is.

    A start may move rows from one table to another; what they are told by stays their own.
    """

    line: int
    values: dict[str, Any]
    table: str

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read_table(folder: Path, name: str, problems: list[Problem]) -> list[Row]:
    """Rows of one table; faults are appended to ``problems``.

    Examples
    --------
    >>> faults = []
    >>> read_table(Path("nowhere"), "cities", faults)
    []
    >>> faults[0].message
    'the table is missing'
    """
    label, columns = f"{folder.name}/{name}.csv", TABLES[name]
    needed = [column.name for column in columns if not column.spare]
    spare = [column.name for column in columns if column.spare]
    rows = csv_rows(folder / f"{name}.csv", label, needed, problems, spare)
    return [Row(line, _cells(raw, columns, label, line, problems), name) for line, raw in rows]


def _cells(
    raw: dict[str, str], columns: tuple[Column, ...], label: str, line: int, problems: list[Problem]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column in columns:
        text = raw.get(column.name, "")
        values[column.name] = None
        if not text:
            if not column.optional:
                problems.append(Problem(label, line, column.name, "the cell is empty"))
            continue
        try:
            value = column.read(text)
        except (ValueError, KeyError) as error:
            reason = str(error) if "prior" in column.name else f"cannot read {text!r}{hint(text)}"
            problems.append(Problem(label, line, column.name, reason))
            continue
        if isinstance(value, int | float) and not column.low <= value <= column.high:
            message = f"{value:g} is outside [{column.low:g}, {column.high:g}]"
            problems.append(Problem(label, line, column.name, message))
            continue
        values[column.name] = value
    problems += _check_marks(values, label, line)
    return values


def _check_marks(values: dict[str, Any], label: str, line: int) -> list[Problem]:
    """Unit and confidence are of the known ones."""
    found = []
    for name, valid in (("unit", UNITS), ("confidence", CONFIDENCE)):
        value = values.get(name)
        if value is not None and value not in valid:
            found.append(Problem(label, line, name, f"unknown {value!r}{nearest(value, valid)}"))
    return found
