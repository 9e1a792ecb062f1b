"""What a package would cost each government, year by year, against what it can pay.

Worked out before a run, at central values and with the revenue of the base year: a check of
doses, not a forecast of budgets. What governance levers add to the share carried out, and to its
cost, and the dates that they move are not in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.area import Area
from model.axes import Array
from model.lever_arrays import ActiveLever
from model.problems import Problem, ProblemsError
from model.processes.policy import means, window
from model.scenario import Scenario
from model.world import World


@dataclass(frozen=True, slots=True)
class Bill:
    """The dearest year of one government: cost and means in 1e8 yuan of 2020."""

    city: str
    year: int
    cost: float
    means: float

    def __str__(self) -> str:
        share = self.means / self.cost
        return (
            f"in {self.year} {self.city} would have to pay {self.cost:.1f} and has {self.means:.1f}"
            f" (unit 1e8 yuan of 2020, revenue of the base year): {share:.2f} of each dose"
        )


def yearly_costs(levers: Sequence[ActiveLever], years: Sequence[int]) -> Array:
    """Cost of a package to each government, (draw, year, city) [1e8 yuan of 2020]."""
    each = [
        (lever.cost * lever.share)[:, None, None]
        * np.stack([window(year, lever, lever.delay) for year in years], axis=1)[:, :, None]
        * lever.cost_share
        for lever in levers
    ]
    return np.sum(each, axis=0) if each else np.zeros((1, len(years), 1))


def central_world(scenario: Scenario, area: Area, last: int) -> World:
    """World of a scenario at the end of the base year, at central values."""
    from model.begin import Plan, begin_world

    return begin_world(
        Plan(scenario, area.address, "mean", 1, 0, 1, last, False), area, slice(None)
    )


def unpayable(world: World, last: int) -> list[Bill]:
    """Governments that could not pay the package in full, each with its dearest year.

    Parameters
    ----------
    world : World
        At the end of the base year, one draw.
    last : int [year]

    Returns
    -------
    list of Bill
        In the order of the cities; empty where everything can be paid.
    """
    years = range(world.area.base_year + 1, last + 1)
    costs = yearly_costs(world.package.levers, years)[0]
    limits = means(world, world.params["policy"])[0]
    found = []
    for index, city in enumerate(world.area.cities):
        if not world.package.levers:
            break
        at = int(costs[:, index].argmax())
        if costs[at, index] > limits[index] * (1 + 1e-9):
            found.append(Bill(city, years[at], float(costs[at, index]), float(limits[index])))
    return found


def refuse_unpayable(scenarios: Sequence[Scenario], area: Area, last: int) -> None:
    """Refuse scenarios with a strict budget whose doses cannot be paid.

    Raises
    ------
    ProblemsError
        Every government of every scenario that could not pay.
    """
    problems = [
        Problem(scenario.name, None, "realisation.budget", f"strict, but {bill}")
        for scenario in scenarios
        if scenario.realisation.budget == "strict"
        for bill in unpayable(central_world(scenario, area, last), last)
    ]
    if problems:
        raise ProblemsError(problems)
