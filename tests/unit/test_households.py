"""Households from residents and household size."""

import numpy as np

from model.processes.households import household_count
from tests.worlds import after, world_of


def test_smaller_households_are_more_households():
    people, size = np.array([[100.0, 0.0]]), np.array([2.0, 2.0])
    now = household_count(people, size, np.array([[-0.1]]), 0)
    later = household_count(people, size, np.array([[-0.1]]), 5)
    assert now.tolist() == [[50.0, 0.0]]
    assert later[0, 0] > now[0, 0]
    assert household_count(people, size, np.array([[-0.1]]), 90)[0, 0] == 100.0


def test_base_year_is_the_table(shenyang):
    world = world_of(shenyang)
    row = next(r for r in shenyang.tables["households"] if r["zone"] == "heping")
    at = shenyang.zones.index("heping")
    assert world["households"][0, at] * row["value"] == world["population"][0, at]


def test_a_shrinking_city_keeps_its_households(shenyang):
    """Persons per household fall about as fast as people do."""
    base, world = world_of(shenyang), after(shenyang, 5)
    city = shenyang.city_of_zone == shenyang.cities.index("anshan")
    people = world["population"][0, city].sum() / base["population"][0, city].sum()
    homes = world["households"][0, city].sum() / base["households"][0, city].sum()
    assert people < homes
