"""Short labels of the headline indicators, and the unit in which they are printed."""

LABELS: dict[str, tuple[str, float]] = {
    "population": ("People 人口, 10 000", 1e-4),
    "jobs": ("Jobs 就业, 10 000", 1e-4),
    "employed_residents": ("Employed 就业居民, 10 000", 1e-4),
    "gdp_real": ("GDP 生产总值, 1e8 yuan of 2020", 1.0),
    "gdp_nominal": ("GDP 生产总值, 1e8 yuan, current", 1.0),
    "budget_revenue": ("Revenue 财政收入, 1e8 yuan of 2020", 1.0),
    "urbanisation_rate": ("Urban residents 城镇化率, %", 100.0),
    "services_share": ("Services in GDP 三产占比, %", 100.0),
    "unemployment_rate": ("Unemployment 失业率, %", 100.0),
    "mean_commute": ("Mean commute 平均通勤, min", 1.0),
    "travel_time_to_core": ("Farthest seat to core 至核心, min", 1.0),
    "floor_area_per_head": ("Floor area a head 人均住房, m2", 1.0),
    "vacancy_rate": ("Vacant floor space 空置率, %", 100.0),
    "price_income_ratio": ("Dwelling over income 房价收入比, yr", 1.0),
    "research_share": ("Research in GDP 研发强度, %", 100.0),
    "energy_per_gdp": ("Energy 能耗, tce a 1e4 yuan", 1.0),
    "co2_per_gdp": ("CO2 碳排放, t a 1e4 yuan", 1.0),
    "co2_per_head": ("CO2 人均碳排放, t a head", 1.0),
    "debt_ratio": ("Debt over GDP 负债率, %", 100.0),
}
"""Label, short enough for one line, and factor."""


def scaled(value: float | None, factor: float) -> float | None:
    """A number in the unit of its label; None stays None.

    Examples
    --------
    >>> scaled(0.625, LABELS["services_share"][1]), scaled(None, 100.0)
    (62.5, None)
    """
    return None if value is None else value * factor
