"""Ways to set up and run small worlds, shared by the tests."""

from pathlib import Path

import numpy as np

from model.area import Area
from model.begin import Plan, begin_world
from model.problems import RunError
from model.scenario import Realisation, Scenario
from model.scenario_file import LeverSetting
from model.simulation import run_block, step
from model.world import World

ROOT = Path(__file__).parents[1]
TINY = Path(__file__).parent / "areas" / "tiny"


def trend(**assumptions: float) -> Scenario:
    """A scenario without levers; ``migration__external_drift=0.1`` sets an assumption."""
    named = {key.replace("__", ".", 1): value for key, value in assumptions.items()}
    return Scenario("trend", "Nothing is done", description=("1. Nothing",), assumptions=named)


def package(*levers: str, dose: float = 1.0, **realised) -> Scenario:
    """A scenario with levers of the toy area at one dose."""
    settings = {name: LeverSetting(dose=dose) for name in levers}
    real = Realisation(**realised)
    return Scenario("package", "Levers", description=("1.",), levers=settings, realisation=real)


def plan_of(area: Area, scenario: Scenario | None = None, **options) -> Plan:
    """Everything a block needs; a mean run of the central case unless told otherwise."""
    given = {"engine": "mean", "scale": 10, "seed": 0, "count": 1, "end": 2030, "detail": True}
    return Plan(scenario or trend(), area.address, **(given | options))


def world_of(
    area: Area, scenario: Scenario | None = None, chosen: slice = slice(None), **options
) -> World:
    """World at the end of the base year."""
    return begin_world(plan_of(area, scenario, **options), area, chosen)


def after(area: Area, years: int, scenario: Scenario | None = None, **options) -> World:
    """World after some years; every step checks the accounts."""
    world = world_of(area, scenario, **options)
    for _ in range(years):
        step(world)
    return world


def delay_of(world: World, name: str) -> float:
    """Years that a lever is late by now, in the first draw."""
    rows = [lever.name for lever in world.package.abreast.levers]
    return float(world.ledger["late"][rows.index(name), 0])


def arrays_of(area: Area, scenario: Scenario | None = None, chosen=slice(None), **options):
    """Recorded arrays ``(draw, year, ...)`` of a block."""
    return run_block(plan_of(area, scenario, **options), chosen)


class Tape:
    """A population that writes down every table handed to it, and every answer."""

    def __init__(self, population) -> None:
        self._population = population
        self.calls: list[tuple[str, tuple, object]] = []

    def __getattr__(self, name: str):
        verb = getattr(self._population, name)

        def recorded(*arguments):
            answer = verb(*arguments)
            if name not in ("counts", "schooled", "classed", "of_cells", "registered"):
                self.calls.append((name, arguments, answer))
            return answer

        return recorded


def replay(calls, population) -> None:
    """The same tables handed to another population."""
    for name, arguments, _ in calls:
        getattr(population, name)(*arguments)


def same_bytes(one: dict, other: dict) -> bool:
    """Whether two sets of arrays are the same bit for bit."""
    return one.keys() == other.keys() and all(
        np.asarray(one[name]).tobytes() == np.asarray(other[name]).tobytes() for name in one
    )


__all__ = [
    "ROOT", "TINY", "RunError", "Tape", "after", "arrays_of", "delay_of", "package", "plan_of",
    "replay", "same_bytes", "trend", "world_of",
]  # fmt: skip
