import os

import pytest

from model import workers
from model.workers import done_by, kept, workers_for


def test_as_many_as_there_is_work_for():
    assert workers_for(2, None) == min(2, os.cpu_count() or 1)
    assert workers_for(10, 3) == 3


def test_work_here_is_done_in_order():
    assert list(done_by(pow, [(2, 3), (3, 2)], 1)) == [(0, 8), (1, 9)]


def test_the_same_processes_are_used_again_while_they_are_kept():
    with kept():
        first = {who for _, who in done_by(os.getpid, [()] * 4, 1)}
        assert first == {os.getpid()}
        one = {who for _, who in done_by(os.getpid, [()] * 4, 2)}
        two = {who for _, who in done_by(os.getpid, [()] * 4, 2)}
        assert os.getpid() not in one | two
        assert len(one | two) <= 2
    assert workers._KEPT is None


def test_a_failure_is_raised_and_ends_the_rest():
    with kept(), pytest.raises(ZeroDivisionError):
        list(done_by(divmod, [(1, 0), (1, 1)], 2))
    with pytest.raises(ZeroDivisionError):
        list(done_by(divmod, [(1, 0)], 1))
