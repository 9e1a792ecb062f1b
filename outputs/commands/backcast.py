"""The model against what was observed and not used to set it: ``backcast``.

Each section is a function from the asked to tables and notes; a part of the model that has
something to show adds its own to ``SECTIONS``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from model.area import load_area
from model.problems import Problem, ProblemsError, nearest
from outputs.commands import console
from outputs.commands.console import Column, Form

if TYPE_CHECKING:
    from model.area import Area

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Table:
    """One table of a section: what JSON and CSV hold, and how it is printed."""

    name: str
    title: str
    columns: list[Column]
    rows: Rows
    notes: list[str] = field(default_factory=list)


def backcast(names: list[str], draws: int, seed: int, area_name: str, form: Form) -> None:
    """Print the sections asked for, all by default."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise ProblemsError(
            [
                Problem("arguments", None, "section", f"unknown {n!r}{nearest(n, list(SECTIONS))}")
                for n in unknown
            ]
        )
    area = load_area(area_name)
    tables = [table for name in names or SECTIONS for table in SECTIONS[name](area, draws, seed)]
    if form == "text":
        for table in tables:
            console.table(table.columns, table.rows, table.title)
            console.paragraphs(table.notes, "")
            print()
        return
    rows = [{"table": table.name} | row for table in tables for row in table.rows]
    console.emit(form, [], rows)


def flows(area: "Area", draws: int, seed: int) -> list[Table]:
    """Commuting: index of flows between cities, times of the core city, and what they tell."""
    from calibration.flow_backcast import flow_backcast

    found = flow_backcast(area, draws, seed)
    pairs = [
        {"origin": a, "destination": b, "index": float(i), "commuters": float(c)}
        for a, b, i, c in zip(
            found.origin, found.destination, found.index, found.commuters, strict=True
        )
    ]
    pairs.sort(key=lambda row: -row["index"])
    scores = found.scores
    tables = [
        Table(
            "flows",
            "Workday flows between cities: observed index and modelled commuters",
            [
                Column("origin", "From", name=True),
                Column("destination", "To", name=True),
                Column("index", "Index 2021", number=True, show=lambda v: f"{v:.4f}"),
                Column("commuters", "Commuters", number=True, show=lambda v: f"{v:,.0f}"),
            ],
            pairs,
            [
                f"{scores.pairs} pairs: rank correlation {scores.rank_correlation:.3f}, SRMSE "
                f"{scores.srmse:.3f} (modelled scaled to the observed total). Central draw of "
                "the base year; commuters of both directions, as an index counts trips each "
                "way. The index covers all purposes, and nothing of it is used to set the model."
            ],
        ),
        Table(
            "times",
            "Commuting times of the core city",
            [
                Column("moment", "Moment", name=True),
                Column("observed", "Size class", number=True),
                Column("sd", "+/-", number=True),
                Column("modelled", "Modelled", number=True, show=lambda v: f"{v:.3f}"),
            ],
            [
                {"moment": name, "observed": seen, "sd": sd, "modelled": said}
                for name, seen, sd, said in found.moments
            ],
            ["Observed: means of very large cities, a proxy; the city's own were not read."],
        ),
    ]
    return tables + ([fit(found.fit)] if found.fit else [])


def fit(estimates: Any) -> Table:
    """Decay and border under each kind of evidence."""
    two = {"number": True, "show": lambda v: f"{v:.3f}"}
    return Table(
        "fit",
        "What times and flows tell of decay and border (margins are never used)",
        [
            Column("parameter", "Parameter", name=True),
            Column("evidence", "Evidence", name=True),
            Column("prior", "Prior", **two),
            Column("median", "Median", **two),
            Column("low", "5 %", **two),
            Column("high", "95 %", **two),
            Column("contraction", "Contraction", **two),
            Column("effective", "Draws", number=True, show=lambda v: f"{v:.0f}"),
        ],
        [vars(one) for one in estimates],
        [
            "Contraction is 1 - sd(posterior) / sd(prior) of logs; under 0.2: not identified. "
            "Draws: effective number behind the posterior; under 30 its width is not to be "
            "trusted. The priors of the model are not replaced by it."
        ],
    )


SECTIONS: dict[str, Callable[["Area", int, int], list[Table]]] = {"flows": flows}
