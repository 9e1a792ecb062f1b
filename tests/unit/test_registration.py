"""Registration: chances, who comes home, and the account of those who live away, by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.axes import LOCAL
from model.base_year.initial_people import part_urban
from model.problems import RunError
from model.processes.registration import (
    RegistrationParams,
    base_away,
    between_seats,
    carry_on,
    coming_home,
    conversion_chance,
    covered,
    in_seat,
    registered_elsewhere,
    seat_labels,
)
from tests.worlds import world_of


def test_opening_raises_conversions_of_the_classes_elsewhere():
    p = RegistrationParams(conversion=0.02, conversion_response=3.0)
    chance = conversion_chance(np.array([[0.0, 1.0]]), 3, p)[0]
    np.testing.assert_allclose(chance[0], [0, *[1 - np.exp(-0.02)] * 2])
    np.testing.assert_allclose(chance[1], [0, *[1 - np.exp(-0.08)] * 2])
    most = conversion_chance(np.array([[1.0]]), 3, RegistrationParams(conversion=0.3))
    assert np.all(most < 1)


def test_coming_home_competes_with_the_others():
    found = coming_home(np.array([[[200.0, 0.0]]]), np.array([[[6.0, 5.0]]]), np.array([0.03]))
    assert found[0, 0].tolist() == [0.5, 0.0]
    alone = coming_home(np.full((1, 1, 1), 10.0), np.zeros((1, 1, 1)), np.array([0.03]))
    nobody = coming_home(np.zeros((1, 1, 1)), np.zeros((1, 1, 1)), np.array([0.03]))
    assert (alone.item(), nobody.item()) == (1.0, 0.0)


def test_seats_are_cities_then_regions(tiny):
    assert seat_labels(tiny).tolist() == [0, 0, 1, 1, 2, 3, 4]
    seats = in_seat(tiny)
    assert seats.shape == (5, 7)
    assert seats.sum(axis=0).tolist() == [1.0] * 7
    flows = np.arange(49.0).reshape(1, 7, 7)
    found = between_seats(flows, seats)
    assert found.sum() == flows.sum()
    assert found[0, 0, 1] == flows[0, :2, 2:4].sum()


def test_account_of_those_away_by_hand():
    away = np.array([[[0.0, 30.0], [40.0, 0.0], [100.0, 10.0]]])
    kept = np.array([[[0.9], [1.0], [0.5]]])
    moved, joined = np.zeros((1, 3, 2)), np.zeros((1, 3, 2))
    moved[0, 1, 0], joined[0, 2, 1] = 4.0, 7.0
    onward = np.zeros((1, 3, 3))
    onward[0, 1, 2] = 0.25  # a quarter of those in the second seat move on to the third
    found = carry_on(away, kept, moved, onward, joined)[0]
    np.testing.assert_allclose(found, [[0, 27], [27, 0], [50 + 9, 5 + 7]])


def test_what_a_seat_owes_the_others_of_the_city_pay():
    found = covered(np.array([[[-5.0, 3.0], [20.0, 3.0], [0.0, -9.0]]]))
    np.testing.assert_allclose(found[0], [[0, 0], [15, 0], [0, 0]])
    plain = np.array([[[1.0, 0.0], [2.0, 4.0]]])
    assert covered(plain).tolist() == plain.tolist()


def test_nobody_moves_on_to_where_they_are_registered():
    away, nothing = np.array([[[0.0, 80.0], [40.0, 0.0]]]), np.zeros((1, 2, 2))
    onward = np.array([[[0.0, 0.5], [0.5, 0.0]]])
    assert carry_on(away, np.ones((1, 2, 1)), nothing, onward, nothing).tolist() == away.tolist()


def test_more_moving_on_than_live_there_moves_everybody_once():
    away = np.array([[[0.0], [10.0], [0.0], [0.0]]])
    onward = np.zeros((1, 4, 4))
    onward[0, 1, 2:] = 3.0, 1.0
    found = carry_on(away, np.ones((1, 4, 1)), away * 0, onward, away * 0)
    assert found[0, :, 0].tolist() == [0.0, 0.0, 7.5, 2.5]


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_moving_on_neither_makes_nor_loses_anybody(seed):
    rng = np.random.default_rng(seed)
    away, kept = rng.uniform(0, 100, (2, 5, 3)), np.ones((2, 5, 1))
    onward = rng.uniform(0, 0.6, (2, 5, 5)) * (1 - np.eye(5))
    nothing = np.zeros((2, 5, 3))
    found = carry_on(away, kept, nothing, onward, nothing)
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), away.sum(axis=1), rtol=1e-12)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**31))
def test_base_year_places_everybody_who_is_away(seed):
    rng = np.random.default_rng(seed)
    elsewhere, away = rng.uniform(0, 1000, 4), rng.uniform(0, 500, 4)
    away[0] = 0.0
    distance = rng.uniform(10, 300, (4, 4))
    outflow, share = rng.uniform(1, 9, (2, 3)), rng.uniform(0.1, 0.9, 2)
    found = base_away(elsewhere, away, distance + distance.T, outflow, share)
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), np.broadcast_to(away, (2, 4)), atol=1e-9)
    assert np.all(np.diagonal(found[:, :4], axis1=1, axis2=2) == 0)
    inside = found[:, :4].sum(axis=1)
    assert np.all(inside <= 0.9 * away + 1e-9)
    received = found[:, :4].sum(axis=2)
    assert np.all(received <= share[:, None] * elsewhere + 1e-9)


def test_published_registers_less_local_residents(tiny):
    regions, weights = tiny.statistics
    published = tiny.statistic("registered", 2020, item="registered")
    local = np.full(5, 1000.0)
    away = registered_elsewhere(tiny, local, 2020)
    for city, count in zip(tiny.cities, away, strict=True):
        if city in regions:
            row = regions.index(city)
            assert count == pytest.approx(published[row] - weights[row] @ local)
        else:
            assert count == 0.0


def test_fewer_registered_than_local_is_an_error_that_names_every_city(tiny):
    with pytest.raises(RunError, match=r"fewer registered .* 2020: a \(.*, b \("):
        registered_elsewhere(tiny, np.full(5, 1e6), 2020)
    published = tiny.statistic("registered", 2020, item="registered")
    _, weights = tiny.statistics
    a_little = weights.T @ (1.02 * published / weights.sum(axis=1))
    assert np.all(registered_elsewhere(tiny, a_little, 2020) >= 0)


def test_registered_are_local_residents_and_those_away(tiny_world):
    world = tiny_world()
    local = world["residents_by_hukou"][0, LOCAL] @ world.area.in_city.T
    found = local + world["living_away"][0].sum(axis=0)
    np.testing.assert_allclose(world["registered"][0], found, rtol=1e-12)


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
@pytest.mark.parametrize("item", ["registered", "registered_urban"])
def test_registered_of_the_base_year_are_the_published_by_region(request, name, item):
    """The zone that statistics count inside others is split, and every city adds up."""
    area = request.getfixturevalue(name)
    world = world_of(area, count=2)
    of_city = area.statistics[1][:, world.fixed["first_zone_of_city"]]
    found = world[item] @ of_city.T
    published = area.statistic("registered", area.base_year, item=item)
    np.testing.assert_allclose(found, np.broadcast_to(published, found.shape), rtol=1e-12)
    np.testing.assert_allclose(world[item].sum(axis=1), published.sum(), rtol=1e-12)


def test_part_urban_by_hand():
    of_city = np.array([[1.0, 0.0, 0.25], [0.0, 1.0, 0.75]])
    registered, guess = np.array([100.0, 200.0, 40.0]), np.array([0.9, 0.1, 0.5])
    found = part_urban(np.array([65.0, 115.0]), registered, guess, of_city)
    np.testing.assert_allclose(found, [0.6, 0.5, 0.5])
