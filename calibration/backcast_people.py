"""People from an earlier census to the next, against that census and against naive rivals.

The model starts from what was known in the base year of the start ``history``; no parameter and
no table has seen a later number. The census of the area's own base year is then read, only to
score. Units are the regions of each region set, the zones whose boundaries stayed (with the
redrawn zones of a region pooled into one), and age groups by sex of each region.

Naive forecasts are made for the regions of the published statistics, where the census before is
known, and by constant share inside them for zones and ages. Forecasts by cohorts are made zone by
zone. The census before has no ages of a city: Hamilton-Perry takes the cohort change ratios of the
table ``larger_area``, as they are or with the one factor that the total counted then asks for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from calibration import hamilton_perry, naive, scores
from model.area import Area
from model.area_loading import load_area
from model.axes import SEXES, Array, ratio
from model.base_year import baseline
from model.checks.people import counted
from model.problems import Problem, ProblemsError
from model.simulation import simulate

CENTRAL, MEDIAN = "model, central", "model, median of draws"
KNOWING = ("share of province (told)", "share of area (told)")
BORROWED, SCALED = "Hamilton-Perry, borrowed", "Hamilton-Perry, scaled"
CLOSED = "closed cohort survival"
BY_COHORT = (BORROWED, SCALED, CLOSED)
RIVALS = (
    "last value", "linear trend", "exponential trend", "mean of these three",
    *KNOWING, *BY_COHORT,
)  # fmt: skip
SHARES = (0.5, 0.8, 0.95)
GROUPS = tuple(range(0, 90, 5))
WIDTH = 5
# Women whose children are 0-4 (15-44) and 5-9 (20-49) at a census, in groups (Smith et al., ch. 7).
MOTHERS = (slice(3, 9), slice(4, 10))
# Counts of the base year that are in doubt, and why; scores are given with and without them.
DOUBTED = {"benxi": "its census of 2010 looks over-counted"}


@dataclass(frozen=True)
class Level:
    """Units of one kind: what was, what came, and every forecast of it, all [persons].

    ``draws`` (draw, unit) of the model; ``kinds`` groups the units for bias.
    """

    name: str
    units: tuple[str, ...]
    kinds: tuple[str, ...]
    before: Array
    observed: Array
    forecasts: dict[str, Array]
    draws: Array

    def without(self, units: Iterable[str]) -> "Level":
        """The same level with some units left out."""
        left = set(units)
        keep = np.array([unit not in left for unit in self.units])
        pick = [at for at, kept in enumerate(keep) if kept]
        return Level(
            f"{self.name} without {', '.join(sorted(left & set(self.units)))}",
            tuple(self.units[at] for at in pick), tuple(self.kinds[at] for at in pick),
            self.before[keep], self.observed[keep],
            {name: values[keep] for name, values in self.forecasts.items()}, self.draws[:, keep],
        )  # fmt: skip

    @property
    def rivals(self) -> tuple[str, ...]:
        """Names of the naive forecasts there are."""
        return tuple(name for name in RIVALS if name in self.forecasts)


@dataclass(frozen=True)
class Hindcast:
    """Two censuses, the one before them by region, and the run between, by zone and by city.

    ``central`` and ``draws`` (draw, zone) [persons]; ``central_ages`` and ``ages``
    (draw, city, sex, age) [persons].
    """

    area: Area
    early: Area
    central: Array
    draws: Array
    central_ages: Array
    ages: Array

    @cached_property
    def censuses(self) -> tuple[Array, Array]:
        """(place, sex, age) [persons] of the base year and of the year scored."""
        first = baseline.people(self.early, self.early.base_year)
        return first, baseline.people(self.area, self.area.base_year)

    @property
    def years(self) -> int:
        """Years between the two."""
        return self.area.base_year - self.early.base_year

    @cached_property
    def counted_before(self) -> Array:
        """(region,) [persons] of the census before the first year, by its regions' statistics."""
        year = self.early.settings["history_year"]
        earlier = self.early.statistic("history", year, variable="population")
        table = self.area.label("history")
        message = "no population; trends need a count before the base year"
        faults = [
            Problem(table, None, f"{region}, {year}", message)
            for region, value in zip(self.area.statistics[0], earlier, strict=True)
            if np.isnan(value)
        ]
        if faults:
            raise ProblemsError(faults)
        return earlier

    @cached_property
    def city_forecasts(self) -> dict[str, Array]:
        """Naive forecasts (region,) [persons] of the regions of the published statistics."""
        _, weights = self.area.statistics
        zones = len(self.area.zones)
        first, last = self.censuses
        now = weights @ first[:zones].sum(axis=(1, 2))
        step = self.years / (self.early.base_year - self.early.settings["history_year"])
        linear, growing = (
            f(self.counted_before, now, step) for f in (naive.linear_trend, naive.exponential_trend)
        )
        near = np.ones(len(self.area.places), dtype=bool)
        near[zones:] = self.area.column("regions", "same_province")
        totals = [(c[near].sum(), c[:zones].sum()) for c in (first, last)]
        return {
            RIVALS[0]: naive.last_value(now), RIVALS[1]: linear, RIVALS[2]: growing,
            RIVALS[3]: (now + linear + growing) / 3,
            KNOWING[0]: naive.constant_share(now, totals[0][0], totals[1][0]),
            KNOWING[1]: naive.constant_share(now, totals[0][1], totals[1][1]),
            **{name: weights @ v.sum(axis=(1, 2)) for name, v in self.cohort_forecasts.items()},
        }  # fmt: skip

    @cached_property
    def cohort_forecasts(self) -> dict[str, Array]:
        """Forecasts (zone, sex, group) [persons] that carry the cohorts of the first year on."""
        _, weights = self.area.statistics
        shift = len(MOTHERS)
        people = self.censuses[0][: len(self.area.zones)]
        groups = np.add.reduceat(people, GROUPS, axis=2)
        ratios = hamilton_perry.cohort_change_ratios(*self.larger_area, shift)
        by_region = np.tensordot(weights, groups, axes=1)
        own = hamilton_perry.own_growth(by_region, ratios, self.counted_before, shift) @ weights
        closed = naive.closed_cohorts(people, baseline.death_rates(self.early), self.years)
        return {
            BORROWED: hamilton_perry.projected(groups, ratios, MOTHERS),
            SCALED: hamilton_perry.projected(groups, own[:, None, None] * ratios, MOTHERS),
            CLOSED: np.add.reduceat(closed, GROUPS, axis=2),
        }

    @cached_property
    def larger_area(self) -> tuple[Array, Array]:
        """(sex, group) [persons] of the larger area, a census before the first year and in it."""
        table = self.area.label("larger_area")
        held = {
            (row["year"], row["sex"], row["age"]): counted(row)
            for row in self.early.tables["larger_area"]
        }
        if self.years != len(MOTHERS) * WIDTH:
            message = f"change ratios of {len(MOTHERS) * WIDTH} years, where {self.years} are due"
            raise ProblemsError([Problem(table, None, "year", message)])
        years = (self.early.base_year - self.years, self.early.base_year)
        wanted = [(year, sex, age) for year in years for sex in SEXES for age in GROUPS]
        lacking = [key for key in wanted if key not in held]
        if lacking:
            raise ProblemsError(
                Problem(table, None, ", ".join(map(str, key)), "missing") for key in lacking
            )
        people = np.array([held[key] for key in wanted])
        early, late = people.reshape(len(years), len(SEXES), len(GROUPS))
        return early, late

    def zone_forecasts(self) -> dict[str, Array]:
        """Naive forecasts (zone,) [persons]: each zone grows as its region does, or by cohorts."""
        _, weights = self.area.statistics
        now = self.censuses[0][: len(self.area.zones)].sum(axis=(1, 2))
        found = {
            name: now * (ratio(values, weights @ now) @ weights)
            for name, values in self.city_forecasts.items()
        }
        return found | {name: v.sum(axis=(1, 2)) for name, v in self.cohort_forecasts.items()}

    def of_zones(self, name: str, units: tuple[str, ...], kinds: tuple[str, ...], weights: Array,
                 rivals: dict[str, Array]) -> Level:  # fmt: skip
        """Level of sums over zones, weights (unit, zone) [1]."""
        zones = len(self.area.zones)
        before, observed = (weights @ c[:zones].sum(axis=(1, 2)) for c in self.censuses)
        draws = self.draws @ weights.T
        own = {CENTRAL: self.central @ weights.T}
        if len(draws) > 1:
            own[MEDIAN] = np.median(draws, axis=0)
        return Level(name, units, kinds, before, observed, own | rivals, draws)

    def regions(self, region_set: str) -> Level:
        """The regions of a set; a kind of each."""
        units, weights = self.area.region_set(region_set)
        if region_set == self.area.settings["statistics_region_set"]:
            rivals = self.city_forecasts
        else:
            rivals = {name: weights @ v for name, v in self.zone_forecasts().items()}
        return self.of_zones(region_set, units, units, weights, rivals)

    def zones(self) -> Level:
        """Zones whose boundaries stayed; the redrawn zones of each region as one unit."""
        area = self.area
        stayed = area.column("comparable", "comparable").astype(bool)
        order = [row["zone"] for row in area.tables["comparable"]]
        stayed = stayed[[order.index(zone) for zone in area.zones]]
        regions, shares = area.statistics
        pooled = shares * ~stayed
        some = pooled.sum(axis=1) > 0
        weights = np.concatenate([np.eye(len(area.zones))[stayed], pooled[some]])
        kinds = area.column("zones", "kind")[stayed].tolist() + ["redrawn, pooled"] * some.sum()
        units = [zone for zone, kept in zip(area.zones, stayed, strict=True) if kept]
        units += [f"{r}, redrawn" for r, there in zip(regions, some, strict=True) if there]
        rivals = {name: weights @ values for name, values in self.zone_forecasts().items()}
        return self.of_zones("zones", tuple(units), tuple(kinds), weights, rivals)

    def by_age(self) -> Level:
        """Age groups of five years by sex, of each region of the published statistics."""
        area = self.area
        regions, weights = area.statistics
        zones = len(area.zones)
        first, last = (self.grouped(c[:zones], weights) for c in self.censuses)
        of_city = weights @ ratio(area.in_city, area.in_city.sum(axis=1)[:, None]).T
        rivals = {
            name: (first * (values / first.sum(axis=(1, 2)))[:, None, None]).ravel()
            for name, values in self.city_forecasts.items()
        }
        for name, values in self.cohort_forecasts.items():
            rivals[name] = np.tensordot(weights, values, axes=1).ravel()
        central, draws = (
            np.array([self.grouped(one, of_city).ravel() for one in ages])
            for ages in (self.central_ages, self.ages)
        )
        cells = [(r, s, g) for r in regions for s in SEXES for g in GROUPS]
        units = tuple(f"{r}, {s}, {age_label(g)}" for r, s, g in cells)
        own = {CENTRAL: central[0]}
        if len(draws) > 1:
            own[MEDIAN] = np.median(draws, axis=0)
        kinds = tuple(f"{s}, {age_label(g)}" for _, s, g in cells)
        return Level("age and sex", units, kinds, first.ravel(), last.ravel(), own | rivals, draws)

    @staticmethod
    def grouped(people: Array, weights: Array) -> Array:
        """(region, sex, group) [persons] of (place, sex, age), weights (region, place) [1]."""
        sums = np.add.reduceat(people, GROUPS, axis=2)
        return np.tensordot(weights, sums, axes=1)

    def levels(self) -> list[Level]:
        """Region sets of several regions, zones, ages; with and without what is in doubt."""
        area = self.area
        sets = [s for s in area.region_sets if len(area.region_set(s)[0]) > 1]
        sets = [s for s in sets if s not in area.report_only]  # nothing more to forecast
        found = []
        for name in sets:
            level = self.regions(name)
            found.append(level)
            if set(DOUBTED) & set(level.units):
                found.append(level.without(DOUBTED))
        return [*found, self.zones(), self.by_age()]


