"""The walk from two inversions: walks whose variance is known, with errors and without."""

import numpy as np
import pytest

from calibration.walk_estimate import (
    highest_walk,
    inversions,
    sampled,
    within_groups,
    yearly_variance,
)
from model.area import load_area
from tests.worlds import world_of

YEARS, PARTS = 10, 40
WALK = 0.08


def measured(error=0.0, scale=1.0, zones=20_000, seed=7):
    """Means over two spans of many walks that began long before, in groups of eight."""
    generator = np.random.default_rng(seed)
    group = np.arange(zones) // 8
    start = generator.normal(0, 0.5, zones)
    steps = generator.normal(0, WALK / np.sqrt(PARTS), (2 * YEARS * PARTS, zones))
    path = start + np.cumsum(steps, axis=0)
    early, late = (half.mean(axis=0) for half in np.split(path, 2))
    early = scale * early + generator.normal(0, error, zones)
    return early, late + generator.normal(0, 3.0, group.max() + 1)[group], group


@pytest.mark.parametrize("error", [0.0, 0.4])
def test_plain_errors_are_told_from_the_walk(error):
    covariance = within_groups(*measured(error))
    assert yearly_variance(covariance, YEARS) == pytest.approx(WALK**2, rel=0.1)


def test_errors_of_the_later_measure_are_taken_off():
    early, late, group = measured()
    late = late + np.random.default_rng(1).normal(0, 0.2, len(late))
    covariance = within_groups(early, late, group)
    assert yearly_variance(covariance, YEARS, 0.2) == pytest.approx(WALK**2, rel=0.1)


def test_another_scale_misleads_the_first_and_not_the_bound():
    covariance = within_groups(*measured(error=0.2, scale=2.0))
    assert yearly_variance(covariance, YEARS) < 0
    assert highest_walk(covariance, YEARS) > WALK


def test_the_bound_is_close_where_nothing_is_mistaken():
    found = highest_walk(within_groups(*measured()), YEARS)
    assert WALK < found < 1.15 * WALK


def test_a_walk_of_nothing():
    early, _, group = measured()
    covariance = within_groups(early, early, group)
    assert yearly_variance(covariance, YEARS) == 0
    assert highest_walk(covariance, YEARS) == pytest.approx(0, abs=1e-6)


def test_cities_as_a_whole_do_not_count():
    early, late, group = measured(zones=800)
    moved = late + 5.0 * np.random.default_rng(2).normal(size=group.max() + 1)[group]
    np.testing.assert_allclose(
        within_groups(early, late, group), within_groups(early, moved, group)
    )


def test_samples_lie_about_what_is_found():
    early, late, group = measured(zones=400)
    variances, _ = sampled(early, late, group, YEARS, count=200)
    low, high = np.quantile(variances, [0.025, 0.975])
    assert low < WALK**2 < high


def test_groups_of_one_say_nothing():
    with pytest.raises(ValueError, match="2 units in 2 groups"):
        within_groups(np.ones(2), np.ones(2), np.arange(2))


def test_inversions_are_those_of_the_two_starts(tiny):
    past = load_area(tiny.folder, start="history")
    for start, found in zip((past, tiny), inversions(tiny, past), strict=True):
        assert np.array_equal(found, world_of(start)["attractiveness"][0, : len(start.zones)])
