"""Pictures of commuting: flows on the map, the matrix of zones, and how far the hour reaches.

Zones stand at their seats; no boundaries are drawn. All take a detailed result
(:func:`model.simulate`) with one draw or more, and show the mean over draws.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.problems import Problem, ProblemsError
from outputs.files import place
from outputs.labels import chinese_font, family
from outputs.plots import COLOURS, DASHES

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from xarray import DataArray, Dataset

    from model.area import Area

STRONGEST = 160
WIDEST = 7.0
LIMIT = 180


def _at(ds: "Dataset", name: str, year: int) -> "DataArray":
    """Variable of a result in a year, mean over draws."""
    if name not in ds:
        message = f"the result has no {name}; make it with simulate(), which keeps the detail"
        raise ProblemsError([Problem("result", None, name, message)])
    if year not in ds["year"]:
        span = f"[{int(ds['year'][0])}, {int(ds['year'][-1])}]"
        raise ProblemsError([Problem("arguments", None, "year", f"{year} is outside {span}")])
    return ds[name].sel(year=year).mean("draw")


def flow_map(ds: "Dataset", area: "Area", year: int) -> "Figure":
    """Map of the strongest commuting flows between zones, both directions together.

    Parameters
    ----------
    ds : xarray.Dataset
        Detailed result of one scenario.
    area : Area
    year : int [year]

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ProblemsError
        A result without commuters by pair, or without the year.
    """
    from matplotlib.collections import LineCollection
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    flows = _at(ds, "commuters", year).values
    rows, columns = np.triu_indices(len(flows), 1)
    strongest = np.argsort((flows + flows.T)[rows, columns])[::-1][:STRONGEST]
    rows, columns = rows[strongest], columns[strongest]
    strength = (flows + flows.T)[rows, columns]
    longitude = area.column("zones", "longitude").astype(float)
    latitude = area.column("zones", "latitude").astype(float)
    apart = ~area.same_city[rows, columns]
    largest = strength.max() or 1.0
    drawn = Figure(figsize=(9.5, 8.6), layout="constrained")
    axes = drawn.subplots()
    ends = [
        [(longitude[a], latitude[a]), (longitude[b], latitude[b])]
        for a, b in zip(rows, columns, strict=True)
    ]
    widths = np.maximum(WIDEST * np.sqrt(strength / largest), 0.3)
    for across, colour in ((False, COLOURS[0]), (True, COLOURS[1])):
        chosen = np.flatnonzero(apart == across)[::-1]
        lines = LineCollection(
            [ends[k] for k in chosen], linewidths=widths[chosen], colors=colour, alpha=0.55,
            capstyle="round",
        )  # fmt: skip
        axes.add_collection(lines)
    workers = flows.sum(axis=1)
    axes.scatter(
        longitude, latitude, s=4 + 110 * workers / workers.max(), color="0.25", zorder=3, lw=0
    )
    font = chinese_font()
    for row in area.tables["cities"]:
        seat = area.zones.index(row["seat"])
        name = row["name_zh"] if font else row["name_en"].split(" ")[0]
        axes.annotate(
            name, (longitude[seat], latitude[seat]), textcoords="offset points",
            xytext=(7, 9) if (area.city_of_zone == area.city_of_zone[seat]).sum() > 1 else (7, -15),
            fontsize="medium", zorder=4, bbox={"fc": "white", "ec": "none", "alpha": 0.7, "pad": 1},
            **family(font),
        )  # fmt: skip
    axes.set_aspect(1 / np.cos(np.radians(latitude.mean())))
    axes.margins(0.05)
    axes.set_xlabel("longitude, degrees east")
    axes.set_ylabel("latitude, degrees north")
    axes.grid(color="0.93", lw=0.6)
    axes.set_axisbelow(True)
    sizes = [largest, largest / 10, largest / 100]
    keys = [
        Line2D([], [], color="0.4", lw=WIDEST * np.sqrt(size / largest), label=f"{size:,.0f}")
        for size in sizes
    ]
    keys += [
        Line2D([], [], color=COLOURS[0], lw=3, label="within a city"),
        Line2D([], [], color=COLOURS[1], lw=3, label="between cities"),
    ]
    axes.legend(handles=keys, title="commuters a day, both ways", frameon=False, loc="lower right")
    axes.set_title(
        f"Commuting between zones, {year}: the {len(rows)} strongest pairs\n"
        f"{ds.attrs.get('scenario_names', '')}; dots: employed residents"
    )
    return drawn


def commuting_matrix(ds: "Dataset", area: "Area", year: int) -> "Figure":
    """Heat map of commuters by zone of residence and of work, in logs.

    Parameters
    ----------
    ds : xarray.Dataset
        Detailed result of one scenario.
    area : Area
    year : int [year]

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ProblemsError
        A result without commuters by pair, or without the year.
    """
    from matplotlib.colors import LogNorm
    from matplotlib.figure import Figure

    flows = _at(ds, "commuters", year).values
    drawn = Figure(figsize=(10.2, 9.4), layout="constrained")
    axes = drawn.subplots()
    top = max(float(flows.max()), 10.0)
    image = axes.imshow(np.maximum(flows, 1.0), norm=LogNorm(1, top), cmap="viridis")
    edges = np.flatnonzero(np.diff(area.city_of_zone)) + 0.5
    for edge in edges:
        axes.axhline(edge, color="white", lw=0.8)
        axes.axvline(edge, color="white", lw=0.8)
    names = list(area.zones)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6)
    axes.set_yticks(range(len(names)), names, fontsize=6)
    axes.set_xlabel("zone of work")
    axes.set_ylabel("zone of residence")
    drawn.colorbar(image, ax=axes, label="commuters (one and fewer: darkest)", shrink=0.8)
    axes.set_title(
        f"Commuting matrix, {year}: {ds.attrs.get('scenario_names', '')}; lines: city borders"
    )
    return drawn


def reached(minutes: Array, people: Array, limits: Array) -> Array:
    """Share of people within each limit of the core, (limit,) [1].

    Examples
    --------
    >>> reached(np.array([10.0, 50.0]), np.array([1.0, 3.0]), np.array([5, 20, 60])).tolist()
    [0.0, 0.25, 1.0]
    """
    return ((minutes[:, None] <= limits) * people[:, None]).sum(axis=0) / people.sum()


def isochrones(results: dict[str, "Dataset"], year: int) -> "Figure":
    """Share of residents whom the core is within t minutes of, door to door and by stations.

    Parameters
    ----------
    results : dict
        Results by label, the one before a project first.
    year : int [year]

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ProblemsError
        A result without the year.
    """
    from matplotlib.figure import Figure

    limits = np.arange(0, LIMIT + 1)
    drawn = Figure(figsize=(9.5, 4.8), layout="constrained")
    panels = drawn.subplots(1, 2, sharey=True)
    kinds = {"travel_time_to_core": "door to door", "station_time_to_core": "station to station"}
    for axes, (name, kind) in zip(panels, kinds.items(), strict=True):
        for index, (label, ds) in enumerate(results.items()):
            people = _at(ds, "population", year).values
            share = reached(_at(ds, name, year).values, people, limits)
            axes.step(
                limits, 100 * share, where="post", label=label, lw=1.8,
                color=COLOURS[index % len(COLOURS)], ls=DASHES[index % len(DASHES)],
            )  # fmt: skip
        axes.axvline(60, color="0.6", lw=0.8)
        axes.set_title(kind)
        axes.set_xlabel("minutes to the core")
        axes.set_xlim(0, LIMIT)
        axes.set_ylim(0, 101)
        axes.grid(color="0.9", lw=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("residents within reach, %")
    panels[0].legend(frameon=False, loc="lower right")
    drawn.suptitle(f"How far the core reaches, {year}")
    return drawn


def save_flow_maps(
    results: dict[str, "Dataset"], area: "Area", year: int, folder: str | Path
) -> list[Path]:
    """The three pictures of the last of several results, the others beside it in the isochrones.

    Parameters
    ----------
    results : dict
        Detailed results by label, the one compared with first.
    area : Area
    year : int [year]
    folder : str or Path
        Made if missing; pictures there are replaced.

    Returns
    -------
    list of Path
    """
    last = list(results.values())[-1]
    pictures = {
        "flow_map": flow_map(last, area, year),
        "commuting_matrix": commuting_matrix(last, area, year),
        "isochrones": isochrones(results, year),
    }
    return [
        place(
            Path(folder) / f"{name}.png", lambda beside, f=drawn: f.savefig(beside, dpi=150), True
        )
        for name, drawn in pictures.items()
    ]


def region_rows(results: dict[str, "Dataset"], years: Sequence[int]) -> list[dict[str, object]]:
    """For every city and scenario: share of residents who work in the core city, and the rules.

    Returns
    -------
    list of dict
        ``scenario, year, city, core_commuter_share, narrow, wide``; the rules as the share of
        draws in which the city belongs to the functional region.
    """
    found: list[dict[str, object]] = []
    for label, ds in results.items():
        for year in years:
            at = {
                key: _at(ds, name, year)
                for key, name in (
                    ("core_commuter_share", "core_commuter_share"),
                    ("narrow", "commuting_region_narrow"),
                    ("wide", "commuting_region_wide"),
                )
            }
            for city in ds["city"].values:
                numbers = {key: float(values.sel(city=city)) for key, values in at.items()}
                found.append({"scenario": label, "year": year, "city": str(city)} | numbers)
    return found
