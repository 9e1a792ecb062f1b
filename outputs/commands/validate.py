"""Whether files and tables can be used: ``validate``."""

from model.area import load_area
from model.problems import Problem, ProblemsError
from model.scenario import load_scenario, scenario_names
from outputs.commands import console
from outputs.commands.console import Column, Form


def validate(names: list[str], area_name: str, form: Form) -> None:
    """Check the study area's tables and scenario files; raise every problem at once."""
    area = load_area(area_name)
    problems: list[Problem] = []
    rows = [{"checked": f"area {area.name}", "problems": 0}]
    for name in names or scenario_names():
        try:
            load_scenario(name, area)
            rows.append({"checked": name, "problems": 0})
        except ProblemsError as error:
            problems += error.problems
            rows.append({"checked": name, "problems": len(error.problems)})
    columns = [
        Column("checked", "Checked", name=True),
        Column("problems", "Problems", number=True),
    ]
    console.emit(form, columns, rows)
    if problems:
        raise ProblemsError(dict.fromkeys(problems))


def schema(area_name: str) -> None:
    """JSON Schema of a scenario file, with the names of levers and parameters."""
    from model.scenario_checks import known_names
    from model.scenario_file import json_schema

    known = known_names(load_area(area_name))
    console.print_json(json_schema(list(known.levers), list(known.parameters)))
