"""Outcomes of a year against what they are said to be, worked out again from one another.

The accounts hold what must balance and the regression test two headlines. Here stands what else
a reader is given, from the states before and after a year of the toy under a package.
"""

from types import SimpleNamespace

import numpy as np
import pytest

from model.axes import MODES
from model.processes.housing import floor_space_demand, stock_growth
from model.processes.industry import investment
from model.processes.land import buildable
from model.simulation import step
from tests.worlds import package, world_of

LEVERS = (
    "faster_trains", "park", "old_homes", "freight_hub", "laboratory", "lower_fees", "large_works",
    "open_registration", "one_labour_market", "child_benefit",
)  # fmt: skip
YEARS = 4


@pytest.fixture(scope="module")
def year(tiny):
    """The fourth year of two draws: ``was`` and ``now``, parameters, constants and the area."""
    world = world_of(tiny, package(*LEVERS, budget="unlimited"), count=2)
    for _ in range(YEARS):
        was = dict(world.state)
        step(world)
    return SimpleNamespace(
        was=was, now=dict(world.state), p=world.params, fixed=world.fixed, area=tiny
    )


def same(found, wanted):
    """Alike, and neither nothing nor the same everywhere."""
    assert np.ptp(wanted) > 0
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


def draws(value, axes):
    """A parameter by draw, to stand before further axes."""
    return np.asarray(value).reshape(-1, *(1,) * axes)


def by_city(zones, area):
    return np.stack([zones[:, area.city_of_zone == c].sum(axis=1) for c in range(len(area.cities))],
                    axis=1)  # fmt: skip


def test_commutes(year):
    """Times lie evenly within a spread of their mean; cars are as slow as this year's streets."""
    was, now = year.was, year.now
    turned = now["slowdown"] - was["slowdown"]
    minutes = now["mode_time"].copy()
    minutes[:, MODES.index("car")] = now["road_time"] + now["street_time"] * (
        (turned[:, :, None] + turned[:, None]) / 2
    )
    flows, everybody = now["commuters_by_pair_and_mode"], now["employed_residents"]
    half = draws(year.p["commuting"].time_spread, 3) * minutes
    within, beyond = (np.clip((limit - minutes + half) / (2 * half), 0, 1) for limit in (45, 60))
    for name, of in {
        "mean_commute": minutes,
        "commute_distance": year.fixed["road_distance"][:, None],
        "commutes_within_45": within,
        "commutes_beyond_60": 1 - beyond,
    }.items():
        same(now[name], (flows * of).sum(axis=(1, 3)) / everybody)
    same(now["commuters_by_mode"], flows.sum(axis=(2, 3)))


def test_those_who_cross_a_border(year):
    now = year.now
    crossing = now["commuters"] * ~np.eye(len(year.area.zones), dtype=bool)
    same(now["commuters_out"], crossing.sum(axis=2))
    same(now["commuters_in"], crossing.sum(axis=1))
    same(now["unemployment_rate"], 1 - now["commuters"].sum(axis=2) / now["labour_force"])
    registered = draws(year.p["labour"].registered_share, 1)
    same(now["registered_unemployment"], now["unemployment_rate"] * registered)


def test_the_hour(year):
    """Residents of the start of the year, and the jobs of this one."""
    people, now, core = year.was["population"], year.now, year.area.core
    jobs = now["expected_jobs"].sum(axis=1)
    for ending, times in (("", "travel_time_to_core"), ("_by_station", "station_time_to_core")):
        near = now[times] <= 60
        assert 0 < near.sum() < near.size
        for name, of in (("population", people), ("jobs", jobs)):
            found = now[f"{name}_within_hour{ending}"]
            np.testing.assert_allclose(found, (of * near).sum(axis=1) / of.sum(axis=1), rtol=1e-12)
    by_mode = now["population_within_hour_by_mode"]
    for index in range(len(MODES)):
        near = now["mode_time"][:, index, :, core] <= 60
        share = (people * near).sum(axis=1) / people.sum(axis=1)
        np.testing.assert_allclose(by_mode[:, index], share, rtol=1e-12)
    assert np.ptp(by_mode) > 0
    either = np.minimum(now["road_time"], now["transit_time"])[:, :, core]
    same(now["travel_time_to_core"], either)


