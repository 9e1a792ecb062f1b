"""One figure for a variable: a panel for each region, scenarios beside plans and history.

Each scenario is its median and the band that holds nine draws in ten. Plan targets stand as
diamonds with their number, and beside them, hollow, what 0.30 of the planned increment would
give (see :data:`outputs.targets.REALISED_SHARE`). Observed years are dots.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calibration.ledger import Target, load_ledger
from model.area import Area
from model.problems import Problem, ProblemsError
from outputs.indicators import check_indicator, indicator
from outputs.labels import chinese_font, family, tick, title_of, unit_label
from outputs.marks import mark_history, mark_targets
from outputs.panels import add_legend, entries_of, make_quiet, name_panel, panels, save_png
from outputs.regions import default_regions, locate

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


FIGURES = (
    "population", "gdp_real", "gdp_nominal", "budget_revenue_nominal", "jobs", "mean_commute",
)  # fmt: skip
# Okabe and Ito (2008): told apart by readers of any colour vision; black is for the plans
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
DASHES = ("-", "--", "-.", ":")
IN_A_ROW = 6


def figure(
    ds: "xr.Dataset",
    area: Area,
    variable: str,
    ledger: Sequence[Target] = (),
    region_set: str | None = None,
) -> "Figure":
    """Figure of an indicator: a panel for each region of a set, and one for the whole area.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of a run, with or without dimension ``scenario``.
    area : Area
        Study area of the result.
    variable : str
        Key of ``INDICATORS``.
    ledger : sequence of Target
        Targets to mark; those of other variables and regions are passed over.
    region_set : str, optional
        By default the area's own.

    Returns
    -------
    matplotlib.figure.Figure
        Not shown and not known to pyplot; use its ``savefig``.

    Raises
    ------
    ProblemsError
        Unknown indicator or region set, or an indicator that no region of the set has.
    """
    if "scenario" not in ds.dims:
        ds = ds.expand_dims(scenario=[ds.attrs["scenario_names"]])
    known = check_indicator(variable)
    by_region = series_by_region(ds, area, variable, region_set)
    font = chinese_font()
    drawn, grid = panels(len(by_region), "x", (3.3, 2.5), least=7.5, head=1.2)
    drawn.set_layout_engine("constrained", hspace=0.06, wspace=0.03)
    for axes, (region, series) in zip(grid, by_region.items(), strict=True):
        draw_panel(axes, series)
        mark_history(axes, area, variable, region, int(ds["year"][-1]))
        mark_targets(axes, ledger, variable, region, series)
        finish(axes, known.unit)
        name_panel(axes, title_of(area, region, bool(font)), font)
    drawn.supylabel(unit_label(known.unit), fontsize="medium")
    name = f"{known.name_zh}  {known.long_name}" if font else known.long_name
    drawn.suptitle(f"{name}\n{note_of(ds)}", fontsize="large", **family(font))
    entries = entries_of(grid)
    add_legend(drawn, entries, min(len(entries), IN_A_ROW))
    return drawn


def series_by_region(
    ds: "xr.Dataset", area: Area, variable: str, region_set: str | None
) -> dict[str, "xr.DataArray"]:
    """Series ``(scenario, draw, year)`` of each region that has the indicator."""
    regions = {r: locate(area, r, region_set) for r in default_regions(area, region_set)}
    by_set = {s: indicator(ds, area, variable, s) for s in dict.fromkeys(regions.values())}
    found = {}
    for region, name in regions.items():
        one = by_set[name].sel(region=region).transpose("scenario", "draw", "year")
        if one.notnull().any():
            found[region] = one
    if not found:
        message = f"no region of {region_set} has it"
        raise ProblemsError([Problem("arguments", None, variable, message)])
    return found


def draw_panel(axes: "Axes", series: "xr.DataArray") -> None:
    """Median line of each scenario, and the 5-95 % band where there are draws."""
    import numpy as np

    years = series["year"].values
    for index, name in enumerate(series["scenario"].values):
        values = series.values[index]
        years_with = ~np.isnan(values).any(axis=0)
        x, y = years[years_with], values[:, years_with]
        style: dict[str, Any] = {
            "color": COLOURS[index % len(COLOURS)],
            "ls": DASHES[index % len(DASHES)],
        }
        axes.plot(x, np.median(y, axis=0), lw=1.6, label=str(name), zorder=3, **style)
        if len(y) > 1:
            low, high = np.percentile(y, [5, 95], axis=0)
            axes.fill_between(x, low, high, color=style["color"], alpha=0.15, lw=0, zorder=2)
            axes.plot(x, low, x, high, color=style["color"], alpha=0.6, lw=0.6, zorder=2)


def finish(axes: "Axes", unit: str) -> None:
    """Ticks and grid of a panel; one multiple of the unit for the whole axis."""
    from matplotlib.ticker import Formatter, MaxNLocator

    class Multiple(Formatter):
        """Labels of one multiple, from all ticks of the axis together."""

        def __call__(self, value: float, position: int | None = None) -> str:
            return tick(value, unit, [value])

        def format_ticks(self, values: Sequence[float]) -> list[str]:
            return [tick(value, unit, values) for value in values]

    axes.margins(y=0.08)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(Multiple())
    axes.tick_params(labelsize="small", labelbottom=True)
    make_quiet(axes)


def note_of(ds: "xr.Dataset") -> str:
    """What a line and a band are."""
    draws = ds.sizes["draw"]
    return "one draw" if draws == 1 else f"median and 5-95 % of {draws:,} draws"


def save_figures(
    ds: "xr.Dataset",
    area: Area,
    folder: str | Path,
    ledger: Sequence[Target] | None = None,
    variables: Sequence[str] = FIGURES,
) -> list[Path]:
    """PNG of each variable, ``<folder>/<variable>.png``; figures there are replaced.

    Parameters
    ----------
    ds : xarray.Dataset
    area : Area
    folder : str or Path
        Made if missing.
    ledger : sequence of Target, optional
        By default the ledger of the area.
    variables : sequence of str

    Returns
    -------
    list of Path

    Raises
    ------
    ProblemsError
        An unknown variable, or a folder that cannot be written.
    """
    targets = load_ledger(area) if ledger is None else ledger
    paths = []
    for variable in variables:
        drawn = figure(ds, area, variable, targets)
        paths.append(save_png(drawn, Path(folder) / f"{variable}.png"))
    return paths
