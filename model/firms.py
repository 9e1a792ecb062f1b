"""What every body of firms can do: the verbs that processes call, and the tables they hand over.

A firm (an establishment) has a sector, a zone, a size class and a status. Size classes double:
class ``b`` holds ``2**b`` to ``2**(b + 1)`` employees. A status is one of the combinations of age
class, ownership and rung of the technology ladder that can occur: a firm younger than three
years, an established private firm, a state-owned one, or a private one on a rung. The mean
engine multiplies, the agent engine draws, and both agree in expectation.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from model.axes import Array

CLASSES = 15
STAGES = ("tech_sme", "high_tech", "young_eagle", "gazelle", "unicorn")
STATUSES = ("young", "established", "state", *STAGES)
YOUNG, ESTABLISHED, STATE, FIRST_RUNG = range(4)

# Employees of a class, on average. Doubling from class to class, so that a step up is a growth
# of one hundred percent and a step down one of minus fifty.
CLASS_MEANS = 1.5 * 2.0 ** np.arange(CLASSES)
# No firm leaves with a probability beyond this: an expected flow is bounded, never a count.
SUREST_EXIT = 0.9


@dataclass(frozen=True, slots=True)
class SiteTable:
    """Who moves house, and where to.

    ``leave`` (draw, sector, zone) [1] is the yearly probability that a private firm moves away;
    ``share`` (draw, sector, zone) [1] the shares of sites, from which a mover chooses among the
    zones that are not its own.
    """

    leave: Array
    share: Array


@dataclass(frozen=True, slots=True)
class ExitTable:
    """Who gives up: yearly probability ``min(hazard * factor, SUREST_EXIT)``.

    ``hazard`` (draw, status, size_class) [1], ``factor`` (draw, sector, zone) [1].
    """

    hazard: Array
    factor: Array


@dataclass(frozen=True, slots=True)
class Tally:
    """Firms and their jobs as a renewal would find them, each (draw, sector, zone).

    ``firms`` there are and ``quitting`` among them [establishments]; ``jobs`` there are,
    ``leaving`` with those that quit, ``rising`` to be gained if every survivor were to rise with
    its mobility as probability, ``falling`` to be lost likewise [persons]; ``mean_size`` [1] is
    what a job of the class means is worth in a cell.
    """

    firms: Array
    quitting: Array
    jobs: Array
    leaving: Array
    rising: Array
    falling: Array
    mean_size: Array


@dataclass(frozen=True, slots=True)
class RenewalTable:
    """A year in the life of firms, after relocation.

    ``exit``; ``closing`` (draw, sector, zone) [1] probability of closing beyond exit; ``mobility``
    (draw, size_class) [1], which ``up`` and ``down`` (draw, sector, zone) [1] multiply to give
    the probabilities of rising and falling one class; ``change`` (draw, status, zone) [1]
    probability of the next status; ``entrants`` (draw, sector, zone) [establishments] expected;
    ``entrant_size`` (draw, size_class) and ``entrant_state`` (draw,) [1] what they are like.
    """

    exit: ExitTable
    closing: Array
    mobility: Array
    up: Array
    down: Array
    change: Array
    entrants: Array
    entrant_size: Array
    entrant_state: Array


@dataclass(frozen=True, slots=True)
class Renewal:
    """What came of a renewal table, each (draw, sector, zone).

    ``entries`` and ``exits`` [establishments], ``created`` and ``destroyed`` [persons].
    """

    entries: Array
    exits: Array
    created: Array
    destroyed: Array


@dataclass(frozen=True, slots=True)
class Census:
    """Firms as they stand.

    ``firms`` and ``private`` ones among them [establishments], ``jobs`` in them and
    ``state_jobs`` in those of the state [persons], each (draw, sector, zone); ``sizes`` (draw,
    size_class, zone) and ``rungs`` (draw, stage, zone) [establishments], the latter on each rung
    and no higher.
    """

    firms: Array
    private: Array
    jobs: Array
    state_jobs: Array
    sizes: Array
    rungs: Array


class Firms(Protocol):
    """Establishments of the zones by sector, status and size class."""

    in_expectation: bool

    def begin_year(self, year: int) -> None:
        """Tell the firms which year it is."""

    def counts(self) -> Array:
        """(draw, sector, status, size_class, zone) [establishments]."""

    def census(self) -> Census:
        """Firms as they stand."""

    def relocate(self, table: SiteTable) -> tuple[Array, Array]:
        """Firms move; answers departures and arrivals (draw, sector, zone)."""

    def tally(self, table: ExitTable, mobility: Array) -> Tally:
        """Jobs that an exit table and size steps would move."""

    def renew(self, table: RenewalTable) -> Renewal:
        """Firms give up, close, rise or fall a class, change status, and enter."""

    def arrays(self) -> dict[str, Array]:
        """Everything the firms remember, by name: what a checkpoint saves."""

    def restore(self, arrays: dict[str, Array]) -> None:
        """Become what ``arrays`` says."""


def next_status(technology: Array) -> Array:
    """(sector, status) index of the status that follows; its own where none does.

    The young become established, state firms turn private, and in the sectors marked
    ``technology`` (sector,) established firms step on the ladder.

    Examples
    --------
    >>> next_status(np.array([True, False])).tolist()
    [[1, 3, 1, 4, 5, 6, 7, 7], [1, 1, 1, 3, 4, 5, 6, 7]]
    """
    usual = np.array([ESTABLISHED, ESTABLISHED, ESTABLISHED, 3, 4, 5, 6, 7])
    ladder = np.array([ESTABLISHED, FIRST_RUNG, ESTABLISHED, 4, 5, 6, 7, 7])
    return np.where(np.asarray(technology, dtype=bool)[:, None], ladder, usual)
