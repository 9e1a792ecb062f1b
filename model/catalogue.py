"""The catalogue: every variable of the model, declared once.

Name, axes (after the leading ``draw``), unit, stock or flow, meaning, how it adds up over
zones, and whether it is kept in every result or only in detailed ones.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["stock", "flow", "rate"]
Sum = Literal["sum", "mean", "none"]
Keep = Literal["always", "detail", "never"]


@dataclass(frozen=True, slots=True)
class Variable:
    """One declared variable. ``dims`` leaves out the leading ``draw``."""

    name: str
    dims: tuple[str, ...]
    unit: str
    kind: Kind
    long_name: str
    over_zones: Sum = "sum"
    keep: Keep = "always"


def _rows() -> tuple[Variable, ...]:
    v = Variable
    zone, city, pair = ("zone",), ("city",), ("zone", "to_zone")
    job, cell = ("sector", "zone"), ("place", "sex", "age")
    # fmt: off
    return (
        # people
        v("people", cell, "persons", "stock", "people by cell, regions included", "sum", "never"),
        v("population", zone, "persons", "stock", "resident population"),
        v("population_by_age", ("city", "sex", "age"), "persons", "stock",
          "resident population by sex and single year of age", "sum", "detail"),
        v("external_population", ("region",), "persons", "stock", "people of external regions"),
        v("survivorship", cell, "1", "rate", "probability of surviving the year", "none", "never"),
        v("newborn_survival", ("sex",), "1", "rate",
          "probability that a child born this year is alive at its end", "none", "never"),
        v("total_fertility_rate", city, "births per woman", "rate",
          "total fertility rate", "none"),
        v("fertility_level", (), "births per woman", "stock",
          "fertility of the study area before city offsets", "none", "never"),
        v("fertility_rate", ("place", "age"), "1/yr", "rate",
          "births per woman and year of age", "none", "never"),
        v("early_births", ("place",), "persons", "flow",
          "births to women where they lived at the start of the year", "sum", "never"),
        v("births", zone, "persons", "flow", "births"),
        v("deaths", zone, "persons", "flow", "deaths of people alive at the start of the year"),
        v("infant_deaths", zone, "persons", "flow", "deaths of children born during the year"),
        v("moves", ("place", "place"), "persons", "flow",
          "people moving between places", "none", "never"),
        v("arrivals", zone, "persons", "flow", "people arriving from another place"),
        v("departures", zone, "persons", "flow", "people leaving for another place"),
        v("external_net_migration", zone, "persons", "flow",
          "net arrivals from the external regions"),
        v("attractiveness", ("place",), "utility", "stock",
          "fixed effect of a place, inverted in the base year", "none", "never"),
        # commuting and access
        v("road_time", pair, "minutes", "rate", "door-to-door time by road", "none", "detail"),
        v("transit_time", pair, "minutes", "rate",
          "door-to-door time by rail, metro or bus", "none", "detail"),
        v("commuting_cost", pair, "minutes", "rate",
          "time over modes, as one generalised cost", "none", "never"),
        v("travel_time_to_core", zone, "minutes", "rate",
          "shortest door-to-door time to the core zone", "none"),
        v("station_time_to_core", zone, "minutes", "rate",
          "time to the core zone, rail journeys counted from station to station", "none"),
        v("population_within_hour", (), "1", "rate",
          "share of residents within 60 minutes of the core, door to door", "none"),
        v("commuters", pair, "persons", "flow",
          "employed residents by place of work", "none", "detail"),
        v("commuters_in", zone, "persons", "flow", "workers coming from another zone"),
        v("commuters_out", zone, "persons", "flow", "employed residents leaving their zone"),
        v("mean_commute", zone, "minutes", "rate",
          "mean one-way commuting time of residents", "none"),
        v("income_access", zone, "1", "rate",
          "expected income within reach by commuting, relative to the base year", "none"),
        # work and production
        v("labour_force", zone, "persons", "stock", "labour force by residence"),
        v("labour_supply", zone, "persons", "stock",
          "labour force in expectation", "sum", "never"),
        v("participation", ("zone", "sex", "age"), "1", "rate",
          "labour-force participation", "none", "never"),
        v("labour_demand", job, "persons", "rate",
          "jobs that employers want to fill", "sum", "never"),
        v("jobs", job, "persons", "stock",
          "jobs by place of work (branches of manufacturing: an assumed split)"),
        v("expected_jobs", job, "persons", "stock",
          "jobs in expectation, on which wages and output rest", "sum", "never"),
        v("employed_residents", zone, "persons", "stock", "employed people by residence"),
        v("unemployment_rate", zone, "1", "rate",
          "unemployment rate by residence (surveyed)", "none"),
        v("workplace_unemployment", zone, "1", "rate",
          "share of seekers at a workplace without a job", "none", "never"),
        v("wage", zone, "yuan of 2020/year", "rate", "wage by place of work", "none"),
        v("capital", job, "1e8 yuan of 2020", "stock", "capital"),
        v("public_capital", zone, "1e8 yuan of 2020", "stock", "public capital"),
        v("public_capital_trend", zone, "1e8 yuan of 2020", "stock",
          "public capital without policies", "sum", "never"),
        v("productivity", job, "log", "stock",
          "log of total factor productivity, own part", "none", "never"),
        v("effective_productivity", job, "log", "rate",
          "log of total factor productivity, density and policies included", "none", "never"),
        v("output", job, "1e8 yuan of 2020", "flow",
          "value added (branches of manufacturing: an assumed split)"),
        v("output_value", job, "1e8 yuan of 2020", "flow",
          "value added at the year's relative prices", "sum", "never"),
        v("sector_price", ("sector",), "1", "rate",
          "price of a sector relative to all output", "none", "never"),
        v("labour_income", job, "1e8 yuan of 2020", "flow", "labour's share of value added"),
        v("capital_income", job, "1e8 yuan of 2020", "flow", "capital's share of value added"),
        v("gdp_real", zone, "1e8 yuan of 2020", "flow", "gross domestic product at 2020 prices"),
        v("gdp_nominal", zone, "1e8 yuan", "flow", "gross domestic product at current prices"),
        v("deflator", (), "1", "stock", "price level of output, 2020 = 1", "none"),
        # firms
        v("posts", job, "persons", "rate",
          "jobs that firms offer, in expectation", "sum", "never"),
        v("firms", job, "establishments", "stock", "establishments"),
        v("firm_jobs", job, "persons", "stock", "jobs in establishments, filled or not", "sum",
          "detail"),
        v("firms_by_size", ("zone", "size_class"), "establishments", "stock",
          "establishments by size class", "sum", "detail"),
        v("technology_firms", ("city", "stage"), "establishments", "stock",
          "technology firms on a rung of the ladder or above"),
        v("state_job_share", job, "1", "rate",
          "share of jobs in state-owned establishments", "none", "detail"),
        v("firm_entries", job, "establishments", "flow", "establishments that open", "sum",
          "detail"),
        v("firm_exits", job, "establishments", "flow", "establishments that close", "sum",
          "detail"),
        v("firm_departures", zone, "establishments", "flow",
          "establishments that move to another zone"),
        v("firm_arrivals", zone, "establishments", "flow",
          "establishments that come from another zone"),
        v("jobs_created", job, "persons", "flow",
          "jobs of entrants and of establishments that grow", "sum", "detail"),
        v("jobs_destroyed", job, "persons", "flow",
          "jobs lost by exits and by establishments that shrink", "sum", "detail"),
        # governments and policy
        v("budget_revenue", city, "1e8 yuan of 2020", "flow",
          "general public budget revenue, 2020 prices"),
        v("budget_revenue_nominal", city, "1e8 yuan", "flow", "general public budget revenue"),
        v("policy_budget", city, "1e8 yuan of 2020", "flow",
          "what a government can spend on the package"),
        v("policy_cost", city, "1e8 yuan of 2020", "flow", "what the package would cost in full"),
        v("policy_spending", city, "1e8 yuan of 2020", "flow", "what is spent on the package"),
        v("other_spending", city, "1e8 yuan of 2020", "flow", "spending outside the package"),
        v("borrowing", city, "1e8 yuan of 2020", "flow", "spending beyond revenue"),
        v("debt", city, "1e8 yuan of 2020", "stock", "debt run up by policy since the base year"),
    )
    # fmt: on


CATALOGUE: dict[str, Variable] = {row.name: row for row in _rows()}

CHANNELS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "road_time": (("zone", "to_zone"), "log", "log change of door-to-door road time"),
    "transit_time": (("zone", "to_zone"), "log", "log change of door-to-door transit time"),
    "productivity": (("sector", "zone"), "log", "log points of productivity, level"),
    "productivity_growth": (("sector", "zone"), "log/yr", "log points of productivity a year"),
    "market_access": (("zone",), "log", "log points of external market access"),
    "research": (("zone",), "log", "log points of the research stock"),
    "user_cost": (("sector", "zone"), "log", "log points of the user cost of capital"),
    "investment": (("zone",), "1e8 yuan of 2020", "public investment a year"),
    "amenity": (("zone",), "utility", "utility of living in a zone"),
    "hukou_opening": (("zone",), "1", "share of the hukou penalty removed"),
    "border_opening": (("zone", "to_zone"), "1", "share of the city-border penalty removed"),
    "fertility": (("zone",), "births per woman", "children per woman"),
    "entry": (("sector", "zone"), "log", "log of the entries of firms"),
    "exit": (("sector", "zone"), "log", "log of the exit hazard of firms"),
    "ladder": (("zone",), "log", "log odds of promotion of technology firms"),
    "realisation": ((), "1", "added to the realised share of other levers"),
}
CATALOGUE |= {
    f"policy_{name}": Variable(f"policy_{name}", dims, unit, "rate", text, "none", "never")
    for name, (dims, unit, text) in CHANNELS.items()
}

UNITS = frozenset(variable.unit for variable in CATALOGUE.values()) | {
    "1/yr", "1/min", "yr", "km", "km/h", "persons/yr", "log/yr", "utility/yr", "share",
}  # fmt: skip
