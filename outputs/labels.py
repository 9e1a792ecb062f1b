"""Words and numbers on figures: ticks, units, names of places, fonts."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.area import Area

CJK_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "SimHei",
    "Hiragino Sans GB", "Heiti SC", "Arial Unicode MS", "Droid Sans Fallback",
)  # fmt: skip


def tick(value: float, unit: str, ticks: Sequence[float]) -> str:
    """Text of one of several ticks, with as many digits as tell them apart.

    Examples
    --------
    >>> tick(9_200_000, "persons", [9_200_000, 9_400_000]), tick(5e4, "persons", [0, 5e4])
    ('9.2 M', '50 k')
    >>> tick(0.625, "share", [0.62, 0.625]), tick(10_000, "1e8 yuan", [8_000, 10_000])
    ('62.5 %', '10,000')
    """
    largest = max(abs(float(one)) for one in ticks)
    factor, ending = 1.0, ""
    if unit == "share":
        factor, ending = 100.0, " %"
    elif unit == "persons" and largest >= 1e6:
        factor, ending = 1e-6, " M"
    elif unit == "persons" and largest >= 1e4:
        factor, ending = 1e-3, " k"
    step = abs(float(ticks[1]) - float(ticks[0])) * factor if len(ticks) > 1 else 1.0
    digits = min(max(0, -math.floor(math.log10(step) + 1e-9)), 4) if step else 0
    return f"{value * factor + 0.0:,.{digits}f}{ending}"


def unit_label(unit: str) -> str:
    """Unit as it stands on an axis.

    Examples
    --------
    >>> unit_label("1e8 yuan of 2020"), unit_label("share")
    ('100 million yuan at 2020 prices', 'percent')
    """
    if unit == "share":
        return "percent"
    return unit.replace("1e8 yuan", "100 million yuan").replace(" of 2020", " at 2020 prices")


def unit_word(unit: str) -> str:
    """Unit as a reader takes it, where "1" beside a number would look like another number.

    Examples
    --------
    >>> unit_word("1"), unit_word("1/yr")
    ('pure number', '1/yr')
    """
    return "pure number" if unit == "1" else unit


def title_of(area: "Area", region: str, chinese: bool) -> str:
    """Name of a region for a figure, Chinese first where a font has it.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> title_of(load_area(), "anshan", True), title_of(load_area(), "heping", False)
    ('鞍山市  Anshan', 'Heping District')
    """
    names = {row["city"]: row for row in area.tables["cities"]}
    names |= {row["zone"]: row for row in area.tables["zones"] if row["zone"] not in names}
    names |= {row["region"]: row for row in area.tables["report_only"]}
    if region in names:
        both = (names[region]["name_zh"], names[region]["name_en"])
    else:
        both = (str(area.settings.get("title_zh", "")), str(area.settings["title"]))
    shown = both if chinese else both[1:]
    return "  ".join(part for part in shown if part)


def both(english: str, chinese: str) -> str:
    r"""English title over the Chinese one; alone where there is no other.

    Examples
    --------
    >>> both("Rail first", "铁路先行"), both("Rail first", "")
    ('Rail first\n铁路先行', 'Rail first')
    """
    return f"{english}\n{chinese}" if chinese else english


MODE_NAMES = {
    "walk": "walk 步行", "cycle": "cycle 骑行", "car": "car 小汽车", "bus": "bus 公交",
    "metro": "metro 地铁", "rail": "rail 铁路",
}  # fmt: skip
"""Means of getting to work in English and Chinese, for text."""


def place_name(area: "Area", region: str) -> str:
    """Name of a region in English and Chinese, for text.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> place_name(load_area(), "anshan")
    'Anshan 鞍山市'
    """
    for table, key in (("cities", "city"), ("zones", "zone"), ("report_only", "region")):
        for row in area.tables[table]:
            if row[key] == region:
                return f"{row['name_en']} {row['name_zh']}"
    whole = {row["region"] for row in area.tables["region_sets"] if row["region_set"] == region}
    return f"Whole area {area.settings['title_zh']}" if region in whole else region


def chinese_font() -> str | None:
    """Name of an installed font with Chinese, if any."""
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CJK_FONTS if name in installed), None)


def family(font: str | None) -> dict[str, Any]:
    """Keyword for a text that may have Chinese in it.

    Given with the text itself: a figure looks its fonts up when it is saved, not when it is made.

    Examples
    --------
    >>> family(None)
    {}
    """
    return {"fontfamily": [font, "DejaVu Sans"]} if font else {}
