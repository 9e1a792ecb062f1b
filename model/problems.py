"""Everything a person can get wrong, reported all at once.

A loader collects :class:`Problem` rows while it reads and raises one
:class:`ProblemsError` at the end, so that a reader mends a file in one go.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import inf
from typing import Any, SupportsInt


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it stands, what is wrong, what would be right.

    Examples
    --------
    >>> str(Problem("a.yaml", 3, "run.end", "unknown year 20350"))
    'a.yaml:3: run.end: unknown year 20350'
    """

    file: str
    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.key, self.message) if part)


class ProblemsError(Exception):
    """A file, table or argument cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["ProblemsError"], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def together(*checks: Callable[[], Any]) -> list[Any]:
    """What each check answers; the problems of all that fail, as one error.

    Raises
    ------
    ProblemsError
        Every problem of every check.

    Examples
    --------
    >>> together(lambda: 1, lambda: 2)
    [1, 2]
    """
    answers: list[Any] = []
    problems: list[Problem] = []
    for check in checks:
        try:
            answers.append(check())
        except ProblemsError as error:
            problems += error.problems
    if problems:
        raise ProblemsError(dict.fromkeys(problems))
    return answers


class RunError(Exception):
    """A run failed on its way: an account that does not close, a solver that does not meet."""


class Unsolved(RunError):
    """What a solver that knows no names cannot solve: where, by position, and how far off it is.

    Who calls it and knows the names raises :meth:`named` in its place.

    Examples
    --------
    >>> str(Unsolved("margins differ", (0, 1), "by 3"))
    'margins differ: position (0, 1), by 3'
    """

    def __init__(self, what: str, where: Iterable[SupportsInt], how_far: str) -> None:
        self.what, self.how_far = what, how_far
        self.where = tuple(int(place) for place in where)
        super().__init__(what, self.where, how_far)

    def __str__(self) -> str:
        return f"{self.what}: position {self.where}, {self.how_far}"

    def named(self, year: int, *axes: Sequence[str]) -> RunError:
        """The same with the year, and names of the first axes in place of positions.

        Examples
        --------
        >>> str(Unsolved("margins differ", (0, 1), "by 3").named(2020, ["draw 4"], ["a1", "a2"]))
        'margins differ in 2020: draw 4, a2, by 3'
        """
        names = [axis[place] for axis, place in zip(axes, self.where, strict=False)]
        return RunError(f"{self.what} in {year}: {', '.join([*names, self.how_far])}")


def nearest(name: str, valid: Sequence[str], called: Mapping[str, str] | None = None) -> str:
    """Suggestion of the nearest valid names, as the end of a sentence.

    ``called`` holds what else the valid names are called: in Chinese, in full, by number.

    Examples
    --------
    >>> nearest("shenyag", ["shenyang", "anshan"])
    '; did you mean shenyang?'
    >>> nearest("x", ["shenyang", "anshan"])
    '; valid: anshan, shenyang'
    >>> nearest("沈阳", ["shenyang", "anshan"], {"沈阳市": "shenyang", "鞍山市": "anshan"})
    '; did you mean shenyang?'
    """
    close = get_close_matches(str(name), valid, n=3, cutoff=0.6) or _by_call(name, called or {})
    if close:
        return f"; did you mean {' or '.join(close)}?"
    listed = sorted(valid)
    tail = "" if len(listed) <= 12 else f", ... ({len(listed)} in all)"
    return f"; valid: {', '.join(listed[:12])}{tail}"


def _by_call(name: str, called: Mapping[str, str]) -> list[str]:
    """Valid names that go by another name near this one: the same, one in the other, or alike."""
    told = str(name).casefold()
    known = {call.casefold(): one for call, one in called.items()}
    if told in known:
        return [known[told]]
    held = [(call, one) for call, one in known.items() if told in call or call in told]
    within = [one for _, one in held] if len(told) > 1 else []
    alike = [known[call] for call in get_close_matches(told, list(known), n=3, cutoff=0.6)]
    return list(dict.fromkeys(within or alike))[:3]


def span(low: float, high: float, above: bool = False) -> str:
    """Bounds as text: a round bracket where the end itself is left out.

    Examples
    --------
    >>> span(0, 1), span(0, float("inf"), above=True)
    ('[0, 1]', '(0, inf)')
    """
    left = "(" if above or low == -inf else "["
    return f"{left}{low:g}, {high:g}{')' if high == inf else ']'}"


def plain_error(
    name: str, value: object, unit: str, low: float, high: float, above: bool = False
) -> str:
    """Sentence for a number out of its bounds, with the unit.

    Examples
    --------
    >>> plain_error("dose", 9, "1", 0, 3)
    'dose = 9 is outside [0, 3] (unit 1)'
    """
    return f"{name} = {value} is outside {span(low, high, above)} (unit {unit})"
