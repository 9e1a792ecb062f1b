"""More scenarios over some draws of a result that is already there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from model.axes import Array
    from model.scenario import Scenario
    from model.simulation import Plan, Progress

# Scenarios, and the draws that they live through: first and beyond the last.
Job = tuple[Sequence["Scenario"], tuple[int, int]]


def again(
    result: "xr.Dataset",
    jobs: Sequence[Job],
    years: Sequence[int],
    workers: int | None = None,
    progress: "Progress | None" = None,
) -> list["xr.Dataset"]:
    """Results of scenarios over draws of an ensemble: the same parameters, the same luck.

    Parameters
    ----------
    result : xarray.Dataset
        Whose seed, engine, area and number of draws are meant.
    jobs : sequence of Job
        Each is done in one piece. Over a single draw its scenarios are the rows of one world.
    years : sequence of int [year]
        Years to keep; nothing is run beyond the last.
    workers : int
        Processes; results do not depend on it.
    progress : callable
        Told how many jobs of how many are done.

    Returns
    -------
    list of xarray.Dataset
        One for each job; coordinate ``scenario`` is the position in the job.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> from model.scenario import load_scenario
    >>> both = ensemble(["trend", "plan_realistic"], draws=4, end=2022)
    >>> (found,) = again(both, [([load_scenario("plan_realistic", load_area())], (1, 2))], [2022])
    >>> bool((found["births"].values == both["births"].values[1:, 1:2, 2:]).all())
    True
    """
    from model.recorder import dataset
    from model.simulation import Plan, known_area
    from model.workers import done_by, workers_for

    facts = result.attrs
    area = known_area(facts["area"])
    tasks = [
        (
            Plan(some[0], facts["area"], facts["engine"], int(facts["scale"]), int(facts["seed"]),
                 int(facts["draws"]), max(years), False),
            some, draws, tuple(years),
        )
        for some, draws in jobs
    ]  # fmt: skip
    found: list[xr.Dataset | None] = [None] * len(jobs)
    hands = workers_for(len(tasks), workers)
    for done, (at, arrays) in enumerate(done_by(run_job, tasks, hands), start=1):
        names = [str(position) for position in range(len(jobs[at][0]))]
        found[at] = dataset(arrays, area, years, names, {})
        if progress is not None:
            progress(done, len(tasks))
    return [one for one in found if one is not None]


def run_job(
    plan: "Plan", scenarios: Sequence["Scenario"], draws: tuple[int, int], years: Sequence[int]
) -> dict[str, "Array"]:
    """Arrays ``(scenario, draw, year, ...)`` of scenarios over draws of an ensemble."""
    from dataclasses import replace

    from model.simulation import known_area, run_block
    from model.variants import run_variants

    first, beyond = draws
    if beyond - first == 1:
        rows = run_variants(plan, scenarios, first, years)
        return {name: values[:, None] for name, values in rows.items()}
    kept = [year - known_area(plan.area).base_year for year in years]
    each = [run_block(replace(plan, scenario=one), slice(first, beyond)) for one in scenarios]
    return {name: np.stack([one[name][:, kept] for one in each]) for name in each[0]}
