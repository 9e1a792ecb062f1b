r"""Congestion: driving time in the streets of a zone, relative to the base year.

.. math::

    s_z = \frac{1 + c_z\,q_z^{\beta}}{1 + c_z}, \qquad
    q_z = \sigma \frac{K_z}{K_{z0}} + (1 - \sigma) \frac{N_z}{N_{z0}}

:math:`c_z` is the base-year delay (peak over free-flow time, less one), :math:`K_z` the car
kilometres of commuters in the zone's streets, :math:`N_z` its residents, who stand for all other
traffic. The scale of a speed-flow function and the capacity of the streets are one number, and
the base year fixes it. Zones this large hide all detail: nothing below a zone is claimed, and
through traffic is not followed.

Sources: Bureau of Public Roads (1964) for the form; exponent from area-level fundamental
diagrams (recalled); peak index of Baidu for the core city, assumed elsewhere.
"""

from dataclasses import dataclass

import numpy as np

from model.axes import Array
from model.parameters import Params, par


@dataclass(frozen=True)
class CongestionParams(Params):
    """How speed falls with traffic."""

    exponent: float = par(
        2.5, unit="1", prior="Normal(2.5, 0.5)", low=1, high=6, id="C06",
        doc="power of the speed-flow function", source="area-level fundamental diagrams",
        evidence="recalled",
    )  # fmt: skip
    commuting_share: float = par(
        0.5, unit="share", prior="Beta(10, 10)", low=0.05, high=0.95, id="C06",
        doc="share of peak car traffic that commutes; the rest follows residents",
        source="judgement", evidence="assumed",
    )  # fmt: skip


# -- equations ---------------------------------------------------------------------


def base_delay(kinds: Array, in_core_city: Array, assumed: dict[str, Array]) -> Array:
    """Peak over free-flow driving time of each zone in the base year, less one.

    Parameters
    ----------
    kinds : (zone,) [1]
        ``core``, ``suburb`` or ``county``.
    in_core_city : (zone,) [1]
        Whether the zone belongs to the city of the core zone.
    assumed : dict
        ``congestion_index.<kind>``, and ``core_city`` for the core zones of the core city.

    Returns
    -------
    (draw, zone) [1]

    Examples
    --------
    >>> index = {"core_city": 1.6, "core": 1.4, "suburb": 1.3, "county": 1.1}
    >>> assumed = {f"congestion_index.{key}": np.array([value]) for key, value in index.items()}
    >>> base_delay(np.array(["core", "core"]), np.array([True, False]), assumed).round(3).tolist()
    [[0.6, 0.4]]
    """
    names = np.where((kinds == "core") & in_core_city, "core_city", kinds)
    return np.stack([assumed[f"congestion_index.{name}"] for name in names], axis=1) - 1


def street_kilometres(cars: Array, distance: Array, reach: Array) -> Array:
    """Car kilometres that commuters drive in the streets of each zone.

    Parameters
    ----------
    cars : (draw, zone, to_zone) [persons]
        Commuters by car.
    distance : (draw, zone, to_zone) [km]
    reach : (draw, 1, 1) [km]
        Of a trip at each of its ends, at most; half of a short trip.

    Returns
    -------
    (draw, zone) [persons km]

    Examples
    --------
    >>> cars = np.array([[[10.0, 5.0], [0.0, 0.0]]])
    >>> street_kilometres(cars, np.full((1, 2, 2), 4.0), np.full((1, 1, 1), 8.0)).tolist()
    [[50.0, 10.0]]
    """
    near = cars * np.minimum(distance / 2, reach)
    return near.sum(axis=2) + near.sum(axis=1)
