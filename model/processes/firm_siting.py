r"""Where firms settle: a conditional logit over zones.

.. math::

    V_{kz} = \beta_w \ln w_z + \beta_p \ln p^{land}_z + \beta_m \ln MA_z
        + \beta_k \ln\Bigl(1 + \sum_{z'} L_{kz'} e^{-\rho t_{zz'}}\Bigr) + \xi_{kz}, \qquad
    s_{kz} = \frac{e^{V_{kz}}}{\sum_{z'} e^{V_{kz'}}}

    E_{kz} = \nu_0\,n_k\,s_{kz}\,e^{policy}, \qquad MA_z = \sum_{z'} Y_{z'} e^{-\delta t_{zz'}}

Poisson entry by zone and the conditional logit of a site have the same likelihood (Guimaraes,
Figueiredo, Woodward 2003, REStat 85). Policy adds entries where it acts and takes none
elsewhere; everything else only shares out the entries of a sector. A firm that reconsiders its
site chooses by the same attraction, policy included, the others less a cost of moving. The fixed
effects are inverted so that in the base year entries are shared as the stock of firms is
(assumed: no entries by zone are published). A sector that has no jobs in a zone stays away.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift, ratio
from model.parameters import Params, par
from model.processes.nearness import nearness
from model.world import World


@dataclass(frozen=True)
class SitingParams(Params):
    """Weights of the site logit and relocation."""

    wage_weight: float = par(
        -0.8, unit="1", prior="Normal(-0.8, 0.32) on [-2, 0]", low=-3, high=0, id="FM07",
        doc="weight of log wages in the choice of a site",
        source="Guimaraes, Figueiredo, Woodward 2003 REStat, form", evidence="recalled",
    )  # fmt: skip
    land_weight: float = par(
        -0.15, unit="1", prior="Normal(-0.15, 0.06) on [-0.5, 0]", low=-2, high=0, id="FM07",
        doc="weight of the log price of land in the choice of a site",
        source="Guimaraes, Figueiredo, Woodward 2003 REStat, form", evidence="recalled",
    )  # fmt: skip
    access_weight: float = par(
        0.4, unit="1", prior="Normal(0.4, 0.16) on [0, 1.2]", low=0, high=3, id="FM07",
        doc="weight of log market access in the choice of a site",
        source="Guimaraes, Figueiredo, Woodward 2003 REStat, form", evidence="recalled",
    )  # fmt: skip
    cluster_weight: float = par(
        0.5, unit="1", prior="Normal(0.5, 0.2) on [0, 0.95]", low=0, high=1, id="FM07",
        doc="weight of log jobs of the own sector nearby; below one, or a cluster takes all",
        source="Guimaraes, Figueiredo, Woodward 2003 REStat, form", evidence="recalled",
    )  # fmt: skip
    freight_decay: float = par(
        0.03, unit="1/min", prior="LogNormal(0.03, 0.3)", low=0.002, high=0.3,
        doc="fall of the weight of a market with a minute of road travel",
        source="judgement: half gone in 23 minutes", evidence="assumed",
    )  # fmt: skip
    reconsidering: float = par(
        0.006, unit="1/yr", prior="LogNormal(0.006, 0.5)", low=0, high=0.2, id="FM06",
        doc="share of private firms that reconsider their site in a year",
        source="Lu, Wang, Zhu 2019: relocations are minor beside births and deaths",
        evidence="seen",
    )  # fmt: skip
    moving_cost: float = par(
        0.7, unit="utility", prior="Normal(0.7, 0.3) on [0, 2]", low=0, high=5,
        doc="cost of leaving the present zone, in the units of the site logit",
        source="judgement: a site elsewhere must be twice as good", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def reach(values: Array, minutes: Array, decay: Array) -> Array:
    """Sum over zones of what they hold, each discounted by its distance in minutes.

    Parameters
    ----------
    values : (draw, row, zone) [any]
    minutes : (draw, zone, to_zone) [minutes]
    decay : (draw,) [1/min]

    Returns
    -------
    (draw, row, zone) [same]

    Examples
    --------
    >>> reach(np.array([[[8.0, 0.0]]]), np.full((1, 2, 2), 10.0), np.array([0.1])).round(4).tolist()
    [[[2.943, 2.943]]]
    """
    return np.matmul(values, nearness(minutes, decay).transpose(0, 2, 1))


def site_attraction(
    wage: Array, land_price: Array, access: Array, own_density: Array, p: SitingParams
) -> Array:
    """Attraction of a site before its fixed effect and policy.

    Parameters
    ----------
    wage, land_price, access : (draw, zone) [any]
        Positive.
    own_density : (draw, sector, zone) [log]
        One plus the jobs of the own sector within reach.
    p : SitingParams

    Returns
    -------
    (draw, sector, zone) [utility]

    Examples
    --------
    >>> one, alone = np.ones((1, 1)), np.zeros((1, 1, 1))
    >>> float(site_attraction(one * np.e, one, one, alone, SitingParams())[0, 0, 0])
    -0.8
    """
    common = lift(p.wage_weight, 1) * np.log(wage) + lift(p.land_weight, 1) * np.log(land_price)
    common = common + lift(p.access_weight, 1) * np.log(access)
    return common[:, None] + lift(p.cluster_weight, 2) * own_density


def site_shares(attraction: Array, weight: Array) -> Array:
    """Shares of sites of a sector: the logit, with weights in place of exponential effects.

    Parameters
    ----------
    attraction : (draw, sector, zone) [utility]
    weight : (draw, sector, zone) [1]
        Exponential of the fixed effect; zero where the sector stays away.

    Returns
    -------
    (draw, sector, zone) [1]
        Sums to one over zones; all zero for a sector that is nowhere.

    Examples
    --------
    >>> site_shares(np.zeros((1, 2, 2)), np.array([[[1.0, 3.0], [0.0, 0.0]]])).tolist()
    [[[0.25, 0.75], [0.0, 0.0]]]
    """
    odds = weight * np.exp(attraction - attraction.max(axis=2, keepdims=True))
    return ratio(odds, odds.sum(axis=2, keepdims=True))


def site_weights(attraction: Array, stock: Array) -> Array:
    """Weights with which entries are shared as the stock is: the fixed effects, closed form.

    Parameters
    ----------
    attraction : (draw, sector, zone) [utility]
        Of the base year.
    stock : (draw, sector, zone) [establishments]

    Returns
    -------
    (draw, sector, zone) [1]

    Examples
    --------
    >>> stock, attraction = np.array([[[1.0, 3.0]]]), np.array([[[2.0, 0.0]]])
    >>> site_shares(attraction, site_weights(attraction, stock)).tolist()
    [[[0.25, 0.75]]]
    """
    middle = attraction.mean(axis=2, keepdims=True)
    return ratio(stock, stock.sum(axis=2, keepdims=True)) * np.exp(middle - attraction)


def leaving_chance(share: Array, p: SitingParams) -> Array:
    """Probability that a private firm moves to another zone in a year.

    Parameters
    ----------
    share : (draw, sector, zone) [1]
        Of sites.
    p : SitingParams

    Returns
    -------
    (draw, sector, zone) [1]
        Zero where there is nowhere else to go.

    Examples
    --------
    >>> at_ease = SitingParams(moving_cost=0.0)
    >>> leaving_chance(np.array([[[0.25, 0.75]]]), at_ease).round(6).tolist()
    [[[0.0045, 0.0015]]]
    """
    elsewhere = (1 - share) * np.exp(-lift(p.moving_cost, 2))
    return lift(p.reconsidering, 2) * ratio(elsewhere, share + elsewhere)


def expected_entries(stock: Array, share: Array, policy: Array, rate: Array) -> Array:
    """Entrants by zone: a rate of the incumbents of the sector, shared out, policy on top.

    Parameters
    ----------
    stock : (draw, sector, zone) [establishments]
    share : (draw, sector, zone) [1]
        Of sites, without policy.
    policy : (draw, sector, zone) [log]
    rate : (draw,) [1/yr]

    Returns
    -------
    (draw, sector, zone) [establishments]

    Examples
    --------
    >>> stock, share = np.array([[[60.0, 40.0]]]), np.array([[[0.5, 0.5]]])
    >>> expected_entries(stock, share, 0 * share, np.array([0.1])).tolist()
    [[[5.0, 5.0]]]
    """
    return lift(rate, 2) * stock.sum(axis=2, keepdims=True) * share * np.exp(policy)


# -- the world's own numbers ----------------------------------------------------------


def attraction_of(world: World, p: SitingParams) -> Array:
    """Attraction of every site as the world stands, before fixed effect and policy."""
    minutes, markets = world["road_time"], world["output"].sum(axis=1)
    access = reach(markets[:, None], minutes, np.asarray(p.freight_decay))[:, 0]
    access = access * np.exp(world["policy_market_access"])
    return site_attraction(world["wage"], world["land_price"], access, world["own_density"], p)
