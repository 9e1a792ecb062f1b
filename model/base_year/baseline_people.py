r"""Traits of the people of a census year: education and registration by zone, sex, single age.

The census gives ages by sex, levels of education by sex, and registration, each for a zone but
never together. Their joint table is the one nearest to a seed that has these margins (iterative
proportional fitting: Deming, Stephan 1940, Ann. Math. Stat. 11; Fienberg 1970):

.. math::

    n_{z s a e h} = b_{z s a}\, c_{z s e}\, d_{z h}\; \sigma_{s a e}\, \omega_{a h}

The seed is the pattern of education by age and sex times the odds of registration by age.
Levels are those entered, as the census counts them: nobody is in upper secondary school before
15 or in tertiary education before 18, and within the age group of the seed in which both begin
(15-19) the years from 18 on take the pattern of the next group.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import numpy as np

from model.area import Area
from model.axes import AGES, EDUCATION, HUKOU, SEXES, TERTIARY, Array, ratio
from model.base_year.baseline import people
from model.methods.graduation import spread_rates
from model.methods.ras import fit_margins
from model.problems import Problem, ProblemsError, Unsolved
from model.reading.tables import SCALE

CHILD, UPPER, TERTIARY_AGE, NEXT = 12, 15, 18, 20


def education_profile(area: Area, year: int) -> Array:
    """(sex, age, education) [1] share of each level by single year, as the census counts it."""
    profile = np.zeros((len(SEXES), len(AGES), len(EDUCATION)))
    for (sex, level), (starts, values) in _groups(
        area, "education_profile", "share", ("sex", "level"), year
    ).items():
        profile[SEXES.index(sex), :, EDUCATION.index(level)] = spread_rates(starts, values)
    return profile


def hukou_profile(area: Area, year: int) -> Array:
    """(age, hukou) [1] odds of each registration by single year, relative to the first."""
    profile = np.zeros((len(AGES), len(HUKOU)))
    for (hukou,), (starts, values) in _groups(
        area, "hukou_profile", "odds", ("hukou",), year
    ).items():
        profile[:, HUKOU.index(hukou)] = spread_rates(starts, values)
    return profile


def headship_profile(area: Area, year: int) -> Array:
    """(sex, age) [1] share of people who head a family household, before fitting to a zone."""
    profile = np.zeros((len(SEXES), len(AGES)))
    for (sex,), (starts, values) in _groups(
        area, "headship_profile", "rate", ("sex",), year
    ).items():
        profile[SEXES.index(sex)] = spread_rates(starts, values)
    return profile


def _groups(
    area: Area, table: str, value: str, columns: tuple[str, ...], year: int
) -> dict[tuple[str, ...], tuple[Array, Array]]:
    """Starts and values of the age groups of a profile, by the columns that tell them apart."""
    cells: dict[tuple[str, ...], list[tuple[float, float]]] = {}
    for row in area.tables[table]:
        if row["year"] == year:
            key = tuple(row[column] for column in columns)
            cells.setdefault(key, []).append((row["age"], row[value]))
    return {key: (np.array(rows)[:, 0], np.array(rows)[:, 1]) for key, rows in cells.items()}


def education_counts(area: Area, year: int) -> Array:
    """People by level of education, everybody under 12 in the first, all residents counted.

    Parameters
    ----------
    area : Area
    year : int
        Year of a census.

    Returns
    -------
    (zone, sex, education) [persons]
        Levels above the first as the census gives them; the first holds the rest of the residents.

    Raises
    ------
    ProblemsError
        Levels that leave less than the children in the first.
    """
    residents = people(area, year)[: len(area.zones)]
    counts = np.zeros((len(area.zones), len(SEXES), len(EDUCATION)))
    for row in area.tables["education"]:
        if row["year"] == year:
            place = area.zones.index(row["zone"]), SEXES.index(row["sex"])
            counts[(*place, EDUCATION.index(row["level"]))] = row["persons"] * SCALE.get(
                row["unit"], 1.0
            )
    children = residents[:, :, :CHILD]
    counts[:, :, 0] = residents.sum(axis=2) - counts[:, :, 1:].sum(axis=2)
    left = counts.copy()
    left[:, :, 0] -= children.sum(axis=2)
    wrong = np.argwhere(left < 0)
    if len(wrong):
        raise ProblemsError(
            Problem(
                f"{area.name}/education.csv", None,
                f"{area.zones[z]}, {year}, {SEXES[s]}, {EDUCATION[e]}",
                f"{left[z, s, e]:,.0f} people aged {CHILD} and over are left of this level",
            )
            for z, s, e in wrong
        )  # fmt: skip
    return counts


def hukou_counts(area: Area, year: int) -> Array:
    """Residents by where their household is registered.

    The census counts those registered in another county of the province, which may belong to the
    city of residence: ``own_city`` says which share does, and they count as local.

    Parameters
    ----------
    area : Area
    year : int
        Year of a census.

    Returns
    -------
    (zone, hukou) [persons]
    """
    own = np.zeros(len(area.cities))
    for row in area.tables["own_city"]:
        if row["year"] == year:
            own[area.cities.index(row["city"])] = row["share"]
    near = area.by_zone("migrants", year=year, band="same_province")
    elsewhere = near * (1 - own[area.city_of_zone])
    outside = area.by_zone("migrants", year=year, band="other_province")
    residents = people(area, year)[: len(area.zones)].sum(axis=(1, 2))
    return np.stack([residents - elsewhere - outside, elsewhere, outside], axis=1)


def seed_levels(area: Area, year: int) -> Array:
    """(sex, age, education) [1] pattern of the seed, with schools entered at their ages."""
    levels = education_profile(area, year)
    levels[:, :CHILD] = np.eye(len(EDUCATION))[0]
    levels[:, UPPER:TERTIARY_AGE, TERTIARY - 1] += levels[:, UPPER:TERTIARY_AGE, TERTIARY]
    levels[:, UPPER:TERTIARY_AGE, TERTIARY] = 0.0
    levels[:, TERTIARY_AGE:NEXT] = levels[:, NEXT, None]
    return levels


def trait_table(area: Area, year: int) -> Array:
    """Expected residents by all traits: ages by sex exact, education by sex, registration.

    Parameters
    ----------
    area : Area
    year : int
        Year of a census.

    Returns
    -------
    (zone, sex, age, education, hukou) [persons]

    Raises
    ------
    ProblemsError
        Tables that contradict each other.
    """
    return _trait_table(area, year).copy()


@contextmanager
def _told(table: str, names: list[str]) -> Iterator[None]:
    """Margins that do not fit the people, as a problem of a table and of the fit's name."""
    try:
        yield
    except Unsolved as error:
        message = f"does not fit the people by age: {error.what}, {error.how_far}"
        raise ProblemsError([Problem(table, None, names[error.where[0]], message)]) from error


