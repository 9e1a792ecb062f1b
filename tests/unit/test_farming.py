"""Farming as the residual employer: by hand, at the limits, and in a year of the toy."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from model.processes.farming import filled, is_farming, pay_elsewhere, surplus
from model.processes.labour import spare_farm_work, unit_cost_of
from model.simulation import step
from tests.worlds import after

FARM = np.array([[True], [False], [False]])
ALL = np.ones(1)
COUNTS = arrays(float, (2, 3, 4), elements=st.just(0.0) | st.floats(1e-3, 1e6))


def test_nobody_is_lost_and_no_post_taken_twice():
    posts = np.array([[[100.0], [40.0], [10.0]]])
    spare = surplus(posts, posts * 0.3, np.array([0.5])) * FARM
    assert spare[0, :, 0].tolist() == [35.0, 0.0, 0.0]
    by_hand = {150: [100, 40, 10], 130: [80, 40, 10], 115: [65, 40, 10], 23: [13, 8, 2]}
    for workers, jobs in by_hand.items():
        found = filled(posts, np.array([[float(workers)]]), spare)[0, :, 0]
        assert found == pytest.approx(jobs)


@given(
    posts=COUNTS, workers=st.just(0.0) | st.floats(1e-3, 3e6), worth=COUNTS, looking=st.floats(0, 1)
)
def test_jobs_are_workers_whatever_comes(posts, workers, worth, looking):
    """Jobs add up to workers where there are posts; a shortage spares other sectors."""
    spare = surplus(posts, worth, np.full(2, looking)) * FARM
    employed = np.where(posts.sum(axis=1) > 0, workers, 0.0)
    jobs = filled(posts, employed, spare)
    assert np.all(jobs >= 0)
    all_spare = spare.sum(axis=1) >= posts.sum(axis=1) * (1 - 1e-9)
    np.testing.assert_allclose(
        np.where(all_spare, 0, jobs.sum(axis=1)), np.where(all_spare, 0, employed), rtol=1e-9
    )
    alike = filled(posts, employed, posts * 0)
    short = (employed <= posts.sum(axis=1))[:, None] & ~all_spare[:, None]
    assert np.all(np.where(short, jobs - alike, 0)[:, 1:] >= -1e-6)
    assert np.all(np.where(short, alike - jobs, 0)[:, :1] >= -1e-6)


@pytest.mark.parametrize("workers", [30.0, 150.0, 170.0])
def test_without_surplus_posts_fill_alike(workers):
    """No farms, farms that all pay, or nobody who looks around: the same share everywhere."""
    posts, employed = np.array([[[100.0], [40.0], [10.0]]]), np.array([[workers]])
    nothing = [
        surplus(posts, posts * 2, ALL) * FARM,
        surplus(posts, posts * 0, np.zeros(1)) * FARM,
        surplus(posts * ~FARM, posts * 0, ALL) * FARM,
    ]
    for spare in nothing:
        assert not spare.any()
        np.testing.assert_allclose(filled(posts, employed, spare), posts * workers / 150)
    alone = posts * FARM
    spare = surplus(alone, posts * 0, np.array([0.5]))
    assert filled(alone, employed, spare)[0, :, 0] == pytest.approx([workers, 0, 0])


def test_workers_for_all_posts_fill_them_alike():
    posts = np.array([[[100.0], [40.0], [10.0]]])
    spare = surplus(posts, posts * 0, ALL) * FARM
    for workers in (150.0, 165.0):
        found = filled(posts, np.array([[workers]]), spare)
        np.testing.assert_allclose(found, posts * workers / 150, rtol=1e-12)


def test_farm_work_that_pays_is_worth_its_marginal_product(tiny):
    """At the jobs worth it, another farm worker adds the share of pay elsewhere that he forgoes."""
    world = after(tiny, 2)
    farming, share = is_farming(tiny), world.fixed["labour_share"]
    spare, posts = spare_farm_work(world), world["posts"]
    looking = world.params["commuting"].rematching
    left = np.where(spare > 0, posts - spare / looking, 0.0)[:, farming]
    there = left > 0
    assert there.any()
    product = share[:, farming] * np.exp(world["effective_productivity"])[:, farming]
    worth = product * (world["capital"][:, farming] / np.where(there, left, 1)) ** (
        1 - share[:, farming]
    )
    value = worth * world["sector_price"][:, farming, None]
    pay = pay_elsewhere(unit_cost_of(world), posts, farming) * world.params["farming"].outside_pay
    np.testing.assert_allclose(value[there], np.broadcast_to(pay, left.shape)[there], rtol=1e-9)


def test_a_shortage_of_labour_falls_on_farming(tiny):
    """Where workers are fewer than posts, other sectors fill more of theirs than farming does."""
    world = after(tiny, 3)
    jobs, posts, farming = world["expected_jobs"], world["posts"], is_farming(tiny)
    short = jobs.sum(axis=1) < posts.sum(axis=1) * (1 - 1e-9)
    short &= spare_farm_work(world).sum(axis=1) > 0
    assert short.any()
    rate = np.where(posts > 0, jobs / np.where(posts > 0, posts, 1), np.nan)
    assert np.all((rate[:, farming] < np.nanmin(rate[:, ~farming], axis=1)[:, None])[:, 0][short])
    np.testing.assert_allclose(jobs.sum(axis=1), world["commuters"].sum(axis=1), rtol=1e-9)


def test_an_area_without_farming_fills_alike(tiny):
    """Nothing is residual where no sector is farming."""
    column = [
        replace(row, values=row.values | {"published_sector": "secondary"})
        if row["published_sector"] == "primary"
        else row
        for row in tiny.tables["sectors"]
    ]
    town = replace(tiny, tables=tiny.tables | {"sectors": column})
    assert not is_farming(town).any()
    world = after(tiny, 1)
    world.area = town
    step(world)
    jobs, posts = world["expected_jobs"], world["posts"]
    rate = jobs.sum(axis=1, keepdims=True) / posts.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(jobs, posts * rate, rtol=1e-9)
