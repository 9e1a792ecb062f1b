"""Printing: data on stdout as table, JSON or CSV; messages and progress on stderr."""

import csv
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any, Literal

from outputs.commands.layout import Cells, Kind, laid_out
from outputs.wrapping import columns as columns_of
from outputs.wrapping import fill, wrap

WIDTH = 100
SILENCE = 30  # seconds between lines of progress in a log
Form = Literal["text", "json", "csv"]
Rows = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Column:
    """One column of a printed table: the key of its rows, its heading and how a cell reads.

    ``name`` columns keep their width as long as there is room; the others share what is left.
    """

    key: str
    heading: str
    number: bool = False
    name: bool = False
    show: Callable[[Any], str] | None = None

    @property
    def kind(self) -> Kind:
        """How the column may wrap."""
        return "number" if self.number else "name" if self.name else "text"

    def cell(self, row: dict[str, Any]) -> str:
        """Text of this column in a row."""
        value = row.get(self.key)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return "-"
        return self.show(value) if self.show else plain(value)


def plain(value: Any) -> str:
    """Number with as many digits as a reader needs; anything else as it stands.

    Examples
    --------
    >>> plain(0.30000000000000004), plain(21223009.0), plain(("a", "b")), plain(True)
    ('0.3', '21,223,009', 'a, b', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value)


def form_of(as_json: bool, as_csv: bool) -> Form:
    """How data are to be printed."""
    return "json" if as_json else "csv" if as_csv else "text"


def width() -> int:
    """Columns to print in: those of the terminal, or a fixed number in a pipe."""
    if not sys.stdout.isatty():
        return WIDTH
    from shutil import get_terminal_size

    return max(60, min(get_terminal_size().columns, 140))


def say(text: str = "") -> None:
    """Message for the person at the keyboard, on stderr."""
    print(text, file=sys.stderr)


def heading(text: str) -> None:
    """Heading over a table."""
    for line in text.splitlines():
        for part in wrap(line, width()):
            bold(part)


def bold(line: str) -> None:
    """Line in bold on a terminal."""
    if not sys.stdout.isatty():
        print(line)
        return
    from rich.console import Console
    from rich.text import Text

    Console(file=sys.stdout, soft_wrap=True).print(Text(line, style="bold"))


def paragraphs(texts: Sequence[str], indent: str = "  ") -> None:
    """Texts wrapped to the width, each with a hanging indent."""
    for text in texts:
        print(fill(text, width(), indent, indent))


def labelled(label: str, text: str, indent: int, width_of_label: int) -> None:
    """A label and its text, wrapped beside it.

    Examples
    --------
    >>> labelled("cost", "free", 2, 6)
      cost  free
    """
    first = f"{' ' * indent}{label:<{width_of_label}}"
    print(fill(text, width(), first, " " * len(first)))


def table(columns: Sequence[Column], rows: Rows, title: str = "") -> None:
    """Table for reading, no wider than the terminal."""
    if title:
        heading(title)
    head, body = laid_out(
        [
            Cells(column.heading, [column.cell(row) for row in rows], column.kind)
            for column in columns
        ],
        width(),
    )
    for line in head:
        bold(line)
    if head:
        print("─" * max(columns_of(line) for line in (*head, *body)))
    for line in body:
        print(line)
    print()


def records(rows: Rows, title: str = "") -> None:
    """Rows with long texts: ``head`` on one line, the wrapped ``body`` below it."""
    if title:
        heading(title)
    for row in rows:
        print(fill(row["head"], width(), rest="    "))
        paragraphs([row["body"]], "    ")


def emit(form: Form, columns: Sequence[Column], rows: Rows, title: str = "") -> None:
    """Rows as a table, as JSON (all keys) or as CSV (all keys)."""
    if form == "json":
        print_json(rows)
    elif form == "csv":
        print_csv(rows)
    else:
        table(columns, rows, title)


def print_json(data: Any) -> None:
    """Data as JSON; a number that is not finite is ``null``."""
    print(json.dumps(clean(data), ensure_ascii=False, indent=1, allow_nan=False))


def print_csv(rows: Rows) -> None:
    """Rows as CSV with a header of all keys."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(keys)
    for row in rows:
        cells = [clean(row.get(key)) for key in keys]
        writer.writerow(["; ".join(map(str, c)) if isinstance(c, list) else c for c in cells])


def clean(value: Any) -> Any:
    """Plain data for JSON and CSV.

    Examples
    --------
    >>> clean({"a": float("nan"), "b": (1, 2)})
    {'a': None, 'b': [1, 2]}
    """
    if isinstance(value, dict):
        return {str(key): clean(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [clean(part) for part in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool | None) else str(value)


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Progress bar with the time left on a terminal; elsewhere a line each half minute."""
    if not sys.stderr.isatty():
        yield _lines(label)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    text = TextColumn("{task.description}")
    parts = (text, BarColumn(), TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(label: str) -> Callable[[int, int], None]:
    """Progress for a log: a line now and then, none of a run that is over before the first."""
    began = told = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal told
        now = monotonic()
        if now - told >= SILENCE and done < total:
            told = now
            left = (now - began) * (total - done) / done
            say(f"{label}: {100 * done / total:.0f} % after {now - began:.0f} s, {left:.0f} s left")

    return tell
