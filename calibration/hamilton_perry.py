r"""Population by age from cohort change ratios: the method of Hamilton and Perry.

.. math::

    r_{a+h} = \frac{N_{a+h}(t)}{N_a(t-h)}, \qquad
    \hat N_{a+h}(t+h) = r_{a+h}\, N_a(t), \qquad
    \hat N_c(t+h) = \frac{N_c(t)}{W_c(t)}\, \hat W_c(t+h)

A ratio holds what death, migration and counting did to a cohort between two censuses :math:`h`
years apart, and is kept; groups :math:`c` of people not yet born at :math:`t` follow the women
:math:`W_c` of child-bearing age. The open group comes from everybody who reaches it.

Where an area has ages at one census only, ratios of a larger area stand in (borrowed). Of its own
past the total is known, and everybody it held then is above :math:`h` now, so that one factor
:math:`k` on all ratios makes its people of today, taken back, add up to that total:

.. math:: k\, N(t-h) = \sum_a \frac{N_{a+h}(t)}{r_{a+h}}

With ratios of its own :math:`k` is 1 exactly, which is what makes it a control and no fit.

Sources: Hamilton, Perry (1962), Social Forces 41, 163-170; Smith, Tayman, Swanson (2001), *State
and Local Population Projections*, chapter 7 (open group, child-woman ratios); Baker, Swanson,
Tayman, Tedrow (2017), *Cohort Change Ratios and Their Applications*, chapters 4 and 5 (ratios
controlled to a total, ratios that follow a larger area).
"""

from collections.abc import Sequence

import numpy as np

from model.axes import FEMALE, Array, ratio


def reaching(people: Array, shift: int) -> Array:
    """People by the group they will be in, ``shift`` groups on; the open group takes the rest.

    Parameters
    ----------
    people : (..., age) [persons]
        Groups of equal width, the last open.
    shift : int [1]

    Returns
    -------
    (..., age - shift) [persons]

    Examples
    --------
    >>> reaching(np.array([100.0, 80.0, 60.0]), 1).tolist()
    [100.0, 140.0]
    """
    groups = people.shape[-1]
    if not 0 < shift < groups:
        raise ValueError(f"{shift} groups ahead is outside [1, {groups - 1}]")
    last = people[..., groups - shift - 1 :].sum(axis=-1, keepdims=True)
    return np.concatenate([people[..., : groups - shift - 1], last], axis=-1)


def cohort_change_ratios(early: Array, late: Array, shift: int) -> Array:
    """People of each group over the same cohort at the census before.

    Parameters
    ----------
    early, late : (..., age) [persons]
        Of two censuses, ``shift`` groups apart.
    shift : int [1]

    Returns
    -------
    (..., age - shift) [1]
        By the group reached; 0 of a cohort of nobody.

    Examples
    --------
    >>> early, late = np.array([100.0, 80.0, 60.0]), np.array([110.0, 90.0, 70.0])
    >>> cohort_change_ratios(early, late, 1).tolist()
    [0.9, 0.5]
    """
    return ratio(late[..., shift:], reaching(early, shift))


def own_growth(people: Array, ratios: Array, total_before: Array, shift: int) -> Array:
    """Factor on borrowed ratios with which people, taken back, are the total counted then.

    Parameters
    ----------
    people : (unit, sex, age) [persons]
        Of the later census.
    ratios : (sex, age - shift) [1]
        Of a larger area.
    total_before : (unit,) [persons]
        Everybody in the unit, ``shift`` groups of age before.
    shift : int [1]

    Returns
    -------
    (unit,) [1]

    Examples
    --------
    Above the first group are 36 and 10. By ratios of 0.9 and 0.5 they were 40 and 20 before, 60
    in all; 50 were counted then, so that cohorts here did 1.2 times as well.

    >>> one = np.array([[[65.0, 36.0, 10.0]]])
    >>> own_growth(one, np.array([[0.9, 0.5]]), np.array([50.0]), 1).tolist()
    [1.2]
    """
    before = ratio(people[..., shift:], ratios)
    return before.sum(axis=(1, 2)) / total_before


def projected(people: Array, ratios: Array, mothers: Sequence[slice]) -> Array:
    """People one step on: cohorts by their change ratios, children by child-woman ratios.

    Parameters
    ----------
    people : (unit, sex, age) [persons]
    ratios : (sex, age - shift) or (unit, sex, age - shift) [1]
    mothers : sequence of slice
        For each group of children, the groups whose women they follow; as many as ``shift``.

    Returns
    -------
    (unit, sex, age) [persons]

    Examples
    --------
    Women of the middle group, 80 now and 90 then, have the children of the first.

    >>> people = np.array([[[110.0, 90.0, 70.0], [100.0, 80.0, 60.0]]])
    >>> ratios = np.array([[0.9, 0.5], [0.9, 0.5]])
    >>> projected(people, ratios, [slice(1, 2)]).round(6).tolist()
    [[[123.75, 99.0, 80.0], [112.5, 90.0, 70.0]]]
    """
    shift = len(mothers)
    found = np.zeros(people.shape)
    found[..., shift:] = ratios * reaching(people, shift)
    for group, ages in enumerate(mothers):
        now, then = (side[:, FEMALE, ages].sum(axis=1) for side in (people, found))
        found[..., group] = people[..., group] * ratio(then, now)[:, None]
    return found
