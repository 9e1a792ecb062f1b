"""Levers of a package as arrays: a row a lever, and what each does in the cells of its channel."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.axes import Array
from model.catalogue import CHANNELS, GOVERNANCE

# How the effect of a channel comes about; all others rise over the ramp and stay.
WORKS = ("road_time", "transit_time", "market_access")
LASTING = ("productivity_growth", "investment")
RATES = ("entry", "exit", "ladder")
DISPLACING = ("productivity", "entry")
# Governance first, so that the first levers of a package are those that it does not move itself.
ORDERED = (*GOVERNANCE, *(name for name in CHANNELS if name not in GOVERNANCE))
# Levers whose reach is kept as the bits of one whole number.
BITS = 40


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

    @property
    def works(self) -> bool:
        """Whether it takes effect when it opens."""
        return self.channel in WORKS

    @property
    def lasting(self) -> bool:
        """Whether it acts in full while it lasts."""
        return self.channel in LASTING

    @property
    def rates(self) -> bool:
        """Whether it rises, and acts while it lasts."""
        return self.channel in RATES


@dataclass(frozen=True)
class Abreast:
    """All levers of a package, a row each, by channel and those of governance first.

    ``start``, ``end``, ``ramp`` [yr] and the yes or no of ``discount``, ``works``, ``lasting``,
    ``rates`` and ``invests`` are (lever, 1); ``effect``, ``cost``, ``share`` and ``delay``
    (lever, draw), ``cost_share`` (lever, city). The first ``governing`` levers are of governance.
    """

    levers: tuple[ActiveLever, ...]
    governing: int
    start: Array
    end: Array
    ramp: Array
    discount: Array
    works: Array
    lasting: Array
    rates: Array
    invests: Array
    effect: Array
    cost: Array
    share: Array
    delay: Array
    cost_share: Array

    @classmethod
    def of(cls, package: Sequence[ActiveLever]) -> "Abreast":
        """Levers of a package; of one channel in the order of the package."""
        levers = sorted(package, key=lambda lever: ORDERED.index(lever.channel))

        def once(name: str) -> Array:
            return np.array([[getattr(lever, name)] for lever in levers])

        def drawn(name: str) -> Array:
            return np.stack([getattr(lever, name) for lever in levers])

        return cls(
            tuple(levers), sum(lever.channel in GOVERNANCE for lever in levers),
            once("start"), once("end"), once("ramp"), once("discount"), once("works"),
            once("lasting"), once("rates"),
            np.array([[lever.channel == "investment"] for lever in levers]),
            drawn("effect"), drawn("cost"), drawn("share"), drawn("delay"), drawn("cost_share"),
        )  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """What each lever of a channel does in each of its cells, cells of one kind taken together.

    Cells reached by the same levers, between the same two cities, have one kind and one effect:
    ``kind`` (cell,). ``first`` (kind + 1,) says where the entries of each kind begin; an entry is
    a lever in the cells of a kind: its ``row``, its ``part`` [1], the cities ``here`` and
    ``there`` that pay for it (one after the last where nobody needs to), and the ``ceiling``,
    ``family`` and ``group`` of what it saturates with; entries of a group stand together.
    ``displaces`` (entry,) [1] is one where part of it is taken from elsewhere.
    """

    kind: Array
    first: Array
    row: Array
    part: Array
    here: Array
    there: Array
    group: Array
    ceiling: Array
    family: Array
    displaces: Array

    @classmethod
    def of(
        cls, channel: str, rows: Sequence[tuple[int, ActiveLever]],
        ceilings: dict[tuple[int, str], float], city: Array,
    ) -> "Reach":  # fmt: skip
        """Reach of the levers of a channel, each with its row; ``city`` (zone,) of each zone."""
        groups = sorted({(lever.family, lever.displaces) for _, lever in rows})
        ordered = sorted(rows, key=lambda one: groups.index((one[1].family, one[1].displaces)))
        parts = np.stack([places(lever).ravel() for _, lever in ordered])
        here, there = ends(channel, parts.shape[1], city)
        kind, example = kinds(parts > 0, here * (city.max() + 2) + there)
        at, entry = np.nonzero(parts[:, example].T)
        group = np.array([groups.index((one.family, one.displaces)) for _, one in ordered])
        ceiling = np.array([ceilings[one.family, channel] for _, one in ordered])
        family = np.array([one.family for _, one in ordered])
        displaces = np.array([one.displaces and channel in DISPLACING for _, one in ordered])
        return cls(
            kind, np.searchsorted(at, np.arange(len(example) + 1)),
            np.array([row for row, _ in ordered])[entry], parts[entry, example[at]],
            here[example[at]], there[example[at]], group[entry], ceiling[entry],
            family[entry], displaces[entry].astype(float),
        )  # fmt: skip


def ends(channel: str, cells: int, city: Array) -> tuple[Array, Array]:
    """Cities that pay for what happens in each cell of a channel, both (cell,).

    One after the last city where the channel has no zones: nobody has to pay there.

    Examples
    --------
    >>> ends("amenity", 3, np.array([0, 0, 1]))[0].tolist()
    [0, 0, 1]
    >>> [some.tolist() for some in ends("road_time", 4, np.array([0, 1]))]
    [[0, 1, 0, 1], [0, 0, 1, 1]]
    """
    dims, cell = CHANNELS[channel][0], np.arange(cells)
    if not dims:
        nobody = np.full(cells, city.max() + 1)
        return nobody, nobody
    here = city[cell % len(city)]
    return here, city[cell // len(city)] if "to_zone" in dims else here


def kinds(reached: Array, between: Array) -> tuple[Array, Array]:
    """Kind of each cell, (cell,), and a cell of each kind, (kind,).

    Parameters
    ----------
    reached : (lever, cell) [1]
        Whether a lever reaches a cell.
    between : (cell,) [1]
        Whole numbers; cells with another one are of another kind if any lever reaches them.

    Examples
    --------
    >>> one = np.array([[True, True, False, False], [True, False, False, False]])
    >>> kinds(one, np.array([0, 0, 0, 1]))[0].tolist()
    [2, 1, 0, 0]
    """
    code = np.where(reached.any(axis=0), 1 + between, 0)
    for low in range(0, len(reached), BITS):
        some = reached[low : low + BITS]
        mark = (some * (1 << np.arange(len(some)))[:, None]).sum(axis=0)
        # counted anew each time, so that no number outgrows its bits
        _, code = np.unique(code, return_inverse=True)
        _, mark = np.unique(mark, return_inverse=True)
        code = code * (mark.max() + 1) + mark
    _, example, kind = np.unique(code, return_index=True, return_inverse=True)
    return kind, example


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
