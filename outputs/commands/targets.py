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
    scenario = scores[0].scenario if scores else ""
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
            "of first meeting it. A money target is judged at current prices, as it is written; "
            "the line `at 2020 prices` says whether it is met without the help of prices.",
            f"`As last time`: the outcome if {REALISED_SHARE:.2f} of the planned increment came "
            f"about. {REALISED_SOURCE}",
        ],
        "",
    )
    print()
    others = [score for score in scores if score.status != SCORED]
    if others:
        console.records([_reason(score) for score in others], "Not scored, and why")


def _goal(score: "Score", area: "Area") -> str:
    from outputs.indicators import INDICATORS

    share = score.unit == "share"
    unit = "%" if share else score.unit.removesuffix(" of 2020")
    known = INDICATORS[score.variable]
    goal = f"{score.comparator} {_number(score.target, share)} {unit} in {score.year}"
    place = place_name(area, score.region)
    return f"{score.id} {place}, {known.long_name}: {goal}"


def _outcome(score: "Score") -> str:
    share = score.unit == "share"
    named = {"real": "at 2020 prices", "nominal": "at current prices"}
    reading = named.get(score.series, score.series)
    series = f"{reading}: " if reading else ""
    parts = [
        f"{series}P(met): {score.chance}",
        f"median {_number(score.median, share)}",
        f"gap {percent(score.gap)}",
        "not crossed" if score.crossing is None else f"crossed {score.crossing}",
    ]
    if score.reference is not None:
        parts.append(f"as last time {_number(score.reference, share)}")
    return "; ".join(parts)


def _number(value: float | None, share: bool) -> str:
    return number(value * 100 if share and value is not None else value)


def _reason(score: "Score") -> dict[str, str]:
    goal = f"{score.comparator} {number(score.target)} {score.unit}"
    name = score.indicator.replace("_", " ")
    head = f"{score.id} {name}, {score.region}, {score.year}: {goal} ({score.document} "
    body = f"{score.status}: {score.reason}"
    return {"head": f"{head}{score.section})", "body": body}
