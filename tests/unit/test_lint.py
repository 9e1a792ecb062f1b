"""Notes on scenarios: what does nothing, strays, crowds or cannot be paid; and strict budgets."""

import pytest

from model.arguments import settle
from model.bills import central_world, unpayable
from model.problems import ProblemsError
from model.scenario import Realisation, Scenario
from model.scenario_file import LeverSetting
from outputs.lint import CEILING, CONTRADICTION, IDLE, STRAY, UNPAID, contradictions, lint_scenario
from tests.worlds import package, trend


def notes(scenario, area, last=2035):
    return [(note.kind, note.key, note.message) for note in lint_scenario(scenario, area, last)]


def hits(found, kind, key):
    return [message for k, name, message in found if (k, name) == (kind, key)]


def test_nothing_to_say_of_a_plain_scenario(tiny):
    assert notes(trend(), tiny) == []
    assert notes(package("schools", "public_works"), tiny) == []


def test_levers_that_do_nothing_here(shenyang):
    levers = {
        "talent_zone": LeverSetting(dose=0),
        "loongson_project": LeverSetting(),
        "evaluation_system": LeverSetting(),
        "metro_line_nine_shenfu": LeverSetting(start=2031, end=2034),
        "job_service_platform": LeverSetting(start=2036, end=2040),
    }
    found = notes(Scenario("five", "Five", levers=levers), shenyang)
    assert "dose 0" in hits(found, IDLE, "levers.talent_zone")[0]
    assert "median" in hits(found, IDLE, "levers.evaluation_system")[0]
    assert "opens in 2035" not in str(found)
    assert not hits(found, IDLE, "levers.metro_line_nine_shenfu")
    assert "begins in 2036" in hits(found, IDLE, "levers.job_service_platform")[0]
    later = notes(Scenario("five", "Five", levers=levers), shenyang, last=2033)
    assert "opens in 2035" in hits(later, IDLE, "levers.metro_line_nine_shenfu")[0]


def test_a_channel_without_reader_is_named(shenyang, monkeypatch):
    monkeypatch.setattr("model.checks.levers.unread", lambda channel: channel == "amenity")
    found = notes(Scenario("a", "A", levers={"talent_zone": LeverSetting()}), shenyang)
    assert "no process reads the channel amenity" in hits(found, IDLE, "levers.talent_zone")[0]


def test_a_placebo_is_told(tiny):
    found = notes(package("schools", effect=0.0), tiny)
    assert hits(found, IDLE, "realisation.effect")


def test_a_full_ceiling(tiny):
    found = notes(package("park", "extension_service", dose=3.0), tiny)
    assert not [note for note in found if note[0] == CEILING]
    crowd = notes(package("faster_trains", dose=3.0), tiny)
    assert "0.17 of one more unit" in hits(crowd, CEILING, "levers.faster_trains")[0]


def test_a_value_outside_its_prior(tiny):
    found = notes(trend(labour__adjustment=0.9), tiny)
    assert "0.9 is outside [" in hits(found, STRAY, "assumptions.labour.adjustment")[0]
    assert notes(trend(labour__adjustment=0.4), tiny) == []


def test_doses_that_cannot_be_paid(tiny):
    found = notes(package("large_works", "public_works"), tiny)
    (message,) = hits(found, UNPAID, "realisation.budget (capped)")
    assert "City A 甲市 would have to pay 5.0" in message
    world = central_world(package("large_works"), tiny, 2030)
    (bill,) = unpayable(world, 2030)
    assert (bill.city, bill.year) == ("a", 2021)
    # The policy budget and bonds as far as the cap on debt leaves room: less than the two shares.
    own, room = world["policy_budget"][0, 0], world["borrowing_room"][0, 0]
    bonds = 0.05 * world["budget_revenue"][0, 0]
    assert bill.means == pytest.approx(own + min(bonds, room))


def test_strict_budgets_refuse_what_cannot_be_paid(tiny):
    def strict(name, lever, dose):
        real = Realisation(budget="strict")
        return Scenario(name, name, levers={lever: LeverSetting(dose=dose)}, realisation=real)

    good = strict("good", "public_works", 1.0)
    bad, worse = strict("bad", "large_works", 1.0), strict("worse", "large_works", 3.0)
    settle([good], "mean", 1, 1, 2030, tiny)
    with pytest.raises(ProblemsError) as caught:
        settle([good, bad, worse], "mean", 1, 1, 2030, tiny)
    assert [problem.file for problem in caught.value.problems] == ["bad", "worse"]
    told = [problem.message for problem in caught.value.problems]
    assert all("strict, but in 2021 a would have to pay" in message for message in told)


def test_targets_against_identities_are_asked_of_whoever_checks_them(tiny):
    def check(area):
        return [("P001", f"people of {area.name} exceed those of its zones")]

    (note,) = contradictions(tiny, [check])
    assert (note.kind, note.key) == (CONTRADICTION, "P001")
