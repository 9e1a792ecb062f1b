"""What in a scenario does nothing, strays from its prior, or cannot be paid.

A note is not an error: the scenario runs. It says what a reader of the file would not expect.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.area import Area
from model.axes import Array
from model.bills import central_world, unpayable
from model.checks.levers import idle_reason
from model.checks.scenario import known_names
from model.lever_arrays import WORKS, ActiveLever, places
from model.scenario import Scenario
from model.world import World
from outputs.labels import place_name

IDLE, CEILING, STRAY, UNPAID, CONTRADICTION = (
    "does nothing", "ceiling", "outside its prior", "cannot be paid", "contradiction",
)  # fmt: skip
CROWDED = 0.5
TAILS = (0.05, 0.95)
# Checks of the plans' targets against identities: of an area, pairs of target and sentence.
Contradictions = Callable[[Area], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Note:
    """One thing worth knowing: in which scenario, of what kind, about which key."""

    scenario: str
    kind: str
    key: str
    message: str


def lint_scenario(scenario: Scenario, area: Area, last: int) -> list[Note]:
    """Notes on one scenario, run until ``last`` [year].

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> from model.scenario_loading import load_scenario
    >>> area = load_area()
    >>> lint_scenario(load_scenario("trend", area), area, 2035)
    []
    """
    world = central_world(scenario, area, last)
    found = [*idle_levers(scenario, area, last), *late_levers(world, last)]
    found += [*crowded_levers(world), *stray_values(scenario, area)]
    rule = scenario.realisation.budget
    full = "; all of it is built, for the scenario sets no limit" if rule == "unlimited" else ""
    found += [
        (UNPAID, f"realisation.budget ({rule})", f"{replace(bill, city=name)}{full}")
        for bill in unpayable(world, last)
        for name in [place_name(area, bill.city)]
    ]
    return [Note(scenario.name, *rest) for rest in found]


Found = tuple[str, str, str]


def idle_levers(scenario: Scenario, area: Area, last: int) -> list[Found]:
    """Levers that change nothing whatever the year: no dose, no channel, no place, no effect."""
    rows = {row["lever"]: row for row in area.tables["levers"]}
    found = []
    for name, setting in scenario.levers.items():
        reason = idle_reason(rows[name], area.base_year)
        if setting.dose == 0:
            reason = "dose 0: no lever at all"
        elif reason is None and rows[name]["prior"].quantile(np.array([0.5]))[0] == 0:
            reason = "no effect at the median of its prior; draws go either way"
        if reason:
            found.append((IDLE, f"levers.{name}", reason))
    if scenario.levers and scenario.realisation.effect == 0:
        found.append((IDLE, "realisation.effect", "0: a placebo, costs without effects"))
    return found


def late_levers(world: World, last: int) -> list[Found]:
    """Levers whose effect begins after the run ends, at the central delay."""
    found = []
    for lever in world.package.levers:
        opens = lever.start + float(lever.delay[0])
        opens += lever.ramp if lever.channel in WORKS else 0.0
        if opens >= last + 1:
            what = "opens" if lever.channel in WORKS else "begins"
            message = f"{what} in {opens:.0f}, after the run ends in {last}"
            found.append((IDLE, f"levers.{lever.name}", message))
    return found


def crowded_levers(world: World) -> list[Found]:
    """Levers of which the ceiling of their family leaves less than half at the margin."""
    found = []
    groups: dict[tuple[int, str, bool], list[ActiveLever]] = {}
    for lever in world.package.levers:
        groups.setdefault((lever.family, lever.channel, lever.displaces), []).append(lever)
    for (family, channel, _), group in groups.items():
        each = [central_effect(world, lever) * places(lever) for lever in group]
        left = np.exp(-np.abs(np.sum(each, axis=0)) / world.package.ceilings[family, channel])
        for lever, effect in zip(group, each, strict=True):
            best = float(left[effect != 0].max(initial=0.0)) if np.any(effect != 0) else 1.0
            if best < CROWDED:
                message = (
                    f"with {len(group) - 1} others at the ceiling of its family on {channel}: "
                    f"at best {best:.2f} of one more unit of it comes through"
                )
                found.append((CEILING, f"levers.{lever.name}", message))
    return found


def central_effect(world: World, lever: ActiveLever) -> Array:
    """Effect of a lever in full, before its place, its funding and its family's ceiling."""
    validity = float(np.mean(world.params["policy"].external_validity)) if lever.discount else 1.0
    return (lever.effect * lever.share * validity)[0]


def stray_values(scenario: Scenario, area: Area) -> list[Found]:
    """Parameters set outside the middle 90 % of what is known of them."""
    known = known_names(area).parameters
    found = []
    for key, value in scenario.assumptions.items():
        low, high = known[key].prior.quantile(np.array(TAILS))
        if not low <= value <= high:
            message = f"{value:g} is outside [{low:.4g}, {high:.4g}] (90 %, unit {known[key].unit})"
            found.append((STRAY, f"assumptions.{key}", message))
    return found


def contradictions(area: Area, checks: Sequence[Contradictions]) -> list[Note]:
    """Targets of the plans that an accounting identity rules out, as the checks given find them."""
    return [
        Note("", CONTRADICTION, key, message) for check in checks for key, message in check(area)
    ]
