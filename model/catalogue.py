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
    job, cell, by_class = ("sector", "zone"), ("place", "sex", "age"), ("hukou", "zone")
    # fmt: off
    return (
        # people
        v("people", cell, "persons", "stock", "people by cell, regions included", "sum", "never"),
        v("population", zone, "persons", "stock", "resident population"),
        v("population_by_age", ("city", "sex", "age"), "persons", "stock",
          "resident population by sex and single year of age", "sum", "detail"),
        v("population_by_education", ("city", "education", "age"), "persons", "stock",
          "resident population by level of education and age", "sum", "detail"),
        v("residents_by_hukou", by_class, "persons", "stock",
          "resident population by where it is registered", "sum", "detail"),
        v("registered", city, "persons", "stock", "registered (hukou) population"),
        v("floating", zone, "persons", "stock",
          "residents registered in another city or province"),
        v("living_away", ("seat", "city"), "persons", "stock",
          "registered in a city, living in another city or region", "none", "detail"),
        v("urban_population", zone, "persons", "stock", "urban residents"),
        v("registered_urban", city, "persons", "stock", "registered people of urban status"),
        v("external_population", ("region",), "persons", "stock", "people of external regions"),
        v("households", zone, "households", "stock", "family households"),
        v("household_size", zone, "persons per household", "rate",
          "persons per family household", "none"),
        v("households_by_size", ("zone", "members"), "households", "stock",
          "family households by size", "sum", "detail"),
        v("survivorship", cell, "1", "rate", "probability of surviving the year", "none", "never"),
        v("newborn_survival", ("sex",), "1", "rate",
          "probability that a child born this year is alive at its end", "none", "never"),
        v("school_entry", ("education",), "1", "rate",
          "probability of entering a level from the one before", "none", "never"),
        v("total_fertility_rate", city, "births per woman", "rate",
          "total fertility rate", "none"),
        v("fertility_level", (), "births per woman", "stock",
          "fertility of the study area before city offsets", "none", "never"),
        v("fertility_rate", ("place", "education", "age"), "1/yr", "rate",
          "births per woman and year of age", "none", "never"),
        v("early_births", ("hukou", "place", "age"), "persons", "flow",
          "births to women where they lived at the start of the year", "sum", "never"),
        v("births", zone, "persons", "flow", "births"),
        v("births_by_age", ("zone", "age"), "persons", "flow",
          "births by age of mother", "sum", "detail"),
        v("births_by_hukou", by_class, "persons", "flow",
          "births by registration of the mother", "sum", "never"),
        v("births_outside", ("region",), "persons", "flow",
          "births in the external regions", "sum", "never"),
        v("deaths", zone, "persons", "flow", "deaths of people alive at the start of the year"),
        v("deaths_by_age", ("zone", "sex", "age"), "persons", "flow",
          "deaths by sex and age at the start of the year", "sum", "detail"),
        v("deaths_by_hukou", by_class, "persons", "flow",
          "deaths by registration", "sum", "never"),
        v("infant_deaths", zone, "persons", "flow", "deaths of children born during the year"),
        v("infant_deaths_by_hukou", by_class, "persons", "flow",
          "deaths of children born during the year by registration", "sum", "never"),
        v("conversions_by_hukou", by_class, "persons", "flow",
          "people who became local, by registration before", "sum", "never"),
        v("hukou_conversions", zone, "persons", "flow", "people who became local"),
        v("moves", ("place", "place"), "persons", "flow",
          "people moving between places", "none", "never"),
        v("moves_by_hukou", ("hukou", "place", "place"), "persons", "flow",
          "people moving between places by registration before", "none", "never"),
        v("homecoming", ("hukou", "place", "place"), "persons", "flow",
          "those of them who arrive where they are registered", "none", "never"),
        v("arrivals", zone, "persons", "flow", "people arriving from another place"),
        v("arrivals_by_age", ("zone", "sex", "age"), "persons", "flow",
          "people arriving from another place by sex and age", "sum", "detail"),
        v("arrivals_by_hukou", by_class, "persons", "flow",
          "people arriving from another place by registration after", "sum", "detail"),
        v("departures_by_hukou", by_class, "persons", "flow",
          "people leaving for another place by registration before", "sum", "detail"),
        v("departures", zone, "persons", "flow", "people leaving for another place"),
        v("departures_by_age", ("zone", "sex", "age"), "persons", "flow",
          "people leaving for another place by sex and age", "sum", "detail"),
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
        v("participation", ("zone", "education", "sex", "age"), "1", "rate",
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
        v("registered_unemployment", zone, "1", "rate",
          "unemployment rate as registered: an assumed share of the surveyed one", "none"),
        v("capital", job, "1e8 yuan of 2020", "stock", "capital"),
        v("investment", job, "1e8 yuan of 2020", "flow",
          "investment in capital, replacement included", "sum", "detail"),
        v("utilisation", job, "1", "rate",
          "output over what capital and labour usually make", "none", "never"),
        v("local_supply_rate", ("sector",), "1", "rate",
          "share of parts bought inside the area, by user; zero for other sectors", "none"),
        v("input_cost", ("sector",), "log", "rate",
          "cost of buying parts inside the area beyond the usual share", "none", "never"),
        v("supply_created", (), "1e8 yuan of 2020", "flow",
          "value added by suppliers for a local supply share beyond the base year's", "none"),
        v("supply_displaced", (), "1e8 yuan of 2020", "flow",
          "value added of orders beyond that, which other customers go without", "none"),
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
        # housing and land
        v("household_income", zone, "1e8 yuan of 2020", "flow",
          "earnings of residents, wherever they work"),
        v("housing_floor_space", zone, "m2", "stock", "floor space of dwellings"),
        v("occupied_floor_space", zone, "m2", "stock", "floor space lived in"),
        v("vacancy_rate", zone, "1", "rate", "share of floor space nobody lives in", "none"),
        v("housing_price", zone, "yuan of 2020/m2", "rate", "price of floor space", "none"),
        v("housing_price_change", zone, "log/yr", "rate",
          "log change of the price of floor space", "none", "never"),
        v("relative_housing_price", zone, "1", "rate",
          "price of floor space over that of the base year", "none", "detail"),
        v("housing_value", zone, "1e8 yuan of 2020", "stock", "value of the dwellings lived in"),
        v("building_cost", zone, "yuan of 2020/m2", "rate",
          "cost of building a dwelling", "none", "detail"),
        v("construction", zone, "m2", "flow", "floor space completed"),
        v("demolition", zone, "m2", "flow", "floor space pulled down"),
        v("floor_space_on_new_sites", zone, "m2", "flow",
          "floor space completed on land newly sold", "sum", "detail"),
        v("land_available", zone, "km2", "flow",
          "land that may be built over: quota and growth boundary", "sum", "detail"),
        v("land_taken", zone, "km2", "flow", "land newly built over", "sum", "detail"),
        v("built_up_area", zone, "km2", "stock", "land built over"),
        v("land_price", zone, "yuan of 2020/m2", "rate", "price of housing land", "none"),
        v("land_revenue", zone, "1e8 yuan of 2020", "flow", "land sold"),
        # research, energy and carbon dioxide
        v("research_spending", zone, "1e8 yuan of 2020", "flow",
          "spending on research and development"),
        v("research_stock", zone, "1e8 yuan of 2020", "stock", "stock of research"),
        v("research_trend", zone, "1e8 yuan of 2020", "stock",
          "stock of research without policies", "sum", "never"),
        v("sector_energy", job, "Mtce", "flow", "energy of sectors", "sum", "detail"),
        v("heat_energy", zone, "Mtce", "flow", "fuel for heating dwellings"),
        v("car_energy", zone, "Mtce", "flow", "fuel of cars"),
        v("energy_use", zone, "Mtce", "flow", "energy of sectors, homes and cars"),
        v("coal_use", zone, "Mtce", "flow", "coal burnt by sectors and for heat"),
        v("co2_emissions", zone, "Mt", "flow", "carbon dioxide, production-based"),
        v("grid_factor", (), "t/MWh", "rate", "carbon dioxide of the grid", "none"),
        # governments and policy
        v("budget_revenue", city, "1e8 yuan of 2020", "flow",
          "general public budget revenue, 2020 prices"),
        v("budget_revenue_nominal", city, "1e8 yuan", "flow", "general public budget revenue"),
        v("policy_budget", city, "1e8 yuan of 2020", "flow",
          "what a government can spend on the package"),
        v("policy_cost", city, "1e8 yuan of 2020", "flow", "what the package would cost in full"),
        v("policy_spending", city, "1e8 yuan of 2020", "flow", "what is spent on the package"),
        v("realised_share", city, "1", "rate", "share of the package's cost that is paid", "none"),
        v("transfers", city, "1e8 yuan of 2020", "flow", "transfers from higher governments"),
        v("land_income", city, "1e8 yuan of 2020", "flow",
          "land sales less what the land cost"),
        v("spending_need", city, "1e8 yuan of 2020", "flow",
          "what services and interest would cost in full"),
        v("other_spending", city, "1e8 yuan of 2020", "flow", "spending outside the package"),
        v("unmet_spending", city, "1e8 yuan of 2020", "flow",
          "services and interest that cannot be paid"),
        v("spending_demand", zone, "1e8 yuan of 2020", "flow",
          "local demand made by policy spending that is borrowed", "sum", "detail"),
        v("demand_lift", job, "log", "rate",
          "output of local sectors added by that demand, a year later", "none", "never"),
        v("borrowing", city, "1e8 yuan of 2020", "flow", "spending beyond receipts"),
        v("borrowing_room", city, "1e8 yuan of 2020", "stock",
          "what may still be borrowed under the cap on debt", "sum", "detail"),
        v("debt", city, "1e8 yuan of 2020", "stock", "debt of the governments"),
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
    "local_supply": (("zone",), "1", "added to the share of parts bought in the study area"),
    "entry": (("sector", "zone"), "log", "log points of the rate at which firms are founded"),
    "exit": (("sector", "zone"), "log", "log points of the rate at which firms close"),
    "ladder": (("zone",), "log", "log odds of a technology firm rising by one rung"),
    "housing_cost": (("zone",), "log", "log change of the cost of housing"),
    "land_supply": (("zone",), "log", "log points of land that can be built on"),
    "renewal": (("zone",), "1", "share of old housing renewed"),
    "energy_efficiency": (("sector", "zone"), "log", "log points of energy saved per output"),
    "clean_heat": (("zone",), "1", "share of heat moved from coal to clean sources"),
    "coal_share": (("zone",), "1", "change of coal's share in final energy"),
    "realisation": ((), "1", "added to the realised share of other levers"),
    "delay": ((), "yr", "years added to the delay of other levers"),
}
# Read by the policies themselves: they change how plans come about, and nothing else.
GOVERNANCE = ("realisation", "delay")
CATALOGUE |= {
    f"policy_{name}": Variable(f"policy_{name}", dims, unit, "rate", text, "none", "never")
    for name, (dims, unit, text) in CHANNELS.items()
}

UNITS = frozenset(variable.unit for variable in CATALOGUE.values()) | {
    "t/tce", "kgce/m2", "kgce/km", "tce per 1e4 yuan",
    "1/yr", "1/min", "yr", "km", "km/h", "persons/yr", "log/yr", "utility/yr", "share",
}  # fmt: skip
