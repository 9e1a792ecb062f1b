r"""Workplace choice: one model of where residents of a zone work.

.. math::

    \pi_{ij} = \frac{\omega_j e^{-\nu\tau_{ij} - b\,1[city\ differs]}}{\Phi_i}, \qquad
    \Phi_i = \sum_j \omega_j e^{-\nu\tau_{ij} - b\,1[city\ differs]}

In the base year the scale of each workplace, :math:`\omega`, is inverted so that job margins are
met exactly; later it follows the jobs on offer and wages. A doubly constrained (Furness) matrix
and this residence-conditional logit are the same matrix.

Any decay reproduces the margins: it is known only from travel times, not from job counts.

Not everybody chooses every year. A share :math:`\psi` of those at work looks around anew, with
everybody who has no work or is new in the labour force; the others keep workplace and mode:

.. math:: S_{ijm} = K_{ijm} + (1 - K_{i\cdot\cdot})\,\pi_{ij}\,P_{m|ij}, \qquad
    K_{ijm} = (1 - \psi)\,\min(1, LF_{i,t-1} / LF_{it})\; W_{ijm,t-1}

with W the shares of the labour force at work by place and mode. In the base year S repeats itself.

Sources: Ahlfeldt, Redding, Sturm, Wolf (2015, Econometrica 83); Monte, Redding, Rossi-Hansberg
(2018, AER 108); Wilson (1967). Where residents work is not observed by zone: base-year jobs are
residents at work, with an assumed surplus in core zones.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio, worst_of
from model.parameters import Params, par
from model.problems import Unsolved


@dataclass(frozen=True)
class CommutingParams(Params):
    """Decay with time, the city border, and the dispersion of tastes."""

    decay: float = par(
        0.0355, unit="1/min", prior="LogNormal(0.0355, 0.21)", low=0.005, high=0.5, id="C02",
        doc="semi-elasticity of commuting flows to a minute",
        source="posterior from commuting times of the core city's class in 2019 "
        "(calibration/commuting_fit.py), against a prior of 0.055 after 0.07 for Berlin blocks "
        "(Ahlfeldt et al. 2015)", evidence="derived",
    )  # fmt: skip
    border: float = par(
        1.0, unit="utility", prior="LogNormal(1.0, 0.5)", low=0, high=6, id="C07",
        doc="cost of working in another city",
        source="judgement: no count of commuters across borders of cities was found; neither times "
        "nor relative flows tell it (calibration/commuting_fit.py)",
        evidence="assumed",
    )  # fmt: skip
    dispersion: float = par(
        5.0, unit="1", prior="LogNormal(5, 0.25)", low=1, high=20, id="C01",
        doc="Frechet dispersion of workplace tastes",
        source="6.83 Berlin (Ahlfeldt et al.); 4.6 German counties (Monte et al. toolkit)",
        evidence="seen",
    )  # fmt: skip
    rematching: float = par(
        0.18, unit="1/yr", prior="Beta(9, 41)", low=0.01, high=1, id="L01",
        doc="share of people at work who choose workplace and mode anew in a year",
        source="Chinese surveys of job turnover", evidence="recalled",
    )  # fmt: skip
    time_spread: float = par(
        0.7, unit="1", prior="Beta(7, 3)", low=0.05, high=0.95,
        doc="half-width of the times of commuters of one pair and mode, over their mean",
        source="judgement: homes and workplaces are spread over zones", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def impedance(cost: Array, same_city: Array, opening: Array, p: CommutingParams) -> Array:
    """Friction between residence and workplace, in [0, 1].

    Parameters
    ----------
    cost : (draw, zone, to_zone) [minutes]
    same_city : (zone, to_zone) [1]
    opening : (draw, zone, to_zone) [1]
        Share of the border cost that policy has removed.
    p : CommutingParams

    Returns
    -------
    (draw, zone, to_zone) [1]

    Examples
    --------
    >>> inside, closed = np.eye(1) > 0, np.zeros((1, 1, 1))
    >>> impedance(np.full((1, 1, 1), 20.0), inside, closed, CommutingParams()).round(4).tolist()
    [[[0.4916]]]
    """
    return np.exp(-lift(p.decay, 2) * cost - border_cost(same_city, opening, p))


def balance(
    friction: Array,
    rows: Array,
    columns: Array,
    tolerance: float = 1e-12,
    start: Array | None = None,
) -> Array:
    """Column scales that make a doubly constrained matrix: Furness (1965), then Newton.

    Parameters
    ----------
    friction : (draw, zone, to_zone) [1]
        Positive.
    rows, columns : (draw, zone) [persons]
        Margins with equal totals; empty rows and columns are allowed.
    tolerance : float [1]
        Largest relative error of a column.
    start : (draw, to_zone) [1], optional
        Scales near the answer: Newton's steps begin at once.

    Returns
    -------
    (draw, to_zone) [1]
        Scales with mean one where the column is not empty, zero elsewhere.

    Raises
    ------
    Unsolved
        Totals that differ, or no convergence; has draw, zone and last residual.

    Examples
    --------
    >>> scale = balance(np.ones((1, 2, 2)), np.array([[3.0, 1.0]]), np.array([[2.0, 2.0]]))
    >>> scale.round(6).tolist()
    [[1.0, 1.0]]
    """
    refuse_unequal(rows, columns)
    there = columns > 0
    near = columns if start is None else start
    log_scale = np.log(np.where(there & (near > 0), near, 1.0))
    plain = 20 if start is None else 1
    for step in range(200):
        scale = np.exp(log_scale) * there
        shares, _ = workplace_shares(scale, friction)
        reached = np.matmul(rows[:, None], shares)[:, 0]
        gap = np.where(there, ratio(columns, reached), 1.0)
        going = ~(np.abs(gap - 1).max(axis=1) < tolerance)
        if not going.any():
            return scale / ratio(scale.sum(axis=1), there.sum(axis=1))[:, None]
        if not np.all(np.isfinite(gap) & (gap > 0)):
            break
        try:
            change = np.log(gap) if step < plain else newton(shares, rows, columns - reached)
        except np.linalg.LinAlgError:
            break
        log_scale = np.where(going[:, None], log_scale + change, log_scale)
    worst = worst_of(np.abs(gap - 1))
    how_far = f"last residual {np.abs(gap - 1)[worst]:.2e}"
    raise Unsolved("commuting does not balance", worst, how_far)


def refuse_unequal(rows: Array, columns: Array) -> None:
    """Raise where margins ``(draw, zone)`` differ in total.

    Raises
    ------
    Unsolved
        Has the draw, and the zone where one of its margins is no number.

    Examples
    --------
    >>> refuse_unequal(np.array([[3.0, 1.0]]), np.array([[2.0, 2.0]]))
    """
    residents, jobs = rows.sum(axis=1), columns.sum(axis=1)
    unequal = ~np.isclose(residents, jobs, rtol=1e-9)
    if unequal.any():
        draw = int(unequal.argmax())
        zone = np.flatnonzero(~np.isfinite(rows[draw] + columns[draw]))[:1]
        how_far = f"{residents[draw]:,.0f} against {jobs[draw]:,.0f}"
        raise Unsolved("residents at work are not as many as jobs", (draw, *zone), how_far)


def newton(shares: Array, rows: Array, short: Array) -> Array:
    """Newton step of the log scales: what Furness needs when cities hardly exchange workers.

    The Jacobian is the Laplacian of the matrix of co-attraction; its null vector (all scales
    alike) is filled in by a constant.

    Examples
    --------
    >>> shares = np.array([[[0.5, 0.5]]])
    >>> newton(shares, np.array([[2.0]]), np.array([[0.1, -0.1]])).round(3).tolist()
    [[0.1, -0.1]]
    """
    reached = np.matmul(rows[:, None], shares)[:, 0]
    jacobian = -np.matmul(shares.transpose(0, 2, 1) * rows[:, None], shares)
    diagonal = np.arange(shares.shape[2])
    jacobian[:, diagonal, diagonal] += np.where(reached > 0, reached, 1.0)
    jacobian += reached.mean(axis=1)[:, None, None] / shares.shape[2]
    step = np.linalg.solve(jacobian, short[:, :, None])[:, :, 0]
    return np.clip(step, -1.0, 1.0)


def workplace_shares(scale: Array, friction: Array) -> tuple[Array, Array]:
    """Shares of workplaces by residence, and each residence's access.

    Parameters
    ----------
    scale : (draw, to_zone) [1]
    friction : (draw, zone, to_zone) [1]

    Returns
    -------
    shares : (draw, zone, to_zone) [1]
        Rows sum to one.
    access : (draw, zone) [1]

    Examples
    --------
    >>> shares, access = workplace_shares(np.array([[1.0, 3.0]]), np.ones((1, 2, 2)))
    >>> shares[0, 0].tolist(), access.tolist()
    ([0.25, 0.75], [[4.0, 4.0]])
    """
    weights = friction * scale[:, None, :]
    access = weights.sum(axis=2)
    return weights / access[:, :, None], access


def offered_scale(
    base: Array, offers: Array, base_offers: Array, wage: Array, p: CommutingParams
) -> Array:
    """Scale of workplaces from jobs on offer (as a share of all) and real wages.

    Parameters
    ----------
    base : (draw, to_zone) [1]
    offers, base_offers : (draw, to_zone) [persons]
    wage : (draw, to_zone) [1]
        Relative to the base year.
    p : CommutingParams

    Returns
    -------
    (draw, to_zone) [1]

    Examples
    --------
    >>> one = np.ones((1, 2))
    >>> offered_scale(one, one * 2, one, one, CommutingParams()).tolist()
    [[1.0, 1.0]]
    """
    share = offers / offers.sum(axis=1, keepdims=True)
    base_share = base_offers / base_offers.sum(axis=1, keepdims=True)
    return base * ratio(share, base_share) * wage ** lift(p.dispersion, 1)


def kept_share(before: Array, now: Array, p: CommutingParams) -> Array:
    """Share of last year's workers of a zone, per head of its labour force, who stay put.

    Parameters
    ----------
    before, now : (draw, zone) [persons]
        Labour force of last year and of this.
    p : CommutingParams

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> kept_share(np.array([[90.0]]), np.array([[100.0]]), CommutingParams()).round(6).tolist()
    [[0.738]]
    """
    return (1 - lift(p.rematching, 1)) * np.minimum(1.0, ratio(before, now, 1.0))


def border_cost(same_city: Array, opening: Array, p: CommutingParams) -> Array:
    """Cost of a city border between residence and workplace, what policy removed taken off.

    Parameters
    ----------
    same_city : (zone, to_zone) [1]
    opening : (draw, zone, to_zone) [1]
    p : CommutingParams

    Returns
    -------
    (draw, zone, to_zone) [utility]

    Examples
    --------
    >>> border_cost(np.array([[False]]), np.full((1, 1, 1), 0.25), CommutingParams()).tolist()
    [[[0.75]]]
    """
    across = np.where(same_city, 0.0, lift(p.border, 2))
    if opening.any():
        return across * (1 - opening)
    # An array of its own, as above: kernels would be compiled again for one that is shared.
    return np.array(np.broadcast_to(across, opening.shape))
