"""The catalogue against the schedule, the base year and what a result holds."""

import pytest

from model import simulate
from model.axes import AXES
from model.catalogue import CATALOGUE, CHANNELS
from model.processes import SCHEDULE
from tests.worlds import TINY, trend

KNOWN_UNITS = {
    "persons", "establishments", "1", "1/yr", "yr", "births per woman", "utility", "minutes", "km",
    "log", "log/yr", "yuan of 2020/year", "yuan of 2020/m2", "m2", "km2", "Mt", "Mtce", "t/MWh",
    "1e8 yuan", "1e8 yuan of 2020", "households", "persons per household",
}  # fmt: skip
ROWS = list(CATALOGUE.values())


def ordered(dims):
    """Whether the axes stand in the declared order."""
    ranks = [list(AXES).index(dim) for dim in dims]
    return ranks == sorted(ranks)


@pytest.fixture(scope="module")
def result():
    return simulate(trend(), area=TINY, end=2022)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_declaration_is_sound(row):
    assert row.name == row.name.lower()
    assert row.name.isidentifier()
    assert row.unit in KNOWN_UNITS
    assert set(row.dims) <= AXES.keys()
    assert ordered(("draw", *row.dims))
    assert row.kind in {"stock", "flow", "rate"}
    assert row.over_zones in {"sum", "mean", "none"}
    assert len(row.long_name) > 5
    assert row.unit.split()[0] not in row.name.split("_")


def test_coordinates_say_what_they_are(result):
    assert all(len(coord.attrs["long_name"]) > 5 for coord in result.coords.values())
    assert result["zone_name"].sel(zone="a1").item() == "甲一"
    assert result["city_name"].sel(city="a").item() != "a"


def test_every_variable_has_one_writer(tiny_world):
    writers = [name for process in SCHEDULE for name in process.writes]
    assert len(writers) == len(set(writers))
    assert set(writers) == CATALOGUE.keys()
    assert tiny_world().state.keys() <= CATALOGUE.keys()


def test_base_year_sets_everything_remembered(tiny_world):
    state = tiny_world().state
    remembered = {name for process in SCHEDULE for name in process.remembers}
    assert remembered <= state.keys()


def test_state_has_the_declared_shapes(tiny_world):
    from model.base_year.initial import shape
    from model.simulation import step

    world = tiny_world(count=3)
    step(world)
    for name, row in CATALOGUE.items():
        assert world[name].ndim == len(row.dims) + 1, name
        wanted = shape(world, row.dims)
        assert all(a in (1, b) for a, b in zip(world[name].shape, wanted, strict=True)), name


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_kept_variables_are_in_a_result(result, row):
    if row.keep == "never":
        assert row.name not in result
        return
    found = result[row.name]
    assert found.dims == ("draw", "year", *row.dims)
    assert found.attrs["units"] == row.unit
    assert found.attrs["long_name"] == row.long_name
    assert found.attrs["kind"] == row.kind
    assert found.sel(year=2022).notnull().all()


def test_channels_are_variables():
    for name, (dims, unit, _) in CHANNELS.items():
        assert CATALOGUE[f"policy_{name}"].dims == dims
        assert CATALOGUE[f"policy_{name}"].unit == unit
