"""Goalposts and weights of the six-dimension index, read from their files."""

import math
from dataclasses import dataclass
from pathlib import Path

from model.catalogue import CATALOGUE
from model.problems import Problem, ProblemsError, nearest
from model.reading.csv_rows import csv_rows

DATA = Path(__file__).parent / "data"
GOALPOSTS, WEIGHTS = "index.csv", "index_weights.csv"
WAYS = ("ratio", "weighted", "sector", "scalar")
SCALES = ("linear", "log")
COLUMNS = (
    "dimension", "name_en", "name_zh", "named_by_plan", "component", "how", "top", "bottom",
    "parts", "factor", "unit", "low", "high", "scale", "source", "confidence",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Component:
    """One number of a dimension: how it is made of variables, and its goalposts.

    ``how`` is ``ratio`` (total over total), ``weighted`` (mean of ``top`` by ``bottom``),
    ``sector`` (``top`` of one sector) or ``scalar``; ``parts`` are the sectors, families of them,
    or rungs of technology firms (each with those above it) that ``top`` is summed over. A score
    runs from 0 at ``low`` to 1 at ``high``; where less is better, ``low`` is the larger number.
    """

    dimension: str
    name_en: str
    name_zh: str
    named_by_plan: bool
    component: str
    how: str
    top: str
    bottom: str
    parts: tuple[str, ...]
    factor: float
    unit: str
    low: float
    high: float
    scale: str

    @property
    def absent(self) -> tuple[str, ...]:
        """Variables that the model does not have (yet)."""
        return tuple(name for name in (self.top, self.bottom) if name and name not in CATALOGUE)


def load_index(
    goalposts: Path | None = None, weights: Path | None = None
) -> tuple[tuple[Component, ...], dict[str, float]]:
    """Components with their goalposts, and the weight of each dimension.

    Parameters
    ----------
    goalposts, weights : Path, optional
        By default the project's own files.

    Returns
    -------
    tuple of Component
    dict of float
        Weights [1] that sum to one.

    Raises
    ------
    ProblemsError
        Every missing column, bad cell and weight without a dimension, at once.

    Examples
    --------
    >>> components, weights = load_index()
    >>> sorted({c.dimension for c in components if c.named_by_plan})
    ['economy', 'industry']
    >>> round(sum(weights.values()), 9)
    1.0
    """
    problems: list[Problem] = []
    posts, file = goalposts or DATA / GOALPOSTS, weights or DATA / WEIGHTS
    rows = csv_rows(posts, posts.name, COLUMNS, problems)
    components = [_component(row, line, problems) for line, row in rows]
    known = list(dict.fromkeys(row["dimension"] for _, row in rows))
    weighed = {}
    for line, row in csv_rows(file, file.name, ("dimension", "weight"), problems):
        if row["dimension"] not in known:
            message = f"unknown {row['dimension']!r}{nearest(row['dimension'], known)}"
            problems.append(Problem(file.name, line, "dimension", message))
        weighed[row["dimension"]] = _number(row["weight"], file.name, line, "weight", problems)
    problems += [
        Problem(file.name, None, name, "has no weight") for name in known if name not in weighed
    ]
    total = sum(weighed.values())
    if not problems and not (min(weighed.values()) >= 0 and total > 0):
        problems.append(Problem(file.name, None, "weight", "weights are 0 or more, not all of 0"))
    if problems:
        raise ProblemsError(problems)
    kept = tuple(component for component in components if component is not None)
    return kept, {name: weighed[name] / total for name in known}


def _number(text: str, file: str, line: int, key: str, problems: list[Problem]) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        problems.append(Problem(file, line, key, f"cannot use {text!r} (a number)"))
    return value


def _component(row: dict[str, str], line: int, problems: list[Problem]) -> Component | None:
    before = len(problems)
    factor, low, high = (
        _number(row[key], GOALPOSTS, line, key, problems) for key in ("factor", "low", "high")
    )
    for key, valid in (("how", WAYS), ("scale", SCALES), ("named_by_plan", ("yes", "no"))):
        if row[key] not in valid:
            message = f"unknown {row[key]!r}{nearest(row[key], valid)}"
            problems.append(Problem(GOALPOSTS, line, key, message))
    if low == high:
        problems.append(Problem(GOALPOSTS, line, "high", f"the goalposts are both {low:g}"))
    if row["scale"] == "log" and min(low, high) <= 0:
        message = "goalposts on a log scale are above 0"
        problems.append(Problem(GOALPOSTS, line, "low", message))
    if row["how"] in {"ratio", "weighted"} and not row["bottom"]:
        problems.append(Problem(GOALPOSTS, line, "bottom", f"{row['how']} needs a second variable"))
    if len(problems) > before:
        return None
    parts = tuple(part for part in row["parts"].split(";") if part)
    texts = {k: row[k] for k in ("dimension", "name_en", "name_zh", "component", "how", "top",
                                 "bottom", "unit", "scale")}  # fmt: skip
    return Component(
        named_by_plan=row["named_by_plan"] == "yes", parts=parts, factor=factor, low=low,
        high=high, **texts,
    )  # fmt: skip
