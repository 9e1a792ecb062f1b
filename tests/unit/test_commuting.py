"""Workplace choice by hand, its balance, and the limits."""

import numpy as np
import pytest

from model.problems import RunError, Unsolved
from model.processes import commuting, modes
from model.processes.commuting import (
    CommutingParams,
    balance,
    impedance,
    newton,
    offered_scale,
    refuse_unequal,
    workplace_shares,
)
from tests.worlds import world_of

P = CommutingParams(decay=0.055)


def test_impedance_by_hand():
    same = np.array([[True, False], [False, True]])
    cost = np.full((1, 2, 2), 10.0)
    found = impedance(cost, same, np.zeros((1, 2, 2)), P)
    assert found[0, 0, 0] == pytest.approx(np.exp(-0.55))
    assert found[0, 0, 1] == pytest.approx(np.exp(-0.55 - 1.0))
    opened = impedance(cost, same, np.ones((1, 2, 2)), P)
    np.testing.assert_allclose(opened, np.exp(-0.55))


def test_shares_by_hand():
    friction = np.array([[[1.0, 0.5], [0.5, 1.0]]])
    shares, access = workplace_shares(np.array([[1.0, 2.0]]), friction)
    np.testing.assert_allclose(shares[0], [[0.5, 0.5], [0.2, 0.8]])
    np.testing.assert_allclose(access[0], [2.0, 2.5])


@pytest.mark.parametrize("border", [0.0, 6.0, 12.0])
def test_balance_meets_the_margins(border):
    rng = np.random.default_rng(2)
    same = np.kron(np.eye(3), np.ones((4, 4))) > 0
    friction = np.exp(-rng.uniform(0, 2, (5, 12, 12)) - border * ~same)
    rows = rng.uniform(1, 100, (5, 12))
    columns = rng.uniform(1, 100, (5, 12))
    columns *= rows.sum(axis=1, keepdims=True) / columns.sum(axis=1, keepdims=True)
    shares, _ = workplace_shares(balance(friction, rows, columns), friction)
    np.testing.assert_allclose((rows[:, :, None] * shares).sum(axis=1), columns, rtol=1e-10)


def test_balance_with_empty_rows_and_columns():
    rows, columns = np.array([[3.0, 0.0, 1.0]]), np.array([[2.0, 2.0, 0.0]])
    friction = np.array([[[1.0, 0.5, 0.2], [0.5, 1.0, 0.5], [0.2, 0.5, 1.0]]])
    scale = balance(friction, rows, columns)
    shares, _ = workplace_shares(scale, friction)
    np.testing.assert_allclose((rows[:, :, None] * shares).sum(axis=1), columns, atol=1e-10)
    assert scale[0, 2] == 0


def test_balance_refuses_unequal_totals():
    with pytest.raises(Unsolved, match=r"as jobs: position \(0,\), 4 against 3"):
        balance(np.ones((1, 2, 2)), np.array([[3.0, 1.0]]), np.array([[2.0, 1.0]]))
    with pytest.raises(Unsolved, match=r"as jobs: position \(1, 1\), nan against 3"):
        refuse_unequal(np.array([[2.0, 1.0], [2.0, np.nan]]), np.array([[2.0, 1.0]] * 2))


def test_balance_names_the_zone_it_fails_at():
    friction = np.array([[[1.0, 0.0], [0.0, 1.0]]])
    named = r"position \(0, 1\), last residual 1\.00e\+00"
    with pytest.raises(Unsolved, match=named), np.errstate(all="ignore"):
        balance(friction, np.array([[3.0, 1.0]]), np.array([[2.0, 2.0]]))


def test_a_base_year_that_does_not_balance_names_zone_draw_and_year(tiny, monkeypatch):
    """Nobody can go to b2, where there are jobs."""
    plain = commuting.impedance

    def shut(*given):
        friction = plain(*given)
        friction[1, :, 3] = 0.0
        return friction

    monkeypatch.setattr(commuting, "impedance", shut)
    named = "commuting does not balance in 2020: draw 1, b2, last residual 1.00e"
    with pytest.raises(RunError, match=named):
        world_of(tiny, count=2)


def test_mode_shares_that_are_not_met_name_mode_draw_and_year(tiny, monkeypatch):
    """What the constants were found for is not what people then choose."""
    plain = modes.mode_choice

    def fewer(*given):
        shares, logsum = plain(*given)
        shares[1, 3] *= 0.9
        return shares, logsum

    monkeypatch.setattr(modes, "mode_choice", fewer)
    named = "mode shares cannot be met in 2020: draw 1, bus, last residual 1.00e-01"
    with pytest.raises(RunError, match=named):
        world_of(tiny, count=2)


def test_newton_step_is_nothing_at_the_solution():
    friction = np.array([[[1.0, 0.3], [0.3, 1.0]]])
    rows = np.array([[2.0, 1.0]])
    shares, _ = workplace_shares(np.ones((1, 2)), friction)
    np.testing.assert_allclose(newton(shares, rows, np.zeros((1, 2))), 0, atol=1e-12)


def test_scale_follows_offers_and_wages():
    one = np.ones((1, 2))
    doubled = offered_scale(one, np.array([[2.0, 1.0]]), one, one, P)
    assert doubled[0, 0] / doubled[0, 1] == pytest.approx(2.0)
    richer = offered_scale(one, one, one, np.array([[1.1, 1.0]]), P)
    assert richer[0, 0] / richer[0, 1] == pytest.approx(1.1**5)


def test_a_workplace_without_offers_draws_nobody():
    one = np.ones((1, 2))
    gone = offered_scale(one, np.array([[1.0, 0.0]]), one, one, P)
    assert gone[0, 1] == 0
