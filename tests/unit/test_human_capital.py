"""Human capital: the index by hand, the base year untouched, and who is more productive by it."""

import numpy as np
import pytest

from calibration.growth import START, drawn_parameters, simulated
from calibration.workers_schooling import counted_shares, shares_since, tilted
from model.processes.human_capital import (
    HumanCapitalParams,
    at_workplaces,
    effective_labour,
    years_of_schooling,
)
from model.processes.participation import shifted_participation
from model.simulation import step
from tests.worlds import after, arrays_of, trend, world_of

SCHOOLED = {f"schooling__tertiary.{year}": 0.98 for year in (2010, 2020, 2035)}


def test_years_by_hand():
    counted = np.array([[[10.0, 30.0, 40.0, 20.0], [0.0, 0.0, 0.0, 0.0]]])
    p = HumanCapitalParams(primary_years=6.0, tertiary_years=15.0)
    found = years_of_schooling(counted, p)
    assert found[0, 0] == pytest.approx((60 + 270 + 480 + 300) / 100)
    assert found[0, 1] == 0


def test_schooling_at_work_is_that_of_those_who_come():
    rng = np.random.default_rng(3)
    force, years = rng.uniform(5, 9, (2, 4)), rng.uniform(8, 14, (2, 4))
    share = rng.dirichlet(np.ones(5), (2, 4))[..., :4]
    found = at_workplaces(force, years, share)
    np.testing.assert_allclose(
        at_workplaces(force, years, np.eye(4)[None] * np.ones((2, 1, 1))), years
    )
    workers = (force[..., None] * share).sum(axis=1)
    spent = ((force * years)[..., None] * share).sum(axis=1)
    np.testing.assert_allclose(found * workers, spent)
    share[:, :, 2] = 0
    assert np.isnan(at_workplaces(force, years, share)[:, 2]).all()


def test_one_more_year_adds_the_return_and_places_without_workers_stay():
    found = effective_labour(
        np.array([[11.0, np.nan, 9.0]]), np.full((1, 3), 10.0), np.array([[0.08]])
    )
    np.testing.assert_allclose(np.log(found), [[0.08, 0.0, -0.08]], atol=1e-15)


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
def test_labour_force_by_education_adds_up(request, name):
    world = world_of(request.getfixturevalue(name), count=2)
    people = world.population.schooled()[0, : len(world.area.zones)]
    part = shifted_participation(world["participation_odds"], world.fixed["participation_shift"])
    wanted = (part * people).sum(axis=(3, 4))
    np.testing.assert_allclose(world["labour_supply_by_education"], wanted)
    np.testing.assert_allclose(
        world["labour_supply_by_education"].sum(axis=2), world["labour_supply"] + np.zeros((2, 1)),
        rtol=1e-9,
    )  # fmt: skip
    step(world)
    np.testing.assert_array_equal(
        world["labour_supply_by_education"].sum(axis=2), world["labour_supply"]
    )


def test_base_year_knows_no_human_capital(tiny):
    """Whatever the return, the base year is the same bit for bit, and one worker is one worker."""
    one, other = (
        world_of(tiny, trend(human_capital__schooling_return=gain)) for gain in (0.0, 0.2)
    )
    for key, value in one.state.items():
        assert np.array_equal(value, other.state[key], equal_nan=True), key
    step(one)
    assert np.all(one["human_capital"] == 1)
    assert np.all(one["worker_schooling"] > 6)


def test_only_what_schooling_earns_moves(tiny):
    """Without a return people are as schooled, and output is what it was without schooling."""
    plain, paid = (
        after(tiny, 6, trend(human_capital__schooling_return=gain)) for gain in (0.0, 0.1)
    )
    assert np.all(plain["human_capital"] == 1)
    more = np.log(paid["human_capital"]) / 0.1 + paid.fixed["base_schooling"]
    np.testing.assert_allclose(more, paid["worker_schooling"])
    assert paid["gdp_real"].sum() > plain["gdp_real"].sum()


