"""Commands of run.py: what they print, where, and with which exit code."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.worlds import ROOT, TINY

sys.path.insert(0, str(ROOT))
import run as command_line

HEAVY = ("numpy", "xarray", "matplotlib", "mesa", "scipy", "pandas", "yaml", "pydantic", "rich")


def call(*arguments):
    return CliRunner().invoke(command_line.app, [str(part) for part in arguments])


def test_help_imports_nothing_heavy():
    code = (
        "import sys, runpy; sys.argv = ['run.py', '--help']\n"
        "try: runpy.run_path('run.py', run_name='__main__')\n"
        "finally: print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0
    assert "compare" in done.stdout
    assert not set(HEAVY) & set(done.stderr.split())


@pytest.mark.parametrize(
    "name",
    ["list", "show", "diff", "validate", "explain", "run", "compare", "targets", "rebuild"],
)
def test_every_command_has_help(name):
    found = call(name, "--help")
    assert found.exit_code == 0
    assert found.stdout.startswith("Usage")
    assert found.stderr == ""


def test_list_names_scenarios_with_their_parents():
    rows = {row["name"]: row for row in json.loads(call("list", "--json").stdout)}
    assert rows["plan_as_written"]["parents"] == ["trend"]
    assert rows["trend"]["levers"] == 0
    assert rows["plan_as_written"]["levers"] > 0


def test_show_prints_old_and_new():
    found = call("show", "plan_realistic")
    assert found.exit_code == 0
    assert found.stderr == ""
    assert "1 -> drawn (share)" in found.stdout
    assert "沈阳" in found.stdout


def test_show_as_json_and_csv():
    shown = json.loads(call("show", "plan_realistic", "--json").stdout)
    changed = {row["key"]: (row["old"], row["new"]) for row in shown["settings"] if row["changed"]}
    assert changed["realisation.budget"] == ("unlimited", "capped")
    rows = list(csv.DictReader(io.StringIO(call("show", "plan_realistic", "--csv").stdout)))
    assert {row["key"] for row in rows} == {row["key"] for row in shown["settings"]}


def test_diff_holds_only_differences():
    rows = json.loads(call("diff", "plan_as_written", "plan_realistic", "--json").stdout)
    assert {row["key"].split(".")[0] for row in rows} == {"realisation"}
    assert all(row["old"] != row["new"] for row in rows)


def test_validate_accepts_what_the_project_ships():
    found = call("validate", "--csv")
    assert found.exit_code == 0
    assert {row["problems"] for row in csv.DictReader(io.StringIO(found.stdout))} == {"0"}


def test_schema_names_levers_and_parameters():
    schema = json.loads(call("validate", "--schema").stdout)
    assert "talent_zone" in schema["properties"]["levers"]["propertyNames"]["enum"]


@pytest.mark.parametrize(
    "topic", ["schedule", "parameters", "assumptions", "catalogue", "sources", "levers"]
)
def test_explain(topic):
    rows = json.loads(call("explain", topic, "--json").stdout)
    assert rows
    assert len(list(csv.DictReader(io.StringIO(call("explain", topic, "--csv").stdout)))) == len(
        rows
    )
    text = call("explain", topic).stdout
    assert text.strip()
    # in a pipe: no colours, one fixed width
    assert "\x1b" not in text


def test_a_table_in_a_pipe_keeps_its_width():
    for arguments in (["list"], ["show", "plan_realistic"], ["explain", "schedule"]):
        assert max(len(line) for line in call(*arguments).stdout.splitlines()) <= 100


def tiny_scenario(folder, name="trend"):
    path = folder / f"{name}.yaml"
    path.write_text("title: Nothing new\ndescription: [nothing]\n", encoding="utf-8")
    return path


def test_run_saves_says_where_and_rebuilds(tmp_path):
    scenario, out = tiny_scenario(tmp_path), tmp_path / "kept.nc"
    done = call("run", scenario, "--area", TINY, "--end", 2022, "--out", out, "--csv")
    assert done.exit_code == 0, done.stderr
    assert "kept.nc" in done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert {"population", "gdp_real"} <= {row["indicator"] for row in rows}
    assert {row["year"] for row in rows} == {"2020", "2021", "2022"}
    again = call("run", scenario, "--area", TINY, "--end", 2022, "--out", out)
    assert again.exit_code == 2
    assert "--overwrite" in again.stderr
    rebuilt = call("rebuild", out)
    assert rebuilt.exit_code == 0, rebuilt.stderr
    assert "identical" in rebuilt.stdout


def test_compare_prints_data_only(tmp_path):
    base, other = tiny_scenario(tmp_path), tiny_scenario(tmp_path, "other")
    done = call(
        "compare", base, other, "--area", TINY, "--end", 2022, "--draws", 2, "--no-save",
        "--region-set", "zones", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    rows = json.loads(done.stdout)
    assert {row["scenario"] for row in rows} == {"other"}
    assert {row["difference"] for row in rows if row["indicator"] == "population"} == {0}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.yaml", "trend.yaml"]


def test_targets_say_what_cannot_be_tested():
    done = call("targets", "trend", "--draws", 2, "--end", 2021)
    assert done.exit_code == 0, done.stderr
    assert "untestable as written" in done.stdout
    assert "0.30" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "trend", "--engine", "magic"], "engine"),
        (["run", "trend", "--draws", "0", "--no-save"], "--draws: 0 is outside"),
        (["run", "trend", "--end", "1999", "--no-save"], "--end: 1999"),
        (["run", "trend", "--area", "beijing", "--no-save"], "beijing"),
        (["run", "trned", "--no-save"], "trend"),
        (["compare", "trend"], "others"),
        (["compare", "trend", "trend", "--no-save"], "more than once"),
        (["compare", "trend", "plan_realistic", "--years", "20x5"], "20x5"),
        (["compare", "trend", "plan_realistic", "--region-set", "cities9"], "cities7"),
        (["run", "trend", "--out", "a.xlsx"], ".nc"),
        (["rebuild", "nothing.nc"], "nothing.nc"),
        (["explain", "poetry"], "schedule"),
        (["fly"], "fly"),
    ],
    ids=" ".join,
)
def test_bad_arguments_end_with_two(arguments, word):
    found = call(*arguments)
    assert found.exit_code == 2
    assert word.lower() in found.stderr.lower()
    assert found.stdout == ""
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "Nothing half-written"),
        (ZeroDivisionError("boom"), 3, "boom"),
    ],
)
def test_failures_have_codes(monkeypatch, error, code, words):
    def fails(*_args, **_kwargs):
        raise error

    monkeypatch.setattr("model.simulation.run_scenarios", fails)
    monkeypatch.delenv(command_line.DEBUG, raising=False)
    found = call("run", "trend", "--no-save")
    assert found.exit_code == code
    assert words in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""


def test_a_failed_run_is_told_in_one_line(monkeypatch):
    from model.problems import RunError

    def fails(*_args, **_kwargs):
        raise RunError("accounts of people do not close in 2021")

    monkeypatch.setattr("model.simulation.run_scenarios", fails)
    found = call("run", "trend", "--no-save")
    assert found.exit_code == 3
    assert found.stderr.splitlines()[0] == (
        "The run failed: accounts of people do not close in 2021"
    )


def test_debug_shows_where(monkeypatch):
    def fails(*_args, **_kwargs):
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("model.simulation.run_scenarios", fails)
    monkeypatch.setenv(command_line.DEBUG, "1")
    assert isinstance(call("run", "trend", "--no-save").exception, ZeroDivisionError)


def test_chinese_prints_in_a_pipe_of_another_encoding():
    setting = {**os.environ, "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "run.py", "show", "trend"], cwd=Path(ROOT), capture_output=True,
        env=setting,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "沈阳" in done.stdout.decode("utf-8")


def test_backcast_prints_the_pairs_and_their_scores():
    done = call("backcast")
    assert done.exit_code == 0
    assert "42 pairs: rank correlation" in done.stdout
    assert "SRMSE" in done.stdout
    assert call("backcast", "flow").exit_code == 2


def test_commuting_prints_the_region_and_draws(tmp_path):
    done = call("commuting", "trend", "--year", "2021", "--area", str(TINY), "--out", str(tmp_path))
    assert done.exit_code == 0
    assert "Functional commuting region, 2021" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {"flow_map.png", "isochrones.png"}
