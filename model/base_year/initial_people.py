"""The base year of people: vital rates, registration, households, and migration inverted."""

import numpy as np

from model import assumed_odds
from model.area import Area
from model.axes import ELSEWHERE, FEMALE, LOCAL, TERTIARY, Array, ratio, total
from model.base_year import baseline, baseline_people
from model.processes import (
    attractiveness,
    census,
    demography,
    fertility,
    households,
    migration,
    mobility,
    registration,
    urbanisation,
)
from model.reading.tables import SCALE
from model.world import World


def head_count(world: World) -> None:
    """People as counted, and where cities begin."""
    area, fixed = world.area, world.fixed
    people = baseline.people(area, area.base_year)
    fixed["base_population"] = people[: len(area.zones)].sum(axis=(1, 2))
    firsts = [int(np.argmax(area.city_of_zone == city)) for city in range(len(area.cities))]
    fixed["first_zone_of_city"] = np.array(firsts)
    world["living_away"] = np.zeros((len(world.draws), in_seats(area), len(area.cities)))
    census.act(world, census.HEAD_COUNT.params())


def begin(world: World) -> None:
    """Vital rates, households and urban shares of the people as counted."""
    area, fixed = world.area, world.fixed
    people = baseline.people(area, area.base_year)
    p = world.params["demography"]
    fixed["death_rates"] = baseline.death_rates(area)
    fixed |= demography.invert(area, people, fixed["death_rates"], p)
    women = baseline_people.everybody(area, area.base_year).sum(axis=1)[:, :, FEMALE].astype(float)
    shift = fertility.shift_of(women[: len(area.zones)].sum(axis=0), p)
    fixed["childbearing_shift"] = shift
    fixed["base_schooled_fertility"] = fertility.base_schooled(
        women, fixed["fertility_groups"], p, shift
    )
    world["fertility_level"] = np.asarray(p.fertility, dtype=float)
    _households(world, people)
    _urban(world)


def in_seats(area: Area) -> int:
    """Number of seats: cities, then regions."""
    return len(area.cities) + len(area.regions)


def _households(world: World, people: Array) -> None:
    area, year = world.area, world.area.base_year

    def item(name: str) -> Array:
        return area.by_zone("households", value="value", year=year, item=name)

    profile = assumed_odds.profile(
        world, "headship_odds", baseline_people.headship_profile(area, year)
    )
    world.fixed["headship"] = profile
    world.fixed["household_constants"] = households.invert(
        people[: len(area.zones)].astype(float),
        item("family_population"), item("family_households"), item("one_person"), profile,
    )  # fmt: skip
    households.act(world, world.params["households"])


def _urban(world: World) -> None:
    area, year, fixed = world.area, world.area.base_year, world.fixed
    counted = fixed["base_population"]
    fixed["base_urban_share"] = ratio(area.by_zone("urban", year=year), counted)
    regions, weights = area.statistics
    published = np.array([
        [_registered(area, region, year, item) for item in ("registered_urban", "registered")]
        for region in regions
    ])  # fmt: skip
    share = ratio(published[:, 0], published[:, 1])
    # A zone counted inside other cities takes the mean of theirs.
    belongs = np.matmul(area.in_city, weights.T)
    fixed["base_registered_urban_share"] = np.matmul(belongs, share) / belongs.sum(axis=1)


def part_urban(published: Array, registered: Array, share: Array, of_city: Array) -> Array:
    """Urban share of the registered of each city, so that regions add up to what is published.

    Parameters
    ----------
    published : (region,) [persons]
        Registered of urban status.
    registered : (city,) [persons]
    share : (city,) [1]
        A first guess; stays for cities that are parts of several regions.
    of_city : (region, city) [1]
        Share of each city in each region.

    Returns
    -------
    (city,) [1]

    Examples
    --------
    >>> of_city = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
    >>> registered, guess = np.array([90.0, 90.0, 20.0]), np.array([0.6, 0.4, 0.5])
    >>> part_urban(np.array([60.0, 40.0]), registered, guess, of_city).round(4).tolist()
    [0.6111, 0.3889, 0.5]
    """
    own = (of_city > 0).sum(axis=0) == 1
    left = published - np.matmul(of_city[:, ~own], (registered * share)[~own])
    held = np.matmul(of_city[:, own], registered[own])
    by_region = ratio(left, held)
    return np.where(own, np.matmul(of_city.T, by_region), share)


