"""Balancing: laws on random tables, the compiled rounds against plain ones, and reports."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.kernels.balancing import (
    accelerated_sweeps,
    attempt,
    extrapolate,
    inner,
    meant,
    spread,
    survey,
    sweep,
)
from model.methods.balancing import balanced, dual, newton
from model.methods.margins import blocked, check
from model.problems import ProblemsError, RunError


def table(seed, count, width, spread=2.0, empty=0.0):
    """A seed and margins that a table of its pattern has."""
    rng = np.random.default_rng(seed)
    cells = rng.lognormal(0, spread, (count, width))
    cells[rng.random((count, width)) < empty] = 0
    other = np.where(cells > 0, rng.lognormal(3, 1, (count, width)), 0)
    return cells, other.sum(axis=1), other.sum(axis=0)


def problems_of(*arguments, **named):
    with pytest.raises(ProblemsError) as caught:
        balanced(*arguments, **named)
    return [f"{problem.key}: {problem.message}" for problem in caught.value.problems]


SIZES = st.integers(1, 12)
SEEDS = st.integers(0, 10**6)


@settings(max_examples=60, deadline=None)
@given(SEEDS, SIZES, SIZES, st.floats(0.1, 5), st.sampled_from([0.0, 0.3]))
def test_margins_are_hit(seed, count, width, spread, empty):
    cells, rows, columns = table(seed, count, width, spread, empty)
    flows = balanced(cells, rows, columns).flows(cells)
    np.testing.assert_allclose(flows.sum(axis=1), rows, rtol=1e-10)
    np.testing.assert_allclose(flows.sum(axis=0), columns, rtol=1.01e-10)
    assert (flows >= 0).all()
    assert ((flows > 0) == (cells > 0)).all()


@settings(max_examples=30, deadline=None)
@given(SEEDS, SIZES, SIZES, st.floats(1e-9, 1e9))
def test_scale_of_seed_and_of_margins(seed, count, width, scale):
    cells, rows, columns = table(seed, count, width)
    plain = balanced(cells, rows, columns, 1e-12).flows(cells)
    rescaled = cells * np.random.default_rng(seed).lognormal(0, 2, (count, 1)) * scale
    np.testing.assert_allclose(
        balanced(rescaled, rows, columns, 1e-12).flows(rescaled), plain, rtol=1e-9
    )
    more = balanced(cells, rows * scale, columns * scale, 1e-12).flows(cells)
    np.testing.assert_allclose(more, plain * scale, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(SEEDS, SIZES, SIZES)
def test_transposed(seed, count, width):
    cells, rows, columns = table(seed, count, width)
    plain = balanced(cells, rows, columns, 1e-12).flows(cells)
    turned = balanced(cells.T, columns, rows, 1e-12).flows(cells.T)
    np.testing.assert_allclose(turned.T, plain, rtol=1e-9)


def test_odds_ratios_are_kept():
    cells, rows, columns = table(1, 4, 5)
    flows = balanced(cells, rows, columns).flows(cells)
    ratios = flows / cells
    crossed = ratios[0, 0] * ratios[1:, 1:] / ratios[1:, :1] / ratios[:1, 1:]
    np.testing.assert_allclose(crossed, 1, rtol=1e-12)


def test_balanced_already():
    cells, *_ = table(2, 6, 6)
    found = balanced(cells, cells.sum(axis=1), cells.sum(axis=0))
    np.testing.assert_allclose(found.flows(cells), cells, rtol=1e-10)
    assert found.residual < 1e-10
    assert found.column_factors.mean() == pytest.approx(1)


def test_empty_rows_and_columns():
    cells = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, 0.5], [0.2, 0.5, 1.0]])
    found = balanced(cells, [3, 0, 1], [2, 2, 0])
    assert found.row_factors[1] == found.column_factors[2] == 0
    np.testing.assert_allclose(found.flows(cells).sum(axis=0), [2, 2, 0], rtol=1e-10)
    assert balanced(cells, [0, 0, 0], [0, 0, 0]).flows(cells).sum() == 0


@pytest.mark.parametrize("border", [6.0, 20.0, 40.0])
def test_parts_that_hardly_exchange(border):
    rng = np.random.default_rng(2)
    same = np.kron(np.eye(3), np.ones((4, 4))) > 0
    cells = np.exp(-rng.uniform(0, 2, (12, 12)) - border * ~same)
    rows, columns = rng.uniform(1, 100, (2, 12))
    columns *= rows.sum() / columns.sum()
    flows = balanced(cells, rows, columns).flows(cells)
    np.testing.assert_allclose(flows.sum(axis=0), columns, rtol=1.01e-10)
    np.testing.assert_allclose(flows.sum(axis=1), rows, rtol=1e-10)


def test_rows_far_apart_in_size():
    cells = np.array([[1e-200, 2e-200], [3e150, 1e150]])
    flows = balanced(cells, [1, 2], [2, 1]).flows(cells)
    np.testing.assert_allclose(flows.sum(axis=0), [2, 1], rtol=1e-10)


# -- the compiled loops against plain numpy --------------------------------------------


@pytest.mark.parametrize("count", [1, 3, 4, 7, 8])
def test_sweep_is_a_round_of_furness(count):
    cells, rows, _ = table(3, count, 5)
    weights = np.arange(1.0, 6)
    scales, reached = np.empty(count), np.empty(5)
    sweep(cells, rows, weights, scales, reached)
    np.testing.assert_allclose(scales, rows / (cells @ weights), rtol=1e-13)
    np.testing.assert_allclose(reached, (rows / (cells @ weights)) @ cells, rtol=1e-13)


def test_acceleration_reaches_where_plain_rounds_go():
    cells, rows, columns = table(4, 9, 7)
    rows, columns = rows / rows.sum(), columns / columns.sum()
    weights = np.ones(7)
    for _ in range(20_000):
        weights = columns / ((rows / (cells @ weights)) @ cells)
    logs, rounds, residual = accelerated_sweeps(cells, rows, columns, 1e-12, 400)
    np.testing.assert_allclose(logs - logs[0], np.log(weights / weights[0]), atol=1e-10)
    assert residual < 1e-12
    assert rounds < 60


def test_newton_alone():
    cells, rows, columns = table(5, 9, 7)
    rows, columns = rows / rows.sum(), columns / columns.sum()
    logs, rounds, residual, _ = newton(cells, rows, columns, np.zeros(7), 1e-12)
    swept, *_ = accelerated_sweeps(cells, rows, columns, 1e-12, 400)
    np.testing.assert_allclose(logs - logs[0], swept - swept[0], atol=1e-10)
    assert residual < 1e-12
    assert rounds < 20


def test_dual_slopes_to_the_margins():
    cells, rows, columns = table(6, 3, 4)
    height, shares = dual(cells, rows, columns, np.zeros(4))
    for place in range(4):
        nudged = np.eye(4)[place] * 1e-6
        slope = (dual(cells, rows, columns, nudged)[0] - height) / 1e-6
        assert slope == pytest.approx((rows @ shares - columns)[place], abs=1e-3)


def test_extrapolation_is_least_squares():
    rng = np.random.default_rng(7)
    moves, images, move = rng.normal(size=(2, 5)), rng.normal(size=(2, 5)), rng.normal(size=5)
    columns = rng.random(5)
    products = (moves * columns) @ moves.T
    logs = np.zeros(5)
    extrapolate(logs, 2, products, moves, images, columns, move)
    root = np.sqrt(columns)
    weights = np.linalg.lstsq((moves * root).T, move * root, rcond=None)[0]
    np.testing.assert_allclose(logs, -weights @ images, rtol=1e-6)
    assert inner(columns, moves[0], move) == pytest.approx((columns * moves[0] * move).sum())


def test_survey_and_spread():
    cells, rows, columns = table(1, 5, 9)
    bad, row_sums, column_sums = survey(cells)
    assert bad == 0
    np.testing.assert_allclose(row_sums, cells.sum(axis=1), rtol=1e-14)
    np.testing.assert_allclose(column_sums, cells.sum(axis=0), rtol=1e-14)
    assert survey(np.array([[1.0, 0.0, np.nan], [-2.0, np.inf, -np.inf]]))[0] == 4
    flows = spread(cells, rows, columns)
    np.testing.assert_allclose(flows, rows[:, None] * cells * columns, rtol=1e-15)


def test_empty_places_leave_the_others_as_they_are():
    cells, rows, columns = table(4, 6, 5)
    rows[2] = columns[1] = 0
    columns *= rows.sum() / columns.sum()
    found = balanced(cells, rows, columns, 1e-12)
    there, here = np.flatnonzero(rows), np.flatnonzero(columns)
    part = np.ascontiguousarray(cells[np.ix_(there, here)])
    row_factors, column_factors, rounds, residual = attempt(
        part, rows[there], columns[here], 1e-12, 400
    )
    np.testing.assert_array_equal(found.row_factors[there], row_factors)
    np.testing.assert_array_equal(found.column_factors[here], column_factors)
    assert (found.rounds, found.residual) == (rounds, residual)
    assert meant(rows, cells.sum(axis=1))
    assert not meant(rows, rows * 0)


def test_empty_places_are_left_out_of_reports():
    cells = np.array([[1.0, 1, 1, 1], [1, 1, 0, 0], [1, 1, 0, 0], [1, 1, 1, 1]])
    names = {"row_names": list("abcd"), "column_names": list("wxyz")}
    (found,) = problems_of(cells, [0, 5, 4, 3], [0, 6, 3, 3], **names)
    assert found == "structure: rows b, c need 9, the only columns they reach (x) take 6"


def test_arrays_that_may_not_be_written():
    fixed = np.broadcast_to(2.0, (3, 3))
    np.testing.assert_allclose(balanced(fixed, [1, 2, 3], [2, 2, 2]).flows(fixed).sum(), 6)


# -- reports ----------------------------------------------------------------------------


def test_all_faults_at_once():
    cells = np.array([[1.0, -1.0, 0.0], [0.0, 0.0, 0.0], [np.nan, 1.0, 0.0]])
    names = {"row_names": ["north", "mid", "south"], "column_names": ["x", "y", "z"]}
    assert problems_of(cells, [1, 2, 3], [1, -1, 5], **names) == [
        "seed: cells negative, infinite or missing: (north, y), (south, x)",
        "row: a total to meet, but every cell of the seed is zero: mid",
        "column: totals negative, infinite or missing: y",
        "column: a total to meet, but every cell of the seed is zero: z",
        "total: rows sum to 6, columns to 5",
    ]


def test_shapes_that_do_not_fit():
    (found,) = problems_of(np.ones((2, 2)), [1, 1, 1], [1, 2])
    assert found == "shape: seed (2, 2), rows (3,), columns (2,) do not fit together"


def test_unequal_totals():
    (found,) = problems_of(np.ones((2, 2)), [3, 1], [2, 1])
    assert found == "total: rows sum to 4, columns to 3"
    check(np.ones((2, 2)), np.array([1.0, 1]), np.array([1.0, 1]), None, None)


def test_structural_zeros_name_who_blocks():
    cells = np.array([[1.0, 0, 0], [1, 0, 0], [1, 1, 1]])
    names = {"row_names": ["a", "b", "c"], "column_names": ["x", "y", "z"]}
    (found,) = problems_of(cells, [5, 4, 3], [6, 3, 3], **names)
    assert found == "structure: rows a, b need 9, the only columns they reach (x) take 6"


def test_separate_parts_with_unequal_totals():
    cells = np.kron(np.eye(2), np.ones((3, 3)))
    (found,) = problems_of(cells, [1, 2, 3, 1, 1, 1], [1, 2, 2, 1, 1, 2])
    assert found == "structure: rows 0, 1, 2 need 6, the only columns they reach (0, 1, 2) take 5"


def test_cells_that_would_have_to_be_empty():
    cells = np.array([[1.0, 0.0], [1.0, 1.0]])
    rows = columns = np.array([2.0, 2.0])
    (found,) = blocked(cells, rows, columns)
    assert found.message == "met only in the limit where filled cells become empty: (1, 0)"
    # The limit can still come within the tolerance.
    flows = balanced(cells, rows, columns).flows(cells)
    np.testing.assert_allclose(flows, np.diag([2.0, 2.0]), atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(2, 7), st.integers(2, 7))
def test_a_report_of_rows_that_need_too_much_is_true(seed, count, width):
    """Whatever random pattern and margins: balanced, or a contradiction (by linear programming)."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    cells = np.where(rng.random((count, width)) < 0.5, 1.0, 0.0)
    rows = rng.integers(1, 9, count).astype(float)
    columns = rng.integers(1, 9, width) * rows.sum()
    columns, rows = columns / columns.sum() * rows.sum(), rows
    at = np.argwhere(cells > 0)
    sums = np.zeros((count + width, len(at)))
    sums[at[:, 0], np.arange(len(at))] = 1
    sums[count + at[:, 1], np.arange(len(at))] = 1
    lost = bool((sums.sum(axis=1) == 0).any())
    possible = not lost and (
        linprog(np.zeros(len(at)), A_eq=sums, b_eq=np.r_[rows, columns], method="highs").status == 0
    )
    if possible:
        found = blocked(cells, rows, columns)
        assert not found or "in the limit" in found[0].message
        if not found:
            flows = balanced(cells, rows, columns).flows(cells)
            np.testing.assert_allclose(flows.sum(axis=0), columns, rtol=1.01e-10)
    elif not lost:
        assert "need" in problems_of(cells, rows, columns)[0]


def test_tolerance_out_of_bounds():
    with pytest.raises(RunError, match=r"outside \[1e-13, 1\)"):
        balanced(np.ones((1, 1)), [1], [1], 1e-20)


def test_no_convergence_says_how_far(monkeypatch):
    monkeypatch.setattr("model.methods.balancing.ROUNDS", 2)
    monkeypatch.setattr("model.methods.balancing.NEWTON_ROUNDS", 1)
    cells, rows, columns = table(8, 6, 6)
    with pytest.raises(RunError, match="not met after 3 rounds: largest relative error"):
        balanced(cells, rows, columns)


def test_newton_takes_over(monkeypatch):
    monkeypatch.setattr("model.methods.balancing.ROUNDS", 2)
    cells, rows, columns = table(9, 6, 6)
    flows = balanced(cells, rows, columns).flows(cells)
    np.testing.assert_allclose(flows.sum(axis=0), columns, rtol=1.01e-10)
