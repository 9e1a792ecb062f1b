"""Rows of the agent engine: filled, freed, filled again."""

import numpy as np
import pytest

from model.engines.resident_dice import EVENTS
from model.engines.residents import NOBODY, Residents


def crowd(per_cell=20.0, seed=4):
    table = np.zeros((2, 3, 4, 2, 101))
    table[0, 0, 1, :, 20:50] = per_cell
    return Residents(table, zones=1, scale=1, seed=seed)


def bear(people, year, rate):
    people.begin_year(year)
    people.bear(np.ones((1, 2)), np.full((1, 4, 101), rate), "early births")
    return people.settle_newborns(np.array([0.5]), np.ones((1, 2)))


def test_freed_rows_are_filled_again():
    people = crowd()
    rows = len(people.age)
    people.begin_year(2021)
    people.die(np.full((1, 1, 2, 101), 0.5))
    free = rows - people.rows
    assert free > 300
    bear(people, 2022, 0.5)
    assert len(people.age) == rows
    assert 0 < rows - people.rows < free


def test_arrays_grow_when_nobody_leaves():
    people = crowd()
    before = people.rows
    deaths = bear(people, 2021, 0.9)
    assert deaths.sum() == 0
    born = int((people.age == 0).sum())
    assert people.rows == before + born > before + 400
    assert len(people.age) >= people.rows
    keys = people.key[people.age != NOBODY]
    assert len(np.unique(keys)) == len(keys)
    assert people.counts().sum() == people.rows


@pytest.mark.parametrize("scale", [1, 7, 100])
def test_scale_keeps_totals_in_whole_agents(scale):
    rng = np.random.default_rng(6)
    table = rng.uniform(0, 60, (4, 3, 4, 2, 101))
    people = Residents(table, zones=3, scale=scale, seed=1)
    counts = people.counts()[0]
    whole = counts / scale
    np.testing.assert_array_equal(whole, np.rint(whole))
    off = counts[:3].sum(axis=(1, 2, 3, 4)) - table[:3].sum(axis=(1, 2, 3, 4))
    assert np.all(np.abs(off) <= scale / 2 + 1e-6)
    by_age = counts[:3].sum(axis=(1, 2)) - table[:3].sum(axis=(1, 2))
    assert np.all(np.abs(by_age) < scale + 1e-6)


def test_a_zone_with_nobody_stays_as_it_is():
    people = Residents(np.zeros((2, 3, 4, 2, 101)), zones=1, scale=1, seed=1)
    bear(people, 2021, 0.9)
    assert people.die(np.full((1, 1, 2, 101), 0.5)).by_age.sum() == 0
    assert people.rows == people.counts().sum() == 0


def test_an_event_without_a_die_is_an_error_that_names_those_with():
    with pytest.raises(ValueError, match=r"'winter births' has no die; .*early births.*leaving"):
        crowd().bear(np.zeros((1, 2)), np.zeros((1, 4, 101)), "winter births")


def test_who_joins_in_a_year_has_the_dice_of_that_year():
    """Newborns in rows of the dead, and in new rows: as if thrown with everybody."""
    for dying in (0.4, 0.0):
        people = crowd()
        people.begin_year(2021)
        people.die(np.full((1, 1, 2, 101), 1 - dying))
        people.bear(np.ones((1, 2)), np.full((1, 4, 101), 0.9), "late births")
        people.settle_newborns(np.array([0.5]), np.ones((1, 2)))
        there = people.age != NOBODY
        dice = np.array([people.die_of(event) for event in EVENTS])
        people.begin_year(2021)
        assert (people.age == 0).sum() > 100
        np.testing.assert_array_equal(dice[:, there], people.dice[:, there])
