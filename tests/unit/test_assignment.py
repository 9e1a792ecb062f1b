"""Alias tables and the draws from them, against the plain way."""

import numpy as np
import pytest

from model.engines.assignment import _salt, alias_tables, assign

MASK = np.uint64(0xFFFFFFFF)


def shares_of(zones, modes, seed=0):
    rng = np.random.default_rng(seed)
    workplace = rng.dirichlet(np.full(zones, 0.3), zones) * 0.95
    return workplace, rng.dirichlet(np.full(modes, 0.5), (zones, zones))


def mixed(key):
    z = key + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def plainly(zone, key, tables, modes, seed, year):
    """The twin in numpy."""
    luck = mixed(mixed(key ^ _salt(seed, year)))
    outcomes = tables.threshold.shape[1]
    pick = (((luck >> np.uint64(32)) * np.uint64(outcomes)) >> np.uint64(32)).astype(int)
    coin = (luck & MASK).astype(float) * 2.0**-32
    pick = np.where(coin >= tables.threshold[zone, pick], tables.alias[zone, pick], pick)
    idle = pick == outcomes - 1
    return np.where(idle, -1, pick // modes), np.where(idle, -1, pick % modes)


def test_tables_carry_the_shares():
    workplace, mode = shares_of(7, 6)
    tables = alias_tables(workplace, mode)
    outcomes = tables.threshold.shape[1]
    weight = np.zeros(tables.threshold.shape)
    for zone in range(7):
        np.add.at(weight[zone], tables.alias[zone], 1 - tables.threshold[zone])
    weight = (weight + tables.threshold) / outcomes
    joint = (workplace[..., None] * mode).reshape(7, -1)
    np.testing.assert_allclose(weight[:, :-1], joint, atol=1e-12)
    np.testing.assert_allclose(weight[:, -1], 1 - workplace.sum(axis=1), atol=1e-12)


def test_kernel_is_the_plain_way():
    workplace, mode = shares_of(5, 6, 1)
    tables = alias_tables(workplace, mode)
    zone = np.random.default_rng(2).integers(0, 5, 20_000).astype(np.int16)
    key = np.arange(20_000, dtype=np.uint64) * np.uint64(7919)
    found = assign(zone, key, tables, 6, 3, 2030)
    for one, other in zip(found, plainly(zone, key, tables, 6, 3, 2030), strict=True):
        np.testing.assert_array_equal(one, other)


def test_draws_follow_the_shares():
    workplace, mode = shares_of(4, 6, 4)
    tables = alias_tables(workplace, mode)
    count = 400_000
    zone = np.full(count, 2, np.int16)
    place, means = assign(zone, np.arange(count, dtype=np.uint64), tables, 6, 0, 2025)
    joint = workplace[2][:, None] * mode[2]
    at_work = place >= 0
    seen = np.zeros(joint.shape)
    np.add.at(seen, (place[at_work], means[at_work]), 1)
    error = np.sqrt(joint * (1 - joint) * count)
    busy = error > 1
    assert np.abs((seen - joint * count)[busy] / error[busy]).max() < 4.5
    assert abs(at_work.mean() - workplace[2].sum()) < 4 * np.sqrt(0.25 / count)


def test_one_person_more_changes_nobody():
    workplace, mode = shares_of(3, 6, 5)
    tables = alias_tables(workplace, mode)
    zone, key = np.zeros(100, np.int16), np.arange(100, dtype=np.uint64)
    some = assign(zone[:60], key[:60], tables, 6, 1, 2025)
    more = assign(zone, key, tables, 6, 1, 2025)
    np.testing.assert_array_equal(some[0], more[0][:60])
    turned = assign(zone, key, tables, 6, 1, 2026)
    assert (turned[0] != more[0]).mean() > 0.2


@pytest.mark.parametrize("value", [-0.1, np.nan, 1.2])
def test_what_is_no_probability_is_refused(value):
    workplace, mode = np.array([[0.5, 0.2], [0.1, 0.3]]), np.full((2, 2, 2), 0.5)
    workplace[1, 0] = value
    with pytest.raises(ValueError, match="zone 1"):
        alias_tables(workplace, mode)


def test_nobody_works_in_a_row_of_zeros():
    tables = alias_tables(np.zeros((1, 2)), np.full((1, 2, 2), 0.5))
    place, mode = assign(np.zeros(50, np.int16), np.arange(50, dtype=np.uint64), tables, 2, 0, 0)
    assert set(place) == set(mode) == {-1}


def test_modes_of_other_places_are_refused():
    with pytest.raises(ValueError, match=r"modes \(2, 6, 2\) for workplaces \(2, 2\)"):
        alias_tables(np.full((2, 2), 0.1), np.full((2, 6, 2), 0.5))
