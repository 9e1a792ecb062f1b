"""``export``: a saved result as an IAMC table."""

import csv

from tests.cli.test_commands import tiny_scenario
from tests.command import call
from tests.worlds import TINY


def test_export_of_a_saved_result(tmp_path):
    saved, out = tmp_path / "run.nc", tmp_path / "table.csv"
    assert call("run", "trend", "--area", TINY, "--end", "2022", "--out", saved).exit_code == 0
    done = call("export", saved, "--out", out, "--region-set", "apart", "--years", "2020,2022")
    assert (done.exit_code, done.stdout.strip()) == (0, str(out))
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["Model", "Scenario", "Region", "Variable", "Unit", "2020", "2022"]
    assert {row["Region"] for row in rows} == {"City A", "City B", "Link zone"}
    before = out.read_bytes()
    again = call("export", saved, "--out", out)
    assert (again.exit_code, out.read_bytes()) == (2, before)
    assert "already there" in again.stderr
    replaced = call("export", saved, "--out", out, "--draws", "all", "--overwrite")
    assert replaced.exit_code == 0
    assert b",Draw," in out.read_bytes()

    wrong = call(
        "export", saved, "--out", tmp_path / "t.xls", "--years", "2050,soon", "--draws", "al",
        "--region-set", "apar",
    )  # fmt: skip
    assert wrong.exit_code == 2
    for words in ("5 problems", "2050 is outside", "'soon' is no year", "did you mean all?",
                  "--region-set: unknown 'apar'; did you mean apart?", "ends in .csv"):  # fmt: skip
        assert words in wrong.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.nc", "table.csv"]


def test_export_names_the_nearest_result(tmp_path):
    (tmp_path / "trend.nc").write_text("x")
    found = call("export", tmp_path / "trendd.nc", "--out", tmp_path / "t.csv")
    assert found.exit_code == 2
    assert "did you mean trend.nc?" in found.stderr


def test_what_is_there_is_refused_alike_by_every_command(tmp_path):
    """Before anything is run, in the same words, and without touching it."""
    run = ("--area", TINY, "--end", "2022", "--out")
    names = [tiny_scenario(tmp_path, name) for name in ("trend", "other")]
    commands = {
        "run.nc": ("run", "trend", *run),
        "both.zarr": ("compare", *names, "--draws", "2", "--json", *run),
        "table.csv": ("export", tmp_path / "run.nc", "--out"),
    }
    for name, command in commands.items():
        done = call(*command, tmp_path / name)
        assert done.exit_code == 0, done.stderr
    there = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    told = set()
    for name, command in commands.items():
        again = call(*command, tmp_path / name)
        assert (again.exit_code, again.stdout) == (2, "")
        told.add(again.stderr.replace(name, "NAME").splitlines()[-1])
    (words,) = told
    assert words.endswith("choose another name, or overwrite it (--overwrite, overwrite=True)")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == there
