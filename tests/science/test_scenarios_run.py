"""Every scenario file, alone and under the low and the high external future, run to its end."""

import numpy as np
import pytest

from model import accounts
from model.scenario_loading import load_scenario, scenario_names
from model.simulation import step
from tests.worlds import world_of

FUTURES = ("external_low", "external_high")
NAMES = [name for name in scenario_names() if name not in FUTURES]
END = 2035


@pytest.fixture(scope="module")
def run(shenyang):
    """Last world of a scenario; every account of every year is looked at on the way."""

    def last(name):
        world = world_of(shenyang, load_scenario(name, shenyang), end=END)
        while world.year < END:
            before = np.array(world["residents_by_hukou"])
            step(world)
            for account, error in accounts.residuals(world, before).items():
                assert float(np.max(error)) < accounts.TOLERANCE, (name, world.year, account)
        return world

    return last


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_runs_under_every_future(run, name):
    low, central, high = (
        run(one) for one in (f"{name}+{FUTURES[0]}", name, f"{name}+{FUTURES[1]}")
    )
    for what in ("population", "gdp_real", "gdp_nominal", "jobs"):
        found = [float(world[what].sum()) for world in (low, central, high)]
        assert found == sorted(found), (what, found)
        assert found[0] < found[2]
    pulled = [float(world["external_population"].sum()) for world in (low, central, high)]
    assert pulled == sorted(pulled, reverse=True)
