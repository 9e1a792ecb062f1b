"""Jobs in farming and elsewhere, told from 2011 on, against the census of 2020.

The labour force of each city is given, as in the backcast of growth; what is told is who lost the
workers: farming or the rest. No parameter of the model was fitted to jobs by sector. What came is
the census, its first year read off the line between two censuses. The naive rival lets all sectors
fall alike.
"""

from dataclasses import dataclass

import numpy as np

from calibration.backcast_economy import BAND, EARLY, EARLY_DRAWS, Banded, weighted_quantile
from calibration.growth import believed_early, drawn_parameters, simulated, workers_by_row
from model.area import Area
from model.axes import Array
from model.base_year.baseline import PUBLISHED
from model.processes.farming import FARMING

KINDS = ("farming", "other work")


@dataclass(frozen=True)
class WorkSpan(Banded):
    """Growth of jobs a year in one kind of work of a city [log/yr], and the model's band."""

    region: str
    kind: str
    years: tuple[int, int]
    observed: float
    model: float
    low: float
    high: float
    alike: float


def errors(spans: list[WorkSpan], kind: str) -> tuple[float, float]:
    """Root mean square errors over cities [log/yr]: of the model, and of all sectors alike.

    Examples
    --------
    >>> one = WorkSpan("a", "farming", (2011, 2020), -0.07, -0.06, -0.08, -0.04, -0.03)
    >>> [round(error, 3) for error in errors([one], "farming")]
    [0.01, 0.04]
    """
    rows = [(s.model - s.observed, s.alike - s.observed) for s in spans if s.kind == kind]
    model, alike = np.sqrt(np.mean(np.square(rows), axis=0))
    return float(model), float(alike)


def counted(area: Area, year: int) -> Array:
    """(statistics region, kind) [persons] employed residents on the line through the censuses."""
    farming = {
        row["census_row"] for row in area.tables["sectors"] if row["published_sector"] == FARMING
    }
    rows = workers_by_row(area, year) @ area.statistics[1].T
    farms = np.isin(area.census_rows, list(farming))
    return np.stack([rows[farms].sum(axis=0), rows[~farms].sum(axis=0)], axis=-1)


def work_backcast(area: Area, seed: int = 0, count: int = EARLY_DRAWS) -> list[WorkSpan]:
    """Growth of jobs by city in farming and elsewhere, from the early start to the base year.

    Parameters
    ----------
    area : Area
    seed : int
    count : int
        Draws of the priors.

    Returns
    -------
    list of WorkSpan
    """
    end = area.base_year
    drawn = drawn_parameters(seed, count, believed_early(area))
    _, _, jobs = simulated(area, drawn, seed, EARLY, end)
    farm = jobs[..., PUBLISHED.index(FARMING)]
    kinds = np.stack([farm, jobs.sum(axis=3) - farm], axis=-1)
    told = np.log(kinds[:, -1] / kinds[:, 0]) / (end - EARLY)
    first, last = counted(area, EARLY), counted(area, end)
    came = np.log(last / first) / (end - EARLY)
    alike = np.log(last.sum(axis=1) / first.sum(axis=1)) / (end - EARLY)
    even, found = np.full(len(told), 1 / len(told)), []
    for row, region in enumerate(area.statistics[0]):
        for column, kind in enumerate(KINDS):
            paths = told[:, row, column]
            low, high = (weighted_quantile(paths, even, share) for share in BAND)
            found.append(
                WorkSpan(region, kind, (EARLY, end), float(came[row, column]),
                         float(paths.mean()), low, high, float(alike[row]))
            )  # fmt: skip
    return found
