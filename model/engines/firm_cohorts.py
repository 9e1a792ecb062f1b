"""The mean engine of firms: expected counts by cell, all draws at once."""

import numpy as np

from model.axes import Array
from model.engines.firm_cells import (
    census_cells,
    move_cells,
    renew_cells,
    statuses_of,
    tally_cells,
)
from model.firms import (
    CLASS_MEANS,
    STAGES,
    Census,
    ExitTable,
    Renewal,
    RenewalTable,
    SiteTable,
    Tally,
    next_status,
)
from model.world import ratio

# The last tally and what it was made with, so that a renewal need not repeat it.
Tallied = tuple[ExitTable | None, Array | None, Tally | None]


class FirmCohorts:
    """Expected counts ``(draw, sector, status, size_class, zone)``; verbs multiply.

    Parameters
    ----------
    counts : (draw, sector, status, size_class, zone) [establishments]
    jobs : (draw, sector, zone) [persons]
        That the firms of each cell hold in the base year. They set the mean size of the cell:
        its jobs over those of the class means, one where there is no firm.
    technology : (sector,) [1]
        Whether the firms of a sector can stand on the technology ladder.

    Examples
    --------
    >>> counts = np.zeros((1, 1, 8, 15, 2)); counts[:, :, 1, 3] = 10.0
    >>> firms = FirmCohorts(counts, np.full((1, 1, 2), 126.0), np.array([False]))
    >>> firms.census().firms.tolist(), firms.census().jobs.tolist()
    ([[[10.0, 10.0]]], [[[126.0, 126.0]]])
    >>> leave, share = np.array([[[0.1, 0.0]]]), np.array([[[0.5, 0.5]]])
    >>> gone, come = firms.relocate(SiteTable(leave, share))
    >>> gone.tolist(), come.tolist()
    ([[[1.0, 0.0]]], [[[0.0, 1.0]]])
    """

    in_expectation = True

    def __init__(self, counts: Array, jobs: Array, technology: Array) -> None:
        self._counts = np.array(counts, dtype=float)
        self._statuses = statuses_of(technology)
        self._following = next_status(technology)
        self._scale = mean_sizes(self._counts, jobs)
        self._last: Tallied = (None, None, None)

    def begin_year(self, year: int) -> None:
        """Expectations need no year."""

    def counts(self) -> Array:
        """Firms by cell; the array is the firms' own, not to be written to or kept."""
        return self._counts

    def census(self) -> Census:
        """Firms as they stand."""
        return census_of(self._counts, self._statuses, self._scale)

    def relocate(self, table: SiteTable) -> tuple[Array, Array]:
        """Movers leave by the table and spread over the other zones by their shares."""
        self._last = (None, None, None)
        gone, come = (np.empty(self._scale.shape) for _ in range(2))
        move_cells(self._counts, self._statuses, table.leave, table.share, gone, come)
        return gone, come

    def tally(self, table: ExitTable, mobility: Array) -> Tally:
        """Jobs that an exit table and size steps would move."""
        tally = tally_of(self._counts, self._statuses, self._scale, table, mobility)
        self._last = (table, mobility, tally)
        return tally

    def renew(self, table: RenewalTable) -> Renewal:
        """Exit, closure, steps, change of status and entry, all at once."""
        exit, mobility, tally = self._last
        if tally is None or exit is not table.exit or mobility is not table.mobility:
            tally = self.tally(table.exit, table.mobility)
        flows = expected_flows(tally, table)
        renew_cells(
            self._counts, self._statuses, self._following, table.exit.hazard, table.exit.factor,
            table.closing, table.mobility, table.up, table.down, table.change, table.entrants,
            table.entrant_size, table.entrant_state,
        )  # fmt: skip
        self._last = (None, None, None)
        return flows

    def arrays(self) -> dict[str, Array]:
        """Firms by cell and mean sizes: what a checkpoint saves."""
        return {"counts": self._counts, "scale": self._scale}

    def restore(self, arrays: dict[str, Array]) -> None:
        """Firms by cell and mean sizes, as saved."""
        self._counts, self._scale = arrays["counts"].copy(), arrays["scale"].copy()
        self._last = (None, None, None)


def expected_flows(tally: Tally, table: RenewalTable) -> Renewal:
    """Firms and jobs that come and go, from the tally of the same exits and mobility.

    Examples
    --------
    >>> one, size = np.ones((1, 1, 1)), np.eye(15)[None, 3]
    >>> tally = Tally(10 * one, one, 120 * one, 12 * one, 108 * one, 54 * one, one)
    >>> exits = ExitTable(np.zeros((1, 8, 15)), one)
    >>> table = RenewalTable(exits, 0 * one, size, 0.1 * one, 0.1 * one, one, 2 * one, size, one)
    >>> flows = expected_flows(tally, table)
    >>> [round(float(flow[0, 0, 0]), 6) for flow in (flows.exits, flows.created, flows.destroyed)]
    [1.0, 34.8, 17.4]
    """
    open_ = 1 - table.closing
    coming = table.entrants * (table.entrant_size * CLASS_MEANS).sum(axis=1)[:, None, None]
    staying = tally.jobs - tally.leaving
    return Renewal(
        entries=table.entrants,
        exits=tally.quitting + table.closing * (tally.firms - tally.quitting),
        created=coming * tally.mean_size + open_ * table.up * tally.rising,
        destroyed=tally.leaving + table.closing * staying + open_ * table.down * tally.falling,
    )


def mean_sizes(counts: Array, jobs: Array) -> Array:
    """Jobs of each cell over those of the class means, (draw, sector, zone) [1].

    Examples
    --------
    >>> counts = np.zeros((1, 1, 8, 15, 1)); counts[:, :, 1, 0] = 4.0
    >>> mean_sizes(counts, np.full((1, 1, 1), 3.0)).tolist()
    [[[0.5]]]
    """
    return ratio(jobs, (counts.sum(axis=2) * CLASS_MEANS[:, None]).sum(axis=2), 1.0)


def tally_of(
    counts: Array, statuses: Array, scale: Array, table: ExitTable, mobility: Array
) -> Tally:
    """Tally of counts, whoever holds them; see :class:`model.firms.Tally`."""
    tallied = np.empty((6, *scale.shape))
    tally_cells(counts, statuses, table.hazard, table.factor, mobility, scale, tallied)
    firms, quitting, jobs, leaving, rising, falling = tallied
    return Tally(firms, quitting, jobs, leaving, rising, falling, scale)


def census_of(counts: Array, statuses: Array, scale: Array) -> Census:
    """Census of counts, whoever holds them; see :class:`model.firms.Census`."""
    draws, _, zones = scale.shape
    firms, jobs, owned = (np.empty(scale.shape) for _ in range(3))
    sizes, rungs = np.empty((draws, counts.shape[3], zones)), np.empty((draws, len(STAGES), zones))
    census_cells(counts, statuses, scale, firms, jobs, owned, sizes, rungs)
    return Census(firms, jobs, owned, sizes, rungs)
