r"""Production by sector and zone: capital, productivity, output, prices.

.. math::

    Y_{kz} = A_{kz} K_{kz}^{\alpha_k} L_{kz}^{1-\alpha_k}, \qquad
    K' = K\,\bigl(1 + g_K + \iota \ln\tfrac{MPK}{\text{user cost}}\bigr)

    \ln A' - \ln A = g_F + c\,(\ln A^F_k - \ln A_{kz}) + \text{policy growth} + \epsilon_c

    \ln A^{\text{eff}} = \ln A + \gamma_D \Delta\ln Dens_z + \eta_G \Delta\ln G_z
        + \eta_R\,r_z + \theta\,m_z + \text{policy level}, \quad
        Dens_z = \sum_{z'} E_{z'} e^{-\rho\,t_{zz'}}

    p_k(t) = e^{g_F\,(s_k/\bar s - 1)\,t}, \qquad s_k = 1 - \alpha_k

Relative prices of sectors are national: they follow unit costs on the frontier's balanced path,
so that services in which labour weighs more grow dearer (Baumol 1967, AER 57).
Levels of the base year are inverted, so output, jobs and capital of that year are reproduced.
The frontier of a sector is its best city, moving at the national rate.

Sources: perpetual inventory; user-cost investment; catch-up after Nelson and Phelps (1966);
density after Combes and Gobillon (2015); public capital after Bom and Ligthart (2014).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.world import ratio

if TYPE_CHECKING:
    from model.world import World


@dataclass(frozen=True)
class IndustryParams(Params):
    """Capital, productivity and prices."""

    capital_output_ratio: float = par(
        2.8, unit="yr", prior="Normal(2.8, 0.4)", low=0.5, high=8, id="K02",
        doc="capital over value added in the base year",
        source="provincial perpetual-inventory series", evidence="recalled",
    )  # fmt: skip
    labour_share_shift: float = par(
        0.0, unit="share", prior="Normal(0, 0.03) on [-0.1, 0.1]", low=-0.3, high=0.3, id="L05",
        doc="added to the labour share of every sector of the table",
        source="national accounts by sector; no table of the province found", evidence="recalled",
    )  # fmt: skip
    capital_growth: float = par(
        0.02, unit="1/yr", prior="Normal(0.02, 0.008)", low=-0.05, high=0.12,
        doc="growth of capital where its return stays as in the base year",
        source="judgement: investment levels are unpublished after 2016", evidence="assumed",
    )  # fmt: skip
    investment_response: float = par(
        0.30, unit="1/yr", prior="LogNormal(0.3, 0.4)", low=0, high=2, id="K03",
        doc="response of capital growth to the log of return over user cost",
        source="Q-theory order of magnitude", evidence="recalled",
    )  # fmt: skip
    frontier_growth: float = par(
        0.010, unit="1/yr", prior="Normal(0.010, 0.004)", low=-0.03, high=0.06, id="K05",
        doc="growth of frontier productivity", source="slowdown literature", evidence="recalled",
    )  # fmt: skip
    catch_up: float = par(
        0.012, unit="1/yr", prior="LogNormal(0.012, 0.5)", low=0, high=0.2, id="K06",
        doc="share of the productivity gap closed in a year",
        source="Nelson-Phelps; Benhabib-Spiegel", evidence="recalled",
    )  # fmt: skip
    productivity_walk: float = par(
        0.012, unit="log/yr", prior="HalfNormal(0.018)", low=0, high=0.2, id="Z03",
        doc="yearly standard deviation of a city's productivity: what the model does not know",
        source="judgement: model discrepancy of yearly GDP growth", evidence="assumed",
    )  # fmt: skip
    reach_decay: float = par(
        0.05, unit="1/min", prior="LogNormal(0.05, 0.3)", low=0.005, high=0.5,
        doc="fall of the influence of jobs with a minute of travel: density, displacement",
        source="judgement: half gone in a quarter of an hour", evidence="assumed",
    )  # fmt: skip
    density_elasticity: float = par(
        0.06, unit="1", prior="LogNormal(0.06, 0.35)", low=0, high=0.12, id="FM08",
        doc="elasticity of productivity to effective density; ceiling for stability (FM11)",
        source="Combes, Demurger, Li 2013: China about three times the West", evidence="seen",
    )  # fmt: skip
    public_capital_ratio: float = par(
        0.8, unit="yr", prior="LogNormal(0.8, 0.3)", low=0.1, high=4,
        doc="public capital over value added in the base year", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    public_capital_elasticity: float = par(
        0.08, unit="1", prior="Normal(0.08, 0.03)", low=0, high=0.4, id="K04",
        doc="output elasticity of public capital", source="Bom and Ligthart 2014 J Econ Surveys",
        evidence="recalled",
    )  # fmt: skip
    depreciation: float = par(
        0.096, unit="1/yr", prior="Normal(0.096, 0.015)", low=0.01, high=0.3, id="K01",
        doc="depreciation of capital that policy adds", source="Zhang 2008 JCEBS", evidence="seen",
    )  # fmt: skip
    research_elasticity: float = par(
        0.03, unit="1", prior="HalfNormal(0.04)", low=0, high=0.3, id="R01",
        doc="elasticity of productivity to the research stock",
        source="J Comp Econ 2024; Hall, Mairesse, Mohnen 2010", evidence="seen",
    )  # fmt: skip
    market_access_elasticity: float = par(
        0.10, unit="1", prior="LogNormal(0.10, 0.5)", low=0, high=0.6, id="A01",
        doc="elasticity of productivity to external market access",
        source="Donaldson-Hornbeck form; Faber 2014 warns of losses", evidence="recalled",
    )  # fmt: skip
    inflation: float = par(
        0.010, unit="1/yr", prior="Normal(0.010, 0.008)", low=-0.03, high=0.08, id="X02",
        doc="growth of the output deflator", source="near zero in recent years",
        evidence="recalled",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def value_added(productivity: Array, capital: Array, jobs: Array, labour_share: Array) -> Array:
    """Cobb-Douglas output.

    Parameters
    ----------
    productivity : (draw, sector, zone) [log]
    capital : (draw, sector, zone) [1e8 yuan of 2020]
    jobs : (draw, sector, zone) [persons]
    labour_share : (draw, sector, 1) [1]

    Returns
    -------
    (draw, sector, zone) [1e8 yuan of 2020]
        Zero where a factor is missing.

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(value_added(one * 0, one * 4, one * 9, np.full((1, 1), 0.5))[0, 0, 0].round(9))
    6.0
    """
    there = (capital > 0) & (jobs > 0)
    log_capital = np.log(np.where(there, capital, 1.0))
    log_jobs = np.log(np.where(there, jobs, 1.0))
    level = np.exp(productivity + (1 - labour_share) * log_capital + labour_share * log_jobs)
    return np.where(there, level, 0.0)


def solow_residual(output: Array, capital: Array, jobs: Array, labour_share: Array) -> Array:
    """Log productivity that makes the production function give an output.

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(solow_residual(one * 12, one * 4, one * 9, np.full((1, 1), 0.5))[0, 0, 0].round(4))
    0.6931
    """
    there = (output > 0) & (capital > 0) & (jobs > 0)
    safe = [np.log(np.where(there, value, 1.0)) for value in (output, capital, jobs)]
    return np.where(there, safe[0] - (1 - labour_share) * safe[1] - labour_share * safe[2], 0.0)


def density(jobs: Array, minutes: Array, decay: Array) -> Array:
    """Jobs within reach, each discounted by its distance in minutes.

    Parameters
    ----------
    jobs : (draw, zone) [persons]
    minutes : (draw, zone, to_zone) [minutes]
    decay : (draw,) [1/min]

    Returns
    -------
    (draw, zone) [persons]

    Examples
    --------
    >>> float(density(np.array([[100.0, 0.0]]), np.zeros((1, 2, 2)), np.array([0.05]))[0, 1])
    100.0
    """
    near = np.exp(-lift(decay, 2) * minutes)
    return np.matmul(near, jobs[:, :, None])[:, :, 0]


def next_productivity(level: Array, active: Array, p: IndustryParams) -> Array:
    """Own productivity a year on: frontier drift and catch-up with the best zone of the sector.

    Parameters
    ----------
    level : (draw, sector, zone) [log]
    active : (draw, sector, zone) [1]
        Where the sector has jobs.
    p : IndustryParams

    Returns
    -------
    (draw, sector, zone) [log]

    Examples
    --------
    >>> level = np.array([[[0.0, -1.0]]])
    >>> next_productivity(level, level > -9, IndustryParams()).round(3).tolist()
    [[[0.01, -0.978]]]
    """
    frontier = np.where(active, level, -np.inf).max(axis=2, keepdims=True)
    gap = np.where(active, np.where(np.isfinite(frontier), frontier, 0.0) - level, 0.0)
    return level + lift(p.frontier_growth, 2) + lift(p.catch_up, 2) * gap


def relative_prices(labour_share: Array, mean_share: Array, growth: Array, years: int) -> Array:
    """Prices of sectors relative to all output, on the national balanced path.

    Parameters
    ----------
    labour_share : (draw, sector, 1) [1]
    mean_share : (draw,) [1]
    growth : (draw,) [1/yr]
        Of frontier productivity.
    years : int [yr]
        Since the base year.

    Returns
    -------
    (draw, sector) [1]

    Examples
    --------
    >>> share, mean = np.array([[[0.8]]]), np.array([0.5])
    >>> relative_prices(share, mean, np.array([0.01]), 10).round(4).tolist()
    [[1.0618]]
    """
    drift = labour_share[:, :, 0] / mean_share[:, None] - 1
    return np.exp(growth[:, None] * drift * years)


def capital_change(
    value: Array, capital: Array, base_return: Array, user_cost: Array, p: IndustryParams
) -> Array:
    """Growth factor of capital from its return relative to the base year and the user cost.

    Parameters
    ----------
    value, capital : (draw, sector, zone) [1e8 yuan of 2020]
    base_return : (draw, sector, zone) [1]
        Output over capital in the base year.
    user_cost : (draw, sector, zone) [log]
        Change by policy.
    p : IndustryParams

    Returns
    -------
    (draw, sector, zone) [1]
        Between 0.85 and 1.25 a year: an expected flow is bounded, never a count.

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(capital_change(one, one * 2, one / 2, one * 0, IndustryParams())[0, 0, 0])
    1.02
    """
    relative = ratio(ratio(value, capital), base_return, 1.0)
    signal = np.log(np.maximum(relative, 1e-9)) - user_cost
    growth = lift(p.capital_growth, 2) + lift(p.investment_response, 2) * signal
    return np.clip(1 + growth, 0.85, 1.25)


# -- action ------------------------------------------------------------------------


def act_capital(world: "World", p: IndustryParams) -> None:
    """Capital of the year from last year's return; public capital from policy."""
    factor = capital_change(
        world["output_value"],
        world["capital"],
        world.fixed["base_return"],
        world["policy_user_cost"],
        p,
    )
    world["capital"] = world["capital"] * factor
    growth = lift(p.capital_growth, 1)
    trend = world.fixed["base_public_capital"] * (1 + growth) ** world.elapsed
    extra = world["public_capital"] - world["public_capital_trend"]
    extra = extra * (1 - lift(p.depreciation, 1)) + world["policy_investment"]
    world["public_capital_trend"] = trend
    world["public_capital"] = trend + extra


