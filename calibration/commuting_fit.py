r"""Decay and city border from commuting times and from flows between cities: what can be known.

Any decay reproduces the margins (jobs and residents at work), so they are never used. Two kinds
of evidence are, apart and together:

* moments of commuting times of the core city: mean, share within 45 and beyond 60 minutes;
* a workday index of flows between cities, in relative weights only. A commuter makes a trip each
  way, so that the index of a pair is held against commuters of both directions. The index counts
  all purposes, of which commuting is a small part: :math:`\ln index = a + \kappa \ln T + e` with
  a level and an elasticity of its own, both integrated over, and an error as large as they leave.

The posterior is by importance: the base year is inverted anew for every draw of decay, border and
all other parameters, and draws are weighted by how well they meet the evidence. Contraction is
1 - sd(posterior) / sd(prior), of logs; under 0.2 a parameter counts as not identified.

Sources: C09 of the parameter register for the moments; Rubin (1988) for importance resampling;
Kass, Wasserman (1995) for the integral over the level.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from calibration.commuting_data import CityFlows, Moments
from model.axes import Array

if TYPE_CHECKING:
    from model.area import Area
    from model.world import World

SPAN = {"decay": (0.012, 0.1), "border": (0.2, 5.0)}
NAMES = tuple(SPAN)
BLOCK = 10
IDENTIFIED = 0.2
STEEPEST = 1.0


@dataclass(frozen=True)
class Sample:
    """Base years of many draws: ``values`` (draw, parameter), ``moments`` (draw, moment).

    ``trips`` (draw, pair) are modelled commuters of both directions.
    """

    values: Array
    moments: Array
    trips: Array


@dataclass(frozen=True)
class Estimate:
    """Posterior of one parameter under one kind of evidence; interval of nine in ten."""

    parameter: str
    evidence: str
    prior: float
    prior_sd: float
    median: float
    low: float
    high: float
    sd: float
    contraction: float
    effective: float


# -- what the model says -------------------------------------------------------------


def city_trips(commuters: Array, weights: Array, flows: CityFlows) -> Array:
    """Commuters of each pair of cities, both directions together.

    Parameters
    ----------
    commuters : (draw, zone, to_zone) [persons]
    weights : (region, zone) [1]
    flows : CityFlows

    Returns
    -------
    (draw, pair) [persons]

    Examples
    --------
    >>> pair = CityFlows(np.array([0]), np.array([1]), np.array([1.0]))
    >>> city_trips(np.array([[[0.0, 3.0], [4.0, 0.0]]]), np.eye(2), pair).tolist()
    [[7.0]]
    """
    between = np.matmul(np.matmul(weights, commuters), weights.T)
    both = between + between.transpose(0, 2, 1)
    return both[:, flows.origin, flows.destination]


def core_moments(world: "World") -> Array:
    """(draw, moment) mean time and shares within 45 and beyond 60 minutes in the core city."""
    from calibration.commuting_data import MOMENTS

    area = world.area
    here = area.in_city[area.city_of_zone[area.core]]
    employed = world["employed_residents"] * here
    rows = [(world[name] * employed).sum(axis=1) / employed.sum(axis=1) for name in MOMENTS]
    return np.stack(rows, axis=1)


def base_years(area: "Area", flows: CityFlows, count: int, seed: int = 0) -> Sample:
    """Base years inverted for draws of decay and border over their span, evenly in logs.

    All other parameters are drawn from their priors. Draws whose base year cannot be inverted
    are left out.
    """
    from model import initial
    from model.problems import RunError
    from model.scenario import load_scenario
    from model.simulation import Plan, begin_world
    from model.streams import stratified

    plan = Plan(load_scenario("trend", area), area.name, "mean", 1, seed, count, 0, False)
    spread = {
        name: np.exp(np.log(low) + np.log(high / low) * stratified(seed, f"fit/{name}", count))
        for name, (low, high) in SPAN.items()
    }
    _, weights = area.statistics
    parts = []
    for start in range(0, count, BLOCK):
        chosen = slice(start, min(start + BLOCK, count))
        drawn = {name: values[chosen] for name, values in spread.items()}
        world = begin_world(plan, area, chosen)
        world.params["commuting"] = replace(world.params["commuting"], **drawn)
        try:
            initial.begin(world)
        except RunError:
            continue
        values = np.stack([drawn[name] for name in NAMES], axis=1)
        parts.append((values, core_moments(world), city_trips(world["commuters"], weights, flows)))
    return Sample(*(np.concatenate(column) for column in zip(*parts, strict=True)))


# -- how likely the evidence is ------------------------------------------------------


def moment_likelihood(found: Array, known: Moments) -> Array:
    """Log likelihood of moments, (draw,); errors are independent and normal.

    Examples
    --------
    >>> known = Moments(np.array([37.0]), np.array([3.0]))
    >>> moment_likelihood(np.array([[38.5], [40.0]]), known).tolist()
    [-0.125, -0.5]
    """
    return -0.5 * (((found - known.value) / known.sd) ** 2).sum(axis=1)


def flow_likelihood(trips: Array, index: Array, steps: int = 21) -> Array:
    """Log likelihood of an index given trips, its level, elasticity and error integrated over.

    Parameters
    ----------
    trips : (draw, pair) [persons]
    index : (pair,) [1]
    steps : int [1]
        Elasticities tried, evenly between 0 and 1.

    Returns
    -------
    (draw,) [log]

    Examples
    --------
    >>> trips = np.array([[1.0, 4.0, 9.0, 20.0], [20.0, 9.0, 4.0, 1.0]])
    >>> better, worse = flow_likelihood(trips, np.array([1.0, 4.0, 10.0, 20.0]))
    >>> bool(better > worse + 1)
    True
    """
    there = index > 0
    seen = np.log(index[there])
    seen = seen - seen.mean()
    said = np.log(np.maximum(trips[:, there], 1e-9))
    said = said - said.mean(axis=1, keepdims=True)
    # a pair stands once each way in the index: half as many facts as rows
    facts = len(seen) / 2
    elasticity = np.linspace(0.0, STEEPEST, steps)[:, None, None]
    left = ((seen - elasticity * said) ** 2).mean(axis=2)
    log = -0.5 * (facts - 1) * np.log(left)
    top = log.max(axis=0)
    return top + np.log(np.exp(log - top).mean(axis=0))


def prior_weights(values: Array) -> Array:
    """Log weight of each draw under the priors, the even spread over the span taken off.

    Examples
    --------
    >>> one, other = prior_weights(np.array([[0.055, 1.0], [0.01, 1.0]]))
    >>> bool(one > other)
    True
    """
    from model.processes.commuting import CommutingParams

    total = np.zeros(len(values))
    for column, name in enumerate(NAMES):
        prior = CommutingParams.declarations()[name].prior
        grid = np.linspace(0.0005, 0.9995, 2000)
        points = np.log(np.asarray(prior.quantile(grid)))
        centre, sd = points.mean(), points.std()
        total += -0.5 * ((np.log(values[:, column]) - centre) / sd) ** 2
    return total


# -- the answer ----------------------------------------------------------------------


def weighted(values: Array, log_weights: Array) -> tuple[float, float, float, float, float]:
    """Median, 5 and 95 % points, standard deviation of logs, and effective draws.

    Examples
    --------
    >>> middle, *_ = weighted(np.array([1.0, 2.0, 3.0]), np.zeros(3))
    >>> middle
    2.0
    """
    share = np.exp(log_weights - log_weights.max())
    share = share / share.sum()
    order = np.argsort(values)
    reached = np.cumsum(share[order])
    points = [float(values[order][np.searchsorted(reached, q)]) for q in (0.5, 0.05, 0.95)]
    logs = np.log(values)
    mean = (share * logs).sum()
    sd = float(np.sqrt((share * (logs - mean) ** 2).sum()))
    return points[0], points[1], points[2], sd, float(1 / (share**2).sum())


def estimates(sample: Sample, moments: Moments, flows: CityFlows) -> list[Estimate]:
    """Posterior of decay and border under times, flows, and both; the prior stands beside."""
    prior = prior_weights(sample.values)
    times = moment_likelihood(sample.moments, moments)
    between = flow_likelihood(sample.trips, flows.index)
    kinds = {"times": times, "flows": between, "both": times + between}
    found = []
    for column, name in enumerate(NAMES):
        values = sample.values[:, column]
        before = weighted(values, prior)
        for kind, likelihood in kinds.items():
            after = weighted(values, prior + likelihood)
            found.append(
                Estimate(
                    name, kind, before[0], before[3], after[0], after[1], after[2], after[3],
                    1 - after[3] / before[3], after[4],
                )
            )  # fmt: skip
    return found


def predicted(sample: Sample, moments: Moments) -> tuple[Array, Array]:
    """Moments under the prior, and under the posterior of times alone: means, (moment,) each."""
    prior = prior_weights(sample.values)
    rows = []
    for weights in (prior, prior + moment_likelihood(sample.moments, moments)):
        share = np.exp(weights - weights.max())
        rows.append((share[:, None] * sample.moments).sum(axis=0) / share.sum())
    return rows[0], rows[1]