def age_label(start: int) -> str:
    """Name of a group of five years, the last open.

    Examples
    --------
    >>> age_label(20), age_label(85)
    ('20-24', '85+')
    """
    return f"{start}+" if start == GROUPS[-1] else f"{start}-{start + WIDTH - 1}"


def hindcast(area: str | Path = "shenyang", draws: int = 50, seed: int = 0) -> Hindcast:
    """Run from the start ``history`` of an area to its base year, central and drawn.

    Parameters
    ----------
    area : str or Path
        Study area, without a start.
    draws : int
        Draws of the priors; 1 for the central case alone.
    seed : int

    Returns
    -------
    Hindcast

    Raises
    ------
    ProblemsError
        An area without a start before its base year.
    """
    known, early = load_area(area), load_area(area, start="history")
    found = []
    for count in dict.fromkeys((1, draws)):
        run = simulate(
            "trend", area=early.address, end=known.base_year, draws=count, seed=seed, workers=1
        ).sel(year=known.base_year)
        places = run["population"].values, run["population_by_age"].values
        found.append(places)
    return Hindcast(known, early, found[0][0][0], found[-1][0], found[0][1], found[-1][1])


def summary(level: Level) -> list[dict[str, Any]]:
    """A row of scores for every forecast of a level.

    Skill is against the best rival by the same error, once of the log ratio and once of persons;
    ``verdict`` says whether the model's central case beats this rival in the log ratio.
    """
    errors = {name: scores.log_rmse(v, level.observed) for name, v in level.forecasts.items()}
    persons = {name: scores.rmse(v, level.observed) for name, v in level.forecasts.items()}
    best = min(errors[name] for name in level.rivals)
    best_persons = min(persons[name] for name in level.rivals)
    rows = []
    for name, values in level.forecasts.items():
        rival = name in level.rivals
        rows.append({
            "level": level.name, "units": len(level.units), "forecast": name,
            "mape": scores.mape(values, level.observed),
            "weighted_mape": scores.weighted_mape(values, level.observed),
            "log_rmse": errors[name],
            "dissimilarity": scores.dissimilarity(values, level.observed),
            "rank_correlation": scores.rank_correlation(
                values / level.before, level.observed / level.before
            ),
            "bias": scores.bias(values, level.observed),
            "skill": scores.skill(errors[name], best),
            "skill_persons": scores.skill(persons[name], best_persons),
            "best": rival and errors[name] == best,
            "verdict": ("won" if errors[CENTRAL] < errors[name] else "lost") if rival else "",
        })  # fmt: skip
    return rows


