"""Nearness in a compiled loop against plain numpy."""

import numpy as np

from model.processes.nearness import nearness


def test_nearness_is_the_exponential():
    minutes, decay = np.random.default_rng(2).uniform(0, 4e3, (3, 7, 7)), np.array([0, 0.03, 0.9])
    wanted = np.exp(-decay[:, None, None] * minutes)
    seen = wanted > 1e-300
    np.testing.assert_allclose(nearness(minutes, decay)[seen], wanted[seen], rtol=1e-15)
    assert np.all(nearness(minutes, decay)[~seen] < 1e-300)
    np.testing.assert_array_equal(nearness(minutes, 0.03)[1], nearness(minutes, decay)[1])
