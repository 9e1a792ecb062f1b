"""Firms of the base year: a table by sector, status, size class and zone that holds its jobs.

No count of firms by county and size is published: sizes follow a power law scaled to the jobs of
each cell, state ownership rises with size, a share is young, and technology firms stand on the
rungs that the plans print, or on assumed ones.
"""

import numpy as np

from model.area import Area
from model.axes import Array, lift, ratio, total
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    ESTABLISHED,
    FIRST_RUNG,
    STAGES,
    STATE,
    STATUSES,
    YOUNG,
)
from model.methods.rounding import controlled_table
from model.processes.firm_dynamics import FirmParams, class_counts, state_owned, young_share
from model.processes.ladder import LadderParams, put_on_ladder, rungs_of
from model.streams import uniforms


def base_firms(
    area: Area, jobs: Array, counted: Array, p: FirmParams, ladder: LadderParams
) -> Array:
    """Expected firms of the base year; class means times counts are the jobs of each cell.

    Parameters
    ----------
    area : Area
    jobs : (draw, sector, zone) [persons]
    counted : (draw, city) [1]
        Technology firms of a city over its count in the table.
    p : FirmParams
    ladder : LadderParams

    Returns
    -------
    (draw, sector, status, size_class, zone) [establishments]
    """
    sizes = class_counts(jobs, np.asarray(p.size_exponent), np.asarray(p.least_size))
    sizes = sizes.transpose(0, 1, 3, 2)
    counts = np.zeros((*sizes.shape[:2], len(STATUSES), *sizes.shape[2:]))
    counts[:, :, STATE] = sizes * state_owned(p)[:, None, :, None]
    private = sizes - counts[:, :, STATE]
    counts[:, :, YOUNG] = private * lift(young_share(p), 3)
    established = private - counts[:, :, YOUNG]
    technology = area.technology
    printed, tech_firms = printed_rungs(area), technology_counts(area, jobs, counted, ladder)
    placed = put_on_ladder(
        established,
        rungs_of(printed, tech_firms, ladder),
        technology,
        np.asarray(ladder.ladder_ceiling),
    )
    counts[:, :, FIRST_RUNG:] = placed
    counts[:, :, ESTABLISHED] = established - placed.sum(axis=2)
    return counts


def printed_rungs(area: Area) -> Array:
    """(stage, zone) [establishments] counts that a document prints for a zone; else NaN."""
    found = np.full((len(STAGES), len(area.zones)), np.nan)
    for row in area.tables["technology_firms"]:
        if row["place"] in area.zones:
            found[STAGES.index(row["stage"]), area.zones.index(row["place"])] = row["firms"]
    return found


def technology_counts(area: Area, jobs: Array, counted: Array, p: LadderParams) -> Array:
    """Technology firms of every zone, on the first rung or above.

    A zone has its printed count; a city's printed count, less that of its zones, is spread over
    its other zones as technology jobs are; elsewhere technology jobs carry fewer firms.

    Parameters
    ----------
    area : Area
    jobs : (draw, sector, zone) [persons]
    counted : (draw, city) [1]
        Technology firms of a city over its count in the table.
    p : LadderParams

    Returns
    -------
    (draw, zone) [establishments]
    """
    tech_jobs = (jobs * area.technology[:, None]).sum(axis=1)
    zone_counts = printed_rungs(area)[0]
    named = np.isfinite(zone_counts)
    result = np.where(named, np.nan_to_num(zone_counts), 0.0) * np.ones(tech_jobs.shape)
    cities = np.full(len(area.cities), np.nan)
    for row in area.tables["technology_firms"]:
        if row["place"] in area.cities and row["stage"] == STAGES[0]:
            cities[area.cities.index(row["place"])] = row["firms"]
    left = np.nan_to_num(cities) * counted - total(result, area.in_city)
    spread = tech_jobs * ~named
    weight = total(spread, area.in_city)
    rate = ratio(np.maximum(left, 0.0), weight)
    printed = np.isfinite(cities)
    usual = ratio((rate * weight * printed).sum(axis=1), (weight * printed).sum(axis=1))
    elsewhere = usual[:, None] * lift(p.recognised_elsewhere, 1)
    rate = np.where(printed, rate, elsewhere)
    return result + spread * rate[:, area.city_of_zone]


def whole_firms(counts: Array, jobs: Array, seed: int) -> Array:
    """Whole firms from expected ones, sector by sector, by controlled rounding.

    Which cells are rounded up is a matter of luck, in proportion to their fractions: rounding the
    largest up would leave out the few large firms of every small cell.

    Parameters
    ----------
    counts : (sector, status, size_class, zone) [establishments]
    jobs : (sector, zone) [persons]
        A cell with jobs keeps at least one firm, as large as its jobs allow.
    seed : int

    Returns
    -------
    (sector, status, size_class, zone) [establishments]
        Integers.
    """
    zones = counts.shape[-1]
    cells = np.arange(counts[0].size, dtype=np.uint64)
    whole = np.zeros(counts.shape, dtype=np.int64)
    for k, sector in enumerate(counts):
        luck = uniforms(seed, "firms/rounding", cells, 0, k)
        whole[k] = controlled_table(sector.reshape(-1, zones), luck).reshape(sector.shape)
    for sector, zone in np.argwhere((jobs > 0) & (whole.sum(axis=(1, 2)) == 0)):
        size = np.searchsorted(CLASS_MEANS, jobs[sector, zone], side="right") - 1
        whole[sector, ESTABLISHED, np.clip(size, 0, CLASSES - 1), zone] = 1
    return whole
