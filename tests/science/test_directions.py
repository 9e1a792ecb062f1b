"""Which way outcomes move: how a planner checks the model. One row, one belief."""

import numpy as np
import pytest

from tests.worlds import after, package, trend

A1, A2, B1, B2, LINK = range(5)
FARM, WORKS, SHOPS, OFFICE = range(4)


def cross_city(world):
    return (world["commuters"][0] * ~world.area.same_city).sum()


def per_job(world):
    return world["output"].sum() / world["jobs"].sum()


OUTCOMES = {
    "workers into the core": lambda w: w["commuters_in"][0, A1],
    "time to the core": lambda w: w["travel_time_to_core"][0, B1],
    "share within the hour": lambda w: w["population_within_hour"][0],
    "commuters across cities": cross_city,
    "mean commute": lambda w: w["mean_commute"].mean(),
    "park jobs": lambda w: w["jobs"][0, [WORKS, OFFICE], A2].sum(),
    "same jobs elsewhere": lambda w: np.delete(w["jobs"][0, [WORKS, OFFICE]], A2, axis=1).sum(),
    "people of the core": lambda w: w["population"][0, A1],
    "arrivals in the core": lambda w: w["arrivals"][0, A1],
    "arrivals": lambda w: w["arrivals"].sum(),
    "departures": lambda w: w["departures"].sum(),
    "births": lambda w: w["births"].sum(),
    "deaths": lambda w: w["deaths"].sum(),
    "population": lambda w: w["population"].sum(),
    "output": lambda w: w["gdp_real"].sum(),
    "nominal output": lambda w: w["gdp_nominal"].sum(),
    "output of the core": lambda w: w["gdp_real"][0, A1],
    "output of city b": lambda w: w["gdp_real"][0, [B1, B2]].sum(),
    "output of link": lambda w: w["gdp_real"][0, LINK],
    "farm output of b2": lambda w: w["output"][0, FARM, B2],
    "works output of b": lambda w: w["output"][0, WORKS, [B1, B2]].sum(),
    "capital": lambda w: w["capital"].sum(),
    "capital of city b": lambda w: w["capital"][0, :, [B1, B2]].sum(),
    "unemployment": lambda w: w["unemployment_rate"].mean(),
    "wages": lambda w: w["wage"].mean(),
    "jobs": lambda w: w["jobs"].sum(),
    "gap between zones": lambda w: np.std(w["productivity"][0, WORKS]),
    "revenue": lambda w: w["budget_revenue"].sum(),
    "output per job": per_job,
    "house prices": lambda w: w["housing_price"].mean(),
    "house price of the core": lambda w: w["housing_price"][0, A1],
    "house prices of city a": lambda w: w["housing_price"][0, [A1, A2]].sum(),
    "house prices of city b": lambda w: w["housing_price"][0, [B1, B2]].sum(),
    "floor space": lambda w: w["housing_floor_space"].sum(),
    "floor space of city a": lambda w: w["housing_floor_space"][0, [A1, A2]].sum(),
    "floor space of city b": lambda w: w["housing_floor_space"][0, [B1, B2]].sum(),
    "vacancy of city a": lambda w: w["vacancy_rate"][0, [A1, A2]].sum(),
    "vacancy of the core": lambda w: w["vacancy_rate"][0, A1],
    "built-up land": lambda w: w["built_up_area"].sum(),
    "land prices of city b": lambda w: w["land_price"][0, [B1, B2]].sum(),
    "land sales": lambda w: w["land_revenue"].sum(),
    "research": lambda w: w["research_stock"].sum(),
    "energy": lambda w: w["energy_use"].sum(),
    "coal": lambda w: w["coal_use"].sum(),
    "carbon dioxide": lambda w: w["co2_emissions"].sum(),
    "debt": lambda w: w["debt"].sum(),
    "services not paid": lambda w: w["unmet_spending"].sum(),
    "investment": lambda w: w["investment"].sum(),
    "works demand": lambda w: w["utilisation"][0, WORKS].mean(),
    "created supply": lambda w: w["supply_created"][0],
    "local parts": lambda w: w["local_supply_rate"][0, WORKS],
    "cost of parts": lambda w: w["input_cost"][0, WORKS],
    "office output": lambda w: w["output"][0, OFFICE].sum(),
    "office jobs": lambda w: w["expected_jobs"][0, OFFICE].sum(),
    "price of offices": lambda w: w["sector_price"][0, OFFICE],
    "fuel of cars": lambda w: w["car_energy"].sum(),
    "productivity of the hills": lambda w: w["effective_productivity"][0, WORKS, B2],
    "registered unemployment": lambda w: w["registered_unemployment"].mean(),
}

