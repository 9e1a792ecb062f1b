"""``targets``: what is searched and what cannot be tested."""

import json

from outputs.commands import console
from outputs.wrapping import columns
from tests.command import call


def test_targets_search_what_is_needed():
    done = call(
        "targets", "trend", "--draws", 2, "--end", 2022, "--levers-needed", "--needed-draws", 2,
        "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    rows = {row["id"]: row for row in json.loads(done.stdout)}
    assert len(rows) == 214
    found = {name: row["needed_found"] for name, row in rows.items() if row["needed_found"]}
    assert found == {"P209": "nothing"}  # the one target of these years, and met without a plan


def test_targets_say_what_cannot_be_tested():
    done = call("targets", "trend", "--draws", 2, "--end", 2021)
    assert done.exit_code == 0, done.stderr
    assert "untestable as written" in done.stdout
    assert "0.30" in done.stdout


def test_targets_count_what_is_not_scored_and_name_it_when_asked():
    done = call("targets", "trend", "--draws", 2, "--end", 2022)
    assert done.exit_code == 0, done.stderr
    assert "`below`, where hardly any draw meets it" in " ".join(done.stdout.split())
    assert "P026" not in done.stdout
    assert len(done.stdout.splitlines()) < 60
    assert "--all" in done.stderr
    every = call("targets", "trend", "--draws", 2, "--end", 2022, "--all")
    assert "P026" in every.stdout
    assert max(columns(line) for line in every.stdout.splitlines()) <= 100


def test_a_table_too_wide_for_the_terminal_loses_nothing(monkeypatch, capsys):
    monkeypatch.setattr(console, "width", lambda: 60)
    names = ["base", "difference", "interval", "percent"]
    row = {"what": "Farthest seat to core 至核心, min"} | dict.fromkeys(names, "+1,234.567 to 9")
    shown = [console.Column("what", "Indicator")]
    shown += [console.Column(name, name, number=True) for name in names]
    console.table(shown, [row])
    text = capsys.readouterr().out
    assert text.count("+1,234.567 to 9") == len(names)
    assert all(word in text for word in row["what"].split())
    assert all(name in text for name in names)
