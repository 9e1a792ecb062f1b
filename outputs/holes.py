"""Rows of tables that fill a hole: which draw stands for their uncertainty, or why none does."""

from model.area import Area
from model.processes import PARAMETERS
from model.reading.tables import Row

DRAWN = {
    "energy": ("energy_weight.", "energy_intensity."),
    "families": ("ceiling_factor.",),
    "headship_profile": ("headship_odds.",),
    "house_prices": ("house_price_factor.",),
    "land": ("built_up_factor.",),
    "participation": ("participation_odds.",),
    "roads": ("road_gain.",),
    "retirement": ("participation.retirement_uptake",),
    "sectors": ("labour_share_odds.", "industry.labour_share_shift"),
    "stations": ("accessibility.access_scale",),
    "technology_firms": ("technology_firms_factor.",),
}
"""Numbers drawn by table: names, or beginnings of names."""

CROWD = (
    "part of the people of the base year, one crowd of whole persons that all draws start from "
    "and that keeps what the census counted; a draw of it would need a crowd of its own"
)
NOT_DRAWN = {
    "carve_outs": CROWD,
    "education_profile": CROWD,
    "hukou_profile": CROWD,
    "history_evidence": "says what other numbers rest on; no run reads it",
    "own_city": CROWD,
    "population": "gives the ages of those who may come from a region; how many do is drawn "
    "(net_exchange.*, inflow_share.*)",
    "regions": "geometry: a point that stands for a region; the flows of the base year are drawn "
    "(net_exchange.*, inflow_share.*), and how distance weighs (migration.*)",
    "zones": "geometry: where the seat of a zone lies; speeds and circuity are drawn",
    "links": "minutes and trains of a line, printed and assumed ones together; waits, boarding "
    "and ways to stations are drawn (accessibility.*)",
    "projects": "a date, which a scenario sets (`openings`); delays of levers are drawn",
    "registered": "splits registered people into urban and rural; no process reads that",
}
BASE_YEAR = frozenset(
    {"education_profile", "headship_profile", "house_prices", "hukou_profile", "land", "own_city",
     "registered"}
)  # fmt: skip
"""Tables of which a start reads the rows of its base year alone."""


def standing(area: Area, table: str, rows: list[Row]) -> str:
    """What becomes of the uncertainty of assumed rows of a table.

    Parameters
    ----------
    area : Area
    table : str
    rows : list of Row

    Returns
    -------
    str
        ``assumed, drawn by ...``, or ``assumed, not drawn: ...`` with the reason.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> area = load_area("shenyang")
    >>> standing(area, "stations", area.tables["stations"])
    'assumed, drawn by accessibility.access_scale'
    """
    if table in BASE_YEAR and all(row["year"] != area.base_year for row in rows):
        return f"assumed, not drawn: no start in {area.base_year} reads these years"
    held = [name for name, _, _ in area.assumed_numbers] + [
        f"{prefix}.{name}" for prefix, cls in PARAMETERS.items() for name in cls.declarations()
    ]
    starts = DRAWN.get(table, ())
    by = [start for start in starts if any(name.startswith(start) for name in held)]
    if by:
        return "assumed, drawn by " + ", ".join(f"{one}*" if one[-1] == "." else one for one in by)
    nothing = f"this area assumes no {' or '.join(f'{start}*' for start in starts)}"
    return "assumed, not drawn: " + (nothing if starts else NOT_DRAWN.get(table, "no prior given"))
