"""Reading a study area: its folder of tables, checked whole before anything is used."""

from functools import lru_cache
from pathlib import Path

from model.area import Area
from model.area_history import STARTS, between, history_of, newest, split_address
from model.checks.area import area_problems, settings_of
from model.checks.history_evidence import evidence_problems
from model.problems import Problem, ProblemsError, nearest
from model.reading.tables import TABLES, read_table

DATA = Path(__file__).parent / "data"


def area_folder(area: str | Path) -> Path:
    """Folder of an area given by name or by path.

    Raises
    ------
    ProblemsError
        No such area; the message names those there are.
    """
    folder = Path(area)
    if len(folder.parts) == 1 and (DATA / folder).is_dir():
        return DATA / folder
    if folder.is_dir():
        return folder
    known = sorted(path.name for path in DATA.iterdir() if (path / "area.yaml").is_file())
    raise ProblemsError([Problem(str(area), None, "area", "not found" + nearest(str(area), known))])


def load_area(area: str | Path = "shenyang", start: str | None = None) -> Area:
    """Study area read from its folder, checked whole before anything is used.

    Read once in each process, and again when a file of it has changed; not to be written to.

    Parameters
    ----------
    area : str or Path
        Name of a folder in ``model/data`` or path of one elsewhere; ``@history`` after it is
        the start.
    start : str, optional
        ``production``, the base year of the area, or ``history``, an earlier one that knows
        nothing later: rows dated after it are not in the tables.

    Returns
    -------
    Area

    Raises
    ------
    ProblemsError
        Every missing table, column, cell, unit, unknown name and broken sum, at once.

    Examples
    --------
    >>> len(load_area("shenyang").zones), load_area("shenyang", start="history").base_year
    (55, 2010)
    """
    place, named = split_address(str(area))
    start = start or named
    if start not in STARTS:
        message = f"unknown {start!r}{nearest(start, STARTS)}"
        raise ProblemsError([Problem(str(area), None, "start", message)])
    folder = area_folder(place)
    found = sorted((file.name, file.stat()) for file in folder.iterdir())
    files = tuple((name, one.st_mtime_ns, one.st_size) for name, one in found)
    return _read(folder, folder.resolve(), files, start)


@lru_cache(maxsize=4)
def _read(folder: Path, place: Path, files: tuple[tuple[str, int, int], ...], start: str) -> Area:
    """Area of a folder that stands in a ``place`` and whose ``files`` are of a time and size."""
    problems: list[Problem] = []
    settings = settings_of(folder, problems)
    tables = {name: read_table(folder, name, problems) for name in TABLES}
    if start == "history" and "history" not in settings and not problems:
        message = "missing: this area has no start before its base year"
        problems.append(Problem(f"{folder.name}/area.yaml", None, "history", message))
    if problems:
        raise ProblemsError(problems)
    replaced = tables["history_assumptions"]
    if start == "history":
        tables, settings = history_of(tables, settings)
    tables = newest(tables)
    if start == "history":
        problems += evidence_problems(folder.name, tables, replaced, settings["base_year"])
    loaded = Area(folder.name, folder, settings, between(tables, settings), start)
    problems += area_problems(loaded)
    if problems:
        raise ProblemsError(problems)
    return loaded
