"""The cohort-component step on any grid, and the tools around it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.methods.cohort_component import (
    Rates,
    leslie,
    project,
    regroup,
    step,
    survival_between,
)
from model.methods.grid_checks import check_ages
from model.methods.life_tables import life_table, mean_part, survivorship_ratios
from model.methods.stable_population import (
    growth_by_coale,
    growth_by_newton,
    length_of_generation,
    lotka,
    mean_age_of_maternity,
    net_reproduction_rate,
    stable_growth,
)
from model.problems import ProblemsError, RunError
from model.processes.life_table import stationary_years
from model.processes.life_table import survivorship as single_year_survivorship

FIVE = np.arange(0, 90, 5)
ABRIDGED = np.array([0, 1, *range(5, 90, 5)])
MORTAL = np.array([0.02, 0.002, *np.geomspace(0.0005, 0.15, 17)])


def abridged_rates(fertility=0.08):
    table = life_table(ABRIDGED, MORTAL, sex="female")
    alive, newborn = survival_between(ABRIDGED, table.years, 5)
    bearing = np.where((ABRIDGED >= 15) & (ABRIDGED < 50), fertility, 0.0)
    return Rates(np.array([alive] * 2), np.array([newborn] * 2), bearing, years=5), table


def simple(ages=3, **changes):
    given = {
        "survivorship": np.full((2, ages), 0.9), "newborn": np.full(2, 0.95),
        "fertility": np.full(ages, 0.1),
    }  # fmt: skip
    return Rates(**(given | changes))


def test_a_step_by_hand():
    found = step(np.full((2, 3), 100.0), np.array([0, 5, 10]), simple(sex_ratio_at_birth=1.0))
    women = 5 * 0.1 * (300 + 270) / 2
    assert found.births.tolist() == pytest.approx([women / 2, women / 2])
    assert found.people[1].tolist() == pytest.approx([women / 2 * 0.95, 90, 180])
    before, after = 600 + found.births.sum(), found.people.sum()
    assert found.deaths == pytest.approx(before - after)


def test_migrants_by_hand():
    """Half come before and half after; half of those who leave, too."""
    rates = simple(fertility=np.zeros(3), migrants=np.array([[0, 20, 0]] * 2))
    found = step(np.full((2, 3), 100.0), np.array([0, 5, 10]), rates)
    assert found.people[0].tolist() == pytest.approx([0, 90 + 10, (110 + 100) * 0.9])
    leaving = simple(fertility=np.zeros(3), emigration=np.full((2, 3), 0.2))
    found = step(np.full((2, 3), 100.0), np.array([0, 5, 10]), leaving)
    assert found.people[0].tolist() == pytest.approx([0, 90 * 0.81, 180 * 0.81])


@given(st.integers(2, 12), st.integers(0, 2**32 - 1))
def test_steps_of_closed_women_are_powers_of_the_leslie_matrix(count, seed):
    luck = np.random.default_rng(seed)
    ages = np.arange(count) * 5.0
    rates = Rates(
        luck.random((2, count)), luck.random(2), luck.random(count) / 10, luck.uniform(0.8, 1.2)
    )
    people = luck.random((2, count)) * 1000
    run = project(people, ages, [rates] * 4)
    matrix = leslie(ages, rates)
    np.testing.assert_allclose(
        run[-1].people[1], np.linalg.matrix_power(matrix, 4) @ people[1], rtol=1e-9
    )
    grown = people.sum() + sum(r.births.sum() - r.deaths for r in run)
    assert run[-1].people.sum() == pytest.approx(grown)


def test_abridged_ages_project_as_the_leslie_matrix_says():
    rates, _ = abridged_rates()
    people = np.full((2, len(ABRIDGED)), 100.0)
    run = project(people, ABRIDGED, [rates] * 3)
    matrix = leslie(ABRIDGED, rates)
    found = np.linalg.matrix_power(matrix, 3) @ people[1]
    np.testing.assert_allclose(run[-1].people[1], found, rtol=1e-12)


@pytest.mark.parametrize("years", [1, 2.5, 5, 10])
@pytest.mark.parametrize("ages", [ABRIDGED, FIVE, np.arange(101)], ids=["abridged", "five", "one"])
def test_the_stationary_population_stays(ages, years):
    """One birth a year, whatever the grid and the length of the step."""
    rates = np.geomspace(0.001, 0.2, len(ages))
    lived = life_table(ages, rates).years
    alive, newborn = survival_between(ages, lived, years)
    np.testing.assert_allclose(lived @ alive + years * newborn, lived, rtol=1e-12)
    assert np.all(alive.sum(axis=1) <= 1 + 1e-12)


def test_single_years_agree_with_the_model():
    rates = np.geomspace(0.0005, 0.5, 101)
    lived = stationary_years(rates)
    alive, newborn = survival_between(np.arange(101), lived, 1)
    expected, first = single_year_survivorship(rates)
    np.testing.assert_allclose(alive.sum(axis=1), expected, rtol=1e-12)
    assert newborn[0] == pytest.approx(float(first))
    part = np.full(101, 0.5)
    part[0] = 0.1
    np.testing.assert_allclose(life_table(np.arange(101), rates, part).years, lived, rtol=1e-12)


def test_groups_added_up():
    assert regroup(np.arange(4.0), [0, 1, 5, 10], [0, 5]).tolist() == [1.0, 5.0]
    with pytest.raises(ProblemsError, match="age 3: no finer group starts there"):
        regroup(np.arange(4.0), [0, 1, 5, 10], [0, 3])


def test_every_fault_at_once():
    people = np.array([[1, -2, 3], [1, np.nan, 3]])
    alive = np.array([[0.9, 1.2, 0.9], [0.9, 0.9, 0.9]])
    rates = Rates(alive, np.array([0.9, -0.1]), np.array([0, -1, 0]), sex_ratio_at_birth=0.0)
    with pytest.raises(ProblemsError) as caught:
        step(people, np.array([0, 10, 5]), rates)
    text = str(caught.value)
    for said in (
        "ages: row 3: age 5 does not follow 10",
        "people: age 10, male: -2 is negative",
        "people: age 10, female: missing",
        "survivorship: age 10, male: 1.2 is above 1",
        "newborn: age 0, female: -0.1 is negative",
        "fertility: age 10, women: -1 is negative",
        "sex_ratio_at_birth: 0 boys per girl",
    ):
        assert said in text
    assert len(caught.value.problems) == 7


def test_shapes_and_tables():
    with pytest.raises(ProblemsError, match=r"fertility: has shape \(1, 2\), not \(1, 3\)"):
        step(np.ones((2, 3)), np.array([0, 5, 10]), simple(fertility=np.zeros(2)))
    with pytest.raises(ProblemsError, match="groups are 1, 4 years wide"):
        step(np.ones((2, 3)), np.array([0, 1, 5]), simple())
    rates, _ = abridged_rates()
    rates.survivorship[0, 2, 4] = 0.9
    with pytest.raises(ProblemsError, match=r"survivorship: age 5, male: 1\.\d+ is above 1"):
        step(np.ones((2, 19)), ABRIDGED, rates)


def test_more_cannot_leave_than_there_are():
    rates = simple(migrants=np.array([[0, -300, 0], [0, 0, 0]]))
    with pytest.raises(ProblemsError, match="age 5, male: more leave than there are: -50"):
        step(np.full((2, 3), 100.0), np.array([0, 5, 10]), rates)


def test_ages():
    assert not check_ages([0, 1, 5])
    assert "the first age is 5, not 0" in str(check_ages([5, 10])[0])
    assert "at least two" in str(check_ages([0])[0])


def test_first_years_of_life():
    """Preston et al. (2001), table 3.3: above and below an infant rate of 0.107."""
    low = mean_part([0, 1, 5], np.array([0.05, 0.01, 0.1]), "male")
    assert low.tolist() == pytest.approx([0.045 + 2.684 * 0.05, 1.651 - 2.816 * 0.05, 10])
    high = mean_part([0, 1, 5], np.array([0.2, 0.05, 0.1]), "female")
    assert high.tolist() == pytest.approx([0.35, 1.361, 10])
    assert mean_part([0, 5], np.array([0.2, 0.1]), "female").tolist() == [2.5, 10]


def test_rates_no_life_table_can_have():
    with pytest.raises(ProblemsError, match="nobody would ever die"):
        life_table([0, 5], np.array([0.1, 0]))
    with pytest.raises(ProblemsError, match=r"age 0, nqx: 1\.66667 is above 1"):
        life_table([0, 5, 10], np.array([0.5, 0.1, 0.1]), np.array([4.0, 2.5, 0]))
    with pytest.raises(ProblemsError, match="age 5, rate: -1 is negative"):
        life_table([0, 5], np.array([0.1, -1]))
    with pytest.raises(ProblemsError, match="age 0, nLx: nobody lives there"):
        survival_between([0, 5], np.array([0, 3.0]), 5)


def test_ratios_of_one_width():
    alive, first = survivorship_ratios(np.array([4.9, 4.8, 4.0, 6.0]))
    table, newborn = survival_between(np.arange(4) * 5, np.array([4.9, 4.8, 4.0, 6.0]), 5)
    np.testing.assert_allclose(table.sum(axis=1), alive)
    assert newborn[0] == pytest.approx(first / 5)


def test_two_ways_to_one_root():
    middles = np.arange(17.5, 50, 5)
    lived = np.linspace(4.7, 4.3, 7)
    for level in (0.02, 0.0635, 0.15):
        maternity = np.full(7, level)
        growth = growth_by_newton(middles, lived, maternity)
        assert growth_by_coale(middles, lived, maternity) == pytest.approx(growth, abs=1e-12)
        assert lotka(growth, middles, lived, maternity) == pytest.approx(1, abs=1e-12)
        doubled = length_of_generation(middles, lived, maternity) * growth
        assert np.exp(doubled) == pytest.approx(net_reproduction_rate(lived, maternity))


def test_generation_of_a_population_that_does_not_grow():
    middles, lived = np.array([22.5, 27.5]), np.array([5.0, 5.0])
    maternity = np.array([0.1, 0.1])
    assert growth_by_newton(middles, lived, maternity) == pytest.approx(0, abs=1e-15)
    mean = mean_age_of_maternity(middles, lived, maternity)
    assert length_of_generation(middles, lived, maternity) == mean == 25


def test_no_births():
    for way in (growth_by_coale, growth_by_newton):
        with pytest.raises(ProblemsError, match="no births"):
            way([25.0], [5.0], [0.0])
    with pytest.raises(ProblemsError, match="daughters: missing"):
        net_reproduction_rate(np.ones(1), np.array([np.nan]))
    with pytest.raises(RunError, match="use growth_by_newton"):
        growth_by_coale([60.0], [5.0], [40.0])


def test_projected_long_enough_a_population_grows_at_its_own_rate():
    rates, _ = abridged_rates()
    matrix = leslie(ABRIDGED, rates)
    growth, shares = stable_growth(matrix, 5)
    people = np.full((2, len(ABRIDGED)), 100.0)
    run = project(people, ABRIDGED, [rates] * 120)
    last, before = run[-1].people[1], run[-2].people[1]
    assert np.log(last.sum() / before.sum()) / 5 == pytest.approx(growth, rel=1e-8)
    np.testing.assert_allclose(last / last.sum(), shares, rtol=1e-6)
