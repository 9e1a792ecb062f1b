"""Fixed points of many draws at once, each followed to its own end.

A draw that has converged is left alone, so that its result does not depend on which other
draws share its block.
"""

from collections.abc import Callable

import numpy as np

from model.axes import Array
from model.problems import RunError

MEMORY = 6
PLAIN = 4
LARGEST = 2.0
ASTRAY = 3.0


def accelerated(
    advance: Callable[[Array, Array], Array],
    start: Array,
    *,
    tolerance: float,
    rounds: int,
    describe: Callable[[int], str],
) -> Array:
    """Point that a map leaves where it is, by Anderson's acceleration (Walker, Ni 2011).

    Parameters
    ----------
    advance : callable
        From ``(draw, n)``, of the draws that are still on their way, and their numbers, to
        ``(draw, n)``; acts on each draw alone.
    start : (draw, n) [any]
    tolerance : float [same]
        Largest step of any component at which a draw has converged.
    rounds : int
        Calls of ``advance`` at most.
    describe : callable
        Names component ``n`` in the error.

    Returns
    -------
    (draw, n) [same]

    Raises
    ------
    RunError
        No convergence; names the worst component and the last residual.

    Examples
    --------
    >>> cosine = accelerated(
    ...     lambda x, draws: np.cos(x), np.ones((1, 1)), tolerance=1e-12, rounds=50, describe=str
    ... )
    >>> round(float(cosine[0, 0]), 9)
    0.739085133
    """
    found, draws = np.array(start, dtype=float), np.arange(len(start))
    point = found.copy()
    moves: list[Array] = []
    images: list[Array] = []
    last_move = last_image = None
    best = np.full(len(point), np.inf)
    for count in range(rounds):
        image = advance(point, draws)
        move = image - point
        size = np.abs(move).max(axis=1)
        going = ~(size < tolerance)
        if not going.all():
            found[draws[~going]] = point[~going]
            if not going.any():
                return found
            draws, point, image, move, size, best = (
                array[going] for array in (draws, point, image, move, size, best)
            )
            moves, images = ([past[going] for past in kept] for kept in (moves, images))
            if last_move is not None and last_image is not None:
                last_move, last_image = last_move[going], last_image[going]
        if last_move is not None and count > PLAIN:
            moves, images = (
                [*moves, move - last_move][-MEMORY:],
                [*images, image - last_image][-MEMORY:],
            )
        last_move, last_image = move, image
        target = image if not moves else image - correction(moves, images, move)
        # A draw that strays takes plain steps until it is near its best again.
        best = np.minimum(best, size)
        # So does one that has not come home in half the rounds: near the end, differences are
        # rounding, and acceleration only stirs them.
        plain = (size > ASTRAY * best) | (2 * count > rounds)
        target = np.where(plain[:, None], image, target)
        point = point + np.clip(target - point, -LARGEST, LARGEST)
    raise no_convergence(move, describe)


def no_convergence(move: Array, describe: Callable[[int], str]) -> RunError:
    """The error of draws whose last steps ``(draw, n)`` were still too large.

    Examples
    --------
    >>> str(no_convergence(np.array([[0.5, 0.25]]), lambda n: f"part {n}"))
    'no convergence: part 0, last residual 5.00e-01'
    """
    left = np.where(np.isnan(move), np.inf, np.abs(move)).max(axis=0)
    worst = int(left.argmax())
    return RunError(f"no convergence: {describe(worst)}, last residual {left[worst]:.2e}")


def correction(moves: list[Array], images: list[Array], move: Array) -> Array:
    """What past differences say is still to come: least squares on the moves, applied to images.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> correction([one * 2], [one * 3], one * 4).round(6).tolist()
    [[6.0]]
    """
    past = np.stack(moves, axis=2)
    normal = np.matmul(past.transpose(0, 2, 1), past)
    size = np.trace(normal, axis1=1, axis2=2)[:, None, None]
    normal = normal + (1e-14 * size + 1e-300) * np.eye(len(moves))
    weights = np.linalg.solve(normal, np.matmul(past.transpose(0, 2, 1), move[:, :, None]))
    return np.matmul(np.stack(images, axis=2), weights)[:, :, 0]
