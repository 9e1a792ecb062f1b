"""Flow tables: who goes from where to where, and what it costs; checked whole before use.

A long table has one row for each pair of places that was observed, zero flows included: a pair
that is not listed is not part of the fit. A matrix gives all pairs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from model.axes import Array
from model.problems import Problem, ProblemsError, nearest

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20


@dataclass(frozen=True)
class FlowTable:
    """Flows between places, one cell for each observed pair.

    Attributes
    ----------
    origins, destinations : tuple of str
        Names of places, sorted.
    origin, destination : (cell,) int
        Places in these.
    flow : (cell,) [any]
    cost : (cell,) [any]
    origin_masses, destination_masses : dict of (cell,) [any]
        By name; push of the origin and pull of the destination.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    origin: Array
    destination: Array
    flow: Array
    cost: Array
    origin_masses: Mapping[str, Array] = field(default_factory=dict)
    destination_masses: Mapping[str, Array] = field(default_factory=dict)

    @property
    def intrazonal(self) -> Array:
        """Cells that stay at home, (cell,)."""
        starts, ends = np.array(self.origins), np.array(self.destinations)
        return starts[self.origin] == ends[self.destination]

    def only(self, used: Array) -> "FlowTable":
        """Table of the chosen cells, without places that have none.

        Examples
        --------
        >>> table = flows_of_matrix([[5, 1], [2, 7]], [[1, 4], [4, 1]], origins=["a", "b"])
        >>> table.only(~table.intrazonal).flow.tolist()
        [1.0, 2.0]
        """
        origins, origin = np.unique(np.array(self.origins)[self.origin[used]], return_inverse=True)
        destinations, destination = np.unique(
            np.array(self.destinations)[self.destination[used]], return_inverse=True
        )
        return FlowTable(
            tuple(origins.tolist()),
            tuple(destinations.tolist()),
            origin,
            destination,
            self.flow[used],
            self.cost[used],
            {name: mass[used] for name, mass in self.origin_masses.items()},
            {name: mass[used] for name, mass in self.destination_masses.items()},
        )


def read_flows(
    path: str | Path,
    *,
    origin: str = "origin",
    destination: str = "destination",
    flow: str = "flow",
    cost: str = "cost",
    origin_masses: Sequence[str] = (),
    destination_masses: Sequence[str] = (),
) -> FlowTable:
    """Flow table of a CSV file.

    Parameters
    ----------
    path : str or Path
    origin, destination, flow, cost : str
        Names of columns.
    origin_masses, destination_masses : sequence of str
        Names of columns.

    Returns
    -------
    FlowTable

    Raises
    ------
    ProblemsError
        A file that cannot be read, and everything :func:`flows_of_frame` refuses.
    """
    import pandas as pd

    file = Path(path)
    try:
        # Text, so that a zone called NA or 007 keeps its name.
        frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        message = "the file is missing" if isinstance(error, FileNotFoundError) else str(error)
        raise ProblemsError([Problem(file.name, None, "", message.strip())]) from None
    return flows_of_frame(
        frame,
        origin=origin,
        destination=destination,
        flow=flow,
        cost=cost,
        origin_masses=origin_masses,
        destination_masses=destination_masses,
        file=file.name,
    )


def flows_of_frame(
    frame: "pd.DataFrame | Mapping[str, npt.ArrayLike]",
    *,
    origin: str = "origin",
    destination: str = "destination",
    flow: str = "flow",
    cost: str = "cost",
    origin_masses: Sequence[str] = (),
    destination_masses: Sequence[str] = (),
    file: str = "flows",
) -> FlowTable:
    """Flow table of a long pandas table, or of columns as arrays.

    Parameters
    ----------
    frame : DataFrame or mapping of (cell,) arrays
        A row for each observed pair.
    origin, destination, flow, cost : str
        Names of columns.
    origin_masses, destination_masses : sequence of str
        Names of columns.
    file : str
        For the report; a row's line is counted as in a file with a header.

    Returns
    -------
    FlowTable

    Raises
    ------
    ProblemsError
        Every missing column, missing name, repeated pair, and negative, missing or infinite
        number.

    Examples
    --------
    >>> rows = {"origin": ["a", "a"], "destination": ["b", "b"], "flow": [-1, 2], "cost": [3, ""]}
    >>> flows_of_frame(rows)
    Traceback (most recent call last):
    model.problems.ProblemsError: flows:2: flow: -1 is negative
    flows:3: cost: missing
    flows:3: origin, destination: a to b stands in line 2 already
    """
    import pandas as pd

    frame = pd.DataFrame(frame)
    wanted = dict.fromkeys([origin, destination, flow, cost, *origin_masses, *destination_masses])
    have = [str(name) for name in frame.columns]
    missing = [name for name in wanted if name not in have]
    problems = [
        Problem(file, 1, name, "this column is missing" + nearest(name, have)) for name in missing
    ]
    problems += [
        Problem(file, 1, name, "this column stands twice")
        for name in wanted
        if have.count(name) > 1
    ]
    if not problems and frame.empty:
        problems.append(Problem(file, None, "", "the table has no rows"))
    if problems:
        raise ProblemsError(problems)
    starts = _names(frame, origin, file, problems)
    ends = _names(frame, destination, file, problems)
    numbers = {
        name: _numbers(frame, name, file, problems)
        for name in wanted
        if name not in (origin, destination)
    }
    problems += _repeated(starts, ends, f"{origin}, {destination}", file)
    if problems:
        raise ProblemsError(problems)
    origins, start = np.unique(starts, return_inverse=True)
    destinations, end = np.unique(ends, return_inverse=True)
    return FlowTable(
        tuple(origins.tolist()),
        tuple(destinations.tolist()),
        start,
        end,
        numbers[flow],
        numbers[cost],
        {name: numbers[name] for name in origin_masses},
        {name: numbers[name] for name in destination_masses},
    )


