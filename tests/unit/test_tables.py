"""Broken tables: every fault is told at once, with file and line."""

import pytest

from model.area_loading import area_folder, load_area
from model.base_year import baseline
from model.problems import ProblemsError
from tests.worlds import after


def edit(folder, table, old, new, count=1):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def line_of(folder, table, text):
    lines = (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def problems(folder):
    with pytest.raises(ProblemsError) as caught:
        load_area(folder)
    return caught.value.problems


def only(folder):
    (problem,) = problems(folder)
    return problem


def test_the_toy_loads(copy):
    area = load_area(copy)
    people = baseline.people(area, area.base_year)[: len(area.zones)].sum(axis=(1, 2))
    assert people.tolist() == [60000, 40000, 50000, 30000, 20000]


def test_missing_table(copy):
    (copy / "wages.csv").unlink()
    assert str(only(copy)) == "toy/wages.csv: the table is missing"


def test_empty_file(copy):
    (copy / "wages.csv").write_text("", encoding="utf-8")
    assert str(only(copy)) == "toy/wages.csv: the file is empty"


def test_header_only(copy):
    header = (copy / "wages.csv").read_text(encoding="utf-8").splitlines()[0]
    (copy / "wages.csv").write_text(header + "\n", encoding="utf-8")
    assert "no rows" in only(copy).message


def test_not_text(copy):
    (copy / "wages.csv").write_bytes(b"city,year\n\xff\xfe")
    assert "not UTF-8" in only(copy).message


def test_byte_order_mark_is_no_fault(copy):
    path = copy / "wages.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_area(copy).statistic("wages", load_area(copy).base_year).min() > 0


CELLS = [
    ("wages", "a,2020,80000", "a,2020,many", "value", "cannot read 'many'"),
    ("wages", "a,2020,80000", "a,2020,nan", "value", "cannot read 'nan'"),
    ("wages", "a,2020,80000", "a,2020,inf", "value", "cannot read 'inf'"),
    ("wages", "a,2020,80000", "a,2020,", "value", "the cell is empty"),
    ("wages", "a,2020,80000", "a,2020,-1", "value", "outside [1"),
    ("wages", "a,2020,80000", "a,20201,80000", "year", "outside [1949, 2100]"),
    ("wages", "80000,yuan/year", "80000,yuan/yaer", "unit", "did you mean yuan/year"),
    ("wages", "year,toy,assumed", "year,toy,asumed", "confidence", "did you mean assumed?"),
    ("employment", "a1,2020,works,8000", "a1,2020,works,-8000", "persons", "outside [0"),
    ("wages", "a,2020,80000,", "a,2020,80000,9,", "", "too many or too few cells"),
    ("sectors", "A,primary,0.5", "A,primary,1.5", "labour_share", "outside [0.05, 0.95]"),
    ("regions", "Near city,yes", "Near city,maybe", "same_province", "cannot read 'maybe'"),
    ("levers", '"Triangular(-0.5, -0.3, -0.1)"', "Trangular(1)", "prior", "is no prior"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "key", "message"), CELLS)
def test_cell(copy, table, old, new, key, message):
    edit(copy, table, old, new)
    problem = only(copy)
    assert problem.file == f"toy/{table}.csv"
    assert problem.line == line_of(copy, table, new)
    assert problem.key == key
    assert message in problem.message


NAMES = [
    ("wages", "a,2020,80000", "c,2020,80000", "city", "unknown 'c'"),
    ("wages", "80000,yuan/year,toy", "80000,yuan/year,toi", "source", "did you mean toy?"),
    ("zones", "a,,core", "a,,centre", "kind", "unknown 'centre'"),
    ("employment", "a1,2020,works", "a1,2020,work", "sector", "did you mean works?"),
    ("levers", "transit_time", "transit_tiem", "channel", "did you mean transit_time?"),
    ("levers", ",a1,*,,2021", ",a9,*,,2021", "zones", "unknown 'a9'"),
    ("stations", "b2,conventional", "b3,conventional", "zone", "unknown 'b3'"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "key", "message"), NAMES)
def test_name(copy, table, old, new, key, message):
    edit(copy, table, old, new)
    found = [p for p in problems(copy) if p.key == key]
    assert found
    assert found[0].line == line_of(copy, table, new)
    assert message in found[0].message


def test_unknown_column(copy):
    edit(copy, "wages", "value", "valeu")
    found = {problem.key: problem for problem in problems(copy)}
    assert found["value"].message == "this column is missing"
    assert "did you mean value?" in found["valeu"].message
    assert found["valeu"].line == 1


def test_ages_out_of_order(copy):
    path = copy / "population.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("a1,2020,male,5,"))
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    path.write_text("\n".join(lines), encoding="utf-8")
    problem = only(copy)
    assert (problem.file, problem.line) == ("toy/population.csv", at + 1)
    assert "age 10 where 5 was due" in problem.message


def test_open_group_must_be_last(copy):
    edit(copy, "population", "a1,2020,male,85,,", "a1,2020,male,85,5,")
    assert "must be open" in only(copy).message


def test_repeated_key(copy):
    path = copy / "wages.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    assert "a, 2020: stands 2 times" in str(only(copy))


def test_missing_zone(copy):
    for table in ("employment", "net_migration", "population"):
        path = copy / f"{table}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("link,")]
        path.write_text("\n".join(kept), encoding="utf-8")
    found = problems(copy)
    assert {problem.file for problem in found} == {
        "toy/employment.csv", "toy/net_migration.csv", "toy/population.csv",
    }  # fmt: skip
    assert all("link" in problem.key for problem in found)


def test_weights_must_sum_to_one(copy):
    edit(copy, "region_sets", "statistics,a,link,0.6", "statistics,a,link,0.7")
    problem = only(copy)
    assert (problem.file, problem.key) == ("toy/region_sets.csv", "link")
    assert "sum to 1.1, not 1" in problem.message


def test_all_faults_at_once(copy):
    edit(copy, "wages", "80000", "many")
    edit(copy, "fiscal", "a,2020,revenue,6", "a,2020,revenue,-6")
    edit(copy, "employment", "a1,2020,works,8000", "a1,2020,works,x")
    (copy / "gdp.csv").unlink()
    assert len(problems(copy)) == 4


def test_settings(copy):
    path = copy / "area.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("base_year: 2020", "base_yaer: 2020"), encoding="utf-8")
    found = [str(problem) for problem in problems(copy)]
    assert any("toy/area.yaml:4: base_yaer" in one and "base_year?" in one for one in found)
    assert any("base_year: missing" in one for one in found)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("core_zone: a1", "core_zone: a9", "core_zone"),
        ("base_year: 2020", "base_year: soon", "base_year"),
        ("region_set: statistics\n", "region_set: statistic\n", "default_region_set"),
    ],
)
def test_setting_values(copy, old, new, key):
    path = copy / "area.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    assert key in {problem.key for problem in problems(copy)}


