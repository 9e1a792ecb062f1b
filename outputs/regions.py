"""Results by region: zones and cities added up with exact weights, and indicators made of them.

Here ``region`` is a region of a region set of the study area (a city as published, the whole
area), not an external region. A zone may be shared between regions; its weights add up to one,
so that a total over regions is the total over zones.

A set may also have regions that are not simulated (table ``report_only``). They have no zone:
their value is what was counted, in the years that have a count, and NaN in all others.
"""

from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError, nearest

if TYPE_CHECKING:
    import xarray as xr


ZONES = "zones"


def region_weights(area: Area, region_set: str) -> tuple[tuple[str, ...], Array]:
    """Regions of a set and their weights, ``(region, zone) [1]``; ``zones`` is each zone alone.

    Regions that are not simulated come last, with weights of zero.

    Raises
    ------
    ProblemsError
        An unknown region set.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> regions, weights = region_weights(load_area(), "cities7")
    >>> len(regions), round(float(weights.sum()), 6)
    (7, 55.0)
    >>> regions, weights = region_weights(load_area(), "zone2016")
    >>> regions[-1], float(weights[-1].sum()), round(float(weights.sum()), 6)
    ('yingkou', 0.0, 55.0)
    """
    if region_set == ZONES:
        return area.zones, np.eye(len(area.zones))
    if region_set not in area.region_sets:
        known = (*area.region_sets, ZONES)
        message = f"unknown {region_set!r}{nearest(region_set, known)}"
        raise ProblemsError([Problem("arguments", None, "region_set", message)])
    regions, weights = area.region_set(region_set)
    outside = area.report_only.get(region_set, ())
    return (*regions, *outside), np.vstack([weights, np.zeros((len(outside), len(area.zones)))])


def city_weights(area: Area, region_set: str) -> tuple[tuple[str, ...], Array]:
    """Regions of a set and the share of each city in them, ``(region, city) [1]``.

    Raises
    ------
    ProblemsError
        A region that takes some zones of a city and not others: a city's number cannot be split.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> area = load_area()
    >>> _, weights = city_weights(area, "cities7")
    >>> round(float(weights[0, area.cities.index("shenfu")]) * 171820)
    42312
    """
    regions, weights = region_weights(area, region_set)
    of_city = np.zeros((len(regions), len(area.cities)))
    split = []
    for city, name in enumerate(area.cities):
        parts = weights[:, area.city_of_zone == city]
        of_city[:, city] = parts[:, 0]
        if np.ptp(parts, axis=1).max() > 1e-12:
            split.append(name)
    if split:
        message = f"{region_set} cuts through {', '.join(split)}: known by city only"
        raise ProblemsError([Problem("arguments", None, "region_set", message)])
    return regions, of_city


def by_region(array: "xr.DataArray", area: Area, region_set: str) -> "xr.DataArray":
    """Sum of a variable over the zones, or cities, of each region.

    Parameters
    ----------
    array : xarray.DataArray
        Variable of a result with dimension ``zone`` or ``city`` and attribute ``over_zones``.
    area : Area
        Study area of the result.
    region_set : str
        Set of the area, or ``zones``.

    Returns
    -------
    xarray.DataArray
        ``(..., region)`` in the unit of the variable; the place dimension is the last. A region
        that is not simulated has what was counted of a variable of that name, alike in every
        scenario and draw, and NaN elsewhere: give it levels, not differences.

    Raises
    ------
    ProblemsError
        A variable that does not add up over zones, or has no place at all.

    Examples
    --------
    >>> import xarray as xr
    >>> from model.area_loading import load_area
    >>> area = load_area()
    >>> ones = xr.DataArray(np.ones(55), dims="zone", attrs={"over_zones": "sum"})
    >>> round(float(by_region(ones, area, "cities7").sel(region="shenyang")), 4)
    13.2463
    >>> ones.name, ones.coords["year"] = "population", 2020
    >>> int(by_region(ones, area, "zone2016").sel(region="yingkou"))
    2328582
    """
    place = next((dim for dim in ("zone", "city") if dim in array.dims), None)
    how = array.attrs.get("over_zones", "none")
    if place is None or how != "sum":
        reason = "has no zone or city" if place is None else f"does not add up ({how})"
        message = f"{array.name or 'the array'} {reason}; use indicator() where it is listed"
        raise ProblemsError([Problem("arguments", None, "variable", message)])
    pick = region_weights if place == "zone" else city_weights
    regions, weights = pick(area, region_set)
    found = spread(array, place, regions, weights)
    return with_counts(found, area, region_set)


