"""Draws that once could not be set up: one of them ends an ensemble of hundreds."""

import numpy as np
import pytest

from model.area_loading import load_area
from model.kernels.commuting_inversion import balanced
from tests.worlds import world_of


@pytest.mark.slow
@pytest.mark.parametrize(
    ("start", "seed", "count", "draw"),
    [
        (None, 0, 100, 84),  # migration: acceleration wandered
        (None, 0, 2000, 1046),  # migration: acceleration left all bounds
        ("history", 3, 200, 135),  # commuting: no number, and margins not met from there
        ("history", 11, 200, 52),  # commuting: no number, which passed for mode shares met
    ],
)
def test_a_draw_that_failed_begins(start, seed, count, draw, shenyang):
    area = shenyang if start is None else load_area(shenyang.folder, start=start)
    world = world_of(area, chosen=slice(draw, draw + 1), seed=seed, count=count)
    for name in ("attractiveness", "workplace_shares", "mode_shares"):
        assert np.isfinite(world[name]).all(), name
    jobs = np.matmul(world["labour_supply"][:, None], world["workplace_shares"])[:, 0]
    np.testing.assert_allclose(jobs, world.fixed["base_jobs"], rtol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("weak", [1e-9, 1e-18, 1e-60, 1e-200])
def test_zones_that_hardly_exchange_workers_balance(weak):
    """The slope of Newton is not definite to rounding; margins of each half can be met alone."""
    rng = np.random.default_rng(4)
    friction = np.full((8, 8), weak)
    for half in (slice(0, 4), slice(4, 8)):
        friction[half, half] = rng.uniform(0.1, 1.0, (4, 4))
    rows = rng.uniform(1, 9, 8)
    columns = np.concatenate(
        [
            one * rows[half].sum() / one.sum()
            for one, half in (
                (rng.uniform(1, 9, 4), slice(0, 4)),
                (rng.uniform(1, 9, 4), slice(4, 8)),
            )
        ]
    )
    scale = columns.copy()
    access, left = balanced(friction, rows, columns, scale, 1e-11)
    flows = (rows / access)[:, None] * friction * scale
    assert left < 1e-11
    np.testing.assert_allclose(flows.sum(axis=1), rows, rtol=1e-9)
    np.testing.assert_allclose(flows.sum(axis=0), columns, rtol=1e-9)


def test_what_is_no_number_is_never_met():
    friction, margin = np.full((2, 2), np.nan), np.ones(2)
    _, left = balanced(friction, margin, margin, margin.copy(), 1e-3)
    assert left == np.inf
