r"""Who moves at what age: adults, the children with them, students and graduates.

.. math::

    \Pi_{i\cdot|a,h} = \frac{r(a)}{\bar r}\,\Pi_{i\cdot|h} \quad (a \ge 18), \qquad
    \Pi_{i\cdot|a,h} = \Pi_{i\cdot|h}\,
        \frac{\sum_{b=25}^{44} N_{i,h,b}\,r(b)}{\bar r \sum_{b=25}^{44} N_{i,h,b}} \quad (a < 18)

Adults move by the curve of Rogers and Castro. Minors move as the adults of 25 to 44 in their zone
and class do on average, each drawn apart: families that move as one are not simulated. Those who
enter tertiary education at 18 go where the places are; four years later they choose where to live
with a fixed cost of their own.

Sources: Rogers and Castro (1981, IIASA RR-81-30); seats from the area's table of universities.
"""

from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import AGES, EDUCATION, HUKOU, TERTIARY, Array, contiguous, lift, ratio
from model.parameters import Params, par

STUDENT_AGE, GRADUATE_AGE, STUDY_YEARS = 18, 22, 4
STUDENTS, GRADUATES = len(HUKOU), len(HUKOU) + 1
ADULT = 18
PARENTS = slice(25, 45)


@dataclass(frozen=True)
class MobilityParams(Params):
    """The mobility curve, and where students come from."""

    childhood_level: float = par(
        0.02, unit="1", prior="LogNormal(0.02, 0.2)", low=0.001, high=0.2, id="D10",
        doc="height of the childhood part of the mobility curve", source="Rogers and Castro 1981",
        evidence="recalled",
    )  # fmt: skip
    childhood_fall: float = par(
        0.10, unit="1/yr", prior="LogNormal(0.10, 0.15)", low=0.02, high=0.5, id="D10",
        doc="fall of the childhood part by age", source="Rogers and Castro 1981",
        evidence="recalled",
    )  # fmt: skip
    labour_level: float = par(
        0.06, unit="1", prior="LogNormal(0.06, 0.2)", low=0.005, high=0.5, id="D10",
        doc="height of the labour part of the mobility curve", source="Rogers and Castro 1981",
        evidence="recalled",
    )  # fmt: skip
    labour_fall: float = par(
        0.10, unit="1/yr", prior="LogNormal(0.10, 0.15)", low=0.02, high=0.5, id="D10",
        doc="fall of the labour part beyond its peak", source="Rogers and Castro 1981",
        evidence="recalled",
    )  # fmt: skip
    labour_rise: float = par(
        0.40, unit="1/yr", prior="LogNormal(0.40, 0.2)", low=0.05, high=2, id="D10",
        doc="rise of the labour part before its peak", source="Rogers and Castro 1981",
        evidence="recalled",
    )  # fmt: skip
    constant: float = par(
        0.003, unit="1", prior="LogNormal(0.003, 0.3)", low=0.0001, high=0.05, id="D10",
        doc="part of mobility that is the same at every age", source="Rogers and Castro 1981",
        evidence="recalled",
    )  # fmt: skip
    peak_age: float = par(
        20.0, unit="years", prior="Normal(20, 1.5)", low=12, high=35, id="D10",
        doc="location of the labour peak of mobility", source="Rogers and Castro 1981 IIASA",
        evidence="recalled",
    )  # fmt: skip
    students_from_outside: float = par(
        0.35, unit="1", prior="Beta(7, 13)", low=0, high=0.95,
        doc="share of first-year places taken by people from the external regions",
        source="universities recruit across provinces; no count of origins found",
        evidence="assumed",
    )  # fmt: skip
    students_leaving: float = par(
        0.35, unit="1", prior="Beta(7, 13)", low=0, high=0.95,
        doc="share of the area's own first-year students who study in an external region",
        source="no count of destinations found", evidence="assumed",
    )  # fmt: skip
    student_decay: float = par(
        0.5, unit="1", prior="LogNormal(0.5, 0.4)", low=0, high=3,
        doc="fall of the choice of a university with log distance",
        source="judgement: weaker than that of migrants", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def rogers_castro(p: MobilityParams) -> Array:
    r"""Mobility by age, up to scale: childhood, labour peak and a constant.

    .. math:: r(a) = a_1 e^{-\alpha_1 a}
        + a_2 \exp\{-\alpha_2 (a - \mu) - e^{-\lambda_2 (a - \mu)}\} + c

    Parameters
    ----------
    p : MobilityParams

    Returns
    -------
    (draw, age) [1]

    Notes
    -----
    Rogers and Castro (1981), the seven-parameter curve.

    Examples
    --------
    >>> r = rogers_castro(MobilityParams())[0]
    >>> int(r[10:60].argmax()) + 10
    23
    """
    offset = AGES - lift(p.peak_age, 1)
    labour = np.exp(-lift(p.labour_fall, 1) * offset - np.exp(-lift(p.labour_rise, 1) * offset))
    childhood = np.exp(-lift(p.childhood_fall, 1) * AGES)
    curve = lift(p.childhood_level, 1) * childhood + lift(p.labour_level, 1) * labour
    return curve + lift(p.constant, 1)


def mean_mobility(people: Array, curve: Array, zones: int) -> Array:
    """Mean of the mobility curve over the residents of the study area, (draw,) [1].

    Parameters
    ----------
    people : (place, sex, age) [persons]
    curve : (draw, age) [1]
    zones : int

    Examples
    --------
    >>> float(mean_mobility(np.ones((2, 2, 101)), np.ones((1, 101)), 1)[0])
    1.0
    """
    by_age = people[:zones].sum(axis=(0, 1))
    return (by_age * curve).sum(axis=1) / by_age.sum()


def group_of_cell() -> Array:
    """Group by which a person of a cell chooses, (hukou, education, age) [1].

    Examples
    --------
    >>> table = group_of_cell()
    >>> int(table[1, 0, 30]), int(table[1, 3, 18]), int(table[0, 3, 22])
    (1, 3, 4)
    """
    shape = (len(HUKOU), len(EDUCATION), len(AGES))
    group = np.broadcast_to(np.arange(len(HUKOU))[:, None, None], shape).copy()
    group[:, TERTIARY, STUDENT_AGE] = STUDENTS
    group[:, TERTIARY, GRADUATE_AGE] = GRADUATES
    return group


def main_groups(group: Array) -> Array:
    """Group by which most people of a class choose, (hukou,) [1].

    Parameters
    ----------
    group : (hukou, education, age) [1]

    Examples
    --------
    >>> main_groups(group_of_cell()).tolist()
    [0, 1, 2]
    """
    return np.array([np.bincount(table.ravel()).argmax() for table in group])


def mobility_by_age(adults: Array, curve: Array) -> Array:
    """Mobility relative to the mean by place, class and age: the curve, and children with adults.

    Parameters
    ----------
    adults : (draw, place, hukou, age) [persons]
        Of the ages of :data:`PARENTS` only.
    curve : (draw, age) [1]
        Relative to the mean.

    Returns
    -------
    (draw, place, hukou, age) [1]
        Where there are no adults of 25 to 44, minors take the plain mean of the curve over them.

    Examples
    --------
    >>> curve = np.where(AGES < 30, 2.0, 1.0)[None]
    >>> found = mobility_by_age(np.ones((1, 1, 3, 20)), curve)
    >>> float(found[0, 0, 0, 20]), float(found[0, 0, 0, 5])
    (2.0, 1.25)
    """
    rates = curve[:, None, None, PARENTS]
    with_adults = ratio((adults * rates).sum(axis=3), adults.sum(axis=3), np.nan)
    plain = curve[:, PARENTS].mean(axis=1)[:, None, None]
    with_adults = np.where(np.isnan(with_adults), plain, with_adults)
    found = np.broadcast_to(curve[:, None, None], (*adults.shape[:3], len(AGES))).copy()
    found[..., :ADULT] = with_adults[..., None]
    return found


def cells_apart(group: Array) -> tuple[Array, Array]:
    """Cells that choose unlike most of their class.

    Parameters
    ----------
    group : (hukou, education, age) [1]

    Returns
    -------
    usual : (hukou, education, age) [1]
        One for a cell that chooses as most do, else zero.
    cells : (cell, 4) [1]
        Class, education, age and group of the others.

    Examples
    --------
    >>> usual, cells = cells_apart(group_of_cell())
    >>> float(usual[0, 3, 22]), cells[1].tolist()
    (0.0, [0, 3, 22, 4])
    """
    apart = group != main_groups(group)[:, None, None]
    others = np.argwhere(apart)
    by_cell = np.column_stack([others, group[tuple(others.T)]])
    return 1.0 - apart, np.ascontiguousarray(by_cell)


def leaving(
    stay: Array, counts: Array, apart: Array, curve: Array, students: Array, group: Array
) -> tuple[Array, Array]:
    """Probability of moving away by group and age; bounded by one, the same in both engines.

    Parameters
    ----------
    stay : (draw, group, place) [1]
        Probability of leaving at mean mobility; of students not used.
    counts : (draw, place, hukou, sex, age) [persons]
    apart : (draw, place, cell) [persons]
        Those of them who choose unlike most of their class, as in :func:`cells_apart`.
    curve : (draw, age) [1]
        Mobility relative to the mean; minors as in :func:`mobility_by_age`.
    students : (draw, place) [1]
        Probability that a first-year student leaves.
    group : (hukou, education, age) [1]

    Returns
    -------
    leave : (draw, place, group, age) [1]
    leavers : (draw, hukou, group, place) [persons/yr]
        In expectation.

    Examples
    --------
    >>> people, apart = np.ones((1, 1, 3, 2, 101)), np.ones((1, 1, 6))
    >>> curve, stay = np.full((1, 101), 3.0), np.full((1, 5, 1), 0.4)
    >>> found, leavers = leaving(stay, people, apart, curve, np.ones((1, 1)), group_of_cell())
    >>> float(found[0, 0, 0, 30]), float(found[0, 0, 4, 22]), float(leavers[0, 0, 3, 0])
    (1.0, 0.4, 1.0)
    """
    from model.kernels.moving import leave_by_age

    draws, groups, places = stay.shape
    leave = np.empty((draws, places, groups, len(AGES)))
    leavers = np.empty((draws, counts.shape[2], groups, places))
    ages = ADULT, PARENTS.start, PARENTS.stop, STUDENT_AGE, GRADUATE_AGE
    main, (_, cells) = main_groups(group), cells_apart(group)
    apart, stay, curve, students = contiguous(apart, stay, curve, students)
    leave_by_age(counts, apart, stay, curve, students, ages, main, cells, leave, leavers)
    return leave, leavers


def student_exchange(
    places: float, entrants: Array, inflow: Array, outflow: Array, p: MobilityParams
) -> tuple[Array, Array]:
    """First-year students exchanged with each region in the base year.

    Parameters
    ----------
    places : float [persons/yr]
        First-year places of the study area.
    entrants : (place,) [persons/yr]
        People who enter tertiary education, by where they lived.
    inflow, outflow : (draw, region) [persons/yr]
        All who come from and go to each region: students are at most half of them.
    p : MobilityParams

    Returns
    -------
    coming : (draw, region) [1]
        Probability that a first-year student of the region comes.
    going : (draw, region) [1]
        Probability that one of the study area goes there.

    Examples
    --------
    >>> entrants, flow = np.array([100.0, 1000.0]), np.array([[500.0]])
    >>> coming, going = student_exchange(100.0, entrants, flow, flow, MobilityParams())
    >>> coming.round(3).tolist(), going.round(2).tolist()
    ([[0.035]], [[0.35]])
    """
    zones = len(entrants) - inflow.shape[1]
    from_outside = lift(p.students_from_outside, 1) * places
    come = np.minimum(from_outside * inflow / inflow.sum(axis=1, keepdims=True), inflow / 2)
    leave = lift(p.students_leaving, 1) * outflow / outflow.sum(axis=1, keepdims=True)
    own = entrants[:zones].sum()
    going = np.minimum(leave, ratio(outflow / 2, np.full(outflow.shape, own)))
    return np.minimum(ratio(come, entrants[zones:]), 1.0), going


def student_choice(
    area: Area, coming: Array, going: Array, p: MobilityParams
) -> tuple[Array, Array]:
    """Where first-year students go: probability of leaving, and shares of destinations.

    Parameters
    ----------
    area : Area
    coming, going : (draw, region) [1]
        Probability of coming from a region, and of going there.
    p : MobilityParams

    Returns
    -------
    leave : (draw, place) [1]
    destination : (draw, place, place) [1]
        Rows sum to one, or to zero where nobody leaves; zero on the diagonal.
    """
    zones = len(area.zones)
    decay = np.exp(-lift(p.student_decay, 2) * np.log1p(area.distance[:, :zones] / 10.0))
    pull = decay * area.by_zone("universities", year=area.base_year)
    inside = ratio(pull, pull.sum(axis=2, keepdims=True))
    stay = (1 - going.sum(axis=1))[:, None, None]
    outside = np.zeros((len(going), len(area.places), len(area.regions)))
    outside[:, :zones] = going[:, None]
    inside[:, :zones] = inside[:, :zones] * stay
    weight = np.concatenate([inside, outside], axis=2) * (1 - np.eye(len(area.places)))
    leave = weight.sum(axis=2)
    leave[:, zones:] = coming * (leave[:, zones:] > 0)
    return leave, ratio(weight, weight.sum(axis=2, keepdims=True))
