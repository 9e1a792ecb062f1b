r"""Maximum likelihood of a log-linear Poisson model whose fixed effects are concentrated out.

.. math::

    \ln \mu_c = \alpha_{o(c)} + \gamma_{d(c)} + x_c \theta, \qquad
    I(\theta) = \tilde X^\top \mathrm{diag}(\mu) \tilde X

For given coefficients the effects that meet the margins are the factors of a balancing (at the
maximum a Poisson model reproduces its margins), and the information on the coefficients is that
of their part :math:`\tilde X` that the effects cannot mimic (weighted least squares on the
effects). Newton on that concave profile takes five or so rounds whatever the number of places,
and gives the same numbers as a dummy variable for every place.

Sources: Poisson gravity: Flowerdew, Aitkin (1982, Journal of Regional Science 22); concentrating
out: Correia, Guimaraes, Zylkin (2020, Stata Journal 20); sandwich: White (1982, Econometrica 50).
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array
from model.methods.balancing import balanced
from model.problems import Problem, ProblemsError, RunError

ROUNDS = 60
HALVINGS = 40
CLOSE = 1e-9
FLAT = 1e-9
BALANCE = 1e-12
MIMICKED = 1e-9


@dataclass(frozen=True)
class Cells:
    """Flows, their explanatory variables, and the groups that have an effect of their own.

    Attributes
    ----------
    flow : (cell,) [any]
    variables : (cell, variable) [any]
        Standardised.
    origin : (cell,) int
        Group of the first effect; all zero for one common intercept.
    destination : (cell,) int or None
        Group of the second effect, if there is one.
    """

    flow: Array
    variables: Array
    origin: Array
    destination: Array | None


@dataclass(frozen=True)
class Fitted:
    """Maximum of the profile likelihood.

    Attributes
    ----------
    coefficients : (variable,) [any]
    origin_effects : (origin,) [log]
    destination_effects : (destination,) [log]
        The first is zero; of length 0 without a second effect.
    predicted : (cell,) [any]
    own : (cell, variable) [any]
        What the effects cannot mimic of the variables.
    rounds : int
    """

    coefficients: Array
    origin_effects: Array
    destination_effects: Array
    predicted: Array
    own: Array
    rounds: int


def grouped(values: Array, group: Array) -> Array:
    """Sums over groups, of each column.

    Examples
    --------
    >>> grouped(np.array([[1.0], [2.0], [4.0]]), np.array([1, 0, 1])).tolist()
    [[2.0], [5.0]]
    """
    return np.stack([np.bincount(group, weights=column) for column in values.T], axis=1)


def residual_of(values: Array, weights: Array, cells: Cells) -> Array:
    """Part of each column that the effects cannot mimic, by weighted least squares.

    Parameters
    ----------
    values : (cell, variable) [any]
    weights : (cell,) [any]
    cells : Cells

    Returns
    -------
    (cell, variable) [any]

    Examples
    --------
    >>> one = Cells(np.ones(2), np.ones((2, 1)), np.zeros(2, int), None)
    >>> residual_of(np.array([[1.0], [3.0]]), np.array([1.0, 1.0]), one).tolist()
    [[-1.0], [1.0]]
    """
    first = np.bincount(cells.origin, weights=weights)
    sums = grouped(values * weights[:, None], cells.origin)
    if cells.destination is None:
        return values - (sums / first[:, None])[cells.origin]
    second = np.bincount(cells.destination, weights=weights)
    others = grouped(values * weights[:, None], cells.destination)
    between = np.zeros((len(first), len(second)))
    between[cells.origin, cells.destination] = weights
    per_first = between / first[:, None]
    # Of the second effects the first one is zero: all of them together are the first effects.
    laplacian = np.diag(second) - between.T @ per_first
    ends = np.zeros_like(others)
    ends[1:] = np.linalg.solve(laplacian[1:, 1:], (others - per_first.T @ sums)[1:])
    starts = sums / first[:, None] - per_first @ ends
    return values - starts[cells.origin] - ends[cells.destination]


def effects_of(coefficients: Array, cells: Cells) -> tuple[Array, Array, Array]:
    """Effects that meet the margins at given coefficients, and the flows they predict.

    Parameters
    ----------
    coefficients : (variable,) [any]
    cells : Cells

    Returns
    -------
    origin_effects : (origin,) [log]
    destination_effects : (destination,) [log]
    predicted : (cell,) [any]

    Raises
    ------
    ProblemsError, RunError
        From :func:`model.methods.balancing.balanced`.

    Examples
    --------
    >>> one = Cells(np.array([3.0, 1.0]), np.zeros((2, 1)), np.zeros(2, int), None)
    >>> effects_of(np.zeros(1), one)[2].tolist()
    [2.0, 2.0]
    """
    index = cells.variables @ coefficients
    top = np.full(cells.origin.max() + 1, -np.inf)
    np.maximum.at(top, cells.origin, index)
    pull = np.exp(index - top[cells.origin])
    starts = np.bincount(cells.origin, weights=cells.flow)
    if cells.destination is None:
        factors = starts / np.bincount(cells.origin, weights=pull)
        return np.log(factors) - top, np.zeros(0), factors[cells.origin] * pull
    ends = np.bincount(cells.destination, weights=cells.flow)
    seed = np.zeros((len(starts), len(ends)))
    seed[cells.origin, cells.destination] = pull
    found = balanced(seed, starts, ends, BALANCE)
    columns = np.log(found.column_factors)
    rows = np.log(found.row_factors) - top + columns[0]
    flows = found.row_factors[cells.origin] * pull * found.column_factors[cells.destination]
    return rows, columns - columns[0], flows


def poisson_log_likelihood(flow: Array, predicted: Array) -> float:
    """Log-likelihood of counts; factorials by the gamma function, so that halves count too.

    Examples
    --------
    >>> round(poisson_log_likelihood(np.array([2.0]), np.array([2.0])), 6)
    -1.306853
    """
    from scipy.special import gammaln, xlogy

    return float((xlogy(flow, predicted) - predicted - gammaln(flow + 1)).sum())


def start_of(cells: Cells) -> Array:
    """Coefficients of a weighted regression of log flows, each drawn half-way to the mean.

    Examples
    --------
    >>> x = np.array([[1.0], [2.0], [3.0]])
    >>> line = Cells(np.exp(x[:, 0]), x, np.zeros(3, int), None)
    >>> bool(0.5 < start_of(line)[0] < 1)
    True
    """
    mean = (cells.flow + cells.flow.mean()) / 2
    own = residual_of(cells.variables, mean, cells)
    moment = own.T @ (mean * np.log(mean) + cells.flow - mean)
    return np.linalg.solve((own * mean[:, None]).T @ own, moment)


def maximum(cells: Cells, names: tuple[str, ...]) -> Fitted:
    """Coefficients and effects of the largest likelihood.

    Parameters
    ----------
    cells : Cells
    names : tuple of str
        Of the variables, for the report.

    Returns
    -------
    Fitted

    Raises
    ------
    ProblemsError
        Variables that the effects or each other mimic.
    RunError
        No maximum, with the coefficients where the search stopped.

    Examples
    --------
    >>> flow = np.exp([1.0, 2.0, 4.0])
    >>> line = Cells(flow, np.array([[1.0], [2.0], [4.0]]), np.zeros(3, int), None)
    >>> maximum(line, ("x",)).coefficients.round(8).tolist()
    [1.0]
    """
    refuse_mimicked(cells, names)
    coefficients = start_of(cells)
    rows, columns, predicted = effects_of(coefficients, cells)
    height = poisson_log_likelihood(cells.flow, predicted)
    for rounds in range(1, ROUNDS + 1):
        slope = cells.variables.T @ (cells.flow - predicted)
        try:
            own = residual_of(cells.variables, predicted, cells)
            step = np.linalg.solve((own * predicted[:, None]).T @ own, slope)
        except np.linalg.LinAlgError:
            # Flows that vanish, as they do on the way to a decay without bounds.
            break
        small = np.abs(step).max() < CLOSE
        # Near the end the likelihood is flat to rounding, and the full step is right.
        flat = step @ slope < FLAT * (1 + abs(height))
        for _ in range(HALVINGS):
            try:
                rows, columns, predicted = effects_of(coefficients + step, cells)
                reached = poisson_log_likelihood(cells.flow, predicted)
            except (ProblemsError, RunError):
                # So far that pulls are lost to rounding, and the margins with them.
                reached = -np.inf
            if reached >= height or (flat and np.isfinite(reached)):
                break
            step = step / 2
        else:
            break
        coefficients, height = coefficients + step, reached
        if small:
            own = residual_of(cells.variables, predicted, cells)
            return Fitted(coefficients, rows, columns, predicted, own, rounds)
    where = ", ".join(f"{n} {c:.4g}" for n, c in zip(names, coefficients, strict=True))
    raise RunError(
        "the likelihood has no maximum that was found (it has none where flows are all at the "
        f"least or the largest cost); the search stopped at, per standard deviation: {where}"
    )


def refuse_mimicked(cells: Cells, names: tuple[str, ...]) -> None:
    """Refuse variables that the effects, or the other variables, reproduce.

    Parameters
    ----------
    cells : Cells
    names : tuple of str

    Raises
    ------
    ProblemsError
        Names them.

    Examples
    --------
    >>> refuse_mimicked(Cells(np.ones(2), np.ones((2, 1)), np.zeros(2, int), None), ("cost",))
    Traceback (most recent call last):
    model.problems.ProblemsError: flows: cost: cannot be told from the effects of the places
    """
    own = residual_of(cells.variables, np.ones(len(cells.flow)), cells)
    sizes = (own**2).mean(axis=0)
    problems = [
        Problem("flows", None, name, "cannot be told from the effects of the places")
        for name, size in zip(names, sizes, strict=True)
        if size < MIMICKED
    ]
    if not problems:
        values, vectors = np.linalg.eigh(own.T @ own / np.sqrt(np.outer(sizes, sizes)) / len(own))
        if values[0] < MIMICKED:
            alike = [
                name for name, part in zip(names, vectors[:, 0], strict=True) if part**2 > 0.01
            ]
            message = "cannot be told from one another"
            problems = [Problem("flows", None, ", ".join(alike), message)]
    if problems:
        raise ProblemsError(problems)


def covariances(cells: Cells, fitted: Fitted) -> tuple[Array, Array]:
    """Covariance of the coefficients: of the model, and robust to its variance being wrong.

    Parameters
    ----------
    cells : Cells
    fitted : Fitted

    Returns
    -------
    covariance, robust : (variable, variable) [any]
        Inverse information; sandwich without small-sample correction (HC0).

    Notes
    -----
    The link is canonical: observed and expected information are the same.

    Examples
    --------
    >>> line = Cells(np.array([1.0, 4.0]), np.array([[0.0], [1.0]]), np.zeros(2, int), None)
    >>> covariance, robust = covariances(line, maximum(line, ("x",)))
    >>> covariance.round(6).tolist()
    [[1.25]]
    """
    own = fitted.own
    bread = np.linalg.inv((own * fitted.predicted[:, None]).T @ own)
    scores = own * (cells.flow - fitted.predicted)[:, None]
    return bread, bread @ (scores.T @ scores) @ bread


def full_covariance(cells: Cells, fitted: Fitted) -> Array:
    """Covariance of all origin effects, destination effects but the first, and coefficients.

    Parameters
    ----------
    cells : Cells
    fitted : Fitted

    Returns
    -------
    (estimate, estimate) [any]

    Examples
    --------
    >>> line = Cells(np.array([1.0, 4.0]), np.array([[0.0], [1.0]]), np.zeros(2, int), None)
    >>> full_covariance(line, maximum(line, ("x",))).round(6).tolist()
    [[1.0, -1.0], [-1.0, 1.25]]
    """
    starts = len(fitted.origin_effects)
    ends = max(len(fitted.destination_effects) - 1, 0)
    weights = fitted.predicted
    information = np.zeros((starts + ends + cells.variables.shape[1],) * 2)
    places = np.arange(starts)
    information[places, places] = np.bincount(cells.origin, weights=weights)
    moments = cells.variables * weights[:, None]
    cross = [grouped(moments, cells.origin)]
    if cells.destination is not None:
        second = np.bincount(cells.destination, weights=weights)
        between = np.zeros((starts, ends + 1))
        between[cells.origin, cells.destination] = weights
        places = starts + np.arange(ends)
        information[places, places] = second[1:]
        information[:starts, starts : starts + ends] = between[:, 1:]
        information[starts : starts + ends, :starts] = between[:, 1:].T
        cross.append(grouped(moments, cells.destination)[1:])
    sides = np.concatenate(cross)
    information[: starts + ends, starts + ends :] = sides
    information[starts + ends :, : starts + ends] = sides.T
    information[starts + ends :, starts + ends :] = moments.T @ cells.variables
    return np.linalg.inv(information)
