"""Every kernel over cells of firms has a plain numpy twin."""

import numpy as np
import pytest

from model.base_year.firm_base import whole_firms
from model.engines import firm_cells
from model.engines.firm_cohorts import FirmCohorts
from model.engines.firms import Establishments, poisson_counts
from model.engines.luck import key_words
from model.firms import (
    CLASS_MEANS,
    CLASSES,
    STATE,
    SUREST_EXIT,
    ExitTable,
    RenewalTable,
    SiteTable,
    next_status,
)
from model.streams import uniforms, words
from tests.twins import gumbels

DRAWS, SECTORS, ZONES = 2, 3, 4
TECHNOLOGY = np.array([False, True, False])
TOP, BOTTOM = np.arange(CLASSES) < CLASSES - 1, np.arange(CLASSES) > 0


@pytest.fixture(scope="module")
def rng():
    return np.random.default_rng(11)


@pytest.fixture(scope="module")
def counts(rng):
    found = rng.gamma(0.5, 20, (DRAWS, SECTORS, 8, CLASSES, ZONES))
    found[:, ~TECHNOLOGY, 3:] = 0
    found[0, 2, :, :, 1] = 0  # a cell without firms
    return found


@pytest.fixture(scope="module")
def table(rng):
    def cells(high):
        return rng.uniform(0, high, (DRAWS, SECTORS, ZONES))

    size = rng.dirichlet(np.ones(CLASSES), DRAWS)
    return RenewalTable(
        exit=ExitTable(rng.uniform(0, 0.4, (DRAWS, 8, CLASSES)), cells(4.0)),
        closing=cells(0.3), mobility=rng.uniform(0.2, 1.5, (DRAWS, CLASSES)), up=cells(0.3),
        down=cells(0.3), change=rng.uniform(0, 1, (DRAWS, 8, ZONES)), entrants=cells(20.0),
        entrant_size=size, entrant_state=np.array([0.1, 0.3]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def site(rng):
    share = rng.dirichlet(np.ones(ZONES), (DRAWS, SECTORS))
    return SiteTable(rng.uniform(0, 0.5, share.shape), share)


def exit_chance(exits):
    """(draw, sector, status, size_class, zone)."""
    product = exits.hazard[:, None, :, :, None] * exits.factor[:, :, None, None, :]
    return np.minimum(product, SUREST_EXIT)


def twin_move(counts, site):
    to = site.share[:, :, None, :] / (1 - site.share[:, :, :, None])
    to = to * (1 - np.eye(ZONES))
    leaving = counts * site.leave[:, :, None, None, :]
    leaving[:, :, STATE] = 0
    arriving = np.einsum("dksbi,dkij->dksbj", leaving, to)
    return counts - leaving + arriving, leaving.sum((2, 3)), arriving.sum((2, 3))


def twin_renew(counts, t):
    live = counts * (1 - exit_chance(t.exit)) * (1 - t.closing[:, :, None, None, :])
    mobility = t.mobility[:, None, None, :, None]
    up = live * mobility * t.up[:, :, None, None, :] * TOP[:, None]
    down = live * mobility * t.down[:, :, None, None, :] * BOTTOM[:, None]
    out = live - up - down
    out[:, :, :, 1:] += up[:, :, :, :-1]
    out[:, :, :, :-1] += down[:, :, :, 1:]
    after = out.copy()
    for k in range(SECTORS):
        for s in range(8):
            then = next_status(TECHNOLOGY)[k, s]
            if then != s:
                turning = out[:, k, s] * t.change[:, s][:, None, :]
                after[:, k, s] -= turning
                after[:, k, then] += turning
    new = t.entrants[:, :, None, :] * t.entrant_size[:, None, :, None]
    owned = t.entrant_state[:, None, None, None]
    after[:, :, 0] += new * (1 - owned)
    after[:, :, STATE] += new * owned
    mean = CLASS_MEANS[:, None]
    exits = (counts - live).sum((2, 3))
    created = (new * mean).sum(2) + (up * mean).sum((2, 3))
    destroyed = ((counts - live) * mean).sum((2, 3)) + 0.5 * (down * mean).sum((2, 3))
    return after, exits, created, destroyed


def test_relocation(counts, site):
    firms = FirmCohorts(counts, np.ones((DRAWS, SECTORS, ZONES)), TECHNOLOGY)
    gone, come = firms.relocate(site)
    after, left, came = twin_move(counts, site)
    np.testing.assert_allclose(firms.counts(), after, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(gone, left, rtol=1e-12)
    np.testing.assert_allclose(come, came, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(gone.sum(2), come.sum(2), rtol=1e-12)


def test_one_site_takes_all():
    """Where a sector has one site, nobody leaves it and nothing divides by zero."""
    share = np.zeros((1, 1, ZONES))
    share[..., 1] = 1
    counts = np.zeros((1, 1, 8, CLASSES, ZONES))
    counts[..., 1, 3, 1] = 10
    firms = FirmCohorts(counts, np.ones((1, 1, ZONES)), np.array([False]))
    gone, come = firms.relocate(SiteTable(np.zeros(share.shape), share))
    assert gone.sum() == come.sum() == 0
    np.testing.assert_array_equal(firms.counts(), counts)


def test_tally(counts, table):
    jobs = np.random.default_rng(1).uniform(10, 1e4, (DRAWS, SECTORS, ZONES))
    jobs[0, 2, 1] = 0
    tally = FirmCohorts(counts, jobs, TECHNOLOGY).tally(table.exit, table.mobility)
    mean, chance = CLASS_MEANS[:, None], exit_chance(table.exit)
    live = counts * (1 - chance)
    size = tally.mean_size
    np.testing.assert_allclose(tally.jobs, jobs, rtol=1e-12)
    np.testing.assert_allclose(tally.firms, counts.sum((2, 3)))
    np.testing.assert_allclose(tally.quitting, (counts * chance).sum((2, 3)))
    lost = (counts * chance * mean).sum((2, 3)) * size
    np.testing.assert_allclose(tally.leaving, lost, rtol=1e-12)
    moving = live * mean * table.mobility[:, None, None, :, None]
    np.testing.assert_allclose(tally.rising, (moving * TOP[:, None]).sum((2, 3)) * size)
    np.testing.assert_allclose(tally.falling, (moving * BOTTOM[:, None]).sum((2, 3)) * size / 2)
    assert size[0, 2, 1] == 1  # nobody there: class means as they are


def test_renewal(counts, table):
    firms = FirmCohorts(counts, np.ones((DRAWS, SECTORS, ZONES)), TECHNOLOGY)
    size = firms.tally(table.exit, table.mobility).mean_size
    flows = firms.renew(table)
    after, exits, created, destroyed = twin_renew(counts, table)
    np.testing.assert_allclose(firms.counts(), after, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(flows.exits, exits, rtol=1e-12)
    np.testing.assert_allclose(flows.created, created * size, rtol=1e-12)
    np.testing.assert_allclose(flows.destroyed, destroyed * size, rtol=1e-12)
    # The same without a tally beforehand.
    again = FirmCohorts(counts, np.ones((DRAWS, SECTORS, ZONES)), TECHNOLOGY)
    np.testing.assert_array_equal(again.renew(table).destroyed, flows.destroyed)


def test_census(counts):
    jobs = np.ones((DRAWS, SECTORS, ZONES))
    census = FirmCohorts(counts, jobs, TECHNOLOGY).census()
    np.testing.assert_allclose(census.firms, counts.sum((2, 3)))
    np.testing.assert_allclose(census.sizes, counts.sum((1, 2)))
    np.testing.assert_allclose(census.rungs, counts[:, :, 3:].sum((1, 3)))
    owned = (counts[:, :, STATE] * CLASS_MEANS[:, None]).sum(2)
    every = (counts * CLASS_MEANS[:, None]).sum((2, 3))
    share = np.divide(owned, every, out=np.zeros(owned.shape), where=every > 0)
    np.testing.assert_allclose(census.state_jobs, share * census.jobs, rtol=1e-12)
    assert firm_cells.statuses_of(TECHNOLOGY).tolist() == [3, 8, 3]


# -- rows ------------------------------------------------------------------------------


def rows_of(counts, seed=5):
    jobs = (counts.sum(1) * CLASS_MEANS[:, None]).sum(1).astype(float)
    firms = Establishments(counts, jobs, TECHNOLOGY, seed)
    firms.begin_year(2031)
    return firms


def living(firms):
    """Key, sector, zone, size, status of every firm, by key."""
    there = firms.status != 255
    order = np.argsort(firms.key[there])
    names = ("key", "sector", "zone", "size", "status")
    return [getattr(firms, name)[there][order].astype(np.int64) for name in names]


def twin_rows_move(firms, site):
    key, sector, zone, _, status = living(firms)
    key = key.astype(np.uint64)
    luck = uniforms(firms.seed, "firms/leaving", key, 2031)
    moves = (luck < site.leave[0, sector, zone]) & (status != STATE)
    which = np.arange(ZONES, dtype=np.uint64)
    value = gumbels(firms.seed, "firms/site", key[:, None], 2031, which)
    value = value + np.log(site.share[0, sector])
    value[np.arange(len(key)), zone] = -np.inf
    return np.where(moves, value.argmax(1), zone)


def twin_rows_renew(firms, table):
    key, sector, zone, size, status = living(firms)
    luck = words(firms.seed, "firms/renewal", key.astype(np.uint64), 2031)
    luck = [(word.astype(float) + 0.5) * 2.0**-32 for word in luck]
    chance = exit_chance(table.exit)[0, sector, status, size, zone]
    stays = (luck[0] >= chance) & (luck[1] >= table.closing[0, sector, zone])
    up = table.up[0, sector, zone] * table.mobility[0, size] * TOP[size]
    down = table.down[0, sector, zone] * table.mobility[0, size] * BOTTOM[size]
    step = np.where(luck[2] < up, 1, np.where(luck[2] < up + down, -1, 0))
    then = next_status(TECHNOLOGY)[sector, status]
    turned = (then != status) & (luck[3] < table.change[0, status, zone])
    return key[stays], (size + step)[stays], np.where(turned, then, status)[stays]


@pytest.fixture(scope="module")
def whole(counts):
    return np.rint(counts[0] / 4).astype(int)


def test_rows_of_the_base_year(whole):
    firms = rows_of(whole)
    np.testing.assert_array_equal(firms.counts()[0], whole)
    key = living(firms)[0]
    assert len(np.unique(key)) == whole.sum()


def test_rows_move_like_their_twin(whole, site):
    firms = rows_of(whole)
    wanted = twin_rows_move(firms, site)
    before = living(firms)[2]
    gone, come = firms.relocate(site)
    np.testing.assert_array_equal(living(firms)[2], wanted)
    assert gone.sum() == come.sum() == (before != wanted).sum() > 50


def test_rows_renew_like_their_twin(whole, table):
    firms = rows_of(whole)
    key, size, status = twin_rows_renew(firms, table)
    jobs = firms.census().jobs
    flows = firms.renew(table)
    found = dict(zip(living(firms)[0], zip(*living(firms)[3:], strict=True), strict=True))
    assert all(found[k] == (b, s) for k, b, s in zip(key, size, status, strict=True))
    assert len(found) == len(key) + flows.entries.sum()
    np.testing.assert_allclose(
        whole.sum((1, 2)) - flows.exits + flows.entries, firms.census().firms
    )
    np.testing.assert_allclose(jobs + flows.created - flows.destroyed, firms.census().jobs)


def test_entrants_take_the_rows_of_the_gone(whole, table):
    firms = rows_of(whole)
    before, entered = len(firms.key), 0
    for year in range(2031, 2051):
        firms.begin_year(year)
        entered += firms.renew(table).entries.sum()
    assert whole.sum() + entered > before  # more than there is room for, were none given back
    assert len(firms.key) == before
    assert len(np.unique(living(firms)[0])) == firms.counts().sum()


def test_more_entrants_than_rows(table):
    """An empty body of firms grows as it must."""
    firms = rows_of(np.zeros((SECTORS, 8, CLASSES, ZONES), dtype=int))
    flows = firms.renew(table)
    assert flows.entries.sum() == firms.counts().sum() > 64


def test_poisson_numbers():
    luck = (np.arange(20_000) + 0.5) / 20_000
    for mean in (0.01, 1.0, 30.0, 2000.0):
        found = poisson_counts(luck, np.full(luck.shape, mean))
        assert found.mean() == pytest.approx(mean, rel=2e-3, abs=1e-4)
        assert found.var() == pytest.approx(mean, rel=2e-2)
        assert np.all(poisson_counts(luck, np.full(luck.shape, mean * 1.1)) >= found)
    assert poisson_counts(luck, np.zeros(luck.shape)).sum() == 0


def test_a_cell_with_jobs_keeps_a_firm():
    counts, jobs = np.zeros((1, 8, CLASSES, 3)), np.array([[0.4, 30.0, 0.0]])
    counts[0, 1, 3, 0] = 0.01
    whole = whole_firms(counts, jobs, seed=1)
    assert whole.sum((1, 2))[0].tolist() == [1, 1, 0]
    assert whole[0, 1, 4, 1] == 1  # as large as its jobs allow
    assert key_words(1, "a") != key_words(2, "a")
