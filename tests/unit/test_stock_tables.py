"""Broken tables of housing, land, energy and budgets: named, with file, line and zone."""

import pytest

from model.area import load_area
from tests.unit.test_tables import copy, edit, line_of, only, problems

__all__ = ["copy"]  # the fixture


@pytest.mark.parametrize(
    ("table", "old", "new", "column", "message"),
    [
        ("housing", "b1,2020,floor_area_per_head,30", "b1,2020,floor_area_per_head,-30",
         "value", "-30 is outside [1, 500]"),
        ("housing", "b1,2020,floor_area_per_head,30", "b1,2020,floor_area_per_head,0",
         "value", "0 is outside [1, 500]"),
        ("house_prices", "b,2020,5000", "b,2020,0", "value", "0 is outside [1, inf]"),
        ("house_prices", "b,2020,5000", "b,2020,dear", "value", "cannot read 'dear'"),
        ("land", "b1,2020,5", "b1,2020,-5", "value", "-5 is outside [0.001, inf]"),
        ("fiscal", "a,2020,expenditure,9", "a,2020,expenditure,-9",
         "value", "-9 is outside [0, inf]"),
        ("fiscal", "b,2020,revenue,3", "b,2020,revenue,-3", "value", "-3 is outside [0, inf]"),
        ("energy", "works,0.6,", "works,1.6,", "coal", "1.6 is outside [0, 1]"),
        ("emissions", "a,2018,level,0.6", "a,2018,level,0", "value", "0 is outside [0.001, inf]"),
        ("households", "b1,2020,2,", "b1,2020,0,", "value", "0 is outside [1, 20]"),
    ],
)  # fmt: skip
def test_a_number_out_of_its_bounds(copy, table, old, new, column, message):
    edit(copy, table, old, new)
    found = problems(copy)
    line = line_of(copy, table, new)
    assert f"toy/{table}.csv:{line}: {column}: {message}" in [str(one) for one in found]


@pytest.mark.parametrize(
    ("table", "row", "key"),
    [
        ("housing", "b2,2020,floor_area_per_head,30,m2 per person,toy,assumed\n", "b2, 2020"),
        ("housing", "b2,2010,floor_area_per_head,24,m2 per person,toy,assumed\n", "b2, 2010"),
        ("land", "b2,2020,3,km2,toy,assumed\n", "b2, 2020"),
        ("house_prices", "b,2020,5000,yuan per m2,toy,assumed\n", "b, 2020"),
        ("fiscal", "b,2020,expenditure,6,1e8 yuan,toy,assumed\n", "b, 2020, expenditure"),
        ("emissions", "b,2020,profile,0.5,Mt,toy,assumed\n", "b, 2020, profile"),
        ("energy", "works,0.6,0.1,0.1,0.2,share,toy,assumed\n", "works"),
    ],
)
def test_a_missing_row_is_named(copy, table, row, key):
    edit(copy, table, row, "")
    assert str(only(copy)) == f"toy/{table}.csv: {key}: missing"


def test_an_unknown_zone(copy):
    edit(copy, "housing", "b2,2020", "b22,2020")
    found = [str(one) for one in problems(copy)]
    line = line_of(copy, "housing", "b22,2020")
    assert f"toy/housing.csv:{line}: zone: unknown 'b22'; did you mean b2?" in found


def test_shares_of_carriers_that_do_not_sum_to_one(copy):
    edit(copy, "energy", "works,0.6,", "works,0.5,")
    assert "works: shares sum to 0.9, not 1" in str(only(copy))


def test_more_built_over_than_there_is(copy):
    edit(copy, "land", "a1,2020,6,", "a1,2020,600,")
    assert str(only(copy)).endswith("a1: 600 km2 built over in a zone of 100 km2")


def test_a_row_given_twice(copy):
    edit(copy, "land", "b2,2020,3,km2,toy,assumed\n", "b2,2020,3,km2,toy,assumed\n" * 2)
    assert str(only(copy)) == "toy/land.csv: b2, 2020: stands 2 times"


@pytest.mark.parametrize(
    "name",
    ["price_gradient.core", "degree_days", "energy_intensity.works", "research_intensity.a",
     "inventory_gap.b"],
)  # fmt: skip
def test_a_missing_assumption_is_named(copy, name):
    path = copy / "assumptions.csv"
    lines = [row for row in path.read_text().splitlines() if not row.startswith(f"{name},")]
    path.write_text("\n".join(lines) + "\n")
    assert str(only(copy)) == f"toy/assumptions.csv: {name}: missing"


def test_the_toy_still_loads(copy):
    assert load_area(copy).zones == ("a1", "a2", "b1", "b2", "link")
