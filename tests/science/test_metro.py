"""The Mesa model is the agent engine, with governments that settle what they pay."""

from dataclasses import replace

import numpy as np
import pytest

from model import simulate
from model.problems import ProblemsError
from model.scenario_file import LeverSetting
from tests.worlds import TINY, delay_of, package

mesa = pytest.importorskip("mesa")
from model.engines.metro import Government, Metro  # noqa: E402

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
    for name in (
        "population",
        "births",
        "jobs",
        "commuters",
        "gdp_real",
        "policy_spending",
        "debt",
    ):
        assert metro.world[name].tobytes() == last[name].values.tobytes(), name


def test_one_government_a_city(metro):
    assert [one.city for one in metro.governments] == ["a", "b", "link"]
    assert (metro.year, metro.running) == (2024, False)
    for one in metro.governments:
        assert 0 <= one.paying <= 1
        assert one.bill * one.paying <= one.means + 1e-12
    assert metro.governments[0].paying < 1


EQUAL = {
    "bill": "policy_cost", "paying": "realised_share", "spending": "other_spending",
    "unmet": "unmet_spending", "borrowing": "borrowing", "debt": "debt", "room": "borrowing_room",
    "need": "spending_need",
}  # fmt: skip


@pytest.mark.parametrize("name", EQUAL)
def test_governments_and_the_process_agree_to_the_byte(metro, name):
    found = np.array([[getattr(one, name) for one in metro.governments]])
    assert found.tobytes() == metro.world[EQUAL[name]].tobytes()


def test_the_mean_engine_has_the_same_budgets(metro):
    """Same rule: what differs is the luck of people, not what governments do with money."""
    result = simulate(PLAN, end=2024, area=TINY).sel(year=2024).isel(draw=0)
    for name in ("realised_share", "debt", "other_spending", "policy_spending"):
        np.testing.assert_allclose(metro.world[name][0], result[name], rtol=0.05, err_msg=name)


def test_projects_begin_when_the_coordination_body_says():
    plan = package("large_works", "schools", "park", delay=1.0)
    again = Metro(plan, scale=1000, end=2024, area=TINY, rng=5)
    body, begun = again.coordination, {}
    assert set(body.schedule) == {"large_works", "schools", "park"}
    assert body.late == 1.0
    while again.running:
        again.step()
        begun |= dict.fromkeys(again.coordination.starts, again.year)
        for one in again.governments:
            assert set(one.starts) <= set(again.coordination.starts)
    assert begun == {n: int(at) for n, at in body.schedule.items() if 2021 <= at < 2025}
    assert "large_works" in begun
    bills = sum(one.bill for one in again.governments)
    assert body.paid * bills == pytest.approx(float(again.world["policy_spending"].sum()))


def test_governance_moves_the_dates_that_the_body_tells():
    """The schedule is that of the levers themselves, brought forward or not."""
    plan = package("schools", "quick_decisions", delay=3.0)
    later = LeverSetting(start=2023, end=2030)
    plan = replace(plan, levers=plan.levers | {"schools": later})
    model = Metro(plan, scale=1000, end=2028, area=TINY, rng=5)
    body, begun = model.coordination, {}
    assert body.schedule["schools"] == 2026.0
    while model.running:
        model.step()
        begun |= dict.fromkeys(body.starts, model.year)
        for name in ("schools", "quick_decisions"):
            assert body.delays[name] == delay_of(model.world, name)
    assert body.schedule["schools"] == 2023 + delay_of(model.world, "schools") < 2026.0
    assert begun["schools"] == int(body.schedule["schools"]) == 2025
    assert body.late == pytest.approx(model.world.ledger["late"].mean())


def test_an_empty_package_has_nobody_to_convene():
    quiet = Metro("trend", scale=1000, end=2021, area=TINY, rng=1)
    quiet.step()
    assert quiet.coordination.starts == ()
    assert (quiet.coordination.paid, quiet.coordination.late) == (1.0, 0.0)


def test_mesa_collects(metro):
    table = metro.datacollector.get_model_vars_dataframe()
    assert table["year"].tolist() == [2020, 2021, 2022, 2023, 2024]
    assert table["population"].iloc[0] == 200_000
    assert np.all(table["gdp_real"] > 0)
    governments = metro.datacollector.get_agenttype_vars_dataframe(Government)
    assert set(governments["city"]) == {"a", "b", "link"}
    assert np.all(governments.loc[2024:, "debt"] > 0)


@pytest.mark.parametrize(
    "wrong", [{"rng": "x"}, {"rng": None}, {"scale": 0}, {"end": 2020}], ids=str
)
def test_refused(wrong):
    with pytest.raises(ProblemsError):
        Metro(PLAN, **({"area": TINY} | wrong))
