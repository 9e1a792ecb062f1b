"""Checks of the tables about people: levels, registration, urban, households against people.

Nothing is clipped to fit: a table that says more than the people it counts is refused, by table,
row and column.
"""

from collections.abc import Iterator
from typing import Any

from model.area import Area
from model.axes import EDUCATION, HUKOU, SEXES
from model.problems import Problem
from model.reading.tables import SCALE, Row

SLACK = 1e-6
BANDS = ("same_city", "same_province", "other_province")
FAMILIES = ("family_households", "family_population", "one_person")
KEYS = {
    "education": ("zone", "year", "sex", "level"),
    "education_profile": ("year", "sex", "age", "level"), "own_city": ("city", "year"),
    "hukou_profile": ("year", "age", "hukou"), "registered": ("city", "year", "item"),
    "registered_zones": ("zone", "year"), "urban": ("zone", "year"),
    "households": ("zone", "year", "item"), "headship_profile": ("year", "sex", "age"),
    "universities": ("zone", "year"), "retirement": ("sex", "category", "year"),
    "schooling": ("level", "year"),
}  # fmt: skip


def people_problems(area: Area) -> Iterator[Problem]:
    """Everything in which the tables about people disagree with themselves or each other."""
    yield from _missing(area)
    yield from _nobody_came(area)
    yield from _profiles(area)
    yield from _above(area)
    yield from _household_sums(area)
    yield from _sums_to_one(area, "education_profile", ("year", "sex", "age"), "share")
    yield from _sums_to_one(area, "retirement", ("sex", "year"), "share")


def names_of_people(area: Area) -> dict[tuple[str, str], set[str]]:
    """Names that the cells of these tables may hold, by table and column."""
    zones, sexes = set(area.zones), set(SEXES)
    tables = ("education", "registered_zones", "urban", "households", "universities")
    known = {(table, "zone"): zones for table in tables}
    by_sex = ("education", "education_profile", "headship_profile", "retirement")
    known |= {(table, "sex"): sexes for table in by_sex}
    known |= {(table, "level"): set(EDUCATION) for table in ("education", "education_profile")}
    known["schooling", "level"] = set(EDUCATION[1:])
    known["hukou_profile", "hukou"] = set(HUKOU)
    known["migrants", "band"] = set(BANDS)
    known["own_city", "city"] = set(area.cities)
    return known


def counted(row: Row, column: str = "persons") -> float:
    """A count of a row in its plain unit."""
    return float(row[column] * SCALE.get(row["unit"], 1.0))


def _missing(area: Area) -> Iterator[Problem]:
    """Cells of the base year that the readers ask for."""
    base = area.base_year
    wanted: dict[str, list[tuple[Any, ...]]] = {
        "education": [(z, base, s, e) for z in area.zones for s in SEXES for e in EDUCATION],
        "urban": [(zone, base) for zone in area.zones],
        "universities": [(zone, base) for zone in area.zones],
        "households": [(zone, base, item) for zone in area.zones for item in FAMILIES],
        "own_city": [(city, base) for city in area.cities],
        "registered": [
            (region, base, item)
            for region in area.statistics[0]
            for item in ("registered", "registered_urban")
        ],
        "schooling": [(level, base) for level in EDUCATION[1:]],
    }
    for table, keys in wanted.items():
        held = {tuple(row[column] for column in KEYS[table]) for row in area.tables[table]}
        for key in keys:
            if key not in held:
                text = ", ".join(str(part) for part in key)
                yield Problem(area.label(table), None, text, "missing")


def _nobody_came(area: Area) -> Iterator[Problem]:
    """Regions of whose band the zones have no migrants in the base year.

    Arrivals from a region are a share of its band, and its pull follows from them: without any
    it would have no bound.
    """
    base = area.base_year
    came = {
        row["band"] for row in area.tables["migrants"] if row["year"] == base and counted(row) > 0
    }
    for row in area.tables["regions"]:
        band = "same_province" if row["same_province"] else "other_province"
        if band not in came:
            key = f"{row['region']}, {base}, {band}"
            message = "no zone has migrants of this band, and the region's arrivals are part of it"
            yield Problem(area.label("migrants"), None, key, message)


def _profiles(area: Area) -> Iterator[Problem]:
    """Every profile of the base year has every group, its ages rising from 0 without a gap."""
    groups: dict[tuple[str, tuple[Any, ...]], list[Row]] = {}
    for table, columns in (
        ("education_profile", ("year", "sex", "level")),
        ("hukou_profile", ("year", "hukou")),
        ("headship_profile", ("year", "sex")),
    ):
        for row in area.tables[table]:
            groups.setdefault((table, tuple(row[c] for c in columns)), []).append(row)
    base = area.base_year
    wanted: list[tuple[str, tuple[Any, ...]]]
    wanted = [("education_profile", (base, sex, level)) for sex in SEXES for level in EDUCATION]
    wanted += [("hukou_profile", (base, hukou)) for hukou in HUKOU]
    wanted += [("headship_profile", (base, sex)) for sex in SEXES]
    for table, key in wanted:
        if (table, key) not in groups:
            text = ", ".join(str(part) for part in key)
            yield Problem(area.label(table), None, text, "missing")
    for (table, key), rows in groups.items():
        yield from age_gaps(area.label(table), ", ".join(map(str, key)), rows)


