"""Reading scenarios: a file, what it extends or combines, and what follows from both.

``load_scenario`` reads everything a scenario rests on, checks all of it against the study area,
and answers one resolved :class:`model.scenario.Scenario`, or every problem at once.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.area import Area
from model.area_loading import load_area
from model.checks.network import opening_messages
from model.checks.scenario import known_names, validated
from model.problems import Problem, ProblemsError, nearest
from model.reading.yaml_lines import LARGEST, Lines, empty, parse_mapping, read_mapping
from model.scenario import Scenario, chinese_title
from model.scenario_file import LeverSetting, ScenarioFile

TITLE_ZH = re.compile("^title_zh: *[\"']?([^：:\"'\n]+)", re.MULTILINE)
SCENARIOS = Path(__file__).parents[1] / "scenarios"


def joined_names(name: str | Path) -> tuple[str, ...]:
    """Names in ``trend+external_low``: scenarios to combine as a file with ``combine`` would.

    Examples
    --------
    >>> joined_names("trend+external_low"), joined_names("my/a+b.yaml")
    (('trend', 'external_low'), ('my/a+b.yaml',))
    """
    if Path(name).suffix in {".yaml", ".yml"}:
        return (str(name),)
    return tuple(part.strip() for part in str(name).split("+"))


def scenario_path(name: str | Path, beside: Path | None = None) -> Path:
    """Path of a scenario given by name (``trend``) or by path (``my/rail.yaml``).

    Both are looked up in the folder ``beside`` first: what a file extends may stand next to it.

    Examples
    --------
    >>> scenario_path("trend").parent.name, scenario_path("my/rail.yaml").name
    ('scenarios', 'rail.yaml')
    """
    given = Path(name)
    if given.suffix in {".yaml", ".yml"}:
        near = given if beside is None else beside / given
        return near if near.is_file() else given
    if beside is not None and (beside / f"{name}.yaml").is_file():
        return beside / f"{name}.yaml"
    return SCENARIOS / f"{name}.yaml"


def scenario_names(folder: Path = SCENARIOS) -> list[str]:
    """Names of the scenarios of a folder.

    Examples
    --------
    >>> "trend" in scenario_names()
    True
    """
    return sorted(path.stem for path in folder.glob("*.yaml") if path.is_file())


def load_scenario(name: str | Path, area: Area | None = None) -> Scenario:
    """Resolved scenario of a name or path.

    Parameters
    ----------
    name : str or Path
        ``trend``, or the path of a YAML file, or several names joined by ``+``.
    area : Area, optional
        Study area whose levers and parameters are meant; Shenyang by default.

    Returns
    -------
    Scenario

    Raises
    ------
    ProblemsError
        All problems of the file and of those it rests on.

    Examples
    --------
    >>> load_scenario("trend").levers
    {}
    """
    area = load_area() if area is None else area
    problems: list[Problem] = []
    names = joined_names(name)
    if len(names) > 1:
        resolved = _joined(names, area, problems)
    else:
        resolved = _resolve(scenario_path(name), area, (), problems)
    if problems or resolved is None:
        raise ProblemsError(sorted(set(problems), key=lambda p: (p.file, p.line or 0, p.key)))
    return resolved


def parse_scenario(text: str, name: str, area: Area) -> Scenario:
    """Resolved scenario from the text that :meth:`Scenario.to_yaml` wrote.

    Parameters
    ----------
    text : str
    name : str
        Of the scenario; also that of the file in messages.
    area : Area

    Returns
    -------
    Scenario

    Raises
    ------
    ProblemsError
        Everything that the area does not know (any more).

    Examples
    --------
    >>> area = load_area()
    >>> again = parse_scenario(load_scenario("plan_realistic", area).to_yaml(), "again", area)
    >>> len(again.levers) == len(load_scenario("plan_realistic", area).levers)
    True
    """
    problems: list[Problem] = []
    raw = parse_mapping(text, name, problems)
    resolved = None if problems else _settle(raw, name, name, None, area, (), problems)
    if problems or resolved is None:
        raise ProblemsError(problems)
    return resolved


def checked_scenario(scenario: Scenario, area: Area) -> Scenario:
    """A scenario made in Python, held against the area as a file is.

    Parameters
    ----------
    scenario : Scenario
    area : Area

    Returns
    -------
    Scenario
        The same, its numbers plain ones that can be written down.

    Raises
    ------
    ProblemsError
        Everything that a file would be refused for, under the name of the scenario.

    Examples
    --------
    >>> warm = Scenario("warm", "Warmer", assumptions={"degree_days": 3000})
    >>> checked_scenario(warm, load_area()).assumptions
    {'degree_days': 3000.0}
    """
    name, levers = scenario.name, scenario.levers
    wrong = [key for key, setting in levers.items() if not isinstance(setting, LeverSetting)]
    message = "{!r}: must be a LeverSetting, such as LeverSetting(dose=0.5)"
    problems = [Problem(name, None, f"levers.{key}", message.format(levers[key])) for key in wrong]
    right = {key: setting for key, setting in levers.items() if key not in wrong}
    raw = empty()
    raw.update(replace(scenario, levers=right).plain())
    raw["maps_to"] = {str(number): names for number, names in raw["maps_to"].items()}
    file = validated(raw, name, known_names(area), problems)
    doses = {key: setting.dose for key, setting in right.items()}
    _check_openings(scenario.openings, doses, name, raw, area, problems)
    if problems or file is None:
        raise ProblemsError(problems)
    return replace(
        scenario,
        assumptions={key: float(given.value) for key, given in file.assumptions.items()},
        openings=dict(file.openings),
    )


def _joined(names: tuple[str, ...], area: Area, problems: list[Problem]) -> Scenario | None:
    """Several scenarios named together, as one."""
    label = "+".join(names)
    found = [_resolve(scenario_path(name), area, (), problems) for name in names]
    parents = [scenario for scenario in found if scenario is not None]
    if len(parents) < len(names):
        return None
    return replace(
        _combined(parents, label, empty(), problems),
        name=label,
        title="; ".join(one.title for one in parents),
        title_zh=chinese_title(parents),
        reference=tuple(dict.fromkeys(part for one in parents for part in one.reference)),
        description=tuple(f"{one.name}: {text}" for one in parents for text in one.description),
        left_out=tuple(dict.fromkeys(part for one in parents for part in one.left_out)),
        maps_to={},
        parents=names,
    )


def _resolve(
    path: Path, area: Area, chain: tuple[str, ...], problems: list[Problem]
) -> Scenario | None:
    label = _label(path)
    if not path.is_file():
        problems.append(_absent(path, label, None, ""))
        return None
    key = str(path.resolve())
    raw = read_mapping(path, label, problems)
    if key in chain:
        names = " -> ".join(Path(part).stem for part in (*chain, key))
        message = f"goes round in a circle: {names}"
        problems.append(Problem(label, raw.line("extends"), "extends", message))
        return None
    if not raw:
        if not any(problem.file == label for problem in problems):
            problems.append(Problem(label, None, "", "the file says nothing"))
        return None
    return _settle(raw, path.stem, label, path.parent, area, (*chain, key), problems)


def _absent(path: Path, label: str, line: int | None, key: str) -> Problem:
    """Problem of a scenario that is not there, with the names of those that are."""
    typed = path.relative_to(SCENARIOS) if path.is_relative_to(SCENARIOS) else path
    bare = typed.with_suffix("")
    if path.is_dir() or bare.is_dir():
        shown = bare if bare.is_dir() else typed
        message = f"{shown} is a folder: name one file in it, such as {shown / 'mine.yaml'}"
        return Problem(label, line, key, message)
    if typed.is_file():
        return Problem(label, line, key, f"give the path of a file in full: {typed}")
    if bare.is_file():
        return Problem(label, line, key, f"{bare} is no scenario: its name must end in .yaml")
    folder = path.parent if path.parent.is_dir() else SCENARIOS
    known = scenario_names(folder) or scenario_names()
    called = _titles_zh(folder)
    message = f"no such scenario: {path.stem}{nearest(path.stem, known, called)}"
    return Problem(label, line, key, message)


def _titles_zh(folder: Path) -> dict[str, str]:
    """What precedes the colon of the Chinese titles in a folder, and the scenario of that title."""
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.is_file() and path.stat().st_size <= LARGEST:
            said = TITLE_ZH.search(path.read_text(encoding="utf-8", errors="replace"))
            if said:
                found[said[1].strip()] = path.stem
    return found


def _settle(
    raw: Lines, name: str, label: str, folder: Path | None, area: Area, chain: tuple[str, ...],
    problems: list[Problem],
) -> Scenario | None:  # fmt: skip
    """One file validated and laid over what it rests on."""
    names = known_names(area)
    file = validated(raw, label, names, problems)
    parents: list[Scenario] = []
    listed = [raw.get("extends")] if raw.get("extends") else raw.get("combine") or []
    problems += _repeated(listed, label, raw)
    for place, parent in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(parent, str) or parent in listed[:place]:
            continue  # told as a fault of its own
        path = scenario_path(parent, folder)
        if not path.is_file():
            key = "extends" if raw.get("extends") else "combine"
            problems.append(_absent(path, label, raw.line(key), key))
            continue
        found = _resolve(path, area, chain, problems)
        if found is not None:
            parents.append(found)
    if file is None:
        given = raw.get("openings")
        _check_openings(given if isinstance(given, dict) else {}, {}, label, raw, area, problems)
        return None
    base = _combined(parents, label, raw, problems) if parents else Scenario(name, file.title)
    resolved = _overlay(base, file, name, tuple(parent.name for parent in parents))
    doses = {key: setting.dose for key, setting in resolved.levers.items()}
    _check_openings(resolved.openings, doses, label, raw, area, problems)
    return resolved


def _repeated(listed: Any, label: str, raw: Lines) -> list[Problem]:
    """A problem for each scenario that ``combine`` names more than once."""
    names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
    return [
        Problem(label, raw.line("combine"), "combine", f"{name} is given more than once")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]


def _check_openings(
    openings: dict[str, Any], doses: dict[str, float], label: str, raw: Lines, area: Area,
    problems: list[Problem],
) -> None:  # fmt: skip
    """Projects that are unknown, open too early, or stand beside a lever for the same works."""
    for project, message in opening_messages(area, openings, doses):
        key = f"openings.{project}"
        problems.append(Problem(label, raw.line(key), key, message))


def _combined(parents: list[Scenario], label: str, raw: Lines, problems: list[Problem]) -> Scenario:
    """Several scenarios as one; a key that two of them set differently is an error."""
    base = parents[0]
    for other in parents[1:]:
        for part in ("assumptions", "levers", "openings"):
            mine, theirs = getattr(base, part), getattr(other, part)
            for key in sorted(mine.keys() & theirs.keys()):
                message = f"set by both {base.name} and {other.name}; keep it in one of them"
                problems.append(Problem(label, raw.line("combine"), f"{part}.{key}", message))
        said = {key: getattr(other.realisation, key) for key in sorted(other.stated)}
        for key, value in said.items():
            if key in base.stated and getattr(base.realisation, key) != value:
                message = f"{base.name} and {other.name} differ; keep it in one of them"
                problems.append(Problem(label, raw.line("combine"), f"realisation.{key}", message))
        base = replace(
            base,
            name=f"{base.name} + {other.name}",
            realisation=replace(base.realisation, **said),
            stated=base.stated | other.stated,
            assumptions=base.assumptions | other.assumptions,
            levers=base.levers | other.levers,
            openings=base.openings | other.openings,
            end=base.end if base.end is not None else other.end,
        )
    return base


def _overlay(base: Scenario, file: ScenarioFile, name: str, parents: tuple[str, ...]) -> Scenario:
    stated = {key: value for key, value in vars(file.realisation).items() if value is not None}
    return Scenario(
        name=name,
        title=file.title,
        title_zh=file.title_zh or "",
        reference=tuple(file.reference),
        description=tuple(file.description),
        left_out=tuple(file.left_out),
        maps_to={number: tuple(names) for number, names in file.maps_to.items()},
        parents=parents,
        stated=base.stated | stated.keys(),
        assumptions=base.assumptions | {key: q.value for key, q in file.assumptions.items()},
        levers=base.levers | file.levers,
        openings={**base.openings, **file.openings},
        realisation=replace(base.realisation, **stated),
        end=file.run.end if file.run.end is not None else base.end,
    )


def _label(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
