r"""Participation: who offers work, by age, sex, education and zone.

.. math::

    \operatorname{logit} \rho_{z,e,s,a,t} = \operatorname{logit} \rho_{s}(a'_{s,t}(a))
        + g_a (e - \bar e) + k_z

The profile by age and sex is the country's. A constant for each zone makes the labour force of
the base year what employed residents and unemployment imply, and stays. The more educated work
longer and start later: below :data:`SCHOOL_END` those in tertiary education mostly study. As the
statutory age of retirement rises, the fall of participation around it is moved to later ages, by
the part of the rise that is taken up.

Sources: participation by age and sex from the area's table (assumed, after census long forms);
decision of the National People's Congress of 2024-09-13 on retirement (the area's table);
employed residents from the census by place of residence.
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import AGES, EDUCATION, SEXES, TERTIARY, Array, lift, ratio, total, worst_of
from model.contract import Process
from model.parameters import Params, par
from model.problems import Unsolved
from model.world import World

SCHOOL_END = 22
FARTHEST = 12.0
"""Constant of a zone at most, either way [logit]."""


@dataclass(frozen=True)
class ParticipationParams(Params):
    """How education and the retirement law move participation."""

    education_gradient: float = par(
        0.35, unit="1", prior="Normal(0.35, 0.15)", low=-1, high=2,
        doc="rise of the logit of participation for each further level of education",
        source="urban household surveys, order of magnitude", evidence="assumed",
    )  # fmt: skip
    study_penalty: float = par(
        2.5, unit="1", prior="Normal(2.5, 0.5)", low=0, high=8,
        doc="fall of the logit of participation while in tertiary education",
        source="most full-time students do not work", evidence="assumed",
    )  # fmt: skip
    retirement_uptake: float = par(
        0.8, unit="1", prior="Beta(8, 2)", low=0, high=1, id="L03",
        doc="part of the rise of the statutory age by which people stay at work longer",
        source="National People's Congress 2024-09-13 for the law; uptake is judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def postponed(profile: Array, statutory: Array, rise: Array) -> Array:
    """Participation by age once retirement comes later.

    From ten years before the old statutory age the profile is stretched, so that the old
    statutory age's value is found ``rise`` years later; beyond, everything comes ``rise`` later.

    Parameters
    ----------
    profile : (sex, age) or (draw, sex, age) [1]
    statutory : (sex,) [years]
        Age of retirement in the base year.
    rise : (draw, sex) [years]

    Returns
    -------
    (draw, sex, age) [1]

    Examples
    --------
    >>> falling = np.tile(np.clip((70.0 - AGES) / 20, 0, 1), (2, 1))
    >>> later = postponed(falling, np.array([60.0, 60.0]), np.array([[3.0, 0.0]]))
    >>> round(float(later[0, 0, 63]), 3), round(float(later[0, 1, 63]), 3)
    (0.5, 0.35)
    """
    drawn = np.broadcast_to(profile, (len(rise), *profile.shape[-2:]))
    found = np.empty(drawn.shape)
    for sex in range(len(SEXES)):
        start = statutory[sex] - 10.0
        years = rise[:, sex, None]
        within = start + (AGES - start) * (10.0 / (10.0 + years))
        earlier = np.where(statutory[sex] + years > AGES, within, AGES - years)
        found[:, sex] = at_ages(drawn[:, sex], np.where(start > AGES, AGES, earlier))
    return found


def at_ages(values: Array, ages: Array) -> Array:
    """Values by single year of age, linear between them, at other ages of each draw.

    Parameters
    ----------
    values : (draw, age) [any]
    ages : (draw, n) [years]
        Beyond the last age stands its value.

    Returns
    -------
    (draw, n) [any]

    Examples
    --------
    >>> at_ages(np.array([[0.0, 1.0, 3.0]]), np.array([[0.5, 1.5, 2.0]])).tolist()
    [[0.5, 2.0, 3.0]]
    """
    ages = np.clip(ages, 0, values.shape[1] - 1)
    low = ages.astype(int)
    below = np.take_along_axis(values, low, axis=1)
    above = np.take_along_axis(values, np.minimum(low + 1, values.shape[1] - 1), axis=1)
    return below + (above - below) * (ages - low)


def odds_by_education(profile: Array, p: ParticipationParams) -> Array:
    """Odds of participation by education, before the constants of zones.

    Parameters
    ----------
    profile : (draw, sex, age) [1]
    p : ParticipationParams

    Returns
    -------
    (draw, education, sex, age) [1]

    Examples
    --------
    >>> odds = odds_by_education(np.full((1, 2, 101), 0.5), ParticipationParams())
    >>> bool(odds[0, 3, 0, 20] < odds[0, 2, 0, 20]), bool(odds[0, 3, 0, 40] > odds[0, 2, 0, 40])
    (True, True)
    """
    step = np.arange(len(EDUCATION)) - (len(EDUCATION) - 1) / 2
    logit = np.repeat((lift(p.education_gradient, 1) * step)[:, :, None], len(AGES), axis=2)
    logit[:, TERTIARY, :SCHOOL_END] -= lift(p.study_penalty, 1)
    odds = ratio(profile, 1 - profile)
    return odds[:, None] * np.exp(logit)[:, :, None]


def shifted_participation(odds: Array, shift: Array) -> Array:
    """Participation by zone: the odds of the country times the constant of a zone.

    Parameters
    ----------
    odds : (draw, education, sex, age) [1]
        Zero below working age.
    shift : (draw, zone) [1]
        On the logit.

    Returns
    -------
    (draw, zone, education, sex, age) [1]

    Examples
    --------
    >>> half = shifted_participation(np.ones((1, 4, 2, 101)), np.zeros((1, 1)))
    >>> float(half[0, 0, 0, 0, 30])
    0.5
    """
    moved = odds[:, None] * np.exp(shift)[:, :, None, None, None]
    moved /= 1 + moved
    return moved


def offered(odds: Array, shift: Array, people: Array) -> Array:
    """Labour force by level of education.

    Parameters
    ----------
    odds : (draw, education, sex, age) [1]
    shift : (draw, zone) [1]
        Both as in :func:`shifted_participation`.
    people : (draw, place, education, sex, age) [persons]
        The zones first.

    Returns
    -------
    (draw, zone, education) [persons]

    Examples
    --------
    >>> people = np.ones((1, 2, 4, 2, 101))
    >>> offered(np.ones((1, 4, 2, 101)), np.zeros((1, 1)), people).round(9).tolist()
    [[[101.0, 101.0, 101.0, 101.0]]]
    """
    from model.kernels.people import offer

    supply = np.empty((*shift.shape, odds.shape[1]))
    offer(odds, np.exp(shift), people, supply)
    return supply


def participation_shift(odds: Array, people: Array, labour_force: Array) -> Array:
    """Zone constants that make participation give the labour force observed, to 1e-13.

    Parameters
    ----------
    odds : (draw, education, sex, age) [1]
    people : (zone, education, sex, age) [persons]
    labour_force : (draw, zone) [persons]

    Returns
    -------
    (draw, zone) [1]

    Raises
    ------
    Unsolved
        More workers in a zone than people of working age; has draw and zone.

    Examples
    --------
    >>> people = np.ones((1, 4, 2, 101))
    >>> shift = participation_shift(np.ones((1, 4, 2, 101)), people, np.array([[404.0]]))
    >>> abs(float(shift[0, 0])) < 1e-9
    True
    """
    from model.kernels.people import shifts

    cells, everybody = odds.reshape(len(odds), -1), people.reshape(len(people), -1)
    able = total((cells > 0).astype(float), everybody)
    if not np.all(labour_force < able):
        worst = worst_of(labour_force - able)
        how_far = f"{labour_force[worst]:,.0f} against {able[worst]:,.0f}"
        raise Unsolved("labour force is not below people of working age", worst, how_far)
    return shifts(cells, everybody, labour_force, -FARTHEST, FARTHEST)


def statutory_age(area: Area, year: float) -> Array:
    """Statutory age of retirement by sex in a year, (sex,) [years], a mean over categories.

    Linear between the years of the table, constant beyond.
    """
    ages = np.zeros(len(SEXES))
    rows = area.tables["retirement"]
    for row_sex, category in sorted({(row["sex"], row["category"]) for row in rows}):
        path = sorted(
            (row["year"], row["age"], row["share"])
            for row in rows
            if (row["sex"], row["category"]) == (row_sex, category)
        )
        years, steps, shares = np.array(path, dtype=float).T
        ages[SEXES.index(row_sex)] += np.interp(year, years, steps) * shares[0]
    return ages


# -- action ------------------------------------------------------------------------


def odds_in_year(world: World, p: ParticipationParams) -> Array:
    """Odds of participation (draw, education, sex, age) [1] under the law of the year."""
    statutory = world.fixed["statutory_age"]
    rise = statutory_age(world.area, world.year) - statutory
    taken = lift(p.retirement_uptake, 1) * rise
    return odds_by_education(postponed(world.fixed["participation_profile"], statutory, taken), p)


def act_labour_force(world: World, p: ParticipationParams) -> None:
    """Who offers work, in expectation."""
    odds = odds_in_year(world, p)
    supply = offered(odds, world.fixed["participation_shift"], world.population.schooled())
    world["participation_odds"], world["labour_supply_by_education"] = odds, supply
    world["labour_supply"] = supply.sum(axis=2)


LABOUR_FORCE = Process(
    "labour force",
    writes=("participation_odds", "labour_supply", "labour_supply_by_education"),
    act=act_labour_force,
    params=ParticipationParams,
    about="who offers work, by age, sex and education",
)
