from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from model.area_loading import load_area
from model.problems import ProblemsError
from outputs.compare import compare
from outputs.formulas import seats_of_regions
from outputs.indicators import INDICATORS, indicator
from outputs.labels import place_name, title_of
from outputs.regions import by_region, city_weights, default_regions, locate, region_weights, seats

AREA = load_area()
TINY = Path(__file__).parents[1] / "areas" / "tiny"
ZONES, CITIES, SECTORS = len(AREA.zones), len(AREA.cities), len(AREA.sectors)
SHENFU_IN_SHENYANG = 42312 / 171820


YINGKOU = {
    ("population", 2010): 2_428_534,
    ("population", 2020): 2_328_582,
    ("urban_population", 2010): 1_429_218,
    ("urban_population", 2020): 1_564_242,
}


def zone_array(values, name="population", how="sum"):
    return xr.DataArray(
        np.asarray(values, dtype=float)[None, None],
        dims=("draw", "year", "zone"),
        coords={"zone": list(AREA.zones), "year": [2020]},
        attrs={"over_zones": how},
        name=name,
    )


def at(array, region):
    return float(array.sel(region=region).squeeze())


def test_a_shared_zone_is_split_by_its_weight_and_nothing_is_lost():
    one = np.zeros(ZONES)
    one[AREA.zones.index("shenfu")] = 171_820
    found = by_region(zone_array(one), AREA, "cities7")
    assert at(found, "shenyang") == pytest.approx(42_312)
    assert at(found, "fushun") == pytest.approx(129_508)
    assert float(found.sum()) == pytest.approx(171_820)
    assert at(by_region(zone_array(one), AREA, "cities7plus1"), "shenfu") == 171_820
    assert at(by_region(zone_array(one), AREA, "metro"), "metro") == 171_820


def test_zones_are_a_region_set_of_their_own():
    values = np.arange(ZONES)
    found = by_region(zone_array(values), AREA, "zones")
    assert found.squeeze().values.tolist() == values.tolist()


def test_city_variables_follow_the_weights_of_their_zones():
    revenue = xr.DataArray(np.full(CITIES, 100.0), dims="city", attrs={"over_zones": "sum"})
    found = by_region(revenue, AREA, "cities7")
    assert at(found, "shenyang") == pytest.approx(100 * (1 + SHENFU_IN_SHENYANG))
    assert at(found, "anshan") == 100
    assert float(found.sum()) == pytest.approx(800)


@pytest.mark.parametrize(
    "name",
    ["households", "floating", "urban_population", "hukou_conversions", "births", "arrivals"],
)
def test_sets_of_seven_and_of_eight_hold_everybody_once(name):
    values = np.random.default_rng(3).uniform(0, 1e6, ZONES)
    totals = [
        float(by_region(zone_array(values, name), AREA, sets).sum())
        for sets in ("cities7", "cities7plus1", "metro")
    ]
    np.testing.assert_allclose(totals, values.sum(), rtol=1e-12)
    seven, eight = (
        by_region(zone_array(values, name), AREA, sets) for sets in ("cities7", "cities7plus1")
    )
    shared = at(eight, "shenfu")
    given = sum(at(seven, city) - at(eight, city) for city in ("shenyang", "fushun"))
    assert given == pytest.approx(shared)
    assert at(seven, "shenyang") - at(eight, "shenyang") == pytest.approx(
        SHENFU_IN_SHENYANG * shared
    )


