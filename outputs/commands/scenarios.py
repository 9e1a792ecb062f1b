"""What scenarios say: ``list``, ``show`` and ``diff``."""

from dataclasses import asdict, replace
from typing import Any

from model.area import Area
from model.area_loading import load_area
from model.checks.scenario import KnownNames
from model.problems import ProblemsError
from model.scenario import REALISED, Realisation, Scenario
from model.scenario_differences import differences
from model.scenario_loading import load_scenario, scenario_names, scenario_path
from outputs.commands import console
from outputs.commands.console import Column, Form
from outputs.effective import effective_levers, filled
from outputs.labels import both, unit_word


def list_scenarios(area_name: str, form: Form) -> None:
    """Scenarios of the project with what they rest on."""
    area = load_area(area_name)
    rows = [_summary(name, area) for name in scenario_names()]
    columns = [
        Column("name", "Scenario 情景", name=True),
        Column("title", "Title 标题"),
        Column("parents", "Rests on 基于"),
        Column("levers", "Levers\n政策工具", number=True),
    ]
    if form == "text":
        rows = [row | {"title": both(row["title"], row["title_zh"])} for row in rows]
    console.emit(form, columns, rows)


def _summary(name: str, area: Area) -> dict[str, Any]:
    """One row of the list; a file with problems is listed and says so."""
    try:
        found = load_scenario(name, area)
    except ProblemsError as error:
        title = f"not usable, {len(error.problems)} problem(s): run.py validate {name}"
        return {"name": name, "title": title, "title_zh": "", "parents": [], "levers": None}
    return {
        "name": name, "title": found.title, "title_zh": found.title_zh,
        "parents": list(found.parents), "levers": len(found.levers),
    }  # fmt: skip


def show(name: str, area_name: str, form: Form) -> None:
    """One scenario: its header, and every value that it sets against its parent."""
    area = load_area(area_name)
    scenario = load_scenario(name, area)
    rows = _settings(_parent(scenario, name, area), scenario, area)
    if form == "csv":
        console.print_csv(rows)
        return
    header = {
        key: getattr(scenario, key)
        for key in (
            "name", "title", "title_zh", "reference", "description", "maps_to", "left_out",
            "parents", "end",
        )
    }  # fmt: skip
    acting = [asdict(one) for one in effective_levers(scenario, area)]
    if form == "json":
        console.print_json(header | {"settings": rows, "effective": acting})
        return
    _print_header(scenario, area)
    against = " + ".join(scenario.parents)
    title = f"Values set, `old -> new` where {against} says otherwise" if against else "Values set"
    console.table(_COLUMNS, _by_part(rows), title)
    if acting:
        console.table(_EFFECTIVE, _by_channel(acting), _EFFECTIVE_TITLE)
    console.paragraphs([_OTHERS], "")


_OTHERS = (
    "Every other parameter stands at its central value (one draw) or is drawn from its prior: "
    "see `run.py explain parameters` and `run.py explain assumptions`."
)
_COLUMNS = [
    Column("setting", "Setting", name=True),
    Column("value", "Value"),
    Column("meaning", "What it is"),
]


_EFFECTIVE_TITLE = (
    "What the levers come to at central values: effect in the unit of its channel, after dose, "
    "share carried out and discount, before budget and ceiling; cost in 1e8 yuan of 2020 a year"
)
_STYLES = {"effect": ".3g", "begins": ".0f", "full": ".0f", "ends": ".0f", "cost": ".3g"}
_EFFECTIVE = [Column("lever", "Channel, unit\n  Lever", name=True)]
_EFFECTIVE += [Column(key, key.capitalize(), number=True) for key in _STYLES]