def _registered(area: Area, region: str, year: int, item: str) -> float:
    return sum(
        row["value"] * SCALE.get(row["unit"], 1.0)
        for row in area.tables["registered"]
        if (row["city"], row["year"], row["item"]) == (region, year, item)
    )


def _living_away(world: World, outflow: Array) -> None:
    """Who is registered in a city and lives elsewhere, in the base year."""
    area = world.area
    classes = world["residents_by_hukou"][0]
    away = registration.registered_elsewhere(area, classes[LOCAL], area.base_year)
    elsewhere = total(classes[ELSEWHERE], area.in_city)
    seats = area.column("cities", "seat").tolist()
    where = [area.zones.index(seat) for seat in seats]
    distance = area.distance[np.ix_(where, where)] + np.eye(len(where))
    share = np.asarray(world.params["registration"].metropolitan_share)
    share = np.broadcast_to(share, (len(world.draws),))
    world["living_away"] = registration.base_away(elsewhere, away, distance, outflow, share)
    census.act(world, census.HEAD_COUNT.params())
    regions, weights = area.statistics
    urban = [_registered(area, r, area.base_year, "registered_urban") for r in regions]
    known, of_city = world.fixed, weights[:, world.fixed["first_zone_of_city"]]
    known["base_registered_urban_share"] = part_urban(
        np.array(urban), world["registered"][0], known["base_registered_urban_share"], of_city
    )
    urbanisation.act(world, world.params["urbanisation"])


def begin_migration(world: World) -> None:
    """Attractiveness from net migration, exchange with regions, and gross arrivals."""
    area, p = world.area, world.params["migration"]
    seen = observed(world)
    _living_away(world, seen.outflow)
    cost = migration.moving_cost(area, p)
    world.fixed |= attractiveness.invert(area, movers(world), seen, cost, p)
    world["attractiveness"] = world.fixed.pop("attractiveness")


def observed(world: World) -> attractiveness.Observed:
    """Flows that the base year must reproduce; students among them do not follow utility."""
    area = world.area
    bands = ("same_province", "other_province")
    stock = {band: area.by_zone("migrants", year=area.base_year, band=band).sum() for band in bands}
    yearly = {band: people / world.assumed["mean_stay"] for band, people in stock.items()}
    inflow = region_inflow(area, world.assumed, yearly)
    gain = np.stack([world.assumed[f"net_exchange.{r}"] for r in area.regions[:-1]], axis=1)
    net = believable(area.by_zone("net_migration"), recount(world), inflow)
    rest = net.sum(axis=1, keepdims=True) - gain.sum(axis=1, keepdims=True)
    outflow = outflows(inflow, np.concatenate([gain, rest], axis=1))
    within = sum(yearly.values()) - inflow.sum(axis=1)
    return attractiveness.Observed(net, inflow, outflow, within, students(world, inflow, outflow))


def students(world: World, inflow: Array, outflow: Array) -> Array:
    """Moves of first-year students in the base year, (draw, place, place) [persons/yr]."""
    area, fixed, p = world.area, world.fixed, world.params["mobility"]
    entrants = world.population.counts()[0, :, :, TERTIARY, :, mobility.STUDENT_AGE].sum(
        axis=(1, 2)
    )
    places = area.by_zone("universities", year=area.base_year).sum() / mobility.STUDY_YEARS
    coming, going = mobility.student_exchange(places, entrants, inflow, outflow, p)
    leave, goals = mobility.student_choice(area, coming, going, p)
    fixed["students_leaving"], fixed["students_goals"] = leave, goals
    return (entrants * leave)[:, :, None] * goals


