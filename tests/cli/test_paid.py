"""``run`` and ``compare`` say how much of a package is paid, in words and in rows."""

import csv
import io
import json

import pytest

from outputs.paid import paid_in_words
from outputs.store import open_results
from tests.command import call
from tests.worlds import TINY

HEADLINES = ["indicator", "region", "year", "unit", "value", "low", "high"]


@pytest.fixture
def dear(tmp_path):
    """A package that its governments cannot pay."""
    path = tmp_path / "dear.yaml"
    lever = "large_works: {dose: 3, start: 2021, end: 2022}"
    path.write_text(f"title: Dear works\ndescription: [dear]\nlevers:\n  {lever}\n", "utf-8")
    return path


def told(*arguments):
    done = call(*arguments, "--area", TINY, "--end", 2022)
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_run_says_that_a_package_is_not_paid_in_full(dear, tmp_path, tiny, engine):
    out = tmp_path / "kept.nc"
    said = told("run", dear, "--engine", engine, "--scale", 10, "--out", out)
    (words,) = paid_in_words(open_results(out), tiny)
    assert words in " ".join(said.split())
    assert "The rest is not built; short of money: " in words


def test_run_says_nothing_of_money_where_nothing_is_planned(tmp_path):
    path = tmp_path / "trend.yaml"
    path.write_text("title: Nothing new\ndescription: [nothing]\n", encoding="utf-8")
    assert "governments pay" not in told("run", path, "--no-save")
    rows = json.loads(told("run", path, "--no-save", "--json"))
    assert {row["table"] for row in rows} == {"headlines"}


def test_rows_of_run_keep_their_columns(dear):
    rows = json.loads(told("run", dear, "--no-save", "--json"))
    assert all(list(row) == [*HEADLINES, "table"] for row in rows)
    paid = {row["region"]: row for row in rows if row["table"] == "paid"}
    assert {"a", "b"} >= set(paid)
    assert {(row["unit"], row["year"]) for row in paid.values()} == {("share", 2022)}
    assert 0 < paid["a"]["value"] < 1
    text = told("run", dear, "--no-save", "--csv")
    assert text.splitlines()[0] == ",".join([*HEADLINES, "table"])
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(rows)


def test_compare_has_the_shares_as_rows(dear, tmp_path):
    path = tmp_path / "trend.yaml"
    path.write_text("title: Nothing new\ndescription: [nothing]\n", encoding="utf-8")
    rows = json.loads(told("compare", path, dear, "--draws", 2, "--no-save", "--json"))
    paid = [row for row in rows if row["table"] == "paid"]
    assert {row["scenario"] for row in paid} == {"dear"}
    assert {row["unit"] for row in paid} == {"share"}
    assert min(row["value"] for row in paid) < 1
    assert all(row["low"] <= row["value"] <= row["high"] for row in paid)
