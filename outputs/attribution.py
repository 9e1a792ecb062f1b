"""What each lever family contributes to the difference between two scenarios.

Players are the families whose levers differ, the rules of realisation where both scenarios have
levers, and the assumptions where they differ. A coalition takes over its players' settings from
the other scenario and everything else from the base; it lives through the same draws.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from model.axes import Array
from model.problems import Problem, ProblemsError, RunError
from outputs.compare import plain
from outputs.indicators import INDICATORS, indicator
from outputs.regions import default_regions, locate
from outputs.shapley import FEW, Coalition, Shares, along_orders, coalitions, exact, shares

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area
    from model.scenario import Scenario
    from outputs.subsets import Job

REALISATION, ASSUMPTIONS = "rules of realisation", "assumptions"
SYNERGY, WHOLE = "synergy", "whole"
RUNS, FEWEST, ORDERED = 600, 8, 5
TOLERANCE = 1e-9
Run = Callable[[list["Job"]], dict[int, "xr.Dataset"]]


@dataclass(frozen=True, slots=True)
class Contribution:
    """One part of the difference of an indicator between two scenarios.

    ``part`` is a lever family, ``rules of realisation``, ``assumptions``, ``synergy`` (what the
    whole has beyond the sum of the parts alone; no part of the sum) or ``whole``. ``error`` is
    the standard error, ``low`` and ``high`` bound nine draws in ten, ``percent`` is of the whole,
    ``alone`` the effect of the part by itself. Parts sum to ``whole`` within ``residual``.
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


def players(base: "Scenario", other: "Scenario", area: "Area") -> tuple[str, ...]:
    """What differs between two scenarios, as players, in the order of the families.

    Examples
    --------
    >>> from model import load_area
    >>> from model.scenario import load_scenario
    >>> area = load_area()
    >>> plans = [load_scenario(name, area) for name in ("plan_as_written", "plan_realistic")]
    >>> players(*plans, area)
    ('rules of realisation',)
    """
    moved = {
        row["family"]
        for row in area.tables["levers"]
        if row["channel"] and base.levers.get(row["lever"]) != other.levers.get(row["lever"])
    }
    families = dict.fromkeys(row["family"] for row in area.tables["families"])
    found = [family for family in families if family in moved]
    if base.levers and other.levers and base.realisation != other.realisation:
        found.append(REALISATION)
    if base.assumptions != other.assumptions:
        found.append(ASSUMPTIONS)
    return tuple(found)


def between(base: "Scenario", other: "Scenario", taken: frozenset[str], area: "Area") -> "Scenario":
    """Base with the settings of ``taken`` players from the other scenario.

    Rules of realisation come from the other where the base has no levers for them to act on.

    Examples
    --------
    >>> from model import load_area
    >>> from model.scenario import load_scenario
    >>> area = load_area()
    >>> plans = [load_scenario(name, area) for name in ("trend", "plan_realistic")]
    >>> list(between(*plans, frozenset({"freight_hub"}), area).levers)[:3]
    ['airport_second_runway', 'airport_economic_zone', 'europe_rail_hub']
    """
    levers = {}
    for row in area.tables["levers"]:
        source = other if row["family"] in taken else base
        if row["lever"] in source.levers:
            levers[row["lever"]] = source.levers[row["lever"]]
    rules = other if REALISATION in taken or not base.levers else base
    world = other if ASSUMPTIONS in taken else base
    return replace(
        other, name=f"{other.name} ({len(taken)} parts)", levers=levers,
        realisation=rules.realisation, assumptions=world.assumptions,
    )  # fmt: skip


@dataclass(frozen=True)
class Design:
    """Runs of an attribution: coalitions with the draws each is taken over."""

    players: tuple[str, ...]
    orders: tuple[tuple[int, ...], ...]
    many: int
    few: int

    @property
    def runs(self) -> list[tuple[Coalition, int]]:
        """Coalitions to run, each with its number of draws from the first."""
        count = len(self.players)
        if count < 2:
            return []
        found = dict.fromkeys((frozenset({p}) for p in range(count)), self.many)
        more = self.many if count <= FEW else self.few
        for order in self.orders:
            found |= dict.fromkeys(coalitions(count, order), more)
        return list(found.items())

    @property
    def cost(self) -> int:
        """Draws to run in all."""
        return sum(draws for _, draws in self.runs)


