r"""Births: who bears children, at what age, and when newborns join.

.. math::

    f_{c,e,a,t} = F_{c,t}\,\kappa_c\,e^{g e}\,\phi(a; \mu_t + \delta e - \mu^*), \qquad
    B_z = \sum_{e,a} f_{c,e,a,t}\,\tfrac12 (N_{z,e,a,f} + N^+_{z,e,a,f})

The constant :math:`\kappa` makes the rates, weighted by the education that the women of a city had
in the base year, sum to its level :math:`F`; the constant :math:`\mu^*` makes the mean age of the
rates of all women of the area :math:`\mu` in that year. From then on schooling acts: where more
women are taught further, the total fertility rate of the city is lower than its level, and the mean
age is higher. Half of the year's births fall to women where they lived at its start (before deaths
and moves), half where they live at its end. A child has its mother's hukou class.

Sources: Rogers (1975); Preston, Heuveline, Guillot (2001), chapter 5; education gradient assumed.
"""

import numpy as np

from model.axes import (
    AGES,
    EDUCATION,
    FEMALE,
    FIRST_BIRTH,
    LAST_BIRTH,
    Array,
    lift,
    ratio,
    total,
)
from model.contract import Process
from model.processes.demography import DemographyParams
from model.world import World

MIDDLE_LEVEL = (len(EDUCATION) - 1) / 2
HALF = 0.5
"""Part of a year in which children are born to women where they are counted [yr]."""
ROUNDS = 20
"""Steps to the mean age at birth, each of which leaves a small part of what is missing."""


# -- equations ---------------------------------------------------------------------


def fertility_schedule(mean_age: Array, spread: Array) -> Array:
    r"""Share of lifetime births at each single age, normal on ages 15-49.

    Parameters
    ----------
    mean_age : (draw, education) [years]
        Mean age at birth.
    spread : (draw,) [years]
        Standard deviation.

    Returns
    -------
    (draw, education, age) [1/yr]
        Sums to one over ages 15-49, zero elsewhere.

    Notes
    -----
    A normal curve understates very young mothers; a gamma curve would differ by under
    two percent at any age.

    Examples
    --------
    >>> phi = fertility_schedule(np.array([[28.8]]), np.array([5.2]))
    >>> round(float(phi.sum()), 12), int(phi.argmax())
    (1.0, 28)
    """
    middle = AGES + 0.5
    curve = np.exp(-0.5 * ((middle - mean_age[:, :, None]) / lift(spread, 2)) ** 2)
    curve = np.where((AGES >= FIRST_BIRTH) & (AGES <= LAST_BIRTH), curve, 0.0)
    return curve / curve.sum(axis=2, keepdims=True)


def rates_by_education(elapsed: float, p: DemographyParams, shift: Array | float = 0.0) -> Array:
    """Births by education and age up to the level of the city.

    Parameters
    ----------
    elapsed : float [years]
        Since the base year.
    p : DemographyParams
    shift : (draw,) [years]
        Mean age at birth of the middle of the levels beyond that of all women in the base year,
        see :func:`shift_of`; by default none.

    Returns
    -------
    (draw, education, age) [1/yr]

    Examples
    --------
    >>> rates = rates_by_education(0.0, DemographyParams()).sum(axis=2)[0]
    >>> round(float(np.log(rates[3] / rates[2])), 6)
    -0.1
    """
    step = np.arange(len(EDUCATION)) - MIDDLE_LEVEL
    mean = lift(p.childbearing_age, 1) + lift(p.childbearing_age_drift, 1) * elapsed
    mean = mean + lift(shift, 1)
    schedule = fertility_schedule(
        mean + lift(p.childbearing_age_gap, 1) * step, np.atleast_1d(p.fertility_spread)
    )
    return schedule * np.exp(lift(p.fertility_gradient, 1) * step)[:, :, None]


def shift_of(women: Array, p: DemographyParams) -> Array:
    """Years by which levels must move so that the rates have the mean age at birth declared.

    Parameters
    ----------
    women : (education, age) [persons]
        Of the study area in the base year.
    p : DemographyParams

    Returns
    -------
    (draw,) [years]
        Below zero where women are taught further than the middle of the levels.

    Examples
    --------
    >>> taught = np.zeros((4, 101)); taught[3] = 1.0
    >>> shift = shift_of(taught, DemographyParams())
    >>> rates = rates_by_education(0.0, DemographyParams(), shift)[0, 3]
    >>> round(float((rates * (AGES + 0.5)).sum() / rates.sum()), 9)
    28.8
    """
    share = ratio(women, women.sum(axis=0), 1 / len(EDUCATION))
    shift = np.zeros(1)
    for _ in range(ROUNDS):
        rates = (share * rates_by_education(0.0, p, shift)).sum(axis=1)
        mean = (rates * (AGES + 0.5)).sum(axis=1) / rates.sum(axis=1)
        shift = shift + np.asarray(p.childbearing_age) - mean
    return shift