def flows_of_matrix(
    flow: npt.ArrayLike,
    cost: npt.ArrayLike,
    *,
    origins: Sequence[str] | None = None,
    destinations: Sequence[str] | None = None,
    origin_masses: Mapping[str, npt.ArrayLike] | None = None,
    destination_masses: Mapping[str, npt.ArrayLike] | None = None,
) -> FlowTable:
    """Flow table of two matrices.

    Parameters
    ----------
    flow, cost : (origin, destination) [any]
    origins, destinations : sequence of str, optional
        Names; numbers from 0 otherwise. Destinations are named as origins where a square matrix
        names only these.
    origin_masses : mapping of (origin,) [any], optional
    destination_masses : mapping of (destination,) [any], optional

    Returns
    -------
    FlowTable

    Raises
    ------
    ProblemsError
        Shapes that do not fit, and what :func:`flows_of_frame` refuses.

    Examples
    --------
    >>> flows_of_matrix([[5, 1], [2, 7]], [[1, 4], [4, 1]]).cost.tolist()
    [1.0, 4.0, 4.0, 1.0]
    """
    table, costs = np.asarray(flow, dtype=float), np.asarray(cost, dtype=float)
    pushes = {name: np.asarray(mass, float) for name, mass in (origin_masses or {}).items()}
    pulls = {name: np.asarray(mass, float) for name, mass in (destination_masses or {}).items()}
    width = [*table.shape, 0, 0][:2]
    square = width[0] == width[1]
    starts = _labels(origins, width[0])
    ends = starts if destinations is None and square else _labels(destinations, width[1])
    sizes = [("cost", costs.shape, table.shape)]
    sizes += [("origins", (len(starts),), (width[0],)), ("destinations", (len(ends),), (width[1],))]
    sizes += [(name, mass.shape, (width[0],)) for name, mass in pushes.items()]
    sizes += [(name, mass.shape, (width[1],)) for name, mass in pulls.items()]
    wrong = [
        Problem("flows", None, name, f"shape {found}, {need} is needed")
        for name, found, need in sizes
        if found != need
    ]
    wrong += [
        Problem("flows", None, name, "names a mass of origins and one of destinations")
        for name in pushes.keys() & pulls.keys()
    ]
    if table.ndim != 2:
        wrong.insert(0, Problem("flows", None, "flow", f"shape {table.shape} is not a matrix"))
    if wrong:
        raise ProblemsError(wrong)
    start, end = (place.ravel() for place in np.indices(table.shape))
    frame = {
        "origin": np.array(starts)[start],
        "destination": np.array(ends)[end],
        "flow": table.ravel(),
        "cost": costs.ravel(),
        **{name: mass[start] for name, mass in pushes.items()},
        **{name: mass[end] for name, mass in pulls.items()},
    }
    return flows_of_frame(frame, origin_masses=list(pushes), destination_masses=list(pulls))


def _labels(names: Sequence[str] | None, count: int) -> list[str]:
    """Names of places, or numbers with leading zeros so that they sort as they stand."""
    if names is not None:
        return [str(name) for name in names]
    return [str(place).zfill(len(str(count - 1))) for place in range(count)]


def _names(frame: "pd.DataFrame", column: str, file: str, problems: list[Problem]) -> Array:
    missing = frame[column].isna().to_numpy()
    names = frame[column].astype(str).str.strip().to_numpy(dtype=str)
    _tell(problems, file, column, missing | (names == ""), lambda place: "missing")
    return names


def _numbers(frame: "pd.DataFrame", column: str, file: str, problems: list[Problem]) -> Array:
    import pandas as pd

    raw = frame[column]
    blank = raw.isna().to_numpy()
    if not pd.api.types.is_numeric_dtype(raw):
        blank = blank | (raw.astype(str).str.strip() == "").to_numpy()
    numbers = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    odd = ~np.isfinite(numbers) & ~blank
    # A value is told as it stands in the table.
    _tell(problems, file, column, blank, lambda place: "missing")
    _tell(problems, file, column, odd, lambda place: f"{raw.iloc[place]} is not a finite number")
    _tell(problems, file, column, numbers < 0, lambda place: f"{raw.iloc[place]} is negative")
    return numbers


def _repeated(starts: Array, ends: Array, key: str, file: str) -> list[Problem]:
    import pandas as pd

    pairs = pd.DataFrame({"start": starts, "end": ends})
    problems: list[Problem] = []
    again = pairs.duplicated().to_numpy()
    line_of: dict[tuple[str, str], int] = {}
    for place in np.flatnonzero(pairs.duplicated(keep=False).to_numpy()):
        line_of.setdefault((starts[place], ends[place]), int(place) + 2)

    def tell(place: int) -> str:
        line = line_of[starts[place], ends[place]]
        return f"{starts[place]} to {ends[place]} stands in line {line} already"

    _tell(problems, file, key, again, tell)
    return problems


def _tell(
    problems: list[Problem], file: str, key: str, wrong: Array, message: Callable[[int], str]
) -> None:
    """Append a problem for each wrong row, the first few, then their number."""
    places = np.flatnonzero(wrong)
    problems += [Problem(file, int(at) + 2, key, message(int(at))) for at in places[:SHOWN]]
    if len(places) > SHOWN:
        rest = len(places) - SHOWN
        problems.append(Problem(file, None, key, f"and {rest} more rows like the last one"))
