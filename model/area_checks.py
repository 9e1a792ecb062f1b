"""Checks across the tables of a study area: names that must exist, cells that must be there."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.axes import SEXES
from model.catalogue import CHANNELS
from model.firms import STAGES
from model.problems import Problem, nearest

if TYPE_CHECKING:
    from model.area import Area

SETTINGS = {
    "title": str, "title_zh": str, "base_year": int, "history_year": int, "price_year": int,
    "mortality_period": str, "core_zone": str, "default_region_set": str,
    "statistics_region_set": str, "technology_sectors": list,
}  # fmt: skip


def settings_of(folder: Path, problems: list[Problem]) -> dict[str, Any]:
    """Settings of ``area.yaml``; faults are appended to ``problems``."""
    from model.yaml_lines import read_mapping

    label = f"{folder.name}/area.yaml"
    found = read_mapping(folder / "area.yaml", label, problems)
    settings: dict[str, Any] = {}
    for key, value in found.items():
        if key not in SETTINGS:
            message = "unknown key" + nearest(key, list(SETTINGS))
            problems.append(Problem(label, found.line(key), key, message))
        elif not isinstance(value, SETTINGS[key]):
            message = f"must be {SETTINGS[key].__name__}, not {value!r}"
            problems.append(Problem(label, found.line(key), key, message))
        settings[key] = value
    if found:
        missing = SETTINGS.keys() - settings.keys()
        problems += [Problem(label, None, key, "missing") for key in sorted(missing)]
    return settings


def area_problems(area: "Area") -> list[Problem]:
    """Everything that does not hold together between the tables."""
    found = [*_unknown_names(area), *_repeated_keys(area), *_missing_cells(area)]
    found += [*_unordered_priors(area), *_missing_assumptions(area), *_missing_statistics(area)]
    return found


def _unknown_names(area: "Area") -> Iterator[Problem]:
    metro = set(area.zones)
    statistics = {r["region"] for r in area.tables["region_sets"]}
    known: dict[tuple[str, str], set[str]] = {
        ("cities", "seat"): metro,
        ("zones", "city"): set(area.cities),
        ("region_sets", "zone"): metro,
        ("population", "place"): metro | set(area.regions),
        ("population", "sex"): set(SEXES),
        ("mortality", "sex"): set(SEXES),
        ("participation", "sex"): set(SEXES),
        ("technology_firms", "place"): metro | set(area.cities),
        ("technology_firms", "stage"): set(STAGES),
        ("employment", "zone"): metro,
        ("employment", "sector"): set(area.census_rows),
        ("migrants", "zone"): metro,
        ("net_migration", "zone"): metro,
        ("rail_times", "from_zone"): metro,
        ("rail_times", "to_zone"): metro,
        ("levers", "family"): {r["family"] for r in area.tables["families"]},
        ("levers", "channel"): set(CHANNELS),
        ("levers", "document"): {r["document"] for r in area.tables["documents"]},
        ("zones", "kind"): {"core", "suburb", "county"},
        ("zones", "terrain"): {"plain", "hills"},
        ("sectors", "published_sector"): {"primary", "secondary", "tertiary"},
    }
    for table in ("gdp", "fiscal", "wages", "history"):
        known[table, "city"] = statistics
    groups: dict[tuple[str, str], set[str]] = {
        ("levers", "zones"): metro | set(area.cities) | {"*"},
        ("levers", "partners"): metro | set(area.cities) | {"*"},
        ("levers", "sectors"): set(area.sectors) | {"*"},
    }
    sources = {r["source"] for r in area.tables["sources"]}
    for table, rows in area.tables.items():
        if table not in {"sources", "documents"}:
            known[table, "source"] = sources
        for row in rows:
            for column, value in row.values.items():
                valid = known.get((table, column)) or groups.get((table, column))
                values = value if isinstance(value, tuple) else (value,)
                if valid is None or value is None:
                    continue
                for one in values:
                    if one not in valid:
                        message = f"unknown {one!r}{nearest(str(one), sorted(valid))}"
                        yield Problem(_label(area, table), row.line, column, message)
    for key, valid in (("core_zone", metro), ("default_region_set", set(area.region_sets)),
                       ("statistics_region_set", set(area.region_sets))):  # fmt: skip
        value = area.settings[key]
        if value not in valid:
            message = f"unknown {value!r}{nearest(value, sorted(valid))}"
            yield Problem(f"{area.name}/area.yaml", None, key, message)
    for value in area.settings["technology_sectors"]:
        if value not in area.sectors:
            message = f"unknown {value!r}{nearest(str(value), sorted(area.sectors))}"
            yield Problem(f"{area.name}/area.yaml", None, "technology_sectors", message)


KEYS = {
    "sources": ("source",), "cities": ("city",), "zones": ("zone",), "regions": ("region",),
    "region_sets": ("region_set", "region", "zone"), "sectors": ("sector",),
    "population": ("place", "year", "sex", "age"), "employment": ("zone", "year", "sector"),
    "gdp": ("city", "year", "series", "item"), "fiscal": ("city", "year", "item"),
    "wages": ("city", "year"), "migrants": ("zone", "year", "band"),
    "net_migration": ("zone", "period"), "participation": ("sex", "age"),
    "mortality": ("sex", "age", "period"), "assumptions": ("id",), "families": ("family",),
    "technology_firms": ("place", "stage"),
    "levers": ("lever",), "documents": ("document",),
}  # fmt: skip


def _repeated_keys(area: "Area") -> Iterator[Problem]:
    for table, columns in KEYS.items():
        counts = Counter(tuple(row[c] for c in columns) for row in area.tables[table])
        for key, count in counts.items():
            if count > 1:
                text = ", ".join(str(part) for part in key)
                yield Problem(_label(area, table), None, text, f"stands {count} times")


def _missing_cells(area: "Area") -> Iterator[Problem]:
    """Every place has every age of both sexes, starting at 0; every zone its jobs and shares."""
    base = area.base_year
    cells: dict[tuple[str, int, str], list[Any]] = {}
    for row in area.tables["population"]:
        cells.setdefault((row["place"], row["year"], row["sex"]), []).append(row)
    for place in area.places:
        for sex in SEXES:
            rows = cells.get((place, base, sex), [])
            if not rows:
                yield Problem(
                    _label(area, "population"), None, f"{place}, {base}, {sex}", "missing"
                )
    for (place, year, sex), rows in cells.items():
        yield from _age_gaps(_label(area, "population"), f"{place}, {year}, {sex}", rows)
    held = {
        (row["zone"], row["sector"]) for row in area.tables["employment"] if row["year"] == base
    }
    for zone in area.zones:
        for sector in area.census_rows:
            if (zone, sector) not in held:
                key = f"{zone}, {base}, {sector}"
                yield Problem(_label(area, "employment"), None, key, "missing")
    for place in area.places:
        if not sum(row["persons"] or 0 for s in SEXES for row in cells.get((place, base, s), [])):
            yield Problem(
                _label(area, "population"), None, f"{place}, {base}", "nobody lives there"
            )
    moved = {row["zone"] for row in area.tables["net_migration"]}
    for zone in area.zones:
        if zone not in moved:
            yield Problem(_label(area, "net_migration"), None, zone, "missing")
    _, weights = area.statistics
    for zone, total in zip(area.zones, weights.sum(axis=0), strict=True):
        if not np.isclose(total, 1.0, rtol=0, atol=1e-9):
            message = f"weights of the zone sum to {total:.12g}, not 1"
            yield Problem(_label(area, "region_sets"), None, zone, message)


def _age_gaps(label: str, key: str, rows: list[Any]) -> Iterator[Problem]:
    expected = 0
    for position, row in enumerate(rows):
        if row["age"] != expected:
            message = f"{key}: age {row['age']} where {expected} was due (ages out of order?)"
            yield Problem(label, row.line, "age", message)
            return
        if row["width"] is None and position != len(rows) - 1:
            yield Problem(label, row.line, "width", f"{key}: an open group before the last")
            return
        expected += row["width"] or 0
    if rows and rows[-1]["width"] is not None:
        yield Problem(label, rows[-1].line, "width", f"{key}: the last group must be open")


def _unordered_priors(area: "Area") -> Iterator[Problem]:
    for row in area.tables["levers"]:
        if row["end"] is not None and row["start"] is not None and row["end"] < row["start"]:
            yield Problem(_label(area, "levers"), row.line, "end", "before the start")


def _missing_assumptions(area: "Area") -> Iterator[Problem]:
    """Assumed numbers that the base year asks for by name."""
    wanted = ["core_job_surplus", "mean_stay", "circuity.plain", "circuity.hills"]
    wanted += [f"net_exchange.{region}" for region in area.regions[:-1]]
    wanted += [f"inflow_share.{region}" for region in area.regions[:-1]]
    wanted += [f"census_error.{region}" for region in area.statistics[0]]
    for row in area.tables["sectors"]:
        if list(area.column("sectors", "census_row")).count(row["census_row"]) > 1:
            start, end = row["census_row"], row["sector"]
            wanted += [f"{start}_split.{region}.{end}" for region in area.statistics[0]]
    held = {row["id"] for row in area.tables["assumptions"]}
    for name in wanted:
        if name not in held:
            yield Problem(_label(area, "assumptions"), None, name, "missing")


def _missing_statistics(area: "Area") -> Iterator[Problem]:
    """Published city values of the base year that the inversion rests on."""
    base, regions = area.base_year, area.statistics[0]
    items = ("total", "primary", "secondary", "tertiary")
    wanted = [("gdp", {"series": "original", "item": item}) for item in items]
    wanted += [("fiscal", {"item": "revenue"}), ("wages", {})]
    for table, where in wanted:
        values = area.statistic(table, base, **where)
        for region, value in zip(regions, values, strict=True):
            if not np.isfinite(value):
                key = ", ".join([region, str(base), *where.values()])
                yield Problem(_label(area, table), None, key, "missing")


def _label(area: "Area", table: str) -> str:
    return f"{area.name}/{table}.csv"
