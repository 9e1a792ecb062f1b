"""What a new line does: shorter times where it runs, more travellers, and losers elsewhere."""

import numpy as np
import pytest

from model.scenario import Scenario
from model.simulation import step
from tests.worlds import after, trend, world_of

A1, A2, B1, B2, LINK = range(5)
CAR, BUS, METRO, RAIL = 2, 3, 4, 5


# The toy is small: what a line does to it is looked at where commuters shun time as in Berlin.
STEEP = {"commuting.decay": 0.055}


def opened(**projects):
    return Scenario("lines", "Lines", description=("1.",), openings=projects, assumptions=STEEP)


@pytest.fixture(scope="module")
def before(tiny):
    return after(tiny, 6, opened())


@pytest.fixture(scope="module")
def express(tiny):
    return after(tiny, 6, opened(express=2022))


def test_nothing_changes_before_the_opening(tiny):
    with_line, without = after(tiny, 2, opened(express=2022)), after(tiny, 2, opened())
    for name in ("mode_time", "commuters", "population"):
        np.testing.assert_array_equal(with_line[name], without[name])


def test_times_fall_only_where_the_line_runs(before, express):
    old, new = before["mode_time"], express["mode_time"]
    fell = new[0, RAIL] < old[0, RAIL] - 1e-9
    assert fell[A1, B1]
    assert fell[B1, A1]
    assert np.all(new[:, RAIL] <= old[:, RAIL] + 1e-9)
    others = [0, 1, BUS, METRO]
    np.testing.assert_array_equal(new[:, others], old[:, others])
    # nobody takes a train away and drives back: nothing changes between a1 and a2
    assert not fell[A1, A2]
    assert not fell[B1, B2]


def test_flows_on_the_line_rise(before, express):
    name = "commuters_by_pair_and_mode"
    assert express[name][0, RAIL, A1, B1] > 1.5 * before[name][0, RAIL, A1, B1]
    assert express["commuters"][0, B1, A1] > before["commuters"][0, B1, A1]
    assert express["commuters_by_mode"][0, RAIL] > before["commuters_by_mode"][0, RAIL]
    assert express["job_access"][0, B1] > before["job_access"][0, B1]
    assert express["core_commuter_share"][0, 1] > before["core_commuter_share"][0, 1]


def test_ridership_grows_over_the_years(tiny):
    """Only those who look around anew find the line."""
    world = world_of(tiny, opened(express=2021))
    riders = []
    for _ in range(6):
        step(world)
        riders.append(world["commuters_by_mode"][0, RAIL])
    gains = np.diff(riders[:5])
    assert gains[0] > 0
    assert np.all(gains[1:] > 0)
    assert gains[1] > gains[2] > gains[3]


def test_a_bypassed_zone_can_lose(tiny):
    """A line to b1 draws workers and people there; the county beside it has fewer."""
    world, line = after(tiny, 15, opened()), after(tiny, 15, opened(express=2021))
    assert line["population"][0, B1] > world["population"][0, B1]
    assert line["population"][0, B2] < world["population"][0, B2]
    assert line["jobs"][0, :, A2].sum() < world["jobs"][0, :, A2].sum()


def test_a_metro_to_a_zone_without_one(tiny, before):
    metro = after(tiny, 6, opened(metro_to_link=2022))
    assert before["mode_time"][0, METRO, A1, LINK] >= 1e4
    assert metro["mode_time"][0, METRO, A1, LINK] < 90
    assert metro["commuters_by_mode"][0, METRO] > before["commuters_by_mode"][0, METRO]


def test_a_road_lowers_car_times_of_its_pairs_alone(tiny, before):
    road = after(tiny, 6, opened(highway=2022))
    fell = road["road_time"][0] < before["road_time"][0] - 0.5
    assert {tuple(pair) for pair in np.argwhere(fell)} == {(A1, B1), (B1, A1), (A1, B2), (B2, A1)}
    name = "commuters_by_pair_and_mode"
    assert road[name][0, CAR, A1, B1] > before[name][0, CAR, A1, B1]


def test_a_dated_line_can_be_kept_shut(tiny):
    there, shut = after(tiny, 12, opened()), after(tiny, 12, opened(new_line="never"))
    rail = there["mode_time"][0, RAIL, A1, B2] < shut["mode_time"][0, RAIL, A1, B2]
    assert rail
    np.testing.assert_array_equal(
        after(tiny, 9, opened(new_line="never"))["commuters"], after(tiny, 9, opened())["commuters"]
    )


def test_traffic_slows_streets(tiny):
    """More people, fuller streets; the base year is the measure."""
    from model.processes.workplaces import settled

    world = world_of(tiny)
    assert np.all(world["slowdown"] == 1)
    world["population"] = world["population"] * np.array([[1.5, 1, 1, 1, 1]])
    posts, scale = world["expected_jobs"].sum(axis=1), world.fixed["workplace_scale"]
    found = settled(world, posts, scale)
    assert found.slowdown[0, A1] > 1.05
    assert found.slowdown[0, B2] < 1.02


def test_the_base_year_repeats_itself_without_change(tiny):
    """Nobody has a reason to move workplace in a year without change: shares stay put."""
    world = world_of(tiny)
    start = {name: world[name].copy() for name in ("workplace_shares", "mode_shares", "slowdown")}
    from model.processes.workplaces import settled

    world["settled_supply"] = world["labour_supply"]
    found = settled(world, world["expected_jobs"].sum(axis=1), world.fixed["workplace_scale"])
    np.testing.assert_allclose(found.workplace, start["workplace_shares"], rtol=1e-6)
    np.testing.assert_allclose(found.modes, start["mode_shares"], rtol=1e-6)
    np.testing.assert_allclose(found.slowdown, start["slowdown"], rtol=1e-6)
    np.testing.assert_allclose(found.access, world.fixed["base_access"], rtol=1e-6)


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_everybody_at_work_has_a_workplace_and_a_mode(tiny, engine):
    world = after(tiny, 3, trend(), engine=engine)
    pairs = world["commuters_by_pair_and_mode"]
    np.testing.assert_allclose(pairs.sum(axis=1), world["commuters"], rtol=1e-9)
    np.testing.assert_allclose(pairs.sum(axis=(2, 3)), world["commuters_by_mode"], rtol=1e-9)
    np.testing.assert_allclose(pairs.sum(axis=(1, 3)), world["employed_residents"], rtol=1e-9)


def test_slow_rematching_keeps_people_where_they_are(tiny):
    """With little looking around, a line opened last year has changed less."""
    slow, fast = (
        after(
            tiny,
            3,
            Scenario(
                "x",
                "X",
                description=("1.",),
                openings={"express": 2021},
                assumptions={"commuting.rematching": psi},
            ),
        )
        for psi in (0.05, 0.9)
    )
    assert slow["commuters_by_mode"][0, RAIL] < fast["commuters_by_mode"][0, RAIL]


@pytest.mark.slow
def test_a_county_that_a_line_passes_by_loses_people(shenyang):
    """Of the area itself: the line to Liaoyang and Anshan draws people from places beside it."""
    name = "shenyang_liaoyang_anshan_intercity"
    plain, line = (
        after(shenyang, 15, Scenario("x", "X", description=("1.",), openings=openings))
        for openings in ({}, {name: 2022})
    )
    change = line["population"][0] - plain["population"][0]
    at = dict(zip(shenyang.zones, change, strict=True))
    assert at["baita"] > 0
    assert at["anshan_tiexi"] > 0
    assert at["taian"] < 0
    assert at["liaozhong"] < 0
