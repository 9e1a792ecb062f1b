"""Branches of manufacturing: the census row kept by zone, the assumed shares kept by city."""

import numpy as np
import pytest

from model.area_loading import load_area
from model.base_year import baseline, branches, initial
from model.base_year.branches import base_employment, branch_shares, site_weights
from model.methods.ras import biproportional
from model.problems import ProblemsError, RunError, Unsolved
from tests.worlds import world_of


def members(area):
    return np.flatnonzero(area.column("sectors", "census_row") == "manufacturing")


def test_margins_and_odds():
    seed = np.array([[[1.0, 2.0, 1.0], [3.0, 1.0, 1.0]]])
    rows, columns = np.array([[30.0, 30.0]]), np.array([10.0, 20.0, 30.0])
    found = biproportional(seed, rows, columns)[0]
    np.testing.assert_allclose(found.sum(axis=0), columns, rtol=1e-10)
    np.testing.assert_allclose(found.sum(axis=1), rows[0], rtol=1e-10)
    assert found[0, 0] * found[1, 1] / found[0, 1] / found[1, 0] == pytest.approx(1 / 6, rel=1e-9)


def test_margins_that_cannot_be_met_are_an_error():
    wanted = r"margins do not balance: position \(1, 0, 1\), last residual 2\.50e-01"
    with pytest.raises(Unsolved, match=wanted):
        biproportional(np.ones((2, 2, 2)), np.array([[1.5, 1.5], [3.0, 1.0]]), np.array([1.0, 2.0]))


def test_shares_that_cannot_be_name_draw_sector_zone_and_year(shenyang, monkeypatch):
    """A branch without a number of workers in one zone of one draw: the census cannot be met."""
    plain = branches.site_weights

    def wrong(*given):
        weights = plain(*given)
        weights[1, 0, shenyang.zones.index("dadong")] = np.nan
        return weights

    monkeypatch.setattr(branches, "site_weights", wrong)
    named = (
        "workers of manufacturing in shenyang cannot be shared out among its sectors in 2020: "
        "draw 1, metals_materials, dadong, last residual nan"
    )
    with pytest.raises(RunError, match=named):
        world_of(shenyang, count=2)


@pytest.mark.parametrize("count", [1, 5])
def test_census_row_is_kept_in_every_zone(shenyang, count):
    world = world_of(shenyang, count=count)
    workers = base_employment(shenyang, world.assumed, initial.relative_productivity(world))
    for name in shenyang.census_rows:
        rows = shenyang.column("sectors", "census_row") == name
        counted = shenyang.by_zone("employment", year=shenyang.base_year, sector=name)
        np.testing.assert_allclose(
            workers[:, rows].sum(axis=1), np.tile(counted, (count, 1)), rtol=1e-10
        )
    assert (workers >= 0).all()


def test_central_case_is_the_table_in_value_added(shenyang):
    world = world_of(shenyang)
    rows = members(shenyang)
    regions, weights = shenyang.statistics
    relative = initial.relative_productivity(world)
    workers = base_employment(shenyang, world.assumed, relative)[0, rows]
    # Zones of one city alone: a shared zone mixes two tables.
    alone = ((weights > 0).sum(axis=0) == 1) * weights
    value = (workers * relative[0, rows, None]) @ alone.T
    share = value / value.sum(axis=0)
    wanted = np.array(
        [
            [
                world.assumed[f"manufacturing_split.{r}.{shenyang.sectors[k]}"][0] / 20
                for r in regions
            ]
            for k in rows
        ]
    )
    unshared = [r for r in range(len(regions)) if (weights[r] == alone[r]).all()]
    assert len(unshared) == 5
    np.testing.assert_allclose(share[:, unshared], wanted[:, unshared], rtol=1e-9)
    assert wanted[4, regions.index("shenyang")] == pytest.approx(0.45)


@pytest.mark.slow
def test_draws_have_the_spread_of_a_dirichlet(shenyang):
    world = world_of(shenyang, count=400)
    names = [f"manufacturing_split.anshan.{shenyang.sectors[k]}" for k in members(shenyang)]
    weights = np.array([world.assumed[name] for name in names])
    metals = (weights / weights.sum(axis=0))[0]
    assert metals.mean() == pytest.approx(0.72, abs=0.01)
    assert metals.std() == pytest.approx(np.sqrt(0.72 * 0.28 / 21), rel=0.1)


def test_sites_draw_their_branch(shenyang):
    world = world_of(shenyang)
    relative = initial.relative_productivity(world)
    shares = branch_shares(shenyang, world.assumed, relative)[0]
    cars = shenyang.sectors.index("automotive")
    dadong, kangping = (shenyang.zones.index(z) for z in ("dadong", "kangping"))
    assert shares[cars, dadong] > 2 * shares[cars, kangping]
    weights = site_weights(shenyang, world.assumed, members(shenyang), 1)
    assert weights[0, 4, dadong] == 6
    assert weights[0, 4, kangping] == 1


def test_a_draw_is_the_same_alone_and_in_a_block(shenyang):
    block = world_of(shenyang, count=6)
    alone = world_of(shenyang, chosen=slice(4, 5), count=6)
    for name in ("expected_jobs", "output", "capital"):
        assert block[name][4].tobytes() == alone[name][0].tobytes(), name


def test_a_row_of_one_sector_needs_no_assumption(tiny):
    world = world_of(tiny)
    workers = base_employment(tiny, world.assumed, initial.relative_productivity(world))
    np.testing.assert_array_equal(workers[0], baseline.employed_residents(tiny, tiny.base_year))


def test_sectors_that_share_a_row_need_their_split(copy):
    sectors = (copy / "sectors.csv").read_text(encoding="utf-8")
    row = "mill,工厂,Mill,raw,works,C,secondary,0.4,none,share,toy,assumed\n"
    (copy / "sectors.csv").write_text(sectors + row, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    for name in ("works_split.a.works", "works_split.b.mill"):
        assert name in str(caught.value)
