"""Scenarios: a file, what it extends, and what follows from both.

``load_scenario`` reads everything a scenario rests on, checks all of it against the study area,
and answers one resolved :class:`Scenario`, or every problem at once.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from model.area import Area, load_area
from model.axes import Array
from model.checks.network import opening_messages
from model.parameters import Declaration
from model.priors import parse_prior
from model.problems import Problem, ProblemsError, nearest
from model.reading.yaml_lines import Lines, empty, parse_mapping, read_mapping
from model.streams import stratified

if TYPE_CHECKING:
    from model.scenario_file import LeverSetting, ScenarioFile

SCENARIOS = Path(__file__).parents[1] / "scenarios"

REALISED: dict[str, Declaration] = {
    "share": Declaration(
        0.5, "share", parse_prior("Beta(4, 4)"), "share of a planned lever that comes about",
        "own reference class: the 2011-2020 master plan realised 0.30 of its population growth",
        "derived", 0, 1, "G04",
    ),
    "delay": Declaration(
        2.0, "yr", parse_prior("Gamma(2, 1.5)"), "delay of dated works",
        "Flyvbjerg reference class", "recalled", 0, 30, "G05",
    ),
    "overrun": Declaration(
        1.3, "1", parse_prior("LogNormal(1.3, 0.3)"), "actual over planned cost",
        "Flyvbjerg et al. 2003", "recalled", 0.2, 10, "G06",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Realisation:
    """How much of the plan comes about; a number, or ``drawn`` from its prior lever by lever.

    ``budget``: a city's means shrink all its doses (``capped``), are no limit (``unlimited``), or
    must be enough, else nothing is run (``strict``). ``effect`` is the part of its effect that a
    measure carried out and paid for has: 0 is a placebo.
    """

    share: float | Literal["drawn"] = 1.0
    delay: float | Literal["drawn"] = 0.0
    overrun: float | Literal["drawn"] = 1.0
    budget: Literal["unlimited", "capped", "strict"] = "capped"
    effect: float = 1.0

    def values(self, what: str, lever: str, seed: int, count: int, chosen: slice) -> Array:
        """Values of one quantity for a lever, ``(draw,)``.

        Examples
        --------
        >>> Realisation(delay="drawn").values("delay", "x", 1, 1, slice(None)).tolist()
        [2.0]
        """
        setting, declared = getattr(self, what), REALISED[what]
        if setting != "drawn":
            return np.full(count, float(setting))[chosen]
        if count == 1:
            return np.array([declared.central])
        drawn = declared.prior.quantile(stratified(seed, f"{lever}.{what}", count)[chosen])
        return np.clip(drawn, declared.low, declared.high)


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario: what the world does (assumptions) and what the plan moves (levers).

    ``maps_to`` says which levers and parameters carry each numbered statement of the description;
    ``stated`` which parts of ``realisation`` the file, or one it rests on, says itself.
    """

    name: str
    title: str
    reference: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    maps_to: dict[int, tuple[str, ...]] = field(default_factory=dict)
    stated: frozenset[str] = frozenset()
    assumptions: dict[str, float] = field(default_factory=dict)
    levers: dict[str, "LeverSetting"] = field(default_factory=dict)
    openings: dict[str, int | str] = field(default_factory=dict)
    realisation: Realisation = field(default_factory=Realisation)
    end: int | None = None

    def to_yaml(self) -> str:
        """The resolved scenario as a file that stands alone."""
        import yaml

        plain: dict[str, Any] = {
            "title": self.title,
            "reference": list(self.reference),
            "description": list(self.description) or [self.title],
            "maps_to": {number: list(names) for number, names in self.maps_to.items()},
            "left_out": list(self.left_out),
            "assumptions": dict(self.assumptions),
            "levers": {
                key: value.model_dump(exclude_none=True) for key, value in self.levers.items()
            },
            "openings": dict(self.openings),
            "realisation": vars(self.realisation),
        }
        if self.end is not None:
            plain["run"] = {"end": self.end}
        return str(yaml.safe_dump(plain, sort_keys=False, allow_unicode=True))


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
    return Problem(label, line, key, f"no such scenario: {path.stem}{nearest(path.stem, known)}")


def _settle(
    raw: Lines, name: str, label: str, folder: Path | None, area: Area, chain: tuple[str, ...],
    problems: list[Problem],
) -> Scenario | None:  # fmt: skip
    """One file validated and laid over what it rests on."""
    from model.checks.scenario import known_names, validated

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


def _overlay(base: Scenario, file: "ScenarioFile", name: str, parents: tuple[str, ...]) -> Scenario:
    stated = {key: value for key, value in vars(file.realisation).items() if value is not None}
    return Scenario(
        name=name,
        title=file.title,
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
