r"""Attractiveness: the base year of migration, inverted.

.. math:: x_j = \frac{net_j + \sqrt{net_j^2 + 4\,in_j\,out_j}}{2\,in_j}, \qquad
    \xi_j \leftarrow \xi_j + \lambda \ln x_j

What is seen of the base year (net migration by zone, both flows with every region, all moves
between zones) fixes the attractiveness of every place, the cost of exchange with every region and
the fixed cost of a move. The fit is exact, and so is no evidence for the model.

Source: Berry (1994, RAND J 25), the contraction written for net instead of gross flows.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.fixed_point import accelerated
from model.processes.migration import MigrationParams
from model.processes.nested_logit import dissimilarities, nests_of
from model.world import total

if TYPE_CHECKING:
    from model.area import Area


@dataclass(frozen=True)
class Observed:
    """What the base year must reproduce, all [persons/yr].

    ``net`` (draw, zone); ``inflow`` and ``outflow`` (draw, region); ``within`` (draw,) all moves
    between zones; ``given`` (draw, place, place) the moves among them that do not follow utility
    (students).
    """

    net: Array
    inflow: Array
    outflow: Array
    within: Array
    given: Array


def net_factor(arriving: Array, leaving: Array, net: Array) -> Array:
    """Factor x with which x times the arrivals less 1/x times the departures is the net flow.

    Examples
    --------
    >>> net_factor(np.array([1.0, 4.0]), np.array([1.0, 1.0]), np.array([0.0, 0.0])).tolist()
    [1.0, 0.5]
    """
    return (net + np.sqrt(net**2 + 4 * arriving * leaving)) / (2 * arriving)


def invert(
    area: "Area",
    movers: Array,
    seen: Observed,
    cost: Array,
    p: MigrationParams,
    tolerance: float = 1e-10,
) -> dict[str, Array]:
    """Attractiveness of every place, cost of exchange by region, and the fixed cost.

    Berry's contraction on net flows: a zone becomes more attractive by the log of the factor
    that would, alone, bring its net migration about; a region's pull and cost follow from its
    two flows; the last region is the numeraire.

    Parameters
    ----------
    area : Area
    movers : (draw, group, place) [persons]
        People of each group weighted by their mobility relative to the mean.
    seen : Observed
    cost : (draw, group, place, place) [utility]
        By distance, border and registration.
    p : MigrationParams
    tolerance : float [log]
        Largest step of any component. Flows of regions with a thousand million people are known
        to no better than some 1e-10 of what a zone exchanges with them.

    Returns
    -------
    dict
        ``attractiveness`` (draw, place) and ``moving_cost`` (draw, group, place, place): the cost
        given, with the inverted cost of each region and the fixed part added [utility].

    Raises
    ------
    RunError
        No convergence; names the worst place and the last residual.
    """
    from model.moving_kernel import ease, exchange

    zones, regions = len(area.zones), len(area.regions)
    nests, lam = nests_of(area), dissimilarities(area, p.nest_dissimilarity)
    nest, draws = nests.argmax(axis=0), len(movers)
    movers, lam, cost = (
        np.ascontiguousarray(np.broadcast_to(array, (draws, *array.shape[1:])))
        for array in (movers, lam, cost)
    )
    easing = np.empty(cost.shape)
    ease(cost, nest, lam, easing)
    # Two zones that exchange people mostly with each other both answer: half a step each.
    step = 0.5 * total(lam, nests.T)[:, :zones]
    parts = np.cumsum([zones, regions, regions])
    places = slice(0, zones + regions)

    def regions_cost(point: Array) -> Array:
        region = np.zeros((len(point), zones + regions))
        region[:, zones:] = point[:, parts[1] : parts[2]]
        return region

    def advance(point: Array, some: Array) -> Array:
        region, flows = regions_cost(point), np.empty((len(point), *seen.given.shape[1:]))
        coming, going = point[:, places] - region, point[:, places] + region + point[:, -1:]
        exchange(easing, coming, going, nest, lam, movers, seen.given, some, flows)
        arriving, leaving = flows.sum(axis=1), flows.sum(axis=2)
        wanted = np.log(net_factor(arriving[:, :zones], leaving[:, :zones], seen.net[some]))
        pull_in = np.log(seen.inflow[some] / leaving[:, zones:])
        pull_out = np.log(seen.outflow[some] / arriving[:, zones:])
        within = np.log(flows[:, :zones, :zones].sum(axis=(1, 2)) / seen.within[some])
        value = np.concatenate([step[some] * wanted, (pull_out - pull_in) / 2], axis=1)
        # Only differences count, and rounding of the flows would let all places drift together.
        value -= value[:, -1:]
        moved = [value, -(pull_out + pull_in) / 2, within[:, None]]
        return point + np.concatenate(moved, axis=1)

    start = np.zeros((len(movers), parts[2] + 1))
    start[:, -1] = 4.0
    names = [*area.places, *(f"cost of {region}" for region in area.regions), "fixed cost"]
    found = accelerated(
        advance,
        start,
        tolerance=tolerance,
        rounds=600,
        describe=lambda n: f"migration of {area.base_year}, {names[n]}",
    )
    value, region = found[:, places], regions_cost(found)
    between = region[:, :, None] + region[:, None] + found[:, -1, None, None]
    return {"attractiveness": value - value[:, -1:], "moving_cost": cost + between[:, None]}
