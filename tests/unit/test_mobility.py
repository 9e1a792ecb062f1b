"""Who moves at what age, and where students go, by hand and at the limits."""

import numpy as np
import pytest

from model.axes import AGES, BEYOND, HUKOU, LOCAL, TERTIARY
from model.processes.mobility import (
    GRADUATE_AGE,
    GRADUATES,
    PARENTS,
    STUDENT_AGE,
    STUDENTS,
    MobilityParams,
    cells_apart,
    group_of_cell,
    leaving,
    main_groups,
    mean_mobility,
    mobility_by_age,
    rogers_castro,
    student_choice,
    student_exchange,
)

P = MobilityParams()
CURVE = rogers_castro(P)


def test_cells_apart_are_students_and_graduates():
    group = group_of_cell()
    usual, cells = cells_apart(group)
    wanted = {
        (hukou, TERTIARY, age, chosen)
        for hukou in range(len(HUKOU))
        for age, chosen in ((STUDENT_AGE, STUDENTS), (GRADUATE_AGE, GRADUATES))
    }
    assert {tuple(cell) for cell in cells.tolist()} == wanted
    assert usual.sum() == group.size - len(wanted)
    assert not usual[tuple(cells[:, :3].T)].any()


def test_mobility_by_hand():
    curve = CURVE[0]
    assert curve[20] == pytest.approx(0.02 * np.exp(-2) + 0.06 * np.exp(-1) + 0.003)
    assert curve.min() > 0
    assert 20 <= curve[12:60].argmax() + 12 <= 26
    assert curve[80] < curve[40] < curve[25]
    later = rogers_castro(MobilityParams(peak_age=25.0))[0]
    assert later[12:60].argmax() == curve[12:60].argmax() + 5


def test_mean_mobility_weighs_residents_only():
    people = np.zeros((1, 2, 2, 101))
    people[0, 0, :, 20], people[0, 1] = 5, 1000
    curve = np.where(AGES == 20, 3.0, 1.0)[None]
    assert mean_mobility(people[0], curve, 1)[0] == pytest.approx(3.0)


def test_everybody_has_one_group():
    group = group_of_cell()
    assert np.all(group[:, TERTIARY, STUDENT_AGE] == STUDENTS)
    assert np.all(group[:, TERTIARY, GRADUATE_AGE] == GRADUATES)
    rest = group[:, :TERTIARY]
    assert np.all(rest == np.arange(len(HUKOU))[:, None, None])
    assert (group >= STUDENTS).sum() == 2 * len(HUKOU)


def test_minors_move_as_the_adults_of_their_zone_and_class():
    people = np.zeros((1, 2, 3, 101))
    people[0, 0, LOCAL, 25], people[0, 0, LOCAL, 44] = 30.0, 10.0
    people[0, 0, BEYOND, 30] = 5.0
    people[..., :18] = 7.0
    found = mobility_by_age(people[..., PARENTS], CURVE)
    wanted = (30 * CURVE[0, 25] + 10 * CURVE[0, 44]) / 40
    np.testing.assert_allclose(found[0, 0, LOCAL, :18], wanted)
    np.testing.assert_allclose(found[0, 0, BEYOND, :18], CURVE[0, 30])
    np.testing.assert_array_equal(found[0, 1, BEYOND, 18:], CURVE[0, 18:])
    # nobody of 25 to 44: the plain mean of the curve
    np.testing.assert_allclose(found[0, 1, :, :18], CURVE[0, 25:45].mean())


def test_leaving_is_a_probability_by_group():
    stay = np.array([[[0.02, 0.9], [0.3, 0.3], [0.1, 0.1], [9, 9], [0.5, 0.6]]])
    people, apart, curve = np.ones((1, 2, 3, 2, 101)), np.ones((1, 2, 6)), np.full((1, 101), 3.0)
    found, _ = leaving(stay, people, apart, curve, np.array([[0.7, 0.2]]), group_of_cell())
    assert np.all((found >= 0) & (found <= 1))
    assert found[0, 0, LOCAL, 30] == pytest.approx(0.06)
    assert found[0, 1, LOCAL, 30] == 1.0
    assert found[0, :, STUDENTS, STUDENT_AGE].tolist() == [0.7, 0.2]
    assert found[0, :, GRADUATES, GRADUATE_AGE].tolist() == [0.5, 0.6]
    assert found[0, :, STUDENTS].sum() == pytest.approx(0.9)


