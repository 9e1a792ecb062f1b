"""The size distribution of firms: the base year sets its exponent, the chain keeps it.

Exponents of the density between 2.0 and 2.5 (Heinrich and Dai 2016) are no prediction: FM05, the
exponent of the base year, has its prior from that paper. What the chain does to it is tested: it
keeps it for a generation, within 0.03 in a toy whose jobs stay as they are and with a fall of 0.1
on average over draws of the study area, and forgets it over centuries.
"""

from dataclasses import replace

import numpy as np
import pytest

from model.processes.firm_dynamics import FirmParams
from model.simulation import step
from tests.toy_firms import JOBS, cohorts, establishments, live
from tests.worlds import after, world_of

YEARS = 25


def exponent(sizes, classes):
    """Exponent of the density from counts by class, least squares on logs."""
    density = sizes[classes] / 2.0**classes
    return -np.polyfit(classes, np.log2(density), 1)[0]


def later_exponent(first, years):
    """Exponent among firms of 16 to 8,000 employees, from one of the base year, in expectation."""
    p = replace(FirmParams(), size_exponent=first)
    firms = live(cohorts(p), p, years)
    np.testing.assert_allclose(firms.census().jobs, JOBS, rtol=1e-12)
    return exponent(firms.census().sizes[0].sum(axis=1), np.arange(4, 13))


@pytest.mark.parametrize("first", [2.0, 2.2, 2.5])
def test_exponent_of_the_base_year_is_kept(first):
    """It rises by 0.016 to 0.025 in 25 years: 2.2 becomes 2.225."""
    assert 0.01 < later_exponent(first, YEARS) - first < 0.03


def test_chain_left_alone_has_an_exponent_of_its_own():
    """After 300 years from 2.0 and 2.5 it is 1.88 and 1.93: below what is observed."""
    assert 1.85 < later_exponent(2.0, 300) < later_exponent(2.5, 300) < 1.95


def test_exponent_among_firms_one_by_one():
    """The central 2.2 is kept, from 8 to 1,000 employees: 2.17, as in expectation."""
    p = FirmParams()
    sizes = live(establishments(p), p, YEARS).census().sizes[0].sum(axis=1)
    expected = live(cohorts(p), p, YEARS).census().sizes[0].sum(axis=1)
    assert 200_000 < sizes.sum() < 400_000
    found = exponent(sizes, np.arange(3, 10))
    assert found == pytest.approx(exponent(expected, np.arange(3, 10)), abs=0.02)
    assert found == pytest.approx(p.size_exponent, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_exponent_of_sizes_in_the_study_area(shenyang, engine):
    """The central case stays within the range: 2.21 in the base year, 2.14 in 2045."""
    world = after(shenyang, YEARS, engine=engine, scale=1000, end=2050)
    assert 2.0 <= exponent(world["firms_by_size"][0].sum(axis=0), np.arange(3, 12)) <= 2.5


@pytest.mark.slow
def test_exponents_of_draws_of_the_study_area(shenyang):
    """88 % of 60 draws begin within 2.0 to 2.5, as the prior has it; 73 % are there in 2045.

    The exponent falls by 0.10 on average (middle 80 % of draws: from a fall of 0.24 to a rise of
    0.04); where it began explains half of the differences between draws (correlation 0.69).
    """
    world = world_of(shenyang, chosen=slice(0, 60), count=60, end=2050)

    def exponents():
        return np.array([exponent(s, np.arange(3, 12)) for s in world["firms_by_size"].sum(axis=1)])

    first = exponents()
    np.testing.assert_allclose(first, world.params["firms"].size_exponent, atol=0.02)
    for _ in range(YEARS):
        step(world)
    last = exponents()
    within = [np.mean((e >= 2.0) & (e <= 2.5)) for e in (first, last)]
    assert 0.8 < within[0] < 0.95
    assert 0.6 < within[1] < 0.85
    assert -0.15 < (last - first).mean() < -0.05
    assert 0.5 < np.corrcoef(first, last)[0, 1] < 0.9
