r"""Migration among zones and external regions: a nested logit with gravity costs.

.. math::

    V_{ij} = \beta_y (\ln \hat y_j - h \ln p_j) + \xi_j + \phi_j - c_{ij}, \qquad
    c_{ij} = c_0 + \beta_d \ln\bigl(1 + \tfrac{d_{ij}}{10\,km}\bigr) + c_{city} + c_x
        + \kappa (1 - \rho_j)

    I_{im} = \lambda \ln \sum_{j \in m} e^{V_{ij}/\lambda}, \qquad
    \Pi_{ij} = \frac{e^{I_{im}}}{e^{V_{ii}} + \sum_{m} e^{I_{im}}}\,
        \frac{e^{V_{ij}/\lambda}}{e^{I_{im}/\lambda}}

Nests are the cities; staying and each external region stand alone. People choose by group: one
for each hukou class, students, graduates. The penalty :math:`\kappa` falls on living where one is
not registered, so it weighs on locals who leave their city and on newcomers, not on those who
already live elsewhere, who are drawn home by it. Mobility by age follows in
:mod:`model.processes.mobility`. External regions hold finite people: a pull empties its pools.

Everybody weighs what a worker may expect to earn, pensioners too, who are few among movers; access
to jobs has no weight beyond the income it gives, which would count the same trip twice.

In the base year the attractiveness of every place is inverted, so that net migration of each
zone, the arrivals from and departures to each region, and gross mobility are met exactly; the
cost :math:`c_x` of exchange with a region (the province border in it) is what its arrivals need.
That fit is an identity, not evidence: any income elasticity fits it.

Sources: McFadden (1978); Berry (1994, RAND J 25); Rogers and Castro (1981, IIASA); income and
distance weights after Tombe and Zhu (2019), Zhang and Zhao (2013).
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import ELSEWHERE, HUKOU, LOCAL, Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.population import MoveTable
from model.processes.borders import landing_classes, other_city, penalised
from model.processes.mobility import (
    GRADUATES,
    STUDENTS,
    cells_apart,
    group_of_cell,
    leaving,
)
from model.processes.nested_logit import choices_among, dissimilarities, nests_of
from model.processes.productivity import cumulated_drift
from model.processes.registration import coming_home, seat_labels
from model.world import World

CHOOSING = np.array([*range(len(HUKOU)), GRADUATES])
"""Groups that choose by utility: the hukou classes and graduates."""


@dataclass(frozen=True)
class MigrationParams(Params):
    """Weights of income, distance and borders; mobility by age."""

    income_elasticity: float = par(
        1.2, unit="1", prior="LogNormal(1.2, 0.35)", low=0, high=6, id="M01",
        doc="elasticity of destination odds to expected real income",
        source="Tombe and Zhu 2019 AER, about 1.5", evidence="recalled",
    )  # fmt: skip
    distance_income_ratio: float = par(
        1.5, unit="1", prior="LogNormal(1.5, 0.2)", low=0, high=5, id="M02",
        doc="weight of log distance over that of log income",
        source="Zhang and Zhao 2013 IZA: 10 % farther is 15 % of wage", evidence="seen",
    )  # fmt: skip
    city_border: float = par(
        0.6, unit="utility", prior="Normal(0.6, 0.3) on [0, 3]", low=0, high=5, id="M04",
        doc="cost of moving to another city", source="border effects in Chinese gravity models",
        evidence="recalled",
    )  # fmt: skip
    hukou_penalty: float = par(
        0.5, unit="utility", prior="LogNormal(0.5, 0.5)", low=0, high=5, id="M05",
        doc="cost of living where one's household is not registered (any other city)",
        source="Tombe and Zhu 2019; An et al. 2024 J Labor Econ", evidence="recalled",
    )  # fmt: skip
    nest_dissimilarity: float = par(
        0.60, unit="1", prior="Beta(6, 4)", low=0.05, high=1, id="M08",
        doc="dissimilarity of zones within a city", source="nested-logit consistency",
        evidence="assumed",
    )  # fmt: skip
    city_walk: float = par(
        0.10, unit="utility", prior="Gamma(0.10, 0.054)", low=0, high=0.5, id="M09",
        doc="yearly standard deviation of the attractiveness of a city as a whole",
        source="posterior of calibration/walk_estimate.py: errors of forecasts in four countries "
        "(0.12 +- 0.08) and the change between the inversions of 2010 and 2020 in seven cities, "
        "errors of the censuses in it (0.15 +- 0.10)", evidence="derived",
    )  # fmt: skip
    zone_walk: float = par(
        0.05, unit="utility", prior="Gamma(0.05, 0.026)", low=0, high=0.5, id="M09",
        doc="yearly standard deviation of the attractiveness of a zone within its city",
        source="posterior of calibration/walk_estimate.py: errors of forecasts in four countries "
        "(0.06 +- 0.05) and covariances of both inversions within cities, the earlier on an "
        "unknown scale (below 0.13)", evidence="derived",
    )  # fmt: skip
    external_drift: float = par(
        0.0, unit="utility/yr", prior="Normal(0, 0.02)", low=-0.2, high=0.2, id="M10",
        doc="drift of the pull of external regions beyond the growth of the frontier",
        source="provincial net flows", evidence="seen",
    )  # fmt: skip
    housing_weight: float = par(
        0.25, unit="1", prior="Normal(0.25, 0.06) on [0, 1]", low=0, high=1, id="M06",
        doc="weight of the log price of housing, relative to that of income",
        source="share of housing in household spending", evidence="recalled",
    )  # fmt: skip
    graduate_relief: float = par(
        1.0, unit="utility", prior="HalfNormal(1.25)", low=0, high=5,
        doc="fixed cost of a move that graduates are spared",
        source="graduates are several times as mobile as others of their age", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def moving_cost(area: Area, p: MigrationParams) -> Array:
    """Cost of moving between places by distance, city border and registration, by group.

    Parameters
    ----------
    area : Area
    p : MigrationParams

    Returns
    -------
    (draw, group, place, place) [utility]
        For the hukou classes, then graduates. Regions do not exchange people with one another:
        infinite between them.
    """
    zones = len(area.zones)
    distance = lift(p.income_elasticity, 3) * lift(p.distance_income_ratio, 3)
    border = lift(p.city_border, 3) * other_city(area)
    cost = distance * np.log1p(area.distance / 10.0) + border
    cost = cost + lift(p.hukou_penalty, 3) * penalised(area)
    cost[:, -1] -= lift(p.graduate_relief, 2)
    cost[:, :, zones:, zones:] = np.inf
    return cost


def relieved(area: Area, cost: Array, opening: Array, p: MigrationParams) -> Array:
    """Cost of moving less the part of the hukou penalty that policy has removed.

    Parameters
    ----------
    area : Area
    cost : (draw, group, place, place) [utility]
    opening : (draw, place) [1]
        Share of the penalty removed at the destination.
    p : MigrationParams

    Returns
    -------
    (draw, group, place, place) [utility]
    """
    gained = np.maximum(penalised(area), 0.0)
    left = np.repeat(cost, len(opening) // len(cost), axis=0)
    for group in np.flatnonzero(gained.any(axis=(1, 2))):
        left[:, group] -= lift(p.hukou_penalty, 2) * gained[group] * opening[:, None]
    return left


def sums_of_moves(flows: Array, home: Array, becomes: Array) -> tuple[Array, Array, Array]:
    """Moves of all classes, arrivals by hukou class after them and departures by that before.

    Parameters
    ----------
    flows, home : (draw, hukou, place, place) [persons/yr]
        Moves by class before, and those of them who come home.
    becomes : (hukou, place, place) [1]
        Class of the others on arrival.

    Returns
    -------
    moves : (draw, place, place) [persons/yr]
    arrivals, departures : (draw, hukou, place) [persons/yr]

    Examples
    --------
    >>> flows = np.full((1, 3, 1, 1), 10.0)
    >>> becomes = np.array([1, 1, 2]).reshape(3, 1, 1)
    >>> moves, arrivals, _ = sums_of_moves(flows, 0.1 * flows, becomes)
    >>> moves.item(), arrivals[0, :, 0].tolist()
    (30.0, [3.0, 18.0, 9.0])
    """
    from model.kernels.moving import sum_classes

    moves = np.empty((len(flows), *flows.shape[2:]))
    arrivals, departures = np.empty((2, *flows.shape[:3]))
    sum_classes(flows, home, becomes, moves, arrivals, departures)
    return moves, arrivals, departures


# -- action ------------------------------------------------------------------------


def external_pull(world: World, p: MigrationParams) -> Array:
    """Utility that external regions gain: income on the frontier's balanced path, and a drift.

    Returns
    -------
    (draw,) [utility]
    """
    frontier = world.params["industry"].frontier_growth
    slowdown = world.params["productivity"].frontier_slowdown
    grown = cumulated_drift(np.atleast_1d(frontier), np.atleast_1d(slowdown), world.elapsed)
    income = grown / world.fixed["mean_labour_share"]
    return np.asarray(p.income_elasticity) * income + np.asarray(p.external_drift) * world.elapsed


def walk_step(elapsed: int, span: int) -> float:
    """Spread of a step of the walk, over that of one year.

    What the base year inverts is the mean over the years behind its migrants; a walk of variance
    one a year ends a third of the span (in variance) away from its mean over it. That is not
    known when a run begins, and falls to its first year.

    Parameters
    ----------
    elapsed : int [years]
        Since the base year.
    span : int [years]
        Over which the migration of the base year was observed.

    Examples
    --------
    >>> walk_step(1, 9), walk_step(2, 9)
    (2.0, 1.0)
    """
    return float(np.sqrt(1 + span / 3)) if elapsed == 1 else 1.0


def walked(world: World, p: MigrationParams) -> Array:
    """Attractiveness after a step of its random walk: cities as a whole, zones within them."""
    area = world.area
    by_city = lift(p.city_walk, 1) * world.shocks("attractiveness of cities", len(area.cities))
    by_zone = lift(p.zone_walk, 1) * world.shocks("attractiveness", len(area.zones))
    step = walk_step(world.elapsed, area.base_year - area.settings["history_year"])
    walk = np.zeros(world["attractiveness"].shape)
    walk[:, : len(area.zones)] = step * (by_zone + by_city[:, area.city_of_zone])
    return world["attractiveness"] + walk


def values(world: World, p: MigrationParams) -> Array:
    """Utility of living in every place this year, moving apart, (draw, place) [utility]."""
    zones = len(world.area.zones)
    value = world["attractiveness"].copy()
    income = np.log(np.maximum(world["income_access"], 1e-9))
    # Prices of the end of last year: this year's follow from who comes.
    homes = np.log(world["relative_housing_price"])
    prospects = income - lift(p.housing_weight, 1) * homes
    value[:, :zones] += lift(p.income_elasticity, 1) * prospects + world["policy_amenity"]
    value[:, zones:] += external_pull(world, p)[:, None]
    return value


def move_table(world: World, value: Array, cost: Array) -> MoveTable:
    """Table of the year's moves for every group, class and age."""
    area, p = world.area, world.params["migration"]
    group, students = group_of_cell(), world.fixed["students_leaving"]
    counts = world.population.classed()
    apart = world.population.of_cells(cells_apart(group)[1])
    stay, destination = choices_among(
        CHOOSING, value, cost, nests_of(area), dissimilarities(area, p.nest_dissimilarity)
    )
    destination[:, STUDENTS] = world.fixed["students_goals"]
    leave, leavers = leaving(stay, counts, apart, world.fixed["mobility"], students, group)
    seat = seat_labels(area)
    home = homecoming_table(world, expected_between(leavers, destination, seat))
    return MoveTable(group, leave, destination, home, seat, landing_classes(area))


