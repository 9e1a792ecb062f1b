"""Borders that a move crosses: of cities, and of where one is registered.

The penalty of living where one is not registered falls on locals who leave their city, and those
registered in a region shed it by moving there. Who crosses a border changes class: registered here,
elsewhere in the province, or beyond it (:mod:`model.processes.migration` uses both).
"""

import numpy as np

from model.area import Area
from model.axes import BEYOND, ELSEWHERE, HUKOU, LOCAL, Array


def penalised(area: Area) -> Array:
    """Change of the hukou penalty by a move, (group, place, place) [1]: +1 gained, -1 shed.

    Locals gain it with the border of their city; those registered elsewhere shed it in the
    regions where they may be registered; graduates, whose hukou a university may hold, have none.
    """
    zones = len(area.zones)
    same_province = area.column("regions", "same_province").astype(bool)
    change = np.zeros((len(HUKOU) + 1, len(area.places), len(area.places)))
    change[LOCAL] = other_city(area)
    change[ELSEWHERE, :zones, zones:] = -1.0 * same_province
    change[BEYOND, :zones, zones:] = -1.0 * ~same_province
    return change


def other_city(area: Area) -> Array:
    """(place, place) 1 where a move crosses a city border."""
    label = np.concatenate([area.city_of_zone, len(area.cities) + np.arange(len(area.regions))])
    return (label[:, None] != label).astype(float)


def landing_classes(area: Area) -> Array:
    """Hukou class of those who do not come home, by class before, origin and goal.

    Returns
    -------
    (hukou, place, place) [1]
        Locals stay so within their city and are registered elsewhere beyond it; people of a
        region are registered in it, within the province or not.
    """
    zones = len(area.zones)
    same_province = area.column("regions", "same_province").astype(bool)
    classes = np.zeros((len(HUKOU), len(area.places), len(area.places)), dtype=np.int8)
    classes[LOCAL, :zones, :zones] = np.where(area.same_city, LOCAL, ELSEWHERE)
    classes[ELSEWHERE, :zones, :zones] = ELSEWHERE
    classes[BEYOND, :zones, :zones] = BEYOND
    classes[:, zones:, :zones] = np.where(same_province, ELSEWHERE, BEYOND)[:, None]
    return classes
