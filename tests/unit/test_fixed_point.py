"""Accelerated fixed points: right, each draw on its own, and honest when they fail."""

import numpy as np
import pytest

from model.problems import RunError
from model.processes.attractiveness import no_convergence
from tests.twins import accelerated


def solve(advance, start, rounds=200):
    return accelerated(
        lambda point, draws: advance(point),
        start,
        tolerance=1e-13,
        rounds=rounds,
        describe=lambda n: f"part {n}",
    )


def test_linear_map():
    rng = np.random.default_rng(8)
    matrix = rng.normal(size=(6, 6))
    matrix *= 0.95 / np.abs(np.linalg.eigvals(matrix)).max()
    shift = rng.normal(size=(3, 6))
    found = solve(lambda x: x @ matrix.T + shift, np.zeros((3, 6)))
    exact = np.linalg.solve(np.eye(6) - matrix, shift.T).T
    np.testing.assert_allclose(found, exact, rtol=1e-9, atol=1e-10)


def test_a_draw_is_the_same_alone():
    def advance(x):
        return np.cos(x * np.array([1.0, 0.5])) + 0.1

    start = np.array([[0.1, 0.2], [3.0, -1.0], [0.739, 0.9]])
    together = solve(advance, start)
    for draw in range(3):
        alone = solve(advance, start[draw : draw + 1])
        assert alone.tobytes() == together[draw : draw + 1].tobytes()


def test_start_is_left_alone():
    start = np.ones((1, 2))
    solve(np.cos, start)
    assert start.tolist() == [[1.0, 1.0]]


def test_failure_is_named():
    with pytest.raises(RunError, match="part 1"):
        solve(lambda x: np.stack([x[:, 0], x[:, 1] + 1], axis=1), np.zeros((1, 2)), rounds=20)


def test_what_is_no_number_is_the_worst():
    left = np.array([[0.5, 0.1, np.nan], [0.2, 9.0, 0.0]])
    assert "part 2, last residual inf" in str(no_convergence(left, lambda n: f"part {n}"))
