import numpy as np
import pytest
import xarray as xr

from model.area_loading import load_area
from model.problems import ProblemsError
from outputs.compare import compare

AREA = load_area()


def result(populations):
    """Dataset with the given residents, (scenario, draw), all in the zone heping."""
    values = np.asarray(populations, dtype=float)
    array = np.zeros((*values.shape, 1, len(AREA.zones)))
    array[..., 0, AREA.zones.index("heping")] = values
    return xr.Dataset(
        {"population": (("scenario", "draw", "year", "zone"), array, {"over_zones": "sum"})},
        coords={"scenario": ["trend", "plan"][: len(values)], "year": [2030]},
    )


def rows_of(populations, **options):
    return compare(result(populations), AREA, ["population"], regions=["shenyang"], **options)


def test_differences_are_taken_draw_by_draw():
    base = np.arange(0, 1010, 10.0)
    change = np.linspace(-10, 90, 101)
    (row,) = rows_of([base, base + change])
    assert (row.base, row.scenario, row.year, row.draws) == ("trend", "plan", 2030, 101)
    assert row.base_mean == pytest.approx(500)
    assert row.scenario_mean == pytest.approx(540)
    assert row.difference == pytest.approx(40)
    assert row.percent == pytest.approx(8)
    # far narrower than the spread of either scenario
    assert (row.low, row.high) == (pytest.approx(-5), pytest.approx(85))
    assert row.probability == pytest.approx(90 / 101)


def test_one_draw_has_no_interval():
    (row,) = rows_of([[100.0], [110.0]])
    assert (row.difference, row.low, row.high, row.probability) == (10, None, None, None)


def test_no_difference_at_all_has_no_sign():
    (row,) = rows_of([[1.0, 2.0], [1.0, 2.0]])
    assert (row.difference, row.probability) == (0, None)


def test_the_base_can_be_chosen():
    (row,) = rows_of([[100.0, 100.0], [110.0, 120.0]], base="plan")
    assert (row.scenario, row.difference, row.probability) == ("trend", -15, 0)


def test_everything_unknown_is_reported_at_once():
    with pytest.raises(ProblemsError) as caught:
        compare(result([[1.0], [2.0]]), AREA, ["populaton"], [2050], ["shenyag"], "tred")
    text = str(caught.value)
    for hint in ("population", "2030 to 2030", "shenyang", "trend"):
        assert hint in text
    assert len(caught.value.problems) == 4


def test_one_scenario_cannot_be_compared():
    with pytest.raises(ProblemsError, match="two scenarios"):
        rows_of([[1.0, 2.0]])
    with pytest.raises(ProblemsError, match="two scenarios"):
        compare(result([[1.0, 2.0]]).isel(scenario=0, drop=True), AREA)


def test_an_ensemble_gives_rows_for_every_region_and_indicator(tiny_ensemble):
    rows = compare(tiny_ensemble, AREA, ["population", "births", "mean_commute"], [2020, 2023])
    assert len(rows) == 3 * 8 * 2
    births = [row for row in rows if row.indicator == "births" and row.year == 2020]
    assert all(row.difference is None and row.probability is None for row in births)
    cities = [r for r in rows if (r.indicator, r.year) == ("population", 2023)]
    assert sum(r.base_mean for r in cities[:-1]) == pytest.approx(cities[-1].base_mean)
