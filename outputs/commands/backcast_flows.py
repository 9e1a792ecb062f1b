"""Section ``flows`` of ``backcast``: commuting against flows between cities and times."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from outputs.commands.backcast_tables import BackcastOptions, Table, three
from outputs.commands.console import Column

if TYPE_CHECKING:
    from calibration.backcast_flows import FlowBackcast

LEAST = 900
PAIRS = [
    Column("origin", "From", name=True),
    Column("destination", "To", name=True),
    Column("index", "Index 2021", number=True, show=lambda v: f"{v:.4f}"),
    Column("commuters", "Commuters", number=True, show=lambda v: f"{v:,.0f}"),
]
CALLED = {
    "mean_commute": "Mean commute, minutes",
    "commutes_within_45": "Commutes within 45 minutes, share",
}
TIMES = [
    Column("moment", "Moment", name=True, show=lambda v: CALLED.get(v, v)),
    Column("observed", "Cities of its size, 2019", number=True),
    Column("sd", "+/-", number=True),
    Column("modelled", "Modelled", number=True, show=three),
]
FIT = [
    Column("parameter", "Parameter", name=True, show=lambda v: _with_unit(v)),
    Column("evidence", "Evidence", name=True),
    Column("prior", "Prior", True, show=three),
    Column("median", "Median", True, show=three),
    Column("low", "5 %", True, show=three),
    Column("high", "95 %", True, show=three),
    Column("shift", "Shift", True, show=three),
    Column("contraction", "Contraction", True, show=three),
    Column("effective", "Draws", number=True, show=lambda v: f"{v:.0f}"),
]


def flows(asked: BackcastOptions) -> list[Table]:
    """Commuting: index of flows between cities, times of the core city, and what they tell."""
    from calibration.backcast_flows import flow_backcast
    from model.area_loading import load_area

    draws = 1 if asked.draws == 1 else max(asked.draws, LEAST)
    found = flow_backcast(load_area(asked.area), draws, asked.seed)
    tables = [_pairs(found), _times(found)]
    return tables + ([_fit(found)] if found.fit else [])


def _with_unit(parameter: str) -> str:
    """Name of a parameter of commuting, and its unit."""
    from model.processes.commuting import CommutingParams

    return f"{parameter}, {CommutingParams.declarations()[parameter.split('.')[1]].unit}"


def _pairs(found: "FlowBackcast") -> Table:
    """Observed index and modelled commuters of each pair of cities, the strongest first."""
    columns = (found.origin, found.destination, found.index.tolist(), found.commuters.tolist())
    pairs = sorted(zip(*columns, strict=True), key=lambda pair: -pair[2])
    keys = [column.key for column in PAIRS]
    scores = found.scores
    note = (
        f"{scores.pairs} pairs: rank correlation {scores.rank_correlation:.3f}, SRMSE "
        f"{scores.srmse:.3f} (modelled scaled to the observed total). Central draw of "
        "the base year; commuters of both directions, as an index counts trips each "
        "way. The index covers all purposes, and nothing of it is used to set the model: "
        "the decay rests on times alone."
    )
    title = "Workday flows between cities: observed index and modelled commuters"
    return Table("flows", title, PAIRS, [dict(zip(keys, p, strict=True)) for p in pairs], [note])


def _times(found: "FlowBackcast") -> Table:
    """Moments of the commuting times of the core city."""
    note = (
        "Observed: means of very large cities in 2019, a proxy; the city's own were not "
        "read, and nothing later than 2021 is used. Modelled: urban districts of the core "
        "city." + _reached(found.reached)
    )
    keys = [column.key for column in TIMES]
    rows = [dict(zip(keys, moment, strict=True)) for moment in found.moments]
    return Table("times", "Commuting times of the core city", TIMES, rows, [note])


def _reached(moments: Sequence[Sequence[float]]) -> str:
    """Sentence on the mean time under the priors and under the posterior of times."""
    if not moments:
        return ""
    before, after = (one[0] for one in moments)
    return (
        f" Draws of the priors give a mean of {before:.1f} minutes, those that times favour "
        f"{after:.1f}: what is left of the gap no plausible decay closes."
    )


def _fit(found: "FlowBackcast") -> Table:
    """Decay and border under each kind of evidence."""
    others = ", ".join(f"{name} {shift:+.1f}" for name, shift in found.pulled)
    return Table(
        "fit",
        "What times and flows tell of decay and border (margins are never used)",
        FIT,
        [vars(one) for one in found.fit],
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
