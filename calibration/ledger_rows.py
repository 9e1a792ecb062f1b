"""One row of the ledger: its columns, its units, and what can be wrong with it."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from model.catalogue import CATALOGUE
from model.problems import Problem, nearest

if TYPE_CHECKING:
    from model.area import Area

COLUMNS = (
    "id", "indicator", "value", "unit", "comparator", "year", "base_period", "region_set",
    "region", "kind", "variable", "testable", "reason", "document", "section", "source",
    "confidence",
)  # fmt: skip
OPTIONAL = {"base_period", "variable", "reason"}
CHOICES: dict[str, tuple[str, ...]] = {
    "comparator": ("<", "<=", "=", ">=", ">"),
    "kind": ("outcome", "input", "administrative"),
    "testable": ("yes", "no"),
    "confidence": ("observed", "derived", "assumed"),
}
CONVERSIONS: dict[str, tuple[str, float]] = {
    "persons": ("persons", 1.0),
    "1e4 persons": ("persons", 1e4),
    "1e8 yuan": ("1e8 yuan", 1.0),
    "minutes": ("minutes", 1.0),
    "share": ("share", 1.0),
    "percent": ("share", 0.01),
    "percent of GDP": ("share", 0.01),
    "percent of residents": ("share", 0.01),
}
DERIVED = {"services_share": "share", "manufacturing_share": "share"}


@dataclass(frozen=True, slots=True)
class Target:
    """One number of a plan, in the units of the model where it can be tested."""

    id: str
    indicator: str
    value: float
    unit: str
    comparator: str
    year: int
    region_set: str
    region: str
    kind: str
    variable: str
    testable: bool
    reason: str
    document: str
    section: str


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


def converted(value: float, unit: str) -> tuple[float, str]:
    """Value and unit as the model has them; an unknown unit stays as printed.

    Examples
    --------
    >>> converted(1200, "1e4 persons"), converted(30, "firms")
    ((12000000.0, 'persons'), (30, 'firms'))
    """
    if unit not in CONVERSIONS:
        return value, unit
    name, factor = CONVERSIONS[unit]
    return value * factor, name


def target_of(
    row: dict[str, str], line: int, label: str, area: "Area", problems: list[Problem]
) -> Target | None:
    """Target of one row; None and a problem for each cell that is wrong."""
    wrong = [(n, "the cell is empty") for n in COLUMNS if not row[n] and n not in OPTIONAL]
    for name, valid in CHOICES.items():
        if row[name] and row[name] not in valid:
            wrong.append((name, f"unknown {row[name]!r}{nearest(row[name], valid)}"))
    value = _number(row, "value", float, wrong)
    year = _number(row, "year", int, wrong)
    wrong += _place_faults(row, area) + _test_faults(row)
    documents = [known["document"] for known in area.tables["documents"]]
    if row["document"] and row["document"] not in documents:
        unknown = f"unknown document {row['document']!r}"
        wrong.append(("document", unknown + nearest(row["document"], documents)))
    problems += [Problem(label, line, name, message) for name, message in wrong]
    if wrong or value is None or year is None:
        return None
    amount, unit = converted(value, row["unit"])
    plain = {
        name: row[name]
        for name in ("id", "indicator", "comparator", "region_set", "region", "kind", "variable",
                     "reason", "document", "section")
    }  # fmt: skip
    return Target(value=amount, unit=unit, year=year, testable=row["testable"] == "yes", **plain)


def _number(row: dict[str, str], name: str, read: Any, wrong: list[tuple[str, str]]) -> Any:
    if not row[name]:
        return None
    try:
        value = read(row[name])
    except ValueError:
        value = math.nan
    bounds = (1949, 2100) if name == "year" else (-1e15, 1e15)
    if not bounds[0] <= value <= bounds[1]:
        wrong.append((name, f"cannot use {row[name]!r} (a number in [{bounds[0]}, {bounds[1]}])"))
        return None
    return value


def _place_faults(row: dict[str, str], area: "Area") -> list[tuple[str, str]]:
    """Column and message for a region set or a region that the area does not have."""
    name, regions = row["region_set"], row["region"]
    sets = (*area.region_sets, "zones")
    if not name or not regions:
        return []
    if name not in sets:
        return [("region_set", f"unknown {name!r}{nearest(name, sets)}")]
    if name == "zones":
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


def _test_faults(row: dict[str, str]) -> list[tuple[str, str]]:
    """Column and message for what a testable row lacks, or an untestable one."""
    if row["testable"] == "no" and not row["reason"]:
        return [("reason", "an untestable target says why")]
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
    valid = [unit for unit, (name, _) in CONVERSIONS.items() if name == expected]
    if row["unit"] and row["unit"] not in valid:
        found.append(("unit", f"{row['unit']!r} cannot be turned into {expected}; valid: "
                              f"{', '.join(valid) or 'none'}"))  # fmt: skip
    return found
