"""Fertility and mortality scales against hand computation; births and deaths of a year."""

import re

import numpy as np
import pytest

from model.area_loading import load_area
from model.axes import AGES, FEMALE, MALE
from model.base_year import baseline
from model.base_year.baseline_people import everybody
from model.problems import RunError, Unsolved
from model.processes import demography
from model.processes.demography import (
    DemographyParams,
    child_woman_ratio,
    invert,
    next_fertility,
    scale_for,
)
from model.processes.fertility import (
    act_fertility,
    base_schooled,
    fertility_schedule,
    of_cities,
    rates_by_education,
    schooled_fertility,
    shift_of,
)
from model.processes.life_table import life_expectancy
from model.simulation import step
from tests.worlds import world_of

ONE_DRAW = DemographyParams(life_expectancy=np.array([78.7]), life_expectancy_gain=np.array([0.14]))


def test_schedule_is_a_distribution_of_ages():
    means = np.array([[28.8], [30.0], [32.0]])
    phi = fertility_schedule(means, np.full(3, 5.2))[:, 0]
    np.testing.assert_allclose(phi.sum(axis=1), 1.0)
    assert np.all(phi[:, :15] == 0)
    assert np.all(phi[:, 50:] == 0)
    mean = (phi * (AGES + 0.5)).sum(axis=1)
    np.testing.assert_allclose(mean, means[:, 0], atol=0.15)
    spread = np.sqrt((phi[0] * (AGES + 0.5 - mean[0]) ** 2).sum())
    assert spread == pytest.approx(5.2, abs=0.15)


def test_the_more_educated_bear_later_and_fewer():
    p = DemographyParams()
    rates = rates_by_education(10.0, p)[0]
    lifetime = rates.sum(axis=1)
    np.testing.assert_allclose(np.diff(np.log(lifetime)), p.fertility_gradient)
    assert lifetime.prod() == pytest.approx(1.0)  # the middle of the levels has one
    mean = (rates * (AGES + 0.5)).sum(axis=1) / lifetime
    assert np.all(np.diff(mean) > 0.8)
    assert mean.mean() == pytest.approx(p.childbearing_age + 10 * p.childbearing_age_drift, abs=0.2)


def test_fertility_implied_by_education_by_hand():
    women, rates = np.zeros((1, 2, 4, 101)), np.zeros((1, 4, 101))
    women[0, 0, 0, 30], women[0, 1, 3, 30] = 3.0, 1.0
    rates[0, 0, 30], rates[0, 3, 30], rates[0, :, 31] = 0.2, 0.1, (0.1, 0.2, 0.3, 0.4)
    together = schooled_fertility(women, rates, np.ones((1, 2)))[0, 0]
    # age 30: three of four at 0.2; age 31: nobody, so each level a quarter
    assert together == pytest.approx(0.75 * 0.2 + 0.25 * 0.1 + 0.25)
    apart = schooled_fertility(women, rates, np.eye(2))[0]
    np.testing.assert_allclose(apart, [0.2 + 0.25, 0.1 + 0.25])


def test_fertility_implied_by_education_like_its_twin():
    rng = np.random.default_rng(4)
    women = rng.uniform(0, 50, (2, 5, 4, 101)) * (rng.random((2, 5, 4, 101)) < 0.3)
    women[0, :2, :, 30] = 0
    rates, groups = rng.random((2, 4, 101)), np.array([[1, 1, 0, 0, 0], [0, 0, 1, 0.5, 1]])
    counted = np.einsum("gp,dpea->dgea", groups, women)[..., 15:50]
    everybody = counted.sum(axis=2, keepdims=True)
    shares = np.where(everybody > 0, counted / np.where(everybody > 0, everybody, 1), 0.25)
    wanted = (shares * rates[:, None, :, 15:50]).sum(axis=(2, 3))
    np.testing.assert_allclose(schooled_fertility(women, rates, groups), wanted, rtol=1e-12)


