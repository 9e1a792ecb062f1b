"""What the model would have said of years that are over: ``backcast``.

One section for each part of the model with a past to be scored on. Wins and losses against naive
rivals are printed alike.
"""

from typing import TYPE_CHECKING, Any

from outputs.commands import console
from outputs.commands.backcast_economy import economy
from outputs.commands.backcast_flows import flows
from outputs.commands.backcast_people import level_name, people
from outputs.commands.backcast_tables import BackcastOptions, Section
from outputs.labels import place_name

if TYPE_CHECKING:
    from model.area import Area

PLACES = {"region", "unit", "origin", "destination"}  # keys of rows; what is no place stays
SECTIONS: dict[str, Section] = {"people": people, "economy": economy, "flows": flows}


def backcast(names: list[str], asked: BackcastOptions) -> None:
    """Print the sections asked for, all by default: tables to read, or all rows as JSON or CSV.

    Raises
    ------
    ProblemsError
        A section that does not exist.
    """
    from model.area_loading import load_area
    from model.problems import Problem, ProblemsError, nearest

    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise ProblemsError(
            [
                Problem("arguments", None, "section", f"unknown {n!r}{nearest(n, list(SECTIONS))}")
                for n in unknown
            ]
        )
    tables = [table for name in names or SECTIONS for table in SECTIONS[name](asked)]
    if asked.form != "text":
        rows = [{"table": table.name} | row for table in tables for row in table.rows]
        console.emit(asked.form, [], rows)
        return
    area = load_area(asked.area)
    for table in tables:
        rows = [named(row, area) for row in table.rows]
        console.table(table.columns, rows, table.title)
        console.paragraphs(table.notes, "")


def named(row: dict[str, Any], area: "Area") -> dict[str, Any]:
    """A row with places by their names in both languages, also in ``benxi, redrawn``.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> named({"unit": "benxi, redrawn", "model": 1.0}, load_area())
    {'unit': 'Benxi 本溪市, redrawn', 'model': 1.0}
    """
    found = {}
    for key in PLACES & row.keys():
        place, comma, rest = str(row[key]).partition(",")
        found[key] = f"{place_name(area, place)}{comma}{rest}"
    if "level" in row:
        found["level"] = level_name(str(row["level"]), area)
    return row | found
