"""Notes on scenario files: ``lint``."""

from collections.abc import Sequence
from dataclasses import asdict

from model.area_loading import load_area
from model.arguments import HORIZON
from model.problems import together
from model.scenario_loading import load_scenario, scenario_names
from outputs.commands import console
from outputs.commands.console import Column, Form
from outputs.lint import CONTRADICTION, Contradictions, contradictions, lint_scenario


def lint(
    names: list[str],
    end: int | None,
    area_name: str,
    form: Form,
    checks: Sequence[Contradictions] = (),
) -> None:
    """Notes on the scenarios named, all by default; nothing is run."""
    area = load_area(area_name)
    chosen = names or scenario_names()
    scenarios = together(*(lambda name=name: load_scenario(name, area) for name in chosen))
    notes = contradictions(area, checks)
    for scenario in scenarios:
        last = end or scenario.end or area.base_year + HORIZON
        notes += lint_scenario(scenario, area, last)
    rows = [asdict(note) for note in notes]
    if form != "text":
        console.emit(form, _COLUMNS, rows)
        return
    for name in dict.fromkeys(row["scenario"] for row in rows):
        mine = [row for row in rows if row["scenario"] == name]
        many = f"{len(mine)} note{'s' if len(mine) > 1 else ''}"
        console.table(_COLUMNS, mine, f"{name or 'targets'}: {many}")
    clean = [one.name for one in scenarios if one.name not in {row["scenario"] for row in rows}]
    if clean:
        console.say(f"Nothing to note: {', '.join(clean)}.")
    if checks and not any(note.kind == CONTRADICTION for note in notes):
        console.say("No target of the plans contradicts an accounting identity.")


_COLUMNS = [
    Column("kind", "Kind", name=True),
    Column("key", "Setting"),
    Column("message", "Note"),
]
