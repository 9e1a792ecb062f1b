"""Tables laid out in the columns of a screen: what is too wide wraps, and nothing is cut.

Texts wrap first, then headings of numbers, then names (at spaces and underscores), then texts as
far as they can; numbers never do. A table that is still too wide is told row by row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from outputs.wrapping import BREAKS, columns, wrap, wrap_name

GAP = 2  # columns between two of a table
EASY, NARROWEST = 24, 14  # columns of a text that wraps: without need, and at least
LONGEST_PIECE = 24  # columns of a name that are kept together
INDENT = "    "

Kind = Literal["text", "name", "number"]


@dataclass(frozen=True)
class Cells:
    """Heading and cells of one column, as texts of one line or more."""

    heading: str
    cells: Sequence[str]
    kind: Kind

    def natural(self) -> int:
        """Columns at which nothing wraps."""
        return _widest((self.heading, *self.cells))

    def easy(self) -> int:
        """Columns to which the column shrinks first."""
        return min(self.natural(), EASY) if self.kind == "text" else self.natural()

    def kept_names(self) -> int:
        """Columns to which it shrinks before names wrap."""
        return self.least() if self.kind == "number" else self.easy()

    def kept_texts(self) -> int:
        """Columns to which it shrinks before texts become narrow."""
        return self.easy() if self.kind == "text" else self.least()

    def least(self) -> int:
        """Columns below which the column is not read with ease."""
        if self.kind == "text":
            return min(self.natural(), NARROWEST)
        if self.kind == "number":
            return max(_widest(self.cells), _piece(self.heading))
        return max(min(_piece(text), LONGEST_PIECE) for text in (self.heading, *self.cells))

    def lines(self, text: str, width: int) -> list[str]:
        """Lines of one cell, padded to the width of the column."""
        broken = wrap_name if self.kind == "name" else wrap
        found = []
        for line in text.split("\n"):
            lead = " " * (len(line) - len(line.lstrip()))
            fits = columns(line) <= width
            rest = f"{lead}  " if lead else ""
            found += [line] if fits else broken(line.strip(), width, lead, rest)
        return [_padded(line, width, self.kind == "number") for line in found or [""]]


def laid_out(table: Sequence[Cells], width: int) -> tuple[list[str], list[str]]:
    """Lines of the headings and of the rows of a table, each ``width`` columns or fewer.

    Without headings where the table is too wide for it, so that each row is told by itself.

    Examples
    --------
    >>> names = Cells("City", ["Shenyang", "Benxi 本溪"], "name")
    >>> table = [names, Cells("n", ["1", "-2"], "number")]
    >>> laid_out(table, 80)
    (['City         n'], ['Shenyang     1', 'Benxi 本溪  -2'])
    >>> laid_out(table, 10)[1]
    ['Shenyang', '    n: 1', 'Benxi 本溪', '    n: -2']
    """
    widths = shared(table, width)
    if sum(widths) + GAP * (len(table) - 1) > width:
        return [], _row_by_row(table, width)
    heading = _side_by_side(
        [one.lines(one.heading, size) for one, size in zip(table, widths, strict=True)], True
    )
    body = []
    for cells in zip(*(one.cells for one in table), strict=True):
        parts = [
            one.lines(cell, size) for one, cell, size in zip(table, cells, widths, strict=True)
        ]
        body += _side_by_side(parts, False)
    return heading, body


def shared(table: Sequence[Cells], width: int) -> list[int]:
    """Columns of each column of a table: as much as it needs, and the widest give way first."""
    widths = [one.natural() for one in table]
    steps = (Cells.easy, Cells.kept_names, Cells.kept_texts, Cells.least)
    for step in steps:
        floors = [step(one) for one in table]
        excess = sum(widths) + GAP * (len(table) - 1) - width
        while excess > 0:
            able = [at for at, floor in enumerate(floors) if widths[at] > floor]
            if not able:
                break
            widths[max(able, key=widths.__getitem__)] -= 1
            excess -= 1
    return widths


def _side_by_side(parts: list[list[str]], low: bool) -> list[str]:
    """Lines of cells beside each other, the shorter ones at the top or (``low``) at the bottom."""
    height = max(len(lines) for lines in parts)
    filled = []
    for lines in parts:
        blank = [" " * columns(lines[0])] * (height - len(lines))
        filled.append([*blank, *lines] if low else [*lines, *blank])
    return [(" " * GAP).join(line).rstrip() for line in zip(*filled, strict=True)]


def _row_by_row(table: Sequence[Cells], width: int) -> list[str]:
    """Each row as its first cell and, below it, what else there is with its heading."""
    found = []
    names = [" ".join(one.heading.split()) for one in table]
    for cells in zip(*(one.cells for one in table), strict=True):
        found += wrap(" ".join(cells[0].split()) or "-", width, "", INDENT)
        told = [
            f"{name}: {' '.join(cell.split())}" if name else cell
            for name, cell in zip(names[1:], cells[1:], strict=True)
            if cell
        ]
        found += wrap("; ".join(told), width, INDENT, INDENT)
    return found


def _padded(line: str, width: int, right: bool) -> str:
    blank = " " * (width - columns(line))
    return blank + line if right else line + blank


def _widest(texts: Sequence[str]) -> int:
    return max((columns(line) for text in texts for line in text.split("\n")), default=0)


def _piece(text: str) -> int:
    """Columns of the longest piece of a name that does not break."""
    found = 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip())
        words = BREAKS.sub(" ", line).split()
        found = max([found, *(lead + 2 * (at > 0) * (lead > 0) + columns(word)
                              for at, word in enumerate(words))])  # fmt: skip
    return found
