"""A study area: its tables, and the arrays made of them once.

Nothing here knows a city by name. Someone with tables for another metropolis adds a folder, which
:mod:`model.area_loading` reads. Units are converted here, once: persons, minutes, yuan; money
stays in 1e8 yuan.
"""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from model.axes import Array
from model.priors import Prior
from model.problems import nearest
from model.reading.tables import SCALE, Row


@dataclass(frozen=True, eq=False)
class Area:
    """Tables of a study area with their indices resolved; one is equal to itself alone.

    ``tables`` keeps the rows as read; the properties are the arrays the model starts from.
    """

    name: str
    folder: Path
    settings: dict[str, Any]
    tables: dict[str, list[Row]] = field(repr=False)
    start: str = "production"

    # -- names -------------------------------------------------------------------
    def _ids(self, table: str, column: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row[column] for row in self.tables[table]))

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """Ids of the zones, in the order of every zone axis."""
        return self._ids("zones", "zone")

    @cached_property
    def cities(self) -> tuple[str, ...]:
        """Ids of the cities; a zone apart is a city of its own."""
        return self._ids("cities", "city")

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Ids of the external regions; the last is the numeraire of attractiveness."""
        return self._ids("regions", "region")

    @cached_property
    def sectors(self) -> tuple[str, ...]:
        """Ids of the sectors."""
        return self._ids("sectors", "sector")

    @cached_property
    def census_rows(self) -> tuple[str, ...]:
        """Rows in which employment is counted; several sectors may share one."""
        return self._ids("sectors", "census_row")

    @cached_property
    def technology(self) -> Array:
        """(sector,) whether the firms of a sector can stand on the technology ladder."""
        return np.isin(self.sectors, self.settings["technology_sectors"])

    @property
    def places(self) -> tuple[str, ...]:
        """Zones, then regions."""
        return self.zones + self.regions

    @property
    def base_year(self) -> int:
        """Year at whose end the model starts."""
        return int(self.settings["base_year"])

    @property
    def address(self) -> str:
        """What :func:`load_area` takes to load this area again, its start included."""
        return str(self.folder) if self.start == "production" else f"{self.folder}@{self.start}"

    def label(self, table: str) -> str:
        """Name of the file of a table, for messages."""
        return f"{self.name}/{table}.csv"

    def label_of(self, row: Row) -> str:
        """Name of the file in which a row stands, whatever table a start has put it in."""
        return self.label(row.table)

    @cached_property
    def parameters(self) -> dict[str, tuple[float, Prior]]:
        """Central value and prior of process parameters that this start replaces, by name."""
        if self.start == "production":
            return {}
        rows = self.tables["history_assumptions"]
        return {row["id"]: (row["value"], row["prior"]) for row in rows}

    @cached_property
    def core(self) -> int:
        """Index of the core zone."""
        return self.zones.index(self.settings["core_zone"])

    def column(self, table: str, name: str) -> Array:
        """One column of a table as an array, in the order of its rows."""
        return np.array([row[name] for row in self.tables[table]])

    # -- geography ---------------------------------------------------------------
    @cached_property
    def city_of_zone(self) -> Array:
        """(zone,) index of the city of each zone."""
        return np.array([self.cities.index(row["city"]) for row in self.tables["zones"]])

    @cached_property
    def in_city(self) -> Array:
        """(city, zone) 1 where the zone belongs to the city."""
        return (np.arange(len(self.cities))[:, None] == self.city_of_zone).astype(float)

    @cached_property
    def same_city(self) -> Array:
        """(zone, to_zone) whether two zones share their city."""
        return self.city_of_zone[:, None] == self.city_of_zone

    @cached_property
    def distance(self) -> Array:
        """(place, place) [km] great-circle distance between seats."""
        rows = self.tables["zones"] + self.tables["regions"]
        latitude = np.radians([row["latitude"] for row in rows])
        longitude = np.radians([row["longitude"] for row in rows])
        return great_circle(latitude, longitude)

    def region_set(self, name: str) -> tuple[tuple[str, ...], Array]:
        """Regions of a set and their weights, (region, zone): exact algebra on zones.

        Raises
        ------
        KeyError
            An unknown set.
        """
        rows = [row for row in self.tables["region_sets"] if row["region_set"] == name]
        if not rows:
            raise KeyError(f"unknown region set {name!r}{nearest(name, self.region_sets)}")
        regions = tuple(dict.fromkeys(row["region"] for row in rows))
        weights = np.zeros((len(regions), len(self.zones)))
        for row in rows:
            weights[regions.index(row["region"]), self.zones.index(row["zone"])] += row["weight"]
        return regions, weights

    @cached_property
    def region_sets(self) -> tuple[str, ...]:
        """Names of the region sets."""
        return self._ids("region_sets", "region_set")

    @cached_property
    def report_only(self) -> dict[str, tuple[str, ...]]:
        """Regions of a set that are not simulated, by set: only what was counted is known."""
        found: dict[str, dict[str, None]] = {}
        for row in self.tables["report_only"]:
            found.setdefault(row["region_set"], {})[row["region"]] = None
        return {name: tuple(regions) for name, regions in found.items()}

    @cached_property
    def statistics(self) -> tuple[tuple[str, ...], Array]:
        """Regions for which published city statistics are drawn up, and their weights."""
        return self.region_set(self.settings["statistics_region_set"])

    @cached_property
    def assumed_numbers(self) -> tuple[tuple[str, float, Prior], ...]:
        """Name, central value and prior of everything assumed of this area."""
        found = [(row["id"], row["value"], row["prior"]) for row in self.tables["assumptions"]]
        found += [
            (f"schooling.{row['level']}.{row['year']}", row["probability"], row["prior"])
            for row in self.tables["schooling"]
        ]
        return tuple(found)

    # -- series ------------------------------------------------------------------
    @cached_property
    def _found(self) -> dict[Any, Array]:
        """Series looked up before: every block of draws asks for the same ones."""
        return {}

    def statistic(self, table: str, year: int, **where: str) -> Array:
        """(statistics region,) values of a city table in a year; NaN where there is none."""
        key = ("statistic", table, year, *sorted(where.items()))
        if key not in self._found:
            regions, _ = self.statistics
            values = np.full(len(regions), np.nan)
            for row in self.tables[table]:
                matches = all(row[name] == value for name, value in where.items())
                if matches and row["year"] == year and row["city"] in regions:
                    values[regions.index(row["city"])] = row["value"]
            self._found[key] = values
        return self._found[key].copy()

    def by_zone(self, table: str, value: str = "persons", **where: Any) -> Array:
        """(zone,) sum of a zone table's values over the rows that match, unit converted."""
        key = ("by zone", table, value, *sorted(where.items()))
        if key not in self._found:
            values = np.zeros(len(self.zones))
            position = {zone: index for index, zone in enumerate(self.zones)}
            for row in self.tables[table]:
                if all(row[name] == wanted for name, wanted in where.items()):
                    values[position[row["zone"]]] += row[value] * SCALE.get(row["unit"], 1.0)
            self._found[key] = values
        return self._found[key].copy()


def great_circle(latitude: Array, longitude: Array) -> Array:
    """Distances on the mean sphere (radius 6371.0088 km), all pairs.

    Parameters
    ----------
    latitude, longitude : (n,) [radians]

    Returns
    -------
    (n, n) [km]

    Examples
    --------
    >>> quarter = great_circle(np.radians([0.0, 90.0]), np.radians([0.0, 0.0]))
    >>> round(float(quarter[0, 1]), 1)
    10007.6
    """
    half = np.sin((latitude[:, None] - latitude) / 2) ** 2
    wide = np.sin((longitude[:, None] - longitude) / 2) ** 2
    chord = half + np.cos(latitude)[:, None] * np.cos(latitude) * wide
    return 2 * 6371.0088 * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
