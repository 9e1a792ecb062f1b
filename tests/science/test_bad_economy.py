"""An economy that goes wrong on its way stops by name, or does what its limit says.

What a table can say wrong is in ``tests/unit/test_tables.py``, what firms do without jobs in
``test_firms.py``, and hiring that does not converge in ``tests/unit/test_modes.py``.
"""

import numpy as np
import pytest

from model.catalogue import CATALOGUE
from model.problems import RunError
from model.simulation import step
from tests.worlds import world_of

FARM, WORKS, SHOPS, OFFICE = range(4)
A1, A2, B1, B2, LINK = range(5)


def changed(world, name, where, value):
    world[name] = np.array(world[name])
    world[name][where] = value


def test_productivity_that_is_no_number_names_sector_zone_and_year(tiny):
    """Not silently a sector that is gone."""
    world = world_of(tiny)
    changed(world, "productivity", (0, WORKS, B1), np.nan)
    with pytest.raises(RunError, match=r"productivity is not a number in 2021: draw 0, works, "):
        step(world)


def test_negative_output_names_sector_zone_and_year(tiny, monkeypatch):
    from model.processes import industry

    plain = industry.value_added

    def wrong(*arguments):
        output = plain(*arguments)
        output[0, SHOPS, A2] *= -1
        return output

    monkeypatch.setattr(industry, "value_added", wrong)
    with pytest.raises(RunError, match=r"output is negative.* in 2021: draw 0, shops, a2"):
        step(world_of(tiny))


def test_negative_capital_names_sector_zone_and_year(tiny):
    world = world_of(tiny)
    changed(world, "capital", (0, WORKS, A2), -5.0)
    with pytest.raises(RunError, match=r"capital is negative.* in 2021: draw 0, works, a2"):
        step(world)


@pytest.mark.parametrize("where", [(0, WORKS), (0, slice(None), LINK)], ids=["sector", "zone"])
def test_without_capital_nothing_is_made_and_the_rest_goes_on(tiny, where):
    """A sector, or a zone, that has lost all it works with: no output, no investment, no jobs."""
    world = world_of(tiny)
    for name in ("capital", "output", "output_value"):
        changed(world, name, where, 0.0)
    world["gdp_real"] = world["output"].sum(axis=1)
    for _ in range(4):
        step(world)
    for name in ("output", "capital", "investment", "labour_demand"):
        assert np.all(world[name][where] == 0), name
    assert np.all(world["output"].sum(axis=(1, 2)) > 0)
    for name, values in world.state.items():
        assert np.all(np.isfinite(values)), (name, CATALOGUE[name].dims)


def test_singular_input_output_matrix_names_sector_and_year(tiny):
    world = world_of(tiny)
    world.fixed["technical"] = np.array(world.fixed["technical"])
    world.fixed["technical"][0] = 0.0
    world.fixed["technical"][0, WORKS, WORKS] = 1 / world.fixed["local"][0, WORKS, WORKS]
    with pytest.raises(
        RunError, match="not productive in 2021: spectral radius 1, inputs of works"
    ):
        step(world)
