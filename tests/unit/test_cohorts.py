"""Verbs of the mean engine, by hand."""

import numpy as np
import pytest

from model.axes import BEYOND, ELSEWHERE, FEMALE, LOCAL, MALE, TERTIARY
from model.engines.cohorts import Cohorts
from model.population import MoveTable


def lonely(age, sex=FEMALE, count=100.0, hukou=LOCAL, education=0):
    people = np.zeros((1, 2, 3, 4, 2, 101))
    people[0, 0, hukou, education, sex, age] = count
    return Cohorts(people, zones=1)


def test_survivors_grow_older():
    people = lonely(30, hukou=ELSEWHERE)
    deaths = people.die(np.full((1, 1, 2, 101), 0.9))
    assert deaths.by_age[0, 0, FEMALE, 30] == pytest.approx(10)
    assert deaths.by_hukou[0, ELSEWHERE, 0] == pytest.approx(10)
    assert deaths.by_age.sum() == deaths.by_hukou.sum() == pytest.approx(10)
    assert people.counts()[0, 0, ELSEWHERE, 0, FEMALE, 31] == pytest.approx(90)


def test_verbs_that_wait_are_those_that_do_not():
    """A year of age and school that cells are given later is that of a pass for each verb."""
    rng = np.random.default_rng(2)
    start = rng.uniform(0, 50, (2, 3, 3, 4, 2, 101))
    surviving, entering = rng.random((2, 1, 2, 101)), rng.random((2, 4, 2, 101))
    chance = rng.random((2, 2, 3))
    together, apart = Cohorts(start, zones=2), Cohorts(start, zones=2)
    for people in (together, apart):
        for verb, table in (
            (people.die, surviving), (people.learn, entering),
            (people.learn, entering), (people.register, chance),
        ):  # fmt: skip
            verb(table)
            if people is apart:
                people.counts()
    np.testing.assert_allclose(together.classed(), apart.classed(), rtol=1e-12)
    np.testing.assert_allclose(together.counts(), apart.counts(), rtol=1e-12, atol=1e-13)


def test_oldest_join():
    people = lonely(100)
    people.die(np.full((1, 1, 2, 101), 0.5))
    assert people.counts()[0, 0, LOCAL, 0, FEMALE, 100] == pytest.approx(50)


def test_nobody_goes_up_twice_in_a_year():
    people = lonely(15)
    entering = np.zeros((1, 4, 2, 101))
    entering[:, :3, :, 15] = 0.5
    people.learn(entering)
    assert people.counts()[0, 0, LOCAL, :, FEMALE, 15].tolist() == [50.0, 50.0, 0.0, 0.0]


def test_only_those_elsewhere_become_local():
    people = lonely(40, hukou=BEYOND, education=2)
    converted = people.register(np.array([[[0.9, 0.5, 0.1]]]))
    assert converted[0, 0].tolist() == [0.0, 0.0, pytest.approx(10.0)]
    assert people.counts()[0, 0, :, 2, FEMALE, 40].tolist() == pytest.approx([10, 0, 90])
    assert lonely(40).register(np.array([[[0.9, 0.5, 0.1]]])).sum() == 0


def test_newborns_wait_until_they_join_in_their_mothers_class():
    people = lonely(30, hukou=BEYOND, education=TERTIARY)
    rates, level = np.zeros((1, 4, 101)), np.array([[1.0, 7.0]])
    rates[0, TERTIARY, 30] = 0.2
    early = people.bear(level, rates, "early births")
    assert early.by_hukou[0].T.tolist() == [[0, 0, 20], [0, 0, 0]]
    late = people.bear(level, rates, "late births")
    assert late.by_age[0, 0, 30] == late.by_age.sum() == pytest.approx(20)
    assert people.bear(level * 0, rates, "none").by_age.sum() == 0
    assert people.counts()[..., 0].sum() == 0
    deaths = people.settle_newborns(np.array([0.5]), np.array([[0.9, 1.0]]))
    assert deaths[0, 0].tolist() == pytest.approx([0, 0, 2])
    assert people.counts()[0, 0, BEYOND, 0, :, 0].tolist() == pytest.approx([18.0, 20.0])
    assert people.counts()[..., 0].sum() == pytest.approx(38)


@pytest.mark.parametrize(("age", "sex"), [(14, FEMALE), (50, FEMALE), (30, MALE)])
def test_others_bear_no_children(age, sex):
    assert lonely(age, sex).bear(np.ones((1, 2)), np.ones((1, 4, 101)), "x").by_age.sum() == 0


def test_movers_come_home_or_become_what_the_table_says():
    people = lonely(30, hukou=ELSEWHERE)
    home = np.zeros((1, 3, 2, 2))
    home[0, ELSEWHERE] = 0.25
    becomes = np.full((3, 2, 2), BEYOND)
    group = np.zeros((3, 4, 101), dtype=int)
    leave = np.full((1, 2, 1, 101), 0.4)
    swap = np.array([[[[0.0, 1.0], [1.0, 0.0]]]])
    table = MoveTable(group, leave, swap, home, np.arange(2), becomes)
    moves = people.relocate(table)
    assert moves.flows[0, ELSEWHERE, 0, 1] == pytest.approx(40)
    assert moves.homecoming[0, ELSEWHERE, 0, 1] == pytest.approx(10)
    assert moves.departures[0, 0, FEMALE, 30] == pytest.approx(40)
    assert moves.arrivals.sum() == 0
    assert people.counts()[0, :, :, 0, FEMALE, 30].tolist() == [
        pytest.approx([0, 60, 0]), pytest.approx([10, 0, 30]),
    ]  # fmt: skip
