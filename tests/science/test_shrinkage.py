"""Places and trades that empty: the model runs on, and its accounts close."""

import csv
import shutil

import numpy as np
import pytest

from model.area_loading import load_area
from model.engines.cohorts import Cohorts
from model.engines.residents import NOBODY
from model.problems import ProblemsError
from model.processes import census
from model.simulation import step
from tests.worlds import TINY, after, trend, world_of


def rewrite(folder, table, change):
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names, rows = reader.fieldnames, [change(row) for row in reader]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(TINY, tmp_path / "toy")


def put(column, value, **where):
    def change(row):
        return row | {column: value} if all(row[k] == v for k, v in where.items()) else row

    return change


def test_nobody_in_the_base_year_is_refused_by_name(copy):
    """No attractiveness can be inverted for a zone where nobody lives."""
    rewrite(copy, "population", put("persons", "0", place="b2"))
    rewrite(copy, "employment", put("persons", "0", zone="b2"))
    rewrite(copy, "net_migration", put("persons", "0", zone="b2"))
    with pytest.raises(ProblemsError, match="b2"):
        world_of(load_area(copy))


def empty(world, zone, ages=slice(None)):
    """Everybody of a zone, or of some ages there, is gone."""
    people = world.population
    saved = {name: array.copy() for name, array in people.arrays().items()}
    if isinstance(people, Cohorts):
        saved["people"][:, zone, ..., ages] = 0
    else:
        concerned = np.isin(saved["age"], np.arange(101)[ages]) & (saved["zone"] == zone)
        saved["age"][concerned] = NOBODY
        saved["free"] = np.concatenate([saved["free"], np.flatnonzero(concerned)])
    people.restore(saved)
    census.act(world, census.HEAD_COUNT.params())


@pytest.mark.parametrize("engine", ["mean", "agents"])
@pytest.mark.parametrize("zone", [0, 3, 4])
def test_zone_that_has_emptied(tiny, engine, zone):
    world = world_of(tiny, engine=engine)
    empty(world, zone)
    for _ in range(4):
        step(world)
    for name, values in world.state.items():
        if name != "income_access":
            assert np.all(np.isfinite(values)), name
    assert 0 < world["population"][0, zone] < 10_000
    assert world["living_away"].min() >= 0


@pytest.mark.parametrize("engine", ["mean", "agents"])
@pytest.mark.parametrize(
    "ages", [slice(25, 45), slice(15, 50), slice(0, 1), slice(60, None)], ids=str
)
def test_empty_age_cells(tiny, engine, ages):
    """A zone without parents, without mothers, without infants, without the old."""
    world = world_of(tiny, engine=engine)
    empty(world, 2, ages)
    for _ in range(3):
        step(world)
    for name in ("people", "fertility_scale", "labour_supply", "households", "living_away"):
        assert np.all(np.isfinite(world[name])), name


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_a_zone_without_adults_keeps_no_child_back(tiny, engine):
    """Minors of a zone without people of 25 to 44 still move, as such adults do elsewhere."""
    world = world_of(tiny, engine=engine)
    empty(world, 2, slice(25, 45))
    step(world)
    assert world["departures_by_age"][0, 2, :, :18].sum() > 0


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_empty_pools(tiny, engine):
    """Nobody is left in a region of people: nobody comes from there, the year goes on."""
    world = world_of(tiny, engine=engine)
    saved = {name: array.copy() for name, array in world.population.arrays().items()}
    if engine == "mean":
        saved["people"][:, 5:] = 0
    else:
        saved["pools"][:] = 0
    world.population.restore(saved)
    census.act(world, census.HEAD_COUNT.params())
    step(world)
    assert world["moves"][:, 5:].sum() == 0
    for _ in range(2):
        step(world)
    assert world["external_population"].min() >= 0


@pytest.fixture
def without_farms(copy):
    """The area without its primary sector."""
    rewrite(copy, "employment", put("persons", "0", sector="farm"))
    rewrite(copy, "gdp", put("value", "0", item="primary"))
    for city, year, left in (
        ("a", "2020", 58),
        ("b", "2020", 36),
        ("a", "2010", 29),
        ("b", "2010", 18),
    ):
        rewrite(copy, "gdp", put("value", str(left), item="total", city=city, year=year))
    return load_area(copy)


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_sector_without_jobs(without_farms, engine):
    world = after(without_farms, 5, engine=engine)
    assert world["output"][:, 0].sum() == 0
    assert world["jobs"][:, 0].sum() == 0
    assert np.all(np.isfinite(world["wage"]))


def test_a_sector_that_is_not_in_a_zone_stays_away(tiny):
    world = after(tiny, 10)
    assert world["jobs"][0, 0, 0] == world["capital"][0, 0, 0] == world["output"][0, 0, 0] == 0


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_zone_that_loses_a_third(tiny, engine):
    world = world_of(tiny, engine=engine)
    world["attractiveness"] = world["attractiveness"] - 4.0 * (np.arange(7) == 3)
    start = world["population"][0, 3]
    for _ in range(8):
        step(world)
    assert world["population"][0, 3] < start * 2 / 3
    assert world["jobs"][0, :, 3].sum() < world["expected_jobs"].sum()
    assert np.all((world["unemployment_rate"] >= 0) & (world["unemployment_rate"] < 1))


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_area_that_everybody_wants_to_leave(tiny, engine):
    world = after(tiny, 10, trend(migration__external_drift=0.2), engine=engine)
    start = world_of(tiny)["population"].sum()
    assert 0 < world["population"].sum() < start * 0.9
