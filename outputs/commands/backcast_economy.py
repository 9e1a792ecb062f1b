"""Section ``economy`` of ``backcast``: growth by city and sector, from every origin."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from outputs.commands import console
from outputs.commands.backcast_tables import BackcastOptions, Table, percent, points, signed, two
from outputs.commands.console import Column

if TYPE_CHECKING:
    from calibration.backcast_economy import Forecast, Score, Span
    from calibration.backcast_work import WorkSpan
    from model.area import Area

UNIT = "log/yr"
LEAST = 1000
LEAST_WORK = 100
DOUBT = (
    "Official growth of these years is in doubt: levels are overstated up to 2015 and were "
    "corrected in 2016, when the rate of the one city with both is -5.6 % as published and +0.4 % "
    "re-based. Nothing is learned from them. Rates at constant prices alone are read as growth, "
    "never levels. Sectors: only years and cities whose levels were not corrected."
)
METHOD = (
    "Unit: log points a year (printed in percent); sources gdp_growth, gdp_growth_revised, "
    "gdp_revised, gdp_yearbook (explain sources); each row's own are in --json and --csv. Mark: "
    "totals observed, deflated ones and all sectors derived. Each origin uses growth published up "
    "to that year and nothing later; the first two use priors alone, the first those of 2010. "
    "Levels are never compared: growth is linked over the corrections of 2016 and 2018. Before "
    "2017 re-based are one city's growth and another's levels, deflated as the first. Sectors: "
    "growth of the city plus the change of the published share, without 2019, when the shares "
    "changed vintage. "
    "Naive: no growth, the last usable growth, its mean since 2010; without a usable one, no "
    "growth. Skill is against the best of them; bias is the mean of model less observed. Sectors "
    "share the luck of their city, so that their bands are too narrow. At least "
    f"{LEAST} weighted draws, whatever is asked."
)
ERRORS = [
    Column("model", "Model", True, show=points),
    Column("none", "No\ngrowth", True, show=points),
    Column("last", "Last", True, show=points),
    Column("mean", "Mean", True, show=points),
    Column("skill", "Skill", True, show=two),
]
ORIGINS = [
    Column("sector", "Sector", name=True),
    Column("origin", "Seen\nfrom", name=True),
    Column("years", "Years", name=True),
    Column("forecasts", "Fore-\ncasts", True),
    Column("bias", "Bias", True, show=lambda share: f"{100 * share:+.1f}"),
    *ERRORS,
    Column("covered", "in\n95 %", True, show=percent),
    Column("verdict", "Model", name=True),
]
SPANS = [
    Column("region", "Region", name=True),
    Column("sector", "Sector", name=True),
    Column("years", "Years", name=True),
    Column("scored", "Years\nscored", True),
    Column("observed", "Ob-\nserved", True, show=signed),
    Column("model", "Model", True, show=signed),
    Column("low", "2.5 %", True, show=signed),
    Column("high", "97.5 %", True, show=signed),
    Column("held", "Held", name=True),
    Column("confidence", "Mark", name=True),
]
NEXT = [
    Column("region", "Region", name=True),
    Column("sector", "Sector", name=True),
    Column("forecasts", "Fore-\ncasts", True),
    *ERRORS,
    Column("verdict", "Model", name=True),
]
WORK = [
    Column("region", "Region", name=True),
    Column("kind", "Work", name=True),
    Column("years", "Years", name=True),
    Column("observed", "Ob-\nserved", True, show=signed),
    Column("model", "Model", True, show=signed),
    Column("low", "2.5 %", True, show=signed),
    Column("high", "97.5 %", True, show=signed),
    Column("alike", "All\nalike", True, show=signed),
    Column("held", "Held", name=True),
]
HELD_OUT = [
    Column("region", "Region", name=True),
    Column("observed", "Observed", True, show=signed),
    Column("model", "Model", True, show=signed),
    Column("low", "2.5 %", True, show=signed),
    Column("high", "97.5 %", True, show=signed),
    Column("last", "Last", True, show=signed),
    Column("mean", "Mean", True, show=signed),
    Column("held", "Held", name=True),
]


def economy(asked: BackcastOptions) -> list[Table]:
    """Growth of output by city and sector from every origin, against naive trends."""
    from calibration.backcast_economy import backcast
    from calibration.published_growth import DOUBTED, LINKED, REBASED
    from model.area_loading import load_area

    area = load_area(asked.area)
    forecasts, spans = backcast(area, max(asked.draws, LEAST), asked.seed)
    if not forecasts:
        console.say("economy: no growth of output by city and year is published for this area")
        return []
    return [
        _growth(forecasts),
        _in_doubt(forecasts),
        _spans("spans in doubt", "as first published, IN DOUBT, told from", spans, DOUBTED),
        _spans("spans", "after the correction, told from", spans, REBASED),
        _spans("spans linked", "linked over the correction, IN DOUBT before it, told from", spans,
               LINKED),
        _next(forecasts, area.statistics[0]),
        _work(area, asked),
        _held_out(forecasts),
    ]  # fmt: skip


def _growth(forecasts: "list[Forecast]") -> Table:
    """Errors of growth that is not in doubt, by sector and origin."""
    from calibration.backcast_economy import chosen
    from calibration.published_growth import ITEMS, TOTAL

    origins = sorted({f.origin for f in forecasts})
    groups = [chosen(forecasts, item, origin=origin) for item in ITEMS for origin in origins]
    rows = [_errors(group) for group in groups if group]
    won = sum(row["verdict"] == "won" for row in rows if row["sector"] == TOTAL)
    title = (
        f"Growth a year, not in doubt: the model beats every naive rival from {won} of "
        f"{len(origins)} origins (RMSE in points)"
    )
    return Table("growth", title, ORIGINS, rows)


def _in_doubt(forecasts: "list[Forecast]") -> Table:
    """Errors of growth as first published, with and without the year of the correction."""
    from calibration.backcast_economy import chosen
    from calibration.growth import START
    from calibration.published_growth import DOUBTED, ITEMS

    groups = []
    for item in ITEMS:
        group = chosen(forecasts, item, series=DOUBTED)
        before = [f for f in group if f.year < START]
        groups += [group, before] if len(before) < len(group) else [group]
    title = (
        "Yearly growth as first published up to the correction, IN DOUBT; of cities with the "
        "year of the correction and without (RMSE in points; rivals know the same series)"
    )
    return Table(
        "growth in doubt", title, ORIGINS, [_errors(group) for group in groups if group], [DOUBT]
    )


def _next(forecasts: "list[Forecast]", regions: Sequence[str]) -> Table:
    """Errors of the next year's growth by city and sector, from all origins."""
    from calibration.backcast_economy import chosen
    from calibration.published_growth import ITEMS

    steps = [chosen(forecasts, i, region, ahead=1) for region in regions for i in ITEMS]
    title = "Growth of the next year by city and sector, all origins (RMSE in points)"
    return Table("next", title, NEXT, [_errors(step) for step in steps if step])