def test_a_city_variable_is_not_split_between_its_zones():
    with pytest.raises(ProblemsError, match="zones cuts through"):
        city_weights(AREA, "zones")


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (zone_array(np.ones(ZONES), "mean_commute", "none"), "mean_commute does not add up"),
        (zone_array(np.ones(ZONES), "wage", "mean"), "does not add up"),
        (xr.DataArray(1.0, name="deflator"), "has no zone or city"),
    ],
)
def test_only_sums_are_added_up(array, message):
    with pytest.raises(ProblemsError, match=message):
        by_region(array, AREA, "cities7")


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(ProblemsError, match="did you mean cities7"):
        region_weights(AREA, "cites7")
    with pytest.raises(ProblemsError, match="did you mean anshan"):
        locate(AREA, "ansham")
    with pytest.raises(ProblemsError, match="did you mean population"):
        indicator(xr.Dataset(), AREA, "populaton")
    with pytest.raises(ProblemsError, match="the result has no births"):
        indicator(xr.Dataset(), AREA, "births")


def test_shares_are_total_over_total():
    output = np.zeros((1, 1, SECTORS, ZONES))
    services = AREA.sectors.index("local_services")
    factory = AREA.sectors.index("equipment")
    heping, tiexi = AREA.zones.index("heping"), AREA.zones.index("shenyang_tiexi")
    output[..., services, heping] = 30
    output[..., factory, heping] = 10
    output[..., factory, tiexi] = 60
    ds = xr.Dataset({"output": (("draw", "year", "sector", "zone"), output, {"over_zones": "sum"})})
    assert at(indicator(ds, AREA, "services_share"), "shenyang") == pytest.approx(0.3)
    assert at(indicator(ds, AREA, "manufacturing_share"), "shenyang") == pytest.approx(0.7)


def test_means_are_weighted_and_ignore_other_regions():
    minutes, people = np.full(ZONES, np.nan), np.zeros(ZONES)
    inside = AREA.region_set("cities7")[1][0] > 0
    minutes[inside] = 20.0
    people[inside] = 1.0
    heping = AREA.zones.index("heping")
    minutes[heping], people[heping] = 40.0, 13 + SHENFU_IN_SHENYANG - 1
    ds = xr.Dataset(
        {
            "mean_commute": zone_array(minutes, "mean_commute", "none"),
            "employed_residents": zone_array(people, "employed_residents"),
        }
    )
    assert at(indicator(ds, AREA, "mean_commute"), "shenyang") == pytest.approx(30.0)


def test_times_are_taken_at_seats_and_the_core_is_left_out_of_the_whole():
    times = np.full(ZONES, 500.0)
    for zone, value in {"shenhe": 15, "tiedong": 80, "shuncheng": 55, "shenfu": 45}.items():
        times[AREA.zones.index(zone)] = value
    for city in ("benxi", "fuxin", "liaoyang", "tieling"):
        times[AREA.zones.index(seats(AREA)[city])] = 70
    ds = xr.Dataset({"travel_time_to_core": zone_array(times, "travel_time_to_core", "none")})
    found = indicator(ds, AREA, "travel_time_to_core")
    assert [at(found, r) for r in ("shenyang", "anshan", "fushun")] == [15, 80, 55]
    assert at(indicator(ds, AREA, "travel_time_to_core", "metro"), "metro") == 80
    assert at(indicator(ds, AREA, "travel_time_to_core", "zones"), "dadong") == 500
    assert "heping" not in seats_of_regions(AREA, "metro")[0]


def test_a_number_of_the_whole_area_is_nan_for_its_parts():
    ds = xr.Dataset({"population_within_hour": (("draw", "year"), [[0.4]])})
    assert at(indicator(ds, AREA, "population_within_hour", "metro"), "metro") == 0.4
    assert bool(indicator(ds, AREA, "population_within_hour").isnull().all())


def test_default_regions_end_with_the_whole_area():
    assert default_regions(AREA)[0] == "shenyang"
    assert default_regions(AREA)[-1] == "metro"
    assert default_regions(AREA, "cities7plus1")[-2:] == ("shenfu", "metro")


