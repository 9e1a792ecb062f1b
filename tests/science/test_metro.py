"""The Mesa model is the agent engine, with governments that settle what they pay."""

import numpy as np
import pytest

from model import simulate
from model.problems import ProblemsError
from tests.worlds import TINY, package

mesa = pytest.importorskip("mesa")
from model.engines.metro import Metro  # noqa: E402

PLAN = package("large_works", "schools", "park")


@pytest.fixture(scope="module")
def metro():
    found = Metro(PLAN, scale=40, end=2024, area=TINY, rng=5)
    while found.running:
        found.step()
    return found


def test_same_bytes_as_the_agent_engine(metro):
    result = simulate(PLAN, engine="agents", scale=40, seed=5, end=2024, area=TINY)
    last = result.sel(year=2024)
    for name in ("population", "births", "jobs", "commuters", "gdp_real", "policy_spending"):
        assert metro.world[name].tobytes() == last[name].values.tobytes(), name


def test_one_government_a_city(metro):
    assert [one.city for one in metro.governments] == ["a", "b", "link"]
    assert (metro.year, metro.running) == (2024, False)
    for one in metro.governments:
        assert 0 <= one.paying <= 1
        assert one.bill * one.paying <= one.means + 1e-12
    assert metro.governments[0].paying < 1


def test_mesa_collects(metro):
    table = metro.datacollector.get_model_vars_dataframe()
    assert table["year"].tolist() == [2020, 2021, 2022, 2023, 2024]
    assert table["population"].iloc[0] == 200_000
    assert np.all(table["gdp_real"] > 0)


@pytest.mark.parametrize(
    "wrong", [{"rng": "x"}, {"rng": None}, {"scale": 0}, {"end": 2020}], ids=str
)
def test_refused(wrong):
    with pytest.raises(ProblemsError):
        Metro(PLAN, **({"area": TINY} | wrong))
