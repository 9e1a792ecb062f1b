"""Words that a row of the ledger may use beyond those of the study area: units and places.

``plan_units.csv`` lists every unit the plans print; where a variable of the model has the same
kind of unit, the row says which and by what factor. ``plan_places.csv`` lists the places the
plans speak of that reach beyond the study area.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from model.area import Area
from model.problems import Problem, nearest
from model.reading.csv_rows import csv_rows

DATA = Path(__file__).parent / "data"
UNITS, PLACES = "plan_units.csv", "plan_places.csv"
HEADS = {
    UNITS: ("unit", "model_unit", "factor"),
    PLACES: ("place", "name_en", "name_zh", "members", "beyond"),
}
OUTSIDE = "outside"


@dataclass(frozen=True)
class Vocabulary:
    """Units with what they are in the model, and places beyond the study area."""

    units: dict[str, tuple[str, float] | None]
    places: tuple[str, ...]

    @cached_property
    def convertible(self) -> dict[str, list[str]]:
        """Units of the plans for each unit of the model."""
        found: dict[str, list[str]] = {}
        for unit, model in self.units.items():
            if model is not None:
                found.setdefault(model[0], []).append(unit)
        return found

    def converted(self, value: float, unit: str) -> tuple[float, str]:
        """Value and unit as the model has them; a unit of no variable stays as printed.

        Examples
        --------
        >>> words = Vocabulary({"1e4 persons": ("persons", 1e4), "firms": None}, ())
        >>> words.converted(1200, "1e4 persons"), words.converted(30, "firms")
        ((12000000.0, 'persons'), (30, 'firms'))
        """
        known = self.units[unit]
        return (value, unit) if known is None else (value * known[1], known[0])


def load_vocabulary(area: Area, folder: Path, problems: list[Problem]) -> Vocabulary:
    """Units and places that go with a ledger; faults are appended to ``problems``.

    Parameters
    ----------
    area : Area
        Members of a place are its zones, cities and external regions.
    folder : Path
        Where the ledger is; a table that is not there is taken from the project's own.
    problems : list of Problem

    Returns
    -------
    Vocabulary

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> found = load_vocabulary(load_area(), DATA, [])
    >>> found.units["percent"], "western_liaoning" in found.places
    (('share', 0.01), True)
    """
    units: dict[str, tuple[str, float] | None] = {}
    for line, row in _rows(folder, UNITS, problems):
        try:
            factor = float(row["factor"] or "nan")
        except ValueError:
            factor = -1.0
        if row["model_unit"] and not 0 < factor < float("inf"):
            message = f"cannot use {row['factor']!r} (a number above 0)"
            problems.append(Problem(UNITS, line, "factor", message))
        units[row["unit"]] = (row["model_unit"], factor) if row["model_unit"] else None
    known = ("*", *area.zones, *area.cities)
    places = _rows(folder, PLACES, problems)
    for line, row in places:
        for part in filter(None, row["members"].split(";")):
            if part not in known:
                message = f"unknown {part!r}{nearest(part, known)}"
                problems.append(Problem(PLACES, line, "members", message))
    return Vocabulary(units, (*(row["place"] for _, row in places), *area.regions))


def _rows(folder: Path, name: str, problems: list[Problem]) -> list[tuple[int, dict[str, str]]]:
    own = folder / name
    return csv_rows(own if own.is_file() else DATA / name, name, HEADS[name], problems)
