"""Saving a run at a year-end and going on from there, bit for bit.

A checkpoint holds what a world remembers (variables, inverted constants, money, people) and the
plan that it runs; what follows from the plan alone (tables, parameters, levers) is made again.

A plan says what ``simulate`` asks for (scenario, area, engine, people per agent, seed, draws, last
year, whether details are kept); a world is stepped from year to year:

>>> from tempfile import TemporaryDirectory
>>> from model import checkpoint, load_area
>>> from model.scenario_loading import load_scenario
>>> from model.simulation import step
>>> from model.begin import Plan, begin_world
>>> area = load_area()
>>> plan = Plan(load_scenario("trend", area), area.address, "mean", 100, 0, 1, 2022, False)
>>> world = begin_world(plan, area, slice(0, 1))  # draws from, to
>>> step(world)
>>> with TemporaryDirectory() as folder:
...     again, _ = checkpoint.resume(checkpoint.save(world, plan, f"{folder}/2021.npz"))
>>> step(world)
>>> step(again)
>>> again.year, bool((again["population"] == world["population"]).all())
(2022, True)
"""

import json
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from model.area_loading import load_area
from model.base_year import baseline_people
from model.begin import Plan, make_firms, new_world
from model.firms import CLASSES, STATUSES
from model.problems import Problem, ProblemsError
from model.recorder import code_digest
from model.scenario_loading import parse_scenario
from model.world import World

PARTS = ("state", "fixed", "ledger")


def save(world: World, plan: Plan, path: str | Path) -> Path:
    """Write a world at the end of a year; beside first, then moved into place.

    Parameters
    ----------
    world : World
        Between two years.
    plan : Plan
        With which it was begun.
    path : str or Path
        A file, by custom named ``.npz``.

    Returns
    -------
    Path
        Of the file written.

    Raises
    ------
    ProblemsError
        The disk refuses; nothing is left behind.
    """
    path = Path(path)
    arrays: dict[str, Any] = {f"{part}/{name}": np.asarray(value) for part in PARTS
              for name, value in getattr(world, part).items()}  # fmt: skip
    for part, held in (("people", world.population), ("firms", world.firms)):
        arrays |= {f"{part}/{name}": value for name, value in held.arrays().items()}
    facts = asdict(plan) | {
        "scenario": plan.scenario.to_yaml(), "name": plan.scenario.name, "year": world.year,
        "first": int(world.draws[0]), "draws": len(world.draws), "code": code_digest(),
    }  # fmt: skip
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            np.savez(file, facts=np.array(json.dumps(facts)), **arrays)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        message = f"cannot be written: {error.strerror or error}"
        raise ProblemsError([Problem(str(path), None, "", message)]) from error
    return path


def resume(path: str | Path) -> tuple[World, Plan]:
    """World of a checkpoint, and the plan to go on with.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    world : World
        As it was when saved; :func:`model.simulation.step` goes on.
    plan : Plan

    Raises
    ------
    ProblemsError
        No such file, no checkpoint, or one of another version of the model.
    """
    path = Path(path)
    try:
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        facts = json.loads(str(arrays.pop("facts")))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        reason = "not found" if not path.exists() else f"not a checkpoint ({error})"
        raise ProblemsError([Problem(str(path), None, "", reason)]) from error
    if facts["code"] != code_digest():
        message = "saved by another version of the model or its tables; run it again"
        raise ProblemsError([Problem(str(path), None, "code", message)])
    return _restored(facts, arrays)


def _restored(facts: dict[str, Any], arrays: dict[str, Any]) -> tuple[World, Plan]:
    area = load_area(facts["area"])
    scenario = parse_scenario(facts["scenario"], facts["name"], area)
    names = ("area", "engine", "scale", "seed", "count", "end", "detail")
    plan = Plan(scenario, **{name: facts[name] for name in names})
    chosen = slice(facts["first"], facts["first"] + facts["draws"])
    nobody = np.zeros_like(baseline_people.everybody(area, area.base_year))
    world = new_world(plan, area, chosen, nobody)
    world.year = facts["year"]
    own: dict[str, dict[str, Any]] = {"people": {}, "firms": {}}
    for name, value in arrays.items():
        part, _, key = name.partition("/")
        (own[part] if part in own else getattr(world, part))[key] = value
    world.population.restore(own["people"])
    sectors, zones = len(area.sectors), len(area.zones)
    none = np.zeros((len(world.draws), sectors, len(STATUSES), CLASSES, zones))
    world.firms = make_firms(plan, world, none)
    world.firms.restore(own["firms"])
    return world, plan
