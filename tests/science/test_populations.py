"""Three populations close every year; households, schooling, mortality: which way they move."""

import numpy as np
import pytest

from model.axes import ELSEWHERE, LOCAL, TERTIARY, total
from model.processes.registration import growth_outside
from model.scenario import Scenario
from model.simulation import step
from tests.worlds import after, package, trend, world_of

LEVERS = ("schools", "open_registration", "child_benefit", "faster_trains", "park")


def assuming(**numbers):
    """A scenario with some assumptions; two underscores stand for a point."""
    named = {name.replace("__", "."): value for name, value in numbers.items()}
    return Scenario("trend", "Nothing is done", description=("1. Nothing",), assumptions=named)


@pytest.mark.parametrize("engine", ["mean", "agents"])
@pytest.mark.parametrize("scenario", [trend(), package(*LEVERS)], ids=["trend", "package"])
def test_three_populations_close(tiny, engine, scenario):
    world = world_of(tiny, scenario, engine=engine)
    for _ in range(10):
        before = {name: np.array(values) for name, values in world.state.items()}
        step(world)
        classes, away = world["residents_by_hukou"], world["living_away"]
        local = total(classes[:, LOCAL], tiny.in_city)
        np.testing.assert_allclose(world["population"], classes.sum(axis=1), rtol=1e-12)
        np.testing.assert_allclose(world["population"], classes[:, LOCAL] + world["floating"])
        np.testing.assert_allclose(world["registered"], local + away.sum(axis=1), rtol=1e-12)
        assert away.min() >= 0
        diagonal = away[:, range(3), range(3)]
        assert np.all(diagonal == 0)  # nobody lives away in their own city
        for part, whole in (("urban_population", "population"), ("registered_urban", "registered")):
            assert np.all((world[part] >= 0) & (world[part] <= world[whole])), part
        change = (
            before["residents_by_hukou"] + world["births_by_hukou"]
            - world["infant_deaths_by_hukou"] - world["deaths_by_hukou"]
            - world["conversions_by_hukou"] + world["arrivals_by_hukou"]
            - world["departures_by_hukou"]
        )  # fmt: skip
        change[:, LOCAL] += world["hukou_conversions"]
        np.testing.assert_allclose(classes, change, rtol=1e-9, atol=1e-6)
        for name in ("births", "deaths", "infant_deaths", "arrivals", "departures"):
            np.testing.assert_allclose(world[f"{name}_by_hukou"].sum(axis=1), world[name])
        assert np.all(world["conversions_by_hukou"][:, LOCAL] == 0)


def test_those_away_in_a_city_are_among_its_residents_registered_elsewhere(tiny):
    world = world_of(tiny)
    for _ in range(15):
        step(world)
        elsewhere = total(world["residents_by_hukou"][:, ELSEWHERE], tiny.in_city)
        assert np.all(world["living_away"][:, :3].sum(axis=2) <= elsewhere * (1 + 1e-9))


def test_those_away_outside_grow_as_the_people_of_the_region_do(tiny):
    """Its births less its deaths, those of infants among them."""
    world, zones = world_of(tiny, count=2), len(tiny.zones)
    for _ in range(3):
        before = world["people"]
        start = world["external_population"]
        step(world)
        now = dict(world.state)
        world["people"] = before
        grown = start * growth_outside(world)
        world.state.update(now)
        moves = world["moves"]
        grown += moves[:, :zones, zones:].sum(axis=1) - moves[:, zones:, :zones].sum(axis=2)
        np.testing.assert_allclose(world["external_population"], grown, rtol=1e-12)


@pytest.mark.parametrize("name", ["registered", "hukou_conversions", "arrivals"])
def test_opening_registration_raises(tiny, name):
    plain, opened = after(tiny, 4), after(tiny, 4, package("open_registration"))
    assert opened[name].sum() > plain[name].sum()


def test_homecoming_brings_people_home(tiny):
    fewer, more = (after(tiny, 2, assuming(registration__homecoming=rate)) for rate in (0.01, 0.1))
    assert more["homecoming"].sum() > 2 * fewer["homecoming"].sum()
    assert more["living_away"].sum() < fewer["living_away"].sum()


