r"""What rates that stay as they are lead to: reproduction, intrinsic growth, length of generation.

.. math::

    NRR = \sum_x {}_nL_x\, {}_nm_x, \qquad
    1 = \sum_x e^{-r (x + n/2)}\, {}_nL_x\, {}_nm_x, \qquad T = \ln NRR / r

with :math:`m` the rates of bearing daughters. Two ways to the root of Lotka's equation: Coale's
(1957) step, :math:`r \leftarrow r + (y(r) - 1) / 27`, and Newton's.

Source: Preston, Heuveline, Guillot (2001), *Demography*, chapters 5 and 7 (box 7.1).
"""

import numpy as np

from model.axes import Array
from model.methods.grid_checks import check_cells
from model.problems import Problem, ProblemsError, RunError

GENERATION = 27.0  # years: Coale's first guess at the mean length of a generation
ROUNDS = 200
TOLERANCE = 1e-14


def net_reproduction_rate(years: Array, maternity: Array) -> float:
    """Daughters a girl born now would bear.

    Parameters
    ----------
    years : (age,) [years]
        nLx for one birth.
    maternity : (age,) [daughters per woman and year]

    Returns
    -------
    float [1]

    Raises
    ------
    ProblemsError
        Cells that are missing or negative.

    Examples
    --------
    >>> round(net_reproduction_rate(np.array([4.6, 4.5]), np.array([0.1, 0.2])), 2)
    1.36
    """
    _check(np.arange(len(years)), years, maternity)
    return float(np.dot(years, maternity))


def mean_age_of_maternity(middles: Array, years: Array, maternity: Array) -> float:
    """Mean age at bearing daughters in the stationary population.

    Parameters
    ----------
    middles : (age,) [years]
        Middle of each age group.
    years : (age,) [years]
    maternity : (age,) [daughters per woman and year]

    Returns
    -------
    float [years]

    Examples
    --------
    >>> round(mean_age_of_maternity([22.5, 27.5], np.ones(2), np.array([0.1, 0.1])), 3)
    25.0
    """
    _check(middles, years, maternity)
    weights = np.asarray(years) * np.asarray(maternity)
    return float(np.dot(middles, weights) / weights.sum())


def lotka(growth: float, middles: Array, years: Array, maternity: Array) -> float:
    """Right side of Lotka's equation; one at the intrinsic rate of growth.

    Examples
    --------
    >>> lotka(0.0, [25.0], [5.0], [0.2])
    1.0
    """
    weights = np.asarray(years, dtype=float) * np.asarray(maternity, dtype=float)
    return float(np.exp(-growth * np.asarray(middles, dtype=float)) @ weights)


def growth_by_coale(middles: Array, years: Array, maternity: Array) -> float:
    """Intrinsic rate of growth by Coale's method (1957).

    Parameters
    ----------
    middles : (age,) [years]
    years : (age,) [years]
        nLx for one birth.
    maternity : (age,) [daughters per woman and year]

    Returns
    -------
    float [1/yr]

    Raises
    ------
    ProblemsError
        Cells that are missing or negative, or no births at all.
    RunError
        No convergence.

    Examples
    --------
    >>> round(growth_by_coale([25.0], [5.0], [0.4]), 6)  # ln 2 / 25
    0.027726
    """
    reproduction = _reproduction(middles, years, maternity)
    growth = float(np.log(reproduction) / GENERATION)
    for _ in range(ROUNDS):
        change = (lotka(growth, middles, years, maternity) - 1) / GENERATION
        growth += change
        if abs(change) < TOLERANCE:
            return growth
    raise RunError(f"no convergence of Coale's method in {ROUNDS} rounds; use growth_by_newton")


def growth_by_newton(middles: Array, years: Array, maternity: Array) -> float:
    """Intrinsic rate of growth by Newton's method; arguments as :func:`growth_by_coale`.

    Lotka's function falls and is convex, so that Newton's steps from the left never pass the root.

    Examples
    --------
    >>> round(growth_by_newton([25.0], [5.0], [0.4]), 6)  # ln 2 / 25
    0.027726
    """
    reproduction = _reproduction(middles, years, maternity)
    ages = np.asarray(middles, dtype=float)
    weights = np.asarray(years, dtype=float) * np.asarray(maternity, dtype=float)
    growth = float(np.log(reproduction) / ages[weights > 0].max())
    if reproduction < 1:
        growth = float(np.log(reproduction) / ages[weights > 0].min())
    for _ in range(ROUNDS):
        terms = np.exp(-growth * ages) * weights
        change = (terms.sum() - 1) / (ages @ terms)
        growth += float(change)
        if abs(change) < TOLERANCE:
            return growth
    raise RunError(f"no convergence of Newton's method in {ROUNDS} rounds")


def length_of_generation(middles: Array, years: Array, maternity: Array) -> float:
    """Years in which a stable population multiplies by its net reproduction rate.

    Examples
    --------
    >>> round(length_of_generation([25.0], [5.0], [0.4]), 6)
    25.0
    """
    growth = growth_by_newton(middles, years, maternity)
    if abs(growth) < 1e-12:
        return mean_age_of_maternity(middles, years, maternity)
    return float(np.log(net_reproduction_rate(years, maternity)) / growth)


def stable_growth(matrix: Array, years: float) -> tuple[float, Array]:
    """Growth and age structure to which a projection matrix leads.

    Parameters
    ----------
    matrix : (age, age) [1]
        See :func:`model.methods.cohort_component.leslie`.
    years : float [years]
        Length of its step.

    Returns
    -------
    growth : float [1/yr]
    shares : (age,) [1]

    Examples
    --------
    >>> growth, shares = stable_growth(np.array([[0.0, 2.0], [0.5, 0.0]]), 5.0)
    >>> abs(round(growth, 9)), shares.round(4).tolist()
    (0.0, [0.6667, 0.3333])
    """
    values, vectors = np.linalg.eig(np.asarray(matrix, dtype=float))
    largest = int(values.real.argmax())
    vector = np.abs(vectors[:, largest].real)
    return float(np.log(values[largest].real) / years), vector / vector.sum()


def _check(middles: Array, years: Array, maternity: Array) -> None:
    ages = np.asarray(middles, dtype=float)
    faults = check_cells("years lived", years, ages, ("nLx",), 0, np.inf)
    faults += check_cells("maternity", maternity, ages, ("daughters",), 0, np.inf)
    if faults:
        raise ProblemsError(faults)


def _reproduction(middles: Array, years: Array, maternity: Array) -> float:
    _check(middles, years, maternity)
    found = net_reproduction_rate(years, maternity)
    if found <= 0:
        raise ProblemsError([Problem("maternity", None, "daughters", "no births at any age")])
    return found
