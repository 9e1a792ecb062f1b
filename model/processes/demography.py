r"""Births, deaths and ageing: the multiregional cohort-component account.

.. math::

    N^*_{z,a+1,s} = N_{z,a,s}\,S_{a,s,t}, \qquad
    B_z = \sum_a f_{c,a,t}\,\tfrac12 (N_{z,a,f} + N^+_{z,a,f}), \qquad
    f_{c,a,t} = TFR_{c,t}\,\phi(a)

    \ln TFR_{t+1} = \ln TFR_\infty + \rho(\ln TFR_t - \ln TFR_\infty) + \epsilon

Half of the year's births fall to women where they lived at its start (before deaths and moves),
half where they live at its end. No policy changes mortality.

Sources: Rogers (1975); Preston, Heuveline, Guillot (2001), chapters 3, 5, 6; death rates of the
area's table, scaled to the life expectancy of the province; fertility as an autoregression
(Raftery et al. 2012, PNAS 109, phase III).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.axes import AGES, FEMALE, Array
from model.contract import Process
from model.parameters import Params, par
from model.processes.life_table import life_expectancy, survivorship
from model.world import ratio

if TYPE_CHECKING:
    from model.area import Area
    from model.world import World


@dataclass(frozen=True)
class DemographyParams(Params):
    """Vital rates and their paths."""

    fertility: float = par(
        0.92, unit="births per woman", prior="Normal(0.92, 0.06)", low=0.3, high=3, id="D02",
        doc="total fertility rate in the base year",
        source="census 2020 long form, Liaoning", evidence="recalled",
    )  # fmt: skip
    fertility_long_run: float = par(
        1.0, unit="births per woman", prior="Normal(1.0, 0.2) on [0.55, 1.7]", low=0.4, high=3,
        id="D03", doc="level to which fertility reverts",
        source="UN World Population Prospects 2024, China about 1.0; no rebound assumed",
        evidence="recalled",
    )  # fmt: skip
    fertility_persistence: float = par(
        0.9, unit="1", prior="Beta(18, 2)", low=0, high=1, id="D04",
        doc="yearly persistence of the log of fertility",
        source="Raftery et al. 2012 PNAS 109, phase III", evidence="recalled",
    )  # fmt: skip
    fertility_shock: float = par(
        0.04, unit="1", prior="HalfNormal(0.05)", low=0, high=0.5, id="D05",
        doc="standard deviation of yearly shocks to the log of fertility",
        source="judgement on yearly births of the province", evidence="assumed",
    )  # fmt: skip
    childbearing_age: float = par(
        28.8, unit="years", prior="Normal(28.8, 0.4)", low=20, high=40, id="D06",
        doc="mean age at birth in the base year", source="census schedules", evidence="recalled",
    )  # fmt: skip
    childbearing_age_drift: float = par(
        0.08, unit="years/yr", prior="Normal(0.08, 0.03)", low=-0.5, high=0.5, id="D06",
        doc="yearly rise of the mean age at birth", source="census schedules", evidence="recalled",
    )  # fmt: skip
    sex_ratio_at_birth: float = par(
        1.07, unit="1", prior="Normal(1.07, 0.015)", low=0.9, high=1.3, id="D07",
        doc="boys per girl at birth", source="Northeast below the national 1.11",
        evidence="recalled",
    )  # fmt: skip
    life_expectancy: float = par(
        78.7, unit="years", prior="Normal(78.7, 0.4)", low=40, high=95, id="D08",
        doc="life expectancy at birth in the base year",
        source="census 2020 life tables, Liaoning", evidence="recalled",
    )  # fmt: skip
    life_expectancy_gain: float = par(
        0.14, unit="years/yr", prior="Normal(0.14, 0.05)", low=-0.5, high=0.6, id="D09",
        doc="yearly gain in life expectancy", source="Lee-Carter drift", evidence="recalled",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def fertility_schedule(mean_age: Array, spread: float = 5.2) -> Array:
    r"""Share of lifetime births at each single age, normal on ages 15-49.

    Parameters
    ----------
    mean_age : (draw,) [years]
        Mean age at birth.
    spread : float [years]
        Standard deviation.

    Returns
    -------
    (draw, age) [1/yr]
        Sums to one over ages 15-49, zero elsewhere.

    Notes
    -----
    A normal curve understates very young mothers; a gamma curve would differ by under
    two percent at any age.

    Examples
    --------
    >>> phi = fertility_schedule(np.array([28.8]))
    >>> round(float(phi.sum()), 12), int(phi.argmax())
    (1.0, 28)
    """
    middle = AGES + 0.5
    curve = np.exp(-0.5 * ((middle - np.asarray(mean_age)[:, None]) / spread) ** 2)
    curve = np.where((AGES >= 15) & (AGES <= 49), curve, 0.0)
    return curve / curve.sum(axis=1, keepdims=True)


def next_fertility(level: Array, p: DemographyParams, shock: Array) -> Array:
    """Total fertility of the coming year: mean-reverting in logs.

    Examples
    --------
    >>> one = next_fertility(np.array([0.92]), DemographyParams(), np.array([0.0]))
    >>> round(float(one[0]), 4)
    0.9277
    """
    gap = np.log(level) - np.log(p.fertility_long_run)
    log_next = np.log(p.fertility_long_run) + p.fertility_persistence * gap
    return np.exp(log_next + p.fertility_shock * shock)


def child_woman_ratio(people: Array, groups: Array) -> Array:
    """Children under 5 per woman aged 20-39, by group: what census counts say of fertility.

    Parameters
    ----------
    people : (place, sex, age) [persons]
    groups : (group, place) [1]
        Membership.

    Returns
    -------
    (group,) [1]
        NaN where a group has no such women.

    Examples
    --------
    >>> child_woman_ratio(np.ones((2, 2, 101)), np.eye(2)).tolist()
    [0.5, 0.5]
    """
    children = groups @ people[:, :, :5].sum(axis=(1, 2))
    women = groups @ people[:, FEMALE, 20:40].sum(axis=1)
    return ratio(children, women, empty=np.nan)


def scale_for(rates: Array, target: Array) -> Array:
    """Log factor on death rates that brings life expectancy (mean of both sexes) to a target.

    Parameters
    ----------
    rates : (sex, age) [1/yr]
    target : (draw,) [yr]

    Returns
    -------
    (draw,) [log]
        By bisection to 1e-12.

    Examples
    --------
    >>> flat = np.full((2, 101), 0.02)
    >>> round(float(np.exp(scale_for(flat, np.array([80.0])))[0]), 3)
    0.625
    """
    low, high = np.full(target.shape, -4.0), np.full(target.shape, 4.0)
    for _ in range(45):
        middle = (low + high) / 2
        reached = life_expectancy(rates * np.exp(middle)[:, None, None]).mean(axis=1)
        too_long = reached > target
        low, high = np.where(too_long, middle, low), np.where(too_long, high, middle)
    return (low + high) / 2


def invert(area: "Area", people: Array, rates: Array, p: DemographyParams) -> dict[str, Array]:
    """Base-year constants: the mortality scale and its yearly fall, fertility by place.

    Returns
    -------
    dict
        ``mortality_scale`` (draw,) [log], ``mortality_fall`` (draw,) [log/yr],
        ``fertility_offset`` (place,) [log] against the study area as a whole.
    """
    expected = np.asarray(p.life_expectancy)
    scale = scale_for(rates, expected)
    later = scale_for(rates, expected + 10 * np.asarray(p.life_expectancy_gain))
    cities, zones = len(area.cities), len(area.zones)
    groups = np.zeros((cities + len(area.regions), len(area.places)))
    groups[:cities, :zones] = area.in_city
    groups[cities:, zones:] = np.eye(len(area.regions))
    here = (np.arange(len(area.places)) < zones).astype(float)[None]
    offsets = np.log(child_woman_ratio(people, groups) / child_woman_ratio(people, here))
    return {
        "mortality_scale": scale,
        "mortality_fall": (scale - later) / 10,
        "fertility_offset": groups.T @ np.nan_to_num(offsets),
    }


# -- actions -----------------------------------------------------------------------


def act_mortality(world: "World", p: DemographyParams) -> None:
    """People die and grow a year older."""
    fixed = world.fixed
    log_scale = fixed["mortality_scale"] - fixed["mortality_fall"] * world.elapsed
    rates = fixed["death_rates"] * np.exp(log_scale)[:, None, None]
    surviving, newborn = survivorship(rates)
    world["newborn_survival"] = newborn
    world["survivorship"] = surviving[:, None]
    world["deaths"] = world.population.die(world["survivorship"])


def act_fertility(world: "World", p: DemographyParams) -> None:
    """Rates of the year, and the births before anybody dies or moves."""
    level = next_fertility(world["fertility_level"], p, world.shocks("fertility"))
    world["fertility_level"] = level
    zones = len(world.area.zones)
    by_place = level[:, None] * np.exp(world.fixed["fertility_offset"])
    by_place[:, :zones] += world["policy_fertility"]
    world["total_fertility_rate"] = by_place[:, world.fixed["first_zone_of_city"]]
    mean_age = np.asarray(p.childbearing_age + p.childbearing_age_drift * world.elapsed)
    world["fertility_rate"] = by_place[:, :, None] * fertility_schedule(mean_age)[:, None]
    world["early_births"] = world.population.bear(world["fertility_rate"] / 2, "early births")


def act_births(world: "World", p: DemographyParams) -> None:
    """Births where women live at year-end; all newborns of the year join the population."""
    late = world.population.bear(world["fertility_rate"] / 2, "late births")
    boys = np.asarray(p.sex_ratio_at_birth / (1 + p.sex_ratio_at_birth))
    infant_deaths = world.population.settle_newborns(boys, world["newborn_survival"])
    zones = len(world.area.zones)
    world["births"] = (world["early_births"] + late)[:, :zones]
    world["infant_deaths"] = infant_deaths
    world["people"] = world.population.counts()
    world["population"] = world["people"][:, :zones].sum(axis=(2, 3))
    world["population_by_age"] = by_city(world["people"][:, :zones], world.area.in_city)
    world["external_population"] = world["people"][:, zones:].sum(axis=(2, 3))


def by_city(people: Array, in_city: Array) -> Array:
    """People by city, sex and age from people by zone.

    Examples
    --------
    >>> by_city(np.ones((1, 3, 2, 101)), np.array([[1, 1, 0], [0, 0, 1.0]]))[0, :, 0, 0].tolist()
    [2.0, 1.0]
    """
    draws, zones, sexes, ages = people.shape
    summed = np.matmul(in_city, people.reshape(draws, zones, sexes * ages))
    return summed.reshape(draws, len(in_city), sexes, ages)


FERTILITY = Process(
    "fertility",
    reads=("policy_fertility",),
    remembers=("fertility_level",),
    writes=("fertility_level", "total_fertility_rate", "fertility_rate", "early_births"),
    act=act_fertility,
    params=DemographyParams,
    about="rates of the year; births where women live at its start",
)
MORTALITY = Process(
    "mortality",
    writes=("survivorship", "newborn_survival", "deaths"),
    act=act_mortality,
    params=DemographyParams,
    about="deaths and ageing",
)
BIRTHS = Process(
    "births",
    reads=("fertility_rate", "early_births", "newborn_survival"),
    writes=(
        "births",
        "infant_deaths",
        "people",
        "population",
        "population_by_age",
        "external_population",
    ),
    act=act_births,
    params=DemographyParams,
    about="births where women live at year-end; newborns join; the year's people are counted",
)
