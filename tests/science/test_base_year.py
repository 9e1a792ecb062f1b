"""The base year is reproduced: census, jobs, accounts, budgets, wages, flows."""

import numpy as np
import pytest

from model.axes import SEXES, total
from model.base_year import baseline, initial, initial_people, initial_stocks, workplace_jobs
from model.base_year.branches import base_employment
from model.processes import housing, nested_logit
from tests.twins import choices
from tests.worlds import arrays_of, world_of

TOLERANCE = 1e-8


@pytest.fixture(scope="module", params=["tiny-1", "tiny-4", "shenyang-1", "shenyang-4"])
def world(request):
    name, draws = request.param.split("-")
    return world_of(request.getfixturevalue(name), count=int(draws))


def close(found, wanted, tolerance=TOLERANCE):
    scale = np.maximum(np.abs(wanted), 1e-300)
    assert np.all(np.isfinite(found))
    assert float(np.max(np.abs(found - wanted) / scale)) < tolerance


@pytest.mark.parametrize(("year", "persons"), [(2020, 21_223_009), (2010, 21_995_522)])
def test_census_totals(shenyang, year, persons):
    assert int(baseline.people(shenyang, year)[: len(shenyang.zones)].sum()) == persons


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
def test_census_by_zone_sex_and_age_group(request, name):
    area = request.getfixturevalue(name)
    for year in (area.settings["history_year"], area.base_year):
        people = baseline.people(area, year)
        for row in area.tables["population"]:
            if row["year"] == year:
                ages = slice(
                    row["age"], None if row["width"] is None else row["age"] + row["width"]
                )
                cell = people[area.places.index(row["place"]), SEXES.index(row["sex"]), ages]
                assert cell.sum() == row["persons"], row.values


def test_first_year_of_a_run_is_the_census(shenyang):
    found = arrays_of(shenyang, end=2021)
    people = baseline.people(shenyang, 2020)[: len(shenyang.zones)]
    # Sums of a joint table of expected people: whole numbers but for rounding error.
    np.testing.assert_allclose(found["population"][0, 0], people.sum(axis=(1, 2)), rtol=1e-12)
    by_city = np.einsum("cz,zsa->csa", shenyang.in_city, people)
    np.testing.assert_allclose(found["population_by_age"][0, 0], by_city, rtol=1e-12)


def test_no_region_set_counts_a_zone_twice(shenyang):
    for name in shenyang.region_sets:
        _, weights = shenyang.region_set(name)
        assert weights.sum(axis=0).max() <= 1 + 1e-12


@pytest.mark.parametrize("name", ["cities7", "cities7plus1"])
def test_totals_are_the_same_in_every_full_set(shenyang, name):
    _, weights = shenyang.region_set(name)
    np.testing.assert_allclose(weights.sum(axis=0), 1.0, atol=1e-12)
    people = baseline.people(shenyang, 2020)[: len(shenyang.zones)].sum(axis=(1, 2))
    assert float((weights @ people).sum()) == pytest.approx(21_223_009, abs=1e-6)


def test_people_at_work_by_zone(world):
    area = world.area
    resident = baseline.employed_residents(area, area.base_year).sum(axis=0)
    close(world["employed_residents"], resident[None])
    slack = np.asarray(world.params["matching"].base_unemployment)[:, None]
    close(
        world["labour_force"] * (1 - slack), np.broadcast_to(resident, (len(slack), len(resident)))
    )
    close(world["unemployment_rate"], np.broadcast_to(slack, world["unemployment_rate"].shape))


def test_jobs_by_sector_and_zone(world):
    relative = initial.relative_productivity(world)
    workers = base_employment(world.area, world.assumed, relative)
    wanted = workplace_jobs.base_jobs(world.area, workers, world.assumed)
    close(world["jobs"], wanted)
    close(world["commuters"].sum(axis=1), wanted.sum(axis=1))
    close(world["commuters"].sum(axis=2), world["employed_residents"])
    close(wanted.sum(axis=2), workers.sum(axis=2))


