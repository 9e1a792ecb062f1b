"""Regions hold finite people: nobody can come who does not exist."""

import numpy as np
import pytest

from model.simulation import step
from tests.worlds import world_of


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_pull_empties_pools_but_never_below_nothing(tiny, engine):
    world = world_of(tiny, engine=engine, scale=100)
    zones = len(tiny.zones)
    world["attractiveness"] = world["attractiveness"] + 12.0 * (np.arange(7) < zones)
    start = world["people"].sum()
    for _ in range(4):
        step(world)
        assert world["people"].min() >= 0
        assert world["external_population"].min() >= 0
    assert world["population"].sum() < start * 1.02
    assert world["external_population"][0, 0] < 0.8 * 500_000


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_pools_are_neither_made_nor_lost(tiny, engine):
    world = world_of(tiny, engine=engine)
    before = world["people"].sum()
    step(world)
    assert abs(world["people"].sum() / before - 1) < 0.01
    assert world["external_population"].shape == (1, 2)
