"""What every population can do: the verbs that processes call.

A process hands over tables of probabilities; the mean engine multiplies, the agent engine
draws. Both answer with counts of persons, and both agree in expectation.
"""

from dataclasses import dataclass
from typing import Protocol

from model.axes import Array


@dataclass(frozen=True, slots=True)
class MoveTable:
    """Who leaves, and where to.

    ``leave`` (draw, place, age) [1] is the yearly probability of moving away, ``destination``
    (draw, place, place) [1] the shares of movers by origin; rows sum to one, no diagonal.
    """

    leave: Array
    destination: Array


@dataclass(frozen=True, slots=True)
class WorkTable:
    """Who works, and where.

    ``participation`` (draw, zone, sex, age) [1], ``workplace`` (draw, zone, to_zone) [1] the
    probability for a member of the labour force to hold a job there (rows sum to less than
    one: the rest are unemployed), ``sector`` (draw, to_zone, sector) [1] shares of jobs, and
    ``mode`` (draw, zone, to_zone, mode) [1] the means by which those who work there get there.
    """

    participation: Array
    workplace: Array
    sector: Array
    mode: Array


@dataclass(frozen=True, slots=True)
class Work:
    """What came of a work table: all [persons].

    ``labour_force`` (draw, zone), ``commuters`` (draw, zone, to_zone), ``jobs`` (draw, sector,
    to_zone), ``by_mode`` (draw, zone, to_zone, mode).
    """

    labour_force: Array
    commuters: Array
    jobs: Array
    by_mode: Array


class Population(Protocol):
    """People of zones and of external regions, by sex and single year of age."""

    def counts(self) -> Array:
        """(draw, place, sex, age) [persons]."""

    def die(self, surviving: Array) -> Array:
        """Deaths by zone; survivors are a year older. ``surviving`` (draw, place, sex, age)."""

    def bear(self, rates: Array, name: str) -> Array:
        """Births by place (draw, place); ``rates`` (draw, place, age) [1/yr]. Children wait."""

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Waiting newborns join at age 0; answers the deaths among them by zone."""

    def relocate(self, table: MoveTable) -> Array:
        """People move; answers the flows (draw, place, place)."""

    def work(self, table: WorkTable) -> Work:
        """People take up work; answers who works where."""

    def begin_year(self, year: int) -> None:
        """Tell the population which year it is."""