def _held_out(forecasts: "list[Forecast]") -> Table:
    """Growth of the last year, seen from the one before."""
    from calibration.backcast_economy import LAST, chosen
    from calibration.published_growth import TOTAL

    rows = [_held(f) for f in chosen(forecasts, TOTAL, origin=LAST - 1) if f.year == LAST]
    title = f"Growth of {LAST}, held out, seen from {LAST - 1}"
    return Table("held out", title, HELD_OUT, rows, [METHOD])


def _spans(name: str, title: str, spans: "list[Span]", series: str) -> Table:
    """Mean growth a year of all cities and sectors in one series."""
    found = [span for span in spans if span.series == series]
    regions = list(dict.fromkeys(span.region for span in found))
    rows = [_span(span) for region in regions for span in found if span.region == region]
    origin = found[0].origin if found else ""
    return Table(name, f"Growth a year by city and sector, {title} {origin}", SPANS, rows)


def _work(area: "Area", asked: BackcastOptions) -> Table:
    """Who lost the workers that the area lost: farming or the rest."""
    from calibration.backcast_work import KINDS, errors, work_backcast

    found = work_backcast(area, asked.seed, max(asked.draws, LEAST_WORK))
    missed = (
        f"{kind} {points(model)} against {points(alike)}"
        for kind in KINDS
        for model, alike in [errors(found, kind)]
    )
    return Table(
        "work",
        "Jobs a year by city, labour force given: RMSE in points, model against all sectors "
        f"alike: {', '.join(missed)}",
        WORK,
        [_span(span) for span in found],
        [
            "No parameter is fitted to jobs by sector. Observed: censuses of employed residents, "
            "the first year on the line between them."
        ],
    )


def _errors(group: "list[Forecast]") -> dict[str, object]:
    """Errors of one group of forecasts, with what they are of."""
    from calibration.backcast_economy import score

    found: Score = score(group)
    years = sorted({f.year for f in group})
    verdict = "won" if found.skill > 0 else f"lost to {found.best}"
    first = group[0]
    facts = {"region": first.region, "sector": first.sector, "origin": str(first.origin)}
    facts |= {"series": first.series, "unit": UNIT}
    return vars(found) | facts | {"years": _years(years), "skill": found.skill, "verdict": verdict}


def _years(years: list[int] | tuple[int, ...]) -> str:
    """First and last of some years."""
    return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])


def _span(span: "Span | WorkSpan") -> dict[str, object]:
    """Mean growth of one city and sector, or kind of work."""
    told = {"years": _years(span.years), "scored": len(span.years), "unit": UNIT}
    return vars(span) | told | {"held": "yes" if span.inside else "no"}


def _held(forecast: "Forecast") -> dict[str, object]:
    """One city in one year."""
    return vars(forecast) | {"held": "yes" if forecast.inside else "no", "unit": UNIT}
