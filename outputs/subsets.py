"""More scenarios over the first draws of a result that is already there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

    from model.axes import Array
    from model.scenario import Scenario
    from model.simulation import Block, Progress

Job = tuple["Scenario", int]


def first_draws(
    result: "xr.Dataset",
    jobs: Sequence[Job],
    years: Sequence[int],
    workers: int | None = None,
    progress: "Progress | None" = None,
) -> dict[int, "xr.Dataset"]:
    """Results of scenarios over the first draws of an ensemble: the same parameters, the same luck.

    Parameters
    ----------
    result : xarray.Dataset
        Whose seed, engine, area, number of draws and last year are meant.
    jobs : sequence of (Scenario, int)
        Scenarios, each with its number of draws.
    years : sequence of int [year]
        Years to keep.
    workers : int
        Processes; results do not depend on it.
    progress : callable
        Told how many blocks of how many are done.

    Returns
    -------
    dict of xarray.Dataset
        By number of draws; coordinate ``scenario`` is the position in ``jobs``.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> from model.scenario import load_scenario
    >>> both = ensemble(["trend", "plan_realistic"], draws=4, end=2022)
    >>> again = first_draws(both, [(load_scenario("plan_realistic", load_area()), 2)], [2022])
    >>> bool((again[2]["births"].values == both["births"].values[1:, :2, 2:]).all())
    True
    """
    from model.recorder import dataset
    from model.simulation import BLOCK, Plan, known_area, run_blocks

    facts = result.attrs
    area, end = known_area(facts["area"]), int(facts["end"])
    kept = [year - area.base_year for year in years]
    count, seed, scale = int(facts["draws"]), int(facts["seed"]), int(facts["scale"])
    plans = [Plan(s, facts["area"], facts["engine"], scale, seed, count, end, False)
             for s, _ in jobs]  # fmt: skip
    # The same draws one after the other, for they begin alike.
    blocks: list[Block] = [
        (index, slice(low, min(low + BLOCK, draws)))
        for draws in dict.fromkeys(draws for _, draws in jobs)
        for low in range(0, draws, BLOCK)
        for index, (_, wanted) in enumerate(jobs)
        if wanted == draws
    ]
    groups = {draws: [i for i, job in enumerate(jobs) if job[1] == draws] for _, draws in jobs}
    arrays: dict[int, dict[str, Array]] = {draws: {} for draws in groups}
    for done, ((index, chosen), part) in enumerate(run_blocks(plans, blocks, workers), start=1):
        draws = jobs[index][1]
        for name, values in part.items():
            some = values[:, kept]
            if name not in arrays[draws]:
                arrays[draws][name] = np.empty((len(groups[draws]), draws, *some.shape[1:]))
            arrays[draws][name][groups[draws].index(index), chosen] = some
        if progress is not None:
            progress(done, len(blocks))
    return {
        draws: dataset(arrays[draws], area, years, [str(i) for i in groups[draws]], {})
        for draws in groups
    }
