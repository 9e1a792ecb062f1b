"""What each lever family contributes to the difference between two scenarios.

Players are the families whose levers differ, the rules of realisation where both scenarios have
levers, and the assumptions and the openings of works where they differ. A coalition takes over its
players' settings from the other scenario and everything else from the base; it lives through the
same draws.

Nobody and everybody are the two scenarios of the comparison itself. A few players are done exactly.
Many are added one after the other, along an order of its own and its reverse in each of a few
draws: the mean over draws and orders is unbiased whatever the game, and what it varies between
draws has the error of both. Everyone alone, which costs one run, is taken over more draws and
carries the rest (:mod:`outputs.shapley`). All runs of a draw are rows of one world.

Beside them stands what demand does: the same package, whose borrowed money buys nothing local.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.axes import Array
from model.problems import Problem, ProblemsError, RunError
from outputs.compare import plain
from outputs.indicators import INDICATORS, indicator
from outputs.parts import BLOCK, Design, between, design, players, without_demand
from outputs.regions import default_regions, locate
from outputs.shapley import (
    FEW,
    Coalition,
    Shares,
    along_orders,
    carried,
    exact,
    shares,
)

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area
    from model.scenario import Scenario
    from outputs.subsets import Job

SYNERGY, WHOLE, DEMAND = "synergy", "whole", "demand of borrowed money"
RUNS = 400
TOLERANCE = 1e-9
Run = Callable[[list["Job"]], list["xr.Dataset"]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part of the difference of an indicator between two scenarios.

    ``part`` is a lever family, ``rules of realisation``, ``assumptions``, ``openings of works``,
    ``whole``, or one of two that are no part of the sum: ``synergy`` (what the whole has beyond
    the sum of the parts alone) and ``demand of borrowed money`` (what it has beyond the same
    package whose borrowed money buys nothing local). ``error`` is the standard error, ``low`` and
    ``high`` bound nine draws in ten, ``percent`` is of the whole, ``alone`` the effect of the part
    by itself. Parts sum to ``whole`` within ``residual``. ``draws`` had the parts alone,
    ``ordered`` of them an order of all parts.
    """

    indicator: str
    region: str
    year: int
    unit: str
    base: str
    scenario: str
    part: str
    mean: float | None
    error: float | None
    low: float | None
    high: float | None
    percent: float | None
    alone: float | None
    residual: float
    draws: int
    ordered: int


