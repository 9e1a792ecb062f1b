"""Section ``flows`` of ``backcast``: commuting against flows between cities and times."""

from typing import Any

from outputs.commands.backcast_tables import Asked, Table
from outputs.commands.console import Column

LEAST = 900


def flows(asked: Asked) -> list[Table]:
    """Commuting: index of flows between cities, times of the core city, and what they tell."""
    from calibration.backcast_flows import flow_backcast
    from model.area import load_area

    draws = 1 if asked.draws == 1 else max(asked.draws, LEAST)
    found = flow_backcast(load_area(asked.area), draws, asked.seed)
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
                "way. The index covers all purposes, and nothing of it is used to set the model: "
                "the decay rests on times alone."
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
            [
                "Observed: means of very large cities in 2019, a proxy; the city's own were not "
                "read, and nothing later than 2021 is used. Modelled: urban districts of the core "
                "city." + reached(found.reached)
            ],
        ),
    ]
    return tables + ([fit(found.fit, found.pulled)] if found.fit else [])


def reached(moments: Any) -> str:
    """Sentence on the mean time under the priors and under the posterior of times."""
    if not moments:
        return ""
    before, after = (one[0] for one in moments)
    return (
        f" Draws of the priors give a mean of {before:.1f} minutes, those that times favour "
        f"{after:.1f}: what is left of the gap no plausible decay closes."
    )


def fit(estimates: Any, pulled: Any) -> Table:
    """Decay and border under each kind of evidence."""
    others = ", ".join(f"{name} {shift:+.1f}" for name, shift in pulled)
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
            Column("shift", "Shift", **two),
            Column("contraction", "Contraction", **two),
            Column("effective", "Draws", number=True, show=lambda v: f"{v:.0f}"),
        ],
        [vars(one) for one in estimates],
        [
            "Shift is that of the median in prior deviations of logs: beyond 1.5 the evidence "
            "speaks against the prior. Contraction is 1 - sd(posterior) / sd(prior) of logs; under "
            "0.2 the width is the prior's: not identified. A border that all pairs cross alike "
            "shows in no relative flow. Draws: effective number behind the posterior, of at least "
            f"{LEAST} base years; under 30 its width is not to be trusted. The model's decay is "
            "the posterior of times; its border stays at the prior.",
            f"Moved most by all evidence, in prior deviations: {others}.",
        ],
    )
