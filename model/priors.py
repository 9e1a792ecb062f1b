"""Prior distributions written as text, and their quantiles.

The grammar is that of the tables: ``Normal(mean, sd)``, ``LogNormal(median, sd of log)``,
``HalfNormal(sd)``, ``Beta(a, b)``, ``Triangular(low, mode, high)``, ``Uniform(low, high)``,
``Gamma(mean, sd)``, ``Fixed(value)``, each optionally ``on [low, high]`` (truncated).
Quantile functions (not samplers) are what stratified and paired draws need.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from model.axes import Array
from model.streams import stratified

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PATTERN = re.compile(
    rf"^\s*(?P<name>[A-Za-z]+)\(\s*(?P<args>{_NUMBER}(?:\s*,\s*{_NUMBER})*)\s*\)"
    rf"(?:\s+on\s+\[\s*(?P<low>{_NUMBER})\s*,\s*(?P<high>{_NUMBER})\s*\])?\s*$"
)


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


@dataclass(frozen=True, slots=True)
class Prior:
    """A distribution with its text, arguments and truncation."""

    text: str
    name: str
    arguments: tuple[float, ...]
    low: float = -np.inf
    high: float = np.inf

    def quantile(self, u: Array) -> Array:
        """Values at probabilities ``u``; truncation clips (mass collects at the bound).

        Examples
        --------
        >>> float(parse_prior("Normal(2, 1)").quantile(np.array([0.5]))[0])
        2.0
        """
        _, function = _FAMILIES[self.name]
        values = function(np.asarray(u, dtype=float), *self.arguments)
        return np.clip(values, self.low, self.high)


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
    if match is None or match["name"] not in _FAMILIES:
        raise ValueError(f"{text!r} is no prior; write one of {', '.join(_FAMILIES)}(...)")
    arguments = tuple(float(part) for part in match["args"].split(","))
    count, _ = _FAMILIES[match["name"]]
    if len(arguments) != count:
        raise ValueError(f"{text!r}: {match['name']} takes {count} numbers, not {len(arguments)}")
    if not _makes_sense(match["name"], arguments):
        raise ValueError(f"{text!r}: these numbers make no {match['name']} distribution")
    low = -np.inf if match["low"] is None else float(match["low"])
    high = np.inf if match["high"] is None else float(match["high"])
    if low > high:
        raise ValueError(f"{text!r}: the truncation is upside down")
    return Prior(text, match["name"], arguments, low, high)


def _makes_sense(name: str, arguments: tuple[float, ...]) -> bool:
    if name in {"Triangular", "Uniform"}:
        ascending = all(a <= b for a, b in pairwise(arguments))
        return ascending and arguments[0] < arguments[-1]
    if name == "Normal":
        return arguments[1] > 0
    return name == "Fixed" or all(argument > 0 for argument in arguments)
