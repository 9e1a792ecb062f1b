"""Participation: odds shifted by zone until they give the labour force."""

import numpy as np
import pytest

from model.processes.participation import participation_shift, shifted_participation


def test_shift_moves_the_odds():
    profile = np.full((2, 101), 0.5)
    profile[:, :15] = 0
    moved = shifted_participation(profile, np.array([[np.log(3.0)]]))
    assert moved[0, 0, 0, 30] == pytest.approx(0.75)
    assert moved[0, 0, :, :15].max() == 0


def test_shift_gives_the_labour_force():
    rng = np.random.default_rng(3)
    profile = np.where(np.arange(101) >= 15, 0.7, 0.0) * np.ones((2, 1))
    people = rng.uniform(0, 100, (4, 2, 101))
    wanted = (people * (profile > 0)).sum(axis=(1, 2)) * np.array([[0.1, 0.5, 0.9, 0.6]])
    shift = participation_shift(profile, people, wanted)
    reached = (people * shifted_participation(profile, shift)).sum(axis=(2, 3))
    np.testing.assert_allclose(reached, wanted, rtol=1e-11)


def test_more_workers_than_people():
    with pytest.raises(ValueError, match="zone 1: more workers than people"):
        participation_shift(np.full((2, 101), 0.5), np.ones((2, 2, 101)), np.array([[50.0, 500.0]]))
