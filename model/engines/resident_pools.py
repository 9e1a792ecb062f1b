"""Compiled passes over the regions around a crowd: whole counts by cell, no one by name.

A region is too large for the luck of its people to matter; what matters is that a cell's number
depends on nothing but the cell. Each is an expectation, rounded down or up by the cell's luck.
"""

import numpy as np

from model.axes import LOCAL
from model.engines.luck import hashed_uniform, mixed
from model.engines.resident_kernels import pack
from model.engines.resident_moves import Movers
from model.kernels.compiled import njit


@njit(cache=True)
def whole_numbers(expected, key, salt, whole):  # type: ignore[no-untyped-def]
    """Expectations (n,) rounded by the luck of their cells."""
    for cell in range(len(expected)):
        luck = hashed_uniform(mixed(key[cell] ^ salt))
        whole[cell] = np.int64(np.floor(expected[cell] + luck))


@njit(cache=True)
def take_leavers(pools, leave, group, key, salt, leaving):  # type: ignore[no-untyped-def]
    """Those who leave the regions are taken off them; answers how many.

    ``pools`` and ``leaving`` (region, education, sex, age), ``leave`` (region, group, age),
    ``group`` (hukou, education, age): who leaves a region is registered there.
    """
    regions, levels, sexes, ages = pools.shape
    cell = 0
    for region in range(regions):
        for level in range(levels):
            for sex in range(sexes):
                for age in range(ages):
                    chance = leave[region, group[LOCAL, level, age], age]
                    luck = hashed_uniform(mixed(key[cell] ^ salt))
                    gone = np.int64(np.floor(pools[region, level, sex, age] * chance + luck))
                    leaving[region, level, sex, age] = gone
                    pools[region, level, sex, age] -= gone
                    cell += 1
    return leaving.sum()


@njit(cache=True)
def movers_of(leaving, total, zones, salt):  # type: ignore[no-untyped-def]
    """Movers, one entry each, of counts (region, education, sex, age); the keys are new."""
    regions, levels, sexes, ages = leaving.shape
    zone, key = np.empty(total, np.int64), np.empty(total, np.uint64)
    trait, years = np.empty((2, total), np.uint8)
    cell, n = 0, 0
    for region in range(regions):
        for level in range(levels):
            for sex in range(sexes):
                for age in range(ages):
                    for one in range(leaving[region, level, sex, age]):
                        who = (np.uint64(cell) << np.uint64(40)) | np.uint64(one)
                        zone[n], key[n] = zones + region, mixed(mixed(who ^ salt))
                        trait[n], years[n] = pack(LOCAL, level, sex), age
                        n += 1
                    cell += 1
    return Movers(zone, trait, years, key)
