"""What a run is asked for, checked before it begins: scenarios, engine, scale, draws, years."""

from collections.abc import Sequence
from pathlib import Path

from model.area import Area
from model.bills import refuse_unpayable
from model.problems import Problem, ProblemsError, nearest, together
from model.scenario import Scenario
from model.scenario_file import LAST_YEAR
from model.scenario_loading import checked_scenario, load_scenario

ENGINES = ("mean", "agents")
# Years of a run where nobody says how many: to the horizon of the plans.
HORIZON = 15
MOST_DRAWS, LARGEST_SCALE = 100_000, 100_000


def settle(
    scenarios: Sequence[str | Path | Scenario],
    engine: str,
    scale: int,
    draws: int,
    end: int | None,
    area: Area,
) -> tuple[list[Scenario], int]:
    """Scenarios resolved and the last year of the run, every argument checked.

    The last year is as asked, else as the scenarios say, else fifteen years after the base year.

    Parameters
    ----------
    scenarios : sequence of str, Path or Scenario
        Names, files, or resolved scenarios.
    engine : str
        One of ``ENGINES``.
    scale : int [persons]
        People per agent.
    draws : int [1]
    end : int [year], optional
    area : Area

    Returns
    -------
    list of Scenario
    int [year]

    Raises
    ------
    ProblemsError
        All problems of all files and arguments at once.
    """
    settled: list[Scenario] = []

    def resolve(one: str | Path | Scenario) -> None:
        if isinstance(one, Scenario):
            settled.append(checked_scenario(one, area))
        else:
            settled.append(load_scenario(one, area))

    def pay() -> int:
        """Bills of those that could be read, whatever is wrong with the others."""
        stated = [s.end for s in settled if s.end is not None]
        last = end or max(stated, default=area.base_year + HORIZON)
        if area.base_year < last <= LAST_YEAR:
            refuse_unpayable(settled, area, last)
        return last

    # By the name of the file: `trend` and `scenarios/trend.yaml` are one scenario.
    names = [s.name if isinstance(s, Scenario) else Path(s).stem for s in scenarios]
    *_, last = together(
        *(lambda s=s: resolve(s) for s in scenarios),
        lambda: check_arguments(engine, scale, draws, end, area, names),
        pay,
    )
    return settled, last


def check_arguments(
    engine: str, scale: int, draws: int, end: int | None, area: Area, names: Sequence[str]
) -> None:
    """Refuse what cannot be run, all of it at once."""
    found = []
    if engine not in ENGINES:
        found.append(("engine", f"unknown {engine!r}{nearest(engine, ENGINES)}"))
    if not 1 <= scale <= LARGEST_SCALE:
        found.append(("scale", f"{scale} is outside [1, {LARGEST_SCALE}] (unit persons)"))
    if not 1 <= draws <= MOST_DRAWS:
        found.append(("draws", f"{draws} is outside [1, {MOST_DRAWS}] (unit 1)"))
    if end is not None and not area.base_year < end <= LAST_YEAR:
        found.append(("end", f"{end} is outside [{area.base_year + 1}, {LAST_YEAR}] (unit year)"))
    repeated = sorted({name for name in names if names.count(name) > 1})
    found += [("scenario", f"{name} is given more than once") for name in repeated]
    if not names:
        found.append(("scenario", "none is given"))
    if found:
        raise ProblemsError([Problem("arguments", None, key, text) for key, text in found])