def test_jobs_within_reach(year):
    near = np.exp(-draws(year.p["commuting"].decay, 2) * year.now["commuting_cost"])
    reach = (near * year.now["expected_jobs"].sum(axis=1)[:, None]).sum(axis=2)
    same(year.now["job_access"], reach / year.fixed["base_job_potential"])


def test_the_commuting_region(year):
    """Of the employed residents of a city, who works in the core city; the core is all in."""
    now, area = year.now, year.area
    core = area.city_of_zone[area.core]
    to_core = now["commuters"][:, :, area.city_of_zone == core].sum(axis=2)
    share = by_city(to_core, area) / by_city(now["commuters"].sum(axis=2), area)
    share[:, core] = 1
    same(now["core_commuter_share"], share)
    np.testing.assert_array_equal(now["commuting_region_narrow"], share >= 0.10)
    np.testing.assert_array_equal(now["commuting_region_wide"], share >= 0.05)


def test_households_and_the_urban(year):
    now, fixed = year.now, year.fixed
    members = now["population"] * fixed["household_constants"][1]
    same(now["households"] * now["household_size"], members)
    same(now["households_by_size"].sum(axis=2), now["households"])
    grown = fixed["base_urban_share"] * np.exp(draws(year.p["urbanisation"].urban_drift, 1) * YEARS)
    same(
        now["urban_population"] / now["population"], grown / (1 - fixed["base_urban_share"] + grown)
    )
    city = fixed["base_registered_urban_share"]
    grown = city * np.exp(draws(year.p["urbanisation"].urban_drift, 1) * YEARS)
    same(now["registered_urban"] / now["registered"], grown / (1 - city + grown))


@pytest.mark.parametrize(
    ("parts", "axes", "whole"),
    [
        ("births_by_age", 2, "births"), ("births_by_hukou", 1, "births"),
        ("deaths_by_age", (2, 3), "deaths"), ("deaths_by_hukou", 1, "deaths"),
        ("infant_deaths_by_hukou", 1, "infant_deaths"),
        ("conversions_by_hukou", 1, "hukou_conversions"),
        ("arrivals_by_age", (2, 3), "arrivals"), ("arrivals_by_hukou", 1, "arrivals"),
        ("departures_by_age", (2, 3), "departures"), ("departures_by_hukou", 1, "departures"),
        ("population_by_age", 2, "population_by_education"),
        ("residents_by_hukou", 1, "population"), ("moves_by_hukou", 1, "moves"),
        ("firms_by_size", 2, "firms"), ("commuters_by_pair_and_mode", 1, "commuters"),
    ],
)  # fmt: skip
def test_parts_add_up(year, parts, axes, whole):
    found, wanted = year.now[parts].sum(axis=axes), year.now[whole]
    if whole in ("population_by_education", "firms"):  # by another axis themselves
        wanted = wanted.sum(axis=2 if whole != "firms" else 1)
    same(found, wanted)


def test_capital_and_prices(year):
    was, now, p = year.was, year.now, year.p["industry"]
    value = was["output_value"] / was["utilisation"]
    wanted = investment(
        value, was["capital"], year.fixed["base_return"], now["policy_user_cost"], p
    )
    same(now["investment"], wanted)
    same(now["capital"], was["capital"] * (1 - draws(p.depreciation, 2)) + wanted)
    same(now["deflator"], was["deflator"] * (1 + p.inflation))
    same(now["output_value"], now["output"] * now["sector_price"][..., None])
    share = year.fixed["labour_share"]
    same(now["labour_income"], now["output_value"] * share)
    same(now["capital_income"], now["output_value"] * (1 - share))


def test_public_capital(year):
    """The trend grows at its rate; works come on top of its upkeep and wear out with it."""
    was, now, p = year.was, year.now, year.p["industry"]
    growth, worn = draws(p.capital_growth, 1), draws(p.depreciation, 1)
    same(now["public_capital_trend"], was["public_capital_trend"] * (1 + growth))
    extra = was["public_capital"] - was["public_capital_trend"]
    assert np.ptp(now["policy_investment"]) > 0
    wanted = now["public_capital_trend"] + extra * (1 - worn) + now["policy_investment"]
    same(now["public_capital"], wanted)


