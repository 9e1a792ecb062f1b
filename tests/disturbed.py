"""Everything that a start in an earlier year must not see, changed: in tables and in parameters."""

import csv
import re
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np

from model.area import Area
from model.area_history import LAST_YEAR
from model.begin import without_levers
from model.parameters import Declaration, Params
from model.priors import parse_prior
from model.processes import PARAMETERS

FACTOR = 0.9
NUMBERS = (
    "persons", "value", "share", "rate", "probability", "odds", "minutes", "trains", "fare",
    "firms", "coal", "oil", "gas", "power", "factor", "cost", "cap",
)  # fmt: skip
PRIORS = ("prior", "cost_prior")
NUMBER = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?")


def named(rows, kind, bases):
    """Names of a kind whose basis is one of some."""
    return {row["name"] for row in rows if row["kind"] == kind and row["basis"] in bases}


def scaled(text: str) -> str:
    """Every number of a text times the factor."""
    return NUMBER.sub(lambda found: f"{float(found[0]) * FACTOR:.12g}", text)


def disturb_tables(early: Area, bases: Iterable[str]) -> int:
    """Numbers changed in the files of an area: dated later, replaced, or of some bases."""
    replaced, changed = replaced_by(early), 0
    loose = named(early.tables["history_evidence"], "table", bases)
    idle = named(early.tables["history_evidence"], "assumption", bases)
    for path in sorted(early.folder.glob("*.csv")):
        table = path.stem
        if table in ("sources", "history_assumptions", "history_evidence"):
            continue
        with path.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            head, rows = list(reader.fieldnames or ()), list(reader)
        for row in rows:
            free = later(row, early.base_year) or f"{table}/{row.get('source')}" in loose
            if table == "regions":
                row["population"], changed = scaled(row["population"]), changed + 1
            if table == "assumptions":
                free = row["id"] in replaced or any(fnmatchcase(row["id"], one) for one in idle)
            if free:
                for column in (*NUMBERS, *PRIORS):
                    if row.get(column):
                        row[column], changed = scaled(row[column]), changed + 1
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return changed


def replaced_by(early: Area) -> set[str]:
    """Ids of what a start has its own numbers for."""
    path = early.folder / "history_assumptions.csv"
    with path.open(encoding="utf-8") as file:
        return {row["id"] for row in csv.DictReader(file)}


def later(row: dict[str, str], base_year: int) -> bool:
    """Whether any date of a row is after a year."""
    return any(row.get(c) and read(row[c]) > base_year for c, read in LAST_YEAR.items())


def disturb_parameters(monkeypatch, early: Area, bases: Iterable[str]) -> set[str]:
    """Central values and priors declared for parameters that the start replaces, or of a basis."""
    loose = named(early.tables["history_evidence"], "parameter", bases)
    names = {cls: prefix for prefix, cls in PARAMETERS.items()}
    wanted, declared = loose | set(early.parameters), Params.declarations.__func__

    def declarations(cls):
        return {
            name: disturbed(one) if f"{names.get(cls)}.{name}" in wanted else one
            for name, one in declared(cls).items()
        }

    monkeypatch.setattr(Params, "declarations", classmethod(declarations))
    without_levers.cache_clear()  # it holds worlds drawn before
    return wanted


def disturbed(one: Declaration) -> Declaration:
    """A declaration with another central value, within its bounds, and another prior."""
    down, up = (float(np.clip(one.central * f, one.low, one.high)) for f in (FACTOR, 1 / FACTOR))
    central = down if down != one.central else up
    return replace(one, central=central, prior=parse_prior(scaled(one.prior.text)))


def copy_of(folder: Path, target: Path) -> Path:
    """Files of an area, to be changed."""
    target.mkdir()
    for path in folder.iterdir():
        if path.is_file():
            (target / path.name).write_bytes(path.read_bytes())
    return target
