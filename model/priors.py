"""Prior distributions written as text, and their quantiles.

The grammar is that of the tables: ``Normal(mean, sd)``, ``LogNormal(median, sd of log)``,
``HalfNormal(sd)``, ``Beta(a, b)``, ``Triangular(low, mode, high)``, ``Uniform(low, high)``,
``Gamma(mean, sd)``, ``Fixed(value)``, each optionally ``on [low, high]`` (truncated). Of normal
and lognormal ones there are mixtures: ``0.8 Normal(0.6, 0.2) + 0.2 LogNormal(2, 0.6)``.
Quantile functions (not samplers) are what stratified and paired draws need.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from model.axes import Array
from model.streams import stratified

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_ONE = rf"[A-Za-z]+\(\s*{_NUMBER}(?:\s*,\s*{_NUMBER})*\s*\)"
_PART = re.compile(rf"(?:(?P<weight>{_NUMBER})\s+)?(?P<name>[A-Za-z]+)\((?P<args>[^)]*)\)")
_PATTERN = re.compile(
    rf"^\s*(?P<parts>{_ONE}|{_NUMBER}\s+{_ONE}(?:\s*\+\s*{_NUMBER}\s+{_ONE})+)"
    rf"(?:\s+on\s+\[\s*(?P<low>{_NUMBER})\s*,\s*(?P<high>{_NUMBER})\s*\])?\s*$"
)
_RANGES = {"Triangular", "Uniform"}
_HALVINGS = 100  # of the range between the parts: more than a number has digits


def _normal(u: Array, mean: float, sd: float) -> Array:
    from scipy.special import ndtri

    return mean + sd * ndtri(u)


def _lognormal(u: Array, median: float, sd_log: float) -> Array:
    return median * np.exp(_normal(u, 0.0, sd_log))


def _halfnormal(u: Array, sd: float) -> Array:
    return _normal((1 + u) / 2, 0.0, sd)


def _beta(u: Array, a: float, b: float) -> Array:
    from scipy.special import betaincinv

    return betaincinv(a, b, u)


def _gamma(u: Array, mean: float, sd: float) -> Array:
    from scipy.special import gammaincinv

    shape = (mean / sd) ** 2
    return gammaincinv(shape, u) * mean / shape


def _triangular(u: Array, low: float, mode: float, high: float) -> Array:
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.where(u < split, rising, falling)


def _uniform(u: Array, low: float, high: float) -> Array:
    return low + (high - low) * u


def _fixed(u: Array, value: float) -> Array:
    return np.full_like(u, value)


_FAMILIES: dict[str, tuple[int, Callable[..., Array]]] = {
    "Normal": (2, _normal),
    "LogNormal": (2, _lognormal),
    "HalfNormal": (1, _halfnormal),
    "Beta": (2, _beta),
    "Gamma": (2, _gamma),
    "Triangular": (3, _triangular),
    "Uniform": (2, _uniform),
    "Fixed": (1, _fixed),
}


def _below_normal(x: Array, mean: float, sd: float) -> Array:
    from scipy.special import ndtr

    return ndtr((x - mean) / sd)


def _below_lognormal(x: Array, median: float, sd_log: float) -> Array:
    return _below_normal(np.log(np.maximum(x, np.finfo(float).tiny) / median), 0.0, sd_log)


_BELOW: dict[str, Callable[..., Array]] = {"Normal": _below_normal, "LogNormal": _below_lognormal}


class Support(NamedTuple):
    """Numbers that can be: from ``low``, or (``above``) from just above it, to ``high``."""

    low: float = -np.inf
    high: float = np.inf
    above: bool = False


def _support(name: str, arguments: tuple[float, ...]) -> Support:
    if name in {"LogNormal", "Gamma"}:
        return Support(0.0, above=True)
    if name == "HalfNormal":
        return Support(0.0)
    if name == "Beta":
        return Support(0.0, 1.0)
    if name in _RANGES and arguments[0] >= 0:
        return Support(0.0, above=arguments[0] > 0)
    return Support()


@dataclass(frozen=True, slots=True)
class Part:
    """A distribution within a mixture, with its weight."""

    weight: float
    name: str
    arguments: tuple[float, ...]

    def quantile(self, u: Array) -> Array:
        """Values at probabilities ``u``.

        Examples
        --------
        >>> float(Part(1.0, "Uniform", (0.0, 4.0)).quantile(np.array([0.5]))[0])
        2.0
        """
        return _FAMILIES[self.name][1](u, *self.arguments)

    def below(self, x: Array) -> Array:
        """Probabilities of values below ``x``, times the weight.

        Examples
        --------
        >>> float(Part(0.8, "Normal", (2.0, 1.0)).below(np.array([2.0]))[0])
        0.4
        """
        return self.weight * _BELOW[self.name](x, *self.arguments)


@dataclass(frozen=True, slots=True)
class Prior:
    """A distribution, or a mixture of several, with its text and truncation."""

    text: str
    parts: tuple[Part, ...]
    low: float = -np.inf
    high: float = np.inf

    def quantile(self, u: Array) -> Array:
        """Values at probabilities ``u``; truncation clips (mass collects at the bound).

        Examples
        --------
        >>> float(parse_prior("Normal(2, 1)").quantile(np.array([0.5]))[0])
        2.0
        """
        u = np.asarray(u, dtype=float)
        ends = [part.quantile(u) for part in self.parts]
        values = ends[0] if len(ends) == 1 else self._between(u, np.array(ends))
        return np.clip(values, self.low, self.high)

    @property
    def support(self) -> Support:
        """Numbers that can be, however unlikely: what a scenario may set.

        Ends that the text itself states (``on [low, high]``) hold, and belong to it. Beyond them
        the family speaks: LogNormal and Gamma are above 0, HalfNormal is not below it, Beta is
        within [0, 1], Normal and Fixed say nothing. The ends of Uniform and Triangular are where
        belief ends, not what can be: where no end is stated only their sign is taken, so that a
        range above 0 stands for a number above 0. A mixture is as wide as the widest of its parts.

        Examples
        --------
        >>> parse_prior("Uniform(8, 15)").support
        Support(low=0.0, high=inf, above=True)
        >>> parse_prior("LogNormal(0.1, 0.3) on [0, 1]").support
        Support(low=0.0, high=1.0, above=False)
        """
        each = [_support(part.name, part.arguments) for part in self.parts]
        low = min(one.low for one in each)
        above = all(one.above for one in each if one.low == low)
        believed = all(part.name in _RANGES for part in self.parts) and self.low > -np.inf
        if believed or self.low >= low:
            low, above = self.low, False
        return Support(low, min(max(one.high for one in each), self.high), above)

    def _between(self, u: Array, ends: Array) -> Array:
        """Quantile of a mixture, which is between those of its parts, by bisection."""
        low, high = ends.min(axis=0), ends.max(axis=0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            beyond = np.sum([part.below(middle) for part in self.parts], axis=0) > u
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        return (low + high) / 2


@lru_cache(maxsize=4096)
def drawn(prior: Prior, name: str, seed: int, count: int) -> Array:
    """Values of a prior for all draws of an ensemble, not to be changed.

    Kept, for every block asks for its part of the whole.

    Examples
    --------
    >>> sorted(drawn(parse_prior("Uniform(0, 4)"), "x", 1, 4).astype(int).tolist())
    [0, 1, 2, 3]
    """
    values = prior.quantile(stratified(seed, name, count))
    values.flags.writeable = False
    return values


def parse_prior(text: str) -> Prior:
    """Prior read from its text.

    Raises
    ------
    ValueError
        When the text is not of the grammar or its arguments make no distribution.

    Examples
    --------
    >>> parse_prior("LogNormal(0.04, 0.6) on [0, 0.2]").high
    0.2
    """
    match = _PATTERN.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no prior; write one of {', '.join(_FAMILIES)}(...)")
    parts = tuple(_part_of(text, part) for part in _PART.finditer(match["parts"]))
    if len(parts) > 1:
        _check_mixture(text, parts)
    low = -np.inf if match["low"] is None else float(match["low"])
    high = np.inf if match["high"] is None else float(match["high"])
    if low > high:
        raise ValueError(f"{text!r}: the truncation is upside down")
    return Prior(text, parts, low, high)


def _part_of(text: str, match: re.Match[str]) -> Part:
    name, arguments = match["name"], tuple(float(part) for part in match["args"].split(","))
    if name not in _FAMILIES:
        raise ValueError(f"{text!r} is no prior; write one of {', '.join(_FAMILIES)}(...)")
    count, _ = _FAMILIES[name]
    if len(arguments) != count:
        raise ValueError(f"{text!r}: {name} takes {count} numbers, not {len(arguments)}")
    if not _makes_sense(name, arguments):
        raise ValueError(f"{text!r}: these numbers make no {name} distribution")
    return Part(float(match["weight"] or 1.0), name, arguments)


def _check_mixture(text: str, parts: tuple[Part, ...]) -> None:
    if strange := sorted({part.name for part in parts} - _BELOW.keys()):
        raise ValueError(f"{text!r}: a mixture is of {' and '.join(_BELOW)}, not {strange[0]}")
    weights = [part.weight for part in parts]
    if min(weights) <= 0 or abs(sum(weights) - 1) > 1e-9:
        raise ValueError(f"{text!r}: weights are above 0 and make 1, not {sum(weights):g}")


def _makes_sense(name: str, arguments: tuple[float, ...]) -> bool:
    if name in _RANGES:
        ascending = all(a <= b for a, b in pairwise(arguments))
        return ascending and arguments[0] < arguments[-1]
    if name == "Normal":
        return arguments[1] > 0
    return name == "Fixed" or all(argument > 0 for argument in arguments)
