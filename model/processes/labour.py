r"""Work: wages, jobs on offer, and who works where.

.. math::

    \ln L^*_{kz} = \tfrac{1}{\alpha_k}\bigl[\ln(1-\alpha_k) + \ln A_{kz} + \ln p_k
        - \ln(w_z\,\omega_{kz})\bigr] + \ln K_{kz}, \qquad
    V_{kz} = L_{kz}\,e^{\lambda_L (\ln L^* - \ln L)}, \qquad
    w_c \propto y_c\,u_c^{-0.07}

with :math:`y_c` output per worker outside farming, where wages are paid. Members of the labour
force attach to a workplace by the commuting logit and are hired there by the matching function;
where they are fewer than posts, surplus farm workers leave first (:mod:`model.processes.farming`).
Nobody works without a job and no job is filled without a worker, so jobs, workers and commuters
are one account.

Jobs on offer are concave in jobs held, output in jobs: where firms are drawn one by one, luck
makes both a little lower on average than in expectation (Jensen's inequality), by one part in the
number of firms. After fifteen years jobs of mining and manufacturing are 0.3 percent lower, output
0.1 (``tests/science/test_firm_bias.py``). With the tangent in the place of the curve of jobs on
offer the jobs are not lower at all, and output is by a third as much.

Sources: labour demand from the production function; wage curve of
Blanchflower and Oswald (1994).
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, contiguous, lift, ratio, total
from model.contract import Process
from model.parameters import Params, par
from model.population import Work, WorkTable
from model.processes.commuting import offered_scale
from model.processes.farming import filled, is_farming, pay_elsewhere, surplus
from model.processes.workplaces import settled
from model.world import World


@dataclass(frozen=True)
class LabourParams(Params):
    """Speeds of adjustment and the wage curve."""

    adjustment: float = par(
        0.40, unit="1/yr", prior="Beta(8, 12)", low=0.01, high=1, id="L04",
        doc="share of the gap between wanted and present jobs closed in a year",
        source="quarterly and annual adjustment literature", evidence="recalled",
    )  # fmt: skip
    wage_curve: float = par(
        -0.07, unit="1", prior="Normal(-0.07, 0.03) on [-0.25, -0.01]", low=-0.3, high=0, id="L02",
        doc="elasticity of wages to unemployment",
        source="Blanchflower and Oswald 1994: -0.1; China lower", evidence="recalled",
    )  # fmt: skip
    wage_adjustment: float = par(
        0.5, unit="1/yr", prior="Beta(10, 10)", low=0.01, high=1,
        doc="share of the gap between wages and the wage curve closed in a year",
        source="judgement: contracts and minimum wages are reviewed every other year",
        evidence="assumed",
    )  # fmt: skip
    registered_share: float = par(
        0.55, unit="share", prior="Normal(0.55, 0.08) on [0.2, 1]", low=0, high=1,
        doc="registered over surveyed unemployment",
        source="judgement: about 3 % registered beside 5 % surveyed", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def wanted_jobs(
    productivity: Array, capital: Array, labour_share: Array, unit_cost: Array
) -> Array:
    """Jobs at which the marginal product of labour equals its cost.

    Parameters
    ----------
    productivity : (draw, sector, zone) [log]
    capital : (draw, sector, zone) [1e8 yuan of 2020]
    labour_share : (draw, sector, 1) [1]
    unit_cost : (draw, sector, zone) [1e8 yuan of 2020]
        Wage times wedge, a year and job, over the price of the sector.

    Returns
    -------
    (draw, sector, zone) [persons]
        Zero where there is no capital: a sector that is not there stays away.

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(wanted_jobs(one * 0, one * 4, np.full((1, 1), 0.5), one * 0.5)[0, 0, 0])
    4.0
    """
    there = capital > 0
    cost = np.where(there, unit_cost, 1.0)
    log_ratio = (np.log(labour_share) + productivity - np.log(cost)) / (1 - labour_share)
    return np.where(there, capital * np.exp(np.where(there, log_ratio, 0.0)), 0.0)


def offers(jobs: Array, wanted: Array, speed: Array) -> Array:
    """Jobs on offer: present jobs moved towards wanted ones, part of the way in logs.

    Examples
    --------
    >>> float(offers(np.array([100.0]), np.array([400.0]), np.array([0.5]))[0].round(9))
    200.0
    """
    there = (jobs > 0) & (wanted > 0)
    gap = np.log(np.where(there, wanted, 1.0)) - np.log(np.where(there, jobs, 1.0))
    return np.where(there, jobs * np.exp(speed * gap), 0.0)


def curve_wage(base: Array, productivity: Array, unemployment: Array, slope: Array) -> Array:
    """Wage from output per worker and unemployment, both relative to the base year.

    Examples
    --------
    >>> one = np.ones(1)
    >>> curve_wage(one * 100, one * 1.1, one, one * -0.07).round(9).tolist()
    [110.0]
    """
    return base * productivity * np.maximum(unemployment, 1e-6) ** slope


# -- action ------------------------------------------------------------------------


def output_per_worker(world: World) -> Array:
    """(draw, city) [1e8 yuan of 2020] output per worker outside farming; zero where there is none.

    Wages are paid there: people who leave farms do not make those who stay elsewhere dearer.
    """
    paid, city = ~is_farming(world.area), world.area.in_city
    jobs = total(world["expected_jobs"][:, paid].sum(axis=1), city)
    return ratio(total(world["output_value"][:, paid].sum(axis=1), city), jobs)


def act_wages(world: World, p: LabourParams) -> None:
    """Wages move part of the way to the curve of the city's output per worker and slack."""
    city, fixed = world.area.in_city, world.fixed
    jobs = total(world["expected_jobs"].sum(axis=1), city)
    relative = ratio(output_per_worker(world), fixed["base_output_per_worker"], 1.0)
    # Where nothing is made any more, nothing says what a worker is worth: the usual stands.
    relative = np.where(relative > 0, relative, 1.0)
    slack = ratio(
        total(world["workplace_unemployment"] * world["expected_jobs"].sum(axis=1), city), jobs
    )
    usual = lift(world.params["matching"].base_unemployment, 1)
    # Nor what it is to look for work where there is none.
    slack = np.where(jobs > 0, ratio(slack, usual, 1.0), 1.0)
    by_zone = world.area.city_of_zone
    curve = curve_wage(
        fixed["base_wage"], relative[:, by_zone], slack[:, by_zone], lift(p.wage_curve, 1)
    )
    speed = lift(p.wage_adjustment, 1)
    world["wage"] = world["wage"] ** (1 - speed) * curve**speed


