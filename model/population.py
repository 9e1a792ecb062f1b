"""What every population can do: the verbs that processes call.

A process hands over tables of probabilities; the mean engine multiplies, the agent engine
draws. Both answer with counts of persons, and both agree in expectation. A person has a place,
a sex, a single year of age, a level of education, and a hukou class (registered in the city of
residence, elsewhere in the province, in another province).
"""

from dataclasses import dataclass
from typing import Protocol

from model.axes import Array


@dataclass(frozen=True, slots=True)
class Deaths:
    """Who died, all [persons]: ``by_hukou`` (draw, hukou, zone), ``by_age`` (draw, zone, sex, age).

    Ages are those before the year.
    """

    by_hukou: Array
    by_age: Array


@dataclass(frozen=True, slots=True)
class Births:
    """Who was born, all [persons], by class and by age of the mother.

    ``by_hukou`` (draw, hukou, place), ``by_age`` (draw, place, age).
    """

    by_hukou: Array
    by_age: Array


@dataclass(frozen=True, slots=True)
class MoveTable:
    """Who leaves, where to, and as what they arrive.

    ``group`` (hukou, education, age) [1] is the group by which a person of a cell chooses;
    ``leave`` (draw, place, group, age) [1] the yearly probability of moving away;
    ``destination`` (draw, group, place, place) [1] the shares of movers by origin (rows sum to
    one, no diagonal); ``home`` (draw, hukou, seat, place) [1] the probability that a mover from
    a place of a ``seat`` (place,) arrives where the household is registered; ``becomes`` (hukou,
    place, place) [1] the hukou class of those who do not.
    """

    group: Array
    leave: Array
    destination: Array
    home: Array
    seat: Array
    becomes: Array


@dataclass(frozen=True, slots=True)
class Moves:
    """What came of a move table, all [persons].

    ``flows`` (draw, hukou, place, place) by the hukou class before the move; ``homecoming``, of
    the same shape, those of them who arrived where their household is registered; ``arrivals``
    and ``departures`` (draw, zone, sex, age), or of no zone where they are not told by age.
    """

    flows: Array
    homecoming: Array
    arrivals: Array
    departures: Array


@dataclass(frozen=True, slots=True)
class WorkTable:
    """Who works, and where.

    ``odds`` (draw, education, sex, age) [1] of offering work, times the constant of a zone,
    ``shift`` (draw, zone) [logit], by which ``labour_force`` (draw, zone) [persons] is expected to
    offer it; ``workplace`` (draw, zone, to_zone) [1] the probability for a member of the labour
    force to hold a job there (rows sum to less than one: the rest are unemployed), ``sector``
    (draw, to_zone, sector) [1] shares of jobs, and ``mode`` (draw, mode, zone, to_zone) [1] the
    means by which those who work there get there.
    """

    odds: Array
    shift: Array
    labour_force: Array
    workplace: Array
    sector: Array
    mode: Array


@dataclass(frozen=True, slots=True)
class Work:
    """What came of a work table: all [persons].

    ``labour_force`` (draw, zone), ``commuters`` (draw, zone, to_zone), ``jobs`` (draw, sector,
    to_zone), ``by_mode`` (draw, mode, zone, to_zone), or none where modes have the shares of the
    table exactly.
    """

    labour_force: Array
    commuters: Array
    jobs: Array
    by_mode: Array | None


class Population(Protocol):
    """People of zones and of external regions, by hukou, education, sex and age.

    Without ``by_age`` movers need not be told by age: what nobody keeps need not be counted.
    """

    by_age: bool

    def begin_year(self, year: int) -> None:
        """Chance of the coming verbs is that of a year."""

    def counts(self) -> Array:
        """(draw, place, hukou, education, sex, age) [persons]."""

    def schooled(self) -> Array:
        """(draw, place, education, sex, age) [persons]."""

    def classed(self) -> Array:
        """(draw, place, hukou, sex, age) [persons]."""

    def of_cells(self, cells: Array) -> Array:
        """(draw, place, cell) [persons] of cells (cell, n) that begin with class, level and age."""

    def registered(self) -> Array:
        """(draw, place, hukou) [persons]."""

    def die(self, surviving: Array) -> Deaths:
        """Some die; survivors are a year older.

        ``surviving`` (draw, place, sex, age) [1].
        """

    def learn(self, entering: Array) -> None:
        """People go up one level of education; ``entering`` (draw, education, sex, age) [1]."""

    def register(self, chance: Array) -> Array:
        """People become local; answers how many, (draw, zone, hukou).

        ``chance`` (draw, zone, hukou) [1]; that of locals is not used.
        """

    def bear(self, level: Array, rates: Array, name: str) -> Births:
        """Women bear children, who wait until they join.

        ``level`` (draw, place) [1] times ``rates`` (draw, education, age) [1] are expected of a
        woman.
        """

    def settle_newborns(self, boys: Array, surviving: Array) -> Array:
        """Waiting newborns join at age 0 in their mothers' class; deaths among them.

        ``boys`` (draw,) [1], ``surviving`` (draw, sex) [1]; answers (draw, zone, hukou).
        """

    def relocate(self, table: MoveTable) -> Moves:
        """People move; answers who moved where."""

    def work(self, table: WorkTable) -> Work:
        """People take up work; answers who works where."""

    def arrays(self) -> dict[str, Array]:
        """Everything the population remembers, by name: what a checkpoint saves."""

    def restore(self, arrays: dict[str, Array]) -> None:
        """Become what ``arrays`` says."""
