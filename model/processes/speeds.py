"""Speeds, waits, ways to the stop, and money for a trip: the parameters of journeys."""

from dataclasses import dataclass

from model.parameters import Params, par


@dataclass(frozen=True)
class AccessibilityParams(Params):
    """Speeds, waits and ways to the stop."""

    urban_speed: float = par(
        28.0, unit="km/h", prior="Normal(28, 3)", low=10, high=60,
        doc="road speed on very short trips", source="Baidu 2020: 27.09 km/h at peak in Shenyang",
        evidence="seen",
    )  # fmt: skip
    highway_speed: float = par(
        80.0, unit="km/h", prior="Normal(80, 5)", low=40, high=120,
        doc="road speed on very long trips", source="judgement: expressway limits less stops",
        evidence="assumed",
    )  # fmt: skip
    speed_distance: float = par(
        40.0, unit="km", prior="LogNormal(40, 0.2)", low=5, high=200,
        doc="distance over which speed rises from urban to highway", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    terminal_time: float = par(
        8.0, unit="minutes", prior="Normal(8, 1)", low=0, high=30, id="C08",
        doc="walking and parking at both ends of a road trip",
        source="judgement: usual survey values",
        evidence="recalled",
    )  # fmt: skip
    built_density: float = par(
        10000.0, unit="persons/km2", prior="LogNormal(10000, 0.25)", low=500, high=50000, id="C08",
        doc="people per built-up square kilometre, for the size of a zone's built-up area",
        source="judgement on built-up areas of the region", evidence="assumed",
    )  # fmt: skip
    inner_spread: float = par(
        0.8, unit="1", prior="Uniform(0.667, 0.905)", low=0.3, high=1,
        doc="mean distance of homes and workplaces of one zone over the radius of its built-up "
        "area: 0.905 where both are spread evenly, two thirds where work is at the centre",
        source="Santalo 1976 for the bounds; between them judgement", evidence="assumed",
    )  # fmt: skip
    walk_speed: float = par(
        4.8, unit="km/h", prior="Normal(4.8, 0.3)", low=3, high=7,
        doc="speed on foot", source="usual value", evidence="recalled",
    )  # fmt: skip
    cycle_speed: float = par(
        15.0, unit="km/h", prior="Normal(15, 1.5)", low=8, high=25,
        doc="speed of bicycles and e-bikes, mixed", source="judgement", evidence="assumed",
    )  # fmt: skip
    walk_trip: float = par(
        2.3, unit="km", prior="LogNormal(2.3, 0.25)", low=0.3, high=6,
        doc="mean distance people are willing to walk to work",
        source="what makes walks in a district last 19 minutes, their mean in Anshan (household "
        "survey of 1995, all purposes)", evidence="derived",
    )  # fmt: skip
    cycle_trip: float = par(
        5.0, unit="km", prior="LogNormal(5, 0.25)", low=1, high=15,
        doc="mean distance people are willing to cycle to work",
        source="judgement: shared bicycles 2.2 km on average, e-bikes farther", evidence="assumed",
    )  # fmt: skip
    bus_speed: float = par(
        18.0, unit="km/h", prior="Normal(18, 2)", low=8, high=50,
        doc="speed of city buses, stops included", source="judgement", evidence="assumed",
    )  # fmt: skip
    coach_speed: float = par(
        50.0, unit="km/h", prior="Normal(50, 5)", low=20, high=90,
        doc="speed of buses on very long trips", source="judgement", evidence="assumed",
    )  # fmt: skip
    bus_access: float = par(
        9.0, unit="minutes", prior="Normal(9, 2)", low=1, high=40,
        doc="walking at both ends of a bus trip", source="judgement", evidence="assumed",
    )  # fmt: skip
    bus_wait: float = par(
        7.0, unit="minutes", prior="Normal(7, 1.5)", low=1, high=40,
        doc="waiting for a bus, changes included", source="judgement", evidence="assumed",
    )  # fmt: skip
    rail_boarding: float = par(
        15.0, unit="minutes", prior="Normal(15, 3)", low=2, high=60,
        doc="security, platform and margin at each boarding of a train", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    metro_boarding: float = par(
        3.0, unit="minutes", prior="Normal(3, 0.8)", low=0.5, high=15,
        doc="security and platform at each boarding of metro or coach", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    headway_share: float = par(
        0.25, unit="share", prior="Beta(5, 15)", low=0.02, high=1,
        doc="share of the headway that a traveller loses: half for those who turn up, less for "
        "those who know the timetable", source="judgement", evidence="assumed",
    )  # fmt: skip
    access_scale: float = par(
        1.0, unit="1", prior="Normal(1, 0.15)", low=0.3, high=3,
        doc="minutes to stations over those of the table", source="judgement", evidence="assumed",
    )  # fmt: skip
    urban_reach: float = par(
        8.0, unit="km", prior="LogNormal(8, 0.25)", low=1, high=30, id="C06",
        doc="part of a road trip driven in the streets of each of its two zones",
        source="judgement", evidence="assumed",
    )  # fmt: skip


@dataclass(frozen=True)
class FareParams(Params):
    """Money for a trip, beside the fares of the tables."""

    car_cost: float = par(
        0.6, unit="yuan/km", prior="LogNormal(0.6, 0.2)", low=0.1, high=3,
        doc="fuel, tolls and wear of a car", source="judgement", evidence="assumed",
    )  # fmt: skip
    bus_fare: float = par(
        1.0, unit="yuan", prior="LogNormal(1, 0.2)", low=0, high=5,
        doc="fare of a bus for any distance", source="city bus fare, recalled",
        evidence="recalled",
    )  # fmt: skip
    coach_fare: float = par(
        0.22, unit="yuan/km", prior="LogNormal(0.22, 0.2)", low=0, high=1,
        doc="fare of a bus with distance",
        source="11 yuan for the 50 km from Shenyang to Fushun (Shenyang Evening News, 2013)",
        evidence="seen",
    )  # fmt: skip
