"""Networks as tables with years: what runs between which zones, and since when.

Links join stations of one network (rail, metro, or coach and tram); a link is there from its
own year, or from the year of its project. A scenario may open a project in another year, or one
that has no year at all. Within a network a journey takes the fastest chain of links of one line,
and may change line once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.area import Area
from model.axes import Array
from model.reading.tables import Row

NEVER = 1e4
SERVICE_DAY = 960.0
WAIT_SHARE = 0.25
BOARDING = {"rail": 15.0, "metro": 3.0, "coach": 3.0}
NETWORK_OF = {"high_speed": "rail", "conventional": "rail", "metro": "metro", "coach": "coach"}


@dataclass(frozen=True)
class Rides:
    """Journeys between the stations of one network, all ``(station, station)``.

    ``zone`` (station,) index and ``access`` (station,) [minutes] of the stations; ``minutes`` in
    vehicles (``NEVER`` where nothing runs), ``headway`` [minutes] and ``boardings`` summed over
    the lines taken, ``fare`` [yuan]; ``fastest`` [minutes] in the vehicle of the quickest line,
    however rarely it runs.
    """

    zone: Array
    access: Array
    minutes: Array
    headway: Array
    boardings: Array
    fare: Array
    fastest: Array


def open_projects(area: Area, openings: Mapping[str, int | str], year: int) -> frozenset[str]:
    """Projects in service during ``year``: opened before it, as the table or the scenario says.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> sorted(open_projects(load_area(), {"metro_line_four": 2023}, 2024))
    ['metro_line_four']
    """
    found = set()
    for row in area.tables["projects"]:
        opened = openings.get(row["project"], row["opened"])
        if isinstance(opened, int) and opened < year:
            found.add(row["project"])
    return frozenset(found)


def links_in_service(area: Area, opened: frozenset[str], year: int) -> Iterator[Row]:
    """Links of lines opened before ``year``, or of an open project."""
    for row in area.tables["links"]:
        if row["project"] in opened or (row["opened"] is not None and row["opened"] < year):
            yield row


def rides(area: Area, network: str, opened: frozenset[str], year: int) -> Rides:
    """Journeys of a network in a year, at most one change of line; the same for every draw.

    Parameters
    ----------
    area : Area
    network : str
        ``rail``, ``metro`` or ``coach``.
    opened : frozenset of str
        Projects in service.
    year : int [year]

    Returns
    -------
    Rides

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> metro = rides(load_area(), "metro", frozenset(), 2020)
    >>> float(metro.minutes.min())
    6.0
    """
    return _rides(area, network, opened, year)


@lru_cache(maxsize=256)
def _rides(area: Area, network: str, opened: frozenset[str], year: int) -> Rides:
    held = [row for row in area.tables["stations"] if NETWORK_OF[row["kind"]] == network]
    index = {row["station"]: position for position, row in enumerate(held)}
    count = len(held)
    best = np.full((4, count, count), NEVER)
    lines: dict[str, Array] = {}
    for row in links_in_service(area, opened, year):
        if row["from_station"] not in index:
            continue
        line = lines.setdefault(row["line"], np.full((4, count, count), NEVER))
        i, j = index[row["from_station"]], index[row["to_station"]]
        headway = SERVICE_DAY / row["trains"]
        link = np.array([row["minutes"], headway, 1.0, row["fare"]])
        if row["minutes"] < line[0, i, j]:
            line[:, i, j] = line[:, j, i] = link
    boarding = BOARDING[network]
    fastest = np.full((count, count), NEVER)
    for line in lines.values():
        whole = along(line)
        best, fastest = shorter(best, whole, boarding), np.minimum(fastest, whole[0])
    best = shorter(best, changed(best, boarding), boarding)
    zone = np.array([area.zones.index(row["zone"]) for row in held], dtype=int)
    access = np.array([row["access"] for row in held], dtype=float)
    minutes, headway, boardings, fare = best
    return Rides(zone, access, minutes, headway, boardings, fare, fastest)


def burden(ride: Array, boarding: float) -> Array:
    """Minutes by which rides are ranked: in the vehicle, and of boarding and waiting as is usual.

    Examples
    --------
    >>> float(burden(np.array([20.0, 40.0, 1.0, 5.0]), 15.0))
    45.0
    """
    return ride[0] + WAIT_SHARE * ride[1] + boarding * ride[2]


def shorter(one: Array, other: Array, boarding: float) -> Array:
    """The less burdensome of two sets of rides, pair by pair, all parts together."""
    return np.where(burden(other, boarding) < burden(one, boarding), other, one)


def along(line: Array) -> Array:
    """Rides along one line: its links chained, on board throughout (Floyd and Warshall).

    Nobody rides to another zone and back: a ride inside a zone is a link of its own, or none.

    Examples
    --------
    >>> links = np.full((4, 3, 3), NEVER)
    >>> links[:, 0, 1] = [10, 4, 1, 2]
    >>> links[:, 1, 2] = [15, 6, 1, 3]
    >>> along(links)[:, 0, 2].tolist()
    [25.0, 6.0, 1.0, 5.0]
    """
    found = line.copy()
    for middle in range(line.shape[1]):
        first, second = found[:, :, middle, None], found[:, middle, None, :]
        chained = np.stack(
            [
                first[0] + second[0],
                np.maximum(first[1], second[1]),
                np.maximum(first[2], second[2]),
                first[3] + second[3],
            ]
        )
        found = np.where(chained[0] < found[0], chained, found)
    own = np.arange(line.shape[1])
    found[:, own, own] = line[:, own, own]
    return found


def changed(direct: Array, boarding: float) -> Array:
    """Rides with one change between two direct ones: waits and fares add up."""
    best = np.full(direct.shape, NEVER)
    for middle in range(direct.shape[1]):
        two = direct[:, :, middle, None] + direct[:, middle, None, :]
        best = shorter(best, two, boarding)
    own = np.arange(direct.shape[1])
    best[:, own, own] = NEVER
    return np.where(best[0] < NEVER, best, NEVER)


def projects_of_roads(area: Area) -> tuple[str, ...]:
    """Projects of the table of roads, each once, in its order."""
    return tuple(dict.fromkeys(row["project"] for row in area.tables["roads"]))


def road_factor(area: Area, opened: frozenset[str], gain: Array) -> Array:
    """Share of driving time that remains with the open road projects.

    Parameters
    ----------
    area : Area
    opened : frozenset of str
        Projects in service.
    gain : (draw, project) [1]
        What multiplies the log of the share of each of :func:`projects_of_roads`.

    Returns
    -------
    (draw or 1, zone, to_zone) [1]

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> area, opened = load_area("shenyang"), frozenset({"anshan_taian_road"})
    >>> twice = road_factor(area, opened, np.full((1, 5), 2.0))
    >>> round(float(twice.min()), 6)  # where the table says 0.8
    0.64
    """
    projects = projects_of_roads(area)
    factor = np.ones((len(gain), len(area.zones), len(area.zones)))
    for row in area.tables["roads"]:
        if row["project"] in opened:
            ends = [members(area, row[side]) for side in ("zones", "partners")]
            pairs = np.outer(*ends) | np.outer(*ends).T
            np.fill_diagonal(pairs, False)
            remains = row["factor"] ** gain[:, projects.index(row["project"])]
            factor = np.where(pairs, factor * remains[:, None, None], factor)
    return factor


def members(area: Area, names: tuple[str, ...]) -> Array:
    """(zone,) whether a zone is named: itself, by its city, or by ``*``."""
    cities = [area.cities[city] for city in area.city_of_zone]
    return np.array(
        [
            "*" in names or zone in names or city in names
            for zone, city in zip(area.zones, cities, strict=True)
        ]
    )
