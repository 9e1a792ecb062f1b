"""The base year of migration in compiled loops: against plain numpy and small differences."""

import numpy as np
import pytest

from model.kernels import migration_inversion as kernels
from model.problems import RunError
from model.processes.attractiveness import Observed, invert
from model.processes.migration import MigrationParams, moving_cost
from model.processes.nested_logit import dissimilarities, nests_of
from tests.twins import choices, net_factor

RNG = np.random.default_rng(12)
P = MigrationParams()


class Setting:
    """One draw of the toy area: costs, movers, flows that nobody chooses, and a point."""

    def __init__(self, area):
        self.zones, self.places = len(area.zones), len(area.places)
        self.regions = self.places - self.zones
        self.nests, self.lam = nests_of(area), dissimilarities(area, 0.6)[0]
        self.nest = self.nests.argmax(axis=0)
        self.cost = moving_cost(area, P)[0]
        self.cost = self.cost + RNG.uniform(0, 1, self.cost.shape)
        self.movers = RNG.uniform(1, 9, (4, self.places))
        self.given = RNG.uniform(0, 1, (self.places, self.places))
        self.given[self.zones :, self.zones :] = 0.0
        self.point = RNG.normal(size=self.places + self.regions + 1)

    def flows(self, point):
        """Moves by group, origin and goal: the nested logit of the process."""
        value, region = point[: self.places], np.zeros(self.places)
        region[self.zones :] = point[self.places : -1]
        whole = self.cost + region[:, None] + region + point[-1]
        leave, to = choices(value[None], whole[None], self.nests, self.lam[None])
        return (self.movers * leave[0])[..., None] * to[0]

    def sums(self, point):
        """Arrivals, departures, and moves between zones."""
        moves = self.flows(point).sum(axis=0) + self.given
        return moves.sum(axis=0), moves.sum(axis=1), moves[: self.zones, : self.zones].sum()

    def seen(self, point):
        """Net migration, flows from and to regions, and moves between zones."""
        arriving, leaving, among = self.sums(point)
        zones = self.zones
        return (arriving - leaving)[:zones], leaving[zones:], arriving[zones:], among

    def compiled(self, point):
        """Flows of the kernel by goal, group and origin, and of all groups."""
        region = np.zeros(self.places)
        region[self.zones :] = point[self.places : -1]
        value = point[: self.places]
        easing = np.empty(self.cost.shape)
        flows, moves = np.empty((self.places, *self.movers.shape)), self.given.T.copy()
        kernels.ease(self.cost, self.nest, self.lam, easing)
        coming, going = value - region, value + region + point[-1]
        kernels.exchange(
            easing, coming, going, self.nest, self.lam, self.movers, flows, moves
        )  # fmt: skip
        return flows, moves


def test_exponentials_taken_apart_give_the_same_moves(tiny):
    draw = Setting(tiny)
    flows, moves = draw.compiled(draw.point)
    wanted = draw.flows(draw.point)
    np.testing.assert_allclose(flows, wanted.transpose(2, 0, 1), rtol=1e-11)
    np.testing.assert_allclose(moves, (wanted.sum(axis=0) + draw.given).T, rtol=1e-11)


def test_slopes_are_those_of_small_differences(tiny):
    draw = Setting(tiny)
    other = draw.seen(RNG.normal(size=draw.point.shape))
    size = len(draw.point) - 1
    unknown = np.delete(np.arange(size + 1), draw.places - 1)

    def short(point):
        found = np.empty(size)
        kernels.shortfall(*draw.sums(point), *other, found)
        return found

    wanted, step = np.empty((size, size)), 1e-5
    for column, n in enumerate(unknown):
        up, down = draw.point.copy(), draw.point.copy()
        up[n] += step
        down[n] -= step
        wanted[:, column] = (short(down) - short(up)) / (2 * step)
    flows, _ = draw.compiled(draw.point)
    pulled, kept = np.empty((2, draw.places, draw.places))
    matrix = np.empty((size, size))
    kernels.slopes(flows, draw.movers, draw.nest, draw.lam, pulled, kept)
    kernels.jacobian(pulled, kept, draw.zones, matrix)
    np.testing.assert_allclose(matrix, wanted, rtol=1e-6, atol=1e-7)


def test_plain_step_is_that_of_berry(tiny):
    draw = Setting(tiny)
    arriving, leaving, among = draw.sums(draw.point)
    net, inflow, outflow, within = draw.seen(RNG.normal(size=draw.point.shape))
    zones, half = draw.zones, RNG.uniform(0.1, 0.5, draw.zones)
    move = np.empty(draw.point.shape)
    size = kernels.plain_step(
        arriving, leaving, among, net, inflow, outflow, within, half, move
    )  # fmt: skip
    coming, going = np.log(inflow / leaving[zones:]), np.log(outflow / arriving[zones:])
    zone = half * np.log(net_factor(arriving[:zones], leaving[:zones], net))
    value = np.concatenate([zone, (going - coming) / 2])
    rest = [-(going + coming) / 2, [np.log(among / within)]]
    wanted = np.concatenate([value - value[-1], *rest])
    np.testing.assert_allclose(move, wanted, rtol=1e-12, atol=1e-14)
    assert size == pytest.approx(np.abs(wanted).max())


def test_the_point_that_made_the_flows_is_found(tiny):
    draw = Setting(tiny)
    seen = Observed(*(np.asarray(part)[None] for part in (*draw.seen(draw.point), draw.given)))
    found = invert(tiny, draw.movers[None], seen, draw.cost[None], P)
    value, region = draw.point[: draw.places], np.zeros(draw.places)
    region[draw.zones :] = draw.point[draw.places : -1]
    np.testing.assert_allclose(found["attractiveness"][0], value - value[-1], atol=1e-8)
    whole = draw.cost + region[:, None] + region + draw.point[-1]
    np.testing.assert_allclose(found["moving_cost"][0], whole, atol=1e-8)


def test_a_draw_is_the_same_alone(tiny):
    draw, other = Setting(tiny), Setting(tiny)
    parts = [(*one.seen(one.point), one.given) for one in (draw, other)]
    seen = Observed(
        *(np.stack([np.asarray(part) for part in both]) for both in zip(*parts, strict=True))
    )
    movers, cost = np.stack([draw.movers, other.movers]), np.stack([draw.cost, other.cost])
    both = invert(tiny, movers, seen, cost, P)["attractiveness"]
    alone = Observed(*(getattr(seen, name)[1:] for name in Observed.__dataclass_fields__))
    again = invert(tiny, movers[1:], alone, cost[1:], P)["attractiveness"]
    assert again.tobytes() == both[1:].tobytes()


def test_flows_that_cannot_be_met_are_named(tiny):
    draw = Setting(tiny)
    net, inflow, outflow, within = draw.seen(draw.point)
    parts = (net, inflow, outflow * 1e9, within, draw.given)
    seen = Observed(*(np.asarray(part)[None] for part in parts))
    with pytest.raises(RunError, match=f"migration of {tiny.base_year}, .*last residual"):
        invert(tiny, draw.movers[None], seen, draw.cost[None], P)
