"""Life tables against hand computation."""

import numpy as np
import pytest

from model.processes.life_table import life_expectancy, stationary_years, survivorship


def test_first_years_by_hand():
    rates = np.full(101, 0.1)
    q0, q1 = 0.1 / (1 + 0.9 * 0.1), 0.1 / (1 + 0.5 * 0.1)
    years = stationary_years(rates)
    assert years[0] == pytest.approx((1 - q0) + 0.1 * q0)
    assert years[1] == pytest.approx((1 - q0) * ((1 - q1) + 0.5 * q1))


def test_open_group_lives_one_over_its_rate():
    rates = np.zeros(101)
    rates[-1] = 0.25
    years = stationary_years(rates)
    assert years[:-1].tolist() == [1.0] * 100
    assert years[-1] == 4.0
    assert life_expectancy(rates) == pytest.approx(104.0)


def test_constant_hazard():
    assert life_expectancy(np.full(101, 0.02)) == pytest.approx(50, rel=1e-3)


def test_survival_by_hand():
    rates = np.zeros(101)
    rates[30], rates[-1] = 0.1, 0.25
    q = 0.1 / 1.05
    surviving, newborn = survivorship(rates)
    assert surviving[29] == pytest.approx(1 - q / 2)
    assert surviving[30] == pytest.approx((1 - q) / (1 - q / 2))
    assert surviving[98] == pytest.approx(1.0)
    assert surviving[99] == surviving[100] == pytest.approx(4 / 5)
    assert newborn == 1.0


def test_survival_keeps_the_stationary_population():
    rates = np.geomspace(0.0005, 0.5, 101)
    years, (surviving, newborn) = stationary_years(rates), survivorship(rates)
    older = np.zeros(101)
    older[1:] = (years * surviving)[:-1]
    older[-1] += (years * surviving)[-1]
    older[0] = newborn
    np.testing.assert_allclose(older, years, rtol=1e-12)


def test_huge_rates_kill_everybody_at_most():
    surviving, newborn = survivorship(np.full((2, 3, 101), 2.0))
    assert np.all((surviving >= 0) & (surviving <= 1))
    assert np.all((newborn >= 0) & (newborn <= 1))


def test_axes_are_kept():
    assert stationary_years(np.full((4, 2, 101), 0.01)).shape == (4, 2, 101)
    assert life_expectancy(np.full((4, 2, 101), 0.01)).shape == (4, 2)


@pytest.mark.parametrize(("age", "rate"), [(5, -0.1), (100, 0.0)])
def test_impossible_rates(age, rate):
    rates = np.full(101, 0.1)
    rates[age] = rate
    with pytest.raises(ValueError, match="open group"):
        stationary_years(rates)
