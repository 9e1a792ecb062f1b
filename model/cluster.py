"""Work done by the workers of a Dask cluster, with the same results as on this machine.

Dask carries tasks and results. What is seen to here is that every worker has the same code, tables
and libraries as the caller, and that it does one task at a time.
"""

import logging
import platform
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING, Any

from model.problems import Problem, ProblemsError, RunError

if TYPE_CHECKING:
    from distributed import Client

PATIENCE = 10  # seconds
INSTALL = 'pip install "shenyang-metro[cluster]", or the package distributed alone'
# The kernels and caches of the model are made for one thread.
ONE_AT_A_TIME = Lock()


class _Workers(Executor):
    """Dask's executor as the standard library's: checks on the worker, and cancels when told."""

    def __init__(self, client: "Client", made: dict[str, str]) -> None:
        self._executor = client.get_executor(pure=False)
        self._made = made

    def submit(self, work: Callable[..., Any], /, *task: Any, **named: Any) -> Future[Any]:
        found: Future[Any] = self._executor.submit(as_here, self._made, work, *task, **named)
        return found

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._executor.shutdown(wait=wait and not cancel_futures)


@contextmanager
def connected(address: str) -> Iterator[tuple[Executor, int]]:
    """Executor of a cluster, and the number of its workers now.

    Parameters
    ----------
    address : str
        Of its scheduler: ``tcp://host:8786``.

    Raises
    ------
    ProblemsError
        Dask is not installed, no scheduler answers, it has no worker, or a worker cannot import
        the model or has another version of it or of a library.
    RunError
        The scheduler was lost on the way.
    """
    client = _reached(address)
    # It would print where it was when its scheduler is lost, which is told below.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        made = made_with()
        count = _checked(client, address, made)
        yield _Workers(client, made), count
    except CancelledError:
        message = f"the scheduler at {address} was lost or gave the work up; see what it printed"
        raise RunError(message) from None
    finally:
        client.close()


def _reached(address: str) -> "Client":
    import warnings

    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
        from distributed.versions import VersionMismatchWarning
    except ModuleNotFoundError as error:
        raise _refused(f"{error.name} is not installed: {INSTALL}") from None
    try:
        get_address_host_port(address, strict=True)  # a client of what is none never ends
        with warnings.catch_warnings():
            # of packages that no result depends on; those that do are checked one by one
            warnings.simplefilter("ignore", VersionMismatchWarning)
            return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _refused(
            f"no Dask scheduler answered at {address!r} within {PATIENCE} s ({error}); start one "
            "with `dask scheduler`, which prints its address: tcp://host:8786"
        ) from None


def _checked(client: "Client", address: str, made: dict[str, str]) -> int:
    """Number of workers, once all of them are as the caller."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        message = f"no worker has joined {address}; start some with `dask worker {address}`"
        raise _refused(message) from None
    found = client.run(made_with, on_error="return")
    wrong: dict[str, list[str]] = {}
    for worker, there in found.items():
        for complaint in complaints(made, there):
            wrong.setdefault(complaint, []).append(worker)
    if wrong:
        raise _refused(*(f"{_named(some)} {complaint}" for complaint, some in wrong.items()))
    return len(found)


def complaints(made: dict[str, str], there: dict[str, str] | Exception) -> list[str]:
    """What is wrong with a worker, each with its remedy.

    Parameters
    ----------
    made : dict of str
        :func:`made_with` of the caller.
    there : dict of str or Exception
        The same of the worker, or how it failed.

    Examples
    --------
    >>> complaints({"numpy": "2.1"}, {"numpy": "2.0"})
    ['has numpy 2.0, here it is 2.1; install the same lock file on both']
    """
    if isinstance(there, Exception):
        return [
            f"cannot import the model ({type(there).__name__}: {there}); start it in the folder of "
            "the project, or with that folder on PYTHONPATH, at the same commit and with the "
            "packages of requirements.lock"
        ]
    remedy = {"model": "start it again from the same commit, with the same tables"}
    return [
        f"has {name} {there.get(name, 'absent')}, here it is {here}; "
        f"{remedy.get(name, 'install the same lock file on both')}"
        for name, here in made.items()
        if there.get(name) != here
    ]


@lru_cache(maxsize=1)
def made_with() -> dict[str, str]:
    """Versions that results depend on; found once, for code that changes later is not read again.

    Examples
    --------
    >>> list(made_with())
    ['model', 'python', 'numpy', 'scipy', 'numba']
    """
    import model
    from model.recorder import code_digest

    return {
        "model": f"{model.__version__} ({code_digest()})",
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: version(name) for name in ("numpy", "scipy", "numba")},
    }


def as_here(made: dict[str, str], work: Callable[..., Any], *task: Any, **named: Any) -> Any:
    """Do a task on a worker, which may have joined after the others were checked.

    Raises
    ------
    RunError
        The worker is not as the caller.
    """
    wrong = complaints(made, made_with())
    if wrong:
        raise RunError(f"the worker on {platform.node()} {'; '.join(wrong)}")
    with ONE_AT_A_TIME:
        return work(*task, **named)


def _named(workers: list[str]) -> str:
    more = f" and {len(workers) - 3} more" if len(workers) > 3 else ""
    return f"worker{'s' if len(workers) > 1 else ''} {', '.join(workers[:3])}{more}"


def _refused(*messages: str) -> ProblemsError:
    return ProblemsError([Problem("arguments", None, "scheduler", text) for text in messages])
