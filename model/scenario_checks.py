"""Checks of one scenario file: shape by pydantic, names and units against the study area."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from model.parameters import Declaration
from model.problems import Problem, nearest
from model.scenario import setting_error
from model.scenario_file import ScenarioFile, Strict
from model.yaml_lines import Lines

if TYPE_CHECKING:
    from model.area import Area

UNION_PARTS = ("float", "constrained-float", "literal['drawn']", "literal", "function-before")


@dataclass(frozen=True)
class KnownNames:
    """What a scenario may set: parameters with their declarations, and levers."""

    parameters: dict[str, Declaration]
    levers: dict[str, dict[str, Any]]
    base_year: int


def known_names(area: "Area") -> KnownNames:
    """Parameters of all processes, the area's own assumed numbers, and its levers."""
    from model.processes import PARAMETERS

    found = {
        f"{prefix}.{name}": declared
        for prefix, cls in PARAMETERS.items()
        for name, declared in cls.declarations().items()
    }
    for row in area.tables["assumptions"]:
        found[row["id"]] = Declaration(
            row["value"], row["unit"], row["prior"], row["meaning"], row["source"],
            row["confidence"], row["prior"].low, row["prior"].high, "",
        )  # fmt: skip
    levers = {row["lever"]: row.values for row in area.tables["levers"]}
    return KnownNames(found, levers, area.base_year)


def validated(
    raw: Lines, label: str, names: KnownNames, problems: list[Problem]
) -> ScenarioFile | None:
    """The file as a model, or nothing; problems of shape, name, unit and bound are appended."""
    before = len(problems)
    file = None
    try:
        file = ScenarioFile.model_validate(dict(raw))
    except ValidationError as error:
        problems += [_as_problem(item, raw, label) for item in error.errors()]
    problems += _name_problems(raw, label, names)
    if file is not None:
        problems += _value_problems(file, raw, label, names)
    return file if len(problems) == before else None


def _as_problem(item: Any, raw: Lines, label: str) -> Problem:
    parts = [str(part) for part in item["loc"] if not str(part).startswith(UNION_PARTS)]
    key = ".".join(parts)
    kind, message = item["type"], item["msg"]
    if kind == "extra_forbidden":
        valid = _keys_at(parts[:-1])
        message = "unknown key" + nearest(parts[-1], valid)
    elif kind == "missing":
        message = "this key is missing"
    elif not isinstance(item.get("input"), dict | list):
        message = f"{item.get('input')!r}: {message[0].lower()}{message[1:]}"
    return Problem(label, raw.line(key), key, message)


def _keys_at(path: list[str]) -> list[str]:
    from model.scenario_file import LeverSetting, Quantity, RealisationSetting, RunSetting

    inner: dict[str, type[Strict]] = {
        "levers": LeverSetting, "assumptions": Quantity, "realisation": RealisationSetting,
        "run": RunSetting,
    }  # fmt: skip
    model: type[Strict] = inner.get(path[0], ScenarioFile) if path else ScenarioFile
    return list(model.model_fields)


def _name_problems(raw: Lines, label: str, names: KnownNames) -> list[Problem]:
    found = []
    for part, valid in (("assumptions", names.parameters), ("levers", names.levers)):
        given = raw.get(part)
        for key in given if isinstance(given, dict) else ():
            if key not in valid:
                what = "parameter" if part == "assumptions" else "lever"
                message = f"unknown {what}{nearest(key, list(valid))}"
                found.append(Problem(label, raw.line(f"{part}.{key}"), f"{part}.{key}", message))
    return found


def _value_problems(file: ScenarioFile, raw: Lines, label: str, names: KnownNames) -> list[Problem]:
    found = []
    for name, quantity in file.assumptions.items():
        declared = names.parameters.get(name)
        if declared is None:
            continue
        key = f"assumptions.{name}"
        if quantity.unit is not None and quantity.unit != declared.unit:
            message = f"unit {quantity.unit!r}, but the parameter is in {declared.unit!r}"
            found.append(Problem(label, raw.line(key), key, message))
        outside = setting_error(name, quantity.value, declared)
        if outside:
            found.append(Problem(label, raw.line(key), key, outside))
    for name, setting in file.levers.items():
        row = names.levers.get(name)
        if row is None:
            continue
        start = setting.start if setting.start is not None else row["start"]
        end = setting.end if setting.end is not None else row["end"]
        key = f"levers.{name}"
        if start <= names.base_year:
            message = f"starts in {start}, but the model's first year is {names.base_year + 1}"
            found.append(Problem(label, raw.line(key), key, message))
        if end < start:
            message = f"ends in {end} before it starts in {start}"
            found.append(Problem(label, raw.line(key), key, message))
    if file.run.end is not None and file.run.end <= names.base_year:
        message = f"{file.run.end} is not after the base year {names.base_year}"
        found.append(Problem(label, raw.line("run.end"), "run.end", message))
    return found
