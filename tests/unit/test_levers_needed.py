"""The search of levers needed, on a model whose answer is known."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from calibration.ledger_rows import Target
from outputs.commands.targets import _print_needs
from outputs.levers_needed import HALVINGS, HIGHEST, OWN_HALVINGS, levers_needed, lowering
from tests.worlds import package

BASE, STEP = 1000.0, 100.0


def target(value, comparator=">=", **changes):
    fields = {
        "id": "T", "indicator": "people", "statement": "target", "kind": "outcome",
        "value": value, "unit": "persons", "prices": "", "comparator": comparator, "year": 2030,
        "dating": "printed", "base_period": None, "region_set": "statistics", "region": "a",
        "variable": "population", "status": "yes", "reason": "", "lever": "", "same_as": "",
        "document": "", "section": "",
    }  # fmt: skip
    return Target(**(fields | changes))


@pytest.fixture
def search(tiny):
    """Needs of targets where each family adds its rank times 100 people to city `a` per dose."""
    count = len(tiny.tables["families"])
    return searching(tiny, [STEP * rank for rank in range(1, count + 1)])


def searching(tiny, people, total_of=sum):
    """Needs of targets where each family is worth some people per dose, and these are summed."""
    first = {}
    for row in tiny.tables["levers"]:
        first.setdefault(row["family"], row["lever"])
    worth = dict(zip(first.values(), people, strict=True))
    runs = []

    def run(scenarios):
        runs.append(len(scenarios))
        values = np.zeros((len(scenarios), 5, 1, len(tiny.zones)))
        for at, scenario in enumerate(scenarios):
            assert scenario.realisation.budget == "capped"
            total = BASE + total_of(
                worth[n] * scenario.levers[n].dose if n in scenario.levers else 0 for n in worth
            )
            values[at, :, 0, tiny.zones.index("a1")] = total + np.arange(-2, 3)
        dims = ("scenario", "draw", "year", "zone")
        return xr.Dataset({"population": (dims, values, {"over_zones": "sum"})}, {"year": [2030]})

    scenario = package(*worth, budget="unlimited")
    families = list(first)

    def needs(*targets):
        return levers_needed(scenario, targets, tiny, run, 2030)

    needs.families, needs.worth, needs.runs = families, list(worth.values()), runs
    return needs


def test_a_target_met_anyway_needs_nothing(search):
    (need,) = search(target(900))
    assert (need.found, need.families, need.scales) == ("nothing", (), ())
    assert need.probability == 1


def test_the_best_family_alone_is_the_fewest(search):
    best = search.worth[-1]
    (need,) = search(target(BASE + 2 * best))
    assert need.found == "levers"
    assert need.families == (search.families[-1],)
    assert need.scales == (pytest.approx(2, abs=HIGHEST / 2**HALVINGS + 0.05),)
    assert need.scales[0] >= 2 - 0.05
    assert need.probability >= 0.5


def test_more_families_where_one_is_not_enough(search):
    wanted = BASE + 0.99 * HIGHEST * sum(search.worth)
    (need,) = search(target(wanted))
    assert need.found == "levers"
    assert set(need.families) == set(search.families)
    assert need.median >= wanted


def test_what_no_dose_reaches_is_none_with_the_best_seen(search):
    (need,) = search(target(1e9))
    assert (need.found, need.probability) == ("none", 0)
    assert set(need.families) == set(search.families)
    assert need.median == pytest.approx(BASE + HIGHEST * sum(search.worth))
    assert need.chance.startswith("below")


def test_a_limit_is_approached_from_above(search):
    (need,) = search(target(900, "<="))
    assert need.found == "none"
    assert need.families == ()


def test_only_targets_of_the_run_are_searched(search):
    assert search(target(1, status="no"), target(1, year=2040), target(1, year=2020)) == []
    assert search(target(1, statement="baseline")) == []
    assert search.runs == []


def test_targets_share_their_runs(search):
    search(target(1100), target(1e9, id="U"))
    alone = 2 + len(search.families)
    assert search.runs[0] == alone


def test_each_dose_is_as_low_as_the_others_allow(tiny):
    people = [10, 200, 300, 400, 500]
    search = searching(tiny, people)
    wanted = 3705  # more than the best three bring at the highest dose: all five are tried
    (need,) = search(target(BASE + wanted))
    doses = dict(zip(need.families, need.scales, strict=True))
    worth = dict(zip(search.families, people, strict=True))
    unit = HIGHEST / 2**HALVINGS
    common = unit * np.ceil(wanted / sum(people) / unit)
    step = common / 2**OWN_HALVINGS
    names = search.families
    assert need.families == tuple(names[:0:-1])  # the first brings too little to be needed
    assert doses == dict.fromkeys(names[:1:-1], common) | {names[1]: common - step}
    assert need.probability >= 0.5
    total = sum(worth[family] * dose for family, dose in doses.items())
    assert all(total - step * worth[family] < wanted for family in doses)


def test_a_substitute_is_left_out(tiny):
    def total(parts):
        first, second, third, *_ = parts
        return first + max(second, third)

    search = searching(tiny, [300, 480, 500, 0, 0], total)
    (need,) = search(target(BASE + 2300))
    assert need.families == (search.families[2], search.families[0])
    assert need.probability >= 0.5


def test_targets_lower_their_doses_in_the_same_rounds(search):
    search(target(1100))
    alone = len(search.runs)
    search.runs.clear()
    search(target(1100), target(1120, id="U"), target(1e9, id="V"))
    assert len(search.runs) <= alone


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=6),
    st.integers(1, 32),
    st.floats(0.01, 1, exclude_min=True),
)
def test_no_single_dose_of_an_additive_mix_can_go_a_step_lower(people, units, part):
    common = units * HIGHEST / 2**HALVINGS
    worth = {f"family {at}": people for at, people in enumerate(people)}
    goal = int(part * common * sum(people))

    def total(mix):
        return sum(worth[family] * dose for family, dose in mix)

    walk, tried, enough = lowering([(family, common) for family in worth]), 0, None
    while True:
        try:
            mix = walk.send(enough)
        except StopIteration as end:
            answer = end.value
            break
        tried, enough = tried + 1, total(mix) >= goal
    step = common / 2**OWN_HALVINGS
    assert total(answer) >= goal
    assert all(total(answer) - step * worth[family] < goal for family, _ in answer)
    assert tried <= len(people) * (1 + OWN_HALVINGS)


def test_the_answer_names_a_dose_for_each_family(tiny, capsys):
    needs = searching(tiny, [10, 200, 300, 400, 500])(target(BASE + 3705))
    _print_needs(needs, "everything", tiny)
    said = " ".join(capsys.readouterr().out.split())
    (need,) = needs
    doses = zip(need.families, need.scales, strict=True)
    names = {row["family"]: row["name_zh"] for row in tiny.tables["families"]}
    told = [f"{names[family]} ({family}) at {scale:.2f}" for family, scale in doses]
    assert all(words in said for words in told)
    assert f"{need.target:,.0f} {need.unit} in" in said
    assert "not over all vectors" in said


def test_of_equally_good_mixes_the_first_is_shown(tiny):
    search = searching(tiny, [0, 0, 0, 0, 500])
    (need,) = search(target(1e9))
    assert (need.found, need.families) == ("none", (search.families[-1],))
