"""More scenarios over some draws of a result that is already there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from model.area_loading import load_area
from model.axes import Array
from model.begin import Plan
from model.recorder import dataset
from model.scenario import Scenario
from model.simulation import Progress, run_block
from model.variants import run_variants
from model.workers import done_by, workers_for

if TYPE_CHECKING:
    import xarray as xr


# Scenarios, and the draws that they live through: first and beyond the last.
Job = tuple[Sequence[Scenario], tuple[int, int]]


@dataclass(frozen=True)
class HandedOut:
    """Jobs that were handed out: their years, and their arrays as they are done.

    A ``row`` of what comes back is a scenario in a draw, by job, scenario and draw.
    """

    plan: Plan
    jobs: Sequence[Job]
    years: tuple[int, ...]
    results: Iterator[tuple[int, dict[str, Array]]]

    @property
    def rows(self) -> list[slice]:
        """Rows of each job."""
        ends = np.cumsum([0, *(size(job) for job in self.jobs)])
        return [slice(int(low), int(high)) for low, high in pairwise(ends)]


def size(job: Job) -> int:
    """Scenarios times draws of a job."""
    some, (first, beyond) = job
    return len(some) * (beyond - first)


def ask(
    plan: Plan, jobs: Sequence[Job], years: Sequence[int], workers: int | None = None
) -> HandedOut:
    """Hand out scenarios over draws of an ensemble: the same parameters, the same luck.

    The largest come first, so that no worker is left with one when the others are done.

    Parameters
    ----------
    plan : Plan
        Area, seed and number of draws of the ensemble; its own scenario is not run.
    jobs : sequence of Job
        Each is done in one piece. Over a single draw its scenarios are the rows of one world.
    years : sequence of int [year]
        Years to keep; nothing is run beyond the last.
    workers : int
        Processes; results do not depend on it.
    """
    until = replace(plan, end=max(years), detail=False)
    order = sorted(range(len(jobs)), key=lambda at: -size(jobs[at]))
    tasks = [(until, *jobs[at], tuple(years)) for at in order]
    found = done_by(run_job, tasks, workers_for(len(tasks), workers))
    return HandedOut(plan, jobs, tuple(years), ((order[at], arrays) for at, arrays in found))


def answers(asked: HandedOut, progress: Progress | None = None) -> "xr.Dataset":
    """Result of all jobs, once they are done.

    Parameters
    ----------
    asked : HandedOut
    progress : callable
        Told how many rows of how many are done.

    Returns
    -------
    xarray.Dataset
        Coordinate ``scenario`` is the row; there is one ``draw``, whose number means nothing.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> from model.scenario_loading import load_scenario
    >>> from model.begin import Plan
    >>> both = ensemble(["trend", "plan_realistic"], draws=4, end=2022)
    >>> one = load_scenario("plan_realistic", load_area())
    >>> plan = Plan(one, "shenyang", "mean", 100, 0, 4, 2022, False)
    >>> found = answers(ask(plan, [([one], (1, 2))], [2022]))
    >>> bool((found["births"].values == both["births"].values[1:, 1:2, 2:]).all())
    True
    """
    rows, done = asked.rows, 0
    whole: dict[str, Array] = {}
    for at, arrays in asked.results:
        for name, values in arrays.items():
            if name not in whole:
                whole[name] = np.empty((rows[-1].stop, 1, *values.shape[2:]))
            whole[name][rows[at], 0] = values.reshape(-1, *values.shape[2:])
        done += size(asked.jobs[at])
        if progress is not None:
            progress(done, rows[-1].stop)
    names = [str(row) for row in range(rows[-1].stop)]
    return dataset(whole, load_area(asked.plan.area), asked.years, names, {})


def run_job(
    plan: Plan, scenarios: Sequence[Scenario], draws: tuple[int, int], years: Sequence[int]
) -> dict[str, Array]:
    """Arrays ``(scenario, draw, year, ...)`` of scenarios over draws of an ensemble."""
    first, beyond = draws
    if beyond - first == 1:
        rows = run_variants(plan, scenarios, first, years)
        return {name: values[:, None] for name, values in rows.items()}
    kept = [year - load_area(plan.area).base_year for year in years]
    each = [run_block(replace(plan, scenario=one), slice(first, beyond)) for one in scenarios]
    return {name: np.stack([one[name][:, kept] for one in each]) for name in each[0]}
