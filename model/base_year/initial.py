"""The base year: inverting what cannot be seen from what can, so that the year is reproduced.

Order: travel times, jobs by workplace, who commutes where, production, budgets, migration.
Every fixed effect ends in ``world.fixed``; every variable that the first year remembers ends
in ``world.state``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from model import assumed_odds
from model.area import Area
from model.axes import (
    AGES,
    EDUCATION,
    HUKOU,
    MODES,
    SEXES,
    Array,
    contiguous,
    lift,
    ratio,
    total,
    worst_of,
)
from model.base_year import baseline, initial_people, initial_stocks, workplace_jobs
from model.base_year.branches import base_employment
from model.base_year.firm_base import base_firms
from model.catalogue import CATALOGUE, CHANNELS
from model.firms import CLASSES, STAGES
from model.network import NEVER
from model.parameters import Params
from model.population import WorkTable
from model.problems import Unsolved
from model.processes import (
    accessibility,
    commuting,
    congestion,
    firm_siting,
    households,
    human_capital,
    industry,
    labour,
    linkages,
    modes,
    participation,
    policy,
    productivity,
    reach,
)
from model.processes.journeys import CAR
from model.processes.nearness import nearness
from model.world import World

ROUNDS = 12


def begin(world: World) -> None:
    """Set up the base year of a world: fixed effects and last-year values."""
    world.year = world.area.base_year
    begin_economy(world)
    with told(world):
        initial_people.begin(world)
    initial_stocks.housing(world)
    _governments(world)
    initial_stocks.energy(world)
    initial_people.begin_migration(world)
    _firms(world)


def begin_economy(world: World) -> None:
    """Work, production and research: all that a run of the economy with known people needs."""
    world.year = world.area.base_year
    for channel in CHANNELS:
        dims = CATALOGUE[f"policy_{channel}"].dims
        world[f"policy_{channel}"] = np.zeros(shape(world, dims))
    initial_people.head_count(world)
    _places(world)
    _work(world)
    _production(world)
    _linkages(world)
    initial_stocks.research(world)


def shape(world: World, dims: tuple[str, ...]) -> tuple[int, ...]:
    """Lengths of a variable's axes, the leading draw included."""
    return (len(world.draws), *shape_of(world.area, dims))


def shape_of(area: Area, dims: tuple[str, ...]) -> tuple[int, ...]:
    """Lengths of the axes of a variable in one draw."""
    lengths = {
        "zone": len(area.zones), "to_zone": len(area.zones), "place": len(area.places),
        "region": len(area.regions), "city": len(area.cities), "sector": len(area.sectors),
        "sex": len(SEXES), "age": len(AGES), "hukou": len(HUKOU), "education": len(EDUCATION),
        "members": households.SIZES, "seat": len(area.cities) + len(area.regions),
        "mode": len(MODES), "size_class": CLASSES, "stage": len(STAGES),
    }  # fmt: skip
    return tuple(lengths[dim] for dim in dims)


@contextmanager
def told(world: World, *axes: Sequence[str]) -> Iterator[None]:
    """What cannot be solved inside, told with the year, the draw and names along further axes."""
    try:
        yield
    except Unsolved as error:
        raise error.named(world.year, [f"draw {d}" for d in world.draws], *axes) from error


def _places(world: World) -> None:
    p = world.params["accessibility"]
    world.fixed["road_distance"] = accessibility.road_distances(world, p)
    wage = baseline.base_wage(world.area)
    world.fixed["base_wage"] = wage
    world["wage"] = np.broadcast_to(wage, (len(world.draws), len(wage))).copy()
    world["slowdown"] = np.ones(world["wage"].shape)
    kinds, cities = world.area.column("zones", "kind"), world.area.city_of_zone
    at_core = cities == cities[world.area.core]
    world.fixed["base_delay"] = congestion.base_delay(kinds, at_core, world.assumed)
    # Networks of the base year: lines opened up to its end.
    world.year += 1
    accessibility.act(world, p)
    world.year -= 1


