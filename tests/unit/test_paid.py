"""What a package costs and what of it is paid, in words; indicators that are ratios."""

import numpy as np
import pytest
import xarray as xr

from model.area_loading import load_area
from outputs.indicators import INDICATORS, indicator, variables_of
from outputs.local_supply import supply_in_words
from outputs.paid import paid_in_words, paid_rows

AREA = load_area()


def result(cost, spent, budget=0.0, unlimited=False, borrowed=np.inf):
    """Scenarios over the base year and one more: output of 1,000, and a budget for each city."""
    dims = ("scenario", "draw", "year", "city")
    cities = len(AREA.cities)
    paid_for = np.zeros((3, len(cost), 1, 2, cities))
    paid_for[2, :, :, 1] = budget
    for at, (one, other) in enumerate(zip(cost, spent, strict=True)):
        paid_for[0, at, 0, 1, :2], paid_for[1, at, 0, 1, :2] = one, other
    names = ("policy_cost", "policy_spending", "policy_budget")
    values = {name: (dims, some) for name, some in zip(names, paid_for, strict=True)}
    values["borrowing"] = (dims, np.full(paid_for[0].shape, borrowed))
    values["gdp_real"] = (dims[:3], np.full((len(cost), 1, 2), 1000.0))
    coords = {"scenario": ["trend", "plan"][: len(cost)], "city": list(AREA.cities)}
    rule = "unlimited" if unlimited else "capped"
    texts = ["budget: capped", f"budget: {rule}"][: len(cost)]
    return xr.Dataset(values, coords, {"scenario_yaml": "\n---\n".join(texts)})


def test_rows_by_government_and_for_all():
    found = paid_rows(result([(0, 0), (100, 10)], [(0, 0), (40, 10)]), AREA)
    assert {(row.scenario, row.indicator, row.unit) for row in found} == {
        ("plan", "paid_share", "share")
    }
    shares = {row.region: row.value for row in found}
    assert shares == pytest.approx({"shenyang": 0.4, "anshan": 1.0, "metro": 50 / 110})
    assert paid_rows(result([(0, 0)], [(0, 0)]), AREA) == []


def test_the_interval_is_that_of_draws():
    """Shares of 0.2 and 0.6, of costs 100 and 300: half of it all."""
    one = result([(100, 0)], [(20, 0)])
    both = xr.concat([one, one.assign(policy_cost=one["policy_cost"] * 3)], "draw")
    both["policy_spending"][{"draw": 1}] *= 9
    (_, whole) = paid_rows(both, AREA)
    assert (whole.value, whole.low, whole.high) == pytest.approx((0.5, 0.22, 0.58))
    assert whole.draws == 2


def test_one_run_has_no_dimension_of_scenarios():
    one = result([(100, 10)], [(40, 10)]).isel(scenario=0, drop=True)
    one.attrs["scenario_names"] = "mine"
    (said,) = paid_in_words(one, AREA)
    assert said.startswith("mine: the governments pay 45 % of a package of 110.0")
    assert [row.scenario for row in paid_rows(one, AREA)] == ["mine"] * 3


def test_in_words():
    said = paid_in_words(result([(0, 0), (100, 10)], [(0, 0), (40, 10)]), AREA)
    assert len(said) == 1
    assert said[0].startswith("plan: the governments pay 45 % of a package of 110.0")
    assert said[0].endswith("short of money: Shenyang 40 %.")
    assert paid_in_words(result([(0, 0)], [(0, 0)]), AREA) == []
    (all_of_it,) = paid_in_words(result([(0, 0), (100, 10)], [(0, 0), (100, 10)]), AREA)
    assert all_of_it.startswith("plan: the governments pay all of a package of 110.0")


def test_what_is_borrowed_is_said_and_a_budget_without_limit():
    paid = [(0, 0), (100, 10)]
    (own,) = paid_in_words(result(paid, paid, budget=100.0), AREA)
    assert own.endswith("over the run).")
    (half,) = paid_in_words(result(paid, paid, budget=45.0), AREA)
    assert half.endswith("over the run), 50 % of it borrowed: 5.5 % of output, year by year.")
    (less,) = paid_in_words(result(paid, paid, budget=45.0, borrowed=11.0), AREA)
    assert less.endswith("over the run), 10 % of it borrowed: 1.1 % of output, year by year.")
    (free,) = paid_in_words(result(paid, paid, budget=45.0, unlimited=True), AREA)
    assert free.startswith("plan: no budget limits it, as the scenario says,")


def test_variables_of_every_indicator_exist(tiny_ensemble):
    for name in INDICATORS:
        found = variables_of(name)
        assert found, name
        assert set(found) <= set(tiny_ensemble.data_vars), name


def test_a_ratio_is_total_over_total(tiny_ensemble):
    found = indicator(tiny_ensemble, AREA, "co2_per_head", "metro").isel(region=0)
    tons = tiny_ensemble["co2_emissions"].sum("zone") * 1e6
    np.testing.assert_allclose(found, tons / tiny_ensemble["population"].sum("zone"))


def test_floor_area_per_head_of_the_base_year_is_the_census(tiny_ensemble):
    """36.13 m2 in the core city by the census table of the city, 36.1 by its districts."""
    found = indicator(tiny_ensemble, AREA, "floor_area_per_head").sel(region="shenyang", year=2020)
    np.testing.assert_allclose(found, 36.13, rtol=0.01)


def test_created_and_displaced_supply_is_said():
    dims = ("scenario", "draw", "year")
    created, displaced = np.zeros((2, 2, 2, 2))
    created[1, :, 1], displaced[1, :, 1] = (1.0, 3.0), (6.0, 8.0)
    values = {"supply_created": (dims, created), "supply_displaced": (dims, displaced)}
    ds = xr.Dataset(values, {"scenario": ["trend", "plan"], "year": [2020, 2021]})
    (said,) = supply_in_words(ds)
    assert said.startswith("plan: suppliers get orders worth 9.0")
    assert "value added in 2021" in said
    assert "2.000 of it is created, 7.000 displaced" in said
