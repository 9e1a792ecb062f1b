"""A toy of firms alone, whose jobs are to stay as they are: what tests of their patterns run."""

import numpy as np

from model.engines.firm_cohorts import FirmCohorts
from model.engines.firms import Establishments
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    ESTABLISHED,
    STATE,
    YOUNG,
    ExitTable,
    RenewalTable,
    SiteTable,
)
from model.methods.rounding import controlled_table
from model.processes.firm_dynamics import (
    class_counts,
    exit_hazards,
    mobilities,
    power_law,
    state_owned,
    steps_to,
    young_share,
)
from model.processes.ladder import LadderParams, status_changes

BASE_YEAR = 2020
ZONES = 3
TECHNOLOGY = np.array([False])
JOBS = np.full((1, 1, ZONES), 1_500_000.0)


def counts_of_base_year(p):
    """Firms (draw, sector, status, size_class, zone) that hold the jobs."""
    sizes = class_counts(JOBS, np.array([p.size_exponent]), np.array([p.least_size]))
    sizes = sizes.transpose(0, 1, 3, 2)
    counts = np.zeros((1, 1, 8, CLASSES, ZONES))
    counts[:, :, STATE] = sizes * state_owned(p)[:, None, :, None]
    counts[:, :, YOUNG] = (sizes - counts[:, :, STATE]) * young_share(p)[0]
    counts[:, :, ESTABLISHED] = sizes - counts[:, :, STATE] - counts[:, :, YOUNG]
    return counts


def live(firms, p, years, first=BASE_YEAR + 1):
    """Years of firms whose jobs are to stay as they are."""
    one = np.ones((1, 1, ZONES))
    share = one / ZONES
    sizes = power_law(np.array([p.entrant_exponent]), np.array([p.least_size]))
    mean, mobility = float((sizes * CLASS_MEANS).sum()), mobilities(p)
    change = status_changes(
        np.array([p.maturing]), np.array([p.ownership_reform]), np.zeros((1, ZONES)), LadderParams()
    )
    exits = ExitTable(exit_hazards(p), one)
    for year in range(first, first + years):
        firms.begin_year(year)
        firms.relocate(SiteTable(0.004 * one, share))
        tally = firms.tally(exits, mobility)
        entry = p.entry_rate * tally.firms.sum() * share * mean * tally.mean_size
        limit = 1 / mobility.max(axis=1)
        steps = steps_to(JOBS, tally, entry, np.array([p.fall]), limit)
        entrants = steps.entry / (mean * tally.mean_size)
        firms.renew(
            RenewalTable(
                exits, steps.closing, mobility, steps.up, steps.down, change, entrants, sizes,
                np.array([p.state_entry]),
            )
        )  # fmt: skip
    return firms


def cohorts(p):
    """Firms in expectation."""
    return FirmCohorts(counts_of_base_year(p), JOBS, TECHNOLOGY)


def establishments(p):
    """About three hundred thousand firms one by one."""
    table = counts_of_base_year(p)[0]
    luck = np.random.default_rng(2).random(table.size)
    counts = controlled_table(table.reshape(-1, ZONES), luck).reshape(table.shape)
    return Establishments(counts, JOBS[0], TECHNOLOGY, 7)
