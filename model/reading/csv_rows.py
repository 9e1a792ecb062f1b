"""Rows of a CSV file with their lines, or everything that is wrong with the file as a whole."""

import csv
from collections.abc import Sequence
from pathlib import Path

from model.problems import Problem, nearest
from model.reading.plain_signs import not_utf8

LARGEST = 20_000_000  # bytes


def csv_rows(
    path: Path, label: str, columns: Sequence[str], problems: list[Problem],
    spare: Sequence[str] = (),
) -> list[tuple[int, dict[str, str]]]:  # fmt: skip
    """Line and cells of each row of a CSV file; faults are appended to ``problems``.

    Parameters
    ----------
    path : Path
    label : str
        Name of the file in messages.
    columns : sequence of str
        That it must have.
    problems : list of Problem
        A file that is missing, too large, no text or empty; columns that are missing or unknown;
        rows with too many or too few cells.
    spare : sequence of str
        Columns that it may have besides.

    Returns
    -------
    list of tuple
        Number of the line, and stripped text by column; rows that cannot be read are left out.

    Examples
    --------
    >>> faults = []
    >>> csv_rows(Path("nowhere.csv"), "nowhere.csv", ["city"], faults)
    []
    >>> str(faults[0])
    'nowhere.csv: the table is missing'
    """
    text, (line, fault) = _text(path)
    if fault:
        problems.append(Problem(label, line, "", fault))
        return []
    reader = csv.reader(text.splitlines())
    header = next(reader)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        problems.append(Problem(label, 1, "", "columns must be parted by commas: save it as CSV"))
        return []
    known = (*columns, *spare)
    wrong = [(name, "this column is missing") for name in columns if name not in header]
    wrong += [
        (name, "unknown column" + nearest(name, known)) for name in header if name not in known
    ]
    problems += [Problem(label, 1, name, message) for name, message in wrong]
    if wrong:
        return []
    rows, before = [], len(problems)
    for cells in reader:
        if len(cells) == len(header):
            texts = dict(zip(header, map(str.strip, cells), strict=True))
            rows.append((reader.line_num, texts))
        elif cells:
            message = "the row has too many or too few cells"
            problems.append(Problem(label, reader.line_num, "", message))
    if not rows and len(problems) == before:
        problems.append(Problem(label, None, "", "the table has no rows"))
    return rows


def _text(path: Path) -> tuple[str, tuple[int | None, str]]:
    """Text of a file; the line and kind of what is wrong with it."""
    if not path.is_file():
        return "", (None, "the table is missing")
    if path.stat().st_size > LARGEST:
        return "", (None, f"larger than {LARGEST:,} bytes")
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", not_utf8(raw, error)
    return text, (None, "" if text.strip() else "the file is empty")
