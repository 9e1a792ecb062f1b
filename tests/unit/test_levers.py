"""The catalogue of instruments: whole, each through its channel, each with a cost or free."""

import numpy as np
import pytest

from model.area_loading import load_area
from model.bills import central_world, yearly_costs
from model.catalogue import CHANNELS, GOVERNANCE
from model.checks.levers import idle_reason, unread
from model.lever_arrays import places
from model.levers import family_names, package_of
from model.processes.policy import act
from model.scenario import Realisation, Scenario
from model.scenario_file import LeverSetting
from tests.worlds import package, trend, world_of

ROWS = {row["lever"]: row for row in load_area("shenyang").tables["levers"]}
REPRESENTED = [name for name, row in ROWS.items() if row["represented"] is not False]
DOCUMENTS = ("000", "001", "002", "003", "004")


@pytest.fixture(scope="module")
def world(shenyang):
    return central_world(trend(), shenyang, 2035)


def treated(world, name, **setting):
    """Channels of a lever alone, begun in 2021 and come to its full effect."""
    row, area = ROWS[name], world.area
    last = 2022 + int(row["ramp"])
    settings = {name: LeverSetting(start=2021, end=last, **setting)}
    scenario = Scenario("one", "One", levers=settings, realisation=Realisation(budget="unlimited"))
    weight = np.ones(len(area.zones))
    world.package = package_of(area, scenario, weight, 0, 1, slice(None))
    world.ledger, world.year = {}, last
    act(world, world.params["policy"])
    (lever,) = world.package.levers
    return lever, {channel: world[f"policy_{channel}"] for channel in CHANNELS}


def test_all_instruments_of_the_five_documents_are_there():
    assert sorted(row["id"] for row in ROWS.values()) == [f"L{n:03}" for n in range(1, 127)]
    assert {row["document"] for row in ROWS.values()} == set(DOCUMENTS)


def test_eighteen_families_each_with_a_lever(shenyang):
    assert len(family_names(shenyang)) == 18
    assert {row["family"] for row in ROWS.values()} == set(family_names(shenyang))


@pytest.mark.parametrize("name", ROWS)
def test_every_lever_has_a_cost_or_is_free(name):
    row = ROWS[name]
    assert row["free"] == (row["cost"] is None)
    assert (row["cost_prior"] is None) == (row["cost"] is None)
    if row["cost"] is not None:
        middle = row["cost_prior"].quantile(np.array([0.5]))[0]
        assert middle == pytest.approx(row["cost"])


@pytest.mark.parametrize("name", ROWS)
def test_every_lever_says_what_it_does_and_what_it_rests_on(name):
    row = ROWS[name]
    assert row["mechanism"]
    assert row["dating"] in {"plan", "works", "begun", "assumed"}
    assert row["represented"] is not None
    if row["represented"]:
        assert row["direction"] in {"up", "down", "none"}
    else:
        assert len(row["inert_reason"]) > 30


@pytest.mark.parametrize("name", REPRESENTED)
def test_every_lever_moves_its_channel_and_no_other(world, name):
    lever, found = treated(world, name)
    moved = (found.pop(lever.channel) * places(lever)).sum()
    assert np.sign(moved) == {"up": 1, "down": -1, "none": 0}[ROWS[name]["direction"]]
    assert not any(np.any(values) for values in found.values())


def test_every_channel_is_read():
    assert [channel for channel in CHANNELS if unread(channel)] == []


def test_a_channel_nobody_reads_is_named_with_what_it_waits_for():
    row = {"represented": True, "end": 2030, "channel": "telepathy", "inert_reason": "waits"}
    told = "no process reads the channel telepathy: waits"
    assert idle_reason(row, 2020) == told


@pytest.mark.parametrize("name", ROWS)
def test_a_reason_not_to_act_stands_where_a_lever_does_not_act_and_nowhere_else(name):
    assert bool(ROWS[name]["inert_reason"]) == (ROWS[name]["represented"] is False)


def test_what_was_over_before_the_base_year_is_idle():
    row = ROWS["shared_job_information_2016"]
    assert "over by 2018" in idle_reason(row, 2020)
    assert idle_reason(row, 2010) is None


def test_governance_moves_how_plans_come_about_and_borders_alone():
    channels = {row["channel"] for row in ROWS.values() if row["family"] == "governance"}
    assert channels <= {*GOVERNANCE, "border_opening"}
    assert set(GOVERNANCE) <= channels


def test_a_lever_moved_elsewhere_acts_there_and_costs_by_its_reach(world):
    here, _ = treated(world, "mining_subsidence")
    there, found = treated(world, "mining_subsidence", zones=("benxi", "heping"))
    assert there.zones.sum() == 7
    assert np.array_equal(found["amenity"][0] > 0, there.zones > 0)
    assert there.cost[0] / here.cost[0] == pytest.approx(there.zones.sum() / here.zones.sum())


def test_partners_alone_can_be_moved(world):
    lever, _ = treated(world, "intercity_trains_existing_lines", partners=("fushun",))
    assert lever.partners.sum() == 7
    assert lever.zones.sum() == 13


def test_costs_by_year_add_up_to_the_whole(tiny):
    world = world_of(tiny, package("public_works", "large_works", share=0.5, overrun=2.0))
    costs = yearly_costs(world.package.levers, range(2021, 2041))
    assert costs.sum() == pytest.approx((0.1 + 5) * 5 * 0.5 * 2)
    assert costs[0, :5].sum(axis=0).tolist() == pytest.approx([25, 0.5, 0])
    assert costs[0, 5:].sum() == 0


def test_places_of_each_kind_of_channel(tiny):
    names = ("park", "faster_roads", "large_works", "coordination", "schools")
    found = {lever.name: lever for lever in world_of(tiny, package(*names)).package.levers}
    assert places(found["park"])[1].tolist() == [0, 1, 0, 0, 0]
    assert places(found["faster_roads"])[2].tolist() == [1, 0, 0, 0, 0]
    assert places(found["large_works"]).tolist() == [0.5, 0.5, 0, 0, 0]
    assert places(found["schools"]).tolist() == [1, 0, 0, 0, 0]
    assert places(found["coordination"]).shape == ()


def test_a_placebo_effect_keeps_the_cost(tiny):
    world = world_of(tiny, package("public_works", effect=0.0))
    (lever,) = world.package.levers
    assert (lever.effect[0], lever.cost[0]) == (0.0, pytest.approx(0.1))
    half = world_of(tiny, package("public_works", effect=0.5)).package.levers[0]
    assert half.effect == pytest.approx(0.5 * 0.1)
