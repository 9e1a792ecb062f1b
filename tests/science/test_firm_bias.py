"""Where all answers, drawn firms differ from the expectation in the mean: how much, and why (slow).

A year is exact (``test_firms``). Over many, jobs on offer are concave in the luck of last year's
jobs, because they move to the profitable ones in logs, and output is concave in jobs: by Jensen's
inequality both are a little lower on average where firms are drawn, by half the curvature times
the variance, which is one over the number of firms. Establishments are fewer because steps and
entries answer to luck. People are those of the mean engine here: all luck is that of firms.
"""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from model.axes import ratio
from model.base_year.firm_base import whole_firms
from model.engines.firm_cohorts import FirmCohorts
from model.engines.firms import Establishments
from model.processes import firms as process
from model.processes import labour
from model.simulation import step
from tests.worlds import Tape, replay, world_of

YEARS, REPLICATES = 15, 100
MADE = slice(1, 8)  # mining and manufacturing
# A quarter of the establishments, each with four times the jobs; and about as many as there are.
COARSE, USUAL = 1, 4
OUTCOMES = ("output", "jobs of mining and manufacturing", "establishments")


@pytest.fixture(scope="module")
def begun(shenyang):
    """World of the base year, and whole firms: a quarter of those that there are."""
    world = world_of(shenyang)
    counts, jobs = world.firms.counts()[0], world["expected_jobs"][0]
    return world, whole_firms(counts / USUAL, jobs, 1)


def bodies(begun):
    """Firms in expectation, and a factory of drawn ones, so many times as fine."""
    world, whole = begun
    jobs, technology = world["expected_jobs"][0], world.area.technology

    def make(fine, seed):
        return Establishments(whole * fine, jobs, technology, seed)

    return FirmCohorts(whole[None].astype(float), jobs[None], technology), make


def lived(begun, firms, fine=1):
    """Outcomes after the years with these firms in the place of the usual ones."""
    world = replace(
        begun[0], state=dict(begun[0].state), firms=firms, ledger={},
        population=deepcopy(begun[0].population),
    )  # fmt: skip
    process.record_stock(world)
    for _ in range(YEARS):
        step(world)
    made = world["expected_jobs"][0, MADE].sum()
    return np.array([world["gdp_real"].sum(), made, world["firms"].sum() / fine])


def bias(samples, wanted):
    """Relative bias and its standard error."""
    found = np.array(samples) / wanted - 1
    return found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(len(found))


@pytest.fixture(scope="module")
def live(begun):
    """Bias of the outcomes, and standard errors, where all answers: by fineness."""
    expected, make = bodies(begun)
    wanted = lived(begun, expected)
    return {
        fine: bias([lived(begun, make(fine, s), fine) for s in range(REPLICATES)], wanted)
        for fine in (COARSE, USUAL)
    }


@pytest.mark.slow
def test_bias_is_small_and_falls_as_one_over_the_number_of_firms(live):
    """With firms as many as there are: bounds of the whole area; four times as coarse, fourfold."""
    (coarse, blur), (usual, error) = live[COARSE], live[USUAL]
    assert np.all(np.abs(usual) < (0.0015, 0.005, 0.003)), dict(zip(OUTCOMES, usual, strict=True))
    assert np.all(usual[:2] < -3 * error[:2]), (usual, error)
    # Of output, whose bias is plain: four within three errors, and above two (luck itself) by two.
    apart = np.hypot(blur[0], 4 * error[0])
    assert abs(coarse[0] - 4 * usual[0]) < 3 * apart, (coarse, usual, apart)
    assert coarse[0] - 2 * usual[0] < -2 * np.hypot(blur[0], 2 * error[0]), (coarse, usual)


@pytest.mark.slow
def test_the_bias_of_jobs_is_the_curve_of_jobs_on_offer(begun, live, monkeypatch):
    """With its tangent in luck, and what pays as on the path of expectations, it is gone."""
    path, curve = [], labour.offers

    def written(jobs, wanted, speed):
        path.append((jobs, curve(jobs, wanted, speed)))
        return path[-1][1]

    def tangent(jobs, wanted, speed):
        usual, offered = path[years.pop(0)]
        return offered * (1 + (1 - speed) * (ratio(jobs, usual, 1.0) - 1))

    expected, make = bodies(begun)
    monkeypatch.setattr(labour, "offers", written)
    wanted, samples = lived(begun, expected), []
    monkeypatch.setattr(labour, "offers", tangent)
    for seed in range(REPLICATES):
        years = list(range(YEARS))
        samples.append(lived(begun, make(COARSE, seed)))
    (straight, error), (curved, blur) = bias(samples, wanted), live[COARSE]
    assert curved[1] < -5 * blur[1]
    assert abs(straight[1]) < 3.5 * error[1], (straight, error)
    assert abs(curved[1]) > 4 * abs(straight[1]), (straight, curved)
    assert straight[0] > curved[0] / 2, (straight, curved)  # the rest is the curve of output


@pytest.mark.slow
def test_without_any_answer_to_luck_there_is_no_bias(begun):
    """With the tables of the expected path: firms and jobs of every sector."""
    expected, make = bodies(begun)
    tape = Tape(expected)
    tape.in_expectation = True
    lived(begun, tape)
    calls = [c for c in tape.calls if c[0] in {"begin_year", "relocate", "renew"}]
    samples = []
    for seed in range(REPLICATES):
        firms = make(COARSE, seed)
        replay(calls, firms)
        census = firms.census()
        samples.append([census.firms[0].sum(axis=1), census.jobs[0].sum(axis=1)])
    census = expected.census()
    found, error = bias(samples, [census.firms[0].sum(axis=1), census.jobs[0].sum(axis=1)])
    assert np.abs(found / error).max() < 3.5, (found, error)
