"""The package of a scenario: which levers act, how strongly, when, and how much of it is real."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.catalogue import CHANNELS
from model.priors import Prior
from model.streams import stratified
from model.tables import Row

if TYPE_CHECKING:
    from model.area import Area
    from model.scenario import Scenario
    from model.scenario_file import LeverSetting


@dataclass(frozen=True)
class ActiveLever:
    """One lever of a package with its draws, each ``(draw,)``.

    ``zones`` and ``partners`` (zone,), ``sectors`` (sector,) and ``cost_share`` (city,) say where.
    """

    name: str
    family: int
    channel: str
    start: float
    end: float
    ramp: float
    discount: bool
    displaces: bool
    zones: Array
    partners: Array
    sectors: Array
    cost_share: Array
    effect: Array
    cost: Array
    share: Array
    delay: Array

    @cached_property
    def reach(self) -> tuple[Array, Array]:
        """Cells of the channel, in one row, that the lever reaches, and its part in each."""
        where = places(self).ravel()
        cells = np.flatnonzero(where)
        return cells, where[cells]

    @cached_property
    def ends(self) -> tuple[Array, Array]:
        """Zone of each cell that the lever reaches, and the zone or sector at its other end."""
        cells, zones = self.reach[0], len(self.zones)
        return cells % zones, cells // zones


@dataclass(frozen=True)
class Abreast:
    """All levers of one channel, a row each.

    ``start``, ``end``, ``ramp`` [yr] and ``discount`` [1] are (lever, 1); ``effect``, ``cost``
    and ``share`` (lever, draw). ``groups`` holds what saturates together, by family and whether
    it displaces: the cells that any of its levers reaches, and of each lever its row and where
    among these cells its own stand.
    """

    channel: str
    levers: tuple[ActiveLever, ...]
    start: Array
    end: Array
    ramp: Array
    discount: Array
    effect: Array
    cost: Array
    share: Array
    groups: dict[tuple[int, bool], tuple[Array, list[tuple[int, Array]]]]

    @classmethod
    def of(cls, channel: str, levers: Sequence[ActiveLever]) -> "Abreast":
        """Levers of a channel, in their order."""
        rows: dict[tuple[int, bool], list[int]] = {}
        for row, lever in enumerate(levers):
            rows.setdefault((lever.family, lever.displaces), []).append(row)
        groups = {}
        for key in sorted(rows):
            cells = np.unique(np.concatenate([levers[row].reach[0] for row in rows[key]]))
            within = [(row, np.searchsorted(cells, levers[row].reach[0])) for row in rows[key]]
            groups[key] = (cells, within)

        def once(name: str) -> Array:
            return np.array([[getattr(lever, name)] for lever in levers])

        def drawn(name: str) -> Array:
            return np.stack([getattr(lever, name) for lever in levers])

        return cls(
            channel, tuple(levers), once("start"), once("end"), once("ramp"), once("discount"),
            drawn("effect"), drawn("cost"), drawn("share"), groups,
        )  # fmt: skip


@dataclass(frozen=True)
class Package:
    """Active levers, ceilings by family and channel, whether the budget binds, and openings."""

    levers: tuple[ActiveLever, ...] = ()
    ceilings: dict[tuple[int, str], float] = field(default_factory=dict)
    capped: bool = True
    openings: dict[str, int | str] = field(default_factory=dict)

    @cached_property
    def abreast(self) -> dict[str, Abreast]:
        """Levers by channel."""
        by_channel: dict[str, list[ActiveLever]] = {}
        for lever in self.levers:
            by_channel.setdefault(lever.channel, []).append(lever)
        return {channel: Abreast.of(channel, some) for channel, some in by_channel.items()}


def places(lever: ActiveLever) -> Array:
    """Where a lever acts, on the axes of its channel: 1, or the share of a sum of money.

    Pairs of zones are reached in both directions.
    """
    dims = CHANNELS[lever.channel][0]
    if "to_zone" in dims:
        there, back = np.outer(lever.zones, lever.partners), np.outer(lever.partners, lever.zones)
        return np.maximum(there, back)
    if "sector" in dims:
        return np.outer(lever.sectors, lever.zones)
    if lever.channel == "investment":
        return lever.zones / max(lever.zones.sum(), 1.0)
    return lever.zones if dims else np.ones(())


def membership(area: "Area", names: tuple[str, ...] | None) -> Array:
    """(zone,) 1 for the zones named, singly, by city, or all of them (``*``).

    Examples
    --------
    >>> from model.area import load_area
    >>> float(membership(load_area("shenyang"), ("anshan", "heping")).sum())
    8.0
    """
    wanted = set(names or ())
    return np.array(
        [
            float("*" in wanted or zone in wanted or area.cities[city] in wanted)
            for zone, city in zip(area.zones, area.city_of_zone, strict=True)
        ]
    )


def family_names(area: "Area") -> tuple[str, ...]:
    """Families of the area, each once, in the order of their table.

    Examples
    --------
    >>> from model.area import load_area
    >>> len(family_names(load_area("shenyang")))
    18
    """
    return tuple(dict.fromkeys(row["family"] for row in area.tables["families"]))


def ceilings_of(area: "Area") -> dict[tuple[int, str], float]:
    """Ceiling on the summed effect of a family, by family index and channel.

    A row without a channel holds for every channel that has no row of its own.
    """
    names, rows = family_names(area), area.tables["families"]
    found = {}
    for row in sorted(rows, key=lambda row: row["channel"] is not None):
        for channel in [row["channel"]] if row["channel"] else CHANNELS:
            found[names.index(row["family"]), channel] = row["cap"]
    return found


def draws_of(prior: Prior, name: str, seed: int, count: int, chosen: slice) -> Array:
    """Values of a prior for the chosen draws; its median when there is one draw."""
    if count == 1:
        return prior.quantile(np.array([0.5]))
    return prior.quantile(stratified(seed, name, count))[chosen]


def places_of(row: Row, setting: "LeverSetting") -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Zones and partners of a lever: those of the scenario where it names any, else the table's.

    A scenario that names only zones moves a lever between those zones themselves.
    """
    if setting.zones is None:
        return row["zones"], setting.partners or row["partners"]
    return setting.zones, setting.partners


