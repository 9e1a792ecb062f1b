"""Growth of output by city and sector against naive trends: a rolling test, 2012-2021.

From each origin year the model, with its parameters weighted on the growth of 2017 up to that
year and nothing later, is asked for every year after it. Growth is linked: levels are never
compared across the corrections of 2016 and of the census of 2018. Years before 2017 count only
where the series was re-based; there the model starts at the end of 2011 with its priors. One city
has re-based growth; another has re-based levels at current prices, which are deflated as those of
the first (derived: its own prices may have moved otherwise).

Growth of a sector is that of its city plus the log change of its share in the city's output, both
published, so at the year's relative prices; in 2019 the shares are of another vintage than the year
before, and sectors are not scored. The model is asked for the same.

Naive rivals know the usable growth published up to the origin: no growth; the last growth; its mean
since 2010. Where none is usable they say that nothing grows.
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

FIRST, LAST = 2010, 2021
EARLY = 2011
EARLY_DRAWS = 200
OTHER_VINTAGE = (2019,)
TOTAL = "total"
ITEMS = (TOTAL, *PUBLISHED)
RIVALS = ("none", "last", "mean")
BAND = (0.025, 0.975)


@dataclass(frozen=True)
class Forecast:
    """One city, sector and year, seen from one origin; growth [log/yr]."""

    region: str
    sector: str
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
    """Root mean square errors of some forecasts [log/yr], and how often the band held.

    ``bias`` is the mean of model less observed [log/yr].
    """

    forecasts: int
    bias: float
    model: float
    none: float
    last: float
    mean: float
    covered: float

    @property
    def best(self) -> str:
        """Name of the best rival."""
        return min(RIVALS, key=lambda rival: float(getattr(self, rival)))

    @property
    def skill(self) -> float:
        """One minus the squared error over that of the best rival."""
        return 1 - (self.model / getattr(self, self.best)) ** 2


@dataclass(frozen=True)
class Span:
    """Mean growth a year from the first origin of a city on [log/yr], and the model's band."""

    region: str
    sector: str
    origin: int
    years: tuple[int, ...]
    observed: float
    model: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the 95 % band."""
        return self.low <= self.observed <= self.high


def weighted_quantile(values: Array, weights: Array, share: float) -> float:
    """Value under which a share of the weight lies.

    Examples
    --------
    >>> weighted_quantile(np.array([3.0, 1.0, 2.0]), np.array([0.2, 0.4, 0.4]), 0.5)
    2.0
    """
    order = np.argsort(values)
    at = np.searchsorted(np.cumsum(weights[order]), share)
    return float(values[order][min(int(at), len(order) - 1)])


def usable_growth(area: "Area", years: Sequence[int]) -> Array:
    """Published growth that may be scored, of cities and of their sectors.

    Parameters
    ----------
    area : Area
    years : sequence of int

    Returns
    -------
    (year, statistics region, item) [log/yr]
        Items are the total and the published sectors; NaN where nothing usable is published.

    Examples
    --------
    >>> from model.area import load_area
    >>> found = usable_growth(load_area(), (2012, 2018))
    >>> found[0, :3, 0].round(4).tolist(), found[1, 0].round(4).tolist()
    ([0.088, nan, 0.072], [0.0516, 0.0086, 0.0474, 0.0576])
    """
    rows = []
    for year in years:
        total = observed_growth(area, (year,))[0] if year > START else rebased_growth(area, year)
        parts = np.full((len(total), len(PUBLISHED)), np.nan)
        if year > START and year not in OTHER_VINTAGE:
            now, before = (
                np.stack([gdp_level(area, y, p) / gdp_level(area, y, TOTAL) for p in PUBLISHED], -1)
                for y in (year, year - 1)
            )
            parts = total[:, None] + np.log(now / before)
        rows.append(np.column_stack([total, parts]))
    return np.array(rows)


def rebased_growth(area: "Area", year: int) -> Array:
    """(statistics region,) [log/yr] growth of the re-based series; NaN where there is none."""
    growth = np.log1p(area.statistic("gdp", year, series="growth_revised", item=TOTAL) / 100)
    now, before = (area.statistic("gdp", y, series="revised", item=TOTAL) for y in (year, year - 1))
    nominal = np.log(now / before)
    prices = (nominal - growth)[np.isfinite(nominal - growth)]
    deflated = nominal - prices.mean() if prices.size else np.full(len(growth), np.nan)
    return np.where(np.isfinite(growth), growth, deflated)


def backcast(area: "Area", count: int = 1000, seed: int = 0) -> tuple[list[Forecast], list[Span]]:
    """Forecasts of growth from every origin, and the growth of all years from the first one.

    Parameters
    ----------
    area : Area
    count : int
        Draws of the priors.
    seed : int

    Returns
    -------
    forecasts : list of Forecast
    spans : list of Span
        From the first origin of each city and sector. Both empty where growth is not published.
    """
    usable = usable_growth(area, range(FIRST, LAST + 1))
    scored = np.isfinite(usable[..., 0])
    if not scored[START + 1 - FIRST :].all():
        return [], []
    # Of the years before the common start, only re-based series can be told anything.
    rebased = scored[EARLY + 1 - FIRST]
    found, spans = _from_early(area, usable, rebased, seed, count) if rebased.any() else ([], [])
    drawn = drawn_parameters(seed, count)
    growth = growth_paths(*simulated(area, drawn, seed, START, LAST)[:2])
    for origin in range(START, LAST):
        weights = weigh(area, growth[..., 0], drawn, tuple(range(START + 1, origin + 1)))
        ahead = growth[:, origin - START :].copy()
        if origin == area.base_year:
            # The gap of the base year closes in the year after it; nobody knew of it before.
            ahead[:, 0] += drawn["productivity.base_gap"][:, None, None] / 2
        everywhere = np.ones_like(rebased)
        more, whole = told(area, usable, ahead, weights, drawn, origin, seed, everywhere)
        found += more
        known = {(span.region, span.sector) for span in spans}
        spans += [span for span in whole if (span.region, span.sector) not in known]
    return found, spans


def _from_early(
    area: "Area", usable: Array, rebased: Array, seed: int, count: int
) -> tuple[list[Forecast], list[Span]]:
    """From the end of 2011 with priors alone, of cities with a re-based series."""
    # No year weighs these draws, so that few are enough.
    drawn = drawn_parameters(seed, min(count, EARLY_DRAWS))
    ahead = growth_paths(*simulated(area, drawn, seed, EARLY, LAST)[:2])
    even = np.full(len(ahead), 1 / len(ahead))
    found, spans = told(area, usable, ahead, even, drawn, EARLY, seed, rebased)
    return [f for f in found if f.sector == TOTAL], [s for s in spans if s.sector == TOTAL]


def growth_paths(output: Array, shares: Array) -> Array:
    """Growth of cities and, at relative prices, of their sectors.

    Parameters
    ----------
    output : (draw, year, city) [1e8 yuan]
    shares : (draw, year, city, sector) [share]

    Returns
    -------
    (draw, year - 1, city, 1 + sector) [log/yr]

    Examples
    --------
    >>> output, shares = np.array([[[100.0], [110.0]]]), np.array([[[[0.4, 0.6]], [[0.5, 0.5]]]])
    >>> growth_paths(output, shares).round(3).tolist()
    [[[[0.095, 0.318, -0.087]]]]
    """
    level = np.concatenate([output[..., None], output[..., None] * shares], axis=3)
    return np.diff(np.log(np.maximum(level, 1e-12)), axis=1)


def told(
    area: "Area", usable: Array, ahead: Array, weights: Array, drawn: dict[str, Array],
    origin: int, seed: int, wanted: Array,
) -> tuple[list[Forecast], list[Span]]:  # fmt: skip
    """What the model says of all years after an origin, beside the rivals and what came.

    ``ahead`` (draw, year, region, item) [log/yr] starts with the year after the origin.
    """
    shaken = ahead + shocks(ahead.shape, drawn, np.random.default_rng([seed, origin]))
    past, came = usable[: origin + 1 - FIRST], usable[origin + 1 - FIRST :]
    found, spans = [], []
    for column, region in enumerate(area.statistics[0]):
        for item, sector in enumerate(ITEMS):
            there = np.flatnonzero(np.isfinite(came[:, column, item]))
            if not (wanted[column] and there.size):
                continue
            rivals = naive(past[:, column, item])
            seen, path = came[there, column, item], ahead[:, there, column, item]
            lucky = shaken[:, there, column, item]
            years = tuple(origin + 1 + int(step) for step in there)
            for n, year in enumerate(years):
                low, high = (weighted_quantile(lucky[:, n], weights, q) for q in BAND)
                found.append(
                    Forecast(region, sector, origin, year, float(seen[n]),
                             float(path[:, n] @ weights), low, high, **rivals)
                )  # fmt: skip
            low, high = (weighted_quantile(lucky.mean(axis=1), weights, q) for q in BAND)
            mean = float(path.mean(axis=1) @ weights)
            spans.append(Span(region, sector, origin, years, float(seen.mean()), mean, low, high))
    return found, spans


def shocks(shape: tuple[int, ...], drawn: dict[str, Array], luck: np.random.Generator) -> Array:
    """Yearly shocks of cities and of the area, and what the model gets wrong about a city for good.

    ``shape`` (draw, year, region, item); sectors share the luck of their city.
    """
    draws, years, regions, _ = shape
    own, shared = drawn["industry.productivity_walk"], drawn["productivity.area_walk"]
    each = own[:, None, None] * luck.standard_normal((draws, years, regions))
    each += shared[:, None, None] * luck.standard_normal((draws, years, 1))
    each += CITY_DISCREPANCY * luck.standard_normal((draws, 1, regions))
    return each[..., None]


def naive(past: Array) -> dict[str, float]:
    """What the rivals say, from the usable growth up to the origin.

    Examples
    --------
    >>> naive(np.array([0.02, np.nan, 0.04])), naive(np.array([np.nan]))["last"]
    ({'none': 0.0, 'last': 0.04, 'mean': 0.03}, 0.0)
    """
    known = past[np.isfinite(past)]
    last, mean = (float(known[-1]), float(known.mean())) if known.size else (0.0, 0.0)
    return {"none": 0.0, "last": last, "mean": mean}


def score(forecasts: Sequence[Forecast]) -> Score:
    """Errors of some forecasts, and how often what came lay in the band.

    Parameters
    ----------
    forecasts : sequence of Forecast
        At least one.

    Returns
    -------
    Score
    """
    error = {
        name: float(np.sqrt(np.mean([(getattr(f, name) - f.observed) ** 2 for f in forecasts])))
        for name in ("model", *RIVALS)
    }
    bias = float(np.mean([f.model - f.observed for f in forecasts]))
    covered = float(np.mean([f.inside for f in forecasts]))
    return Score(len(forecasts), bias, covered=covered, **error)


def chosen(
    forecasts: Sequence[Forecast], sector: str, region: str | None = None,
    origin: int | None = None, ahead: int | None = None,
) -> list[Forecast]:  # fmt: skip
    """Forecasts of a sector; of one city, from one origin, some years ahead, where asked."""
    return [
        f
        for f in forecasts
        if f.sector == sector
        and region in (None, f.region)
        and origin in (None, f.origin)
        and ahead in (None, f.year - f.origin)
    ]
