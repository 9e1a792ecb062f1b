"""What the start ``history`` rests on: a stated reason for every number that it reads.

No parameter may see the year it is scored on. A number is therefore one of three: dated no later
than the base year and measured by then; replaced in ``history_assumptions`` by what could be
thought then; or named in ``history_evidence`` with the last year of any observation in it and a
reason why that is no leak. The table is asked for all of them when the start is loaded, so that
a new parameter, or a new source of a table, is refused until somebody has said what it rests on.

Kinds of names: ``parameter`` (of a process, where not replaced), ``assumption`` (of today's, where
not replaced; ``kind.*`` for all of a kind), ``table`` (``<table>/<source>`` of its rows) and
``replacement`` (a source of ``history_assumptions``).
"""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from model.problems import Problem, nearest
from model.reading.tables import Row

DATED = {
    "measured": "observed no later than the start",
    "revised": "of a year no later than the start, its measure corrected in a later publication",
    "literature": "estimated on data no later than the start, whenever it was printed",
}
FREE = {
    "judgement": "no observation in it: a prior that could be held at the start",
    "convention": "law, standard, definition or unit in force at the start",
    "geometry": "where places are, how large, and what they are called",
}
LATER = {
    "structural": "a constant of structure estimated on later data of other places or of what is "
    "not scored",
    "boundary": "a boundary drawn later, laid over the counts of the start",
    "unused": "nothing of this start reads it: changing it changes no person (tested)",
    "unscored": "read, and moves no person of the year scored (tested)",
}
BASES = DATED | FREE | LATER
UNTABLED = ("sources", "assumptions", "history_assumptions", "history_evidence", "documents")


def evidence_problems(
    area: str, tables: dict[str, list[Row]], replaced: list[Row], base_year: int
) -> list[Problem]:
    """What a start reads without a stated reason, and reasons that do not hold.

    Parameters
    ----------
    area : str
        Name of its folder, for the messages.
    tables : dict
        Tables of the start.
    replaced : list of Row
        All rows of ``history_assumptions``.
    base_year : int [year]

    Returns
    -------
    list of Problem
    """
    label, rows = f"{area}/history_evidence.csv", tables["history_evidence"]
    wanted = set(things_read(tables, replaced))
    found = [p for row in rows for p in _wrong(row, label, base_year)]
    stated = {(row["kind"], row["name"]) for row in rows}
    patterns = [(row["kind"], row["name"]) for row in rows if "*" in (row["name"] or "")]
    for kind, name in sorted(wanted - stated):
        if not any(k == kind and fnmatchcase(name, pattern) for k, pattern in patterns):
            message = (
                "read by the start history, and nothing says that it holds no later observation: "
                "replace it in history_assumptions, or state its evidence here"
            )
            found.append(Problem(label, None, f"{kind} {name}", message))
    for row in rows:
        own = [name for kind, name in wanted if kind == row["kind"]]
        if not any(fnmatchcase(name, row["name"] or "") for name in own):
            message = f"nothing of this name is read{nearest(str(row['name']), own)}"
            found.append(Problem(label, row.line, f"{row['kind']} {row['name']}", message))
    return found


def things_read(tables: dict[str, list[Row]], replaced: list[Row]) -> Iterator[tuple[str, str]]:
    """Kind and name of everything that a start reads and that needs a reason."""
    from model.processes import PARAMETERS

    own = {row["id"] for row in replaced}
    for prefix, cls in PARAMETERS.items():
        names = [f"{prefix}.{name}" for name in cls.declarations()]
        yield from (("parameter", name) for name in names if name not in own)
    yield from (("assumption", r["id"]) for r in tables["assumptions"] if r["id"] not in own)
    yield from (("replacement", row["source"]) for row in replaced)
    for name, rows in tables.items():
        if name not in UNTABLED:
            yield from (("table", f"{name}/{row['source']}") for row in rows)


def _wrong(row: Row, label: str, base_year: int) -> Iterator[Problem]:
    basis, year, key = row["basis"], row["evidence"], f"{row['kind']} {row['name']}"
    if basis is None:
        return
    if basis not in BASES:
        yield Problem(label, row.line, "basis", f"unknown {basis!r}{nearest(basis, list(BASES))}")
    elif year is None and (basis in DATED or basis in {"structural", "boundary"}):
        message = f"a basis {basis!r} needs the last year of its observations (unit year)"
        yield Problem(label, row.line, key, message)
    elif year is not None and year > base_year and basis not in LATER:
        message = (
            f"observations of {year}, after the base year {base_year} (unit year), and the basis "
            f"is {basis!r}: {BASES[basis]}"
        )
        yield Problem(label, row.line, key, message)
