"""Checks of the table of levers: what each must say, and whether it says one thing."""

from collections.abc import Iterator

import numpy as np

from model.area import Area
from model.catalogue import GOVERNANCE
from model.problems import Problem, nearest
from model.reading.tables import Row

DIRECTIONS = {1: "up", 0: "none", -1: "down"}


def lever_problems(area: Area) -> Iterator[Problem]:
    """Everything that does not hold together in the tables of levers and families."""
    label = area.label("levers")
    for row in area.tables["levers"]:
        for column, message in (*_years(row), *_effect(row), *_money(row), *_documents(row, area)):
            yield Problem(label, row.line, column, message)
    covered = {(row["family"], row["channel"]) for row in area.tables["families"]}
    for row in area.tables["levers"]:
        family, channel = row["family"], row["channel"]
        if channel and not {(family, channel), (family, None)} & covered:
            message = f"family {family} has no ceiling for channel {channel}"
            yield Problem(label, row.line, "channel", message)


def _years(row: Row) -> Iterator[tuple[str, str]]:
    if row["end"] is not None and row["start"] is not None and row["end"] < row["start"]:
        yield "end", "before the start"


def _effect(row: Row) -> Iterator[tuple[str, str]]:
    """A lever acts through one channel in the stated direction, or says why it cannot."""
    if row["represented"] is False:
        if not row["inert_reason"]:
            yield "inert_reason", "not represented, and no reason is given"
        if row["channel"] or row["prior"]:
            yield "channel", "not represented, so it can have neither channel nor prior"
        return
    for column in ("channel", "prior"):
        if row[column] is None:
            yield column, "the cell is empty, and the lever is not marked represented: no"
    if row["direction"] and row["prior"]:
        median = row["prior"].quantile(np.array([0.5]))[0]
        stated = DIRECTIONS[int(np.sign(median))]
        if stated != row["direction"]:
            yield "direction", f"{row['direction']}, but the median of the prior says {stated}"


def _money(row: Row) -> Iterator[tuple[str, str]]:
    """A lever costs something or is marked free."""
    if row["free"] is not None and row["free"] == (row["cost"] is not None):
        yield "cost", "a lever has a cost or is marked free, one of the two"
    if row["cost_prior"] is not None and row["cost"] is None:
        yield "cost", "a cost prior without a cost"


def _documents(row: Row, area: Area) -> Iterator[tuple[str, str]]:
    known = [one["document"] for one in area.tables["documents"]]
    for place in row["also"] or ():
        document = place.partition(" ")[0]
        if document not in known:
            yield "also", f"unknown document {document!r}{nearest(document, known)}"


def unread(channel: str) -> bool:
    """Whether no process of the schedule reads a channel.

    Examples
    --------
    >>> unread("amenity"), unread("realisation")
    (False, False)
    """
    from model.processes import SCHEDULE

    name = f"policy_{channel}"
    return channel not in GOVERNANCE and not any(
        name in (*process.reads, *process.remembers) for process in SCHEDULE
    )


def idle_reason(row: Row, base_year: int) -> str | None:
    """Why a lever of the table changes nothing in a run, or nothing where it does.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> rows = {row["lever"]: row for row in load_area("shenyang").tables["levers"]}
    >>> idle_reason(rows["talent_zone"], 2020) is None
    True
    >>> idle_reason(rows["shared_job_information_2016"], 2020)
    'over by 2018: the base year 2020 holds what it did'
    """
    if row["represented"] is False:
        return str(row["inert_reason"])
    if row["end"] <= base_year:
        return f"over by {row['end']}: the base year {base_year} holds what it did"
    if unread(row["channel"]):
        told = f"no process reads the channel {row['channel']}"
        return f"{told}: {row['inert_reason']}" if row["inert_reason"] else told
    return None
