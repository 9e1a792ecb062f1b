"""Checks of one scenario file: shape by pydantic, names and units against the study area."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from pydantic import ValidationError

from model.area import Area
from model.parameters import Declaration
from model.problems import Problem, nearest, plain_error
from model.processes import PARAMETERS
from model.reading.plain_signs import hint
from model.reading.yaml_lines import Lines
from model.scenario import REALISED
from model.scenario_file import (
    LeverSetting,
    Quantity,
    RealisationSetting,
    RunSetting,
    ScenarioFile,
    Strict,
)

M = TypeVar("M", bound=Strict)
UNITS_OF = {"dose": "1 = as planned", "start": "year", "end": "year", "value": "of the parameter"}
REALISATION = tuple(RealisationSetting.model_fields)
UNION_PARTS = ("float", "constrained-float", "literal['drawn']", "literal", "function-before")


@dataclass(frozen=True)
class KnownNames:
    """What a scenario may set: parameters with their declarations, levers, and their places.

    ``called`` is what else levers and places are called: in Chinese, in full, by number.
    """

    parameters: dict[str, Declaration]
    levers: dict[str, dict[str, Any]]
    base_year: int
    places: tuple[str, ...]
    called: Mapping[str, str]


def known_names(area: Area) -> KnownNames:
    """Parameters of all processes, the area's own assumed numbers, and its levers.

    The area's numbers are bounded by the support of their prior: what cannot be is refused, and
    what is merely unlikely is not.
    """
    found = {
        f"{prefix}.{name}": declared
        for prefix, cls in PARAMETERS.items()
        for name, declared in cls.declarations().items()
    }
    for row in area.tables["assumptions"]:
        low, high, above = row["prior"].support
        found[row["id"]] = Declaration(
            row["value"], row["unit"], row["prior"], row["meaning"], row["source"],
            row["confidence"], low, high, "", above,
        )  # fmt: skip
    levers = {row["lever"]: row.values for row in area.tables["levers"]}
    places = (*area.zones, *area.cities, "*")
    return KnownNames(found, levers, area.base_year, places, other_names(area))


def other_names(area: Area) -> dict[str, str]:
    """What levers, zones and cities are called beside their name here, and that name.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> found = other_names(load_area())
    >>> found["沈白高铁"], found["L007"], found["抚顺市"]
    ('shenyang_baihe_railway', 'shenyang_baihe_railway', 'fushun')
    """
    of = (("zones", "zone", ()), ("cities", "city", ()), ("levers", "lever", ("id",)))
    return {
        row[call]: row[key]
        for table, key, more in of
        for row in area.tables[table]
        for call in ("name_zh", "name_en", *more)
    }


def validated(
    raw: Lines, label: str, names: KnownNames, problems: list[Problem]
) -> ScenarioFile | None:
    """The file as a model, or nothing; problems of shape, name, unit and bound are appended."""
    before = len(problems)
    file = None
    try:
        file = ScenarioFile.model_validate(dict(raw))
    except ValidationError as error:
        found = [_as_problem(item, raw, label, names) for item in error.errors()]
        problems += dict.fromkeys(found)
    problems += _name_problems(raw, label, names)
    problems += _value_problems(raw, label, names)
    problems += _mapping_problems(raw, label, names)
    return file if len(problems) == before else None


def _as_problem(item: Any, raw: Lines, label: str, names: KnownNames) -> Problem:
    parts = [str(part) for part in item["loc"] if not str(part).startswith(UNION_PARTS)]
    key = ".".join(parts)
    if item["type"] == "extra_forbidden":
        message = _misplaced(key, names) or (
            "unknown key" + (hint(parts[-1]) or nearest(parts[-1], _keys_at(parts[:-1])))
        )
    else:
        message = _sentence(item, parts)
    return Problem(label, raw.line(key), key, message)


def _misplaced(key: str, names: KnownNames) -> str | None:
    """Where a key that is known elsewhere belongs."""
    name = key.strip()
    for part, known in (("levers", names.levers), ("assumptions", names.parameters)):
        if name in known:
            wide = hint(key) if name != key else ""
            return f"belongs below {part}: indent it by two plain spaces{wide}"
    return None


def _sentence(item: Any, parts: list[str]) -> str:
    """What is wrong with one value, in words a planner uses."""
    kind, given, bounds = item["type"], item.get("input"), item.get("ctx", {})
    shown = "empty" if given is None else str(given) if isinstance(given, date) else repr(given)
    if kind == "missing":
        return "this key is missing"
    if kind == "value_error":
        return str(item["msg"]).removeprefix("Value error, ")
    if parts[:1] == ["realisation"] and parts[-1] in REALISED:
        declared = REALISED[parts[-1]]
        span = f"[{declared.low:g}, {declared.high:g}] (unit {declared.unit})"
        return f"{shown}: must be a number in {span}, or drawn{_share_hint(given, declared)}"
    if kind in {"greater_than_equal", "less_than_equal"}:
        unit = UNITS_OF.get(parts[-1], "1")
        word, bound = ("below", bounds.get("ge")) if "ge" in bounds else ("above", bounds.get("le"))
        return f"{shown} is {word} {bound:g} (unit {unit})"
    return f"{shown}: {_wanted(kind, parts, item)}{hint(str(given))}"


def _wanted(kind: str, parts: list[str], item: Any) -> str:
    """What a value of the wrong kind must be."""
    if kind in {"model_type", "model_attributes_type", "dict_type"}:
        if len(parts) == 2:
            form = "{dose, start, end}" if parts[0] == "levers" else "{value, unit}"
            return f"must be a number, or {form}"
        return "must be lines `name: value` below it, each indented by two spaces, or {}"
    if kind in {"float_type", "int_type"}:
        whole = "whole " if kind == "int_type" else ""
        return f"must be a {whole}number (unit {UNITS_OF.get(parts[-1], '1')})"
    if kind in {"list_type", "tuple_type"}:
        return f"must be a list, such as [{item['input']}]"
    if kind == "string_type":
        many = "; to join several, write combine: [one, two]" if parts[-1] == "extends" else ""
        return f"must be one text{many}"
    if kind in {"string_too_short", "too_short"}:
        return "must not be empty"
    message = str(item["msg"]).replace("Input should be", "must be")
    return f"{message[0].lower()}{message[1:]}"


def _share_hint(given: Any, declared: Declaration) -> str:
    """What a share written as a percentage would be."""
    percent = declared.unit == "share" and isinstance(given, int | float) and 1 < given <= 100
    return f"; a percentage is written as a share: {given / 100:g}" if percent else hint(given)


def _keys_at(path: list[str]) -> list[str]:
    inner: dict[str, type[Strict]] = {
        "levers": LeverSetting, "assumptions": Quantity, "realisation": RealisationSetting,
        "run": RunSetting,
    }  # fmt: skip
    model: type[Strict] = inner.get(path[0], ScenarioFile) if path else ScenarioFile
    return list(model.model_fields)


def _name_problems(raw: Lines, label: str, names: KnownNames) -> list[Problem]:
    found = []
    levers = {call: name for call, name in names.called.items() if name in names.levers}
    for part, what, valid, called in (
        ("assumptions", "parameter", names.parameters, {}),
        ("levers", "lever", names.levers, levers),
    ):
        given = raw.get(part)
        for key in given if isinstance(given, dict) else ():
            if key not in valid:
                message = f"unknown {what}{nearest(key, list(valid), called)}"
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
            if outside:
                outside += _share_hint(quantity.value, declared)
                found.append(Problem(label, raw.line(key), key, outside))
            if quantity.unit not in {None, declared.unit}:
                message = f"unit {quantity.unit!r}, but the parameter is in {declared.unit!r}"
                found.append(Problem(label, raw.line(key), key, message))
    for name, setting in _well_formed(raw.get("levers"), LeverSetting):
        row = names.levers.get(name)
        key = f"levers.{name}"
        messages = [] if row is None else _lever_messages(setting, row, names)
        found += [Problem(label, raw.line(key), key, message) for message in messages]
    found += _place_problems(raw, label, names)
    for _, end in _well_formed({"run": raw.get("run")}, RunSetting):
        if end.end is not None and end.end <= names.base_year:
            message = f"{end.end} is not after the base year {names.base_year}"
            found.append(Problem(label, raw.line("run.end"), "run.end", message))
    return found


def _lever_messages(setting: LeverSetting, row: dict[str, Any], names: KnownNames) -> list[str]:
    """What is wrong with the setting of a lever that exists."""
    if row["represented"] is False:
        return [f"the model cannot represent it, name it under left_out: {row['inert_reason']}"]
    return _year_messages(setting, row, names.base_year)


def _place_problems(raw: Lines, label: str, names: KnownNames) -> list[Problem]:
    """Places of levers that the area does not have, whatever else is wrong with the lever."""
    called = {call: name for call, name in names.called.items() if name in names.places}
    given, found = raw.get("levers"), []
    for lever, setting in given.items() if isinstance(given, dict) else ():
        for part in ("zones", "partners"):
            places = setting.get(part) if isinstance(setting, dict) else None
            for place in places if isinstance(places, list) else ():
                if isinstance(place, str) and place not in names.places:
                    key = f"levers.{lever}"
                    message = f"unknown place {place!r} in {part}"
                    message += nearest(place, names.places, called)
                    found.append(Problem(label, raw.line(key), key, message))
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


def setting_error(key: str, value: float, declared: Declaration) -> str | None:
    """Sentence about a parameter set outside its bounds, or nothing."""
    low, high, above = declared.low, declared.high, declared.above
    if low <= value <= high and not (above and value == low):
        return None
    return plain_error(key, value, declared.unit, low, high, above)
