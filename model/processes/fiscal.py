r"""Budgets of the governments: revenue, transfers, land, services, interest, borrowing, debt.

.. math::

    T_c = r_{T,c}\,(1+\dot r)^{t}\,Y_c / P, \qquad
    S_c = S_c(0)\,\bigl[\phi + (1-\phi) N_c/N_c(0)\bigr](1+g)^t + i\,(D_c - D_c(0))

    T + Tr + n L + B = S^{policy} + S^{other}, \qquad D' = D + B, \qquad
    \text{room} = (d\,R - D)_+

    B = B^{policy} + \min(\text{gap},\; \text{room} - B^{policy}), \qquad
    B^{policy} = \min(\text{package beyond its own budget},\; \text{room})

Revenue is a share of output at current prices, that of the base year and drifting, and is counted
at the price level :math:`P` of all output as everything else here; transfers make up the spending
of the base year and grow on their own; of last year's land sales the share :math:`n` is left after
the land is bought and prepared. What services and interest need beyond that is borrowed while debt
stays under its cap over all receipts :math:`R` (gross of land); what is beyond the cap is not
spent, and is reported. The package is scaled to the room under last year's receipts, and where
those of the year are lower, services go without what it can no longer borrow: no year's debt rises
above the cap over its own receipts but of packages without limit. Money left over is spent, not
paid back. Package money that is borrowed makes demand for services the year after, at the
multiplier; it comes as more output of those who serve, so that more are hired, who add about a
sixth to it (the plan as written).

Sources: revenue and spending of the base year from the area's tables (before 2015 inflated and
unused); debt of the base year is assumed from the bonds of the whole province.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio, total
from model.books import Account, Books
from model.contract import Process
from model.parameters import Params, par
from model.world import World


@dataclass(frozen=True)
class FiscalParams(Params):
    """Receipts, needs and debt."""

    revenue_drift: float = par(
        -0.005, unit="1/yr", prior="Normal(-0.005, 0.005)", low=-0.05, high=0.05, id="G01",
        doc="yearly relative change of revenue over output",
        source="fell in most cities between 2016 and 2021 (budget and output tables)",
        evidence="derived",
    )  # fmt: skip
    transfer_growth: float = par(
        0.01, unit="1/yr", prior="Normal(0.01, 0.01)", low=-0.05, high=0.08,
        doc="real growth of transfers from above", source="judgement", evidence="assumed",
    )  # fmt: skip
    spending_growth: float = par(
        0.01, unit="1/yr", prior="Normal(0.01, 0.005)", low=-0.03, high=0.06,
        doc="real growth of what services cost, at the same number of people",
        source="judgement: pay grows with output per worker", evidence="assumed",
    )  # fmt: skip
    fixed_spending: float = par(
        0.5, unit="share", prior="Beta(10, 10)", low=0, high=1,
        doc="share of spending that does not follow the number of people", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    land_net: float = par(
        0.25, unit="share", prior="Beta(25, 75)", low=0, high=1,
        doc="share of land sales left after land is bought and prepared",
        source="national accounts of land-transfer funds: about four fifths is cost",
        evidence="recalled",
    )  # fmt: skip
    debt_ratio: float = par(
        0.28, unit="share", prior="LogNormal(0.28, 0.3)", low=0, high=2,
        doc="debt over output in the base year, the same in every city",
        source="government bonds of the province over its output, 2020; none by city",
        evidence="derived",
    )  # fmt: skip
    debt_cap: float = par(
        1.2, unit="yr", prior="Normal(1.2, 0.1)", low=0.1, high=5,
        doc="debt over a year's receipts, land included, at which borrowing stops",
        source="warning lines of the Ministry of Finance, 100 to 120 percent",
        evidence="recalled",
    )  # fmt: skip
    interest: float = par(
        0.025, unit="1/yr", prior="Normal(0.025, 0.005)", low=0, high=0.15,
        doc="real interest on debt", source="yields of local bonds less inflation",
        evidence="recalled",
    )  # fmt: skip
    multiplier: float = par(
        0.6, unit="1", prior="0.8 Normal(0.6, 0.2) + 0.2 LogNormal(2, 0.6) on [0, 12]",
        low=0, high=12, id="G02",
        doc="demand for goods not traded per yuan of policy spending that is borrowed",
        source="Guo, Liu, Ma 2016 JCE: 0.6; Su 2022 finds 11.4 over all years", evidence="seen",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def revenue(output: Array, share: Array, drift: Array, years: int) -> Array:
    """General public budget revenue at current prices.

    Parameters
    ----------
    output : (draw, zone) [1e8 yuan]
        At current prices, those of sectors relative to each other included: they are taxed.
    share : (draw, zone) [1]
        Revenue over output in the base year.
    drift : (draw, 1) [1/yr]
    years : int [yr]
        Since the base year.

    Returns
    -------
    (draw, zone) [1e8 yuan]

    Examples
    --------
    >>> float(revenue(np.array([[100.0]]), np.array([0.1]), np.array([[0.0]]), 5)[0, 0])
    10.0
    """
    return output * share * (1 + drift) ** years


def spending_need(base: Array, people: Array, debt: Array, years: int, p: FiscalParams) -> Array:
    """What services and interest cost.

    Parameters
    ----------
    base : (draw, city) [1e8 yuan of 2020]
        In the base year, interest on the debt of that year included.
    people : (draw, city) [1]
        Over those of the base year.
    debt : (draw, city) [1e8 yuan of 2020]
        Run up since the base year.
    years : int [yr]
        Since the base year.
    p : FiscalParams

    Returns
    -------
    (draw, city) [1e8 yuan of 2020]

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> spending_need(100 * one, 0.9 * one, 40 * one, 0, FiscalParams()).tolist()
    [[96.0]]
    """
    fixed = lift(p.fixed_spending, 1)
    services = base * (fixed + (1 - fixed) * people) * (1 + lift(p.spending_growth, 1)) ** years
    return services + lift(p.interest, 1) * debt


def close_books(books: Books) -> Account:
    """A government's year: what it spends, borrows, owes, and leaves undone.

    The package comes first, its own budget before bonds; services take what is left, and borrow
    what they lack while there is room under the ceiling of debt. A package decided on receipts that
    did not come in is built all the same: what it cannot borrow any more, services go without.

    Parameters
    ----------
    books : Books

    Returns
    -------
    Account
        Receipts and borrowing are all spent; borrowing stops at the ceilings.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> known = [value * one for value in (100, 10, 6, 99, 50, 58, 58)]
    >>> [float(part[0, 0]) for part in close_books(Books(*known))]
    [8.0, 98.0, 1.0, 58.0, 0.0]
    """
    wished = np.maximum(books.policy_spending - books.policy_budget, 0.0)
    for_policy = np.minimum(wished, np.maximum(books.policy_ceiling - books.debt, 0.0))
    left = books.receipts + for_policy - books.policy_spending
    room = np.maximum(books.ceiling - books.debt - for_policy, 0.0)
    for_services = np.clip(books.need - left, 0.0, room)
    other = left + for_services
    borrowing = for_policy + for_services
    return Account(
        borrowing=borrowing,
        other_spending=other,
        unmet_spending=np.maximum(books.need - other, 0.0),
        debt=books.debt + borrowing,
        borrowing_room=room - for_services,
    )


def local_demand(borrowed: Array, value: Array, in_city: Array, multiplier: Array) -> Array:
    """Demand for local goods that borrowed policy spending makes, by zone.

    Parameters
    ----------
    borrowed : (draw, city) [1e8 yuan of 2020]
    value : (draw, zone) [1e8 yuan of 2020]
        Of output at the year's relative prices; spreads it over the zones of a city.
    in_city : (city, zone) [1]
    multiplier : (draw, 1) [1]

    Returns
    -------
    (draw, zone) [1e8 yuan of 2020]

    Examples
    --------
    >>> value = np.array([[30.0, 10.0]])
    >>> local_demand(np.array([[8.0]]), value, np.ones((1, 2)), np.array([[0.5]])).tolist()
    [[3.0, 1.0]]
    """
    rate = ratio(multiplier * borrowed, total(value, in_city))
    return value * total(rate, in_city.T)


def demand_lift(demand: Array, value: Array, local: Array) -> Array:
    """What the demand of governments adds to the output of sectors that sell where they are.

    Parameters
    ----------
    demand : (draw, zone) [1e8 yuan of 2020]
    value : (draw, sector, zone) [1e8 yuan of 2020]
        Of output at the year's relative prices, as demand is money.
    local : (sector,) [1]
        Whether a sector sells where it is.

    Returns
    -------
    (draw, sector, zone) [log]

    Examples
    --------
    >>> value = np.array([[[40.0], [10.0]]])
    >>> demand_lift(np.array([[0.1]]), value, np.array([0.0, 1.0])).round(5).tolist()
    [[[0.0], [0.00995]]]
    """
    served = (value * local[:, None]).sum(axis=1)
    return np.log1p(ratio(demand, served))[:, None] * local[:, None]


# -- action ------------------------------------------------------------------------


def act(world: World, p: FiscalParams) -> None:
    """Receipts and needs of the year; each government closes its books."""
    cities, fixed = world.area.in_city, world.fixed
    by_zone = revenue(
        world["gdp_nominal"], fixed["revenue_share"], lift(p.revenue_drift, 1), world.elapsed
    )
    world["budget_revenue_nominal"] = total(by_zone, cities)
    received = world["budget_revenue_nominal"] / world["deflator"][:, None]
    world["budget_revenue"] = received
    growth = (1 + lift(p.transfer_growth, 1)) ** world.elapsed
    world["transfers"] = fixed["base_transfers"] * growth
    sold = total(world["land_revenue"], cities)
    world["land_income"] = sold * lift(p.land_net, 1)
    people = total(world["population"], cities) / fixed["base_city_population"]
    since = world["debt"] - fixed["base_debt"]
    need = spending_need(fixed["base_spending"], people, since, world.elapsed, p)
    world["spending_need"] = need
    ceiling = lift(p.debt_cap, 1) * (received + world["transfers"] + sold)
    books = Books(
        received + world["transfers"] + world["land_income"],
        world["policy_spending"],
        world["policy_budget"],
        need,
        world["debt"],
        ceiling,
        ceiling if world.package.capped else np.full(ceiling.shape, np.inf),
    )
    for name, value in (world.govern or close_books)(books)._asdict().items():
        world[name] = value
    # The package borrows before services do, so that this is what it borrows.
    beyond = np.maximum(world["policy_spending"] - world["policy_budget"], 0.0)
    borrowed = np.minimum(beyond, world["borrowing"])
    value = world["output_value"]  # money buys at the year's prices
    bought = local_demand(borrowed, value.sum(axis=1), cities, lift(p.multiplier, 1))
    world["spending_demand"] = bought
    local = np.array([r["published_sector"] == "tertiary" for r in world.area.tables["sectors"]])
    world["demand_lift"] = demand_lift(bought, value, local * 1.0)


FISCAL = Process(
    "fiscal",
    reads=(
        "output_value",
        "gdp_nominal",
        "deflator",
        "policy_spending",
        "policy_budget",
    ),
    remembers=("debt", "land_revenue", "population"),
    writes=(
        "budget_revenue",
        "budget_revenue_nominal",
        "transfers",
        "land_income",
        "spending_need",
        "spending_demand",
        "demand_lift",
        *Account._fields,
    ),
    act=act,
    params=FiscalParams,
    about="receipts, services, interest, borrowing and debt by government",
)
