"""What would not fit into memory is refused before it is computed, with what would."""

import pytest

from model import ensemble, memory, simulate
from model.problems import ProblemsError
from tests.command import call
from tests.worlds import TINY, trend


@pytest.mark.parametrize("make", [simulate, lambda one, **given: ensemble([one], **given)])
def test_the_estimate_is_what_a_result_fills(tiny, make):
    result = make(trend(), area=TINY, draws=3, end=2022)
    numbers = sum(array.nbytes for array in result.data_vars.values())
    assert memory.size_of(tiny, 1, 3, 3, detail=make is simulate) == numbers


def test_two_scenarios_fill_twice_as_much(tiny):
    assert memory.size_of(tiny, 2, 5, 9, False) == 2 * memory.size_of(tiny, 1, 5, 9, False)


def test_what_does_not_fit_is_refused_with_what_would(tiny, monkeypatch):
    whole = memory.size_of(tiny, 1, 100, 3, detail=True)
    monkeypatch.setattr(memory, "free_memory", lambda: whole)
    memory.refuse_too_large(tiny, 1, 100, 3, detail=True)
    with pytest.raises(ProblemsError, match=r"ask for 100 draws at most.*or do without the detail"):
        memory.refuse_too_large(tiny, 1, 101, 3, detail=True)
    monkeypatch.setattr(memory, "free_memory", lambda: whole // 10**6)
    with pytest.raises(ProblemsError, match="free; ask for an earlier last year"):
        memory.refuse_too_large(tiny, 1, 1, 3, detail=True)


def test_the_command_line_says_so_before_it_runs(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "free_memory", lambda: 1_000_000)
    out = tmp_path / "run.nc"
    found = call("run", "trend", "--area", TINY, "--draws", 500, "--out", out)
    assert (found.exit_code, found.stdout, out.exists()) == (2, "", False)
    assert "--draws: the result would fill" in found.stderr
    assert "0.0 GB are free; ask for" in found.stderr


def test_memory_is_read_where_it_is_told(tmp_path, monkeypatch):
    told = tmp_path / "meminfo"
    told.write_text("MemTotal: 9 kB\nMemAvailable:   2048 kB\n", encoding="ascii")
    monkeypatch.setattr(memory, "TOLD", told)
    assert memory.free_memory() == 2048 * 1024


def test_where_nobody_tells_nothing_is_refused(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "TOLD", tmp_path / "none")
    assert memory.free_memory() is None
    memory.refuse_too_large(tiny, 1, 10**9, 3, detail=True)
