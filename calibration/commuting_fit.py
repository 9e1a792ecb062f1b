r"""Decay and city border from commuting times and from flows between cities: what can be known.

Any decay reproduces the margins (jobs and residents at work), so they are never used. Two kinds
of evidence are, apart and together:

* moments of commuting times of the core city: mean, and share within 45 minutes;
* a workday index of flows between cities, in relative weights only. A commuter makes a trip each
  way, so that the index of a pair is held against commuters of both directions. The index counts
  all purposes, of which commuting is a small part: :math:`\ln index = a + \kappa \ln T + e` with
  a level and an elasticity of its own, both integrated over, and an error as large as they leave.

The posterior is by importance: the base year is inverted anew for every draw of decay, border and
all that travel times, costs and margins rest on, in rounds that learn where the evidence points
(:mod:`calibration.adaptive_sampling`), and draws are weighted by how well they meet it. What is
held against the evidence are the priors from before it (``PRIORS``), not those of the model, which
may rest on this estimate. Contraction is 1 - sd(posterior) / sd(prior), of logs; under 0.2 a
parameter counts as not identified.

Jobs of centres are drawn; other places are held at as many jobs as employed residents (``HELD``,
some sixty numbers). Were they drawn as well, flows would speak of all of them at once, and of nine
hundred base years five would count.

Sources: class means of the national commuting report for the moments; Cornuet et al. (2012) for the
sampling; Kass, Wasserman (1995) for the integral over the level.
"""

from dataclasses import dataclass, replace

import numpy as np

from calibration.adaptive_sampling import Aim, answered, effective, normalised, sampled
from calibration.commuting_data import MOMENTS, CityFlows, Moments
from model.area import Area
from model.axes import Array
from model.base_year import baseline_people, initial
from model.begin import Plan, new_world
from model.priors import Prior, parse_prior
from model.problems import RunError
from model.processes import PARAMETERS
from model.scenario_loading import load_scenario
from model.world import World

# Before any evidence on times and flows (rows C02 and C07 of the parameter register): 0.07 a minute
# for Berlin blocks (Ahlfeldt et al. 2015 toolkit), lower at county scale; of the border, judgement.
PRIORS = {
    "commuting.decay": parse_prior("LogNormal(0.055, 0.25)"),
    "commuting.border": parse_prior("LogNormal(1.0, 0.5)"),
}
NAMES = tuple(PRIORS)
SETS = ("accessibility", "fares", "modes", "commuting")
OWN = ("circuity.", "mode_share.", "job_surplus.")
HELD = ("jobs_factor.", "city_jobs_factor.")
BLOCK = 10
ROUNDS = 6
STEEPEST = 1.0


@dataclass(frozen=True)
class Sample:
    """Base years of many draws: ``values`` (draw, parameter), ``moments`` (draw, moment).

    ``trips`` (draw, pair) are modelled commuters of both directions; ``log_prior`` (draw,) the log
    weight of each draw before evidence; ``scores`` (draw, unknown) standard normal beforehand, of
    the ``names``; ``failed`` how many base years could not be inverted.
    """

    values: Array
    moments: Array
    trips: Array
    log_prior: Array
    scores: Array
    names: tuple[str, ...] = NAMES
    failed: int = 0


@dataclass(frozen=True)
class Estimate:
    """Posterior of one parameter under one kind of evidence; interval of nine in ten.

    ``shift`` is that of the median, of logs, in deviations of the prior.
    """

    parameter: str
    evidence: str
    prior: float
    prior_sd: float
    median: float
    low: float
    high: float
    sd: float
    shift: float
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


def core_moments(world: World) -> Array:
    """(draw, moment) of commuting times in the urban districts of the core city.

    The reports behind the moments cover central urban areas: counties of the city are left out.
    """
    area = world.area
    kinds = area.column("zones", "kind")
    here = area.in_city[area.city_of_zone[area.core]] * (kinds != "county")
    employed = world["employed_residents"] * here
    rows = [(world[name] * employed).sum(axis=1) / employed.sum(axis=1) for name in MOMENTS]
    return np.stack(rows, axis=1)


