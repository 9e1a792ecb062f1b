import os
import time
from concurrent.futures import BrokenExecutor
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


def left(number, at):
    """Put a number down where the caller sees it; else hand it back."""
    time.sleep(0.1)
    rooms = workers.rooms_in_common(number)
    if rooms is None:
        return at
    rooms["done"][at] = os.getpid()
    return None


@pytest.mark.skipif(not workers.FORKS, reason="processes start afresh on this system")
def test_forked_processes_leave_what_they_find_in_common_rooms():
    rooms = workers.Rooms({"done": (9,)})
    found = list(done_by(left, [(rooms.number, at) for at in range(9)], 2, rooms))
    assert sorted(found) == [(at, None) for at in range(9)]
    assert set(rooms.arrays["done"]) > {os.getpid()}


def test_processes_that_start_afresh_answer_in_messages():
    rooms = workers.Rooms({"done": (3,)})
    found = list(done_by(left, [(rooms.number, at) for at in range(3)], 2))
    assert sorted(found) == [(at, at) for at in range(3)]


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
            list(done_by(divmod, tasks, len(tasks), workers.Rooms({})))
    with pytest.raises(BrokenExecutor):
        list(done_by(lost, [(os.getpid(),)] * 3, 2, workers.Rooms({})))
