"""The base year of stocks: dwellings and land, budgets and debt, research, energy.

Called by :mod:`model.base_year.initial` once people, work and output of the base year stand.
"""

import numpy as np

from model.assumed_odds import by_name, energy_mix
from model.axes import Array, lift, ratio, total
from model.base_year import baseline
from model.problems import RunError
from model.processes import environment, innovation, land
from model.processes import housing as housing_process
from model.reading.tables import CARRIERS
from model.world import World

YUAN = 1e8
"""Yuan in the unit of money."""


def of_regions(world: World, kind: str) -> Array:
    """(draw, region) [1] assumed factor of each statistics region, one where none is assumed."""
    return by_name(world, kind, world.area.statistics[0])


def budget_rates(world: World) -> tuple[Array, Array]:
    """Revenue and spending over output, (draw, zone) [1] each: as published, or as assumed.

    A city without budgets of the base year that can be trusted has ``revenue_of_output`` [share]
    and ``transfers_per_resident`` [yuan] assumed, which then stand in place of the table.
    """
    area, output = world.area, world["gdp_real"]
    regions, weights = area.statistics
    whole, people = total(output, weights), total(world["population"], weights)
    revenue, spent = (
        area.statistic("fiscal", area.base_year, item=item) + np.zeros(whole.shape)
        for item in ("revenue", "expenditure")
    )
    for column, region in enumerate(regions):
        share = world.assumed.get(f"revenue_of_output.{region}")
        each = world.assumed.get(f"transfers_per_resident.{region}")
        if share is not None:
            revenue[:, column] = share * whole[:, column]
        if each is not None:
            spent[:, column] = revenue[:, column] + each * people[:, column] / YUAN
    return baseline.rate_of(area, revenue, output), baseline.rate_of(area, spent, output)


def past_growth(world: World) -> Array:
    """(draw, zone) [1/yr] growth of floor space up to the base year.

    Seen between two censuses; where there is no earlier one, assumed by city.
    """
    area = world.area
    regions, weights = area.statistics
    if baseline.earlier_housing(area):
        return baseline.floor_space_growth(area) * np.ones((len(world.draws), 1))
    names = [f"floor_space_growth.{region}" for region in regions]
    return total(np.stack([world.assumed[name] for name in names], axis=1), weights.T)


def housing(world: World) -> None:
    """Floor space, prices and vacancy of the tables: taste and cost of building inverted."""
    area, p, fixed = world.area, world.params["housing"], world.fixed
    used = baseline.floor_space(area, area.base_year)
    core, county = (world.assumed[f"price_gradient.{kind}"] for kind in ("core", "county"))
    price = baseline.house_price(area, used, core, county, of_regions(world, "house_price_factor"))
    stock = used / (1 - lift(p.natural_vacancy, 1))
    jobs, paid = world["jobs"].sum(axis=1), world["labour_income"].sum(axis=1)
    income = housing_process.resident_income(world["commuters"], paid, jobs)
    one = np.ones(stock.shape)
    wanted = housing_process.floor_space_demand(
        one, world["households"], world["population"], income, price, p
    )
    growth = past_growth(world)
    fixed["housing_taste"] = ratio(used, wanted)
    fixed["building_cost"] = housing_process.building_cost(price, growth, p)
    fixed["base_housing_price"] = price
    world["household_income"], world["housing_price"] = income, price
    world["housing_floor_space"], world["building_cost"] = stock, fixed["building_cost"]
    world["housing_price_change"] = np.zeros(stock.shape)
    housing_process.record_use(world, p)
    built_up = baseline.built_up_area(area, of_regions(world, "built_up_factor"))
    world["built_up_area"] = fixed["base_built_up_area"] = built_up
    _base_land(world, growth)


def _base_land(world: World, growth: Array) -> None:
    """What was built, pulled down and sold in the base year, the stock growing as it did."""
    stock, land_params = world["housing_floor_space"], world.params["land"]
    world["demolition"] = stock * lift(world.params["housing"].demolition, 1)
    world["floor_space_on_new_sites"] = stock * np.maximum(growth, 0.0)
    world["construction"] = world["demolition"] + world["floor_space_on_new_sites"]
    land.act_supply(world, land_params)
    land.act_use(world, land_params)
    world["built_up_area"] = world.fixed["base_built_up_area"]


def books(world: World, received: Array, spent: Array) -> None:
    """Budgets of the base year are balanced: transfers make up what revenue lacks."""
    p, cities = world.params["fiscal"], world.area.in_city
    sold = total(world["land_revenue"], cities)
    land_income = sold * lift(p.land_net, 1)
    debt = total(world["gdp_real"], cities) * lift(p.debt_ratio, 1)
    world.fixed["base_transfers"] = world["transfers"] = spent - received
    world.fixed["base_spending"] = world["spending_need"] = spent + land_income
    world["other_spending"], world["land_income"] = spent + land_income, land_income
    world.fixed["base_debt"] = world["debt"] = debt
    world.fixed["base_city_population"] = total(world["population"], cities)
    ceiling = lift(p.debt_cap, 1) * (spent + sold)
    world["borrowing_room"] = np.maximum(ceiling - debt, 0.0)


def research(world: World) -> None:
    """Research stock that past spending has left behind."""
    area, p = world.area, world.params["innovation"]
    regions, weights = area.statistics
    shares = [world.assumed[f"research_intensity.{region}"] for region in regions]
    output = world["gdp_real"]
    official = np.stack(shares, axis=1) * total(output, weights)
    intensity = baseline.rate_of(area, official, output)
    spent = output * intensity
    stock = innovation.steady_stock(spent, lift(p.past_growth, 1), lift(p.depreciation, 1))
    world.fixed["research_intensity"] = intensity
    world["research_spending"] = spent
    world["research_stock"] = world["research_trend"] = stock


def energy(world: World) -> None:
    """Energy of sectors scaled so that each city emits what its inventory says.

    Raises
    ------
    RunError
        A city whose heat and cars alone emit more than that.
    """
    area, fixed = world.area, world.fixed
    regions, weights = area.statistics
    rows = {row["sector"]: row for row in area.tables["energy"]}
    table = np.array([[rows[s][c] for c in CARRIERS] for s in area.sectors])
    fixed["energy_mix"] = energy_mix(table, by_name(world, "energy_weight", CARRIERS))
    names = [f"energy_intensity.{sector}" for sector in area.sectors]
    fixed["energy_intensity"] = np.stack([world.assumed[name] for name in names], axis=1)
    gap = np.stack([world.assumed[f"inventory_gap.{region}"] for region in regions], axis=1)
    level, profile = baseline.inventories(area)
    official = level * (profile / level) ** gap
    p, none = world.params["environment"], np.zeros(world["gdp_real"].shape)
    fixed["energy_scale"] = none
    environment.act(world, p)
    others = world["co2_emissions"]
    fixed["energy_scale"] = none + 1
    environment.act(world, p)
    left = official - total(others, weights)
    if left.min() <= 0:
        region = regions[int(np.unravel_index(left.argmin(), left.shape)[1])]
        raise RunError(
            f"heat and cars of {region} emit more in {area.base_year} than its inventory: "
            f"{-left.min():.3g} Mt too much"
        )
    fixed["energy_scale"] = baseline.rate_of(area, left, world["co2_emissions"] - others)
    environment.act(world, p)
