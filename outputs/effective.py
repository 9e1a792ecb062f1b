"""What the settings of a scenario come to: dates, effects and costs of each lever as they act."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from model.area import Area
from model.base_year import baseline
from model.catalogue import CHANNELS
from model.lever_arrays import WORKS
from model.levers import package_of
from model.processes.policy import PolicyParams
from model.scenario import Scenario

if TYPE_CHECKING:
    from model.checks.scenario import KnownNames

PLACED = ("start", "end", "zones", "partners")


@dataclass(frozen=True, slots=True)
class Effective:
    """One lever of a scenario at central values.

    ``full`` is the year in which it has come to its effect; ``effect`` [unit of the channel] is
    what it adds there, after dose, share carried out and discount, before budget and ceiling;
    ``cost`` [1e8 yuan of 2020 a year] what that takes from ``begins`` to ``ends``.
    """

    lever: str
    channel: str
    dose: float
    begins: float
    ends: float
    full: float
    effect: float
    unit: str
    cost: float


def effective_levers(scenario: Scenario, area: Area) -> list[Effective]:
    """Every lever that acts in a scenario, at central values, in the order of the catalogue.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> from model.scenario_loading import load_scenario
    >>> area = load_area()
    >>> found = effective_levers(load_scenario("plan_realistic", area), area)
    >>> one = next(one for one in found if one.lever == "metro_ring_expressway")
    >>> one.begins, round(one.effect, 4)
    (2026.0, -0.0788)
    """
    weight = baseline.employed_residents(area, area.base_year).sum(axis=0)
    package = package_of(area, scenario, weight, 0, 1, slice(None))
    discount = float(PolicyParams.declarations()["external_validity"].central)
    found = []
    for lever in package.levers:
        late, share = float(lever.delay[0]), float(lever.share[0])
        valid = discount if lever.discount else 1.0
        ready = lever.start + late + max(lever.ramp, 1.0) - (lever.channel not in WORKS)
        found.append(
            Effective(
                lever.name, lever.channel, scenario.levers[lever.name].dose,
                lever.start + late, lever.end + late, ready,
                float(lever.effect[0]) * share * valid, CHANNELS[lever.channel][1],
                float(lever.cost[0]) * share,
            )
        )  # fmt: skip
    return found


def filled(scenario: Scenario, other: Scenario, known: "KnownNames") -> Scenario:
    """Scenario with the dates and places of the table wherever the other one sets its own.

    So that a difference reads ``2023 -> 2026`` and not ``none -> 2026``.
    """
    levers = dict(scenario.levers)
    for name in scenario.levers.keys() & other.levers.keys():
        mine, theirs = levers[name], other.levers[name]
        wanted = [
            part
            for part in PLACED
            if getattr(mine, part) is None and getattr(theirs, part) is not None
        ]
        table = {part: known.levers[name][part] for part in wanted}
        levers[name] = mine.model_copy(update={k: v for k, v in table.items() if v is not None})
    return replace(scenario, levers=levers)
