"""Section of the backcast on flows between cities: the observed index beside modelled commuters."""

from dataclasses import dataclass
from typing import Any

from calibration.commuting_data import MOMENTS, load_city_flows, load_moments
from calibration.commuting_fit import (
    Estimate,
    base_years,
    city_trips,
    core_moments,
    estimates,
    predicted,
    pulled,
)
from calibration.flow_scores import RelativeScores, relative_scores
from model.area import Area
from model.axes import Array
from model.begin import Plan, begin_world
from model.scenario_loading import load_scenario

PULLED = 8


@dataclass(frozen=True)
class FlowBackcast:
    """Pairs of cities with their index and modelled commuters of both directions, and scores.

    ``moments`` are (name, observed, sd, modelled) of the core city's commuting times; ``fit`` is
    empty unless more than one draw was asked for, and so are ``reached`` (moments under the priors
    and under the posterior of times) and ``pulled`` (what the evidence moved most, in deviations).
    """

    origin: tuple[str, ...]
    destination: tuple[str, ...]
    index: Array
    commuters: Array
    scores: RelativeScores
    moments: tuple[tuple[str, float, float, float], ...]
    fit: tuple[Estimate, ...] = ()
    reached: tuple[tuple[float, ...], ...] = ()
    pulled: tuple[tuple[str, float], ...] = ()


def flow_backcast(area: Area, draws: int = 1, seed: int = 0) -> FlowBackcast:
    """Observed index against commuters modelled for the base year, central parameters.

    Nothing of the index is used to set the model, so that the scores are a test; the decay rests on
    the times. More than one draw also estimates decay and border anew
    (:mod:`calibration.commuting_fit`).

    Raises
    ------
    ProblemsError
        Tables of flows or moments that cannot be used.
    """
    flows, known = load_city_flows(area), load_moments()
    plan = Plan(load_scenario("trend", area), area.address, "mean", 1, seed, 1, 0, False)
    world = begin_world(plan, area, slice(None))
    regions, weights = area.statistics
    trips = city_trips(world["commuters"], weights, flows)[0]
    modelled = core_moments(world)[0]
    more: dict[str, Any] = {}
    if draws > 1:
        sample = base_years(area, flows, known, draws, seed)
        more["fit"] = tuple(estimates(sample, known, flows))
        more["reached"] = tuple(tuple(map(float, one)) for one in predicted(sample, known))
        more["pulled"] = tuple(pulled(sample, known, flows)[:PULLED])
    rows = zip(MOMENTS, known.value, known.sd, modelled, strict=True)
    return FlowBackcast(
        tuple(regions[city] for city in flows.origin),
        tuple(regions[city] for city in flows.destination),
        flows.index,
        trips,
        relative_scores(flows.index, trips),
        tuple((name, float(a), float(b), float(c)) for name, a, b, c in rows),
        **more,
    )
