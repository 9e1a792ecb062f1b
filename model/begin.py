"""The world at the end of the base year: what a plan of a run begins with, block by block."""

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.area import Area
from model.area_loading import load_area
from model.axes import Array
from model.base_year import baseline, baseline_people, initial
from model.base_year.firm_base import whole_firms
from model.drawing import draw_all
from model.engines.cohorts import Cohorts
from model.engines.firm_cohorts import FirmCohorts
from model.firms import Firms
from model.levers import package_of
from model.population import Population
from model.processes.firms import record_stock
from model.scenario import Scenario
from model.world import World


@dataclass(frozen=True)
class Plan:
    """Everything a block of draws needs; small, and the same on every worker."""

    scenario: Scenario
    area: str
    engine: str
    scale: int
    seed: int
    count: int
    end: int
    detail: bool


def begun(plan: Plan, chosen: slice) -> World:
    """World as :func:`begin_world`; what scenarios of the same draws share is found once.

    The base year knows no levers, so that scenarios with the same assumptions begin alike.
    """
    area = load_area(plan.area)
    if plan.engine != "mean":
        return begin_world(plan, area, chosen)
    assumptions = tuple(sorted(plan.scenario.assumptions.items()))
    bare, weight = without_levers(
        area, plan.seed, plan.count, assumptions, chosen.start, chosen.stop
    )
    world = deepcopy(bare, {id(area): area})
    world.package = package_of(area, plan.scenario, weight, plan.seed, plan.count, chosen)
    return world


@lru_cache(maxsize=1)
def without_levers(
    area: Area, seed: int, count: int, assumptions: tuple[tuple[str, float], ...],
    start: int | None, stop: int | None,
) -> tuple[World, Array]:  # fmt: skip
    """World at the end of the base year before any lever, and what weighs zones in a package.

    Known by the area itself: one whose files have changed is another.
    """
    scenario = Scenario("bare", "No levers", assumptions=dict(assumptions))
    plan = Plan(scenario, area.address, "mean", 1, seed, count, area.base_year, False)
    weight = baseline.employed_residents(area, area.base_year).sum(axis=0)
    return begin_world(plan, area, slice(start, stop)), weight


def begin_world(plan: Plan, area: Area, chosen: slice) -> World:
    """World at the end of the base year for the chosen draws."""
    world = new_world(plan, area, chosen, baseline_people.everybody(area, area.base_year))
    initial.begin(world)
    world.firms = make_firms(plan, world, world.fixed.pop("base_firms"))
    record_stock(world)
    world.fixed = {name: np.asarray(value, order="C") for name, value in world.fixed.items()}
    return world


def new_world(plan: Plan, area: Area, chosen: slice, people: Array) -> World:
    """World of the chosen draws with these people, before the base year is set up.

    ``people`` (place, hukou, education, sex, age) [persons].
    """
    params, assumed = draw_all(area, plan.scenario, plan.seed, plan.count, chosen)
    draws = np.arange(plan.count)[chosen]
    population = make_population(plan, area, draws, people)
    weight = baseline.employed_residents(area, area.base_year).sum(axis=0)
    package = package_of(area, plan.scenario, weight, plan.seed, plan.count, chosen)
    return World(
        area, population, package, draws, plan.seed, area.base_year, plan.count > 1, params, assumed
    )


def make_population(plan: Plan, area: Area, draws: Array, people: Array) -> Population:
    """Bearer of the people of the base year for an engine."""
    if plan.engine == "agents":
        from model.engines.residents import Residents

        luck = plan.seed * 1_000_003 + int(draws[0])
        return Residents(people, len(area.zones), plan.scale, luck)
    return Cohorts(np.broadcast_to(people, (len(draws), *people.shape)), len(area.zones))


def make_firms(plan: Plan, world: World, counts: Array) -> Firms:
    """Firms of the base year for an engine: always one row an establishment."""
    jobs = world["expected_jobs"]
    if plan.engine == "agents":
        from model.engines.firms import Establishments

        luck = plan.seed * 1_000_003 + int(world.draws[0])
        whole = whole_firms(counts[0], jobs[0], luck)
        return Establishments(whole, jobs[0], world.area.technology, luck)
    return FirmCohorts(counts, jobs, world.area.technology)