@lru_cache(maxsize=4)
def _trait_table(area: Area, year: int) -> Array:
    residents = people(area, year)[: len(area.zones)].astype(float)
    zones = len(residents)
    levels = seed_levels(area, year)
    counts = education_counts(area, year)
    by_sex = np.broadcast_to(levels, (zones, *levels.shape)).reshape(-1, *levels.shape[1:])
    # The seed is a product, so the fit falls apart in two: levels by sex, registration by age.
    targets = [residents.reshape(-1, len(AGES), 1), counts.reshape(-1, 1, len(EDUCATION))]
    with _told(area.label("education"), [f"{z}, {year}, {s}" for z in area.zones for s in SEXES]):
        taught = fit_margins(by_sex, targets).reshape(zones, *levels.shape)
    odds = np.broadcast_to(hukou_profile(area, year), (zones, len(AGES), len(HUKOU)))
    ages = residents.sum(axis=1)[..., None]
    with _told(area.label("migrants"), [f"{z}, {year}" for z in area.zones]):
        registered = fit_margins(odds, [ages, hukou_counts(area, year)[:, None]])
    return taught[..., None] * ratio(registered, ages)[:, None, :, None, :]


def everybody(area: Area, year: int) -> Array:
    """Expected people of zones and regions by all traits, in the order of the populations.

    People of external regions are local there, and have the education of the seed's pattern.

    Parameters
    ----------
    area : Area
    year : int
        Year of a census.

    Returns
    -------
    (place, hukou, education, sex, age) [persons]
    """
    zones = len(area.zones)
    counted = people(area, year)
    table = np.zeros((len(area.places), len(HUKOU), len(EDUCATION), len(SEXES), len(AGES)))
    table[:zones] = trait_table(area, year).transpose(0, 4, 3, 1, 2)
    levels = seed_levels(area, year).transpose(2, 0, 1)
    table[zones:, 0] = counted[zones:, None] * levels
    return table
