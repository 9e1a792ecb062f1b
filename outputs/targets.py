"""The plans' own numbers held against a result: is a target met, by how much, and when.

A target is judged as it is written: a budget or GDP target is nominal. Beside it stands the same
number read as money of the base year, because a target can be met by prices alone; a travel time
is read door to door and, as plans tend to count, from station to station. Where the tables have
observed what a statement speaks of, the statement itself is graded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from calibration.ledger import Target
from model.area import Area
from model.axes import Array
from outputs.chances import chance_text, meets, signed_gap, standard_error
from outputs.compare import plain
from outputs.indicators import INDICATORS, indicator
from outputs.observed import realism
from outputs.regions import ZONES, locate

if TYPE_CHECKING:
    import xarray as xr


SCORED, UNTESTABLE, OUTSIDE = "scored", "untestable as written", "outside the run"
CONTEXT = "context"
BAND = (5.0, 95.0)
READINGS = {
    "gdp_nominal": (("gdp_nominal", "nominal"), ("gdp_real", "real")),
    "budget_revenue_nominal": (("budget_revenue_nominal", "nominal"), ("budget_revenue", "real")),
    "travel_time_to_core": (
        ("travel_time_to_core", "door to door"),
        ("station_time_to_core", "station to station"),
    ),
}
REALISED_SHARE = 0.30
REALISED_SOURCE = (
    "The master-plan draft of 2011-2020 foresaw 11.30 million residents of Shenyang in 2020; the "
    "census counted 9.07 million: 0.30 of the planned increment was realised."
)


@dataclass(frozen=True, slots=True)
class Score:
    """One target in one scenario.

    ``probability`` is the share of draws that meet the target, ``error`` its Monte Carlo standard
    error and ``chance`` both as text. ``gap`` [percent] is the median outcome against the target,
    positive where it is on the right side: above for ``>``, below for ``<``; for ``=`` it is
    outcome minus target. ``crossing`` is the first year by which half of the draws have met it at
    least once, ``crossing_low`` and ``crossing_high`` those by which 5 and 95 % have, None where
    fewer ever do; ``never`` is the share that do not by the end of the run. ``reference`` is the
    outcome if 0.30 of the planned increment came about. ``actual`` and ``grade`` hold the
    statement against the tables (see :func:`outputs.observed.realism`); ``ungraded`` says why not.
    """

    id: str
    indicator: str
    scenario: str
    region: str
    statement: str
    kind: str
    year: int | None
    dating: str
    comparator: str
    target: float
    unit: str
    prices: str
    variable: str
    series: str
    status: str
    reason: str
    draws: int
    probability: float | None
    error: float | None
    chance: str
    median: float | None
    gap: float | None
    crossing: int | None
    crossing_low: int | None
    crossing_high: int | None
    never: float | None
    reference: float | None
    actual: float | None
    grade: float | None
    ungraded: str
    same_as: str
    lever: str
    document: str
    section: str


def score_targets(ds: "xr.Dataset", area: Area, ledger: Sequence[Target]) -> list[Score]:
    """Every target of the ledger in every scenario of a result.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of a run, with or without dimension ``scenario``.
    area : Area
        Study area of the result.
    ledger : sequence of Target
        From :func:`calibration.ledger.load_ledger`.

    Returns
    -------
    list of Score
        In the order of the ledger; for each target its readings (money nominal and real, times
        door to door and station to station), in each the scenarios. What cannot be judged stands
        once, without scenario.

    Raises
    ------
    ProblemsError
        A testable target whose variable is not an indicator, or not in the result.

    Examples
    --------
    >>> from calibration.ledger import load_ledger
    >>> from model import load_area, simulate
    >>> area = load_area()
    >>> scores = score_targets(simulate("trend", end=2021), area, load_ledger(area))
    >>> next(s.status for s in scores if s.id == "P026")
    'outside the run'
    """
    if "scenario" not in ds.dims:
        ds = ds.expand_dims(scenario=[ds.attrs["scenario_names"]])
    names = [str(name) for name in ds["scenario"].values]
    years, found = ds["year"].values, {}
    rows = []
    for target in ledger:
        if not target.testable:
            status = CONTEXT if target.status == CONTEXT else UNTESTABLE
            rows.append(unscored(target, area, status, target.reason, ds.sizes["draw"]))
            continue
        if target.year is None or not years[0] <= target.year <= years[-1]:
            reason = f"the run goes from {years[0]} to {years[-1]}"
            rows.append(unscored(target, area, OUTSIDE, reason, ds.sizes["draw"]))
            continue
        region_set, region = place_of(target, area)
        for variable, series in readings(target.variable):
            if (variable, region_set) not in found:
                found[variable, region_set] = indicator(ds, area, variable, region_set)
            values = found[variable, region_set].sel(region=region)
            each = values.transpose("scenario", "draw", "year").values
            rows += [
                score(target, area, name, variable, series, each[index], years)
                for index, name in enumerate(names)
            ]
    return rows


def readings(variable: str) -> tuple[tuple[str, str], ...]:
    """Variables and series in which a target is read: money and times twice, the rest once.

    Examples
    --------
    >>> readings("gdp_nominal"), readings("population")
    ((('gdp_nominal', 'nominal'), ('gdp_real', 'real')), (('population', ''),))
    """
    return READINGS.get(variable, ((variable, ""),))


def facts(target: Target, area: Area) -> dict[str, Any]:
    """What a row says of the statement itself, whatever becomes of it in a run."""
    names = ("id", "indicator", "region", "statement", "kind", "year", "dating", "comparator",
             "prices", "same_as", "lever", "document", "section")  # fmt: skip
    actual, grade, ungraded = realism(target, area)
    said = {name: getattr(target, name) for name in names}
    return said | {"target": target.value, "actual": actual, "grade": grade, "ungraded": ungraded}


def unscored(target: Target, area: Area, status: str, reason: str, draws: int) -> Score:
    """Row of a target that cannot be judged; the same for every scenario, so without one."""
    return Score(
        **facts(target, area), scenario="", unit=target.unit, variable=target.variable, series="",
        status=status, reason=reason, draws=draws, probability=None, error=None, chance=status,
        median=None, gap=None, crossing=None, crossing_low=None, crossing_high=None, never=None,
        reference=None,
    )  # fmt: skip


def crossings(values: Array, years: Array, comparator: str, target: float) -> Array:
    """First year in which each draw meets the target, infinite where it never does.

    Parameters
    ----------
    values : (draw, year)
        Outcome in the unit of the target.
    years : (year,) [yr]
    comparator : str
    target : float

    Returns
    -------
    (draw,) [yr]

    Examples
    --------
    >>> crossings(np.array([[1.0, 3.0], [1.0, 1.0]]), np.array([2020, 2021]), ">", 2.0).tolist()
    [2021.0, inf]
    """
    met = meets(values, comparator, target)
    return np.where(met.any(axis=1), years[met.argmax(axis=1)], np.inf)


def year_at(first: Array, percentile: float) -> int | None:
    """Year by which that percentage of the draws have crossed; None where fewer ever do."""
    year = float(np.percentile(first, percentile, method="inverted_cdf"))
    return int(year) if np.isfinite(year) else None


def score(
    target: Target, area: Area, scenario: str, variable: str, series: str, values: Array,
    years: Array,
) -> Score:  # fmt: skip
    """Row of one target in one scenario.

    Parameters
    ----------
    target : Target
    area : Area
    scenario, variable, series : str
        What the values are of.
    values : (draw, year)
        Outcome in the unit of the target.
    years : (year,) [yr]

    Returns
    -------
    Score
    """
    at = int(np.flatnonzero(years == target.year)[0])
    met = meets(values[:, at], target.comparator, target.value)
    count, draws = int(met.sum()), len(met)
    # what is data is the same in every draw: nothing to be unsure of
    certain = draws > 1 and float(np.ptp(values[:, at])) <= 1e-9 * abs(float(values[0, at]))
    first = crossings(values, years, target.comparator, target.value)
    # the reference class is of planned growth: it says nothing of a limit or a share
    rises = target.comparator in {">", ">="}
    median, start = float(np.median(values[:, at])), float(np.median(values[:, 0]))
    return Score(
        **facts(target, area), scenario=scenario, unit=INDICATORS[variable].unit,
        variable=variable, series=series, status=SCORED, reason="", draws=draws,
        probability=None if draws == 1 else count / draws,
        error=None if draws == 1 or certain else standard_error(count, draws),
        chance=f"{'met' if count else 'not met'}, all draws alike" if certain
        else chance_text(count, draws),
        median=plain(median),
        gap=plain(signed_gap(median, target.comparator, target.value)),
        crossing=year_at(first, 50),
        crossing_low=year_at(first, BAND[0]),
        crossing_high=year_at(first, BAND[1]),
        never=float(np.isinf(first).mean()),
        reference=plain(start + REALISED_SHARE * (target.value - start)) if rises and at else None,
    )  # fmt: skip


def place_of(target: Target, area: Area) -> tuple[str, str]:
    """Region set and region where a target is read off.

    A target over the zones of a region (``zones``, ``metro``) is read off that region.
    """
    if target.region_set == ZONES:
        return locate(area, target.region), target.region
    return target.region_set, target.region
