"""Running the model: one scenario, or several over the same draws.

``simulate`` runs one scenario; ``ensemble`` runs several with the same parameter draws and the
same luck, so that differences between them are paired; ``rebuild`` repeats a result from itself.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model import accounts
from model.area_loading import load_area
from model.arguments import settle
from model.axes import Array
from model.begin import Plan, begin_world, begun, without_levers
from model.common_memory import Place, common_place
from model.contract import Process
from model.memory import refuse_too_large
from model.parameters import Params
from model.processes import PARAMETERS, SCHEDULE
from model.recorder import Recorder, dataset, shapes
from model.scenario import Scenario, chinese_title
from model.scenario_loading import parse_scenario
from model.workers import done_by, on_cluster, workers_for
from model.world import World

if TYPE_CHECKING:
    import xarray as xr

# Draws that are run abreast: enough to spread the cost of every call, and a hand's own work.
BLOCK = 25
Progress = Callable[[int, int], None]


def simulate(
    scenario: str | Path | Scenario = "trend",
    *,
    engine: str = "mean",
    scale: int = 100,
    seed: int = 0,
    draws: int = 1,
    end: int | None = None,
    area: str | Path = "shenyang",
    workers: int | None = None,
    progress: Progress | None = None,
) -> "xr.Dataset":
    """Detailed result of one scenario.

    Parameters
    ----------
    scenario : str, Path or Scenario
        Name, file, or a resolved scenario.
    engine : str
        ``mean`` (expectations) or ``agents`` (one row for every ``scale`` people).
    scale : int [persons]
        People per agent.
    seed : int
        All chance follows from it.
    draws : int
        1 is the central case: central parameters, no shocks. More are drawn from the priors.
    end : int [year]
        Last year; by default the scenario's, else fifteen years after the base year.
    area : str or Path
        Study area.
    workers : int
        Processes; results do not depend on it.
    progress : callable
        Told how many blocks of how many are done.

    Returns
    -------
    xarray.Dataset
        Dimensions ``(draw, year, ...)``; the first year is the base year.

    Raises
    ------
    ProblemsError
        An argument or a file that cannot be used.
    RunError
        An account that does not close, or a solver that does not converge.

    Examples
    --------
    >>> result = simulate("trend", end=2021)
    >>> int(result["population"].sel(year=2020).sum())
    21223009
    """
    found = run_scenarios(
        [scenario], engine, scale, seed, draws, end, area, True, workers, progress
    )
    return found.isel(scenario=0, drop=True)


def ensemble(
    scenarios: Sequence[str | Path | Scenario],
    *,
    draws: int = 200,
    seed: int = 0,
    engine: str = "mean",
    scale: int = 100,
    end: int | None = None,
    area: str | Path = "shenyang",
    workers: int | None = None,
    progress: Progress | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> "xr.Dataset":
    """Result of several scenarios over the same draws; arguments as :func:`simulate`.

    ``meanwhile`` is called once the workers have their tasks: what it gives them comes after.

    Returns
    -------
    xarray.Dataset
        Dimensions ``(scenario, draw, year, ...)``; differences along ``scenario`` are paired.

    Examples
    --------
    >>> both = ensemble(["trend", "plan_realistic"], draws=2, end=2022)
    >>> dict(both.sizes)["scenario"], dict(both.sizes)["draw"]
    (2, 2)
    """
    return run_scenarios(
        scenarios, engine, scale, seed, draws, end, area, False, workers, progress, meanwhile
    )


def rebuild(result: "xr.Dataset", workers: int | None = None) -> "xr.Dataset":
    """The same result again, from the text and the seed that it carries.

    Parameters
    ----------
    result : xarray.Dataset
        Of :func:`simulate` or :func:`ensemble`, or read from a file.
    workers : int
        Processes; results do not depend on it.

    Returns
    -------
    xarray.Dataset
        Of the same variables and dimensions; the same bytes by the same version of the model.

    Raises
    ------
    ProblemsError
        A study area that is not here, or whose levers and parameters have other names now.

    Examples
    --------
    >>> once = simulate("trend", end=2021)
    >>> bool((rebuild(once)["births"] == once["births"]).isel(year=-1).all())
    True
    """
    facts = result.attrs
    area = load_area(facts["area"])
    names = facts["scenario_names"].split("\n")
    texts = facts["scenario_yaml"].split("\n---\n")
    scenarios = [parse_scenario(t, n, area) for t, n in zip(texts, names, strict=True)]
    again = run_scenarios(
        scenarios, facts["engine"], int(facts["scale"]), int(facts["seed"]), int(facts["draws"]),
        int(facts["end"]), facts["area"], facts["detail"] == "yes", workers, None,
    )  # fmt: skip
    return again if "scenario" in result.dims else again.isel(scenario=0, drop=True)


def run_scenarios(
    scenarios: Sequence[str | Path | Scenario], engine: str, scale: int, seed: int, draws: int,
    end: int | None, area: str | Path, detail: bool, workers: int | None, progress: Progress | None,
    meanwhile: Callable[[], None] | None = None,
) -> "xr.Dataset":  # fmt: skip
    """Shared body of :func:`simulate` and :func:`ensemble`."""
    without_levers.cache_clear()
    place = load_area(str(area))
    settled, last = settle(scenarios, engine, scale, draws, end, place)
    names = [s.name for s in settled]
    refuse_too_large(place, len(settled), draws, last + 1 - place.base_year, detail)
    plans = [Plan(s, str(area), engine, scale, seed, draws, last, detail) for s in settled]
    arrays = gather(plans, workers, progress, meanwhile)
    title_zh = chinese_title(settled)
    attributes = {
        "title": "; ".join(s.title for s in settled),
        **({"title_zh": title_zh} if title_zh else {}),
        "scenario_names": "\n".join(names),
        "scenario_yaml": "\n---\n".join(s.to_yaml() for s in settled),
        "area": str(area), "engine": engine, "scale": scale, "seed": seed, "draws": draws,
        "end": last, "detail": "yes" if detail else "no",
        "parameters": "central" if draws == 1 else "drawn from their priors",
    }  # fmt: skip
    return dataset(arrays, place, range(place.base_year, last + 1), names, attributes)


def gather(
    plans: list[Plan], workers: int | None, progress: Progress | None,
    meanwhile: Callable[[], None] | None = None,
) -> dict[str, Array]:  # fmt: skip
    """Arrays ``(scenario, draw, year, ...)`` of all plans, block by block."""
    first, count = plans[0], plans[0].count
    # Two blocks a scenario at least, so that small ensembles keep two cores busy as well.
    size = 1 if first.engine == "agents" else min(BLOCK, -(-count // 2))
    pieces = -(-count // size) * len(plans)
    hands = workers_for(pieces, workers)
    if workers is None and pieces < 6 and not on_cluster():
        hands = 1
    if first.engine != "agents":
        # What is kept in detail fills memory, and workers that join a cluster find work left.
        size = abreast(count, hands, BLOCK if first.detail or on_cluster() else 2 * BLOCK)
    blocks = [slice(low, min(low + size, count)) for low in range(0, count, size)]
    # The same draws in one place, for they begin alike, unless that leaves hands idle.
    pieces = min(len(plans), -(-hands // len(blocks)))
    chosen = [(list(range(len(plans)))[part::pieces], block)
              for block in blocks for part in range(pieces)]  # fmt: skip
    area = load_area(first.area)
    sizes = shapes(area, count, first.end + 1 - area.base_year, first.detail)
    sizes = {name: (len(plans), *shape) for name, shape in sizes.items()}
    together = hands > 1 and not on_cluster()
    with common_place(sizes) if together else nullcontext() as place:
        arrays = room_for(sizes) if place is None else place.arrays()
        tasks = [([plans[index] for index in some], some, block, place) for some, block in chosen]
        results = done_by(run_blocks, tasks, hands)
        if meanwhile is not None:
            meanwhile()
        for done, (at, parts) in enumerate(results, start=1):
            some, block = chosen[at]
            for index, part in zip(some, parts, strict=place is None):
                for name, values in part.items():
                    arrays[name][index, block] = values
            if progress is not None:
                progress(done, len(tasks))
    return arrays


def abreast(count: int, hands: int, most: int) -> int:
    """Draws of a block: as many as pay, but the same for every hand, and none without a block.

    A draw costs a twentieth less in a block of 50 than of 25, and hardly less in a larger one,
    which would leave a slow hand with more when the others are done.

    Parameters
    ----------
    count : int
        Draws of a scenario.
    hands : int
        Processes at work.
    most : int
        Draws of the largest block.

    Examples
    --------
    >>> [abreast(200, hands, 50) for hands in (1, 2, 3, 8, 24)]
    [50, 50, 34, 25, 25]
    >>> [abreast(8, hands, 50) for hands in (1, 2, 8)]
    [8, 4, 4]
    """
    share = -(-count // hands)
    if share < BLOCK:  # scenarios of a block go to several hands instead
        return min(BLOCK, -(-count // min(hands, 2)))
    return -(-count // (hands * -(-share // most)))


def run_blocks(
    plans: list[Plan], rows: list[int], chosen: slice, place: Place | None
) -> list[dict[str, Array]]:
    """Arrays of the same draws of several plans; nothing if they were put into their ``rows``."""
    arrays = None if place is None else place.arrays()
    sent = []
    for row, plan in zip(rows, plans, strict=True):
        # What is begun for one plan alone need not be kept for another.
        alone = len(plans) == 1
        world = begin_world(plan, load_area(plan.area), chosen) if alone else begun(plan, chosen)
        if arrays is None:
            sent.append(run_years(world, plan))
        else:
            fill(world, plan, {name: whole[row, chosen] for name, whole in arrays.items()})
    return sent


def run_block(plan: Plan, chosen: slice) -> dict[str, Array]:
    """Arrays ``(draw, year, ...)`` of the chosen draws of a plan."""
    return run_years(begun(plan, chosen), plan)


def run_years(world: World, plan: Plan) -> dict[str, Array]:
    """All years of a plan in arrays ``(draw, year, ...)``; accounts are checked every year."""
    years = plan.end + 1 - world.area.base_year
    arrays = room_for(shapes(world.area, len(world.draws), years, plan.detail))
    fill(world, plan, arrays)
    return arrays


def room_for(sizes: dict[str, tuple[int, ...]]) -> dict[str, Array]:
    """Arrays to be filled."""
    return {name: np.empty(shape) for name, shape in sizes.items()}


def fill(world: World, plan: Plan, arrays: dict[str, Array]) -> None:
    """Put all years of a plan into arrays ``(draw, year, ...)``."""
    years = range(world.area.base_year, plan.end + 1)
    recorder, world.population.by_age = Recorder(years, arrays), plan.detail
    recorder.note(world)
    for _ in years[1:]:
        step(world)
        recorder.note(world)


def step(world: World) -> None:
    """One year: every process of the schedule in turn, then the accounts."""
    before: Any = world["residents_by_hukou"]
    world.year += 1
    world.opening = {name: world[name] for name in accounts.CARRIED}
    world.population.begin_year(world.year)
    world.firms.begin_year(world.year)
    for process in SCHEDULE:
        process.act(world, params_of(world, process))
    accounts.check(world, before)


def params_of(world: World, process: Process) -> Params:
    """Parameter set of a process in a world; an empty one where it has none."""
    names = [name for name, cls in PARAMETERS.items() if cls is process.params]
    return world.params[names[0]] if names else Params()