def expected_between(leavers: Array, destination: Array, labels: Array) -> Array:
    """Moves between seats in expectation by hukou class, (draw, hukou, seat, seat) [persons/yr].

    Parameters
    ----------
    leavers : (draw, hukou, group, place) [persons/yr]
    destination : (draw, group, place, place) [1]
    labels : (place,) [1]
        Seat of each place.

    Examples
    --------
    >>> leavers, shares = np.full((1, 1, 1, 2), 50.0), np.array([[[[0.0, 1.0], [1.0, 0.0]]]])
    >>> expected_between(leavers, shares, np.array([0, 1]))[0, 0].tolist()
    [[0.0, 50.0], [50.0, 0.0]]
    """
    from model.kernels.moving import expect

    seats = labels.max() + 1
    moves = np.zeros((*leavers.shape[:2], seats, seats))
    expect(leavers, destination, labels, moves)
    return moves


def homecoming_table(world: World, expected: Array) -> Array:
    """Probability of arriving where one is registered, (draw, hukou, seat, place) [1].

    Residents registered elsewhere in the province may come home to another city of the area,
    people of a region to a city whose registered live there. ``expected`` moves are between seats.
    """
    area, zones, cities = world.area, len(world.area.zones), len(world.area.cities)
    rate = np.asarray(world.params["registration"].homecoming)
    moving = expected[..., :cities]
    others = moving[:, ELSEWHERE].copy()
    others[:, cities:] = moving[:, LOCAL, cities:]
    chance = coming_home(world["living_away"], others, rate)[:, :, area.city_of_zone]
    home = np.zeros((*expected.shape[:3], len(area.places)))
    home[:, ELSEWHERE, :cities, :zones] = chance[:, :cities] * (area.in_city == 0)
    home[:, LOCAL, cities:, :zones] = chance[:, cities:]
    return home