def _by_channel(acting: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows under the channel that they move, each channel with its unit."""
    found: list[dict[str, Any]] = []
    for channel in dict.fromkeys(row["channel"] for row in acting):
        of_channel = [row for row in acting if row["channel"] == channel]
        name = {"lever": f"{channel}, {unit_word(of_channel[0]['unit'])}"}
        found.append(name | dict.fromkeys(_STYLES, ""))
        for row in of_channel:
            numbers = {key: format(row[key], style) for key, style in _STYLES.items()}
            found.append({"lever": f"  {row['lever']}"} | numbers)
    return found


def _by_part(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows under the parts of a scenario file (``levers:``), the dose of a lever by its name."""
    found: list[dict[str, Any]] = []
    part = ""
    for row in rows:
        first, _, rest = row["key"].partition(".")
        if first != part:
            part = first
            found.append({"setting": f"{part}:", "value": "", "meaning": ""})
        unit = f" ({unit_word(row['unit'])})" if row["unit"] else ""
        value = row["value"] + unit
        found.append(row | {"setting": f"  {rest.removesuffix('.dose')}", "value": value})
    return found


def _print_header(scenario: Scenario, area: Area) -> None:
    titles = {row["document"]: row["title_zh"] for row in area.tables["documents"]}
    console.heading(f"{scenario.name}: {both(scenario.title, scenario.title_zh)}")
    by_document: dict[str, list[str]] = {}
    for reference in scenario.reference:
        document, _, section = reference.partition(" ")
        by_document.setdefault(document, []).append(section)
    cited = [f"{titles.get(d, d)} ({d}): {'; '.join(s)}" for d, s in by_document.items()]
    carried = [f"{number}: {', '.join(names)}" for number, names in scenario.maps_to.items()]
    for label, texts in (
        ("Plan references", cited),
        ("Description", scenario.description),
        ("Each statement is carried by", carried),
        ("Named by the plans, left out here", scenario.left_out),
    ):
        if texts:
            print(f"\n{label}:")
            console.paragraphs(list(texts))
    print()


def _parent(scenario: Scenario, name: str, area: Area) -> Scenario | None:
    """What a scenario rests on, as one scenario; nothing when it stands alone."""
    folder = scenario_path(name).parent
    parents = [load_scenario(scenario_path(parent, folder), area) for parent in scenario.parents]
    if not parents:
        return None
    base = parents[0]
    for other in parents[1:]:
        base = replace(
            base,
            assumptions=base.assumptions | other.assumptions,
            levers=base.levers | other.levers,
        )
    return base


def _settings(parent: Scenario | None, scenario: Scenario, area: Area) -> list[dict[str, Any]]:
    """Every value set, with the parent's value where that is another."""
    from model.checks.scenario import known_names

    nothing = replace(scenario, assumptions={}, levers={}, realisation=_NOTHING, end=None)
    known = known_names(area)
    changed = {key: old for key, old, _ in differences(parent, scenario)} if parent else {}
    rows = []
    for key, _, new in differences(nothing, scenario):
        old = changed.get(key, new) if parent else None
        row = _row(key, old, new, known) | {"changed": key in changed}
        rows.append(row if key in changed else row | {"value": console.plain(new)})
    return rows


# A realisation that says nothing, so that every value of a scenario counts as set.
_NOTHING: Any = Realisation(None, None, None, None)  # type: ignore[arg-type]


def _side(value: Any) -> str:
    return "none" if value is None else console.plain(value)


def _row(key: str, old: Any, new: Any, known: KnownNames) -> dict[str, Any]:
    unit, meaning = _unit(key, known)
    value = f"{_side(old)} -> {_side(new)}"
    return {
        "key": key, "old": old, "new": new, "unit": unit, "value": value, "meaning": meaning,
    }  # fmt: skip


def _unit(key: str, known: KnownNames) -> tuple[str, str]:
    """Unit and meaning of a dotted setting."""
    part, _, rest = key.partition(".")
    if part == "assumptions" and rest in known.parameters:
        return known.parameters[rest].unit, known.parameters[rest].doc
    if part == "realisation" and rest in REALISED:
        return REALISED[rest].unit, REALISED[rest].doc
    if part == "levers":
        lever, _, what = rest.rpartition(".")
        row = known.levers.get(lever, {})
        names = f"{row.get('name_en', '')} {row.get('name_zh', '')}".strip()
        units = {"dose": "of plan", "zones": "places", "partners": "places"}
        return units.get(what, "year"), names
    if key in _SAID:
        return _SAID[key]
    return "year", "last year of a run"


_SAID = {
    "realisation.budget": ("", "whether a city's policy budget limits its measures"),
    "realisation.effect": ("share", "part of its effect that a measure carried out has"),
}


def diff(first: str, second: str, area_name: str, form: Form) -> None:
    """Only the settings in which two scenarios differ."""
    from model.checks.scenario import known_names

    area = load_area(area_name)
    pair = [load_scenario(name, area) for name in (first, second)]
    known = known_names(area)
    sides = filled(pair[0], pair[1], known), filled(pair[1], pair[0], known)
    rows = [_row(key, old, new, known) for key, old, new in differences(*sides)]
    if not rows and form == "text":
        console.say(f"{first} and {second} set the same values.")
        return
    if form == "text":
        title = f"{len(rows)} settings differ: {pair[0].name} -> {pair[1].name}"
        console.table(_COLUMNS, _by_part(rows), title)
    else:
        console.emit(form, [], rows)
