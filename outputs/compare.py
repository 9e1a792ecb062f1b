"""Differences between scenarios, paired by draw.

All scenarios of an ensemble live through the same draws, so the difference is taken inside each
draw and summed up afterwards; it is never a difference of separate means.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError, nearest
from outputs.indicators import HEADLINE, INDICATORS, check_indicator, indicator
from outputs.regions import default_regions, locate

if TYPE_CHECKING:
    import xarray as xr


LOW, HIGH = 5.0, 95.0
INTERVAL_NOTE = (
    "Base: its mean over the draws. Difference: the mean of the differences taken draw by draw "
    "against it; 5 % and 95 % bound nine of them in ten, P(> 0) is the share of draws in which it "
    "is positive, `of base` the difference by the base."
)
ONE_DRAW_NOTE = "One draw: no interval and no probability. Ask for more draws to have them."


@dataclass(frozen=True, slots=True)
class Difference:
    """One scenario against the base: an indicator of a region in a year.

    ``low`` and ``high`` are the 5th and 95th percentile of the paired differences,
    ``probability`` the share of them above zero, None where no draw differs at all; ``percent``
    is the mean difference by the base mean. With one draw the first three are None.
    """

    indicator: str
    region: str
    year: int
    unit: str
    base: str
    scenario: str
    base_mean: float | None
    scenario_mean: float | None
    difference: float | None
    percent: float | None
    low: float | None
    high: float | None
    probability: float | None
    draws: int


def compare(
    ds: "xr.Dataset",
    area: Area,
    indicators: Sequence[str] = HEADLINE,
    years: Sequence[int] | None = None,
    regions: Sequence[str] | None = None,
    base: str | None = None,
    region_set: str | None = None,
) -> list[Difference]:
    """Paired differences of every other scenario from a base scenario.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of an ensemble of two scenarios or more.
    area : Area
        Study area of the result.
    indicators : sequence of str
        Keys of ``INDICATORS``.
    years : sequence of int, optional
        By default the last.
    regions : sequence of str, optional
        By default those of the region set and the whole area.
    base : str, optional
        By default the first scenario.
    region_set : str, optional
        Set in which a region is looked up first; by default the area's own.

    Returns
    -------
    list of Difference
        In the order indicator, region, year, scenario.

    Raises
    ------
    ProblemsError
        Every unknown indicator, year, region and scenario, at once.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> both = ensemble(["trend", "plan_realistic"], draws=2, end=2021)
    >>> row = compare(both, load_area(), ["population"], regions=["metro"])[0]
    >>> row.scenario, row.year, row.draws
    ('plan_realistic', 2021, 2)
    """
    places = tuple(regions) if regions is not None else default_regions(area, region_set)
    wanted = [int(ds["year"][-1])] if years is None else [int(year) for year in years]
    sets = check(ds, area, indicators, wanted, places, base, region_set)
    names = [str(name) for name in ds["scenario"].values]
    first = names[0] if base is None else base
    rows = []
    for name in indicators:
        values = {s: indicator(ds, area, name, s) for s in dict.fromkeys(sets.values())}
        for place in places:
            series = values[sets[place]].sel(region=place)
            for year in wanted:
                each = series.sel(year=year).transpose("scenario", "draw").values
                rows += [
                    difference(each[names.index(first)], each[index], name, place, year, first, s)
                    for index, s in enumerate(names)
                    if s != first
                ]
    return rows


def difference(
    base: Array, other: Array, name: str, region: str, year: int, base_name: str, scenario: str
) -> Difference:
    """One row from the values of two scenarios, ``(draw,)`` each, draw beside draw.

    Examples
    --------
    >>> row = difference(np.array([100.0, 200.0]), np.array([110.0, 208.0]), "births", "a", 2030,
    ...                  "trend", "plan")
    >>> row.difference, row.percent, row.probability
    (9.0, 6.0, 1.0)
    """
    paired = other - base
    mean, one = float(base.mean()), len(paired) == 1
    low, high = (None, None) if one else np.percentile(paired, [LOW, HIGH])
    finite = bool(np.isfinite(paired).all())
    return Difference(
        name, region, year, INDICATORS[name].unit, base_name, scenario,
        base_mean=plain(mean),
        scenario_mean=plain(other.mean()),
        difference=plain(paired.mean()),
        percent=plain(100 * paired.mean() / abs(mean)) if mean else None,
        low=plain(low),
        high=plain(high),
        probability=None if one or not finite or not paired.any() else float((paired > 0).mean()),
        draws=len(paired),
    )  # fmt: skip


def plain(value: float | None) -> float | None:
    """Python float; None for what is not a number.

    Examples
    --------
    >>> plain(np.float64(1.5)), plain(np.nan)
    (1.5, None)
    """
    return None if value is None or not np.isfinite(value) else float(value)


def check(
    ds: "xr.Dataset", area: Area, indicators: Sequence[str], years: Sequence[int],
    regions: Sequence[str], base: str | None, region_set: str | None,
) -> dict[str, str]:  # fmt: skip
    """Region set of each region, once everything asked for is known to exist.

    Raises
    ------
    ProblemsError
        Everything that does not.
    """
    found: list[Problem] = []
    names = [str(name) for name in ds["scenario"].values] if "scenario" in ds.dims else []
    if len(names) < 2:
        message = "a comparison needs a result with two scenarios or more"
        found.append(Problem("result", None, "scenario", message))
    elif base is not None and base not in names:
        message = f"unknown {base!r}{nearest(base, names)}"
        found.append(Problem("arguments", None, "base", message))
    first, last = int(ds["year"][0]), int(ds["year"][-1])
    found += [
        Problem("arguments", None, "year", f"{year} is outside the run, {first} to {last}")
        for year in years
        if not first <= year <= last
    ]
    sets = {}
    for name in indicators:
        try:
            check_indicator(name)
        except ProblemsError as error:
            found += error.problems
    for region in regions:
        try:
            sets[region] = locate(area, region, region_set)
        except ProblemsError as error:
            found += error.problems
    if found:
        raise ProblemsError(dict.fromkeys(found))
    return sets
