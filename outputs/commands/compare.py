"""Scenarios side by side: paired differences as tables, all of it saved."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from model import ahead
from model.problems import Problem, ProblemsError, together
from outputs.commands import console, gains
from outputs.commands.console import Column
from outputs.commands.headlines import LABELS, scaled
from outputs.commands.runs import Ledger, RunOptions, check_place, keep
from outputs.commands.years import typed_years
from outputs.labels import place_name
from outputs.numbers import chance, interval, number, percent, signed

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area
    from model.scenario import Scenario
    from outputs.attribution import Contribution
    from outputs.compare import Difference
    from outputs.subsets import HandedOut

USUAL_YEARS = (2025, 2030, 2035)
FEWEST_DRAWS = 8
# From here on it pays to start processes before it is known what they will do.
MANY_DRAWS = 16
IN_DETAIL = ("population", "jobs", "gdp_real", "budget_revenue")


def compare(
    names: list[str],
    years: str | None,
    region_set: str | None,
    asked: RunOptions,
    ledger: Ledger,
    parts_of: int | None = None,
) -> None:
    """Run scenarios over the same draws; print differences from the first, and save.

    ``parts_of`` is the number of further draws to run for an attribution, None for none.
    """
    from model.workers import kept, workers_for

    check_place(asked)
    hands = workers_for(max(asked.draws // FEWEST_DRAWS, 2), asked.workers)
    ready = (ahead.load, asked.area) if asked.draws >= MANY_DRAWS else ()
    with kept(hands, *ready):
        _compare(names, years, region_set, asked, ledger, parts_of)


def _compare(
    names: list[str],
    years: str | None,
    region_set: str | None,
    asked: RunOptions,
    ledger: Ledger,
    parts_of: int | None,
) -> None:
    """As :func:`compare`, with workers getting ready; the first tables are printed as they work."""
    from model import ensemble
    from model.area_loading import load_area
    from model.arguments import settle
    from outputs.compare import compare as differences
    from outputs.indicators import known_by
    from outputs.paid import paid_rows
    from outputs.zero_sum import zero_sum

    area = load_area(asked.area)
    asked_of = (asked.engine, asked.scale, asked.draws, asked.end)
    indicators, wanted, (settled, last), _ = together(
        lambda: known_by(area, region_set),
        lambda: years_of(years, asked.end, area),
        lambda: settle(names, *asked_of, area),
        lambda: refuse_parts(asked, parts_of),
    )
    shown = [year for year in wanted if year <= last]
    parts = None if parts_of is None else Attribution(area, settled, shown, parts_of, asked)
    with console.progress(f"{len(names)} scenarios, {asked.draws} draws") as told:
        result = ensemble(
            settled, progress=told, meanwhile=parts and parts.begin, **asked.arguments()
        )
    rows = differences(result, area, indicators, years=shown, region_set=region_set)
    origins = zero_sum(result, area)
    if asked.form == "text":
        _print(rows, result, area, asked)
        gains.print_gains(origins, area)
    refused = None
    try:
        keep(result, area, asked, ledger)
    except ProblemsError as error:
        refused = error  # what has been computed is shown all the same
    attributed = [] if parts is None else parts.found(result)
    if asked.form != "text":
        tables: dict[str, Sequence[Any]] = {
            "differences": rows,
            "zero_sum": origins,
            "attribution": attributed,
            "paid": paid_rows(result, area),
        }
        data = [line for name, table in tables.items() for line in gains.as_rows(name, table)]
        console.emit(asked.form, [], data)
    elif parts is not None:
        gains.print_contributions(attributed, area)
    if refused is not None:
        raise refused


class Attribution:
    """An attribution of a comparison: handed out behind its runs, and read when they are done."""

    def __init__(
        self,
        area: "Area",
        scenarios: list["Scenario"],
        years: list[int],
        runs: int,
        asked: RunOptions,
    ) -> None:
        from outputs.attribution import inquiry

        self._area, self._scenarios, self._years, self._asked = area, scenarios, years, asked
        self._inquiry = inquiry(area, scenarios, asked.draws, asked.seed, runs)
        self._handed: HandedOut | None = None

    def begin(self) -> None:
        """Hand out what is to be run."""
        from model.begin import Plan
        from outputs.subsets import ask

        one, last = self._asked, max(self._years)
        plan = Plan(self._scenarios[0], one.area, one.engine, one.scale, one.seed, one.draws, last,
                    False)  # fmt: skip
        if self._inquiry.jobs:
            self._handed = ask(plan, self._inquiry.jobs, self._years, one.workers)

    def found(self, result: "xr.Dataset") -> list["Contribution"]:
        """Contributions to the differences in a result, with the progress of the runs on stderr."""
        from outputs.attribution import attribute
        from outputs.subsets import answers

        with console.progress("attribution") as told:
            more = None if self._handed is None else answers(self._handed, told)
        return attribute(
            result, self._area, self._scenarios, self._inquiry, more, gains.ATTRIBUTED,
            self._years,
        )  # fmt: skip


def refuse_parts(asked: RunOptions, parts_of: int | None) -> None:
    """Refuse an attribution that could not be computed.

    Raises
    ------
    ProblemsError
        Another engine than the mean one, or fewer draws than an error needs.
    """
    if parts_of is None:
        return
    found = []
    if asked.engine != "mean":
        found.append(("engine", "contributions are computed with the mean engine"))
    if asked.draws < FEWEST_DRAWS:
        message = f"an attribution needs {FEWEST_DRAWS} draws or more, not {asked.draws}"
        found.append(("draws", message))
    if found:
        raise ProblemsError([Problem("arguments", None, key, text) for key, text in found])


def years_of(text: str | None, end: int | None, area: "Area") -> list[int]:
    """Years to print: as typed, else the usual ones up to the end of the run.

    Raises
    ------
    ProblemsError
        Something that is no year, or a year outside the run.
    """
    from model.arguments import HORIZON

    last = end or area.base_year + HORIZON
    if text is None:
        usual = [year for year in USUAL_YEARS if area.base_year < year < last]
        return [*usual, last]
    return sorted(set(typed_years(text, area.base_year, last)))


def _print(rows: list["Difference"], result: "xr.Dataset", area: "Area", asked: RunOptions) -> None:
    """The whole area over all years, then the regions in the last year."""
    from outputs.compare import INTERVAL_NOTE, ONE_DRAW_NOTE
    from outputs.local_supply import supply_in_words
    from outputs.paid import paid_in_words

    base, last, whole = rows[0].base, max(row.year for row in rows), rows[-1].region
    for other in dict.fromkeys(row.scenario for row in rows):
        lines = [
            _line(row, area)
            for row in rows
            if row.scenario == other and row.region == whole and row.base_mean is not None
        ]
        title = f"{other} against {base}: {place_name(area, whole)}"
        console.table([*_INDICATOR, *_NUMBERS], _said_once(lines, "indicator"), title)
    for name in dict.fromkeys(row.indicator for row in rows if row.indicator in IN_DETAIL):
        lines = [
            _line(row, area)
            for row in rows
            if row.indicator == name and row.year == last and row.region != whole
        ]
        title = f"{LABELS[name][0]}, in {last}, against {base}"
        console.table([*_REGION, *_NUMBERS], _said_once(lines, "place"), title)
    console.paragraphs([*paid_in_words(result, area), *supply_in_words(result)], "")
    note = ONE_DRAW_NOTE if asked.draws == 1 else f"{asked.draws} paired draws. {INTERVAL_NOTE}"
    console.paragraphs([note, "More indicators by region and year: --csv or --json."], "")


def _said_once(lines: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    """Lines whose name is left blank where it is that of the line above."""
    names = [None, *(line[key] for line in lines)]
    return [
        line | {key: "" if line[key] == above else line[key]}
        for line, above in zip(lines, names, strict=False)
    ]


def _line(row: "Difference", area: "Area") -> dict[str, Any]:
    label, factor = LABELS[row.indicator]
    return {
        "indicator": label,
        "year": row.year,
        "place": place_name(area, row.region),
        "scenario": row.scenario,
        "base": number(scaled(row.base_mean, factor)),
        "difference": signed(scaled(row.difference, factor)),
        "interval": interval(scaled(row.low, factor), scaled(row.high, factor)),
        "percent": percent(row.percent),
        "chance": chance(row.probability),
    }


_INDICATOR = [Column("indicator", "Indicator"), Column("year", "Year", name=True)]
_REGION = [Column("place", "Region 地区"), Column("scenario", "Scenario", name=True)]
_NUMBERS = [
    Column("base", "Base", number=True),
    Column("difference", "Difference", number=True),
    Column("interval", "5 % to 95 %", number=True),
    Column("percent", "of base", number=True),
    Column("chance", "P(> 0)", number=True),
]
