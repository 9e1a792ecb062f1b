"""What is known of commuting from outside: moments of times, and relative flows between cities."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError, nearest
from model.reading.csv_rows import csv_rows

DATA = Path(__file__).parent / "data"
MOMENTS = ("mean_commute", "commutes_within_45")
MARKS = ("year", "unit", "source", "confidence")


@dataclass(frozen=True)
class Moments:
    """Moments of commuting times of the core city: ``value`` and ``sd``, in order of MOMENTS."""

    value: Array
    sd: Array


@dataclass(frozen=True)
class CityFlows:
    """Index of flows between pairs of published cities; indices into the statistics regions."""

    origin: Array
    destination: Array
    index: Array


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def load_moments(path: Path = DATA / "commute_moments.csv") -> Moments:
    """Moments of commuting times, proxies of the size class of the core city.

    Raises
    ------
    ProblemsError
        A missing moment, or a value or standard deviation that is not a positive number.

    Examples
    --------
    >>> load_moments().value.tolist()
    [37.0, 0.76]
    """
    problems: list[Problem] = []
    found = {}
    for line, row in csv_rows(path, path.name, ("moment", "value", "sd"), problems, MARKS):
        if row["moment"] not in MOMENTS:
            message = f"unknown moment{nearest(row['moment'], MOMENTS)}"
            problems.append(Problem(path.name, line, row["moment"], message))
            continue
        values = [_number(row[name]) for name in ("value", "sd")]
        for name, value in zip(("value", "sd"), values, strict=True):
            if value is None or value <= 0:
                problems.append(Problem(path.name, line, name, "not a positive number"))
        found[row["moment"]] = values
    if found:
        missing = [name for name in MOMENTS if name not in found]
        problems += [Problem(path.name, None, name, "missing") for name in missing]
    if problems:
        raise ProblemsError(problems)
    table = np.array([found[name] for name in MOMENTS], dtype=float)
    return Moments(table[:, 0], table[:, 1])


def load_city_flows(area: Area, path: Path = DATA / "city_flows.csv") -> CityFlows:
    """Index of flows between the published cities of an area.

    Raises
    ------
    ProblemsError
        Unknown cities, a city paired with itself, a pair twice, an index that is negative or no
        number, or nothing but zeros; all at once.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> len(load_city_flows(load_area()).index)
    42
    """
    regions, _ = area.statistics
    problems: list[Problem] = []
    seen: dict[tuple[str, str], float] = {}
    for line, row in csv_rows(path, path.name, ("origin", "destination", "index"), problems, MARKS):
        pair = (row["origin"], row["destination"])
        for side, name in zip(("origin", "destination"), pair, strict=True):
            if name not in regions:
                message = f"unknown city {name!r}{nearest(name, regions)}"
                problems.append(Problem(path.name, line, side, message))
        if pair[0] == pair[1]:
            problems.append(Problem(path.name, line, "destination", "a city paired with itself"))
        if pair in seen:
            problems.append(Problem(path.name, line, "origin", "the pair stands twice"))
        value = _number(row["index"])
        if value is None or value < 0:
            message = f"{row['index']!r} is not a number of zero or more"
            problems.append(Problem(path.name, line, "index", message))
        seen[pair] = value or 0.0
    if seen and not any(seen.values()):
        problems.append(Problem(path.name, None, "index", "all flows are zero"))
    if problems:
        raise ProblemsError(problems)
    pairs = np.array([[regions.index(a), regions.index(b)] for a, b in seen])
    return CityFlows(pairs[:, 0], pairs[:, 1], np.array(list(seen.values())))
