"""Work shared among processes; results do not depend on how many there are."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
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


# Pools that are kept between uses, by their number of processes; None where none is to be kept.
_KEPT: dict[int, ProcessPoolExecutor] | None = None


@contextmanager
def kept() -> Iterator[None]:
    """Keep the processes of :func:`done_by` between uses: starting them takes seconds.

    What they have read of a study area stays as it was; change no table in between.

    Examples
    --------
    >>> with kept():
    ...     found = list(done_by(max, [(1, 2), (4, 3)], 1))
    """
    global _KEPT
    before, _KEPT = _KEPT, {}
    try:
        yield
    finally:
        pools, _KEPT = _KEPT, before
        for pool in pools.values():
            pool.shutdown(cancel_futures=True)


def done_by(
    work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], count: int
) -> Iterator[tuple[int, Any]]:
    """Position and result of each task, as they are done: here, or on a pool of processes.

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
        for at, task in enumerate(tasks):
            yield at, work(*task)
        return
    with _pool(count) as pool:
        futures = {pool.submit(work, *task): at for at, task in enumerate(tasks)}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _pool(count: int) -> Any:
    """Pool as a context, which ends with it unless it is kept."""
    if _KEPT is None:
        return ProcessPoolExecutor(count, mp_context=get_context("spawn"))
    if count not in _KEPT:
        _KEPT[count] = ProcessPoolExecutor(count, mp_context=get_context("spawn"))
    return nullcontext(_KEPT[count])
