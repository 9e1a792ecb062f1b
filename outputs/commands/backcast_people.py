"""Section ``people`` of ``backcast``: the earlier census to the later one."""

from typing import TYPE_CHECKING

from outputs.commands.backcast_tables import (
    BackcastOptions,
    Table,
    percent,
    points,
    signed,
    three,
    two,
)
from outputs.commands.console import Column
from outputs.labels import place_name

if TYPE_CHECKING:
    from calibration.backcast_people import Hindcast, Level
    from model.area import Area

SCORES = [
    Column("forecast", "Forecast", name=True),
    Column("mape", "MAPE\n%", True, show=points),
    Column("weighted_mape", "weighted\n%", True, show=points),
    Column("bias", "Total\n%", True, show=points),
    Column("log_rmse", "RMSE\nof log", True, show=three),
    Column("dissimilarity", "Shares\npoints", True, show=points),
    Column("rank_correlation", "Ranks", True, show=two),
    Column("skill", "Skill\nlog", True, show=two),
    Column("skill_persons", "Skill\npersons", True, show=two),
    Column("verdict", "Model", name=True),
]
PLACES = [
    Column("unit", "Region", name=True),
    Column("before", "First", True),
    Column("observed", "Observed", True),
    Column("model", "Model", True),
    Column("error", "Error", True, show=signed),
    Column("low", "2.5 %", True),
    Column("high", "97.5 %", True),
    Column("held", "Held", name=True),
]
BANDS = [
    Column("level", "Level", name=True),
    Column("units", "Units", True),
    Column("crps", "CRPS\nof log", True, show=three),
    Column("crps_best", "best\nrival", True, show=three),
    Column("best_rival", "Best rival"),
    Column("verdict", "Model", name=True),
    Column("covered_50%", "in\n50 %", True, show=percent),
    Column("covered_80%", "in\n80 %", True, show=percent),
    Column("covered_95%", "in\n95 %", True, show=percent),
]
BIAS = [
    Column("kind", "Kind", name=True),
    Column("units", "Units", True),
    Column("observed", "Observed", True),
    Column("model", "Model", True, show=signed),
    Column("rival", "Best rival", True, show=signed),
]


def people(asked: BackcastOptions) -> list[Table]:
    """Residents from the earlier census to the later one."""
    from calibration import backcast_people as past

    found = past.hindcast(asked.area, asked.draws, asked.seed)
    levels = found.levels()
    span = f"{found.early.base_year} -> {found.area.base_year}"
    tables = [_scores(level, span, found.area) for level in levels]
    first = found.regions(found.area.settings["statistics_region_set"])
    tables.insert(0, _regions(first, span))
    if len(found.draws) > 1:
        title = f"People {span}: bands of {asked.draws} draws against point forecasts"
        tables.append(Table("bands", title, BANDS, [past.bands(level) for level in levels]))
    for level in (found.zones(), levels[-1]):
        rows = past.biases(level)
        title = f"People {span}: error of totals by kind of unit, {level.name}"
        title += f" (best rival: {rows[0]['best_rival']})"
        tables.append(Table("bias", title, BIAS, rows))
    tables[-1].notes.extend(_remarks(found))
    return tables


def _regions(level: "Level", span: str) -> Table:
    """Each region: what came, and what the model said."""
    import numpy as np

    from calibration.backcast_people import CENTRAL

    rows = []
    for at, unit in enumerate(level.units):
        seen, said = float(level.observed[at]), float(level.forecasts[CENTRAL][at])
        row = {"unit": unit, "before": float(level.before[at]), "observed": seen, "model": said}
        row["error"] = said / seen - 1
        if len(level.draws) > 1:
            low, high = (float(x) for x in np.quantile(level.draws[:, at], [0.025, 0.975]))
            row |= {"low": low, "high": high, "held": "yes" if low <= seen <= high else "no"}
        rows.append(row)
    return Table("regions", f"People {span} by region, persons", PLACES, rows)


def level_name(name: str, area: "Area") -> str:
    """Name of a level, with what it leaves out in both languages.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> level_name("cities7 without benxi", load_area()), level_name("zones", load_area())
    ('cities7 without Benxi 本溪市', 'zones')
    """
    level, without, places = name.partition(" without ")
    left = ", ".join(place_name(area, place) for place in places.split(", ") if place)
    return f"{level}{without}{left}"


def _scores(level: "Level", span: str, area: "Area") -> Table:
    """Scores of all forecasts of a level; the best rival is marked."""
    from calibration.backcast_people import summary

    rows = summary(level)
    for row in rows:
        row["verdict"] += ", best" if row["best"] else ""
    won = sum(row["verdict"].startswith("won") for row in rows)
    title = f"People {span}: {level_name(level.name, area)}, {len(level.units)} units; "
    title += f"the model beats {won} of {len(level.rivals)} rivals"
    return Table("scores", title, SCORES, rows)


def _remarks(found: "Hindcast") -> list[str]:
    """What the tables do not say of themselves."""
    from calibration.backcast_people import DOUBTED

    first, before = found.early.base_year, found.early.settings["history_year"]
    larger = found.early.tables["larger_area"][0]["area"]
    doubted = [
        f"{place_name(found.area, place)}: {why}"
        for place, why in DOUBTED.items()
        if place in found.area.cities
    ]
    return [
        "Model: won or lost against that rival, by the RMSE of the log ratio of the central case. "
        "Skill is 1 - MSE / MSE of the best rival at this level, of log ratios and of persons.",
        "A constant share is told the total it shares, which nobody knew in the first year. "
        "`best` marks the best rival of a level.",
        f"Hamilton-Perry: no age is known of any city at the census of {before}. Borrowed are the "
        f"cohort change ratios of {larger} between the censuses of {before} and {first}, with the "
        f"ages and child-woman ratios of {first} here. Scaled: the same ratios times one factor a "
        f"region, with which its people of {first} add up to its total of {before} when taken "
        "back. Nothing later is told. Closed cohort survival: national survival, nobody moves, "
        "children by child-woman ratios.",
        "Zones and ages of a rival grow as their region does, except in these three. "
        "Redrawn zones of a region are one unit.",
        *(f"Scored with and without {text}." for text in doubted),
    ]
