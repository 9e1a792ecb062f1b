"""Behind a comparison: where the core's gain comes from, and what each lever family contributes."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from outputs.commands import console
from outputs.commands.console import Column
from outputs.commands.headlines import LABELS, scaled
from outputs.labels import place_name
from outputs.numbers import chance, interval, number, percent, signed

if TYPE_CHECKING:
    from model.area import Area
    from outputs.attribution import Contribution
    from outputs.zero_sum import Source

ATTRIBUTED = ("population", "jobs", "gdp_real", "budget_revenue", "mean_commute")


def as_rows(table: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Rows as plain data, each with the name of its table first."""
    return [{"table": table} | asdict(row) for row in rows]


def print_gains(rows: list["Source"], area: "Area") -> None:
    """One table of sources of the core's gain for each scenario."""
    from outputs.zero_sum import GAIN, LOST, NOTE

    for name in dict.fromkeys(row.scenario for row in rows):
        lines = []
        for row in (row for row in rows if row.scenario == name):
            label, factor = LABELS[row.account]
            lost = row.part == LOST
            said = f"of which {place_name(area, row.region)}" if lost else row.part
            lines.append({
                "account": label if row.part == GAIN else "", "part": said,
                "mean": signed(scaled(row.mean, factor)),
                "interval": interval(scaled(row.low, factor), scaled(row.high, factor)),
                "share": "-" if row.share is None else percent(100 * row.share),
                "chance": chance(row.probability),
            })  # fmt: skip
        core, year, base = rows[0].region, rows[0].year, rows[0].base
        title = f"{name} against {base}: where the gain of {place_name(area, core)} comes from"
        console.table(_SOURCES, lines, f"{title}, to {year}")
    console.paragraphs([NOTE], "")


def print_contributions(rows: list["Contribution"], area: "Area") -> None:
    """For the whole area in the last year: one table for each scenario and indicator."""
    from outputs.attribution import DEMAND, SYNERGY, WHOLE

    if not rows:
        console.paragraphs(["Attribution: no scenario differs from the base in anything."], "")
        return
    place, year = rows[-1].region, max(row.year for row in rows)
    kept = [row for row in rows if row.region == place and row.year == year]
    for name in dict.fromkeys(row.scenario for row in kept):
        for key in ATTRIBUTED:
            mine = [row for row in kept if (row.scenario, row.indicator) == (name, key)]
            label, factor = LABELS[key]
            parts = [row for row in mine if row.part not in {SYNERGY, DEMAND, WHOLE}]
            parts.sort(key=lambda row: -abs(row.mean or 0.0))
            whole = [row for row in mine if row.part == WHOLE]
            lines = [_part(row, area, factor) for row in (*parts, *whole)]
            title = f"{name} against {rows[0].base}, {label}, in {year}: {place_name(area, place)}"
            console.table(_PARTS, lines, title)
            demand = [
                row
                for row in rows
                if (row.scenario, row.indicator, row.region, row.part) == (name, key, place, DEMAND)
            ]
            said = [_synergy(row, factor) for row in mine if row.part == SYNERGY]
            if any(row.mean for row in demand):
                said.append(_demand(demand, factor))
            console.paragraphs(said, "")
        print()
    console.paragraphs(
        [
            f"Shapley values over lever families. They come from fewer draws than the comparison: "
            f"every part alone in {kept[0].draws} of the paired draws, and all parts together, "
            f"added one by one in an order of its own and its reverse, in {kept[0].ordered} of "
            "those (four parts or fewer: all their combinations instead). The regression on the "
            "whole carries them to all draws; +- is the standard error of the mean that draws and "
            "orders leave. `Alone`: the part without the others. Under a binding budget a part "
            "can cost the others more than it gives."
        ],
        "",
    )


def _synergy(row: "Contribution", factor: float) -> str:
    said = f"{signed(scaled(row.mean, factor))} +- {number(scaled(row.error, factor))}"
    return (
        f"Synergy: the whole is {said} beyond the sum of the parts alone. The parts sum to the "
        f"whole within {row.residual:.0e}."
    )


def _demand(rows: list["Contribution"], factor: float) -> str:
    """What borrowed money buys locally, year by year, as a sentence."""
    said = ", ".join(
        f"{signed(scaled(row.mean, factor))} +- {number(scaled(row.error, factor))} "
        f"({percent(row.percent)}) in {row.year}"
        for row in rows
    )
    return (
        f"Demand: of the whole, {said} is what the money borrowed for the package buys locally, in "
        "whichever parts; it lasts as long as the borrowing does."
    )


def _part(row: "Contribution", area: "Area", factor: float) -> dict[str, str]:
    names = {f["family"]: f"{f['name_en']} {f['name_zh']}" for f in area.tables["families"]}
    error = scaled(row.error, factor)
    return {
        "part": names.get(row.part, row.part),
        "mean": signed(scaled(row.mean, factor)),
        "error": "" if error is None else f"+- {number(error)}",
        "interval": ""
        if row.low is None
        else interval(scaled(row.low, factor), scaled(row.high, factor)),
        "percent": percent(row.percent),
        "alone": "" if row.alone is None else signed(scaled(row.alone, factor)),
    }


_SOURCES = [
    Column("account", "Account"), Column("part", "Where from"),
    Column("mean", "Mean", number=True), Column("interval", "5 % to 95 %", number=True),
    Column("share", "of gain", number=True), Column("chance", "P(> 0)", number=True),
]  # fmt: skip
_PARTS = [
    Column("part", "Lever family"), Column("mean", "Part", number=True),
    Column("error", "Error", number=True), Column("interval", "5 % to 95 %", number=True),
    Column("percent", "of whole", number=True), Column("alone", "Alone", number=True),
]  # fmt: skip
