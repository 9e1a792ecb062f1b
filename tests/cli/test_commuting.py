"""Commuting at the command line: the pairs of cities, what times tell, and the pictures."""

import json
import sys

from typer.testing import CliRunner

from outputs.commands import backcast_flows
from tests.worlds import ROOT, TINY

sys.path.insert(0, str(ROOT))
import run as command_line


def call(*arguments):
    return CliRunner().invoke(command_line.app, [str(part) for part in arguments])


def test_backcast_prints_the_pairs_and_their_scores():
    done = call("backcast", "flows", "--draws", "1")
    assert done.exit_code == 0
    assert "42 pairs: rank correlation" in done.stdout
    assert "SRMSE" in done.stdout
    assert call("backcast", "flow").exit_code == 2


def test_commuting_prints_the_region_and_draws(tmp_path):
    done = call("commuting", "trend", "--year", "2021", "--area", str(TINY), "--out", str(tmp_path))
    assert done.exit_code == 0
    assert "Functional commuting region, 2021" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {"flow_map.png", "isochrones.png"}


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
