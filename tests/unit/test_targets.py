from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from calibration.ledger import load_ledger
from model.area_loading import load_area
from outputs.chances import chance_text, meets, signed_gap, standard_error, upper_bound
from outputs.observed import realism, series_of
from outputs.targets import (
    CONTEXT,
    OUTSIDE,
    REALISED_SHARE,
    SCORED,
    UNTESTABLE,
    score_targets,
)

AREA = load_area()
LEDGER = {target.id: target for target in load_ledger(AREA)}
YEARS = np.arange(2020, 2026)


def result(**variables):
    """Dataset of one scenario; each variable is (draw, year), all of it in the zone heping."""
    found = {}
    for name, values in variables.items():
        array = np.zeros((*np.shape(values), len(AREA.zones)))
        array[..., AREA.zones.index("heping")] = values
        found[name] = (("draw", "year", "zone"), array, {"over_zones": "sum"})
    return xr.Dataset(found, {"year": YEARS}, {"scenario_names": "trend"})


def score(ds, target):
    return score_targets(ds, AREA, [target])


def test_a_target_is_judged_draw_by_draw():
    start, ends = 9e6, np.array([9.5e6, 10.5e6, 11e6, 11.5e6])
    path = start + (ends[:, None] - start) * (YEARS - 2020) / 5
    (row,) = score(result(population=path), LEDGER["P022"])
    assert (row.status, row.scenario, row.series, row.draws) == (SCORED, "trend", "", 4)
    assert row.target == 10e6
    assert row.probability == 0.75
    assert row.error == pytest.approx(np.sqrt(0.75 * 0.25 / 4))
    assert row.median == pytest.approx(10.75e6)
    assert row.gap == pytest.approx(7.5)
    # passed never, in 2024 (+0.3 million a year), 2023 (+0.4), 2023 (+0.5: 10.0 is not above)
    assert row.crossing == 2023
    assert (row.crossing_low, row.crossing_high) == (2023, None)
    assert row.never == 0.25
    assert row.reference == pytest.approx(9e6 + REALISED_SHARE * 1e6)


def test_a_target_that_nobody_reaches_has_a_bound_and_no_year():
    (row,) = score(result(population=np.full((100, 6), 9e6)), LEDGER["P022"])
    assert (row.probability, row.crossing, row.never) == (0, None, 1)
    noise = 9e6 + np.arange(100)[:, None] * np.ones(6)
    (row,) = score(result(population=noise), LEDGER["P022"])
    assert row.chance == "below 3 %"
    assert row.error > 0


def test_one_draw_gives_no_probability():
    (row,) = score(result(population=np.full((1, 6), 11e6)), LEDGER["P022"])
    assert (row.probability, row.error, row.chance) == (None, None, "met (one draw)")


def test_money_is_read_twice_nominal_first():
    ds = result(gdp_nominal=np.full((2, 6), 11_000.0), gdp_real=np.full((2, 6), 9_000.0))
    nominal, real = score(ds, LEDGER["P020"])
    assert (nominal.series, nominal.probability, nominal.unit) == ("nominal", 1, "1e8 yuan")
    assert (real.series, real.probability, real.unit) == ("real", 0, "1e8 yuan of 2020")
    assert (nominal.gap, real.gap) == (pytest.approx(10), pytest.approx(-10))


def test_a_limit_is_on_its_right_side_below():
    times = np.full((2, 6, len(AREA.zones)), 45.0)
    times[1] = 90.0
    dims, facts = ("draw", "year", "zone"), {"over_zones": "none"}
    ds = xr.Dataset(
        {
            "travel_time_to_core": (dims, times, facts),
            "station_time_to_core": (dims, times / 2, facts),
        },
        {"year": YEARS, "zone": list(AREA.zones)},
        {"scenario_names": "trend"},
    )
    row, station = score(ds, LEDGER["P049"])
    assert (row.series, row.probability, row.never) == ("door to door", 0.5, 0.5)
    assert row.gap == pytest.approx(-12.5)  # median 67.5 against 60
    assert (station.series, station.probability) == ("station to station", 1.0)


def test_untestable_and_outside_stand_once_with_their_reason():
    ds = result(population=np.full((2, 6), 9e6))
    (row,) = score(ds, LEDGER["P068"])
    assert (row.status, row.scenario, row.probability) == (UNTESTABLE, "", None)
    assert "definition" in row.reason
    (row,) = score(ds, LEDGER["P026"])
    assert (row.status, row.reason) == (OUTSIDE, "the run goes from 2020 to 2025")
    (row,) = score(ds, replace(LEDGER["P026"], year=2019))
    assert row.status == OUTSIDE


def test_the_whole_ledger_is_scored(tiny_ensemble):
    rows = score_targets(tiny_ensemble, AREA, list(LEDGER.values()))
    assert {row.id for row in rows} == set(LEDGER)
    assert {row.status for row in rows} == {SCORED, UNTESTABLE, OUTSIDE, CONTEXT}
    assert {row.scenario for row in rows if row.status == SCORED} == {"trend", "plan_realistic"}
    (services,) = [r for r in rows if r.id == "P014" and r.scenario == "trend"]
    assert services.median == pytest.approx(0.625, abs=0.01)
    numbers = [r.median for r in rows if r.status == SCORED]
    assert np.all(np.isfinite(numbers))


@pytest.mark.parametrize(
    ("comparator", "met"),
    [
        ("~=", [0, 1, 0]),
        ("<", [1, 0, 0]),
        ("<=", [1, 1, 0]),
        ("=", [0, 1, 0]),
        (">=", [0, 1, 1]),
        (">", [0, 0, 1]),
    ],
)
def test_comparators(comparator, met):
    values = np.array([50.0, 60.0, 70.0])
    assert meets(values, comparator, 60.0).tolist() == [bool(one) for one in met]
    assert not meets(np.array([np.nan]), comparator, 60.0).any()


def test_gaps_are_positive_on_the_right_side():
    assert signed_gap(66.0, ">", 60.0) == pytest.approx(10)
    assert signed_gap(66.0, "<=", 60.0) == pytest.approx(-10)
    assert signed_gap(66.0, "=", 60.0) == pytest.approx(10)
    assert np.isnan(signed_gap(1.0, ">=", 0.0))


def test_a_share_is_never_surer_than_its_draws():
    assert upper_bound(0, 60) == pytest.approx(1 - 0.05 ** (1 / 60))
    assert chance_text(0, 60) == "below 4.9 %"
    assert chance_text(60, 60) == "above 95.1 %"
    assert chance_text(30, 60) == "50 +- 6.5 %"
    assert standard_error(0, 60) > 0


def test_a_statement_is_graded_only_by_what_the_tables_hold():
    actual, grade, note = realism(LEDGER["P146"], AREA)
    assert grade == pytest.approx(actual / 1e6 - 1)
    assert -0.3 < grade < 0
    assert note == ""
    assert realism(LEDGER["P014"], AREA)[1] == pytest.approx(0, abs=0.005)
    assert realism(LEDGER["P020"], AREA) == (None, None, "not in the tables, which end in 2021")
    assert realism(LEDGER["P030"], AREA) == (None, None, "no date")
    assert realism(LEDGER["P001"], AREA)[2] == "not observed in the tables"


def test_no_observation_after_the_tables_end():
    for target in LEDGER.values():
        if target.year is not None and target.year > 2021:
            assert realism(target, AREA)[0] is None
    assert max(series_of(AREA, "gdp_nominal", "cities7", "shenyang")) <= 2021