@pytest.mark.parametrize("name", list(INDICATORS))
def test_every_indicator_comes_out_of_a_run_and_adds_up(tiny_ensemble, name):
    parts = indicator(tiny_ensemble, AREA, name)
    whole = indicator(tiny_ensemble, AREA, name, "metro").sel(region="metro")
    assert parts.dims == ("scenario", "draw", "year", "region")
    assert parts.attrs["units"] == INDICATORS[name].unit
    assert np.isfinite(whole.isel(year=-1)).all()
    if INDICATORS[name].how in {"sum", "sectors"}:
        last = parts.isel(year=-1).sum("region")
        np.testing.assert_allclose(last, whole.isel(year=-1), rtol=1e-12, atol=1e-6)


def test_published_totals_of_the_base_year_come_back(tiny_ensemble):
    found = indicator(tiny_ensemble, AREA, "population").sel(year=2020).isel(scenario=0, draw=0)
    assert float(found.sel(region="shenyang")) == pytest.approx(9_070_093, abs=1)
    assert float(found.sel(region="fushun")) == pytest.approx(1_861_372, abs=1)


def test_eight_cities_are_the_metropolitan_area_and_yingkou(tiny_ensemble):
    eight = indicator(tiny_ensemble, AREA, "population", "zone2016")
    seven = indicator(tiny_ensemble, AREA, "population")
    metro = indicator(tiny_ensemble, AREA, "population", "metro").sel(region="metro")
    assert list(eight["region"].values) == [*seven["region"].values, "yingkou"]
    np.testing.assert_array_equal(eight.isel(region=slice(7)), seven)
    assert (eight.sel(region="yingkou", year=2020) == 2_328_582).all()
    total = eight.sum("region", skipna=False)
    np.testing.assert_allclose(
        total.sel(year=2020), metro.sel(year=2020) + 2_328_582, rtol=1e-12, atol=0
    )
    np.testing.assert_allclose(total.sel(year=2020), 21_223_009 + 2_328_582, rtol=1e-12)
    assert bool(eight.sel(region="yingkou").isel(year=slice(1, None)).isnull().all())
    assert bool(total.isel(year=slice(1, None)).isnull().all())


@pytest.mark.parametrize("name", ["population", "urban_population", "households"])
def test_what_is_not_simulated_is_counted_or_missing_never_zero(name):
    years = [2009, 2010, 2011, 2019, 2020, 2021, 2035]
    values = np.random.default_rng(5).uniform(0, 1e6, (2, 3, len(years), ZONES))
    array = xr.DataArray(
        values,
        dims=("scenario", "draw", "year", "zone"),
        coords={"zone": list(AREA.zones), "year": years},
        attrs={"over_zones": "sum", "units": "persons"},
        name=name,
    )
    found = by_region(array, AREA, "zone2016")
    assert found.dims == ("scenario", "draw", "year", "region")
    assert (found.name, found.attrs) == (name, array.attrs)
    np.testing.assert_array_equal(found.isel(region=slice(7)), by_region(array, AREA, "cities7"))
    np.testing.assert_allclose(
        found.isel(region=slice(7)).sum("region"), values.sum(axis=-1), rtol=1e-12
    )
    for year in years:
        known = YINGKOU.get((name, year), np.nan)
        got = found.sel(region="yingkou", year=year).values
        np.testing.assert_array_equal(got, np.full((2, 3), known))
        one = by_region(array.sel(year=year), AREA, "zone2016").sel(region="yingkou")
        np.testing.assert_array_equal(one, np.full((2, 3), known))


def test_numbers_by_age_or_without_a_year_are_missing_where_nothing_is_simulated():
    no_year = zone_array(np.ones(ZONES)).isel(year=0, drop=True)
    ages = xr.DataArray(
        np.ones((1, CITIES, 2)),
        dims=("year", "city", "age"),
        coords={"year": [2020]},
        attrs={"over_zones": "sum"},
        name="population_by_age",
    )
    for array in (no_year, ages):
        found = by_region(array, AREA, "zone2016")
        assert bool(found.sel(region="yingkou").isnull().all())
        assert bool(found.isel(region=slice(7)).notnull().all())


