r"""Mode choice: a nested logit over generalised costs, and its logsum.

.. math::

    S_{ij} = \sum_n \Bigl(\sum_{m \in n} e^{-\theta (g_{ijm} + k_m) / \lambda}\Bigr)^{\lambda},
    \qquad \tau_{ij} = -\tfrac1\theta \ln S_{ij}, \qquad \theta = \nu / \mu

The nests are {walk, cycle}, {car}, {bus, metro, rail}. The logsum :math:`\tau`, in minutes, is
what distance means in the choice of a workplace: :math:`e^{-\nu\tau} = S^{\mu}`, so that one
random utility stands behind both choices while :math:`0 < \mu, \lambda \le 1`.

No recent mode shares of commuting were found for the area. The constants :math:`k_m` are inverted
in the base year on constructed shares with wide priors; they are a residual, not a finding.

Sources: McFadden (1978) for the nests; Wardman's reviews for the weights of waiting and walking;
Barwick et al. (2024) for the value of time in Beijing.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import MODES, Array, lift
from model.parameters import Params, par

NESTS = ((0, 1), (2,), (3, 4, 5))


@dataclass(frozen=True)
class ModeParams(Params):
    """Weights of time and money, and how alike modes are."""

    wait_weight: float = par(
        1.8, unit="1", prior="Normal(1.8, 0.3)", low=1, high=4, id="C04",
        doc="weight of a minute of waiting", source="Wardman's reviews", evidence="recalled",
    )  # fmt: skip
    walk_weight: float = par(
        1.6, unit="1", prior="Normal(1.6, 0.3)", low=1, high=4, id="C04",
        doc="weight of a minute of walking", source="Wardman's reviews", evidence="recalled",
    )  # fmt: skip
    value_of_time: float = par(
        0.6, unit="1", prior="Beta(12, 8)", low=0.05, high=2, id="C03",
        doc="value of time in a vehicle over the hourly wage",
        source="Beijing studies: 0.5 to 0.95", evidence="recalled",
    )  # fmt: skip
    working_hours: float = par(
        2200.0, unit="hours/yr", prior="Normal(2200, 100)", low=1500, high=3000,
        doc="hours behind a yearly wage", source="labour surveys of urban China: 46-48 a week",
        evidence="recalled",
    )  # fmt: skip
    mode_scale: float = par(
        0.7, unit="1", prior="Beta(7, 3)", low=0.05, high=1,
        doc="decay of workplace choice over sensitivity of mode choice to a minute",
        source="consistency of the nested choice asks for at most one; the value is judgement",
        evidence="assumed",
    )  # fmt: skip
    nest_dissimilarity: float = par(
        0.5, unit="1", prior="Beta(5, 5) on [0.25, 0.95]", low=0.1, high=1, id="C05",
        doc="dissimilarity of modes inside a nest", source="Barwick et al.: nested models of "
        "Beijing", evidence="recalled",
    )  # fmt: skip


FAINTEST = -700.0


# -- equations ---------------------------------------------------------------------


def money_minutes(wage: Array, p: ModeParams) -> Array:
    """Minutes worth one yuan to those who earn a wage.

    Parameters
    ----------
    wage : (draw, zone) [yuan/year]
    p : ModeParams

    Returns
    -------
    (draw, zone) [minutes/yuan]

    Examples
    --------
    >>> money_minutes(np.array([[88000.0]]), ModeParams()).tolist()
    [[2.5]]
    """
    return 60 * lift(p.working_hours, 1) / (lift(p.value_of_time, 1) * wage)


def sensitivity(decay: Array, p: ModeParams) -> Array:
    """Weight of a minute in the choice of a mode, (draw,) [1/min].

    Examples
    --------
    >>> sensitivity(np.array([0.07]), ModeParams()).round(9).tolist()
    [0.1]
    """
    return np.asarray(decay) / np.asarray(p.mode_scale)


def mode_choice(
    cost: Array, constants: Array, theta: Array, dissimilarity: Array
) -> tuple[Array, Array]:
    """Shares of modes by pair, and their logsum as a cost.

    Parameters
    ----------
    cost : (draw, mode, zone, to_zone) [minutes]
    constants : (draw, mode) [minutes]
        Added to the cost.
    theta : (draw,) [1/min]
    dissimilarity : (draw,) [1]

    Returns
    -------
    shares : (draw, mode, zone, to_zone) [1]
        Sum to one.
    logsum : (draw, zone, to_zone) [minutes]

    Examples
    --------
    >>> cost = np.array([1e4, 1e4, 20.0, 30.0, 1e4, 1e4]).reshape(1, 6, 1, 1)
    >>> half, one = np.array([0.5]), np.array([0.1])
    >>> shares, logsum = mode_choice(cost, np.zeros((1, 6)), one, half)
    >>> shares[0, :, 0, 0].round(3).tolist(), logsum.round(3).tolist()
    ([0.0, 0.0, 0.731, 0.269, 0.0, 0.0], [[[16.867]]])
    """
    power, steep = lift(dissimilarity, 2), lift(theta, 2)
    whole = [cost[:, mode] + lift(constants[:, mode], 2) for mode in range(cost.shape[1])]
    least = np.minimum.reduce(whole)
    # The exponential of less than this is no number but a special case, twenty times as slow.
    weights = [np.exp(np.maximum(steep * (least - one) / power, FAINTEST)) for one in whole]
    sums = [np.add.reduce([weights[mode] for mode in nest]) for nest in NESTS]
    nests = [one**power for one in sums]
    total = np.add.reduce(nests)
    shares = np.empty(cost.shape)
    for nest, inside, joint in zip(NESTS, sums, nests, strict=True):
        within = joint / np.where(inside > 0, inside, 1.0) / total
        for mode in nest:
            shares[:, mode] = weights[mode] * within
    return shares, least - np.log(total) / steep


def usable(cost: Array, never: float) -> Array:
    """(draw, mode) whether a mode can be used between any two zones.

    Examples
    --------
    >>> usable(np.array([5.0, 1e4]).reshape(1, 2, 1, 1), 1e4).tolist()
    [[True, False]]
    """
    return np.asarray((cost < never).any(axis=(2, 3)))


def target_shares(assumed: dict[str, Array], there: Array) -> Array:
    """(draw, mode) [1] constructed shares of the base year, scaled to one over usable modes.

    Examples
    --------
    >>> given = {f"mode_share.{mode}": np.array([0.5]) for mode in MODES}
    >>> target_shares(given, np.array([[True, True, False, False, False, False]])).tolist()
    [[0.5, 0.5, 0.0, 0.0, 0.0, 0.0]]
    """
    raw = np.stack([assumed[f"mode_share.{mode}"] for mode in MODES], axis=1) * there
    return raw / raw.sum(axis=1, keepdims=True)