LEVERS = [  # lever up -> outcome
    ("faster_trains", "workers into the core", +1),
    ("faster_trains", "commuters across cities", +1),
    ("faster_trains", "fuel of cars", -1),
    ("faster_roads", "time to the core", -1),
    ("faster_roads", "workers into the core", +1),
    ("faster_roads", "commuters across cities", +1),
    ("park", "park jobs", +1),
    ("park", "same jobs elsewhere", -1),
    ("extension_service", "farm output of b2", +1),
    ("renewal", "works output of b", +1),
    ("freight_hub", "output of link", +1),
    ("laboratory", "output of the core", +1),
    ("lower_fees", "capital of city b", +1),
    ("lower_fees", "output of city b", +1),
    ("public_works", "output of city b", +1),
    ("schools", "arrivals in the core", +1),
    ("schools", "people of the core", +1),
    ("open_registration", "arrivals", +1),
    ("one_labour_market", "commuters across cities", +1),
    ("child_benefit", "births", +1),
    ("child_benefit", "population", +1),
    ("dear_sites", "floor space of city b", -1),
    ("dear_sites", "house prices of city b", +1),
    ("dear_sites", "land prices of city b", -1),
    ("land_release", "floor space of city a", +1),
    ("land_release", "house prices of city a", -1),
    ("land_release", "vacancy of city a", +1),
    ("land_release", "built-up land", +1),
    ("old_homes", "house price of the core", +1),
    ("old_homes", "vacancy of the core", -1),
    ("laboratory", "research", +1),
    ("saving", "energy", -1),
    ("saving", "carbon dioxide", -1),
    ("saving", "output", 0),
    ("warm_rivers", "carbon dioxide", -1),
    ("warm_rivers", "energy", 0),
    ("less_coal", "coal", -1),
    ("less_coal", "carbon dioxide", -1),
    ("large_works", "debt", +1),
    ("local_parts", "local parts", +1),
    ("local_parts", "works demand", +1),
    ("local_parts", "created supply", +1),
    ("local_parts", "cost of parts", +1),
    ("local_parts", "output", +1),
    ("lower_fees", "investment", +1),
]
ASSUMPTIONS = [  # assumption, value above its central one, outcome
    ("migration.external_drift", 0.05, "population", -1),
    ("migration.external_drift", 0.05, "departures", +1),
    ("industry.frontier_growth", 0.03, "output", +1),
    ("industry.frontier_growth", 0.03, "wages", +1),
    ("industry.depreciation", 0.12, "investment", +1),
    ("human_capital.schooling_return", 0.15, "output", +1),
    ("human_capital.schooling_return", 0.15, "wages", +1),
    ("human_capital.schooling_return", 0.15, "gap between zones", 0),
    ("family_drift.digital", 0.03, "office output", +1),
    ("family_drift.digital", 0.03, "price of offices", -1),
    ("industry.price_response", 1.0, "price of offices", -1),
    ("industry.price_response", 1.0, "office jobs", -1),
    ("productivity.diffusion", 0.9, "gap between zones", -1),
    ("productivity.base_gap", 0.03, "output", +1),
    ("productivity.frontier_slowdown", 0.08, "output", -1),
    ("linkages.local_supply", 0.6, "local parts", +1),
    ("labour.registered_share", 0.7, "registered unemployment", +1),
    ("labour.registered_share", 0.7, "unemployment", 0),
    ("industry.catch_up", 0.05, "gap between zones", -1),
    ("industry.catch_up", 0.05, "output", +1),
    ("industry.capital_growth", 0.04, "capital", +1),
    ("industry.capital_growth", 0.04, "output per job", +1),
    ("industry.inflation", 0.03, "nominal output", +1),
    ("industry.inflation", 0.03, "output", 0),
    ("demography.fertility", 1.2, "births", +1),
    ("demography.fertility_long_run", 1.5, "births", +1),
    ("demography.life_expectancy", 82, "deaths", -1),
    ("demography.life_expectancy_gain", 0.3, "deaths", -1),
    ("demography.sex_ratio_at_birth", 1.2, "births", 0),
    ("matching.base_unemployment", 0.1, "unemployment", +1),
    ("commuting.border", 2.0, "commuters across cities", -1),
    ("commuting.decay", 0.1, "mean commute", -1),
    ("fiscal.revenue_drift", 0.01, "revenue", +1),
    ("fiscal.revenue_drift", 0.01, "output", 0),
    ("accessibility.urban_speed", 40, "share within the hour", +1),
    ("job_surplus.a1", 0.4, "workers into the core", +1),
    ("mean_stay", 12, "arrivals", -1),
    ("households.size_fall", 0.05, "house prices", +1),
    ("housing.income_elasticity", 1.5, "house prices", +1),
    ("housing.supply_elasticity", 2.0, "house prices", -1),
    ("housing.supply_elasticity", 2.0, "floor space", +1),
    ("housing.natural_vacancy", 0.2, "floor space", +1),
    ("housing.demolition", 0.03, "floor space", 0),
    ("housing.cost_growth", 0.05, "floor space", -1),
    ("housing.cost_growth", 0.05, "house prices", +1),
    ("land.infill", 0.9, "built-up land", -1),
    ("fiscal.spending_growth", 0.05, "services not paid", +1),
    ("fiscal.interest", 0.1, "output", 0),
    ("innovation.intensity_growth", 0.05, "research", +1),
    ("innovation.intensity_growth", 0.05, "output", 0),
    ("environment.efficiency_gain", 0.06, "carbon dioxide", -1),
    ("environment.grid_end", 0.5, "carbon dioxide", +1),
]


