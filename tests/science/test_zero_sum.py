"""The core's gain is what others lose, what comes from outside, and births less deaths."""

import numpy as np
import pytest

from model import ensemble
from model.problems import RunError
from outputs.zero_sum import (
    GAIN,
    LOST,
    NATURAL,
    NEW,
    OTHERS,
    OUTSIDE,
    check_sum,
    core_region,
    lost_within,
    people_account,
    place_account,
    zero_sum,
)
from tests.worlds import TINY, package, trend


@pytest.fixture(scope="module", params=["mean", "agents"])
def result(request, tiny):
    every = package(*(row["lever"] for row in tiny.tables["levers"]), budget="unlimited")
    return ensemble([trend(), every], draws=3, end=2025, area=TINY, engine=request.param, workers=1)


def test_people_come_from_somewhere(result, tiny):
    parts = people_account(result, tiny, core_region(tiny), 2025)
    together = parts[OTHERS] + parts[OUTSIDE] + parts[NATURAL]
    assert np.abs(together - parts[GAIN]).max() <= 1e-9 * np.abs(parts[GAIN]).max()


def test_what_the_core_gets_others_lose(result, tiny):
    core = core_region(tiny)
    lost = lost_within(result, tiny, core, 2025)
    gained = people_account(result, tiny, core, 2025)[OTHERS]
    assert sum(lost.values()) == pytest.approx(gained, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("name", ["jobs", "gdp_real"])
def test_places_add_up(result, tiny, name):
    parts = place_account(result, tiny, name, core_region(tiny), 2025)
    assert parts[OTHERS] + parts[NEW] == pytest.approx(parts[GAIN], rel=1e-9)


def test_rows_are_paired_and_add_up(result, tiny):
    rows = zero_sum(result, tiny)
    for account in ("population", "jobs", "gdp_real"):
        mine = {row.part: row for row in rows if row.account == account and row.part != LOST}
        parts = [row for part, row in mine.items() if part != GAIN]
        assert sum(row.mean for row in parts) == pytest.approx(mine[GAIN].mean, abs=1e-4)
        if mine[GAIN].mean > 0:
            assert sum(row.share for row in parts) == pytest.approx(1)
    assert {row.year for row in rows} == {2025}


def test_the_same_scenario_takes_nothing_from_anybody(tiny):
    same = ensemble([trend(), package()], draws=2, end=2022, area=TINY, workers=1)
    assert {row.mean for row in zero_sum(same, tiny)} == {0}
    assert {row.share for row in zero_sum(same, tiny)} == {None}


def test_an_account_that_does_not_add_up_is_refused():
    with pytest.raises(RunError, match="account of jobs"):
        check_sum("jobs", {GAIN: np.array([3.0]), OTHERS: np.array([1.0])})
