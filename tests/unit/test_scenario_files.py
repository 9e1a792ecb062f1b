"""Every scenario file: its header, what carries each statement, and what it leaves out."""

import re

import pytest

from model.area_loading import load_area
from model.checks.levers import idle_reason
from model.problems import ProblemsError
from model.scenario_loading import load_scenario, scenario_names
from outputs.commands.levers import documents_of
from tests.worlds import ROOT

AREA = load_area("shenyang")
ROWS = {row["lever"]: row for row in AREA.tables["levers"]}
DOSABLE = {
    name
    for name, row in ROWS.items()
    if row["represented"] is not False and row["end"] > AREA.base_year
}
SET = (
    "trend", "plan_as_written", "plan_realistic", "transport_led", "industry_led",
    "people_and_services_led", "shenfu_integration", "smart_shrinkage", "placebo",
)  # fmt: skip
WHOLE = {"002": "three_year_plan_2022", "001": "city_outline_2022", "003": "progress_2023"}
PARTS = {"000": "work_items_2016", "004": "hunnan_2021"}
FUTURES = ("external_low", "external_high")
REALISED = {"share", "delay", "overrun", "budget", "effect"}
README = (ROOT / "scenarios" / "README.md").read_text(encoding="utf-8")


def own(name):
    """Levers and parameters that a file sets against what it rests on."""
    found = load_scenario(name, AREA)
    base = [load_scenario(parent, AREA) for parent in found.parents]
    levers = {key for key in found.levers if not any(key in one.levers for one in base)}
    values = {key for key in found.assumptions if not any(key in one.assumptions for one in base)}
    return levers | values


def test_the_set_is_complete():
    assert set(scenario_names()) == {*SET, *WHOLE.values(), *PARTS.values(), *FUTURES}


@pytest.mark.parametrize("name", scenario_names())
def test_header(name):
    found = load_scenario(name, AREA)
    assert 20 < len(found.title) < 110
    chinese = [sign for sign in found.title_zh if "\u4e00" <= sign <= "\u9fff"]
    assert 10 < len(chinese) <= len(found.title_zh) < 40
    assert not set(found.title_zh) & set(",:;()")  # signs of Chinese text are full-width
    known = {row["document"] for row in AREA.tables["documents"]}
    for reference in found.reference:
        document, _, section = reference.partition(" ")
        assert document in known
        assert section
    assert [text.split(".")[0] for text in found.description] == [
        str(number) for number in range(1, len(found.description) + 1)
    ]
    assert all(len(text) > 20 for text in found.left_out)


@pytest.mark.parametrize("name", scenario_names())
def test_every_setting_is_carried_by_one_statement(name):
    found = load_scenario(name, AREA)
    listed = [key for keys in found.maps_to.values() for key in keys]
    settings = [key for key in listed if not key.startswith("realisation.")]
    assert sorted(settings) == sorted(own(name))
    assert {key.partition(".")[2] for key in listed if key not in settings} <= REALISED


@pytest.mark.parametrize("name", scenario_names())
def test_every_lever_is_referred_to(name):
    found = load_scenario(name, AREA)
    places = set(found.reference)
    for lever in own(name) & ROWS.keys():
        row = ROWS[lever]
        said = {f"{row['document']} {row['section']}", *(row["also"] or ())}
        assert said & places, lever


@pytest.mark.parametrize(("document", "name"), WHOLE.items())
def test_a_document_in_full_has_every_lever_it_names(document, name):
    naming = {lever for lever in DOSABLE if document in documents_of(ROWS[lever])}
    found = load_scenario(name, AREA)
    assert set(found.levers) == naming
    assert {reference[:3] for reference in found.reference} == {document}


@pytest.mark.parametrize(("document", "name"), PARTS.items())
def test_a_document_in_part_has_only_levers_it_names(document, name):
    found = load_scenario(name, AREA)
    naming = {lever for lever in DOSABLE if document in documents_of(ROWS[lever])}
    first = {lever for lever in DOSABLE if ROWS[lever]["document"] == document}
    assert first <= set(found.levers) <= naming
    assert {reference[:3] for reference in found.reference} == {document}


