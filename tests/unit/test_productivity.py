"""Growth and nearness of productivity: by hand, at the limits, and who loses by a road."""

from dataclasses import replace

import numpy as np
import pytest

from model.processes import productivity
from model.processes.productivity import (
    CEILING,
    ProductivityParams,
    act,
    catching_up,
    concentration,
    cumulated_drift,
    density,
    diffused,
    family_drift,
    market_access,
    rivalled,
    under_ceiling,
)
from model.simulation import step
from tests.worlds import after, package, trend, world_of

HALF = np.array([0.5])


def moved(world, **state):
    """The same world with other variables, and productivity worked out again."""
    once = replace(world, state=world.state | state)
    act(once, once.params["productivity"])
    return once["effective_productivity"] - once["productivity"]


def test_density_counts_near_jobs_more():
    near = np.exp(-0.05 * np.array([[[0.0, 20.0], [20.0, 0.0]]]))
    found = density(np.array([[[100.0, 50.0]]]), near)
    assert found[0, 0].tolist() == pytest.approx([100 + 50 / np.e, 50 + 100 / np.e])


def test_concentration_of_one_and_of_many():
    jobs = np.array([[[4.0, 1.0, 0.0], [0.0, 1.0, 0.0]]])
    assert concentration(jobs)[0].tolist() == [1.0, 0.5, 1.0]


def test_market_access_is_a_share_within_reach():
    output, near = np.array([[3.0, 1.0]]), np.array([[[1.0, 0.0], [0.5, 1.0]]])
    assert market_access(output, near)[0].tolist() == [0.75, 0.625]
    np.testing.assert_allclose(market_access(output * 7, near), market_access(output, near))


def test_a_rise_for_all_alike_is_halved_and_one_passed_by_loses():
    output = np.array([[1.0, 1.0, 2.0]])
    alike = rivalled(np.full((1, 3), 0.1), output, HALF)
    assert alike[0].tolist() == pytest.approx([0.05] * 3)
    passed = rivalled(np.array([[0.2, 0.2, 0.0]]), output, HALF)
    assert passed[0].tolist() == pytest.approx([0.15, 0.15, -0.05])


def test_ceiling_is_hard():
    rng = np.random.default_rng(1)
    dense, own = rng.uniform(0, 0.12, 1000), rng.uniform(0, 0.12, 1000)
    one, two = under_ceiling(dense, own)
    assert (one + two).max() <= CEILING + 1e-15
    kept = dense + own <= CEILING
    np.testing.assert_array_equal(one[kept], dense[kept])
    np.testing.assert_allclose((one / two)[~kept], (dense / own)[~kept])


def test_every_draw_is_under_the_ceiling(shenyang):
    world = world_of(shenyang, count=40)
    dense = world.params["industry"].density_elasticity
    own = world.params["productivity"].specialisation_elasticity
    assert (dense + own).max() > CEILING  # or the test says nothing
    assert np.sum(under_ceiling(dense, own), axis=0).max() <= CEILING + 1e-15


def test_drift_adds_up_year_by_year():
    growth, slowdown = np.array([0.02]), np.array([0.05])
    by_year = sum(0.02 * np.exp(-0.05 * year) for year in range(1, 8))
    assert cumulated_drift(growth, slowdown, 7)[0] == pytest.approx(by_year)
    assert cumulated_drift(growth, slowdown, 0)[0] == 0


def test_catching_up_with_the_best_that_has_the_sector():
    level = np.array([[[9.0, 0.0, -1.0]]])
    active = np.array([[[False, True, True]]])
    assert catching_up(level, active, np.array([0.012]))[0, 0].tolist() == [0, 0, 0.012]
    nobody = catching_up(level, np.zeros_like(active), HALF)
    assert nobody.tolist() == [[[0, 0, 0]]]


def test_diffusion_goes_through_neighbours_that_have_the_sector():
    level = np.array([[[1.0, 0.0, 5.0]]])
    active = np.array([[[True, True, False]]])
    found = diffused(level, active, np.ones((1, 3, 3)), HALF)
    assert found[0, 0].tolist() == [-0.5, 0.5, 0]
    alone = diffused(level, active, np.eye(3)[None], HALF)
    assert alone.tolist() == [[[0, 0, 0]]]


def test_drift_by_family(tiny):
    world = world_of(tiny)
    assert family_drift(world)[0].tolist() == [0, 0, 0, 0.008]


