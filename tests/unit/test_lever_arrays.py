"""Levers as arrays: what they reach, and their effects against the same in plain numpy."""

from dataclasses import replace

import numpy as np
import pytest

from model.catalogue import CHANNELS, GOVERNANCE
from model.kernels.levers import combine
from model.lever_arrays import DISPLACING, ORDERED, Abreast, Reach, ends, kinds, places
from model.levers import family_names
from model.processes.policy import displaced
from model.simulation import step
from tests.worlds import TINY, arrays_of, package, same_bytes, world_of

TOY = tuple(
    line.split(",")[0] for line in (TINY / "levers.csv").read_text(encoding="utf-8").split("\n")[1:]
    if line
)  # fmt: skip


def twin(channel, levers, rows, values, funded, ceilings, factor, city):
    """Effect and what displaces of it, both (draw, cell), lever by lever and cell by cell."""
    cells = places(levers[rows[0]]).size
    here, there = ends(channel, cells, city)
    total, taken = np.zeros((2, values.shape[1], cells))
    for group in sorted({(levers[row].family, levers[row].displaces) for row in rows}):
        summed = np.zeros_like(total)
        for row in rows:
            if (levers[row].family, levers[row].displaces) == group:
                paid = np.minimum(funded[row][:, here], funded[row][:, there])
                summed += values[row][:, None] * places(levers[row]).ravel() * paid
        ceiling = (ceilings[group[0], channel] * factor[:, group[0]])[:, None]
        effect = np.sign(summed) * ceiling * -np.expm1(-np.abs(summed) / ceiling)
        total += effect
        if group[1] and channel in DISPLACING:
            taken += effect
    return total, taken


@pytest.mark.parametrize("area", ["tiny", "shenyang"])
def test_effects_are_those_of_every_lever_in_every_cell(area, request):
    area = request.getfixturevalue(area)
    names = [row["lever"] for row in area.tables["levers"] if row["channel"]]
    made = world_of(area, package(*names)).package
    levers, city, rng = made.abreast.levers, area.city_of_zone, np.random.default_rng(3)
    values = rng.normal(0, 0.3, (len(levers), 4)) * (rng.random((len(levers), 4)) < 0.7)
    funded = rng.random((len(levers), 4, len(area.cities) + 1))
    factor = rng.lognormal(0, 0.3, (4, len(family_names(area))))
    for channel in CHANNELS:
        rows = [row for row, lever in enumerate(levers) if lever.channel == channel]
        reach = made.reach(channel, area)
        if not rows:
            assert reach is None
            continue
        total, taken = np.full((2, 4, len(reach.first) - 1), np.nan)
        combine(
            values, funded, reach.first, reach.row, reach.part, reach.here, reach.there,
            reach.group, reach.ceiling, reach.family, reach.displaces, factor, total, taken,
        )  # fmt: skip
        wanted = twin(channel, levers, rows, values, funded, made.ceilings, factor, city)
        for found, due in zip((total, taken), wanted, strict=True):
            np.testing.assert_allclose(found[:, reach.kind], due, rtol=1e-12, atol=1e-15)


def test_what_is_paid_for_acts(tiny):
    """A work between two cities acts as far as the one that has paid less."""
    (lever,) = world_of(tiny, package("faster_trains")).package.levers
    reach = Reach.of("transit_time", [(0, lever)], {(lever.family, "transit_time"): 1e9},
                     tiny.city_of_zone)  # fmt: skip
    paid = np.append(np.linspace(1.0, 0.4, len(tiny.cities)), 1.0)[None, None]
    total, taken = np.empty((2, 1, len(reach.first) - 1))
    combine(
        np.array([[10.0]]), paid, reach.first, reach.row, reach.part, reach.here, reach.there,
        reach.group, reach.ceiling, reach.family, reach.displaces,
        np.ones((1, len(family_names(tiny)))), total, taken,
    )  # fmt: skip
    city = tiny.city_of_zone
    wanted = 10.0 * places(lever) * np.minimum(paid[0, 0][city], paid[0, 0][city][:, None])
    np.testing.assert_allclose(total[:, reach.kind], wanted.reshape(1, -1), rtol=1e-7)
    assert not taken.any()


def test_kinds_tell_apart_more_levers_than_a_number_has_bits():
    """Each cell is reached by all levers but one, and the last by all: all are of other kinds."""
    reached = ~np.eye(100, 101, dtype=bool)
    kind, example = kinds(reached, np.zeros(101, dtype=int))
    assert sorted(kind) == list(range(101))
    assert kind[example].tolist() == list(range(101))


def test_cells_of_other_cities_are_of_another_kind_where_somebody_reaches_them():
    kind, _ = kinds(np.array([[True, True, False, False]]), np.array([0, 1, 0, 1]))
    assert kind[0] != kind[1]
    assert kind[2] == kind[3]


def test_levers_stand_by_channel_and_governance_first(tiny):
    made = world_of(tiny, package(*TOY)).package
    found = made.abreast
    channels = [lever.channel for lever in found.levers]
    assert channels == sorted(channels, key=ORDERED.index)
    assert all(name in GOVERNANCE for name in channels[: found.governing])
    assert not any(name in GOVERNANCE for name in channels[found.governing :])
    for row, lever in enumerate(found.levers):
        assert (found.start[row, 0], found.ramp[row, 0]) == (lever.start, lever.ramp)
        assert np.array_equal(found.effect[row], lever.effect)


def test_a_lever_without_effect_beside_others_changes_no_bit(tiny):
    """A row of it that neither acts nor costs is no lever, wherever it stands."""
    plan = package("schools", "large_works", "freight_hub", budget="unlimited")
    world, again = (world_of(tiny, plan, count=3) for _ in range(2))
    none = np.zeros(3)
    made = world_of(tiny, package(*TOY), count=3).package.levers
    ghosts = [replace(one, name=f"{one.name}#1", effect=none, cost=none) for one in made]
    again.package = replace(again.package, levers=(*ghosts, *again.package.levers))
    for _ in range(4):
        step(world)
        step(again)
    assert same_bytes(world.state, again.state)


def test_a_package_is_the_same_in_any_block(tiny):
    plan = package(*TOY)
    whole = arrays_of(tiny, plan, count=6, end=2026)
    part = arrays_of(tiny, plan, slice(2, 5), count=6, end=2026)
    assert same_bytes({name: values[2:5] for name, values in whole.items()}, part)


def test_displacement_against_matrices():
    rng = np.random.default_rng(5)
    gain = rng.normal(0, 0.1, (3, 2, 6)) * (rng.random((3, 2, 6)) < 0.5)
    output = rng.uniform(0, 5, (3, 2, 6)) * (rng.random((3, 2, 6)) < 0.8)
    near, share = rng.uniform(0, 1, (3, 6, 6)), rng.uniform(0, 1, 3)
    apart = near * (1 - np.eye(6))
    around = np.matmul(output, apart.transpose(0, 2, 1))
    each = np.where(around > 0, gain * output / np.where(around > 0, around, 1.0), 0.0)
    wanted = share[:, None, None] * np.matmul(each, apart) * (output > 0)
    np.testing.assert_allclose(displaced(gain, output, near, share), wanted, rtol=1e-12, atol=1e-16)


def test_ledger_keeps_each_lever_apart(tiny):
    made = Abreast.of(world_of(tiny, package("schools", "park")).package.levers)
    assert made.cost_share.shape == (2, len(tiny.cities))
    np.testing.assert_allclose(made.cost_share.sum(axis=1), 1.0)
