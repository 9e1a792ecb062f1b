"""Median times of calls taken in turn, and a table of them side by side."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """Something to be timed: its name, what is made ready untimed, and what is timed."""

    name: str
    run: Callable[..., Any]
    prepare: Callable[[], tuple[Any, ...]] = tuple


@dataclass(frozen=True)
class Timing:
    """Median of the seconds of some runs, and the answer of the last."""

    name: str
    seconds: float
    runs: int
    answer: Any


def timings(calls: Sequence[Call], *, repeats: int = 7, budget: float = 10.0) -> list[Timing]:
    """Times of calls, each warmed up once, then all in turn so that load meets them alike.

    A call that has used up its budget of seconds is not repeated.
    """
    seconds: dict[str, list[float]] = {call.name: [] for call in calls}
    answers: dict[str, Any] = {}
    warm: dict[str, float] = {}
    for call in calls:
        warm[call.name], answers[call.name] = timed(call)
    for _ in range(repeats):
        for call in calls:
            if warm[call.name] + sum(seconds[call.name]) < budget:
                spent, answers[call.name] = timed(call)
                seconds[call.name].append(spent)
    found = []
    for call in calls:
        runs = seconds[call.name] or [warm[call.name]]
        found.append(Timing(call.name, statistics.median(runs), len(runs), answers[call.name]))
    return found


def timed(call: Call) -> tuple[float, Any]:
    """Seconds of one run, and its answer."""
    ready = call.prepare()
    start = time.perf_counter()
    answer = call.run(*ready)
    return time.perf_counter() - start, answer


def clock(seconds: float) -> str:
    """Seconds in the unit that reads best.

    >>> clock(0.00025), clock(0.161), clock(12.3)
    ('0.25 ms', '161 ms', '12.3 s')
    """
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Table on stdout, first column to the left, others to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for place, heading in enumerate(headings):
        table.add_column(heading, justify="right" if place else "left", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    Console(width=110, highlight=False).print(table)
