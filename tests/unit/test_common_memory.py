"""Arrays that several processes fill, and what happens where there are none."""

import os

import numpy as np
import pytest

from model import common_memory, simulation
from model.common_memory import Place, common_place, in_lines
from model.workers import done_by, kept
from tests.worlds import package, plan_of, same_bytes, trend

SIZES = {"births": (2, 3), "jobs": (5,), "none": (0, 4)}

has_place = pytest.mark.skipif(
    not hasattr(os, "memfd_create"), reason="files in memory are there on Linux alone"
)


def raise_by_one(place: Place, row: int) -> int:
    """Add one to a row of births; who did."""
    place.arrays()["births"][row] += 1.0
    return os.getpid()


@has_place
def test_what_one_writes_all_see_even_when_it_cannot_be_found_any_more():
    with common_place(SIZES) as place:
        one, other = place.arrays(), place.arrays()
        assert {name: array.shape for name, array in one.items()} == SIZES
        one["births"][:], one["jobs"][:] = 1.5, np.arange(5.0)
    assert (other["births"] == 1.5).all()
    assert other["jobs"].tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(FileNotFoundError):
        place.arrays()


@has_place
def test_other_processes_write_into_the_same_arrays():
    with common_place(SIZES) as place:
        mine = place.arrays()["births"]
        who = {who for _, who in done_by(raise_by_one, [(place, 0), (place, 1)], 2)}
    assert os.getpid() not in who or len(who) == 2
    assert (mine == 1.0).all()


@has_place
def test_no_two_arrays_share_a_line():
    with common_place(SIZES) as place:
        begins = [array.ctypes.data for array in place.arrays().values()]
    assert all(begin % 64 == 0 for begin in begins)
    assert begins[1] - begins[0] == 8 * in_lines(6) == 64


def refused(*_: object) -> int:
    """A system that does not make files in memory, or none so large."""
    raise OSError(38, "Function not implemented")


def test_without_such_memory_results_are_sent_and_are_the_same(tiny, monkeypatch):
    plans = [plan_of(tiny, one, count=4, end=2022) for one in (trend(), package("park"))]
    here = simulation.gather(plans, 1, None)
    with kept(2):
        assert same_bytes(here, simulation.gather(plans, 2, None))
        ways = (
            lambda patch: patch.delattr(os, "memfd_create", raising=False),
            lambda patch: patch.setattr(os, "memfd_create", refused, raising=False),
            lambda patch: patch.setattr(os, "truncate", refused),
            lambda patch: patch.setattr(common_memory.os, "access", lambda path, mode: False),
        )
        for way in ways:
            with monkeypatch.context() as patch:
                way(patch)
                with common_place(SIZES) as place:
                    assert place is None
                assert same_bytes(here, simulation.gather(plans, 2, None))