@pytest.fixture(scope="module")
def base(tiny):
    return after(tiny, 4)


def direction(new, old):
    return 0 if np.isclose(new, old, rtol=1e-9) else int(np.sign(new - old))


def moved(world, base, outcome):
    return direction(OUTCOMES[outcome](world), OUTCOMES[outcome](base))


@pytest.mark.parametrize(("lever", "outcome", "sign"), LEVERS)
def test_lever(tiny, base, lever, outcome, sign):
    scenario = package(lever, budget="unlimited")
    assert moved(after(tiny, 4, scenario), base, outcome) == sign


@pytest.mark.parametrize(("name", "value", "outcome", "sign"), ASSUMPTIONS)
def test_assumption(tiny, base, name, value, outcome, sign):
    scenario = trend(**{name.replace(".", "__"): value})
    assert moved(after(tiny, 4, scenario), base, outcome) == sign


def test_every_assumption_is_raised(base):
    for name, value, *_ in ASSUMPTIONS:
        process, _, parameter = name.partition(".")
        held = base.assumed[name] if name in base.assumed else base.params[process]
        central = held if name in base.assumed else getattr(held, parameter)
        assert np.all(value > central), name


def test_more_people_elsewhere_employed_means_more_arrivals(tiny):
    """Catch-up of one place: income within reach draws people."""
    poor, rich = after(tiny, 4), after(tiny, 4, package("laboratory", "park", dose=3))
    assert rich["income_access"][0, A1] > poor["income_access"][0, A1]
    assert rich["arrivals"][0, A1] > poor["arrivals"][0, A1]
