"""Effects of levers that saturate together, and what zones lose to others, draw by draw.

The equations are those of :mod:`model.processes.policy`; the tests hold these loops against them
in plain numpy. One draw touches only its own arrays, and a lever without effect in a draw adds
nothing there: a draw is the same beside whatever others, and beside levers that it does not have.
"""

import math

from model.kernels.compiled import njit


@njit(cache=True, error_model="numpy")
def combine(  # type: ignore[no-untyped-def]
    values, funded, first, row, part, here, there, group, ceiling, family, displaces, factor,
    total, taken,
):  # fmt: skip
    """Sums over groups of their saturated effects by kind of cell, and what of it displaces.

    ``values`` (lever, draw) are strengths, ``funded`` (lever, draw, city) what is paid for,
    ``factor`` (draw, family) [1] what ceilings are multiplied with; the rest as in
    :class:`model.lever_arrays.Reach`. ``total`` and ``taken`` (draw, kind) are
    filled.
    """
    for draw in range(len(total)):
        for kind in range(len(first) - 1):
            entry, end = first[kind], first[kind + 1]
            whole, moved = 0.0, 0.0
            while entry < end:
                start, summed = entry, 0.0
                while entry < end and group[entry] == group[start]:
                    lever = row[entry]
                    value = values[lever, draw]
                    if value != 0.0:
                        paid = funded[lever, draw]
                        summed += value * part[entry] * min(paid[here[entry]], paid[there[entry]])
                    entry += 1
                if summed != 0.0:
                    effect = saturated(summed, ceiling[start] * factor[draw, family[start]])
                    whole += effect
                    moved += effect * displaces[start]
            total[draw, kind], taken[draw, kind] = whole, moved


@njit(cache=True, error_model="numpy")
def saturated(total, ceiling):  # type: ignore[no-untyped-def]
    """Sum of effects with diminishing returns: never beyond the ceiling, sign kept.

    Both in the unit of the channel.

    Examples
    --------
    >>> [round(saturated(total, 0.5), 6) for total in (0.0, -100.0, 0.001)]
    [0.0, -0.5, 0.000999]
    """
    return math.copysign(ceiling * -math.expm1(-abs(total) / ceiling), total)


@njit(cache=True, error_model="numpy")
def displace(gain, output, near, share, lost):  # type: ignore[no-untyped-def]
    """Fill ``lost`` (draw, sector, zone), which begins as zero; the rest as in ``displaced``."""
    draws, sectors, zones = gain.shape
    for d in range(draws):
        for s in range(sectors):
            rival, loss = output[d, s], lost[d, s]
            for i in range(zones):
                if gain[d, s, i] == 0.0 or rival[i] == 0.0:
                    continue
                around = 0.0
                for j in range(zones):
                    if j != i:
                        around += rival[j] * near[d, i, j]
                if around > 0.0:
                    each = share[d] * gain[d, s, i] * rival[i] / around
                    for j in range(zones):
                        if j != i and rival[j] > 0.0:
                            loss[j] += each * near[d, i, j]
