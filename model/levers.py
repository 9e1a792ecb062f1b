"""The package of a scenario: which levers act, how strongly, when, and how much of it is real."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.priors import Prior
from model.streams import stratified
from model.tables import Row

if TYPE_CHECKING:
    from model.area import Area
    from model.scenario import Scenario


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


@dataclass(frozen=True)
class Package:
    """Active levers, family ceilings, whether the budget binds, and projects with their years."""

    levers: tuple[ActiveLever, ...] = ()
    ceilings: Array = field(default_factory=lambda: np.zeros(0))
    capped: bool = True
    openings: dict[str, int | str] = field(default_factory=dict)


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


def draws_of(prior: Prior, name: str, seed: int, count: int, chosen: slice) -> Array:
    """Values of a prior for the chosen draws; its median when there is one draw."""
    if count == 1:
        return prior.quantile(np.array([0.5]))
    return prior.quantile(stratified(seed, name, count))[chosen]


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
    zones, partners = membership(area, row["zones"]), membership(area, row["partners"])
    sectors = np.array(
        [
            float(not row["sectors"] or "*" in row["sectors"] or s in row["sectors"])
            for s in area.sectors
        ]
    )
    paying = area.in_city @ (np.maximum(zones, partners) * weight)
    realisation = scenario.realisation
    real = realisation.values("share", name, seed, count, chosen)
    overrun = realisation.values("overrun", name, seed, count, chosen)
    cost = np.zeros(len(real))
    if row["cost"] is not None:
        cost = np.full(len(real), row["cost"])
        if row["cost_prior"] is not None:
            cost = draws_of(row["cost_prior"], f"{name}.cost", seed, count, chosen)
    families = [family["family"] for family in area.tables["families"]]
    effect = draws_of(row["prior"], f"{name}.effect", seed, count, chosen)
    return ActiveLever(
        name=name,
        family=families.index(row["family"]),
        channel=row["channel"],
        start=float(setting.start if setting.start is not None else row["start"]),
        end=float(setting.end if setting.end is not None else row["end"]),
        ramp=row["ramp"],
        discount=row["discount"],
        displaces=row["displaces"],
        zones=zones,
        partners=partners if row["partners"] else zones,
        sectors=sectors,
        cost_share=paying / paying.sum(),
        effect=effect * setting.dose,
        cost=cost * overrun * setting.dose,
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
    ceilings = np.array([row["cap"] for row in area.tables["families"]])
    capped = scenario.realisation.budget == "capped"
    return Package(active, ceilings, capped, dict(scenario.openings))
