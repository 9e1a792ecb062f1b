"""A resolved scenario: what the world does, what the plan moves, how much of it comes about.

:mod:`model.scenario_loading` reads one from files.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from model.axes import Array
from model.parameters import Declaration
from model.priors import parse_prior
from model.streams import stratified

if TYPE_CHECKING:
    from model.scenario_file import LeverSetting


REALISED: dict[str, Declaration] = {
    "share": Declaration(
        0.5, "share", parse_prior("Beta(4, 4)"), "share of a planned lever that comes about",
        "own reference class: the 2011-2020 master plan realised 0.30 of its population growth",
        "derived", 0, 1, "G04",
    ),
    "delay": Declaration(
        2.0, "yr", parse_prior("Gamma(2, 1.5)"), "delay of dated works",
        "Flyvbjerg reference class", "recalled", 0, 30, "G05",
    ),
    "overrun": Declaration(
        1.3, "1", parse_prior("LogNormal(1.3, 0.3)"), "actual over planned cost",
        "Flyvbjerg et al. 2003", "recalled", 0.2, 10, "G06",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Realisation:
    """How much of the plan comes about; a number, or ``drawn`` from its prior lever by lever.

    ``budget``: a city's means shrink all its doses (``capped``), are no limit (``unlimited``), or
    must be enough, else nothing is run (``strict``). ``effect`` is the part of its effect that a
    measure carried out and paid for has: 0 is a placebo.
    """

    share: float | Literal["drawn"] = 1.0
    delay: float | Literal["drawn"] = 0.0
    overrun: float | Literal["drawn"] = 1.0
    budget: Literal["unlimited", "capped", "strict"] = "capped"
    effect: float = 1.0

    def values(self, what: str, lever: str, seed: int, count: int, chosen: slice) -> Array:
        """Values of one quantity for a lever, ``(draw,)``.

        Examples
        --------
        >>> Realisation(delay="drawn").values("delay", "x", 1, 1, slice(None)).tolist()
        [2.0]
        """
        setting, declared = getattr(self, what), REALISED[what]
        if setting != "drawn":
            return np.full(count, float(setting))[chosen]
        if count == 1:
            return np.array([declared.central])
        drawn = declared.prior.quantile(stratified(seed, f"{lever}.{what}", count)[chosen])
        return np.clip(drawn, declared.low, declared.high)


@dataclass(frozen=True)
class Scenario:
    """A resolved scenario: what the world does (assumptions) and what the plan moves (levers).

    ``maps_to`` says which levers and parameters carry each numbered statement of the description;
    ``stated`` which parts of ``realisation`` the file, or one it rests on, says itself.
    """

    name: str
    title: str
    title_zh: str = ""
    reference: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    maps_to: dict[int, tuple[str, ...]] = field(default_factory=dict)
    stated: frozenset[str] = frozenset()
    assumptions: dict[str, float] = field(default_factory=dict)
    levers: dict[str, "LeverSetting"] = field(default_factory=dict)
    openings: dict[str, int | str] = field(default_factory=dict)
    realisation: Realisation = field(default_factory=Realisation)
    end: int | None = None

    def plain(self) -> dict[str, Any]:
        """The resolved scenario in the keys of a file that stands alone.

        Examples
        --------
        >>> Scenario("a", "Trend", end=2030).plain()["run"]
        {'end': 2030}
        """
        plain: dict[str, Any] = {
            "title": self.title,
            **({"title_zh": self.title_zh} if self.title_zh else {}),
            "reference": list(self.reference),
            "description": list(self.description) or [self.title],
            "maps_to": {number: list(names) for number, names in self.maps_to.items()},
            "left_out": list(self.left_out),
            "assumptions": dict(self.assumptions),
            "levers": {
                key: value.model_dump(mode="json", exclude_none=True)
                for key, value in self.levers.items()
            },
            "openings": dict(self.openings),
            "realisation": dict(vars(self.realisation)),
        }
        if self.end is not None:
            plain["run"] = {"end": self.end}
        return plain

    def to_yaml(self) -> str:
        """The resolved scenario as a file that stands alone."""
        import yaml

        return str(yaml.safe_dump(self.plain(), sort_keys=False, allow_unicode=True))


def chinese_title(scenarios: Sequence[Scenario]) -> str:
    """Chinese titles of scenarios as one, with the English one of a scenario that has no other.

    Empty where none has a Chinese title.

    Examples
    --------
    >>> chinese_title([Scenario("a", "Trend", "趋势情景"), Scenario("b", "Rail first")])
    '趋势情景；Rail first'
    """
    if not any(one.title_zh for one in scenarios):
        return ""
    return "；".join(one.title_zh or one.title for one in scenarios)
