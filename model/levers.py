"""The package of a scenario: which levers act, how strongly, when, and how much of it is real."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from model.axes import Array
from model.catalogue import CHANNELS
from model.lever_arrays import Abreast, ActiveLever, Reach
from model.priors import Prior, drawn
from model.reading.tables import Row
from model.scenario import Scenario

if TYPE_CHECKING:
    from model.scenario_file import LeverSetting


@dataclass(frozen=True)
class Package:
    """Active levers, ceilings by family and channel, whether the budget binds, and openings."""

    levers: tuple[ActiveLever, ...] = ()
    ceilings: dict[tuple[int, str], float] = field(default_factory=dict)
    capped: bool = True
    openings: dict[str, int | str] = field(default_factory=dict)

    @cached_property
    def abreast(self) -> Abreast:
        """All levers as arrays."""
        return Abreast.of(self.levers)

    @cached_property
    def reaches(self) -> dict[str, Reach | None]:
        """What the levers of each channel reach; found once by :meth:`reach`."""
        return {}

    def reach(self, channel: str, area: Area) -> Reach | None:
        """What the levers of a channel reach in an area; None where there is no such lever."""
        if channel not in self.reaches:
            rows = [(row, lever) for row, lever in enumerate(self.abreast.levers)
                    if lever.channel == channel]  # fmt: skip
            self.reaches[channel] = (
                Reach.of(channel, rows, self.ceilings, area.city_of_zone) if rows else None
            )
        return self.reaches[channel]


def membership(area: Area, names: tuple[str, ...] | None) -> Array:
    """(zone,) 1 for the zones named, singly, by city, or all of them (``*``).

    Examples
    --------
    >>> from model.area_loading import load_area
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


def family_names(area: Area) -> tuple[str, ...]:
    """Families of the area, each once, in the order of their table.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> len(family_names(load_area("shenyang")))
    18
    """
    return tuple(dict.fromkeys(row["family"] for row in area.tables["families"]))


def ceilings_of(area: Area) -> dict[tuple[int, str], float]:
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
    return drawn(prior, name, seed, count)[chosen].copy()


def places_of(row: Row, setting: "LeverSetting") -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """Zones and partners of a lever: those of the scenario where it names any, else the table's.

    A scenario that names only zones moves a lever between those zones themselves.
    """
    if setting.zones is None:
        return row["zones"], setting.partners or row["partners"]
    return setting.zones, setting.partners


def relative_size(area: Area, row: Row, setting: "LeverSetting", weight: Array) -> float:
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
    area: Area,
    row: Row,
    scenario: Scenario,
    weight: Array,
    seed: int,
    count: int,
    chosen: slice,
) -> ActiveLever:
    """One lever of the table as the scenario sets it.

    Parameters
    ----------
    area : Area
    row : Row
        Of the table of levers.
    scenario : Scenario
        Which has this lever.
    weight : (zone,) [persons]
        Employed residents: they split the cost among the cities concerned.
    seed, count : int [1]
        Seed and size of the whole ensemble; one draw is the central case.
    chosen : slice
        Draws that are wanted.

    Returns
    -------
    ActiveLever
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
    planned = np.zeros(len(real))
    if row["cost"] is not None:
        planned = np.full(len(real), row["cost"])
        if row["cost_prior"] is not None:
            planned = draws_of(row["cost_prior"], f"{name}.cost", seed, count, chosen)
        planned = planned * size
    effect = draws_of(row["prior"], f"{name}.effect", seed, count, chosen)
    if row["channel"] == "investment":
        # A yuan of it builds so much: the planned yuan, for dearer works are no more works.
        effect = effect * planned
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
        cost=planned * overrun * setting.dose,
        share=real,
        delay=realisation.values("delay", name, seed, count, chosen),
    )


def package_of(
    area: Area, scenario: Scenario, weight: Array, seed: int, count: int, chosen: slice
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
