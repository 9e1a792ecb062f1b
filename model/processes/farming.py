r"""Farming as the residual employer: who is let go when a place is short of workers.

In a dual economy most who farm add less to output than what others earn: whoever looks around
takes other work where there is any, and farming keeps the rest. So a workplace with fewer workers
:math:`E` than posts :math:`V` loses surplus farm workers first, those who look around this year,
and only then workers of all sectors alike:

.. math::

    C = K_f \left(\frac{(1-\alpha_f) A_f\, p_f}{\phi\,\bar w}\right)^{1/\alpha_f}, \qquad
    S = \psi \max(0,\ V_f - C), \qquad x = \min\bigl(S,\ \max(0,\ V - E)\bigr)

    L_k = \frac{E}{V - x}\,\bigl(V_k - x\,1[k = f]\bigr)

:math:`C` are the farm jobs whose marginal product is worth leaving other work for,
:math:`\bar w` mean pay in the other sectors of the place, and :math:`\phi` what somebody from a
farm earns beside them, working other hours with other schooling; :math:`\psi` is the share of
people at work who look around anew in a year (:mod:`model.processes.commuting`). Jobs add up to
workers; no sector holds more than its posts while workers are short; a place without farms, or
where all farm work pays, fills posts alike in all sectors, as does one with workers for all of its
posts. No number here is fitted to jobs or output by sector.

Farming is what the accounts publish as the primary sector.

Sources: Lewis (1954, Manchester School 22); Ranis and Fei (1961, AER 51) for the point where
farming has to compete for labour; Harris and Todaro (1970, AER 60); Gollin, Lagakos and Waugh
(2014, QJE 129) for hours and schooling.
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import Array, lift, ratio
from model.parameters import Params, par

FARMING = "primary"


@dataclass(frozen=True)
class FarmingParams(Params):
    """What other work is worth to those who farm."""

    outside_pay: float = par(
        0.63, unit="share", prior="Beta(12, 7)", low=0.05, high=1,
        doc="what a farm worker would earn elsewhere, over mean pay there",
        source="Gollin, Lagakos and Waugh 2014: hours and schooling take the gap in output a "
        "worker from about 3.5 to 2.2", evidence="recalled",
    )  # fmt: skip


def is_farming(area: Area) -> Array:
    """(sector,) [bool] whether a sector is farming."""
    return area.column("sectors", "published_sector") == FARMING


def pay_elsewhere(unit_cost: Array, posts: Array, farming: Array) -> Array:
    """Mean pay of the sectors that are not farming; one where there are none.

    Parameters
    ----------
    unit_cost : (draw, sector, zone) [1e8 yuan of 2020]
        Of a job and year.
    posts : (draw, sector, zone) [persons]
    farming : (sector,) [bool]

    Returns
    -------
    (draw, 1, zone) [1e8 yuan of 2020]

    Examples
    --------
    >>> cost, posts = np.array([[[1.0], [4.0], [7.0]]]), np.array([[[9.0], [2.0], [1.0]]])
    >>> pay_elsewhere(cost, posts, np.array([True, False, False])).tolist()
    [[[5.0]]]
    """
    others = posts * ~farming[:, None]
    paid = (others * unit_cost).sum(axis=1, keepdims=True)
    return ratio(paid, others.sum(axis=1, keepdims=True), 1.0)


def surplus(posts: Array, worthwhile: Array, looking: Array) -> Array:
    """Farm posts beyond the jobs that are worth it, held by those who look around this year.

    Parameters
    ----------
    posts, worthwhile : (draw, farming sector, zone) [persons]
    looking : (draw,) [share]

    Returns
    -------
    (draw, farming sector, zone) [persons]

    Examples
    --------
    >>> surplus(np.array([[[100.0]]]), np.array([[[30.0]]]), np.array([0.2])).tolist()
    [[[14.0]]]
    """
    return np.maximum(posts - worthwhile, 0.0) * lift(looking, 2)


def filled(posts: Array, workers: Array, spare: Array) -> Array:
    """Jobs by sector: spare ones go first where workers are short, the rest fill alike.

    Parameters
    ----------
    posts : (draw, sector, zone) [persons]
    workers : (draw, zone) [persons]
        Employed in each zone.
    spare : (draw, sector, zone) [persons]
        Posts that go first.

    Returns
    -------
    (draw, sector, zone) [persons]
        Adding up to the workers.

    Examples
    --------
    >>> posts, spare = np.array([[[100.0], [50.0]]]), np.array([[[70.0], [0.0]]])
    >>> [filled(posts, np.array([[e]]), spare)[0, :, 0].tolist() for e in (150.0, 100.0, 40.0)]
    [[100.0, 50.0], [50.0, 50.0], [15.0, 25.0]]
    """
    short, most = np.maximum(posts.sum(axis=1) - workers, 0.0), spare.sum(axis=1)
    kept = posts - ratio(np.minimum(short, most), most)[:, None] * spare
    return kept * ratio(workers, kept.sum(axis=1))[:, None]
