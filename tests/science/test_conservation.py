"""Accounts close every year in both engines; a broken one stops the run by name."""

import numpy as np
import pytest

from model import accounts
from model.simulation import step
from tests.worlds import RunError, Tape, package, trend, world_of

EVERYTHING = (
    "faster_trains", "park", "renewal", "freight_hub", "laboratory", "lower_fees", "large_works",
    "schools", "open_registration", "one_labour_market", "child_benefit", "coordination",
)  # fmt: skip


@pytest.mark.parametrize("engine", ["mean", "agents"])
@pytest.mark.parametrize("scenario", [trend(), package(*EVERYTHING)], ids=["trend", "package"])
def test_accounts_close(tiny, engine, scenario):
    world = world_of(tiny, scenario, engine=engine)
    for _ in range(10):
        before = np.array(world["residents_by_hukou"])
        step(world)
        for name, error in accounts.residuals(world, before).items():
            assert float(np.max(error)) < 1e-9, (name, world.year)


def test_accounts_close_in_every_draw(tiny):
    world = world_of(tiny, package(*EVERYTHING), count=12)
    for _ in range(10):
        step(world)
    assert world.year == 2030


def broken(world, variable, change):
    before = np.array(world["residents_by_hukou"])
    step(world)
    world[variable] = change(np.array(world[variable]))
    accounts.check(world, before)


CASES = [
    ("arrivals", "people"), ("births", "people"), ("external_net_migration", "moves"),
    ("jobs", "jobs"), ("employed_residents", "commuters"), ("labour_income", "income"),
    ("conversions_by_hukou", "registration"), ("arrivals_by_hukou", "registration"),
    ("gdp_real", "output"), ("other_spending", "budget"), ("gdp_nominal", "nominal"),
    ("construction", "floor space"), ("demolition", "floor space"), ("vacancy_rate", "vacancy"),
    ("land_taken", "land"), ("debt", "debt"), ("transfers", "budget"),
    ("research_spending", "research"), ("household_income", "earnings"), ("heat_energy", "energy"),
]  # fmt: skip


@pytest.mark.parametrize(("variable", "account"), CASES)
def test_broken_account_is_named(tiny, variable, account):
    with pytest.raises(RunError, match=rf"account '{account}' does not close in 2021") as caught:
        broken(world_of(tiny), variable, lambda value: value * 1.001 + 1)
    assert "residual" in str(caught.value)


@pytest.mark.parametrize("engine", ["mean", "agents"])
@pytest.mark.parametrize("flow", ["firm_entries", "firm_exits", "firm_arrivals", "firms"])
def test_establishments_are_those_there_were_and_those_that_came_and_went(tiny, engine, flow):
    def one_more(value):
        value[..., 3] += 1
        return value

    match = "account 'establishments' does not close in 2021: draw 0, b2"
    with pytest.raises(RunError, match=match):
        broken(world_of(tiny, engine=engine), flow, one_more)


def test_firms_answer_for_their_posts_in_expectation_alone(tiny):
    """Drawn firms are off their posts by luck: an account of them could only hold by name."""
    for engine, kept in (("mean", True), ("agents", False)):
        world = world_of(tiny, engine=engine)
        before = np.array(world["residents_by_hukou"])
        step(world)
        assert ("firms" in accounts.residuals(world, before)) == kept
        assert np.array_equal(world["posts"].round(6), world["firm_jobs"].round(6)) == kept


def test_place_is_named(tiny):
    def one(value):
        value[0, 3] += 100
        return value

    with pytest.raises(RunError, match="b2"):
        broken(world_of(tiny), "arrivals", one)


def test_draw_is_told_by_its_number_in_the_run_and_not_in_its_block(tiny):
    def one(value):
        value[0, 3] += 100
        return value

    world = world_of(tiny)
    world.draws = np.array([57])
    with pytest.raises(RunError, match="draw 57, b2"):
        broken(world, "arrivals", one)


def test_place_of_a_number_that_is_none_is_named(tiny):
    def one(value):
        value[0, 3] = np.nan
        return value

    with pytest.raises(RunError, match="b2"):
        broken(world_of(tiny), "arrivals", one)
    with pytest.raises(RunError, match="does not close"):
        broken(world_of(tiny), "arrivals", lambda value: value * np.nan)


@pytest.mark.parametrize("stock", ["housing_floor_space", "housing_price", "built_up_area"])
def test_a_stock_that_is_none_is_named_with_its_zone(tiny, stock):
    world = world_of(tiny)
    before = np.array(world["residents_by_hukou"])
    step(world)
    world[stock] = world[stock] * np.array([1, 1, -1, 1, 1])
    with pytest.raises(RunError, match="2021") as caught:
        accounts.check(world, before)
    assert "b1" in str(caught.value)


@pytest.mark.parametrize("bad", [np.nan, -1.0])
def test_stocks_are_numbers(tiny, bad):
    def one(value):
        value[0, 0, 0, 50] = bad
        return value

    with pytest.raises(RunError, match="people is negative or not a number in 2021"):
        broken(world_of(tiny), "people", one)


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_the_whole_world_changes_by_births_and_deaths_alone(tiny, engine):
    world = world_of(tiny, package(*EVERYTHING), engine=engine)
    people = world.population
    total = people.counts().sum()
    tape = world.population = Tape(people)
    for _ in range(5):
        start = len(tape.calls)
        before = people.counts().copy()
        step(world)
        year = dict((name, answer) for name, _, answer in tape.calls[start:] if name != "bear")
        born = sum(
            answer.by_hukou.sum() for name, _, answer in tape.calls[start:] if name == "bear"
        )
        after = people.counts()
        moves = year["relocate"]
        assert np.all(np.diagonal(moves.flows, axis1=2, axis2=3) == 0)
        assert np.all(moves.homecoming <= moves.flows)
        assert born > 0
        # deaths abroad are not reported: what is left after births must be deaths, and plausible
        died = before.sum() + born - after.sum()
        assert year["die"].by_hukou.sum() < died < 0.05 * total


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_moving_keeps_everybody_by_education_sex_and_age(tiny, engine):
    world = world_of(tiny, engine=engine)
    tape = world.population = Tape(world.population)
    step(world)
    (table,) = next(arguments for name, arguments, _ in tape.calls if name == "relocate")
    people = world_of(tiny, engine=engine).population
    before = people.counts().copy()
    moves = people.relocate(table)
    after = people.counts()
    kept = [found.sum(axis=(1, 2)) for found in (before, after)]
    np.testing.assert_allclose(kept[1], kept[0], rtol=1e-12)
    change = (after - before).sum(axis=(2, 3, 4, 5))
    flows = moves.flows.sum(axis=1)
    np.testing.assert_allclose(change, flows.sum(axis=1) - flows.sum(axis=2), atol=1e-6)
    by_age = (after - before)[:, :5].sum(axis=(2, 3))
    np.testing.assert_allclose(by_age, moves.arrivals - moves.departures, atol=1e-7)
