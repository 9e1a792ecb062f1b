"""Compiled loops of the mean engine against plain numpy, on tables of any size."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from model.axes import FEMALE, FIRST_BIRTH, LAST_BIRTH
from model.engines import cohort_kernels as kernels
from model.engines.cohorts import Cohorts
from model.population import MoveTable, WorkTable
from model.processes.mobility import cells_apart, group_of_cell

SEED = st.integers(0, 2**31)
SIZES = {"draws": st.integers(1, 3), "places": st.integers(1, 4)}
SEVERAL = settings(max_examples=25, deadline=None)


def table(rng, draws, places):
    """People with empty cells among them."""
    people = rng.uniform(0, 100, (draws, places, 3, 4, 2, 101))
    return people * (rng.random(people.shape) < 0.7)


def grown(people, surviving):
    """Survivors a year older."""
    living = people * surviving[:, :, None, None]
    after = np.zeros_like(people)
    after[..., 1:] = living[..., :-1]
    after[..., -1] += living[..., -1]
    return after


def taught(people, entering):
    """Those who enter the next level have done so."""
    chance = entering[:, None, None].copy()
    chance[:, :, :, 3] = 0
    up = people * chance
    after = people - up
    after[:, :, :, 1:] += up[:, :, :, :-1]
    return after


def turned_local(people, chance):
    """Those who become local have done so, and how many they are."""
    zones, after = chance.shape[1], people.copy()
    up = people[:, :zones] * chance[..., None, None, None]
    up[:, :, 0] = 0
    after[:, :zones] -= up
    after[:, :zones, 0] += up.sum(axis=2)
    return after, up.sum(axis=(3, 4, 5))


def chances(rng, draws, places):
    """Chances of surviving, for all places or each, and of entering a level."""
    surviving = rng.random((draws, 1 if rng.integers(2) else places, 2, 101))
    return surviving, rng.random((draws, 4, 2, 101)) * (rng.random((draws, 4, 2, 101)) < 0.3)


def they_are(people, wanted):
    """Sums and cells tell of the same people, those whose cells follow later included."""
    cells = cells_apart(group_of_cell())[1]
    hukou, education, ages = cells[:, :3].T
    np.testing.assert_allclose(people.classed(), wanted.sum(axis=3), rtol=1e-12, atol=1e-11)
    some = np.moveaxis(wanted.sum(axis=4)[:, :, hukou, education, ages], -1, 2)
    np.testing.assert_allclose(people.of_cells(cells), some, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(people.counts(), wanted, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(people.of_cells(cells), some, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(people.schooled(), wanted.sum(axis=2), rtol=1e-12, atol=1e-12)


def flat(array):
    """Sex and age in one axis, as the loops have them."""
    return array.reshape(*array.shape[:-2], -1)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_deaths(seed, draws, places):
    rng = np.random.default_rng(seed)
    people, zones = table(rng, draws, places), max(places - 1, 1)
    surviving, _ = chances(rng, draws, places)
    died = (people * (1 - surviving[:, :, None, None]))[:, :zones]
    by_hukou, by_age = np.empty((draws, 3, zones)), np.empty((draws, zones, 202))
    classed = people.sum(axis=3)
    kernels.age_classes(classed, flat(surviving), by_hukou, by_age)
    wanted = died.sum(axis=(3, 4, 5)).swapaxes(1, 2)
    np.testing.assert_allclose(by_hukou, wanted, rtol=1e-12)
    np.testing.assert_allclose(by_age, flat(died.sum(axis=(2, 3))), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(classed, grown(people, surviving).sum(axis=3), rtol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_growing_older(seed, draws, places):
    rng = np.random.default_rng(seed)
    start = table(rng, draws, places)
    surviving, entering = chances(rng, draws, places)
    people = Cohorts(start, max(places - 1, 1))
    people.die(surviving)
    np.testing.assert_allclose(people.counts(), grown(start, surviving), rtol=1e-12)
    people.learn(entering)
    wanted = taught(grown(start, surviving), entering)
    np.testing.assert_allclose(people.counts(), wanted, rtol=1e-12, atol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_becoming_local(seed, draws, places):
    rng = np.random.default_rng(seed)
    start, zones = table(rng, draws, places), max(places - 1, 1)
    chance, people = rng.random((draws, zones, 3)), Cohorts(start, zones)
    wanted, became = turned_local(start, chance)
    np.testing.assert_allclose(people.register(chance), became, rtol=1e-12)
    they_are(people, wanted)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_growing_older_and_becoming_local(seed, draws, places):
    rng = np.random.default_rng(seed)
    start, zones = table(rng, draws, places), max(places - 1, 1)
    surviving, entering = chances(rng, draws, places)
    chance, people = rng.random((draws, zones, 3)), Cohorts(start, zones)
    wanted, became = turned_local(taught(grown(start, surviving), entering), chance)
    people.die(surviving)
    people.learn(entering)
    np.testing.assert_allclose(people.register(chance), became, rtol=1e-12)
    they_are(people, wanted)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_bearing_children(seed, draws, places):
    rng = np.random.default_rng(seed)
    people, rates = table(rng, draws, places), rng.random((draws, 4, 101))
    level = rng.random((draws, places))
    by_hukou, by_age = np.empty((draws, 3, places)), np.empty((draws, places, 101))
    kernels.children_of(people, level, rates, by_hukou, by_age)
    expected = level[:, :, None, None] * rates[:, None]
    wanted = (people[:, :, :, :, FEMALE] * expected[:, :, None]).sum(axis=3)
    wanted[..., :FIRST_BIRTH] = wanted[..., LAST_BIRTH + 1 :] = 0
    np.testing.assert_allclose(by_hukou, wanted.sum(axis=3).swapaxes(1, 2), rtol=1e-12)
    np.testing.assert_allclose(by_age, wanted.sum(axis=2), rtol=1e-12)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_newborns_joining(seed, draws, places):
    rng = np.random.default_rng(seed)
    people, zones = table(rng, draws, places), max(places - 1, 1)
    born, boys = rng.uniform(0, 9, (draws, 3, places)), rng.random(draws)
    surviving, schooled = rng.random((draws, 2)), rng.random((draws, places, 4, 2, 101))
    wanted, summed = people.copy(), schooled.copy()
    children = born.swapaxes(1, 2)[..., None] * np.stack([boys, 1 - boys], axis=1)[:, None, None]
    alive = children * surviving[:, None, None]
    wanted[:, :, :, 0, :, 0] += alive
    deaths, classed = np.empty((draws, zones, 3)), rng.random((draws, places, 3, 2, 101))
    by_class = classed.copy()
    kernels.settle_newborns(people, born, boys, surviving, deaths, classed, schooled)
    np.testing.assert_allclose(people, wanted, rtol=1e-13)
    np.testing.assert_allclose(deaths, (children - alive).sum(axis=3)[:, :zones], rtol=1e-12)
    by_class[..., 0] += alive
    np.testing.assert_allclose(classed, by_class, rtol=1e-13)
    summed[:, :, 0, :, 0] += alive.sum(axis=2)
    np.testing.assert_allclose(schooled, summed, rtol=1e-13)


@SEVERAL
@given(seed=SEED, **SIZES)
def test_working(seed, draws, places):
    rng = np.random.default_rng(seed)
    zones = max(places - 1, 1)
    people = Cohorts(table(rng, draws, places), zones)
    wanted = rng.random((draws, zones))
    unused = np.ones((draws, 4, 2, 101)), np.zeros((draws, zones))
    workplace, sector = rng.random((draws, zones, zones)) / zones, rng.random((draws, zones, 2))
    mode = rng.random((draws, 2, zones, zones))
    found = people.work(WorkTable(*unused, wanted, workplace, sector, mode))
    np.testing.assert_array_equal(found.labour_force, wanted)
    commuters = wanted[:, :, None] * workplace
    np.testing.assert_allclose(found.commuters, commuters, rtol=1e-12)
    jobs = np.einsum("dij,djk->dkj", commuters, sector)
    np.testing.assert_allclose(found.jobs, jobs, rtol=1e-12)
    assert found.by_mode is None


def random_moves(rng, draws, places):
    """A move table with several groups in a class, homecoming, and any class on arrival."""
    group = np.broadcast_to(np.arange(3)[:, None, None], (3, 4, 101)).copy()
    group[:, 3, 18], group[:, 3, 22] = 3, 4
    shares = rng.random((draws, 5, places, places)) * (1 - np.eye(places))
    shares /= np.maximum(shares.sum(axis=3, keepdims=True), 1e-300)
    seats, becomes = rng.integers(1, places + 1), rng.integers(0, 3, (3, places, places))
    if rng.integers(2):  # as in the model: most stay what they are
        becomes[:] = np.arange(3)[:, None, None]
    return MoveTable(
        group,
        rng.random((draws, places, 5, 101)),
        shares,
        rng.random((draws, 3, seats, places)) * (rng.random((3, seats, places)) < 0.5),
        rng.integers(0, seats, places),
        becomes,
    )


@SEVERAL
@given(seed=SEED, draws=st.integers(1, 2), places=st.sampled_from((2, 3, 4, 7, 13)))
def test_moving(seed, draws, places):
    rng = np.random.default_rng(seed)
    before, zones = table(rng, draws, places), places - 1
    before[:, :, :, 2:, :, :15] = 0  # nobody so young has been to such a school
    moves = random_moves(rng, draws, places)
    people = Cohorts(before, zones)
    if rng.integers(2):  # what they have lived through waits for them to move
        surviving, entering = chances(rng, draws, places)
        chance = rng.random((draws, zones, 3))
        people.die(surviving)
        people.learn(entering)
        people.register(chance)
        before = turned_local(taught(grown(before, surviving), entering), chance)[0]
    found = people.relocate(moves)
    wanted, flows, came = before.copy(), np.zeros((draws, 3, places, places)), 0.0
    for d, h, e, a in np.ndindex(draws, 3, 4, 101):
        which = moves.group[h, e, a]
        leaving = before[d, :, h, e, :, a] * moves.leave[d, :, which, a][:, None]
        wanted[d, :, h, e, :, a] -= leaving
        flow = leaving[:, None] * moves.destination[d, which][:, :, None]
        flows[d, h] += flow.sum(axis=2)
        home = flow * moves.home[d, h][moves.seat][:, :, None]
        wanted[d, :, 0, e, :, a] += home.sum(axis=0)
        for after in range(3):
            part = (flow - home) * (moves.becomes[h] == after)[:, :, None]
            wanted[d, :, after, e, :, a] += part.sum(axis=0)
        came += flow[:, :zones].sum()
    np.testing.assert_allclose(people.counts(), wanted, rtol=1e-11, atol=1e-10)
    # Sums made on the way are the bytes of sums made anew.
    anew = Cohorts(people.counts(), zones)
    assert people.schooled().tobytes() == anew.schooled().tobytes()
    assert people.classed().tobytes() == anew.classed().tobytes()
    assert people.registered().tobytes() == anew.registered().tobytes()
    np.testing.assert_allclose(anew.registered(), wanted.sum(axis=(3, 4, 5)), rtol=1e-11)
    np.testing.assert_allclose(found.flows, flows, rtol=1e-12, atol=1e-10)
    coming = flows * moves.home[:, :, moves.seat]
    np.testing.assert_allclose(found.homecoming, coming, rtol=1e-12, atol=1e-10)
    np.testing.assert_allclose(found.arrivals.sum(), came, rtol=1e-11)