def test_the_set_with_yingkou_splits_shenfu_and_has_a_row_of_no_zone():
    regions, weights = region_weights(AREA, "zone2016")
    seven, inner = region_weights(AREA, "cities7")
    assert regions == (*seven, "yingkou")
    np.testing.assert_array_equal(weights[:-1], inner)
    assert not weights[-1].any()
    shenfu = weights[:, AREA.zones.index("shenfu")]
    assert shenfu.sum() == pytest.approx(1.0, abs=1e-12)
    assert not city_weights(AREA, "zone2016")[1][-1].any()
    assert seats_of_regions(AREA, "zone2016") == [*seats_of_regions(AREA, "cities7"), []]


def test_the_set_with_yingkou_changes_nothing_else():
    assert AREA.settings["default_region_set"] == "cities7"
    assert {locate(AREA, city) for city in AREA.region_set("cities7")[0]} == {"cities7"}
    assert locate(AREA, "shenfu") == "cities7plus1"
    assert locate(AREA, "yingkou") == "zone2016"
    assert "yingkou" not in default_regions(AREA)
    assert "yingkou" not in AREA.statistics[0]
    assert title_of(AREA, "yingkou", True) == "营口市  Yingkou"
    assert place_name(AREA, "yingkou") == "Yingkou 营口市"


@pytest.mark.parametrize("name", list(INDICATORS))
def test_every_indicator_is_the_same_for_the_seven_and_missing_for_yingkou(tiny_ensemble, name):
    found = indicator(tiny_ensemble, AREA, name, "zone2016")
    seven = indicator(tiny_ensemble, AREA, name)
    np.testing.assert_array_equal(found.isel(region=slice(7)), seven)
    assert bool(found.sel(region="yingkou").isel(year=slice(1, None)).isnull().all())
    first = found.sel(region="yingkou", year=2020)
    counted = {
        "population": 2_328_582,
        "urban_population": 1_564_242,
        "urbanisation_rate": 1_564_242 / 2_328_582,
    }
    np.testing.assert_array_equal(first, np.full(first.shape, counted.get(name, np.nan)))


def test_differences_of_a_region_that_is_not_simulated_are_none_or_nothing(tiny_ensemble):
    rows = compare(tiny_ensemble, AREA, ["population"], years=[2020, 2021], regions=["yingkou"])
    known = {row.year: (row.base_mean, row.difference) for row in rows}
    assert known == {2020: (2_328_582, 0), 2021: (None, None)}
    whole = compare(tiny_ensemble, AREA, ["population"], region_set="zone2016")
    assert {row.region for row in whole} == {*region_weights(AREA, "zone2016")[0], "metro"}


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("wider,c,丙,C,2020", "wide,c,丙,C,2020", "region_set", "did you mean wider"),
        ("2020,population", "2020,populaton", "variable", "did you mean population"),
        ("2020,population", "2020,births", "variable", "unknown 'births'"),
        ("900,persons", "900,households", "unit", "population is in persons"),
        ("900,persons", "-1,persons", "value", "outside"),
        ("toy", "toys", "source", "did you mean toy"),
        ("wider,c,丙,C,2020", "wider,a,丙,C,2020", "region", "a is simulated"),
        (
            "wider,c,丙,C,2020,population,900",
            "wider,c,丙,C,2010,urban_population,1001",
            "value",
            "1,001 of 1,000 residents",
        ),
        ("wider,c,丙,C,2020", "wider,c,丙,C,2010", "wider, c, 2010, population", "stands 2 times"),
        ("wider,c", "statistics,d", "default_region_set", "not simulated"),
    ],
)
def test_rows_nobody_could_report_are_refused(copy, old, new, column, message):
    path = copy / "report_only.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ProblemsError) as raised:
        load_area(copy)
    assert any(
        (problem.key, True) == (column, message in problem.message)
        for problem in raised.value.problems
    )


def test_a_start_in_the_past_knows_no_later_count():
    rows = load_area(start="history").tables["report_only"]
    assert {row["year"] for row in rows} == {2010}
