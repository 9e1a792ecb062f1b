"""Growth of output by city, and shares of sectors, against naive trends: a rolling test.

From each origin year the model, with its parameters weighted on the growth of 2017 up to that
year and nothing later, is asked for every year after it. Growth is linked: levels are never
compared across the breaks of 2016 and 2018. Before 2017 only the re-based series counts, which one
city has; there the model starts at the end of 2011 with its priors.

Naive rivals know what was published at the origin: no growth; the last growth; its mean since
2017. For shares of sectors the rival is the last value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from calibration.growth import (
    CITY_DISCREPANCY,
    START,
    drawn_parameters,
    observed_growth,
    simulated,
    weigh,
)
from model.axes import Array
from model.baseline import PUBLISHED, gdp_level

if TYPE_CHECKING:
    from model.area import Area

LAST = 2021
EARLY_START, EARLY_END = 2011, 2016
RIVALS = ("none", "last", "mean")


@dataclass(frozen=True)
class Forecast:
    """One city, one year, seen from one origin; growth [log/yr]."""

    region: str
    origin: int
    year: int
    observed: float
    model: float
    low: float
    high: float
    none: float
    last: float
    mean: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the 95 % band."""
        return self.low <= self.observed <= self.high


@dataclass(frozen=True)
class Score:
    """Root mean square errors from one origin [log/yr], and how often the band held."""

    origin: str
    forecasts: int
    model: float
    none: float
    last: float
    mean: float
    covered: float

    @property
    def skill(self) -> float:
        """One minus the squared error over that of the best rival."""
        best = min(getattr(self, rival) for rival in RIVALS)
        return 1 - (self.model / best) ** 2


@dataclass(frozen=True)
class ShareScore:
    """Mean absolute error of a sector's share in output from one origin [share]."""

    origin: int
    sector: str
    model: float
    last: float


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """Value under which a share of the weight lies.

    Examples
    --------
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.4, 0.4]), 0.5)
    2.0
    """
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weights[order]), share)])


def backcast(
    area: "Area", count: int = 1000, seed: int = 0
) -> tuple[list[Forecast], list[ShareScore]]:
    """Forecasts of growth by city and scores of sector shares, from every origin.

    Parameters
    ----------
    area : Area
    count : int
        Draws of the priors.
    seed : int

    Returns
    -------
    forecasts : list of Forecast
    shares : list of ShareScore
    """
    drawn = drawn_parameters(seed, count)
    output, shares = simulated(area, drawn, seed, START, LAST)
    growth = np.diff(np.log(output), axis=1)
    # The gap of the base year closes in the year after it; see the process of productivity.
    growth[:, area.base_year - START] += drawn["productivity.base_gap"][:, None] / 2
    found: list[Forecast] = []
    held: list[ShareScore] = []
    for origin in range(START, LAST):
        weights = weigh(area, growth, drawn, tuple(range(START + 1, origin + 1)))
        ahead = growth[:, origin - START :]
        found += _forecasts(area, ahead, weights, drawn, origin, seed, area.statistics[0])
        held += _share_scores(area, shares, weights, origin)
    return [*_early(area, drawn, seed), *found], held


def _early(area: "Area", drawn: dict[str, Array], seed: int) -> list[Forecast]:
    """Years of the re-based series, where there is one."""
    regions = area.statistics[0]
    rebased = area.statistic("gdp", EARLY_END, series="growth_revised", item="total")
    known = [r for r, value in zip(regions, rebased, strict=True) if np.isfinite(value)]
    if not known:
        return []
    output, _ = simulated(area, drawn, seed, EARLY_START, EARLY_END)
    ahead = np.diff(np.log(output), axis=1)
    even = np.full(len(ahead), 1 / len(ahead))
    return _forecasts(area, ahead, even, drawn, EARLY_START, seed, known)


def _forecasts(
    area: "Area", ahead: Array, weights: Array, drawn: dict[str, Array], origin: int, seed: int,
    wanted: Sequence[str],
) -> list[Forecast]:  # fmt: skip
    """Forecasts of all years after an origin, for the regions wanted."""
    luck = np.random.default_rng([seed, origin])
    spread = np.sqrt(
        drawn["industry.productivity_walk"] ** 2
        + drawn["productivity.area_walk"] ** 2
        + CITY_DISCREPANCY**2
    )
    past = observed_growth(area, (origin,))[0]
    since = observed_growth(area, tuple(range(min(START + 1, origin), origin + 1))).mean(axis=0)
    found = []
    for step in range(ahead.shape[1]):
        seen = observed_growth(area, (origin + 1 + step,))[0]
        for column, region in enumerate(area.statistics[0]):
            if region not in wanted:
                continue
            path = ahead[:, step, column]
            shaken = path + spread * luck.standard_normal(len(path))
            low, high = (weighted_quantile(shaken, weights, q) for q in (0.025, 0.975))
            found.append(
                Forecast(
                    region, origin, origin + 1 + step, float(seen[column]), float(path @ weights),
                    low, high, 0.0, float(past[column]), float(since[column]),
                )
            )  # fmt: skip
    return found


def _share_scores(area: "Area", shares: Array, weights: Array, origin: int) -> list[ShareScore]:
    """Change of sector shares from the origin to the last year, against no change."""
    first, last = (
        np.stack(
            [gdp_level(area, year, p) / gdp_level(area, year, "total") for p in PUBLISHED], axis=-1
        )
        for year in (origin, LAST)
    )
    change = shares[:, LAST - START] - shares[:, origin - START]
    expected = first + np.tensordot(weights, change, axes=1)
    return [
        ShareScore(
            origin, name, float(np.abs(expected - last)[:, n].mean()),
            float(np.abs(first - last)[:, n].mean()),
        )
        for n, name in enumerate(PUBLISHED)
    ]  # fmt: skip


def scores(forecasts: Sequence[Forecast]) -> list[Score]:
    """Errors and coverage by origin, and over the forecasts of the last year from the year before.

    Parameters
    ----------
    forecasts : sequence of Forecast

    Returns
    -------
    list of Score
    """
    found = []
    for origin in sorted({f.origin for f in forecasts}):
        rows = [f for f in forecasts if f.origin == origin]
        error = {
            name: float(np.sqrt(np.mean([(getattr(f, name) - f.observed) ** 2 for f in rows])))
            for name in ("model", *RIVALS)
        }
        covered = float(np.mean([f.inside for f in rows]))
        found.append(Score(str(origin), len(rows), covered=covered, **error))
    return found


if __name__ == "__main__":
    from model.area import load_area

    forecasts, shares = backcast(load_area())
    for score in scores(forecasts):
        print(score, f"skill {score.skill:.2f}")
    for share in shares:
        print(share)