def act_productivity(world: "World", p: IndustryParams) -> None:
    """Own productivity moves on; density and policies shift what it amounts to; prices follow."""
    active = world["expected_jobs"] > 0
    grown = next_productivity(world["productivity"], active, p)
    luck = world.shocks("productivity", len(world.area.cities))[:, world.area.city_of_zone]
    walk = lift(p.productivity_walk, 1) * luck
    world["productivity"] = grown + world["policy_productivity_growth"] + walk[:, None]
    near = density(
        world["expected_jobs"].sum(axis=1), world["road_time"], np.asarray(p.reach_decay)
    )
    base = world.fixed["base_density"]
    level = lift(p.density_elasticity, 1) * (np.log(near) - np.log(base))
    built = np.log(world["public_capital"]) - np.log(world["public_capital_trend"])
    level += lift(p.public_capital_elasticity, 1) * built
    studied = ratio(world["research_stock"], world["research_trend"], 1.0)
    level += lift(p.research_elasticity, 1) * np.log(studied)
    level += lift(p.market_access_elasticity, 1) * world["policy_market_access"]
    own = world["productivity"] + world["policy_productivity"] + world["demand_lift"]
    world["effective_productivity"] = own + level[:, None]
    world["sector_price"] = relative_prices(
        world.fixed["labour_share"],
        world.fixed["mean_labour_share"],
        np.asarray(p.frontier_growth),
        world.elapsed,
    )


