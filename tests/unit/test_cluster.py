"""A Dask cluster does the same work with the same results, and says what is wrong with it."""

import os
import socket
import sys
from concurrent.futures import CancelledError
from unittest.mock import MagicMock

import pytest

from model import ProblemsError, ensemble
from model.cluster import as_here, complaints, made_with
from model.problems import RunError
from model.workers import cluster, done_by, kept, on_cluster, workers_for
from tests.worlds import TINY


@pytest.fixture(scope="module")
def address():
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as found:
        yield found.scheduler_address


def whoami():
    return os.getpid()


@pytest.mark.slow
def test_a_cluster_does_all_the_work_with_the_same_bytes(address):
    asked = {"draws": 4, "end": 2022, "area": TINY, "seed": 3}
    here = ensemble(["trend"], workers=1, **asked)
    with cluster(address):
        assert on_cluster()
        assert workers_for(9, None) == 2
        with kept(8):  # starts none
            who = {who for _, who in done_by(whoami, [()] * 8, 1)}
        there = ensemble(["trend"], **asked)
    assert os.getpid() not in who
    assert not on_cluster()
    assert there.identical(here)
    assert {n: v.values.tobytes() for n, v in there.items() if v.dtype != object} == {
        n: v.values.tobytes() for n, v in here.items() if v.dtype != object
    }


@pytest.mark.slow
def test_a_failure_there_is_raised_here(address):
    with cluster(address), pytest.raises(ZeroDivisionError):
        list(done_by(divmod, [(1, 0), (1, 1)], 2))


@pytest.mark.slow
def test_a_worker_of_another_version_is_refused(address, monkeypatch):
    monkeypatch.setattr("model.cluster.made_with", _other)
    with pytest.raises(ProblemsError) as told, cluster(address):
        pass
    (problem,) = told.value.problems  # one for both workers
    assert problem.key == "scheduler"
    assert problem.message.startswith("workers ")
    assert "has numpy 1.0, here it is 9.9" in problem.message


def _other():
    """Of the caller 9.9, of a worker 1.0: there this module is not patched."""
    import model.cluster

    return {"numpy": "9.9" if model.cluster.made_with is _other else "1.0"}


def test_no_scheduler_is_one_problem_with_its_address(monkeypatch):
    monkeypatch.setattr("model.cluster.PATIENCE", 0.5)
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ProblemsError, match=f"no Dask scheduler .*{address}"), cluster(address):
            pass
    assert not on_cluster()


@pytest.mark.parametrize("address", ["", "host", "tcp://host", "http://host:8786"])
def test_what_is_no_address_is_told_at_once(address):
    with pytest.raises(ProblemsError, match="no Dask scheduler"), cluster(address):
        pass


def test_a_lost_cluster_is_told_in_words(monkeypatch):
    """A scheduler that stops takes the tasks with it: Dask calls them cancelled."""
    monkeypatch.setattr("model.cluster._reached", lambda address: MagicMock())
    monkeypatch.setattr("model.cluster._checked", lambda *_: 2)
    with pytest.raises(RunError, match="scheduler at tcp://a:8786"), cluster("tcp://a:8786"):
        raise CancelledError


def test_without_dask_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ProblemsError, match=r"pip install .*\[cluster\]"), cluster("tcp://a:8786"):
        pass


def test_what_is_wrong_with_a_worker():
    made = made_with()
    assert complaints(made, dict(made)) == []
    (absent,) = complaints(made, ModuleNotFoundError("No module named 'model'"))
    assert "cannot import the model (ModuleNotFoundError: No module named 'model')" in absent
    two = complaints(made, made | {"model": "0.0.9 (abc)", "numba": "0.1"})
    assert [text.split(",")[0] for text in two] == ["has model 0.0.9 (abc)", "has numba 0.1"]


def test_a_worker_that_joins_late_is_checked_as_well():
    assert as_here(made_with(), pow, 2, 3) == 8
    with pytest.raises(RunError, match=r"has numpy .* here it is 1\.0"):
        as_here({"numpy": "1.0"}, pow, 2, 3)
