"""Linkages: regional coefficients, Leontief demand, the local supply rate."""

import numpy as np
import pytest

from model.problems import RunError
from model.processes import SCHEDULE, linkages
from model.processes.linkages import (
    SLACK,
    STRAIN,
    LinkageParams,
    act,
    invert,
    leontief,
    localised,
    location_quotients,
    national_table,
    supply_pairs,
    supply_share,
    trade_coefficients,
    utilisation,
    wanted_share,
)
from model.simulation import params_of, step
from tests.worlds import after, package, trend, world_of

ONE = np.ones((1, 1, 1))


def test_quotients_of_a_copy_of_the_country():
    nation = np.array([3.0, 1.0, 6.0])
    np.testing.assert_allclose(location_quotients(nation[None] / 100, nation), 1.0)


def test_trade_coefficients_are_shares_and_rise_with_the_area():
    rng = np.random.default_rng(2)
    quotient = rng.uniform(0.1, 4, (5, 6))
    small, large = (
        trade_coefficients(quotient, np.full(5, size), np.full(5, 0.15)) for size in (0.01, 0.3)
    )
    assert small.min() >= 0
    assert large.max() <= 1
    assert np.all(large >= small)
    assert large.sum() > small.sum()


def test_what_the_area_lacks_it_does_not_supply():
    found = trade_coefficients(np.array([[0.0, 1.0]]), np.array([1.0]), np.array([0.15]))
    assert found[0, 0].tolist() == [0, 0]


def test_own_purchases_use_the_plain_quotient():
    """Flegg and Webber: on the diagonal, the quotient of the sector stands for the cross one."""
    found = trade_coefficients(np.array([[0.5, 0.8]]), np.array([1.0]), np.array([0.0]))
    assert found[0].tolist() == [[0.5, pytest.approx(0.625)], [1.0, 0.8]]


def test_users_that_are_strong_here_buy_more_here():
    """AFLQ (Flegg and Webber 2000): times log2(1 + quotient of the user) where that is above one.

    Exponent 0.15 and an area of a hundredth: log2(1.01)^0.15 = 0.5291; user of quotient 3:
    log2(4) = 2; supplier of 0.6 to it: 0.5291 x 0.6 / 3 x 2 = 0.2116.
    """
    found = trade_coefficients(np.array([[3.0, 0.6]]), np.array([0.01]), np.array([0.15]))[0]
    assert found[1, 0] == pytest.approx(0.2116, abs=5e-5)
    assert found[1, 1] == pytest.approx(0.5291 * 0.6, abs=5e-5)
    assert found[0].tolist() == [1.0, 1.0]  # 0.5291 x 3 x 2 and 0.5291 x 5, cut to the whole


@pytest.mark.parametrize("table", [np.array([[0.5, 0.6], [0.6, 0.5]]), np.eye(2)])
def test_unproductive_matrix_is_named(table):
    with pytest.raises(RunError, match=r"spectral radius 1(\.1)?, inputs of iron") as caught:
        leontief(table[None], np.ones((1, 2)), ("iron", "coal"))
    assert "not productive" in str(caught.value)
    with pytest.raises(RunError, match="not productive in 2021: spectral radius"):
        leontief(table[None], np.ones((1, 2)), ("iron", "coal"), 2021)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_coefficient_that_is_no_number_names_the_sector(value):
    table = np.array([[0.1, 0.1], [0.1, 0.1]])
    table[0, 1] = value
    with pytest.raises(RunError, match=f"in 2021: .*, inputs of coal are {value} of its output"):
        leontief(table[None], np.ones((1, 2)), ("iron", "coal"), 2021)


def test_more_value_added_than_output_names_draw_sector_and_year(tiny):
    """Shops of the toy area keep 0.68 of their output: a shift up to log(1 / 0.68) is possible."""
    world_of(tiny, trend(linkages__value_added_shift=0.38))
    named = (
        "value added over output is above 1 or no number in 2020: draw 0, shops, 1.014; "
        "linkages.value_added_shift"
    )
    with pytest.raises(RunError, match=named):
        world_of(tiny, trend(linkages__value_added_shift=0.4))


def test_purchases_that_do_not_balance_name_draw_sector_and_year(tiny, monkeypatch):
    def national(area):
        """Offices, that alone supply shops, supply nobody else; shops buy from them alone."""
        coefficients, nation, at_home = national_table(area)
        coefficients[:] = 0.0
        coefficients[1, 1], coefficients[3, 2], coefficients[0, 2] = 0.4, 0.5, 0.0
        return coefficients, nation, at_home

    monkeypatch.setattr(linkages, "national_table", national)
    shift = trend(linkages__value_added_shift=-0.3)
    with pytest.raises(RunError, match=r"sales of a sector .* in 2020: draw 0, .*, last residual"):
        world_of(tiny, shift)


def test_a_heavy_column_alone_does_not_make_it_unproductive():
    found = leontief(np.array([[[0.2, 0.9], [0.1, 0.2]]]), np.ones((1, 2)))
    assert (found > 0).all()


def test_supply_share_moves_to_where_it_is_put():
    local, technical = np.full((1, 2, 2), 0.4), np.array([[[0.2, 0.3], [0.1, 0.1]]])
    pairs = np.array([[0.0, 1.0], [0.0, 1.0]])
    share = supply_share(local, technical, pairs)
    assert share.tolist() == [[0.0, pytest.approx(0.4)]]
    up = localised(local, share, np.array([[0.0, 0.6]]), pairs)
    assert supply_share(up, technical, pairs)[0, 1] == pytest.approx(0.6)
    assert up[0, :, 0].tolist() == [0.4, 0.4]


