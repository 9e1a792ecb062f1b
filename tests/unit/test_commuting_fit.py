"""Evidence on commuting: its tables, likelihoods by hand, and what it can and cannot tell."""

import numpy as np
import pytest

from calibration.commuting_data import CityFlows, Moments, load_city_flows, load_moments
from calibration.commuting_fit import (
    Sample,
    city_trips,
    estimates,
    flow_likelihood,
    moment_likelihood,
    predicted,
    pulled,
    weighted,
)
from model.problems import ProblemsError


def test_tables(shenyang):
    flows = load_city_flows(shenyang)
    assert len(flows.index) == 42
    regions, _ = shenyang.statistics
    at = {(regions[a], regions[b]): i for a, b, i in zip(*vars(flows).values(), strict=True)}
    assert at["tieling", "shenyang"] == 0.25066
    assert load_moments().value.tolist() == [37, 0.76]


HEAD = "origin,destination,index,year,unit,source,confidence\n"
BAD = [
    (HEAD + "shenyang,anshen,1,,,,\n", "did you mean anshan"),
    (HEAD + "shenyang,shenyang,1,,,,\n", "paired with itself"),
    (HEAD + "shenyang,anshan,-1,,,,\n", "not a number of zero or more"),
    (HEAD + "shenyang,anshan,,,,,\n", "not a number of zero or more"),
    (HEAD + "shenyang,anshan,1,,,,\nshenyang,anshan,2,,,,\n", "stands twice"),
    (HEAD + "shenyang,anshan,0,,,,\nanshan,shenyang,0,,,,\n", "all flows are zero"),
    ("origin,index\n", "this column is missing"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_bad_flows(tmp_path, shenyang, text, message):
    path = tmp_path / "flows.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError, match=message):
        load_city_flows(shenyang, path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("moment,value,sd\nmean_comute,37,3\n", "did you mean mean_commute"),
        ("moment,value,sd\nmean_commute,37,0\n", "not a positive number"),
        ("moment,value,sd\nmean_commute,37,3\n", "commutes_within_45: missing"),
    ],
)
def test_bad_moments(tmp_path, text, message):
    path = tmp_path / "moments.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError, match=message):
        load_moments(path)


def test_trips_count_both_ways():
    commuters = np.array([[[5.0, 3.0, 1.0], [4.0, 9.0, 0.0], [2.0, 0.0, 7.0]]])
    weights = np.array([[1.0, 0, 0.5], [0, 1.0, 0.5]])
    pairs = CityFlows(np.array([0, 1]), np.array([1, 0]), np.array([1.0, 1.0]))
    found = city_trips(commuters, weights, pairs)[0]
    assert found[0] == found[1]
    between = weights @ commuters[0] @ weights.T
    assert found[0] == pytest.approx(between[0, 1] + between[1, 0])


def test_moments_by_hand():
    known = Moments(np.array([37.0, 0.77]), np.array([3.0, 0.04]))
    found = moment_likelihood(np.array([[37.0, 0.77], [40.0, 0.81]]), known)
    assert found.tolist() == pytest.approx([0.0, -1.0])


def test_the_level_of_an_index_says_nothing():
    rng = np.random.default_rng(1)
    trips, index = rng.uniform(1, 9, (4, 20)), rng.uniform(1, 9, 20)
    np.testing.assert_allclose(
        flow_likelihood(trips, index), flow_likelihood(trips * 7, index * 0.01), rtol=1e-9
    )


def made_up(count=4000, noise=0.1, seed=3):
    """Draws of a toy in which times follow decay and flows follow the border."""
    rng = np.random.default_rng(seed)
    decay = 0.055 * np.exp(0.25 * rng.normal(size=count))
    border = np.exp(0.5 * rng.normal(size=count))
    moments = np.stack([1.6 / decay, np.exp(-10 * decay)], axis=1)
    far = rng.uniform(10, 100, 30)
    trips = np.exp(-decay[:, None] * far - border[:, None] * (np.arange(30) % 2))
    truth = np.argmin(np.abs(np.log(decay / 0.04)) + np.abs(np.log(border / 1.5)))
    flows = CityFlows(
        np.arange(30), np.arange(30), trips[truth] * np.exp(noise * rng.normal(size=30))
    )
    values = np.stack([decay, border], axis=1)
    scores = np.log(values / [0.055, 1.0]) / [0.25, 0.5]
    return Sample(values, moments, trips, np.zeros(count), scores), flows, truth


def test_a_known_truth_is_found_again():
    sample, flows, truth = made_up()
    decay, border = sample.values[truth]
    known = Moments(sample.moments[truth], np.array([1.0, 0.02]))
    found = {(e.parameter, e.evidence): e for e in estimates(sample, known, flows)}
    both = found["commuting.decay", "both"]
    assert both.low <= decay <= both.high
    assert found["commuting.border", "both"].low <= border <= found["commuting.border", "both"].high
    assert found["commuting.decay", "times"].contraction > 0.5
    assert found["commuting.border", "times"].contraction < 0.2, (
        "times say nothing of the border here"
    )
    assert found["commuting.border", "both"].contraction > 0.2
    shifts = dict(pulled(sample, known, flows))
    assert shifts["commuting.decay"] == pytest.approx(np.log(decay / 0.055) / 0.25, abs=0.6)
    before, after = predicted(sample, known)
    assert np.all(np.abs(after - known.value) <= np.abs(before - known.value) + 1e-9)


def test_no_evidence_no_contraction():
    sample, flows, truth = made_up()
    vague = Moments(sample.moments[truth], np.array([1e4, 1e2]))
    flat = CityFlows(flows.origin, flows.destination, np.ones(30) + 1e-9 * np.arange(30))
    found = estimates(sample, vague, flat)
    assert all(abs(e.contraction) < 0.1 for e in found if e.evidence == "times")


def test_weights_by_hand():
    middle, low, high, sd, effective = weighted(np.array([1.0, 2.0, 4.0]), np.zeros(3))
    assert (middle, low, high) == (2.0, 1.0, 4.0)
    assert sd == pytest.approx(np.std(np.log([1, 2, 4])))
    assert effective == pytest.approx(3.0)
