"""Indicators: what a reader asks of a result, by region.

One function, :func:`indicator`, serves comparisons, targets and figures alike.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.catalogue import CATALOGUE
from model.problems import Problem, ProblemsError, nearest

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number by region: unit, names, and how it is made of variables of a result.

    ``how`` is ``sum`` (over zones or cities), ``sectors`` (sum, sectors added first), ``share``
    (of output, by sector, family or published sector), ``weighted`` (mean by ``of``), ``seats``
    or ``whole``.
    """

    unit: str
    long_name: str
    name_zh: str
    how: str = "sum"
    of: str = ""


MONEY, REAL = "1e8 yuan", "1e8 yuan of 2020"
PRIOR, PRIOR_ZH = "given the assumed split of manufacturing", "以制造业分行业假设为条件"
INDICATORS: dict[str, Indicator] = {
    "population": Indicator("persons", "Resident population", "常住人口"),
    "gdp_real": Indicator(REAL, "GDP at 2020 prices", "地区生产总值（2020年价）"),
    "gdp_nominal": Indicator(MONEY, "GDP at current prices", "地区生产总值（现价）"),
    "budget_revenue": Indicator(
        REAL, "Budget revenue at 2020 prices", "一般公共预算收入（2020年价）"
    ),
    "budget_revenue_nominal": Indicator(
        MONEY, "Budget revenue at current prices", "一般公共预算收入（现价）"
    ),
    "jobs": Indicator("persons", "Jobs by place of work", "就业岗位", "sectors"),
    "employed_residents": Indicator("persons", "Employed residents", "就业居民"),
    "services_share": Indicator(
        "share", "Services in GDP", "第三产业增加值占比", "share", "tertiary"
    ),
    "manufacturing_share": Indicator(
        "share", "Manufacturing in GDP", "制造业增加值占比", "share", "manufacturing"
    ),
    "raw_material_share": Indicator(
        "share", f"Raw-material industries in GDP ({PRIOR})", f"原字号增加值占比（{PRIOR_ZH}）",
        "share", "raw"
    ),
    "old_industry_share": Indicator(
        "share", f"Long-established industries in GDP ({PRIOR})",
        f"老字号增加值占比（{PRIOR_ZH}）", "share", "old"
    ),
    "new_industry_share": Indicator(
        "share", f"New industries in GDP ({PRIOR})", f"新字号增加值占比（{PRIOR_ZH}）",
        "share", "new"
    ),
    "travel_time_to_core": Indicator(
        "minutes", "Longest time from a seat to the core", "至核心区最长时间", "seats"
    ),
    "station_time_to_core": Indicator(
        "minutes", "Longest time from a seat to the core, station to station",
        "至核心区最长时间（站到站）", "seats"
    ),
    "population_within_hour": Indicator(
        "share", "Residents within an hour of the core", "一小时圈人口占比", "whole"
    ),
    "mean_commute": Indicator(
        "minutes", "Mean commuting time", "平均通勤时间", "weighted", "employed_residents"
    ),
    "unemployment_rate": Indicator(
        "share", "Unemployment rate", "失业率", "weighted", "labour_force"
    ),
    "births": Indicator("persons", "Births", "出生人数"),
    "deaths": Indicator("persons", "Deaths", "死亡人数"),
    "external_net_migration": Indicator(
        "persons", "Net migration from outside the area", "区外净迁入"
    ),
    "policy_budget": Indicator(REAL, "Budget for the package", "政策预算"),
    "policy_cost": Indicator(REAL, "Full cost of the package", "政策成本"),
    "policy_spending": Indicator(REAL, "Spending on the package", "政策支出"),
    "borrowing": Indicator(REAL, "Borrowing", "借款"),
    "debt": Indicator(REAL, "Debt of the governments", "政府债务"),
}  # fmt: skip
HEADLINE = (
    "population", "gdp_real", "gdp_nominal", "budget_revenue", "jobs", "employed_residents",
    "services_share", "mean_commute", "travel_time_to_core", "unemployment_rate",
)  # fmt: skip


def indicator(
    dataset: "xr.Dataset", area: "Area", name: str, region_set: str | None = None
) -> "xr.DataArray":
    """One indicator by region.

    Parameters
    ----------
    dataset : xarray.Dataset
        Result of a run.
    area : Area
        Study area of the result.
    name : str
        Key of ``INDICATORS``.
    region_set : str, optional
        Set of the area, or ``zones``; by default the area's own.

    Returns
    -------
    xarray.DataArray
        ``(scenario, draw, year, region)``, without ``scenario`` where the result has none. NaN
        where the indicator does not exist: a flow in the base year, or
        ``population_within_hour`` for less than the whole area.

    Raises
    ------
    ProblemsError
        An unknown indicator or region set, or a result without the variable.

    Notes
    -----
    A share over regions is total over total, never a mean of shares. Times are taken at seats:
    the longest over the seats of the region's cities, the core's own city left out unless alone.

    Examples
    --------
    >>> from model import load_area, simulate
    >>> found = indicator(simulate("trend", end=2021), load_area(), "population", "metro")
    >>> int(found.sel(year=2020, draw=0, region="metro").round())
    21223009
    """
    from outputs.formulas import FORMULAS

    known = check_indicator(name)
    chosen = region_set or area.settings["default_region_set"]
    needed = {"share": "output"}.get(known.how, name)
    missing = [v for v in (needed, known.of) if v in CATALOGUE and v not in dataset]
    if missing:
        message = f"the result has no {' nor '.join(missing)}"
        raise ProblemsError([Problem("result", None, name, message)])
    found = FORMULAS[known.how](dataset, area, (name, known.of), chosen)
    found.name = name
    found.attrs = {"units": known.unit, "long_name": known.long_name, "name_zh": known.name_zh}
    return found


def check_indicator(name: str) -> Indicator:
    """Declaration of an indicator.

    Raises
    ------
    ProblemsError
        An unknown name; the message has the nearest.

    Examples
    --------
    >>> check_indicator("mean_commute").unit
    'minutes'
    """
    if name not in INDICATORS:
        message = f"unknown {name!r}{nearest(name, list(INDICATORS))}"
        raise ProblemsError([Problem("arguments", None, "indicator", message)])
    return INDICATORS[name]
