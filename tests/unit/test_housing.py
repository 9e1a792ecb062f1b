"""Demand, price, supply and vacancy by hand."""

import numpy as np
import pytest

from model.processes import housing
from model.processes.housing import HousingParams
from model.processes.land import LandParams
from tests.worlds import after, trend, world_of

ONE = np.ones((1, 1))
P = HousingParams()


def test_resident_income_is_all_labour_income():
    people = np.array([[[3.0, 1.0], [2.0, 6.0]]])
    paid, jobs = np.array([[10.0, 21.0]]), people.sum(axis=1)
    income = housing.resident_income(people, paid, jobs)
    assert income.tolist() == [[9.0, 22.0]]
    assert housing.resident_income(people * 0, paid, jobs * 0).tolist() == [[0.0, 0.0]]


def test_floor_space_demand_follows_households_income_and_price():
    def wanted(homes=10.0, people=20.0, income=20.0, price=2.0):
        given = (80, homes, people, income, price)
        return housing.floor_space_demand(*(value * ONE for value in given), P)[0, 0]

    assert wanted() == pytest.approx(800 / np.sqrt(2))
    assert wanted(homes=11, people=22, income=22) == pytest.approx(1.1 * wanted())
    assert wanted(income=22) == pytest.approx(1.1 * wanted())
    assert wanted(price=4) == pytest.approx(wanted() / 2)
    assert wanted(homes=0) == wanted(income=0) == 0
    assert wanted(people=0) > 0


def test_the_same_people_in_more_households_want_more():
    def wanted(homes, p):
        given = (80 * ONE, homes * ONE, 20 * ONE, 20 * ONE, 2 * ONE)
        return housing.floor_space_demand(*given, p)[0, 0]

    assert wanted(11, P) == pytest.approx(np.sqrt(1.1) * wanted(10, P))
    without = HousingParams(household_economies=0.0)
    assert wanted(11, without) == pytest.approx(wanted(10, without))


def test_price_change_answers_the_imbalance():
    stock = 100 * ONE
    rest = stock * (1 - P.natural_vacancy)
    assert housing.price_change(rest, stock, 0 * ONE, P)[0, 0] == pytest.approx(0)
    up = housing.price_change(1.1 * rest, stock, 0 * ONE, P)[0, 0]
    assert up == pytest.approx(0.25 * np.log(1.1))
    assert housing.price_change(rest, stock, 0.1 * ONE, P)[0, 0] == pytest.approx(0.03)
    assert housing.price_change(1e9 * rest, stock, 0 * ONE, P)[0, 0] == P.price_limit
    assert housing.price_change(0 * ONE, stock, 0 * ONE, P)[0, 0] == -P.price_limit
    assert housing.price_change(0 * ONE, 0 * ONE, 0 * ONE, P)[0, 0] == 0


def test_stock_growth_is_kinked():
    margin = np.array([[0.2, -0.2]])
    up, down = housing.stock_growth(margin, 0 * margin, P)[0]
    assert up == pytest.approx(0.2 * 0.075)
    assert abs(down) < up / 10
    freed = housing.stock_growth(margin, 0 * margin + 0.1, P)[0]
    assert freed[0] == pytest.approx(up * np.exp(0.1))
    assert freed[1] == down


def test_building_cost_inverts_the_supply_curve():
    price, growth = np.array([[8000.0, 8000.0]]), np.array([[0.03, -0.01]])
    cost = housing.building_cost(price, growth, P)
    again = housing.stock_growth(np.log(price / cost), 0 * price, P)
    assert again.tolist() == [[pytest.approx(0.03), 0.0]]


def stepped(world, **changed):
    """The world after housing alone has acted on changed inputs; jobs and pay stay."""
    for name, value in changed.items():
        world[name] = value
    world["land_available"] = world["built_up_area"] * 0.05
    world.year += 1
    housing.act(world, world.params["housing"])
    return world


def test_more_households_raise_the_price_and_lower_vacancy(tiny):
    """The same people with the same money in more households."""
    plain, crowded = stepped(world_of(tiny)), world_of(tiny)
    homes = crowded["households"] * np.array([1.1, 1, 1, 1, 1])
    stepped(crowded, households=homes)
    assert crowded["housing_price"][0, 0] > plain["housing_price"][0, 0]
    assert crowded["vacancy_rate"][0, 0] < plain["vacancy_rate"][0, 0]
    np.testing.assert_array_equal(crowded["housing_price"][0, 1:], plain["housing_price"][0, 1:])


@pytest.mark.parametrize("demolition", [0.0, P.demolition])
def test_a_shrinking_zone_loses_price_not_stock(tiny, demolition):
    """Whatever is pulled down: below cost the stock, not the building, follows the elasticity."""
    world = world_of(tiny, trend(housing__demolition=demolition))
    price, stock = ([np.array(world[n])] for n in ("housing_price", "housing_floor_space"))
    fewer = np.array([1, 1, 1, 0.97, 1])
    for _ in range(20):
        left = {n: world[n] * fewer for n in ("households", "population")}
        stepped(world, commuters=world["commuters"] * fewer[None, :, None], **left)
        price.append(world["housing_price"])
        stock.append(world["housing_floor_space"])
    prices, stocks = (np.array(path)[:, 0] / path[0][0] for path in (price, stock))
    assert prices[-1, 3] < 0.7
    assert prices[-1, 3] < prices[-1, 0]
    assert stocks[:, 3].min() > 0.97
    assert stocks[-1, 3] > 0.97 * stocks[:, 3].max()
    assert world["vacancy_rate"][0, 3] > 0.13
    margin = np.log(price[-1] / world["building_cost"])
    assert margin[0, 3] < -0.4
    wanted = housing.stock_growth(margin, 0 * margin, world.params["housing"])[0, 3]
    lost = stocks[-1, 3] / stocks[-2, 3] - 1
    assert lost == pytest.approx(max(wanted, -demolition), rel=1e-9)


def test_a_zone_with_nobody_left(tiny):
    world = world_of(tiny)
    price, nobody = np.array(world["housing_price"]), np.array([1, 1, 1, 0, 1])
    left = {n: world[n] * nobody for n in ("households", "population")}
    stepped(world, commuters=world["commuters"] * nobody[None, :, None], **left)
    assert world["vacancy_rate"][0, 3] == 1.0
    assert world["housing_price"][0, 3] == pytest.approx(price[0, 3] * np.exp(-0.25))
    assert world["occupied_floor_space"][0, 3] == world["housing_value"][0, 3] == 0


def test_no_more_is_lived_in_than_there_is(tiny):
    world = world_of(tiny)
    stepped(world, households=world["households"] * 3, commuters=world["commuters"] * 3)
    assert np.all(world["vacancy_rate"] == 0)
    np.testing.assert_array_equal(world["occupied_floor_space"], world["housing_floor_space"])


def test_construction_stops_at_the_land_there_is(tiny):
    """The boundary binds: with none left, only what is pulled down is built again."""
    world = after(tiny, 1)
    world["land_available"] = np.zeros(world["built_up_area"].shape)
    world.year += 1
    housing.act(world, world.params["housing"])
    np.testing.assert_allclose(world["construction"], world["demolition"])
    assert np.all(world["floor_space_on_new_sites"] == 0)


def test_dwellings_and_land_are_used_in_the_same_units(tiny):
    world, p = after(tiny, 1), LandParams()
    new = world["floor_space_on_new_sites"] / p.floor_area_ratio / p.residential_share / 1e6
    np.testing.assert_allclose(world["land_taken"], new * (1 - p.infill))
