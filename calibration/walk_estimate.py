r"""What two inversions of attractiveness say of the yearly walk of a zone within its city.

Each start inverts the mean of attractiveness over the :math:`T` years behind its migrants. For a
random walk of variance :math:`\sigma^2` a year, and means :math:`m_1, m_2` over two spans that
follow one another,

.. math:: Var(m_2 - m_1) = \tfrac{2T}{3} \sigma^2, \qquad
    Cov(m_1, m_2 - m_1) = \tfrac{T}{6} \sigma^2

The change alone mixes the walk with errors of both. If those are plain (independent, of mean zero,
scale one), covariances tell them apart, for the walk is not in the earlier mean:

.. math:: Var(m_2) - Cov(m_1, m_2) = \tfrac{5T}{6} \sigma^2 + e_2^2

If the earlier mean is measured on another scale as well, nothing is left but a bound: what a line
through it leaves unexplained, of which at least :math:`\tfrac{7T}{12} \sigma^2` is the walk's.

``python -m calibration.walk_estimate`` prints both for the zones whose boundaries stayed. Of
these, 2010 rests on stocks of the registered and 2020 on survivors. Source: Fuller (1987),
*Measurement Error Models*, section 1.3 (moments of two measures).
"""

from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array

if TYPE_CHECKING:
    from model.area import Area


def within_groups(early: Array, late: Array, group: Array) -> Array:
    """Covariances of two measures about the means of their groups, (2, 2) [as values, squared].

    Parameters
    ----------
    early, late : (unit,) [utility]
    group : (unit,) [1]
        Number of the group of each unit; groups of one say nothing.

    Raises
    ------
    ValueError
        No group has two units.

    Examples
    --------
    >>> early, late = np.array([1.0, 3.0, 9.0]), np.array([2.0, 6.0, 0.0])
    >>> within_groups(early, late, np.array([0, 0, 1])).tolist()
    [[2.0, 4.0], [4.0, 8.0]]
    """
    groups, label, counts = np.unique(group, return_inverse=True, return_counts=True)
    free = len(early) - len(groups)
    if free < 1:
        raise ValueError(f"{len(early)} units in {len(groups)} groups: none has two")
    values = np.stack([early, late])
    means = np.stack([np.bincount(label, one) / counts for one in values])
    apart = values - means[:, label]
    return apart @ apart.T / free


def yearly_variance(covariance: Array, years: int, error: float = 0.0) -> float:
    """Variance of the walk a year if errors are plain; negative where they cannot be.

    Parameters
    ----------
    covariance : (2, 2) [utility]
        Squared; as :func:`within_groups`.
    years : int [yr]
        Of each of the two spans.
    error : float [utility]
        Standard deviation of errors of the later measure.

    Returns
    -------
    float [utility]
        Squared, a year.

    Examples
    --------
    >>> round(yearly_variance(np.array([[0.5, 0.3], [0.3, 0.4]]), 12), 9)
    0.01
    """
    return float((covariance[1, 1] - covariance[0, 1] - error**2) / (5 * years / 6))


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


def inversions(area: "Area", early: "Area") -> tuple[Array, Array]:
    """Attractiveness (zone,) [utility] of the central case at the starts of an area."""
    from model.scenario import load_scenario
    from model.simulation import Plan, begin_world

    found = []
    for start in (early, area):
        trend, end = load_scenario("trend", start), start.base_year + 1
        plan = Plan(trend, start.address, "mean", 100, 0, 1, end, False)
        values = begin_world(plan, start, slice(0, 1))["attractiveness"][0]
        found.append(values[: len(start.zones)])
    return found[0], found[1]


def sampled(
    early: Array, late: Array, group: Array, years: int, count: int = 2000, seed: int = 0
) -> tuple[Array, Array]:
    """Both statistics (sample,) of zones drawn anew with their cities kept (bootstrap)."""
    generator = np.random.default_rng(seed)
    variances, bounds = np.empty(count), np.empty(count)
    members = [np.flatnonzero(group == one) for one in np.unique(group)]
    for at in range(count):
        drawn = np.concatenate([generator.choice(one, len(one)) for one in members])
        covariance = within_groups(early[drawn], late[drawn], group[drawn])
        variances[at] = yearly_variance(covariance, years)
        bounds[at] = highest_walk(covariance, years)
    return variances, bounds


if __name__ == "__main__":
    from model.area import load_area

    today, past = load_area(), load_area(start="history")
    stayed = {row["zone"] for row in today.tables["comparable"] if row["comparable"]}
    keep = np.array([zone in stayed for zone in today.zones])
    first, second = (values[keep] for values in inversions(today, past))
    city, span = today.city_of_zone[keep], today.base_year - past.base_year
    found = within_groups(first, second, city)
    variances, bounds = sampled(first, second, city, span)
    print(f"{keep.sum()} zones; covariances {np.round(found, 3).tolist()}")
    for name, value, spread in (
        ("yearly variance, errors plain", yearly_variance(found, span), variances),
        ("highest walk, any scale", highest_walk(found, span), bounds),
    ):
        low, high = np.quantile(spread, [0.025, 0.975])
        print(f"{name}: {value:.4f}, zones drawn anew {low:.4f} to {high:.4f}")
