r"""Workplaces of the year: choice of workplace and mode, hiring and congestion, at once.

The seekers at a workplace depend on the chance of being hired there and on travel times; times
depend on who drives. All is solved in expectation, before anybody draws:

.. math::

    S_{ij} = K_{ij} + (1 - K_{i\cdot})\,\pi_{ij}(h, s), \quad
    h_j = f\!\left(\frac{V_j}{\sum_i LF_i S_{ij}}\right), \quad
    s_z = s\!\left(\sum_{ij} LF_i h_j S_{ij} P_{car|ij}\right)

Warm from last year, two or three rounds of congestion are enough.

Sources: Ahlfeldt et al. (2015) and Monte et al. (2018) for one model of residence, workplace and
mode; see the modules of the parts.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, contiguous, lift, ratio, worst_of
from model.problems import RunError
from model.processes.commuting import border_cost, kept_share
from model.processes.matching import tightness_at
from model.processes.modes import sensitivity
from model.world import World

NEEDED = ("gdp_real", "expected_jobs", "population", "labour_supply")
INPUTS = (*NEEDED, "workplace_unemployment", "slowdown", "wage", "posts", "mode_cost")
"""What work is settled from, causes first; some of the first must be there in some zone."""


@dataclass(frozen=True)
class Settled:
    """What the year's fixed point found.

    ``hiring`` (draw, to_zone), ``seeking`` (draw, to_zone) [persons], ``access`` (draw, zone),
    ``workplace`` (draw, zone, to_zone) shares of the labour force at work there, ``modes``
    (draw, mode, zone, to_zone) shares among them, ``cost`` (draw, zone, to_zone) [minutes] the
    logsum over modes, ``slowdown`` (draw, zone).
    """

    hiring: Array
    seeking: Array
    access: Array
    workplace: Array
    modes: Array
    cost: Array
    slowdown: Array


def settled(world: World, posts: Array, scale: Array) -> Settled:
    """Workplaces, modes, hiring and congestion of this year.

    Parameters
    ----------
    world : World
    posts : (draw, zone) [persons]
        Jobs on offer.
    scale : (draw, zone) [1]
        Of workplaces at base-year hiring.

    Returns
    -------
    Settled

    Raises
    ------
    RunError
        No convergence of hiring or of congestion, or nothing to converge from; names zone, year,
        draw and last residual, or what is no number.
    """
    from model.kernels.commuting import settle

    params, fixed = world.params, world.fixed
    travel, match, felt = params["commuting"], params["matching"], params["modes"]
    roads, streets = params["accessibility"], params["congestion"]
    supply = np.array(world["labour_supply"], dtype=float)
    draws = len(supply)
    usual = np.broadcast_to(1 - np.asarray(match.base_unemployment), draws)
    curve = np.broadcast_to(match.matching_curvature, draws)
    last = 1 - world["workplace_unemployment"]
    hiring = np.where(last > 0, last, lift(usual, 1))
    slow = world["slowdown"].copy()
    drawn = (
        sensitivity(travel.decay, felt), felt.nest_dissimilarity, felt.mode_scale,
        roads.urban_reach, tightness_at(1 - usual, curve) / usual, travel.dispersion,
        streets.exponent, streets.commuting_share,
    )  # fmt: skip
    theta, power, mode_scale, reach, normal, taste, exponent, commuting = contiguous(
        *(np.broadcast_to(value, draws) for value in drawn)
    )
    border = border_cost(world.area.same_city, world["policy_border_opening"], travel)
    residents = ratio(world["population"], fixed["base_population"], 1.0)
    keep = kept_share(world["settled_supply"], supply, travel)
    cost, ends, border, distance, posts, scale = contiguous(
        world["mode_cost"], world["street_time"], border, fixed["road_distance"], posts, scale
    )
    workplace, modes, logsum, access, seeking, left = settle(
        cost, fixed["mode_constants"], theta, power, mode_scale, border, ends,
        ends.max(axis=(1, 2)), distance, reach, supply, keep, world["workplace_shares"],
        world["mode_shares"], posts, scale, hiring, usual.copy(), normal, curve.copy(),
        taste, slow, fixed["base_delay"], residents, fixed["base_kilometres"], exponent, commuting,
    )  # fmt: skip
    refuse_unsettled(world, posts, left[:, 0], left[:, 1])
    hiring = np.where(posts > 0, hiring, 0.0)
    return Settled(hiring, seeking, access, workplace, modes, logsum, slow)


def refuse_unsettled(world: World, posts: Array, hiring: Array, congestion: Array) -> None:
    """Raise where a residual has not come below its limit, or is no number.

    Parameters
    ----------
    world : World
    posts : (draw, zone) [persons]
        Jobs on offer.
    hiring : (draw, zone) [log]
    congestion : (draw, zone) [1]
        What is left of each.

    Raises
    ------
    RunError
        Names what could not be settled from the first, if there is such a variable; else the fixed
        point, zone, year, draw and last residual.

    Notes
    -----
    Hiring is not sought closely while streets are far off, so that it is told where it alone, or
    it first, went wrong.
    """
    from model.kernels.commuting import STEADY, TOLERANCE

    near, flowing = np.all(hiring < TOLERANCE), np.all(congestion < STEADY)
    if near and flowing:
        return
    refuse_inputs(world, posts)
    alone = flowing or not np.all(np.isfinite(hiring))
    what, left = ("hiring", hiring) if alone else ("congestion", congestion)
    draw, zone = worst = worst_of(left)
    raise RunError(
        f"no convergence of {what} in {world.year}: {world.area.zones[zone]}, "
        f"draw {world.draws[draw]}, last residual {left[worst]:.2e}"
    )


def refuse_inputs(world: World, posts: Array) -> None:
    """Raise where what a year's work is made from is no number, negative, or zero in every zone.

    Parameters
    ----------
    world : World
        Before work is settled: most variables are of the year before.
    posts : (draw, zone) [persons]
        Jobs on offer.

    Raises
    ------
    RunError
        Names variable, year, draw and zone, and the sector where there is one.
    """
    for name in INPUTS:
        values = world[name]
        wrong = ~np.isfinite(values) | (values < 0)
        if wrong.any():
            where = tuple(int(place) for place in np.argwhere(wrong)[0])
            raise RunError(
                f"{name} is negative or not a number in {world.year}: "
                f"{world.cell(name, where)}, {values[where]:g}"
            )
    for name, values in (*((name, world[name]) for name in NEEDED), ("jobs on offer", posts)):
        empty = ~(values.reshape(len(values), -1) > 0).any(axis=1)
        if empty.any():
            draw = world.draws[int(empty.argmax())]
            raise RunError(f"{name} is zero in every zone in {world.year}: draw {draw}")
