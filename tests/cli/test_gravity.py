"""The door to the gravity estimator: what it prints, writes and refuses."""

import json

import pandas as pd
import pytest

from calibration.gravity import app
from tests.command import call
from tests.worlds import ROOT

AUSTRIA = str(ROOT / "tests" / "reference" / "data" / "austria_migration.csv")
MASSES = ("--origin-mass", "out_migrants", "--destination-mass", "in_migrants")


def run(*arguments):
    return call(AUSTRIA, *arguments, app=app)


def test_table_of_a_doubly_constrained_model():
    found = run("--model", "doubly", "--decay", "exponential")
    assert found.exit_code == 0, found.stderr
    for shown in ("cost", "-0.00791533", "9,977.15914", "0.379256543", "72 cells used of 72"):
        assert shown in found.stdout
    assert "go by the robust errors" in found.stdout


def test_masses_that_effects_absorb_are_said():
    found = run("--model", "production", *MASSES)
    assert "left aside, as effects of places hold what they say: out_migrants" in found.stdout
    assert "log in_migrants" in found.stdout


def test_json_and_predictions(tmp_path):
    path = tmp_path / "predicted.csv"
    found = run("--json", "--out", str(path), "--decay", "power", "--intrazonal", "exclude")
    data = json.loads(found.stdout)
    assert data["decay"] == "power"
    assert data["coefficients"]["log cost"]["estimate"] < -0.5
    assert data["fit"]["parameters k"] == 18
    frame = pd.read_csv(path)
    assert frame["predicted"].sum() == pytest.approx(frame["flow"].sum())
    again = run("--out", str(path))
    assert again.exit_code == 2
    assert "predicted.csv is there already" in again.stderr


def test_all_problems_and_no_traceback():
    found = run("--flow", "flaw", "--model", "dubly", "--decay", "linear", "--origin-mass", "x")
    assert found.exit_code == 2
    assert found.stderr.splitlines() == [
        "4 problems to mend:",
        "  austria_migration.csv:1: flaw: this column is missing; did you mean flow?",
        "  austria_migration.csv:1: x: this column is missing; valid: cost, destination, flow, "
        "in_migrants, origin, out_migrants",
        "  arguments: model: unknown 'dubly'; did you mean doubly?",
        "  arguments: decay: unknown 'linear'; valid: exponential, power, tanner",
    ]


def test_no_maximum_is_told(tmp_path):
    path = tmp_path / "flows.csv"
    path.write_text("origin,destination,flow,cost\na,a,9,0\na,b,0,5\nb,a,0,5\nb,b,9,0\n")
    found = call(path, app=app)
    assert found.exit_code == 3
    assert "The estimation failed: the likelihood has no maximum" in found.stderr
