r"""General public budgets of the governments, real and nominal.

.. math:: T_c = r_{T,c}\,(1+\dot r)^{t}\,Y_c, \qquad
    T_c + B_c = S^{policy}_c + S^{other}_c, \qquad D' = D + B

Revenue follows output at the ratio of the base year, drifting. What the package of policies
spends beyond the policy budget is borrowed and adds to debt; the rest of revenue is spent.

Sources: revenue and output of the base year from the area's tables. Revenue
before 2015 is inflated and unused.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.world import total

if TYPE_CHECKING:
    from model.world import World


@dataclass(frozen=True)
class FiscalParams(Params):
    """How revenue follows output."""

    revenue_drift: float = par(
        -0.005, unit="1/yr", prior="Normal(-0.005, 0.005)", low=-0.05, high=0.05, id="G01",
        doc="yearly relative change of revenue over output",
        source="fell in most cities between 2016 and 2021 (budget and output tables)",
        evidence="derived",
    )  # fmt: skip


def revenue(output: Array, share: Array, drift: Array, years: int) -> Array:
    """General public budget revenue.

    Parameters
    ----------
    output : (draw, zone) [1e8 yuan of 2020]
    share : (zone,) [1]
        Revenue over output in the base year.
    drift : (draw, 1) [1/yr]
    years : int [yr]
        Since the base year.

    Returns
    -------
    (draw, zone) [1e8 yuan of 2020]

    Examples
    --------
    >>> float(revenue(np.array([[100.0]]), np.array([0.1]), np.array([[0.0]]), 5)[0, 0])
    10.0
    """
    return output * share * (1 + drift) ** years


def act(world: "World", p: FiscalParams) -> None:
    """Revenue of the year; spending, borrowing and debt of each government."""
    by_zone = revenue(
        world["gdp_real"], world.fixed["revenue_share"], lift(p.revenue_drift, 1), world.elapsed
    )
    received = total(by_zone, world.area.in_city)
    world["budget_revenue"] = received
    world["budget_revenue_nominal"] = received * world["deflator"][:, None]
    spent = world["policy_spending"]
    world["borrowing"] = np.maximum(spent - world["policy_budget"], 0.0)
    world["other_spending"] = received + world["borrowing"] - spent
    world["debt"] = world["debt"] + world["borrowing"]


FISCAL = Process(
    "fiscal",
    reads=("gdp_real", "deflator", "policy_spending", "policy_budget"),
    remembers=("debt",),
    writes=(
        "budget_revenue",
        "budget_revenue_nominal",
        "borrowing",
        "other_spending",
        "debt",
    ),
    act=act,
    params=FiscalParams,
    about="revenue, spending, borrowing, debt by government",
)
