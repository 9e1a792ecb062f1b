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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError, RunError
from model.scenario import Scenario
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

    from outputs.subsets import Job

SYNERGY, WHOLE, DEMAND = "synergy", "whole", "demand of borrowed money"
RUNS = 400
TOLERANCE = 1e-9


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


@dataclass(frozen=True)
class Inquiry:
    """What to run for an attribution: a design and jobs for each scenario but the first.

    ``coalitions`` says of each of the first jobs which comparison it serves and the coalition of
    each of its scenarios; ``idle`` which one each of the others serves: a scenario without demand
    by borrowed money, over the draws of its design.
    """

    designs: tuple[Design, ...]
    coalitions: tuple[tuple[int, tuple[Coalition, ...]], ...]
    idle: tuple[int, ...]
    jobs: tuple["Job", ...]


def inquiry(
    area: Area, scenarios: Sequence[Scenario], draws: int, seed: int, runs: int = RUNS
) -> Inquiry:
    """What to run to attribute the differences of scenarios from the first.

    Parameters
    ----------
    area : Area
    scenarios : sequence of Scenario
        Resolved.
    draws : int
        Draws of the comparison.
    seed : int
        Of the comparison.
    runs : int
        Scenarios to run over a draw, shared by those of the comparison.

    Examples
    --------
    >>> from model import load_area
    >>> from model.scenario_loading import load_scenario
    >>> area = load_area()
    >>> both = [load_scenario(name, area) for name in ("trend", "plan_realistic")]
    >>> found = inquiry(area, both, 200, 0)
    >>> len(found.jobs), len(found.idle), sum(len(some) for _, some in found.coalitions)
    (16, 1, 398)
    """
    base, *others = scenarios
    designs = tuple(design(players(base, other, area), draws, seed, runs // len(others))
                    for other in others)  # fmt: skip
    coalitions, idle, jobs = [], [], []
    for at, (plan, other) in enumerate(zip(designs, others, strict=True)):
        for first, beyond in plan.blocks:
            wanted = tuple(plan.wanted(first))
            taken = [frozenset(plan.players[p] for p in coalition) for coalition in wanted]
            coalitions.append((at, wanted))
            jobs.append(([between(base, other, some, area) for some in taken], (first, beyond)))
    for at, (plan, other) in enumerate(zip(designs, others, strict=True)):
        if plan.players and other.levers:
            for low in range(0, plan.many, BLOCK):
                idle.append(at)
                jobs.append(([without_demand(other)], (low, min(low + BLOCK, plan.many))))
    return Inquiry(designs, tuple(coalitions), tuple(idle), tuple(jobs))


def attribute(
    ds: "xr.Dataset",
    area: Area,
    scenarios: Sequence[Scenario],
    asked: Inquiry,
    found: "xr.Dataset | None",
    indicators: Sequence[str],
    years: Sequence[int],
) -> list[Contribution]:
    """Contributions of players to the difference of every scenario from the first.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of an ensemble of these scenarios.
    area : Area
    scenarios : sequence of Scenario
        Resolved, in the order of the result.
    asked : Inquiry
    found : xarray.Dataset
        Result of its jobs, as of :func:`outputs.subsets.answers`; None where there are none.
    indicators : sequence of str
    years : sequence of int

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
    rows = []
    for name in indicators:
        ends = _by_place(ds, area, name, places, years)
        values: Sequence[Array] = ()
        if found is not None:
            values = list(_by_place(found, area, name, places, years)[:, 0])
        worth, without = _sorted_out(asked, values)
        for at, plan in enumerate(asked.designs):
            if plan.players:
                whole = ends[at + 1] - ends[0]
                parts = _shares(plan, worth[at], ends[0], ends[at + 1])
                demand = demand_part(ends[at + 1], without[at], whole)
                rows += _rows(plan, parts, demand, name, places, years, base.name, others[at].name)
    return rows


def _sorted_out(asked: Inquiry, values: Sequence[Array]) -> tuple[list["Worth"], list[list[Array]]]:
    """Values of the rows of all jobs by comparison: of coalitions in draws, and without demand."""
    worth: list[Worth] = [{} for _ in asked.designs]
    without: list[list[Array]] = [[] for _ in asked.designs]
    rest = iter(values)
    for (at, wanted), (_, draws) in zip(asked.coalitions, asked.jobs, strict=False):
        for coalition in wanted:
            for draw in range(*draws):
                worth[at][coalition, draw] = next(rest)
    for at, (_, draws) in zip(asked.idle, asked.jobs[len(asked.coalitions) :], strict=True):
        without[at].extend(next(rest) for _ in range(*draws))
    return worth, without


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
    ds: "xr.Dataset", area: Area, name: str, places: dict[str, str], years: Sequence[int]
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
    none: dict[str, Any] = dict.fromkeys(("low", "high", "alone"))
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