def unknowns(area: Area) -> dict[str, Prior]:
    """Priors of decay, border, and all numbers behind times, costs and shares of modes."""
    found = {
        f"{name}.{field}": area.parameters.get(f"{name}.{field}", (0, declared.prior))[1]
        for name in SETS
        for field, declared in PARAMETERS[name].declarations().items()
    }
    own = {name: prior for name, _, prior in area.assumed_numbers if name.startswith(OWN)}
    return found | own | PRIORS


def with_values(world: World, values: dict[str, Array]) -> None:
    """Put drawn values in the place of those of a world; bounds of declarations hold."""
    for name in SETS:
        declared = world.params[name].declarations()
        mine = {
            field: np.clip(values[f"{name}.{field}"], one.low, one.high)
            for field, one in declared.items()
        }
        world.params[name] = replace(world.params[name], **mine)
    world.assumed |= {name: one for name, one in values.items() if name.startswith(OWN)}
    held = [name for name in world.assumed if name.startswith(HELD)]
    world.assumed |= {name: np.ones_like(world.assumed[name]) for name in held}


def inverted(area: Area, flows: CityFlows, values: dict[str, Array], seed: int) -> list[Array]:
    """Moments and trips of the base years of some draws; not a number where there is none.

    A block that cannot be inverted whole is done draw by draw.
    """
    count = len(next(iter(values.values())))
    trend = load_scenario("trend", area)
    plan = Plan(trend, area.address, "mean", 1, seed, max(count, 2), 0, False)
    people = baseline_people.everybody(area, area.base_year)
    world = new_world(plan, area, slice(0, count), people)
    with_values(world, values)
    try:
        initial.begin_economy(world)
    except RunError:
        if count == 1:
            return [np.full((1, len(MOMENTS)), np.nan), np.full((1, len(flows.index)), np.nan)]
        each = [
            inverted(area, flows, {name: one[[draw]] for name, one in values.items()}, seed + draw)
            for draw in range(count)
        ]
        return [np.concatenate(part) for part in zip(*each, strict=True)]
    _, weights = area.statistics
    return [core_moments(world), city_trips(world["commuters"], weights, flows)]


def base_years(area: Area, flows: CityFlows, known: Moments, count: int, seed: int = 0) -> Sample:
    """Base years of draws in rounds aimed at the evidence: times, flows, and both.

    Everything else that is drawn has its prior.
    """
    from scipy.special import ndtr

    priors = unknowns(area)

    def drawn(points: Array) -> dict[str, Array]:
        scores = np.clip(ndtr(points), 1e-9, 1 - 1e-9)
        return {
            name: prior.quantile(scores[:, column])
            for column, (name, prior) in enumerate(priors.items())
        }

    def model(points: Array, turn: int) -> list[Array]:
        parts = []
        for start in range(0, len(points), BLOCK):
            values = drawn(points[start : start + BLOCK])
            parts.append(inverted(area, flows, values, seed + 1000 * turn + start))
        return [np.concatenate(part) for part in zip(*parts, strict=True)]

    def aims(points: Array, said: list[Array]) -> list[Aim]:
        return evidence_aims(said[0], said[1], known, flows.index)

    found = sampled(model, aims, len(priors), count, ROUNDS, seed)
    there = answered(found.said)
    values = drawn(found.points[there])
    return Sample(
        np.stack([values[name] for name in NAMES], axis=1), found.said[0][there],
        found.said[1][there], found.log_prior_weight[there], found.points[there],
        tuple(priors), int((~there).sum()),
    )  # fmt: skip


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
    seen, said = relative_logs(trips, index)
    # a pair stands once each way in the index: half as many facts as rows
    facts = len(seen) / 2
    elasticity = np.linspace(0.0, STEEPEST, steps)[:, None, None]
    left = np.maximum(((seen - elasticity * said) ** 2).mean(axis=2), 1e-12)
    log = -0.5 * (facts - 1) * np.log(left)
    top = log.max(axis=0)
    return top + np.log(np.exp(log - top).mean(axis=0))


