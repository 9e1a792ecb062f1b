"""The algebra of the size-class chain, siting, and the ladder."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.axes import ratio
from model.firms import CLASS_MEANS, CLASSES, STATUSES, Tally, next_status
from model.processes.firm_dynamics import (
    FirmParams,
    class_counts,
    exit_factor,
    exit_hazards,
    mobilities,
    power_law,
    state_owned,
    steps_to,
    young_share,
)
from model.processes.firm_siting import (
    SitingParams,
    expected_entries,
    leaving_chance,
    reach,
    site_attraction,
    site_shares,
    site_weights,
)
from model.processes.firms import on_or_above, wanted_growth
from model.processes.ladder import (
    LadderParams,
    promoted,
    put_on_ladder,
    rungs_of,
    status_changes,
)

ONE = np.ones((1, 1, 1))


def twin_steps(target, tally, entry, fall, limit):
    """What :func:`steps_to` works out cell by cell, in plain numpy."""
    limit = limit[:, None, None]
    usual = np.minimum(fall[:, None, None], limit / 2)
    staying = tally.jobs - tally.leaving
    need = target - staying - entry
    rising = need + usual * tally.falling > 0
    up = np.where(rising, ratio(need + usual * tally.falling, tally.rising), 0.0)
    up = np.minimum(up, limit - usual)
    less = np.minimum(np.maximum(ratio(-need, tally.falling), 0.0), limit)
    down = np.where(rising, usual, less)
    left = need - up * tally.rising + down * tally.falling
    left = np.where(np.abs(left) > 1e-12 * (staying + entry), left, 0.0)
    entering = np.maximum(entry + left, 0.0)
    kept = staying + up * tally.rising - down * tally.falling
    closing = np.where(left < 0, 1 - ratio(target - entering, kept, 1.0), 0.0)
    return up, down, np.clip(closing, 0.0, 1.0), entering


@given(st.integers(0, 2**31))
@settings(max_examples=30, deadline=None)
def test_steps_like_their_twin(seed):
    rng = np.random.default_rng(seed)
    shape = (3, 4, 5)

    def some(high):
        return rng.uniform(0, high, shape) * (rng.random(shape) < 0.8)

    jobs = some(1000.0)
    leaving = jobs * rng.random(shape) * 0.3
    rising, falling = (jobs - leaving) * some(1.2), (jobs - leaving) * some(0.6)
    tally = Tally(some(90.0), some(9.0), jobs, leaving, rising, falling, np.ones(shape))
    target, entry = jobs * rng.uniform(0.2, 1.8, shape) + some(10.0), some(80.0)
    fall, limit = rng.uniform(0.01, 0.3, 3), rng.uniform(0.1, 1.0, 3)
    steps = steps_to(target, tally, entry, fall, limit)
    found = (steps.up, steps.down, steps.closing, steps.entry)
    for one, other in zip(found, twin_steps(target, tally, entry, fall, limit), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)
    assert (steps.closing > 0).any()
    assert (steps.up > 0).any()


def test_classes_double():
    assert len(CLASS_MEANS) == CLASSES
    np.testing.assert_allclose(CLASS_MEANS[1:] / CLASS_MEANS[:-1], 2)
    assert CLASS_MEANS[3] == 12


@pytest.mark.parametrize("exponent", [2.0, 2.2, 2.5])
def test_power_law_has_its_exponent(exponent):
    shares = power_law(np.array([exponent]), np.array([1.0]))[0]
    slope = np.polyfit(np.arange(CLASSES), np.log2(shares / 2.0 ** np.arange(CLASSES)), 1)[0]
    assert slope == pytest.approx(-exponent, abs=1e-9)
    assert power_law(np.array([exponent]), np.array([5.0]))[0, :2].sum() == 0


@given(st.floats(0, 3e6), st.floats(1.8, 2.7), st.floats(1, 7))
@settings(deadline=None)
def test_class_counts_hold_the_jobs(jobs, exponent, least):
    counts = class_counts(jobs * ONE, np.array([exponent]), np.array([least]))
    assert (counts * CLASS_MEANS).sum() == pytest.approx(jobs, rel=1e-12)
    assert counts.min() >= 0
    held = np.flatnonzero(counts[0, 0, 0])
    assert all(CLASS_MEANS[b] <= jobs or b == held[0] for b in held)


@pytest.mark.parametrize("jobs", [-1.0, np.nan, np.inf])
def test_negative_jobs_are_refused(jobs):
    with pytest.raises(ValueError, match="jobs of firms must not be negative"):
        class_counts(jobs * ONE, np.array([2.2]), np.array([2.7]))


def test_hazards_fall_with_size_age_state_and_growth():
    hazards = exit_hazards(FirmParams())[0]
    assert np.all(np.diff(hazards, axis=1) < 0)
    assert np.all(hazards[0] > hazards[1])
    assert np.all(hazards[2] < hazards[1])
    assert hazards[1, 3] == pytest.approx(0.07)
    one = np.ones(1)
    assert exit_factor(0.1 * ONE, 0 * ONE, one) < exit_factor(0 * ONE, 0 * ONE, one) == 1
    assert exit_factor(0 * ONE, 0.2 * ONE, one)[0, 0, 0] == pytest.approx(np.exp(0.2))
    for growth in (1.0, -1.0):  # beyond e-fold it makes no more difference
        told = exit_factor(3 * growth * ONE, 0 * ONE, one)[0, 0, 0]
        assert told == pytest.approx(np.exp(-growth), rel=1e-12)


def test_mobility_and_state_ownership_turn_with_size():
    assert np.all(np.diff(mobilities(FirmParams())[0]) < 0)
    assert np.all(np.diff(state_owned(FirmParams())[0]) > 0)
    assert mobilities(FirmParams(step_size_slope=0.0)).tolist() == [[1.0] * CLASSES]
    assert 0 < young_share(FirmParams())[0] < young_share(FirmParams(entry_rate=0.2))[0] < 1


def after_steps(tally, steps):
    """Jobs of survivors and entrants once the steps are made."""
    staying = tally.jobs - tally.leaving
    moved = staying + steps.up * tally.rising - steps.down * tally.falling
    return moved * (1 - steps.closing) + steps.entry


@given(
    st.floats(-1, 3), st.floats(0, 0.9), st.floats(0, 0.6), st.floats(0.0, 1), st.floats(0.01, 0.4)
)
@settings(deadline=None, max_examples=400)
def test_growth_is_exact_whatever_is_asked(growth, leaving, entry, topped, fall):
    """Drift within reach, beyond it, collapse: expected jobs are the target to 1e-12."""
    staying = 1000 * (1 - leaving)
    gain, loss = staying * (1 - topped), 0.5 * staying * (1 - 0.3 * topped)
    tally = Tally(50 * ONE, ONE, 1000 * ONE, 1000 * leaving * ONE, gain * ONE, loss * ONE, ONE)
    target = 1000 * (1 + growth) * ONE
    steps = steps_to(target, tally, 1000 * entry * ONE, np.array([fall]), np.array([1.0]))
    np.testing.assert_allclose(after_steps(tally, steps), target, rtol=1e-12, atol=1e-9)
    for share in (steps.up, steps.down, steps.closing):
        assert 0 <= share[0, 0, 0] <= 1
    assert steps.up + steps.down <= 1 + 1e-12
    assert steps.entry >= 0


def test_no_rise_before_more_fall():
    """Where entries alone exceed the growth wanted, nobody rises and more fall."""
    tally = Tally(50 * ONE, ONE, 1000 * ONE, 20 * ONE, 980 * ONE, 490 * ONE, ONE)
    steps = steps_to(1000 * ONE, tally, 100 * ONE, np.array([0.08]), np.array([1.0]))
    assert steps.up[0, 0, 0] == 0
    assert steps.down[0, 0, 0] == pytest.approx(80 / 490)
    assert steps.closing[0, 0, 0] == 0
    assert steps.entry[0, 0, 0] == 100


def test_a_cell_without_firms_gives_no_nan():
    nobody = Tally(*(0 * ONE for _ in range(6)), ONE)
    for target, entry in ((0.0, 0.0), (5.0, 5.0), (5.0, 0.0)):
        steps = steps_to(target * ONE, nobody, entry * ONE, np.array([0.08]), np.array([0.5]))
        assert after_steps(nobody, steps) == target
        assert all(np.isfinite(v).all() for v in (steps.up, steps.down, steps.closing))
    assert wanted_growth(np.array([0.0, 5.0, 5.0]), np.array([5.0, 0.0, 5.0])).tolist() == [0, 0, 0]
    few = wanted_growth(np.array([0.5]), np.array([0.25]))  # parts of a job are jobs
    assert few[0] == pytest.approx(np.log(2), rel=1e-12)


# -- siting --------------------------------------------------------------------------


def site_of(**changed):
    given = {"wage": 5e4, "land_price": 1.0, "access": 100.0, "own_density": 9.0} | changed
    zone = {name: np.array([[5e4, 5e4]]) * 0 + given[name] for name in given}
    zone["own_density"] = zone["own_density"][:, None]
    return zone


@pytest.mark.parametrize(
    ("name", "sign"), [("wage", -1), ("land_price", -1), ("access", 1), ("own_density", 1)]
)
def test_directions_of_siting(name, sign):
    plain = site_of()
    changed = dict(plain) | {name: plain[name] * np.array([1.1, 1.0])}
    shares = [
        site_shares(site_attraction(**zone, p=SitingParams()), np.ones((1, 1, 2)))[0, 0, 0]
        for zone in (plain, changed)
    ]
    assert sign * (shares[1] - shares[0]) > 0


def test_base_shares_are_those_of_the_stock():
    rng = np.random.default_rng(0)
    attraction, stock = rng.normal(0, 5, (3, 4, 6)), rng.random((3, 4, 6))
    stock[0, 1], stock[1, 2, 3] = 0, 0
    shares = site_shares(attraction, site_weights(attraction, stock))
    wanted = np.divide(
        stock, stock.sum(2, keepdims=True), out=np.zeros(stock.shape), where=stock > 0
    )
    np.testing.assert_allclose(shares, wanted, atol=1e-12)
    assert shares[0, 1].tolist() == [0] * 6


def test_entries_follow_rate_share_and_policy():
    stock, share = np.full((1, 1, 2), 50.0), np.array([[[0.3, 0.7]]])
    plain = expected_entries(stock, share, 0 * share, np.array([0.09]))
    assert plain.sum() == pytest.approx(9)
    more = expected_entries(stock, share, np.array([[[0.2, 0.0]]]), np.array([0.09]))
    assert more[0, 0, 0] == pytest.approx(plain[0, 0, 0] * np.exp(0.2))
    assert more[0, 0, 1] == plain[0, 0, 1]


def test_moving_costs_and_good_sites_keep_firms():
    share = np.array([[[0.1, 0.9, 0.0]]])
    dear, cheap = (leaving_chance(share, SitingParams(moving_cost=c)) for c in (2.0, 0.0))
    assert np.all(dear[..., :2] < cheap[..., :2])
    assert cheap[0, 0, 0] > cheap[0, 0, 1]
    assert leaving_chance(np.array([[[1.0, 0.0]]]), SitingParams())[0, 0, 0] == 0
    assert np.all(np.isfinite(leaving_chance(np.zeros((1, 1, 3)), SitingParams())))


def test_reach_discounts_by_distance():
    minutes = np.array([[[0.0, 60.0], [60.0, 0.0]]])
    found = reach(np.array([[[1.0, 0.0]]]), minutes, np.array([0.05]))[0, 0]
    np.testing.assert_allclose(found, [1, np.exp(-3)])


# -- ladder --------------------------------------------------------------------------


def test_promotion_odds():
    chance = np.array([0.0, 0.08, 1.0])
    np.testing.assert_allclose(promoted(chance, 0.0), chance)
    more = promoted(np.array([0.08]), 0.15)[0]
    assert np.log(more / (1 - more)) - np.log(0.08 / 0.92) == pytest.approx(0.15)


def test_changes_are_probabilities_and_policy_moves_rungs_only():
    one = np.ones(1)
    plain = status_changes(one / 3, one * 0.02, np.zeros((1, 2)), LadderParams())
    moved = status_changes(one / 3, one * 0.02, np.array([[0.0, 1.0]]), LadderParams())
    np.testing.assert_array_equal(plain[..., 0], moved[..., 0])
    raised = np.flatnonzero(moved[0, :, 1] > plain[0, :, 1])
    assert raised.tolist() == [1, 3, 4, 5, 6]
    assert 0 <= moved.min() <= moved.max() <= 1
    assert next_status(np.array([True]))[0, -1] == len(STATUSES) - 1


def test_rungs_and_places():
    printed = np.full((5, 2), np.nan)
    printed[1, 0] = 500.0
    rungs = rungs_of(printed, np.array([[100.0, 100.0]]), LadderParams())
    assert rungs[0, 1].tolist() == [100.0, 45.0]  # never more than on the rung below
    assert np.all(np.diff(rungs, axis=1) <= 0)
    stock = np.ones((1, 2, CLASSES, 2)) * 10
    placed = put_on_ladder(stock, rungs, np.array([True, False]), np.array([0.8]))
    assert placed[:, 1].sum() == 0
    assert np.all(placed.sum(axis=2) <= stock + 1e-9)
    every = on_or_above(placed.sum(axis=(1, 3)))
    np.testing.assert_allclose(every[0, :, 1], rungs[0, :, 1], rtol=1e-9)
    # Ten firms of each of the thirteen classes that fit a high-tech firm, less the ceiling.
    assert every[0, 1, 0] == pytest.approx(100.0)
    full = put_on_ladder(stock, 10 * rungs, np.array([True, False]), np.array([0.8]))
    assert np.all(full.sum(axis=2) <= stock + 1e-9)
