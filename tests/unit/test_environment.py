"""Energy and carbon dioxide by hand, and the inventories they start from."""

import numpy as np
import pytest

from model.base_year import baseline
from model.problems import RunError
from model.processes import environment
from model.processes.environment import EnvironmentParams
from model.processes.journeys import CAR
from tests.worlds import after, trend, world_of

P = EnvironmentParams()
ONE = np.ones((1, 1))


def test_sector_energy_falls_with_time_and_policy():
    cell = np.ones((1, 1, 1))

    def energy(saved=0.0, years=0):
        gain = np.array([0.02])
        found = environment.sector_energy(100 * cell, 2 * ONE, saved * cell, gain, years)
        return found[0, 0, 0]

    assert energy() == pytest.approx(2.0)
    assert energy(years=10) == pytest.approx(2.0 * 0.98**10)
    assert energy(saved=0.1) == pytest.approx(2.0 * np.exp(-0.1))


def test_heat_energy_follows_floor_space_and_cold():
    def heat(floor, days, years=0):
        return environment.heat_energy(floor * ONE, np.array([days]), P, years)[0, 0]

    assert heat(1e8, 3700.0) == pytest.approx(1e8 * 0.85 * 0.004 * 3700 / 1e9)
    assert heat(2e8, 3700.0) == pytest.approx(2 * heat(1e8, 3700.0))
    assert heat(1e8, 3000.0) < heat(1e8, 3700.0)
    assert heat(1e8, 3700.0, years=10) < heat(1e8, 3700.0)


def test_car_energy_follows_people_and_distance():
    people, km = np.full((1, 1, 2), 1e6), np.array([[[5.0, 20.0]]])
    found = environment.car_energy(people, km, P, 0)[0, 0]
    assert found == pytest.approx(25e6 * 2 * 250 * 3.0 * 0.086 / 1e9)


def test_grid_path_ends():
    at = [
        float(environment.grid_path(np.array([0.7]), np.array([0.1]), y, np.array([30.0]))[0])
        for y in (0, 15, 30, 60)
    ]
    assert at == [pytest.approx(v) for v in (0.7, 0.4, 0.1, 0.1)]


def test_carbon_contents_weigh_the_mix():
    mix = np.array([[0.5, 0.0, 0.5, 0.0]])
    found = environment.carbon_contents(mix, np.array([0.7]), P)[0, 0]
    assert found == pytest.approx((2.66 + 1.63) / 2)


def test_coal_swap_takes_no_more_than_there_is():
    coal, energy = np.array([[5.0, 5.0, 5.0]]), np.array([[10.0, 10.0, 10.0]])
    found = environment.coal_swap(coal, energy, np.array([[-0.2, -0.8, 0.1]]))
    assert found.tolist() == [[2.0, 5.0, -1.0]]


def test_base_year_is_the_inventory(shenyang):
    world = world_of(shenyang)
    _, weights = shenyang.statistics
    level, profile = baseline.inventories(shenyang)
    np.testing.assert_allclose(world["co2_emissions"] @ weights.T, level[None], rtol=1e-8)
    assert np.all(profile > 0)


def test_how_far_the_inventories_disagree_is_drawn(shenyang):
    """1 is the other inventory; emissions of the base year span what lies between the two."""
    _, weights = shenyang.statistics
    _, profile = baseline.inventories(shenyang)
    other = world_of(shenyang, trend(inventory_gap__benxi=1.0))
    at = shenyang.statistics[0].index("benxi")
    assert (other["co2_emissions"] @ weights.T)[0, at] == pytest.approx(profile[at])
    drawn = world_of(shenyang, count=20)["co2_emissions"] @ weights.T
    spread = np.log(drawn).std(axis=0)
    assert spread[at] > spread[shenyang.statistics[0].index("anshan")]


def test_the_inventory_of_level_agrees_with_the_anchor(shenyang):
    """41 Mt inside the boundary in the anchor year, give or take a tenth; 57 with the rest."""
    rows = shenyang.tables["emissions"]
    anchor = next(r for r in rows if r["inventory"] == "anchor_in_boundary")
    whole = next(r for r in rows if r["inventory"] == "anchor_whole")
    key = (anchor["city"], anchor["year"])
    level = next(r for r in rows if (r["city"], r["year"], r["inventory"]) == (*key, "level"))
    assert abs(np.log(level["value"] / anchor["value"])) < 2 * 0.10
    assert anchor["value"] < level["value"] < whole["value"]


def test_policies_lower_emissions(tiny):
    plain = world_of(tiny)
    base = plain["co2_emissions"].sum()
    for name, value in (
        ("policy_energy_efficiency", 0.1),
        ("policy_clean_heat", 0.3),
        ("policy_coal_share", -0.1),
    ):
        world = world_of(tiny)
        world[name] = world[name] + value
        environment.act(world, world.params["environment"])
        assert world["co2_emissions"].sum() < base, name
        assert world["coal_use"].sum() < plain["coal_use"].sum(), name


def test_heat_and_cars_beyond_the_inventory_are_refused(tiny):
    with pytest.raises(RunError, match="heat and cars of a emit more in 2020"):
        world_of(tiny, trend(degree_days=90_000.0))


def test_efficiency_and_the_grid_lower_emissions(tiny):
    plain = after(tiny, 5)
    for change in (
        {"environment__efficiency_gain": 0.05}, {"environment__grid_end": 0.05},
        {"environment__car_gain": 0.06}, {"environment__heat_gain": 0.04},
    ):  # fmt: skip
        assert after(tiny, 5, trend(**change))["co2_emissions"].sum() < (
            plain["co2_emissions"].sum()
        ), change


def test_cars_burn_what_car_commuters_drive(tiny):
    """Who takes the bus burns nothing in a car: a faster bus is seen in carbon dioxide."""
    world = after(tiny, 1)
    world["commuters_by_pair_and_mode"] = world["commuters_by_pair_and_mode"].copy()
    before = world["car_energy"].copy()
    world["commuters_by_pair_and_mode"][:, CAR] *= 0.5
    environment.act(world, world.params["environment"])
    np.testing.assert_allclose(world["car_energy"], before / 2, rtol=1e-12)
