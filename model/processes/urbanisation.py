r"""Two rates of urbanisation: of residents, and of the registered.

.. math:: \operatorname{logit} u_{z,t} = \operatorname{logit} u_{z,0} + g\,t

The urban share of each zone's residents follows the S-shaped curve of urbanisation from what the
census counted; the share of a city's registered people with urban registration follows the same
curve. A zone that is wholly urban or wholly rural stays so.

Sources: United Nations (1974), Methods for Projections of Urban and Rural Population (the logistic
of the urban-rural ratio); Northam (1979); shares of the area's tables; drift assumed.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array, lift
from model.contract import Process
from model.parameters import Params, par
from model.world import World


@dataclass(frozen=True)
class UrbanisationParams(Params):
    """Speed of urbanisation."""

    urban_drift: float = par(
        0.03, unit="1/yr", prior="Normal(0.03, 0.012)", low=-0.1, high=0.2,
        doc="yearly rise of the logit of the urban share",
        source="about 0.045 in Liaoning between the censuses of 2010 and 2020; slower after",
        evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def urban_share(base: Array, years: float, drift: Array) -> Array:
    """Urban share some years after the base year.

    Parameters
    ----------
    base : (zone,) [1]
    years : float [years]
    drift : (draw,) [1/yr]

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> urban_share(np.array([0.5, 1.0]), 10.0, np.array([0.0])).tolist()
    [[0.5, 1.0]]
    """
    grown = base * np.exp(lift(drift, 1) * years)
    return grown / (1 - base + grown)


# -- action ------------------------------------------------------------------------


def act(world: World, p: UrbanisationParams) -> None:
    """Urban residents by zone, and the urban among the registered by city."""
    drift, years = np.asarray(p.urban_drift), world.elapsed
    share = urban_share(world.fixed["base_urban_share"], years, drift)
    world["urban_population"] = world["population"] * share
    registered = urban_share(world.fixed["base_registered_urban_share"], years, drift)
    world["registered_urban"] = world["registered"] * registered


URBANISATION = Process(
    "urbanisation",
    reads=("population", "registered"),
    writes=("urban_population", "registered_urban"),
    act=act,
    params=UrbanisationParams,
    about="urban residents, and the registered of urban status",
)
