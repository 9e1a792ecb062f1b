"""The mean engine is the expectation of the agent engine."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from model.base_year import baseline_people
from model.engines.cohorts import Cohorts
from model.engines.residents import Residents
from model.processes import census
from model.simulation import step
from tests.worlds import Tape, replay, world_of

SCALE, REPLICATES = 80, 220


@pytest.fixture(scope="module")
def crowd(tiny):
    """Factory: agents of the base year, all from the same controlled rounding."""
    people = baseline_people.everybody(tiny, tiny.base_year)

    def make(seed, scale=SCALE):
        return Residents(people, len(tiny.zones), scale, seed)

    return make


@pytest.fixture(scope="module")
def begun(tiny):
    return world_of(tiny)


def beside(begun, **others):
    """A world like the one begun, with firms of its own: they live on in place."""
    return replace(begun, state=dict(begun.state), firms=deepcopy(begun.firms), **others)


def year_of(begun, population, seed=0):
    """World one year on, with these people in the place of the usual ones."""
    world = beside(begun, population=population, seed=seed, ledger={})
    census.act(world, census.HEAD_COUNT.params())
    step(world)
    return world


def scores(samples, expected):
    """z of every mean; where nothing varies, the mean must be the expectation.

    On the scale of square roots, on which the spread of a count hardly depends on the count
    (Anscombe 1948): where few are seen of a rare event, their own spread is too small as well,
    and a plain z too large. Of common events it is the plain z.
    """
    samples, expected = np.asarray(samples), np.asarray(expected)
    mean, error = samples.mean(axis=0), samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    fixed = error == 0
    np.testing.assert_allclose(mean[fixed], expected[fixed], atol=1e-6)
    mean, expected, error = mean[~fixed], expected[~fixed], error[~fixed]
    seen, due = (np.sqrt(np.maximum(values, 0)) for values in (mean, expected))
    rooted = (seen > 0) & (due > 0)
    slope = np.divide(2 * seen, seen + due, out=np.ones_like(seen), where=rooted)
    return (mean - expected) / error * slope


FLOWS = (
    "population", "births", "deaths", "infant_deaths", "arrivals", "departures",
    "external_net_migration", "commuters", "commuters_by_mode", "commuters_by_pair_and_mode",
    "jobs", "employed_residents",
    "labour_force",
    "external_population", "people", "residents_by_hukou", "population_by_education",
    "births_by_age", "births_by_hukou", "deaths_by_hukou", "infant_deaths_by_hukou",
    "hukou_conversions", "conversions_by_hukou", "arrivals_by_hukou", "departures_by_hukou",
    "arrivals_by_age", "departures_by_age", "deaths_by_age", "moves_by_hukou", "homecoming",
    "floating", "registered", "urban_population", "registered_urban", "births_outside",
    "households", "households_by_size", "living_away",
)  # fmt: skip
AGES_FROM = [0, 15, 40, 60, 75]
BROAD = {
    "people": AGES_FROM, "arrivals_by_age": AGES_FROM, "departures_by_age": AGES_FROM,
    "deaths_by_age": AGES_FROM, "population_by_education": AGES_FROM, "births_by_age": [0, 25, 30],
}  # fmt: skip


def told(world, name):
    """Values of a variable, over broad ages where there are ages."""
    values = world[name][0]
    return np.add.reduceat(values, BROAD[name], axis=-1) if name in BROAD else values


def together(samples, expected):
    """Cells in which fewer than ten agents are due over all runs, added up into one."""
    samples, expected = samples.reshape(len(samples), -1), expected.ravel()
    rare = expected * len(samples) / SCALE < 10
    parts = [samples[:, ~rare], expected[~rare]]
    if expected[rare].sum() * len(samples) / SCALE >= 10:
        parts[0] = np.column_stack([parts[0], samples[:, rare].sum(axis=1)])
        parts[1] = np.append(parts[1], expected[rare].sum())
    return parts


def test_one_step(begun, crowd):
    expected = year_of(begun, Cohorts(crowd(0).counts(), len(begun.area.zones)))
    found = {name: [] for name in FLOWS}
    for seed in range(REPLICATES):
        world = year_of(begun, crowd(seed), seed)
        for name in FLOWS:
            found[name].append(told(world, name))
    for name in FLOWS:
        z = scores(*together(np.array(found[name]), told(expected, name)))
        # Many cells, and rare events that are far from normal: the bound is that of the most.
        bound = stats.norm.isf(0.5e-3 / max(z.size, 16))
        assert np.abs(z).max(initial=0) < bound, (name, np.sort(z))


def test_prices_do_not_depend_on_luck(begun, crowd):
    """What is solved within the year rests on expectations, not on who happened to come."""
    expected = year_of(begun, Cohorts(crowd(0).counts(), len(begun.area.zones)))
    world = year_of(begun, crowd(1), 1)
    for name in ("wage", "expected_jobs", "labour_supply", "output", "income_access"):
        np.testing.assert_allclose(world[name], expected[name], rtol=1e-9, err_msg=name)


@pytest.fixture(scope="module")
def tape(begun, crowd):
    """Tables of six years of a mean run that starts from the agents' counts."""
    population = Tape(Cohorts(crowd(0).counts(), len(begun.area.zones)))
    world = beside(begun, population=population)
    census.act(world, census.HEAD_COUNT.params())
    for _ in range(6):
        step(world)
    return population


