r"""How near modelled flows come to observed ones.

.. math::

    SRMSE = \frac{\sqrt{\frac1n \sum (y - \mu)^2}}{\frac1n \sum y}, \quad
    CPC = \frac{2 \sum \min(y, \mu)}{\sum y + \sum \mu}, \quad
    SSI = \frac1n \sum \frac{2 \min(y, \mu)}{y + \mu}

Sources: Knudsen, Fotheringham (1986, International Regional Science Review 10) for SRMSE;
Lenormand et al. (2012, PLoS ONE 7) for CPC, the common part of commuters; Masucci et al. (2013,
Physical Review E 88) for the Sorensen similarity by cell.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.axes import Array
from model.problems import Problem, ProblemsError

LEAST = 3


@dataclass(frozen=True)
class RelativeScores:
    """Fit of flows whose level means nothing: an index against numbers of people.

    Attributes
    ----------
    pairs : int
    rank_correlation : float [1]
        Spearman's, ties at their mean rank.
    srmse : float [1]
        After the modelled flows are scaled to the total of the observed.
    common_part : float [1]
        After the same scaling.
    scale : float [any]
        Observed total per modelled total.
    """

    pairs: int
    rank_correlation: float
    srmse: float
    common_part: float
    scale: float


def relative_scores(observed: npt.ArrayLike, modelled: npt.ArrayLike) -> RelativeScores:
    """Scores of modelled flows against relative weights, such as an index of moves between cities.

    Parameters
    ----------
    observed, modelled : (pair,) [any]
        Same pairs in the same order; any shape.

    Returns
    -------
    RelativeScores

    Raises
    ------
    ProblemsError
        Shapes that differ, missing or negative flows, fewer than three pairs, or flows that are
        all zero or all alike.

    Notes
    -----
    Where a model gives flows of one purpose and the index counts all, only the ranking and the
    shape are compared. Source: Spearman (1904, American Journal of Psychology 15).

    Examples
    --------
    >>> found = relative_scores([0.4, 0.2, 0.1], [400, 100, 200])
    >>> round(found.rank_correlation, 3), round(found.srmse, 3), found.scale
    (0.5, 0.35, 0.001)
    """
    one, other = _checked(observed, modelled)
    scale = float(one.sum() / other.sum())
    other = other * scale
    return RelativeScores(
        one.size, spearman(one, other), srmse(one, other), common_part(one, other), scale
    )


def srmse(observed: Array, modelled: Array) -> float:
    """Standardised root mean square error: 0 is perfect.

    Examples
    --------
    >>> srmse(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    0.5
    """
    return float(np.sqrt(np.mean((observed - modelled) ** 2)) / np.mean(observed))


def common_part(observed: Array, modelled: Array) -> float:
    """Common part of commuters (Sorensen index of the totals), from 0 to 1.

    Examples
    --------
    >>> common_part(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    0.75
    """
    return float(2 * np.minimum(observed, modelled).sum() / (observed.sum() + modelled.sum()))


def sorensen(observed: Array, modelled: Array) -> float:
    """Sorensen similarity, mean over cells; two zeros are alike.

    Examples
    --------
    >>> round(sorensen(np.array([1.0, 3.0]), np.array([2.0, 2.0])), 4)
    0.7333
    """
    both = observed + modelled
    alike = 2 * np.minimum(observed, modelled)
    return float(np.mean(np.where(both > 0, alike / np.where(both > 0, both, 1), 1.0)))


def r_squared(observed: Array, modelled: Array) -> float:
    """Squared correlation; not a number where one side does not vary.

    Examples
    --------
    >>> round(r_squared(np.array([1.0, 2.0, 3.0]), np.array([2.0, 3.0, 5.0])), 4)
    0.9643
    """
    return pearson(observed, modelled) ** 2


def spearman(observed: Array, modelled: Array) -> float:
    """Rank correlation, ties at their mean rank.

    Examples
    --------
    >>> round(spearman(np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 4.0])), 6)
    0.8
    """
    from scipy.stats import rankdata

    return pearson(rankdata(observed), rankdata(modelled))


def pearson(one: Array, other: Array) -> float:
    """Correlation; not a number where one side does not vary.

    Examples
    --------
    >>> round(pearson(np.array([1.0, 2.0]), np.array([5.0, 9.0])), 6)
    1.0
    """
    first, second = one - one.mean(), other - other.mean()
    size = np.sqrt((first @ first) * (second @ second))
    return float(first @ second / size) if size > 0 else float("nan")


def _checked(observed: npt.ArrayLike, modelled: npt.ArrayLike) -> tuple[Array, Array]:
    """Flows as two flat arrays, or every reason why they cannot be compared."""
    arrays = [np.asarray(flows, dtype=float) for flows in (observed, modelled)]
    found = []
    if arrays[0].shape != arrays[1].shape:
        shapes = f"observed {arrays[0].shape}, modelled {arrays[1].shape}"
        found.append(("shape", f"{shapes}: not the same pairs"))
    for name, flows in zip(("observed", "modelled"), arrays, strict=True):
        wrong = np.flatnonzero(~((flows.ravel() >= 0) & np.isfinite(flows.ravel())))
        if len(wrong):
            listed = ", ".join(str(place) for place in wrong[:8])
            found.append((name, f"negative or missing at {listed} ({len(wrong)} in all)"))
        elif flows.size < LEAST:
            found.append((name, f"{flows.size} pairs; at least {LEAST} are needed"))
        elif not flows.any():
            found.append((name, "every flow is zero"))
        elif np.ptp(flows) == 0:
            found.append((name, "every flow is the same: there is nothing to rank"))
    if found:
        raise ProblemsError(Problem("flows", None, key, message) for key, message in found)
    return arrays[0].ravel(), arrays[1].ravel()
