"""The walk from two inversions: walks whose size is known, with errors and without."""

import numpy as np
import pytest

from calibration import walk_estimate
from calibration.walk_estimate import (
    COUNT_ERROR,
    ERROR_FACTOR,
    LEVEL,
    SCALE,
    ZONE_ERROR,
    belief,
    evidence,
    highest_walk,
    inverted,
    likelihood_of_change,
    likelihood_within,
    nodes,
    of_cities,
    report,
    usual_error,
    within_groups,
    yearly_variance,
)
from calibration.walk_prior import Spreads
from calibration.walk_record import Ratio, Response
from model.area_loading import load_area
from model.priors import parse_prior
from tests.worlds import world_of

YEARS, PARTS = 10, 40
WALK = 0.08


def spans(generator, walk, start):
    """Means over two spans of walks that start somewhere."""
    steps = generator.normal(0, walk / np.sqrt(PARTS), (2 * YEARS * PARTS, len(start)))
    early, late = np.split(start + np.cumsum(steps, axis=0), 2)
    return early.mean(axis=0), late.mean(axis=0)


def measured(error=0.0, scale=1.0, zones=20_000, seed=7):
    """Means over two spans of many walks that began long before, in groups of eight."""
    generator = np.random.default_rng(seed)
    group = np.arange(zones) // 8
    early, late = spans(generator, WALK, generator.normal(0, 0.5, zones))
    early = scale * early + generator.normal(0, error, zones)
    return early, late + generator.normal(0, 3.0, group.max() + 1)[group], group


@pytest.mark.parametrize("error", [0.0, 0.4])
def test_plain_errors_are_told_from_the_walk(error):
    covariance, _ = within_groups(*measured(error))
    assert yearly_variance(covariance, YEARS) == pytest.approx(WALK**2, rel=0.1)


def test_another_scale_misleads_the_first_and_not_the_bound():
    covariance, _ = within_groups(*measured(error=0.2, scale=2.0))
    assert yearly_variance(covariance, YEARS) < 0
    assert highest_walk(covariance, YEARS) > WALK


def test_the_bound_is_close_where_nothing_is_mistaken():
    found = highest_walk(within_groups(*measured())[0], YEARS)
    assert WALK < found < 1.15 * WALK


def test_a_walk_of_nothing():
    early, _, group = measured()
    covariance, _ = within_groups(early, early, group)
    assert yearly_variance(covariance, YEARS) == 0
    assert highest_walk(covariance, YEARS) == pytest.approx(0, abs=1e-6)


def test_cities_as_a_whole_do_not_count():
    early, late, group = measured(zones=800)
    moved = late + 5.0 * np.random.default_rng(2).normal(size=group.max() + 1)[group]
    first, second = (within_groups(early, one, group) for one in (late, moved))
    np.testing.assert_allclose(first[0], second[0])
    assert first[1] == second[1] == 700


def test_groups_of_one_say_nothing():
    with pytest.raises(ValueError, match="2 units in 2 groups"):
        within_groups(np.ones(2), np.ones(2), np.arange(2))


WALKS = np.linspace(0.005, 0.4, 40)
BELIEVED = parse_prior("Gamma(0.12, 0.06)")


def prior_weights():
    """Weights of the grid under the prior that truths are drawn from."""
    shape = (0.12 / 0.06) ** 2
    return WALKS ** (shape - 1) * np.exp(-WALKS * shape / 0.12)


def share_inside(truths, posteriors):
    """How often the middle 80 % of a posterior holds the truth."""
    held = []
    for truth, weights in zip(truths, posteriors, strict=True):
        low, high = np.interp([0.1, 0.9], np.cumsum(weights / weights.sum()), WALKS)
        held.append(low <= truth <= high)
    return np.mean(held)


def drawn(generator, prior, *shape):
    return parse_prior(prior).quantile(generator.random(shape))


def test_posteriors_of_cities_hold_the_truth_as_often_as_they_say():
    generator = np.random.default_rng(11)
    errors = 0.15**2 * np.eye(7) + 0.5
    errors[3, 3] += 0.6**2
    truths, posteriors = BELIEVED.quantile(generator.random(400)), []
    for walk in truths:
        early, late = spans(generator, walk, np.zeros(7))
        error = generator.multivariate_normal(np.zeros(7), errors)
        change = late - early - 0.9 + drawn(generator, ERROR_FACTOR, 1) * error
        found = likelihood_of_change(WALKS, change, errors, YEARS)
        posteriors.append(prior_weights() * found)
    # Four standard errors of a share of 400.
    assert share_inside(truths, posteriors) == pytest.approx(0.8, abs=0.08)


