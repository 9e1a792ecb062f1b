import numpy as np
import pytest
import xarray as xr

from model.area import load_area
from model.problems import ProblemsError
from outputs.formulas import seats_of_regions
from outputs.indicators import INDICATORS, indicator
from outputs.regions import by_region, city_weights, default_regions, locate, region_weights, seats

AREA = load_area()
ZONES, CITIES, SECTORS = len(AREA.zones), len(AREA.cities), len(AREA.sectors)
SHENFU_IN_SHENYANG = 42312 / 171820


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
