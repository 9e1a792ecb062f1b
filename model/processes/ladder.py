r"""The ladder of technology firms: a Markov chain on the firms of some sectors.

Established private firms of the technology sectors are recognised as technology SMEs, and climb
to high-tech firm, young eagle, gazelle and unicorn, one rung a year at most:

.. math:: P(s \to s{+}1) = \frac{\pi_s e^{x}}{1 - \pi_s + \pi_s e^{x}}

with :math:`x` the log odds that policy adds. A rung is a label: it does not change what a firm
produces (Chinese firms' research has little measured link to productivity and is partly
relabelled; J Comp Econ 52, 2024), and nobody steps down except by exit. Printed counts of a rung
are read as firms on it or above it.

Sources: rates rescaled to the counts one district printed for 2021; the young mature in three
years on average; state firms turn private at a rate of their own.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.firms import ESTABLISHED, FIRST_RUNG, STAGES, STATE, STATUSES, YOUNG
from model.parameters import Params, par

# Smallest size class from which a firm of a rung of the base year is taken.
LEAST_CLASS = (0, 2, 3, 4, 6)


@dataclass(frozen=True)
class LadderParams(Params):
    """Yearly chances of promotion, and the rungs of the base year where none are printed."""

    to_tech_sme: float = par(
        0.03, unit="1/yr", prior="LogNormal(0.03, 0.5)", low=0, high=0.5,
        doc="recognition of an established firm as a technology SME",
        source="judgement: keeps the printed counts about steady without policy",
        evidence="assumed",
    )  # fmt: skip
    to_high_tech: float = par(
        0.08, unit="1/yr", prior="LogNormal(0.08, 0.5)", low=0, high=0.8, id="R03",
        doc="promotion of a technology SME to high-tech firm",
        source="rescaled to one district's printed counts of 2021", evidence="derived",
    )  # fmt: skip
    to_young_eagle: float = par(
        0.02, unit="1/yr", prior="LogNormal(0.02, 0.5)", low=0, high=0.5, id="R03",
        doc="promotion of a high-tech firm to young eagle",
        source="rescaled to one district's printed counts of 2021", evidence="derived",
    )  # fmt: skip
    to_gazelle: float = par(
        0.03, unit="1/yr", prior="LogNormal(0.03, 0.5)", low=0, high=0.5, id="R03",
        doc="promotion of a young eagle to gazelle",
        source="rescaled to one district's printed counts of 2021", evidence="derived",
    )  # fmt: skip
    to_unicorn: float = par(
        0.01, unit="1/yr", prior="LogNormal(0.01, 0.5)", low=0, high=0.5, id="R03",
        doc="promotion of a gazelle to unicorn",
        source="rescaled to one district's printed counts of 2021", evidence="derived",
    )  # fmt: skip
    recognised_elsewhere: float = par(
        0.4, unit="1", prior="LogNormal(0.4, 0.4)", low=0, high=2,
        doc="technology firms a technology job in cities without a printed count, over cities "
        "with one", source="judgement: the plans name the core city's alone", evidence="assumed",
    )  # fmt: skip
    high_tech_share: float = par(
        0.45, unit="share", prior="Beta(9, 11)", low=0, high=1,
        doc="high-tech firms and above among technology firms, where none are printed",
        source="judgement", evidence="assumed",
    )  # fmt: skip
    young_eagle_share: float = par(
        0.08, unit="share", prior="Beta(4, 46)", low=0, high=1,
        doc="young eagles and above among high-tech firms, where none are printed",
        source="judgement: a district of 1,100 high-tech firms names 70 new ones a year",
        evidence="assumed",
    )  # fmt: skip
    gazelle_share: float = par(
        0.12, unit="share", prior="Beta(3, 22)", low=0, high=1,
        doc="gazelles and above among young eagles, where none are printed",
        source="judgement: four new gazelles to 70 new young eagles a year", evidence="assumed",
    )  # fmt: skip
    unicorn_share: float = par(
        0.05, unit="share", prior="Beta(1, 19)", low=0, high=1,
        doc="unicorns among gazelles, where none are printed", source="judgement",
        evidence="assumed",
    )  # fmt: skip
    ladder_ceiling: float = par(
        0.8, unit="share", prior="Triangular(0.6, 0.8, 0.95)", low=0, high=1,
        doc="largest share of the established firms of a zone that can stand on a rung in the "
        "base year; a printed count beyond it is not reached, as the results of that year show",
        source="judgement: printed counts include firms that employ nobody", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def promoted(chance: Array, log_odds: Array) -> Array:
    """Chance after policy has added to its log odds.

    Parameters
    ----------
    chance : (...) [1]
    log_odds : (...) [log]

    Returns
    -------
    (...) [1]

    Examples
    --------
    >>> promoted(np.array([0.08, 0.08]), np.array([0.0, 0.15])).round(4).tolist()
    [0.08, 0.0918]
    """
    odds = np.exp(log_odds)
    return chance * odds / (1 - chance + chance * odds)


def status_changes(maturing: Array, reform: Array, policy: Array, p: LadderParams) -> Array:
    """Yearly chance of the next status: growing up, turning private, climbing.

    Parameters
    ----------
    maturing, reform : (draw,) [1/yr]
    policy : (draw, zone) [log]
        Log odds of promotion.
    p : LadderParams

    Returns
    -------
    (draw, status, zone) [1]

    Examples
    --------
    >>> one = np.ones(1)
    >>> status_changes(one / 3, one * 0.02, np.zeros((1, 1)), LadderParams())[0, :, 0].tolist()
    [0.3333333333333333, 0.03, 0.02, 0.08, 0.02, 0.03, 0.01, 0.0]
    """
    climbs = (p.to_tech_sme, p.to_high_tech, p.to_young_eagle, p.to_gazelle, p.to_unicorn)
    change = np.zeros((len(policy), len(STATUSES), policy.shape[1]))
    change[:, YOUNG], change[:, STATE] = lift(maturing, 1), lift(reform, 1)
    plain = policy == 0
    rungs = (ESTABLISHED, *range(FIRST_RUNG, len(STATUSES) - 1))
    for rung, climb in zip(rungs, climbs, strict=True):
        change[:, rung] = lift(climb, 1)
        # Exactly the plain chance where policy adds nothing.
        if not plain.all():
            more = promoted(change[:, rung], policy)
            change[:, rung] = np.where(plain, change[:, rung], more)
    return change


def rungs_of(printed: Array, tech_firms: Array, p: LadderParams) -> Array:
    """Firms on each rung or above: as printed, else a share of the rung below.

    Parameters
    ----------
    printed : (stage, zone) [establishments]
        NaN where nothing is printed.
    tech_firms : (draw, zone) [establishments]
        On the first rung or above.
    p : LadderParams

    Returns
    -------
    (draw, stage, zone) [establishments]

    Examples
    --------
    >>> printed = np.full((5, 1), np.nan); printed[1] = 70
    >>> rungs_of(printed, np.array([[100.0]]), LadderParams())[0, :, 0].round(3).tolist()
    [100.0, 70.0, 5.6, 0.672, 0.034]
    """
    shares = (p.high_tech_share, p.young_eagle_share, p.gazelle_share, p.unicorn_share)
    rungs = [tech_firms]
    for stage, share in enumerate(shares, 1):
        usual = rungs[-1] * lift(share, 1)
        held = np.where(np.isfinite(printed[stage]), printed[stage], usual)
        rungs.append(np.minimum(held, rungs[-1]))
    return np.stack(rungs, axis=1)


def put_on_ladder(established: Array, rungs: Array, technology: Array, ceiling: Array) -> Array:
    """Established firms of the base year put on the rungs, in proportion to their numbers.

    Parameters
    ----------
    established : (draw, sector, size_class, zone) [establishments]
    rungs : (draw, stage, zone) [establishments]
        Wanted on each rung or above.
    technology : (sector,) [1]
    ceiling : (draw,) [1]
        Largest share of the firms of a zone that fit a rung.

    Returns
    -------
    (draw, sector, stage, size_class, zone) [establishments]
        Firms on each rung and no higher, taken out of ``established``.

    Examples
    --------
    >>> firms = np.zeros((1, 1, 15, 1)); firms[..., 4, 0] = 50.0
    >>> rungs = np.array([[[20.0], [8.0], [0.0], [0.0], [0.0]]])
    >>> placed = put_on_ladder(firms, rungs, np.array([True]), np.array([0.8]))
    >>> placed.sum(axis=(1, 3, 4))[0].round(9).tolist()
    [12.0, 8.0, 0.0, 0.0, 0.0]
    """
    placed = np.zeros((*established.shape[:2], len(STAGES), *established.shape[2:]))
    able = np.flatnonzero(technology)
    free = established[:, able]
    above = np.zeros(rungs.shape[::2])
    for stage in reversed(range(len(STAGES))):
        fits = free[:, :, LEAST_CLASS[stage] :]
        stock = fits.sum(axis=(1, 2))
        wanted = np.maximum(rungs[:, stage] - above, 0.0)
        taken = np.minimum(wanted, lift(ceiling, 1) * stock)
        here = fits * ratio(taken, stock)[:, None, None]
        placed[:, able, stage, LEAST_CLASS[stage] :] = here
        fits -= here
        above = above + taken
    return placed
