"""Every number that a start in an earlier year reads states what it rests on."""

import re

import pytest

from model.area_history import LAST_YEAR
from model.area_loading import load_area
from model.checks.history_evidence import BASES, DATED, FREE, LATER, things_read
from model.network import links_in_service
from model.problems import ProblemsError
from model.processes import PARAMETERS
from model.reading.tables import read_table
from tests.disturbed import named, replaced_by

KINDS = ("parameter", "assumption", "table", "replacement")


@pytest.fixture(scope="module")
def early(shenyang):
    return load_area(shenyang.folder, start="history")


def rewrite(folder, old, new):
    path = folder / "history_evidence.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("parameter,*,", "parameter,fiscal.*,", "parameter demography.fertility_shock",
         "nothing says that it holds no later observation"),
        ("assumption,*,", "assumption,mode_share.*,", "assumption degree_days", "nothing says"),
        ("table,*/toy,", "table,g*/toy,", "table population/toy", "nothing says"),
        ("replacement,toy,", "replacement,toi,", "replacement toi",
         "nothing of this name is read; did you mean toy"),
        ("fiscal.interest", "fiscal.intrest", "parameter fiscal.intrest",
         "did you mean fiscal.interest"),
        ("table,*/toy,2010", "table,*/toy,2011", "table */toy",
         "observations of 2011, after the base year 2010 (unit year), and the basis is 'measured'"),
        ("table,*/toy,2010", "table,*/toy,", "table */toy", "needs the last year"),
        ("replacement,toy,2010", "replacement,toy,2020", "replacement toy", "observations of 2020"),
        ("2010,measured", "2010,measurd", "basis", "did you mean measured"),
    ],
)  # fmt: skip
def test_what_is_not_stated_is_refused(copy, old, new, key, message):
    rewrite(copy, old, new)
    assert load_area(copy).base_year == 2020
    with pytest.raises(ProblemsError) as caught:
        load_area(copy, start="history")
    told = [p for p in caught.value.problems if p.key == key]
    assert any(message in p.message for p in told), caught.value.problems
    assert all(p.file == "toy/history_evidence.csv" for p in told)


def test_a_new_source_of_a_table_is_refused(copy):
    rewrite(copy, "table,*/toy,", "table,population/toy,")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy, start="history")
    assert {p.key for p in caught.value.problems} >= {"table migrants/toy", "table gdp/toy"}


def test_every_parameter_is_dated_replaced_or_reasoned_by_its_own_name(early):
    """No pattern stands for a parameter, a table or a replacement of the area itself."""
    rows = early.tables["history_evidence"]
    assert {row["kind"] for row in rows} == set(KINDS)
    assert not [r["name"] for r in rows if "*" in r["name"] and r["kind"] != "assumption"]
    stated = {row["name"] for row in rows if row["kind"] == "parameter"}
    declared = {f"{p}.{name}" for p, cls in PARAMETERS.items() for name in cls.declarations()}
    assert stated | set(early.parameters) == declared
    assert not stated & set(early.parameters)
    assert len(declared) > 190
    assert all(len(row["reason"]) > 5 and row["basis"] in BASES for row in rows)


def test_what_rests_on_later_years_is_told_by_name(early):
    """All of it: one constant of firms, national coefficients, and a boundary drawn later."""
    rows = early.tables["history_evidence"]
    for kind, names in {
        "parameter": {"firms.size_exponent", "linkages.value_added_shift"},
        "assumption": set(),
        "table": {"input_output/wiod_2011"},
        "replacement": set(),
    }.items():
        assert named(rows, kind, ("structural",)) == names
    carved = named(rows, "table", ("boundary",))
    assert all("shenfu" in name or name.startswith("zones/") for name in carved)
    assert not named(rows, "replacement", LATER)


DATA_YEAR = re.compile(r"\b(20\d\d)\b")


def test_a_source_printed_later_is_judged_by_its_data(early):
    """Where a declared source names a later year, its basis says what became of that."""
    bases = {r["name"]: r["basis"] for r in early.tables["history_evidence"]
             if r["kind"] == "parameter"}  # fmt: skip
    for prefix, cls in PARAMETERS.items():
        for name, declared in cls.declarations().items():
            key = f"{prefix}.{name}"
            years = [int(year) for year in DATA_YEAR.findall(declared.source)]
            if key in bases and max(years, default=0) > early.base_year:
                assert bases[key] in {"literature", *LATER}, (key, declared.source)


def test_what_was_assumed_of_the_time_has_a_prior(early):
    rows = read_table(early.folder, "history_assumptions", [])
    assert len(rows) > 250
    assert not [row["id"] for row in rows if row["prior"].text.startswith("Fixed")]


def test_bases_do_not_overlap():
    assert len(BASES) == len(DATED) + len(FREE) + len(LATER)


def test_things_read_are_the_tables_after_their_later_rows_are_dropped(early):
    kept = set(things_read(early.tables, read_table(early.folder, "history_assumptions", [])))
    assert ("table", "technology_firms/assumed_technology_firms_2010") in kept
    assert ("table", "technology_firms/technology_firms_city") not in kept
    assert ("parameter", "commuting.decay") not in kept
    assert replaced_by(early) >= set(early.parameters)


def test_lines_of_2010_are_those_open_then(shenyang, early):
    """None is missing, none opened later runs, and none keeps a later timetable."""
    ends = ("line", "from_station", "to_station")
    then = {tuple(row[end] for end in ends) for row in shenyang.tables["links"]
            if row["opened"] is not None and row["opened"] <= 2010}  # fmt: skip
    running = list(links_in_service(early, frozenset(), 2011))
    assert {tuple(row[end] for end in ends) for row in running} == then
    assert {row["line"] for row in running} >= {"metro_1", "shenyang_fushun"}
    assert {row["year"] for row in running} == {2010}
    assert not {row["line"] for row in running} & {"metro_2", "harbin_dalian"}


@pytest.mark.parametrize("table", ["participation", "energy", "technology_firms"])
def test_a_table_in_editions_gives_each_start_its_own(shenyang, early, table):
    assert {row["year"] for row in early.tables[table]} == {2010}
    assert not {row["year"] for row in shenyang.tables[table]} & {2010}
    assert "year" in LAST_YEAR
