"""A start in an earlier year sees nothing later: all of it is changed, and no byte moves."""

import pytest

from model.area_loading import load_area
from model.processes import PARAMETERS
from tests.disturbed import copy_of, disturb_parameters, disturb_tables
from tests.worlds import arrays_of, same_bytes

PEOPLE = ("population", "population_by_age")


def both(area, end):
    """Central case and two draws."""
    runs = [arrays_of(area, end=end, count=count) for count in (1, 2)]
    return {f"{name} of {len(run[name])}": run[name] for run in runs for name in run}


def check(folder, monkeypatch, end, least_cells, least_parameters):
    """What is later, replaced or unused moves nothing; what is unscored moves no person."""
    early = load_area(folder, start="history")
    before = both(early, end)
    assert disturb_tables(early, ("unused",)) > least_cells
    with monkeypatch.context() as patch:
        changed = disturb_parameters(patch, early, ("unused",))
        assert len(changed & set(all_parameters())) > least_parameters
        assert same_bytes(before, both(load_area(folder, start="history"), end))
    with monkeypatch.context() as patch:
        disturb_tables(early, ("unused", "unscored"))
        disturb_parameters(patch, early, ("unused", "unscored"))
        after = both(load_area(folder, start="history"), end)
    people = [key for key in before if key.split(" of ")[0] in PEOPLE]
    assert len(people) == 4
    assert all(before[key].tobytes() == after[key].tobytes() for key in people)
    assert not same_bytes(before, after)


def all_parameters():
    return (f"{prefix}.{name}" for prefix, cls in PARAMETERS.items() for name in cls.declarations())


def test_the_toy_of_the_past_does_not_depend_on_what_came_later(tiny, tmp_path, monkeypatch):
    folder = copy_of(tiny.folder, tmp_path / "toy")
    check(folder, monkeypatch, 2014, least_cells=400, least_parameters=5)


@pytest.mark.slow
def test_people_of_2020_do_not_depend_on_anything_after_2010(shenyang, tmp_path, monkeypatch):
    folder = copy_of(shenyang.folder, tmp_path / "shenyang")
    check(folder, monkeypatch, 2020, least_cells=6000, least_parameters=70)


def test_what_is_changed_here_is_felt_where_it_is_read(tiny, tmp_path, monkeypatch):
    """The same parameters move the people of today, and a number of the past those of the past."""
    today = arrays_of(tiny, end=2022)
    early = load_area(tiny.folder, start="history")
    with monkeypatch.context() as patch:
        disturb_parameters(patch, early, ())
        assert not same_bytes(today, arrays_of(tiny, end=2022))
    before = arrays_of(early, end=2012)
    for table, old, new in (
        ("migrants", "a1,2010,same_province,", "a1,2010,same_province,1"),
        ("participation", "2010,male,25,20,0.81", "2010,male,25,20,0.71"),
        ("energy", "2010,works,0.65,0.1,0.1", "2010,works,0.6,0.15,0.1"),
        ("technology_firms", "a,2010,tech_sme,30", "a,2010,tech_sme,40"),
        ("history_assumptions", "accessibility.urban_speed,25", "accessibility.urban_speed,26"),
    ):
        folder = copy_of(tiny.folder, tmp_path / table)
        path = folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text, table
        path.write_text(text.replace(old, new), encoding="utf-8")
        after = arrays_of(load_area(folder, start="history"), end=2012)
        assert not same_bytes(before, after), table
