"""Which way the economy moves when one of its inputs is raised, some in a plan that they act on.

The toy's governments stand at their ceiling of debt, neither quota nor boundary of land binds
there, and weights of a site or of research show where a lever works on them: a row names its plan.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.science.test_directions import A1, A2, B1, B2, LINK, OFFICE, OUTCOMES, WORKS, direction
from tests.worlds import after, package, trend, world_of

FEWEST = 3  # size classes of firms up to eight employees


def small_firms(world):
    by_size = world["firms_by_size"].sum(axis=1)[0]
    return by_size[:FEWEST].sum() / by_size.sum()


def summed(name):
    return lambda world: world[name].sum()


def rung(stage):
    return lambda world: world["technology_firms"][..., stage].sum()


MEASURES = OUTCOMES | {
    "firms": summed("firms"),
    "small firms": small_firms,
    "entries": summed("firm_entries"),
    "exits": summed("firm_exits"),
    "jobs created": summed("jobs_created"),
    "jobs destroyed": summed("jobs_destroyed"),
    "state jobs": lambda w: (w["state_job_share"] * w["firm_jobs"]).sum(),
    "firms that move": summed("firm_departures"),
    "entries in city a": lambda w: w["firm_entries"][0][:, [A1, A2]].sum(),
    "entries in city b": lambda w: w["firm_entries"][0][:, [B1, B2]].sum(),
    "entries in link": lambda w: w["firm_entries"][0][:, LINK].sum(),
    "entries in the park": lambda w: w["firm_entries"][0][[WORKS, OFFICE], A2].sum(),
    "technology firms": rung(0),
    "high-tech firms": rung(1),
    "young eagles": rung(2),
    "gazelles": rung(3),
    "unicorns": rung(4),
    "energy of sectors": summed("sector_energy"),
    "fuel for heat": summed("heat_energy"),
    "labour income": summed("labour_income"),
    "public capital": summed("public_capital"),
    "displaced supply": lambda w: w["supply_displaced"][0],
    "orders of parts": lambda w: w["supply_created"][0] + w["supply_displaced"][0],
    "need of spending": summed("spending_need"),
    "transfers": summed("transfers"),
    "land income": summed("land_income"),
    "paid for the package": summed("policy_spending"),
    "room to borrow": summed("borrowing_room"),
    "farm jobs": lambda w: w["jobs"][0, 0].sum(),
    "floor space of the core": lambda w: w["housing_floor_space"][0, A1],
}


def free(*levers, dose=1.0, **given):
    """A package paid without limit, with assumptions."""
    return replace(package(*levers, dose=dose, budget="unlimited"), assumptions=named(given))


def named(given):
    return {key.replace("__", ".", 1): value for key, value in given.items()}


ROOM = {"fiscal__debt_cap": 2.5}
PLANS = {
    "trend": trend(),
    "park": free("park"),
    "laboratory": free("laboratory"),
    "local parts": free("local_parts"),
    "freight hub": free("freight_hub"),
    "faster roads": free("faster_roads"),
    "lower fees": free("lower_fees"),
    "public works": free("public_works"),
    "dear sites": free("dear_sites"),
    "below cost": free("dear_sites", dose=3, housing__cost_growth=0.06),
    "old homes": free("old_homes"),
    "old homes, no new land": free("old_homes", land__quota=0.0),
    "borrowed works": free("large_works"),
    "own money only": package("large_works"),
    "bonds": replace(package("large_works"), assumptions=named(ROOM)),
    "room to borrow": trend(**ROOM),
    "dear services": trend(fiscal__spending_growth=0.05),
    "dear services, bonds": trend(fiscal__spending_growth=0.05, fiscal__debt_cap=2.0),
    "little land": trend(land__quota=0.001),
    "tight boundary": trend(land__boundary=1.02),
}

# plan, input raised, to what, and for each outcome its sign
ROWS = [
    # firms are drawn to the jobs that employers want: nothing here moves output
    ("trend", "firms.exit_hazard", 0.12, {"exits": +1, "firms": -1, "output": 0}),
    ("trend", "firms.exit_hazard", 0.12, {"jobs created": +1, "jobs destroyed": +1}),
    ("trend", "firms.exit_size_slope", -0.1, {"exits": -1, "firms": +1}),
    ("trend", "firms.exit_youth", 0.8, {"exits": +1, "firms": -1}),
    ("trend", "firms.exit_state", 0.0, {"exits": +1, "state jobs": -1, "firms": -1}),
    # by the fourth year three sectors of four want fewer jobs, as the labour force shrinks
    ("trend", "firms.exit_growth", 3.0, {"exits": +1}),
    ("trend", "firms.entry_rate", 0.12, {"entries": +1, "firms": +1, "output": 0}),
    ("trend", "firms.entrant_exponent", 3.3, {"small firms": +1, "firms": -1}),
    ("trend", "firms.fall", 0.16, {"jobs destroyed": +1, "jobs created": +1}),
    ("trend", "firms.step_size_slope", 0.0, {"jobs destroyed": +1, "jobs created": +1}),
    ("trend", "firms.size_exponent", 2.5, {"firms": +1, "small firms": +1}),
    ("trend", "firms.least_size", 4.0, {"firms": -1, "small firms": -1}),
    ("trend", "firms.maturing", 0.6, {"exits": -1, "firms": +1, "technology firms": +1}),
    ("trend", "firms.state_share", 0.15, {"state jobs": +1, "exits": -1}),
    ("trend", "firms.state_size_slope", 0.8, {"state jobs": +1}),
    ("trend", "firms.state_entry", 0.1, {"state jobs": +1, "exits": -1}),
    ("trend", "firms.ownership_reform", 0.1, {"state jobs": -1, "exits": +1}),
    ("trend", "siting.reconsidering", 0.02, {"firms that move": +1, "output": 0}),
    ("trend", "siting.moving_cost", 1.5, {"firms that move": -1}),
    ("park", "siting.cluster_weight", 0.9, {"entries in the park": +1}),
    ("freight hub", "siting.access_weight", 1.0, {"entries in link": +1}),
    # weights below zero: raised, they deter less
    ("dear sites", "siting.land_weight", 0.0, {"entries in city b": -1}),
    ("laboratory", "siting.wage_weight", -0.1, {"entries in city a": +1}),
    # a rung is a label: who climbs still counts on the rung below
    ("trend", "ladder.to_tech_sme", 0.06, {"technology firms": +1, "firms": 0}),
    ("trend", "ladder.to_high_tech", 0.16, {"high-tech firms": +1, "technology firms": 0}),
    ("trend", "ladder.to_young_eagle", 0.04, {"young eagles": +1, "high-tech firms": 0}),
    ("trend", "ladder.to_gazelle", 0.06, {"gazelles": +1, "young eagles": 0}),
    ("trend", "ladder.to_unicorn", 0.02, {"unicorns": +1, "gazelles": 0}),
    ("trend", "ladder.recognised_elsewhere", 0.8, {"technology firms": +1}),
    ("trend", "ladder.high_tech_share", 0.7, {"high-tech firms": +1}),
    ("trend", "ladder.young_eagle_share", 0.16, {"young eagles": +1}),
    ("trend", "ladder.gazelle_share", 0.24, {"gazelles": +1}),
    ("trend", "ladder.unicorn_share", 0.1, {"unicorns": +1}),
    # the inventory fixes the carbon of the base year: dirtier energy there is less of it
    ("trend", "environment.grid_factor", 1.0, {"energy": -1, "carbon dioxide": -1}),
    ("trend", "environment.grid_years", 60, {"carbon dioxide": +1, "energy": 0}),
    ("trend", "environment.coal_factor", 3.0, {"energy of sectors": -1, "carbon dioxide": +1}),
    ("trend", "environment.oil_factor", 2.5, {"energy of sectors": -1}),
    ("trend", "environment.gas_factor", 1.9, {"energy of sectors": -1}),
    ("trend", "environment.heat_per_degree_day", 0.006, {"fuel for heat": +1}),
    ("trend", "environment.heat_per_degree_day", 0.006, {"energy of sectors": -1}),
    ("trend", "environment.heated_share", 0.95, {"fuel for heat": +1, "energy of sectors": -1}),
    ("trend", "environment.heat_gain", 0.03, {"fuel for heat": -1, "carbon dioxide": -1}),
    ("trend", "environment.coal_in_heat", 0.95, {"energy of sectors": -1, "fuel for heat": 0}),
    ("trend", "environment.car_travel", 4.0, {"fuel of cars": +1, "energy of sectors": -1}),
    ("trend", "environment.working_days", 300, {"fuel of cars": +1}),
    ("trend", "environment.fuel_per_km", 0.1, {"fuel of cars": +1}),
    ("trend", "environment.car_gain", 0.05, {"fuel of cars": -1, "carbon dioxide": -1}),
    # what is lost or was little before makes policy's part of the stock weigh more
    ("trend", "innovation.depreciation", 0.3, {"research": -1, "output": 0}),
    ("laboratory", "innovation.depreciation", 0.3, {"output of the core": +1}),
    ("trend", "innovation.past_growth", 0.1, {"research": -1, "output": 0}),
    ("laboratory", "innovation.past_growth", 0.1, {"output of the core": +1}),
    ("laboratory", "industry.research_elasticity", 0.1, {"output of the core": +1}),
    ("trend", "industry.research_elasticity", 0.1, {"output": 0}),
    ("trend", "industry.capital_output_ratio", 3.5, {"investment": +1, "output": 0}),
    ("trend", "industry.labour_share_shift", 0.1, {"labour income": +1}),
    ("lower fees", "industry.investment_response", 0.6, {"capital of city b": +1}),
    ("public works", "industry.public_capital_ratio", 1.6, {"output of city b": -1}),
    ("public works", "industry.public_capital_elasticity", 0.2, {"output of city b": +1}),
    ("trend", "industry.public_capital_elasticity", 0.2, {"output": 0}),
    ("freight hub", "industry.market_access_elasticity", 0.3, {"output of link": +1}),
    ("faster roads", "productivity.market_rivalry", 1.0, {"output": -1}),
    ("trend", "productivity.diffusion_time", 50, {"gap between zones": +1}),
    ("trend", "productivity.gap_closing", 3.0, {"output": +1}),
    ("local parts", "linkages.location_exponent", 0.5, {"orders of parts": -1}),
    ("trend", "linkages.location_exponent", 0.5, {"local parts": 0}),
    ("local parts", "linkages.value_added_shift", 0.2, {"orders of parts": -1}),
    ("local parts", "linkages.localisation_cost", 0.1, {"cost of parts": +1, "output": -1}),
    ("local parts", "linkages.utilisation_response", 1.0, {"created supply": +1}),
    ("local parts", "linkages.utilisation_response", 1.0, {"displaced supply": -1}),
    ("trend", "farming.outside_pay", 0.9, {"farm jobs": -1}),
    # people are fewer: needs that do not follow them are greater
    ("trend", "fiscal.fixed_spending", 0.9, {"need of spending": +1}),
    # what land brings in the base year is spent in it, and that need grows as all needs do
    ("trend", "fiscal.land_net", 0.5, {"land income": +1, "need of spending": +1}),
    ("dear services, bonds", "fiscal.land_net", 0.5, {"debt": +1}),
    ("trend", "fiscal.debt_ratio", 0.5, {"debt": +1, "need of spending": 0}),
    ("room to borrow", "fiscal.debt_ratio", 0.5, {"room to borrow": -1}),
    ("trend", "fiscal.debt_cap", 2.0, {"room to borrow": +1, "debt": 0}),
    ("dear services", "fiscal.debt_cap", 2.0, {"debt": +1, "services not paid": -1}),
    ("dear services", "fiscal.transfer_growth", 0.05, {"services not paid": -1, "transfers": +1}),
    ("dear services, bonds", "fiscal.interest", 0.1, {"need of spending": +1, "debt": +1}),
    ("borrowed works", "fiscal.interest", 0.1, {"need of spending": +1}),
    ("borrowed works", "fiscal.multiplier", 1.8, {"output": +1}),
    ("bonds", "fiscal.multiplier", 1.8, {"output": +1}),
    ("own money only", "fiscal.multiplier", 1.8, {"output": 0}),
    ("own money only", "policy.budget_share", 0.1, {"paid for the package": +1}),
    ("own money only", "policy.budget_share", 0.1, {"services not paid": +1, "debt": 0}),
    ("own money only", "policy.bond_share", 0.2, {"paid for the package": 0}),
    ("own money only", "policy.land_budget_share", 0.5, {"public capital": +1}),
    ("bonds", "policy.bond_share", 0.2, {"paid for the package": +1, "debt": +1}),
    ("bonds", "policy.budget_share", 0.1, {"paid for the package": +1}),
    ("park", "policy.external_validity", 0.9, {"park jobs": +1, "output": +1}),
    ("park", "policy.displacement", 0.9, {"same jobs elsewhere": -1, "output": -1}),
    # demand outruns the stock in the toy, and prices rise
    ("trend", "housing.price_elasticity", -0.5, {"house prices": +1}),
    ("trend", "housing.price_adjustment", 0.6, {"house prices": +1}),
    ("trend", "housing.price_momentum", 0.7, {"house prices": +1}),
    ("trend", "housing.household_economies", 1.0, {"house prices": +1}),
    ("below cost", "housing.decline_elasticity", 0.4, {"floor space of city b": -1}),
    ("old homes", "housing.renewal_appeal", 0.3, {"house price of the core": +1}),
    ("old homes, no new land", "housing.renewal_density", 3.0, {"floor space of the core": +1}),
    ("trend", "land.residential_share", 0.6, {"built-up land": -1}),
    ("trend", "land.floor_area_ratio", 3.0, {"built-up land": -1}),
    ("trend", "land.farm_price", 200, {"land prices of city b": +1, "land sales": +1}),
    ("little land", "land.quota", 0.002, {"floor space": +1, "built-up land": +1}),
    ("tight boundary", "land.boundary", 1.1, {"built-up land": +1, "floor space": +1}),
]


@pytest.fixture(scope="module")
def lived(tiny):
    """Worlds after four years, each lived once: of a plan, or of a plan with an input raised."""

    @cache
    def world(plan, name=None, value=None):
        scenario = PLANS[plan]
        raised = {} if name is None else {name: value}
        return after(tiny, 4, replace(scenario, assumptions={**scenario.assumptions, **raised}))

    return world


@pytest.mark.parametrize(
    ("plan", "name", "value", "outcome", "sign"),
    [(*row, outcome, sign) for *row, signs in ROWS for outcome, sign in signs.items()],
)
def test_input(lived, plan, name, value, outcome, sign):
    measure = MEASURES[outcome]
    assert direction(measure(lived(plan, name, value)), measure(lived(plan))) == sign


def test_every_row_raises_its_input(tiny):
    for plan, name, value, _ in ROWS:
        process, _, parameter = name.partition(".")
        held = getattr(world_of(tiny, PLANS[plan]).params[process], parameter)
        assert np.all(value > held), (plan, name)
