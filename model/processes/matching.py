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

from model.axes import Array, lift, ratio
from model.methods.fixed_point import accelerated
from model.parameters import Params, par
from model.processes.commuting import CommutingParams, workplace_shares


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
    kept: Array | None = None,
) -> tuple[Array, Array, Array]:
    """Hiring probabilities at which people choose workplaces knowing them: a fixed point.

    People weigh a workplace by its expected wage, wage times the chance of being hired (Harris,
    Todaro 1970); the chance falls with the number who seek there. Both sides pull together, so
    the point is unique; a damped iteration with each workplace's own slope finds it. The twin in
    numpy of what :func:`model.kernels.commuting.settle` does within a year.

    Parameters
    ----------
    supply, posts : (draw, zone) [persons]
    scale : (draw, zone) [1]
        Of workplaces at base-year hiring.
    friction : (draw, zone, to_zone) [1]
    p : MatchingParams
    travel : CommutingParams
    kept : (draw, zone, to_zone) [1], optional
        Share of the labour force that stays at a workplace and does not choose.

    Returns
    -------
    hiring : (draw, to_zone) [1]
    shares : (draw, zone, to_zone) [1]
        Of the labour force attached to a workplace; rows sum to one.
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
    curvature, taste, usual = (
        np.broadcast_to(lift(value, 1), (len(supply), 1))
        for value in (p.matching_curvature, travel.dispersion, 1 - np.asarray(p.base_unemployment))
    )
    normal = tightness_at(1 - usual, curvature) / usual
    there = posts > 0

    still = np.zeros(friction.shape) if kept is None else kept
    free = 1 - still.sum(axis=2, keepdims=True)

    def seek(hiring: Array, some: Array) -> tuple[Array, Array]:
        weight = scale[some] * (hiring / usual[some]) ** taste[some]
        chosen, access = workplace_shares(weight, friction[some])
        return still[some] + free[some] * chosen, access

    def advance(log_hiring: Array, some: Array) -> Array:
        hiring = np.exp(log_hiring)
        seeking = np.matmul(supply[some, None], seek(hiring, some)[0])[:, 0]
        found = hiring_probability(normal[some] * ratio(posts[some], seeking), curvature[some])
        gap = np.log(np.where(there[some], found, hiring)) - log_hiring
        return log_hiring + gap / (1 + taste[some] * (1 - found ** curvature[some]))

    start = np.log(np.broadcast_to(usual, supply.shape))
    hiring = np.exp(
        accelerated(
            advance, start, tolerance=1e-12, rounds=300, describe=lambda n: f"workplaces, zone {n}"
        )
    )
    shares, access = seek(hiring, np.arange(len(supply)))
    return np.where(there, hiring, 0.0), shares, access
