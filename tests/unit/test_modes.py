"""Mode choice and congestion by hand, and the loops of the kernel against plain numpy."""

import numpy as np
import pytest

from model.axes import MODES, lift
from model.kernels.commuting import (
    answers,
    congest,
    drivers,
    settle,
)
from model.kernels.commuting_inversion import (
    balanced,
    base_constants,
    solve,
    solve_symmetric,
)
from model.kernels.modes import attraction, nest_sums, nudge, nudge_cost
from model.kernels.row_sums import by_column, by_row
from model.kernels.tallies import tallies, tallies_of_shares
from model.network import NEVER
from model.processes.commuting import (
    CommutingParams,
    balance,
    border_cost,
    kept_share,
    workplace_shares,
)
from model.processes.congestion import (
    base_delay,
    street_kilometres,
)
from model.processes.matching import MatchingParams, tightness_at
from model.processes.modes import (
    NESTS,
    ModeParams,
    mode_choice,
    money_minutes,
    sensitivity,
    target_shares,
    usable,
)
from tests.twins import clear, relative_slowdown, relative_traffic

TRAVEL, MATCH, FELT = CommutingParams(decay=0.055), MatchingParams(), ModeParams()


def costs(draws=2, zones=6, seed=1):
    """Made-up costs by mode, some modes missing on some pairs."""
    rng = np.random.default_rng(seed)
    cost = rng.uniform(10, 90, (draws, 6, zones, zones))
    cost[rng.uniform(size=cost.shape) < 0.3] = NEVER
    cost[:, 2] = rng.uniform(10, 90, (draws, zones, zones))
    cost[:, 3] = rng.uniform(20, 120, (draws, zones, zones))
    return cost


def test_shares_by_hand():
    """Two modes of one nest alike share what one of them would have, times two to the lambda."""
    cost = np.full((1, 6, 1, 1), NEVER)
    cost[:, :3] = 20.0
    shares, logsum = mode_choice(cost, np.zeros((1, 6)), np.array([0.1]), np.array([0.5]))
    both = np.sqrt(2) / (np.sqrt(2) + 1)
    np.testing.assert_allclose(
        shares[0, :, 0, 0], [both / 2, both / 2, 1 - both, 0, 0, 0], atol=1e-12
    )
    assert logsum[0, 0, 0] == pytest.approx(20 - np.log(np.sqrt(2) + 1) / 0.1)


def test_a_nest_of_independent_modes_is_a_plain_logit():
    cost = costs(1)
    shares, _ = mode_choice(cost, np.zeros((1, 6)), np.array([0.05]), np.array([1.0]))
    weights = np.exp(-0.05 * cost)
    np.testing.assert_allclose(shares, weights / weights.sum(axis=1, keepdims=True), atol=1e-12)


def test_shares_sum_to_one_and_a_faster_mode_gains():
    cost = costs()
    theta, power = np.array([0.08, 0.05]), np.array([0.4, 0.8])
    shares, logsum = mode_choice(cost, np.zeros((2, 6)), theta, power)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    faster = cost.copy()
    faster[:, 3] -= 5
    more, cheaper = mode_choice(faster, np.zeros((2, 6)), theta, power)
    assert np.all(more[:, 3] >= shares[:, 3])
    assert np.all(cheaper <= logsum)


def test_nests_hold_every_mode_once():
    assert sorted(mode for nest in NESTS for mode in nest) == list(range(len(MODES)))


def test_money_and_sensitivity():
    assert money_minutes(np.array([[66000.0]]), FELT)[0, 0] == pytest.approx(10 / 3)
    assert sensitivity(np.array([0.055]), FELT)[0] == pytest.approx(0.055 / 0.7)


def test_targets_leave_out_what_nobody_can_use():
    cost = costs(1)
    cost[:, 5] = NEVER
    there = usable(cost, NEVER)
    assert there[0].tolist() == [True, True, True, True, True, False]
    assumed = {f"mode_share.{mode}": np.array([0.2]) for mode in MODES}
    np.testing.assert_allclose(target_shares(assumed, there)[0], [0.2] * 5 + [0])


