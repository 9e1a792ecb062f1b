"""What stands beside the scenarios in a figure: observed years and the plans' targets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from calibration.ledger import Target
from model.area import Area
from outputs.observed import NAMES, observed
from outputs.targets import REALISED_SHARE

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes


def mark_history(axes: "Axes", area: Area, variable: str, region: str, last: int) -> None:
    """Dots at observed years, from the first year of the model's data to the end of the run."""
    if variable == "budget_revenue":
        return  # the table has the nominal series under this name
    first = int(area.settings["history_year"])
    found = observed(area, NAMES.get(variable, variable), region)
    shown = {year: value for year, value in sorted(found.items()) if first <= year <= last}
    if shown:
        axes.plot(
            list(shown), list(shown.values()), ls="", marker="o", ms=3.5, mfc="0.35", mec="white",
            mew=0.4, zorder=4, label="observed",
        )  # fmt: skip


def mark_targets(
    axes: "Axes", ledger: Sequence[Target], variable: str, region: str, series: "xr.DataArray"
) -> None:
    """Diamonds at the targets within the run, with their numbers; hollow at 0.30 of the way."""
    years = series["year"].values
    start = float(series.isel(year=0).median())
    found = [
        (target.year, target.value, target.id)
        for target in ledger
        if target.testable and target.year is not None
        if (target.variable, target.region) == (variable, region)
        if years[0] <= target.year <= years[-1]
    ]
    for year, value, _ in found:
        style: dict[str, Any] = {"ls": "", "marker": "D", "ms": 5, "mec": "black", "zorder": 5}
        axes.plot(year, value, mfc="black", label="plan target", **style)
        if year > years[0]:
            axes.plot(
                year, start + REALISED_SHARE * (value - start), mfc="none",
                label=f"{REALISED_SHARE:.2f} of the planned change (as in 2011-2020)", **style,
            )  # fmt: skip
    for low, high, value, text in labels(found):
        right = high <= (years[0] + years[-1]) / 2
        axes.annotate(
            text, (high if right else low, value), xytext=(6 if right else -6, 0),
            textcoords="offset points", fontsize="x-small", va="center",
            ha="left" if right else "right", zorder=6,
            bbox={"fc": "white", "ec": "none", "alpha": 0.7, "pad": 0.5},
        )  # fmt: skip


def labels(targets: list[tuple[int, float, str]]) -> list[tuple[int, int, float, str]]:
    """First year, last year, value and text of each label.

    Targets of one value within three years of each other share a label, lest they overlap.

    Examples
    --------
    >>> labels([(2025, 1.0, "P2"), (2024, 1.0, "P1"), (2035, 2.0, "P3")])
    [(2024, 2025, 1.0, 'P1, P2'), (2035, 2035, 2.0, 'P3')]
    """
    found: list[tuple[int, int, float, str]] = []
    for year, value, name in sorted(targets, key=lambda row: (row[1], row[0], row[2])):
        if found and found[-1][2] == value and year - found[-1][1] <= 3:
            low, _, _, text = found.pop()
            found.append((low, year, value, f"{text}, {name}"))
        else:
            found.append((year, year, value, name))
    return found
