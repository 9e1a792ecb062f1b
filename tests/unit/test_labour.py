"""Work: wanted jobs, offers and wages, by hand and at the limits."""

from dataclasses import replace

import numpy as np
import pytest

from model.processes.labour import act_demand, act_wages, curve_wage, offers, wanted_jobs
from model.simulation import step
from tests.worlds import after


def test_wanted_jobs_pay_their_marginal_product():
    rng = np.random.default_rng(4)
    productivity, capital = rng.normal(size=(1, 2, 3)), rng.uniform(1, 5, (1, 2, 3))
    share, cost = np.array([[[0.4], [0.6]]]), rng.uniform(0.1, 2, (1, 2, 3))
    jobs = wanted_jobs(productivity, capital, share, cost)
    product = share * np.exp(productivity) * capital ** (1 - share) * jobs ** (share - 1)
    np.testing.assert_allclose(product, cost, rtol=1e-12)


def test_no_capital_no_jobs():
    one = np.ones((1, 1, 1))
    assert wanted_jobs(one, one * 0, np.full((1, 1, 1), 0.5), one * 0)[0, 0, 0] == 0


@pytest.mark.parametrize(
    ("jobs", "wanted", "answer"), [(100, 400, 200), (100, 100, 100), (0, 50, 0), (50, 0, 0)]
)
def test_offers(jobs, wanted, answer):
    found = offers(np.array([float(jobs)]), np.array([float(wanted)]), np.array([0.5]))
    assert found[0] == pytest.approx(answer)


def test_wage_curve():
    one = np.ones(1)
    low, high = (curve_wage(one * 100, one, one * u, one * -0.07)[0] for u in (1.0, 2.0))
    assert low == pytest.approx(100)
    assert high == pytest.approx(100 * 2**-0.07)
    assert np.isfinite(curve_wage(one * 100, one, one * 0, one * -0.07)[0])


def test_a_year_of_demand_and_wages_by_hand(tiny):
    """Wages half-way to the curve of the city outside farming; demand at this year's prices."""
    world = after(tiny, 3)
    old = {name: np.array(value) for name, value in world.state.items()}
    step(world)
    fixed, city = world.fixed, tiny.in_city
    jobs = old["expected_jobs"].sum(axis=1) @ city.T
    paid = tiny.sectors.index("farm") + 1
    made, by = (old[n][:, paid:].sum(axis=1) @ city.T for n in ("output_value", "expected_jobs"))
    relative = made / by / fixed["base_output_per_worker"]
    idle = (old["workplace_unemployment"] * old["expected_jobs"].sum(axis=1)) @ city.T
    curve = relative * (idle / jobs / 0.05) ** -0.07
    target = fixed["base_wage"] * curve[:, tiny.city_of_zone]
    np.testing.assert_allclose(world["wage"], np.sqrt(old["wage"] * target), rtol=1e-9)

    price, share = world["sector_price"][:, :, None], fixed["labour_share"]
    cost = fixed["wage_wedge"] * world["wage"][:, None] / 1e8 / price
    there = old["expected_jobs"] > 0
    level, capital = np.exp(world["effective_productivity"]), world["capital"]
    wanted = capital * (share * level / np.where(there, cost, 1)) ** (1 / (1 - share))
    posts = old["expected_jobs"] ** 0.6 * wanted**0.4
    np.testing.assert_allclose(world["labour_demand"][there], posts[there], rtol=1e-9)
    assert np.all(world["labour_demand"][~there] == 0)


def test_output_rises_with_its_price_in_demand(tiny):
    """A sector that grows dearer hires more."""
    world = after(tiny, 1)
    dearer = replace(world, state=dict(world.state), population=world.population)
    dearer["sector_price"] = world["sector_price"] * np.array([[1.0, 1.1, 1.0, 1.0]])
    for one in (world, dearer):
        act_demand(one, one.params["labour"])
    assert np.all(dearer["labour_demand"][0, 1] > world["labour_demand"][0, 1])


@pytest.mark.parametrize("rest", ["farms", "nothing"])
def test_where_all_jobs_are_gone_the_usual_wage_stands(tiny, rest):
    """A city that has lost its jobs, or all but farms, has nothing that would make them dear."""
    world = after(tiny, 1)
    jobs, gone = world["expected_jobs"].copy(), tiny.in_city[0] > 0
    farm = tiny.sectors.index("farm")
    jobs[:, farm + 1 if rest == "farms" else 0 :, gone] = 0.0
    world["expected_jobs"] = jobs
    world["output_value"] = np.where(jobs > 0, world["output_value"], 0.0)
    world["wage"] = np.broadcast_to(world.fixed["base_wage"], world["wage"].shape).copy()
    act_wages(world, world.params["labour"])
    slack = world["workplace_unemployment"][:, gone].mean() / 0.05 if rest == "farms" else 1.0
    usual = world.fixed["base_wage"][gone] * slack**-0.035
    np.testing.assert_allclose(world["wage"][0, gone], usual, rtol=0.02)