def relative_logs(trips: Array, index: Array) -> tuple[Array, Array]:
    """Logs of an index (pair,) and of trips (draw, pair) about their means, where it is not zero.

    Examples
    --------
    >>> seen, said = relative_logs(np.array([[1.0, 9.0, np.e]]), np.array([1.0, 0.0, np.e]))
    >>> seen.tolist(), said.tolist()
    ([-0.5, 0.5], [[-0.5, 0.5]])
    """
    there = index > 0
    seen, said = np.log(index[there]), np.log(np.maximum(trips[:, there], 1e-9))
    return seen - seen.mean(), said - said.mean(axis=1, keepdims=True)


def evidence_aims(moments: Array, trips: Array, known: Moments, index: Array) -> list[Aim]:
    """Times, flows, and both, as linear fits can use them.

    The elasticity and the error of the index are those that fit it best so far.
    """
    times, between = moment_likelihood(moments, known), flow_likelihood(trips, index)
    seen, said = relative_logs(trips, index)
    best = said[between.argmax()]
    elasticity = float(np.clip(best @ seen / (best @ best), 0.05, STEEPEST))
    left = ((seen - elasticity * best) ** 2).mean()
    # a pair stands once each way in the index: two rows are one fact
    error = np.full(len(seen), 2 * left / elasticity**2)
    wanted = seen / elasticity
    return [
        Aim(moments, known.value, known.sd**2, times),
        Aim(said, wanted, error, between),
        Aim(
            np.concatenate([moments, said], axis=1),
            np.concatenate([known.value, wanted]),
            np.concatenate([known.sd**2, error]),
            times + between,
        ),
    ]


# -- the answer ----------------------------------------------------------------------


def weighted(values: Array, log_weights: Array) -> tuple[float, float, float, float, float]:
    """Median, 5 and 95 % points, standard deviation of logs, and effective draws.

    Examples
    --------
    >>> middle, *_ = weighted(np.array([1.0, 2.0, 3.0]), np.zeros(3))
    >>> middle
    2.0
    """
    share = normalised(log_weights)
    order = np.argsort(values)
    reached = np.cumsum(share[order])
    points = [float(values[order][np.searchsorted(reached, q)]) for q in (0.5, 0.05, 0.95)]
    logs = np.log(values)
    mean = (share * logs).sum()
    sd = float(np.sqrt((share * (logs - mean) ** 2).sum()))
    return points[0], points[1], points[2], sd, effective(log_weights)


def estimates(sample: Sample, moments: Moments, flows: CityFlows) -> list[Estimate]:
    """Posterior of decay and border under times, flows, and both; the prior stands beside."""
    prior = sample.log_prior
    times = moment_likelihood(sample.moments, moments)
    between = flow_likelihood(sample.trips, flows.index)
    kinds = {"times": times, "flows": between, "both": times + between}
    found = []
    for column, (name, given) in enumerate(PRIORS.items()):
        values = sample.values[:, column]
        logs = np.log(given.quantile((np.arange(2000) + 0.5) / 2000))
        before, sd = float(np.exp(np.median(logs))), float(logs.std())
        for kind, likelihood in kinds.items():
            median, low, high, left, count = weighted(values, prior + likelihood)
            shift = float(np.log(median / before)) / sd
            found.append(Estimate(name, kind, before, sd, median, low, high, left, shift,
                                  1 - left / sd, count))  # fmt: skip
    return found


def predicted(sample: Sample, moments: Moments) -> tuple[Array, Array]:
    """Moments under the prior, and under the posterior of times alone: means, (moment,) each."""
    prior = sample.log_prior
    rows = []
    for weights in (prior, prior + moment_likelihood(sample.moments, moments)):
        rows.append((normalised(weights)[:, None] * sample.moments).sum(axis=0))
    return rows[0], rows[1]


def pulled(sample: Sample, moments: Moments, flows: CityFlows) -> list[tuple[str, float]]:
    """Unknowns that all evidence together moves most: name and shift, in prior deviations."""
    likelihood = moment_likelihood(sample.moments, moments)
    log = sample.log_prior + likelihood + flow_likelihood(sample.trips, flows.index)
    shift = normalised(log) @ sample.scores
    order = np.argsort(-np.abs(shift))
    return [(sample.names[place], float(shift[place])) for place in order]