def test_leaving_and_leavers_are_those_of_the_equations():
    rng = np.random.default_rng(4)
    people = rng.uniform(0, 9, (2, 3, 3, 4, 101))
    people[1, 2, BEYOND, :, PARENTS] = 0.0
    stay, students, group = rng.random((2, 5, 3)), rng.random((2, 3)), group_of_cell()
    curve = np.concatenate([CURVE, 2 * CURVE]) / CURVE.mean()
    by_sex = rng.random((2, 3, 3, 1, 101)) * [[0], [1]]
    by_sex[:, :, :, 0] = 1 - by_sex[:, :, :, 1]
    hukou, education, ages = cells_apart(group)[1][:, :3].T
    apart = people[:, :, hukou, education, ages]
    counts = people.sum(axis=3)[:, :, :, None] * by_sex
    found, leavers = leaving(stay, counts, apart, curve, students, group)
    mobility = mobility_by_age(people[..., PARENTS].sum(axis=3), curve)
    wanted = np.minimum(stay[:, :STUDENTS].transpose(0, 2, 1)[..., None] * mobility, 1.0)
    np.testing.assert_allclose(found[:, :, :STUDENTS], wanted, rtol=1e-13)
    chance = found[:, :, group, AGES]
    moving = people * chance
    for which in range(5):
        by_class = (moving * (group == which)).sum(axis=(3, 4)).transpose(0, 2, 1)
        np.testing.assert_allclose(leavers[:, :, which], by_class, rtol=1e-12)


def test_students_exchanged_by_hand():
    entrants = np.array([400.0, 1000.0, 5000.0])
    inflow, outflow = np.array([[300.0, 100.0]]), np.array([[90.0, 810.0]])
    coming, going = student_exchange(200.0, entrants, inflow, outflow, P)
    # 35 % of 200 places, by arrivals 3 to 1; 35 % of 400 entrants, by departures 1 to 9
    np.testing.assert_allclose(coming[0] * entrants[1:], [52.5, 17.5])
    np.testing.assert_allclose(going[0], [0.035, 0.315])
    few = np.array([[30.0, 10.0]])
    coming, going = student_exchange(200.0, entrants, few, few, P)
    np.testing.assert_allclose(coming[0] * entrants[1:], [15, 5])  # half of those who come
    np.testing.assert_allclose(going[0] * 400, [15, 5])
    nobody = np.array([400.0, 0.0, 0.0])
    assert np.all(student_exchange(200.0, nobody, inflow, outflow, P)[0] == 0)


def test_students_go_where_the_places_are(tiny):
    coming, going = np.array([[0.05, 0.01]]), np.array([[0.1, 0.2]])
    leave, goal = student_choice(tiny, coming, going, P)
    seats = tiny.by_zone("universities", year=tiny.base_year)
    assert np.all((leave >= 0) & (leave <= 1))
    np.testing.assert_allclose(goal.sum(axis=2), 1.0)
    assert np.all(np.diagonal(goal, axis1=1, axis2=2) == 0)
    assert np.all(goal[0][:, :5][:, seats == 0] == 0)
    assert np.all(goal[0, 5:, 5:] == 0)
    np.testing.assert_allclose(leave[:, 5:], coming)
    # the part that goes to regions, over all who leave
    abroad = goal[0, :5, 5:] * leave[0, :5, None]
    np.testing.assert_allclose(abroad, np.broadcast_to(going, (5, 2)))
    flat, _ = student_choice(tiny, coming, going, MobilityParams(student_decay=0.0))
    stays = seats / seats.sum() * 0.7
    np.testing.assert_allclose(1 - flat[0, :5], stays, rtol=1e-12)


def test_main_groups_are_those_of_most_cells():
    table = np.array([[[0, 0, 2]], [[1, 2, 2]]])
    assert main_groups(table).tolist() == [0, 2]