def test_jobs_of_cities_and_centres_are_as_assumed(world):
    """By city as drawn, all but for what the whole area sets right; exact in the central case."""
    area, wanted = world.area, world["jobs"].sum(axis=1)
    resident = baseline.employed_residents(area, area.base_year).sum(axis=0)
    over = total(wanted, area.in_city) / total(resident, area.in_city)
    exact = len(world.draws) == 1
    close(over, np.ones(over.shape), TOLERANCE if exact else 0.05)
    centres = [name for name in world.assumed if name.startswith("job_surplus.")]
    assert centres
    for name in centres:
        at = area.zones.index(name.split(".")[1])
        found = wanted[:, at] / resident[at] / over[:, area.city_of_zone[at]] - 1
        # counties that have more of their city's jobs leave a little less to its districts
        assert np.abs(found - world.assumed[name]).max() < (1e-9 if exact else 0.05)


@pytest.mark.parametrize("item", ["primary", "secondary", "tertiary", "total"])
def test_output_by_city_and_sector(world, item):
    area, (_, weights) = world.area, world.area.statistics
    published = area.column("sectors", "published_sector")
    rows = np.flatnonzero((published == item) | (item == "total"))
    found = np.matmul(world["output"][:, rows].sum(axis=1), weights.T)
    close(found, baseline.gdp_level(area, area.base_year, item)[None])


def test_revenue_by_city(world):
    area, (_, weights) = world.area, world.area.statistics
    by_zone = world["gdp_real"] * world.fixed["revenue_share"]
    close(by_zone @ weights.T, area.statistic("fiscal", area.base_year, item="revenue")[None])
    close(world["budget_revenue"].sum(axis=1), by_zone.sum(axis=1))


def test_budgets_are_balanced(world):
    area, (_, weights) = world.area, world.area.statistics
    _, rate = initial_stocks.budget_rates(world)
    spent = area.statistic("fiscal", area.base_year, item="expenditure")
    close((world["gdp_real"] * rate) @ weights.T, spent[None])
    close(world["other_spending"], world["spending_need"])
    received = world["budget_revenue"] + world["transfers"] + world["land_income"]
    close(world["other_spending"], received)
    assert np.all(world["borrowing"] == 0)
    assert np.all(world["unmet_spending"] == 0)


def test_floor_space_prices_and_vacancy(world):
    area, (_, weights) = world.area, world.area.statistics
    people = baseline.people(area, area.base_year)[: len(area.zones)].sum(axis=(1, 2))
    rows = {r["zone"]: r["value"] for r in area.tables["housing"] if r["year"] == area.base_year}
    each = np.array([rows[zone] for zone in area.zones])
    close(world["occupied_floor_space"], (each * people)[None])
    vacancy = np.asarray(world.params["housing"].natural_vacancy)[:, None]
    close(world["vacancy_rate"], np.broadcast_to(vacancy, world["vacancy_rate"].shape))
    value = (world["housing_price"] * each * people) @ weights.T
    published = area.statistic("house_prices", area.base_year)
    close(value / (weights @ (each * people)), published[None])
    close(world["housing_value"], world["housing_price"] * each * people / 1e8)
    close(world["relative_housing_price"], np.ones(vacancy.shape))


def test_the_stock_starts_to_grow_as_it_grew(world):
    """Cost is inverted so that, prices standing, builders add what the censuses saw added."""
    p, stock = world.params["housing"], world["housing_floor_space"]
    margin = np.log(world["housing_price"] / world.fixed["building_cost"])
    grown = housing.stock_growth(margin, np.zeros(margin.shape), p)
    seen = np.maximum(baseline.floor_space_growth(world.area), 0.0)
    assert float(np.max(np.abs(grown - seen))) < TOLERANCE
    close(world["construction"] - world["demolition"], seen * stock)


