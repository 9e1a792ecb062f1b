"""Many scenarios over one draw, side by side as the rows of one world.

Blocks of a run hold many draws of one scenario. Where many scenarios are wanted over few draws
(what a package does with and without each of its parts), the rows are scenarios instead and all
of them share the draw: its parameters, its luck, and a base year that is set up once. A lever
that a row does not have stands in it with neither effect nor cost, which is no lever at all.
"""

from collections.abc import Sequence
from copy import copy, deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from model.area_loading import load_area
from model.axes import Array
from model.begin import Plan, without_levers
from model.lever_arrays import ActiveLever
from model.levers import Package, activate, ceilings_of
from model.scenario import Scenario
from model.simulation import run_years
from model.world import World


def run_variants(
    plan: Plan, scenarios: Sequence[Scenario], draw: int, years: Sequence[int]
) -> dict[str, Array]:
    """Arrays ``(scenario, year, ...)`` of scenarios over one draw of an ensemble.

    Parameters
    ----------
    plan : Plan
        Area, seed, number of draws and last year; its own scenario is not run.
    scenarios : sequence of Scenario
    draw : int
        Number of the draw.
    years : sequence of int [year]
        Years to keep.

    Returns
    -------
    dict of array
        Bit for bit what each scenario has in that draw of the ensemble.

    Examples
    --------
    >>> from model import ensemble
    >>> from model.scenario_loading import load_scenario
    >>> trend = load_scenario("trend")
    >>> plan = Plan(trend, "shenyang", "mean", 1, 0, 2, 2021, False)
    >>> births = run_variants(plan, [trend, trend], 0, [2021])["births"]
    >>> whole = ensemble([trend], draws=2, end=2021)["births"].values
    >>> bool((births[1, 0] == whole[0, 0, 1]).all())
    True
    """
    base = load_area(plan.area).base_year
    kept = [year - base for year in years]
    found: dict[str, Array] = {}
    for group in alike(scenarios):
        part = _together(plan, [scenarios[at] for at in group], draw)
        for name, values in part.items():
            some = values[:, kept]
            if name not in found:
                found[name] = np.empty((len(scenarios), *some.shape[1:]))
            found[name][group] = some
    return found


def alike(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Positions of scenarios that can stand in one world: one outside, one calendar of works.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from model.scenario import Scenario
    >>> one = Scenario("one", "One")
    >>> alike([one, replace(one, assumptions={"fiscal.multiplier": 0.0}), one])
    [[0, 2], [1]]
    """
    groups: dict[Any, list[int]] = {}
    for at, scenario in enumerate(scenarios):
        outside = tuple(sorted(scenario.assumptions.items()))
        works = tuple(sorted(scenario.openings.items(), key=str))
        key = (outside, works, scenario.realisation.budget == "unlimited")
        groups.setdefault(key, []).append(at)
    return list(groups.values())


def _together(plan: Plan, scenarios: list[Scenario], draw: int) -> dict[str, Array]:
    """Arrays ``(scenario, year, ...)`` of scenarios that can stand in one world."""
    first = scenarios[0]
    assumptions, place = tuple(sorted(first.assumptions.items())), load_area(plan.area)
    bare, weight = without_levers(place, plan.seed, plan.count, assumptions, draw, draw + 1)
    world = repeated(bare, len(scenarios))
    world.package = side_by_side(world, scenarios, weight, plan, draw)
    return run_years(world, plan)


def repeated(world: World, times: int) -> World:
    """Copy of a world of one draw in which that draw stands several times.

    Every array that begins with the axis of draws is repeated along it. It is known by its length
    of one, which no other leading axis has: areas have several zones, cities and regions.
    """
    return _repeated(world, times, world.area)


def _repeated(thing: Any, times: int, area: Any) -> Any:
    if thing is area:
        return thing
    if isinstance(thing, np.ndarray):
        return np.repeat(thing, times, axis=0) if thing.shape[:1] == (1,) else thing.copy()
    if isinstance(thing, dict):
        return {key: _repeated(value, times, area) for key, value in thing.items()}
    if isinstance(thing, tuple | list):
        parts = [_repeated(value, times, area) for value in thing]
        # a named tuple takes its parts one by one
        return type(thing)(*parts) if hasattr(thing, "_fields") else type(thing)(parts)
    if hasattr(thing, "__dict__") and not callable(thing):
        other = copy(thing)
        for name, value in vars(thing).items():
            object.__setattr__(other, name, _repeated(value, times, area))
        return other
    return deepcopy(thing)


def side_by_side(
    world: World, scenarios: Sequence[Scenario], weight: Array, plan: Plan, draw: int
) -> Package:
    """One package for rows of scenarios: each lever of any of them, acting in its rows alone.

    A lever that two scenarios set differently stands in the package once for each setting.

    Parameters
    ----------
    world : World
    scenarios : sequence of Scenario
        One for each row.
    weight : (zone,) [persons]
        As in :func:`model.levers.activate`.
    plan : Plan
    draw : int

    Returns
    -------
    Package
    """
    area, levers = world.area, []
    chosen = slice(draw, draw + 1)
    for row in area.tables["levers"]:
        rows_of: dict[str, list[int]] = {}
        for at, scenario in enumerate(scenarios):
            setting = scenario.levers.get(row["lever"])
            if setting is not None and setting.dose != 0:
                rows_of.setdefault(f"{setting!r} {scenario.realisation!r}", []).append(at)
        for number, rows in enumerate(rows_of.values()):
            one = activate(area, row, scenarios[rows[0]], weight, plan.seed, plan.count, chosen)
            there = np.zeros(len(scenarios))
            there[rows] = 1.0
            levers.append(in_rows(one, there, f"{one.name}#{number}" if number else one.name))
    capped = scenarios[0].realisation.budget != "unlimited"
    return Package(tuple(levers), ceilings_of(area), capped, dict(scenarios[0].openings))


def in_rows(lever: ActiveLever, there: Array, name: str) -> ActiveLever:
    """Lever of one draw, acting and costing in some rows and absent in the others.

    Parameters
    ----------
    lever : ActiveLever
        Of one draw.
    there : (row,) [1]
        1 where it is there, else 0.
    name : str
        Under which its money and its delay are booked.

    Returns
    -------
    ActiveLever
    """
    rows = len(there)
    return replace(
        lever, name=name, effect=lever.effect * there, cost=lever.cost * there,
        share=np.repeat(lever.share, rows), delay=np.repeat(lever.delay, rows),
    )  # fmt: skip
