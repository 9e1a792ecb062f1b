"""Where all answers, agents differ from the expectation in the mean, by one part in n (slow).

Prices and productivity are curved in the numbers of people that luck scatters, so that their mean
over replicates is not their value at the mean: by half the curvature times the variance, which is
proportional to people per agent (a Taylor series; Ethier and Kurtz 1986, chapter 11, for density
dependent chains). What is looked at is the log of housing prices, mean of the zones, in which the
effect is plain beside its noise; of the number of people itself it is too small to be seen.
"""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from model.base_year import baseline_people
from model.engines.cohorts import Cohorts
from model.engines.residents import Residents
from model.processes import census
from model.simulation import step
from tests.worlds import world_of

# People per agent, and replicates: the ends say most of the slope. (With 4000 people per agent the
# bias is five times what its first term would be, from that with 1000.)
REPLICATES, YEARS = {1000: 1500, 500: 600, 250: 2400}, 3


def price_after(begun, population, seed):
    """Mean log of housing prices some years on, with these people in the place of the usual ones.

    Firms are those of the mean engine: all luck is that of the people.
    """
    world = replace(
        begun, state=dict(begun.state), population=population, firms=deepcopy(begun.firms),
        seed=seed, ledger={},
    )  # fmt: skip
    census.act(world, census.HEAD_COUNT.params())
    for _ in range(YEARS):
        step(world)
    return float(np.log(world["housing_price"]).mean())


@pytest.mark.slow
def test_bias_falls_as_one_over_the_number_of_agents(tiny):
    """The slope of log bias on log scale is one within three errors, and above a half by two.

    A half is the slope of luck itself: the errors must be small enough to tell the two apart.
    """
    begun, zones = world_of(tiny), len(tiny.zones)
    people = baseline_people.everybody(tiny, tiny.base_year)
    bias, error = np.zeros((2, len(REPLICATES)))
    for at, (scale, replicates) in enumerate(REPLICATES.items()):
        # From the agents' own counts: what rounding did to the base year is not of luck.
        start = Residents(people, zones, scale, 0).counts()
        expected = price_after(begun, Cohorts(start, zones), 0)
        found = [
            price_after(begun, Residents(people, zones, scale, seed), seed)
            for seed in range(1, replicates + 1)
        ]
        bias[at] = np.mean(found) - expected
        error[at] = np.std(found, ddof=1) / np.sqrt(replicates)
    assert np.all(bias < -2 * error), (bias, error)
    # Least squares of log bias on log scale, weighted by the errors of the logs.
    spread = error / np.abs(bias)
    weight = spread**-2
    size = np.log(list(REPLICATES))
    size -= np.average(size, weights=weight)
    slope = (weight * size * np.log(-bias)).sum() / (weight * size**2).sum()
    doubt = (weight * size**2).sum() ** -0.5
    assert doubt < (1 - 0.5) / 3, (slope, doubt, bias, error)
    assert abs(slope - 1) < 3 * doubt, (slope, doubt, bias, error)
    assert slope - 0.5 > 2 * doubt, (slope, doubt)
