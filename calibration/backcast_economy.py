"""Growth of output by city and sector against naive trends: a rolling test, 2012-2021.

From each origin year the model, with its parameters weighted on the growth of 2017 up to that
year and nothing later, is asked for every year after it. What was published, and how far it is in
doubt, stands in :mod:`calibration.published_growth`; growth as first published for 2012-2016 is a
block of its own and weighs no draw. From the end of 2011 the model starts with the priors of growth
that could be held in 2010 and the output of that year as published: its level is overstated for
most cities, which growth hardly feels; so is the weight of industry in it.

Growth of a sector is at the year's relative prices; the model is asked for the same.

Naive rivals know the growth of the same series published up to the origin: no growth; the last
growth; its mean since 2010. Where none is known they say that nothing grows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.growth import (
    CITY_DISCREPANCY,
    START,
    believed_early,
    drawn_parameters,
    simulated,
    weigh,
)
from calibration.published_growth import (
    DOUBTED,
    ITEMS,
    LINKED,
    REBASED,
    doubted_growth,
    linked_growth,
    provenance,
    usable_growth,
)
from model.area import Area
from model.axes import Array

FIRST, LAST = 2010, 2021
EARLY = 2011
EARLY_DRAWS = 200
RIVALS = ("none", "last", "mean")
BAND = (0.025, 0.975)


class Banded:
    """Something observed beside the 95 % band that the model gave it."""

    observed: float
    low: float
    high: float

    @property
    def inside(self) -> bool:
        """Whether what came lies in the 95 % band."""
        return self.low <= self.observed <= self.high


@dataclass(frozen=True)
class Forecast(Banded):
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
    series: str = REBASED


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
class Span(Banded):
    """Mean growth a year after an origin [log/yr], the model's band, and whence it is known."""

    region: str
    sector: str
    origin: int
    years: tuple[int, ...]
    observed: float
    model: float
    low: float
    high: float
    series: str
    source: str
    confidence: str


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


def backcast(area: Area, count: int = 1000, seed: int = 0) -> tuple[list[Forecast], list[Span]]:
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
        Of all cities and sectors: as published up to the common start, without doubt after it,
        and linked over both. Both empty where growth is not published.
    """
    years = range(FIRST, LAST + 1)
    usable = usable_growth(area, years)
    if not np.isfinite(usable[START + 1 - FIRST :, :, 0]).all():
        return [], []
    doubted = doubted_growth(area, years)
    found, spans = [], []
    # Of the years before the common start no more can be told than was published.
    if np.isfinite(doubted[EARLY + 1 - FIRST :, :, 0]).any():
        # No year weighs these draws, so that few are enough.
        drawn = drawn_parameters(seed, min(count, EARLY_DRAWS), believed_early(area))
        ahead = growth_paths(*simulated(area, drawn, seed, EARLY, LAST)[:2])
        even = np.full(len(ahead), 1 / len(ahead))
        for series, observed in (
            (REBASED, usable), (DOUBTED, doubted), (LINKED, linked_growth(area, years)),
        ):  # fmt: skip
            more, whole = told(area, observed, ahead, even, drawn, EARLY, seed, series)
            found += more if series != LINKED else []
            spans += whole if series != REBASED else []
    drawn = drawn_parameters(seed, count)
    growth = growth_paths(*simulated(area, drawn, seed, START, LAST)[:2])
    for origin in range(START, LAST):
        weights = weigh(area, growth[..., 0], drawn, tuple(range(START + 1, origin + 1)))
        ahead = growth[:, origin - START :].copy()
        if origin == area.base_year:
            # The gap of the base year closes in the year after it; nobody knew of it before.
            ahead[:, 0] += drawn["productivity.base_gap"][:, None, None] / 2
        more, whole = told(area, usable, ahead, weights, drawn, origin, seed, REBASED)
        found += more
        spans += whole if origin == START else []
    return found, spans


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
    area: Area, published: Array, ahead: Array, weights: Array, drawn: dict[str, Array],
    origin: int, seed: int, series: str,
) -> tuple[list[Forecast], list[Span]]:  # fmt: skip
    """What the model says of all years after an origin, beside the rivals and what came.

    ``ahead`` (draw, year, region, item) [log/yr] starts with the year after the origin;
    ``published`` (year, region, item) is the growth of one series, from the first year on.
    """
    shaken = ahead + shocks(ahead.shape, drawn, np.random.default_rng([seed, origin]))
    past, came = published[: origin + 1 - FIRST], published[origin + 1 - FIRST :]
    found, spans = [], []
    for column, region in enumerate(area.statistics[0]):
        for item, sector in enumerate(ITEMS):
            there = np.flatnonzero(np.isfinite(came[:, column, item]))
            if not there.size:
                continue
            rivals = naive(past[:, column, item])
            seen, path = came[there, column, item], ahead[:, there, column, item]
            lucky = shaken[:, there, column, item]
            years = tuple(origin + 1 + int(step) for step in there)
            for n, year in enumerate(years):
                low, high = (weighted_quantile(lucky[:, n], weights, q) for q in BAND)
                found.append(
                    Forecast(region, sector, origin, year, float(seen[n]),
                             float(path[:, n] @ weights), low, high, **rivals, series=series)
                )  # fmt: skip
            low, high = (weighted_quantile(lucky.mean(axis=1), weights, q) for q in BAND)
            mean = float(path.mean(axis=1) @ weights)
            source, confidence = provenance(area, region, sector, years, series)
            spans.append(
                Span(region, sector, origin, years, float(seen.mean()), mean, low, high, series,
                     source, confidence)
            )  # fmt: skip
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
    origin: int | None = None, ahead: int | None = None, series: str = REBASED,
) -> list[Forecast]:  # fmt: skip
    """Forecasts of a sector; of one city, from one origin, some years ahead, where asked."""
    return [
        f
        for f in forecasts
        if (f.sector, f.series) == (sector, series)
        and region in (None, f.region)
        and origin in (None, f.origin)
        and ahead in (None, f.year - f.origin)
    ]