def test_retirement_law_works_from_the_year_after_its_last_old_age(tiny):
    taken, not_taken = (
        world_of(tiny, assuming(participation__retirement_uptake=uptake)) for uptake in (0.8, 0.0)
    )
    for _ in range(8):
        for world in (taken, not_taken):
            step(world)
        gain = (taken["labour_supply"] - not_taken["labour_supply"]).sum()
        more = taken["participation_odds"] - not_taken["participation_odds"]
        assert more.min() > -1e-12
        if taken.year <= 2024:
            assert gain == pytest.approx(0, abs=1e-6)
        else:
            assert gain > 0


def test_more_schooling_means_fewer_births(tiny):
    """What a level bears stays; that more women reach the higher levels lowers the total."""
    few, many = (
        after(tiny, 12, assuming(schooling__tertiary__2020=rate, schooling__tertiary__2035=rate))
        for rate in (0.2, 0.9)
    )
    young = slice(18, 30)
    taught = [
        world["population_by_education"][0, :, TERTIARY, young].sum() for world in (few, many)
    ]
    assert taught[1] > 1.5 * taught[0]
    np.testing.assert_allclose(few["fertility_rate"], many["fertility_rate"], rtol=1e-12)
    np.testing.assert_allclose(few["fertility_scale"], many["fertility_scale"], rtol=1e-12)
    assert np.all(np.diff(many["fertility_rate"][0].sum(axis=1)) < 0)
    # where the university is, whose students come from the other cities and stay in part
    assert many["total_fertility_rate"][0, 0] < 0.97 * few["total_fertility_rate"][0, 0]
    assert many["births"].sum() < few["births"].sum()


def test_without_a_gradient_schooling_moves_no_births_but_their_age(tiny):
    flat = {"demography__fertility_gradient": 0.0, "demography__childbearing_age_gap": 0.0}
    few, many = (
        after(
            tiny, 6,
            assuming(schooling__tertiary__2020=rate, schooling__tertiary__2035=rate, **flat),
        )
        for rate in (0.2, 0.9)
    )  # fmt: skip
    np.testing.assert_allclose(
        few["total_fertility_rate"], many["total_fertility_rate"], rtol=1e-12
    )


def test_no_lever_changes_mortality(tiny):
    levers = [row["lever"] for row in tiny.tables["levers"]]
    plain, pushed = world_of(tiny), world_of(tiny, package(*levers, budget="unlimited"))
    for _ in range(5):
        for world in (plain, pushed):
            step(world)
        for name in ("survivorship", "newborn_survival"):
            assert plain[name].tobytes() == pushed[name].tobytes()


def test_smaller_households_are_more_households(tiny):
    # More households raise the price of housing, which moves people: here it weighs nothing.
    still, falling = (
        after(tiny, 5, assuming(households__size_fall=rate, migration__housing_weight=0.0))
        for rate in (0.0, 0.03)
    )
    assert np.all(falling["households"] > still["households"])
    np.testing.assert_allclose(falling["population"], still["population"], rtol=1e-12)
    for world in (still, falling):
        np.testing.assert_allclose(
            world["households_by_size"].sum(axis=2), world["households"], rtol=1e-12
        )
        assert world["households_by_size"].min() >= -1e-9


@pytest.mark.slow
def test_households_need_not_fall_where_people_do(shenyang):
    """Of cities that lose people in ten years households fall less, and of some they grow."""
    world = world_of(shenyang)
    start = {name: world[name] @ shenyang.in_city.T for name in ("population", "households")}
    for _ in range(10):
        step(world)
    growth = {
        name: (world[name] @ shenyang.in_city.T / start[name])[0] - 1 for name in start
    }  # fmt: skip
    losing = growth["population"] < 0
    assert losing[shenyang.cities.index("fushun")]
    assert np.all(growth["households"][losing] > growth["population"][losing] + 0.02)
    assert np.any(growth["households"][losing] > 0)
