"""How indicators are made of the variables of a result, one function for each way.

Each takes the result, the study area, the name of the variable with what it is a part of or
weighted by, and the region set; each returns ``(..., region)``.
"""

from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from outputs.regions import ZONES, by_region, region_weights, seats, spread

if TYPE_CHECKING:
    import xarray as xr


What = tuple[str, str]


def _sum(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    return by_region(dataset[what[0]], area, region_set)


def _sectors(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    array = dataset[what[0]].sum("sector", keep_attrs=True, skipna=False)
    return by_region(array, area, region_set)


def _share(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    """Share of value added; ``of`` is a sector, a family of sectors, or a published sector."""
    columns = ("sector", "family", "census_row", "published_sector")
    chosen = [what[1] in {row[c] for c in columns} for row in area.tables["sectors"]]
    output = dataset["output"]
    part = output.isel(sector=np.flatnonzero(chosen)).sum("sector", keep_attrs=True, skipna=False)
    whole = output.sum("sector", keep_attrs=True, skipna=False)
    return by_region(part, area, region_set) / by_region(whole, area, region_set)


def _weighted(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    weight = dataset[what[1]]
    value = (dataset[what[0]] * weight).assign_attrs(over_zones="sum")
    return by_region(value, area, region_set) / by_region(weight, area, region_set)


def _ratio(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    """Total over total, NaN where there is nothing to divide by."""
    top, bottom = (by_region(dataset[v], area, region_set) for v in what[1].split(" / "))
    return top / bottom.where(bottom != 0)


def _seats(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    """Longest time over the seats that lie mostly in the region."""
    regions, weights = region_weights(area, region_set)
    values = dataset[what[0]]
    none = np.full(values.isel(zone=0).shape, np.nan)
    columns = [
        values.sel(zone=zones).max("zone").values if zones else none
        for zones in seats_of_regions(area, region_set)
    ]
    return spread(values, "zone", regions, weights).copy(data=np.stack(columns, axis=-1))


def seats_of_regions(area: Area, region_set: str) -> list[list[str]]:
    """Seats that count for each region of a set; a zone on its own counts as its own seat.

    The core's own city stands for itself where there are several regions, and is left out of
    the only one: what is asked is how far the *other* cities are.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> seats_of_regions(load_area(), "cities7")[2]
    ['shuncheng', 'shenfu']
    """
    regions, weights = region_weights(area, region_set)
    if region_set == ZONES:
        return [[zone] for zone in area.zones]
    core_seat = seats(area)[area.cities[area.city_of_zone[area.core]]]
    found: list[list[str]] = [[] for _ in regions]
    for zone in seats(area).values():
        found[int(weights[:, area.zones.index(zone)].argmax())].append(zone)
    for zones in found:
        if core_seat in zones and len(zones) > 1:
            zones[:] = [z for z in zones if (z == core_seat) == (len(regions) > 1)]
    return found


def _rung(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    """Technology firms on a rung of their ladder or above; ``of`` is the variable and the rung."""
    name, stage = what[1].split(" at ")
    array = dataset[name].sel(stage=stage, drop=True)
    return by_region(array, area, region_set)


def _whole(dataset: "xr.Dataset", area: Area, what: What, region_set: str) -> "xr.DataArray":
    """A number of the whole area, NaN for regions that are less than that."""
    regions, weights = region_weights(area, region_set)
    full = np.where((weights >= 1).all(axis=1), 1.0, np.nan)
    array = dataset[what[0]].expand_dims(zone=1, axis=-1)
    return spread(array, "zone", regions, np.ones((len(regions), 1))) * full


FORMULAS = {
    "sum": _sum,
    "sectors": _sectors,
    "share": _share,
    "weighted": _weighted,
    "ratio": _ratio,
    "seats": _seats,
    "rung": _rung,
    "whole": _whole,
}
