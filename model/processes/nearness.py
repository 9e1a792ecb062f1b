"""How much of what lies some minutes away counts here."""

import numpy as np

from model.axes import Array


def nearness(minutes: Array, decay: "Array | float") -> Array:
    r"""Weight of one zone in another, falling with the time between them: :math:`e^{-\nu\tau}`.

    Parameters
    ----------
    minutes : (draw, zone, to_zone) [minutes]
    decay : (draw,) [1/min]
        Or one for all draws.

    Returns
    -------
    (draw, zone, to_zone) [1]

    Notes
    -----
    Worked out in a compiled loop, within two units in the last place of numpy's exponential.

    Examples
    --------
    >>> nearness(np.array([[[0.0, 10.0]]]), np.array([0.1])).round(4).tolist()
    [[[1.0, 0.3679]]]
    """
    from model.kernels.nearness import fading

    minutes, near = np.ascontiguousarray(minutes, dtype=float), np.empty(np.shape(minutes))
    fading(minutes, np.array(np.broadcast_to(decay, len(minutes)), dtype=float), near)
    return near
