"""Arrays that processes of one machine fill together, so that results need not be sent.

On its way through a pipe a number is copied five times, and a result has tens of millions. Linux
has files that are nowhere but in memory: who makes one tells the others where it is, and they write
what they find into their own part of it. Elsewhere, and between machines, results are sent.
"""

import mmap
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from model.axes import Array

# Numbers in a line of the processor's memory: no two arrays share one.
LINE = 8


@dataclass(frozen=True)
class Place:
    """Where common arrays are: a file in memory, and their shapes in the order of the file."""

    path: str
    shapes: dict[str, tuple[int, ...]]

    def arrays(self) -> dict[str, Array]:
        """The arrays themselves, in whatever process; they last as long as anybody holds one.

        Raises
        ------
        FileNotFoundError
            The file is closed by now, or this system does not show the files of a process.
        """
        with Path(self.path).open("r+b") as file:
            numbers = np.frombuffer(mmap.mmap(file.fileno(), 0))
        found, begin = {}, 0
        for name, shape in self.shapes.items():
            found[name] = numbers[begin : begin + prod(shape)].reshape(shape)
            begin += in_lines(prod(shape))
        return found


def in_lines(count: int) -> int:
    """Numbers that an array of so many takes up, in whole lines.

    Examples
    --------
    >>> in_lines(1), in_lines(16)
    (8, 16)
    """
    return -(-count // LINE) * LINE


@contextmanager
def common_place(shapes: dict[str, tuple[int, ...]]) -> Iterator[Place | None]:
    """A place for arrays of such shapes, all zero, which may be found until the block ends.

    Yields
    ------
    Place or None
        None where this system has none.

    Examples
    --------
    >>> with common_place({"births": (2, 3)}) as place:
    ...     once = {"births": np.zeros((2, 3))} if place is None else place.arrays()
    >>> float(once["births"].sum())
    0.0
    """
    numbers = sum(in_lines(prod(shape)) for shape in shapes.values())
    place = None
    with ExitStack() as closing:
        with suppress(AttributeError, OSError):  # no such files here, or none as large
            file = os.memfd_create("results")
            closing.callback(os.close, file)
            os.truncate(file, numbers * np.dtype(float).itemsize)
            path = f"/proc/{os.getpid()}/fd/{file}"
            place = Place(path, shapes) if os.access(path, os.R_OK | os.W_OK) else None
        yield place