def test_congestion_by_hand():
    delay, exponent = np.array([[0.6, 0.2]]), lift(2.5, 1)
    assert relative_slowdown(delay, np.ones((1, 2)), exponent).tolist() == [[1, 1]]
    found = relative_slowdown(delay, np.array([[1.1, 0.9]]), exponent)[0]
    assert found[0] == pytest.approx((1 + 0.6 * 1.1**2.5) / 1.6)
    assert found[1] < 1
    cars = np.array([[[10.0, 4.0], [6.0, 0.0]]])
    distance = np.array([[[3.0, 30.0], [30.0, 3.0]]])
    assert street_kilometres(cars, distance, lift(8, 2))[0].tolist() == [30 + 80, 80]
    traffic = relative_traffic(
        np.array([[3.0]]), np.array([[2.0]]), np.array([[0.9]]), lift(0.5, 1)
    )
    assert traffic[0, 0] == pytest.approx(0.5 * 1.5 + 0.45)
    kinds = np.array(["core", "core", "suburb", "county"])
    index = {"core_city": 1.7, "core": 1.4, "suburb": 1.3, "county": 1.1}
    assumed = {f"congestion_index.{key}": np.array([value]) for key, value in index.items()}
    found = base_delay(kinds, np.array([True, False, True, False]), assumed)
    np.testing.assert_allclose(found[0], [0.7, 0.4, 0.3, 0.1])


def test_who_stays_put():
    before, now = np.array([[100.0, 100.0, 0.0]]), np.array([[100.0, 200.0, 50.0]])
    assert kept_share(before, now, TRAVEL)[0].tolist() == pytest.approx([0.82, 0.41, 0.0])
    same, opening = np.eye(2) > 0, np.full((1, 2, 2), 0.5)
    assert border_cost(same, opening, TRAVEL)[0].tolist() == [[0, 0.5], [0.5, 0]]


def test_nests_of_the_kernel_are_the_plain_ones():
    cost, constants = costs(1), np.array([[0.0, 5.0, -3.0, 2.0, -10.0, 4.0]])
    theta, power = 0.07, 0.45
    shares, logsum = mode_choice(cost, constants, np.array([theta]), np.array([power]))
    sums, inside = nest_sums(cost[0], constants[0], theta, power)
    still, none = np.ones(6), np.zeros((6, 6))
    friction, level, cars = np.empty((3, 6, 6))
    attraction(
        sums, cost[0, 2], -3.0, none, still, still, theta, 0.7, none, friction, level, cars
    )  # fmt: skip
    np.testing.assert_allclose(level, logsum[0], rtol=1e-12)
    np.testing.assert_allclose(cars, shares[0, 2], rtol=1e-10)
    np.testing.assert_allclose(friction, np.exp(-0.7 * theta * logsum[0]), rtol=1e-10)
    public = sums[1] / sums.sum(axis=0) * (1 - cars)
    np.testing.assert_allclose(public * inside[4], shares[0, 5], rtol=1e-9, atol=1e-15)


def test_a_nudge_is_the_whole_way():
    """Power series where streets moved a little, against exponentials and logarithms."""
    rng = np.random.default_rng(6)
    cost, zones = costs(1, 7)[0], 7
    sums, _ = nest_sums(cost, np.zeros(6), 0.07, 0.45)
    ends, border = rng.uniform(5, 20, (zones, zones)), rng.uniform(0, 1, (zones, zones))
    begun, moved = rng.uniform(0.9, 1.2, zones), rng.uniform(-0.02, 0.02, zones)

    def at(slow):
        """Friction, logsum and share of cars, as the long way finds them."""
        found = np.empty((3, zones, zones))
        attraction(sums, cost[2], 2.0, ends, slow, np.ones(zones), 0.07, 0.7, border, *found)
        return found

    pull, logsum, share = at(begun)
    rise, friction, cars = np.empty((3, zones, zones))
    nudge(pull, share, ends, moved, 0.07, 0.7, rise, friction, cars)
    nudge_cost(share, rise, 0.07, logsum)
    for mine, wanted in zip((friction, logsum, cars), at(begun + moved), strict=True):
        np.testing.assert_allclose(mine, wanted, rtol=1e-14)


