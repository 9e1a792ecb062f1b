r"""Prior of the walks of today's start, from the record of forecasts in several countries.

The textbook record behind :mod:`calibration.walk_prior` is that of the United States; elsewhere
forecasts missed by other amounts. Each country :math:`c` gives one number, the mean over its kinds
of areas of the log of their error over that of an American area of their size. The country of the
study area is one more of the same kind, so that its error of ten years has a Student-t prior (the
predictive of a normal sample of :math:`k` countries, of unknown mean and spread):

.. math:: r_c = \overline{\ln e_{ca} - \ln e_{US}(N_{ca})}, \qquad
    \frac{\ln e - \ln e_{US}(N) - \bar r}{s_r \sqrt{1 + 1/k}} \sim t_{k-1}

The model, all else being drawn, turns a walk :math:`\sigma` into the same measure, the mean
distance of draws from their median (unit in the middle), simulated from today's start over as many
years and smoothed by :math:`e(\sigma)^2 = e_0^2 + b \sigma^2 + c \sigma^4`. The prior of the walk
is the prior of the error at :math:`e(\sigma)`, times its slope. Errors below :math:`e_0`, what all
else makes alone, no walk can give; they are left out. Medians of errors are turned into means as if
errors were normal.

Sources: Gelman and others (2013), *Bayesian Data Analysis*, section 3.2 (predictive of a normal
sample); the studies of ``data/forecast_errors_by_country.csv``.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from calibration.walk_prior import (
    CITY,
    RECORD,
    ZONE,
    Spreads,
    load_record,
    simulated,
    spreads_of,
    typical_error,
    wanted,
)
from model.area import Area
from model.axes import Array

BY_COUNTRY = RECORD.with_name("forecast_errors_by_country.csv")
YEARS = 10
TRIALS = (0.1, 0.2, 0.3)
MEAN_OVER_MEDIAN = np.sqrt(2 / np.pi) / 0.6744897501960817  # of absolute normal errors


@dataclass(frozen=True)
class Ratio:
    """Log of errors over those of the United States, as they differ between countries [log]."""

    mean: float
    spread: float
    countries: int

    def density(self, logs: Array) -> Array:
        """Density of the ratio in one more country, (...) as ``logs``."""
        from scipy.stats import t

        scale = self.spread * np.sqrt(1 + 1 / self.countries)
        return np.asarray(t.pdf(logs, self.countries - 1, self.mean, scale))


def ratio_of(by_country: dict[str, list[float]]) -> Ratio:
    """Mean and spread between countries of the mean ratio of each.

    Examples
    --------
    >>> ratio_of({"a": [0.0, 0.2], "b": [-0.3], "c": [-0.1]}).mean.__round__(6)
    -0.1
    """
    means = [float(np.mean(logs)) for logs in by_country.values()]
    return Ratio(float(np.mean(means)), float(np.std(means, ddof=1)), len(means))


def load_ratio(path: Path = BY_COUNTRY) -> Ratio:
    """Ratio of the record by country over the record of the United States."""
    sizes, errors = load_record(YEARS)
    by_country: dict[str, list[float]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            mean = float(row["error"]) * (MEAN_OVER_MEDIAN if row["measure"] == "median" else 1)
            usual = typical_error(np.array([float(row["people"])]), sizes, errors)[0]
            by_country.setdefault(row["country"], []).append(np.log(mean / 100 / usual))
    return ratio_of(by_country)


@dataclass(frozen=True)
class Response:
    """Spread without any walk [log], and what a walk adds to its square, by its even powers."""

    base: float
    second: float
    fourth: float = 0.0

    def spread(self, walks: Array) -> Array:
        """Spread with walks, (walk,) [log].

        Examples
        --------
        >>> Response(0.03, 0.16).spread(np.array([0.0, 0.1])).tolist()
        [0.03, 0.05]
        """
        return np.sqrt(self.base**2 + self.second * walks**2 + self.fourth * walks**4)

    def slope(self, walks: Array) -> Array:
        """Slope of the log of the spread, (walk,) [log per utility]."""
        return (self.second * walks + 2 * self.fourth * walks**3) / self.spread(walks) ** 2


def fitted(walks: Array, spreads: Array) -> Response:
    """Response through the spread without a walk (the first) and nearest to the others.

    Examples
    --------
    >>> walks = np.array([0.0, 0.1, 0.2])
    >>> found = fitted(walks, Response(0.03, 0.16, 1.0).spread(walks))
    >>> round(found.second, 9), round(found.fourth, 9)
    (0.16, 1.0)
    """
    from scipy.optimize import nnls

    (second, fourth), _ = nnls(np.stack([walks**2, walks**4], axis=1), spreads**2 - spreads[0] ** 2)
    return Response(float(spreads[0]), float(second), float(fourth))


def prior_of_walk(walks: Array, response: Response, usual: float, ratio: Ratio) -> Array:
    """Prior of the walk on a grid; it sums to one.

    Parameters
    ----------
    walks : (walk,) [utility]
        Evenly spaced.
    response : Response
    usual : float [log]
        Error of areas of this size in the United States.
    ratio : Ratio

    Returns
    -------
    (walk,) [1]

    Examples
    --------
    >>> walks, ratio = np.linspace(0.01, 0.5, 50), Ratio(0.0, 0.02, 40)
    >>> found = prior_of_walk(walks, Response(0.0, 0.16), 0.04, ratio)
    >>> round(float(walks @ found), 3)
    0.1
    """
    density = ratio.density(np.log(response.spread(walks) / usual)) * response.slope(walks)
    return density / density.sum()


def responses(start: Area, draws: int = 100, seed: int = 1) -> tuple[Spreads, Response, Response]:
    """What the record asks for at a start, and the responses to walks of cities and of zones.

    Parameters
    ----------
    start : Area
    draws, seed : int

    Returns
    -------
    usual : Spreads
        In the United States.
    city, zone : Response
        The second with the walk of cities that the record asks for.
    """
    from model.base_year import baseline

    people = baseline.people(start, start.base_year)[: len(start.zones)].sum(axis=(1, 2))
    usual, end = wanted(start, people, YEARS), start.base_year + YEARS
    walks, found, tried = {CITY: 0.0, ZONE: 0.0}, [], np.array([0.0, *TRIALS])
    for name, kind in ((CITY, "city"), (ZONE, "zone")):
        runs = (simulated(start, walks | {name: walk}, end, draws, seed) for walk in tried.tolist())
        spreads = np.array([getattr(spreads_of(start, run), kind) for run in runs])
        found.append(fitted(tried, spreads))
        aim, grid = getattr(usual, kind) * np.exp(load_ratio().mean), np.linspace(0, 0.5, 501)
        walks[name] = float(np.interp(aim, found[-1].spread(grid), grid))
    return usual, found[0], found[1]
