"""The benchmarks' clockwork: what is timed, in which order, and that cases hold what they say."""

import numpy as np
import pytest

from tests.benchmarks import balancing
from tests.benchmarks.timing import Call, clock, timings


def test_calls_are_taken_in_turn_and_prepared_afresh():
    order = []

    def run(name, ready):
        order.append(name)
        ready.append(1)
        return len(ready)

    calls = [Call(name, run, lambda name=name: (name, [])) for name in "ab"]
    found = timings(calls, repeats=3)
    assert order == list("abababab")
    assert [(timing.name, timing.runs, timing.answer) for timing in found] == [
        ("a", 3, 1),
        ("b", 3, 1),
    ]


def test_what_used_up_its_budget_is_not_repeated():
    (found,) = timings([Call("one", lambda: 5)], repeats=9, budget=0.0)
    assert (found.runs, found.answer) == (1, 5)


def test_clock():
    assert (clock(0.00025), clock(0.161), clock(12.3)) == ("0.25 ms", "161 ms", "12.3 s")


@pytest.mark.parametrize("decay", balancing.DECAYS.values())
def test_a_case_is_balanced_to_what_is_promised(decay):
    seed, rows, columns = balancing.case(55, decay)
    assert balancing.worst(balancing.ours(seed, rows, columns), rows, columns) < 1.01e-10
    assert np.isfinite(seed).all()