@pytest.mark.slow
def test_posteriors_of_zones_hold_the_truth_as_often_as_they_say():
    """On another scale at first, with errors at both times, all of them unknown."""
    generator = np.random.default_rng(12)
    group = np.arange(40) // 6
    truths, posteriors = BELIEVED.quantile(generator.random(150)), []
    for walk in truths:
        level, scale, first, second = (
            float(drawn(generator, prior, 1)[0]) for prior in (LEVEL, SCALE, ZONE_ERROR, ZONE_ERROR)
        )
        early, late = spans(generator, walk, generator.normal(0, level, 40))
        early = scale * early + generator.normal(0, first, 40)
        late = late + generator.normal(0, second, 40)
        found = likelihood_within(WALKS, *within_groups(early, late, group), YEARS)
        posteriors.append(prior_weights() * found)
    assert share_inside(truths, posteriors) == pytest.approx(0.8, abs=0.13)


def test_many_cities_without_errors_tell_the_walk():
    generator = np.random.default_rng(3)
    early, late = spans(generator, 0.2, np.zeros(100))
    found = belief(WALKS, likelihood_of_change(WALKS, late - early, np.zeros((100, 100)), YEARS))
    assert found.median == pytest.approx(0.2, rel=0.2)
    assert found.low < 0.2 < found.high


def test_what_all_cities_share_says_nothing():
    change, errors = np.array([0.1, -0.3, 0.4]), 0.01 * np.eye(3)
    first = likelihood_of_change(WALKS, change, errors, YEARS)
    np.testing.assert_allclose(likelihood_of_change(WALKS, change + 5, errors, YEARS), first)
    shared = likelihood_of_change(WALKS, change, errors + 100.0, YEARS)
    np.testing.assert_allclose(shared, first, rtol=1e-2)


def test_a_city_in_doubt_weighs_little():
    change = np.array([0.0, 0.1, -0.1, 0.1, -2.0])
    sure, doubted = 0.01 * np.eye(5), np.diag([0.01] * 4 + [4.0])
    found = [belief(WALKS, likelihood_of_change(WALKS, change, e, YEARS)) for e in (sure, doubted)]
    assert found[1].median < found[0].median / 2


def test_the_likelihood_of_zones_fades_beyond_the_bound():
    covariance, free = within_groups(*measured(error=0.2, scale=2.0, zones=800))
    found = likelihood_within(WALKS, covariance, free, YEARS)
    assert found[1.3 * highest_walk(covariance, YEARS) < WALKS].max() < 0.01


def test_nodes_are_equally_probable():
    np.testing.assert_allclose(nodes("Uniform(0, 1)", 5), [0.1, 0.3, 0.5, 0.7, 0.9])


def test_inversions_are_those_of_the_two_starts(tiny):
    past = load_area(tiny.folder, start="history")
    for start in (past, tiny):
        found = world_of(start)["attractiveness"][0, : len(start.zones)]
        assert np.array_equal(inverted(start, {}), found)


def test_cities_are_means_over_their_people(tiny):
    assert of_cities(tiny, np.ones(len(tiny.zones))) == pytest.approx(1.0)


def test_too_many_between_the_spans_lift_the_later_one_and_lower_the_earlier(tiny):
    """An over-count in the middle is a gain before it that was none, and a loss after it."""
    past = load_area(tiny.folder, start="history")
    seen = evidence(tiny, past)
    name = f"{COUNT_ERROR}.{seen.cities[0]}"
    moved = [
        of_cities(tiny, inverted(start, {name: sign * usual_error(start, name)}))
        - of_cities(tiny, inverted(start, {}))
        for start, sign in ((past, -1), (tiny, 1))
    ]
    assert moved[0][0] < 0 < moved[1][0]
    assert seen.errors[0, 0] >= (moved[1][0] - moved[0][0]) ** 2 * (1 - 1e-9)
    assert seen.years == tiny.base_year - past.base_year


def test_the_report_names_every_belief(tiny, monkeypatch, capsys):
    past = load_area(tiny.folder, start="history")
    response, usual = Response(0.02, 0.1), Spreads(0.06, 0.05)
    monkeypatch.setattr(walk_estimate, "responses", lambda start: (usual, response, response))
    monkeypatch.setattr(walk_estimate, "load_ratio", lambda: Ratio(-0.5, 0.4, 4))
    report(tiny, past, "a")
    told = capsys.readouterr().out
    assert "cities, posterior, without a" in told
    assert "zones, posterior" in told
