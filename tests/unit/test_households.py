"""Households by headship, and by size: by hand, at the limits, and back to the census."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.processes.households import HouseholdParams, by_size, headed, invert, mean_size

STILL = HouseholdParams(size_fall=0.0)


def test_headed_by_hand():
    people, profile = np.zeros((1, 2, 2, 101)), np.zeros((2, 101))
    people[0, 0, 0, 40], people[0, 0, 1, 70], people[0, 1, 0, 10] = 10.0, 4.0, 9.0
    profile[0, 40], profile[1, 70] = 0.6, 0.5
    assert headed(people, profile).tolist() == [[8.0, 0.0]]


def test_mean_size_falls_towards_one():
    members, houses = np.array([[300.0, 0.0, 50.0]]), np.array([[100.0, 0.0, 80.0]])
    assert mean_size(members, houses, 30.0, STILL).tolist() == [[3.0, 1.0, 1.0]]
    later = mean_size(members, houses, 10.0, HouseholdParams(size_fall=0.05))
    np.testing.assert_allclose(later[0], [1 + 2 * np.exp(-0.5), 1.0, 1.0])


@settings(max_examples=200, deadline=None)
@given(mean=st.floats(1.0, 8.0), alone=st.floats(0.0, 10.0))
def test_sizes_are_shares_and_small_households_carry_the_mean(mean, alone):
    shares = by_size(np.array([[mean]]), np.array([[alone]]))[0, 0]
    assert shares.sum() == pytest.approx(1.0)
    assert shares.min() >= -1e-12
    single = shares[0]
    assert single >= 2 - mean - 1e-12
    if single < 1 - 1e-9:
        # A shifted Poisson of the rest: its mean is that of the households of two and more.
        more = (mean - single) / (1 - single) - 2
        assert shares[1] == pytest.approx((1 - single) * np.exp(-more), abs=1e-9)
        assert shares[2] == pytest.approx(shares[1] * more, abs=1e-9)


def test_the_census_comes_back():
    rng = np.random.default_rng(2)
    people, profile = rng.uniform(1, 9, (3, 2, 101)), rng.uniform(0, 0.6, (2, 101))
    residents = people.sum(axis=(1, 2))
    members, counted = 0.95 * residents, residents / 2.4
    alone = 0.25 * counted
    scale, share, exponent = invert(people, members, counted, alone, profile)[:, 0]
    headship = scale * headed(people[None], profile)
    np.testing.assert_allclose(headship[0], counted)
    size = mean_size((residents * share)[None], headship, 0.0, STILL)
    np.testing.assert_allclose((residents * share) / size[0], counted)
    np.testing.assert_allclose(by_size(size, exponent)[0, :, 0], 0.25)


def test_a_zone_with_nobody_has_no_households():
    nobody = np.zeros(1)
    found = invert(np.zeros((1, 2, 101)), nobody, nobody, nobody, np.full((2, 101), 0.4))
    assert np.all(np.isfinite(found))
    size = mean_size(np.zeros((1, 1)), np.zeros((1, 1)), 5.0, STILL)
    assert np.all(np.isfinite(by_size(size, found[2])))


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
def test_base_year_is_the_census(request, name):
    from tests.worlds import world_of

    area = request.getfixturevalue(name)
    world = world_of(area)
    for item, found in (
        ("family_households", world["households"]),
        ("one_person", world["households_by_size"][:, :, 0]),
        ("family_population", world["households"] * world["household_size"]),
    ):
        wanted = area.by_zone("households", value="value", year=area.base_year, item=item)
        np.testing.assert_allclose(found[0], wanted, rtol=1e-9, err_msg=item)
