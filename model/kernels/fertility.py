"""Fertility that rates imply for the women of groups of places, in a compiled loop.

The equation is that of :mod:`model.processes.fertility`; a test holds this loop against plain
numpy. Imported by what calls it, not at start-up.
"""

import numpy as np

from model.axes import FIRST_BIRTH, LAST_BIRTH
from model.kernels.compiled import njit


@njit(cache=True, error_model="numpy")
def imply(women, rates, groups, found):  # type: ignore[no-untyped-def]
    """Fill ``found`` (draw, group) with rates weighted by the education of women of each age.

    ``women`` (draw, place, education, age), ``rates`` (draw, education, age), ``groups`` (group,
    place); an age without women takes equal shares of all levels.
    """
    draws, places, levels, _ = women.shape
    ages = LAST_BIRTH + 1 - FIRST_BIRTH
    counted = np.empty((levels, ages))
    for d in range(draws):
        for g in range(len(groups)):
            counted[:] = 0.0
            for p in range(places):
                part = groups[g, p]
                if part != 0.0:
                    for e in range(levels):
                        row, into = women[d, p, e, FIRST_BIRTH : LAST_BIRTH + 1], counted[e]
                        for a in range(ages):
                            into[a] += row[a] * part
            whole = 0.0
            for a in range(ages):
                all_women, births, even = 0.0, 0.0, 0.0
                for e in range(levels):
                    rate = rates[d, e, FIRST_BIRTH + a]
                    all_women, births = all_women + counted[e, a], births + counted[e, a] * rate
                    even += rate / levels
                whole += births / all_women if all_women > 0.0 else even
            found[d, g] = whole