def attribute(
    ds: "xr.Dataset",
    area: "Area",
    scenarios: Sequence["Scenario"],
    run: Run,
    indicators: Sequence[str],
    years: Sequence[int],
    runs: int = RUNS,
) -> list[Contribution]:
    """Contributions of players to the difference of every scenario from the first.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of an ensemble of these scenarios.
    area : Area
    scenarios : sequence of Scenario
        Resolved, in the order of the result.
    run : callable
        Runs jobs over draws of the same ensemble, as :func:`outputs.subsets.again`.
    indicators : sequence of str
    years : sequence of int
    runs : int
        Scenarios to run over a draw, shared by those of the comparison.

    Returns
    -------
    list of Contribution

    Raises
    ------
    ProblemsError
        An engine whose draws are not the same whoever is there.
    RunError
        Contributions that do not add up to the whole within 1e-9.
    """
    if ds.attrs["engine"] != "mean":
        message = "contributions are computed with the mean engine"
        raise ProblemsError([Problem("arguments", None, "attribute", message)])
    base, *others = scenarios
    places = {place: locate(area, place) for place in default_regions(area)}
    plans = [
        design(players(base, other, area), ds.sizes["draw"], int(ds.attrs["seed"]),
               runs // len(others))
        for other in others
    ]  # fmt: skip
    asked = [
        (at, draws, plan.wanted(draws[0])) for at, plan in enumerate(plans) for draws in plan.blocks
    ]
    jobs: list[Job] = [
        ([between(base, others[at], frozenset(plans[at].players[p] for p in coalition), area)
          for coalition in wanted], draws)
        for at, draws, wanted in asked
    ]  # fmt: skip
    idle = [
        (at, (low, min(low + BLOCK, plan.many)))
        for at, plan in enumerate(plans)
        for low in range(0, plan.many, BLOCK)
        if plan.players and others[at].levers
    ]
    jobs += [([without_demand(others[at])], draws) for at, draws in idle]
    results = run(jobs) if jobs else []
    rows = []
    for name in indicators:
        values = [_by_place(result, area, name, places, years) for result in results]
        ends = _by_place(ds, area, name, places, years)
        worth: list[Worth] = [{} for _ in plans]
        for (at, (first, _), wanted), each in zip(asked, values, strict=False):
            for coalition, some in zip(wanted, each, strict=True):
                worth[at] |= {(coalition, first + d): one for d, one in enumerate(some)}
        without: list[list[Array]] = [[] for _ in plans]
        for (at, _), each in zip(idle, values[len(asked) :], strict=True):
            without[at].extend(each[0])
        for at, plan in enumerate(plans):
            if plan.players:
                whole = ends[at + 1] - ends[0]
                found = _shares(plan, worth[at], ends[0], ends[at + 1])
                demand = demand_part(ends[at + 1], without[at], whole)
                rows += _rows(plan, found, demand, name, places, years, base.name, others[at].name)
    return rows


Worth = dict[tuple[Coalition, int], Array]


def demand_part(outcome: Array, without: Sequence[Array], whole: Array) -> tuple[Array, Array]:
    """Mean effect of demand by borrowed money and its standard error, each ``(...)``.

    Parameters
    ----------
    outcome : (draw, ...)
        Of the scenario, in all draws.
    without : sequence of (...)
        The same without that demand, in the first draws; none where there is no package.
    whole : (draw, ...)
        Difference of the scenario from the base, in all draws.

    Returns
    -------
    tuple of array

    Examples
    --------
    >>> outcome = np.array([5.0, 7.0, 6.0, 6.0])
    >>> mean, error = demand_part(outcome, [4.0, 5.0, 4.5], outcome)
    >>> float(mean), float(error)
    (1.5, 0.0)
    """
    if not without:
        return np.zeros(whole.shape[1:]), np.zeros(whole.shape[1:])
    few = len(without)
    return carried(outcome[:few] - np.array(without), whole)


def _by_place(
    ds: "xr.Dataset", area: "Area", name: str, places: dict[str, str], years: Sequence[int]
) -> Array:
    sets = {s: indicator(ds, area, name, s) for s in dict.fromkeys(places.values())}
    columns = [
        sets[s].sel(region=place, year=list(years)).transpose("scenario", "draw", "year").values
        for place, s in places.items()
    ]
    return np.stack(columns, axis=-1)


def _shares(plan: Design, worth: Worth, nobody: Array, everybody: Array) -> Shares:
    count, many = len(plan.players), range(plan.many)
    whole = everybody - nobody
    if count == 1:
        return shares(whole[None], whole[None], whole)
    alone = np.array([
        [worth[frozenset({p}), draw] - nobody[draw] for draw in many] for p in range(count)
    ])  # fmt: skip
    ends = {frozenset(): nobody, frozenset(range(count)): everybody}
    if count <= FEW:
        all_of = {c: np.array([worth[c, draw] for draw in many]) for c in plan.wanted(0)}
        all_of |= {coalition: values[: plan.many] for coalition, values in ends.items()}
        return shares(alone, exact(all_of, count), whole)
    sampled = [
        along_orders(
            {c: worth[c, draw] for c in plan.wanted(draw)}
            | {coalition: values[draw] for coalition, values in ends.items()},
            order,
        )
        for draw, order in enumerate(plan.orders)
    ]
    return shares(alone, np.stack(sampled, axis=1), whole)


def _rows(
    plan: Design, found: Shares, demand: tuple[Array, Array], name: str, places: dict[str, str],
    years: Sequence[int], base: str, other: str,
) -> list[Contribution]:  # fmt: skip
    worst = float(np.nanmax(found.residual, initial=0.0))
    if not worst <= TOLERANCE:
        raise RunError(f"contributions to {name} do not add up: residual {worst:.1e}")
    return [
        row
        for year_at, year in enumerate(years)
        for place_at, place in enumerate(places)
        for row in _parts(plan, found, demand, (year_at, place_at), {
            "indicator": name, "region": place, "year": int(year), "unit": INDICATORS[name].unit,
            "base": base, "scenario": other, "draws": plan.many, "ordered": len(plan.orders),
        })
    ]  # fmt: skip


def _parts(
    plan: Design, found: Shares, demand: tuple[Array, Array], at: tuple[int, int],
    said: dict[str, Any],
) -> list[Contribution]:  # fmt: skip
    """Rows of one indicator of a region in a year: players, synergy, demand and the whole."""
    whole = float(found.whole[at])
    said = said | {"residual": float(found.residual[at])}
    percent = 100 / whole if whole else np.nan
    rows = [
        Contribution(
            part=part,
            mean=plain(found.mean[p][at]), error=plain(found.error[p][at]),
            low=plain(found.low[p][at]), high=plain(found.high[p][at]),
            percent=plain(percent * found.mean[p][at]), alone=plain(found.alone[p][at]), **said,
        )
        for p, part in enumerate(plan.players)
    ]  # fmt: skip
    none = dict.fromkeys(("low", "high", "alone"))
    beside = {SYNERGY: (found.synergy, found.synergy_error), DEMAND: demand}
    rows += [
        Contribution(part=part, mean=plain(mean[at]), error=plain(error[at]),
                     percent=plain(percent * mean[at]), **none, **said)
        for part, (mean, error) in beside.items()
    ]  # fmt: skip
    rows.append(Contribution(
        part=WHOLE, mean=plain(whole), error=None, percent=plain(percent * whole), **none, **said,
    ))  # fmt: skip
    return rows