def act(world: World, p: MigrationParams) -> None:
    """Attractiveness walks on; people move by last year's home and this year's prospects."""
    area, zones = world.area, len(world.area.zones)
    world["attractiveness"] = walked(world, p)
    cost = world.fixed["moving_cost"]
    if np.any(world["policy_hukou_opening"]):
        opening = np.zeros(world["attractiveness"].shape)
        opening[:, :zones] = world["policy_hukou_opening"]
        cost = relieved(area, cost, opening, p)
    moved = world.population.relocate(move_table(world, values(world, p), cost))
    world["moves_by_hukou"], world["homecoming"] = moved.flows, moved.homecoming
    world["arrivals_by_age"], world["departures_by_age"] = moved.arrivals, moved.departures
    becomes = landing_classes(area)
    moves, arriving, departing = sums_of_moves(moved.flows, moved.homecoming, becomes)
    world["moves"] = moves
    world["arrivals"] = arriving.sum(axis=1)[:, :zones]
    world["departures"] = departing.sum(axis=1)[:, :zones]
    world["arrivals_by_hukou"] = arriving[:, :, :zones]
    world["departures_by_hukou"] = departing[:, :, :zones]
    coming, going = moves[:, zones:, :zones], moves[:, :zones, zones:]
    world["external_net_migration"] = coming.sum(axis=1) - going.sum(axis=2)


MIGRATION = Process(
    "migration",
    reads=("income_access", "policy_amenity", "policy_hukou_opening"),
    remembers=("attractiveness", "living_away", "relative_housing_price"),
    writes=(
        "attractiveness",
        "moves",
        "moves_by_hukou",
        "homecoming",
        "arrivals",
        "arrivals_by_age",
        "arrivals_by_hukou",
        "departures",
        "departures_by_age",
        "departures_by_hukou",
        "external_net_migration",
    ),
    act=act,
    params=MigrationParams,
    about="who leaves, and where to",
)
