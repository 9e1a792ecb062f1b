"""Participation: odds by education, later retirement, and a constant of each zone."""

import numpy as np
import pytest

from model.axes import AGES
from model.problems import RunError, Unsolved
from model.processes.participation import (
    ParticipationParams,
    odds_by_education,
    participation_shift,
    postponed,
    shifted_participation,
)
from tests.worlds import trend, world_of

P = ParticipationParams()
FALLING = np.tile(np.clip((70.0 - AGES) / 20, 0, 1), (2, 1))


def test_shift_moves_the_odds():
    odds = np.ones((1, 4, 2, 101))
    odds[..., :15] = 0
    moved = shifted_participation(odds, np.array([[np.log(3.0)]]))
    assert moved[0, 0, 2, 0, 30] == pytest.approx(0.75)
    assert moved[0, 0, ..., :15].max() == 0


def test_shift_gives_the_labour_force():
    rng = np.random.default_rng(3)
    profile = np.where(AGES >= 15, 0.7, 0.0) * np.ones((1, 2, 1))
    odds = odds_by_education(profile, P)
    people = rng.uniform(0, 100, (4, 4, 2, 101))
    wanted = (people * (odds[0] > 0)).sum(axis=(1, 2, 3)) * np.array([[0.1, 0.5, 0.9, 0.6]])
    shift = participation_shift(odds, people, wanted)
    reached = (people * shifted_participation(odds, shift)).sum(axis=(2, 3, 4))
    np.testing.assert_allclose(reached, wanted, rtol=1e-11)


def test_more_workers_than_people():
    people = np.ones((2, 4, 2, 101))
    people[0] = 10  # the zone named is the one that lacks people, not the largest
    named = r"working age: position \(0, 1\), 808 against 808"
    with pytest.raises(Unsolved, match=named):
        participation_shift(np.ones((1, 4, 2, 101)), people, np.array([[10.0, 808.0]]))


def test_more_workers_than_people_are_told_by_zone_draw_and_year(shenyang):
    """Where most have work, so many more cannot look for it: a share that its bounds allow."""
    named = "labour force is not below people of working age in 2020: draw 0, xinmin, 522,635 "
    with pytest.raises(RunError, match=named):
        world_of(shenyang, trend(matching__base_unemployment=0.3))


def test_education_moves_the_logit_and_students_study():
    odds = odds_by_education(np.full((1, 2, 101), 0.5), P)[0]
    np.testing.assert_allclose(np.diff(np.log(odds[:, 0, 40])), P.education_gradient)
    gap = np.log(odds[3, 0, 40] / odds[3, 0, 20])
    assert gap == pytest.approx(P.study_penalty)
    assert odds[2, 0, 20] == odds[2, 0, 40]


def test_nobody_works_before_and_everybody_stays_within_bounds():
    profile = np.where(AGES >= 16, 0.9, 0.0) * np.ones((1, 2, 1))
    odds = odds_by_education(profile, P)
    assert np.all(odds[..., :16] == 0)
    assert np.all(np.isfinite(odds))


def test_no_rise_changes_nothing():
    found = postponed(FALLING, np.array([60.0, 55.0]), np.zeros((1, 2)))
    np.testing.assert_allclose(found[0], FALLING, rtol=1e-12)


def test_a_rise_is_a_shift_after_retirement_and_leaves_the_young_alone():
    rise = np.array([[3.0, 1.0]])
    found = postponed(FALLING, np.array([60.0, 55.0]), rise)[0]
    np.testing.assert_allclose(found[0, 63:], FALLING[0, 60:-3])
    np.testing.assert_allclose(found[1, 56:], FALLING[1, 55:-1])
    np.testing.assert_array_equal(found[:, :45], FALLING[:, :45])
    assert np.all(found >= FALLING - 1e-12)
    assert np.all(np.diff(found, axis=1) <= 1e-12)
