"""Plain numpy twins of compiled loops, and of hashes: what the tests hold the loops against.

Matching, congestion, driving times and the nested logit as their processes state them, one
equation a function, and the fixed point that matching needs, found by a way of its own.
"""

from collections.abc import Callable

import numpy as np

from model.axes import Array, lift, ratio, total
from model.processes.attractiveness import no_convergence
from model.processes.commuting import CommutingParams, workplace_shares
from model.processes.matching import MatchingParams, tightness_at
from model.processes.nested_logit import choices_among
from model.streams import mixed, salt, uniforms

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


def hiring_probability(tightness: Array, curvature: Array) -> Array:
    """Share of those seeking at a workplace who hold a job, in [0, 1).

    Parameters
    ----------
    tightness : (draw, zone) [1]
        Offers per seeker, scaled.
    curvature : (draw, 1) [1]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> float(hiring_probability(np.array([1.0]), np.array([1.0]))[0])
    0.5
    """
    offered = tightness > 0
    safe = np.where(offered, tightness, 1.0)
    return np.where(offered, (1 + safe**-curvature) ** (-1 / curvature), 0.0)


def clear(
    supply: Array,
    posts: Array,
    scale: Array,
    friction: Array,
    p: MatchingParams,
    travel: CommutingParams,
    kept: Array | None = None,
) -> tuple[Array, Array, Array]:
    """Hiring probabilities at which people choose workplaces knowing them: a fixed point.

    People weigh a workplace by its expected wage, wage times the chance of being hired (Harris,
    Todaro 1970); the chance falls with the number who seek there. Both sides pull together, so
    the point is unique; a damped iteration with each workplace's own slope finds it. The twin in
    numpy of what :func:`model.kernels.commuting.settle` does within a year.

    Parameters
    ----------
    supply, posts : (draw, zone) [persons]
    scale : (draw, zone) [1]
        Of workplaces at base-year hiring.
    friction : (draw, zone, to_zone) [1]
    p : MatchingParams
    travel : CommutingParams
    kept : (draw, zone, to_zone) [1], optional
        Share of the labour force that stays at a workplace and does not choose.

    Returns
    -------
    hiring : (draw, to_zone) [1]
    shares : (draw, zone, to_zone) [1]
        Of the labour force attached to a workplace; rows sum to one.
    access : (draw, zone) [1]
        Sum of weights, expected wages included.

    Raises
    ------
    RunError
        No convergence to 1e-12; names the zone and the last residual.

    Examples
    --------
    >>> one = np.full((1, 1), 95.0)
    >>> found, _, _ = clear(one / 0.95, one, one * 0 + 1, one[:, :, None] * 0 + 1,
    ...                     MatchingParams(), CommutingParams())
    >>> round(float(found[0, 0]), 9)
    0.95
    """
    curvature, taste, usual = (
        np.broadcast_to(lift(value, 1), (len(supply), 1))
        for value in (p.matching_curvature, travel.dispersion, 1 - np.asarray(p.base_unemployment))
    )
    normal = tightness_at(1 - usual, curvature) / usual
    there = posts > 0

    still = np.zeros(friction.shape) if kept is None else kept
    free = 1 - still.sum(axis=2, keepdims=True)

    def seek(hiring: Array, some: Array) -> tuple[Array, Array]:
        weight = scale[some] * (hiring / usual[some]) ** taste[some]
        chosen, access = workplace_shares(weight, friction[some])
        return still[some] + free[some] * chosen, access

    def advance(log_hiring: Array, some: Array) -> Array:
        hiring = np.exp(log_hiring)
        seeking = np.matmul(supply[some, None], seek(hiring, some)[0])[:, 0]
        found = hiring_probability(normal[some] * ratio(posts[some], seeking), curvature[some])
        gap = np.log(np.where(there[some], found, hiring)) - log_hiring
        return log_hiring + gap / (1 + taste[some] * (1 - found ** curvature[some]))

    start = np.log(np.broadcast_to(usual, supply.shape))
    hiring = np.exp(
        accelerated(
            advance, start, tolerance=1e-12, rounds=300, describe=lambda n: f"workplaces, zone {n}"
        )
    )
    shares, access = seek(hiring, np.arange(len(supply)))
    return np.where(there, hiring, 0.0), shares, access


def relative_slowdown(delay: Array, traffic: Array, exponent: Array) -> Array:
    """Driving time in streets over that of the base year.

    Parameters
    ----------
    delay : (draw, zone) [1]
        Base-year delay.
    traffic : (draw, zone) [1]
        Over that of the base year.
    exponent : (draw, 1) [1]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> relative_slowdown(np.array([[0.6]]), np.array([[1.0]]), np.array([[2.5]])).tolist()
    [[1.0]]
    """
    return (1 + delay * traffic**exponent) / (1 + delay)