def test_an_area_is_read_once_and_again_when_a_table_has_changed(copy):
    first = load_area(str(copy))
    assert load_area(str(copy)) is first
    edit(copy, "cities", "unit", "unit ")
    edit(copy, "cities", "unit ", "unit")
    again = load_area(str(copy))
    assert again is not first
    assert again.zones == first.zones


def test_unload_area():
    with pytest.raises(ProblemsError, match="did you mean shenyang"):
        area_folder("shenyag")


def test_units_are_converted(copy):
    edit(copy, "employment", "a1,2020,works,8000,persons", "a1,2020,works,0.8,1e4 persons")
    area = load_area(copy)
    assert area.by_zone("employment", year=2020, sector="works")[0] == pytest.approx(8000)


ECONOMY = [
    ("gdp", "a,2020,original,secondary,22,", "a,2020,original,secondary,-22,",
     "a, 2020, secondary", "value added is -22; at least 0 (unit 1e8 yuan)"),
    ("gdp", "a,2020,original,secondary,22,", "a,2020,original,secondary,0,",
     "a, 2020, secondary", "value added is 0, and 19400 people work there"),
    ("input_output", "works,works,0.4,", "works,works,0.8,", "works",
     "inputs are 1.1 of output; at most 0.95 (unit 1)"),
    ("input_output", "farm,works,0.15,1,toy,assumed\n", "", "farm, works", "missing"),
    ("input_output", "farm,households", "farm,housholds", "user", "did you mean households?"),
    ("input_output", "works,works,0.4,", "works,works,-0.4,", "value", "outside [0, inf]"),
    ("sectors", "0.4,both", "0.4,boht", "local_supply", "did you mean both?"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "key", "message"), ECONOMY)
