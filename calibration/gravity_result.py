"""What an estimated gravity model says: coefficients, errors, predictions, measures of fit."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from calibration import flow_scores
from calibration.flow_tables import FlowTable
from calibration.gravity_fit import poisson_log_likelihood
from model.axes import Array

if TYPE_CHECKING:
    import pandas as pd


def poisson_deviance(flow: Array, predicted: Array) -> float:
    """Twice the log-likelihood that a perfect fit would have more.

    Examples
    --------
    >>> round(poisson_deviance(np.array([2.0, 0.0]), np.array([1.0, 1.0])), 6)
    2.772589
    """
    from scipy.special import xlogy

    ratio = flow / np.where(predicted > 0, predicted, 1.0)
    return float(2 * (xlogy(flow, ratio) - (flow - predicted)).sum())


@dataclass(frozen=True)
class Estimates:
    """Every free estimate of a model: effects of places, then coefficients.

    Attributes
    ----------
    names : tuple of str
    values : (estimate,) [any]
    covariance : (estimate, estimate) [any]
        Inverse information.
    """

    names: tuple[str, ...]
    values: Array
    covariance: Array

    @property
    def standard_errors(self) -> Array:
        """Roots of the diagonal, (estimate,)."""
        return np.sqrt(np.diag(self.covariance))


@dataclass(frozen=True)
class GravityFit:
    """An estimated gravity model.

    Attributes
    ----------
    model, decay, intrazonal : str
    table : FlowTable
        Cells that were used.
    names : tuple of str
        Of the coefficients: masses, then cost; before them the intercept, if unconstrained.
    coefficients : (coefficient,) [any]
    covariance, robust_covariance : (coefficient, coefficient) [any]
        Inverse information; sandwich without small-sample correction (HC0).
    origin_effects : dict of str to float
        Logarithms, of constrained origins.
    destination_effects : dict of str to float
        Logarithms, of constrained destinations; in a doubly constrained model the first is zero.
    predicted : (cell,) [any]
        In the order of the table.
    parameters : int
        Free estimates: coefficients and effects.
    rounds : int
        Of Newton.
    estimates : Estimates or None
        With the errors of the effects; not kept beyond 1,000 places.
    """

    model: str
    decay: str
    intrazonal: str
    table: FlowTable
    names: tuple[str, ...]
    coefficients: Array
    covariance: Array
    robust_covariance: Array
    origin_effects: dict[str, float]
    destination_effects: dict[str, float]
    predicted: Array
    parameters: int
    rounds: int
    estimates: Estimates | None

    def __getitem__(self, name: str) -> float:
        """Coefficient by name."""
        return float(self.coefficients[self.names.index(name)])

    @property
    def standard_errors(self) -> Array:
        """From the inverse information, (coefficient,)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def robust_errors(self) -> Array:
        """From the sandwich, (coefficient,)."""
        return np.sqrt(np.diag(self.robust_covariance))

    @property
    def cells(self) -> int:
        """Cells that were used."""
        return len(self.table.flow)

    @cached_property
    def log_likelihood(self) -> float:
        """Poisson, with factorials."""
        return poisson_log_likelihood(self.table.flow, self.predicted)

    @cached_property
    def null_log_likelihood(self) -> float:
        """Of a model with an intercept only."""
        return poisson_log_likelihood(self.table.flow, np.full(self.cells, self.table.flow.mean()))

    @cached_property
    def deviance(self) -> float:
        """Twice the log-likelihood short of a perfect fit."""
        return poisson_deviance(self.table.flow, self.predicted)

    @cached_property
    def null_deviance(self) -> float:
        """Deviance of a model with an intercept only."""
        return poisson_deviance(self.table.flow, np.full(self.cells, self.table.flow.mean()))

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 k - 2 ln L."""
        return 2 * self.parameters - 2 * self.log_likelihood

    @property
    def bic(self) -> float:
        """Schwarz's criterion, k ln n - 2 ln L."""
        return float(self.parameters * np.log(self.cells) - 2 * self.log_likelihood)

    @property
    def explained_deviance(self) -> float:
        """Share of the null deviance that the model explains."""
        return 1 - self.deviance / self.null_deviance

    @property
    def pseudo_r_squared(self) -> float:
        """McFadden's, from log-likelihoods."""
        return 1 - self.log_likelihood / self.null_log_likelihood

    @property
    def dispersion(self) -> float:
        """Pearson's chi-squared per degree of freedom; far above 1 Poisson errors are too small."""
        there = self.predicted > 0
        gap = (self.table.flow - self.predicted)[there] ** 2 / self.predicted[there]
        freedom = self.cells - self.parameters
        return float(gap.sum() / freedom) if freedom else float("nan")

    @property
    def srmse(self) -> float:
        """Standardised root mean square error."""
        return flow_scores.srmse(self.table.flow, self.predicted)

    @property
    def common_part(self) -> float:
        """Common part of commuters (CPC)."""
        return flow_scores.common_part(self.table.flow, self.predicted)

    @property
    def sorensen(self) -> float:
        """Sorensen similarity, mean over cells (SSI)."""
        return flow_scores.sorensen(self.table.flow, self.predicted)

    @property
    def r_squared(self) -> float:
        """Squared correlation of observed and predicted flows."""
        return flow_scores.r_squared(self.table.flow, self.predicted)

    def mean_cost(self, flow: Array) -> float:
        """Mean cost of flows over the cells used."""
        return float(flow @ self.table.cost / flow.sum())

    def frame(self) -> "pd.DataFrame":
        """Cells used, with observed and predicted flows, as a pandas table."""
        import pandas as pd

        return pd.DataFrame(
            {
                "origin": np.array(self.table.origins)[self.table.origin],
                "destination": np.array(self.table.destinations)[self.table.destination],
                "flow": self.table.flow,
                "predicted": self.predicted,
                "cost": self.table.cost,
            }
        )
