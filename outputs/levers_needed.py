"""How much of a scenario's levers a target needs: few families, each at no more than it takes.

The search is a heuristic and says so. All runs are within the budget rule and the bounds of
doses, over the same draws:

1. no levers; every family alone at the highest dose; all families together at it;
2. for each target, families in the order of what they bring alone, the best 1, 2, 3, 5, 8, ...
   together at the highest dose: the smallest set with P >= 0.5, if any;
3. for that set, the lowest common multiple of the scenario's doses with P >= 0.5, by bisection;
4. from there, one family after another, the least helpful alone first, its own multiple is lowered
   while the others are held: it is left out if P >= 0.5 without it, else bisected between zero
   and the common multiple down to steps of 1 / 2^3 of that.

The answer is a vector of doses that was itself run and has P >= 0.5. It is smallest in each dose
by itself, not over all vectors: each family was seen to miss one step lower (at zero or above),
with the families before it at their answer and those after it still at the common multiple. So
where more of a family never lowers P, no single dose of the answer can go a step lower. P is not
monotone in general (families share a budget, some harm, and a target may be an equality): then
a lower dose may still do. Raising one dose to lower others is not tried.

Where even step 2 has no set, the answer is none, with the best that was seen. A set that the
order does not put together is not tried: none means none found.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from calibration.ledger import Target
from model.area import Area
from model.axes import Array
from model.scenario import Scenario
from outputs.chances import chance_text, meets, standard_error
from outputs.indicators import INDICATORS, indicator
from outputs.targets import place_of, readings

if TYPE_CHECKING:
    import xarray as xr

    from model.scenario_file import LeverSetting

HIGHEST = 3.0
SIZES = (1, 2, 3, 5, 8, 13)
HALVINGS = 5
OWN_HALVINGS = 3
ENOUGH = 0.5
Mix = tuple[tuple[str, float], ...]
Run = Callable[[list[Scenario]], "xr.Dataset"]


@dataclass(frozen=True, slots=True)
class Need:
    """What a target needs: ``families`` at ``scales`` times their doses, one each.

    ``found`` is ``nothing`` (met without levers), ``levers`` or ``none``. ``probability`` is
    that of the answer, or the best that was seen, with its Monte Carlo ``error`` and both as text
    in ``chance``; ``median`` the outcome then. ``highest`` is the highest dose that was tried.
    """

    id: str
    variable: str
    region: str
    comparator: str
    year: int
    found: str
    families: tuple[str, ...]
    scales: tuple[float, ...]
    probability: float
    error: float
    chance: str
    median: float
    target: float
    unit: str
    highest: float
    draws: int


def levers_needed(
    scenario: Scenario, targets: Sequence[Target], area: Area, run: Run, last: int
) -> list[Need]:
    """Smallest doses of a scenario's levers for each target.

    Parameters
    ----------
    scenario : Scenario
        Whose levers may be used; its budget is taken as capped.
    targets : sequence of Target
        Testable targets after the base year, and not after ``last``, are looked at.
    area : Area
    run : callable
        Runs scenarios over the same draws.
    last : int [year]
        Last year of the runs.

    Returns
    -------
    list of Need
    """
    wanted = [
        target for target in targets
        if target.testable and target.statement == "target"
        and target.year is not None and area.base_year < target.year <= last
    ]  # fmt: skip
    if not wanted:
        return []
    search = Search(scenario, tuple(wanted), area, run)
    smallest = search.smallest(search.lowest(search.fewest()))
    return [search.need(t, smallest.get(t)) for t in wanted]


def sizes(count: int) -> list[int]:
    """Numbers of families to try together.

    Examples
    --------
    >>> sizes(6), sizes(0)
    ([1, 2, 3, 5, 6], [])
    """
    return [*(size for size in SIZES if size < count), *([count] if count else [])]


class Search:
    """Outcomes of mixes of families, each run once."""

    def __init__(
        self, scenario: Scenario, targets: tuple[Target, ...], area: Area, run: Run
    ) -> None:
        self.scenario, self.targets, self.area, self._run = scenario, targets, area, run
        used = {
            row["family"] for row in area.tables["levers"]
            if row["channel"] and row["lever"] in scenario.levers
        }  # fmt: skip
        families = dict.fromkeys(row["family"] for row in area.tables["families"])
        self.families = [family for family in families if family in used]
        self.values: dict[tuple[str, Mix], Array] = {}
        self.mixes: dict[Mix, None] = {}  # in the order of looking: of equals the first is shown

    def mixed(self, mix: Mix, name: str) -> Scenario:
        """The scenario with some families at a multiple of their doses, within the budget."""
        scale = dict(mix)
        levers = {
            row["lever"]: self._dosed(row["lever"], scale[row["family"]])
            for row in self.area.tables["levers"]
            if row["family"] in scale and row["lever"] in self.scenario.levers
        }
        rules = replace(self.scenario.realisation, budget="capped")
        return replace(self.scenario, name=name, levers=levers, realisation=rules)

    def _dosed(self, lever: str, scale: float) -> "LeverSetting":
        setting = self.scenario.levers[lever]
        return setting.model_copy(update={"dose": min(setting.dose * scale, HIGHEST)})

    def look(self, mixes: Sequence[Mix]) -> None:
        """Run what has not been run, and keep the outcome of every target in its year."""
        new = [mix for mix in dict.fromkeys(mixes) if mix not in self.mixes]
        if not new:
            return
        result = self._run([self.mixed(mix, f"mix {at}") for at, mix in enumerate(new)])
        known: dict[tuple[str, str], xr.DataArray] = {}
        for target in self.targets:
            region_set, region = place_of(target, self.area)
            variable = readings(target.variable)[0][0]
            if (variable, region_set) not in known:
                known[variable, region_set] = indicator(result, self.area, variable, region_set)
            values = known[variable, region_set].sel(region=region, year=target.year)
            for mix, outcome in zip(new, values.transpose("scenario", "draw").values, strict=True):
                self.values[target.id, mix] = outcome
        self.mixes |= dict.fromkeys(new)

    def chance(self, target: Target, mix: Mix) -> float:
        """Share of draws in which a mix meets a target."""
        return float(meets(self.values[target.id, mix], target.comparator, target.value).mean())

    def progress(self, target: Target, mix: Mix) -> float:
        """Mean distance gained towards a target beyond no levers, in its unit."""
        return float((self._near(target, mix) - self._near(target, ())).mean())

    def _near(self, target: Target, mix: Mix) -> Array:
        values = self.values[target.id, mix]
        if target.comparator in {"=", "~="}:
            return -np.abs(values - target.value)
        return -values if target.comparator.startswith("<") else values

    def order(self, target: Target) -> list[str]:
        """Families that help alone, the most helpful first."""
        helpful = [f for f in self.families if self._alone(target, f) > 0]
        return sorted(helpful, key=lambda family: -self._alone(target, family))

    def _alone(self, target: Target, family: str) -> float:
        return self.progress(target, ((family, HIGHEST),))

    def fewest(self) -> dict[Target, Mix]:
        """Best few families that are enough at the highest dose, of targets that need levers."""
        together: Mix = tuple((family, HIGHEST) for family in self.families)
        self.look([(), *(((family, HIGHEST),) for family in self.families), together])
        tried = {}
        for target in (t for t in self.targets if self.chance(t, ()) < ENOUGH):
            best = tuple((family, HIGHEST) for family in self.order(target))
            tried[target] = [*(best[:size] for size in sizes(len(best))), together]
        self.look([mix for mixes in tried.values() for mix in mixes])
        enough = {
            target: [mix for mix in mixes if mix and self.chance(target, mix) >= ENOUGH]
            for target, mixes in tried.items()
        }
        return {target: mixes[0] for target, mixes in enough.items() if mixes}

    def lowest(self, first: dict[Target, Mix]) -> dict[Target, Mix]:
        """Lowest common multiple of the doses in a mix that still is enough, by bisection."""
        low = dict.fromkeys(first, 0.0)
        high = dict.fromkeys(first, HIGHEST)
        for _ in range(HALVINGS):
            tried = {t: scaled(first[t], (low[t] + high[t]) / 2) for t in first}
            self.look(list(tried.values()))
            for target, mix in tried.items():
                enough = self.chance(target, mix) >= ENOUGH
                middle = (low[target] + high[target]) / 2
                (high if enough else low)[target] = middle
        return {target: scaled(first[target], high[target]) for target in first}

    def smallest(self, common: dict[Target, Mix]) -> dict[Target, Mix]:
        """Mixes with each dose lowered by itself; every round runs one mix of each target."""
        walks = {
            target: lowering(sorted(reversed(mix), key=lambda dose: self._alone(target, dose[0])))
            for target, mix in common.items()
        }
        enough: dict[Target, bool | None] = dict.fromkeys(walks)
        found = {}
        while walks:
            tried = {}
            for target, walk in list(walks.items()):
                try:
                    tried[target] = walk.send(enough[target])
                except StopIteration as end:
                    found[target] = end.value
                    del walks[target]
            self.look(list(tried.values()))
            enough = {t: self.chance(t, mix) >= ENOUGH for t, mix in tried.items()}
        return found

    def need(self, target: Target, mix: Mix | None) -> Need:
        """The answer for a target; without a mix, nothing is needed or none was found."""
        tried = [m for m in self.mixes if (target.id, m) in self.values]
        free = self.chance(target, ()) >= ENOUGH
        best = max(tried, key=lambda m: (self.chance(target, m), self.progress(target, m)))
        shown = () if free else mix or best
        values = self.values[target.id, shown]
        met = meets(values, target.comparator, target.value)
        count, draws = int(met.sum()), len(met)
        variable = readings(target.variable)[0][0]
        return Need(
            target.id, variable, target.region, target.comparator, int(target.year or 0),
            found="nothing" if free else "levers" if mix else "none",
            families=tuple(family for family, _ in shown),
            scales=tuple(scale for _, scale in shown),
            probability=count / draws, error=standard_error(count, draws),
            chance=chance_text(count, draws), median=float(np.median(values)),
            target=target.value, unit=INDICATORS[variable].unit, highest=HIGHEST, draws=draws,
        )  # fmt: skip


def scaled(mix: Mix, scale: float) -> Mix:
    """The same families at another multiple.

    Examples
    --------
    >>> scaled((("roads", 3.0),), 1.5)
    (('roads', 1.5),)
    """
    return tuple((family, scale) for family, _ in mix)


def lowering(rising: Sequence[tuple[str, float]]) -> Generator[Mix, bool | None, Mix]:
    """Mixes to try, each answered by whether it is enough; returns the smallest that was.

    ``rising`` is a mix that is enough, the least helpful family first: the order in which they
    are lowered. Mixes come out with the most helpful first.

    Examples
    --------
    Where roads + 2 rail >= 4.5 is enough, roads are not needed and rail is at 2.25 or just above:

    >>> walk = lowering([("roads", 3.0), ("rail", 3.0)])
    >>> mix = next(walk)
    >>> try:
    ...     while True:
    ...         doses = {"roads": 0, "rail": 0} | dict(mix)
    ...         mix = walk.send(doses["roads"] + 2 * doses["rail"] >= 4.5)
    ... except StopIteration as end:
    ...     end.value
    (('rail', 2.25),)
    """
    doses = dict(reversed(rising))
    for family, present in rising:
        if (yield tuple((f, dose) for f, dose in doses.items() if f != family)):
            del doses[family]
            continue
        low, high = 0.0, present
        for _ in range(OWN_HALVINGS):
            middle = (low + high) / 2
            if (yield tuple((doses | {family: middle}).items())):
                high = middle
            else:
                low = middle
        doses[family] = high
    return tuple(doses.items())
