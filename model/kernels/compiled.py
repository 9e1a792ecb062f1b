"""How the model's loops are compiled: to the same machine code, whoever asks first.

Left to itself numba makes the code of a function depend on the history of the process and of its
cache, in two ways, and sums then differ in their last bit:

* What a function does not say of ``fastmath``, ``error_model`` and ``forceinline`` it has from
  whichever caller is compiled first, and keeps for all others. Here it says it always.
* A function that is called, and not compiled into its caller, is there twice: once by itself and
  once in the caller's module, where it has been optimised again. A process that has just compiled
  calls the one, a process that reads the cache the other. They may differ where numbers may be
  summed in another order or rounded once less: so what is called and has ``fastmath``, itself or in
  what it calls, has ``forceinline`` or ``inline="always"`` as well.

All let go of the interpreter while they run: other threads of the process, of agents or of those
who wait for results of workers, need not wait for them.

``tests/contract/test_compiled.py`` holds both against the source, and
``tests/science/test_compiled_or_cached.py`` against processes with and without a cache.
"""

from collections.abc import Callable
from typing import Any

import numba


def njit(
    *, fastmath: bool | set[str] = False, error_model: str = "python", forceinline: bool = False,
    **options: Any,
) -> Callable[..., Any]:  # fmt: skip
    """Decorator of numba, with nothing left to be inherited from a caller.

    Parameters
    ----------
    fastmath : bool or set of str
        Liberties with arithmetic.
    error_model : str
        ``python`` raises on division by zero, ``numpy`` gives infinity or no number.
    forceinline : bool
        Whether it is compiled into whatever calls it.
    options
        Others of ``numba.njit``.

    Returns
    -------
    callable

    Examples
    --------
    >>> @njit()
    ... def half(x):
    ...     return x / 2.0
    >>> half(3.0), half.targetoptions["fastmath"]
    (1.5, False)
    """
    compiled: Any = numba.njit  # whose types ask for the options one by one
    found: Callable[..., Any] = compiled(
        fastmath=fastmath, error_model=error_model, forceinline=forceinline, nogil=True, **options
    )
    return found
