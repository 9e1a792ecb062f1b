"""Section of the backcast on flows between cities: the observed index beside modelled commuters."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calibration.commuting_data import load_city_flows, load_moments
from calibration.commuting_fit import Estimate, base_years, city_trips, core_moments, estimates
from calibration.flow_scores import RelativeScores, relative_scores
from model.axes import Array

if TYPE_CHECKING:
    from model.area import Area


@dataclass(frozen=True)
class FlowBackcast:
    """Pairs of cities with their index and modelled commuters of both directions, and scores.

    ``moments`` are (name, observed, sd, modelled) of the core city's commuting times; ``fit`` is
    empty unless more than one draw was asked for.
    """

    origin: tuple[str, ...]
    destination: tuple[str, ...]
    index: Array
    commuters: Array
    scores: RelativeScores
    moments: tuple[tuple[str, float, float, float], ...]
    fit: tuple[Estimate, ...]


def flow_backcast(area: "Area", draws: int = 1, seed: int = 0) -> FlowBackcast:
    """Observed index against commuters modelled for the base year, central parameters.

    Nothing of the index is used to set the model, so that the scores are a test. More than one draw
    also estimates decay and border (:mod:`calibration.commuting_fit`).

    Raises
    ------
    ProblemsError
        Tables of flows or moments that cannot be used.
    """
    from calibration.commuting_data import MOMENTS
    from model.scenario import load_scenario
    from model.simulation import Plan, begin_world

    flows, known = load_city_flows(area), load_moments()
    plan = Plan(load_scenario("trend", area), area.name, "mean", 1, seed, 1, 0, False)
    world = begin_world(plan, area, slice(None))
    regions, weights = area.statistics
    trips = city_trips(world["commuters"], weights, flows)[0]
    modelled = core_moments(world)[0]
    fit: tuple[Estimate, ...] = ()
    if draws > 1:
        fit = tuple(estimates(base_years(area, flows, draws, seed), known, flows))
    rows = zip(MOMENTS, known.value, known.sd, modelled, strict=True)
    return FlowBackcast(
        tuple(regions[city] for city in flows.origin),
        tuple(regions[city] for city in flows.destination),
        flows.index,
        trips,
        relative_scores(flows.index, trips),
        tuple((name, float(a), float(b), float(c)) for name, a, b, c in rows),
        fit,
    )
