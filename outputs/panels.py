"""What figures share: a grid of panels, their quiet look, one legend under all, a PNG of it."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from outputs.files import write_whole
from outputs.labels import chinese_font

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ACROSS = 4
RESOLUTION = 150
WIDE = "\u1100-\u115f\u2e80-\uffdc"
CHINESE = re.compile(f"[{WIDE}](?:[{WIDE} ]*[{WIDE}])?")


def panels(
    count: int, shared: Literal["x", "y"], size: tuple[float, float], least: float, head: float
) -> "tuple[Figure, list[Axes]]":
    """Figure with a panel for each of several things, row by row.

    Parameters
    ----------
    count : int
        Panels; at most four stand in a row.
    shared : str
        The axis that all have in common, ``x`` or ``y``.
    size : tuple of float [inch]
        Width and height of a panel.
    least : float [inch]
        Least width of the figure.
    head : float [inch]
        Height left for the title and the legend.

    Returns
    -------
    matplotlib.figure.Figure
        Not known to pyplot.
    list of matplotlib.axes.Axes
        As many as asked for.

    Examples
    --------
    >>> drawn, axes = panels(5, "x", (3.0, 2.0), 7.0, 1.0)
    >>> len(axes), drawn.get_size_inches().tolist()
    (5, [12.0, 5.0])
    """
    from matplotlib.figure import Figure

    across = min(ACROSS, count)
    down = math.ceil(count / across)
    inches = (max(size[0] * across, least), size[1] * down + head)
    drawn = Figure(figsize=inches, layout="constrained")
    grid = drawn.subplots(
        down, across, sharex=shared == "x", sharey=shared == "y", squeeze=False
    ).flatten()
    for axes in grid[count:]:
        axes.set_visible(False)
    return drawn, list(grid[:count])


def make_quiet(axes: "Axes", open_sides: Sequence[str] = ("top", "right")) -> None:
    """A pale grid below what is drawn, and no line on the open sides."""
    axes.grid(color="0.9", lw=0.6)
    axes.set_axisbelow(True)
    axes.spines[list(open_sides)].set_visible(False)


def entries_of(grid: Iterable["Axes"]) -> dict[str, "Artist"]:
    """Entries of the legends of several panels by label, each once."""
    found: dict[str, Artist] = {}
    for axes in grid:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    return found


def add_legend(drawn: "Figure", entries: Mapping[str, "Artist"], columns: int) -> None:
    """One legend under all panels."""
    placed: dict[str, Any] = {"loc": "outside lower center", "frameon": False}
    drawn.legend(list(entries.values()), list(entries), ncols=columns, **placed)


def make_legible(drawn: "Figure") -> None:
    """Give texts with Chinese in them, such as names of files, a font that has it.

    Where no such font is installed each Chinese name becomes a number, which the log explains.
    """
    from matplotlib.text import Text

    font = chinese_font()
    numbers: dict[str, str] = {}
    for text in drawn.findobj(Text):
        assert isinstance(text, Text)
        said = text.get_text()
        if not CHINESE.search(said):
            continue
        if font:
            text.set_fontfamily([font, "DejaVu Sans"])
            continue
        for name in CHINESE.findall(said):
            numbers.setdefault(name, f"({len(numbers) + 1})")
        text.set_text(CHINESE.sub(lambda found: numbers[found[0]], said))
    if numbers:
        _tell_once("; ".join(f"{number} {name}" for name, number in numbers.items()))


@cache
def _tell_once(names: str) -> None:
    getLogger(__name__).warning(
        "No font with Chinese is installed; figures number names: %s", names
    )


def save_png(drawn: "Figure", path: Path) -> Path:
    """PNG of a figure, written whole; one there is replaced.

    Raises
    ------
    ProblemsError
        A path that cannot be written.
    """
    make_legible(drawn)
    return write_whole(path, lambda beside: drawn.savefig(beside, dpi=RESOLUTION), overwrite=True)
