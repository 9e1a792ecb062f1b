"""What a process is, and the check that a schedule makes sense before it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from model.catalogue import CATALOGUE
from model.parameters import Params
from model.world import World


@dataclass(frozen=True, slots=True)
class Process:
    """A named step of the year: what it reads, what it writes, how it acts.

    ``reads`` are variables written earlier in the same year, ``remembers`` are variables of
    last year's end (or of the base year), ``writes`` are this process's alone.
    """

    name: str
    writes: tuple[str, ...]
    act: Callable[[World, Any], None]
    params: type[Params] = Params
    reads: tuple[str, ...] = ()
    remembers: tuple[str, ...] = ()
    about: str = ""


def check_schedule(schedule: Sequence[Process]) -> None:
    """Refuse two writers, unknown names, and reading what nobody has written.

    Raises
    ------
    ValueError
        Names every conflict at once.

    Examples
    --------
    >>> check_schedule([])
    """
    faults: list[str] = []
    writer: dict[str, str] = {}
    for process in schedule:
        unknown = {*process.reads, *process.remembers, *process.writes} - CATALOGUE.keys()
        faults += [f"{process.name}: {name} is not in the catalogue" for name in sorted(unknown)]
        faults += [
            f"{process.name} reads {name}, which nobody has written yet this year"
            for name in process.reads
            if name not in writer
        ]
        for name in process.writes:
            if name in writer:
                faults.append(f"{name} has two writers: {writer[name]} and {process.name}")
            writer[name] = process.name
    for process in schedule:
        faults += [
            f"{process.name} remembers {name}, which nobody ever writes"
            for name in process.remembers
            if name not in writer and name in CATALOGUE
        ]
    if faults:
        raise ValueError("\n".join(faults))
