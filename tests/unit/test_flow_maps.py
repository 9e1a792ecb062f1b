"""Pictures of commuting: what they hold, and what they refuse."""

import numpy as np
import pytest
import xarray as xr

from model import simulate
from model.area_loading import load_area
from model.problems import ProblemsError
from outputs.flow_maps import (
    commuting_matrix,
    flow_map,
    isochrones,
    reached,
    region_rows,
    save_flow_maps,
)
from tests.worlds import TINY, trend

AREA = load_area(TINY)


@pytest.fixture(scope="module")
def result():
    return simulate(trend(), area=TINY, end=2022)


def test_reached_by_hand():
    given = {
        "travel_time_to_core": (("draw", "year", "zone"), [[[10.0, 50.0, 70.0]] * 2]),
        "population": (("draw", "year", "zone"), [[[1.0, 1.0, 2.0], [9.0, 1.0, 1.0]]]),
    }
    ds = xr.Dataset(given, coords={"year": [2020, 2021]})
    for year in (2020, 2021):  # those who lived there when it began
        share = reached(ds, "travel_time_to_core", year, np.array([9, 50, 99]))
        assert share.tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("year", [2021, 2022])
def test_the_hour_of_the_picture_is_that_of_the_result(year):
    ds = simulate(trend(), area=TINY, end=2022, draws=3)
    axes = isochrones({"one": ds}, year).axes
    for one, ending in zip(axes, ("", "_by_station"), strict=True):
        told = float(ds[f"population_within_hour{ending}"].sel(year=year).mean("draw"))
        assert one.lines[0].get_ydata()[60] == pytest.approx(100 * told, rel=1e-12)
        (label,) = one.get_legend().get_texts()
        assert label.get_text() == f"one: {100 * told:.1f} % within the hour"
        assert 0 < told < 1


def test_map_holds_every_zone_and_pair(result):
    axes = flow_map(result, AREA, 2022).axes[0]
    lines = sum(len(part.get_segments()) for part in axes.collections[:2])
    assert lines == 10
    assert len(axes.collections[2].get_offsets()) == 5
    assert len(axes.texts) == 3


def test_matrix_is_that_of_the_result(result):
    image = commuting_matrix(result, AREA, 2022).axes[0].images[0]
    wanted = result["commuters"].sel(year=2022).values[0]
    found = np.ma.filled(image.get_array(), np.nan)
    np.testing.assert_allclose(found, np.where(wanted < 1, np.nan, wanted))


def test_names_have_no_rank_and_keys_are_round(result):
    whole, near = flow_map(result, AREA, 2022).axes
    labels = [text.get_text() for text in whole.get_legend().get_texts()][:3]
    assert all(label.replace(",", "").replace("0", "") in {"1", "2", "5"} for label in labels)
    assert {text.get_text() for text in near.texts} <= {"A one", "A two", "Link"} | {
        row["name_en"] for row in AREA.tables["zones"]
    } | {row["name_zh"] for row in AREA.tables["zones"]}


def test_isochrones_rise_to_everybody(result):
    axes = isochrones({"one": result, "two": result}, 2022).axes
    assert len(axes) == 2
    for one in axes:
        shares = one.lines[0].get_ydata()
        assert np.all(np.diff(shares) >= 0)
        assert shares[-1] == pytest.approx(100)


def test_pictures_are_written(result, tmp_path):
    paths = save_flow_maps({"one": result}, AREA, 2022, tmp_path / "pictures")
    assert [path.stem for path in paths] == ["flow_map", "commuting_matrix", "isochrones"]
    assert all(path.stat().st_size > 10_000 for path in paths)


def test_membership_of_every_city(result):
    rows = region_rows({"one": result}, [2022])
    assert [row["city"] for row in rows] == ["a", "b", "link"]
    assert rows[0]["narrow"] == rows[0]["core_commuter_share"] == 1
    for row in rows[1:]:
        assert row["narrow"] == float(row["core_commuter_share"] >= 0.10)
        assert row["wide"] == float(row["core_commuter_share"] >= 0.05)


def test_refusals(result):
    with pytest.raises(ProblemsError, match="2050 is outside"):
        flow_map(result, AREA, 2050)
    with pytest.raises(ProblemsError, match="no commuters"):
        flow_map(result.drop_vars("commuters"), AREA, 2022)