def test_elimination():
    rng = np.random.default_rng(3)
    matrix, right = rng.normal(size=(7, 7)), rng.normal(size=7)
    wanted = np.linalg.solve(matrix, right)
    solve(matrix, right)
    np.testing.assert_allclose(right, wanted, rtol=1e-9)


def test_symmetric_elimination():
    rng = np.random.default_rng(4)
    matrix, right = rng.normal(size=(9, 9)), rng.normal(size=9)
    matrix = matrix @ matrix.T + np.eye(9)
    wanted = np.linalg.solve(matrix, right)
    solve_symmetric(np.tril(matrix), right)
    np.testing.assert_allclose(right, wanted, rtol=1e-9)


def test_margins_of_the_kernel_are_those_of_furness():
    rng = np.random.default_rng(2)
    friction = np.exp(-rng.uniform(0, 6, (8, 8)))
    rows, columns = rng.uniform(1, 9, 8), rng.uniform(1, 9, 8)
    columns[3] = 0.0
    columns *= rows.sum() / columns.sum()
    scale = columns.copy()
    _, left = balanced(friction, rows, columns, scale, 1e-11)
    assert left < 1e-10
    wanted = balance(friction[None], rows[None], columns[None])[0]
    np.testing.assert_allclose(scale / scale.sum(), wanted / wanted.sum(), rtol=1e-8, atol=1e-12)


def test_constants_bring_the_shares_about():
    draws, rng = 3, np.random.default_rng(5)
    cost = rng.uniform(10, 90, (draws, 6, 7, 7))
    rows = rng.uniform(1, 9, (draws, 7))
    columns = rng.uniform(1, 9, (draws, 7))
    columns *= rows.sum(axis=1, keepdims=True) / columns.sum(axis=1, keepdims=True)
    target = np.tile([0.3, 0.25, 0.3, 0.1, 0.04, 0.01], (draws, 1))
    theta, power, scale = (np.full(draws, value) for value in (0.08, 0.5, 0.7))
    weights = columns.copy()
    point, left = base_constants(
        cost, target, rows, columns, weights, np.zeros((draws, 6)), theta, power, scale,
        np.zeros((draws, 7, 7)),
    )  # fmt: skip
    assert left.max() < 1e-9
    shares, logsum = mode_choice(cost, point * (power / theta)[:, None], theta, power)
    friction = np.exp(-0.056 * logsum)
    places, _ = workplace_shares(balance(friction, rows, columns), friction)
    flows = (rows[:, :, None] * places)[:, None] * shares
    reached = flows.sum(axis=(2, 3)) / rows.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(reached, target, rtol=1e-7)


def plain_year(given):
    """The year's fixed point in plain numpy: what the kernel must find."""
    slow, base = given["slow"].copy(), given["slow"]
    kept = given["workplace"] * given["keep"][:, :, None]
    for _ in range(60):
        cost = given["cost"].copy()
        change = slow - base
        cost[:, 2] += given["ends"] * (change[:, :, None] + change[:, None]) / 2
        shares, logsum = mode_choice(cost, given["constants"], given["theta"], given["power"])
        friction = np.exp(-lift(TRAVEL.decay, 2) * logsum - given["border"])
        hiring, attached, access = clear(
            given["supply"], given["posts"], given["scale"], friction, MATCH, TRAVEL, kept
        )
        work = attached * hiring[:, None]
        chosen = attached - kept
        joint = kept[:, None] * given["modes"] + chosen[:, None] * shares
        cars = given["supply"][:, :, None] * hiring[:, None] * joint[:, 2]
        kilometres = street_kilometres(cars, given["distance"], lift(8.0, 2))
        traffic = relative_traffic(
            kilometres, given["base_kilometres"], given["residents"], lift(0.5, 1)
        )
        slow = relative_slowdown(given["delay"], traffic, lift(2.5, 1))
    return hiring, work, joint / attached[:, None], access, slow, logsum


