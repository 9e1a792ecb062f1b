r"""Matching: who among those seeking at a workplace is hired there.

.. math:: L_j = S_j\,\frac{\theta_j}{(1 + \theta_j^\gamma)^{1/\gamma}}, \quad
    \theta_j = \theta_0 \frac{V_j}{S_j (1 - u_0)}, \quad
    S_j = \sum_i LF_i\,\pi_{ij}

People choose a workplace knowing the chance of being hired there, so that shares and chances
are one fixed point. Hires never exceed seekers, nor offers times what leaves the usual share
of seekers without work where offers are as usual (:math:`\theta_0 / (1 - u_0)`).

Sources: den Haan, Ramey, Watson (2000, AER 90) for the form; Harris and Todaro (1970, AER 60)
for choice by expected wage.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift
from model.hiring import log_hiring
from model.parameters import Params, par
from model.problems import RunError
from model.processes.commuting import CommutingParams, workplace_shares

TOLERANCE, ROUNDS = 1e-12, 300


@dataclass(frozen=True)
class MatchingParams(Params):
    """Slack of the base year and the curvature of the matching function."""

    base_unemployment: float = par(
        0.05, unit="1", prior="Beta(25, 475)", low=0.005, high=0.3,
        doc="surveyed unemployment rate of the base year, everywhere alike",
        source="about 5 % surveyed in Chinese cities; no city value found", evidence="assumed",
    )  # fmt: skip
    matching_curvature: float = par(
        6.0, unit="1", prior="Uniform(4, 10)", low=1, high=50,
        doc="curvature of the matching function: higher means fewer vacancies left open",
        source="form of den Haan, Ramey, Watson 2000; value for yearly stocks is judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def hiring_probability(tightness: Array, curvature: Array) -> Array:
    """Share of those seeking at a workplace who hold a job, in [0, 1).

    Parameters
    ----------
    tightness : (draw, zone) [1]
        Offers per seeker, scaled.
    curvature : (draw, 1) [1]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> float(hiring_probability(np.array([1.0]), np.array([1.0]))[0])
    0.5
    """
    offered = tightness > 0
    safe = np.where(offered, tightness, 1.0)
    return np.where(offered, (1 + safe**-curvature) ** (-1 / curvature), 0.0)


def tightness_at(unemployment: Array, curvature: Array) -> Array:
    """Tightness at which a given share stays without work: the inverse of the above.

    Examples
    --------
    >>> float(tightness_at(np.array([0.5]), np.array([1.0]))[0])
    1.0
    """
    return ((1 - unemployment) ** -curvature - 1) ** (-1 / curvature)


def clear(
    supply: Array,
    posts: Array,
    scale: Array,
    friction: Array,
    p: MatchingParams,
    travel: CommutingParams,
    start: Array | None = None,
    names: tuple[str, ...] = (),
) -> tuple[Array, Array, Array]:
    """Hiring probabilities at which people choose workplaces knowing them: a fixed point.

    People weigh a workplace by its expected wage, wage times the chance of being hired (Harris,
    Todaro 1970); the chance falls with the number who seek there. Both sides pull together, so
    the point is unique; a damped iteration with each workplace's own slope finds it.

    Parameters
    ----------
    supply, posts : (draw, zone) [persons]
    scale : (draw, zone) [1]
        Of workplaces at base-year hiring.
    friction : (draw, zone, to_zone) [1]
    p : MatchingParams
    travel : CommutingParams
    start : (draw, zone) [1], optional
        Chances to begin from; by default the usual one. The point found is the same.
    names : tuple of str
        Of the zones, for the error.

    Returns
    -------
    hiring : (draw, to_zone) [1]
    shares : (draw, zone, to_zone) [1]
    access : (draw, zone) [1]
        Sum of weights, expected wages included.

    Raises
    ------
    RunError
        No convergence to 1e-12; names the zone and the last residual.

    Examples
    --------
    >>> one = np.full((1, 1), 95.0)
    >>> found, _, _ = clear(one / 0.95, one, one * 0 + 1, one[:, :, None] * 0 + 1,
    ...                     MatchingParams(), CommutingParams())
    >>> round(float(found[0, 0]), 9)
    0.95
    """
    curvature, taste = lift(p.matching_curvature, 1), lift(travel.dispersion, 1)
    usual = np.broadcast_to(1 - lift(p.base_unemployment, 1), (len(supply), 1))
    normal = tightness_at(1 - usual, curvature) / usual
    there = posts > 0
    begin = np.log(np.where(there, usual if start is None else start, usual))
    one = np.ones(len(supply))
    found, last = log_hiring(
        begin, np.ascontiguousarray(supply), normal * posts,
        scale, friction, np.log(usual)[:, 0], taste[:, 0] * one, curvature[:, 0] * one,
        TOLERANCE, ROUNDS,
    )  # fmt: skip
    if np.any(last):
        left = np.where(np.isnan(last), np.inf, np.abs(last)).max(axis=0)
        worst = int(left.argmax())
        where = names[worst] if names else f"zone {worst}"
        raise RunError(f"no convergence: workplaces, {where}, last residual {left[worst]:.2e}")
    hiring = np.exp(found)
    shares, access = workplace_shares(scale * (hiring / usual) ** taste, friction)
    return np.where(there, hiring, 0.0), shares, access