def _residents(area: Area) -> dict[tuple[str, int, str], list[tuple[int, int | None, float]]]:
    cells: dict[tuple[str, int, str], list[tuple[int, int | None, float]]] = {}
    for row in area.tables["population"]:
        key = (row["place"], row["year"], row["sex"])
        cells.setdefault(key, []).append((row["age"], row["width"], counted(row)))
    return cells


def _above(area: Area) -> Iterator[Problem]:
    """A part above the people it is a part of."""
    cells = _residents(area)
    whole: dict[tuple[str, int], float] = {}
    for (place, year, _), groups in cells.items():
        whole[place, year] = whole.get((place, year), 0.0) + sum(group[2] for group in groups)
    yield from _levels_above(area, cells)
    yield from _register_above(area)
    parts: dict[tuple[str, str, int], list[Row]] = {}
    for table in ("migrants", "urban"):
        for row in area.tables[table]:
            parts.setdefault((table, row["zone"], row["year"]), []).append(row)
    for row in area.tables["households"]:
        if row["item"] == "family_population":
            parts.setdefault(("households", row["zone"], row["year"]), []).append(row)
    for (table, zone, year), rows in parts.items():
        column = "value" if table == "households" else "persons"
        amount, limit = sum(counted(row, column) for row in rows), whole.get((zone, year))
        if limit is not None and amount > limit * (1 + SLACK):
            message = f"{zone}, {year}: {amount:,.0f} of {limit:,.0f} residents"
            yield Problem(area.label(table), rows[-1].line, column, message)


def _register_above(area: Area) -> Iterator[Problem]:
    rows = area.tables["registered"]
    held = {(row["city"], row["year"], row["item"]): counted(row, "value") for row in rows}
    for row in rows:
        limit = held.get((row["city"], row["year"], "registered"))
        if row["item"] == "registered_urban" and limit and counted(row, "value") > limit:
            message = f"{row['city']}, {row['year']}: above the {limit:,.0f} registered"
            yield Problem(area.label("registered"), row.line, "value", message)


def _levels_above(
    area: Area, cells: dict[tuple[str, int, str], list[tuple[int, int | None, float]]]
) -> Iterator[Problem]:
    levels: dict[tuple[str, int, str], list[Row]] = {}
    for row in area.tables["education"]:
        levels.setdefault((row["zone"], row["year"], row["sex"]), []).append(row)
    for key, rows in levels.items():
        people = cells.get(key)
        if people is None:
            continue
        above = [row for row in rows if row["level"] in EDUCATION[2:]]
        for chosen, lowest in ((rows, rows[0]["age"]), (above, 15)):
            limit = sum(n for age, width, n in people if width is None or age + width > lowest)
            amount = sum(counted(row) for row in chosen)
            if chosen and amount > limit * (1 + SLACK):
                named = ", ".join(dict.fromkeys(row["level"] for row in chosen))
                text = ", ".join(str(part) for part in key)
                message = f"{text}: {amount:,.0f} ({named}) of {limit:,.0f} aged {lowest} and over"
                yield Problem(area.label("education"), chosen[-1].line, "persons", message)
                break


def _household_sums(area: Area) -> Iterator[Problem]:
    held: dict[tuple[str, int], dict[str, Row]] = {}
    for row in area.tables["households"]:
        held.setdefault((row["zone"], row["year"]), {})[row["item"]] = row
    for (zone, year), items in held.items():
        if any(item not in items for item in FAMILIES):
            continue
        families, people, single = (counted(items[item], "value") for item in FAMILIES)
        label = area.label("households")
        if single > families * (1 + SLACK):
            message = f"{zone}, {year}: {single:,.0f} of one person of {families:,.0f} households"
            yield Problem(label, items["one_person"].line, "value", message)
        elif people < (2 * families - single) * (1 - SLACK):
            message = f"{zone}, {year}: {people:,.0f} persons are too few for {families:,.0f}"
            message += f" households of which {single:,.0f} hold one person"
            yield Problem(label, items["family_population"].line, "value", message)


def _sums_to_one(area: Area, table: str, columns: tuple[str, ...], value: str) -> Iterator[Problem]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in area.tables[table]:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    for key, rows in groups.items():
        total = sum(row[value] for row in rows)
        if abs(total - 1) > SLACK:
            text = ", ".join(str(part) for part in key)
            message = f"{text}: sum to {total:.6g}, not 1"
            yield Problem(area.label(table), rows[-1].line, value, message)


def age_gaps(label: str, key: str, rows: list[Any], first: int = 0) -> Iterator[Problem]:
    """Ages that do not rise from the first one without a gap to an open group."""
    expected = first
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
