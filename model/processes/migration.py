r"""Migration among zones and external regions: a nested logit with gravity costs.

.. math::

    V_{ij} = \beta_y \ln \hat y_j + \xi_j + \phi_j - c_{ij}, \qquad
    c_{ij} = c_0 + \beta_d \ln\bigl(1 + \tfrac{d_{ij}}{10\,km}\bigr) + c_{city} + c_x
        + \kappa (1 - \rho_j)

    I_{im} = \lambda \ln \sum_{j \in m} e^{V_{ij}/\lambda}, \qquad
    \Pi_{ij} = \frac{e^{I_{im}}}{e^{V_{ii}} + \sum_{m} e^{I_{im}}}\,
        \frac{e^{V_{ij}/\lambda}}{e^{I_{im}/\lambda}}

    \Pi_{ij|a} = \frac{r(a)}{\bar r}\,\Pi_{ij} \quad (j \ne i)

Nests are the cities; staying and each external region stand alone. Mobility by age is the curve
of Rogers and Castro. External regions hold finite people, so a pull empties its pools.

In the base year the attractiveness of every place is inverted, so that net migration of each
zone, the arrivals from and departures to each region, and gross mobility are met exactly; the
cost :math:`c_x` of exchange with a region (the province border in it) is what its arrivals need.
That fit is an identity, not evidence: any income elasticity fits it.

Sources: McFadden (1978); Berry (1994, RAND J 25); Rogers and Castro (1981, IIASA); income and
distance weights after Tombe and Zhu (2019), Zhang and Zhao (2013).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import AGES, Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.population import MoveTable
from model.world import ratio, total

if TYPE_CHECKING:
    from model.area import Area
    from model.world import World


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
    attractiveness_walk: float = par(
        0.02, unit="utility", prior="HalfNormal(0.03)", low=0, high=0.5, id="M09",
        doc="yearly standard deviation of attractiveness", source="change between inversions",
        evidence="derived",
    )  # fmt: skip
    external_drift: float = par(
        0.0, unit="utility/yr", prior="Normal(0, 0.02)", low=-0.2, high=0.2, id="M10",
        doc="drift of the pull of external regions beyond the growth of the frontier",
        source="provincial net flows", evidence="seen",
    )  # fmt: skip
    peak_age: float = par(
        20.0, unit="years", prior="Normal(20, 1.5)", low=12, high=35, id="D10",
        doc="location of the labour peak of mobility", source="Rogers and Castro 1981 IIASA",
        evidence="recalled",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def rogers_castro(peak: Array) -> Array:
    r"""Mobility by age, up to scale: childhood, labour peak and a constant.

    .. math:: r(a) = a_1 e^{-\alpha_1 a}
        + a_2 \exp\{-\alpha_2 (a - \mu) - e^{-\lambda_2 (a - \mu)}\} + c

    Parameters
    ----------
    peak : (draw,) [years]
        :math:`\mu`.

    Returns
    -------
    (draw, age) [1]

    Notes
    -----
    Constants .02, .10, .06, .10, .40, .003 (after Rogers and Castro 1981).

    Examples
    --------
    >>> r = rogers_castro(np.array([20.0]))[0]
    >>> int(r[10:60].argmax()) + 10
    23
    """
    offset = AGES - lift(peak, 1)
    labour = 0.06 * np.exp(-0.10 * offset - np.exp(-0.40 * offset))
    return 0.02 * np.exp(-0.10 * AGES) + labour + 0.003


def moving_cost(area: "Area", p: MigrationParams) -> Array:
    """Cost of moving between places by distance, city border and registration elsewhere.

    Returns
    -------
    (draw, place, place) [utility]
        Regions do not exchange people with one another: infinite between them.
    """
    zones = len(area.zones)
    distance = lift(p.income_elasticity, 2) * lift(p.distance_income_ratio, 2)
    cost = distance * np.log1p(area.distance / 10.0)
    border = lift(p.city_border, 2) + lift(p.hukou_penalty, 2)
    cost = cost + border * other_city(area)
    cost[:, zones:, zones:] = np.inf
    return cost


def other_city(area: "Area") -> Array:
    """(place, place) 1 where a move crosses a city border."""
    label = np.concatenate([area.city_of_zone, len(area.cities) + np.arange(len(area.regions))])
    return (label[:, None] != label).astype(float)


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


def nests_of(area: "Area") -> Array:
    """(nest, place) membership: one nest a city, one a region."""
    zones, cities = len(area.zones), len(area.cities)
    nests = np.zeros((cities + len(area.regions), len(area.places)))
    nests[:cities, :zones] = area.in_city
    nests[cities:, zones:] = np.eye(len(area.regions))
    return nests


def dissimilarities(area: "Area", p: MigrationParams) -> Array:
    """(draw, nest) dissimilarity: the parameter within cities, one for a region alone."""
    inside = lift(p.nest_dissimilarity, 1) * np.ones(len(area.cities))
    return np.concatenate([inside, np.ones((len(inside), len(area.regions)))], axis=1)


def mean_mobility(people: Array, curve: Array, zones: int) -> Array:
    """Mean of the mobility curve over the residents of the study area, (draw,) [1].

    Examples
    --------
    >>> float(mean_mobility(np.ones((1, 2, 2, 101)), np.ones((1, 101)), 1)[0])
    1.0
    """
    by_age = people[:, :zones].sum(axis=(1, 2))
    return (by_age * curve).sum(axis=1) / by_age.sum(axis=1)


def regained(area: "Area", opening: Array, p: MigrationParams) -> Array:
    """Part of the hukou penalty that policy has removed.

    Parameters
    ----------
    area : Area
    opening : (draw, place) [1]
        Share of the penalty removed at the destination.
    p : MigrationParams

    Returns
    -------
    (draw, place, place) [utility]
    """
    return lift(p.hukou_penalty, 2) * other_city(area) * opening[:, None]


def leaving_by_age(leave: Array, mobility: Array) -> Array:
    """Probability of leaving by age; bounded by one, the same in both engines.

    Parameters
    ----------
    leave : (draw, place) [1]
        At mean mobility.
    mobility : (draw, age) [1]
        Relative to the mean.

    Returns
    -------
    (draw, place, age) [1]

    Examples
    --------
    >>> leaving_by_age(np.array([[0.4]]), np.array([[0.5, 3.0]])).tolist()
    [[[0.2, 1.0]]]
    """
    return np.minimum(leave[:, :, None] * mobility[:, None, :], 1.0)


# -- action ------------------------------------------------------------------------


def external_pull(world: "World", p: MigrationParams) -> Array:
    """Utility that external regions gain: income on the frontier's balanced path, and a drift.

    Returns
    -------
    (draw,) [utility]
    """
    industry = world.params["industry"]
    income_growth = np.asarray(industry.frontier_growth) / world.fixed["mean_labour_share"]
    yearly = np.asarray(p.income_elasticity) * income_growth + np.asarray(p.external_drift)
    return yearly * world.elapsed


def act(world: "World", p: MigrationParams) -> None:
    """Attractiveness walks on; people move by last year's home and this year's prospects."""
    area, zones = world.area, len(world.area.zones)
    walk = lift(p.attractiveness_walk, 1) * world.shocks("attractiveness", len(area.places))
    walk[:, zones:] = 0.0
    world["attractiveness"] = world["attractiveness"] + walk
    value = world["attractiveness"].copy()
    income = np.log(np.maximum(world["income_access"], 1e-9))
    value[:, :zones] += lift(p.income_elasticity, 1) * income + world["policy_amenity"]
    value[:, zones:] += external_pull(world, p)[:, None]
    opening = np.zeros(value.shape)
    opening[:, :zones] = world["policy_hukou_opening"]
    cost = world.fixed["moving_cost"] - regained(area, opening, p)
    leave, destination = move_shares(value, cost, nests_of(area), dissimilarities(area, p))
    chance = leaving_by_age(leave, world.fixed["mobility"])
    table = MoveTable(chance, destination)
    moves = world.population.relocate(table)
    world["moves"] = moves
    world["arrivals"] = moves.sum(axis=1)[:, :zones]
    world["departures"] = moves.sum(axis=2)[:, :zones]
    world["external_net_migration"] = moves[:, zones:, :zones].sum(axis=1) - moves[
        :, :zones, zones:
    ].sum(axis=2)


MIGRATION = Process(
    "migration",
    reads=("income_access", "policy_amenity", "policy_hukou_opening"),
    remembers=("attractiveness",),
    writes=(
        "attractiveness",
        "moves",
        "arrivals",
        "departures",
        "external_net_migration",
    ),
    act=act,
    params=MigrationParams,
    about="who leaves, and where to",
)
