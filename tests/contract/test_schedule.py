"""The schedule: conflicts are refused, and what processes declare is true."""

from dataclasses import replace

import pytest

from model.contract import Process, check_schedule
from model.parameters import Params
from model.processes import PARAMETERS, SCHEDULE
from model.simulation import params_of, step
from tests.worlds import package, world_of


def process(name, **declared):
    return Process(name, act=lambda world, p: None, params=Params, **declared)


def test_two_writers_are_refused():
    pair = [process("one", writes=("births",)), process("two", writes=("births",))]
    with pytest.raises(ValueError, match="births has two writers: one and two"):
        check_schedule(pair)


def test_unknown_name_is_refused():
    with pytest.raises(ValueError, match="one: brths is not in the catalogue"):
        check_schedule([process("one", writes=("brths",))])


def test_reading_the_unwritten_is_refused():
    later = [process("one", writes=(), reads=("births",)), process("two", writes=("births",))]
    with pytest.raises(ValueError, match="one reads births, which nobody has written"):
        check_schedule(later)


def test_remembering_the_never_written_is_refused():
    with pytest.raises(ValueError, match="one remembers births, which nobody ever writes"):
        check_schedule([process("one", writes=(), remembers=("births",))])


def test_all_conflicts_are_named_at_once():
    faulty = [
        process("one", writes=("births",), reads=("x", "deaths")),
        process("two", writes=("births",)),
    ]
    with pytest.raises(ValueError, match="two writers") as caught:
        check_schedule(faulty)
    assert len(str(caught.value).splitlines()) == 4


def test_order_matters():
    turned = [replace(one) for one in reversed(SCHEDULE)]
    with pytest.raises(ValueError, match="nobody has written yet"):
        check_schedule(turned)


class Watched(dict):
    """State that remembers who was asked for before being written, and what was written."""

    def forget(self):
        self.read, self.written = set(), set()

    def __getitem__(self, name):
        if name not in self.written:
            self.read.add(name)
        return super().__getitem__(name)

    def __setitem__(self, name, value):
        self.written.add(name)
        super().__setitem__(name, value)


def observed(area, engine):
    """Reads and writes of every process in the second year, with every lever on."""
    levers = [row["lever"] for row in area.tables["levers"]]
    world = world_of(area, package(*levers), engine=engine)
    step(world)
    world.state = Watched(world.state)
    world.year += 1
    world.population.begin_year(world.year)
    found, written_this_year = {}, set()
    for one in SCHEDULE:
        before = {name: value.copy() for name, value in world.state.items()}
        world.state.forget()
        one.act(world, params_of(world, one))
        read, written = world.state.read, world.state.written
        changed = {
            n for n, v in before.items() if v.tobytes() != dict.get(world.state, n).tobytes()
        }
        found[one.name] = {
            "reads": read & written_this_year,
            "remembers": read - written_this_year,
            "writes": written,
            "in place": changed - written,
        }
        written_this_year |= written
    return found


@pytest.fixture(scope="module", params=["mean", "agents"])
def seen(request, tiny):
    return observed(tiny, request.param)


@pytest.mark.parametrize("one", SCHEDULE, ids=lambda one: one.name)
def test_declarations_are_true(seen, one):
    found = seen[one.name]
    assert found["writes"] == set(one.writes)
    assert found["reads"] == set(one.reads)
    assert found["remembers"] == set(one.remembers)


@pytest.mark.parametrize("one", SCHEDULE, ids=lambda one: one.name)
def test_nothing_is_changed_in_place(seen, one):
    counts = {"people"}  # the population's own array: documented as a view
    assert seen[one.name]["in place"] <= counts


def test_parameters_cover_the_schedule():
    used = {one.params for one in SCHEDULE} - {Params}
    assert used <= set(PARAMETERS.values())
