r"""Where the gain of the core comes from: the rest of the area, outside, or births and deaths.

A plan adds up the targets of cities, but the area has one population. What a scenario gives the
core's own region beyond the base is therefore split exactly, draw by draw:

.. math::

    \Delta N_c = \underbrace{\Delta\textstyle\sum_t (A_c - D_c - X_c)}_{other\ cities}
        + \underbrace{\Delta\textstyle\sum_t X_c}_{outside}
        + \underbrace{\Delta\textstyle\sum_t (B_c - M_c)}_{births\ less\ deaths}

with arrivals :math:`A`, departures :math:`D`, net arrivals from outside :math:`X`, births and
deaths up to the year. What comes from the other cities is what each of them loses within the area
beyond the base. Jobs and output have no origin; there the account is that of places,
:math:`\Delta Y_c = -\Delta Y_{others} + \Delta Y_{area}`: what the others lose, and what is new.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.area import Area
from model.axes import Array
from model.problems import RunError
from outputs.compare import HIGH, LOW, plain
from outputs.indicators import INDICATORS, indicator
from outputs.regions import by_region, region_weights

if TYPE_CHECKING:
    import xarray as xr


GAIN, LOST = "gain of the core", "lost within the area"
OTHERS, OUTSIDE, NATURAL, NEW = (
    "from the other cities", "from outside the area", "births less deaths", "new to the area",
)  # fmt: skip
PLACES = ("jobs", "gdp_real")
TOLERANCE = 1e-9
NOTE = (
    "The core is the region of the core zone. People: moves, births and deaths since the base year "
    "in the scenario less those in the base. Jobs and output: what the other cities lose (minus "
    "means they gain) and what the whole area gains. Parts sum to the gain in every draw."
)


@dataclass(frozen=True, slots=True)
class Source:
    """Part of what the core gains in a scenario against the base, up to a year.

    ``region`` is the core's, or the city that loses. ``share`` is the mean part over the mean gain,
    None where the core does not gain on average; ``probability`` the share of draws in which the
    part is positive.
    """

    account: str
    part: str
    region: str
    year: int
    unit: str
    base: str
    scenario: str
    mean: float | None
    low: float | None
    high: float | None
    share: float | None
    probability: float | None
    draws: int


def core_region(area: Area, region_set: str | None = None) -> str:
    """Region that holds the core zone.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> core_region(load_area())
    'shenyang'
    """
    regions, weights = region_weights(area, region_set or area.settings["default_region_set"])
    return regions[int(weights[:, area.core].argmax())]


def zero_sum(ds: "xr.Dataset", area: Area, year: int | None = None) -> list[Source]:
    """Sources of the core's gain in every other scenario than the first.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of an ensemble of two scenarios or more.
    area : Area
        Study area of the result.
    year : int, optional
        By default the last.

    Returns
    -------
    list of Source
        For each scenario and account the gain, then its parts; for people also what each other
        city loses within the area, which sums to the part from the other cities.

    Raises
    ------
    RunError
        Parts that do not add up to the gain.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> both = ensemble(["trend", "plan_realistic"], draws=2, end=2022)
    >>> rows = zero_sum(both, load_area())
    >>> people = [row.mean for row in rows if row.account == "population"]
    >>> abs(people[0] - sum(people[1:4])) < 1e-6 and abs(people[1] - sum(people[4:])) < 1e-6
    True
    """
    last = int(ds["year"][-1]) if year is None else year
    names = [str(name) for name in ds["scenario"].values]
    core = core_region(area)
    accounts = {"population": people_account(ds, area, core, last)}
    accounts |= {name: place_account(ds, area, name, core, last) for name in PLACES}
    losses = lost_within(ds, area, core, last)
    rows = []
    for at, name in enumerate(names[1:], start=1):
        said = {"year": last, "base": names[0], "scenario": name}
        for account, parts in accounts.items():
            check_sum(account, {part: values[at] for part, values in parts.items()})
            said |= {"account": account, "unit": INDICATORS[account].unit}
            changes = {part: values[at] - values[0] for part, values in parts.items()}
            gain = float(changes[GAIN].mean())
            rows += [source(v, gain, part=p, region=core, **said) for p, v in changes.items()]
            if account == "population":
                rows += [
                    source(values[at] - values[0], gain, part=LOST, region=place, **said)
                    for place, values in losses.items()
                ]
    return rows


def people_account(ds: "xr.Dataset", area: Area, core: str, year: int) -> dict[str, Array]:
    """Residents the core has gained since the base year by origin, (scenario, draw) each."""
    residents = _until(ds, area, "population", year).sel(region=core)
    outside = _added(ds, area, "external_net_migration", year).sel(region=core).values
    births, infants, deaths = (
        _added(ds, area, name, year).sel(region=core).values
        for name in ("births", "infant_deaths", "deaths")
    )
    return {
        GAIN: (residents.isel(year=-1) - residents.isel(year=0)).values,
        OTHERS: _within(ds, area, year).sel(region=core).values,
        OUTSIDE: outside,
        NATURAL: births - infants - deaths,
    }


def lost_within(ds: "xr.Dataset", area: Area, core: str, year: int) -> dict[str, Array]:
    """People each other region has lost to the rest of the area, (scenario, draw) each."""
    within = _within(ds, area, year)
    places = [str(place) for place in within["region"].values]
    return {place: -within.sel(region=place).values for place in places if place != core}


def _within(ds: "xr.Dataset", area: Area, year: int) -> "xr.DataArray":
    """Net arrivals from elsewhere in the area since the base year, (scenario, draw, region)."""
    arrived, left, outside = (
        _added(ds, area, name, year)
        for name in ("arrivals", "departures", "external_net_migration")
    )
    return arrived - left - outside


def _until(ds: "xr.Dataset", area: Area, name: str, year: int) -> "xr.DataArray":
    values = by_region(ds[name], area, area.settings["default_region_set"])
    return values.transpose("scenario", "draw", "year", "region").sel(year=slice(None, year))


def _added(ds: "xr.Dataset", area: Area, name: str, year: int) -> "xr.DataArray":
    """A flow summed over the years after the base year."""
    return _until(ds, area, name, year).isel(year=slice(1, None)).sum("year", skipna=False)


def place_account(
    ds: "xr.Dataset", area: Area, name: str, core: str, year: int
) -> dict[str, Array]:
    """A quantity of the core as that of the area less that of the others, (scenario, draw)."""
    values = indicator(ds, area, name).sel(year=year).transpose("scenario", "draw", "region")
    whole = values.values.sum(axis=-1)
    own = values.sel(region=core).values
    others = values.values[..., [str(r) != core for r in values["region"].values]].sum(axis=-1)
    return {GAIN: own, OTHERS: -others, NEW: whole}


def check_sum(account: str, parts: dict[str, Array]) -> None:
    """Refuse an account whose parts do not add up to the gain, in any draw.

    Raises
    ------
    RunError

    Examples
    --------
    >>> check_sum("jobs", {GAIN: np.array([3.0]), OTHERS: np.array([1.0]), NEW: np.array([2.0])})
    """
    others = [values for part, values in parts.items() if part != GAIN]
    error = np.abs(np.sum(others, axis=0) - parts[GAIN])
    worst = float((error / np.maximum(np.abs(others).sum(axis=0), 1.0)).max())
    if not worst <= TOLERANCE:
        raise RunError(f"the account of {account} does not add up: residual {worst:.1e}")


def source(values: Array, gain: float, **said: Any) -> Source:
    """One row from the paired differences of a part, (draw,), and the mean gain."""
    few = len(values) == 1
    low, high = (None, None) if few else np.percentile(values, [LOW, HIGH])
    return Source(
        mean=plain(values.mean()), low=plain(low), high=plain(high),
        share=plain(values.mean() / gain) if gain > 0 else None,
        probability=None if few or not values.any() else float((values > 0).mean()),
        draws=len(values), **said,
    )  # fmt: skip
