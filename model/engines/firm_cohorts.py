"""The mean engine of firms: expected counts by cell, all draws at once."""

import numpy as np

from model.axes import Array, ratio
from model.engines.firm_cells import (
    census_cells,
    move_cells,
    renew_cells,
    statuses_of,
    tally_cells,
    with_room,
)
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    STAGES,
    Census,
    ExitTable,
    Renewal,
    RenewalTable,
    SiteTable,
    Tally,
)

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
        self._statuses = statuses_of(technology)
        self._counts, self._zones = with_room(counts), counts.shape[-1]
        self._scale = mean_sizes(counts, jobs)
        self._forget()

    def _forget(self) -> None:
        """Nothing is known of the firms but who they are."""
        self._last: Tallied = (None, None, None)
        self._census: Census | None = None
        # Movers, who leave their cells when firms are next looked at.
        self._moving: SiteTable | None = None

    def begin_year(self, year: int) -> None:
        """Expectations need no year."""

    def counts(self) -> Array:
        """Firms by cell; the array is the firms' own, not to be written to or kept."""
        if self._moving is not None:
            rate, share = self._movers()
            move_cells(self._counts, self._statuses, rate, share)
        return self._counts[..., : self._zones]

    def _movers(self) -> tuple[Array, Array]:
        """Rates at which firms leave for the pool of their sector, and what each zone takes."""
        if self._moving is None:
            return (np.zeros(self._scale.shape),) * 2
        table, self._moving = self._moving, None
        return ratio(table.leave, 1 - table.share), np.ascontiguousarray(table.share)

    def census(self) -> Census:
        """Firms as they stand."""
        if self._census is None:
            self._census = census_of(self.counts(), self._statuses, self._scale)
        return self._census

    def relocate(self, table: SiteTable) -> tuple[Array, Array]:
        """Movers leave by the table and spread over the other zones by their shares."""
        private = self.census().private
        self._forget()
        self._moving = table
        pool = private * ratio(table.leave, 1 - table.share)
        return private * table.leave, (pool.sum(axis=2, keepdims=True) - pool) * table.share

    def tally(self, table: ExitTable, mobility: Array) -> Tally:
        """Jobs that an exit table and size steps would move."""
        tally = tally_of(
            self._counts, self._statuses, self._scale, table, mobility, *self._movers()
        )
        self._last = (table, mobility, tally)
        return tally

    def renew(self, table: RenewalTable) -> Renewal:
        """Exit, closure, steps, change of status and entry, all at once."""
        exit, mobility, tally = self._last
        if tally is None or exit is not table.exit or mobility is not table.mobility:
            tally = self.tally(table.exit, table.mobility)
        flows = expected_flows(tally, table)
        counted = empty_census(self._scale)
        renew_cells(
            self._counts, self._statuses, table.exit.hazard, table.exit.factor,
            table.closing, table.mobility, table.up, table.down, table.change, table.entrants,
            table.entrant_size, table.entrant_state, self._scale, *counted,
        )  # fmt: skip
        self._forget()
        self._census = named(*counted)
        return flows

    def arrays(self) -> dict[str, Array]:
        """Firms by cell and mean sizes: what a checkpoint saves."""
        return {"counts": self.counts(), "scale": self._scale}

    def restore(self, arrays: dict[str, Array]) -> None:
        """Firms by cell and mean sizes, as saved."""
        self._counts, self._scale = with_room(arrays["counts"]), arrays["scale"].copy()
        self._forget()


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
    counts: Array, statuses: Array, scale: Array, table: ExitTable, mobility: Array,
    rate: Array, share: Array,
) -> Tally:  # fmt: skip
    """Tally of counts with room, once those have moved who do; see :class:`model.firms.Tally`.

    ``rate`` and ``share`` (draw, sector, zone) are those of :func:`move_cells`.
    """
    tallied = np.empty((6, *scale.shape))
    tally_cells(counts, statuses, rate, share, table.hazard, table.factor, mobility, scale, tallied)
    firms, quitting, jobs, leaving, rising, falling = tallied
    return Tally(firms, quitting, jobs, leaving, rising, falling, scale)


def empty_census(scale: Array) -> tuple[Array, Array, Array]:
    """Arrays that a census is written to: by cell, by size and by rung."""
    draws, _, zones = scale.shape
    cells = np.empty((4, *scale.shape))
    return cells, np.empty((draws, CLASSES, zones)), np.empty((draws, len(STAGES), zones))


def named(cells: Array, sizes: Array, rungs: Array) -> Census:
    """Census of the arrays that the kernels write."""
    firms, private, jobs, state_jobs = cells
    return Census(firms, private, jobs, state_jobs, sizes, rungs)


def census_of(counts: Array, statuses: Array, scale: Array) -> Census:
    """Census of counts, whoever holds them; see :class:`model.firms.Census`."""
    counted = empty_census(scale)
    census_cells(with_room(counts), statuses, scale, *counted)
    return named(*counted)
