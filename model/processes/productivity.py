r"""Productivity: growth of each sector in each zone, and what nearness does to its level.

.. math::

    \ln A' - \ln A = g_F e^{-\sigma t} + g_{f(k)} + c\,(\ln A^F_k - \ln A_{kz})
        + \frac{\omega}{T} \sum_{z'} W_{zz'} (\ln A_{kz'} - \ln A_{kz})
        + \text{policy growth} + \epsilon_c + \epsilon

    \ln A^{\text{eff}} = \ln A + \gamma_D \Delta\ln D_z + \gamma_{MAR} \Delta\ln(1 + D_{kz})
        + \gamma_J \Delta\ln(1/H_z) + \theta\,(\Delta\ln M_z - \kappa\,\overline{\Delta\ln M})
        + \eta_G \ln(G_z/G^0_z) + \eta_R\ln(R_z/R^0_z) - \chi\,\Delta s_k + b\,(1 - e^{-\mu t})
        + q_{kz} + (1-\alpha_k) \ln h_z + \text{policy}

    D_z = \sum_{z'} L_{z'} e^{-\rho\,t_{zz'}}, \quad D_{kz} = \sum_{z'} L_{kz'} e^{-\rho\,t_{zz'}},
    \quad H_z = \sum_k (L_{kz}/L_z)^2, \quad
    M_z = \sum_{z'} \frac{Y_{z'}}{Y} e^{-\rho_M\,t_{zz'}}

:math:`\Delta` is against the base year, whose levels are inverted. The frontier of a sector is its
best zone. :math:`W` is nearness among zones that have the sector, rows adding up to one.
:math:`\gamma_D + \gamma_{MAR}` stays under a ceiling, beyond which growth of jobs and of
productivity would feed each other without end. Firms of all zones share one market: what rivals
gain in access, weighted by output, a zone loses in part, so that a zone that a new road passes by
falls behind. :math:`b` is how far the base year was below its trend; the gap closes.
:math:`G/G^0` and :math:`R/R^0` are public capital and research over their trends, not over the base
year: what trends add is in :math:`g_F`, learned from growth that had them. :math:`q` is what public
demand lifts, :math:`h` effective labour of a worker (:mod:`model.processes.human_capital`), by
which schooling acts on the level. It does not speed catch-up, as in Nelson and Phelps: :math:`c` is
the speed at the schooling of the base year, and nobody's schooling is held to spill over to others.

Sources: catch-up after Nelson and Phelps (1966, AER 56); density, own-sector jobs and diversity
after Combes and Gobillon (2015, Handbook of Regional and Urban Economics 5); market access after
Donaldson and Hornbeck (2016, QJE 131), losses after Faber (2014, REStud 81); public capital after
Bom and Ligthart (2014, J Econ Surveys 28).
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.contract import Process
from model.parameters import Params, par
from model.processes.industry import lead, relative_prices
from model.processes.nearness import nearness
from model.world import World

CEILING = 0.12


@dataclass(frozen=True)
class ProductivityParams(Params):
    """Drift, diffusion and nearness."""

    frontier_slowdown: float = par(
        0.026, unit="1/yr", prior="Normal(0.026, 0.010) on [0, 0.08]", low=0, high=0.2, id="X01",
        doc="yearly relative fall of frontier growth",
        source="path of national growth, 4.8 % in 2025 to 2.5 % in 2050", evidence="recalled",
    )  # fmt: skip
    diffusion: float = par(
        0.2, unit="1", prior="Beta(4, 16)", low=0, high=1, id="K08",
        doc="weight of neighbours in diffusion", source="judgement", evidence="assumed",
    )  # fmt: skip
    diffusion_time: float = par(
        10.0, unit="yr", prior="LogNormal(10, 0.3)", low=1, high=100,
        doc="years in which the weight of neighbours comes to bear", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    specialisation_elasticity: float = par(
        0.02, unit="1", prior="HalfNormal(0.03)", low=0, high=0.12, id="FM09",
        doc="elasticity of productivity to jobs of the own sector nearby; scaled down with the "
        "elasticity to density where both exceed 0.12 (FM11)",
        source="Combes and Gobillon 2015", evidence="recalled",
    )  # fmt: skip
    diversity_elasticity: float = par(
        0.02, unit="1", prior="HalfNormal(0.03)", low=0, high=0.2, id="FM10",
        doc="elasticity of productivity to diversity of sectors",
        source="Combes and Gobillon 2015", evidence="recalled",
    )  # fmt: skip
    market_decay: float = par(
        0.03, unit="1/min", prior="LogNormal(0.03, 0.2)", low=0.003, high=0.3,
        doc="fall of a market's weight with a minute of travel", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    market_rivalry: float = par(
        0.5, unit="share", prior="Beta(5, 5)", low=0, high=1,
        doc="share of rivals' mean gain in market access that a zone loses",
        source="judgement; Faber 2014 and Qin 2017: places passed by lose", evidence="assumed",
    )  # fmt: skip
    area_walk: float = par(
        0.0106, unit="log/yr", prior="Gamma(0.0106, 0.0069)", low=0, high=0.2,
        doc="yearly standard deviation of productivity that all cities share: booms and slumps",
        source="calibrated on growth of 2017-2020 (calibration/growth.py) from HalfNormal(0.015); "
        "narrowed by a quarter", evidence="assumed",
    )  # fmt: skip
    base_gap: float = par(
        0.0134, unit="log", prior="Normal(0.0134, 0.0123)", low=-0.15, high=0.15,
        doc="how far output of the base year was below its trend",
        source="calibrated on growth of 2017-2020 (calibration/growth.py) from Normal(0.02, 0.02), "
        "a judgement on the year of the epidemic", evidence="derived",
    )  # fmt: skip
    gap_closing: float = par(
        0.7, unit="1/yr", prior="LogNormal(0.7, 0.4)", low=0.05, high=5,
        doc="speed at which the gap of the base year closes", source="judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def density(jobs: Array, near: Array) -> Array:
    """Jobs within reach, each discounted by its distance.

    Parameters
    ----------
    jobs : (draw, sector, zone) [persons]
        Or one row for all jobs.
    near : (draw, zone, to_zone) [1]
        Nearness, one where no time is needed.

    Returns
    -------
    (draw, sector, zone) [persons]

    Examples
    --------
    >>> density(np.array([[[100.0, 0.0]]]), np.ones((1, 2, 2))).tolist()
    [[[100.0, 100.0]]]
    """
    return np.matmul(jobs, near.transpose(0, 2, 1))


def concentration(jobs: Array) -> Array:
    """Herfindahl index of the jobs of a zone over sectors; one where there are none.

    Parameters
    ----------
    jobs : (draw, sector, zone) [persons]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> concentration(np.array([[[1.0, 4.0], [1.0, 0.0]]])).tolist()
    [[0.5, 1.0]]
    """
    total = jobs.sum(axis=1)
    return ratio((jobs * jobs).sum(axis=1), total * total, 1.0)


def market_access(output: Array, near: Array) -> Array:
    """Share of the area's output within reach of each zone, discounted by distance.

    Parameters
    ----------
    output : (draw, zone) [1e8 yuan of 2020]
    near : (draw, zone, to_zone) [1]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> market_access(np.array([[3.0, 1.0]]), np.ones((1, 2, 2)) / 2).tolist()
    [[0.5, 0.5]]
    """
    share = output / output.sum(axis=1, keepdims=True)
    return np.matmul(near, share[:, :, None])[:, :, 0]


def rivalled(gain: Array, output: Array, rivalry: Array) -> Array:
    """Gain in market access less a share of the mean gain of all, weighted by output.

    Parameters
    ----------
    gain : (draw, zone) [log]
    output : (draw, zone) [1e8 yuan of 2020]
    rivalry : (draw,) [1]

    Returns
    -------
    (draw, zone) [log]

    Examples
    --------
    >>> gain, half = np.array([[0.2, 0.0]]), np.array([0.5])
    >>> rivalled(gain, np.ones((1, 2)), half).round(3).tolist()
    [[0.15, -0.05]]
    """
    mean = (gain * output).sum(axis=1) / output.sum(axis=1)
    return gain - (rivalry * mean)[:, None]


def under_ceiling(density_part: Array, own_part: Array) -> tuple[Array, Array]:
    """Elasticities to density and to own-sector jobs, both scaled where their sum is too much.

    Parameters
    ----------
    density_part, own_part : (draw,) [1]

    Returns
    -------
    density, own : (draw,) [1]
        Adding up to 0.12 at most (FM11).

    Examples
    --------
    >>> one, two = under_ceiling(np.array([0.06, 0.09]), np.array([0.02, 0.09]))
    >>> one.round(6).tolist(), two.round(6).tolist()
    ([0.06, 0.06], [0.02, 0.06])
    """
    scale = CEILING / np.maximum(density_part + own_part, CEILING)
    return density_part * scale, own_part * scale


def cumulated_drift(growth: Array, slowdown: Array, years: int) -> Array:
    """Growth of the frontier since the base year when its rate falls by a share each year.

    Parameters
    ----------
    growth : (draw,) [1/yr]
        Rate of the base year.
    slowdown : (draw,) [1/yr]
    years : int [yr]

    Returns
    -------
    (draw,) [log]

    Examples
    --------
    >>> cumulated_drift(np.array([0.02]), np.array([0.0]), 10).round(6).tolist()
    [0.2]
    >>> cumulated_drift(np.array([0.02]), np.array([0.1]), 2).round(6).tolist()
    [0.034471]
    """
    left = np.exp(-np.asarray(slowdown, float)[:, None] * np.arange(1, years + 1))
    return growth * left.sum(axis=1)


def catching_up(level: Array, active: Array, speed: Array) -> Array:
    """Growth by catching up with the best zone of the sector.

    Parameters
    ----------
    level : (draw, sector, zone) [log]
    active : (draw, sector, zone) [1]
        Where the sector has jobs.
    speed : (draw,) [1/yr]

    Returns
    -------
    (draw, sector, zone) [log/yr]

    Examples
    --------
    >>> level = np.array([[[0.0, -1.0]]])
    >>> catching_up(level, level > -9, np.array([0.012])).round(3).tolist()
    [[[0.0, 0.012]]]
    """
    frontier = np.where(active, level, -np.inf).max(axis=2, keepdims=True)
    gap = np.where(active, np.where(np.isfinite(frontier), frontier, 0.0) - level, 0.0)
    return lift(speed, 2) * gap


def diffused(level: Array, active: Array, near: Array, speed: Array) -> Array:
    """Growth by learning from neighbours that have the sector; none where nobody is near.

    Parameters
    ----------
    level : (draw, sector, zone) [log]
    active : (draw, sector, zone) [1]
    near : (draw, zone, to_zone) [1]
        The diagonal is ignored.
    speed : (draw,) [1/yr]

    Returns
    -------
    (draw, sector, zone) [log/yr]

    Examples
    --------
    >>> level = np.array([[[0.0, -1.0]]])
    >>> diffused(level, level > -9, np.ones((1, 2, 2)), np.array([0.02])).round(3).tolist()
    [[[-0.02, 0.02]]]
    """
    others, own = near.copy(), np.arange(near.shape[1])
    others[:, own, own] = 0.0
    others = others.transpose(0, 2, 1)
    weight = np.matmul(active.astype(float), others)
    around = ratio(np.matmul(np.where(active, level, 0.0), others), weight)
    return np.where(active & (weight > 0), lift(speed, 2) * (around - level), 0.0)


# -- action ------------------------------------------------------------------------


def family_drift(world: World) -> Array:
    """(draw, sector) [log/yr] drift of a sector's family beyond the frontier's, in the nation."""
    none = np.zeros(len(world.draws))
    families = world.area.column("sectors", "family")
    return np.stack([world.assumed.get(f"family_drift.{f}", none) for f in families], axis=1)


def surroundings(world: World, p: ProductivityParams) -> dict[str, Array]:
    """Density, own-sector density, diversity and market access, in logs."""
    jobs, minutes = world["expected_jobs"], world["road_time"]
    near = nearness(minutes, world.params["industry"].reach_decay)
    market = nearness(minutes, p.market_decay)
    return {
        "near": near,
        "density": np.log(density(jobs.sum(axis=1, keepdims=True), near)[:, 0]),
        "own_density": np.log(1 + density(jobs, near)),
        "diversity": -np.log(concentration(jobs)),
        "market_access": np.log(market_access(world["gdp_real"], market)),
    }


def nearness_level(world: World, now: dict[str, Array], p: ProductivityParams) -> Array:
    """(draw, sector, zone) [log] what nearness adds to productivity since the base year."""
    base, industry = world.fixed, world.params["industry"]
    change = {name: now[name] - base[f"base_{name}"] for name in now if name != "near"}
    dense, own = under_ceiling(
        np.atleast_1d(industry.density_elasticity), np.atleast_1d(p.specialisation_elasticity)
    )
    level = lift(dense, 1) * change["density"]
    level += lift(p.diversity_elasticity, 1) * change["diversity"]
    gain = rivalled(change["market_access"], world["gdp_real"], np.atleast_1d(p.market_rivalry))
    level += lift(industry.market_access_elasticity, 1) * (gain + world["policy_market_access"])
    return level[:, None] + lift(own, 2) * change["own_density"]


def act(world: World, p: ProductivityParams) -> None:
    """Own productivity moves on; nearness, demand and policies shift what it amounts to."""
    industry, active = world.params["industry"], world["expected_jobs"] > 0
    now = surroundings(world, p)
    world["own_density"] = now["own_density"]
    growth = catching_up(world["productivity"], active, np.atleast_1d(industry.catch_up))
    growth += diffused(
        world["productivity"], active, now["near"], np.atleast_1d(p.diffusion / p.diffusion_time)
    )
    drift = np.exp(-np.atleast_1d(p.frontier_slowdown) * world.elapsed) * industry.frontier_growth
    family = family_drift(world)
    luck = world.shocks("productivity", len(world.area.cities))[:, world.area.city_of_zone]
    walk = lift(industry.productivity_walk, 1) * luck
    walk = walk + lift(p.area_walk, 1) * world.shocks("productivity of all", 1)
    world["productivity"] = (
        world["productivity"] + growth + (drift[:, None] + family)[:, :, None]
        + world["policy_productivity_growth"] + walk[:, None]
    )  # fmt: skip
    level = nearness_level(world, now, p)
    level -= world["input_cost"][:, :, None]
    built = np.log(world["public_capital"]) - np.log(world["public_capital_trend"])
    along = lift(industry.public_capital_elasticity, 1) * built
    studied = ratio(world["research_stock"], world["research_trend"], 1.0)
    along += lift(industry.research_elasticity, 1) * np.log(studied)
    along += lift(p.base_gap * (1 - np.exp(-np.asarray(p.gap_closing) * world.elapsed)), 1)
    world["effective_productivity"] = (
        world["productivity"] + world["policy_productivity"] + world["demand_lift"]
        + level + along[:, None]
        + world.fixed["labour_share"] * np.log(world["human_capital"])[:, None]
    )  # fmt: skip
    ahead = lead(family, world.fixed["base_value_added"]) * world.elapsed
    cheaper = lift(industry.price_response, 1) * ahead
    rates = np.atleast_1d(industry.frontier_growth), np.atleast_1d(p.frontier_slowdown)
    grown = cumulated_drift(*rates, world.elapsed)
    shares = world.fixed["labour_share"], world.fixed["mean_labour_share"]
    world["sector_price"] = relative_prices(*shares, grown, cheaper)


PRODUCTIVITY = Process(
    "productivity",
    reads=(
        "road_time",
        "input_cost",
        "human_capital",
        "public_capital",
        "public_capital_trend",
        "policy_productivity",
        "policy_productivity_growth",
        "policy_market_access",
    ),
    remembers=(
        "expected_jobs",
        "gdp_real",
        "productivity",
        "research_stock",
        "research_trend",
        "demand_lift",
    ),
    writes=("own_density", "productivity", "effective_productivity", "sector_price"),
    act=act,
    params=ProductivityParams,
    about="drift, catch-up, diffusion, nearness, public capital, policies",
)
