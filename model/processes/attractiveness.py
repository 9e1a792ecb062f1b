r"""Attractiveness: the base year of migration, inverted.

.. math:: x_j = \frac{net_j + \sqrt{net_j^2 + 4\,in_j\,out_j}}{2\,in_j}, \qquad
    \xi_j \leftarrow \xi_j + \lambda \ln x_j

What is seen of the base year (net migration by zone, both flows with every region, all moves
between zones) fixes the attractiveness of every place, the cost of exchange with every region and
the fixed cost of a move. The fit is exact, and so is no evidence for the model.

Source: Berry (1994, RAND J 25), the contraction written for net instead of gross flows.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import Array, contiguous, over_draws
from model.problems import RunError
from model.processes.migration import MigrationParams
from model.processes.nested_logit import dissimilarities, nests_of

ROUNDS = 200


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


def invert(
    area: Area,
    movers: Array,
    seen: Observed,
    cost: Array,
    p: MigrationParams,
    tolerance: float = 1e-10,
) -> dict[str, Array]:
    """Attractiveness of every place, cost of exchange by region, and the fixed cost.

    Berry's contraction on net flows: a zone becomes more attractive by the log of the factor
    that would, alone, bring its net migration about; a region's pull and cost follow from its
    two flows; the last region is the numeraire. After some such steps, Newton's on the flows.

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
    from model.kernels.migration_inversion import invert_draws

    zones, regions, draws = len(area.zones), len(area.regions), len(movers)
    nests, lam = nests_of(area), dissimilarities(area, p.nest_dissimilarity)
    places = zones + regions
    given = seen.given.swapaxes(1, 2)
    movers, lam, cost, given = over_draws(draws, movers, lam, cost, given)
    flows = tuple(contiguous(seen.net, seen.inflow, seen.outflow, seen.within))
    start = np.zeros(places + regions + 1)
    start[-1] = 4.0
    found, left = invert_draws(
        cost, nests.argmax(axis=0), lam, movers, given, flows, start, tolerance, ROUNDS
    )
    if not np.all(np.abs(left) < tolerance):
        names = [*area.places, *(f"cost of {region}" for region in area.regions), "fixed cost"]
        raise no_convergence(left, lambda n: f"migration of {area.base_year}, {names[n]}")
    value, region = found[:, :places], np.zeros((draws, places))
    region[:, zones:] = found[:, places:-1]
    between = region[:, :, None] + region[:, None] + found[:, -1, None, None]
    return {"attractiveness": value - value[:, -1:], "moving_cost": cost + between[:, None]}


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
