r"""Human capital: what a worker's years of schooling do to the work that is done.

Effective labour is workers times an index of their schooling, one in the base year:

.. math::

    Y_{kz} = A_{kz} K_{kz}^{\alpha_k} (h_z L_{kz})^{1-\alpha_k}, \qquad
    h_z = e^{r\,(S_z - S^0_z)}, \qquad
    S_z = \frac{\sum_i LF_i\,\pi_{iz}\,s_i}{\sum_i LF_i\,\pi_{iz}}, \quad
    s_i = \frac{\sum_e y_e\,LF_{ie}}{LF_i}

:math:`S_z` are mean years of schooling of those who work in a zone: those of the labour force of
each zone of residence (by education, of this year) along last year's choice of workplaces, in which
the schooled and the unschooled of a zone commute alike. :math:`r` is the return to a year,
:math:`y_e` are years spent up to a level: nine and twelve by the plan of schools (6-3-3). All
sectors of a zone share one :math:`h`, for who works in which is not known by schooling.

:math:`(1-\alpha) \ln h` is a part of effective productivity, so that labour demand, output and, by
output per worker, wages all see it. Nobody's schooling spills over to others, and what people earn
for a year of schooling is taken for what it adds: where degrees only sort people, too much.

Sources: Mincer (1974, Schooling, Experience, and Earnings); Hall and Jones (1999, QJE 114) for the
production function, 13.4, 10.1 and 6.8 % a year up to the fourth, the eighth and beyond; Bils and
Klenow (2000, AER 90). China: Zhang, Zhao, Park, Song (2005, J Comp Econ 33), 4.0 % in 1988 and
10.2 % in 2001, urban; Asadullah and Xiao (2019, Asian Development Review 36), 7.8 % in 2010, all;
the world: Psacharopoulos and Patrinos (2018, Education Economics 26), about 9 %.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.contract import Process
from model.parameters import Params, par
from model.world import World

LOWER, UPPER = 9.0, 12.0
"""Years of schooling up to the end of lower and of upper secondary school [yr]."""


@dataclass(frozen=True)
class HumanCapitalParams(Params):
    """Return to schooling, and how long it took."""

    schooling_return: float = par(
        0.08, unit="log/yr", prior="Normal(0.08, 0.02) on [0, 0.15]", low=0, high=0.2,
        doc="log points of effective labour for a year of schooling more",
        source="Hall and Jones 1999: 0.068 beyond eight years; Zhang et al. 2005: 0.040 (1988) to "
        "0.102 (2001); Asadullah and Xiao 2019: 0.078; Psacharopoulos and Patrinos 2018: 0.09",
        evidence="recalled",
    )  # fmt: skip
    primary_years: float = par(
        5.7, unit="yr", prior="Normal(5.7, 0.2) on [4, 6]", low=0, high=6,
        doc="mean years of schooling of workers with primary school or less",
        source="six years of school; 7 % of these people of 2020 never went, mostly old, and "
        "children are among the rest",
        evidence="assumed",
    )  # fmt: skip
    tertiary_years: float = par(
        15.6, unit="yr", prior="Normal(15.6, 0.15) on [15, 17]", low=13, high=19,
        doc="mean years of schooling of workers with tertiary education",
        source="census of 2020: 49 % of them in colleges of three years, the rest at universities "
        "of four years or more", evidence="derived",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def years_of_schooling(by_education: Array, p: HumanCapitalParams) -> Array:
    """Mean years of schooling of a labour force; zero where there is nobody.

    Parameters
    ----------
    by_education : (draw, zone, education) [persons]
    p : HumanCapitalParams

    Returns
    -------
    (draw, zone) [yr]

    Examples
    --------
    >>> years_of_schooling(np.array([[[0.0, 2.0, 1.0, 0.0]]]), HumanCapitalParams()).tolist()
    [[10.0]]
    """
    years = [lift(p.primary_years, 1), LOWER, UPPER, lift(p.tertiary_years, 1)]
    spent = sum(count * by_education[..., e] for e, count in enumerate(years))
    return ratio(spent, by_education.sum(axis=2))


def at_workplaces(labour_force: Array, schooling: Array, workplace: Array) -> Array:
    """Mean years of schooling of those who work in a zone; NaN where nobody does.

    Parameters
    ----------
    labour_force : (draw, zone) [persons]
    schooling : (draw, zone) [yr]
        By residence.
    workplace : (draw, zone, to_zone) [1]
        Shares of the labour force at work.

    Returns
    -------
    (draw, to_zone) [yr]

    Examples
    --------
    >>> half = np.array([[[0.5, 0.5], [0.0, 1.0]]])
    >>> at_workplaces(np.array([[2.0, 1.0]]), np.array([[9.0, 12.0]]), half).tolist()
    [[9.0, 10.5]]
    """
    both = np.stack([labour_force * schooling, labour_force], axis=1)
    spent, workers = np.matmul(both, workplace).transpose(1, 0, 2)
    return ratio(spent, workers, np.nan)


def effective_labour(schooling: Array, base: Array, gain: Array) -> Array:
    """Effective labour of a worker over that of the base year; one where either is unknown.

    Parameters
    ----------
    schooling, base : (draw, zone) [yr]
    gain : (draw, 1) [log/yr]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> now, base = np.array([[11.0, np.nan]]), np.array([[10.0, 10.0]])
    >>> effective_labour(now, base, np.array([[0.1]])).round(4).tolist()
    [[1.1052, 1.0]]
    """
    more = schooling - base
    return np.exp(gain * np.where(np.isfinite(more), more, 0.0))


# -- action ------------------------------------------------------------------------


def schooling_at_work(world: World, p: HumanCapitalParams) -> Array:
    """(draw, zone) [yr] of the labour force as it is, at the workplaces chosen last."""
    by_education = world["labour_supply_by_education"]
    schooling = years_of_schooling(by_education, p)
    return at_workplaces(by_education.sum(axis=2), schooling, world["workplace_shares"])


def begin(world: World) -> None:
    """Schooling of the base year is what one unit of effective labour has."""
    world.fixed["base_schooling"] = schooling_at_work(world, world.params["human_capital"])


def act(world: World, p: HumanCapitalParams) -> None:
    """Workers as schooled as they are, against those of the base year."""
    schooling, base = schooling_at_work(world, p), world.fixed["base_schooling"]
    world["worker_schooling"] = np.where(np.isfinite(schooling), schooling, 0.0)
    world["human_capital"] = effective_labour(schooling, base, lift(p.schooling_return, 1))


HUMAN_CAPITAL = Process(
    "human capital",
    reads=("labour_supply_by_education",),
    remembers=("workplace_shares",),
    writes=("worker_schooling", "human_capital"),
    act=act,
    params=HumanCapitalParams,
    about="effective labour of a worker, from years of schooling",
)
