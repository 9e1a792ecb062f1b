"""Commands of run.py: what they print, where, and with which exit code."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import run as command_line
from model.area_loading import load_area
from model.processes import PARAMETERS
from outputs.wrapping import columns
from tests.command import call
from tests.worlds import ROOT, TINY

HEAVY = ("numpy", "xarray", "matplotlib", "mesa", "scipy", "pandas", "yaml", "pydantic", "rich")


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
    [
        "list",
        "show",
        "diff",
        "validate",
        "explain",
        "run",
        "compare",
        "targets",
        "index",
        "levers",
        "lint",
        "backcast",
        "pyramids",
        "export",
        "rebuild",
    ],
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


def test_levers_are_listed_and_filtered():
    rows = json.loads(call("levers", "--json").stdout)
    assert len(rows) == 126
    named = list(csv.DictReader(io.StringIO(call("levers", "--document", "004", "--csv").stdout)))
    assert {"hunnan_schools", "airport_economic_zone"} <= {row["lever"] for row in named}
    for options, lever in (
        (("--family", "roads", "--city", "benxi"), "benxi_huanren_expressway"),
        (("--channel", "delay"), "cost_sharing"),
        (("--text", "地铁"), "metro_phase_three"),
    ):
        found = call("levers", *options)
        assert lever in found.stdout
        assert max(len(line) for line in found.stdout.splitlines()) <= 100
    assert "of 126 levers" in found.stderr


def test_a_narrow_terminal_cuts_no_name_of_a_lever(monkeypatch):
    monkeypatch.setattr("outputs.commands.console.width", lambda: 80)
    done = call("levers", "--family", "governance")
    assert "shenyang_fushun_integration; border_opening +; 2022-2030; free" in done.stdout
    assert max(map(columns, done.stdout.splitlines())) <= 80


def test_show_names_the_unit_of_each_channel():
    done = call("show", "plan_realistic")
    assert "transit_time, log" in done.stdout
    assert "drawn (pure number)" in done.stdout


def test_a_lever_is_explained_by_name_or_id():
    by_name, by_id = call("levers", "show", "talent_zone"), call("levers", "show", "L068")
    assert by_name.stdout == by_id.stdout
    for word in ("人才特区", "utility", "001", "LogNormal(0.02,0.7)", "5 x 1e8 yuan a year"):
        assert word in by_name.stdout
    assert "no social insurance" in call("levers", "show", "L076").stdout


def test_levers_refuse_what_there_is_not():
    found = call("levers", "--family", "rods", "--city", "benx", "--document", "007")
    assert found.exit_code == 2
    for word in ("3 problems", "did you mean roads?", "benxi", "004"):
        assert word in found.stderr
    assert "did you mean talent_zone?" in call("levers", "show", "talent_zon").stderr


def test_lint_as_table_and_data():
    rows = json.loads(call("lint", "plan_realistic", "trend", "--json").stdout)
    assert {row["scenario"] for row in rows} == {"plan_realistic"}
    assert any(
        row["kind"] == "cannot be paid" and "Shenyang 沈阳市" in row["message"] for row in rows
    )
    found = call("lint", "trend")
    assert (found.exit_code, found.stdout) == (0, "")
    assert "Nothing to note: trend." in found.stderr
    assert "opens in 2042" in call("lint", "plan_realistic", "--end", "2035").stdout


def test_show_says_what_levers_come_to():
    shown = json.loads(call("show", "plan_realistic", "--json").stdout)
    one = next(row for row in shown["effective"] if row["lever"] == "sino_german_park")
    assert (one["begins"], one["effect"]) == (2023.0, pytest.approx(0.04 * 0.5 * 0.5))
    assert "What the levers come to" in call("show", "transport_led").stdout
    assert "+" in json.loads(call("show", "trend+external_low", "--json").stdout)["name"]


def test_diff_fills_in_the_dates_of_the_table(tmp_path):
    path = tmp_path / "mine.yaml"
    head = "title: Late\ndescription: [late]\nextends: plan_as_written\n"
    path.write_text(head + "levers: {hunnan_parks: {start: 2026, end: 2030}}\n", encoding="utf-8")
    rows = json.loads(call("diff", "plan_as_written", path, "--json").stdout)
    found = {row["key"]: (row["old"], row["new"]) for row in rows}
    assert found["levers.hunnan_parks.start"] == (2021, 2026)
    assert found["levers.hunnan_parks.end"] == (2025, 2030)


def test_schema_names_levers_and_parameters():
    schema = json.loads(call("validate", "--schema").stdout)
    assert "talent_zone" in schema["properties"]["levers"]["propertyNames"]["enum"]


@pytest.mark.parametrize(
    "topic", ["schedule", "parameters", "assumptions", "catalogue", "sources", "levers"]
)
def test_explain(topic):
    plain = ("explain", topic, "--draws", "0")
    rows = json.loads(call(*plain, "--json").stdout)
    assert rows
    assert len(list(csv.DictReader(io.StringIO(call(*plain, "--csv").stdout)))) == len(rows)
    text = call(*plain).stdout
    assert text.strip()
    # in a pipe: no colours, one fixed width
    assert "\x1b" not in text


def test_every_hole_is_among_the_assumptions():
    """Of firms, commuting and people as well: parameters, numbers of the area, rows of tables."""
    area = load_area("shenyang")
    rows = json.loads(call("explain", "assumptions", "--draws", "0", "--json").stdout)
    listed = {row["what"] for row in rows}
    drawn = {f"{prefix}.{name}": d.evidence for prefix, cls in PARAMETERS.items()
             for name, d in cls.declarations().items()}  # fmt: skip
    drawn |= {name: "assumed" for name, _, _ in area.assumed_numbers}
    assert {name for name, seen in drawn.items() if seen in {"assumed", "recalled"}} <= listed
    assert {"firms.entry_rate", "commuting.border", "participation.study_penalty"} <= listed
    whole = {what.split(":")[0] for what in listed}
    for name, table in area.tables.items():
        if name not in {"assumptions", "history_assumptions", "levers", "families", "schooling"}:
            holes = [row for row in table if row.values.get("confidence") == "assumed"]
            assert (f"table {name}" in whole) == bool(holes), name


@pytest.mark.slow
def test_explain_weighs_assumptions_by_the_headlines():
    found = call("explain", "assumptions", "--area", TINY, "--draws", "60", "--json")
    rows = json.loads(found.stdout)
    shares = [max((w["share"] for w in row["weights"].values()), default=0) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.05
    assert "population: 0." in found.stderr
    assert "explained by" in found.stderr
    text = call("explain", "assumptions", "--area", TINY, "--draws", "60").stdout
    assert "% of gdp_real" in text


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
    differences = [row for row in rows if row["table"] == "differences"]
    assert {row["difference"] for row in differences if row["indicator"] == "population"} == {0}
    assert {row["mean"] for row in rows if row["table"] == "zero_sum"} == {0}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.yaml", "trend.yaml"]


def tiny_package(folder, area):
    names = [row["lever"] for row in area.tables["levers"]]
    path = folder / "package.yaml"
    levers = "\n".join(f"  {name}: 1.0" for name in names)
    path.write_text(
        f"title: All levers\ndescription: [all]\nlevers:\n{levers}\n"
        "realisation: {budget: unlimited}\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.slow
def test_compare_attributes_the_difference(tmp_path, tiny):
    base, other = tiny_scenario(tmp_path), tiny_package(tmp_path, tiny)
    arguments = ["compare", base, other, "--area", TINY, "--end", 2022, "--draws", 8, "--no-save",
                 "--attribute", "--attribution-runs", 1]  # fmt: skip
    rows = json.loads(call(*arguments, "--json").stdout)
    parts = [row for row in rows if row["table"] == "attribution"]
    for region in {row["region"] for row in parts}:
        mine = [r for r in parts if (r["region"], r["indicator"]) == (region, "gdp_real")]
        (whole,) = (r["mean"] for r in mine if r["part"] == "whole")
        beside = {"whole", "synergy", "demand of borrowed money"}
        assert beside < {r["part"] for r in mine}
        summed = sum(r["mean"] for r in mine if r["part"] not in beside)
        assert summed == pytest.approx(whole, rel=1e-9, abs=1e-9)
    text = call(*arguments)
    assert text.exit_code == 0, text.stderr
    assert "where the gain of" in text.stdout
    assert "Synergy" in text.stdout
    assert "is what the money borrowed for the package buys" in " ".join(text.stdout.split())
    # a name too long for its line is folded, never cut
    assert max(len(line) for line in text.stdout.splitlines()) <= 100


def test_index_ranks_scenarios(tmp_path):
    base, other = tiny_scenario(tmp_path), tiny_scenario(tmp_path, "other")
    done = call("index", base, other, "--area", TINY, "--end", 2021, "--draws", 2)
    assert done.exit_code == 0, done.stderr
    assert "not the official one" in " ".join(done.stdout.split())
    rows = json.loads(
        call("index", base, other, "--area", TINY, "--end", 2021, "--draws", 2, "--json").stdout
    )
    ranks = [row["ranks"] for row in rows if row["dimension"] == "index"]
    assert ranks == [[0.5, 0.5], [0.5, 0.5]]


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
        (["compare", "trend", "plan_realistic", "--attribute", "--draws", "2"], "8 draws or more"),
        (
            ["compare", "trend", "plan_realistic", "--attribute", "--engine", "agents"],
            "mean engine",
        ),
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
