r"""A six-dimension index of the metropolitan area, our own.

.. math::

    s_k = \frac{f(x_k) - f(low_k)}{f(high_k) - f(low_k)}, \qquad
    D_d = \frac{1}{|d|} \sum_{k \in d} s_k, \qquad I = \prod_d D_d^{w_d}

with :math:`f` the identity or the logarithm, and goalposts that are fixed, so that a score of one
scenario does not depend on the others (as in the Human Development Index since 2010). The plans
name two of the six dimensions and print neither numbers nor weights; the other four are ours.
**This is not the official index of the area, and must not be called so.**

Because weights are a matter of opinion, the rank of a scenario is given under all of them:
Dirichlet(1) weights, and the share of draws and weights in which it comes first, second, ...
(rank acceptability: Lahdelma, Hokkanen and Salminen 1998, EJOR 106).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.area import Area
from model.axes import Array
from outputs.compare import HIGH, LOW, plain
from outputs.index_table import Component, load_index

if TYPE_CHECKING:
    import xarray as xr


FLOOR = 0.01
WEIGHTS = 4000
INDEX = "index"


@dataclass(frozen=True, slots=True)
class Standing:
    """Score of a scenario in a dimension (or the index) of the whole area, in a year.

    ``outside`` is the share of draws in which a component lies beyond its goalposts and counts
    as at them; a dimension below 0.01 counts as 0.01 in the index. ``ranks`` are the shares of
    draws and random weights in which the scenario comes first, second, ... (index only).
    """

    scenario: str
    year: int
    dimension: str
    named_by_plan: bool | None
    components: tuple[str, ...]
    absent: tuple[str, ...]
    mean: float | None
    low: float | None
    high: float | None
    outside: float | None
    ranks: tuple[float, ...]
    draws: int


def standings(
    ds: "xr.Dataset",
    area: Area,
    year: int | None = None,
    components: Sequence[Component] | None = None,
    weights: dict[str, float] | None = None,
) -> list[Standing]:
    """Dimensions and index of every scenario of a result.

    Parameters
    ----------
    ds : xarray.Dataset
        Result of an ensemble.
    area : Area
    year : int, optional
        By default the last.
    components : sequence of Component, optional
        By default those of the project's file; one whose variable the result lacks is left out
        and named in ``absent``.
    weights : dict of float, optional
        By dimension; by default those of the project's file.

    Returns
    -------
    list of Standing
        For each scenario its dimensions, then the index over those that have a component.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> both = ensemble(["trend", "plan_realistic"], draws=2, end=2021)
    >>> rows = standings(both, load_area())
    >>> [round(sum(row.ranks), 9) for row in rows if row.dimension == INDEX]
    [1.0, 1.0]
    """
    own, weighed = load_index()
    components = own if components is None else components
    weights = weighed if weights is None else weights
    last = int(ds["year"][-1]) if year is None else year
    at = ds.sel(year=last)
    names = [str(name) for name in ds["scenario"].values]
    order = list(dict.fromkeys(c.dimension for c in components))
    parts = {d: [c for c in components if c.dimension == d] for d in order}
    there = {d: [c for c in parts[d] if usable(c, ds)] for d in order}
    raw = {d: [score(c, at, area) for c in there[d]] for d in order if there[d]}
    scores = {d: np.mean([np.clip(s, 0, 1) for s in raw[d]], axis=0) for d in raw}
    beyond = {d: np.any([(s < 0) | (s > 1) for s in raw[d]], axis=0) for d in raw}
    if not scores:
        return []
    logs = np.log(np.maximum(np.stack(list(scores.values()), axis=-1), FLOOR))
    fixed = np.array([weights[d] for d in scores])
    whole = np.exp(logs @ (fixed / fixed.sum()))
    ranks = acceptability(logs, int(ds.attrs.get("seed", 0)))
    rows = []
    for index, name in enumerate(names):
        for d in order:
            rows.append(_standing(
                name, last, d, parts[d][0].named_by_plan, there[d],
                [c for c in parts[d] if c not in there[d]],
                scores[d][index] if d in scores else None,
                beyond[d][index] if d in beyond else None, (), ds.sizes["draw"],
            ))  # fmt: skip
        missing = [c for d in order if d not in scores for c in parts[d]]
        rows.append(_standing(
            name, last, INDEX, None, [], missing, whole[index], None, tuple(ranks[index]),
            ds.sizes["draw"],
        ))  # fmt: skip
    return rows


def usable(component: Component, ds: "xr.Dataset") -> bool:
    """Whether the result has what a component is made of."""
    return all(name in ds for name in (component.top, component.bottom) if name)


def score(component: Component, ds: "xr.Dataset", area: Area) -> Array:
    """Place of a component between its goalposts, (scenario, draw) [1]; may lie beyond them."""
    top = ds[component.top]
    if component.parts and "stage" in top.dims:
        top = top.sel(stage=list(component.parts))
    elif component.parts:
        top = top.isel(sector=_sectors(component, area))
    if component.how == "weighted":
        top = top * ds[component.bottom]
    value = _total(top)
    if component.how in {"ratio", "weighted"}:
        value = value / _total(ds[component.bottom])
    return place(component, value * component.factor)


def place(component: Component, value: Array) -> Array:
    """Score of a value: 0 at the low goalpost, 1 at the high one.

    Examples
    --------
    >>> row = next(c for c in load_index()[0] if c.component == "mean_commute")
    >>> place(row, np.array([60.0, 40.0, 20.0])).tolist()
    [0.0, 0.5, 1.0]
    """
    low, high = component.low, component.high
    if component.scale == "log":
        value, low, high = np.log(value), float(np.log(low)), float(np.log(high))
    return (low - value) / (low - high)


def acceptability(logs: Array, seed: int) -> Array:
    """Share of draws and Dirichlet(1) weights in which a scenario has each rank.

    Parameters
    ----------
    logs : (scenario, draw, dimension) [1]
        Logarithms of the scores of dimensions.
    seed : int

    Returns
    -------
    (scenario, rank) [1]
        Rows sum to one. Ties share the better ranks evenly, in the order of the scenarios.

    Examples
    --------
    >>> better = np.log(np.array([[[0.5, 0.5]], [[0.6, 0.7]]]))
    >>> acceptability(better, 0).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    count, draws, dimensions = logs.shape
    weights = np.random.default_rng([seed, dimensions]).dirichlet(np.ones(dimensions), WEIGHTS)
    shares = np.zeros((count, count))
    for draw in range(draws):
        values = logs[:, draw] @ weights.T
        # rank by exact comparison; a tie is broken towards neither: both orders count half
        above = (values[None] > values[:, None]).sum(axis=1)
        tied = (values[None] == values[:, None]).sum(axis=1)
        for rank in range(count):
            inside = (rank >= above) & (rank < above + tied)
            shares[:, rank] += np.where(inside, 1 / tied, 0.0).mean(axis=1)
    return shares / draws


def _sectors(component: Component, area: Area) -> list[int]:
    """Positions of the sectors that a component names, singly or by family."""
    return [
        at
        for at, row in enumerate(area.tables["sectors"])
        if {row["sector"], row["family"]} & set(component.parts)
    ]


def _total(array: "xr.DataArray") -> Array:
    dims = [dim for dim in array.dims if dim not in {"scenario", "draw"}]
    return array.sum(dims, skipna=False).transpose("scenario", "draw").values


def _standing(
    name: str, year: int, dimension: str, named: bool | None, there: list[Component],
    absent: list[Component], values: Array | None, beyond: Array | None, ranks: tuple[float, ...],
    draws: int,
) -> Standing:  # fmt: skip
    low, high = (None, None) if values is None else np.percentile(values, [LOW, HIGH])
    return Standing(
        name, year, dimension, named, tuple(c.component for c in there),
        tuple(c.component for c in absent), mean=None if values is None else plain(values.mean()),
        low=plain(low), high=plain(high),
        outside=None if beyond is None else float(beyond.mean()),
        ranks=tuple(float(r) for r in ranks), draws=draws,
    )  # fmt: skip
