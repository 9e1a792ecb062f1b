"""Whether a number meets a target, by how much, and how sure a share of draws is."""

import numpy as np

from model.axes import Array

EQUAL_WITHIN = 0.01
ABOUT_WITHIN = 0.10
CONFIDENCE = 0.95
RARE = 0.01


def meets(values: Array, comparator: str, target: float) -> Array:
    """Whether outcomes meet a target; ``=``: within 1 %, ``~=``: within 10 %. NaN meets none.

    Examples
    --------
    >>> meets(np.array([0.9, 1.0, 1.005, 2.0]), "=", 1.0).tolist()
    [False, True, True, False]
    >>> meets(np.array([60.0, 61.0]), "<=", 60.0).tolist()
    [True, False]
    """
    tests = {
        "<": values < target,
        "<=": values <= target,
        "~=": np.abs(values - target) <= ABOUT_WITHIN * abs(target),
        "=": np.abs(values - target) <= EQUAL_WITHIN * abs(target),
        ">=": values >= target,
        ">": values > target,
    }
    return tests[comparator]


def signed_gap(outcome: float, comparator: str, target: float) -> float:
    """Gap in percent of the target, positive on its right side; ``=``: outcome minus target.

    Examples
    --------
    >>> signed_gap(9e6, ">=", 12e6), signed_gap(90.0, "<=", 60.0)
    (-25.0, -50.0)
    """
    if target == 0:
        return float("nan")
    gap = 100 * (outcome - target) / abs(target)
    return -gap if comparator.startswith("<") else gap


def standard_error(count: int, draws: int) -> float:
    """Monte Carlo standard error of the share ``count / draws`` [1].

    Where all draws agree, the share is taken as ``(count + 1) / (draws + 2)``: never an error of 0.

    Examples
    --------
    >>> standard_error(5, 25), round(standard_error(0, 98), 4)
    (0.08, 0.0101)
    """
    share = count / draws if 0 < count < draws else (count + 1) / (draws + 2)
    return float(np.sqrt(share * (1 - share) / draws))


def chance_text(count: int, draws: int) -> str:
    """Chance of a target as text; a rare one as its 95 % bound, never as 0 or 100 %.

    Notes
    -----
    The bound is the one-sided one of Clopper and Pearson (1934); with no draw in n it is about
    3/n. Below 2,000 draws it is wider than the 0.5 % that a rare event deserves.

    Examples
    --------
    >>> chance_text(0, 2000), chance_text(50, 200), chance_text(200, 200), chance_text(1, 1)
    ('below 0.15 %', '25 +- 3.1 %', 'above 98.5 %', 'met (one draw)')
    """
    if draws == 1:
        return "met (one draw)" if count else "not met (one draw)"
    if count / draws < RARE:
        return f"below {100 * upper_bound(count, draws):.2g} %"
    if count / draws > 1 - RARE:
        return f"above {100 - 100 * upper_bound(draws - count, draws):.3g} %"
    return f"{100 * count / draws:.0f} +- {100 * standard_error(count, draws):.1f} %"


def upper_bound(count: int, draws: int) -> float:
    """Upper 95 % bound of a share seen ``count`` times in ``draws``.

    Examples
    --------
    >>> round(upper_bound(0, 100), 4)
    0.0295
    """
    from scipy.special import betaincinv

    return float(betaincinv(count + 1, draws - count, CONFIDENCE))
