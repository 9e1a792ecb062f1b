"""Levers: when they act, how much of them, who pays, what they take from elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.strategies import floats, lists

from model.kernels.levers import saturated
from model.levers import membership
from model.processes.policy import displaced, phase, rescheduled, window
from model.simulation import step
from tests.worlds import after, package, world_of

NONE = np.array([0.0])


@pytest.fixture
def lever(tiny):
    found = world_of(tiny, package("schools")).package.levers[0]
    return replace(found, start=2023.0, end=2026.0, ramp=2.0, delay=np.array([0.0]))


def test_phase_rises_evenly(lever):
    assert [float(phase(year, lever, NONE)[0]) for year in range(2021, 2027)] == [
        0,
        0,
        0.5,
        1,
        1,
        1,
    ]


def test_works_act_when_they_open(lever):
    works = replace(lever, channel="road_time")
    assert [float(phase(year, works, NONE)[0]) for year in range(2023, 2027)] == [0, 0, 1, 1]


def test_growth_programmes_act_while_they_last(lever):
    growth = replace(lever, channel="productivity_growth")
    found = [float(phase(year, growth, NONE)[0]) for year in range(2022, 2029)]
    assert found == [0, 1, 1, 1, 1, 0, 0]


def test_delay_shifts_all_of_it(lever):
    late = replace(lever, delay=np.array([0.0, 1.0, 1.5]))
    assert phase(2023, late, late.delay).tolist() == [0.5, 0.0, 0.0]
    assert phase(2024, late, late.delay).tolist() == [1.0, 0.5, 0.25]
    spent = sum(window(year, late, late.delay) for year in range(2020, 2040))
    assert spent.tolist() == [4, 4, 4]


def test_rates_rise_and_act_while_they_last(lever):
    rate = replace(lever, channel="entry")
    found = [float(phase(year, rate, NONE)[0]) for year in range(2022, 2029)]
    assert found == [0, 0.5, 1, 1, 1, 0, 0]


@settings(deadline=None)
@given(lists(floats(0, 6), min_size=1, max_size=5), lists(floats(-3, 3), min_size=1, max_size=20))
def test_governance_moves_dates_and_never_the_bill(held, moves):
    """A delay cut or grown before the work begins leaves the years of work as they were."""
    start, end, delay = 2023.0, 2026.0, np.array(held)
    spent = np.zeros(len(held))
    for year in range(2021, 2050):
        move = moves[min(year - 2021, len(moves) - 1)]
        delay = rescheduled(delay, np.array(held) + move, start, year)
        assert np.all(delay >= 0)
        begins, ends = start + delay, end + 1 + delay
        spent += np.clip(np.minimum(year + 1, ends) - np.maximum(year, begins), 0.0, 1.0)
    np.testing.assert_allclose(spent, 4.0, atol=1e-9)


def test_saturation():
    values = np.linspace(-5, 5, 101)
    found = np.array([saturated(value, 0.5) for value in values])
    assert np.all(np.abs(found) <= 0.5)
    assert np.all(np.abs(found) <= np.abs(values) + 1e-15)
    assert np.all(np.diff(found) >= 0)
    assert saturated(0.01, 0.5) == pytest.approx(0.5 * (1 - np.exp(-0.02)))


def test_displacement_moves_a_share():
    rng = np.random.default_rng(7)
    gain = np.zeros((1, 2, 4))
    gain[0, 0, 1] = 0.1
    output, near = rng.uniform(1, 9, (1, 2, 4)), rng.uniform(0.01, 0.6, (1, 4, 4))
    lost = displaced(gain, output, near, np.array([0.35]))
    assert (lost * output).sum() == pytest.approx(0.35 * (gain * output).sum())
    assert lost[0, 0, 1] == 0
    assert np.all(lost[0, 1] == 0)
    assert np.all(lost >= 0)


def test_displacement_where_nobody_else_is():
    gain, output = np.full((1, 1, 2), 0.1), np.array([[[5.0, 0.0]]])
    assert np.all(np.isfinite(displaced(gain, output, np.ones((1, 2, 2)), np.array([0.5]))))


def test_membership(tiny):
    assert membership(tiny, ("a",)).tolist() == [1, 1, 0, 0, 0]
    assert membership(tiny, ("b1", "link")).tolist() == [0, 0, 1, 0, 1]
    assert membership(tiny, ("*",)).tolist() == [1] * 5
    assert membership(tiny, None).tolist() == [0] * 5


EFFECTS = [  # lever, channel, index of a treated cell, effect before the ceiling, ceiling
    ("faster_trains", "transit_time", (0, 0, 3), -0.3, 0.5),
    ("schools", "amenity", (0, 0), 0.2, 1.0),
    ("renewal", "productivity_growth", (0, 1, 2), 0.01, 0.5),
    ("extension_service", "productivity", (0, 0, 3), 0.05, 0.5),
    ("freight_hub", "market_access", (0, 4), 0.1, 0.5),
    ("lower_fees", "user_cost", (0, 2, 3), -0.05, 0.5),
    ("child_benefit", "fertility", (0, 1), 0.2, 1.0),
    ("open_registration", "hukou_opening", (0, 4), 0.5, 1.0),
    ("one_labour_market", "border_opening", (0, 0, 2), 0.5, 1.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "channel", "cell", "effect", "ceiling"), EFFECTS)
def test_channel_by_hand(tiny, name, channel, cell, effect, ceiling):
    world = after(tiny, 3, package(name))
    wanted = np.sign(effect) * ceiling * (1 - np.exp(-abs(effect) / ceiling))
    assert world[f"policy_{channel}"][cell] == pytest.approx(wanted)
    others = {n for n in world.state if n.startswith("policy_")} - {f"policy_{channel}"}
    money = {"policy_cost", "policy_budget", "policy_spending"}
    assert all(np.all(world[n] == 0) for n in others - money)


def test_places_not_named_are_not_treated(tiny):
    world = after(tiny, 2, package("schools"))
    assert np.count_nonzero(world["policy_amenity"]) == 1


@pytest.mark.parametrize(("share", "dose"), [(0.5, 1.0), (1.0, 0.5), (0.25, 2.0)])
def test_share_and_dose_multiply(tiny, share, dose):
    world = after(tiny, 2, package("schools", dose=dose, share=share))
    assert world["policy_amenity"][0, 0] == pytest.approx(1 - np.exp(-0.2 * share * dose))


def test_governance_raises_the_share_of_others(tiny):
    alone = after(tiny, 2, package("schools", share=0.5))
    both = after(tiny, 2, package("schools", "coordination", share=0.5))
    assert both["policy_amenity"][0, 0] > alone["policy_amenity"][0, 0]
    full = after(tiny, 2, package("schools", "coordination", share=1.0))
    assert full["policy_amenity"][0, 0] == pytest.approx(1 - np.exp(-0.2))


def test_what_governance_adds_is_paid_for(tiny):
    """A year after it acts, more of the other lever is carried out, at as much more of its cost."""
    both = world_of(tiny, package("schools", "coordination", share=0.5))
    alone, governing = (world_of(tiny, package(n, share=0.5)) for n in ("schools", "coordination"))
    factors = []
    for _ in range(3):
        lifted = 1 + both["policy_realisation"] / 0.5
        for world in (both, alone, governing):
            step(world)
        added = (both["policy_cost"] - governing["policy_cost"]).sum()
        assert added == pytest.approx(float(lifted[0]) * alone["policy_cost"].sum())
        factors.append(float(lifted[0]))
    assert factors[0] == 1 < factors[1]


def test_public_works_end_up_in_public_capital(tiny):
    world = world_of(tiny, package("public_works", budget="unlimited"))
    step(world)
    b1 = tiny.zones.index("b1")
    usual = 1 + world.params["industry"].capital_growth
    added = world["public_capital"] - world_of(tiny).fixed["base_public_capital"] * usual
    assert added[0, b1] == pytest.approx(10 * (1 - np.exp(-0.1 / 10)))
    assert world["policy_cost"][0].tolist() == pytest.approx([0, 0.1, 0])


def test_budget_is_never_exceeded(tiny):
    world = world_of(tiny, package("large_works", "public_works"))
    for _ in range(6):
        before = world["budget_revenue"].copy()
        step(world)
        assert np.all(world["policy_spending"] <= before * 0.1 + 1e-12)
        assert np.all(world["policy_spending"] <= world["policy_cost"] + 1e-12)


def test_what_is_not_paid_is_not_built(tiny):
    capped = after(tiny, 2, package("large_works"))
    free = after(tiny, 2, package("large_works", budget="unlimited"))
    ratio = capped["policy_investment"].sum() / free["policy_investment"].sum()
    assert ratio < 0.5
    assert capped["debt"][0, 0] < free["debt"][0, 0]


def invested(tiny, dose=1.0, **realised):
    """Public investment of a year, and what governments owe for it."""
    package_ = package("public_works", dose=dose, budget="unlimited", **realised)
    world = after(tiny, 1, package_)
    return world["policy_investment"].sum(), world["policy_cost"].sum()


def test_investment_follows_its_dose_once(tiny):
    """Twice the money builds twice as much, but for what saturates, and dear works no more."""
    (one, cost), (two, twice), (dear, more) = (
        invested(tiny), invested(tiny, dose=2.0), invested(tiny, overrun=1.5)
    )  # fmt: skip
    assert (two, twice) == (pytest.approx(2 * one, rel=0.01), pytest.approx(2 * cost))
    assert (dear, more) == (pytest.approx(one), pytest.approx(1.5 * cost))


def test_money_is_invested_in_the_year_it_is_paid(tiny):
    world = world_of(tiny, package("public_works"))
    step(world)
    assert world["policy_investment"].sum() > 0
    world.decide = lambda cost, means: np.zeros(cost.shape)
    step(world)
    assert world["policy_spending"].sum() == world["policy_investment"].sum() == 0


def test_governance_makes_no_money(tiny):
    """Better carried out, a plan invests more, but for what saturates, and pays as much more."""
    works, both, governing = (
        after(tiny, 2, package(*names, share=0.5, budget="unlimited"))
        for names in (["public_works"], ["public_works", "coordination"], ["coordination"])
    )
    paid = (both["policy_cost"] - governing["policy_cost"]).sum() / works["policy_cost"].sum()
    built = both["policy_investment"].sum() / works["policy_investment"].sum()
    assert 1.1 < paid == pytest.approx(built, rel=0.01)