def relative_size(area: "Area", row: Row, setting: "LeverSetting", weight: Array) -> float:
    """Employed residents that a lever reaches, over those of the table's places [1].

    A measure taken to more people costs more in proportion.
    """
    if setting.zones is None and setting.partners is None:
        return 1.0
    reached = [
        float(np.maximum(membership(area, zones), membership(area, partners)) @ weight)
        for zones, partners in (places_of(row, setting), (row["zones"], row["partners"]))
    ]
    return reached[0] / reached[1]


def activate(
    area: "Area",
    row: Row,
    scenario: "Scenario",
    weight: Array,
    seed: int,
    count: int,
    chosen: slice,
) -> ActiveLever:
    """One lever of the table as the scenario sets it.

    ``weight`` (zone,) splits the cost among the cities concerned (employed residents).
    """
    name, setting = row["lever"], scenario.levers[row["lever"]]
    named_zones, named_partners = places_of(row, setting)
    zones, partners = membership(area, named_zones), membership(area, named_partners)
    sectors = np.array(
        [
            float(not row["sectors"] or "*" in row["sectors"] or s in row["sectors"])
            for s in area.sectors
        ]
    )
    paying = area.in_city @ (np.maximum(zones, partners) * weight)
    size = relative_size(area, row, setting, weight)
    realisation = scenario.realisation
    real = realisation.values("share", name, seed, count, chosen)
    overrun = realisation.values("overrun", name, seed, count, chosen)
    cost = np.zeros(len(real))
    if row["cost"] is not None:
        cost = np.full(len(real), row["cost"])
        if row["cost_prior"] is not None:
            cost = draws_of(row["cost_prior"], f"{name}.cost", seed, count, chosen)
    effect = draws_of(row["prior"], f"{name}.effect", seed, count, chosen)
    return ActiveLever(
        name=name,
        family=family_names(area).index(row["family"]),
        channel=row["channel"],
        start=float(setting.start if setting.start is not None else row["start"]),
        end=float(setting.end if setting.end is not None else row["end"]),
        ramp=row["ramp"],
        discount=row["discount"],
        displaces=row["displaces"],
        zones=zones,
        partners=partners if named_partners else zones,
        sectors=sectors,
        cost_share=paying / paying.sum(),
        effect=effect * (setting.dose * realisation.effect),
        cost=cost * overrun * (setting.dose * size),
        share=real,
        delay=realisation.values("delay", name, seed, count, chosen),
    )


def package_of(
    area: "Area", scenario: "Scenario", weight: Array, seed: int, count: int, chosen: slice
) -> Package:
    """Package of a scenario for the chosen draws; a dose of zero is no lever at all."""
    rows = [row for row in area.tables["levers"] if row["lever"] in scenario.levers]
    active = tuple(
        activate(area, row, scenario, weight, seed, count, chosen)
        for row in rows
        if scenario.levers[row["lever"]].dose != 0
    )
    capped = scenario.realisation.budget != "unlimited"
    return Package(active, ceilings_of(area), capped, dict(scenario.openings))
