"""The ledger: the numbers of the plans, as data.

A row is one number as a document prints it. What the model can be held against is ``testable``
and names a ``variable``; the rest is ``context`` or untestable as written, with the reason. Where
two documents date one target differently, both rows stand. Units are converted here, once.
"""

from pathlib import Path

from calibration.ledger_rows import COLUMNS, Target, target_of
from calibration.vocabulary import load_vocabulary
from model.area import Area
from model.area_loading import DATA
from model.problems import Problem, ProblemsError, nearest
from model.reading.csv_rows import csv_rows

__all__ = ["LEDGER", "Target", "ledger_path", "load_ledger"]

LEDGER = Path(__file__).parent / "data" / "plan_ledger.csv"
LEDGER_AREA = "shenyang"


def load_ledger(area: Area, path: str | Path | None = None) -> tuple[Target, ...]:
    """Targets of the plans for a study area.

    Parameters
    ----------
    area : Area
        Its regions and documents are those that a row may name.
    path : str or Path, optional
        By default ``plan_ledger.csv`` in the area's folder, else the ledger of the default area.

    Returns
    -------
    tuple of Target
        Empty when the area has no ledger and none is given.

    Raises
    ------
    ProblemsError
        Every missing column, bad cell, unit, region and variable, with file, line and column.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> [t.value for t in load_ledger(load_area()) if t.id == "P026"]
    [12000000.0]
    """
    found = Path(path) if path is not None else ledger_path(area)
    if found is None:
        return ()
    problems: list[Problem] = []
    rows = csv_rows(found, found.name, COLUMNS, problems)
    words = load_vocabulary(area, found.parent, problems)
    targets = [target_of(row, line, found.name, area, words, problems) for line, row in rows]
    problems += repeated(rows, found.name) + unmatched(rows, found.name)
    if problems:
        raise ProblemsError(problems)
    return tuple(target for target in targets if target is not None)


def ledger_path(area: Area) -> Path | None:
    """Ledger that belongs to an area, if any."""
    own = area.folder / LEDGER.name
    if own.is_file():
        return own
    return LEDGER if area.folder.resolve() == (DATA / LEDGER_AREA).resolve() else None


def repeated(rows: list[tuple[int, dict[str, str]]], label: str) -> list[Problem]:
    """A problem for each row whose id another row has before it.

    Examples
    --------
    >>> [str(p) for p in repeated([(2, {"id": "P1"}), (3, {"id": "P1"})], "l.csv")]
    ['l.csv:3: id: P1 stands in line 2 already']
    """
    first: dict[str, int] = {}
    found = []
    for line, row in rows:
        if row["id"] in first:
            message = f"{row['id']} stands in line {first[row['id']]} already"
            found.append(Problem(label, line, "id", message))
        first.setdefault(row["id"], line)
    return found


def unmatched(rows: list[tuple[int, dict[str, str]]], label: str) -> list[Problem]:
    """A problem for each row said to be the same as one that is not there.

    Examples
    --------
    >>> row = {"id": "P1", "same_as": "P2"}
    >>> [str(p) for p in unmatched([(2, row)], "l.csv")]
    ["l.csv:2: same_as: unknown 'P2'; valid: P1"]
    """
    ids = [row["id"] for _, row in rows]
    return [
        Problem(label, line, "same_as", f"unknown {row['same_as']!r}{nearest(row['same_as'], ids)}")
        for line, row in rows
        if row["same_as"] and row["same_as"] not in ids
    ]
