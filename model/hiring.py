"""Kernel of the hiring fixed point: one draw after another, each to its own end.

The plain program is :func:`model.fixed_point.accelerated` over the same map; a test holds the two
together. Here a draw costs some microseconds a round instead of some arrays over all draws.
"""

import numpy as np
from numba import njit

from model.axes import Array
from model.fixed_point import ASTRAY, LARGEST, MEMORY, PLAIN


@njit(cache=True, fastmath={"reassoc", "contract"})
def _image(
    point: Array, supply: Array, wanted: Array, scale: Array, friction: Array,
    usual: float, taste: float, curvature: float, out: Array,
) -> None:  # fmt: skip
    """One damped step of the log chances of being hired: from ``point`` to ``out``."""
    zones = len(point)
    weight = np.empty(zones)
    seeking = np.zeros(zones)
    for j in range(zones):
        weight[j] = scale[j] * np.exp(taste * (point[j] - usual))
    for i in range(zones):
        access = 0.0
        for j in range(zones):
            access += friction[i, j] * weight[j]
        part = supply[i] / access
        for j in range(zones):
            seeking[j] += part * friction[i, j]
    for j in range(zones):
        if wanted[j] <= 0:
            out[j] = point[j]
            continue
        # (1 + theta^-gamma)^(-1/gamma), theta = offers over seekers, in logs
        seekers = seeking[j] * weight[j]
        log_found = 0.0
        filled = 1.0
        if not seekers <= 0:  # what is not a number must stay so, and be found out
            power = (seekers / wanted[j]) ** curvature
            log_found = -np.log1p(power) / curvature
            filled = 1 / (1 + power)
        out[j] = point[j] + (log_found - point[j]) / (1 + taste * (1 - filled))


@njit(cache=True)
def _solve(matrix: Array, right: Array, size: int) -> None:
    """Small symmetric positive system solved in place, by elimination."""
    for k in range(size):
        for i in range(k + 1, size):
            factor = matrix[i, k] / matrix[k, k]
            for j in range(k, size):
                matrix[i, j] -= factor * matrix[k, j]
            right[i] -= factor * right[k]
    for k in range(size - 1, -1, -1):
        for j in range(k + 1, size):
            right[k] -= matrix[k, j] * right[j]
        right[k] /= matrix[k, k]


@njit(cache=True)
def _correct(moves: Array, images: Array, held: int, move: Array, target: Array) -> None:
    """Take from ``target`` what past differences say is still to come."""
    matrix, right = np.empty((held, held)), np.empty(held)
    trace = 0.0
    for a in range(held):
        right[a] = np.dot(moves[a], move)
        for b in range(a + 1):
            matrix[a, b] = matrix[b, a] = np.dot(moves[a], moves[b])
        trace += matrix[a, a]
    for a in range(held):
        matrix[a, a] += 1e-14 * trace + 1e-300
    _solve(matrix, right, held)
    for a in range(held):
        target -= right[a] * images[a]


@njit(cache=True)
def log_hiring(
    start: Array, supply: Array, wanted: Array, scale: Array, friction: Array,
    usual: Array, taste: Array, curvature: Array, tolerance: float, rounds: int,
) -> tuple[Array, Array]:  # fmt: skip
    """Log chances of being hired at which people choose workplaces knowing them.

    Parameters
    ----------
    start : (draw, zone) [log]
    supply : (draw, zone) [persons]
    wanted : (draw, zone) [persons]
        Offers, scaled so that the usual number of seekers makes the usual chance.
    scale : (draw, zone) [1]
    friction : (draw, zone, to_zone) [1]
    usual : (draw,) [log]
    taste, curvature : (draw,) [1]
    tolerance : float [log]
    rounds : int

    Returns
    -------
    point : (draw, zone) [log]
    last : (draw, zone) [log]
        Last step; zero where a draw has converged.
    """
    draws, zones = start.shape
    point, last = start.copy(), np.zeros((draws, zones))
    image, before, earlier = np.empty(zones), np.empty(zones), np.empty(zones)
    moves, images = np.empty((MEMORY, zones)), np.empty((MEMORY, zones))
    for d in range(draws):
        held, best, done = 0, np.inf, False
        for count in range(rounds):
            _image(point[d], supply[d], wanted[d], scale[d], friction[d], usual[d], taste[d],
                   curvature[d], image)  # fmt: skip
            move = image - point[d]
            size = np.abs(move).max()
            if not np.isfinite(move).all():
                break
            if size < tolerance:
                done = True
                break
            if count > PLAIN:
                slot = (count - PLAIN - 1) % MEMORY
                moves[slot], images[slot] = move - before, image - earlier
                held = min(held + 1, MEMORY)
            before[:], earlier[:] = move, image
            best = min(best, size)
            target = image.copy()
            # A draw that strays takes plain steps until it is near its best again.
            if held > 0 and size <= ASTRAY * best:
                _correct(moves, images, held, move, target)
            for j in range(zones):
                step = target[j] - point[d, j]
                point[d, j] += min(max(step, -LARGEST), LARGEST)
        if not done:
            last[d] = move
    return point, last
