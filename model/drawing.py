"""Everything that a run draws but its levers: parameters of processes and numbers of the area."""

from typing import TYPE_CHECKING

import numpy as np

from model.axes import Array
from model.levers import draws_of
from model.parameters import Params, sample
from model.processes import PARAMETERS

if TYPE_CHECKING:
    from model.area import Area
    from model.scenario import Scenario


def draw_all(
    area: "Area", scenario: "Scenario", seed: int, count: int, chosen: slice
) -> tuple[dict[str, Params], dict[str, Array]]:
    """Parameter sets by process and the area's own assumptions, ``(draw,)`` each."""
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
    area: "Area", scenario: "Scenario", seed: int, count: int
) -> tuple[list[str], list[Array]]:
    """Names and values ``(draw,)`` of everything that a run of these draws draws, levers apart."""
    params, assumed = draw_all(area, scenario, seed, count, slice(None))
    names = [f"{prefix}.{name}" for prefix, p in params.items() for name in p.declarations()]
    columns = [np.asarray(getattr(p, name)) for p in params.values() for name in p.declarations()]
    return [*names, *assumed], [*columns, *assumed.values()]
