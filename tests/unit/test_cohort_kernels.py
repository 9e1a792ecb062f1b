"""Compiled loops of the mean engine against plain numpy, on tables of any size."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.axes import FEMALE, FIRST_BIRTH, LAST_BIRTH
from model.engines import cohort_kernels as kernels
from model.engines.cohorts import Cohorts
from model.population import MoveTable, WorkTable

SEED = st.integers(0, 2**31)
SIZES = {"draws": st.integers(1, 3), "places": st.integers(1, 4)}
SEVERAL = settings(max_examples=25, deadline=None)


def table(rng, draws, places):
    """People with empty cells among them."""
    people = rng.uniform(0, 100, (draws, places, 3, 4, 2, 101))
    return people * (rng.random(people.shape) < 0.7)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_growing_older(seed, draws, places):
    rng = np.random.default_rng(seed)
    people, zones = table(rng, draws, places), max(places - 1, 1)
    shared = int(rng.integers(2))
    surviving = rng.random((draws, 1 if shared else places, 2, 101))
    living = people * surviving[:, :, None, None]
    wanted = np.zeros_like(people)
    wanted[..., 1:] = living[..., :-1]
    wanted[..., -1] += living[..., -1]
    died = (people - living)[:, :zones].sum(axis=3)
    deaths = np.zeros((draws, zones, 3, 2, 101))
    kernels.grow_older(people, surviving, deaths)
    np.testing.assert_allclose(people, wanted, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(deaths, died, rtol=1e-12, atol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_going_up(seed, draws, places):
    rng = np.random.default_rng(seed)
    people = table(rng, draws, places)
    entering = rng.random((draws, 4, 2, 101)) * (rng.random((draws, 4, 2, 101)) < 0.3)
    chance = entering[:, None, None].copy()
    chance[:, :, :, 3] = 0
    up = people * chance
    wanted = people - up
    wanted[:, :, :, 1:] += up[:, :, :, :-1]
    kernels.go_up(people, entering)
    np.testing.assert_allclose(people, wanted, rtol=1e-12, atol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_becoming_local(seed, draws, places):
    rng = np.random.default_rng(seed)
    people, zones = table(rng, draws, places), max(places - 1, 1)
    chance, converted = rng.random((draws, zones, 3)), np.zeros((draws, zones, 3))
    wanted = people.copy()
    up = people[:, :zones] * chance[..., None, None, None]
    up[:, :, 0] = 0
    wanted[:, :zones] -= up
    wanted[:, :zones, 0] += up.sum(axis=2)
    classed = np.empty((draws, places, 3, 4, 101))
    kernels.become_local(people, chance, converted, classed)
    np.testing.assert_allclose(classed, people.sum(axis=4), rtol=1e-15)
    np.testing.assert_allclose(people, wanted, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(converted, up.sum(axis=(3, 4, 5)), rtol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_bearing_children(seed, draws, places):
    rng = np.random.default_rng(seed)
    people, rates = table(rng, draws, places), rng.random((draws, places, 4, 101))
    found = np.zeros((draws, places, 3, 101))
    newborn = np.ones((draws, places, 3))
    kernels.children_of(people, rates, found, newborn)
    np.testing.assert_allclose(newborn, 1 + found.sum(axis=3), rtol=1e-12)
    wanted = (people[:, :, :, :, FEMALE] * rates[:, :, None]).sum(axis=3)
    wanted[..., :FIRST_BIRTH] = wanted[..., LAST_BIRTH + 1 :] = 0
    np.testing.assert_allclose(found, wanted, rtol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_offering_work(seed, draws, places):
    rng = np.random.default_rng(seed)
    zones = max(places - 1, 1)
    people = Cohorts(table(rng, draws, places), zones)
    part = rng.random((draws, zones, 4, 2, 101))
    workplace, sector = rng.random((draws, zones, zones)) / zones, rng.random((draws, zones, 2))
    mode = rng.random((draws, zones, zones, 2))
    found = people.work(WorkTable(part, workplace, sector, mode))
    wanted = (people.counts()[:, :zones].sum(axis=2) * part).sum(axis=(2, 3, 4))
    np.testing.assert_allclose(found.labour_force, wanted, rtol=1e-12)
    commuters = wanted[:, :, None] * workplace
    np.testing.assert_allclose(found.commuters, commuters, rtol=1e-12)
    jobs = np.einsum("dij,djk->dkj", commuters, sector)
    np.testing.assert_allclose(found.jobs, jobs, rtol=1e-12)
    by_mode = np.einsum("dij,dijm->dijm", commuters, mode)
    np.testing.assert_allclose(found.by_mode, by_mode, rtol=1e-12)


def random_moves(rng, draws, places):
    """A move table with several groups in a class, homecoming, and any class on arrival."""
    group = np.broadcast_to(np.arange(3)[:, None, None], (3, 4, 101)).copy()
    group[:, 3, 18], group[:, 3, 22] = 3, 4
    shares = rng.random((draws, 5, places, places)) * (1 - np.eye(places))
    shares /= np.maximum(shares.sum(axis=3, keepdims=True), 1e-300)
    return MoveTable(
        group,
        rng.random((draws, places, 5, 101)),
        shares,
        rng.random((draws, 3, places, places)) * (rng.random((3, places, places)) < 0.5),
        rng.integers(0, 3, (3, places, places)),
    )


@SEVERAL
@given(seed=SEED, draws=st.integers(1, 2), places=st.integers(2, 4))
def test_moving(seed, draws, places):
    rng = np.random.default_rng(seed)
    before, zones = table(rng, draws, places), places - 1
    moves = random_moves(rng, draws, places)
    people = Cohorts(before, zones)
    found = people.relocate(moves)
    wanted, flows, came = before.copy(), np.zeros((draws, 3, places, places)), 0.0
    for d, h, e, a in np.ndindex(draws, 3, 4, 101):
        which = moves.group[h, e, a]
        leaving = before[d, :, h, e, :, a] * moves.leave[d, :, which, a][:, None]
        wanted[d, :, h, e, :, a] -= leaving
        flow = leaving[:, None] * moves.destination[d, which][:, :, None]
        flows[d, h] += flow.sum(axis=2)
        home = flow * moves.home[d, h][:, :, None]
        wanted[d, :, 0, e, :, a] += home.sum(axis=0)
        for after in range(3):
            part = (flow - home) * (moves.becomes[h] == after)[:, :, None]
            wanted[d, :, after, e, :, a] += part.sum(axis=0)
        came += flow[:, :zones].sum()
    np.testing.assert_allclose(people.counts(), wanted, rtol=1e-11, atol=1e-10)
    # Sums made on the way are the bytes of sums made anew.
    anew = Cohorts(people.counts(), zones)
    assert people.schooled().tobytes() == anew.schooled().tobytes()
    assert people.registered().tobytes() == anew.registered().tobytes()
    np.testing.assert_allclose(anew.registered(), wanted.sum(axis=(3, 4, 5)), rtol=1e-11)
    np.testing.assert_allclose(found.flows, flows, rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(found.homecoming, flows * moves.home, rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(found.arrivals.sum(), came, rtol=1e-11)
