r"""A cohort-component projection of any population, on any grid of ages.

The step is usable alone: five-year groups of another country, single years, or abridged ages
(0, 1-4, 5-9, ...). Survivors move up, women bear children at the mean of their numbers at both
ends of the step, children survive their part of it, and half of the migrants come before, half
after:

.. math::

    N'_x = N_x (1 - \tfrac12 e_x) + \tfrac12 I_x, \qquad
    N^*_{x+h} = N'_x S_x, \qquad
    B = h \sum_x f_x\, \tfrac12 (N'_x + N^*_x), \qquad
    N^*_0 = B\, \frac{1}{1+s}\, \frac{{}_hL_0}{h\, l_0}, \qquad
    N_{t+h,x} = N^*_x (1 - \tfrac12 e_x) + \tfrac12 I_x

for girls, with :math:`s` boys per girl; boys with :math:`s / (1+s)`. :math:`I` are immigrants, or
net migrants, of a step by age, and :math:`e` the share of a group that emigrates in a step. The
open group takes the survivors of all who reach it, with :math:`T_{x} / T_{x-h}` for them and for
those who are there.

Where groups are as wide as a step is long, survival is a ratio for each group. Otherwise it is a
table from group to group (:func:`survival_between`).

Source: Preston, Heuveline, Guillot (2001), *Demography*, chapter 6 (boxes 6.1 to 6.3: a closed
population, two sexes, migration).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.axes import Array
from model.methods.grid_checks import check_ages, check_cells
from model.problems import Problem, ProblemsError

SEXES = ("male", "female")
ROUNDING = 1e-9


@dataclass(frozen=True)
class Rates:
    """What moves a population on by one step.

    ``survivorship`` [1] is (sex, age), the share of a group alive a step later, one group up
    (the last two go into the open group), or (sex, age, to_age), the share that is alive in
    another group; ``newborn`` [1] is (sex,) or (sex, to_age), the share of the births of a step
    alive at its end, in the first group or by group; ``fertility`` (age,) [births per woman and
    year], of both sexes; ``sex_ratio_at_birth`` [1] boys per girl; ``migrants`` (sex, age)
    [persons] of a step, immigrants or net; ``emigration`` (sex, age) [1] share that leaves in a
    step; ``years`` [years] the length of the step, by default the width of the first group.
    """

    survivorship: Array
    newborn: Array
    fertility: Array
    sex_ratio_at_birth: float = 1.05
    migrants: Array | None = None
    emigration: Array | None = None
    years: float | None = None


@dataclass(frozen=True)
class Step:
    """What came of a step: ``people`` (sex, age), ``births`` (sex,), and all ``deaths``."""

    people: Array
    births: Array
    deaths: float


def check(people: Array, ages: Array, rates: Rates) -> None:
    """Refuse what cannot be projected, every fault at once.

    Raises
    ------
    ProblemsError
        Ages out of order, or of unequal width where survival is a ratio by group; cells that are
        missing, negative, or above one.
    """
    ages = np.asarray(ages, dtype=float)
    faults = check_ages(ages)
    survivorship = np.asarray(rates.survivorship, dtype=float)
    newborn = np.asarray(rates.newborn, dtype=float)
    if survivorship.ndim == 2:
        if not faults and np.ptp(np.diff(ages)) > ROUNDING:
            uneven = ", ".join(f"{w:g}" for w in dict.fromkeys(np.diff(ages).tolist()))
            message = (
                f"groups are {uneven} years wide; survivorship must then be (sex, age, to_age)"
            )
            faults.append(Problem("ages", None, "", message))
        faults += check_cells("survivorship", survivorship, ages, SEXES, 0, 1)
    else:
        for sex, table in zip(SEXES, survivorship, strict=True):
            to = [f"{sex} to age {age:g}" for age in ages]
            faults += check_cells("survivorship", table.T, ages, to, 0, 1)
            sums = table.sum(axis=-1)
            faults += [
                Problem("survivorship", None, f"age {ages[x]:g}, {sex}", f"{sums[x]:g} is above 1")
                for x in np.flatnonzero(sums > 1 + ROUNDING)
            ]
    groups = ages if newborn.ndim == 2 else ages[:1]
    faults += check_cells("newborn", newborn.reshape(len(newborn), -1), groups, SEXES, 0, 1)
    faults += check_cells("people", people, ages, SEXES, 0, np.inf)
    faults += check_cells("fertility", rates.fertility, ages, ("women",), 0, np.inf)
    if rates.migrants is not None:
        faults += check_cells("migrants", rates.migrants, ages, SEXES, -np.inf, np.inf)
    if rates.emigration is not None:
        faults += check_cells("emigration", rates.emigration, ages, SEXES, 0, 1)
    if not (np.isfinite(rates.sex_ratio_at_birth) and rates.sex_ratio_at_birth > 0):
        message = f"{rates.sex_ratio_at_birth:g} boys per girl"
        faults.append(Problem("sex_ratio_at_birth", None, "", message))
    if faults:
        raise ProblemsError(faults)


def survival_between(ages: Array, years_lived: Array, years: float) -> tuple[Array, Array]:
    """Survival from group to group over a step of any length, from a life table on any grid.

    Parameters
    ----------
    ages : (age,) [years]
        Where groups start; the last is open.
    years_lived : (age,) [years]
        nLx for one birth (l0 = 1), the last T of the open group.
    years : float [years]
        Length of the step.

    Returns
    -------
    surviving : (age, to_age) [1]
        People are spread evenly within a group; each part survives as the stationary population
        does. For groups as wide as the step this is nLx+n / nLx.
    newborn : (to_age,) [1]
        Share of the births of a step alive in each group at its end.

    Raises
    ------
    ProblemsError
        Ages out of order; years lived that are missing or not above zero.

    Examples
    --------
    >>> alive, newborn = survival_between([0, 1, 5], [0.98, 3.88, 60], 5)
    >>> alive[:2, 2].round(4).tolist(), newborn.round(3).tolist()
    ([0.9251, 0.9251], [0.196, 0.776, 0.0])
    """
    ages, lived = np.asarray(ages, dtype=float), np.asarray(years_lived, dtype=float)
    faults = check_ages(ages) + check_cells("years_lived", lived, ages, ("nLx",), 0, np.inf)
    faults += [
        Problem("years_lived", None, f"age {ages[x]:g}, nLx", "nobody lives there")
        for x in np.flatnonzero(lived == 0)
    ]
    if not years > 0:
        faults.append(Problem("years", None, "", f"{years:g} is not above 0"))
    if faults:
        raise ProblemsError(faults)
    ends, last = ages[1:], ages[-1]
    widths = np.diff(ages)
    density = lived[:-1] / widths

    def overlap(low: Array, high: Array) -> Array:
        """Years that [low, high) shares with each closed group."""
        shared = np.minimum(high[:, None], ends) - np.maximum(low[:, None], ages[:-1])
        return np.maximum(shared, 0)

    count = len(ages)
    alive = np.zeros((count, count))
    moved = overlap(ages[:-1] + years, ends + years)
    alive[:-1, :-1] = moved / widths[:, None] * density / density[:, None]
    near = np.maximum(ends - np.maximum(ages[:-1], last - years), 0)
    old = lived[-1] / (lived[-1] + near @ density)
    alive[:-1, -1] = near / widths * old
    alive[-1, -1] = old
    newborn = np.zeros(count)
    newborn[:-1] = overlap(np.zeros(1), np.array([years]))[0] * density / years
    return alive, newborn


def step(people: Array, ages: Array, rates: Rates) -> Step:
    """Population one step later.

    Parameters
    ----------
    people : (sex, age) [persons]
        Men, women.
    ages : (age,) [years]
        Where groups start; the last is open.
    rates : Rates

    Returns
    -------
    Step

    Raises
    ------
    ProblemsError
        Every fault of every table, each with table, age and column; and groups that net
        emigration would leave with fewer than nobody.

    Examples
    --------
    Sweden 1993-1998, women (Preston et al. 2001, box 6.1): 281,290 women of 30-34 become
    281,290 x 492,760 / 494,213 = 280,463 of 35-39 (here called 0, 5, 10).

    >>> alive = np.array([[492760 / 494213, 0.9, 0.9]] * 2)
    >>> nobody = Rates(alive, np.ones(2), np.zeros(3))
    >>> later = step(np.array([[0, 0, 0], [281290, 0, 0]]), np.array([0, 5, 10]), nobody)
    >>> later.people[1].round().tolist()
    [0.0, 280463.0, 0.0]
    """
    check(people, ages, rates)
    alive, newborn = _tables(rates)
    staying, half = np.ones(np.shape(people)), np.zeros(np.shape(people))
    if rates.emigration is not None:
        staying = 1 - np.asarray(rates.emigration) / 2
    if rates.migrants is not None:
        half = np.asarray(rates.migrants) / 2
    exposed = np.asarray(people, dtype=float) * staying + half
    _enough(exposed, ages, "before survival")
    later = np.matmul(exposed[:, None], alive)[:, 0]
    women = (exposed[1] + later[1]) / 2
    born = _years(ages, rates) * float(np.asarray(rates.fertility) @ women)
    boys = rates.sex_ratio_at_birth / (1 + rates.sex_ratio_at_birth)
    births = born * np.array([boys, 1 - boys])
    deaths = float(exposed.sum() - later.sum() + births.sum())
    children = births[:, None] * newborn
    later = later + children
    deaths -= float(children.sum())
    later = later * staying + half
    _enough(later, ages, "at the end")
    return Step(later, births, deaths)


def _years(ages: Array, rates: Rates) -> float:
    """Length of a step [years]."""
    return float(rates.years if rates.years is not None else ages[1] - ages[0])


def _tables(rates: Rates) -> tuple[Array, Array]:
    """Survival (sex, age, to_age) and newborns (sex, to_age), from ratios where these are given."""
    alive, newborn = (np.asarray(x, dtype=float) for x in (rates.survivorship, rates.newborn))
    count = alive.shape[1]
    if alive.ndim == 2:
        up = np.minimum(np.arange(count) + 1, count - 1)
        alive = alive[:, :, None] * np.eye(count)[up]
    if newborn.ndim == 1:
        newborn = newborn[:, None] * np.eye(count)[0]
    return alive, newborn


def _enough(people: Array, ages: Array, when: str) -> None:
    """More people cannot leave than there are."""
    faults = [
        Problem("migrants", None, f"age {ages[x]:g}, {SEXES[s]}",
                f"more leave than there are: {people[s, x]:,.1f} persons {when}")
        for s, x in np.argwhere(people < 0)
    ]  # fmt: skip
    if faults:
        raise ProblemsError(faults)


def project(people: Array, ages: Array, rates: Sequence[Rates]) -> list[Step]:
    """Several steps, each with its own rates.

    Examples
    --------
    >>> ages = np.array([0, 5, 10])
    >>> all_live = Rates(np.ones((2, 3)), np.ones(2), np.zeros(3))
    >>> run = project(np.array([[1, 2, 3], [1, 2, 3]]), ages, [all_live] * 2)
    >>> run[-1].people[0].tolist()
    [0.0, 0.0, 6.0]
    """
    found: list[Step] = []
    for one in rates:
        found.append(step(found[-1].people if found else people, ages, one))
    return found


def leslie(ages: Array, rates: Rates) -> Array:
    """Matrix that takes the women of a closed population one step on.

    Parameters
    ----------
    ages : (age,) [years]
    rates : Rates

    Returns
    -------
    (age, age) [1]
        Preston et al. (2001), section 6.3: births of daughters in the first row.

    Examples
    --------
    >>> rates = Rates(np.full((2, 3), 0.5), np.ones(2), np.array([0, 0.2, 0]), 1.0)
    >>> leslie(np.array([0, 5, 10]), rates).tolist()
    [[0.125, 0.25, 0.0], [0.5, 0.0, 0.0], [0.0, 0.5, 0.5]]
    """
    alive, newborn = (table[1] for table in _tables(rates))
    fertility = np.asarray(rates.fertility, dtype=float)
    daughters = _years(ages, rates) / (1 + rates.sex_ratio_at_birth) * fertility
    return alive.T + np.outer(newborn, (daughters + alive @ daughters) / 2)


def regroup(values: Array, ages: Array, coarse: Array) -> Array:
    """Counts of age groups added up into wider ones.

    Parameters
    ----------
    values : (..., age) [persons]
    ages : (age,) [years]
    coarse : (wide,) [years]
        Starts of the wider groups, each one a start of the finer ones.

    Returns
    -------
    (..., wide) [persons]

    Raises
    ------
    ProblemsError
        Ages out of order, or a wide group that starts inside a finer one.

    Examples
    --------
    >>> regroup(np.array([1.0, 4.0, 5.0, 6.0]), [0, 1, 5, 10], [0, 5, 10]).tolist()
    [5.0, 5.0, 6.0]
    """
    faults = check_ages(ages) + check_ages(coarse, "wide ages")
    fine = np.asarray(ages).tolist()
    faults += [
        Problem("wide ages", None, f"age {start:g}", "no finer group starts there")
        for start in np.asarray(coarse).tolist()
        if start not in fine
    ]
    if faults:
        raise ProblemsError(faults)
    return np.add.reduceat(values, [fine.index(start) for start in coarse], axis=-1)
