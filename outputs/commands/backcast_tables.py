"""What a section of ``backcast`` is: asked for, it runs its test and returns tables."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from outputs.commands.console import Column, Form


@dataclass(frozen=True)
class BackcastOptions:
    """Options of the command, as typed."""

    draws: int = 50
    seed: int = 0
    area: str = "shenyang"
    form: Form = "text"


@dataclass(frozen=True)
class Table:
    """One table of a section, with what a reader should know about it."""

    name: str
    title: str
    columns: list[Column]
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


Section = Callable[[BackcastOptions], list[Table]]


def percent(value: float) -> str:
    """Share as a percentage with its sign left to the minus.

    Examples
    --------
    >>> percent(0.1234), percent(-0.02)
    ('12.3 %', '-2.0 %')
    """
    return f"{100 * value:.1f} %"


def signed(value: float) -> str:
    """Relative error with its sign.

    Examples
    --------
    >>> signed(0.034)
    '+3.4 %'
    """
    return f"{100 * value:+.1f} %"


def points(value: float) -> str:
    """Share in percent, or a difference of shares in percentage points, without the sign.

    Examples
    --------
    >>> points(0.0312)
    '3.1'
    """
    return f"{100 * value:.1f}"


def two(value: float) -> str:
    """Number with two decimals.

    Examples
    --------
    >>> two(-0.129)
    '-0.13'
    """
    return f"{value:.2f}"


def three(value: float) -> str:
    """Number with three decimals.

    Examples
    --------
    >>> three(0.1301)
    '0.130'
    """
    return f"{value:.3f}"
