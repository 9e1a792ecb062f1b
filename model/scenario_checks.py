"""Checks of one scenario file: shape by pydantic, names and units against the study area."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from model.parameters import Declaration
from model.problems import Problem, nearest
from model.processes import PARAMETERS
from model.scenario import REALISED, setting_error
from model.scenario_file import (
    LeverSetting,
    Quantity,
    RealisationSetting,
    RunSetting,
    ScenarioFile,
    Strict,
)
from model.yaml_lines import Lines

if TYPE_CHECKING:
    from model.area import Area

M = TypeVar("M", bound=Strict)
UNITS_OF = {"dose": "1 = as planned", "start": "year", "end": "year", "value": "of the parameter"}
REALISATION = tuple(RealisationSetting.model_fields)
UNION_PARTS = ("float", "constrained-float", "literal['drawn']", "literal", "function-before")


@dataclass(frozen=True)
class KnownNames:
    """What a scenario may set: parameters with their declarations, levers, and their places."""

    parameters: dict[str, Declaration]
    levers: dict[str, dict[str, Any]]
    base_year: int
    places: tuple[str, ...]


def known_names(area: "Area") -> KnownNames:
    """Parameters of all processes, the area's own assumed numbers, and its levers."""
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
    return KnownNames(found, levers, area.base_year, (*area.zones, *area.cities, "*"))


def validated(
    raw: Lines, label: str, names: KnownNames, problems: list[Problem]
) -> ScenarioFile | None:
    """The file as a model, or nothing; problems of shape, name, unit and bound are appended."""
    before = len(problems)
    file = None
    try:
        file = ScenarioFile.model_validate(dict(raw))
    except ValidationError as error:
        found = [_as_problem(item, raw, label) for item in error.errors()]
        problems += dict.fromkeys(found)
    problems += _name_problems(raw, label, names)
    problems += _value_problems(raw, label, names)
    problems += _mapping_problems(raw, label, names)
    return file if len(problems) == before else None


def _as_problem(item: Any, raw: Lines, label: str) -> Problem:
    parts = [str(part) for part in item["loc"] if not str(part).startswith(UNION_PARTS)]
    key = ".".join(parts)
    return Problem(label, raw.line(key), key, _sentence(item, parts))


def _sentence(item: Any, parts: list[str]) -> str:
    """What is wrong with one value, in words a planner uses."""
    kind, given, bounds = item["type"], item.get("input"), item.get("ctx", {})
    if kind == "extra_forbidden":
        return "unknown key" + nearest(parts[-1], _keys_at(parts[:-1]))
    if kind == "missing":
        return "this key is missing"
    if kind == "value_error":
        return str(item["msg"]).removeprefix("Value error, ")
    if parts[:1] == ["realisation"] and parts[-1] in REALISED:
        declared = REALISED[parts[-1]]
        span = f"[{declared.low:g}, {declared.high:g}] (unit {declared.unit})"
        return f"{given!r}: must be a number in {span}, or drawn"
    if kind in {"greater_than_equal", "less_than_equal"}:
        unit = UNITS_OF.get(parts[-1], "1")
        word, bound = ("below", bounds.get("ge")) if "ge" in bounds else ("above", bounds.get("le"))
        return f"{given!r} is {word} {bound:g} (unit {unit})"
    if kind in {"model_type", "model_attributes_type", "dict_type"} and len(parts) == 2:
        form = "{dose, start, end}" if parts[0] == "levers" else "{value, unit}"
        return f"{given!r}: must be a number, or {form}"
    if kind in {"float_type", "int_type"}:
        whole = "whole " if kind == "int_type" else ""
        return f"{given!r}: must be a {whole}number (unit {UNITS_OF.get(parts[-1], '1')})"
    message = str(item["msg"])
    return f"{given!r}: {message[0].lower()}{message[1:]}"


def _keys_at(path: list[str]) -> list[str]:
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


def _value_problems(raw: Lines, label: str, names: KnownNames) -> list[Problem]:
    """Units, bounds and years of whatever is well formed, even where other parts are not."""
    found = []
    for name, quantity in _well_formed(raw.get("assumptions"), Quantity):
        declared = names.parameters.get(name)
        key = f"assumptions.{name}"
        if declared is not None:
            outside = setting_error(name.rpartition(".")[2], quantity.value, declared)
            found += [Problem(label, raw.line(key), key, outside)] if outside else []
            if quantity.unit not in {None, declared.unit}:
                message = f"unit {quantity.unit!r}, but the parameter is in {declared.unit!r}"
                found.append(Problem(label, raw.line(key), key, message))
    for name, setting in _well_formed(raw.get("levers"), LeverSetting):
        row = names.levers.get(name)
        key = f"levers.{name}"
        messages = [] if row is None else _lever_messages(setting, row, names)
        found += [Problem(label, raw.line(key), key, message) for message in messages]
    for _, end in _well_formed({"run": raw.get("run")}, RunSetting):
        if end.end is not None and end.end <= names.base_year:
            message = f"{end.end} is not after the base year {names.base_year}"
            found.append(Problem(label, raw.line("run.end"), "run.end", message))
    return found


def _lever_messages(setting: LeverSetting, row: dict[str, Any], names: KnownNames) -> list[str]:
    """What is wrong with the setting of a lever that exists."""
    if row["represented"] is False:
        return [f"the model cannot represent it, name it under left_out: {row['inert_reason']}"]
    found = _year_messages(setting, row, names.base_year)
    for part in ("zones", "partners"):
        for place in getattr(setting, part) or ():
            if place not in names.places:
                found.append(f"unknown place {place!r} in {part}{nearest(place, names.places)}")
    return found


def _mapping_problems(raw: Lines, label: str, names: KnownNames) -> list[Problem]:
    """Statements of ``maps_to`` that the description lacks, and names that nothing bears."""
    given, told = raw.get("maps_to"), raw.get("description")
    known = [*names.levers, *names.parameters, *(f"realisation.{key}" for key in REALISATION)]
    found = []
    for number, listed in given.items() if isinstance(given, dict) else ():
        key = f"maps_to.{number}"
        count = len(told) if isinstance(told, list) else 0
        if number.isdecimal() and not 1 <= int(number) <= count:
            message = f"the description has {count} statements, so there is no number {number}"
            found.append(Problem(label, raw.line(key), key, message))
        for name in listed if isinstance(listed, list) else ():
            if name not in known:
                message = f"unknown lever or parameter {name!r}{nearest(str(name), known)}"
                found.append(Problem(label, raw.line(key), key, message))
    return found


def _year_messages(setting: LeverSetting, row: dict[str, Any], base_year: int) -> list[str]:
    start = setting.start if setting.start is not None else row["start"]
    end = setting.end if setting.end is not None else row["end"]
    found = []
    if end <= base_year:
        return [f"over by {end}, and the model's first year is {base_year + 1}"]
    if start <= base_year:
        found.append(f"starts in {start}, but the model's first year is {base_year + 1}")
    if end < start:
        found.append(f"ends in {end} before it starts in {start}")
    return found


def _well_formed(given: Any, model: type[M]) -> list[tuple[str, M]]:
    found = []
    for name, value in given.items() if isinstance(given, dict) else ():
        try:
            found.append((name, model.model_validate(value)))
        except ValidationError:
            continue
    return found
