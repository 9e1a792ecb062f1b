"""One row of the ledger: its columns, its words, and what can be wrong with it."""

import math
from dataclasses import dataclass
from typing import Any

from calibration.vocabulary import OUTSIDE, Vocabulary
from model.area import Area
from model.catalogue import CATALOGUE
from model.problems import Problem, nearest

COLUMNS = (
    "id", "indicator", "statement", "kind", "value", "unit", "prices", "comparator", "year",
    "dating", "base_period", "region_set", "region", "variable", "testable", "reason", "lever",
    "same_as", "document", "section", "source", "confidence",
)  # fmt: skip
OPTIONAL = {"prices", "year", "base_period", "variable", "reason", "lever", "same_as"}
CHOICES: dict[str, tuple[str, ...]] = {
    "statement": ("target", "baseline"),
    "kind": ("outcome", "input", "administrative"),
    "prices": ("current", "constant", "unstated"),
    "comparator": ("<", "<=", "=", "~=", ">=", ">"),
    "dating": ("printed", "period", "implied", "inferred", "none"),
    "testable": ("yes", "no", "context"),
    "confidence": ("observed", "derived", "assumed"),
}
DERIVED = {
    "services_share": "share",
    "manufacturing_share": "share",
    "urbanisation_rate": "share",
    "technology_smes": "establishments",
}
PLAIN = (
    "id", "indicator", "statement", "kind", "prices", "comparator", "dating", "region_set",
    "region", "variable", "reason", "lever", "same_as", "document", "section",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One number of a plan, in the units of the model where it can be tested.

    ``statement`` is a target or a baseline that the document states; ``kind`` an outcome, an
    input (a dose of a lever) or an administrative count; ``dating`` how the year is known;
    ``status`` is ``yes`` (testable), ``no`` (untestable as written) or ``context``; ``same_as``
    the id of the same statement with another date or in another section.
    """

    id: str
    indicator: str
    statement: str
    kind: str
    value: float
    unit: str
    prices: str
    comparator: str
    year: int | None
    dating: str
    base_period: int | None
    region_set: str
    region: str
    variable: str
    status: str
    reason: str
    lever: str
    same_as: str
    document: str
    section: str

    @property
    def testable(self) -> bool:
        """Whether the model can be held against it."""
        return self.status == "yes"


def unit_of(variable: str) -> str | None:
    """Unit of a variable that a target can name; None for an unknown one.

    Examples
    --------
    >>> unit_of("population"), unit_of("services_share"), unit_of("happiness")
    ('persons', 'share', None)
    """
    if variable in DERIVED:
        return DERIVED[variable]
    row = CATALOGUE.get(variable)
    if row is None:
        return None
    return "share" if row.unit == "1" else row.unit


def target_of(
    row: dict[str, str], line: int, label: str, area: Area, words: Vocabulary,
    problems: list[Problem],
) -> Target | None:  # fmt: skip
    """Target of one row; None and a problem for each cell that is wrong."""
    wrong = [(n, "the cell is empty") for n in COLUMNS if not row[n] and n not in OPTIONAL]
    for name, valid in CHOICES.items():
        if row[name] and row[name] not in valid:
            wrong.append((name, f"unknown {row[name]!r}{nearest(row[name], valid)}"))
    value = _number(row, "value", float, wrong)
    year = _number(row, "year", int, wrong)
    base = _number(row, "base_period", int, wrong)
    wrong += _place_faults(row, area, words) + _test_faults(row, words) + _name_faults(row, area)
    wrong += _date_faults(row, year, base)
    if row["unit"] and row["unit"] not in words.units:
        wrong.append(("unit", f"unknown {row['unit']!r}{nearest(row['unit'], list(words.units))}"))
    problems += [Problem(label, line, name, message) for name, message in wrong]
    if wrong or value is None:
        return None
    amount, unit = words.converted(value, row["unit"])
    plain = {name: row[name] for name in PLAIN}
    return Target(
        value=amount, unit=unit, year=year, base_period=base, status=row["testable"], **plain
    )


def _number(row: dict[str, str], name: str, read: Any, wrong: list[tuple[str, str]]) -> Any:
    if not row[name]:
        return None
    try:
        value = read(row[name])
    except ValueError:
        value = math.nan
    bounds = (-1e15, 1e15) if name == "value" else (1949, 2100)
    if not bounds[0] <= value <= bounds[1]:
        wrong.append((name, f"cannot use {row[name]!r} (a number in [{bounds[0]}, {bounds[1]}])"))
        return None
    return value


def _date_faults(row: dict[str, str], year: int | None, base: int | None) -> list[tuple[str, str]]:
    """Column and message for years that are missing or out of order."""
    found = []
    if not row["year"] and row["dating"] != "none":
        found.append(("year", "the cell is empty; dating `none` for a statement without a date"))
    if row["testable"] == "yes" and row["dating"] == "none":
        found.append(("dating", "a testable target has a year"))
    if year is not None and base is not None and base >= year:
        found.append(("base_period", f"{base} is not before {year}"))
    return found


def _place_faults(row: dict[str, str], area: Area, words: Vocabulary) -> list[tuple[str, str]]:
    """Column and message for a region set or a region that nobody knows."""
    name, regions = row["region_set"], row["region"]
    sets = (*area.region_sets, "zones", OUTSIDE)
    if not name or not regions:
        return []
    if name not in sets:
        return [("region_set", f"unknown {name!r}{nearest(name, sets)}")]
    if name == OUTSIDE:
        known = list(words.places)
    elif name == "zones":
        # a target about zones may be stated for one zone or for the worst of a whole region
        known = [*area.zones, *(r for other in area.region_sets for r in area.region_set(other)[0])]
    else:
        known = list(area.region_set(name)[0])
    parts = [part.strip() for part in regions.split(";")]
    return [
        ("region", f"unknown {part!r} in {name}{nearest(part, known)}")
        for part in parts
        if part not in known
    ]


def _name_faults(row: dict[str, str], area: Area) -> list[tuple[str, str]]:
    """Column and message for documents, sources and levers that are not on record."""
    found = []
    for column, table in (("document", "documents"), ("source", "sources")):
        known = [known[column] for known in area.tables[table]]
        if row[column] and row[column] not in known:
            message = f"unknown {column} {row[column]!r}{nearest(row[column], known)}"
            found.append((column, message))
    known = [lever["id"] for lever in area.tables["levers"]]
    if row["lever"] and row["lever"] not in known:
        message = f"{row['lever']!r} is no id of a lever{nearest(row['lever'], known)}"
        found.append(("lever", message))
    return found


def _test_faults(row: dict[str, str], words: Vocabulary) -> list[tuple[str, str]]:
    """Column and message for what a testable row lacks, or one that is not."""
    if row["testable"] in {"no", "context"} and not row["reason"]:
        return [("reason", "a target that is not tested says why")]
    variable = row["variable"]
    expected = unit_of(variable) if variable else None
    if variable and expected is None:
        known = [*DERIVED, *CATALOGUE]
        return [("variable", f"unknown {variable!r}{nearest(variable, known)}")]
    if row["testable"] != "yes":
        return []
    if not variable:
        return [("variable", "a testable target names a variable")]
    found = []
    if ";" in row["region"]:
        found.append(("region", "a testable target names one region"))
    if row["region_set"] == OUTSIDE:
        found.append(("region_set", "a testable target lies in the study area"))
    valid = words.convertible.get(str(expected), [])
    if row["unit"] and row["unit"] not in valid:
        found.append(("unit", f"{row['unit']!r} cannot be turned into {expected}; valid: "
                              f"{', '.join(valid) or 'none'}"))  # fmt: skip
    return found
