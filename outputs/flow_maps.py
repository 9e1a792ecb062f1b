"""Pictures of commuting: flows on the map, the matrix of zones, and how far the hour reaches.

Zones stand at their seats; no boundaries are drawn. All take a detailed result
(:func:`model.simulate`) with one draw or more, and show the mean over draws.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError
from model.processes.reach import share_within
from outputs.labels import chinese_font, family
from outputs.panels import make_quiet, save_png
from outputs.plots import COLOURS, DASHES

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from xarray import DataArray, Dataset


STRONGEST = 160
NEAR, ZOOM = 20.0, 1.6
PALE = {"fc": "white", "ec": "none", "alpha": 0.7, "pad": 1}
RANKS = ("City", "District", "County", "Manchu", "Mongol", "New", "Reform")
RANK_ZH = re.compile("(.{2,}?)(?:(?:满|蒙古)族自治县|新区|改革创新(示范区)|[市区县])$")
WIDEST = 7.0
LIMIT, HOUR = 180, 60


def _at(ds: "Dataset", name: str, year: int) -> "DataArray":
    """Variable of a result in a year, mean over draws."""
    return _draws(ds, name, year).mean("draw")


def _draws(ds: "Dataset", name: str, year: int) -> "DataArray":
    """Variable of a result in a year, by draw."""
    if name not in ds:
        message = f"the result has no {name}; make it with simulate(), which keeps the detail"
        raise ProblemsError([Problem("result", None, name, message)])
    if year not in ds["year"]:
        span = f"[{int(ds['year'][0])}, {int(ds['year'][-1])}]"
        raise ProblemsError([Problem("arguments", None, "year", f"{year} is outside {span}")])
    return ds[name].sel(year=year)


def flow_map(ds: "Dataset", area: Area, year: int) -> "Figure":
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
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    flows = _at(ds, "commuters", year).values
    rows, columns = np.triu_indices(len(flows), 1)
    strongest = np.argsort((flows + flows.T)[rows, columns])[::-1][:STRONGEST]
    rows, columns = rows[strongest], columns[strongest]
    drawn = Figure(figsize=(14, 6.9), layout="constrained")
    whole, near = drawn.subplots(1, 2, width_ratios=(1.15, 1))
    seats = np.stack([area.column("zones", k).astype(float) for k in ("longitude", "latitude")], 1)
    for axes, scale in ((whole, 1.0), (near, ZOOM)):
        _lines(axes, area, flows, rows, columns, scale)
        axes.set_aspect(1 / np.cos(np.radians(seats[:, 1].mean())))
        axes.grid(color="0.93", lw=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel("longitude, degrees east")
    whole.margins(0.05)
    whole.set_ylabel("latitude, degrees north")
    _name_cities(whole, area, seats)
    window = _window(area, seats)
    near.set_xlim(*window[:, 0])
    near.set_ylim(*window[:, 1])
    whole.add_patch(Rectangle(window[0], *(window[1] - window[0]), fill=False, ec="0.4", lw=0.8))
    _name_zones(near, area, seats, window)
    _key(whole, float((flows + flows.T)[rows, columns].max()) or 1.0)
    whole.set_title(f"the {len(rows)} strongest pairs of zones; dots: employed residents")
    near.set_title(f"around the core (frame on the left; lines {ZOOM} times as wide)")
    drawn.suptitle(f"Commuting between zones, {year}: {_named(ds)}")
    return drawn


def _named(ds: "Dataset") -> str:
    return str(ds.attrs.get("scenario_names", ""))


def _lines(
    axes: "Axes", area: Area, flows: Array, rows: Array, columns: Array, scale: float
) -> None:
    """Flows within cities below those between cities, and a dot for every zone."""
    from matplotlib.collections import LineCollection

    seats = np.stack([area.column("zones", k).astype(float) for k in ("longitude", "latitude")], 1)
    strength = (flows + flows.T)[rows, columns]
    widths = scale * np.maximum(WIDEST * np.sqrt(strength / (strength.max() or 1.0)), 0.3)
    apart = ~area.same_city[rows, columns]
    ends = np.stack([seats[rows], seats[columns]], axis=1)
    for across, colour in ((False, COLOURS[0]), (True, COLOURS[1])):
        chosen = np.flatnonzero(apart == across)[::-1]
        lines = LineCollection(
            list(ends[chosen]),
            linewidths=widths[chosen],
            colors=colour,
            alpha=0.55,
            capstyle="round",
        )
        axes.add_collection(lines)
    workers = flows.sum(axis=1)
    size = scale * (4 + 110 * workers / workers.max())
    axes.scatter(seats[:, 0], seats[:, 1], s=size, color="0.25", zorder=3, lw=0)


def _name_cities(axes: "Axes", area: Area, seats: Array) -> None:
    font = chinese_font()
    names = short_names(area, bool(font))[1]
    for row, name in zip(area.tables["cities"], names, strict=True):
        seat = area.zones.index(row["seat"])
        alone = (area.city_of_zone == area.city_of_zone[seat]).sum() == 1
        axes.annotate(
            name, seats[seat], textcoords="offset points",
            xytext=(7, -15) if alone else (7, 9), fontsize="medium", zorder=4, bbox=PALE,
            **family(font),
        )  # fmt: skip


def _name_zones(axes: "Axes", area: Area, seats: Array, window: Array) -> None:
    """Names of the zones inside the window, each on the side that looks away from the core."""
    font, middle = chinese_font(), seats[area.core]
    inside = np.all((seats > window[0]) & (seats < window[1]), axis=1)
    for name, seat, here in zip(short_names(area, bool(font))[0], seats, inside, strict=True):
        if here:
            right, up = seat[0] >= middle[0], seat[1] >= middle[1]
            axes.annotate(
                name, seat, textcoords="offset points",
                xytext=(8 if right else -8, 7 if up else -7), fontsize="small", zorder=4,
                ha="left" if right else "right", va="bottom" if up else "top", bbox=PALE,
                **family(font),
            )  # fmt: skip


def _window(area: Area, seats: Array) -> Array:
    """Corners (2, 2) of a square around the core that holds the zones near it."""
    near = area.distance[area.core, : len(seats)] <= NEAR
    half = np.abs(seats[near] - seats[area.core]).max(axis=0).max() + 0.06
    wide = np.array([half / np.cos(np.radians(seats[area.core, 1])), half])
    return np.stack([seats[area.core] - wide, seats[area.core] + wide])


def _key(axes: "Axes", largest: float) -> None:
    """Legend: widths of round numbers, and the two colours."""
    from matplotlib.lines import Line2D

    top = round_below(largest)
    keys = [
        Line2D([], [], color="0.4", lw=WIDEST * np.sqrt(size / largest), label=f"{size:,.0f}")
        for size in (top, top / 10, top / 100)
    ]
    keys += [
        Line2D([], [], color=COLOURS[0], lw=3, label="within a city"),
        Line2D([], [], color=COLOURS[1], lw=3, label="between cities"),
    ]
    axes.legend(handles=keys, title="commuters, both ways", frameon=False, loc="lower right")


def round_below(value: float) -> float:
    """Largest of 1, 2 and 5 times a power of ten that is not above a value.

    Examples
    --------
    >>> round_below(293_849.0), round_below(7.0)
    (200000.0, 5.0)
    """
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(step * power for step in (1, 2, 5) if step * power <= value))


def short_names(area: Area, chinese: bool) -> tuple[list[str], list[str]]:
    """Names of zones and of cities without their rank, but where a zone is called as a city is.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> zones, cities = short_names(load_area(), False)
    >>> zones[:2], zones[24], cities[-1]
    (['Heping', 'Shenhe'], 'Fushun County', 'Shenfu')
    >>> zones, cities = short_names(load_area(), True)
    >>> zones[0], zones[7], zones[24], cities[-1]
    ('和平', '沈北', '抚顺县', '沈抚示范区')
    """
    key = "name_zh" if chinese else "name_en"
    full = [[str(row[key]) for row in area.tables[table]] for table in ("zones", "cities")]
    zones, cities = ([_bare(name) for name in names] for names in full)
    alone = np.bincount(area.city_of_zone)[area.city_of_zone] == 1
    named = [
        _ranked(whole, bare) if bare in cities and not only else bare
        for whole, bare, only in zip(full[0], zones, alone, strict=True)
    ]
    return named, cities


def _ranked(name: str, bare: str) -> str:
    return f"{bare} {name.split(' ')[-1]}" if " " in name else name


def _bare(name: str) -> str:
    if found := RANK_ZH.match(name):
        return "".join(part for part in found.groups() if part)
    words = name.split(" ")
    ranks = [place for place, word in enumerate(words) if place and word in RANKS]
    return " ".join(words[: ranks[0]] if ranks else words)


def commuting_matrix(ds: "Dataset", area: Area, year: int) -> "Figure":
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
    drawn = Figure(figsize=(10.6, 9.8), layout="constrained")
    axes, font = drawn.subplots(), chinese_font()
    top = max(float(flows.max()), 10.0)
    image = axes.imshow(np.where(flows < 1, np.nan, flows), norm=LogNorm(1, top), cmap="viridis")
    axes.set_facecolor("0.92")
    edges = np.flatnonzero(np.diff(area.city_of_zone)) + 0.5
    for edge in edges:
        axes.axhline(edge, color="white", lw=1.2)
        axes.axvline(edge, color="white", lw=1.2)
    names, cities = short_names(area, bool(font))
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=6, **family(font))
    axes.set_yticks(range(len(names)), names, fontsize=6, **family(font))
    axes.set_xlabel("zone of work")
    axes.set_ylabel("zone of residence")
    above = axes.secondary_xaxis("top")
    middles = [np.flatnonzero(area.city_of_zone == city).mean() for city in range(len(area.cities))]
    above.set_xticks(middles, cities, fontsize="small", rotation=30, ha="left", **family(font))
    above.tick_params(length=0)
    drawn.colorbar(image, ax=axes, label="commuters; grey: fewer than one", shrink=0.8)
    drawn.suptitle(f"Commuters by zone of residence and of work, {year}: {_named(ds)}")
    return drawn


def reached(ds: "Dataset", times: str, year: int, limits: Array) -> Array:
    """Share of residents within each limit of the core, mean over draws, (limit,) [1].

    Who lived there when the year began, as the year itself has it: at 60 minutes this is
    ``population_within_hour`` (or ``population_within_hour_by_station``) of the result.

    Parameters
    ----------
    ds : xarray.Dataset
        Detailed result of one scenario.
    times : str
        ``travel_time_to_core`` or ``station_time_to_core``.
    year : int [year]
    limits : (limit,) [minutes]

    Raises
    ------
    ProblemsError
        A result without the year.
    """
    minutes = _draws(ds, times, year).values
    people = _draws(ds, "population", max(year - 1, int(ds["year"][0]))).values
    return np.array([share_within(minutes, people, limit).mean() for limit in limits])


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
            share = reached(ds, name, year, limits)
            axes.step(
                limits, 100 * share, where="post", lw=1.8,
                label=f"{label}: {100 * share[HOUR]:.1f} % within the hour",
                color=COLOURS[index % len(COLOURS)], ls=DASHES[index % len(DASHES)],
            )  # fmt: skip
        axes.axvline(HOUR, color="0.6", lw=0.8)
        axes.set_title(kind)
        axes.set_xlabel("minutes to the core")
        axes.set_xlim(0, LIMIT)
        axes.set_ylim(0, 101)
        make_quiet(axes)
        axes.set_xticks(range(0, LIMIT + 1, 30))
        axes.legend(frameon=False, loc="lower right", fontsize="small")
    panels[0].set_ylabel("residents (at the start of the year) within reach, %")
    drawn.suptitle(f"How far the core reaches, {year}")
    return drawn


def save_flow_maps(
    results: dict[str, "Dataset"], area: Area, year: int, folder: str | Path
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
    return [save_png(drawn, Path(folder) / f"{name}.png") for name, drawn in pictures.items()]


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
