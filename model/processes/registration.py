r"""Three populations: residents, the registered (hukou), and those who float between.

.. math::

    R_c = N_{c,local} + \sum_g A_{g,c}, \qquad
    F_c = N_{c,elsewhere} + N_{c,beyond}

:math:`A_{g,c}` are people registered in city *c* who live in place *g*: another city or an external
region. It is an account kept by flows: locals who leave a city join it, those who come home, die or
become local elsewhere leave it. Where a flow does not say where the movers are registered (people
who already lived away), it is shared out as those who live away are. Newborns take the class and
the place of registration of their mothers.

People who live away become local at a yearly rate, which an opening of registration raises. Of
those who move, some come home: yearly a part of those away, against everybody else who comes.

Sources: registered population from censuses and public-security yearbooks; rates assumed.
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import ELSEWHERE, FEMALE, HUKOU, LOCAL, MALE, Array, lift, ratio, total
from model.contract import Process
from model.parameters import Params, par
from model.problems import RunError
from model.reading.tables import SCALE
from model.world import World

DISAGREEMENT = 0.05
"""Part by which a register may fall short of a census before that is an error of the tables."""


@dataclass(frozen=True)
class RegistrationParams(Params):
    """Rates at which registration follows people."""

    conversion: float = par(
        0.012, unit="1/yr", prior="LogNormal(0.012, 0.5)", low=0, high=0.3,
        doc="share of residents registered elsewhere who become local in a year",
        source="points and threshold schemes of large cities, order of magnitude",
        evidence="assumed",
    )  # fmt: skip
    conversion_response: float = par(
        2.0, unit="1", prior="LogNormal(2, 0.5)", low=0, high=20,
        doc="rise of conversions when registration is opened in full, relative to the usual",
        source="judgement on threshold reforms since 2014", evidence="assumed",
    )  # fmt: skip
    metropolitan_share: float = par(
        0.6, unit="1", prior="Beta(6, 4)", low=0.01, high=0.99,
        doc="share of those registered elsewhere in the province who are so in another city here",
        source="share of the area's cities in the province's people outside the large cities",
        evidence="assumed",
    )  # fmt: skip
    homecoming: float = par(
        0.03, unit="1/yr", prior="LogNormal(0.03, 0.5)", low=0, high=0.3,
        doc="share of people living away who come home in a year, other things equal",
        source="return migration surveys, order of magnitude", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def conversion_chance(opening: Array, classes: int, p: RegistrationParams) -> Array:
    """Yearly probability of becoming local by zone and hukou class.

    Parameters
    ----------
    opening : (draw, zone) [1]
        Share of the barrier that policy has removed.
    classes : int
        Number of hukou classes; the first is local.
    p : RegistrationParams

    Returns
    -------
    (draw, zone, hukou) [1]

    Examples
    --------
    >>> conversion_chance(np.array([[0.5]]), 3, RegistrationParams()).round(4).tolist()
    [[[0.0, 0.0237, 0.0237]]]
    """
    rate = lift(p.conversion, 1) * (1 + lift(p.conversion_response, 1) * opening)
    chance = np.repeat(-np.expm1(-rate)[:, :, None], classes, axis=2)
    chance[:, :, LOCAL] = 0.0
    return chance


def coming_home(away: Array, others: Array, homecoming: Array) -> Array:
    """Probability that a mover between two places is coming home.

    Parameters
    ----------
    away : (draw, seat, city) [persons]
        Registered in the city, living in the seat.
    others : (draw, seat, city) [persons/yr]
        Everybody expected to move from the seat to the city.
    homecoming : (draw,) [1/yr]

    Returns
    -------
    (draw, seat, city) [1]
        Below one: those who come home compete with the others.

    Examples
    --------
    >>> coming_home(np.array([[[1000.0]]]), np.array([[[30.0]]]), np.array([0.03])).tolist()
    [[[0.5]]]
    """
    home = lift(homecoming, 2) * away
    return ratio(home, home + others)


def seat_labels(area: Area) -> Array:
    """(place,) index of the seat of each place: its city, or the region itself."""
    regions = len(area.cities) + np.arange(len(area.regions))
    return np.concatenate([area.city_of_zone, regions])


def in_seat(area: Area) -> Array:
    """(seat, place) 1 where a place belongs to a seat."""
    labels = seat_labels(area)
    return (np.arange(labels.max() + 1)[:, None] == labels).astype(float)


def between_seats(flows: Array, seats: Array) -> Array:
    """Flows between seats, (..., seat, seat), from flows between places.

    Examples
    --------
    >>> between_seats(np.ones((1, 3, 3)), np.array([[1.0, 1, 0], [0, 0, 1]]))[0].tolist()
    [[4.0, 2.0], [2.0, 1.0]]
    """
    from model.kernels.moving import sum_seats

    rows = np.ascontiguousarray(flows).reshape(-1, *flows.shape[-2:])
    summed = np.empty((len(rows), len(seats), len(seats)))
    sum_seats(rows, seats.argmax(axis=0), summed)
    return summed.reshape(*flows.shape[:-2], len(seats), len(seats))


def carry_on(away: Array, kept: Array, moved: Array, onward: Array, joined: Array) -> Array:
    """People living away after a year.

    Parameters
    ----------
    away : (draw, seat, city) [persons]
    kept : (draw, seat, 1) [1]
        Those who are left after deaths, births and conversions, relative to before.
    moved : (draw, seat, city) [persons]
        Who came home from the seat.
    onward : (draw, seat, seat) [1]
        Share of those living away in a seat who moved on to another.
    joined : (draw, seat, city) [persons]
        Locals of the city who left for the seat.

    Returns
    -------
    (draw, seat, city) [persons]

    Examples
    --------
    >>> one = np.full((1, 1, 1), 100.0)
    >>> carry_on(one, one * 0 + 0.9, one * 0 + 5, one * 0, one * 0 + 2).tolist()
    [[[87.0]]]
    """
    left = covered(away * kept - moved)
    onward = onward / np.maximum(onward.sum(axis=2, keepdims=True), 1.0)
    # To where one is registered nobody moves on: that is coming home.
    elsewhere = 1 - np.eye(*away.shape[1:])
    leaving = np.minimum(np.matmul(onward, elsewhere), 1.0)
    return left * (1 - leaving) + np.matmul(onward.transpose(0, 2, 1), left) * elsewhere + joined


def covered(left: Array) -> Array:
    """What a seat owes is taken from the city's other seats, so that nothing is below zero.

    Agents come home by chance, each for many people, and may be more than a small seat's account
    holds; where they are more than all the city's, nobody is left away. Expectations never are.

    Parameters
    ----------
    left : (draw, seat, city) [persons]

    Examples
    --------
    >>> covered(np.array([[[-10.0], [60.0], [40.0]]]))[0, :, 0].tolist()
    [0.0, 54.0, 36.0]
    """
    held = np.maximum(left, 0.0)
    due = (held - left).sum(axis=1, keepdims=True)
    return held * (1 - np.minimum(ratio(due, held.sum(axis=1, keepdims=True)), 1.0))


def base_away(
    class_elsewhere: Array, away: Array, distance: Array, outflow: Array, share: Array
) -> Array:
    """People living away in the base year: by seat from those received, the rest outside.

    Parameters
    ----------
    class_elsewhere : (city,) [persons]
        Residents registered elsewhere in the province.
    away : (city,) [persons]
        Registered in the city, living elsewhere.
    distance : (city, city) [km]
    outflow : (draw, region) [persons/yr]
        Where those who leave the area go.
    share : (draw,) [1]
        Part of ``class_elsewhere`` that is registered in another city of the area.

    Returns
    -------
    (draw, seat, city) [persons]
        Sums over seats to ``away``; at most nine tenths of a city's live inside the area.

    Examples
    --------
    >>> received, gone = np.array([0.0, 50.0]), np.array([100.0, 10.0])
    >>> table = base_away(received, gone, np.ones((2, 2)), np.ones((1, 1)), np.array([0.6]))
    >>> table[0].tolist()
    [[0.0, 0.0], [30.0, 0.0], [70.0, 10.0]]
    """
    pull = ratio(away, distance) * (1 - np.eye(len(away)))
    spread = ratio(pull, pull.sum(axis=1, keepdims=True))
    inside = lift(share, 2) * class_elsewhere[:, None] * spread
    most = np.minimum(ratio(0.9 * away, inside.sum(axis=1), 1.0), 1.0)
    inside = inside * most[:, None]
    to_region = ratio(outflow, outflow.sum(axis=1, keepdims=True))
    outside = (away - inside.sum(axis=1))[:, None] * to_region[:, :, None]
    return np.concatenate([inside, outside], axis=1)


def registered_elsewhere(area: Area, local: Array, year: int) -> Array:
    """Registered in each city but living elsewhere, from published registered populations.

    Parameters
    ----------
    area : Area
    local : (zone,) [persons]
        Residents registered in their city.
    year : int

    Returns
    -------
    (city,) [persons]
        A zone that statistics count inside other cities has nobody away. Where a register
        counts a little fewer people than a census finds local residents, nobody is away either.

    Raises
    ------
    RunError
        A city with far fewer people registered than local residents (:data:`DISAGREEMENT`); all
        such cities are named.
    """
    regions, weights = area.statistics
    published = np.array([
        sum(row["value"] * SCALE.get(row["unit"], 1.0) for row in area.tables["registered"]
            if (row["city"], row["year"], row["item"]) == (region, year, "registered"))
        for region in regions
    ])  # fmt: skip
    away = published - total(local, weights)
    short = [
        f"{region} ({gap:,.0f})"
        for region, gap, count in zip(regions, away, published, strict=True)
        if gap < -DISAGREEMENT * count
    ]
    if short:
        raise RunError(f"fewer registered than local residents in {year}: {', '.join(short)}")
    found = dict(zip(regions, np.maximum(away, 0.0), strict=True))
    return np.array([found.get(city, 0.0) for city in area.cities])


# -- actions -----------------------------------------------------------------------


def act_conversion(world: World, p: RegistrationParams) -> None:
    """Some of those registered elsewhere become local."""
    chance = conversion_chance(world["policy_hukou_opening"], len(HUKOU), p)
    world["conversions_by_hukou"] = world.population.register(chance).swapaxes(1, 2)
    world["hukou_conversions"] = world["conversions_by_hukou"].sum(axis=1)


def act_registration(world: World, p: RegistrationParams) -> None:
    """Those living away at year-end, from the flows of the year."""
    area, cities = world.area, len(world.area.cities)
    seats = in_seat(area)
    flows = between_seats(world["moves_by_hukou"], seats) * (1 - np.eye(len(seats)))
    home = between_seats(world["homecoming"], seats)
    start = total(world["residents_by_hukou"][:, ELSEWHERE], area.in_city)
    change = total(natural_change(world)[:, ELSEWHERE], area.in_city)
    growth = np.concatenate([1 + ratio(change, start), growth_outside(world)], axis=1)
    here = start + change - home[:, ELSEWHERE, :cities].sum(axis=2)
    onward = np.zeros(flows[:, ELSEWHERE].shape)
    onward[:, :cities] = ratio(
        (flows - home)[:, ELSEWHERE, :cities], np.repeat(here[:, :, None], len(seats), axis=2)
    )
    joined = flows[:, LOCAL, :cities].transpose(0, 2, 1)
    came = home.sum(axis=1)[:, :, :cities]
    world["living_away"] = carry_on(world["living_away"], growth[:, :, None], came, onward, joined)


def natural_change(world: World) -> Array:
    """Change of each class before moves: births, deaths, conversions, (draw, hukou, zone)."""
    change = world["births_by_hukou"] - world["infant_deaths_by_hukou"]
    change = change - world["deaths_by_hukou"] - world["conversions_by_hukou"]
    change[:, LOCAL] += world["hukou_conversions"]
    return change


def growth_outside(world: World) -> Array:
    """Births and survival of the external regions' people, relative, (draw, region) [1]."""
    zones = len(world.area.zones)
    before = world["people"][:, zones:]
    survivors = (before * world["survivorship"][:, -1:]).sum(axis=(2, 3))
    living = world["newborn_survival"]
    girls = 1 / (1 + lift(world.params["demography"].sex_ratio_at_birth, 1))
    born = world["births_outside"] * (living[:, [MALE]] * (1 - girls) + living[:, [FEMALE]] * girls)
    return ratio(survivors + born, before.sum(axis=(2, 3)), 1.0)


CONVERSION = Process(
    "hukou conversion",
    reads=("policy_hukou_opening",),
    writes=("conversions_by_hukou", "hukou_conversions"),
    act=act_conversion,
    params=RegistrationParams,
    about="residents registered elsewhere become local",
)
REGISTRATION = Process(
    "registration",
    reads=(
        "moves_by_hukou", "homecoming", "births_by_hukou", "infant_deaths_by_hukou",
        "deaths_by_hukou", "conversions_by_hukou", "hukou_conversions", "survivorship",
        "newborn_survival", "births_outside",
    ),
    remembers=("living_away", "residents_by_hukou", "people"),
    writes=("living_away",),
    act=act_registration,
    params=RegistrationParams,
    about="who is registered in a city and lives away",
)  # fmt: skip
