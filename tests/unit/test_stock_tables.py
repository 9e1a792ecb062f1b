"""Broken tables of housing, land, energy and budgets: named, with file, line and zone."""

import pytest

from model.area_loading import load_area
from model.problems import ProblemsError
from tests.unit.test_tables import edit, line_of, only, problems


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
        ("households", "b1,2020,one_person,5000", "b1,2020,one_person,-1",
         "value", "-1 is outside [0, inf]"),
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
        ("energy", "2020,works,0.6,0.1,0.1,0.2,share,toy,assumed\n", "works"),
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


def of_the_past(copy):
    with pytest.raises(ProblemsError) as caught:
        load_area(copy, start="history")
    return [str(one) for one in caught.value.problems]


@pytest.mark.parametrize(
    ("table", "row", "key"),
    [
        ("housing", "b2,2010,floor_area_per_head,24,m2 per person,toy,assumed\n", "b2, 2010"),
        ("land", "b2,2010,2.5,km2,toy,assumed\n", "b2, 2010"),
        ("house_prices", "b,2010,3000,yuan per m2,toy,assumed\n", "b, 2010"),
        ("emissions", "b,2010,profile,0.4,Mt,toy,assumed\n", "b, 2010, profile"),
    ],
)
def test_a_missing_row_of_the_past_is_named(copy, table, row, key):
    edit(copy, table, row, "")
    assert of_the_past(copy) == [f"toy/{table}.csv: {key}: missing"]


@pytest.mark.parametrize(
    ("name", "item"),
    [("revenue_of_output.b", "revenue"), ("transfers_per_resident.b", "expenditure")],
)
def test_a_budget_neither_published_nor_assumed_is_named(copy, name, item):
    path = copy / "history_assumptions.csv"
    rows = [row for row in path.read_text().splitlines() if not row.startswith(f"{name},")]
    path.write_text("\n".join(rows) + "\n")
    assert of_the_past(copy) == [f"toy/fiscal.csv: b, 2010, {item}: missing"]


def test_growth_without_an_earlier_census_must_be_assumed(copy):
    path = copy / "history_assumptions.csv"
    rows = [r for r in path.read_text().splitlines() if not r.startswith("floor_space_growth.b")]
    path.write_text("\n".join(rows) + "\n")
    assert of_the_past(copy) == ["toy/assumptions.csv: floor_space_growth.b: missing"]
    assert load_area(copy).base_year == 2020  # two censuses: nothing to assume


def test_an_earlier_census_begun_is_asked_for_whole(copy):
    last = "link,2010,floor_area_per_head,24,m2 per person,toy,assumed\n"
    edit(copy, "housing", last, last + last.replace("2010", "2000"))
    wanted = [f"toy/housing.csv: {zone}, 2000: missing" for zone in ("a1", "a2", "b1", "b2")]
    assert of_the_past(copy) == wanted


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("house_price_factor.b,1.1,", "house_price_factor.bb,1.1,", "did you mean"),
        ("floor_space_growth.b,", "floor_space_growth.bb,", "did you mean floor_space_growth.b"),
        ("built_up_factor.b,0.9,", "built_up_factor.b,-0.9,", "-0.9 is not above zero [1]"),
        ("built_up_factor.b,0.9,", "built_up_factor.b,0,", "0 is not above zero [1]"),
    ],
)
def test_factors_of_regions_are_read_closely(copy, old, new, message):
    edit(copy, "history_assumptions", old, new)
    line = line_of(copy, "history_assumptions", new)
    start, found = f"toy/history_assumptions.csv:{line}: {new.split(',')[0]}: ", of_the_past(copy)
    assert any(one.startswith(start) and message in one for one in found)


def test_the_toy_still_loads(copy):
    assert load_area(copy).zones == ("a1", "a2", "b1", "b2", "link")
