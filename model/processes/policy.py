r"""Policies: from doses to channels, under a budget, with ceilings and displacement.

.. math::

    e_l(t) = dose_l\, f_l\, \delta_l\, \beta_l\, F_{lc}\, ramp(t - t_0 - delay_l), \qquad
    E_{Fk} = cap_{Fk}\,\bigl(1 - e^{-|\sum e_l| / cap_{Fk}}\bigr)\,\mathrm{sign}

A lever moves its channel and never an outcome. What a government cannot pay is not built:
:math:`F_{lc}` is the share of the cost so far that its city has paid, of money invested that of
the year. Works on networks take
effect when they open, programmes gradually, growth programmes and those that move the founding
and closing of firms while they last. Effects of a family :math:`F` on a channel :math:`k` saturate.
Part of what a treated zone gains in productivity or new firms is taken from the same sector
elsewhere.

Governance levers move the realised share and the delay of others, from the next year on, and
borders: never an outcome. More that comes about costs more. A delay can only be cut while the work
has not begun, and not into the past.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.assumed_odds import by_name
from model.axes import Array, contiguous, lift, ratio, total
from model.catalogue import CHANNELS
from model.contract import Process
from model.lever_arrays import Abreast, ActiveLever
from model.levers import family_names
from model.parameters import Params, par
from model.world import World


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
    opened = np.clip(since - lever.ramp, 0.0, 1.0)
    risen = np.clip(since / np.maximum(lever.ramp, 1.0), 0.0, 1.0)
    lasts = window(year, lever, delay)
    brief = np.where(lever.rates, np.minimum(risen, lasts), risen)
    return np.where(lever.works, opened, np.where(lever.lasting, lasts, brief))


def window(year: int, lever: ActiveLever | Abreast, delay: Array) -> Array:
    """Share of a year in which a lever is being carried out, (draw,) or (lever, draw)."""
    begins, ends = lever.start + delay, lever.end + 1 + delay
    return np.clip(np.minimum(year + 1, ends) - np.maximum(year, begins), 0.0, 1.0)


def rescheduled(held: Array, wished: Array, start: float | Array, year: int) -> Array:
    """Delay of a lever under today's governance, where it has not begun.

    What has begun keeps its dates, and nothing can begin before the year at hand.

    Parameters
    ----------
    held, wished : (..., draw) [yr]
        Delay so far, and as it would be under today's governance.
    start : float or (..., 1) [yr]
        When the lever was planned to begin.
    year : int [yr]

    Returns
    -------
    (..., draw) [yr]

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
    from model.kernels.levers import displace

    lost = np.zeros(gain.shape)
    near, each = contiguous(near, np.broadcast_to(share, len(gain)))
    displace(gain, output, near, each, lost)
    return lost


# -- action ------------------------------------------------------------------------


def act(world: World, p: PolicyParams) -> None:
    """Dates first, then costs and budgets, then every channel."""
    found: dict[str, Array] = {}
    if world.package.levers:
        postpone(world)
        share = carried_out(world)
        due = bill(world, share)
        paid = pay(world, p, due.sum(axis=0))
        book(world, due, paid)
        found = effects(world, p, share, paid)
    else:
        pay(world, p, np.zeros((len(world.draws), len(world.area.cities))))
    for channel in CHANNELS:
        effect = found.get(channel)
        if effect is None:
            effect = nothing(channel_shape(world, channel))
        world[f"policy_{channel}"] = effect


def postpone(world: World) -> None:
    """Delay of every lever, under the governance of the end of last year."""
    some = world.package.abreast
    held = world.ledger.get("late", some.delay)
    # on time stays on time, as a plan carried out in full cannot be more than full
    wished = some.delay + world["policy_delay"] * (some.delay > 0)
    late = rescheduled(held, wished, some.start, world.year)
    late[: some.governing] = held[: some.governing]
    world.ledger["late"] = late


def carried_out(world: World) -> Array:
    """Share of every lever that comes about, under the governance of the end of last year.

    (lever, draw) [1]. What is carried out in full cannot be more than full, and governance does not
    lift itself.
    """
    some = world.package.abreast
    share = some.share + world["policy_realisation"] * (some.share < 1)
    share[: some.governing] = some.share[: some.governing]
    return np.clip(share, 0.0, 1.0)


def bill(world: World, share: Array) -> Array:
    """Cost of every lever to each government this year, (lever, draw, city) [1e8 yuan of 2020].

    ``share`` (lever, draw) is carried out: what good governance adds is paid as well.
    """
    some = world.package.abreast
    due = some.cost * share * window(world.year, some, world.ledger["late"])
    return due[:, :, None] * some.cost_share[:, None]


def pay(world: World, p: PolicyParams, cost: Array) -> Array:
    """Share of a cost that each government can pay this year, (draw, city) [1]."""
    world["policy_cost"] = cost
    world["policy_budget"] = own_budget(world, p)
    share = world.decide(cost, means(world, p)) if world.package.capped else np.ones(cost.shape)
    world["policy_spending"] = cost * share
    world["realised_share"] = ratio(world["policy_spending"], cost, 1.0)
    return share