def test_city_floor_space_growth(shenyang):
    """26.79 to 36.13 m2 a head and 8.11 to 9.07 million people: 4.1 percent a year."""
    growth = baseline.floor_space_growth(shenyang)
    assert growth[shenyang.zones.index("heping")] == pytest.approx(0.0411, abs=0.001)
    assert growth.min() > 0


def test_carbon_dioxide_by_city(world):
    area, (_, weights) = world.area, world.area.statistics
    level, profile = baseline.inventories(area)
    gap = np.stack([world.assumed[f"inventory_gap.{r}"] for r in area.statistics[0]], axis=1)
    close(world["co2_emissions"] @ weights.T, level * (profile / level) ** gap)


def test_research_by_city(world):
    regions, weights = world.area.statistics
    wanted = np.stack([world.assumed[f"research_intensity.{r}"] for r in regions], axis=1)
    close((world["research_spending"] @ weights.T) / (world["gdp_real"] @ weights.T), wanted)


def test_wages_and_production(world):
    area, (_, weights) = world.area, world.area.statistics
    wages = area.statistic("wages", area.base_year)
    whole = weights.max(axis=0) == 1
    close(world["wage"][:, whole], wages[weights.argmax(axis=0)][whole][None])
    share, jobs, output = world.fixed["labour_share"], world["expected_jobs"], world["output"]
    there = (jobs > 0) & (output > 0)
    capital = np.where(there, world["capital"], 1.0)
    level = (
        np.exp(world["productivity"]) * capital ** (1 - share) * np.where(there, jobs, 1) ** share
    )
    close(level[there], output[there])
    paid = world.fixed["wage_wedge"] * world["wage"][:, None] * jobs / 1e8
    close(paid[there], (share * output)[there])


def flows_of(world):
    """Moves that the inverted base year implies, from the world's own state: by the move table."""
    area, p = world.area, world.params["migration"]
    value, cost = world["attractiveness"], world.fixed["moving_cost"]
    leave, to = choices(
        value, cost, nested_logit.nests_of(area),
        nested_logit.dissimilarities(area, p.nest_dissimilarity),
    )  # fmt: skip
    seen = initial_people.observed(world)
    movers = initial_people.movers(world)
    return ((movers * leave)[..., None] * to).sum(axis=1) + seen.given


def test_migration(world):
    area, zones = world.area, len(world.area.zones)
    flows = flows_of(world)
    net = (flows.sum(axis=1) - flows.sum(axis=2))[:, :zones]
    observed = area.by_zone("net_migration") + initial_people.recount(world)
    # Beside the larger of both flows: a zone to which a draw lets nearly nobody come has both.
    gross = np.maximum(flows.sum(axis=1), flows.sum(axis=2))[:, :zones]
    assert float(np.max(np.abs(net - observed) / gross)) < TOLERANCE
    yearly = {
        band: area.by_zone("migrants", year=area.base_year, band=band).sum()
        / world.assumed["mean_stay"]
        for band in ("same_province", "other_province")
    }
    inflow = initial_people.region_inflow(area, world.assumed, yearly)
    close(flows[:, zones:].sum(axis=2), inflow)
    named = np.stack([world.assumed[f"net_exchange.{r}"] for r in area.regions[:-1]], axis=1)
    exchanged = (flows[:, zones:].sum(axis=2) - flows[:, :, zones:].sum(axis=1))[:, :-1]
    assert float(np.max(np.abs(exchanged - named) / inflow[:, :-1])) < TOLERANCE
    close(flows[:, :, :zones].sum(axis=(1, 2)), sum(yearly.values()))


def test_mobility_keeps_the_mean(world):
    area, zones = world.area, len(world.area.zones)
    by_age = baseline.people(area, area.base_year)[:zones].sum(axis=(0, 1))
    close((world.fixed["mobility"] * by_age).sum(axis=1), np.full(len(world.draws), by_age.sum()))


def test_every_draw_can_be_inverted(tiny):
    for low in range(0, 300, 25):
        world = world_of(tiny, chosen=slice(low, low + 25), count=300)
        assert np.all(np.isfinite(world["attractiveness"]))
