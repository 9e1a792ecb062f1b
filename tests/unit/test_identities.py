from dataclasses import replace

import pytest

from calibration.identities import contradictions, of_ledger
from calibration.ledger import LEDGER as LEDGER_FILE
from calibration.ledger import load_ledger
from model.area_loading import load_area

AREA = load_area()
LEDGER = {target.id: target for target in load_ledger(AREA)}


def found(*targets):
    return [(problem.key, problem.message) for problem in contradictions(targets, AREA)]


def test_the_plans_do_not_contradict_arithmetic():
    assert contradictions(list(LEDGER.values()), AREA) == []


def test_cities_cannot_sum_to_more_than_their_region():
    core = replace(LEDGER["P026"], id="A")
    anshan = replace(core, id="B", region="anshan", value=4e6)
    whole = replace(core, id="C", region_set="metro", region="metro", comparator="<=", value=15e6)
    ((key, message),) = found(core, anshan, whole)
    assert key == "A, B, C"
    assert "16,000,000 persons" in message
    assert found(core, anshan, replace(whole, value=17e6)) == []
    assert found(core, anshan, replace(whole, year=2030)) == []
    # What is at most so much need not be added up.
    assert found(core, replace(anshan, comparator="<="), whole) == []


def test_a_zone_is_part_of_its_city_and_not_counted_beside_it():
    core = replace(LEDGER["P026"], id="A", value=10e6)
    inside = replace(core, id="B", region_set="zones", region="heping", value=3e6)
    whole = replace(core, id="C", region_set="metro", region="metro", comparator="<=", value=12e6)
    assert found(core, inside, whole) == []
    ((key, _),) = found(inside, replace(core, id="D", comparator="<", value=2e6))
    assert key == "B, D"


@pytest.mark.parametrize(("comparator", "value"), [(">=", 1.2), ("=", 1.01), ("<", -0.1)])
def test_shares_lie_between_nothing_and_all(comparator, value):
    ((_, message),) = found(replace(LEDGER["P014"], comparator=comparator, value=value))
    assert "[0, 1]" in message


def test_shares_of_different_wholes_are_not_added_up():
    urban = replace(LEDGER["P071"], id="A", year=2024, value=0.85)
    services = replace(LEDGER["P014"], id="B", year=2024, comparator=">=", value=0.6)
    assert found(urban, services) == []


def test_an_area_without_a_ledger_has_no_contradictions(tiny):
    assert of_ledger(tiny) == []


def test_lint_is_told_of_contradictions(tmp_path, monkeypatch):
    text = LEDGER_FILE.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("P071"))
    assert ",85," in row
    path = tmp_path / "plan_ledger.csv"
    path.write_text(text.replace(row, row.replace(",85,", ",185,")), encoding="utf-8")
    monkeypatch.setattr("calibration.ledger.LEDGER", path)
    ((key, message),) = of_ledger(AREA)
    assert key == "P071"
    assert "shares lie in [0, 1]" in message


def test_shares_of_one_output_sum_to_no_more_than_all_of_it():
    services = replace(LEDGER["P014"], id="A", comparator=">=", value=0.7)
    factories = replace(services, id="B", variable="manufacturing_share", value=0.4)
    ((key, message),) = found(services, factories)
    assert set(key.split(", ")) == {"A", "B"}
    assert "1.1" in message
    assert found(services, replace(factories, value=0.3)) == []


def test_one_number_has_one_value():
    low = replace(LEDGER["P020"], id="A", comparator=">", value=10_000)
    high = replace(low, id="B", comparator="<", value=9_000)
    assert [key for key, _ in found(low, high)] == ["A, B"]
    assert found(low, replace(high, year=2024)) == []


def test_a_budget_comes_out_of_the_output():
    revenue = replace(LEDGER["P021"], id="A", value=12_000)
    output = replace(LEDGER["P020"], id="B", comparator="<=", value=10_000)
    assert [key for key, _ in found(revenue, output)] == ["A, B"]
    # More than some output is no contradiction: neither number has an upper bound.
    assert found(revenue, replace(output, comparator=">=")) == []
    assert found(replace(revenue, comparator="<="), output) == []


def test_nobody_has_more_people_than_there_are():
    ((_, message),) = found(replace(LEDGER["P026"], value=2e9))
    assert "people in all" in message
