"""Age pyramids: a panel for each region, the years of interest over one another.

The first year is filled, later ones are lines: men to the left, women to the right, by single year
of age. With several draws each line is the median over draws of each age.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from model.axes import FEMALE, MALE, Array
from model.problems import Problem, ProblemsError
from outputs.labels import chinese_font, family, tick, title_of
from outputs.panels import ACROSS, add_legend, entries_of, make_quiet, name_panel, panels, save_png
from outputs.regions import by_region, default_regions, locate
from outputs.wrapping import fill

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


YEARS = (2020, 2035, 2050)
VARIABLE = "population_by_age"
# Okabe and Ito (2008); dashes tell lines apart without colour
LINES = (("#0072B2", "-"), ("#D55E00", "--"), ("#009E73", "-."), ("#CC79A7", ":"))
FILL = "0.82"
SIGNS_AN_INCH = 8  # of a title


def pyramids(
    ds: "xr.Dataset", area: Area, years: Sequence[int] = YEARS, region_set: str | None = None
) -> "Figure":
    """Figure of age pyramids of the regions of a set, and of the whole area.

    Parameters
    ----------
    ds : xarray.Dataset
        Detailed result of one scenario.
    area : Area
    years : sequence of int
        The first is filled.
    region_set : str, optional
        By default the area's own.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ProblemsError
        A result without ages, years it does not hold, or an unknown region set.
    """
    check(ds, years)
    by_region = people_of(ds, area, years, region_set)
    font = chinese_font()
    drawn, grid = panels(len(by_region), "y", (3.1, 3.4), least=7.0, head=1.1)
    for axes, (region, people) in zip(grid, by_region.items(), strict=True):
        draw_pyramid(axes, people, years)
        name_panel(axes, title_of(area, region, bool(font)), font)
    for axes in grid[::ACROSS]:
        axes.set_ylabel("年龄  age" if font else "age", **family(font))
    name = "人口金字塔  Residents by sex and age" if font else "Residents by sex and age"
    draws = ds.sizes.get("draw", 1)
    note = "central case" if draws == 1 else f"medians of {draws:,} draws"
    note += "; persons of each single year of age, the last 100 and over"
    titles = [ds.attrs["title"]]
    if font and "title_zh" in ds.attrs:
        titles.insert(0, ds.attrs["title_zh"])
    room = int(SIGNS_AN_INCH * drawn.get_figwidth())
    said = "\n".join(fill(line, room) for line in [name, *titles, note])
    drawn.suptitle(said, fontsize="large", **family(font))
    entries = entries_of(grid)
    add_legend(drawn, {str(year): entries[str(year)] for year in years}, len(years))
    return drawn


def check(ds: "xr.Dataset", years: Sequence[int]) -> None:
    """Refuse a result that cannot be drawn."""
    found = []
    if VARIABLE not in ds:
        message = "not in this result: only a detailed result of one scenario holds ages"
        found.append(Problem("result", None, VARIABLE, message))
    if "scenario" in ds.dims:
        found.append(Problem("result", None, "scenario", "holds several; run one of them"))
    there = ds["year"].values.tolist()
    missing = [str(year) for year in years if year not in there]
    if missing:
        message = f"{', '.join(missing)} not within {there[0]}-{there[-1]}"
        found.append(Problem("arguments", None, "years", message))
    if not 1 <= len(years) <= len(LINES) + 1:
        message = f"{len(years)} are too many to tell apart; at most {len(LINES) + 1}"
        found.append(Problem("arguments", None, "years", message))
    if found:
        raise ProblemsError(found)


def people_of(
    ds: "xr.Dataset", area: Area, years: Sequence[int], region_set: str | None = None
) -> dict[str, Array]:
    """People ``(year, sex, age)`` [persons] of each region of a set and of the whole area."""
    chosen = ds[VARIABLE].sel(year=list(years))
    regions = {r: locate(area, r, region_set) for r in default_regions(area, region_set)}
    by_set = {s: by_region(chosen, area, s) for s in dict.fromkeys(regions.values())}
    found = {}
    for region, name in regions.items():
        one = by_set[name].sel(region=region)
        if one.notnull().any():  # nobody's age is known where a region is not simulated
            found[region] = one.median("draw").transpose("year", "sex", "age").values
    return found


def draw_pyramid(axes: "Axes", people: Array, years: Sequence[int]) -> None:
    """Men to the left and women to the right, years over one another."""
    ages = np.arange(people.shape[2])
    for index, year in enumerate(years):
        for sex, sign in ((MALE, -1), (FEMALE, 1)):
            counts = sign * people[index, sex]
            label = str(year) if sex == MALE else None
            if index == 0:
                axes.barh(ages + 0.5, counts, height=1.0, color=FILL, lw=0, label=label)
            else:
                colour, dash = LINES[index - 1]
                axes.stairs(
                    counts, np.append(ages, ages[-1] + 1), orientation="horizontal", color=colour,
                    ls=dash, lw=1.3, label=label, baseline=None,
                )  # fmt: skip
    finish(axes, float(people.max()), len(ages))


def finish(axes: "Axes", largest: float, ages: int) -> None:
    """Axis, ticks and the names of both sides; counts are positive on both."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axes.set_xlim(-1.08 * largest, 1.08 * largest)
    axes.set_ylim(0, ages)
    axes.xaxis.set_major_locator(MaxNLocator(5, symmetric=True, steps=[1, 2, 5, 10]))
    ticks = [float(t) for t in axes.get_xticks()]
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: tick(abs(value), "persons", ticks) if value else "0")
    )
    axes.axvline(0, color="0.3", lw=0.8)
    font = chinese_font()
    for share, words, side in ((0.02, ("男", "men"), "left"), (0.98, ("女", "women"), "right")):
        axes.text(
            share, 0.97, " ".join(words if font else words[1:]), transform=axes.transAxes, ha=side,
            va="top", fontsize="small", **family(font),
        )  # fmt: skip
    axes.tick_params(labelsize="small", labelleft=True)
    make_quiet(axes, ("top", "right", "left"))


def save_pyramids(
    ds: "xr.Dataset", area: Area, path: str | Path, years: Sequence[int] = YEARS,
    region_set: str | None = None,
) -> Path:  # fmt: skip
    """PNG of the pyramids; a figure there is replaced.

    Raises
    ------
    ProblemsError
        As :func:`pyramids`, or a path that cannot be written.
    """
    return save_png(pyramids(ds, area, years, region_set), Path(path))
