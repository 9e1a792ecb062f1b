r"""Matching: who among those seeking at a workplace is hired there.

.. math:: L_j = S_j\,\frac{\theta_j}{(1 + \theta_j^\gamma)^{1/\gamma}}, \quad
    \theta_j = \theta_0 \frac{V_j}{S_j (1 - u_0)}, \quad
    S_j = \sum_i LF_i\,\pi_{ij}

People choose a workplace knowing the chance of being hired there, so that shares and chances
are one fixed point. Hires never exceed seekers, nor offers times what leaves the usual share
of seekers without work where offers are as usual (:math:`\theta_0 / (1 - u_0)`).

The compiled loop of it is :func:`model.kernels.commuting.settle`.

Sources: den Haan, Ramey, Watson (2000, AER 90) for the form; Harris and Todaro (1970, AER 60)
for choice by expected wage.
"""

from dataclasses import dataclass

from model.axes import Array
from model.parameters import Params, par


@dataclass(frozen=True)
class MatchingParams(Params):
    """Slack of the base year and the curvature of the matching function."""

    base_unemployment: float = par(
        0.05, unit="1", prior="Beta(25, 475)", low=0.005, high=0.3,
        doc="surveyed unemployment rate of the base year, everywhere alike",
        source="about 5 % surveyed in Chinese cities; no city value found", evidence="assumed",
    )  # fmt: skip
    matching_curvature: float = par(
        6.0, unit="1", prior="Uniform(4, 10)", low=1, high=50,
        doc="curvature of the matching function: higher means fewer vacancies left open",
        source="form of den Haan, Ramey, Watson 2000; value for yearly stocks is judgement",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def tightness_at(unemployment: Array, curvature: Array) -> Array:
    """Tightness at which a given share stays without work: the form above solved for it.

    Examples
    --------
    >>> tightness_at(0.5, 1.0)
    1.0
    """
    return ((1 - unemployment) ** -curvature - 1) ** (-1 / curvature)
