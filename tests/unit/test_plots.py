import pytest

import outputs.panels
import outputs.plots
from calibration.ledger import load_ledger
from model.area_loading import load_area
from model.problems import ProblemsError
from outputs.labels import tick
from outputs.observed import observed
from outputs.panels import save_png
from outputs.plots import figure, save_figures

AREA = load_area()
LEDGER = load_ledger(AREA)
RESORT = "Last Resort High-Efficiency"


def shown(drawn):
    return [axes for axes in drawn.axes if axes.get_visible()]


def texts(axes):
    return {text.get_text() for text in axes.texts}


def test_a_panel_for_each_city_and_the_whole(tiny_ensemble):
    drawn = figure(tiny_ensemble, AREA, "population", LEDGER)
    panels = shown(drawn)
    assert len(panels) == 8
    assert [axes.get_title() for axes in panels][:2] == ["Shenyang", "Anshan"]
    labels = {text.get_text() for text in drawn.legends[0].get_texts()}
    assert labels == {"trend", "plan_realistic", "observed"}
    dots = next(line for line in panels[0].lines if line.get_label() == "observed")
    assert dict(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == {
        2010: 8_106_171,
        2020: 9_070_093,
    }


def test_targets_of_the_run_are_marked_with_their_numbers(tiny_ensemble):
    times = figure(tiny_ensemble, AREA, "travel_time_to_core", LEDGER)
    assert texts(shown(times)[-1]) == {"P001, P124"}
    assert not texts(shown(times)[0])


def test_one_draw_and_one_scenario_have_no_band(tiny_ensemble):
    one = tiny_ensemble.isel(scenario=0, drop=True).isel(draw=[0])
    drawn = figure(one.assign_attrs(scenario_names="trend"), AREA, "births", LEDGER)
    assert not shown(drawn)[0].collections
    assert "one draw" in drawn.get_suptitle()


def test_a_number_of_the_whole_area_has_one_panel(tiny_ensemble):
    assert len(shown(figure(tiny_ensemble, AREA, "population_within_hour"))) == 1


def test_unknown_variables_are_refused(tiny_ensemble):
    with pytest.raises(ProblemsError, match="did you mean population"):
        figure(tiny_ensemble, AREA, "populaton")


def test_figures_are_written_whole(tiny_ensemble, tmp_path):
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "population_within_hour.png").write_bytes(b"the figure of an earlier run")
    (path,) = save_figures(tiny_ensemble, AREA, folder, variables=["population_within_hour"])
    assert path.read_bytes().startswith(b"\x89PNG")
    assert [found.name for found in folder.iterdir()] == [path.name]


def test_chinese_stands_first_where_a_font_has_it(tiny_ensemble, tmp_path, monkeypatch):
    # comes with matplotlib and has a sign for every character: no glyph can be missing
    for module in (outputs.plots, outputs.panels):
        monkeypatch.setattr(module, "chinese_font", lambda: RESORT)
    drawn = figure(tiny_ensemble, AREA, "population", LEDGER)
    assert shown(drawn)[0].get_title() == "沈阳市  Shenyang"
    assert drawn.get_suptitle().startswith("常住人口")
    save_figures(tiny_ensemble, AREA, tmp_path, LEDGER, ["population"])


@pytest.mark.parametrize("font", [None, RESORT])
def test_a_scenario_of_a_chinese_file_name_is_told_from_another(
    font, tiny_ensemble, tmp_path, monkeypatch, caplog
):
    for module in (outputs.plots, outputs.panels):
        monkeypatch.setattr(module, "chinese_font", lambda: font)
    outputs.panels._tell_once.cache_clear()
    named = tiny_ensemble.assign_coords(scenario=["交通 优先", "产业plan"])
    drawn = figure(named, AREA, "population_within_hour", LEDGER)
    save_png(drawn, tmp_path / "figure.png")
    labels = [text.get_text() for text in drawn.legends[0].get_texts()]
    assert labels[:2] == (["交通 优先", "产业plan"] if font else ["(1)", "(2)plan"])
    told = "" if font else "figures number names: (1) 交通 优先; (2) 产业"
    assert told in caplog.text
    assert bool(caplog.records) == (font is None)


def test_ticks_tell_each_other_apart():
    assert tick(1.4e6, "persons", [1.4e6, 1.6e6]) == "1.4 M"
    assert [tick(v, "persons", [7.5e5, 8e5, 8.5e5, 1e6]) for v in (7.5e5, 8e5)] == [
        "0.75 M",
        "0.80 M",
    ]
    assert tick(7.5e5, "persons", [7e5, 7.5e5]) == "750 k"
    assert tick(1e4, "1e8 yuan", [0, 5000]) == "10,000"
    assert tick(0.0, "share", [0.0]) == "0 %"


def test_observed_years():
    assert observed(AREA, "budget_revenue", "shenyang")[2020] > 700
    assert observed(AREA, "population", "shenfu") == {}
    whole = observed(AREA, "gdp_nominal", "metro")
    assert set(whole) == set(range(2016, 2022))
