"""Patterns that firms must show after decades, none of which is fitted.

Exponent of the size distribution between 2.0 and 2.5 (Heinrich and Dai 2016); growth rates
tent-shaped, and less dispersed in large firms (Stanley et al. 1996; Zou 2019).
"""

import numpy as np
import pytest

from model.engines.firm_cohorts import FirmCohorts
from model.engines.firms import Establishments
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    ESTABLISHED,
    STATE,
    YOUNG,
    ExitTable,
    RenewalTable,
    SiteTable,
)
from model.methods.rounding import controlled_table
from model.processes.firm_dynamics import (
    FirmParams,
    class_counts,
    exit_hazards,
    mobilities,
    power_law,
    state_owned,
    steps_to,
    young_share,
)
from model.processes.ladder import LadderParams, status_changes
from tests.worlds import after

YEARS = 25
ZONES = 3
TECHNOLOGY = np.array([False])


def start(jobs, p):
    sizes = class_counts(jobs, np.array([p.size_exponent]), np.array([p.least_size]))
    sizes = sizes.transpose(0, 1, 3, 2)
    counts = np.zeros((1, 1, 8, CLASSES, ZONES))
    counts[:, :, STATE] = sizes * state_owned(p)[:, None, :, None]
    counts[:, :, YOUNG] = (sizes - counts[:, :, STATE]) * young_share(p)[0]
    counts[:, :, ESTABLISHED] = sizes - counts[:, :, STATE] - counts[:, :, YOUNG]
    return counts


def live(firms, target, p, years, first=2021):
    """Years of firms whose jobs are to stay as they are."""
    one = np.ones((1, 1, ZONES))
    share = one / ZONES
    sizes = power_law(np.array([p.entrant_exponent]), np.array([p.least_size]))
    mean, mobility = float((sizes * CLASS_MEANS).sum()), mobilities(p)
    change = status_changes(
        np.array([p.maturing]), np.array([p.ownership_reform]), np.zeros((1, ZONES)), LadderParams()
    )
    exits = ExitTable(exit_hazards(p), one)
    for year in range(first, first + years):
        firms.begin_year(year)
        firms.relocate(SiteTable(0.004 * one, share))
        tally = firms.tally(exits, mobility)
        entry = p.entry_rate * tally.firms.sum() * share * mean * tally.mean_size
        limit = 1 / mobility.max(axis=1)
        steps = steps_to(target, tally, entry, np.array([p.fall]), limit)
        entrants = steps.entry / (mean * tally.mean_size)
        firms.renew(
            RenewalTable(
                exits, steps.closing, mobility, steps.up, steps.down, change, entrants, sizes,
                np.array([p.state_entry]),
            )
        )  # fmt: skip
    return firms


def exponent(sizes, classes):
    """Exponent of the density from counts by class, least squares on logs."""
    density = sizes[classes] / 2.0**classes
    return -np.polyfit(classes, np.log2(density), 1)[0]


@pytest.fixture(scope="module")
def rows():
    """About thirty thousand establishments, twenty-five years on."""
    p, jobs = FirmParams(), np.full((1, 1, ZONES), 150_000.0)
    table = start(jobs, p)[0]
    luck = np.random.default_rng(2).random(table.size)
    counts = controlled_table(table.reshape(-1, ZONES), luck).reshape(table.shape)
    return live(Establishments(counts, jobs[0], TECHNOLOGY, 7), jobs, p, YEARS), jobs, p


def test_exponent_of_sizes_in_expectation():
    p, jobs = FirmParams(), np.full((1, 1, ZONES), 150_000.0)
    firms = live(FirmCohorts(start(jobs, p), jobs, TECHNOLOGY), jobs, p, YEARS)
    np.testing.assert_allclose(firms.census().jobs, jobs, rtol=1e-12)
    assert 2.0 <= exponent(firms.census().sizes[0].sum(axis=1), np.arange(4, 13)) <= 2.5


def test_exponent_of_sizes_among_firms(rows):
    firms, _, _ = rows
    assert 20_000 < firms.counts().sum() < 40_000
    assert 2.0 <= exponent(firms.census().sizes[0].sum(axis=1), np.arange(3, 10)) <= 2.5


def test_growth_rates_are_tent_shaped_and_fall_with_size(rows):
    firms, jobs, p = rows
    there = firms.status != 255
    before = dict(zip(firms.key[there].tolist(), firms.size[there].tolist(), strict=True))
    live(firms, jobs, p, 5, first=2021 + YEARS)
    there = firms.status != 255
    pairs = np.array(
        [
            (before[key], size)
            for key, size in zip(firms.key[there].tolist(), firms.size[there].tolist(), strict=True)
            if key in before
        ],
        dtype=float,
    )
    growth = pairs[:, 1] - pairs[:, 0]
    assert len(growth) > 10_000
    centred = growth - growth.mean()
    scale, sd = np.abs(centred).mean(), centred.std()
    laplace = -np.log(2 * scale) - np.abs(centred).mean() / scale
    normal = -0.5 * np.log(2 * np.pi * sd**2) - 0.5
    assert laplace > normal + 0.05
    assert (centred**4).mean() / sd**4 > 3.5  # fatter tails than the normal's three
    spread = [growth[(pairs[:, 0] >= b) & (pairs[:, 0] < b + 3)].std() for b in (2, 5, 8)]
    assert spread[0] > spread[1] > spread[2] * 1.02
    slope = np.log2(spread[2] / spread[0]) / 6
    assert -0.25 < slope < -0.05  # Stanley et al. 1996: about -0.15


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_exponent_of_sizes_in_the_study_area(shenyang, engine):
    world = after(shenyang, YEARS, engine=engine, scale=1000, end=2050)
    assert 2.0 <= exponent(world["firms_by_size"][0].sum(axis=0), np.arange(3, 12)) <= 2.5
