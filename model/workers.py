"""Work shared among processes, the caller among them; results do not depend on how many."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from functools import partial
from math import inf
from multiprocessing import get_context, resource_tracker
from threading import RLock
from typing import Any


def workers_for(tasks: int, workers: int | None) -> int:
    """Processes worth having for a number of tasks: as asked, else one for each core.

    On a cluster, one for each of its workers.

    Examples
    --------
    >>> workers_for(3, 8), workers_for(0, 8), workers_for(5, 1)
    (3, 1, 1)
    """
    there = _KEPT.count if on_cluster() and _KEPT is not None else os.cpu_count()
    return max(min(workers or there or 1, tasks), 1)


class Processes(ProcessPoolExecutor):
    """Processes of this machine; one that begins with a task hears no Ctrl-C until it is there.

    Stopped while it still reads its modules it would print where it was.
    """

    def __init__(self, count: int) -> None:
        # Afresh and not forked: a fork keeps the locks of threads that it has not.
        super().__init__(count, get_context("spawn"), initializer=_heed)

    def submit(self, work: Callable[..., Any], /, *task: Any, **named: Any) -> Future[Any]:
        """A task for the pool."""
        if not hasattr(signal, "pthread_sigmask"):
            return super().submit(work, *task, **named)
        resource_tracker.ensure_running()  # would unblock the signal when it starts
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            return super().submit(work, *task, **named)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def stop(self) -> None:
        """End all processes at once, whatever they are at."""
        for process in list((self._processes or {}).values()):
            process.terminate()


class Hands:
    """A pool fed as many tasks as it can begin, so that the caller can take what still waits."""

    def __init__(self, pool: Executor, idle: float) -> None:
        self.pool = pool
        self._idle = idle
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

    def drop(self) -> None:
        """Let nothing more be begun, nor ended: the run has failed, or is wanted no more.

        A process may miss Ctrl-C in a compiled loop and would work on to the end of its task.
        """
        if isinstance(self.pool, Processes):
            self.pool.stop()
        self.dismiss()


def _heed() -> None:
    """Hear Ctrl-C from now on, in a process that has begun; what came before the caller heard."""
    if hasattr(signal, "pthread_sigmask"):
        with suppress(KeyboardInterrupt):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


class _Keeper:
    """Hands that are kept between uses, from their first."""

    def __init__(self, count: int, cluster: Hands | None = None) -> None:
        self.count = count
        self.hands = cluster
        self.elsewhere = cluster is not None


_KEPT: _Keeper | None = None


@contextmanager
def kept(count: int, ready: Callable[..., Any] | None = None, *arguments: Any) -> Iterator[None]:
    """Keep the processes of :func:`done_by` between uses: starting them can take seconds.

    What they have read of a study area stays as it was; change no table in between. Within
    :func:`cluster` its workers are kept already, and no process is started.

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
    if on_cluster():
        yield
        return
    before, _KEPT = _KEPT, _Keeper(count)
    mine = _KEPT
    try:
        if ready is not None and count > 1:
            mine.hands = _processes(count - 1)
            for _ in range(count - 1):
                mine.hands.pool.submit(ready, *arguments)
        yield
    except BaseException:
        if mine.hands is not None:
            mine.hands.drop()
        raise
    finally:
        _KEPT = before
        if mine.hands is not None:
            mine.hands.dismiss()


@contextmanager
def cluster(address: str) -> Iterator[None]:
    """Let the workers of a Dask cluster do all that :func:`done_by` is given; results are the same.

    Its scheduler has all tasks at once, so that workers may join or leave. The number of
    processes that a run is asked for then says only into how many pieces it is cut.

    Parameters
    ----------
    address : str
        Of its scheduler.

    Raises
    ------
    ProblemsError
        As :func:`model.cluster.connected`.

    Examples
    --------
    >>> from model import ensemble
    >>> with cluster("tcp://host:8786"):  # doctest: +SKIP
    ...     result = ensemble(["trend", "plan_realistic"], draws=2_000)
    """
    from model.cluster import connected

    global _KEPT
    with connected(address) as (pool, count):
        mine = Hands(pool, inf)
        before, _KEPT = _KEPT, _Keeper(count, mine)
        try:
            yield
        finally:
            _KEPT = before
            mine.dismiss()


def on_cluster() -> bool:
    """Whether work is done by a cluster now.

    Examples
    --------
    >>> on_cluster()
    False
    """
    return _KEPT is not None and _KEPT.elsewhere


def _processes(others: int) -> Hands:
    return Hands(Processes(others), others)


def done_by(
    work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], count: int
) -> Iterator[tuple[int, Any]]:
    """Position and result of each task, as they are done: here, and on a pool of processes.

    The pool begins at once, and takes tasks in their order; so does this process from when it is
    asked for a result. Within :func:`cluster` all tasks are done there.

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
    if count <= 1 and not on_cluster():
        return ((at, work(*task)) for at, task in enumerate(tasks))
    hands = None if _KEPT is None else _KEPT.hands
    if hands is None:
        hands = _processes((count if _KEPT is None else _KEPT.count) - 1)
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
        hands.drop()
        raise
    if _KEPT is None or hands is not _KEPT.hands:
        hands.pool.shutdown()
