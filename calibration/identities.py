"""Targets that cannot all be met, whatever anybody does: they contradict an accounting identity.

A plan adds up the targets of cities, but the area has one population and one output. What is
checked holds by arithmetic alone, before any run: shares lie between 0 and 1 and shares of
different things sum to no more than 1; parts sum to no more than their whole; one number has one
value; a budget is no larger than the output it is taken from; people are at most those there are.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from calibration.ledger import load_ledger
from calibration.ledger_rows import Target
from model.area import Area
from model.axes import Array
from model.base_year import baseline
from model.catalogue import CATALOGUE
from model.problems import Problem

FILE = "plan_ledger.csv"
LOWER, UPPER = (">", ">=", "="), ("<", "<=", "=")
OUTPUT_SHARES = ("services_share", "manufacturing_share")
PART_OF_OUTPUT = {"budget_revenue_nominal": "gdp_nominal", "budget_revenue": "gdp_real"}


def contradictions(targets: Sequence[Target], area: Area) -> list[Problem]:
    """Groups of targets that no state of the world can meet together.

    Parameters
    ----------
    targets : sequence of Target
        Those that are testable are looked at.
    area : Area
        Says which region is part of which.

    Returns
    -------
    list of Problem
        One for each contradiction; the key has the ids of the targets.

    Examples
    --------
    >>> from calibration.ledger import load_ledger
    >>> from model.area_loading import load_area
    >>> area = load_area()
    >>> contradictions(load_ledger(area), area)
    []
    """
    tested = [target for target in targets if target.testable]
    found = [*beyond_one(tested), *two_values(tested), *shares_beyond_one(tested)]
    return [*found, *parts_beyond_whole(tested, area), *budget_beyond_output(tested),
            *more_than_there_are(tested, area)]  # fmt: skip


def of_ledger(area: Area) -> list[tuple[str, str]]:
    """Ids and a sentence for each contradiction in the ledger of an area: what ``lint`` prints.

    An area without a ledger of its own has none.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> of_ledger(load_area())
    []
    """
    found = contradictions(load_ledger(area), area)
    return [(problem.key, problem.message) for problem in found]


def beyond_one(targets: Sequence[Target]) -> list[Problem]:
    """Shares that would have to lie outside 0 to 1."""
    return [
        _problem([t], f"asks for a share {t.comparator} {t.value:g}, but shares lie in [0, 1]")
        for t in targets
        if t.unit == "share"
        and ((t.comparator in LOWER and t.value > 1) or (t.comparator in UPPER and t.value < 0))
    ]


def two_values(targets: Sequence[Target]) -> list[Problem]:
    """A lower bound above an upper bound on the same number."""
    found = []
    for group in _groups(targets, "variable", "region_set", "region", "year").values():
        for one, other in combinations(group, 2):
            for low, high in ((one, other), (other, one)):
                if low.comparator in LOWER and high.comparator in UPPER and low.value > high.value:
                    message = (f"{low.comparator} {low.value:g} and {high.comparator} "
                               f"{high.value:g} of one {low.variable} in {low.year}")  # fmt: skip
                    found.append(_problem([low, high], message))
    return found


def shares_beyond_one(targets: Sequence[Target]) -> list[Problem]:
    """Shares of different sectors in one output that sum to more than 1."""
    shares = [t for t in targets if t.variable in OUTPUT_SHARES and t.comparator in LOWER]
    found = []
    for group in _groups(shares, "region_set", "region", "year").values():
        largest = {t.variable: t for t in sorted(group, key=lambda t: t.value)}
        total = sum(t.value for t in largest.values())
        if total > 1 and len(largest) > 1:
            message = f"{', '.join(largest)} sum to at least {total:g} of the same output"
            found.append(_problem(list(largest.values()), message))
    return found


def parts_beyond_whole(targets: Sequence[Target], area: Area) -> list[Problem]:
    """Regions whose lower bounds sum to more than the upper bound of the region they are in."""
    found = []
    adding = [t for t in targets if t.variable in CATALOGUE
              and CATALOGUE[t.variable].over_zones == "sum"]  # fmt: skip
    for group in _groups(adding, "variable", "year").values():
        for whole in (t for t in group if t.comparator in UPPER):
            room = _zones(whole, area)
            parts = []
            for part in sorted(group, key=lambda t: -t.value):
                weights = _zones(part, area)
                inside = part is not whole and part.comparator in LOWER
                same = np.array_equal(weights, _zones(whole, area))
                if inside and not same and (weights <= room + 1e-12).all():
                    parts.append(part)
                    room = room - weights
            total = sum(part.value for part in parts)
            if total > whole.value:
                message = (f"{' and '.join(p.region for p in parts)} sum to at least {total:,.0f} "
                           f"{whole.unit}, but {whole.region}, which holds them, is "
                           f"{whole.comparator} {whole.value:,.0f}")  # fmt: skip
                found.append(_problem([*parts, whole], message))
    return found


def budget_beyond_output(targets: Sequence[Target]) -> list[Problem]:
    """Revenue that would be more than the output it is taken from."""
    found = []
    for group in _groups(targets, "region_set", "region", "year").values():
        for low, high in ((a, b) for a in group for b in group):
            taken = PART_OF_OUTPUT.get(low.variable) == high.variable
            bounds = low.comparator in LOWER and high.comparator in UPPER
            if taken and bounds and low.value > high.value:
                message = f"revenue of {low.value:,.0f} out of an output of {high.value:,.0f}"
                found.append(_problem([low, high], message))
    return found


def more_than_there_are(targets: Sequence[Target], area: Area) -> list[Problem]:
    """Residents beyond the people of the study area and all that surrounds it."""
    people = float(baseline.people(area, area.base_year).sum())
    return [
        _problem([t], f"{t.value:,.0f} residents, but there are {people:,.0f} people in all")
        for t in targets
        if t.variable == "population" and t.comparator in LOWER and t.value > people
    ]


def _groups(targets: Sequence[Target], *keys: str) -> dict[tuple[object, ...], list[Target]]:
    found: dict[tuple[object, ...], list[Target]] = defaultdict(list)
    for target in targets:
        found[tuple(getattr(target, key) for key in keys)].append(target)
    return found


def _zones(target: Target, area: Area) -> Array:
    """(zone,) weights of the region of a target."""
    if target.region_set in area.region_sets:
        regions, weights = area.region_set(target.region_set)
        return weights[regions.index(target.region)]
    if target.region in area.zones:
        return (np.array(area.zones) == target.region).astype(float)
    holding = next(s for s in area.region_sets if target.region in area.region_set(s)[0])
    regions, weights = area.region_set(holding)
    return weights[regions.index(target.region)]


def _problem(targets: Sequence[Target], message: str) -> Problem:
    return Problem(FILE, None, ", ".join(dict.fromkeys(t.id for t in targets)), message)
