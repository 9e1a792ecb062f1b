"""The agent engine as a Mesa model: eight governments with a will, millions of rows without.

Mesa agents are the governments, few enough to be objects; people are rows of
:class:`model.engines.residents.Residents`. Works with Mesa's own ``batch_run`` and data
collection: ``Metro(scenario="trend", scale=1000, rng=1)``, ``step()``, ``running``. A run gives
the same bytes as ``simulate(..., engine="agents")`` with the same seed.
"""

from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np

from model.area import load_area
from model.axes import Array
from model.problems import Problem, ProblemsError
from model.scenario import Scenario
from model.simulation import Plan, begin_world, settle, step
from model.world import affordable_share


class Government(mesa.Agent):
    """A government: knows its bill and its means, and settles what it can pay.

    Attributes
    ----------
    city : str
    bill, means : float [1e8 yuan of 2020]
        Cost of its part of the package this year, and what it may spend on it.
    paying : float [1]
        Share of the bill it pays.
    """

    def __init__(self, model: "Metro", city: str) -> None:
        super().__init__(model)
        self.city = city
        self.bill = self.means = 0.0
        self.paying = 1.0

    def settle(self) -> None:
        """Pay what the means allow; the same rule as in the mean engine."""
        share = affordable_share(np.array([[self.bill]]), np.array([[self.means]]))
        self.paying = float(share[0, 0])


class Metro(mesa.Model):
    """The metropolitan area, one year a step.

    Parameters
    ----------
    scenario : str, Path or Scenario
    scale : int [persons]
        People per row.
    end : int [year]
        ``running`` turns false after it; by default as in ``simulate``.
    area : str or Path
    rng : int
        Seed of all chance.

    Raises
    ------
    ProblemsError
        Arguments or files that cannot be used.

    Examples
    --------
    >>> metro = Metro("trend", scale=10_000, end=2021, rng=1)
    >>> metro.step()
    >>> metro.year, metro.running, len(metro.agents)
    (2021, False, 8)
    """

    def __init__(
        self,
        scenario: str | Path | Scenario = "trend",
        scale: int = 100,
        end: int | None = None,
        area: str | Path = "shenyang",
        rng: int = 0,
    ) -> None:
        if not isinstance(rng, int):
            raise ProblemsError([Problem("arguments", None, "rng", f"{rng!r} is not an integer")])
        super().__init__(rng=rng)
        place = load_area(area)
        (plan,), last = settle([scenario], "agents", scale, 1, end, place)
        self.end = last
        self.world = begin_world(
            Plan(plan, str(area), "agents", scale, rng, 1, last, True), place, slice(0, 1)
        )
        self.governments = [Government(self, city) for city in place.cities]
        self.world.decide = self._settle
        series = ("population", "gdp_real", "employed_residents", "policy_spending")
        self.datacollector = mesa.DataCollector(
            model_reporters={"year": "year"} | {name: _total(name) for name in series},
            agent_reporters={"city": "city", "bill": "bill", "means": "means", "paying": "paying"},
        )
        self.datacollector.collect(self)

    @property
    def year(self) -> int:
        """Year that the state belongs to."""
        return self.world.year

    def _settle(self, cost: Array, means: Array) -> Array:
        """Ask every government; the shares they pay, ``(1, city)``."""
        for government, bill, limit in zip(self.governments, cost[0], means[0], strict=True):
            government.bill, government.means = float(bill), float(limit)
        self.agents.do("settle")
        return np.array([[government.paying for government in self.governments]])

    def step(self) -> None:
        """One year: every process of the schedule, governments deciding in their place."""
        step(self.world)
        self.datacollector.collect(self)
        self.running = self.year < self.end


def _total(name: str) -> Callable[["Metro"], float]:
    def total(model: Metro) -> float:
        return float(model.world[name].sum())

    return total
