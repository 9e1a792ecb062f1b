"""The state of the world during a run: arrays by catalogue name, and who bears them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from model.area import Area
from model.axes import MODES, Array, ratio
from model.books import Account, Books
from model.catalogue import CATALOGUE
from model.firms import Firms
from model.levers import Package
from model.population import Population
from model.streams import normals


def affordable_share(cost: Array, budget: Array) -> Array:
    """Share of a package that a government can pay, in [0, 1].

    Parameters
    ----------
    cost, budget : (draw, city) [1e8 yuan of 2020]

    Returns
    -------
    (draw, city) [1]

    Examples
    --------
    >>> affordable_share(np.array([[50.0, 0.0]]), np.array([[20.0, 5.0]])).tolist()
    [[0.4, 1.0]]
    """
    return np.minimum(ratio(budget, cost, 1.0), 1.0)


@dataclass
class World:
    """Everything a process may read or write.

    ``state`` holds catalogue variables, each with the leading ``draw`` axis; ``fixed`` what the
    base-year inversion found; ``params`` the parameter sets by process; ``assumed`` the area's
    own drawn numbers, ``(draw,)`` each; ``ledger`` the money ``paid`` and ``due`` for each lever
    so far, (lever, draw, city), and how many years each is ``late``, (lever, draw), in the order
    of the package's rows abreast; ``opening`` the stocks at the start of the year;
    ``networks`` the journeys of every set of lines that was in service;
    ``decide`` how governments settle what they can pay, ``govern`` how they close their year
    where somebody else does it for them.
    """

    area: Area
    population: Population
    package: Package
    draws: Array
    seed: int
    year: int
    sampled: bool
    params: dict[str, Any] = field(default_factory=dict)
    assumed: dict[str, Array] = field(default_factory=dict)
    state: dict[str, Array] = field(default_factory=dict)
    fixed: dict[str, Array] = field(default_factory=dict)
    ledger: dict[str, Array] = field(default_factory=dict)
    opening: dict[str, Array] = field(default_factory=dict)
    networks: dict[Any, Any] = field(default_factory=dict)
    decide: Callable[[Array, Array], Array] = affordable_share
    govern: Callable[[Books], Account] | None = None
    # Founded when the base year has found the jobs that they hold.
    firms: Firms = field(default=None)  # type: ignore[assignment]

    def __getitem__(self, name: str) -> Array:
        return self.state[name]

    def __setitem__(self, name: str, value: Array) -> None:
        # One layout, whatever made the array: sums, and so results, depend on it in the last bit.
        self.state[name] = np.asarray(value, order="C")

    def cell(self, name: str, where: Sequence[Any]) -> str:
        """Draw, sector, zone and so on of a cell of a variable, by name where they have one."""
        area = self.area
        names = {
            "zone": area.zones, "city": area.cities, "sector": area.sectors, "place": area.places,
            "to_zone": area.zones, "mode": MODES,
        }  # fmt: skip
        parts = [f"draw {int(self.draws[where[0]])}"]
        for dim, at in zip(CATALOGUE[name].dims, where[1:], strict=True):
            parts.append(names[dim][int(at)] if dim in names else f"{dim} {int(at)}")
        return ", ".join(parts)

    @property
    def elapsed(self) -> int:
        """Years since the base year."""
        return self.year - self.area.base_year

    def shocks(self, name: str, *shape: int) -> Array:
        """Standard normal shocks of this year, ``(draw, *shape)``; zero in the central case.

        Keyed by draw number, so that a draw is the same alone, in a block or on a worker.
        """
        full = (len(self.draws), *shape)
        if not self.sampled:
            return np.zeros(full)
        cells = np.arange(int(np.prod(shape, dtype=int)), dtype=np.uint64).reshape(shape)
        who = self.draws.astype(np.uint64).reshape((-1,) + (1,) * len(shape))
        return normals(self.seed, f"shock/{name}", who, self.year, cells)