def test_price_gives_up_the_lead_of_a_sector(tiny):
    """Of the lead over the mean of all, weighted by output, the response goes off the price."""
    flat = trend(industry__frontier_growth=0, industry__price_response=0.5)
    world = after(tiny, 3, flat)
    output = world.fixed["base_value_added"][0]
    drift = family_drift(world)[0]
    gained = 3 * (drift - output @ drift / output.sum())
    np.testing.assert_allclose(np.log(world["sector_price"][0]), -0.5 * gained, atol=1e-15)
    assert output @ gained == pytest.approx(0, abs=1e-12)


def test_twice_the_jobs_everywhere(tiny):
    """Density and own-sector jobs double: productivity up by both elasticities."""
    world = after(tiny, 1)
    base = moved(world)
    many = moved(world, expected_jobs=world["expected_jobs"] * 2)
    expected = (0.06 + ProductivityParams().specialisation_elasticity) * np.log(2)
    there = world["expected_jobs"] > 0
    np.testing.assert_allclose((many - base)[there], expected, rtol=1e-2)


def test_output_that_grows_everywhere_opens_no_market(tiny):
    world = after(tiny, 1)
    grown = moved(world, gdp_real=world["gdp_real"] * 3)
    np.testing.assert_allclose(grown, moved(world), atol=1e-12)


def test_public_capital_counts_over_its_trend_not_over_the_base_year(tiny):
    """Elasticity 0.08: along its trend nothing, at twice the trend 0.08 log 2."""
    world = after(tiny, 1)
    now, trend_now = world["public_capital"], world["public_capital_trend"]
    plain = moved(world)
    along = moved(world, public_capital=now * 2, public_capital_trend=trend_now * 2)
    np.testing.assert_allclose(along, plain, atol=1e-12)
    above = moved(world, public_capital=now * 2)
    np.testing.assert_allclose(above - plain, 0.08 * np.log(2), atol=1e-12)
    assert r"\eta_G \ln(G_z/G^0_z)" in productivity.__doc__


def test_schooling_acts_on_the_level_and_not_on_catching_up(tiny):
    """One and the same growth, whatever a worker is worth; the level by the share of labour."""
    world = after(tiny, 1)
    schooled = replace(world, state=world.state | {"human_capital": world["human_capital"] * 2})
    for one in (world, schooled):
        act(one, one.params["productivity"])
    np.testing.assert_array_equal(schooled["productivity"], world["productivity"])
    more = schooled["effective_productivity"] - world["effective_productivity"]
    wanted = np.broadcast_to(world.fixed["labour_share"] * np.log(2), more.shape)
    np.testing.assert_allclose(more, wanted, atol=1e-12)
    assert "It does not speed catch-up" in productivity.__doc__


def test_policy_channels_add_to_productivity(tiny):
    world = after(tiny, 1)
    gained = moved(
        world,
        research_stock=world["research_trend"] * np.exp(0.5),
        demand_lift=world["demand_lift"] + 0.01,
        policy_market_access=world["policy_market_access"] + 0.2,
        policy_productivity=world["policy_productivity"] + 0.03,
        public_capital=world["public_capital"] * 1.5,
        input_cost=world["input_cost"] + 0.004,
    ) - moved(world)
    expected = 0.03 * 0.5 + 0.10 * 0.2 + 0.03 + 0.08 * np.log(1.5) - 0.004 + 0.01
    np.testing.assert_allclose(gained, expected, rtol=1e-9)


def test_a_road_between_others_hurts_the_zone_it_passes_by(tiny):
    """Roads from A to city B are faster; a zone beside them sees its rivals come nearer."""
    plain = world_of(tiny)
    faster = world_of(tiny)
    step(plain)
    step(faster)
    road = plain["road_time"].copy()
    a1, b1, b2, link = (tiny.zones.index(z) for z in ("a1", "b1", "b2", "link"))
    road[:, a1, b1] *= 0.4
    road[:, b1, a1] *= 0.4
    params = faster.params["industry"]
    alone = replace(params, density_elasticity=0.0)
    none = replace(
        faster.params["productivity"], specialisation_elasticity=0.0, diversity_elasticity=0.0
    )
    levels = []
    for minutes in (plain["road_time"], road):
        once = replace(faster, state=faster.state | {"road_time": minutes})
        once.params = faster.params | {"industry": alone, "productivity": none}
        act(once, none)
        levels.append((once["effective_productivity"] - once["productivity"])[0, 1])
    gained = levels[1] - levels[0]
    assert gained[a1] > 0
    assert gained[b1] > 0
    assert gained[b2] < 0
    assert gained[link] < 0


def test_levers_reach_productivity(tiny):
    base, park = after(tiny, 3), after(tiny, 3, package("park", budget="unlimited"))
    assert park["effective_productivity"][0, 1, 1] > base["effective_productivity"][0, 1, 1]
