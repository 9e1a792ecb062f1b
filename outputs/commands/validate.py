"""Whether files and tables can be used: ``validate``."""

from collections.abc import Callable
from functools import partial

from model.area_loading import load_area
from model.problems import Problem, ProblemsError
from model.scenario_loading import scenario_names
from outputs.commands import console
from outputs.commands.console import Column, Form
from outputs.commands.runs import Ledger


def validate(names: list[str], area_name: str, form: Form, ledger: Ledger) -> None:
    """Check tables, the ledger of targets and scenario files; raise every problem at once.

    Without names: all scenarios for the area they are written for, no scenario for another.

    A scenario with a strict budget is held against what its governments can pay, as before a run.
    """
    from model.arguments import settle

    area = load_area(area_name)
    problems: list[Problem] = []
    rows = [{"checked": f"area {area.name}", "problems": 0}]
    checks: list[tuple[str, Callable[[], object]]] = [("ledger of targets", lambda: ledger(area))]
    ours = scenario_names() if area.folder == load_area().folder else []
    for name in names or ours:
        checks.append((name, partial(settle, [name], "mean", 1, 1, None, area)))
    for checked, check in checks:
        found: tuple[Problem, ...] = ()
        try:
            check()
        except ProblemsError as error:
            found = error.problems
        problems += found
        rows.append({"checked": checked, "problems": len(found)})
    columns = [
        Column("checked", "Checked", name=True),
        Column("problems", "Problems", number=True),
    ]
    console.emit(form, columns, rows)
    if problems:
        raise ProblemsError(dict.fromkeys(problems))


def schema(area_name: str) -> None:
    """JSON Schema of a scenario file, with the names of levers and parameters."""
    from model.checks.scenario import known_names
    from model.scenario_file import json_schema

    known = known_names(load_area(area_name))
    console.print_json(json_schema(list(known.levers), list(known.parameters)))
