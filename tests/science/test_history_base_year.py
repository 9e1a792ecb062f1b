"""A start in 2010 reproduces its base year, and a run from it closes its accounts."""

import numpy as np
import pytest

from model import simulate
from model.area_loading import load_area
from model.base_year import baseline, initial_stocks
from model.processes import housing
from tests.worlds import TINY, after, trend, world_of

TOLERANCE = 1e-8


@pytest.fixture(scope="module", params=["tiny-1", "tiny-4", "shenyang-1", "shenyang-4"])
def world(request):
    name, draws = request.param.split("-")
    folder = request.getfixturevalue(name).folder
    return world_of(load_area(folder, start="history"), count=int(draws))


def close(found, wanted):
    wanted = np.broadcast_to(wanted, np.shape(found))
    assert np.all(np.isfinite(found))
    np.testing.assert_allclose(found, wanted, rtol=TOLERANCE)


def by_region(world, values):
    return values @ world.area.statistics[1].T


def factor(world, kind):
    """Assumed numbers by region, one where the area assumes none."""
    one = np.ones(len(world.draws))
    names = [f"{kind}.{region}" for region in world.area.statistics[0]]
    return np.stack([world.assumed.get(name, one) for name in names], axis=1)


def test_residents(world):
    area = world.area
    census = sum(r["persons"] for r in area.tables["population"]
                 if r["year"] == 2010 and r["place"] in area.zones)  # fmt: skip
    close(world["population"].sum(axis=1), census)
    close(world["population"], baseline.people(area, 2010)[: len(area.zones)].sum(axis=(1, 2)))


def test_output(world):
    published = world.area.statistic("gdp", 2010, series="original", item="total")
    revised = world.area.statistic("gdp", 2010, series="revised", item="total")
    # A zone that two cities share takes the mean of their factors, so factors are taken out first.
    over = factor(world, "gdp_inflation") @ world.area.statistics[1]
    level = np.where(np.isfinite(revised), revised, published)
    close(by_region(world, world["gdp_real"] / over), level)


def test_budgets(world):
    """Revenue a share of output, transfers an amount a resident: both assumed, none published."""
    output, people = by_region(world, world["gdp_real"]), by_region(world, world["population"])
    income, spending = initial_stocks.budget_rates(world)
    revenue = by_region(world, world["gdp_real"] * income)
    spent = by_region(world, world["gdp_real"] * spending)
    close(revenue / output, factor(world, "revenue_of_output"))
    close((spent - revenue) * 1e8 / people, factor(world, "transfers_per_resident"))
    assert np.all(world["transfers"] > 0)
    received = world["budget_revenue"] + world["transfers"] + world["land_income"]
    close(world["other_spending"], received)


def test_floor_space(world):
    area = world.area
    rows = {r["zone"]: r["value"] for r in area.tables["housing"]}
    each = np.array([rows[zone] for zone in area.zones])
    close(world["occupied_floor_space"], each * world["population"])
    worth = by_region(world, world["housing_price"] * each * world["population"])
    price = worth / by_region(world, each * world["population"])
    published = area.statistic("house_prices", 2010)
    close(price, published * factor(world, "house_price_factor"))


def test_floor_space_starts_to_grow_as_assumed(world):
    _, weights = world.area.statistics
    wanted = factor(world, "floor_space_growth") @ weights
    close(initial_stocks.past_growth(world), wanted)
    margin = np.log(world["housing_price"] / world.fixed["building_cost"])
    grown = housing.stock_growth(margin, np.zeros(margin.shape), world.params["housing"])
    assert float(np.max(np.abs(grown - wanted))) < TOLERANCE


def test_built_up_land(world):
    area = world.area
    whole = area.column("zones", "area").astype(float)
    table = area.by_zone("land", value="value", year=2010)
    odds = table / (whole - table) * (factor(world, "built_up_factor") @ area.statistics[1])
    close(world["built_up_area"], whole * odds / (1 + odds))
    assert np.all(world["built_up_area"] < whole)


def test_carbon_dioxide_and_research(world):
    level, profile = baseline.inventories(world.area)
    gap = factor(world, "inventory_gap")
    close(by_region(world, world["co2_emissions"]), level * (profile / level) ** gap)
    spent = by_region(world, world["research_spending"])
    close(spent / by_region(world, world["gdp_real"]), factor(world, "research_intensity"))


@pytest.mark.parametrize("count", [1, 4])
def test_the_toy_runs_to_2020_with_its_accounts_closed(tiny, count):
    """Every step checks the accounts; all that is recorded stays finite."""
    last = after(load_area(tiny.folder, start="history"), 10, trend(), count=count)
    assert last.year == 2020
    assert all(np.all(np.isfinite(values)) for values in last.state.values())
    assert np.all(last["built_up_area"] <= last.area.column("zones", "area"))


@pytest.mark.slow
@pytest.mark.parametrize("draws", [1, 4])
def test_shenyang_runs_to_2020_with_its_accounts_closed(draws):
    found = simulate("trend", area="shenyang@history", end=2020, draws=draws)
    assert found.sizes["year"] == 11
    for name in ("population", "gdp_real", "housing_floor_space", "debt", "co2_emissions"):
        assert np.all(np.isfinite(found[name].values)), name
    assert np.all(found["population"].sel(year=2010).sum("zone") == 21_995_522)


def test_both_engines_agree_from_the_past():
    mean, agents = (
        simulate("trend", engine=engine, scale=10, end=2020, area=f"{TINY}@history").isel(draw=0)
        for engine in ("mean", "agents")
    )
    for name in ("population", "gdp_real", "housing_floor_space", "energy_use", "budget_revenue"):
        totals = [float(one[name].sel(year=2020).sum()) for one in (mean, agents)]
        assert totals[1] == pytest.approx(totals[0], rel=0.02), name