def relative_traffic(
    kilometres: Array, base_kilometres: Array, residents: Array, share: Array
) -> Array:
    """Traffic over that of the base year; ``residents`` are relative already.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> relative_traffic(one * 3, one * 2, one, np.array([[0.5]])).tolist()
    [[1.25]]
    """
    return share * ratio(kilometres, base_kilometres, 1.0) + (1 - share) * residents


def slowed(haul: Array, share: Array, slowdown: Array) -> Array:
    """Minutes on the road when the streets at both ends are slower than in the base year.

    Parameters
    ----------
    haul : (draw, zone, to_zone) [minutes]
    share : (draw, zone, to_zone) [1]
        Of the way in the streets of its two zones.
    slowdown : (draw, zone) [1]
        Driving time over that of the base year.

    Returns
    -------
    (draw, zone, to_zone) [minutes]

    Examples
    --------
    >>> one = np.ones((1, 1, 1))
    >>> float(slowed(one * 20, one * 0.5, np.array([[1.2]]))[0, 0, 0])
    22.0
    """
    return haul * (1 + share * ((slowdown[:, :, None] + slowdown[:, None]) / 2 - 1))


def choices(value: Array, cost: Array, nests: Array, dissimilarity: Array) -> tuple[Array, Array]:
    """Leaving and destinations of every group that chooses by utility.

    Parameters
    ----------
    value : (draw, place) [utility]
    cost : (draw, group, place, place) [utility]
    nests : (nest, place) [1]
    dissimilarity : (draw, nest) [1]

    Returns
    -------
    leave : (draw, group, place) [1]
    destination : (draw, group, place, place) [1]

    Examples
    --------
    >>> leave, _ = choices(np.zeros((1, 2)), np.zeros((1, 4, 2, 2)), np.eye(2), np.ones((1, 2)))
    >>> leave.shape, float(leave[0, 0, 0])
    ((1, 4, 2), 0.5)
    """
    groups = np.arange(cost.shape[1])
    return choices_among(groups, value, cost, nests, dissimilarity)


def move_shares(
    value: Array, cost: Array, nests: Array, dissimilarity: Array
) -> tuple[Array, Array]:
    """Probability of leaving each place and the shares of destinations (nested logit).

    Parameters
    ----------
    value : (draw, place) [utility]
        Of living in a place.
    cost : (draw, place, place) [utility]
        Of moving there; the diagonal is ignored.
    nests : (nest, place) [1]
        Membership; a place belongs to one nest.
    dissimilarity : (draw, nest) [1]

    Returns
    -------
    leave : (draw, place) [1]
    destination : (draw, place, place) [1]
        Rows sum to one over the others; zero on the diagonal.

    Examples
    --------
    >>> leave, to = move_shares(np.zeros((1, 2)), np.zeros((1, 2, 2)), np.eye(2), np.ones((1, 2)))
    >>> leave.tolist(), to.tolist()
    ([[0.5, 0.5]], [[[0.0, 1.0], [1.0, 0.0]]])
    """
    of_place = total(dissimilarity, nests.T)[:, None]
    gain = value[:, None, :] - value[:, :, None] - cost
    diagonal = np.arange(value.shape[1])
    gain[:, diagonal, diagonal] = -np.inf
    within = np.exp(gain / of_place)
    mass = np.matmul(within, nests.T)
    nest_odds = np.where(mass > 0, np.where(mass > 0, mass, 1.0) ** dissimilarity[:, None], 0.0)
    odds = within * np.matmul(ratio(nest_odds, mass), nests)
    moving = odds.sum(axis=2)
    return moving / (1 + moving), odds / moving[:, :, None]


def net_factor(arriving: Array, leaving: Array, net: Array) -> Array:
    """Factor x with which x times the arrivals less 1/x times the departures is the net flow.

    Examples
    --------
    >>> net_factor(np.array([1.0, 4.0]), np.array([1.0, 1.0]), np.array([0.0, 0.0])).tolist()
    [1.0, 0.5]
    """
    return (net + np.sqrt(net**2 + 4 * arriving * leaving)) / (2 * arriving)


def hashed_uniforms(seed: int, name: str, key: Array, year: int) -> Array:
    """Uniform numbers in (0, 1), 53 bits, by hashing well-mixed keys (those of agents).

    Examples
    --------
    >>> from model.streams import hashed_keys
    >>> keys = hashed_keys(7, "keys", np.array([3, 4]), 0)
    >>> one, two = hashed_uniforms(7, "deaths", keys, 2021)
    >>> bool(two == hashed_uniforms(7, "deaths", keys[1:], 2021)[0] != one)
    True
    """
    bits = mixed(np.asarray(key, dtype=np.uint64) ^ salt(seed, name, year)) >> np.uint64(11)
    return (bits.astype(np.float64) + 0.5) * 2.0**-53


def gumbels(seed: int, name: str, who: Array, year: int, which: Array | int = 0) -> Array:
    """Standard Gumbel numbers by inversion; arguments as :func:`uniforms`."""
    return -np.log(-np.log(uniforms(seed, name, who, year, which)))
