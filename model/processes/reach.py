r"""Reach: what lies within the hour, access to jobs, and who belongs to the commuting region.

.. math::

    A_i = \frac{\sum_j L_j e^{-\nu \tau_{ij}}}{\sum_j L_{j0} e^{-\nu \tau_{ij0}}}, \qquad
    share_c = \frac{\sum_{i \in c} \sum_{j \in core} F_{ij}}{\sum_{i \in c} \sum_j F_{ij}}

A city belongs to the functional commuting region when at least 10 % (or, in the wider reading,
5 %) of its employed residents work in the core city. Times to the core are read door to door and
station to station (trains only, the reading most favourable to a plan).

Sources: OECD and EU functional urban areas (2012; 15 %) and Japan's metropolitan employment areas
(10 and 5 %) for the rules; Hansen (1959) for access.
"""

import numpy as np

from model.axes import Array, ratio, total
from model.contract import Process
from model.parameters import Params
from model.processes.nearness import nearness
from model.world import World

HOUR = 60.0
RULES = {"commuting_region_narrow": 0.10, "commuting_region_wide": 0.05}


# -- equations ---------------------------------------------------------------------


def share_within(minutes: Array, people: Array, limit: float) -> Array:
    """Share of people (or jobs) whose time is within a limit, (draw,) [1].

    Examples
    --------
    >>> share_within(np.array([[30.0, 90.0]]), np.array([[1.0, 3.0]]), 60.0).tolist()
    [0.25]
    """
    return (people * (minutes <= limit)).sum(axis=1) / people.sum(axis=1)


def job_potential(jobs: Array, cost: Array, decay: Array) -> Array:
    """Jobs within reach, each weighted by how willingly people would go there.

    Parameters
    ----------
    jobs : (draw, zone) [persons]
    cost : (draw, zone, to_zone) [minutes]
    decay : (draw,) [1/min]

    Returns
    -------
    (draw, zone) [persons]

    Examples
    --------
    >>> none = np.zeros((1, 1, 1))
    >>> job_potential(np.array([[7.0]]), none, np.array([0.05])).tolist()
    [[7.0]]
    """
    return np.matmul(nearness(cost, decay), jobs[:, :, None])[:, :, 0]


def share_to_core(commuters: Array, in_city: Array, core_city: int) -> Array:
    """Share of each city's employed residents who work in the core city.

    Parameters
    ----------
    commuters : (draw, zone, to_zone) [persons]
    in_city : (city, zone) [1]
    core_city : int
        Index; its own share is one by definition.

    Returns
    -------
    (draw, city) [1]

    Examples
    --------
    >>> share_to_core(np.array([[[8.0, 0.0], [1.0, 3.0]]]), np.eye(2), 0).tolist()
    [[1.0, 0.25]]
    """
    to_core = total(commuters, in_city[[core_city]])[:, :, 0]
    share = ratio(total(to_core, in_city), total(commuters.sum(axis=2), in_city))
    share[:, core_city] = 1.0
    return share


# -- action ------------------------------------------------------------------------


def act(world: World, p: Params) -> None:
    """Answers about the hour, access and the commuting region."""
    area = world.area
    people, jobs = world["population"], world["expected_jobs"].sum(axis=1)
    for ending, times in (("", "travel_time_to_core"), ("_by_station", "station_time_to_core")):
        world[f"population_within_hour{ending}"] = share_within(world[times], people, HOUR)
        world[f"jobs_within_hour{ending}"] = share_within(world[times], jobs, HOUR)
    near = world["mode_time"][..., area.core] <= HOUR
    reached = (people[:, None] * near).sum(axis=2)
    world["population_within_hour_by_mode"] = reached / people.sum(axis=1, keepdims=True)
    decay = world.params["commuting"].decay
    potential = job_potential(jobs, world["commuting_cost"], decay)
    base = world.fixed.setdefault("base_job_potential", potential)
    world["job_access"] = ratio(potential, base, 1.0)
    share = share_to_core(world["commuters"], area.in_city, int(area.city_of_zone[area.core]))
    world["core_commuter_share"] = share
    for name, rule in RULES.items():
        world[name] = (share >= rule).astype(float)


REACH = Process(
    "reach",
    reads=(
        "travel_time_to_core",
        "station_time_to_core",
        "mode_time",
        "expected_jobs",
        "commuting_cost",
        "commuters",
    ),
    remembers=("population",),
    writes=(
        "population_within_hour",
        "population_within_hour_by_station",
        "jobs_within_hour",
        "jobs_within_hour_by_station",
        "population_within_hour_by_mode",
        "job_access",
        "core_commuter_share",
        *RULES,
    ),
    act=act,
    params=Params,
    about="what lies within the hour, access to jobs, the commuting region",
)