def design(parts: tuple[str, ...], draws: int, seed: int, runs: int, orders: int = 1) -> Design:
    """Draws and orders within a budget of runs, the same for the same arguments.

    Parameters
    ----------
    parts : tuple of str
    draws : int
        Draws of the comparison.
    seed : int
    runs : int
        Draws to run in all, as far as the least number allows.
    orders : int
        Antithetic pairs of orders.

    Returns
    -------
    Design

    Examples
    --------
    >>> found = design(tuple("abcdefghijklm"), 200, 0, 400)
    >>> found.many, found.few, found.cost
    (22, 5, 396)
    """
    count = len(parts)
    chance = np.random.default_rng([seed, count])
    ways = tuple(tuple(int(p) for p in chance.permutation(count)) for _ in range(orders))
    few = min(ORDERED, draws)
    ordered = 0 if count <= FEW else 2 * (count - 2) * orders * few
    each = count if count > FEW else 2**count - 2
    many = max((runs - ordered) // max(each, 1), FEWEST, few)
    return Design(parts, ways, min(many, draws), few)


def attribute(
    ds: "xr.Dataset",
    area: "Area",
    scenarios: Sequence["Scenario"],
    run: Run,
    indicators: Sequence[str],
    years: Sequence[int],
    runs: int = RUNS,
    orders: int = 1,
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
        Runs jobs over the first draws of the same ensemble, as :func:`outputs.subsets.first_draws`.
    indicators : sequence of str
    years : sequence of int
    runs : int
        Draws to run, shared by the scenarios.
    orders : int
        Antithetic pairs of orders.

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
        design(
            players(base, other, area), ds.sizes["draw"], int(ds.attrs["seed"]),
            runs // len(others), orders,
        )
        for other in others
    ]  # fmt: skip
    asked = [
        (at, coalition, between(base, other, frozenset(plan.players[p] for p in coalition), area),
         draws)
        for at, (plan, other) in enumerate(zip(plans, others, strict=True))
        for coalition, draws in plan.runs
    ]  # fmt: skip
    results = run([(scenario, draws) for *_, scenario, draws in asked]) if asked else {}
    rows = []
    for name in indicators:
        values = {
            int(label): each
            for result in results.values()
            for label, each in zip(
                result["scenario"].values, _by_place(result, area, name, places, years),
                strict=True,
            )
        }  # fmt: skip
        ends = _by_place(ds, area, name, places, years)
        for at, plan in enumerate(plans):
            if plan.players:
                worth = {c: values[job] for job, (of, c, *_) in enumerate(asked) if of == at}
                found = _shares(plan, worth, ends[0], ends[at + 1])
                rows += _rows(plan, found, name, places, years, base.name, others[at].name)
    return rows


def _by_place(
    ds: "xr.Dataset", area: "Area", name: str, places: dict[str, str], years: Sequence[int]
) -> Array:
    sets = {s: indicator(ds, area, name, s) for s in dict.fromkeys(places.values())}
    columns = [
        sets[s].sel(region=place, year=list(years)).transpose("scenario", "draw", "year").values
        for place, s in places.items()
    ]
    return np.stack(columns, axis=-1)


def _shares(plan: Design, worth: dict[Coalition, Array], nobody: Array, everybody: Array) -> Shares:
    count = len(plan.players)
    whole = everybody - nobody
    if count == 1:
        return shares(whole[None], whole[None], whole)
    alone = np.array([worth[frozenset({p})] - nobody[: plan.many] for p in range(count)])
    draws = plan.many if count <= FEW else plan.few
    here = {coalition: values[:draws] for coalition, values in worth.items()}
    here |= {frozenset(): nobody[:draws], frozenset(range(count)): everybody[:draws]}
    if count <= FEW:
        return shares(alone, exact(here, count), whole)
    sampled = np.mean([along_orders(here, order) for order in plan.orders], axis=0)
    return shares(alone, sampled, whole)


def _rows(
    plan: Design, found: Shares, name: str, places: dict[str, str], years: Sequence[int],
    base: str, other: str,
) -> list[Contribution]:  # fmt: skip
    worst = float(np.nanmax(found.residual, initial=0.0))
    if not worst <= TOLERANCE:
        raise RunError(f"contributions to {name} do not add up: residual {worst:.1e}")
    return [
        row
        for year_at, year in enumerate(years)
        for place_at, place in enumerate(places)
        for row in _parts(plan, found, (year_at, place_at), {
            "indicator": name, "region": place, "year": int(year), "unit": INDICATORS[name].unit,
            "base": base, "scenario": other, "draws": plan.many,
        })
    ]  # fmt: skip


def _parts(
    plan: Design, found: Shares, at: tuple[int, int], said: dict[str, Any]
) -> list[Contribution]:
    """Rows of one indicator of a region in a year: players, synergy and the whole."""
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
    rows.append(Contribution(
        part=SYNERGY, mean=plain(found.synergy[at]), error=plain(found.synergy_error[at]),
        percent=plain(percent * found.synergy[at]), **none, **said,
    ))  # fmt: skip
    rows.append(Contribution(
        part=WHOLE, mean=plain(whole), error=None, percent=plain(percent * whole), **none, **said,
    ))  # fmt: skip
    return rows
