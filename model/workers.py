"""Work shared among processes; results do not depend on how many there are."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any


def workers_for(tasks: int, workers: int | None) -> int:
    """Processes worth having for a number of tasks: as asked, else one for each core.

    Examples
    --------
    >>> workers_for(3, 8), workers_for(0, 8), workers_for(5, 1)
    (3, 1, 1)
    """
    return max(min(workers or os.cpu_count() or 1, tasks), 1)


# The pool that is kept between uses; None where none is to be kept.
_KEPT: ProcessPoolExecutor | None = None


@contextmanager
def kept(count: int, ready: Callable[..., Any] | None = None, *arguments: Any) -> Iterator[None]:
    """Keep the processes of :func:`done_by` between uses: starting them takes seconds.

    What they have read of a study area stays as it was; change no table in between.

    Parameters
    ----------
    count : int
        Processes of every use that does not work here alone.
    ready : callable, optional
        What each of them does first, from now on: while the caller is still busy with what its
        tasks will be. Without it they start with the first task.
    arguments
        Of ``ready``.

    Examples
    --------
    >>> with kept(2):
    ...     found = list(done_by(max, [(1, 2), (4, 3)], 1))
    """
    global _KEPT
    before, _KEPT = _KEPT, _new_pool(count)
    try:
        if ready is not None and count > 1:
            for _ in range(count):
                _KEPT.submit(ready, *arguments)
        yield
    finally:
        pool, _KEPT = _KEPT, before
        pool.shutdown(wait=False, cancel_futures=True)


def done_by(
    work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], count: int
) -> Iterator[tuple[int, Any]]:
    """Position and result of each task, as they are done: here, or on a pool of processes.

    A pool begins at once, and takes tasks in their order; here each waits to be asked for.

    Parameters
    ----------
    work : callable
        A function of a module, that other processes can find.
    tasks : sequence of tuple
        Its arguments, task by task.
    count : int
        Processes; with one, the work is done here and in order.

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
    pool = _new_pool(count) if _KEPT is None else _KEPT
    futures = {pool.submit(work, *task): at for at, task in enumerate(tasks)}
    return _collected(pool, futures)


def _collected(
    pool: ProcessPoolExecutor, futures: dict[Future[Any], int]
) -> Iterator[tuple[int, Any]]:
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    if pool is not _KEPT:
        pool.shutdown()


def _new_pool(count: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))