def with_counts(found: "xr.DataArray", area: Area, region_set: str) -> "xr.DataArray":
    """Counts in place of the sums over no zone, for the regions that are not simulated."""
    outside = area.report_only.get(region_set, ())
    if not outside:
        return found
    found = found.where(~found["region"].isin(outside))
    if "year" not in found.coords:
        return found
    for row in area.tables["report_only"]:
        if (row["region_set"], row["variable"]) == (region_set, found.name):
            counted = (found["region"] == row["region"]) & (found["year"] == row["year"])
            found = found.where(~counted, row["value"])
    return found


def spread(
    array: "xr.DataArray", place: str, regions: tuple[str, ...], weights: Array
) -> "xr.DataArray":
    """Weighted sum ``(..., region)`` of an array over its place dimension; attributes stay.

    A region takes nothing from a place of weight zero, whatever its value (NaN included).
    """
    import xarray as xr

    last = array.transpose(..., place)
    values = np.stack([last.values[..., row > 0] @ row[row > 0] for row in weights], axis=-1)
    coords = {
        name: coord
        for name, coord in last.coords.items()
        if place not in coord.dims and name != "region"
    }
    coords["region"] = ("region", np.array(regions, dtype=object))
    return xr.DataArray(
        values, coords=coords, dims=(*last.dims[:-1], "region"), name=array.name, attrs=array.attrs
    )


def seats(area: Area) -> dict[str, str]:
    """Zone of the seat of each city, from the table of cities.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> seats(load_area())["anshan"]
    'tiedong'
    """
    return {row["city"]: row["seat"] for row in area.tables["cities"]}


def locate(area: Area, region: str, region_set: str | None = None) -> str:
    """Region set that holds a region: the one asked for, else the first that does.

    Raises
    ------
    ProblemsError
        No set has such a region.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> locate(load_area(), "metro"), locate(load_area(), "shenfu")
    ('metro', 'cities7plus1')
    >>> locate(load_area(), "anshan"), locate(load_area(), "yingkou")
    ('cities7', 'zone2016')
    """
    first = region_set or area.settings["default_region_set"]
    order = dict.fromkeys((first, *area.region_sets, ZONES))
    for name in order:
        if region in region_weights(area, name)[0]:
            return name
    known = [r for name in order for r in region_weights(area, name)[0]]
    message = f"unknown {region!r}{nearest(region, list(dict.fromkeys(known)))}"
    raise ProblemsError([Problem("arguments", None, "region", message)])


def default_regions(area: Area, region_set: str | None = None) -> tuple[str, ...]:
    """Regions of a set, followed by the whole area where a set of one region stands for it.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> default_regions(load_area())[-2:]
    ('tieling', 'metro')
    """
    name = region_set or area.settings["default_region_set"]
    return tuple(dict.fromkeys((*region_weights(area, name)[0], *whole_areas(area))))


def whole_areas(area: Area) -> tuple[str, ...]:
    """Names of the whole area: the regions that are alone in their set.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> whole_areas(load_area())
    ('metro',)
    """
    whole = [r for s in area.region_sets if len(r := area.region_set(s)[0]) == 1]
    return tuple(dict.fromkeys(region for regions in whole for region in regions))
