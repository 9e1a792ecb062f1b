"""The base year: inverting what cannot be seen from what can, so that the year is reproduced.

Order: travel times, jobs by workplace, who commutes where, production, budgets, migration.
Every fixed effect ends in ``world.fixed``; every variable that the first year remembers ends
in ``world.state``.
"""

import numpy as np

from model import baseline
from model.area import Area
from model.axes import Array, lift
from model.branches import base_employment
from model.catalogue import CATALOGUE, CHANNELS
from model.firm_base import base_firms
from model.firms import CLASSES, STAGES
from model.population import WorkTable
from model.processes import (
    accessibility,
    attractiveness,
    commuting,
    demography,
    firm_siting,
    industry,
    labour,
    migration,
    participation,
)
from model.world import World, ratio, total


def begin(world: World) -> None:
    """Set up the base year of a world: fixed effects and last-year values."""
    world.year = world.area.base_year
    people = baseline.people(world.area, world.area.base_year)
    for channel in CHANNELS:
        dims = CATALOGUE[f"policy_{channel}"].dims
        world[f"policy_{channel}"] = np.zeros(shape(world, dims))
    _people(world, people)
    _places(world)
    _work(world, people)
    _production(world)
    _governments(world)
    _migration(world, people)
    _firms(world)


def shape(world: World, dims: tuple[str, ...]) -> tuple[int, ...]:
    """Lengths of a variable's axes, the leading draw included."""
    area = world.area
    lengths = {
        "zone": len(area.zones), "to_zone": len(area.zones), "place": len(area.places),
        "region": len(area.regions), "city": len(area.cities), "sector": len(area.sectors),
        "sex": 2, "age": 101, "size_class": CLASSES, "stage": len(STAGES),
    }  # fmt: skip
    return (len(world.draws), *(lengths[dim] for dim in dims))


def _people(world: World, people: Array) -> None:
    area, zones = world.area, len(world.area.zones)
    p = world.params["demography"]
    world.fixed["base_population"] = people[:zones].sum(axis=(1, 2))
    world.fixed["death_rates"] = baseline.death_rates(area)
    world.fixed |= demography.invert(area, people, world.fixed["death_rates"], p)
    world["fertility_level"] = np.asarray(p.fertility, dtype=float)
    firsts = [int(np.argmax(area.city_of_zone == city)) for city in range(len(area.cities))]
    world.fixed["first_zone_of_city"] = np.array(firsts)
    world["people"] = world.population.counts()
    world["population"] = world["people"][:, :zones].sum(axis=(2, 3))
    world["population_by_age"] = demography.by_city(world["people"][:, :zones], area.in_city)
    world["external_population"] = world["people"][:, zones:].sum(axis=(2, 3))


def _places(world: World) -> None:
    p = world.params["accessibility"]
    world.fixed["road_distance"] = accessibility.road_distances(world, p)
    # Networks of the base year: lines opened up to its end.
    world.year += 1
    accessibility.act(world, p)
    world.year -= 1


def _work(world: World, people: Array) -> None:
    """Jobs by workplace, labour force, commuting: margins met exactly."""
    area, zones = world.area, len(world.area.zones)
    p, travel = world.params["matching"], world.params["commuting"]
    slack = lift(p.base_unemployment, 1)
    workers = base_employment(area, world.assumed, relative_productivity(world))
    jobs = baseline.base_jobs(area, workers, world.assumed["core_job_surplus"])
    resident = baseline.employed_residents(area, area.base_year).sum(axis=0)
    supply = resident / (1 - slack)
    profile = baseline.participation_profile(area)
    shift = participation.participation_shift(profile, people[:zones], supply)
    world.fixed["base_participation"] = participation.shifted_participation(profile, shift)
    world.fixed["base_jobs"] = jobs.sum(axis=1)
    friction = commuting.friction_of(world, travel)
    scale = commuting.balance(friction, supply, jobs.sum(axis=1) / (1 - slack))
    shares, access = commuting.workplace_shares(scale, friction)
    world.fixed["workplace_scale"], world.fixed["base_access"] = scale, access
    world["expected_jobs"] = jobs
    world["labour_supply"], world["participation"] = supply, world.fixed["base_participation"]
    world["workplace_unemployment"] = np.broadcast_to(slack, supply.shape).copy()
    sector = ratio(jobs, jobs.sum(axis=1, keepdims=True)).transpose(0, 2, 1)
    table = WorkTable(world["participation"], shares * (1 - slack)[:, None], sector)
    labour.record_work(world, world.population.work(table))
    world["income_access"] = np.ones(supply.shape)


def relative_productivity(world: World) -> Array:
    """(draw, sector) [1] value added per worker beside that of the published sector."""
    one = np.ones(len(world.draws))
    names = [f"relative_productivity.{sector}" for sector in world.area.sectors]
    return np.stack([world.assumed.get(name, one) for name in names], axis=1)


