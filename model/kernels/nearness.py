"""Exponentials of minutes, draw by draw. Imported by what calls it, not at start-up."""

from model.kernels.compiled import njit
from model.kernels.elementary import exponential
from model.kernels.vectors import wide


@njit(cache=True, error_model="numpy", fastmath={"contract"})
def fading(minutes, decay, near):  # type: ignore[no-untyped-def]
    """``near`` (draw, zone, to_zone) of ``minutes`` at a ``decay`` (draw,) a minute."""
    wide()
    for d in range(len(decay)):
        rate, row, into = -decay[d], minutes[d].reshape(-1), near[d].reshape(-1)
        for c in range(len(row)):
            into[c] = exponential(rate * row[c])
