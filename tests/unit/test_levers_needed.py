"""The search of levers needed, on a model whose answer is known."""

import numpy as np
import pytest
import xarray as xr

from calibration.ledger_rows import Target
from outputs.levers_needed import HIGHEST, levers_needed
from tests.worlds import package

BASE, STEP = 1000.0, 100.0


def target(value, comparator=">=", **changes):
    given = {
        "id": "T", "indicator": "people", "statement": "target", "kind": "outcome",
        "value": value, "unit": "persons", "prices": "", "comparator": comparator, "year": 2030,
        "dating": "printed", "base_period": None, "region_set": "statistics", "region": "a",
        "variable": "population", "status": "yes", "reason": "", "lever": "", "same_as": "",
        "document": "", "section": "",
    }  # fmt: skip
    return Target(**(given | changes))


@pytest.fixture
def search(tiny):
    """Needs of targets where each family adds its rank times 100 people to city `a` per dose."""
    first = {}
    for row in tiny.tables["levers"]:
        first.setdefault(row["family"], row["lever"])
    worth = {lever: STEP * rank for rank, lever in enumerate(first.values(), start=1)}
    runs = []

    def run(scenarios):
        runs.append(len(scenarios))
        values = np.zeros((len(scenarios), 5, 1, len(tiny.zones)))
        for at, scenario in enumerate(scenarios):
            assert scenario.realisation.budget == "capped"
            total = BASE + sum(worth[n] * s.dose for n, s in scenario.levers.items())
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
    assert (need.found, need.families, need.scale) == ("nothing", (), None)
    assert need.probability == 1


def test_the_best_family_alone_is_the_fewest(search):
    best = search.worth[-1]
    (need,) = search(target(BASE + 2 * best))
    assert need.found == "levers"
    assert need.families == (search.families[-1],)
    assert need.scale == pytest.approx(2, abs=HIGHEST / 2**5 + 0.05)
    assert need.scale >= 2 - 0.05
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
