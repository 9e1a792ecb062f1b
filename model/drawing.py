"""Everything that a run draws but its levers: parameters of processes and numbers of the area."""

import numpy as np

from model.area import Area
from model.axes import Array
from model.levers import draws_of
from model.parameters import Params, sample
from model.processes import PARAMETERS
from model.scenario import Scenario


def draw_all(
    area: Area, scenario: Scenario, seed: int, count: int, chosen: slice
) -> tuple[dict[str, Params], dict[str, Array]]:
    """Parameter sets by process and the area's own assumptions, ``(draw,)`` each.

    Parameters
    ----------
    area : Area
    scenario : Scenario
        Whose assumptions are the same in every draw.
    seed, count : int [1]
        Seed and size of the whole ensemble; one draw is the central case.
    chosen : slice
        Draws that are wanted.

    Returns
    -------
    dict of Params
        By prefix of the process.
    dict of array
        By name of the assumption.

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> from model.scenario import Scenario
    >>> hot = Scenario("hot", "Warmer", assumptions={"degree_days": 3000.0})
    >>> _, assumed = draw_all(load_area(), hot, 0, 2, slice(None))
    >>> assumed["degree_days"].tolist()
    [3000.0, 3000.0]
    """
    fixed = scenario.assumptions
    params = {
        prefix: sample(cls, prefix, seed, count, chosen, fixed, area.parameters)
        for prefix, cls in PARAMETERS.items()
    }
    assumed = {}
    for name, value, prior in area.assumed_numbers:
        if name in fixed:
            assumed[name] = np.full(count, fixed[name])[chosen]
        elif count == 1:
            assumed[name] = np.array([value])
        else:
            assumed[name] = draws_of(prior, name, seed, count, chosen)
    return params, assumed


def drawn_numbers(
    area: Area, scenario: Scenario, seed: int, count: int
) -> tuple[list[str], list[Array]]:
    """Names and values ``(draw,)`` of everything that a run of these draws draws, levers apart."""
    params, assumed = draw_all(area, scenario, seed, count, slice(None))
    names = [f"{prefix}.{name}" for prefix, p in params.items() for name in p.declarations()]
    columns = [np.asarray(getattr(p, name)) for p in params.values() for name in p.declarations()]
    return [*names, *assumed], [*columns, *assumed.values()]