def book(world: World, due: Array, share: Array) -> None:
    """Add this year's bill and the share of it that is paid to what there was before."""
    world.ledger["paid"] = world.ledger.get("paid", 0.0) + due * share
    world.ledger["due"] = world.ledger.get("due", 0.0) + due


def own_budget(world: World, p: PolicyParams) -> Array:
    """Policy budget out of last year's revenue and land sales, (draw, city) [1e8 yuan of 2020]."""
    sold = total(world["land_revenue"], world.area.in_city)
    from_land = sold * lift(p.land_budget_share, 1)
    return world["budget_revenue"] * lift(p.budget_share, 1) + from_land


def means(world: World, p: PolicyParams) -> Array:
    """Most that each government can spend on the package, (draw, city) [1e8 yuan of 2020].

    Its policy budget, and bonds as far as they keep its debt under the cap over the receipts it
    knows when it decides: revenue and transfers of last year, and the land sold in it. Where
    receipts of the year turn out lower, :func:`model.processes.fiscal.close_books` has the rule.
    """
    sold = total(world["land_revenue"], world.area.in_city)
    receipts = world["budget_revenue"] + world["transfers"] + sold
    ceiling = lift(world.params["fiscal"].debt_cap, 1) * receipts
    bonds = world["budget_revenue"] * lift(p.bond_share, 1)
    return world["policy_budget"] + np.clip(ceiling - world["debt"], 0.0, bonds)


def paid_for(world: World, share: Array) -> Array:
    """Share of its cost so far that each city has paid of each lever, (lever, draw, city) [1].

    Of money invested the ``share`` (draw, city) [1] paid this year: what was paid before has been
    invested before. The last of the cities is nobody, whose share is always paid.
    """
    paid, due = world.ledger["paid"], world.ledger["due"]
    funded = np.ones((*due.shape[:2], due.shape[2] + 1))
    invests = world.package.abreast.invests[:, :, None]
    funded[:, :, :-1] = np.where(invests, share, ratio(paid, due, 1.0))
    return funded


def strength(world: World, p: PolicyParams, share: Array) -> Array:
    """Effect of every lever before its place and funding, (lever, draw)."""
    some = world.package.abreast
    validity = np.where(some.discount, p.external_validity, 1.0)
    done = phase(world.year, some, world.ledger["late"])
    return some.effect * share * validity * done


def effects(world: World, p: PolicyParams, share: Array, paid: Array) -> dict[str, Array]:
    """Effect on every channel that has a lever.

    ``share`` (lever, draw) [1] is carried out, ``paid`` (draw, city) [1] the share of this year's
    bill that is paid.
    """
    funded = paid_for(world, paid)
    factor = by_name(world, "ceiling_factor", family_names(world.area))
    values = strength(world, p, share)
    channels = [name for name in CHANNELS if world.package.reach(name, world.area) is not None]
    return {name: channel_total(world, p, name, values, funded, factor) for name in channels}


def channel_total(
    world: World, p: PolicyParams, channel: str, values: Array, funded: Array, factor: Array
) -> Array:
    """Sum over families of their saturated effects on one channel, less what is displaced.

    ``values`` (lever, draw) are strengths, ``funded`` (lever, draw, city) what is paid for,
    ``factor`` (draw, family) what multiplies the ceilings.
    """
    from model.kernels.levers import combine

    reach = world.package.reach(channel, world.area)
    assert reach is not None
    by_kind, taken = np.empty((2, len(world.draws), len(reach.first) - 1))
    combine(
        values, funded, reach.first, reach.row, reach.part, reach.here, reach.there,
        reach.group, reach.ceiling, reach.family, reach.displaces, factor, by_kind, taken,
    )  # fmt: skip
    shape = channel_shape(world, channel)
    found = np.take(by_kind, reach.kind, axis=1).reshape(shape)
    if np.any(taken):
        gain = np.take(taken, reach.kind, axis=1).reshape(shape)
        near, share = world.fixed["base_nearness"], np.asarray(p.displacement)
        found -= displaced(gain, world["output"], near, share)
    return found


@lru_cache(maxsize=64)
def nothing(shape: tuple[int, ...]) -> Array:
    """Zeros, shared by all channels of a shape on which no lever acts; not to be written to."""
    return np.zeros(shape)


def channel_shape(world: World, channel: str) -> tuple[int, ...]:
    """Shape of a channel, (draw, ...)."""
    lengths = {"sector": len(world.area.sectors)}
    dims = (lengths.get(dim, len(world.area.zones)) for dim in CHANNELS[channel][0])
    return (len(world.draws), *dims)


POLICY = Process(
    "policy",
    remembers=(
        "budget_revenue",
        "debt",
        "land_revenue",
        "output",
        "policy_delay",
        "policy_realisation",
        "transfers",
    ),
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