@pytest.fixture(scope="module")
def year():
    rng = np.random.default_rng(8)
    draws, zones = 2, 6
    cost = costs(draws, zones, 9)
    given = {
        "cost": cost, "constants": np.tile([0.0, 5, 3, 1, -8, -20.0], (draws, 1)),
        "theta": np.full(draws, 0.055 / 0.7), "power": np.full(draws, 0.5),
        "border": rng.uniform(0, 1, (draws, zones, zones)),
        "ends": rng.uniform(5, 20, (draws, zones, zones)),
        "distance": rng.uniform(2, 40, (draws, zones, zones)),
        "supply": rng.uniform(50, 150, (draws, zones)),
        "keep": rng.uniform(0.6, 0.82, (draws, zones)),
        "posts": rng.uniform(50, 140, (draws, zones)),
        "scale": rng.uniform(0.5, 2, (draws, zones)),
        "slow": np.ones((draws, zones)), "delay": rng.uniform(0.1, 0.7, (draws, zones)),
        "residents": rng.uniform(0.9, 1.1, (draws, zones)),
        "base_kilometres": rng.uniform(300, 900, (draws, zones)),
    }  # fmt: skip
    given["workplace"] = 0.95 * rng.dirichlet(np.ones(zones), (draws, zones))
    given["modes"] = np.moveaxis(rng.dirichlet(np.ones(6), (draws, zones, zones)), 3, 1).copy()
    return given


def kernel_year(given, hired=0.95, exponent=2.5, commuting=0.5):
    """What the kernel finds of a year, and what is left of its two fixed points."""
    draws = len(given["supply"])
    usual, curve = np.full(draws, 0.95), np.full(draws, 6.0)
    hiring, slow = np.full(given["supply"].shape, hired), given["slow"].copy()
    workplace, modes, logsum, access, seeking, left = settle(
        given["cost"], given["constants"], given["theta"], given["power"], np.full(draws, 0.7),
        given["border"], given["ends"], given["ends"].max(axis=(1, 2)), given["distance"],
        np.full(draws, 8.0), given["supply"], given["keep"], given["workplace"], given["modes"],
        given["posts"], given["scale"], hiring, usual, tightness_at(1 - usual, curve) / usual,
        curve, np.full(draws, 5.0), slow, given["delay"], given["residents"],
        given["base_kilometres"], np.full(draws, exponent), np.full(draws, commuting),
    )  # fmt: skip
    return hiring, workplace, modes, access, slow, logsum, seeking, left


def test_sums_of_rows_and_columns():
    """Seven rows: four at a time, and three that are left."""
    rng = np.random.default_rng(4)
    matrix, right, left = rng.normal(size=(7, 5)), rng.normal(size=5), rng.normal(size=7)
    rows, columns = np.empty(7), np.empty(5)
    by_row(matrix, right, rows)
    by_column(matrix, left, columns)
    np.testing.assert_allclose(rows, matrix @ right, rtol=1e-13)
    np.testing.assert_allclose(columns, left @ matrix, rtol=1e-13)


