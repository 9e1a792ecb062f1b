"""The head count at year-end: residents by place, age, education and registration.

Three populations of a city: residents; the registered, who are its local residents and those
living away; the floating, its residents registered in another city or province.
"""

from typing import TYPE_CHECKING

import numpy as np

from model.axes import ELSEWHERE, LOCAL, Array
from model.contract import Process
from model.parameters import Params
from model.world import total

if TYPE_CHECKING:
    from model.world import World


# -- equations ---------------------------------------------------------------------


def by_city(people: Array, in_city: Array) -> Array:
    """People by city from people by zone: ``(draw, zone, ...)`` gives ``(draw, city, ...)``.

    Examples
    --------
    >>> by_city(np.ones((1, 3, 2, 101)), np.array([[1, 1, 0], [0, 0, 1.0]]))[0, :, 0, 0].tolist()
    [2.0, 1.0]
    """
    draws, zones, *cells = people.shape
    summed = np.matmul(in_city, people.reshape(draws, zones, -1))
    return summed.reshape(draws, len(in_city), *cells)


# -- action ------------------------------------------------------------------------


def act(world: "World", p: Params) -> None:
    """Everybody is counted."""
    zones, in_city = len(world.area.zones), world.area.in_city
    schooled, classed = world.population.schooled(), world.population.classed()
    world["people"] = schooled.sum(axis=2)
    world["residents_by_hukou"] = classed[:, :zones].sum(axis=(3, 4)).swapaxes(1, 2)
    world["population"] = world["residents_by_hukou"].sum(axis=1)
    world["population_by_age"] = by_city(world["people"][:, :zones], in_city)
    world["population_by_education"] = by_city(schooled[:, :zones].sum(axis=3), in_city)
    world["external_population"] = world["people"][:, zones:].sum(axis=(2, 3))
    local = total(world["residents_by_hukou"][:, LOCAL], in_city)
    world["registered"] = local + world["living_away"].sum(axis=1)
    world["floating"] = world["residents_by_hukou"][:, ELSEWHERE:].sum(axis=1)


HEAD_COUNT = Process(
    "head count",
    reads=("living_away",),
    writes=(
        "people",
        "population",
        "population_by_age",
        "population_by_education",
        "residents_by_hukou",
        "external_population",
        "registered",
        "floating",
    ),
    act=act,
    about="residents, registered and floating people at year-end",
)