@pytest.mark.parametrize("name", ["plan_as_written", *WHOLE.values(), "work_items_2016"])
def test_what_cannot_be_represented_is_named_with_the_reason(name):
    found = load_scenario(name, AREA)
    documents = {reference[:3] for reference in found.reference}
    if name == "plan_as_written":
        documents = {"000", "001", "002", "003", "004"}
    for lever in ROWS.keys() - DOSABLE:
        if documents & set(documents_of(ROWS[lever])):
            told = f"{lever}: {idle_reason(ROWS[lever], AREA.base_year)}"
            assert told in found.left_out


def test_the_plan_as_written_has_every_lever_that_can_act():
    found = load_scenario("plan_as_written", AREA)
    assert set(found.levers) == DOSABLE
    assert {setting.dose for setting in found.levers.values()} == {1.0}
    assert f"all {len(DOSABLE)} instruments" in found.title
    assert f"{len(DOSABLE)}项" in found.title_zh


def test_led_scenarios_have_the_budget_rule_of_the_realistic_plan():
    realistic = load_scenario("plan_realistic", AREA).realisation
    for name in SET[3:8]:
        assert load_scenario(name, AREA).realisation == realistic


def test_smart_shrinkage_builds_nothing_new():
    found = load_scenario("smart_shrinkage", AREA)
    channels = {ROWS[name]["channel"] for name in found.levers}
    assert not channels & {"land_supply", "entry", "road_time", "investment", "local_supply"}


@pytest.mark.parametrize("future", FUTURES)
@pytest.mark.parametrize("name", SET)
def test_every_scenario_stands_under_every_future(name, future):
    found, alone = load_scenario(f"{name}+{future}", AREA), load_scenario(name, AREA)
    assert (found.levers, found.realisation) == (alone.levers, alone.realisation)
    assert found.assumptions == load_scenario(future, AREA).assumptions
    assert found.parents == (name, future)


def test_futures_are_opposite_and_within_their_priors():
    low, high = (load_scenario(name, AREA).assumptions for name in FUTURES)
    assert low.keys() == high.keys()
    assert low["migration.external_drift"] == -high["migration.external_drift"] > 0
    assert low["industry.frontier_growth"] < high["industry.frontier_growth"]


def test_a_joined_name_says_what_it_cannot_join():
    with pytest.raises(ProblemsError, match=r"no such scenario: external_lo; did you mean"):
        load_scenario("trend+external_lo", AREA)
    with pytest.raises(ProblemsError, match=r"migration.external_drift: set by both"):
        load_scenario("external_low+external_high", AREA)
    with pytest.raises(ProblemsError, match=r"realisation.budget: trend and plan_realistic differ"):
        load_scenario("trend+plan_realistic", AREA)


def test_the_readme_lists_every_file():
    listed = re.findall(r"^\| `(\w+)\.yaml`", README, re.M)
    assert sorted(listed) == scenario_names()


def vocabulary(area):
    """Levers as the Markdown table of the scenarios' README, ready to be put there."""
    lines = [
        "| lever | name 名称 | family | channel | years | 1e8 yuan a year | document and section |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in area.tables["levers"]:
        sign = {"up": " +", "down": " -"}.get(row["direction"], "")
        cost = "free" if row["cost"] is None else f"{row['cost']:g}"
        channel = f"`{row['channel']}`{sign}" if row["channel"] else "not represented"
        cells = (
            f"`{row['lever']}`", f"{row['name_en']} {row['name_zh']}", f"`{row['family']}`",
            channel, f"{row['start']}-{row['end']}", cost, f"{row['document']} {row['section']}",
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_vocabulary_of_the_readme_is_the_catalogue():
    assert vocabulary(AREA) in README