def bands(level: Level) -> dict[str, Any]:
    """Score of the draws of a level and how often their intervals held what came."""
    log_draws, log_seen = np.log(level.draws), np.log(level.observed)
    rivals = {
        name: float(np.abs(np.log(level.forecasts[name]) - log_seen).mean())
        for name in level.rivals
    }
    best = min(rivals, key=lambda name: rivals[name])
    found = {"level": level.name, "units": len(level.units), "draws": len(level.draws)}
    score = float(scores.crps(log_draws, log_seen).mean())
    found |= {"crps": score, "best_rival": best, "crps_best": rivals[best]}
    found["verdict"] = "won" if score < rivals[best] else "lost"
    return found | {
        f"covered_{share:.0%}": scores.coverage(level.draws, level.observed, share)
        for share in SHARES
    }


def biases(level: Level) -> list[dict[str, Any]]:
    """Error of the total of each kind of unit: the model, and the rival best over the level."""
    errors = {name: scores.log_rmse(level.forecasts[name], level.observed) for name in level.rivals}
    best = min(errors, key=lambda name: errors[name])
    kinds = np.array(level.kinds)
    return [
        {
            "level": level.name, "kind": kind, "units": int((kinds == kind).sum()),
            "observed": float(level.observed[kinds == kind].sum()),
            "model": scores.bias(level.forecasts[CENTRAL][kinds == kind],
                                 level.observed[kinds == kind]),
            "best_rival": best,
            "rival": scores.bias(level.forecasts[best][kinds == kind],
                                 level.observed[kinds == kind]),
        }
        for kind in dict.fromkeys(level.kinds)
    ]  # fmt: skip
