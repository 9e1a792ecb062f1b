r"""Births: who bears children, at what age, and when newborns join.

.. math::

    f_{c,e,a,t} = F_{c,t}\,\kappa_c\,e^{g e}\,\phi(a; \mu_t + \delta (e - \bar e)), \qquad
    B_z = \sum_{e,a} f_{c,e,a,t}\,\tfrac12 (N_{z,e,a,f} + N^+_{z,e,a,f})

The constant :math:`\kappa` makes the rates, weighted by the education that the women of a city had
in the base year, sum to its level :math:`F`. From then on schooling acts: where more women are
taught further, the total fertility rate of the city is lower than its level. Half of the year's
births fall to women where they lived at its start (before deaths and moves), half where they live
at its end. A child has its mother's hukou class.

Sources: Rogers (1975); Preston, Heuveline, Guillot (2001), chapter 5; education gradient assumed.
"""

import numpy as np

from model.axes import AGES, EDUCATION, FEMALE, FIRST_BIRTH, LAST_BIRTH, Array, lift
from model.contract import Process
from model.processes.demography import DemographyParams
from model.world import World

MIDDLE_LEVEL = (len(EDUCATION) - 1) / 2
HALF = 0.5
"""Part of a year in which children are born to women where they are counted [yr]."""


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


def rates_by_education(elapsed: float, p: DemographyParams) -> Array:
    """Births by education and age up to the level of the city.

    Parameters
    ----------
    elapsed : float [years]
        Since the base year.
    p : DemographyParams

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
    schedule = fertility_schedule(
        mean + lift(p.childbearing_age_gap, 1) * step, np.atleast_1d(p.fertility_spread)
    )
    return schedule * np.exp(lift(p.fertility_gradient, 1) * step)[:, :, None]


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


def base_schooled(women: Array, groups: Array, p: DemographyParams) -> Array:
    """What rates by education sum to for the women counted in the base year, at every place.

    Parameters
    ----------
    women : (place, education, age) [persons]
    groups : (group, place) [1]
        Membership.
    p : DemographyParams

    Returns
    -------
    (draw, place) [births per woman]

    Examples
    --------
    >>> women = np.zeros((1, 4, 101)); women[:, 2] = 1.0
    >>> float(base_schooled(women, np.ones((1, 1)), DemographyParams())[0, 0].round(4))
    0.9512
    """
    found = schooled_fertility(women[None], rates_by_education(0.0, p), groups)
    return np.matmul(found[:, None], groups)[:, 0]


def act_fertility(world: World, p: DemographyParams) -> None:
    """Rates of the year, and the births before anybody dies or moves."""
    zones, fixed = len(world.area.zones), world.fixed
    by_place = world["fertility_level"][:, None] * np.exp(fixed["fertility_offset"])
    by_place[:, :zones] += world["policy_fertility"]
    rates = rates_by_education(world.elapsed, p)
    women = world.population.schooled()[:, :, :, FEMALE]
    groups = fixed["fertility_groups"]
    level = by_place / fixed["base_schooled_fertility"]
    implied = np.matmul(schooled_fertility(women, rates, groups)[:, None], groups)[:, 0]
    world["total_fertility_rate"] = (level * implied)[:, fixed["first_zone_of_city"]]
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
