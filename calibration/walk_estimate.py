r"""How far attractiveness walks: the record of forecasts, updated by two inversions.

The prior of each walk is that of :mod:`calibration.walk_record`. What the area itself says are two
starts: each inverts the mean of attractiveness over the :math:`T` years behind its migrants. For a
random walk of variance :math:`\sigma^2` a year, and means :math:`m_1, m_2` over two spans that
follow one another,

.. math:: Var(m_2 - m_1) = \tfrac{2T}{3} \sigma^2, \qquad
    Cov(m_1, m_2 - m_1) = \tfrac{T}{6} \sigma^2

**Cities.** A city's attractiveness is the mean over its people. The change :math:`d`, from a
common mean :math:`\mu` of which nothing is known, has errors of both inversions in it: :math:`S`
is the covariance of what errors of the censuses do to it, each answered by both inversions to one
standard deviation of its prior. They are taken for errors of the census between the two spans, by
which one gained too many and the other too few. As their priors are judgement, they count
:math:`f` times:

.. math:: d \sim N\bigl(\mu 1,\; \tfrac{2T}{3} \sigma^2 I + f^2 S\bigr), \qquad
    f \sim LogNormal(1, 0.5)

Benxi, whose count of 2010 is in doubt, is in with the wider error its own prior gives it; what
would be found without it is printed beside, as is what censuses free of error or the American
record alone would say.

**Zones within cities.** Of these 2010 rests on stocks of the registered and 2020 on survivors. The
earlier mean is therefore measured on a scale :math:`b` of its own, both with errors,

.. math:: \Sigma = \begin{pmatrix} b^2 (V + \tfrac{T}{3} \sigma^2) + e_1^2
    & b (V + \tfrac{T}{2} \sigma^2) \\ \cdot & V + \tfrac{4T}{3} \sigma^2 + e_2^2 \end{pmatrix},
    \qquad \nu S_w \sim Wishart(\nu, \Sigma)

with :math:`V` the variance before both spans and wide priors of :math:`\sqrt V, b, e_1, e_2`. With
scale one and plain errors, covariances alone tell the walk (:func:`yearly_variance`); that comes
out below zero here, so the scale is not one. Whatever it is, a line through the earlier mean leaves
at least :math:`\tfrac{7T}{12} \sigma^2` unexplained (:func:`highest_walk`). Only zones whose
boundaries stayed count.

Posteriors are sums over a grid: walks evenly, unknowns at equally probable values of their
priors. ``python -m calibration.walk_estimate`` prints them; means and standard deviations are
rounded by hand into ``MigrationParams`` as a ``Gamma``, which keeps the mean square that bands
rest on. The method was fixed before its effect on any backcast or target was seen.

Sources: Fuller (1987), *Measurement Error Models*, section 1.3 (moments of two measures); Gelman
and others (2013), *Bayesian Data Analysis*, sections 3.6 and 5.4 (covariance of normal data; known
errors in a normal hierarchy).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from calibration.walk_record import Ratio, load_ratio, prior_of_walk, responses
from model.area import Area
from model.axes import Array, lift
from model.priors import parse_prior

WALKS = np.linspace(0.004, 0.5, 125)
ERROR_FACTOR = "LogNormal(1, 0.5)"
LEVEL, SCALE = "LogNormal(0.5, 0.7)", "LogNormal(1, 0.7)"
ZONE_ERROR = "HalfNormal(0.5)"
NODES = 12
COUNT_ERROR = "census_error"
# The record of the United States alone, as wide as the start of 2010 believes it: nearly normal.
AMERICAN = Ratio(0.0, 0.3, 1000)


@dataclass(frozen=True)
class Belief:
    """What is believed of a walk: mean, standard deviation, median and 95 % [utility]."""

    mean: float
    sd: float
    median: float
    low: float
    high: float


def nodes(prior: str, count: int = NODES) -> Array:
    """Equally probable values of a prior, (node,).

    Examples
    --------
    >>> nodes("Uniform(0, 4)", 4).tolist()
    [0.5, 1.5, 2.5, 3.5]
    """
    return parse_prior(prior).quantile((np.arange(count) + 0.5) / count)


def within_groups(early: Array, late: Array, group: Array) -> tuple[Array, int]:
    """Covariances of two measures about the means of their groups, and their degrees of freedom.

    Parameters
    ----------
    early, late : (unit,) [utility]
    group : (unit,) [1]
        Number of the group of each unit; groups of one say nothing.

    Returns
    -------
    covariance : (2, 2) [utility]
        Squared.
    free : int

    Raises
    ------
    ValueError
        No group has two units.

    Examples
    --------
    >>> early, late = np.array([1.0, 3.0, 9.0]), np.array([2.0, 6.0, 0.0])
    >>> covariance, free = within_groups(early, late, np.array([0, 0, 1]))
    >>> covariance.tolist(), free
    ([[2.0, 4.0], [4.0, 8.0]], 1)
    """
    groups, label, counts = np.unique(group, return_inverse=True, return_counts=True)
    free = len(early) - len(groups)
    if free < 1:
        raise ValueError(f"{len(early)} units in {len(groups)} groups: none has two")
    values = np.stack([early, late])
    means = np.stack([np.bincount(label, one) / counts for one in values])
    apart = values - means[:, label]
    return apart @ apart.T / free, free


def yearly_variance(covariance: Array, years: int) -> float:
    """Variance of the walk a year if errors are plain and the later measure has none.

    Negative where that cannot be.

    Parameters
    ----------
    covariance : (2, 2) [utility]
        Squared; as :func:`within_groups`.
    years : int [yr]
        Of each of the two spans.

    Returns
    -------
    float [utility]
        Squared, a year.

    Examples
    --------
    >>> round(yearly_variance(np.array([[0.5, 0.3], [0.3, 0.4]]), 12), 9)
    0.01
    """
    return float((covariance[1, 1] - covariance[0, 1]) / (5 * years / 6))


def highest_walk(covariance: Array, years: int) -> float:
    """Largest standard deviation of the walk a year, whatever the scale of the earlier measure.

    Parameters
    ----------
    covariance : (2, 2) [utility]
        Squared; as :func:`within_groups`.
    years : int [yr]

    Returns
    -------
    float [utility]
        A year.

    Examples
    --------
    >>> round(highest_walk(np.array([[1.0, 0.3], [0.3, 0.16]]), 12), 9)
    0.1
    """
    left = covariance[1, 1] - covariance[0, 1] ** 2 / covariance[0, 0]
    return float(np.sqrt(left / (7 * years / 12)))


def likelihood_of_change(walks: Array, change: Array, errors: Array, years: int) -> Array:
    """Likelihood of the walk from the change of some units between spans, up to a factor.

    Parameters
    ----------
    walks : (walk,) [utility]
    change : (unit,) [utility]
        At least two; what they have in common says nothing.
    errors : (unit, unit) [utility]
        Squared: covariance of the errors of the change.
    years : int [yr]
        Of each span.

    Returns
    -------
    (walk,) [1]

    Examples
    --------
    >>> change, walks = np.array([-0.2, 0.2]), np.array([0.01, 0.1, 1.0])
    >>> likelihood_of_change(walks, change, np.zeros((2, 2)), 12).round(3).tolist()
    [0.0, 1.0, 0.164]
    """
    factors, same = nodes(ERROR_FACTOR), np.eye(len(change))
    moved = 2 * years / 3 * lift(walks, 3) ** 2 * same
    inverse = np.linalg.inv(moved + lift(factors, 2) ** 2 * errors)
    precision = inverse.sum(axis=(2, 3))
    weighted = (inverse @ change).sum(axis=2) / precision
    apart = change - weighted[..., None]
    distance = ((inverse @ apart[..., None])[..., 0] * apart).sum(axis=2)
    logs = (np.linalg.slogdet(inverse)[1] - np.log(precision) - distance) / 2
    found = np.exp(logs - logs.max()).mean(axis=1)
    return found / found.max()


def likelihood_within(walks: Array, covariance: Array, free: int, years: int) -> Array:
    """Likelihood of the walk from covariances of two measures of other scale, up to a factor.

    Parameters
    ----------
    walks : (walk,) [utility]
    covariance : (2, 2) [utility]
        Squared; as :func:`within_groups`.
    free : int
        Its degrees of freedom.
    years : int [yr]
        Of each span.

    Returns
    -------
    (walk,) [1]

    Examples
    --------
    >>> found = likelihood_within(np.array([0.02, 0.1, 0.5]), np.diag([1.0, 0.16]), 1000, 12)
    >>> int(found.argmax())
    0
    """
    level, scale, first, second = np.meshgrid(
        nodes(LEVEL), nodes(SCALE), nodes(ZONE_ERROR), nodes(ZONE_ERROR), indexing="ij"
    )
    logs = np.empty((len(walks), level.size))
    for at, variance in enumerate(walks**2):
        one = scale**2 * (level**2 + years / 3 * variance) + first**2
        two = level**2 + years * 4 / 3 * variance + second**2
        both = scale * (level**2 + years / 2 * variance)
        size = one * two - both**2
        trace = two * covariance[0, 0] + one * covariance[1, 1] - 2 * both * covariance[0, 1]
        logs[at] = (-free / 2 * (np.log(size) + trace / size)).ravel()
    found = np.exp(logs - logs.max()).mean(axis=1)
    return found / found.max()


def belief(walks: Array, weights: Array) -> Belief:
    """Mean, spread and quantiles of weights on a grid.

    Examples
    --------
    >>> found = belief(np.array([0.1, 0.2, 0.3]), np.array([1.0, 2.0, 1.0]))
    >>> round(found.mean, 9), round(found.sd, 9)
    (0.2, 0.070710678)
    """
    share = weights / weights.sum()
    mean = float(walks @ share)
    sd = float(np.sqrt((walks - mean) ** 2 @ share))
    low, median, high = np.interp([0.025, 0.5, 0.975], np.cumsum(share), walks).tolist()
    return Belief(mean, sd, median, low, high)


def inverted(start: Area, fixed: Mapping[str, float]) -> Array:
    """Attractiveness (zone,) [utility] of the central case of a start, some numbers held."""
    from model.begin import Plan, begin_world
    from model.scenario_loading import load_scenario

    trend, end = load_scenario("trend", start), start.base_year + 1
    held = replace(trend, assumptions=trend.assumptions | dict(fixed))
    plan = Plan(held, start.address, "mean", 100, 0, 1, end, False)
    values: Array = begin_world(plan, start, slice(0, 1))["attractiveness"][0, : len(start.zones)]
    return values


def of_cities(area: Area, values: Array) -> Array:
    """Means over the people of the cities of statistics, (..., city), of values (..., zone)."""
    from model.base_year import baseline

    _, weights = area.statistics
    people = weights * baseline.people(area, area.base_year)[: len(area.zones)].sum(axis=(1, 2))
    return values @ (people / people.sum(axis=1, keepdims=True)).T


@dataclass(frozen=True)
class Evidence:
    """What two inversions say: of cities (city,) and their errors, of zones within cities."""

    cities: tuple[str, ...]
    change: Array
    errors: Array
    within: Array
    free: int
    years: int


def evidence(area: Area, early: Area) -> Evidence:
    """Changes of cities, the covariance of their errors, and covariances within cities."""
    first, second = (inverted(start, {}) for start in (early, area))
    change = of_cities(area, second - first)
    answers = []
    for name in (f"{COUNT_ERROR}.{city}" for city in area.statistics[0]):
        # A start takes this number for too many at its earlier census: too many in the year of the
        # early start are too few before it.
        wrong = inverted(early, {name: -usual_error(early, name)})
        less = inverted(area, {name: usual_error(area, name)})
        answers.append(of_cities(area, less - wrong) - change)
    stayed = {row["zone"] for row in area.tables["comparable"] if row["comparable"]}
    keep = np.array([zone in stayed for zone in area.zones])
    within, free = within_groups(first[keep], second[keep], area.city_of_zone[keep])
    errors = np.transpose(answers) @ np.array(answers)
    years = area.base_year - early.base_year
    return Evidence(area.statistics[0], change, errors, within, free, years)


def usual_error(start: Area, name: str) -> float:
    """One standard deviation of an assumed number, as its quantile at 84 %."""
    prior = next(prior for key, _, prior in start.assumed_numbers if key == name)
    return float(prior.quantile(np.array([0.8413]))[0])


def report(area: Area, early: Area, doubted: str) -> None:
    """Print prior, likelihood and posterior of both walks, of cities without the doubted too."""
    seen, ratio = evidence(area, early), load_ratio()
    usual, city, zone = responses(area)
    print("change of cities", dict(zip(seen.cities, seen.change.round(2).tolist(), strict=True)))
    apart = np.eye(len(seen.change)) - 1 / len(seen.change)
    errors = np.sqrt(np.diag(apart @ seen.errors @ apart))
    print("errors of it, from their mean", errors.round(2).tolist())
    print(f"zones: covariances {seen.within.round(3).tolist()}, {seen.free} degrees of freedom,")
    print(f"  yearly variance if scale is one {yearly_variance(seen.within, seen.years):.4f},")
    print(f"  highest walk on any scale {highest_walk(seen.within, seen.years):.3f}")
    print(f"record {usual}, times {np.exp(ratio.mean):.2f}; responses {city}, {zone}")
    keep = np.array([name != doubted for name in seen.cities])
    some = seen.errors[np.ix_(keep, keep)]
    changes = {
        name: likelihood_of_change(WALKS, change, error, seen.years)
        for name, change, error in (
            ("all", seen.change, seen.errors),
            (f"without {doubted}", seen.change[keep], some),
            ("all, no errors", seen.change, 0 * seen.errors),
            (f"without {doubted}, no errors", seen.change[keep], 0 * some),
        )
    }
    of_city = prior_of_walk(WALKS, city, usual.city, ratio)
    of_zone = prior_of_walk(WALKS, zone, usual.zone, ratio)
    found = {"cities, prior": of_city}
    found |= {f"cities, likelihood, {name}": value for name, value in changes.items()}
    found |= {f"cities, posterior, {name}": of_city * value for name, value in changes.items()}
    found["zones, prior"] = of_zone
    found["zones, likelihood"] = likelihood_within(WALKS, seen.within, seen.free, seen.years)
    found["zones, posterior"] = of_zone * found["zones, likelihood"]
    alone = prior_of_walk(WALKS, city, usual.city, AMERICAN)
    found["cities, posterior, American record"] = alone * changes["all"]
    alone = prior_of_walk(WALKS, zone, usual.zone, AMERICAN)
    found["zones, posterior, American record"] = alone * found["zones, likelihood"]
    for name, weights in found.items():
        one = belief(WALKS, weights)
        print(
            f"{name:40s} {one.mean:.3f} +- {one.sd:.3f}, median {one.median:.3f}, "
            f"95 % {one.low:.3f} to {one.high:.3f}"
        )


if __name__ == "__main__":
    from model.area_loading import load_area

    report(load_area(), load_area(start="history"), "benxi")
