"""With nothing growing and nobody ageing, the economy stays where the base year put it."""

import numpy as np
import pytest

from model.processes import SCHEDULE
from model.simulation import params_of
from tests.worlds import trend, world_of

ECONOMY = {
    "policy",
    "accessibility",
    "capital",
    "linkages",
    "productivity",
    "labour force",
    "human capital",
    "wages",
    "labour",
    "output",
}
FAMILIES = ("agri", "raw", "old", "new", "construction", "services", "digital", "public")
DRIFTS = {f"family_drift__{family}": 0 for family in FAMILIES}
STILL = trend(
    industry__frontier_growth=0,
    industry__catch_up=0,
    industry__capital_growth=0,
    industry__productivity_walk=0,
    productivity__area_walk=0,
    productivity__base_gap=0,
    productivity__diffusion=0,
    **DRIFTS,
)
HELD = (
    "expected_jobs",
    "jobs",
    "wage",
    "output",
    "capital",
    "commuters",
    "unemployment_rate",
    "income_access",
    "utilisation",
    "sector_price",
)


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
@pytest.mark.parametrize("draws", [1, 3])
def test_base_year_is_a_fixed_point(request, name, draws):
    world = world_of(request.getfixturevalue(name), STILL, count=draws)
    before = {variable: np.array(world[variable]) for variable in HELD}
    world.year += 1  # the network of this year is that of the base year's end
    for _ in range(4):
        for process in SCHEDULE:
            if process.name in ECONOMY:
                process.act(world, params_of(world, process))
    for variable, value in before.items():
        np.testing.assert_allclose(world[variable], value, rtol=1e-8, atol=1e-9, err_msg=variable)
