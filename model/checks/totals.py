"""Checks of tables against each other: profiles by age that must be whole, totals that must agree.

What a table says twice, or what another table bounds, is compared; nothing is scaled to fit.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from model.area import Area
from model.axes import SEXES
from model.checks.people import BANDS, age_gaps, counted
from model.problems import Problem
from model.reading.tables import Row

SHARES = ("primary", "secondary", "tertiary")
ROUNDING = 1e-3  # of a total: published sums are rounded part by part
YEARLY = "persons/yr"


def total_problems(area: Area) -> Iterator[Problem]:
    """Everything in which profiles have gaps and tables disagree about a total."""
    yield from _whole_profiles(area)
    yield from _value_added(area)
    yield from _workers_above(area)
    yield from _carved(area)
    yield from _registered(area)
    yield from _migrants(area)


def _whole_profiles(area: Area) -> Iterator[Problem]:
    """Death rates and participation: both sexes in the period in use, ages without a gap."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for sex in SEXES:
        groups["mortality", f"{area.settings['mortality_period']}, {sex}"] = []
        groups["participation", sex] = []
    for row in area.tables["mortality"]:
        groups.setdefault(("mortality", f"{row['period']}, {row['sex']}"), []).append(row)
    for row in area.tables["participation"]:
        groups.setdefault(("participation", row["sex"]), []).append(row)
    for (table, key), rows in groups.items():
        if not rows:
            yield Problem(area.label(table), None, key, "missing")
            continue
        # Below the first age of participation nobody takes part in work.
        first = rows[0]["age"] if table == "participation" else 0
        yield from age_gaps(area.label(table), key, rows, first)


def _value_added(area: Area) -> Iterator[Problem]:
    """Value added of the three published sectors against the published total."""
    held: dict[tuple[Any, ...], dict[str, Row]] = {}
    for row in area.tables["gdp"]:
        if row["unit"] != "percent":
            held.setdefault((row["city"], row["year"], row["series"]), {})[row["item"]] = row
    for (city, year, series), items in held.items():
        if "total" not in items or not all(name in items for name in SHARES):
            continue
        total, parts = items["total"], sum(items[name]["value"] for name in SHARES)
        if abs(parts - total["value"]) > ROUNDING * abs(total["value"]):
            message = (
                f"{city}, {year}, {series}: total {total['value']:g}, but {', '.join(SHARES)} "
                f"sum to {parts:g} (unit {total['unit']})"
            )
            yield Problem(area.label("gdp"), total.line, "value", message)


def _workers_above(area: Area) -> Iterator[Problem]:
    """People at work, and students, against the residents they are counted among."""
    ages = [row["age"] for row in area.tables["participation"]]
    youngest = {"employment": min(ages, default=0), "universities": 0}
    for table, first in youngest.items():
        people = _people(area, first)
        amounts: dict[tuple[str, int], list[Row]] = {}
        for row in area.tables[table]:
            amounts.setdefault((row["zone"], row["year"]), []).append(row)
        for key, rows in amounts.items():
            amount, limit = sum(counted(row) for row in rows), people.get(key)
            if limit is not None and amount > limit * (1 + ROUNDING):
                older = f" aged {first} and over" if first else ""
                message = f"{key[0]}, {key[1]}: {amount:,.0f} of {limit:,.0f} residents{older}"
                yield Problem(area.label(table), rows[-1].line, "persons", message)


def _carved(area: Area) -> Iterator[Problem]:
    """What was carved out of other zones for a zone is the people of that zone."""
    people = _people(area, 0)
    carved: dict[tuple[str, int], list[Row]] = {}
    for row in area.tables["carve_outs"]:
        carved.setdefault((row["zone"], row["year"]), []).append(row)
    for key, rows in carved.items():
        amount, wanted = sum(counted(row) for row in rows), people.get(key)
        if wanted is not None and abs(amount - wanted) > ROUNDING * wanted:
            message = (
                f"{key[0]}, {key[1]}: parts sum to {amount:,.0f}, and {wanted:,.0f} live there"
            )
            yield Problem(area.label("carve_outs"), rows[-1].line, "persons", message)


def _registered(area: Area) -> Iterator[Problem]:
    """Registered people of zones against those of the regions they make up."""
    regions, weights = area.statistics
    if not np.allclose(weights.sum(axis=0), 1.0):
        return  # told already: no total of regions could agree
    by_zone = {(row["zone"], row["year"]): row for row in area.tables["registered_zones"]}
    for row in area.tables["registered"]:
        if row["item"] != "registered" or row["city"] not in regions:
            continue
        parts = weights[regions.index(row["city"])]
        inside = [(area.zones[z], parts[z]) for z in np.flatnonzero(parts)]
        if any((zone, row["year"]) not in by_zone for zone, _ in inside):
            continue
        amount = sum(counted(by_zone[zone, row["year"]]) * part for zone, part in inside)
        whole = counted(row, "value")
        if abs(amount - whole) > ROUNDING * whole:
            message = (
                f"{row['city']}, {row['year']}: {whole:,.0f}, but its zones sum to {amount:,.0f} "
                "in registered_zones.csv"
            )
            yield Problem(area.label("registered"), row.line, "value", message)


def _migrants(area: Area) -> Iterator[Problem]:
    """Migrants of every zone and band; a net gain or loss of a year within the people there are."""
    people = _people(area, 0)
    held = {(row["zone"], row["band"]) for row in area.tables["migrants"]
            if row["year"] == area.base_year}  # fmt: skip
    for zone in area.zones:
        for band in BANDS:
            if (zone, band) not in held:
                key = f"{zone}, {area.base_year}, {band}"
                yield Problem(area.label("migrants"), None, key, "missing")
    for row in area.tables["net_migration"]:
        label = area.label("net_migration")
        if row["unit"] != YEARLY:
            yield Problem(label, row.line, "unit", f"{row['unit']!r}, where {YEARLY!r} is due")
        limit = people.get((row["zone"], area.base_year))
        if limit is not None and abs(row["persons"]) > limit:
            message = f"{row['zone']}: {row['persons']:,.0f} a year of {limit:,.0f} residents"
            yield Problem(label, row.line, "persons", message)


def _people(area: Area, first: int) -> dict[tuple[str, int], float]:
    """Residents of each place and year in groups that reach an age or lie above it [persons]."""
    found: dict[tuple[str, int], float] = {}
    rows: Iterable[Row] = area.tables["population"]
    for row in rows:
        if row["width"] is None or row["age"] + row["width"] > first:
            key = (row["place"], row["year"])
            found[key] = found.get(key, 0.0) + counted(row)
    return found
