"""Estimation of commuting at the command line: what times and flows tell, and what they do not."""

import json

import pytest

from model.axes import MODES
from outputs.commands import backcast_flows
from outputs.labels import MODE_NAMES
from tests.command import call
from tests.worlds import TINY


def test_backcast_says_what_times_and_flows_tell(monkeypatch):
    monkeypatch.setattr(backcast_flows, "LEAST", 60)
    done = call("backcast", "flows", "--draws", "2")
    assert done.exit_code == 0
    for shown in ("Contraction", "Shift", "commuting.decay", "Moved most by all evidence"):
        assert shown in done.stdout
    rows = json.loads(call("backcast", "flows", "--draws", "2", "--json").stdout)
    fits = {(row["parameter"], row["evidence"]): row for row in rows if row["table"] == "fit"}
    assert len(fits) == 6
    assert fits["commuting.decay", "times"]["shift"] < -0.5
    assert abs(fits["commuting.border", "times"]["contraction"]) < 0.35


def test_modes_and_reach_are_named_in_both_languages(tmp_path):
    done = call("commuting", "trend", "--area", TINY, "--year", 2022, "--out", tmp_path)
    assert done.exit_code == 0, done.stderr
    assert tuple(MODE_NAMES) == MODES
    for name in MODE_NAMES.values():
        assert f"by {name}" in done.stdout
    assert "居民" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 100


@pytest.mark.parametrize("name", ["公路与城市道路", "Roads", "roads"])
def test_levers_of_a_family_by_any_of_its_names(name):
    rows = json.loads(call("levers", "--family", name, "--json").stdout)
    assert {row["family"] for row in rows} == {"roads"}


def test_data_of_commuting_hold_what_its_tables_show(tmp_path):
    options = ("--area", TINY, "--year", 2021, "--out", tmp_path, "--json")
    rows = json.loads(call("commuting", "trend", *options).stdout)
    reach = {(row["variable"], row["mode"]): row for row in rows if row["table"] == "reach"}
    assert {mode for _, mode in reach} == {"", *MODES}
    assert reach["jobs_within_hour", ""]["unit"] == "share"
    assert reach["commuters_by_mode", "rail"]["unit"] == "persons"
    assert {row["unit"] for row in rows if row["table"] == "region"} == {"share"}
