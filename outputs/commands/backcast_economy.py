"""Section ``economy`` of ``backcast``: growth by city and shares of sectors, from every origin."""

from typing import TYPE_CHECKING

from outputs.commands.backcast_tables import Asked, Table, percent, points, signed, two
from outputs.commands.console import Column

if TYPE_CHECKING:
    from calibration.backcast_economy import Forecast, Score, ShareScore

LEAST = 1000
ERRORS = [
    Column("origin", "Seen from", name=True),
    Column("years", "Years"),
    Column("forecasts", "Forecasts", True),
    Column("model", "Model\npoints", True, show=points),
    Column("none", "No growth\npoints", True, show=points),
    Column("last", "Last\npoints", True, show=points),
    Column("mean", "Mean\npoints", True, show=points),
    Column("skill", "Skill", True, show=two),
    Column("covered", "in\n95 %", True, show=percent),
    Column("verdict", "Model", name=True),
]
CITIES = [
    Column("region", "Region", name=True),
    Column("origin", "Seen from"),
    Column("year", "Year"),
    Column("observed", "Observed", True, show=signed),
    Column("model", "Model", True, show=signed),
    Column("low", "2.5 %", True, show=signed),
    Column("high", "97.5 %", True, show=signed),
    Column("mean", "Mean of\nthe past", True, show=signed),
    Column("held", "Held", name=True),
]
SHARES = [
    Column("origin", "Seen from", name=True),
    Column("sector", "Sector", name=True),
    Column("model", "Model\npoints", True, show=points),
    Column("last", "Last value\npoints", True, show=points),
    Column("verdict", "Model", name=True),
]


def economy(asked: Asked) -> list[Table]:
    """Growth of output by city from every origin, and shares of sectors in the last year."""
    from calibration.backcast_economy import LAST, backcast, scores
    from model.area import load_area

    forecasts, shares = backcast(load_area(asked.area), max(asked.draws, LEAST), asked.seed)
    if not forecasts:
        return []
    origins = scores(forecasts)
    won = sum(score.skill > 0 for score in origins)
    title = f"Growth of output by city: the model beats the best naive rival from {won} of "
    title += f"{len(origins)} origins (RMSE of yearly growth)"
    shown = [f for f in forecasts if f.origin == LAST - 1]
    return [
        Table("growth", title, ERRORS, [_score(score, forecasts) for score in origins]),
        Table("cities", f"Growth of {LAST}, held out", CITIES, [_city(f) for f in shown]),
        Table(
            "sectors",
            f"Shares of sectors in output, {LAST}: mean error over cities",
            SHARES,
            [_share(share) for share in shares],
            [
                "Each origin uses growth published up to that year and nothing later; from the "
                "first, priors alone. Levels are never compared: growth is linked across the "
                "breaks of the series. Naive: no growth, the last growth, its mean of the years "
                f"published. At least {LEAST} weighted draws, whatever is asked."
            ],
        ),
    ]


def _score(score: "Score", forecasts: "list[Forecast]") -> dict[str, object]:
    """One origin, with the years it was asked for."""
    years = sorted({f.year for f in forecasts if str(f.origin) == score.origin})
    verdict = "won" if score.skill > 0 else "lost"
    span = f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0])
    return vars(score) | {"years": span, "skill": score.skill, "verdict": verdict}


def _city(forecast: "Forecast") -> dict[str, object]:
    """One city in one year."""
    return vars(forecast) | {"held": "yes" if forecast.inside else "no"}


def _share(share: "ShareScore") -> dict[str, object]:
    """One sector from one origin."""
    return vars(share) | {"verdict": "won" if share.model < share.last else "lost"}
