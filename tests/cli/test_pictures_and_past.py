"""Commands that draw, and ``backcast``: what they print and write."""

import pytest

from outputs.wrapping import columns
from tests.command import call
from tests.worlds import TINY


def test_pyramids_of_a_scenario_and_of_a_saved_result(tmp_path):
    options = ["--area", TINY, "--years", "2020,2022"]
    found = call("pyramids", "trend", *options, "--out", tmp_path / "p.png")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.strip() == str(tmp_path / "p.png")
    saved = tmp_path / "run.nc"
    assert call("run", "trend", "--area", TINY, "--end", "2022", "--out", saved).exit_code == 0
    again = call("pyramids", saved, "--years", "2020,2022", "--out", tmp_path / "q.png")
    assert again.exit_code == 0, again.stderr
    assert (tmp_path / "q.png").read_bytes() == (tmp_path / "p.png").read_bytes()


def test_pyramids_refuse_what_they_cannot_draw():
    assert "'soon' is no year" in call("pyramids", "trend", "--years", "soon").stderr
    found = call("pyramids", "trend", "--area", TINY, "--years", "2020,2021", "--out", "p.gif")
    assert found.exit_code == 2
    assert "a figure ends in .png" in found.stderr


def test_backcast_prints_the_pairs_and_their_scores():
    done = call("backcast", "flows", "--draws", "1")
    assert done.exit_code == 0
    assert "42 pairs: rank correlation" in done.stdout
    assert "SRMSE" in done.stdout
    assert "Shenyang 沈阳市  Fushun 抚顺市" in done.stdout
    lines = done.stdout.splitlines()
    ends = {columns(line) for line in lines if "市" in line}
    assert len(ends) == 1  # the last column ends where its heading does
    assert ends == {columns(line) for line in lines if line.endswith("Commuters")}
    assert call("backcast", "flow").exit_code == 2


def test_backcast_of_an_area_without_published_growth_says_so():
    done = call("backcast", "economy", "--area", str(TINY))
    assert done.exit_code == 0
    assert "no growth of output by city and year is published" in done.stderr
    assert done.stdout == ""


@pytest.mark.slow
def test_backcast_of_the_economy_is_by_city_and_sector(monkeypatch):
    monkeypatch.setattr("outputs.commands.backcast_economy.LEAST", 8)
    monkeypatch.setattr("outputs.commands.backcast_economy.LEAST_WORK", 8)
    done = call("backcast", "economy", "--draws", "8")
    assert done.exit_code == 0
    for words in (
        "the model beats every naive rival from", "of 6 origins", "2012-2021", "secondary",
        "Tieling 铁岭市", "Growth of 2021, held out", "lost to", "other work", "IN DOUBT",
        "derived", "linked over the correction",
    ):  # fmt: skip
        assert words in done.stdout


def test_commuting_prints_the_region_and_draws(tmp_path):
    done = call("commuting", "trend", "--year", "2021", "--area", str(TINY), "--out", str(tmp_path))
    assert done.exit_code == 0
    assert "Functional commuting region, 2021" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {"flow_map.png", "isochrones.png"}


def test_what_cannot_be_saved_after_a_run_is_told_so(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    places = {"commuting": tmp_path / "file" / "x", "pyramids": tmp_path / "file" / "x.png"}
    options = {"commuting": ["--year", "2021"], "pyramids": ["--years", "2020,2021"]}
    for name, place in places.items():
        done = call(name, "trend", "--area", TINY, *options[name], "--out", place)
        assert done.exit_code == 2
        assert "1 problem to mend; the run is done, but not all of it is written:" in done.stderr
        assert "nothing was run" not in done.stderr


def test_a_run_that_cannot_be_saved_says_that_it_is_done(tmp_path, monkeypatch):
    def full(self, *_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("xarray.Dataset.to_netcdf", full)
    out = tmp_path / "r.nc"
    done = call("run", "trend", "--area", TINY, "--end", "2021", "--out", out)
    assert done.exit_code == 2
    assert "the run is done, but not all of it is written:" in done.stderr
    assert "No space left on device" in done.stderr
    assert not list(tmp_path.iterdir())