def _work(world: World) -> None:
    """Jobs by workplace, labour force, commuting: margins met exactly."""
    area, p = world.area, world.params["matching"]
    slack = lift(p.base_unemployment, 1)
    with told(world, area.sectors, area.zones):
        workers = base_employment(area, world.assumed, relative_productivity(world))
        jobs = workplace_jobs.base_jobs(area, workers, world.assumed)
    resident = baseline.employed_residents(area, area.base_year).sum(axis=0)
    supply = resident / (1 - slack)
    profile = baseline.participation_profile(area)
    world.fixed["participation_profile"] = assumed_odds.profile(
        world, "participation_odds", profile
    )
    world.fixed["statutory_age"] = participation.statutory_age(area, area.base_year)
    odds = participation.odds_in_year(world, world.params["participation"])
    people = world.population.schooled()
    with told(world, area.zones):
        shift = participation.participation_shift(odds, people[0, : len(area.zones)], supply)
    world.fixed["participation_shift"] = shift
    world["participation_odds"] = odds
    world.fixed["base_jobs"] = jobs.sum(axis=1)
    shares = _commuting(world, supply, jobs.sum(axis=1) / (1 - slack))
    world["expected_jobs"] = jobs
    world["labour_supply"] = supply
    world["workplace_unemployment"] = np.broadcast_to(slack, supply.shape).copy()
    sector = ratio(jobs, jobs.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
    world["workplace_shares"] = shares * (1 - slack)[:, None]
    world["settled_supply"] = supply
    world["labour_supply_by_education"] = participation.offered(odds, shift, people)
    human_capital.begin(world)
    table = WorkTable(odds, shift, supply, world["workplace_shares"], sector, world["mode_shares"])
    labour.record_work(world, world.population.work(table), np.zeros(supply.shape))
    world["income_access"] = np.ones(supply.shape)
    cars = (supply[:, :, None] * world["workplace_shares"]) * world["mode_shares"][:, CAR]
    reach_of = lift(world.params["accessibility"].urban_reach, 2)
    world.fixed["base_kilometres"] = congestion.street_kilometres(
        cars, world.fixed["road_distance"], reach_of
    )
    reach.act(world, Params())


def _commuting(world: World, rows: Array, columns: Array) -> Array:
    """Scales of workplaces and constants of modes that meet both margins; the shares they give."""
    from model.kernels.commuting_inversion import SHARES, base_constants

    travel, felt = world.params["commuting"], world.params["modes"]
    cost, draws = world["mode_cost"], len(rows)
    theta = np.broadcast_to(modes.sensitivity(travel.decay, felt), draws)
    power = np.broadcast_to(felt.nest_dissimilarity, draws)
    scale = np.broadcast_to(felt.mode_scale, draws)
    target = modes.target_shares(world.assumed, modes.usable(cost, NEVER))
    same, opening = world.area.same_city, world["policy_border_opening"]
    border = commuting.border_cost(same, opening, travel)
    cost, target, rows, columns = contiguous(cost, target, rows, columns)
    rest = contiguous(theta, power, scale, border)
    point, weights = np.zeros(target.shape), columns.copy()
    for _ in range(ROUNDS):
        point, left = base_constants(cost, target, rows, columns, weights, point, *rest)
        constants = point * lift(power / theta, 1)
        shares, logsum = modes.mode_choice(cost, constants, theta, power)
        friction = commuting.impedance(logsum, same, opening, travel)
        with told(world, world.area.zones):
            weights = commuting.balance(friction, rows, columns, start=weights)
        places, access = commuting.workplace_shares(weights, friction)
        flows = (rows[:, :, None] * places)[:, None] * shares
        reached = flows.sum(axis=(2, 3)) / rows.sum(axis=1, keepdims=True)
        miss = np.abs(ratio(reached, target, 1.0) - 1)
        if np.all(miss < 10 * SHARES):
            break
    else:
        worst = worst_of(miss)
        how_far = f"last residual {miss[worst]:.2e} (shares alone {left[worst[0]]:.2e})"
        with told(world, MODES):
            raise Unsolved("mode shares cannot be met", worst, how_far)
    if np.any(constants <= -NEVER / 2):
        # Met in name only: the constant outweighs what stands for never, where the mode is not.
        with told(world, MODES):
            raise Unsolved("mode shares cannot be met", worst_of(-constants), "it is hardly there")
    world.fixed["mode_constants"] = constants
    world.fixed["workplace_scale"], world.fixed["base_access"] = weights, access
    # Of a mode that is not there, the logit leaves numbers so small that processors falter.
    world["mode_shares"] = np.where(cost < NEVER / 2, shares, 0.0)
    world["commuting_cost"] = logsum
    return places


def overstatement(world: World) -> Array:
    """(draw, 1, zone) [1] output over the published level of its city, one where not assumed."""
    factors = initial_stocks.of_regions(world, "gdp_inflation")
    return total(factors, world.area.statistics[1].T)[:, None]


def relative_productivity(world: World) -> Array:
    """(draw, sector) [1] value added per worker beside that of the published sector."""
    return assumed_odds.by_name(world, "relative_productivity", world.area.sectors)


def _production(world: World) -> None:
    """Output from the accounts, capital from its ratio, productivity as the residual."""
    area, p = world.area, world.params["industry"]
    jobs, one = world["expected_jobs"], np.ones(len(world.draws))
    output = baseline.base_output(area, jobs, relative_productivity(world)) * overstatement(world)
    table = area.column("sectors", "labour_share").astype(float) + lift(p.labour_share_shift, 1)
    odds = assumed_odds.by_name(world, "labour_share_odds", area.sectors)
    share = assumed_odds.scaled_odds(table, odds)[:, :, None]
    weight = output.sum(axis=2, keepdims=True) / output.sum(axis=(1, 2), keepdims=True)
    capital_share = (1 - share) / (weight * (1 - share)).sum(axis=(1, 2), keepdims=True)
    capital = output * lift(p.capital_output_ratio, 2) * capital_share
    fixed = world.fixed
    fixed["labour_share"] = share
    fixed["mean_labour_share"] = (weight * share).sum(axis=(1, 2))
    fixed["base_return"] = ratio(output, capital)
    own = industry.solow_residual(output, capital, jobs, share)
    world["productivity"] = world["effective_productivity"] = own
    world["capital"], world["output"], world["output_value"] = capital, output, output
    world["sector_price"] = np.ones(output.shape[:2])
    world["labour_income"], world["capital_income"] = output * share, output * (1 - share)
    world["deflator"] = one.copy()
    world["gdp_real"] = world["gdp_nominal"] = output.sum(axis=1)
    now = productivity.surroundings(world, world.params["productivity"])
    fixed |= {f"base_{name}": value for name, value in now.items() if name != "near"}
    world["own_density"] = now["own_density"]
    fixed["wage_wedge"] = ratio(output * share, jobs) * 1e8 / fixed["base_wage"]
    fixed["base_output_per_worker"] = labour.output_per_worker(world)
    public = world["gdp_real"] * lift(p.public_capital_ratio, 1)
    fixed["base_public_capital"] = public
    world["public_capital"] = world["public_capital_trend"] = public


def _linkages(world: World) -> None:
    """What sectors buy from each other; demand meets supply, so that utilisation is one."""
    fixed, output = world.fixed, world["output"]
    fixed["base_value_added"] = output.sum(axis=2)
    size, p = world.assumed["national_share"], world.params["linkages"]
    with told(world, world.area.sectors):
        fixed |= linkages.invert(world.area, fixed["base_value_added"], size, p)
    world["local_supply_rate"] = fixed["supply_share"]
    world["utilisation"] = np.ones(output.shape)
    world["demand_lift"] = np.zeros(output.shape)


def _governments(world: World) -> None:
    area = world.area
    world.fixed["revenue_share"], spending_share = initial_stocks.budget_rates(world)
    decay = world.params["industry"].reach_decay
    world.fixed["base_nearness"] = nearness(world["road_time"], decay)
    received = total(world["gdp_real"] * world.fixed["revenue_share"], area.in_city)
    world["budget_revenue"] = world["budget_revenue_nominal"] = received
    nothing = np.zeros(received.shape)
    for name in ("policy_cost", "policy_spending", "borrowing", "unmet_spending"):
        world[name] = nothing
    world["realised_share"] = nothing + 1
    world["policy_budget"] = policy.own_budget(world, world.params["policy"])
    world["spending_demand"] = np.zeros(world["gdp_real"].shape)
    spent = total(world["gdp_real"] * spending_share, area.in_city)
    initial_stocks.books(world, received, spent)


def _firms(world: World) -> None:
    """Firms that hold the jobs of the year, and sites that share entries as firms stand."""
    counted = assumed_odds.by_name(world, "technology_firms_factor", world.area.cities)
    counts = base_firms(
        world.area, world["expected_jobs"], counted, world.params["firms"], world.params["ladder"]
    )
    world.fixed["base_firms"] = counts
    attraction = firm_siting.attraction_of(world, world.params["siting"])
    stock = counts.sum(axis=(2, 3))
    world.fixed["site_weight"] = firm_siting.site_weights(attraction, stock)
    world["posts"] = world["expected_jobs"]
