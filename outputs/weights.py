r"""Which uncertain numbers carry the headline results: shares of their variance.

Ranks of an outcome over the draws are regressed on ranks of what was drawn (Saltelli and Marivoet
1990; Helton and Davis 2003, Reliability Engineering 81). Draws are stratified and independent, so
that a squared standardised coefficient is a share of variance. As there are more numbers than
draws can tell apart, numbers enter one by one while each is significant after Bonferroni's
correction; small numbers and curvature are what is not explained. Errors are bootstrapped over
draws. Yearly shocks are switched off for this; what they add to the variance is told beside it,
from the same draws with shocks.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model.area import Area
from model.area_loading import DATA
from model.axes import Array
from model.drawing import drawn_numbers
from model.processes import PARAMETERS
from model.recorder import code_digest
from model.scenario import Scenario
from model.simulation import ensemble

OUTCOMES = ("population", "gdp_real", "jobs", "budget_revenue")
DRAWS, SIGNIFICANT, MOST, RESAMPLED = 200, 0.01, 12, 200


@dataclass(frozen=True)
class Weights:
    """Shares of the variance of one outcome by name of what was drawn, with their errors.

    ``explained`` is the share of the variance without shocks that the numbers named explain,
    ``shocks`` the share of the variance with shocks that is gone without them.
    """

    outcome: str
    explained: float
    error: float
    shocks: float
    shares: dict[str, tuple[float, float]]


def ranks(values: Array) -> Array:
    """Ranks along the draws, standardised; constant columns are zero.

    Parameters
    ----------
    values : (draw, n) [any]

    Returns
    -------
    (draw, n) [1]

    Examples
    --------
    >>> ranks(np.array([[1.0], [5.0], [3.0]])).round(3).tolist()
    [[-1.225], [1.225], [0.0]]
    """
    from scipy.stats import rankdata

    found = rankdata(values, axis=0)
    spread = found.std(axis=0)
    return (found - found.mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def selected(drawn: Array, outcome: Array) -> list[int]:
    """Columns that explain an outcome, the strongest first: forward selection on ranks.

    Parameters
    ----------
    drawn : (draw, n) [1]
        Standardised ranks.
    outcome : (draw,) [1]

    Returns
    -------
    list of int
    """
    from scipy.stats import t as student

    chosen: list[int] = []
    rest, free = outcome.copy(), drawn.copy()
    count = len(outcome)
    while len(chosen) < min(MOST, count // 5):
        size = np.sqrt((free**2).sum(axis=0) * (rest @ rest))
        # What the chosen already say of a column is no longer in it.
        left = (free**2).sum(axis=0) > 0.2 * count
        match = np.where(left & (size > 0), np.abs(free.T @ rest) / np.where(size > 0, size, 1), 0)
        best = int(match.argmax())
        degrees = count - len(chosen) - 2
        strength = match[best] * np.sqrt(degrees / max(1 - match[best] ** 2, 1e-12))
        if 2 * student.sf(strength, degrees) > SIGNIFICANT / drawn.shape[1]:
            break
        direction = free[:, best] / np.linalg.norm(free[:, best])
        chosen.append(best)
        rest = rest - direction * (direction @ rest)
        free = free - direction[:, None] * (direction @ free)
    return chosen


def fitted(drawn: Array, outcome: Array) -> tuple[Array, float]:
    """Squared standardised coefficients and the share of variance explained, adjusted."""
    slope, *_ = np.linalg.lstsq(drawn, outcome, rcond=None)
    count, used = drawn.shape
    left = ((outcome - drawn @ slope) ** 2).sum() / (outcome**2).sum()
    return slope**2, 1 - left * (count - 1) / max(count - used - 1, 1)


def quiet_assumptions() -> dict[str, float]:
    """Assumptions that switch yearly shocks off: every standard deviation of one is zero.

    Examples
    --------
    >>> quiet_assumptions()["industry.productivity_walk"]
    0.0
    """
    return {
        f"{prefix}.{name}": 0.0
        for prefix, cls in PARAMETERS.items()
        for name, declared in cls.declarations().items()
        # A way on foot is a walk too, and cannot be of no length.
        if name.endswith(("_walk", "_shock")) and declared.low == 0
    }


def weigh(
    names: list[str], drawn: Array, outcome: str, values: Array, shocks: float = 0.0, seed: int = 0
) -> Weights:
    """Weights of what was drawn in one outcome.

    Parameters
    ----------
    names : list of str
        Of the columns.
    drawn : (draw, n) [any]
    outcome : str
    values : (draw,) [any]
    shocks : float
        Share of the variance with shocks that is gone without them.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Weights
    """
    x, y = ranks(drawn), ranks(values[:, None])[:, 0]
    chosen = selected(x, y)
    if not chosen:
        return Weights(outcome, 0.0, 0.0, shocks, {})
    shares, explained = fitted(x[:, chosen], y)
    luck, again, whole = np.random.default_rng(seed), [], []
    for _ in range(RESAMPLED):
        rows = luck.integers(0, len(y), len(y))
        part, sum_of = fitted(ranks(drawn[rows][:, chosen]), ranks(values[rows, None])[:, 0])
        again.append(part)
        whole.append(sum_of)
    errors = np.std(again, axis=0)
    by_name = {
        names[column]: (float(share), float(error))
        for column, share, error in zip(chosen, shares, errors, strict=True)
    }
    return Weights(outcome, float(explained), float(np.std(whole)), shocks, by_name)


def headline_weights(
    area: Area, path: str, draws: int = DRAWS, seed: int = 0, workers: int | None = None
) -> list[Weights]:
    """Weights of all drawn numbers in the headlines of the trend fifteen years on.

    Parameters
    ----------
    area : Area
    path : str
        Name or folder of the area.
    draws : int
    seed : int
    workers : int, optional

    Returns
    -------
    list of Weights
        One for each headline, over the whole area.
    """
    trend = Scenario("trend", "Nothing is done", description=("1. Nothing",))
    quiet = replace(trend, name="quiet", assumptions=quiet_assumptions())
    found = ensemble([trend, quiet], draws=draws, seed=seed, area=path, workers=workers)
    last = found.isel(year=-1)
    names, columns = drawn_numbers(area, quiet, seed, draws)
    varied = [n for n, column in enumerate(columns) if np.ptp(column) > 0]
    drawn = np.stack([columns[n] for n in varied], axis=1)
    kept = [names[n] for n in varied]
    weights = []
    for name in OUTCOMES:
        loud, still = last[name].values.reshape(2, draws, -1).sum(axis=2)
        gone = max(0.0, 1 - float(np.log(still).var() / np.log(loud).var()))
        weights.append(weigh(kept, drawn, name, still, gone))
    return weights


def stored_weights(area: Area, path: str, draws: int, folder: Path) -> list[Weights]:
    """Headline weights, kept on disk for as long as the model and its tables stay the same."""
    shipped = area.folder.parent == DATA
    file = folder / f"weights-{area.name}-{draws}d-{code_digest()}.json"
    if shipped and file.is_file():
        rows = json.loads(file.read_text(encoding="utf-8"))
        return [
            Weights(r["outcome"], r["explained"], r["error"], r["shocks"],
                    {name: tuple(pair) for name, pair in r["shares"].items()})
            for r in rows
        ]  # fmt: skip
    found = headline_weights(area, path, draws)
    if shipped:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps([vars(w) for w in found], indent=1)
        file.write_text(text + "\n", encoding="utf-8")
    return found
