"""Work shared among processes, the caller among them; results do not depend on how many."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context, resource_tracker
from threading import RLock
from typing import Any


def workers_for(tasks: int, workers: int | None) -> int:
    """Processes worth having for a number of tasks: as asked, else one for each core.

    Examples
    --------
    >>> workers_for(3, 8), workers_for(0, 8), workers_for(5, 1)
    (3, 1, 1)
    """
    return max(min(workers or os.cpu_count() or 1, tasks), 1)


class Hands:
    """A pool of processes fed task by task, so that the caller can take what still waits."""

    def __init__(self, others: int) -> None:
        # Afresh and not forked: a fork keeps the locks of threads that it has not.
        self.pool = ProcessPoolExecutor(others, get_context("spawn"), initializer=_heed)
        self._idle = others
        self._waiting: deque[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = deque()
        self._lock = RLock()

    def submit(self, work: Callable[..., Any], *task: Any) -> Future[Any]:
        """A task for the pool; a process that begins with it hears no Ctrl-C until it is there.

        Stopped while it still reads its modules it would print where it was.
        """
        if not hasattr(signal, "pthread_sigmask"):
            return self.pool.submit(work, *task)
        resource_tracker.ensure_running()  # would unblock the signal when it starts
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return self.pool.submit(work, *task)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

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
                    self.submit(work, *task).add_done_callback(partial(self._done, one))
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


def _heed() -> None:
    """Hear Ctrl-C from now on, in a process that has begun; what came before the caller heard."""
    if hasattr(signal, "pthread_sigmask"):
        with suppress(KeyboardInterrupt):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


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
            mine.hands = Hands(count - 1)
            for _ in range(count - 1):
                mine.hands.submit(ready, *arguments)
        yield
    finally:
        _KEPT = before
        if mine.hands is not None:
            mine.hands.dismiss()


def done_by(
    work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], count: int
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

    Yields
    ------
    tuple of int and any

    Examples
    --------
    >>> list(done_by(max, [(1, 2), (4, 3)], 1))
    [(0, 2), (1, 4)]
    """
    if count <= 1:
        return ((at, work(*task)) for at, task in enumerate(tasks))
    hands = None if _KEPT is None else _KEPT.hands
    if hands is None:
        hands = Hands((count if _KEPT is None else _KEPT.count) - 1)
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