@pytest.mark.slow
def test_frozen_macro(tape, crowd):
    expected = tape.counts()[0]
    found = []
    for seed in range(REPLICATES):
        people = crowd(seed)
        replay(tape.calls, people)
        found.append(people.counts()[0])
    ages = np.array([0, 8, 15, 25, 40, 60, 75])
    for kept in (("hukou",), ("education",), ()):
        axes = tuple(i for i, name in ((1, "hukou"), (2, "education")) if name not in kept)
        samples = np.add.reduceat(np.array(found), ages, axis=5)
        samples = samples.sum(axis=tuple(i + 1 for i in axes))
        z = scores(samples, np.add.reduceat(expected, ages, axis=4).sum(axis=axes))
        assert np.abs(z).max() < stats.norm.isf(0.5e-3 / z.size), kept
        assert 0.7 < z.std() < 1.3


def test_same_counts_before_anything_happens(begun, crowd):
    table = baseline_people.everybody(begun.area, 2020)
    people = table.sum(axis=(1, 2))
    for scale in (1, 7, 40):
        whole = crowd(0, scale).counts()[0]
        counts, totals = whole.sum(axis=(1, 2)), people.sum(axis=(1, 2))
        assert np.all(np.abs(counts.sum(axis=(1, 2)) - totals) <= scale / 2)
        # Of a region every cell is rounded, education included; of a zone ages first.
        assert np.all(np.abs(counts - people)[:5] <= scale * (1 + 1e-9))
        assert np.all(np.abs(whole - table)[5:] <= scale * (1 + 1e-9))
        size = (counts.sum(axis=(1, 2)) / totals)[:5, None]
        by_class = table[:5].sum(axis=(2, 3, 4)) * size
        assert np.all(np.abs(whole[:5].sum(axis=(2, 3, 4)) - by_class) < scale)


@pytest.mark.slow
def test_luck_falls_with_the_number_of_agents(tape, crowd):
    """Four times as many agents, half the spread."""
    spread = {}
    for scale in (50, 200):
        found = []
        for seed in range(200):
            people = crowd(seed, scale)
            replay(tape.calls, people)
            found.append(people.counts()[0, :5].sum(axis=(1, 2, 3, 4)))
        spread[scale] = np.std(found, axis=0).mean()
    assert spread[200] / spread[50] == pytest.approx(2.0, rel=0.2)