def _production(world: World) -> None:
    """Output from the accounts, capital from its ratio, productivity as the residual."""
    area, p = world.area, world.params["industry"]
    jobs, one = world["expected_jobs"], np.ones(len(world.draws))
    output = baseline.base_output(area, jobs, relative_productivity(world))
    table = area.column("sectors", "labour_share").astype(float)
    share = (table + lift(p.labour_share_shift, 1))[:, :, None]
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
    fixed["base_density"] = industry.density(jobs.sum(axis=1), world["road_time"], p.reach_decay)
    wage = baseline.base_wage(area)
    fixed["base_wage"] = wage
    world["wage"] = np.broadcast_to(wage, (len(one), len(wage))).copy()
    fixed["wage_wedge"] = ratio(output * share, jobs) * 1e8 / wage
    city_jobs = total(jobs.sum(axis=1), area.in_city)
    fixed["base_output_per_worker"] = ratio(total(output.sum(axis=1), area.in_city), city_jobs, 1.0)
    public = world["gdp_real"] * lift(p.public_capital_ratio, 1)
    fixed["base_public_capital"] = public
    world["public_capital"] = world["public_capital_trend"] = public


def _governments(world: World) -> None:
    area = world.area
    world.fixed["revenue_share"] = baseline.revenue_share(area, world["output"])
    decay = lift(world.params["industry"].reach_decay, 2)
    world.fixed["base_nearness"] = np.exp(-decay * world["road_time"])
    received = total(world["gdp_real"] * world.fixed["revenue_share"], area.in_city)
    world["budget_revenue"] = world["budget_revenue_nominal"] = received
    nothing = np.zeros(received.shape)
    for name in ("policy_cost", "policy_spending", "borrowing", "debt"):
        world[name] = nothing
    world["policy_budget"] = received * lift(world.params["policy"].budget_share, 1)
    world["other_spending"] = received


def _firms(world: World) -> None:
    """Firms that hold the jobs of the year, and sites that share entries as firms stand."""
    counts = base_firms(
        world.area, world["expected_jobs"], world.params["firms"], world.params["ladder"]
    )
    world.fixed["base_firms"] = counts
    attraction = firm_siting.attraction_of(world, world.params["siting"])
    stock = counts.sum(axis=(2, 3))
    world.fixed["site_weight"] = firm_siting.site_weights(attraction, stock)
    world["posts"] = world["expected_jobs"]


def _migration(world: World, people: Array) -> None:
    """Attractiveness from net migration, exchange with regions, and gross arrivals."""
    area, zones, p = world.area, len(world.area.zones), world.params["migration"]
    curve = migration.rogers_castro(np.asarray(p.peak_age))
    everybody = np.broadcast_to(people, (len(world.draws), *people.shape))
    mobility = curve / migration.mean_mobility(everybody, curve, zones)[:, None]
    world.fixed["mobility"] = mobility
    movers = total(mobility, people.sum(axis=1))
    fixed_stock = {
        band: area.by_zone("migrants", year=area.base_year, band=band).sum()
        for band in ("same_province", "other_province")
    }
    yearly = {band: stock / world.assumed["mean_stay"] for band, stock in fixed_stock.items()}
    inflow = region_inflow(area, world.assumed, yearly)
    gain = np.stack([world.assumed[f"net_exchange.{r}"] for r in area.regions[:-1]], axis=1)
    net = area.by_zone("net_migration") + recount(world)
    rest = net.sum(axis=1, keepdims=True) - gain.sum(axis=1, keepdims=True)
    gain = np.concatenate([gain, rest], axis=1)
    within = sum(yearly.values()) - inflow.sum(axis=1)
    seen = attractiveness.Observed(net, inflow, outflows(inflow, gain), within)
    cost = migration.moving_cost(area, p)
    world.fixed |= attractiveness.invert(area, movers, seen, cost, p)
    world["attractiveness"] = world.fixed.pop("attractiveness")


def outflows(inflow: Array, gain: Array) -> Array:
    """Departures to each region: arrivals less gain, and never under a tenth of the arrivals.

    The prior of the gain of one region, less than certain, can contradict its arrivals; what
    is then too little for one region is taken from the others, the total being known better.

    Parameters
    ----------
    inflow, gain : (draw, region) [persons/yr]

    Returns
    -------
    (draw, region) [persons/yr]

    Examples
    --------
    >>> outflows(np.array([[10.0, 10.0]]), np.array([[-5.0, 12.0]])).round(3).tolist()
    [[12.188, 0.812]]
    """
    plain = inflow - gain
    least = np.maximum(plain, 0.1 * inflow)
    return least * (plain.sum(axis=1) / least.sum(axis=1))[:, None]


def recount(world: World) -> Array:
    """Net migration a year by which an over-count of the earlier census was mistaken for loss.

    Returns
    -------
    (draw, zone) [persons/yr]
    """
    area = world.area
    early = area.settings["history_year"]
    counted = baseline.people(area, early)[: len(area.zones)].sum(axis=(1, 2))
    regions, weights = area.statistics
    errors = np.stack([world.assumed[f"census_error.{region}"] for region in regions], axis=1)
    return total(errors, weights.T) * counted / (area.base_year - early)


def region_inflow(area: Area, assumed: dict[str, Array], yearly: dict[str, Array]) -> Array:
    """Arrivals from each region: shares of the yearly flows of the two bands of registration.

    The last region of another province takes what is left of its band.

    Returns
    -------
    (draw, region) [persons/yr]
    """
    columns, left = [], yearly["other_province"]
    for row in area.tables["regions"]:
        name = f"inflow_share.{row['region']}"
        band = "same_province" if row["same_province"] else "other_province"
        flow = left if name not in assumed else assumed[name] * yearly[band]
        if not row["same_province"]:
            left = left - flow
        columns.append(flow)
    return np.stack(columns, axis=1)
