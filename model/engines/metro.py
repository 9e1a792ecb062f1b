"""The agent engine as a Mesa model: eight governments with a will, millions of rows without.

Mesa agents are the governments and the body that coordinates them, few enough to be objects:
projects begin, bills are paid, books are closed and debts run up by them, by the rules that the
mean engine applies to all draws at once. People are rows of
:class:`model.engines.residents.Residents`. Works with Mesa's own ``batch_run`` and data
collection: ``Metro(scenario="trend", scale=1000, rng=1)``, ``step()``, ``running``. A run gives
the same bytes as ``simulate(..., engine="agents")`` with the same seed.
"""

from collections.abc import Callable
from pathlib import Path

import mesa
import numpy as np

from model.area_loading import load_area
from model.arguments import settle
from model.axes import Array
from model.begin import Plan, begin_world
from model.books import Account, Books
from model.problems import Problem, ProblemsError
from model.processes.fiscal import close_books
from model.scenario import Scenario
from model.simulation import step
from model.world import affordable_share

GOVERNMENT = (
    "city", "bill", "means", "paying", "receipts", "need", "spending", "unmet", "borrowing",
    "debt", "room",
)  # fmt: skip
COORDINATION = ("late", "realisation", "paid")


class Government(mesa.Agent):
    """A government: pays what it can of its projects, and closes its books once a year.

    Attributes
    ----------
    city : str
    starts : tuple of str
        Levers that begin this year and that it has a share in.
    bill, means : float [1e8 yuan of 2020]
        Cost of its part of the package this year, and what it may spend on it.
    paying : float [1]
        Share of the bill it pays.
    receipts, need : float [1e8 yuan of 2020]
        What it takes in this year, and what services and interest cost.
    spending, unmet, borrowing, debt, room : float [1e8 yuan of 2020]
        What it spends outside the package, cannot pay, borrows, owes, and may still borrow.
    """

    def __init__(self, model: "Metro", city: str) -> None:
        super().__init__(model)
        self.city = city
        self.starts: tuple[str, ...] = ()
        self.bill = self.means = self.receipts = self.need = 0.0
        self.spending = self.unmet = self.borrowing = self.debt = self.room = 0.0
        self.paying = 1.0

    def settle(self) -> None:
        """Pay what the means allow; the same rule as in the mean engine."""
        share = affordable_share(np.array([[self.bill]]), np.array([[self.means]]))
        self.paying = float(share[0, 0])

    def close(self, books: Books) -> Account:
        """Close the year: the rule of :func:`model.processes.fiscal.close_books`, for one city."""
        account = close_books(books)
        self.receipts, self.need = float(books.receipts[0, 0]), float(books.need[0, 0])
        self.spending = float(account.other_spending[0, 0])
        self.unmet = float(account.unmet_spending[0, 0])
        self.borrowing = float(account.borrowing[0, 0])
        self.debt = float(account.debt[0, 0])
        self.room = float(account.borrowing_room[0, 0])
        return account


class Coordination(mesa.Agent):
    """The coordination body: knows when projects really begin, and tells the governments.

    Attributes
    ----------
    starts : tuple of str
        Levers that begin this year.
    realisation : float [1]
        What governance adds to the realised share of the others.
    paid : float [1]
        Share of this year's bill that all governments together pay.
    """

    def __init__(self, model: "Metro") -> None:
        super().__init__(model)
        self.starts: tuple[str, ...] = ()
        self.realisation, self.paid = 0.0, 1.0

    @property
    def delays(self) -> dict[str, float]:
        """Delay of each lever [yr], as governance has it by now: what the process keeps."""
        world = self.model.world
        if not world.package.levers:
            return {}
        some = world.package.abreast
        late = world.ledger.get("late", some.delay)
        return {one.name: float(late[row, 0]) for row, one in enumerate(some.levers)}

    @property
    def schedule(self) -> dict[str, float]:
        """When each lever begins [year], its delay by now included."""
        delays = self.delays
        return {one.name: one.start + delays[one.name] for one in self.model.world.package.levers}

    @property
    def late(self) -> float:
        """Mean delay of the levers of the package [yr]."""
        delays = self.delays
        return sum(delays.values()) / len(delays) if delays else 0.0

    def convene(self, year: int) -> None:
        """Say what begins this year, and to each government its own share in it.

        Held once the dates of the year stand, for governance may have moved them.
        """
        self.starts = tuple(n for n, begins in self.schedule.items() if int(begins) == year)
        shares = {one.name: one.cost_share for one in self.model.world.package.levers}
        for at, government in enumerate(self.model.governments):
            government.starts = tuple(n for n in self.starts if shares[n][at] > 0)

    def review(self) -> None:
        """Take stock of what was paid, and of how far governance has come."""
        bills = sum(one.bill for one in self.model.governments)
        paid = sum(one.bill * one.paying for one in self.model.governments)
        self.paid = paid / bills if bills > 0 else 1.0
        self.realisation = float(self.model.world["policy_realisation"][0])


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
    (2021, False, 9)
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
        self.coordination = Coordination(self)
        self.world.decide = self._settle
        self.world.govern = self._close
        series = ("population", "gdp_real", "employed_residents", "policy_spending")
        self.datacollector = mesa.DataCollector(
            model_reporters={"year": "year"} | {name: _total(name) for name in series},
            agenttype_reporters={
                Government: {name: name for name in GOVERNMENT},
                Coordination: {name: name for name in COORDINATION},
            },
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
        for government in self.governments:
            government.settle()
        return np.array([[government.paying for government in self.governments]])

    def _close(self, books: Books) -> Account:
        """Every government closes its own books; their accounts side by side, ``(1, city)``."""
        accounts = [
            government.close(Books(*(part[:, at : at + 1] for part in books)))
            for at, government in enumerate(self.governments)
        ]
        return Account(*(np.concatenate(parts, axis=1) for parts in zip(*accounts, strict=True)))

    def step(self) -> None:
        """One year: every process of the schedule, governments deciding in their place."""
        step(self.world)
        self.coordination.convene(self.year)
        self.coordination.review()
        self.datacollector.collect(self)
        self.running = self.year < self.end


def _total(name: str) -> Callable[["Metro"], float]:
    def total(model: Metro) -> float:
        return float(model.world[name].sum())

    return total
