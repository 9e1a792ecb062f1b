"""What a reader of Chinese at a narrow terminal is shown: both languages, and nothing cut."""

import json

import pytest

from outputs.wrapping import columns
from tests.command import call
from tests.worlds import TINY

NARROW = {
    "list": ("趋势情景：基年政策保持不变", "transport_led"),
    "show plan_as_written": ("规划原文情景：117项可模拟措施", "metro_phase_three", "三(一)1"),
    "diff trend shenfu_integration": ("intercity_trains_existing_", "Shenfu"),
    "lint transport_led": ("Shenyang 沈阳市 would",),
    "explain catalogue": ("resident population 常住人口", "population (zone): persons; stock"),
    "explain levers": ("沈白高铁",),
    "explain sources": ("divisions2021",),
}


@pytest.mark.parametrize("command", NARROW)
def test_eighty_columns_are_enough_and_lose_nothing(command, monkeypatch):
    wide = call(*command.split()).stdout
    monkeypatch.setattr("outputs.commands.console.width", lambda: 80)
    done = call(*command.split())
    assert done.exit_code == 0, done.stderr
    assert max(map(columns, done.stdout.splitlines())) <= 80
    for words in NARROW[command]:
        assert words in done.stdout
    if not command.startswith("explain"):  # the catalogue is no table any more
        kept = [
            sorted(s for s in text if not s.isspace() and s != "─") for text in (wide, done.stdout)
        ]
        assert kept[0] == kept[1]


def test_titles_are_told_in_both_languages():
    shown = call("show", "transport_led+external_low").stdout
    assert "交通优先情景：铁路、地铁、道路与枢纽先行；外部环境低方案：" in shown
    rows = json.loads(call("list", "--json").stdout)
    assert {row["title_zh"] for row in rows if row["name"] == "trend"} == {
        "趋势情景：基年政策保持不变"
    }
    for typed in ("趋势情景", "趋势"):
        assert "did you mean trend?" in call("show", typed).stderr


def test_the_catalogue_has_chinese_names_where_indicators_do():
    rows = json.loads(call("explain", "catalogue", "--json").stdout)
    names = {row["variable"]: row["name_zh"] for row in rows}
    assert (names["population"], names["people"]) == ("常住人口", "")


def test_a_word_of_a_family_finds_its_levers():
    rows = json.loads(call("levers", "--text", "人才", "--json").stdout)
    assert {"talent_zone", "shengjing_craftsmen"} <= {row["lever"] for row in rows}


RUNS = {
    "compare": ["--draws", "2", "--end", "2022", "--no-save"],
    "index": ["--draws", "2", "--end", "2022"],
    "commuting": ["--year", "2021"],
}


@pytest.mark.parametrize("command", RUNS)
def test_tables_of_runs_stand_in_eighty_columns(command, tmp_path, monkeypatch):
    monkeypatch.setattr("outputs.commands.console.width", lambda: 80)
    folder = tmp_path / "我的 情景"
    folder.mkdir()
    path = folder / "产业 优先_as_long_as_any_name.yaml"
    path.write_text("title: One\ndescription: [one]\nextends: trend\n", encoding="utf-8")
    out = ["--out", folder / "图 件"] if command == "commuting" else []
    done = call(command, "trend", path, *RUNS[command], *out, "--area", TINY)
    assert done.exit_code == 0, done.stderr
    assert max(map(columns, done.stdout.splitlines())) <= 80
    assert "产业" in done.stdout
    assert "as_long_as_any_" in done.stdout.replace("\n", "")