def test_people_do_not_hear_of_it_in_the_same_year(tiny):
    first, other = (
        after(tiny, 1, trend(human_capital__schooling_return=gain)) for gain in (0.0, 0.2)
    )
    for key in ("births", "deaths", "deflator", "labour_supply", "population", "worker_schooling"):
        np.testing.assert_array_equal(first[key], other[key])


def test_more_schooling_more_output(tiny):
    """More enter tertiary education: workers become more schooled, output and wages rise."""
    base, more = after(tiny, 12), after(tiny, 12, trend(**SCHOOLED))
    assert more["worker_schooling"].mean() > base["worker_schooling"].mean()
    assert more["human_capital"].mean() > base["human_capital"].mean()
    assert more["gdp_real"].sum() / more["jobs"].sum() > base["gdp_real"].sum() / base["jobs"].sum()
    assert more["wage"].mean() > base["wage"].mean()
    still = [
        after(tiny, 12, trend(human_capital__schooling_return=0, **names))["gdp_real"].sum()
        for names in ({}, SCHOOLED)
    ]
    gain = more["gdp_real"].sum() / base["gdp_real"].sum()
    assert gain > still[1] / still[0]


def test_it_augments_labour(tiny):
    """Effective productivity rises by the labour share times the log of effective labour."""
    plain, paid = (
        after(tiny, 2, trend(human_capital__schooling_return=gain)) for gain in (0.0, 0.2)
    )
    gained = paid["effective_productivity"] - plain["effective_productivity"]
    due = plain.fixed["labour_share"] * np.log(paid["human_capital"])[:, None]
    assert np.abs(due).max() > 1e-5
    np.testing.assert_allclose(gained, due, atol=1e-12)


def test_engines_school_alike(tiny):
    """Agents drawn at a scale have the schooling of the expectation, nearly."""
    mean, agents = (after(tiny, 3, engine=engine, scale=10) for engine in ("mean", "agents"))
    np.testing.assert_allclose(agents["worker_schooling"], mean["worker_schooling"], rtol=0.01)
    np.testing.assert_allclose(agents["human_capital"], mean["human_capital"], rtol=0.01)


def test_a_draw_alone_is_the_same(tiny):
    whole = arrays_of(tiny, count=4, end=2024)["human_capital"]
    alone = arrays_of(tiny, chosen=slice(2, 3), count=4, end=2024)["human_capital"]
    assert whole[2:3].tobytes() == alone.tobytes()
    assert np.ptp(whole[:, -1]) > 0


def test_censuses_say_how_schooled_workers_are(shenyang):
    """0.8 years more in a decade; the line between the censuses, by city."""
    years = np.array([5.7, 9.0, 12.0, 15.6])
    first, last = (counted_shares(shenyang, year) @ years for year in (2010, 2020))
    assert np.all(last > first)
    assert (last - first).mean() == pytest.approx(0.7, abs=0.1)
    relative = shares_since(shenyang, 2010)
    np.testing.assert_allclose(shares_since(shenyang, 2020), 1.0)
    heping = shenyang.zones.index("heping")
    np.testing.assert_allclose(
        relative[heping], counted_shares(shenyang, 2010)[0] / counted_shares(shenyang, 2020)[0]
    )
    force = np.random.default_rng(5).uniform(1, 9, (2, len(shenyang.zones), 4))
    np.testing.assert_allclose(tilted(force, relative).sum(axis=2), force.sum(axis=2))


@pytest.mark.slow
def test_backcast_starts_from_one_and_hears_of_schooling(shenyang, monkeypatch):
    """Growth is told with the schooling of its years: none in the first, some a year later."""
    drawn = drawn_parameters(0, 3)
    schooled, _, _ = simulated(shenyang, drawn, 0, START, START + 2)
    monkeypatch.setattr(
        "calibration.growth.shares_since", lambda area, year: np.ones((len(area.zones), 4))
    )
    still, _, _ = simulated(shenyang, drawn, 0, START, START + 2)
    np.testing.assert_array_equal(schooled[:, 0], still[:, 0])
    more = np.log(schooled[:, 1:] / still[:, 1:])
    assert np.all(more > 0)
    assert 0.001 < more[:, 0].mean() < 0.01
