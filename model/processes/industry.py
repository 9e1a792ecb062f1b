r"""Production by sector and zone: capital, output, prices.

.. math::

    Y_{kz} = u_{kz} A_{kz} K_{kz}^{\alpha_k} L_{kz}^{1-\alpha_k}, \qquad
    K' = (1 - \delta)\,K + I, \quad
    I = K\,\max\bigl(0,\ \delta + g_K + \iota \ln\tfrac{MPK}{\text{user cost}}\bigr)

    G' = (1 - \delta)\,G + I_G, \qquad
    p_k(t) = e^{\Gamma_t\,(s_k/\bar s - 1) - \pi\,(d_k - \bar d)\,t}, \qquad s_k = 1 - \alpha_k

Relative prices of sectors are national: they follow unit costs on the frontier's balanced path,
:math:`\Gamma_t` being its growth so far, so that services in which labour weighs more grow dearer
(Baumol 1967, AER 57), and a share :math:`\pi` of what the nation's sector gains on the others
(:math:`d_k`, :mod:`model.processes.productivity`) goes to its buyers: a sector in which volume
grows faster does not by that alone hold its workers. Labour and capital share what output is worth
at its price, :math:`p_k Y_{kz}`, as wages, jobs and investment have it. Levels of the base
year are inverted, so output, jobs and capital of that year are reproduced.

Sources: perpetual inventory (Goldsmith 1951; depreciation after Zhang 2008); investment by user
cost (Jorgenson 1963, AER 53); prices by relative productivity (Ngai and Pissarides 2007, AER 97).
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.contract import Process
from model.parameters import Params, par
from model.world import World

FASTEST = 0.25


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
        0.0206, unit="1/yr", prior="Normal(0.0206, 0.0077)", low=-0.05, high=0.12,
        doc="growth of capital where its return stays as in the base year",
        source="calibrated on growth of 2017-2020 (calibration/growth.py) from Normal(0.02, "
        "0.008), a judgement: investment levels are unpublished after 2016; not identified",
        evidence="assumed",
    )  # fmt: skip
    investment_response: float = par(
        0.30, unit="1/yr", prior="LogNormal(0.3, 0.4)", low=0, high=2, id="K03",
        doc="response of capital growth to the log of return over user cost",
        source="Q-theory order of magnitude", evidence="recalled",
    )  # fmt: skip
    frontier_growth: float = par(
        0.0170, unit="1/yr", prior="Normal(0.0170, 0.0057)", low=-0.03, high=0.06, id="K05",
        doc="growth of frontier productivity in the base year",
        source="calibrated on growth of 2017-2020 (calibration/growth.py) from Normal(0.010, "
        "0.008): all industries 0.7 % after 2008 (Brandt et al. 2020, recalled), below zero "
        "2007-2012 (Wu 2016), 2 % in the mean of 150 studies since 1978 (Tian and Yu 2012), each "
        "with some 0.5 of workers who change sector; narrowed by a quarter", evidence="recalled",
    )  # fmt: skip
    catch_up: float = par(
        0.012, unit="1/yr", prior="LogNormal(0.012, 0.5)", low=0, high=0.2, id="K06",
        doc="share of the productivity gap closed in a year",
        source="Nelson-Phelps; Benhabib-Spiegel", evidence="recalled",
    )  # fmt: skip
    productivity_walk: float = par(
        0.0227, unit="log/yr", prior="Gamma(0.0227, 0.0067)", low=0, high=0.2, id="Z03",
        doc="yearly standard deviation of a city's productivity: what the model does not know",
        source="calibrated on growth of 2017-2020 (calibration/growth.py) from HalfNormal(0.018)",
        evidence="derived",
    )  # fmt: skip
    reach_decay: float = par(
        0.05, unit="1/min", prior="LogNormal(0.05, 0.3)", low=0.005, high=0.5,
        doc="fall of the influence of jobs with a minute of travel: density, displacement",
        source="judgement: half gone in a quarter of an hour", evidence="assumed",
    )  # fmt: skip
    density_elasticity: float = par(
        0.06, unit="1", prior="LogNormal(0.06, 0.35)", low=0, high=0.12, id="FM08",
        doc="elasticity of productivity to effective density; scaled down with the elasticity to "
        "own-sector jobs where both exceed 0.12 (FM11)",
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
        doc="depreciation of capital, private and public", source="Zhang 2008 JCEBS",
        evidence="seen",
    )  # fmt: skip
    research_elasticity: float = par(
        0.03, unit="1", prior="HalfNormal(0.04)", low=0, high=0.3, id="R01",
        doc="elasticity of productivity to the research stock",
        source="J Comp Econ 2024; Hall, Mairesse, Mohnen 2010", evidence="seen",
    )  # fmt: skip
    market_access_elasticity: float = par(
        0.10, unit="1", prior="LogNormal(0.10, 0.5)", low=0, high=0.6, id="A01",
        doc="elasticity of productivity to market access, inside the area and beyond",
        source="Donaldson-Hornbeck form; Faber 2014 warns of losses", evidence="recalled",
    )  # fmt: skip
    price_response: float = par(
        0.8, unit="share", prior="Beta(8, 2)", low=0, high=1,
        doc="share of a sector's lead in productivity that goes to its buyers by a lower price",
        source="Nordhaus 2006 (NBER 12218): nearly all, industries of the United States 1948-2001; "
        "less where the state keeps prices up, as it did of grain", evidence="recalled",
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


def relative_prices(labour_share: Array, mean_share: Array, grown: Array, cheaper: Array) -> Array:
    """Prices of sectors relative to all output, on the national balanced path.

    Parameters
    ----------
    labour_share : (draw, sector, 1) [1]
    mean_share : (draw,) [1]
    grown : (draw,) [log]
        Frontier productivity since the base year.
    cheaper : (draw, sector) [log]
        What the sector's own lead in productivity took off its price.

    Returns
    -------
    (draw, sector) [1]

    Examples
    --------
    >>> share, mean, none = np.array([[[0.8]]]), np.array([0.5]), np.zeros((1, 1))
    >>> relative_prices(share, mean, np.array([0.1]), none).round(4).tolist()
    [[1.0618]]
    """
    drift = labour_share[:, :, 0] / mean_share[:, None] - 1
    return np.exp(grown[:, None] * drift - cheaper)


def lead(drift: Array, output: Array) -> Array:
    """Growth of a sector's productivity beyond the mean of all, weighted by output.

    Parameters
    ----------
    drift : (draw, sector) [log/yr]
    output : (draw, sector) [1e8 yuan of 2020]

    Returns
    -------
    (draw, sector) [log/yr]

    Examples
    --------
    >>> lead(np.array([[0.01, 0.0]]), np.array([[1.0, 3.0]])).round(4).tolist()
    [[0.0075, -0.0025]]
    """
    weight = output / output.sum(axis=1, keepdims=True)
    return drift - (weight * drift).sum(axis=1, keepdims=True)


def investment(
    value: Array, capital: Array, base_return: Array, user_cost: Array, p: IndustryParams
) -> Array:
    """Investment: what wears out, what grows along, and an answer to the return on capital.

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
    (draw, sector, zone) [1e8 yuan of 2020]
        Never negative; capital grows by a quarter a year at most.

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(investment(one, one * 2, one / 2, one * 0, IndustryParams())[0, 0, 0].round(6))
    0.2332
    """
    relative = ratio(ratio(value, capital), base_return, 1.0)
    signal = np.log(np.maximum(relative, 1e-9)) - user_cost
    growth = lift(p.capital_growth, 2) + lift(p.investment_response, 2) * signal
    replaced = lift(p.depreciation, 2)
    return capital * np.clip(replaced + growth, 0.0, replaced + FASTEST)


def inventory(stock: Array, added: Array, depreciation: Array) -> Array:
    """Perpetual inventory: what is left of a stock, and what is added to it.

    Examples
    --------
    >>> float(inventory(np.array([100.0]), np.array([12.0]), np.array([0.1]))[0])
    102.0
    """
    return stock * (1 - depreciation) + added


# -- action ------------------------------------------------------------------------


def act_capital(world: World, p: IndustryParams) -> None:
    """Capital of the year from last year's return; public capital from policy."""
    world["investment"] = investment(
        world["output_value"] / world["utilisation"],
        world["capital"],
        world.fixed["base_return"],
        world["policy_user_cost"],
        p,
    )
    world["capital"] = inventory(world["capital"], world["investment"], lift(p.depreciation, 2))
    growth, worn = lift(p.capital_growth, 1), lift(p.depreciation, 1)
    upkeep = world["public_capital_trend"] * (growth + worn)
    world["public_capital"] = inventory(
        world["public_capital"], upkeep + world["policy_investment"], worn
    )
    world["public_capital_trend"] = inventory(world["public_capital_trend"], upkeep, worn)