def test_economy_that_cannot_be(copy, table, old, new, key, message):
    edit(copy, table, old, new)
    found = [p for p in problems(copy) if p.key == key]
    assert found
    assert found[0].file == f"toy/{table}.csv"
    assert message in found[0].message


def test_output_without_workers(copy):
    """A sector without jobs is one thing; with value added and without jobs it is another."""
    path = copy / "employment.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    names = ("a1,2020,farm", "a2,2020,farm", "link,2020,farm")
    empty = [
        ",".join([*line.split(",")[:3], "0", *line.split(",")[4:]])
        if line.startswith(names)
        else line
        for line in lines
    ]
    path.write_text("\n".join(empty) + "\n", encoding="utf-8")
    problem = only(copy)
    assert problem.key == "a, 2020, primary"
    assert problem.message == "value added of 2 (1e8 yuan), and nobody works there"


def test_a_zone_without_a_sector_stays_without(copy):
    """One zone of the toy has no farming: no jobs, output or capital, now or later."""

    world = after(load_area(copy), 5)
    for name in ("jobs", "output", "capital", "investment"):
        assert world[name][0, 0, 0] == 0


def without(folder, table, start):
    """Rows that begin so are gone."""
    path = folder / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")


TOTALS = [
    ("gdp", "a,2020,original,total,60,", "a,2020,original,total,66,", "value",
     "a, 2020, original: total 66, but primary, secondary, tertiary sum to 60"),
    ("employment", "a1,2020,works,8000", "a1,2020,works,58000", "persons",
     "residents aged 15 and over"),
    ("universities", "a1,2020,2000", "a1,2020,200000", "persons", "of 60,000 residents"),
    ("carve_outs", "12000", "13000", "persons", "parts sum to 21,000, and 20,000 live there"),
    ("registered_zones", "a1,2010,53200", "a1,2010,63200", "value",
     "a, 2010: 100,000, but its zones sum to 110,000"),
    ("net_migration", "a1,2010-2020,200", "a1,2010-2020,-70000", "persons",
     "-70,000 a year of 60,000 residents"),
    ("net_migration", "a1,2010-2020,200,persons/yr", "a1,2010-2020,200,persons", "unit",
     "'persons', where 'persons/yr' is due"),
    ("wages", "a,2020,80000", "a,2020,0", "value", "outside [1"),
    ("mortality", "male,0,1,2015-2020,0.004", "male,0,1,2015-2020,0", "rate", "0 is outside"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "key", "message"), TOTALS)
def test_totals_that_disagree(copy, table, old, new, key, message):
    edit(copy, table, old, new)
    problem = only(copy)
    told = {"registered_zones": "registered"}.get(table, table)
    assert (problem.file, problem.key) == (f"toy/{told}.csv", key)
    assert problem.line
    assert message in problem.message


@pytest.mark.parametrize(
    ("table", "start", "key"),
    [
        ("mortality", "male,", "2015-2020, male"),
        ("participation", "2020,female,", "female"),
        ("migrants", "a1,2020,other_province", "a1, 2020, other_province"),
    ],
)
def test_missing_parts_of_profiles(copy, table, start, key):
    without(copy, table, start)
    problem = only(copy)
    assert (problem.file, problem.key, problem.message) == (f"toy/{table}.csv", key, "missing")


@pytest.mark.parametrize(
    ("table", "start"),
    [
        ("mortality", "male,5,"),
        ("participation", "2020,male,25,"),
        ("larger_area", "country,2000,male,0"),
    ],
)
def test_a_profile_without_an_age_group(copy, table, start):
    without(copy, table, start)
    for problem in problems(copy):
        assert (problem.file, problem.key) == (f"toy/{table}.csv", "age")
        assert "was due (ages out of order?)" in problem.message


@pytest.mark.parametrize("table", ["mortality", "participation"])
def test_profiles_out_of_order(copy, table):
    path = copy / f"{table}.csv"
    head, first, second, third, *rest = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([head, first, third, second, *rest]) + "\n", encoding="utf-8")
    problem = only(copy)
    assert (problem.file, problem.line, problem.key) == (f"toy/{table}.csv", 3, "age")
