"""The plans' own numbers held against a scenario."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from outputs.commands import console
from outputs.commands.console import Column
from outputs.commands.runs import Ledger, RunOptions
from outputs.labels import place_name
from outputs.numbers import number, percent
from outputs.wrapping import fill

if TYPE_CHECKING:
    import xarray as xr

    from calibration.ledger import Target
    from model.area import Area
    from model.scenario import Scenario
    from outputs.levers_needed import Need
    from outputs.targets import Score

OFTEN = 3  # statements that share a reason told in the summary


def targets(
    name: str,
    asked: RunOptions,
    ledger: Ledger,
    needed_draws: int | None = None,
    listed: bool = False,
) -> None:
    """Run a scenario and say which targets are met, how surely, and when.

    ``needed_draws`` is the number of draws for the search of levers needed, None for none;
    ``listed`` names the statements that are not scored, which else are counted by reason.
    """
    from model import ensemble
    from model.area_loading import load_area
    from model.arguments import settle
    from model.problems import together
    from outputs.targets import score_targets

    area = load_area(asked.area)
    wanted, _ = together(
        lambda: ledger(area),
        lambda: settle([name], asked.engine, asked.scale, asked.draws, asked.end, area),
    )
    if not wanted:
        console.say(f"The study area {area.name} has no ledger of targets.")
    with console.progress(f"{name}, {asked.draws} draws") as told:
        result = ensemble([name], progress=told, **asked.arguments())
    scores = score_targets(result, area, wanted)
    needs = [] if needed_draws is None else _search(name, asked, wanted, needed_draws, area)
    if asked.form == "text":
        _print(scores, area, asked)
        _print_unscored(scores, listed)
        if needed_draws is not None:
            _print_needs(needs, name, area)
    else:
        answers = {need.id: need for need in needs}
        console.emit(asked.form, [], [_with_need(score, answers) for score in scores])


def _search(
    name: str, asked: RunOptions, wanted: Sequence["Target"], draws: int, area: "Area"
) -> list["Need"]:
    """Levers needed for each target, with the runs counted on stderr."""
    from dataclasses import replace

    from model import ensemble
    from model.arguments import settle
    from outputs.levers_needed import levers_needed

    fewer = replace(asked, draws=draws)
    (scenario,), last = settle([name], asked.engine, asked.scale, draws, asked.end, area)
    count = 0

    def run(scenarios: list["Scenario"]) -> "xr.Dataset":
        nonlocal count
        count += len(scenarios)
        with console.progress(f"levers needed, {count} mixes, {draws} draws") as told:
            return ensemble(scenarios, progress=told, **(fewer.arguments() | {"end": last}))

    return levers_needed(scenario, wanted, area, run, last)


def _with_need(score: "Score", needs: dict[str, "Need"]) -> dict[str, Any]:
    need = needs.get(score.id)
    keys = ("found", "families", "scales", "probability", "error", "chance", "median")
    return asdict(score) | {
        f"needed_{key}": None if need is None else getattr(need, key) for key in keys
    }


def _print_needs(needs: list["Need"], name: str, area: "Area") -> None:
    """What each target would need of the levers of a scenario."""
    from outputs.indicators import called

    rows = []
    for need in needs:
        known, year = called(need.variable), need.year
        goal = f"{need.comparator} {_measured(need.target, need.unit)} in {year}"
        outcome = f"P(met) {need.chance}, median {_number(need.median, need.unit == 'share')}"
        said = {
            "nothing": f"met without levers: {outcome}",
            "levers": f"{_doses(need, area)} times the doses: {outcome}",
            "none": f"none; the best that was tried: {outcome}",
        }[need.found]  # fmt: skip
        head = f"{need.id} {place_name(area, need.region)}, {known}: {goal}"
        rows.append({"head": head, "body": said})
    print()
    console.records(rows, f"Levers of {name} needed for P(met) of one half, within the budget")
    if needs:
        console.paragraphs(
            [f"Families in the order of what they bring alone, up to {needs[0].highest:g} times "
             f"the doses and {needs[0].draws} draws; the fewest that are enough, their lowest "
             "common multiple, then each family's own lowered as far as P(met) allows with the "
             "others held, the least helpful first, in steps of an eighth of the common one. "
             "Smallest in each dose by itself (where more of a family never lowers P), not over "
             "all vectors. None means that none was found this way. Budgets are taken as capped, "
             "whatever the scenario says."],
            "",
        )  # fmt: skip


def _doses(need: "Need", area: "Area") -> str:
    """Families with their multiples of the scenario's doses."""
    names = {row["family"]: f"{row['name_en']} {row['name_zh']}" for row in area.tables["families"]}
    named = zip(need.families, need.scales, strict=True)
    return ", ".join(f"{names[family]} ({family}) at {scale:.2f}" for family, scale in named)