def act_output(world: World, p: IndustryParams) -> None:
    """Value added, prices, and how the value is divided."""
    share = world.fixed["labour_share"]
    output = value_added(
        world["effective_productivity"], world["capital"], world["expected_jobs"], share
    )
    # Orders beyond capacity fill what there is: they neither hire nor build more by themselves.
    output = output * world["utilisation"]
    world["output"] = output
    value = output * world["sector_price"][:, :, None]
    world["output_value"] = value
    # Paid out of what output sells for, as wages and jobs are decided.
    world["labour_income"], world["capital_income"] = value * share, value * (1 - share)
    world["deflator"] = world["deflator"] * (1 + np.asarray(p.inflation))
    world["gdp_real"] = output.sum(axis=1)
    world["gdp_nominal"] = value.sum(axis=1) * world["deflator"][:, None]


CAPITAL = Process(
    "capital",
    reads=("policy_user_cost", "policy_investment"),
    remembers=("output_value", "utilisation", "capital", "public_capital", "public_capital_trend"),
    writes=("investment", "capital", "public_capital", "public_capital_trend"),
    act=act_capital,
    params=IndustryParams,
    about="investment answers last year's return",
)
OUTPUT = Process(
    "output",
    reads=("effective_productivity", "capital", "expected_jobs", "sector_price", "utilisation"),
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
