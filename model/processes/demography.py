r"""Vital rates: deaths and ageing, and the path of fertility.

.. math::

    N^*_{z,a+1,s} = N_{z,a,s}\,S_{a,s,t}, \qquad
    \ln TFR_{t+1} = \ln TFR_\infty + \rho(\ln TFR_t - \ln TFR_\infty) + \epsilon

No policy changes mortality. Births follow in :mod:`model.processes.fertility`.

Sources: Rogers (1975); Preston, Heuveline, Guillot (2001), chapters 3, 5, 6; death rates of the
area's table, scaled to the life expectancy of the province; fertility as an autoregression
(Raftery et al. 2012, PNAS 109, phase III).
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import FEMALE, SEXES, Array, ratio, worst_of
from model.contract import Process
from model.parameters import Params, par
from model.problems import Unsolved
from model.processes.life_table import life_expectancy, survivorship
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
    fertility_gradient: float = par(
        -0.10, unit="log", prior="Normal(-0.10, 0.05)", low=-0.6, high=0.3,
        doc="log change of lifetime births for each further level of education",
        source="gap between education groups in Chinese censuses", evidence="assumed",
    )  # fmt: skip
    childbearing_age_gap: float = par(
        1.2, unit="years", prior="Normal(1.2, 0.4)", low=-1, high=4,
        doc="rise of the mean age at birth for each further level of education",
        source="gap between education groups in Chinese censuses", evidence="assumed",
    )  # fmt: skip
    fertility_spread: float = par(
        5.2, unit="years", prior="Normal(5.2, 0.4)", low=3, high=9,
        doc="standard deviation of the age at birth", source="census schedules",
        evidence="recalled",
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


SECANTS = 12
"""Steps from any life expectancy of the bounds to any other."""
WIDEST = 4.0
"""Log of the largest factor on death rates: some 55 times, or a part in 55."""
NEAR = 1e-6
"""Years by which life expectancy may miss its target."""

# -- equations ---------------------------------------------------------------------


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


def scale_for(rates: Array, target: Array, what: str = "death rates") -> Array:
    """Log factor on death rates that brings life expectancy (mean of both sexes) to a target.

    Parameters
    ----------
    rates : (sex, age) [1/yr]
    target : (draw,) [yr]
    what : str
        What the rates are, for the error.

    Returns
    -------
    (draw,) [log]
        By Newton's steps with the slope of the last two, to rounding error.

    Raises
    ------
    Unsolved
        No factor within e to the power of +-`WIDEST` meets a target: the rates are no death
        rates of people. Has the worst draw and the years that each sex is left with.

    Examples
    --------
    >>> flat = np.full((2, 101), 0.02)
    >>> round(float(np.exp(scale_for(flat, np.array([80.0])))[0]), 3)
    0.625
    """

    def beyond(scale: Array) -> Array:
        return life_expectancy(rates * np.exp(scale)[:, None, None]).mean(axis=1) - target

    before, scale = np.full(target.shape, -0.1), np.zeros(target.shape)
    gap_before, gap = beyond(before), beyond(scale)
    # Life expectancy falls smoothly, so that a few steps are enough; a draw takes all of them.
    for _ in range(SECANTS):
        apart = gap - gap_before
        step = np.where(apart == 0, 0.0, gap * (scale - before) / np.where(apart == 0, 1.0, apart))
        before, gap_before = scale, gap
        scale = np.clip(scale - np.clip(step, -1.0, 1.0), -WIDEST, WIDEST)
        gap = beyond(scale)
    if not np.all(np.abs(gap) < NEAR):
        worst = worst_of(np.abs(gap))
        times = np.exp(scale[worst])
        years = life_expectancy(rates * times)
        left = ", ".join(f"{sex} {age:.4g}" for sex, age in zip(SEXES, years, strict=True))
        wanted = f"{what} cannot be brought to a life expectancy of {target[worst]:.4g} years"
        raise Unsolved(wanted, worst, f"times {times:.3g} they give {left}")
    return scale


def invert(area: Area, people: Array, rates: Array, p: DemographyParams) -> dict[str, Array]:
    """Base-year constants: the mortality scale and its yearly fall, fertility by place.

    Returns
    -------
    dict
        ``mortality_scale`` (draw,) [log], ``mortality_fall`` (draw,) [log/yr],
        ``fertility_offset`` (place,) [log] against the study area as a whole,
        ``fertility_groups`` (group, place) [1] the cities and regions that share an offset.
    """
    expected = np.asarray(p.life_expectancy)
    what = f"death rates of {area.settings['mortality_period']} (table mortality)"
    scale = scale_for(rates, expected, what)
    later = scale_for(rates, expected + 10 * np.asarray(p.life_expectancy_gain), what)
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
        "fertility_groups": groups,
    }


# -- actions -----------------------------------------------------------------------


def act_fertility_level(world: World, p: DemographyParams) -> None:
    """Fertility of the study area for the year."""
    shock = world.shocks("fertility")
    world["fertility_level"] = next_fertility(world["fertility_level"], p, shock)


def act_mortality(world: World, p: DemographyParams) -> None:
    """People die and grow a year older."""
    fixed = world.fixed
    log_scale = fixed["mortality_scale"] - fixed["mortality_fall"] * world.elapsed
    rates = fixed["death_rates"] * np.exp(log_scale)[:, None, None]
    surviving, newborn = survivorship(rates)
    world["newborn_survival"] = newborn
    world["survivorship"] = surviving[:, None]
    deaths = world.population.die(world["survivorship"])
    world["deaths_by_hukou"], world["deaths_by_age"] = deaths.by_hukou, deaths.by_age
    world["deaths"] = deaths.by_hukou.sum(axis=1)


FERTILITY_LEVEL = Process(
    "fertility level",
    remembers=("fertility_level",),
    writes=("fertility_level",),
    act=act_fertility_level,
    params=DemographyParams,
    about="total fertility of the area, before city offsets and education",
)
MORTALITY = Process(
    "mortality",
    writes=("survivorship", "newborn_survival", "deaths", "deaths_by_age", "deaths_by_hukou"),
    act=act_mortality,
    params=DemographyParams,
    about="deaths and ageing",
)
