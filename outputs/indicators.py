"""Indicators: what a reader asks of a result, by region.

One function, :func:`indicator`, serves comparisons, targets and figures alike.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.area import Area
from model.catalogue import CATALOGUE
from model.problems import Problem, ProblemsError, nearest
from outputs.formulas import FORMULAS
from outputs.regions import city_weights, region_weights

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number by region: unit, names, and how it is made of variables of a result.

    ``how`` is ``sum`` (over zones or cities), ``sectors`` (sum, sectors added first), ``share``
    (of output, by sector, family or published sector), ``weighted`` (mean by ``of``), ``ratio``
    (total over total, ``of`` being ``top / bottom``, times ``factor``), ``rung`` (firms on a rung
    or above, ``of`` being ``variable at rung``), ``seats`` or ``whole``.
    """

    unit: str
    long_name: str
    name_zh: str
    how: str = "sum"
    of: str = ""
    factor: float = 1.0


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
    "registered_unemployment": Indicator(
        "share", "Registered unemployment (assumed from the surveyed)",
        "城镇登记失业率（按调查失业率折算）", "weighted", "labour_force"
    ),
    "technology_smes": Indicator(
        "establishments", "Technology SMEs and above", "科技型中小企业及以上",
        "rung", "technology_firms at tech_sme"
    ),
    "births": Indicator("persons", "Births", "出生人数"),
    "deaths": Indicator("persons", "Deaths", "死亡人数"),
    "external_net_migration": Indicator(
        "persons", "Net migration from outside the area", "区外净迁入"
    ),
    "supply_created": Indicator(
        REAL, "Value added of parts made for more local supply", "本地配套新增供给", "whole"
    ),
    "supply_displaced": Indicator(
        REAL, "Value added of parts taken from other customers", "本地配套挤出供给", "whole"
    ),
    "policy_budget": Indicator(REAL, "Budget for the package", "政策预算"),
    "policy_cost": Indicator(REAL, "Full cost of the package", "政策成本"),
    "policy_spending": Indicator(REAL, "Spending on the package", "政策支出"),
    "borrowing": Indicator(REAL, "Borrowing", "借款"),
    "debt": Indicator(REAL, "Debt of the governments", "政府债务"),
    "unmet_spending": Indicator(REAL, "Services that cannot be paid", "未能支付的公共支出"),
    "debt_ratio": Indicator(
        "share", "Government debt over GDP", "政府债务与地区生产总值之比", "ratio",
        "debt / gdp_real",
    ),
    "households": Indicator("1", "Households", "家庭户"),
    "registered": Indicator("persons", "Registered population", "户籍人口"),
    "floating": Indicator("persons", "Floating population", "流动人口"),
    "urbanisation_rate": Indicator(
        "share", "Urban share of residents", "常住人口城镇化率", "ratio",
        "urban_population / population",
    ),
    "registered_urbanisation_rate": Indicator(
        "share", "Urban share of the registered", "户籍人口城镇化率", "ratio",
        "registered_urban / registered",
    ),
    "floor_area_per_head": Indicator(
        "m2", "Floor area per head", "人均住房建筑面积", "ratio",
        "occupied_floor_space / population",
    ),
    "vacancy_rate": Indicator(
        "share", "Vacant floor space", "住房空置率", "weighted", "housing_floor_space"
    ),
    "housing_price": Indicator(
        "yuan of 2020/m2", "Price of housing", "住房价格", "weighted", "occupied_floor_space"
    ),
    "price_income_ratio": Indicator(
        "yr", "Value of a dwelling over yearly income", "房价收入比", "ratio",
        "housing_value / household_income",
    ),
    "built_up_area": Indicator("km2", "Built-up area", "建成区面积"),
    "land_revenue": Indicator(REAL, "Land sales", "土地出让收入"),
    "research_share": Indicator(
        "share", "Research and development over GDP", "研发经费投入强度", "ratio",
        "research_spending / gdp_real",
    ),
    "energy_use": Indicator("Mtce", "Energy use", "能源消费量"),
    "energy_per_gdp": Indicator(
        "tce per 1e4 yuan", "Energy over GDP", "单位地区生产总值能耗", "ratio",
        "energy_use / gdp_real", 100,
    ),
    "co2_emissions": Indicator("Mt", "Carbon dioxide", "二氧化碳排放量"),
    "co2_per_gdp": Indicator(
        "t per 1e4 yuan", "Carbon dioxide over GDP", "单位地区生产总值二氧化碳排放", "ratio",
        "co2_emissions / gdp_real", 100,
    ),
    "co2_per_head": Indicator(
        "t", "Carbon dioxide per head", "人均二氧化碳排放", "ratio",
        "co2_emissions / population", 1e6,
    ),
}  # fmt: skip
HEADLINE = (
    "population", "gdp_real", "gdp_nominal", "budget_revenue", "jobs", "employed_residents",
    "urbanisation_rate", "services_share", "mean_commute", "travel_time_to_core",
    "unemployment_rate",
    "floor_area_per_head", "vacancy_rate", "price_income_ratio", "research_share",
    "energy_per_gdp", "co2_per_gdp", "co2_per_head", "debt_ratio",
)  # fmt: skip


def indicator(
    dataset: "xr.Dataset", area: Area, name: str, region_set: str | None = None
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
    known = check_indicator(name)
    chosen = region_set or area.settings["default_region_set"]
    missing = [v for v in variables_of(name) if v not in dataset]
    if missing:
        message = f"the result has no {' nor '.join(missing)}"
        raise ProblemsError([Problem("result", None, name, message)])
    found = FORMULAS[known.how](dataset, area, (name, known.of), chosen)
    if known.factor != 1:
        found = found * known.factor
    found.name = name
    found.attrs = {"units": known.unit, "long_name": known.long_name, "name_zh": known.name_zh}
    return found


def called(name: str) -> str:
    """Name of an indicator in English and Chinese, for text.

    Examples
    --------
    >>> called("registered")
    'Registered population 户籍人口'
    """
    known = INDICATORS[name]
    return f"{known.long_name} {known.name_zh}"


def variables_of(name: str) -> tuple[str, ...]:
    """Variables of a result that an indicator is made of.

    Examples
    --------
    >>> variables_of("co2_per_head"), variables_of("services_share")
    (('co2_emissions', 'population'), ('output',))
    """
    known = INDICATORS[name]
    if known.how == "share":
        return ("output",)
    apart = {"ratio": " / ", "rung": " at "}.get(known.how)
    parts = known.of.split(apart) if apart else [name, known.of]
    return tuple(part for part in parts if part in CATALOGUE)


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


def known_by(area: Area, region_set: str | None, names: tuple[str, ...] = HEADLINE) -> list[str]:
    """Indicators, of those named, that exist for the regions: budgets are not known by zone.

    Raises
    ------
    ProblemsError
        An unknown region set.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> known_by(load_area(), "zones", ("population", "debt_ratio"))
    ['population']
    """
    chosen = region_set or area.settings["default_region_set"]
    region_weights(area, chosen)
    try:
        city_weights(area, chosen)
    except ProblemsError:
        of_cities = {name for name, row in CATALOGUE.items() if row.dims == ("city",)}
        return [name for name in names if not of_cities.intersection(variables_of(name))]
    return list(names)
