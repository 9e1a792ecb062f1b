"""Schooling: entry rates between the years of the table, at the ages of entry."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from model.axes import EDUCATION, FEMALE, MALE
from model.processes.education import ENTRY_AGES, entering, entry_rate, schooling

YEARS, RATES = np.array([2010, 2020, 2040]), np.array([[0.2, 0.5], [0.6, 0.6], [0.9, 0.6]])


def test_rates_of_the_table_come_back_and_stay_beyond():
    for year, row in zip(YEARS, RATES, strict=True):
        np.testing.assert_allclose(entry_rate(YEARS, RATES, year), row)
    np.testing.assert_allclose(entry_rate(YEARS, RATES, 1990), RATES[0])
    np.testing.assert_allclose(entry_rate(YEARS, RATES, 2070), RATES[-1])


def test_between_years_the_logit_is_linear():
    wanted = expit(0.75 * logit(0.6) + 0.25 * logit(0.9))
    assert entry_rate(YEARS, RATES, 2025)[0] == pytest.approx(wanted)


def test_levels_are_entered_at_their_ages_by_both_sexes():
    table = entering(np.array([[0.9, 0.8, 0.5]]))[0]
    for level, (age, rate) in enumerate(zip(ENTRY_AGES, (0.9, 0.8, 0.5), strict=True)):
        assert table[level, MALE, age] == table[level, FEMALE, age] == rate
    assert np.count_nonzero(table) == 2 * len(ENTRY_AGES)
    assert not table[-1].any()


def test_paths_of_the_area(tiny_world):
    world = tiny_world(count=3)
    found = schooling(world.area, world.assumed)
    assert tuple(found) == EDUCATION[1:]
    for years, rates in found.values():
        assert np.all(np.diff(years) > 0)
        assert rates.shape == (len(years), 3)
        assert np.all((rates > 0) & (rates < 1))


def test_rows_of_the_table_may_stand_in_any_order(tiny_world):
    world = tiny_world()
    rows = world.area.tables["schooling"]
    turned = replace(world.area, tables=world.area.tables | {"schooling": rows[::-1]})
    for level, (years, rates) in schooling(world.area, world.assumed).items():
        there, found = schooling(turned, world.assumed)[level]
        np.testing.assert_array_equal(there, years)
        np.testing.assert_array_equal(found, rates)
