r"""Linkages: what sectors of the area buy from each other, and the local supply rate.

.. math::

    x_k = Y_k / v_k, \qquad A = \mathrm{RAS}(A^{nation}), \qquad A^L_{lk} = r_{lk}\,a_{lk}

    r_{lk} = \min\bigl(1, \lambda\,CILQ_{lk}\,\max(1, \log_2(1 + SLQ_k))\bigr), \quad
    \lambda = \bigl[\log_2(1 + x / x^{nation})\bigr]^\delta

    x^D = (I - A^L)^{-1} f, \qquad u_k = \mathrm{clip}\bigl((x^D_k/x^S_k)^{\psi}, 0.75, 1.05\bigr)

The area is one region. Final demand of the base year is what its sectors do not sell to each
other, so that demand meets supply then. Later the local part of final demand follows the area's
output and the rest each sector's own supply. Sectors marked as users buy a share :math:`s_k` of
what marked suppliers make inside the area; policy adds to it, at a unit cost
:math:`\chi\,(s - s_0)`. What suppliers gain is sited by access to the users. Of the demand created,
what suppliers do not make more of is displaced: taken from their other customers. Orders fill what
capacity there is; they neither hire nor build more, so that they cannot pay for themselves.

Sources: Leontief (1936); AFLQ of Flegg and Webber (2000, Regional Studies 34), exponent for
Chinese provinces after Studies in Regional Science 44(4); RAS after Stone (1961); national table
for China 2011 of the World Input-Output Database (Timmer et al. 2015, Rev Int Econ 23), a stand-in
for the province.
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import Array, lift, ratio, worst_of
from model.contract import Process
from model.methods.ras import biproportional
from model.parameters import Params, par
from model.problems import RunError, Unsolved
from model.processes.nearness import nearness
from model.world import World

SLACK, STRAIN = 0.75, 1.05
SOLD_AT_HOME = 0.9


@dataclass(frozen=True)
class LinkageParams(Params):
    """Regional coefficients and what demand does to output."""

    location_exponent: float = par(
        0.15, unit="1", prior="Normal(0.15, 0.06) on [0, 0.6]", low=0, high=1, id="I01",
        doc="exponent of the size of the area in its trade coefficients",
        source="Studies in Regional Science 44(4): 0.15 for Chinese provinces", evidence="seen",
    )  # fmt: skip
    value_added_shift: float = par(
        0.0, unit="log", prior="Normal(0, 0.1) on [-0.3, 0.3]", low=-1, high=0.4, id="I05",
        doc="log change of value added over output against the national table",
        source="national table of 2011 for want of a provincial one", evidence="assumed",
    )  # fmt: skip
    local_supply: float = par(
        0.45, unit="share", prior="Triangular(0.35, 0.45, 0.52)", low=0.01, high=0.99, id="I02",
        doc="share of parts bought inside the area in the base year", source="judgement: the plans "
        "print no baseline", evidence="assumed",
    )  # fmt: skip
    localisation_cost: float = par(
        0.01, unit="log", prior="Triangular(0, 0.01, 0.03)", low=0, high=0.2, id="I03",
        doc="log cost of users for a rise of the local share by one", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    utilisation_response: float = par(
        0.5, unit="1", prior="Beta(5, 5)", low=0, high=1, id="I04",
        doc="elasticity of output to demand over supply", source="judgement", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def location_quotients(output: Array, nation: Array) -> Array:
    """Share of each sector in the area over its share in the country.

    Parameters
    ----------
    output : (draw, sector) [1e8 yuan of 2020]
    nation : (sector,) [1]
        In any unit.

    Returns
    -------
    (draw, sector) [1]

    Examples
    --------
    >>> location_quotients(np.array([[3.0, 1.0]]), np.array([1.0, 1.0])).tolist()
    [[1.5, 0.5]]
    """
    return ratio(output / output.sum(axis=1, keepdims=True), nation / nation.sum())


def trade_coefficients(quotient: Array, size: Array, exponent: Array) -> Array:
    """Share of an input that the area supplies itself: the augmented quotient AFLQ.

    Parameters
    ----------
    quotient : (draw, sector) [1]
    size : (draw,) [1]
        Of the area beside the country.
    exponent : (draw,) [1]

    Returns
    -------
    (draw, sector, sector) [1]
        Supplier by user, in [0, 1].

    Examples
    --------
    >>> found = trade_coefficients(np.array([[1.0, 0.5]]), np.array([1.0]), np.array([0.3]))
    >>> found.tolist()
    [[[1.0, 1.0], [0.5, 0.5]]]
    """
    cross = ratio(quotient[:, :, None], quotient[:, None, :], 1.0)
    own = np.arange(quotient.shape[1])
    cross[:, own, own] = quotient
    small = np.log2(1 + size) ** exponent
    specialised = np.maximum(np.log2(1 + quotient), 1.0)
    return np.minimum(lift(small, 2) * cross * specialised[:, None, :], 1.0)


def leontief(
    coefficients: Array, final: Array, sectors: tuple[str, ...] = (), year: int | None = None
) -> Array:
    """Output that meets final demand and what its making needs in turn.

    Parameters
    ----------
    coefficients : (draw, sector, sector) [1]
        Supplier by user.
    final : (draw, sector) [1e8 yuan of 2020]
    sectors : tuple of str
        Names for the error.
    year : int, optional [year]
        For the error.

    Returns
    -------
    (draw, sector) [1e8 yuan of 2020]

    Raises
    ------
    RunError
        A matrix that is not productive: names the spectral radius and the sector whose inputs
        weigh most.

    Examples
    --------
    >>> table = np.array([[[0.15, 0.25], [0.20, 0.05]]])
    >>> leontief(table, np.array([[600.0, 1500.0]])).round(3).tolist()
    [[1247.525, 1841.584]]
    """
    inputs = coefficients.sum(axis=1)
    if not inputs.max() < 1:
        radius = np.abs(np.linalg.eigvals(np.nan_to_num(coefficients, nan=1e9, posinf=1e9)))
        if not radius.max() < 1:
            worst = worst_of(inputs)[-1]
            name = sectors[worst] if sectors else str(worst)
            when = "" if year is None else f" in {year}"
            raise RunError(
                f"input-output matrix is not productive{when}: spectral radius "
                f"{radius.max():.4g}, inputs of {name} are {inputs.max():.4g} of its output"
            )
    eye = np.eye(coefficients.shape[1])
    return np.linalg.solve(eye - coefficients, final[:, :, None])[:, :, 0]


def localised(local: Array, base_share: Array, share: Array, pairs: Array) -> Array:
    """Trade coefficients when users buy another share of their parts inside the area.

    Parameters
    ----------
    local : (draw, sector, sector) [1]
        Of the base year.
    base_share, share : (draw, sector) [share]
        By user.
    pairs : (sector, sector) [1]
        One for suppliers and users concerned.

    Returns
    -------
    (draw, sector, sector) [1]

    Examples
    --------
    >>> half = np.full((1, 1, 1), 0.5)
    >>> localised(half, half[:, 0], half[:, 0] * 1.2, np.ones((1, 1))).round(6).tolist()
    [[[0.6]]]
    """
    change = ratio(share, base_share, 1.0)[:, None, :]
    return np.minimum(np.where(pairs > 0, local * change, local), 1.0)


def utilisation(demand: Array, supply: Array, response: Array) -> Array:
    """How far output stretches to demand: between 0.75 and 1.05 of what is usual.

    Parameters
    ----------
    demand, supply : (draw, sector, zone) [1e8 yuan of 2020]
    response : (draw, 1, 1) [1]

    Returns
    -------
    (draw, sector, zone) [1]

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(utilisation(one * 0.81, one, one * 0.5)[0, 0, 0].round(6))
    0.9
    """
    return np.clip(ratio(demand, supply, 1.0) ** response, SLACK, STRAIN)


# -- the base year -----------------------------------------------------------------


def national_table(area: Area) -> tuple[Array, Array, Array]:
    """Technical coefficients (supplier, user), output, and local share of final demand.

    Households, governments and building investment buy at home; exports, and machines for
    investment, go to a wider market.
    """
    place = {name: index for index, name in enumerate(area.sectors)}
    coefficients = np.zeros((len(place), len(place)))
    final: dict[str, Array] = {}
    for row in area.tables["input_output"]:
        if row["user"] in place:
            coefficients[place[row["supplier"]], place[row["user"]]] = row["value"]
        else:
            by_user = final.setdefault(row["user"], np.zeros(len(place)))
            by_user[place[row["supplier"]]] = row["value"]
    home = final["households"] + final["government"]
    return coefficients, final["output"], ratio(home, home + final["investment"] + final["exports"])


def invert(area: Area, value_added: Array, size: Array, p: LinkageParams) -> dict[str, Array]:
    """Regional coefficients, gross output and final demand of the base year.

    Parameters
    ----------
    area : Area
    value_added : (draw, sector) [1e8 yuan of 2020]
    size : (draw,) [1]
        Of the area beside the country.
    p : LinkageParams

    Returns
    -------
    dict
        ``technical``, ``local``, ``supply_share`` and ``supply_pairs``, ``final_demand``,
        ``gross_output``, ``final_local_share``: fixed effects.

    Raises
    ------
    Unsolved
        Value added that is no share of output, or purchases that do not balance with sales; has
        draw and sector.
    """
    coefficients, nation, at_home = national_table(area)
    kept = (1 - coefficients.sum(axis=0)) * np.exp(lift(p.value_added_shift, 1))
    if not kept.max() <= 1:
        worst, most = worst_of(kept), "linkages.value_added_shift may raise it to 1 at most"
        what = "value added over output is above 1 or no number"
        raise Unsolved(what, worst, f"{kept[worst]:.4g}; {most}")
    output, bought = value_added / kept, 1 - kept
    flows = coefficients * output[:, None, :]
    sold = flows.sum(axis=2) * ((bought * output).sum(axis=1) / flows.sum(axis=(1, 2)))[:, None]
    try:
        technical = ratio(biproportional(flows, sold, bought * output), output[:, None, :])
    except Unsolved as error:
        what = "sales of a sector to others do not balance with what they buy"
        raise Unsolved(what, error.where[:2], error.how_far) from error
    local = trade_coefficients(
        location_quotients(output, nation), size, np.atleast_1d(p.location_exponent)
    )
    pairs = supply_pairs(area)
    wanted = np.broadcast_to(lift(p.local_supply, 1), output.shape)
    local = localised(local, supply_share(local, technical, pairs), wanted, pairs)
    sales = (local * technical * output[:, None, :]).sum(axis=2)
    local = local * np.minimum(ratio(SOLD_AT_HOME * output, sales, 1.0), 1.0)[:, :, None]
    final = output - (local * technical * output[:, None, :]).sum(axis=2)
    return {
        "technical": technical, "local": local, "gross_output": output, "final_demand": final,
        "supply_share": supply_share(local, technical, pairs), "supply_pairs": pairs,
        "final_local_share": np.broadcast_to(at_home, output.shape),
    }  # fmt: skip


def supply_pairs(area: Area) -> Array:
    """(supplier, user) 1 where the local supply rate speaks of the purchase."""
    role = area.column("sectors", "local_supply")
    supplies, uses = np.isin(role, ("supplier", "both")), np.isin(role, ("user", "both"))
    return np.outer(supplies, uses).astype(float)


def supply_share(local: Array, technical: Array, pairs: Array) -> Array:
    """Share of parts bought inside the area, by user; zero for who is no user.

    Parameters
    ----------
    local, technical : (draw, sector, sector) [1]
    pairs : (sector, sector) [1]

    Returns
    -------
    (draw, sector) [share]
    """
    parts = technical * pairs
    return ratio((local * parts).sum(axis=1), parts.sum(axis=1))


# -- action ------------------------------------------------------------------------


def act(world: World, p: LinkageParams) -> None:
    """Demand against supply by sector; what a higher local supply rate adds and displaces."""
    fixed, area = world.fixed, world.area
    supply = world["output"] / world["utilisation"]
    grown = ratio(supply.sum(axis=2), fixed["base_value_added"], 1.0)
    whole = world["output"].sum(axis=(1, 2)) / fixed["base_value_added"].sum(axis=1)
    home = fixed["final_local_share"]
    final = fixed["final_demand"] * (home * whole[:, None] + (1 - home) * grown)
    usual = leontief(fixed["local"] * fixed["technical"], final, area.sectors, world.year)
    share, wanted = world["local_supply_rate"], wanted_share(world)
    demand, pairs = usual, fixed["supply_pairs"]
    if np.any(wanted != fixed["supply_share"]):
        local = localised(fixed["local"], fixed["supply_share"], wanted, pairs)
        demand = leontief(local * fixed["technical"], final, area.sectors, world.year)
        share = supply_share(local, fixed["technical"], pairs)
    world["local_supply_rate"] = share
    pressure = ratio(usual, fixed["gross_output"] * grown, 1.0)[:, :, None]
    extra = ratio(demand, usual, 1.0)[:, :, None] - 1
    response, one = lift(p.utilisation_response, 2), np.ones(supply.shape)
    before = utilisation(pressure, one[:, :, :1], response) * one
    world["utilisation"] = before
    if demand is not usual:
        sited = pressure * (1 + extra * user_access(world, pairs))
        world["utilisation"] = utilisation(sited, one, response)
    created = (supply * (world["utilisation"] - before)).sum(axis=(1, 2))
    ordered = (extra[:, :, 0] * pressure[:, :, 0] * supply.sum(axis=2)).sum(axis=1)
    world["supply_created"], world["supply_displaced"] = created, ordered - created
    world["input_cost"] = lift(p.localisation_cost, 1) * (share - fixed["supply_share"])


def wanted_share(world: World) -> Array:
    """(draw, sector) [share] local supply rate that policy aims at, by user."""
    output, base = world["output"], world.fixed["supply_share"]
    weight = ratio(output, output.sum(axis=2, keepdims=True))
    added = (weight * world["policy_local_supply"][:, None]).sum(axis=2)
    return np.where(base > 0, np.minimum(base + added, 1.0), base)


def user_access(world: World, pairs: Array) -> Array:
    """(draw, sector, zone) [1] access to users of parts; mean one over each sector's output."""
    users = world["output"][:, pairs.sum(axis=0) > 0].sum(axis=1)
    near = nearness(world["road_time"], world.params["productivity"].market_decay)
    access = np.matmul(near, users[:, :, None])[:, None, :, 0]
    output = world["output"]
    mean = ratio((output * access).sum(axis=2), output.sum(axis=2), 1.0)
    return ratio(np.broadcast_to(access, output.shape), mean[:, :, None], 1.0)


LINKAGES = Process(
    "linkages",
    reads=("road_time", "policy_local_supply"),
    remembers=("output", "utilisation", "local_supply_rate"),
    writes=(
        "utilisation",
        "local_supply_rate",
        "input_cost",
        "supply_created",
        "supply_displaced",
    ),
    act=act,
    params=LinkageParams,
    about="demand against supply; what is bought inside the area",
)