def _print(scores: list["Score"], area: "Area", asked: RunOptions) -> None:
    from outputs.targets import REALISED_SHARE, REALISED_SOURCE, SCORED

    scored = [score for score in scores if score.status == SCORED]
    scenario = scored[0].scenario if scored else ""
    console.heading(f"Targets of the plans under {scenario}, {asked.draws} draws")
    above = None
    for score in scored:
        if score.id != above:
            print(fill(_goal(score, area), console.width(), rest="     "))
        console.paragraphs([_outcome(score)], "     ")
        above = score.id
    print()
    console.paragraphs(
        [
            "P(met) is the share of draws that meet the target, with its Monte Carlo error; "
            "`below`, where hardly any draw meets it: the largest chance that this leaves room for "
            "(95 % sure; more draws lower it), and `above` where nearly all do. Gap: "
            "the median against the target, positive on the right side. Crossed: the median year "
            "of first meeting it and, in brackets, the years by which 5 and 95 % of the draws "
            "have. A money target is judged at current prices, as it is written; the line "
            "`at 2020 prices` says whether it is met without the help of prices.",
            f"`As last time`: the outcome if {REALISED_SHARE:.2f} of the planned increment came "
            f"about. {REALISED_SOURCE}",
        ],
        "",
    )
    print()
    _print_grades(scores, area)


def _print_unscored(scores: list["Score"], listed: bool) -> None:
    """Why statements are not scored: how many for each reason, or which."""
    from outputs.targets import SCORED

    others = [score for score in scores if score.status != SCORED]
    if not others:
        return
    title = f"Not scored, and why: {len(others)} of {len({s.id for s in scores})} statements"
    reasons = _reasons(others)
    if listed:
        console.records([row | {"body": "; ".join(row["names"])} for row in reasons], title)
        return
    often = [row for row in reasons if len(row["names"]) >= OFTEN]
    rows = [{"why": row["head"], "count": len(row["names"])} for row in often]
    rows.sort(key=lambda row: -row["count"])
    if rest := len(others) - sum(row["count"] for row in rows):
        rows.append({"why": f"{len(reasons) - len(often)} reasons rarer than these", "count": rest})
    columns = [Column("count", "Number", number=True), Column("why", "Why")]
    console.table(columns, rows, title)
    console.say("Which they are, and all reasons: --all, or --json.")


def _print_grades(scores: list["Score"], area: "Area") -> None:
    """What the tables have observed already, against what the plans said."""
    from outputs.observed import last_year

    once = {score.id: score for score in scores}.values()
    rows = [
        {"head": f"{s.id} {place_name(area, s.region)}, {s.indicator.replace('_', ' ')}, {s.year}",
         "body": f"stated {_measured(s.target, s.unit)}, observed {_measured(s.actual, s.unit)}: "
                 f"grade {s.grade:+.3f} ({s.statement})"}
        for s in once
        if s.grade is not None
    ]  # fmt: skip
    if not rows:
        return
    late = sum(1 for s in once if s.year is not None and s.year > last_year(area))
    console.records(rows, "Realism of what is over: (observed - stated) / stated")
    console.paragraphs(
        [f"{late} statements are of years after {last_year(area)}, where the tables end: they are "
         "not graded here."],
        "",
    )  # fmt: skip
    print()


def _goal(score: "Score", area: "Area") -> str:
    from outputs.indicators import called

    goal = f"{score.comparator} {_measured(score.target, score.unit)} in {score.year}"
    place = place_name(area, score.region)
    also = f", as in {score.same_as}" if score.same_as else ""
    told = " (stated as a fact)" if score.statement == "baseline" else ""
    return f"{score.id} {place}, {called(score.variable)}: {goal}{also}{told}"


def _outcome(score: "Score") -> str:
    share = score.unit == "share"
    named = {"real": "at 2020 prices", "nominal": "at current prices"}
    reading = named.get(score.series, score.series)
    series = f"{reading}: " if reading else ""
    parts = [
        f"{series}P(met): {score.chance}",
        f"median {_number(score.median, share)}",
        f"gap {percent(score.gap)}",
        _crossed(score),
    ]
    if score.reference is not None:
        parts.append(f"as last time {_number(score.reference, share)}")
    return "; ".join(parts)


def _measured(value: float | None, unit: str) -> str:
    share = unit == "share"
    times = "x " if unit[:1].isdecimal() else ""  # so that 1e8 yuan is no second number
    named = "%" if share else f"{times}{unit.removesuffix(' of 2020')}"
    return f"{_number(value, share)} {named}"


def _number(value: float | None, share: bool) -> str:
    return number(value * 100 if share and value is not None else value)


def _crossed(score: "Score") -> str:
    """Median year of first meeting it with its band, and the share of draws that never do."""
    if score.never == 1:
        return "never crossed"
    low, middle, high = (
        "later" if year is None else str(year)
        for year in (score.crossing_low, score.crossing, score.crossing_high)
    )
    alike = low == middle == high
    text = f"crossed {middle}" if alike else f"crossed {middle} ({low} to {high})"
    return f"{text}, never in {100 * score.never:.0f} %" if score.never else text


def _reasons(scores: list["Score"]) -> list[dict[str, Any]]:
    """Statements that are not scored, gathered by why."""
    found: dict[tuple[str, str], list[str]] = {}
    for score in scores:
        reason = score.reason
        if score.lever and reason.endswith(score.lever):
            reason = "an input: the dose of a lever"
        name = f"{score.id} {score.indicator.replace('_', ' ')}"
        found.setdefault((score.status, reason), []).append(name)
    return [
        {"head": f"{status}: {reason}", "names": names}
        for (status, reason), names in sorted(found.items(), key=lambda item: item[0][0])
    ]
