"""Checks across the tables of a study area: names that must exist, cells that must be there."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from model.area import Area
from model.area_history import history_faults
from model.axes import MODES, SEXES
from model.base_year.baseline import earlier_housing
from model.base_year.workplace_jobs import workplace_problems
from model.checks.assumed import odds_problems
from model.checks.levers import lever_problems
from model.checks.names import FINAL_USERS, unknown_names
from model.checks.network import network_problems
from model.checks.people import KEYS as KEYS_OF_PEOPLE
from model.checks.people import age_gaps, people_problems
from model.checks.report_only import report_only_problems
from model.checks.totals import total_problems
from model.problems import Problem, nearest
from model.reading.tables import CARRIERS, Row
from model.reading.yaml_lines import read_mapping

BUDGETS = {"revenue": "revenue_of_output", "expenditure": "transfers_per_resident"}
FACTORS = (
    "gdp_inflation", "house_price_factor", "built_up_factor", "technology_firms_factor",
    *BUDGETS.values(),
)  # fmt: skip

SETTINGS = {
    "title": str, "title_zh": str, "base_year": int, "history_year": int, "price_year": int,
    "mortality_period": str, "core_zone": str, "default_region_set": str,
    "statistics_region_set": str, "history": dict, "technology_sectors": list,
}  # fmt: skip

HIGHEST_INPUTS = 0.95  # of output: less than a twentieth of value added is no industry
KEYS = {
    "sources": ("source",), "cities": ("city",), "zones": ("zone",), "regions": ("region",),
    "region_sets": ("region_set", "region", "zone"), "sectors": ("sector",),
    "report_only": ("region_set", "region", "year", "variable"),
    "population": ("place", "year", "sex", "age"), "employment": ("zone", "year", "sector"),
    "larger_area": ("area", "year", "sex", "age"), "housing": ("zone", "year", "item"),
    "emissions": ("city", "year", "inventory"), "energy": ("sector",),
    "house_prices": ("city", "year"), "land": ("zone", "year"),
    "gdp": ("city", "year", "series", "item"), "fiscal": ("city", "year", "item"),
    "wages": ("city", "year"), "migrants": ("zone", "year", "band"),
    "net_migration": ("zone", "period"), "participation": ("sex", "age"),
    "mortality": ("sex", "age", "period"), "assumptions": ("id",),
    "history_assumptions": ("id",), "history_evidence": ("kind", "name"),
    "comparable": ("zone",), "families": ("family", "channel"),
    "levers": ("lever",), "documents": ("document",), "input_output": ("supplier", "user"),
    "technology_firms": ("place", "stage"), "stations": ("station",), "projects": ("project",),
    "links": ("line", "from_station", "to_station", "project"),
    **KEYS_OF_PEOPLE,
}  # fmt: skip


def settings_of(folder: Path, problems: list[Problem]) -> dict[str, Any]:
    """Settings of ``area.yaml``; faults are appended to ``problems``."""
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
        missing = SETTINGS.keys() - settings.keys() - {"history"}
        problems += [Problem(label, None, key, "missing") for key in sorted(missing)]
        problems += history_faults(found, label)
    return settings


def area_problems(area: Area) -> list[Problem]:
    """Everything that does not hold together between the tables."""
    found = [*unknown_names(area), *_repeated_keys(area), *_missing_people(area)]
    found += [*_missing_zones(area), *lever_problems(area), *_missing_assumptions(area)]
    found += [*_wrong_factors(area), *odds_problems(area), *report_only_problems(area)]
    found += workplace_problems(area)
    found += [*_missing_statistics(area), *_missing_stocks(area), *people_problems(area)]
    return [*found, *network_problems(area), *_production_problems(area), *total_problems(area)]


def _repeated_keys(area: Area) -> Iterator[Problem]:
    for table, columns in KEYS.items():
        rows = area.tables[table]
        counts = Counter(tuple(row[c] for c in columns) for row in rows)
        files = {tuple(row[c] for c in columns): area.label_of(row) for row in rows}
        for key, count in counts.items():
            if count > 1:
                text = ", ".join(str(part) for part in key)
                yield Problem(files[key], None, text, f"stands {count} times")


def _missing_people(area: Area) -> Iterator[Problem]:
    """Places without people of either sex or with a gap between their ages; none may be empty."""
    base, label = area.base_year, area.label("population")
    groups: dict[tuple[str, int, str], list[Row]] = {}
    for row in area.tables["population"]:
        groups.setdefault((row["place"], row["year"], row["sex"]), []).append(row)
    for place in area.places:
        each = [groups.get((place, base, sex), []) for sex in SEXES]
        for sex, rows in zip(SEXES, each, strict=True):
            if not rows:
                yield Problem(label, None, f"{place}, {base}, {sex}", "missing")
        if not sum(row["persons"] or 0 for rows in each for row in rows):
            yield Problem(label, None, f"{place}, {base}", "nobody lives there")
    for (place, year, sex), rows in groups.items():
        yield from age_gaps(label, f"{place}, {year}, {sex}", rows)
    larger: dict[tuple[int, str], list[Row]] = {}
    for row in area.tables["larger_area"]:
        larger.setdefault((row["year"], row["sex"]), []).append(row)
    for (year, sex), rows in larger.items():
        yield from age_gaps(area.label("larger_area"), f"{year}, {sex}", rows)


def _missing_zones(area: Area) -> Iterator[Problem]:
    """Zones without jobs or net migration, or that published statistics hold other than once."""
    base = area.base_year
    jobs = {
        (row["zone"], row["sector"]) for row in area.tables["employment"] if row["year"] == base
    }
    for zone in area.zones:
        for sector in area.census_rows:
            if (zone, sector) not in jobs:
                key = f"{zone}, {base}, {sector}"
                yield Problem(area.label("employment"), None, key, "missing")
    moved = {row["zone"] for row in area.tables["net_migration"]}
    for zone in area.zones:
        if zone not in moved:
            yield Problem(area.label("net_migration"), None, zone, "missing")
    _, weights = area.statistics
    for zone, total in zip(area.zones, weights.sum(axis=0), strict=True):
        if not np.isclose(total, 1.0, rtol=0, atol=1e-9):
            message = f"weights of the zone sum to {total:.12g}, not 1"
            yield Problem(area.label("region_sets"), None, zone, message)


def _missing_stocks(area: Area) -> Iterator[Problem]:
    """Zones and sectors without the rows that stocks start from; impossible land and mixes."""
    base, early = area.base_year, area.settings["history_year"]
    # Where no earlier census says how fast floor space grew, its growth is assumed instead.
    housed = [early, base] if earlier_housing(area) else [base]
    for table, years in (("land", [base]), ("housing", housed)):
        held = {(row["zone"], row["year"]) for row in area.tables[table]}
        for zone in area.zones:
            for year in years:
                if (zone, year) not in held:
                    yield Problem(area.label(table), None, f"{zone}, {year}", "missing")
    mixes = {row["sector"]: row for row in area.tables["energy"]}
    for sector in area.sectors:
        if sector not in mixes:
            yield Problem(area.label("energy"), None, sector, "missing")
    for sector, row in mixes.items():
        shares = [row[carrier] for carrier in CARRIERS]
        if None not in shares and not np.isclose(sum(shares), 1.0, rtol=0, atol=1e-9):
            message = f"shares sum to {sum(shares):.12g}, not 1"
            yield Problem(area.label("energy"), row.line, sector, message)
    whole = {row["zone"]: row["area"] for row in area.tables["zones"]}
    for row in area.tables["land"]:
        if row["value"] is not None and row["value"] > whole.get(row["zone"], np.inf):
            message = f"{row['value']:g} km2 built over in a zone of {whole[row['zone']]:g} km2"
            yield Problem(area.label("land"), row.line, row["zone"], message)


def _missing_assumptions(area: Area) -> Iterator[Problem]:
    """Assumed numbers that the base year asks for by name."""
    wanted = ["mean_stay", "national_share", "circuity.plain", "circuity.hills"]
    wanted += ["price_gradient.core", "price_gradient.county", "degree_days"]
    wanted += [f"energy_intensity.{sector}" for sector in area.sectors]
    for kind in ("inventory_gap", "research_intensity"):
        wanted += [f"{kind}.{region}" for region in area.statistics[0]]
    wanted += [f"net_exchange.{region}" for region in area.regions[:-1]]
    wanted += [f"inflow_share.{region}" for region in area.regions[:-1]]
    wanted += [f"census_error.{region}" for region in area.statistics[0]]
    for row in area.tables["sectors"]:
        if list(area.column("sectors", "census_row")).count(row["census_row"]) > 1:
            start, end = row["census_row"], row["sector"]
            wanted += [f"{start}_split.{region}.{end}" for region in area.statistics[0]]
    if not earlier_housing(area):
        wanted += [f"floor_space_growth.{region}" for region in area.statistics[0]]
    wanted += [f"mode_share.{mode}" for mode in MODES]
    wanted += [f"congestion_index.{kind}" for kind in ("core_city", "core", "suburb", "county")]
    held = {row["id"] for row in area.tables["assumptions"]}
    for name in wanted:
        if name not in held:
            yield Problem(area.label("assumptions"), None, name, "missing")


def _wrong_factors(area: Area) -> Iterator[Problem]:
    """Numbers by region that an area may assume: for regions there are, factors above zero."""
    valid = [f"{kind}.{region}" for kind in FACTORS for region in area.statistics[0]]
    growth = [f"floor_space_growth.{region}" for region in area.statistics[0]]
    for row in area.tables["assumptions"]:
        kind = row["id"].split(".")[0]
        if kind in (*FACTORS, "floor_space_growth") and row["id"] not in valid + growth:
            message = "unknown region" + nearest(row["id"], valid + growth)
            yield Problem(area.label_of(row), row.line, row["id"], message)
        elif row["id"] in valid and row["value"] <= 0:
            message = f"{row['value']:g} is not above zero [{row['unit']}]"
            yield Problem(area.label_of(row), row.line, row["id"], message)


def _missing_statistics(area: Area) -> Iterator[Problem]:
    """Published city values of the base year that the inversion rests on, budgets assumed apart."""
    base, regions = area.base_year, area.statistics[0]
    assumed = {row["id"] for row in area.tables["assumptions"]}
    items = ("total", "primary", "secondary", "tertiary")
    wanted = [("gdp", {"series": "original", "item": item}) for item in items]
    wanted += [("fiscal", {"item": "revenue"}), ("fiscal", {"item": "expenditure"})]
    wanted += [("wages", {}), ("house_prices", {}), ("emissions", {"inventory": "profile"})]
    for table, where in wanted:
        values = area.statistic(table, base, **where)
        stand_in = BUDGETS.get(where.get("item", "")) if table == "fiscal" else None
        for region, value in zip(regions, values, strict=True):
            if not np.isfinite(value) and f"{stand_in}.{region}" not in assumed:
                key = ", ".join([region, str(base), *where.values()])
                yield Problem(area.label(table), None, key, "missing")


def _production_problems(area: Area) -> Iterator[Problem]:
    """Inputs that leave no value added; output without workers, workers without output."""
    label = area.label("input_output")
    inputs = dict.fromkeys((*area.sectors, *FINAL_USERS), 0.0)
    held = {(row["supplier"], row["user"]) for row in area.tables["input_output"]}
    for row in area.tables["input_output"]:
        inputs[row["user"]] = inputs.get(row["user"], 0.0) + row["value"]
    for user in inputs:
        missing = [s for s in area.sectors if (s, user) not in held]
        for supplier in missing:
            yield Problem(label, None, f"{supplier}, {user}", "missing")
        if user in area.sectors and inputs[user] > HIGHEST_INPUTS:
            message = f"inputs are {inputs[user]:g} of output; at most {HIGHEST_INPUTS:g} (unit 1)"
            yield Problem(label, None, user, message)
    regions, weights = area.statistics
    published = area.column("sectors", "published_sector")
    census = area.column("sectors", "census_row")
    for item in ("primary", "secondary", "tertiary"):
        rows = dict.fromkeys(census[published == item])
        workers = np.zeros(len(area.zones))
        for row in rows:
            workers = workers + area.by_zone("employment", year=area.base_year, sector=row)
        output = area.statistic("gdp", area.base_year, series="original", item=item)
        for region, value, people in zip(regions, output, weights @ workers, strict=True):
            key = f"{region}, {area.base_year}, {item}"
            if value < 0:
                message = f"value added is {value:g}; at least 0 (unit 1e8 yuan)"
                yield Problem(area.label("gdp"), None, key, message)
            elif value > 0 and not people > 0:
                message = f"value added of {value:g} (1e8 yuan), and nobody works there"
                yield Problem(area.label("gdp"), None, key, message)
            elif value == 0 and people > 0:
                message = f"value added is 0, and {people:g} people work there"
                yield Problem(area.label("gdp"), None, key, message)