def act_output(world: "World", p: IndustryParams) -> None:
    """Value added, its division, and prices."""
    share = world.fixed["labour_share"]
    output = value_added(
        world["effective_productivity"], world["capital"], world["expected_jobs"], share
    )
    world["output"] = output
    world["labour_income"], world["capital_income"] = output * share, output * (1 - share)
    world["deflator"] = world["deflator"] * (1 + np.asarray(p.inflation))
    world["gdp_real"] = output.sum(axis=1)
    world["output_value"] = output * world["sector_price"][:, :, None]
    world["gdp_nominal"] = world["output_value"].sum(axis=1) * world["deflator"][:, None]


CAPITAL = Process(
    "capital",
    reads=("policy_user_cost", "policy_investment"),
    remembers=("output_value", "capital", "public_capital", "public_capital_trend"),
    writes=("capital", "public_capital", "public_capital_trend"),
    act=act_capital,
    params=IndustryParams,
    about="investment answers last year's return",
)
PRODUCTIVITY = Process(
    "productivity",
    reads=(
        "road_time",
        "public_capital",
        "public_capital_trend",
        "policy_productivity",
        "policy_productivity_growth",
        "policy_market_access",
    ),
    remembers=(
        "expected_jobs",
        "productivity",
        "research_stock",
        "research_trend",
        "demand_lift",
    ),
    writes=("productivity", "effective_productivity", "sector_price"),
    act=act_productivity,
    params=IndustryParams,
    about="drift, catch-up, density, public capital, policies",
)
OUTPUT = Process(
    "output",
    reads=("effective_productivity", "capital", "expected_jobs", "sector_price"),
    remembers=("deflator",),
    writes=(
        "output",
        "output_value",
        "labour_income",
        "capital_income",
        "deflator",
        "gdp_real",
        "gdp_nominal",
    ),
    act=act_output,
    params=IndustryParams,
    about="value added at this year's jobs and capital; prices",
)
