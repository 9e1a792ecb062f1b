"""Pyramids: what they draw, and what they refuse."""

from itertools import pairwise

import numpy as np
import pytest

import outputs.pyramids
from model.area_loading import load_area
from model.problems import ProblemsError
from model.simulation import simulate
from outputs.panels import name_panel, panels, save_png
from outputs.pyramids import people_of, pyramids, save_pyramids
from tests.worlds import TINY


@pytest.fixture(scope="module")
def run():
    return simulate("trend", area=TINY, end=2024, draws=2)


def test_everybody_is_in_a_pyramid(run, tiny):
    found = people_of(run.isel(draw=[0]), tiny, [2020, 2024])
    cities = [region for region in found if region in ("a", "b")]
    everybody = run["population"].isel(draw=0).sel(year=[2020, 2024]).sum("zone").values
    assert cities == ["a", "b"]
    np.testing.assert_allclose(sum(found[c].sum(axis=(1, 2)) for c in cities), everybody)


def test_men_left_women_right(run, tiny):
    drawn = pyramids(run, tiny, [2020, 2024])
    axes = drawn.axes[0]
    widths = np.array([bar.get_width() for bar in axes.patches if hasattr(bar, "get_width")])
    people = people_of(run, tiny, [2020, 2024])["a"]
    assert -widths[widths < 0].sum() == pytest.approx(people[0, 0].sum())
    assert widths[widths > 0].sum() == pytest.approx(people[0, 1].sum())
    assert not any(text.get_text().startswith("-") for text in axes.get_xticklabels())
    assert [t.get_text() for t in drawn.legends[0].get_texts()] == ["2020", "2024"]


def test_figure_is_saved(run, tiny, tmp_path):
    path = save_pyramids(run, tiny, tmp_path / "new" / "p.png", [2020, 2022])
    assert path.read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("years", "message"),
    [([2020, 2050], "2050 not within 2020-2024"), ([2020] * 6, "too many"), ([], "at most")],
)
def test_years_that_cannot_be_drawn(run, tiny, years, message):
    with pytest.raises(ProblemsError, match=message):
        pyramids(run, tiny, years)


def test_a_result_without_ages(run, tiny):
    with pytest.raises(ProblemsError, match="only a detailed result"):
        pyramids(run.drop_vars("population_by_age"), tiny, [2020])


def test_chinese_stands_first_where_a_font_has_it(run, monkeypatch):
    # comes with matplotlib and has a sign for every character: no glyph can be missing
    monkeypatch.setattr(outputs.pyramids, "chinese_font", lambda: "Last Resort High-Efficiency")
    area = load_area()
    drawn = pyramids(simulate("trend", end=2021), area, [2020, 2021])
    assert drawn.axes[0].get_title() == "沈阳市  Shenyang"
    assert [text.get_text() for text in drawn.axes[0].texts] == ["男 men", "女 women"]
    heads = drawn.get_suptitle().splitlines()
    assert heads[:2] == ["人口金字塔  Residents by sex and age", "趋势情景：基年政策保持不变"]


def test_a_long_title_stays_within_the_figure(run, tiny, tmp_path):
    drawn = pyramids(run.assign_attrs(title="a long title; " * 30), tiny, [2020])
    save_png(drawn, tmp_path / "pyramids.png")
    box = drawn._suptitle.get_window_extent()
    assert box.x0 >= 0
    assert box.x1 <= drawn.bbox.width


def test_long_names_of_regions_stay_over_their_panels(tmp_path):
    drawn, grid = panels(4, "y", (3.1, 3.4), least=7.0, head=1.1)
    name = "沈抚改革创新示范区  Shenfu Reform and Innovation Demonstration Zone"
    for axes in grid:
        name_panel(axes, name, None)
    save_png(drawn, tmp_path / "names.png")
    boxes = [axes.title.get_window_extent() for axes in grid]
    assert all(one.x1 < other.x0 for one, other in pairwise(boxes))
    assert boxes[-1].x1 <= drawn.bbox.width