def movers(world: World) -> Array:
    """People of each group that chooses, weighted by their mobility, (draw, group, place)."""
    area = world.area
    people = baseline.people(area, area.base_year)
    curve = mobility.rogers_castro(world.params["mobility"])
    relative = curve / mobility.mean_mobility(people, curve, len(area.zones))[:, None]
    world.fixed["mobility"] = np.broadcast_to(relative, (len(world.draws), relative.shape[1]))
    counts = world.population.counts()[:1].sum(axis=4)
    group = mobility.group_of_cell()
    adults = counts[..., mobility.PARENTS].sum(axis=3)
    chance = mobility.mobility_by_age(
        np.broadcast_to(adults, (len(relative), *adults.shape[1:])), relative
    )
    choosing = (counts * (group < mobility.STUDENTS)).sum(axis=3)
    adults = (choosing * chance).sum(axis=3).swapaxes(1, 2)
    graduates = (counts * (group == mobility.GRADUATES)).sum(axis=(2, 3, 4))[:, None]
    graduates = np.broadcast_to(graduates, (len(adults), *graduates.shape[1:]))
    found = np.concatenate([adults, graduates], axis=1)
    return np.broadcast_to(found, (len(world.draws), *found.shape[1:]))


def outflows(inflow: Array, gain: Array) -> Array:
    """Departures to each region: arrivals less gain, and never under a tenth of the arrivals.

    The prior of the gain of one region, less than certain, can contradict its arrivals; what
    is then too little for one region is taken from the others, the total being known better.

    Parameters
    ----------
    inflow, gain : (draw, region) [persons/yr]

    Returns
    -------
    (draw, region) [persons/yr]

    Examples
    --------
    >>> outflows(np.array([[10.0, 10.0]]), np.array([[-5.0, 12.0]])).round(3).tolist()
    [[12.188, 0.812]]
    """
    plain = inflow - gain
    least = np.maximum(plain, 0.1 * inflow)
    return least * (plain.sum(axis=1) / least.sum(axis=1))[:, None]


def believable(counted: Array, recounted: Array, inflow: Array) -> Array:
    """Net migration by zone, an error of the census cut to what arrivals leave room for.

    Priors of the error and of arrivals are drawn apart, and a draw can say that more people were
    gained than came. At least a tenth of the arrivals then leave, as in :func:`outflows`.

    Parameters
    ----------
    counted : (zone,) [persons/yr]
    recounted : (draw, zone) [persons/yr]
        To be added for the error of the earlier census.
    inflow : (draw, region) [persons/yr]

    Returns
    -------
    (draw, zone) [persons/yr]

    Examples
    --------
    >>> inflow = np.array([[100.0], [100.0]])
    >>> believable(np.array([50.0]), np.array([[10.0], [80.0]]), inflow).tolist()
    [[60.0], [90.0]]
    """
    room = 0.9 * inflow.sum(axis=1) - counted.sum()
    wanted = recounted.sum(axis=1)
    part = np.where(wanted > room, ratio(np.maximum(room, 0.0), wanted, 1.0), 1.0)
    return counted + recounted * part[:, None]


def recount(world: World) -> Array:
    """Net migration a year by which an over-count of the earlier census was mistaken for loss.

    Returns
    -------
    (draw, zone) [persons/yr]
    """
    area = world.area
    early = area.settings["history_year"]
    zones = len(area.zones)
    counted = baseline.people(area, early)[:zones].sum(axis=(1, 2))
    if not counted.any():
        # No census by zone so early: errors are relative to the later one.
        counted = baseline.people(area, area.base_year)[:zones].sum(axis=(1, 2))
    regions, weights = area.statistics
    errors = np.stack([world.assumed[f"census_error.{region}"] for region in regions], axis=1)
    return total(errors, weights.T) * counted / (area.base_year - early)


def region_inflow(area: Area, assumed: dict[str, Array], yearly: dict[str, Array]) -> Array:
    """Arrivals from each region: shares of the yearly flows of the two bands of registration.

    The last region of another province takes what is left of its band.

    Returns
    -------
    (draw, region) [persons/yr]
    """
    columns, left = [], yearly["other_province"]
    for row in area.tables["regions"]:
        name = f"inflow_share.{row['region']}"
        band = "same_province" if row["same_province"] else "other_province"
        flow = left if name not in assumed else assumed[name] * yearly[band]
        if not row["same_province"]:
            left = left - flow
        columns.append(flow)
    return np.stack(columns, axis=1)
