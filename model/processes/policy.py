r"""Policies: from doses to channels, under a budget, with ceilings and displacement.

.. math::

    e_l(t) = dose_l\, f_l\, \delta_l\, \beta_l\, F_{lc}\, ramp(t - t_0 - delay_l), \qquad
    E_{Fk} = cap_{Fk}\,\bigl(1 - e^{-|\sum e_l| / cap_{Fk}}\bigr)\,\mathrm{sign}

A lever moves its channel and never an outcome. What a government cannot pay is not built:
:math:`F_{lc}` is the share of the cost so far that its city has paid. Works on networks take
effect when they open, programmes gradually, growth programmes and those that move the founding
and closing of firms while they last. Effects of a family :math:`F` on a channel :math:`k` saturate.
Part of what a treated zone gains in productivity or new firms is taken from the same sector
elsewhere.

Governance levers move the realised share and the delay of others, and borders: never an outcome. A
delay can only be cut while the work has not begun, and not into the past.
"""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array, lift
from model.catalogue import CHANNELS, GOVERNANCE
from model.contract import Process
from model.levers import Abreast, ActiveLever
from model.parameters import Params, par
from model.world import ratio, total

if TYPE_CHECKING:
    from model.world import World

WORKS = ("road_time", "transit_time", "market_access")
LASTING = ("productivity_growth", "investment")
RATES = ("entry", "exit", "ladder")
DISPLACING = ("productivity", "entry")


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
        doc="new bonds for the package over revenue, as far as the cap on debt leaves room",
        source="judgement: special bonds and railway shares of works", evidence="assumed",
    )  # fmt: skip
    land_budget_share: float = par(
        0.05, unit="share", prior="Beta(5, 95)", low=0, high=0.5,
        doc="share of last year's land sales that goes into the policy budget",
        source="judgement", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def phase(year: int, lever: ActiveLever | Abreast, delay: Array) -> Array:
    """How far a lever has come in its effect, in [0, 1], (draw,); of several (lever, draw).

    Works open ``ramp`` years after their start; growth programmes act while they last, and so do
    those on rates of founding and closing, rising over ``ramp`` years; others rise evenly over
    ``ramp`` years and stay. ``delay``, of the same shape [yr], shifts all of it.
    """
    since = year + 1 - lever.start - delay
    if lever.channel in WORKS:
        return np.clip(since - lever.ramp, 0.0, 1.0)
    if lever.channel in LASTING:
        return window(year, lever, delay)
    risen = np.clip(since / np.maximum(lever.ramp, 1.0), 0.0, 1.0)
    if lever.channel in RATES:
        return np.minimum(risen, window(year, lever, delay))
    return risen


def window(year: int, lever: ActiveLever | Abreast, delay: Array) -> Array:
    """Share of a year in which a lever is being carried out, (draw,) or (lever, draw)."""
    begins, ends = lever.start + delay, lever.end + 1 + delay
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


def rescheduled(held: Array, wished: Array, start: float, year: int) -> Array:
    """Delay of a lever under today's governance, where it has not begun.

    What has begun keeps its dates, and nothing can begin before the year at hand.

    Parameters
    ----------
    held, wished : (draw,) [yr]
        Delay so far, and as it would be under today's governance.
    start : float [yr]
        When the lever was planned to begin.
    year : int [yr]

    Returns
    -------
    (draw,) [yr]

    Examples
    --------
    >>> rescheduled(np.array([3.0, 3.0]), np.array([2.0, 2.5]), 2022.0, 2023).tolist()
    [2.0, 2.5]
    >>> rescheduled(np.array([3.0, 1.0]), np.array([0.5, 0.5]), 2022.0, 2024).tolist()
    [2.0, 1.0]
    """
    begun = year > start + held
    return np.where(begun, held, np.maximum(np.maximum(wished, 0.0), year - start))


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
    """Dates first, then costs and budgets, then every channel."""
    postpone(world)
    pay(world, p)
    for channel in (*GOVERNANCE, *(name for name in CHANNELS if name not in GOVERNANCE)):
        world[f"policy_{channel}"] = channel_total(world, p, channel)


def postpone(world: "World") -> None:
    """Delay of every lever, under the governance of the end of last year."""
    for lever in world.package.levers:
        held = world.late.get(lever.name, lever.delay)
        if lever.channel not in GOVERNANCE:
            # on time stays on time, as a plan carried out in full cannot be more than full
            wished = lever.delay + world["policy_delay"] * (lever.delay > 0)
            held = rescheduled(held, wished, lever.start, world.year)
        world.late[lever.name] = held


def pay(world: "World", p: PolicyParams) -> None:
    """What the package costs each government this year, and what it can pay."""
    draws, cities = len(world.draws), len(world.area.cities)
    costs: dict[str, Array] = {}
    for some in world.package.abreast.values():
        due = some.cost * some.share * window(world.year, some, late(world, some))
        costs |= {
            lever.name: row[:, None] * lever.cost_share
            for lever, row in zip(some.levers, due, strict=True)
        }
    cost = np.zeros((draws, cities))
    for lever in world.package.levers:
        cost += costs[lever.name]
    world["policy_cost"] = cost
    world["policy_budget"] = own_budget(world, p)
    share = world.decide(cost, means(world, p)) if world.package.capped else np.ones(cost.shape)
    world["policy_spending"] = cost * share
    world["realised_share"] = ratio(world["policy_spending"], cost, 1.0)
    for name, due in costs.items():
        world.paid[name] = world.paid.get(name, 0.0) + due * share
        world.due[name] = world.due.get(name, 0.0) + due


def own_budget(world: "World", p: PolicyParams) -> Array:
    """Policy budget out of last year's revenue and land sales, (draw, city) [1e8 yuan of 2020]."""
    sold = total(world["land_revenue"], world.area.in_city)
    from_land = sold * lift(p.land_budget_share, 1)
    return world["budget_revenue"] * lift(p.budget_share, 1) + from_land


def means(world: "World", p: PolicyParams) -> Array:
    """Most that each government can spend on the package, (draw, city) [1e8 yuan of 2020].

    Its policy budget, and bonds as far as the cap on its debt leaves room.
    """
    bonds = world["budget_revenue"] * lift(p.bond_share, 1)
    return world["policy_budget"] + np.minimum(bonds, world["borrowing_room"])


def late(world: "World", some: Abreast) -> Array:
    """Delay of each lever of a channel so far, (lever, draw) [yr]."""
    return np.stack([world.late[lever.name] for lever in some.levers])


def funded(world: "World", some: Abreast) -> Array:
    """Share of its cost so far that each city has paid of each lever, (lever, draw, city) [1]."""
    paid = np.stack([world.paid[lever.name] for lever in some.levers])
    return ratio(paid, np.stack([world.due[lever.name] for lever in some.levers]), 1.0)


def strength(world: "World", p: PolicyParams, some: Abreast) -> Array:
    """Effect of the levers of a channel before their place and funding, (lever, draw)."""
    share = some.share
    if some.channel not in GOVERNANCE:
        share = np.clip(share + world["policy_realisation"] * (share < 1), 0.0, 1.0)
    validity = np.where(some.discount, p.external_validity, 1.0)
    money = some.cost if some.channel == "investment" else 1.0
    done = phase(world.year, some, late(world, some))
    return some.effect * share * validity * money * done


def effect_of(lever: ActiveLever, value: Array, paid: Array, city: Array) -> Array:
    """Effect of a lever in the cells that it reaches, where it has been paid for, (draw, cell).

    ``value`` (draw,) is its strength, ``paid`` (draw, city) what has been paid of it, ``city``
    (zone,) the city of each zone.
    """
    effect = value[:, None] * lever.reach[1]
    dims = CHANNELS[lever.channel][0]
    if dims:
        zone, other = lever.ends
        here = paid[:, city[zone]]
        effect *= np.minimum(here, paid[:, city[other]]) if "to_zone" in dims else here
    return effect


def channel_total(world: "World", p: PolicyParams, channel: str) -> Array:
    """Sum over families of their saturated effects on one channel, less what is displaced.

    Only cells that a lever reaches are touched: most levers reach a few of thousands.
    """
    lengths = {"sector": len(world.area.sectors)}
    dims, draws = CHANNELS[channel][0], len(world.draws)
    shape = (draws, *(lengths.get(dim, len(world.area.zones)) for dim in dims))
    some = world.package.abreast.get(channel)
    if some is None:
        return np.zeros(shape)
    total_effect, taken = np.zeros((2, draws, math.prod(shape[1:])))
    values, paid, city = strength(world, p, some), funded(world, some), world.area.city_of_zone
    acting: Array = np.any(values, axis=1)
    for (family, displaces), (cells, members) in some.groups.items():
        summed = np.zeros((draws, len(cells)))
        for row, at in members:
            if acting[row]:
                summed[:, at] += effect_of(some.levers[row], values[row], paid[row], city)
        if not summed.any():
            continue
        effect = saturated(summed, world.package.ceilings[family, channel])
        total_effect[:, cells] += effect
        if displaces and channel in DISPLACING:
            taken[:, cells] += effect
    if np.any(taken):
        near, share = world.fixed["base_nearness"], np.asarray(p.displacement)
        lost = displaced(taken.reshape(shape), world["output"], near, share)
        total_effect -= lost.reshape(total_effect.shape)
    return total_effect.reshape(shape)


POLICY = Process(
    "policy",
    remembers=("budget_revenue", "borrowing_room", "land_revenue", "output", "policy_delay"),
    writes=(
        "policy_cost",
        "policy_budget",
        "policy_spending",
        "realised_share",
        *(f"policy_{channel}" for channel in CHANNELS),
    ),
    act=act,
    params=PolicyParams,
    about="levers to channels, under budgets, ceilings and displacement",
)
