"""Parameters that document themselves: frozen, bounded, with unit, prior and source.

A process declares a subclass of :class:`Params` whose fields are made with :func:`par`.
A field holds one number, or one number a draw, ``(draw,)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np

from model.axes import Array
from model.priors import Prior, drawn, parse_prior
from model.problems import plain_error


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known of a parameter apart from its value.

    It is between ``low`` and ``high``; ``above`` says that ``low`` itself is left out.
    """

    central: float
    unit: str
    prior: Prior
    doc: str
    source: str
    evidence: str
    low: float
    high: float
    id: str
    above: bool = False


def par(
    central: float,
    *,
    unit: str,
    prior: str,
    doc: str,
    source: str,
    evidence: str,
    low: float = -np.inf,
    high: float = np.inf,
    id: str = "",
) -> Any:
    """Field of a :class:`Params` class.

    ``evidence`` is ``seen``, ``recalled``, ``derived`` or ``assumed``; ``id`` names the
    parameter across versions (M01, K05, ...), where it has such a name.
    """
    declaration = Declaration(
        central, unit, parse_prior(prior), doc, source, evidence, low, high, id
    )
    return field(default=central, metadata={"declaration": declaration})


@dataclass(frozen=True)
class Params:
    """Base of all parameter classes: values are checked against their bounds at birth."""

    def __post_init__(self) -> None:
        faults = []
        for name, declared in self.declarations().items():
            value = np.asarray(getattr(self, name), dtype=float)
            inside = (value >= declared.low) & (value <= declared.high)
            if not np.all(inside):
                wrong = float(np.atleast_1d(value)[np.argmin(np.atleast_1d(inside))])
                faults.append(plain_error(name, wrong, declared.unit, declared.low, declared.high))
        if faults:
            raise ValueError("; ".join(faults))

    @classmethod
    def declarations(cls) -> dict[str, Declaration]:
        """Declarations by field name.

        Examples
        --------
        >>> Params.declarations()
        {}
        """
        return {f.name: f.metadata["declaration"] for f in fields(cls)}


P = TypeVar("P", bound=Params)


def sample(
    cls: type[P],
    prefix: str,
    seed: int,
    count: int,
    chosen: slice,
    fixed: dict[str, float],
    known: Mapping[str, tuple[float, Prior]] = MappingProxyType({}),
) -> P:
    """Parameter set of ``count`` draws, cut to the chosen ones.

    Parameters
    ----------
    cls : type
        A parameter class.
    prefix : str
        Name of its process; draws are keyed by ``prefix.field``.
    seed, count : int [1]
        Seed and size of the whole ensemble (stratification needs the whole).
    chosen : slice
        Which draws are wanted.
    fixed : dict
        Values set by the scenario, by ``prefix.field``: the same in every draw.
    known : dict
        Central value and prior of the study area in place of the declared ones.

    Returns
    -------
    Params
        Fields of shape ``(draw,)``. One draw alone (``count == 1``) is the central case.
    """
    values: dict[str, Array] = {}
    for name, declared in cls.declarations().items():
        key = f"{prefix}.{name}"
        central, prior = known.get(key, (declared.central, declared.prior))
        if key in fixed:
            value = np.full(count, float(fixed[key]))[chosen]
        elif count == 1:
            value = np.array([central], dtype=float)[chosen]
        else:
            sampled = drawn(prior, key, seed, count)[chosen]
            value = np.clip(sampled, declared.low, declared.high)
        values[name] = value
    return cls(**values)
