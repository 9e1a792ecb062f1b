r"""Policies: from doses to channels, under a budget, with ceilings and displacement.

.. math::

    e_l(t) = dose_l\, f_l\, \delta_l\, \beta_l\, F_{lc}\, ramp(t - t_0 - delay_l), \qquad
    E_F = cap_F\,\bigl(1 - e^{-|\sum e_l| / cap_F}\bigr)\,\mathrm{sign}

A lever moves its channel and never an outcome. What a government cannot pay is not built:
:math:`F_{lc}` is the share of the cost so far that its city has paid. Works on networks take
effect when they open, programmes gradually, growth programmes while they last. Part of what a
treated zone gains in productivity is taken from the same sector elsewhere.

Governance levers move only the realised share and borders.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, lift
from model.catalogue import CHANNELS
from model.contract import Process
from model.levers import ActiveLever
from model.parameters import Params, par
from model.world import ratio

if TYPE_CHECKING:
    from model.world import World

WORKS = ("road_time", "transit_time", "market_access")
PAIRS = ("road_time", "transit_time", "border_opening")
SECTORAL = ("productivity", "productivity_growth", "user_cost", "entry", "exit")


@dataclass(frozen=True)
class PolicyParams(Params):
    """What stands between a plan and its effect."""

    external_validity: float = par(
        0.5, unit="share", prior="Beta(5, 5)", low=0, high=1, id="G07",
        doc="share of a published effect that carries over here",
        source="judgement; late zones are weaker (Wang 2013 JDE)", evidence="assumed",
    )  # fmt: skip
    displacement: float = par(
        0.35, unit="share", prior="Beta(3.5, 6.5)", low=0, high=1, id="G08",
        doc="share of a treated zone's gain drawn from other zones",
        source="judgement; births and deaths of firms dominate in Lu, Wang, Zhu 2019",
        evidence="assumed",
    )  # fmt: skip
    budget_share: float = par(
        0.05, unit="share", prior="Beta(5, 95)", low=0, high=0.5, id="G03",
        doc="policy budget over revenue", source="judgement", evidence="assumed",
    )  # fmt: skip
    bond_share: float = par(
        0.05, unit="share", prior="Beta(5, 95)", low=0, high=0.5,
        doc="new bonds for the package over revenue, while debt stays under its ceiling",
        source="judgement: special bonds and railway shares of works", evidence="assumed",
    )  # fmt: skip
    debt_ceiling: float = par(
        0.5, unit="share", prior="Uniform(0.3, 0.8)", low=0, high=5,
        doc="debt run up by the package over revenue at which bonds stop", source="judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def phase(year: int, lever: ActiveLever) -> Array:
    """How far a lever has come in its effect, in [0, 1], (draw,).

    Works open ``ramp`` years after their start; growth programmes act while they last; others
    rise evenly over ``ramp`` years. Delays shift all of it.
    """
    since = year + 1 - lever.start - lever.delay
    if lever.channel in WORKS:
        return np.clip(since - lever.ramp, 0.0, 1.0)
    if lever.channel in {"productivity_growth", "investment"}:
        return window(year, lever)
    return np.clip(since / max(lever.ramp, 1.0), 0.0, 1.0)


def window(year: int, lever: ActiveLever) -> Array:
    """Share of a year in which a lever is being carried out, (draw,)."""
    begins, ends = lever.start + lever.delay, lever.end + 1 + lever.delay
    return np.clip(np.minimum(year + 1, ends) - np.maximum(year, begins), 0.0, 1.0)


def saturated(total: Array, ceiling: float) -> Array:
    """Sum of effects with diminishing returns: never beyond the ceiling, sign kept.

    Parameters
    ----------
    total : (...) [any]
    ceiling : float [same]

    Returns
    -------
    (...) [same]

    Examples
    --------
    >>> saturated(np.array([0.0, -100.0, 0.001]), 0.5).round(6).tolist()
    [0.0, -0.5, 0.000999]
    """
    return np.sign(total) * ceiling * -np.expm1(-np.abs(total) / ceiling)


def displaced(gain: Array, output: Array, near: Array, share: Array) -> Array:
    """Productivity lost elsewhere in the sector when zones gain, so that part is only moved.

    Parameters
    ----------
    gain : (draw, sector, zone) [log]
    output : (draw, sector, zone) [1e8 yuan of 2020]
    near : (draw, zone, to_zone) [1]
        Nearness: zones with more of it lose more; the diagonal is ignored.
    share : (draw,) [1]

    Returns
    -------
    (draw, sector, zone) [log]
        Such that output-weighted losses are ``share`` times output-weighted gains.

    Examples
    --------
    >>> gain = np.array([[[0.1, 0.0]]]); output = np.array([[[10.0, 5.0]]])
    >>> displaced(gain, output, np.ones((1, 2, 2)), np.array([0.5])).round(6).tolist()
    [[[0.0, 0.1]]]
    """
    near = near * (1 - np.eye(near.shape[1]))
    around = np.matmul(output, near.transpose(0, 2, 1))
    per_unit = ratio(gain * output, around)
    return lift(share, 2) * np.matmul(per_unit, near) * (output > 0)


# -- action ------------------------------------------------------------------------


def act(world: "World", p: PolicyParams) -> None:
    """Costs and budgets first, then every channel."""
    pay(world, p)
    for channel, (dims, _, _) in CHANNELS.items():
        lengths = {"sector": len(world.area.sectors)}
        shape = tuple(lengths.get(dim, len(world.area.zones)) for dim in dims)
        world[f"policy_{channel}"] = np.zeros((len(world.draws), *shape))
    governance = channel_total(world, p, "realisation")
    world["policy_realisation"] = governance
    for channel in CHANNELS:
        if channel != "realisation":
            world[f"policy_{channel}"] = channel_total(world, p, channel)


def pay(world: "World", p: PolicyParams) -> None:
    """What the package costs each government this year, and what it can pay."""
    draws, cities = len(world.draws), len(world.area.cities)
    costs = {
        lever.name: (lever.cost * lever.share * window(world.year, lever))[:, None]
        * lever.cost_share
        for lever in world.package.levers
    }
    cost = sum(costs.values(), np.zeros((draws, cities)))
    revenue = world["budget_revenue"]
    free_of_debt = world["debt"] < lift(p.debt_ceiling, 1) * revenue
    world["policy_cost"] = cost
    world["policy_budget"] = revenue * lift(p.budget_share, 1)
    limit = world["policy_budget"] + revenue * lift(p.bond_share, 1) * free_of_debt
    share = world.decide(cost, limit) if world.package.capped else np.ones(cost.shape)
    world["policy_spending"] = cost * share
    for name, due in costs.items():
        world.paid[name] = world.paid.get(name, 0.0) + due * share
        world.due[name] = world.due.get(name, 0.0) + due


def funded(world: "World", lever: ActiveLever) -> Array:
    """Share of its cost so far that each zone's city has paid, (draw, zone) [1]."""
    due = world.due[lever.name]
    share = ratio(world.paid[lever.name], due, 1.0)
    return share[:, world.area.city_of_zone]


