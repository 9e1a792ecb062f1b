r"""The size-class chain of firms: exit, growth by classes, entry, status.

A year takes a firm out with a hazard that falls with size and age, or leaves it in its class,
or moves it one class up or down; firms enter by chance. Classes double, so a step up adds one
job a job and a step down takes half:

.. math::

    h_{bs} = x_0 (m_b/12)^{x_b} e^{\theta_s - \theta_g \hat g + policy}, \qquad
    P(b \to b{+}1) = u\,v_b, \quad P(b \to b{-}1) = d\,v_b, \quad v_b = (m_b/12)^{\sigma}

    u\,S^{up} - d_0\,S^{down} = T - S - E

with :math:`T` the jobs that firms are to offer, :math:`S` those of survivors, :math:`E` those of
entrants and :math:`S^{up}, S^{down}` the jobs that a step would win or lose, top and bottom class
left out: one linear equation a cell, so that expected growth is the macro drift exactly. Where
:math:`u < 0` it is zero and :math:`d` is raised; where steps are not enough, entries make up for
want of growth, and fewer entries and closures for want of decline.

The mobility :math:`v_b` makes growth rates less dispersed in large firms; Gibrat's law is
:math:`\sigma = 0`. Sizes of the base year follow a truncated power law, whose exponent the chain
keeps for some decades: it is put in, not found. Growth of firms from 16 employees up is
tent-shaped (Laplace) over 2 to 5 years; as steps add up it nears the normal, by some 15 years,
and among all firms, mostly small, sooner. One year has three outcomes only, which tell nothing of
the tent that is observed in yearly rates (``tests/science/test_firm_growth.py``).

Sources: Adelman (1958, JASA 53); Sutton (1997, J Econ Lit 35); Evans (1987, JPE 95); Stanley et
al. (1996, Nature 379) for the fall of dispersion with size; Heinrich and Dai (2016, SCED 37).
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift
from model.firms import CLASS_MEANS, CLASSES, STATE, STATUSES, YOUNG, Tally
from model.parameters import Params, par

REFERENCE_SIZE = 12.0


@dataclass(frozen=True)
class FirmParams(Params):
    """Exit, entry, growth and ownership."""

    exit_hazard: float = par(
        0.07, unit="1/yr", prior="LogNormal(0.07, 0.25)", low=0.001, high=0.4, id="FM01",
        doc="yearly exit hazard of an established private firm of 12 employees",
        source="Chinese registration data: 5 to 9 percent", evidence="recalled",
    )  # fmt: skip
    exit_size_slope: float = par(
        -0.30, unit="1", prior="Normal(-0.30, 0.08) on [-0.7, 0]", low=-1, high=0, id="FM02",
        doc="elasticity of the exit hazard to size",
        source="Evans 1987; Brandt, Van Biesebroeck, Zhang 2012", evidence="recalled",
    )  # fmt: skip
    exit_youth: float = par(
        0.40, unit="log", prior="Normal(0.40, 0.15) on [0, 1]", low=0, high=1.5,
        doc="added to the log exit hazard of a firm younger than three years",
        source="judgement after Evans 1987: hazards fall with age", evidence="assumed",
    )  # fmt: skip
    exit_state: float = par(
        -0.70, unit="log", prior="Normal(-0.70, 0.25) on [-1.5, 0]", low=-2, high=0,
        doc="added to the log exit hazard of a state-owned firm",
        source="judgement: soft budgets keep state firms alive", evidence="assumed",
    )  # fmt: skip
    exit_growth: float = par(
        1.0, unit="1", prior="LogNormal(1.0, 0.4)", low=0, high=5,
        doc="fall of the log exit hazard with a log point of growth of the jobs wanted",
        source="judgement: exits are mildly countercyclical", evidence="assumed",
    )  # fmt: skip
    entry_rate: float = par(
        0.09, unit="1/yr", prior="LogNormal(0.09, 0.25)", low=0.001, high=0.4, id="FM03",
        doc="entries a year over incumbents of a sector", source="as FM01", evidence="recalled",
    )  # fmt: skip
    entrant_exponent: float = par(
        2.8, unit="1", prior="Normal(2.8, 0.15) on [2.3, 3.5]", low=2, high=5,
        doc="exponent of the power law of entrants' sizes: six employees on average",
        source="judgement: entrants are smaller than incumbents", evidence="assumed",
    )  # fmt: skip
    fall: float = par(
        0.08, unit="1/yr", prior="Beta(8, 92)", low=0.001, high=0.4, id="FM04",
        doc="probability that a firm of 12 employees falls one size class",
        source="shape of growth rates in Zou 2019 Physica A", evidence="seen",
    )  # fmt: skip
    step_size_slope: float = par(
        -0.30, unit="1", prior="Normal(-0.30, 0.06) on [-0.5, 0]", low=-0.6, high=0,
        doc="elasticity to size of the probability of changing class (zero: Gibrat)",
        source="Stanley et al. 1996: the spread of growth rates falls as size to -0.15",
        evidence="recalled",
    )  # fmt: skip
    size_exponent: float = par(
        2.2, unit="1", prior="Normal(2.2, 0.15) on [1.8, 2.7]", low=1.5, high=3.5, id="FM05",
        doc="exponent of the power-law density of sizes in the base year",
        source="Heinrich and Dai 2016: 2.0 to 2.5", evidence="seen",
    )  # fmt: skip
    least_size: float = par(
        2.7, unit="persons", prior="LogNormal(2.7, 0.15) on [1.5, 5]", low=1, high=7.9,
        doc="size from which the power law of the base year begins; with FM05 it fixes how many "
        "establishments there are for the jobs",
        source="judgement: about fifteen jobs an establishment, own-account work aside",
        evidence="assumed",
    )  # fmt: skip
    maturing: float = par(
        0.3333, unit="1/yr", prior="Fixed(0.3333)", low=0.05, high=1,
        doc="probability that a young firm becomes established: three years on average",
        source="definition of the age class", evidence="assumed",
    )  # fmt: skip
    state_share: float = par(
        0.05, unit="share", prior="Beta(5, 95)", low=0.001, high=0.5,
        doc="share of state-owned among firms of 12 employees in the base year",
        source="judgement: state firms are few and large", evidence="assumed",
    )  # fmt: skip
    state_size_slope: float = par(
        0.5, unit="1", prior="Normal(0.5, 0.1) on [0.1, 0.9]", low=0, high=1.5,
        doc="rise of the log odds of state ownership with log size", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    state_entry: float = par(
        0.01, unit="share", prior="Beta(2, 198)", low=0, high=0.3,
        doc="share of state-owned among entrants", source="judgement", evidence="assumed",
    )  # fmt: skip
    ownership_reform: float = par(
        0.02, unit="1/yr", prior="LogNormal(0.02, 0.5)", low=0, high=0.3,
        doc="state-owned firms that turn private in a year", source="judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def power_law(exponent: Array, least: Array) -> Array:
    r"""Shares of size classes under a power law truncated at both ends.

    .. math:: f(s) \propto s^{-\zeta}, \qquad s_{min} \le s < 2^{15}

    Parameters
    ----------
    exponent : (draw,) [1]
        Of the density, beyond one.
    least : (draw,) [persons]
        Smallest size.

    Returns
    -------
    (draw, size_class) [1]
        Rows sum to one.

    Examples
    --------
    >>> shares = power_law(np.array([2.0]), np.array([1.0]))[0]
    >>> shares[:3].round(4).tolist()
    [0.5, 0.25, 0.125]
    """
    edges = np.maximum(2.0 ** np.arange(CLASSES + 1), lift(least, 1))
    mass = -np.diff(edges ** (1 - lift(exponent, 1)), axis=1)
    return mass / mass.sum(axis=1, keepdims=True)


def class_counts(jobs: Array, exponent: Array, least: Array) -> Array:
    """Establishments by size class that hold given jobs, no class larger than the cell itself.

    Parameters
    ----------
    jobs : (draw, sector, zone) [persons]
    exponent : (draw,) [1]
    least : (draw,) [persons]

    Returns
    -------
    (draw, sector, zone, size_class) [establishments]
        Class means times counts are the jobs.

    Raises
    ------
    ValueError
        Negative jobs, or jobs that are not a number.

    Examples
    --------
    >>> counts = class_counts(np.full((1, 1, 1), 1000.0), np.array([2.2]), np.array([2.7]))
    >>> float((counts * CLASS_MEANS).sum().round(9)), float(counts.sum().round(1))
    (1000.0, 82.8)
    """
    wrong = ~(np.isfinite(jobs) & (jobs >= 0))
    if wrong.any():
        where = tuple(int(index) for index in np.argwhere(wrong)[0])
        value = float(jobs[where])
        raise ValueError(
            f"jobs of firms must not be negative: {value:g} in draw, sector, zone {where}"
        )
    shares = power_law(exponent, least)[:, None, None]
    first = np.argmax(shares > 0, axis=-1)[..., None]
    fits = (jobs[..., None] >= CLASS_MEANS) | (np.arange(CLASSES) == first)
    shares = shares * fits
    return jobs[..., None] * shares / (shares * CLASS_MEANS).sum(axis=-1, keepdims=True)


def state_owned(p: FirmParams) -> Array:
    """Share of state-owned firms by size class in the base year, (draw, size_class) [1].

    Examples
    --------
    >>> state_owned(FirmParams())[0, [3, 14]].round(2).tolist()
    [0.05, 0.7]
    """
    odds = lift(p.state_share, 1) / (1 - lift(p.state_share, 1))
    odds = odds * (CLASS_MEANS / REFERENCE_SIZE) ** lift(p.state_size_slope, 1)
    return odds / (1 + odds)


def young_share(p: FirmParams) -> Array:
    """Share of young among private firms where entries and maturing balance, (draw,) [1].

    Examples
    --------
    >>> young_share(FirmParams()).round(3).tolist()
    [0.206]
    """
    leaving = np.asarray(p.maturing) + np.asarray(p.exit_hazard) * np.exp(np.asarray(p.exit_youth))
    return np.atleast_1d(np.minimum(np.asarray(p.entry_rate) / leaving, 1.0))


def exit_hazards(p: FirmParams) -> Array:
    """Yearly exit probability by status and size, before growth and policy.

    Returns
    -------
    (draw, status, size_class) [1]

    Examples
    --------
    >>> exit_hazards(FirmParams())[0, :3, 3].round(4).tolist()
    [0.1044, 0.07, 0.0348]
    """
    shift = np.zeros((len(np.atleast_1d(p.exit_hazard)), len(STATUSES), 1))
    shift[:, YOUNG] = lift(p.exit_youth, 1)
    shift[:, STATE] = lift(p.exit_state, 1)
    by_size = (CLASS_MEANS / REFERENCE_SIZE) ** lift(p.exit_size_slope, 2)
    return lift(p.exit_hazard, 2) * by_size * np.exp(shift)


def exit_factor(growth: Array, policy: Array, response: Array) -> Array:
    """Factor on exit hazards from growth of the jobs wanted and from policy.

    Parameters
    ----------
    growth, policy : (draw, sector, zone) [log]
    response : (draw,) [1]

    Returns
    -------
    (draw, sector, zone) [1]

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> exit_factor(0.1 * one, 0 * one, np.ones(1)).round(4).tolist()
    [[[0.9048]]]
    """
    return np.exp(policy - lift(response, 2) * np.clip(growth, -1.0, 1.0))


def mobilities(p: FirmParams) -> Array:
    """Inclination to change class by size, one at 12 employees; (draw, size_class) [1].

    Examples
    --------
    >>> mobilities(FirmParams())[0, [0, 3, 13]].round(2).tolist()
    [1.87, 1.0, 0.12]
    """
    return (CLASS_MEANS / REFERENCE_SIZE) ** lift(p.step_size_slope, 1)


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps and corrections that give the jobs wanted, each (draw, sector, zone) [1].

    ``up`` and ``down`` multiply mobility, ``closing`` is a probability beyond exit, ``entry`` the
    jobs of entrants [persons].
    """

    up: Array
    down: Array
    closing: Array
    entry: Array