def test_the_base_year_has_the_fertility_it_is_given(tiny):
    """Whatever the schooling of a city: its women counted in the base year have its rate."""
    world = world_of(tiny, count=3)
    p, fixed = world.params["demography"], world.fixed
    women = world.population.schooled()[:, :, :, FEMALE]
    rates = rates_by_education(0.0, p, fixed["childbearing_shift"])
    level = np.asarray(p.fertility)[:, None] * np.exp(fixed["fertility_offset"])
    scaled = (level / fixed["base_schooled_fertility"])[:, :, None, None] * rates[:, None]
    fertile = slice(15, 50)
    for city in range(3):
        zones = np.flatnonzero(tiny.city_of_zone == city)
        held = women[:, zones].sum(axis=1)[..., fertile]
        shares = held / held.sum(axis=1, keepdims=True)
        found = (shares * scaled[:, zones[0], :, fertile]).sum(axis=(1, 2))
        np.testing.assert_allclose(found, level[:, zones[0]], rtol=1e-12)


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
def test_the_base_year_has_the_mean_age_at_birth_it_is_given(request, name):
    """Whatever the schooling of its women: the mean age of their rates is the declared one."""
    area = request.getfixturevalue(name)
    women = everybody(area, area.base_year)[: len(area.zones)].sum(axis=(0, 1))[:, FEMALE]
    fertile = slice(15, 50)
    ages, gaps = np.array([28.8, 29.3, 28.1, 28.8]), np.array([1.2, 3.9, -0.9, 0.0])
    p = DemographyParams(childbearing_age=ages, childbearing_age_gap=gaps)
    rates = rates_by_education(0.0, p, shift_of(women.astype(float), p))
    shares = women / np.maximum(women.sum(axis=0), 1)
    by_age = (shares * rates).sum(axis=1)[:, fertile]
    mean = (by_age * (AGES + 0.5)[fertile]).sum(axis=1) / by_age.sum(axis=1)
    np.testing.assert_allclose(mean, ages, rtol=1e-9)


def test_fertility_of_a_city_is_that_of_all_its_women(tiny):
    """A lever in some zones of a city counts by the women there, wherever they are."""
    before, later = world_of(tiny), world_of(tiny)
    for world, gain in ((before, 0.0), (later, 0.1)):
        world.year += 1
        demography.act_fertility_level(world, world.params["demography"])
        raised = np.zeros((1, 5))
        raised[0, 1] = gain
        world["policy_fertility"] = raised
        act_fertility(world, world.params["demography"])
    women = before.population.schooled()[0, :5, :, FEMALE, 15:50].sum(axis=(1, 2))
    change = (later["total_fertility_rate"] / before["total_fertility_rate"])[0] - 1
    level = before["fertility_level"][0] * np.exp(before.fixed["fertility_offset"][..., 0].item())
    assert tiny.city_of_zone.tolist()[:2] == [0, 0]
    assert change[0] == pytest.approx(0.1 / level * women[1] / women[:2].sum(), rel=1e-9)
    np.testing.assert_allclose(change[1:], 0, atol=1e-15)
    none = of_cities(np.array([[1.0, 3.0]]), np.zeros((1, 2)), np.ones((1, 2)))
    assert none.tolist() == [[2.0]]


def test_base_schooled_by_hand():
    women = np.zeros((1, 4, 101))
    women[0, 1] = 1.0
    p = DemographyParams()
    found = base_schooled(women, np.ones((1, 1)), p)[0, 0]
    assert found == pytest.approx(rates_by_education(0.0, p)[0, 1].sum(), rel=1e-12)


def test_fertility_reverts_to_its_long_run():
    p = DemographyParams()
    level = np.array([0.5])
    for _ in range(200):
        level = next_fertility(level, p, np.zeros(1))
    assert level[0] == pytest.approx(p.fertility_long_run)
    one = next_fertility(np.array([0.5]), p, np.zeros(1))[0]
    assert np.log(one) == pytest.approx(p.fertility_persistence * np.log(0.5))
    up, same = (next_fertility(np.array([1.0]), p, np.array([e]))[0] for e in (1.0, 0.0))
    assert np.log(up / same) == pytest.approx(p.fertility_shock)


def test_child_woman_ratio():
    people = np.zeros((2, 2, 101))
    people[0, MALE, :5], people[0, FEMALE, 20:40] = 4, 10
    assert child_woman_ratio(people, np.eye(2))[0] == pytest.approx(20 / 200)
    assert np.isnan(child_woman_ratio(people, np.eye(2))[1])


def test_mortality_scale_reaches_the_life_expectancy():
    rates = np.array([np.geomspace(0.0004, 0.4, 101), np.geomspace(0.0002, 0.4, 101)])
    target = np.array([70.0, 78.7, 85.0])
    factor = np.exp(scale_for(rates, target))[:, None, None]
    np.testing.assert_allclose(life_expectancy(rates * factor).mean(axis=1), target, rtol=1e-10)


