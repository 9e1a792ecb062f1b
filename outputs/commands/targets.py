"""The plans' own numbers held against a scenario."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from outputs.commands import console
from outputs.commands.runs import Asked, Ledger, place_name
from outputs.numbers import number, percent

if TYPE_CHECKING:
    from model.area import Area
    from outputs.targets import Score


def targets(name: str, asked: Asked, ledger: Ledger) -> None:
    """Run a scenario and say which targets are met, how surely, and when."""
    from model import ensemble
    from model.area import load_area
    from outputs.targets import score_targets

    area = load_area(asked.area)
    wanted = ledger(area)
    if not wanted:
        console.say(f"The study area {area.name} has no ledger of targets.")
    with console.progress(f"{name}, {asked.draws} draws") as told:
        result = ensemble([name], progress=told, **asked.arguments())
    scores = score_targets(result, area, wanted)
    if asked.form == "text":
        _print(scores, area, asked)
    else:
        console.emit(asked.form, [], [asdict(score) for score in scores])


def _print(scores: list["Score"], area: "Area", asked: Asked) -> None:
    from outputs.targets import REALISED_SHARE, REALISED_SOURCE, SCORED

    scored = [score for score in scores if score.status == SCORED]
    scenario = scored[0].scenario if scored else ""
    console.heading(f"Targets of the plans under {scenario}, {asked.draws} draws")
    above = None
    for score in scored:
        if score.id != above:
            print(_goal(score, area))
        console.paragraphs([_outcome(score)], "     ")
        above = score.id
    print()
    console.paragraphs(
        [
            "P(met) is the share of draws that meet the target, with its Monte Carlo error. Gap: "
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
    others = [score for score in scores if score.status != SCORED]
    if others:
        title = f"Not scored, and why: {len(others)} of {len({s.id for s in scores})} statements"
        console.records(_reasons(others), title)


def _print_grades(scores: list["Score"], area: "Area") -> None:
    """What the tables have observed already, against what the plans said."""
    from outputs.observed import last_year

    once = {score.id: score for score in scores}.values()
    rows = [
        {"head": f"{s.id} {place_name(area, s.region)}, {s.indicator.replace('_', ' ')}, {s.year}",
         "body": f"stated {number(s.target)}, observed {number(s.actual)}: grade "
                 f"{s.grade:+.3f} ({s.statement})"}
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
    from outputs.indicators import INDICATORS

    share = score.unit == "share"
    unit = "%" if share else score.unit.removesuffix(" of 2020")
    known = INDICATORS[score.variable]
    goal = f"{score.comparator} {_number(score.target, share)} {unit} in {score.year}"
    place = place_name(area, score.region)
    also = f", as in {score.same_as}" if score.same_as else ""
    told = " (stated as a fact)" if score.statement == "baseline" else ""
    return f"{score.id} {place}, {known.long_name}: {goal}{also}{told}"


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


def _reasons(scores: list["Score"]) -> list[dict[str, str]]:
    """Statements that are not scored, gathered by why."""
    found: dict[tuple[str, str], list[str]] = {}
    for score in scores:
        reason = score.reason
        if score.lever and reason.endswith(score.lever):
            reason = "an input: the dose of a lever"
        name = f"{score.id} {score.indicator.replace('_', ' ')}"
        found.setdefault((score.status, reason), []).append(name)
    return [
        {"head": f"{status}: {reason}", "body": "; ".join(names)}
        for (status, reason), names in sorted(found.items(), key=lambda item: item[0][0])
    ]