def test_utilisation_is_bounded():
    assert utilisation(ONE * 100, ONE, ONE)[0, 0, 0] == STRAIN
    assert utilisation(ONE * 0, ONE, ONE)[0, 0, 0] == SLACK
    assert utilisation(ONE, ONE, ONE)[0, 0, 0] == 1
    assert utilisation(ONE * 0, ONE * 0, ONE)[0, 0, 0] == 1


@pytest.mark.parametrize(("name", "count"), [("tiny", 1), ("tiny", 5), ("shenyang", 6)])
def test_demand_meets_supply_in_the_base_year(request, name, count):
    area = request.getfixturevalue(name)
    world = world_of(area, count=count)
    fixed = world.fixed
    made = leontief(fixed["local"] * fixed["technical"], fixed["final_demand"])
    np.testing.assert_allclose(made, fixed["gross_output"], rtol=1e-10)
    assert fixed["final_demand"].min() > 0
    left = 1 - fixed["technical"].sum(axis=1)
    np.testing.assert_allclose(left * fixed["gross_output"], world["output"].sum(axis=2), rtol=1e-9)


def test_coefficients_are_the_nations_where_nothing_is_known_better(shenyang):
    coefficients, output, at_home = national_table(shenyang)
    assert output.min() > 0
    assert at_home.min() >= 0
    assert at_home.max() <= 1
    world = world_of(shenyang)
    np.testing.assert_allclose(world.fixed["technical"][0], coefficients, rtol=1e-9)


def test_base_share_is_the_assumed_one(shenyang):
    world = world_of(shenyang)
    uses = supply_pairs(shenyang).sum(axis=0) > 0
    assert [shenyang.sectors[k] for k in np.flatnonzero(uses)] == ["equipment", "automotive"]
    np.testing.assert_allclose(world["local_supply_rate"][0, uses], 0.45, rtol=1e-9)
    assert world["local_supply_rate"][0, ~uses].max() == 0


def test_inversion_takes_a_sector_without_output(tiny):
    value = np.array([[10.0, 0.0, 20.0, 5.0]])
    found = invert(tiny, value, np.array([0.01]), LinkageParams())
    assert all(np.isfinite(array).all() for array in found.values())
    assert found["gross_output"][0, 1] == 0


def test_nothing_is_created_without_policy(tiny):
    world = after(tiny, 3)
    assert world["supply_created"].tolist() == [0.0]
    assert world["supply_displaced"].tolist() == [0.0]


def test_created_and_displaced_add_up_to_what_is_ordered(tiny):
    world = after(tiny, 2, package("local_parts", budget="unlimited"))
    fixed, before = world.fixed, world["utilisation"].copy()
    supply = world["output"] / before
    act(world, world.params["linkages"])
    assert world["supply_created"][0] > 0
    assert world["supply_displaced"][0] > 0
    share = world["local_supply_rate"][0, 1] - fixed["supply_share"][0, 1]
    assert world["input_cost"][0, 1] == pytest.approx(0.01 * share)
    # By hand: the same final demand with and without the higher rate, over what is supplied.
    grown = supply.sum(axis=2) / fixed["base_value_added"]
    whole = world["output"].sum() / fixed["base_value_added"].sum()
    home = fixed["final_local_share"]
    final = fixed["final_demand"] * (home * whole + (1 - home) * grown)
    pairs = supply_pairs(tiny)
    rates = (fixed["supply_share"], wanted_share(world))
    plain, more = (
        leontief(localised(fixed["local"], rates[0], rate, pairs) * fixed["technical"], final)
        for rate in rates
    )
    ordered = ((more - plain) / (fixed["gross_output"] * grown) * supply.sum(axis=2)).sum()
    found = world["supply_created"][0] + world["supply_displaced"][0]
    assert found == pytest.approx(ordered, rel=1e-9)


def test_suppliers_near_users_gain_more(tiny):
    base, more = after(tiny, 3), after(tiny, 3, package("local_parts", budget="unlimited"))
    gain = more["utilisation"][0, 3] / base["utilisation"][0, 3]
    a1, b2 = tiny.zones.index("a1"), tiny.zones.index("b2")
    assert gain[a1] > gain[b2] > 1


def test_scale_alone_does_not_move_demand(tiny):
    """Twice the output in every sector: demand over supply stays one."""
    world = world_of(tiny, trend())
    for name in ("output", "gdp_real"):
        world[name] = world[name] * 2
    act(world, world.params["linkages"])
    np.testing.assert_allclose(world["utilisation"], 1.0, rtol=1e-12)


def test_sixty_percent_is_worth_between_a_fifth_and_a_bit_over_one_percent(shenyang):
    """What raising the rate from 0.45 to 0.60 can add, against the city that has the users."""
    base, more = world_of(shenyang), world_of(shenyang)
    for _ in range(5):
        step(base)
        more.year += 1
        more.population.begin_year(more.year)
        for process in SCHEDULE:
            process.act(more, params_of(more, process))
            if process.name == "policy":
                more["policy_local_supply"] = np.full((1, len(shenyang.zones)), 0.15)
    city = shenyang.in_city[shenyang.cities.index("shenyang")] > 0
    gain = more["gdp_real"][0, city].sum() / base["gdp_real"][0, city].sum() - 1
    assert 0.002 <= gain <= 0.013
