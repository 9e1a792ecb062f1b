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


@pytest.mark.parametrize("engine", ["mean", "agents"])
@pytest.mark.parametrize(
    ("name", "where", "value", "told"),
    [
        ("wage", (0, B1), np.nan, "draw 0, b1, nan"),
        ("wage", (0, B1), np.inf, "draw 0, b1, inf"),
        ("expected_jobs", (0, WORKS, B1), np.nan, "draw 0, works, b1, nan"),
        ("population", (0, B1), np.nan, "draw 0, b1, nan"),
        ("gdp_real", (0, A2), np.nan, "draw 0, a2, nan"),
        ("slowdown", (0, A2), np.nan, "draw 0, a2, nan"),
    ],
)
def test_no_number_is_told_of_the_zone_that_has_none(tiny, name, where, value, told, engine):
    """Not as congestion of the first zone that does not converge."""
    world = world_of(tiny, engine=engine)
    changed(world, name, where, value)
    with (
        pytest.raises(RunError, match=f"{name} is negative or not a number in 2021: {told}"),
        np.errstate(all="ignore"),
    ):
        step(world)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("output", "output_value", "gdp_real"), "gdp_real"),
        (("expected_jobs",), "expected_jobs"),
    ],
)
def test_nothing_anywhere_is_told_as_that(tiny, names, told):
    world = world_of(tiny)
    for name in names:
        changed(world, name, ..., 0.0)
    with (
        pytest.raises(RunError, match=f"{told} is zero in every zone in 2021: draw 0"),
        np.errstate(all="ignore"),
    ):
        step(world)


def test_no_jobs_on_offer_anywhere_are_told_as_that(tiny):
    from model.processes.workplaces import settled

    world = world_of(tiny)
    posts = np.zeros(world["wage"].shape)
    with pytest.raises(RunError, match="jobs on offer is zero in every zone in 2020: draw 0"):
        settled(world, posts, posts)


def test_a_wage_of_nothing_names_zone_and_wage(tiny):
    world = world_of(tiny)
    changed(world, "wage", (0, B1), 0.0)
    told = "jobs wanted in farm, b1, 2021, are inf at a wage of 0"
    with pytest.raises(RunError, match=told), np.errstate(all="ignore"):
        step(world)


def test_an_input_output_coefficient_that_is_no_number_names_sector_and_year(tiny):
    world = world_of(tiny)
    world.fixed["technical"] = np.array(world.fixed["technical"])
    world.fixed["technical"][0, WORKS, SHOPS] = np.nan
    with pytest.raises(RunError, match=r"not productive in 2021: .*, inputs of shops are nan of"):
        step(world)


def test_singular_input_output_matrix_names_sector_and_year(tiny):
    world = world_of(tiny)
    world.fixed["technical"] = np.array(world.fixed["technical"])
    world.fixed["technical"][0] = 0.0
    world.fixed["technical"][0, WORKS, WORKS] = 1 / world.fixed["local"][0, WORKS, WORKS]
    with pytest.raises(
        RunError, match="not productive in 2021: spectral radius 1, inputs of works"
    ):
        step(world)
