"""Direction of response of the economy: each input up, the expected sign of each outcome.

One row, one input, everything else as in the trend of the toy area. A dot claims nothing. The
toy's labour is scarce and its prices of housing rise; where that matters the row says so.
"""

from dataclasses import replace

import numpy as np
import pytest

from tests.worlds import after, package, trend

OUTCOMES = {
    "output": lambda w: w["gdp_real"].sum(),
    "capital": lambda w: w["capital"].sum(),
    "jobs": lambda w: w["jobs"].sum(),
    "wages": lambda w: w["wage"].mean(),
    "unemployed": lambda w: w["unemployment_rate"].mean(),
    "firms": lambda w: w["firms"].sum(),
    "prices": lambda w: w["housing_price"].mean(),
    "floor": lambda w: w["housing_floor_space"].sum(),
    "land": lambda w: w["built_up_area"].sum(),
    "revenue": lambda w: w["budget_revenue"].sum(),
    "debt": lambda w: w["debt"].sum(),
    "unmet": lambda w: w["unmet_spending"].sum(),
    "research": lambda w: w["research_stock"].sum(),
    "energy": lambda w: w["energy_use"].sum(),
    "carbon": lambda w: w["co2_emissions"].sum(),
}
# An input is a lever of the toy, or an assumption with its value; years from 2020 on.
TABLE = """
input                                 years  output capital jobs wages unemployed firms  prices floor land  revenue debt unmet  research energy carbon
# production
industry.frontier_growth=0.03           4      +       +     +     +       -        +      +      +     +      +      0     0       +       +      +
industry.capital_growth=0.04            4      +       +     +     +       -        +      +      +     +      +      0     0       +       +      +
industry.inflation=0.03                 4      0       0     0     0       0        0      0      0     0      0      0     0       0       0      0
lower_fees (user cost of capital)       4      +       +     +     +       -        +      +      +     +      +      0     0       +       +      +
large_works (public capital)            4      +       +     +     +       -        +      +      +     +      +      +     0       +       +      +
freight_hub (market access)             4      +       +     +     +       -        +      +      +     +      +      0     0       +       +      +
park (productivity of a zone)           4      +       +     .     +       .        .      +      +     +      +      0     0       +       +      +
laboratory (research)                   4      +       +     +     +       -        +      +      +     +      +      0     0       +       +      +
innovation.intensity_growth=0.05        4      0       0     0     0       0        0      0      0     0      0      0     0       +       0      0
# nearness: more people, so more jobs near each other, and more hands for the same capital
migration.external_drift=-0.05          4      +       +     +     -       +        +      +      +     +      +      0     0       +       +      +
# firms: entry and exit move their number, never the jobs that are wanted
firms.entry_rate=0.14                   4      0       0     0     0       0        +      0      0     0      0      0     0       0       0      0
firms.exit_hazard=0.12                  4      0       0     0     0       0        -      0      0     0      0      0     0       0       0      0
incubators (entry)                      4      0       0     0     0       0        +      0      0     0      0      0     0       0       0      0
shake_out (exit)                        4      0       0     0     0       0        -      0      0     0      0      0     0       0       0      0
# linkages: orders fill what capacity there is, at a unit cost
local_parts (local supply)              4      +       .     .     +       .        .      +      +     +      +      0     0       .       +      +
# work; unemployment is below the usual, so that a steeper wage curve makes labour dearer
labour.wage_curve=-0.2                  4      -       -     -     +       +        -      .      .     .      -      0     0       -       -      -
labour.adjustment=0.8                   4      +       +     +     +       -        +      +      +     +      +      0     0       +       +      +
farming.outside_pay=0.9                 4      +       +     +     -       .        .      .      .     .      +      0     0       +       +      +
matching.base_unemployment=0.08         4      .       .     .     .       +        .      .      .     .      .      0     0       .       .      .
participation.retirement_uptake=1       8      +       .     +     -       +        .      .      .     .      +      0     0       .       +      +
# housing and land
households.size_fall=0.05               4      .       .     .     .       .        .      +      +     +      .      0     0       .       +      +
housing.income_elasticity=1.5           4      .       .     .     .       .        .      +      +     +      .      0     0       .       +      +
housing.supply_elasticity=2             4      .       .     .     .       .        .      -      +     +      .      0     0       .       +      +
land_release (land supply)              4      .       .     .     .       .        .      -      +     +      .      0     0       .       +      +
land.quota=0.001                        3      .       .     .     .       .        .      +      -     -      .      0     +       .       -      -
# budgets
fiscal.revenue_drift=0.01               4      0       0     0     0       0        0      0      0     0      +      0     0       0       0      0
fiscal.transfer_growth=-0.05            4      0       0     0     0       0        0      0      0     0      0      0     +       0       0      0
fiscal.spending_growth=0.05             4      0       0     0     0       0        0      0      0     0      0      0     +       0       0      0
fiscal.debt_cap=0.1                     4      0       0     0     0       0        0      0      0     0      0      0     0       0       0      0
# energy
environment.efficiency_gain=0.06        4      0       0     0     0       0        0      0      0     0      0      0     0       0       -      -
environment.grid_end=0.05               4      0       0     0     0       0        0      0      0     0      0      0     0       0       0      -
saving (of energy)                      4      0       0     0     0       0        0      0      0     0      0      0     0       0       -      -
warm_rivers (clean heat)                4      0       0     0     0       0        0      0      0     0      0      0     0       0       0      -
less_coal (share of coal)               4      0       0     0     0       0        0      0      0     0      0      0     0       0       0      -
"""  # noqa: E501


def rows():
    head, *lines = [line for line in TABLE.strip().splitlines() if not line.startswith("#")]
    names = head.split()[2:]
    assert names == list(OUTCOMES)
    for line in lines:
        *words, years = line[: head.index("years") + 5].split()
        cells = line[head.index("years") + 5 :].split()
        yield pytest.param(words[0], int(years), dict(zip(names, cells, strict=True)), id=words[0])


def scenario_of(text):
    name, given, value = text.partition("=")
    if given:
        return trend(**{name.replace(".", "__", 1): float(value)})
    return package(name, budget="unlimited")


@pytest.fixture(scope="module")
def base(tiny):
    return {years: after(tiny, years) for years in (3, 4, 8)}


@pytest.mark.parametrize(("text", "years", "expected"), list(rows()))
def test_signs(tiny, base, text, years, expected):
    world = after(tiny, years, scenario_of(text))
    found = {}
    for name, of in OUTCOMES.items():
        new, old = float(of(world)), float(of(base[years]))
        sign = 0 if np.isclose(new, old, rtol=1e-9, atol=1e-12) else int(np.sign(new - old))
        found[name] = {1: "+", -1: "-", 0: "0"}[sign]
    claimed = {name: cell for name, cell in expected.items() if cell != "."}
    assert {name: found[name] for name in claimed} == claimed


def test_a_higher_cap_on_debt_pays_for_more(tiny):
    """With a package that receipts cannot pay: more is borrowed, spent and produced."""
    low, high = (after(tiny, 4, trend_with_works(cap)) for cap in (0.3, 1.5))  # of output
    for name in ("debt", "policy_spending", "gdp_real"):
        assert high[name].sum() > low[name].sum(), name
    assert low["realised_share"].min() < high["realised_share"].min() <= 1


def trend_with_works(cap):
    return replace(package("large_works"), assumptions={"fiscal.debt_cap": cap})