def test_newton_steps_of_congestion():
    """The step of a zone is its gap over one less the slope of what drivers make of slowness."""
    theta, ends, way, base = 0.08, np.full((1, 1), 12.0), np.full((1, 1), 3.0), np.full(1, 1e3)
    one, none = np.ones(1), np.zeros((1, 1))

    def year(slow):
        """Pull fixed at one and shares of cars by the logit; all choose anew, 500 of them."""
        car = 0.5 * np.exp(-theta * ends * (slow - 1))
        cars, room = car / (car + 0.5), np.empty((3, 1, 1))
        drivers(none + 1, cars, way, room[1])
        answers(none + 1, cars, way, ends, -0.5 * theta, room[0], room[2])
        flow, gap, step = np.zeros((6, 1)), np.zeros(1), np.zeros(1)
        for which, matrix in enumerate((room[1], room[1], room[2], room[2])):
            flow[2 + which] = 500 * matrix[0]
        congest(flow, one, one, one, slow, 0.6 * one, one, base, 2.5, 0.5, gap, step)
        return gap[0], step[0], cars[0, 0]

    gap, step, car = year(np.array([1.1]))
    load = 0.5 * 2 * 500 * 3 * car / 1e3 + 0.5
    assert gap == pytest.approx((1 + 0.6 * load**2.5) / 1.6 - 1.1)
    small = 1e-6
    slope = (year(np.array([1.1 + small]))[0] - gap) / small
    assert step == pytest.approx(-gap / slope, rel=1e-5)


def test_two_starting_points_meet(year):
    """Hiring and congestion have one answer, whatever they are begun with."""
    one, other = kernel_year(year), kernel_year(year, hired=0.3)
    for mine, theirs in zip(one[:7], other[:7], strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=2e-5, atol=1e-12)


def test_streets_that_would_swing_come_to_rest(year):
    """Much traffic and a steep curve: plain steps would swing to and fro for hundreds of rounds."""
    left = kernel_year(year | {"delay": 3 + year["delay"]}, exponent=5.0, commuting=1.0)[-1]
    assert left[:, 0].max() < 1e-11
    assert left[:, 1].max() < 1e-5


def test_a_pair_that_only_cars_reach(year):
    """Nothing is shared out among modes whose weights are too small for a number."""
    far = year["cost"].copy()
    far[:, [0, 1, 3, 4, 5], 0, 1] = 9e3
    *_, modes, _, _, _, _, left = kernel_year(year | {"cost": far, "keep": 0 * year["keep"]})
    assert left.max() < 1e-4
    np.testing.assert_allclose(modes[:, :, 0, 1], np.eye(6)[[2, 2]], atol=1e-12)


def test_a_year_of_the_kernel_is_the_plain_one(year):
    *_, seeking, left = kernel_year(year)
    hiring, workplace, modes, access, slow, logsum = kernel_year(year)[:6]
    usual, curve = np.full(2, 0.95), np.full(2, 6.0)
    assert np.all(left < 1e-4)
    wanted = plain_year(year)
    found = (hiring, workplace, modes, access, slow, logsum)
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(modes.sum(axis=1), 1.0)
    jobs = (year["supply"][:, :, None] * workplace).sum(axis=1)
    np.testing.assert_allclose(jobs, seeking * hiring, rtol=1e-8)
    normal = tightness_at(1 - usual, curve) / usual
    assert np.all(jobs <= normal[:, None] * year["posts"] * (1 + 1e-9))


def test_tallies_by_hand():
    flows, minutes = np.zeros((1, 6, 1, 1)), np.full((1, 6, 1, 1), 50.0)
    flows[:, 3], flows[:, 2] = 10.0, 30.0
    road, street, turned = np.full((1, 1, 1), 15.0), np.full((1, 1, 1), 10.0), np.full((1, 1), 0.5)
    ways = road, street, turned, np.full((1, 1, 1), 4.0), np.array([0.5])
    by_zone, by_mode = tallies(flows, minutes, *ways)
    # by bus from 25 to 75 minutes: 20 of 50 within 45, 15 of 50 beyond 60; by car all within
    np.testing.assert_allclose(by_zone[0, 0], [1100, 160, 10 * 0.4 + 30, 10 * 0.3])
    assert by_mode[0].tolist() == [0, 0, 30, 10, 0, 0]
    found, *same = tallies_of_shares(flows.sum(axis=1), flows / 40, minutes, *ways)
    np.testing.assert_allclose(found, flows, rtol=1e-15)
    np.testing.assert_allclose(same[0], by_zone, rtol=1e-14)
    np.testing.assert_allclose(same[1], by_mode, rtol=1e-14)