def test_housing(year):
    was, now, fixed, p = year.was, year.now, year.fixed, year.p["housing"]
    paid = now["labour_income"].sum(axis=1) / now["jobs"].sum(axis=1)
    same(now["household_income"], (now["commuters"] * paid[:, None]).sum(axis=2))
    same(now["housing_price"], was["housing_price"] * np.exp(now["housing_price_change"]))
    same(now["relative_housing_price"], now["housing_price"] / fixed["base_housing_price"])
    same(now["housing_value"], now["occupied_floor_space"] * now["housing_price"] / 1e8)
    taste = fixed["housing_taste"] * (1 + draws(p.renewal_appeal, 1) * now["policy_renewal"])
    wanted = floor_space_demand(
        taste, now["households"], now["population"], now["household_income"],
        now["housing_price"], p,
    )  # fmt: skip
    same(now["occupied_floor_space"], np.minimum(wanted, now["housing_floor_space"]))
    grown = np.exp(draws(p.cost_growth, 1) * YEARS + now["policy_housing_cost"])
    same(now["building_cost"], fixed["building_cost"] * grown)


def test_building(year):
    """On sites laid down before the new ones; renewal lets more stand on them."""
    was, now, p = year.was, year.now, year.p["housing"]
    stock = was["housing_floor_space"]
    gone = stock * draws(p.demolition, 1)
    same(now["demolition"], gone)
    assert np.ptp(now["policy_renewal"]) > 0
    own_sites = gone * (1 + draws(p.renewal_density, 1) * now["policy_renewal"])
    margin = np.log(now["housing_price"] / now["building_cost"])
    wanted = gone + stock * stock_growth(margin, now["policy_land_supply"], p)
    most = own_sites + buildable(now["land_available"], year.p["land"])
    same(now["construction"], np.clip(wanted, 0, most))
    same(now["floor_space_on_new_sites"], np.maximum(now["construction"] - own_sites, 0))


def test_research(year):
    was, now, p = year.was, year.now, year.p["innovation"]
    usual = now["gdp_real"] * year.fixed["research_intensity"]
    usual = usual * (1 + draws(p.intensity_growth, 1)) ** YEARS
    assert np.ptp(now["policy_research"]) > 0
    same(now["research_spending"], usual * np.exp(now["policy_research"]))
    kept = was["research_trend"] * (1 - draws(p.depreciation, 1))
    same(now["research_trend"], kept + usual)


def test_budgets(year):
    """People and debt are those of the start of the year, land that sold the year before."""
    was, now, fixed, p = year.was, year.now, year.fixed, year.p["fiscal"]
    drift = (1 + draws(p.revenue_drift, 1)) ** YEARS
    revenue = by_city(now["gdp_nominal"] * fixed["revenue_share"] * drift, year.area)
    same(now["budget_revenue_nominal"], revenue)
    same(now["budget_revenue"], revenue / now["deflator"][:, None])
    growth = (1 + draws(p.transfer_growth, 1)) ** YEARS
    same(now["transfers"], fixed["base_transfers"] * growth)
    same(now["land_income"], by_city(was["land_revenue"], year.area) * draws(p.land_net, 1))
    people = by_city(was["population"], year.area) / fixed["base_city_population"]
    steady = draws(p.fixed_spending, 1)
    services = fixed["base_spending"] * (steady + (1 - steady) * people)
    services = services * (1 + draws(p.spending_growth, 1)) ** YEARS
    interest = draws(p.interest, 1) * (was["debt"] - fixed["base_debt"])
    assert np.ptp(interest) > 0
    same(now["spending_need"], services + interest)
    borrowed = np.maximum(now["policy_spending"] - now["policy_budget"], 0)
    borrowed = np.minimum(borrowed, now["borrowing"])
    demand = by_city(now["spending_demand"], year.area)
    same(demand, borrowed * draws(p.multiplier, 1))
    local = [row["published_sector"] == "tertiary" for row in year.area.tables["sectors"]]
    lifted = np.log1p(now["spending_demand"] / now["output_value"][:, local].sum(axis=1))
    same(now["demand_lift"], np.where(np.array(local)[:, None], lifted[:, None], 0))
