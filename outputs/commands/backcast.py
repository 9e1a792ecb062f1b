"""What the model would have said of years that are over: ``backcast``.

One section for each part of the model with a past to be scored on. Wins and losses against naive
rivals are printed alike.
"""

from outputs.commands import console
from outputs.commands.backcast_economy import economy
from outputs.commands.backcast_flows import flows
from outputs.commands.backcast_people import people
from outputs.commands.backcast_tables import BackcastOptions, Section

SECTIONS: dict[str, Section] = {"people": people, "economy": economy, "flows": flows}


def backcast(names: list[str], asked: BackcastOptions) -> None:
    """Print the sections asked for, all by default: tables to read, or all rows as JSON or CSV.

    Raises
    ------
    ProblemsError
        A section that does not exist.
    """
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
    for table in tables:
        console.table(table.columns, table.rows, table.title)
        console.paragraphs(table.notes, "")