def of_cities(by_zone: Array, women: Array, in_city: Array) -> Array:
    """Total fertility of cities: zones by their women of childbearing age.

    Parameters
    ----------
    by_zone : (draw, zone) [births per woman]
    women : (draw, zone) [persons]
    in_city : (city, zone) [1]

    Returns
    -------
    (draw, city) [births per woman]
        The plain mean of a city without women.

    Examples
    --------
    >>> rates, women = np.array([[1.0, 2.0, 5.0]]), np.array([[3.0, 1.0, 0.0]])
    >>> of_cities(rates, women, np.array([[1.0, 1, 0], [0, 0, 1]])).tolist()
    [[1.25, 5.0]]
    """
    held = total(women, in_city)
    plain = total(by_zone, in_city) / in_city.sum(axis=1)
    return np.where(held > 0, ratio(total(by_zone * women, in_city), held), plain)


def schooled_fertility(women: Array, rates: Array, groups: Array) -> Array:
    """Total fertility that rates by education imply for the women of each group of places.

    Parameters
    ----------
    women : (draw, place, education, age) [persons]
    rates : (draw, education, age) [1/yr]
    groups : (group, place) [1]
        Membership.

    Returns
    -------
    (draw, group) [births per woman]
        An age without women takes equal shares of all levels.

    Examples
    --------
    >>> women, rates = np.ones((1, 1, 4, 101)), np.full((1, 4, 101), 0.01)
    >>> round(float(schooled_fertility(women, rates, np.ones((1, 1)))[0, 0]), 4)
    0.35
    """
    from model.kernels.fertility import imply

    found = np.empty((len(rates), len(groups)))
    imply(np.broadcast_to(women, (len(rates), *women.shape[1:])), rates, groups, found)
    return found


# -- actions -----------------------------------------------------------------------


def base_schooled(
    women: Array, groups: Array, p: DemographyParams, shift: Array | float = 0.0
) -> Array:
    """What rates by education sum to for the women counted in the base year, at every place.

    Parameters
    ----------
    women : (place, education, age) [persons]
    groups : (group, place) [1]
        Membership.
    p : DemographyParams
    shift : (draw,) [years]
        As of :func:`rates_by_education`.

    Returns
    -------
    (draw, place) [births per woman]

    Examples
    --------
    >>> women = np.zeros((1, 4, 101)); women[:, 2] = 1.0
    >>> float(base_schooled(women, np.ones((1, 1)), DemographyParams())[0, 0].round(4))
    0.9512
    """
    found = schooled_fertility(women[None], rates_by_education(0.0, p, shift), groups)
    return np.matmul(found[:, None], groups)[:, 0]


def act_fertility(world: World, p: DemographyParams) -> None:
    """Rates of the year, and the births before anybody dies or moves."""
    zones, fixed = len(world.area.zones), world.fixed
    by_place = world["fertility_level"][:, None] * np.exp(fixed["fertility_offset"])
    by_place[:, :zones] += world["policy_fertility"]
    rates = rates_by_education(world.elapsed, p, fixed["childbearing_shift"])
    women = world.population.schooled()[:, :, :, FEMALE]
    groups = fixed["fertility_groups"]
    level = by_place / fixed["base_schooled_fertility"]
    implied = np.matmul(schooled_fertility(women, rates, groups)[:, None], groups)[:, 0]
    able = women[:, :zones, :, FIRST_BIRTH : LAST_BIRTH + 1].sum(axis=(2, 3))
    by_zone = (level * implied)[:, :zones]
    world["total_fertility_rate"] = of_cities(by_zone, able, world.area.in_city)
    world["fertility_scale"], world["fertility_rate"] = level, rates
    early = world.population.bear(level * HALF, rates, "early births")
    world["early_births_by_hukou"], world["early_births_by_age"] = early.by_hukou, early.by_age


def act_births(world: World, p: DemographyParams) -> None:
    """Births where women live at year-end; all newborns of the year join the population."""
    level, rates = world["fertility_scale"], world["fertility_rate"]
    late = world.population.bear(level * HALF, rates, "late births")
    boys = np.asarray(p.sex_ratio_at_birth / (1 + p.sex_ratio_at_birth))
    infant_deaths = world.population.settle_newborns(boys, world["newborn_survival"])
    zones = len(world.area.zones)
    by_hukou = world["early_births_by_hukou"] + late.by_hukou
    world["births_by_hukou"] = by_hukou[:, :, :zones]
    world["births_by_age"] = world["early_births_by_age"][:, :zones] + late.by_age[:, :zones]
    born = by_hukou.sum(axis=1)
    world["births"], world["births_outside"] = born[:, :zones], born[:, zones:]
    world["infant_deaths_by_hukou"] = infant_deaths.swapaxes(1, 2)
    world["infant_deaths"] = infant_deaths.sum(axis=2)


FERTILITY = Process(
    "fertility",
    reads=("policy_fertility", "fertility_level"),
    writes=(
        "total_fertility_rate",
        "fertility_scale",
        "fertility_rate",
        "early_births_by_hukou",
        "early_births_by_age",
    ),
    act=act_fertility,
    params=DemographyParams,
    about="rates of the year; births where women live at its start",
)
BIRTHS = Process(
    "births",
    reads=(
        "fertility_scale",
        "fertility_rate",
        "early_births_by_hukou",
        "early_births_by_age",
        "newborn_survival",
    ),
    writes=(
        "births",
        "births_by_age",
        "births_by_hukou",
        "births_outside",
        "infant_deaths",
        "infant_deaths_by_hukou",
    ),
    act=act_births,
    params=DemographyParams,
    about="births where women live at year-end; newborns join",
)
