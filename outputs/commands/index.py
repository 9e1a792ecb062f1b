"""Our own six-dimension index of scenarios, with ranks under any weights."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from outputs.commands import console
from outputs.commands.console import Column
from outputs.commands.runs import RunOptions
from outputs.numbers import chance

if TYPE_CHECKING:
    from outputs.index import Standing


def index(names: list[str], asked: RunOptions) -> None:
    """Run scenarios over the same draws and print their standing."""
    from model import ensemble
    from model.area_loading import load_area
    from outputs.index import standings
    from outputs.index_table import load_index

    area = load_area(asked.area)
    components, _ = load_index()
    with console.progress(f"{len(names)} scenarios, {asked.draws} draws") as told:
        result = ensemble(names, progress=told, **asked.arguments())
    rows = standings(result, area)
    if asked.form != "text":
        console.emit(asked.form, [], [asdict(row) for row in rows])
        return
    titles = {c.dimension: f"{c.name_en} {c.name_zh}" for c in components}
    _print(rows, titles)


def _print(rows: list["Standing"], titles: dict[str, str]) -> None:
    from outputs.index import INDEX

    names = list(dict.fromkeys(row.scenario for row in rows))
    by = {(row.dimension, row.scenario): row for row in rows}
    lines = [
        {
            "dimension": titles.get(dimension, "Index 指数") if at == 0 else "",
            "scenario": name,
            "score": _scored(by[dimension, name]),
            "interval": _band(by[dimension, name]),
        }
        for dimension in (*titles, INDEX)
        if by[dimension, names[0]].mean is not None
        for at, name in enumerate(names)
    ]
    columns = [
        Column("dimension", "Dimension"), Column("scenario", "Scenario", name=True),
        Column("score", "Score", number=True), Column("interval", "5 % to 95 %", number=True),
    ]  # fmt: skip
    draws, year = rows[0].draws, rows[0].year
    console.table(columns, lines, f"Six-dimension index of the whole area, {year}, {draws} draws")
    for dimension, title in titles.items():
        absent = by[dimension, names[0]].absent
        if absent:
            said = ", ".join(name.replace("_", " ") for name in absent)
            console.paragraphs([f"Left out, no such variable in the model: {title}: {said}."], "")
    print()
    ranked = [
        {"scenario": name}
        | {str(rank): chance(share) for rank, share in enumerate(by[INDEX, name].ranks, start=1)}
        for name in names
    ]
    heads = [Column(str(rank), f"rank {rank}", number=True) for rank in range(1, len(names) + 1)]
    title = "How often a scenario comes in each rank, over draws and random weights"
    console.table([Column("scenario", "Scenario", name=True), *heads], ranked, title)
    there = sum(by[d, names[0]].mean is not None for d in titles)
    console.paragraphs(
        [
            f"Our own index, over {there} of {len(titles)} dimensions; it is not the official one. "
            "The plans name two dimensions and print neither numbers nor weights; the other four "
            "are ours. Scores run from 0 to 1 between fixed goalposts (an assumption, in "
            "outputs/data/index.csv). A star marks a score "
            "with a component beyond its goalposts in some draws, where it counts as at them."
        ],
        "",
    )


def _scored(row: "Standing") -> str:
    # a blank in the place of the star keeps the digits under each other
    return "-" if row.mean is None else f"{row.mean:.3f}{'*' if row.outside else ' '}"


def _band(row: "Standing") -> str:
    none = row.draws == 1 or row.low is None or row.high is None
    return "-" if none else f"{row.low:.3f} to {row.high:.3f}"