def jobs_at(world: World, unit_cost: Array, sectors: "Array | slice") -> Array:
    """Jobs that would pay in some sectors at a cost [1e8 yuan] of a job and year."""
    return wanted_jobs(
        world["effective_productivity"][:, sectors],
        world["capital"][:, sectors],
        world.fixed["labour_share"][:, sectors],
        unit_cost / world["sector_price"][:, sectors, None],
    )


def unit_cost_of(world: World) -> Array:
    """(draw, sector, zone) [1e8 yuan of 2020] what a job costs a year: wage times wedge."""
    return world.fixed["wage_wedge"] * world["wage"][:, None] / 1e8


def act_demand(world: World, p: LabourParams) -> None:
    """Jobs that employers want to offer: those they hold moved towards the profitable ones."""
    wanted = jobs_at(world, unit_cost_of(world), slice(None))
    # What luck made of firms last year is where their jobs start from.
    held = world["expected_jobs"] * ratio(world["firm_jobs"], world["posts"])
    world["labour_demand"] = offers(held, wanted, lift(p.adjustment, 2))


def spare_farm_work(world: World) -> Array:
    """(draw, sector, zone) [persons] farm posts whose holders would leave for other work."""
    farming, outside = is_farming(world.area), world.params["farming"].outside_pay
    posts, spare = world["posts"], np.zeros(world["posts"].shape)
    elsewhere = pay_elsewhere(unit_cost_of(world), posts, farming)
    worthwhile = jobs_at(world, elsewhere * lift(outside, 2), farming)
    looking = np.asarray(world.params["commuting"].rematching)
    spare[:, farming] = surplus(posts[:, farming], worthwhile, looking)
    return spare


