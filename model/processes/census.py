"""The head count at year-end: residents by place, age, education and registration.

Three populations of a city: residents; the registered, who are its local residents and those
living away; the floating, its residents registered in another city or province.
"""

import numpy as np

from model.axes import ELSEWHERE, LOCAL, total
from model.contract import Process
from model.parameters import Params
from model.world import World

# -- action ------------------------------------------------------------------------


def act(world: World, p: Params) -> None:
    """Everybody is counted."""
    from model.kernels.people import count

    area, schooled = world.area, world.population.schooled()
    zones, in_city = len(area.zones), area.in_city
    draws, places, levels, *cells = schooled.shape
    people, by_age = (np.empty((draws, rows, *cells)) for rows in (places, len(in_city)))
    by_education = np.empty((draws, len(in_city), levels, cells[-1]))
    count(schooled, area.city_of_zone, people, by_age, by_education)
    world["people"], world["population_by_age"] = people, by_age
    world["population_by_education"] = by_education
    world["residents_by_hukou"] = world.population.registered()[:, :zones].swapaxes(1, 2)
    world["population"] = world["residents_by_hukou"].sum(axis=1)
    world["external_population"] = people[:, zones:].sum(axis=(2, 3))
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
