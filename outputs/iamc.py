"""Results as an IAMC table: what integrated-assessment tools and databases read (pyam, IIASA).

One row for each model, scenario, region, variable and unit, one column for each year. Names and
units follow the template of the IAMC and its common definitions: ``|`` parts a variable from what
it is made of, ``[...]`` marks a rate or share, units are ``million``, ``billion CNY_2020/yr``,
``Mt CO2/yr``. Money is in yuan: no exchange rate is assumed.

Statistics of draws are variables of their own, as in the common definitions of climate
diagnostics (``...|5.0th Percentile``). The plain name is the mean over draws: of all statistics
it alone adds up over regions and parts. With ``draws="all"`` a column ``Draw`` tells draws apart,
which pyam takes as an extra column of the index. A percentile lies below its variable in the
hierarchy, so leave ``*Percentile`` out before adding components up.

Regions have plain English names, the whole area its title; a zone stands as ``City|Zone``, since
cities may share names of districts.

Sources: Huppmann et al. (2021), "pyam: Analysis and visualisation of integrated assessment and
macro-energy scenarios", Open Research Europe 1:74 (the format); IAMC common-definitions,
definitions/variable/macro-economy and climate/magicc.yaml (names, units, percentiles).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import Problem, ProblemsError, nearest, together
from outputs.files import refusal, refuse_taken, write_whole
from outputs.indicators import INDICATORS, indicator, known_by
from outputs.labels import title_of
from outputs.regions import ZONES, by_region, default_regions, locate, region_weights

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


MODEL = "shenyang-metro"
PERCENTILES = (5, 50, 95)

NAMES: dict[str, str] = {
    "population": "Population",
    "gdp_real": "GDP|Real",
    "gdp_nominal": "GDP|Nominal",
    "budget_revenue": "Revenue|Government",
    "jobs": "Employment",
    "employed_residents": "Labor Force|Employed",
    "urbanisation_rate": "Population [Urban Share]",
    "services_share": "Value Added [Services Share]",
    "mean_commute": "Commuting Time",
    "travel_time_to_core": "Travel Time to Core",
    "unemployment_rate": "Labor Force|Unemployment [Rate]",
    "floor_area_per_head": "Floor Space [per Capita]",
    "vacancy_rate": "Floor Space|Vacant [Share]",
    "price_income_ratio": "Price|Housing [Income Ratio]",
    "research_share": "Expenditure|Research and Development [GDP Share]",
    "energy_per_gdp": "Energy Use [per GDP]",
    "co2_per_gdp": "Emissions|CO2 [per GDP]",
    "co2_per_head": "Emissions|CO2 [per Capita]",
    "debt_ratio": "Debt|Government [GDP Share]",
    "energy_use": "Energy Use",
    "co2_emissions": "Emissions|CO2",
}
"""IAMC variable of each indicator: the headlines, and the totals behind their ratios."""

SECTORS = {"primary": "Agriculture", "secondary": "Industry", "tertiary": "Services"}
"""IAMC economic sectors (ISIC A, B-F, G-X) of the published ones."""

UNITS: dict[str, tuple[str, float]] = {
    "persons": ("million", 1e-6),
    "1e8 yuan of 2020": ("billion CNY_2020/yr", 0.1),
    "1e8 yuan": ("billion CNY/yr", 0.1),
    "share": ("%", 100.0),
    "minutes": ("min", 1.0),
    "yr": ("yr", 1.0),
    "m2": ("m2/cap", 1.0),
    "Mtce": ("Mtce/yr", 1.0),
    "Mt": ("Mt CO2/yr", 1.0),
    "t": ("t CO2/cap/yr", 1.0),
    "tce per 1e4 yuan": ("Mtce/billion CNY_2020", 0.1),
    "t per 1e4 yuan": ("Mt CO2/billion CNY_2020", 0.1),
}
"""IAMC unit of each unit here, and the factor between them."""


def iamc_table(
    ds: "xr.Dataset",
    area: Area,
    region_set: str | None = None,
    years: Sequence[int] | None = None,
    draws: str = "summary",
) -> "pd.DataFrame":
    """IAMC table of the headline indicators of a result, by region.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of one scenario or several.
    area : Area
        Study area of the result.
    region_set : str, optional
        Set of the area, or ``zones``; by default the area's own. The whole area is added.
    years : sequence of int [year], optional
        By default all of the result.
    draws : str
        ``summary``: mean and percentiles; ``all``: each draw, with a column ``Draw``.

    Returns
    -------
    pandas.DataFrame
        Columns Model, Scenario, Region, Variable, Unit (and Draw), then the years.
        ``pyam.IamDataFrame(table)`` takes it as it is. Rows without any number are left out:
        budgets by zone, say.

    Raises
    ------
    ProblemsError
        Every one of: an unknown region set or kind of draws, years the result does not hold.

    Examples
    --------
    >>> from model import load_area, simulate
    >>> table = iamc_table(simulate("trend", end=2021), load_area(), years=[2020])
    >>> people = table[table["Variable"] == "Population"].set_index("Region")[2020]
    >>> round(float(people["Shenyang metropolitan area"]), 6)
    21.223009
    >>> round(float(people.drop("Shenyang metropolitan area").sum()), 6)
    21.223009
    """
    import pandas as pd

    check(ds, area, region_set, years, draws)
    if "scenario" not in ds.dims:
        ds = ds.expand_dims(scenario=[ds.attrs["scenario_names"]])
    given = list(dict.fromkeys(years or ds["year"].values.tolist()))
    sets: dict[str, list[str]] = {}
    for region in default_regions(area, region_set):
        sets.setdefault(locate(area, region, region_set), []).append(region)
    frames = [
        STATISTICS[draws](name, array.sel(region=regions, year=given)).assign(Unit=unit)
        for each, regions in sets.items()
        for name, unit, array in quantities(ds, area, each)
    ]
    table = pd.concat(frames, ignore_index=True)
    table["Region"] = table["Region"].map(region_names(area, sets))
    agents = " (agents)" if ds.attrs["engine"] == "agents" else ""
    table["Model"] = f"{MODEL} {ds.attrs['code_version']}{agents}"
    keys = [
        "Model",
        "Scenario",
        "Region",
        "Variable",
        "Unit",
        *(["Draw"] if "Draw" in table else []),
    ]
    return table.dropna(subset=given, how="all")[[*keys, *given]].reset_index(drop=True)


def check(
    ds: "xr.Dataset", area: Area, region_set: str | None, years: Sequence[int] | None, draws: str
) -> None:
    """Refuse what cannot be made into a table, with all reasons."""
    chosen = region_set or area.settings["default_region_set"]
    together(
        lambda: region_weights(area, chosen),
        lambda: check_years(ds, years or ()),
        lambda: check_draws(draws),
    )


def check_years(ds: "xr.Dataset", years: Sequence[int]) -> None:
    """Refuse years that a result does not hold."""
    there = ds["year"].values.tolist()
    missing = [str(year) for year in years if year not in there]
    if missing:
        message = f"{', '.join(missing)} not in the result, {there[0]} to {there[-1]}"
        raise ProblemsError([Problem("arguments", None, "years", message)])


def check_draws(draws: str) -> None:
    """Refuse a kind of draws that there is not."""
    if draws not in STATISTICS:
        message = f"unknown {draws!r}{nearest(draws, list(STATISTICS))}"
        raise ProblemsError([Problem("arguments", None, "draws", message)])


def quantities(
    ds: "xr.Dataset", area: Area, region_set: str
) -> Iterator[tuple[str, str, "xr.DataArray"]]:
    """Name, IAMC unit and values ``(scenario, draw, year, region)`` of each variable."""
    for name in known_by(area, region_set, tuple(NAMES)):
        unit, factor = UNITS[INDICATORS[name].unit]
        yield NAMES[name], unit, indicator(ds, area, name, region_set) * factor
    yield from _people(ds, area, region_set)
    yield from _sectors(ds, area, region_set, "jobs", "Employment")
    unit, factor = UNITS["1e8 yuan of 2020"]
    made = ds["output"].sum("sector", keep_attrs=True, skipna=False)
    yield "Value Added", unit, by_region(made, area, region_set) * factor
    yield from _sectors(ds, area, region_set, "output", "Value Added")


def _people(
    ds: "xr.Dataset", area: Area, region_set: str
) -> Iterator[tuple[str, str, "xr.DataArray"]]:
    """Residents in towns, and all others."""
    unit, factor = UNITS["persons"]
    everyone, urban = (
        by_region(ds[v], area, region_set) for v in ("population", "urban_population")
    )
    yield "Population|Urban", unit, urban * factor
    yield "Population|Rural", unit, (everyone - urban) * factor


def _sectors(
    ds: "xr.Dataset", area: Area, region_set: str, variable: str, name: str
) -> Iterator[tuple[str, str, "xr.DataArray"]]:
    """A variable by the three published sectors."""
    unit, factor = UNITS[ds[variable].attrs["units"]]
    for published, word in SECTORS.items():
        of = [row["published_sector"] == published for row in area.tables["sectors"]]
        part = ds[variable].isel(sector=np.flatnonzero(of))
        part = part.sum("sector", keep_attrs=True, skipna=False)
        yield f"{name}|{word}", unit, by_region(part, area, region_set) * factor


def region_names(area: Area, sets: dict[str, list[str]]) -> dict[str, str]:
    """Name of each region of several sets in the table.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> region_names(load_area(), {"zones": ["heping"], "cities7": ["anshan"]})
    {'heping': 'Shenyang|Heping District', 'anshan': 'Anshan'}
    """
    zones = {row["zone"]: row for row in area.tables["zones"]}
    return {
        region: f"{title_of(area, zones[region]['city'], False)}|{zones[region]['name_en']}"
        if each == ZONES
        else title_of(area, region, False)
        for each, regions in sets.items()
        for region in regions
    }


def _summary(name: str, array: "xr.DataArray") -> "pd.DataFrame":
    """Mean over draws under the plain name, and percentiles where there are several draws."""
    array = array.transpose("scenario", "region", "year", "draw")
    names, values = [name], array.values.mean(axis=-1)[..., np.newaxis, :]
    if array.sizes["draw"] > 1:
        names += [f"{name}|{percentile:.1f}th Percentile" for percentile in PERCENTILES]
        found = np.percentile(array.values, PERCENTILES, axis=-1)
        values = np.concatenate([values, np.moveaxis(found, 0, 2)], axis=2)
    return _frame(array, {"Variable": names}, values)


def _every(name: str, array: "xr.DataArray") -> "pd.DataFrame":
    """Each draw by itself."""
    array = array.transpose("scenario", "region", "draw", "year")
    return _frame(array, {"Draw": array["draw"].values}, array.values).assign(Variable=name)


STATISTICS = {"summary": _summary, "all": _every}
"""What becomes of draws: the kinds that may be asked for."""


def _frame(array: "xr.DataArray", rows: dict[str, Any], values: Array) -> "pd.DataFrame":
    """Rows by scenario, region and one thing more; values ``(scenario, region, row, year)``."""
    import pandas as pd

    keys = {"Scenario": array["scenario"].values, "Region": array["region"].values} | rows
    index = pd.MultiIndex.from_product(list(keys.values()), names=list(keys))
    years = array["year"].values.tolist()
    return pd.DataFrame(values.reshape(-1, len(years)), index=index, columns=years).reset_index()


def check_path(path: Path, overwrite: bool) -> None:
    """Refuse another ending than ``.csv``, and a file that is there."""
    if path.suffix != ".csv":
        raise refusal(path, "a table ends in .csv")
    refuse_taken(path, overwrite)


def save_table(table: "pd.DataFrame", path: str | Path, overwrite: bool = False) -> Path:
    """Write a table as CSV (UTF-8), whole or not at all.

    Parameters
    ----------
    table : pandas.DataFrame
        What :func:`iamc_table` made.
    path : str or Path
        Ends in ``.csv``; missing folders are made.
    overwrite : bool
        Replace what is there.

    Returns
    -------
    Path

    Raises
    ------
    ProblemsError
        Something is there already, another ending, or the disk refuses.
    """
    path = Path(path)
    check_path(path, overwrite)
    return write_whole(path, lambda beside: table.to_csv(beside, index=False), overwrite)
