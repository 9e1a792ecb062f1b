r"""Firms: siting, relocation, exit, growth and entry, tied to the jobs that employers want.

Year by year: some private firms move house; the labour demand of the year (last year's jobs
moved towards those wanted, :mod:`model.processes.labour`) sets how fast the firms of a sector
and zone are to grow; exits, size steps and entries are chosen so that their expected jobs are
that demand exactly; firms then live their year. System dynamics sets the drift, firms supply the
dispersion: what luck makes of the jobs of a cell is next year's starting point.

The posts that workers compete for are the expected jobs, not the drawn ones, so that prices
within the year rest on expectations in both engines. In the mean engine firms hold exactly the
posts (checked by the accounts); in the agent engine they do so on average. A firm's jobs are its
class mean times the mean size of its cell, fixed in the base year so that firms hold the jobs of
that year exactly (assumed: no sizes by zone are published). A cell that luck has emptied offers
what movers and entrants are expected to bring.

A year of agents is exact on average, given how firms stand when it begins: steps are found before
anybody moves house, from where firms are expected to be then. Over years steps and entries answer
to luck and are not linear in it: after fifteen, establishments of the agent engine are 0.2 percent
fewer than expected; with steps and entries as on the expected path they are not.
"""

import numpy as np

from model.axes import Array, ratio, total
from model.contract import Process
from model.firms import (
    CLASS_MEANS,
    ExitTable,
    Renewal,
    RenewalTable,
    SiteTable,
    Tally,
)
from model.problems import RunError
from model.processes.firm_dynamics import (
    FirmParams,
    Steps,
    exit_factor,
    exit_hazards,
    mobilities,
    power_law,
    steps_to,
)
from model.processes.firm_siting import (
    attraction_of,
    expected_entries,
    leaving_chance,
    site_shares,
)
from model.processes.ladder import status_changes
from model.world import World

# -- equations ---------------------------------------------------------------------


def wanted_growth(demand: Array, jobs: Array) -> Array:
    """Log growth that firms are asked for; zero where there is nothing to grow.

    Parameters
    ----------
    demand, jobs : (draw, sector, zone) [persons]

    Returns
    -------
    (draw, sector, zone) [log]

    Examples
    --------
    >>> wanted_growth(np.array([110.0, 5.0]), np.array([100.0, 0.0])).round(4).tolist()
    [0.0953, 0.0]
    """
    there = (demand > 0) & (jobs > 0)
    return np.log(np.where(there, demand, 1.0)) - np.log(np.where(there, jobs, 1.0))


def on_or_above(rungs: Array) -> Array:
    """Firms on each rung or above, from those on each rung and no higher.

    Parameters
    ----------
    rungs : (draw, stage, city) [establishments]

    Returns
    -------
    (draw, stage, city) [establishments]

    Examples
    --------
    >>> on_or_above(np.array([[[5.0], [2.0], [1.0]]]))[0, :, 0].tolist()
    [8.0, 3.0, 1.0]
    """
    return np.cumsum(rungs[:, ::-1], axis=1)[:, ::-1]


# -- action ------------------------------------------------------------------------


def act(world: World, p: FirmParams) -> None:
    """Sites, then the steps that give the jobs wanted, then the year of every firm."""
    entering, moves = settle(world, p)
    demand = refuse_nonsense(world)
    growth = wanted_growth(demand, world["firm_jobs"])
    exits = ExitTable(
        exit_hazards(p), exit_factor(growth, world["policy_exit"], np.asarray(p.exit_growth))
    )
    mobility = mobilities(p)
    tally = world.firms.tally(exits, mobility)
    table, posts = renewal_of(world, p, exits, mobility, tally, entering)
    world["posts"] = posts
    record(world, moves, world.firms.renew(table))


