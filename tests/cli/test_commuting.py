"""Estimation of commuting at the command line: what times and flows tell, and what they do not."""

import json

from outputs.commands import backcast_flows
from tests.command import call


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
