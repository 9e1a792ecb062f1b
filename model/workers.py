"""Work shared among processes, the caller among them; results do not depend on how many."""

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from itertools import count as numbers
from mmap import mmap
from multiprocessing import get_context
from threading import RLock
from typing import Any

import numpy as np

from model.axes import Array

# A forked process has at once what its parent has read. Elsewhere the system's own libraries do not
# bear it.
FORKS = sys.platform == "linux"
_NUMBERS = numbers()


def workers_for(tasks: int, workers: int | None) -> int:
    """Processes worth having for a number of tasks: as asked, else one for each core.

    Examples
    --------
    >>> workers_for(3, 8), workers_for(0, 8), workers_for(5, 1)
    (3, 1, 1)
    """
    return max(min(workers or os.cpu_count() or 1, tasks), 1)


class Rooms:
    """Arrays that forked processes and their parent both write to and read, in place of messages.

    They stay common to every process forked later on, as long as they are kept.
    """

    def __init__(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        self.number = next(_NUMBERS)
        self.arrays = {name: _common(shape) for name, shape in shapes.items()}


def _common(shape: tuple[int, ...]) -> Array:
    size = int(np.prod(shape, dtype=int))
    return np.frombuffer(mmap(-1, max(8 * size, 1)), count=size).reshape(shape)


# Rooms that this process has in common with the one that gave it its task.
_ROOMS: Rooms | None = None


def rooms_in_common(number: int | None) -> dict[str, Array] | None:
    """Arrays of the rooms of a number, if this process sees them.

    Examples
    --------
    >>> rooms_in_common(None) is None
    True
    """
    return _ROOMS.arrays if _ROOMS is not None and _ROOMS.number == number else None


def _enter(rooms: Rooms | None) -> None:
    global _ROOMS
    _ROOMS = rooms


class Hands:
    """A pool of processes fed task by task, so that the caller can take what still waits."""

    def __init__(self, others: int, method: str, rooms: Rooms | None) -> None:
        context = get_context(method)
        self.pool = ProcessPoolExecutor(others, context, initializer=_enter, initargs=(rooms,))
        self._idle = others
        self._waiting: deque[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = deque()
        self._lock = RLock()

    def hand_out(
        self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]]
    ) -> list[Future[Any]]:
        """What will come of tasks, which are begun behind all that wait already."""
        found: list[Future[Any]] = [Future() for _ in tasks]
        with self._lock:
            self._waiting.extend((one, work, task) for one, task in zip(found, tasks, strict=True))
        self._feed(0)
        return found

    def _feed(self, freed: int) -> None:
        with self._lock:
            self._idle += freed
            while self._idle and self._waiting:
                one, work, task = self._waiting.popleft()
                self._idle -= 1
                try:
                    self.pool.submit(work, *task).add_done_callback(partial(self._done, one))
                except RuntimeError as error:  # the pool is broken or was shut
                    one.set_exception(error)

    def _done(self, one: Future[Any], found: Future[Any]) -> None:
        self._feed(1)
        error = CancelledError() if found.cancelled() else found.exception()
        if error is None:
            one.set_result(found.result())
        else:
            one.set_exception(error)

    def lend(self, among: set[Future[Any]]) -> bool:
        """Do the first waiting one of some tasks here; False where none of them waits."""
        with self._lock:
            mine = next((entry for entry in self._waiting if entry[0] in among), None)
            if mine is None:
                return False
            self._waiting.remove(mine)
        one, work, task = mine
        one.set_result(work(*task))
        return True

    def dismiss(self) -> None:
        """Let nothing more be begun."""
        with self._lock:
            self._waiting.clear()
        self.pool.shutdown(wait=False, cancel_futures=True)


class _Keeper:
    """Hands that are kept between uses, from their first."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.hands: Hands | None = None


_KEPT: _Keeper | None = None


@contextmanager
def kept(count: int, ready: Callable[..., Any] | None = None, *arguments: Any) -> Iterator[None]:
    """Keep the processes of :func:`done_by` between uses: starting them can take seconds.

    What they have read of a study area stays as it was; change no table in between.

    Parameters
    ----------
    count : int
        Processes of every use that does not work here alone, this one included.
    ready : callable, optional
        What each of the others does first, from now on: while the caller is still busy with what
        their tasks will be. Without it they start with the first task.
    arguments
        Of ``ready``.

    Examples
    --------
    >>> with kept(2):
    ...     found = list(done_by(max, [(1, 2), (4, 3)], 1))
    """
    global _KEPT
    before, _KEPT = _KEPT, _Keeper(count)
    mine = _KEPT
    try:
        if ready is not None and count > 1:
            mine.hands = Hands(count - 1, "spawn", None)
            for _ in range(count - 1):
                mine.hands.pool.submit(ready, *arguments)
        yield
    finally:
        _KEPT = before
        if mine.hands is not None:
            mine.hands.dismiss()


def done_by(
    work: Callable[..., Any],
    tasks: Sequence[tuple[Any, ...]],
    count: int,
    rooms: Rooms | None = None,
) -> Iterator[tuple[int, Any]]:
    """Position and result of each task, as they are done: here, and on a pool of processes.

    The pool begins at once, and takes tasks in their order; so does this process from when it is
    asked for a result.

    Parameters
    ----------
    work : callable
        A function of a module, that other processes can find.
    tasks : sequence of tuple
        Its arguments, task by task.
    count : int
        Processes, this one included; with one, the work is done here and in order.
    rooms : Rooms, optional
        Where the work may leave what it finds. Processes are then forked from this one, unless
        they were kept from an earlier use; without, they start afresh.

    Yields
    ------
    tuple of int and any

    Examples
    --------
    >>> list(done_by(max, [(1, 2), (4, 3)], 1))
    [(0, 2), (1, 4)]
    """
    _enter(rooms)
    if count <= 1:
        return ((at, work(*task)) for at, task in enumerate(tasks))
    hands = None if _KEPT is None else _KEPT.hands
    if hands is None:
        others = (count if _KEPT is None else _KEPT.count) - 1
        hands = Hands(others, "spawn" if rooms is None else "fork", rooms)
        if _KEPT is not None:
            _KEPT.hands = hands
    found = hands.hand_out(work, tasks)
    return _collected(hands, {one: at for at, one in enumerate(found)})


def _collected(hands: Hands, places: dict[Future[Any], int]) -> Iterator[tuple[int, Any]]:
    left = set(places)
    try:
        while left:
            done = {one for one in left if one.done()}
            if not done and not hands.lend(left):
                done = wait(left, return_when=FIRST_COMPLETED).done
            left -= done
            for one in done:
                yield places[one], one.result()
    except BaseException:
        hands.dismiss()
        raise
    if _KEPT is None or hands is not _KEPT.hands:
        hands.pool.shutdown()