def steps_to(target: Array, tally: Tally, entry: Array, fall: Array, limit: Array) -> Steps:
    """Steps with which expected jobs are the target exactly: the scalar linear solve.

    Parameters
    ----------
    target : (draw, sector, zone) [persons]
        Jobs that firms are to offer.
    tally : Tally
    entry : (draw, sector, zone) [persons]
        Expected jobs of entrants.
    fall : (draw,) [1]
        Usual ``down``.
    limit : (draw,) [1]
        Largest ``up + down`` at which no probability exceeds one.

    Returns
    -------
    Steps

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> tally = Tally(9 * one, one, 100 * one, 5 * one, 95 * one, 47.5 * one, one)
    >>> steps = steps_to(102 * one, tally, 4 * one, np.array([0.08]), np.array([1.0]))
    >>> float(steps.up[0, 0, 0].round(6)), float(95 * steps.up[0, 0, 0] - 47.5 * 0.08 + 99)
    (0.071579, 102.0)
    """
    from model.kernels.firms import solve_steps

    up, down, closing, entering = (np.empty(target.shape) for _ in range(4))
    usual = np.array(np.broadcast_to(fall, len(target)), dtype=float)
    most = np.array(np.broadcast_to(limit, len(target)), dtype=float)
    solve_steps(
        target, tally.jobs, tally.leaving, tally.rising, tally.falling, entry, usual, most,
        up, down, closing, entering,
    )  # fmt: skip
    return Steps(up, down, closing, entering)
