r"""Prior of the walk of attractiveness in the past, from the record of forecasts.

How far forecasts of ten years have missed is published: typical absolute errors :math:`e` fall
with the size of the area and hardly depend on the method. The walk of a city is the one with which
drawn populations of cities stand as far from their median, all else being drawn as well; that of
a zone is set by the shares of zones in their city, whose error is what a zone's has beyond a
city's:

.. math:: e = \overline{|\ln N - \ln \tilde N|}, \qquad
    e_{zone|city} = \sqrt{e_{zone}^2 - e_{city}^2}

The response is simulated, for a model in which people move seldom turns utility into people
slowly. Nothing after the first year enters: sizes are those of the first year.

``python -m calibration.walk_prior`` prints the derivation; numbers are rounded by hand into
``history_assumptions.csv``.

Sources: Smith, Tayman, Swanson (2001), *State and Local Population Projections*, chapter 13;
Tayman, Schafer, Carter (1998), Population Research and Policy Review 17 (error falls with the log
of size).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError

RECORD = Path(__file__).parent / "data" / "forecast_errors.csv"
CITY, ZONE = "migration.city_walk", "migration.zone_walk"
WALKS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)


@dataclass(frozen=True)
class Spreads:
    """Mean distances of draws from their median, each of the median unit, [log].

    ``city`` of log populations, ``zone`` of log shares of zones in their city.
    """

    city: float
    zone: float


def load_record(years: int, path: Path = RECORD) -> tuple[Array, Array]:
    """Sizes of areas [persons], rising, and typical absolute errors [1] of forecasts of them.

    Raises
    ------
    ProblemsError
        No record of forecasts over so many years.

    Examples
    --------
    >>> sizes, errors = load_record(10)
    >>> sizes.tolist(), errors.tolist()
    ([4000.0, 25000.0, 4000000.0], [0.18, 0.12, 0.06])
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if int(row["years"]) == years]
    if not rows:
        message = f"no errors of forecasts over {years} years"
        raise ProblemsError([Problem(path.name, None, "years", message)])
    pairs = sorted((float(row["people"]), float(row["error"]) / 100) for row in rows)
    sizes, errors = np.array(pairs).T
    return sizes, errors


def typical_error(people: Array, sizes: Array, errors: Array) -> Array:
    """Typical absolute error of forecasts of areas of a size, linear in logs between those known.

    Parameters
    ----------
    people : (unit,) [persons]
    sizes : (row,) [persons]
        Rising; beyond the first and the last their errors hold.
    errors : (row,) [1]

    Returns
    -------
    (unit,) [1]

    Examples
    --------
    >>> sizes, errors = np.array([1e4, 1e6]), np.array([0.16, 0.04])
    >>> typical_error(np.array([1e5, 1e7]), sizes, errors).round(6).tolist()
    [0.08, 0.04]
    """
    return np.exp(np.interp(np.log(people), np.log(sizes), np.log(errors)))


def wanted(area: Area, people: Array, years: int) -> Spreads:
    """Spreads that the record of forecasts says for cities and zones of these sizes.

    Parameters
    ----------
    area : Area
    people : (zone,) [persons]
        Of the first year.
    years : int [yr]
        Ahead.

    Returns
    -------
    Spreads
    """
    record = load_record(years)
    _, weights = area.statistics
    city, zone = (
        float(np.median(typical_error(sizes, *record))) for sizes in (weights @ people, people)
    )
    return Spreads(city, float(np.sqrt(zone**2 - city**2)))


def spreads_of(area: Area, people: Array) -> Spreads:
    """Spreads of drawn populations, (draw, zone) [persons]."""
    _, weights = area.statistics
    cities, zones = np.log(people @ weights.T), np.log(people)
    within = zones - np.log(people @ area.in_city.T)[:, area.city_of_zone]
    city, zone = (
        float(np.median(np.abs(x - np.median(x, axis=0)).mean(axis=0))) for x in (cities, within)
    )
    return Spreads(city, zone)


def matching_walk(walks: Array, spreads: Array, aim: float) -> float:
    """Walk whose simulated spread is the one aimed at, linear between those tried.

    Parameters
    ----------
    walks : (trial,) [utility]
        Rising.
    spreads : (trial,) [log]
    aim : float [log]

    Returns
    -------
    float [utility]

    Raises
    ------
    ValueError
        An aim that no trial reaches, or a spread that does not rise.

    Examples
    --------
    >>> matching_walk(np.array([0.0, 0.1, 0.2]), np.array([0.0, 0.02, 0.06]), 0.04)
    0.15
    """
    if np.any(np.diff(spreads) <= 0):
        raise ValueError(f"spreads do not rise with the walk: {np.round(spreads, 4).tolist()}")
    if not spreads[0] <= aim <= spreads[-1]:
        raise ValueError(f"{aim:.4f} is outside [{spreads[0]:.4f}, {spreads[-1]:.4f}] (unit log)")
    return round(float(np.interp(aim, spreads, walks)), 10)


def simulated(early: Area, fixed: Mapping[str, float], end: int, draws: int, seed: int) -> Array:
    """Residents (draw, zone) [persons] at the end of a run with some numbers held fixed."""
    from model.scenario_loading import load_scenario
    from model.simulation import simulate

    trend = load_scenario("trend", early)
    scenario = replace(trend, assumptions=trend.assumptions | dict(fixed))
    run = simulate(scenario, area=early.address, end=end, draws=draws, seed=seed, workers=1)
    return np.asarray(run["population"].sel(year=end).values)


@dataclass(frozen=True)
class Derivation:
    """The walks, and what they were derived from."""

    wanted: Spreads
    trials: dict[str, tuple[float, ...]]
    city_walk: float
    zone_walk: float


def derive(area: Area, early: Area, draws: int = 100, seed: int = 1) -> Derivation:
    """Walks with which ten years spread as far as forecasts of ten years have missed.

    Parameters
    ----------
    area, early : Area
        As of today, for the year that is forecast alone, and at the start ``history``.
    draws, seed : int

    Returns
    -------
    Derivation
    """
    from model.base_year import baseline

    end = area.base_year
    people = baseline.people(early, early.base_year)[: len(early.zones)].sum(axis=(1, 2))
    aims = wanted(early, people, end - early.base_year)
    trials, walks = {}, {CITY: 0.0, ZONE: 0.0}
    # Zones last: those that exchange more people answer more to the walk of their city as well.
    for name, kind in ((CITY, "city"), (ZONE, "zone")):
        runs = (simulated(early, walks | {name: walk}, end, draws, seed) for walk in WALKS)
        trials[name] = tuple(getattr(spreads_of(early, run), kind) for run in runs)
        aim = getattr(aims, kind)
        walks[name] = matching_walk(np.array(WALKS), np.array(trials[name]), aim)
    return Derivation(aims, trials, walks[CITY], walks[ZONE])


if __name__ == "__main__":
    from model.area_loading import load_area

    found = derive(load_area(), load_area(start="history"))
    print(f"wanted {found.wanted}")
    for key, spreads in found.trials.items():
        print(key, dict(zip(WALKS, np.round(spreads, 4).tolist(), strict=True)))
    print(f"city walk {found.city_walk:.3f}, zone walk {found.zone_walk:.3f} (utility)")