@pytest.mark.parametrize("rate", [1e-9, 1.0])
def test_death_rates_of_no_people_are_refused_by_name(copy, rate):
    """A clipped factor left a life expectancy of 18 million years."""
    path = copy / "mortality.csv"
    text = path.read_text(encoding="utf-8")
    table = re.sub(r"2015-2020,[^,]+,", f"2015-2020,{rate},", text)
    path.write_text(table, encoding="utf-8")
    with pytest.raises(RunError, match=r"2015-2020 \(table mortality\).*in 2020: draw 0.*male"):
        world_of(load_area(copy))


@pytest.mark.parametrize("far", [100_000.0, np.nan])
def test_the_draw_that_cannot_be_met_is_named(far):
    rates = np.full((2, 101), 0.02)
    with pytest.raises(Unsolved, match=f"of {far:.4g}".replace("+", r"\+")) as caught:
        scale_for(rates, np.array([80.0, far]))
    assert caught.value.where == (1,)


def test_base_year_constants(tiny):
    people, rates = baseline.people(tiny, 2020), baseline.death_rates(tiny)
    found = invert(tiny, people, rates, ONE_DRAW)
    offset = found["fertility_offset"]
    assert offset.shape == (len(tiny.places),)
    # cities with as many children per woman share their offset: a with link, b with the regions
    assert offset[0] == offset[1] == pytest.approx(offset[4])
    assert offset[2] == offset[3] == pytest.approx(offset[5])
    assert np.exp(offset[2] - offset[0]) == pytest.approx(1.5 / 2)
    assert found["mortality_fall"] > 0


def test_city_without_women_has_the_fertility_of_the_area(tiny):
    people = baseline.people(tiny, 2020).astype(float)
    people[4] = 0
    found = invert(tiny, people, baseline.death_rates(tiny), ONE_DRAW)
    assert found["fertility_offset"][4] == 0.0


def test_births_of_a_year_by_hand(tiny):
    """Half at the start of the year, half at its end; a city's women have its total rate."""
    world = world_of(tiny)
    start = world.population.counts()[:, :, :, :, FEMALE].copy()
    step(world)
    end = world.population.counts()[:, :, :, :, FEMALE]
    by_place = world["fertility_scale"][:, :, None, None] * world["fertility_rate"][:, None]
    rate = by_place[:, :, None]
    births = ((start + end) / 2 * rate)[:, :5]
    np.testing.assert_allclose(world["births"], births.sum(axis=(2, 3, 4)), rtol=1e-12)
    np.testing.assert_allclose(world["births_by_age"], births.sum(axis=(2, 3)), rtol=1e-12)
    by_class = births.sum(axis=(3, 4)).swapaxes(1, 2)
    np.testing.assert_allclose(world["births_by_hukou"], by_class, rtol=1e-12)
    for city in range(3):
        women = start[0, :5][tiny.city_of_zone == city].sum(axis=(0, 1))[:, 15:50]
        first = tiny.city_of_zone.tolist().index(city)
        rates = by_place[0, first, :, 15:50]
        implied = (women / women.sum(axis=0) * rates).sum()
        assert implied == pytest.approx(world["total_fertility_rate"][0, city], rel=1e-12)


def test_deaths_of_a_year_by_hand(tiny):
    world = world_of(tiny)
    start = world.population.counts()[:, :5].copy()
    step(world)
    dying = start * (1 - world["survivorship"])[:, :, None, None]
    np.testing.assert_allclose(world["deaths"], dying.sum(axis=(2, 3, 4, 5)), rtol=1e-10)
    np.testing.assert_allclose(world["deaths_by_age"], dying.sum(axis=(2, 3)), rtol=1e-10)
    by_class = dying.sum(axis=(3, 4, 5)).swapaxes(1, 2)
    np.testing.assert_allclose(world["deaths_by_hukou"], by_class, rtol=1e-10)
    boys = world["births"] * 1.07 / 2.07
    infants = boys * (1 - world["newborn_survival"][:, MALE])
    infants += (world["births"] - boys) * (1 - world["newborn_survival"][:, FEMALE])
    np.testing.assert_allclose(world["infant_deaths"], infants, rtol=1e-10)


def test_life_expectancy_of_the_base_year_rises_as_assumed(tiny):
    world = world_of(tiny)
    fixed = world.fixed
    for years in (0, 10):
        factor = np.exp(fixed["mortality_scale"] - fixed["mortality_fall"] * years)
        reached = life_expectancy(fixed["death_rates"] * factor).mean()
        assert reached == pytest.approx(78.7 + 0.14 * years, abs=1e-8)
