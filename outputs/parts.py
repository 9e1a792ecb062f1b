"""The parts of a difference between two scenarios, and which of them to run together."""

from dataclasses import dataclass, replace

import numpy as np

from model.area import Area
from model.scenario import Scenario
from outputs.shapley import FEW, Coalition, coalitions

REALISATION, ASSUMPTIONS = "rules of realisation", "assumptions"
OPENINGS = "openings of works"
FEWEST, ORDERED, BLOCK = 6, 4, 25
# Without it, borrowed money of a package makes no demand for what is sold where it is made.
NO_DEMAND = {"fiscal.multiplier": 0.0}


def players(base: Scenario, other: Scenario, area: Area) -> tuple[str, ...]:
    """What differs between two scenarios, as players, in the order of the families.

    Examples
    --------
    >>> from model import load_area
    >>> from model.scenario_loading import load_scenario
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
    if base.openings != other.openings:
        found.append(OPENINGS)
    return tuple(found)


def between(base: Scenario, other: Scenario, taken: frozenset[str], area: Area) -> Scenario:
    """Base with the settings of ``taken`` players from the other scenario.

    Rules of realisation come from the other where the base has no levers for them to act on.

    Examples
    --------
    >>> from model import load_area
    >>> from model.scenario_loading import load_scenario
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
    works = other if OPENINGS in taken else base
    return replace(
        other, name=f"{other.name} ({len(taken)} parts)", levers=levers,
        realisation=rules.realisation, assumptions=world.assumptions, openings=works.openings,
    )  # fmt: skip


def without_demand(scenario: Scenario) -> Scenario:
    """The scenario, but what its package borrows makes no local demand.

    Examples
    --------
    >>> from model.scenario_loading import load_scenario
    >>> without_demand(load_scenario("plan_as_written")).assumptions
    {'fiscal.multiplier': 0.0}
    """
    return replace(scenario, assumptions=scenario.assumptions | NO_DEMAND)


@dataclass(frozen=True)
class Design:
    """Runs of an attribution: draws with the coalitions of each.

    The first ``many`` draws have every player alone; the first of them have an order each, or all
    coalitions where players are few.
    """

    players: tuple[str, ...]
    orders: tuple[tuple[int, ...], ...]
    many: int

    def wanted(self, draw: int) -> list[Coalition]:
        """Coalitions to run in a draw."""
        count = len(self.players)
        if count < 2:
            return []
        found = dict.fromkeys(frozenset({p}) for p in range(count))
        if count <= FEW:
            found |= dict.fromkeys(coalitions(count, range(count)))
        elif draw < len(self.orders):
            found |= dict.fromkeys(coalitions(count, self.orders[draw]))
        return list(found)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Draws that are run in one piece: singly where each has coalitions of its own."""
        size = BLOCK if len(self.players) <= FEW else 1
        ends = [(low, min(low + size, self.many)) for low in range(0, self.many, size)]
        return ends if len(self.players) > 1 else []

    @property
    def cost(self) -> int:
        """Scenarios to run over a draw, in all."""
        return sum(len(self.wanted(draw)) for draw in range(self.many))


def design(parts: tuple[str, ...], draws: int, seed: int, runs: int) -> Design:
    """Draws and orders within a budget of runs, the same for the same arguments.

    Parameters
    ----------
    parts : tuple of str
    draws : int
        Draws of the comparison.
    seed : int
    runs : int
        Scenarios to run over a draw in all, as far as the least number of draws allows.

    Returns
    -------
    Design

    Examples
    --------
    >>> found = design(tuple("abcdefghijklm"), 200, 0, 400)
    >>> found.many, len(found.orders), found.cost
    (24, 4, 400)
    """
    count = len(parts)
    chance = np.random.default_rng([seed, count])
    ordered = min(ORDERED, draws) if count > FEW else 0
    orders = tuple(tuple(int(p) for p in chance.permutation(count)) for _ in range(ordered))
    each = count if count > FEW else 2**count - 2
    many = max((runs - 2 * (count - 2) * ordered) // max(each, 1), FEWEST, ordered)
    return Design(parts, orders, min(many, draws))
