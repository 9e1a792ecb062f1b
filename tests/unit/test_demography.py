"""Fertility and mortality scales against hand computation; the cohort verbs."""

import numpy as np
import pytest

from model.axes import FEMALE, MALE
from model.engines.cohorts import Cohorts
from model.processes.demography import (
    DemographyParams,
    by_city,
    child_woman_ratio,
    fertility_schedule,
    invert,
    next_fertility,
    scale_for,
)
from model.processes.life_table import life_expectancy
from model.simulation import step
from tests.worlds import world_of

ONE_DRAW = DemographyParams(life_expectancy=np.array([78.7]), life_expectancy_gain=np.array([0.14]))


def test_schedule_is_a_distribution_of_ages():
    phi = fertility_schedule(np.array([28.8, 30.0, 32.0]))
    np.testing.assert_allclose(phi.sum(axis=1), 1.0)
    assert np.all(phi[:, :15] == 0)
    assert np.all(phi[:, 50:] == 0)
    mean = (phi * (np.arange(101) + 0.5)).sum(axis=1)
    np.testing.assert_allclose(mean, [28.8, 30.0, 32.0], atol=0.15)


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


def test_base_year_constants(tiny):
    from model import baseline

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
    from model import baseline

    people = baseline.people(tiny, 2020).astype(float)
    people[4] = 0
    found = invert(tiny, people, baseline.death_rates(tiny), ONE_DRAW)
    assert found["fertility_offset"][4] == 0.0


def test_by_city(tiny):
    people = np.ones((1, 5, 2, 101))
    assert by_city(people, tiny.in_city)[0, :, 0, 0].tolist() == [2.0, 2.0, 1.0]


def lonely(age, sex=FEMALE, count=100.0):
    people = np.zeros((1, 2, 2, 101))
    people[0, 0, sex, age] = count
    return Cohorts(people, zones=1)


def test_survivors_grow_older():
    people = lonely(30)
    deaths = people.die(np.full((1, 1, 2, 101), 0.9))
    assert deaths[0, 0] == pytest.approx(10)
    assert people.counts()[0, 0, FEMALE, 31] == pytest.approx(90)


def test_oldest_join():
    people = lonely(100)
    people.die(np.full((1, 1, 2, 101), 0.5))
    assert people.counts()[0, 0, FEMALE, 100] == pytest.approx(50)


def test_newborns_wait_until_they_join():
    people = lonely(30)
    rates = np.zeros((1, 2, 101))
    rates[0, 0, 30] = 0.2
    assert people.bear(rates, "early births")[0].tolist() == [20.0, 0.0]
    assert people.bear(rates, "late births")[0, 0] == pytest.approx(20)
    assert people.counts()[..., 0].sum() == 0
    deaths = people.settle_newborns(np.array([0.5]), np.array([[0.9, 1.0]]))
    assert deaths[0, 0] == pytest.approx(2.0)
    assert people.counts()[0, 0, :, 0].tolist() == pytest.approx([18.0, 20.0])


@pytest.mark.parametrize(("age", "sex"), [(14, FEMALE), (50, FEMALE), (30, MALE)])
def test_others_bear_no_children(age, sex):
    assert lonely(age, sex).bear(np.ones((1, 2, 101)), "x").sum() == 0


def test_births_of_a_year_by_hand(tiny):
    """Half at the start of the year, half at its end, at rates that sum to the total rate."""
    world = world_of(tiny)
    start = world.population.counts()[:, :, FEMALE].copy()
    step(world)
    end, rate = world.population.counts()[:, :, FEMALE], world["fertility_rate"]
    np.testing.assert_allclose(rate.sum(axis=2)[0, [0, 2, 4]], world["total_fertility_rate"][0])
    births = ((start + end) / 2 * rate).sum(axis=2)[:, :5]
    np.testing.assert_allclose(world["births"], births, rtol=1e-12)


def test_deaths_of_a_year_by_hand(tiny):
    world = world_of(tiny)
    start = world.population.counts()[:, :5].copy()
    step(world)
    dying = (start * (1 - world["survivorship"])).sum(axis=(2, 3))
    np.testing.assert_allclose(world["deaths"], dying, rtol=1e-10)
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
