r"""Research: spending follows output, the stock accumulates it.

.. math:: RD_z = \rho_z\,(1+g)^t\,Y_z\,e^{\pi_z}, \qquad R' = (1-\delta_R)\,R + RD

Policy :math:`\pi` raises spending, so that the stock rises by as much once the old one is gone.
The trend is the same stock without policy; productivity takes what lies between the two.

Sources: perpetual inventory with the usual depreciation; intensity by city is assumed around the
provincial ratio. Chinese firm research shows little measured link to productivity and is partly
relabelled (J Comp Econ 2024), which is why the elasticity in production is small.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.world import World


@dataclass(frozen=True)
class InnovationParams(Params):
    """Research intensity and its stock."""

    depreciation: float = par(
        0.15, unit="1/yr", prior="Fixed(0.15)", low=0.01, high=0.5, id="R02",
        doc="depreciation of the research stock", source="convention of the literature",
        evidence="recalled",
    )  # fmt: skip
    past_growth: float = par(
        0.05, unit="1/yr", prior="Normal(0.05, 0.02)", low=-0.05, high=0.15,
        doc="real growth of research spending before the base year, from which its stock follows",
        source="judgement: provincial spending grew a little faster than output",
        evidence="assumed",
    )  # fmt: skip
    intensity_growth: float = par(
        0.01, unit="1/yr", prior="Normal(0.01, 0.01)", low=-0.05, high=0.06,
        doc="growth of research spending over output", source="judgement", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def research_spending(output: Array, intensity: Array, policy: Array, growth: Array) -> Array:
    """Research spending of a year.

    Parameters
    ----------
    output : (draw, zone) [1e8 yuan of 2020]
    intensity : (draw, zone) [1]
        Spending over output in the base year.
    policy : (draw, zone) [log]
    growth : (draw, 1) [1]
        Of intensity since the base year, as a factor.

    Returns
    -------
    (draw, zone) [1e8 yuan of 2020]

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> float(research_spending(200 * one, 0.02 * one, 0 * one, one)[0, 0])
    4.0
    """
    return output * intensity * growth * np.exp(policy)


def next_stock(stock: Array, spending: Array, depreciation: Array) -> Array:
    """Research stock at the end of a year.

    Examples
    --------
    >>> next_stock(np.array([[20.0]]), np.array([[4.0]]), np.array([[0.15]])).tolist()
    [[21.0]]
    """
    return stock * (1 - depreciation) + spending


def steady_stock(spending: Array, growth: Array, depreciation: Array) -> Array:
    """Stock that a spending growing at a steady rate has left behind.

    Examples
    --------
    >>> steady_stock(np.array([[4.2]]), np.array([[0.05]]), np.array([[0.15]])).round(6).tolist()
    [[22.05]]
    """
    return spending * (1 + growth) / (growth + depreciation)


# -- action ------------------------------------------------------------------------


def act(world: World, p: InnovationParams) -> None:
    """Spending of the year, and the stock with and without policy."""
    growth = (1 + lift(p.intensity_growth, 1)) ** world.elapsed
    intensity, policy = world.fixed["research_intensity"], world["policy_research"]
    spent = research_spending(world["gdp_real"], intensity, policy, growth)
    plain = research_spending(world["gdp_real"], intensity, np.zeros(policy.shape), growth)
    lost = lift(p.depreciation, 1)
    world["research_spending"] = spent
    world["research_stock"] = next_stock(world["research_stock"], spent, lost)
    world["research_trend"] = next_stock(world["research_trend"], plain, lost)


INNOVATION = Process(
    "innovation",
    reads=("gdp_real", "policy_research"),
    remembers=("research_stock", "research_trend"),
    writes=("research_spending", "research_stock", "research_trend"),
    act=act,
    params=InnovationParams,
    about="research spending and its stock, with and without policy",
)