def act_labour(world: World, p: LabourParams) -> None:
    """Workplace choice and hiring as one fixed point; people take up work."""
    fixed, travel = world.fixed, world.params["commuting"]
    posts = world["posts"]
    at_work = posts.sum(axis=1)
    wage = world["wage"] / fixed["base_wage"]
    scale = offered_scale(fixed["workplace_scale"], at_work, fixed["base_jobs"], wage, travel)
    found = settled(world, at_work, scale)
    turned = found.slowdown - world["slowdown"]
    workers = found.seeking * found.hiring
    world["expected_jobs"] = filled(posts, workers, spare_farm_work(world))
    sector = ratio(world["expected_jobs"], workers[:, None]).transpose(0, 2, 1)
    world["workplace_unemployment"] = 1 - found.hiring
    world["slowdown"], world["commuting_cost"] = found.slowdown, found.cost
    world["workplace_shares"], world["mode_shares"] = found.workplace, found.modes
    world["settled_supply"] = world["labour_supply"]
    table = WorkTable(
        world["participation_odds"], fixed["participation_shift"], world["labour_supply"],
        found.workplace, sector, found.modes,
    )  # fmt: skip
    record_work(world, world.population.work(table), turned)
    world["income_access"] = ratio(found.access, fixed["base_access"], 1.0) ** (
        1 / lift(travel.dispersion, 1)
    )


def record_work(world: World, work: Work, turned: Array) -> None:
    """Write what came of the year's work, as counted by the population.

    ``turned`` (draw, zone) [1] is how much slower streets became in this year's traffic.
    """
    from model.kernels.tallies import tallies, tallies_of_shares

    world["labour_force"], world["commuters"], world["jobs"] = (
        work.labour_force,
        work.commuters,
        work.jobs,
    )
    own = np.diagonal(work.commuters, axis1=1, axis2=2)
    employed = work.commuters.sum(axis=2)
    world["employed_residents"] = employed
    world["commuters_out"] = employed - own
    world["commuters_in"] = work.commuters.sum(axis=1) - own
    world["unemployment_rate"] = ratio(work.labour_force - employed, work.labour_force)
    registered = lift(world.params["labour"].registered_share, 1)
    world["registered_unemployment"] = world["unemployment_rate"] * registered
    spread = np.broadcast_to(world.params["commuting"].time_spread, len(employed))
    ways = contiguous(
        world["mode_time"], world["road_time"], world["street_time"], turned,
        world.fixed["road_distance"], spread,
    )  # fmt: skip
    if work.by_mode is None:
        flows, sums, by_mode = tallies_of_shares(
            *contiguous(work.commuters, world["mode_shares"]), *ways
        )
    else:
        flows = work.by_mode
        sums, by_mode = tallies(flows, *ways)
    world["commuters_by_pair_and_mode"], world["commuters_by_mode"] = flows, by_mode
    names = ("mean_commute", "commute_distance", "commutes_within_45", "commutes_beyond_60")
    for index, name in enumerate(names):
        world[name] = ratio(sums[..., index], employed)


WAGES = Process(
    "wages",
    remembers=("expected_jobs", "output_value", "workplace_unemployment", "wage"),
    writes=("wage",),
    act=act_wages,
    params=LabourParams,
    about="wage curve on last year's output per worker and unemployment",
)
DEMAND = Process(
    "labour demand",
    reads=("effective_productivity", "capital", "sector_price", "wage"),
    remembers=("expected_jobs", "firm_jobs", "posts"),
    writes=("labour_demand",),
    act=act_demand,
    params=LabourParams,
    about="jobs wanted from marginal products; part of the gap is closed",
)
LABOUR = Process(
    "labour",
    reads=(
        "posts",
        "wage",
        "effective_productivity",
        "capital",
        "sector_price",
        "participation_odds",
        "labour_supply",
        "mode_cost",
        "mode_time",
        "street_time",
        "road_time",
        "policy_border_opening",
    ),
    remembers=(
        "workplace_unemployment",
        "workplace_shares",
        "mode_shares",
        "settled_supply",
        "slowdown",
        "population",
    ),
    writes=(
        "expected_jobs",
        "workplace_unemployment",
        "labour_force",
        "commuters",
        "jobs",
        "employed_residents",
        "commuters_out",
        "commuters_in",
        "unemployment_rate",
        "registered_unemployment",
        "commuters_by_pair_and_mode",
        "commuters_by_mode",
        "mean_commute",
        "commute_distance",
        "commutes_within_45",
        "commutes_beyond_60",
        "slowdown",
        "commuting_cost",
        "workplace_shares",
        "mode_shares",
        "settled_supply",
        "income_access",
    ),
    act=act_labour,
    params=LabourParams,
    about="choice of workplace and mode, hiring, congestion as one fixed point; farms let go first",
)
