"""Prior of the walk of today's start: ratios between countries, and the response of the model."""

import numpy as np
import pytest

from calibration.walk_prior import load_record, typical_error
from calibration.walk_record import (
    MEAN_OVER_MEDIAN,
    Ratio,
    Response,
    fitted,
    load_ratio,
    prior_of_walk,
    ratio_of,
)

WALKS = np.linspace(0.002, 0.6, 300)


def test_the_country_of_the_textbook_is_its_own_measure():
    """With it alone left, and one that misses twice as far, the mean is half a log of two."""
    found = ratio_of({"same": [0.0, 0.0], "double": [np.log(2)]})
    assert found.mean == pytest.approx(np.log(2) / 2)
    assert found.spread == pytest.approx(np.log(2) / np.sqrt(2))


def test_other_countries_missed_by_less():
    found = load_ratio()
    assert found.countries == 4
    assert 0.5 < np.exp(found.mean) < 0.7
    assert 0.3 < found.spread < 0.6


def test_a_median_is_turned_into_a_mean():
    errors = np.abs(np.random.default_rng(0).normal(size=200_000))
    assert pytest.approx(errors.mean() / np.median(errors), rel=0.01) == MEAN_OVER_MEDIAN


def test_the_record_over_fifteen_years_is_half_as_much_again():
    sizes, ten = load_record(10)
    people = np.array([4e3, 1e5, 4e6])
    again, fifteen = load_record(15)
    np.testing.assert_allclose(again, sizes)
    np.testing.assert_allclose(
        typical_error(people, again, fifteen), 1.5 * typical_error(people, sizes, ten)
    )


def test_the_prior_is_that_of_the_error_on_another_axis():
    """Errors drawn from the prior and turned into walks have the mean that the grid says."""
    ratio, response, usual = Ratio(-0.4, 0.35, 5), Response(0.02, 0.15, 0.8), 0.07
    generator = np.random.default_rng(4)
    scale = ratio.spread * np.sqrt(1 + 1 / ratio.countries)
    errors = usual * np.exp(ratio.mean + scale * generator.standard_t(4, 400_000))
    possible = (errors > response.base) & (errors < response.spread(WALKS)[-1])
    walks = np.interp(errors[possible], response.spread(WALKS), WALKS)
    found = prior_of_walk(WALKS, response, usual, ratio)
    assert found.sum() == pytest.approx(1.0)
    assert WALKS @ found == pytest.approx(walks.mean(), rel=0.02)


def test_the_slope_is_that_of_the_spread():
    response, walks = Response(0.02, 0.15, 0.8), np.array([0.05, 0.2])
    step = 1e-6
    change = np.log(response.spread(walks + step)) - np.log(response.spread(walks - step))
    np.testing.assert_allclose(response.slope(walks), change / (2 * step), rtol=1e-6)


def test_a_response_never_falls():
    walks = np.array([0.0, 0.1, 0.2, 0.3])
    found = fitted(walks, np.array([0.02, 0.06, 0.08, 0.09]))
    assert found.fourth >= 0
    assert np.all(np.diff(found.spread(WALKS)) > 0)
