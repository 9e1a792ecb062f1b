import os
import time
from concurrent.futures import BrokenExecutor
from contextlib import nullcontext
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import pytest

from model import workers
from model.workers import done_by, kept, workers_for


def test_as_many_as_there_is_work_for():
    assert workers_for(2, None) == min(2, os.cpu_count() or 1)
    assert workers_for(10, 3) == 3


def test_work_here_is_done_in_order():
    assert list(done_by(pow, [(2, 3), (3, 2)], 1)) == [(0, 8), (1, 9)]


def whoami(seconds=0.1):
    """Which process this is, and some time for the others to be asked as well."""
    time.sleep(seconds)
    return os.getpid()


def test_the_same_processes_are_used_again_while_they_are_kept():
    with kept(2):
        first = {who for _, who in done_by(whoami, [()] * 4, 1)}
        assert first == {os.getpid()}
        one, two = ({who for _, who in done_by(whoami, [()] * 9, 2)} for _ in range(2))
        assert one | two > {os.getpid()}
        assert len(one | two) == 2
    assert workers._KEPT is None


def test_what_waits_is_done_here_while_the_others_start():
    """Starting a process takes longer than these tasks: most are done by the caller."""
    found = [who for _, who in done_by(whoami, [(0.01,)] * 9, 2)]
    assert found.count(os.getpid()) >= 5


def test_processes_get_ready_before_they_have_a_task(tmp_path):
    """Each starts at once; what goes wrong in getting ready shows in the tasks themselves."""
    begun = time.monotonic()
    with kept(2, Path.touch, tmp_path / "ready"):
        while not (tmp_path / "ready").exists():
            assert time.monotonic() - begun < 60
            time.sleep(0.02)
    with kept(2, divmod, 1, 0):
        assert [found for _, found in done_by(pow, [(2, 3)], 2)] == [8]


def test_tasks_of_two_kinds_share_the_processes_in_the_order_of_asking():
    with kept(2):
        one, two = done_by(pow, [(2, 3), (3, 2)], 2), done_by(max, [(1, 2)], 2)
        assert sorted(one) == [(0, 8), (1, 9)]
        assert list(two) == [(0, 2)]


def lost(caller):
    """End the process, if it is not that of the caller."""
    if os.getpid() == caller:
        time.sleep(0.5)
    else:
        os._exit(1)


def test_a_failure_is_raised_and_ends_the_rest():
    with kept(2), pytest.raises(ZeroDivisionError):
        list(done_by(divmod, [(1, 0), (1, 1)], 2))
    for tasks in ([(1, 0)], [(1, 0), (1, 1)]):
        with pytest.raises(ZeroDivisionError):
            list(done_by(divmod, tasks, len(tasks)))
    with pytest.raises(BrokenExecutor):
        list(done_by(lost, [(os.getpid(),)] * 3, 2))


def pressed(caller):
    """Ctrl-C in the caller, which another process does not hear."""
    if os.getpid() == caller:
        raise KeyboardInterrupt
    time.sleep(60)


@pytest.mark.parametrize("keeping", [nullcontext, partial(kept, 2)])
def test_processes_end_with_an_interruption_whatever_they_are_at(keeping):
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), keeping():
        list(done_by(pressed, [(os.getpid(),)] * 2, 2))
    while active_children():
        assert time.monotonic() - begun < 30
        time.sleep(0.02)