def settle(world: World, p: FirmParams) -> tuple[Array, tuple[Array, Array]]:
    """Relocation; answers expected entrants by cell, and who moved out and in."""
    site, weight = world.params["siting"], world.fixed["site_weight"]
    attraction, policy = attraction_of(world, site), world["policy_entry"]
    share = site_shares(attraction, weight)
    pull = site_shares(attraction + policy, weight) if policy.any() else share
    moves = world.firms.relocate(SiteTable(leaving_chance(pull, site), pull))
    return expected_entries(world["firms"], share, policy, np.asarray(p.entry_rate)), moves


def refuse_nonsense(world: World) -> Array:
    """Labour demand of the year, checked.

    Raises
    ------
    RunError
        Names sector, zone, year and value of a demand that is negative or not a number, with the
        wage that it answers.
    """
    demand = world["labour_demand"]
    wrong = ~(np.isfinite(demand) & (demand >= 0))
    if wrong.any():
        draw, sector, zone = np.argwhere(wrong)[0]
        place = f"{world.area.sectors[sector]}, {world.area.zones[zone]}"
        value = demand[draw, sector, zone]
        paid = f"at a wage of {world['wage'][draw, zone]:g}"
        raise RunError(f"firms: jobs wanted in {place}, {world.year}, are {value:g} {paid}")
    return demand


def renewal_of(
    world: World, p: FirmParams, exits: ExitTable, mobility: Array, tally: Tally, entering: Array
) -> tuple[RenewalTable, Array]:
    """Table of the year with which expected jobs are the posts, and those posts."""
    sizes = power_law(np.asarray(p.entrant_exponent), np.asarray(p.least_size))
    per_entrant = (sizes * CLASS_MEANS).sum(axis=1)[:, None, None] * tally.mean_size
    bring = entering * per_entrant
    # Where there was no job there is no drift: what moves in and enters is all.
    led = world["firm_jobs"] > 0
    posts = np.where(led, world["labour_demand"], tally.jobs + bring)
    steps: Steps = steps_to(posts, tally, bring, np.asarray(p.fall), 1 / mobility.max(axis=1))
    change = status_changes(
        np.asarray(p.maturing),
        np.asarray(p.ownership_reform),
        world["policy_ladder"],
        world.params["ladder"],
    )
    table = RenewalTable(
        exits, steps.closing, mobility, steps.up, steps.down, change,
        ratio(steps.entry, per_entrant), sizes, np.atleast_1d(p.state_entry),
    )  # fmt: skip
    return table, posts


def record(world: World, moves: tuple[Array, Array], flows: Renewal) -> None:
    """Write what came of the year's firms."""
    world["firm_departures"], world["firm_arrivals"] = (move.sum(axis=1) for move in moves)
    world["firm_entries"], world["firm_exits"] = flows.entries, flows.exits
    world["jobs_created"], world["jobs_destroyed"] = flows.created, flows.destroyed
    record_stock(world)


def record_stock(world: World) -> None:
    """Write how many firms there are, and which."""
    census = world.firms.census()
    world["firms"], world["firm_jobs"] = census.firms, census.jobs
    world["state_job_share"] = ratio(census.state_jobs, census.jobs)
    world["firms_by_size"] = census.sizes.transpose(0, 2, 1)
    rungs = on_or_above(total(census.rungs, world.area.in_city))
    world["technology_firms"] = rungs.transpose(0, 2, 1)


FIRMS = Process(
    "firms",
    reads=(
        "labour_demand",
        "own_density",
        "policy_entry",
        "policy_exit",
        "policy_ladder",
        "policy_market_access",
        "road_time",
        "wage",
    ),
    remembers=("firm_jobs", "firms", "land_price", "output"),
    writes=(
        "posts",
        "firms",
        "firm_jobs",
        "firms_by_size",
        "technology_firms",
        "state_job_share",
        "firm_entries",
        "firm_exits",
        "firm_departures",
        "firm_arrivals",
        "jobs_created",
        "jobs_destroyed",
    ),
    act=act,
    params=FirmParams,
    about="relocation, exit, size steps, entry: expected jobs are the demand exactly",
)