def strength(world: "World", p: PolicyParams, lever: ActiveLever) -> Array:
    """Effect of a lever before its place and funding, (draw,)."""
    share = lever.share
    if lever.channel != "realisation":
        share = np.clip(share + world["policy_realisation"] * (lever.share < 1), 0.0, 1.0)
    validity = np.asarray(p.external_validity) if lever.discount else 1.0
    money = lever.cost if lever.channel == "investment" else 1.0
    return lever.effect * share * validity * money * phase(world.year, lever)


def spread(world: "World", lever: ActiveLever, value: Array) -> Array:
    """Effect of a lever on the axes of its channel."""
    paid = funded(world, lever)
    if lever.channel == "realisation":
        return value
    if lever.channel in PAIRS:
        pairs = np.maximum(
            np.outer(lever.zones, lever.partners), np.outer(lever.partners, lever.zones)
        )
        both = np.minimum(paid[:, :, None], paid[:, None, :])
        return value[:, None, None] * pairs * both
    zones = lever.zones * paid
    if lever.channel == "investment":
        zones = zones * ratio(lever.zones, lever.zones.sum())
    if lever.channel in SECTORAL:
        return value[:, None, None] * lever.sectors[:, None] * zones[:, None, :]
    return value[:, None] * zones


def channel_total(world: "World", p: PolicyParams, channel: str) -> Array:
    """Sum over families of their saturated effects on one channel."""
    total = np.zeros(world[f"policy_{channel}"].shape)
    moving = [lever for lever in world.package.levers if lever.channel == channel]
    for family in sorted({lever.family for lever in moving}):
        for displaces in (False, True):
            group = [v for v in moving if v.family == family and v.displaces is displaces]
            if not group:
                continue
            summed = np.sum([spread(world, v, strength(world, p, v)) for v in group], axis=0)
            effect = saturated(summed, world.package.ceilings[family])
            total += effect
            if displaces and channel == "productivity":
                near, share = world.fixed["base_nearness"], np.asarray(p.displacement)
                total -= displaced(effect, world["output"], near, share)
    return total


POLICY = Process(
    "policy",
    remembers=("budget_revenue", "debt", "output"),
    writes=(
        "policy_cost",
        "policy_budget",
        "policy_spending",
        *(f"policy_{channel}" for channel in CHANNELS),
    ),
    act=act,
    params=PolicyParams,
    about="levers to channels, under budgets, ceilings and displacement",
)
