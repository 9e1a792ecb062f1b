"""A start in an earlier year knows nothing later, and is otherwise a start like any other."""

import csv
import re

import numpy as np
import pytest

from model.area_loading import load_area
from model.base_year import baseline, initial_people
from model.base_year import baseline_people as traits
from model.problems import ProblemsError
from model.processes import PARAMETERS
from tests.worlds import TINY, arrays_of, plan_of, same_bytes, trend, world_of

FREE_TEXT = {
    "citation", "meaning", "adcode", "title_en", "title_zh", "line", "source", "evidence", "reason",
}  # fmt: skip


@pytest.fixture(scope="module", params=["tiny", "shenyang"])
def early(request):
    return load_area(request.getfixturevalue(request.param).folder, start="history")


def dates(value):
    """Years that a cell states: whole numbers, and four figures in a short text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return [value] if value >= 1900 else []
    texts = re.findall(r"\b(19\d\d|20\d\d)\b", value) if isinstance(value, str) else []
    return [int(text) for text in texts]


def test_no_row_is_later_than_the_base_year(early):
    assert early.base_year == 2010
    late = [
        (table, row.line, column)
        for table, rows in early.tables.items()
        for row in rows
        for column, value in row.values.items()
        if column not in FREE_TEXT
        for year in dates(value)
        if year > early.base_year
    ]
    assert not late


def test_what_a_run_from_the_past_says_does_not_depend_on_the_present(copy):
    """Every number of 2020 is changed; the run from 2010 stays the same to the last bit."""
    before = arrays_of(load_area(copy, start="history"), end=2015, count=2)
    for table in sorted(copy.glob("*.csv")):
        with table.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            head, rows = list(reader.fieldnames or ()), list(reader)
        if "year" not in head and "period" not in head:
            continue
        for row in rows:
            late = row.get("year", "") == "2020" or row.get("period", "") == "2010-2020"
            for column in ("persons", "value") if late else ():
                if column in row and "share" not in row:
                    row[column] = f"{float(row[column]) * 1.5:g}"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, head, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    after = arrays_of(load_area(copy, start="history"), end=2015, count=2)
    now = arrays_of(load_area(copy), end=2021, count=2)
    assert now["population"][0, 0].sum() == pytest.approx(300_000)
    for name, values in before.items():
        np.testing.assert_array_equal(values, after[name], err_msg=name)


def test_census_of_2010_comes_back(shenyang):
    early = load_area(shenyang.folder, start="history")
    found = arrays_of(early, end=2011)
    by_zone = baseline.people(shenyang, 2010)[: len(shenyang.zones)].sum(axis=(1, 2))
    assert by_zone.sum() == 21_995_522
    np.testing.assert_allclose(found["population"][0, 0], by_zone, rtol=1e-12)
    # Single ages above 85 lean on the death rates of each start; levels do not.
    margins = [traits.education_counts(area, 2010) for area in (early, shenyang)]
    np.testing.assert_allclose(*margins, rtol=1e-12)


def test_output_of_2010_is_the_revised_level(shenyang):
    early = load_area(shenyang.folder, start="history")
    regions, weights = early.statistics
    output = world_of(early)["gdp_real"][0] @ weights.T
    published = early.statistic("gdp", 2010, series="original", item="total")
    assert output[regions.index("shenyang")] == pytest.approx(3527.38, rel=1e-9)
    assert output[regions.index("fushun")] == pytest.approx(618.5, rel=1e-9)
    place = regions.index("tieling")
    assert output[place] == pytest.approx(0.72 * published[place], rel=1e-9)


TRUSTED = 2015
"""Budgets of earlier years are inflated: no start may read them."""


@pytest.mark.parametrize("start", ["production", "history"])
def test_no_start_reads_a_budget_from_before_they_can_be_trusted(shenyang, start, monkeypatch):
    area = load_area(shenyang.folder, start=start)
    assert min([row["year"] for row in area.tables["fiscal"]], default=TRUSTED) >= TRUSTED
    read, look_up = [], type(area).statistic

    def noted(self, table, year, **where):
        values = look_up(self, table, year, **where)
        if table == "fiscal" and np.isfinite(values).any():
            read.append(year)
        return values

    monkeypatch.setattr(type(area), "statistic", noted)
    world = world_of(area, count=2)
    assert np.all(world["budget_revenue"] > 0)
    assert set(read) == ({area.base_year} if start == "production" else set())


def test_budgets_of_the_past_put_back_change_nothing(copy):
    """What is assumed of a city stands in place of a row, whatever the row says."""
    before = arrays_of(load_area(copy, start="history"), end=2012, count=2)
    with (copy / "fiscal.csv").open("a", encoding="utf-8") as file:
        for city in "ab":
            file.write(f"{city},2010,revenue,9,1e8 yuan,toy,assumed\n")
            file.write(f"{city},2010,expenditure,99,1e8 yuan,toy,assumed\n")
    after = arrays_of(load_area(copy, start="history"), end=2012, count=2)
    assert same_bytes(before, after)


def test_more_is_spent_where_more_is_assumed(tiny):
    early = load_area(tiny.folder, start="history")
    plain, rich = world_of(early), world_of(early, trend(transfers_per_resident__a=3000))
    higher = world_of(early, trend(revenue_of_output__a=0.2))
    assert np.all(rich["budget_revenue"] == plain["budget_revenue"])
    assert rich["transfers"].sum() > 1.2 * plain["transfers"].sum()
    assert higher["budget_revenue"].sum() > plain["budget_revenue"].sum()


def test_net_migration_is_of_the_decade_before(shenyang):
    early = load_area(shenyang.folder, start="history")
    _, weights = early.statistics
    gained = early.by_zone("net_migration") @ weights.T
    assert gained.sum() == pytest.approx(64_796, abs=1)
    assert shenyang.by_zone("net_migration").sum() == pytest.approx(-45_768, abs=1)


def test_numbers_of_the_time_replace_those_of_today(tiny):
    early = load_area(tiny.folder, start="history")
    old, new = world_of(early), world_of(tiny)
    assert (old.params["demography"].fertility, new.params["demography"].fertility) == (0.8, 0.92)
    assert (old.assumed["net_exchange.near"], new.assumed["net_exchange.near"]) == (-20, -50)
    fixed = world_of(early, trend(demography__fertility=1.5))
    assert fixed.params["demography"].fertility == 1.5
    many = world_of(early, count=200).params["demography"].fertility
    assert np.median(many) == pytest.approx(0.8, abs=0.005)


def test_a_census_error_beyond_all_arrivals_is_cut_to_them():
    inflow = np.array([[60.0, 40.0], [60.0, 40.0], [60.0, 40.0]])
    given = np.array([20.0, 10.0])
    errors = np.array([[5.0, -5.0], [60.0, 60.0], [-90.0, -10.0]])
    found = initial_people.believable(given, errors, inflow)
    assert found[0].tolist() == [25, 5]
    assert found[1].tolist() == [50, 40]
    assert found[2].tolist() == [-70, 0]


@pytest.mark.slow
def test_every_draw_of_the_past_can_be_inverted(shenyang):
    early = load_area(shenyang.folder, start="history")
    for low in range(0, 60, 20):
        world = world_of(early, chosen=slice(low, low + 20), count=60)
        assert np.all(np.isfinite(world["attractiveness"]))


def test_address_loads_the_same_start(tiny):
    early = load_area(tiny.folder, start="history")
    again = load_area(plan_of(early).area)
    assert (again.start, again.base_year) == ("history", 2010)
    assert tiny.address == str(tiny.folder)


def test_unknown_start():
    with pytest.raises(ProblemsError, match="did you mean history"):
        load_area(TINY, start="histroy")


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("  base_year: 2010", "  base_year: soon", "history.base_year", "must be int"),
        ("  base_year: 2010", "  base_yaer: 2010", "history.base_yaer", "did you mean base_year"),
        ("  base_year: 2010", "  base_year: 2030", "history.base_year", "do not follow"),
        ("  price_year: 2010\n", "", "history.price_year", "missing"),
    ],
)
def test_faults_of_the_section(copy, old, new, key, message):
    path = copy / "area.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    assert any(p.key == key and message in p.message for p in caught.value.problems)


def test_an_area_without_history_says_so(copy):
    path = copy / "area.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("history:\n")], encoding="utf-8")
    assert load_area(copy).base_year == 2020
    with pytest.raises(ProblemsError, match="no start before its base year"):
        load_area(copy, start="history")


def test_what_is_missing_of_the_past_is_told_when_it_is_asked_for(copy):
    path = copy / "wages.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if ",2010," not in line), encoding="utf-8")
    assert load_area(copy).base_year == 2020
    with pytest.raises(ProblemsError, match="a, 2010: missing"):
        load_area(copy, start="history")


def test_zones_that_compare_are_those_never_redrawn(shenyang):
    said = {row["zone"]: row["comparable"] for row in shenyang.tables["comparable"]}
    assert set(said) == set(shenyang.zones)
    assert sum(said.values()) == 33
    assert said["heping"]
    assert not said["yuhong"]


@pytest.mark.slow
def test_a_draw_that_acceleration_only_stirs_comes_home_by_plain_steps(shenyang):
    """Draw 31 of seed 0 hovered at ten times the tolerance, where differences are rounding."""
    early = load_area(shenyang.folder, start="history")
    world = world_of(early, chosen=slice(31, 32), count=50)
    assert np.isfinite(world["attractiveness"]).all()


FITTED_LATER = re.compile(r"calibrated on|posterior from|2010-2020|censuses of 2010 and 2020")


def test_no_parameter_of_the_past_was_learned_from_years_after_it(shenyang):
    """What later data set has a value of the time in its place, with a prior of its own."""
    early = load_area(shenyang.folder, start="history")
    learned = {
        f"{prefix}.{name}": declared
        for prefix, cls in PARAMETERS.items()
        for name, declared in cls.declarations().items()
        if FITTED_LATER.search(declared.source)
    }
    assert {"industry.frontier_growth", "commuting.decay", "households.size_fall"} <= set(learned)
    assert not set(learned) - set(early.parameters)
    for name, declared in learned.items():
        assert early.parameters[name][1].text != declared.prior.text, name


FAULTS = {
    "a factor not above zero": ("labour_share_odds.farm", "0", "must lie above zero"),
    "a region there is not": ("gdp_inflation.nowhere", "0.8", "unknown region"),
    "an age there is not": ("participation_odds.male.0_900", "1", "ages within"),
}


@pytest.mark.parametrize("table", ["assumptions", "history_assumptions"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_it_stands_in(copy, table, fault):
    """Whichever of the two tables of assumptions it is, in a start that reads both."""
    name, value, words = FAULTS[fault]
    path = copy / f"{table}.csv"
    line = len(path.read_text(encoding="utf-8").splitlines()) + 1
    with path.open("a", encoding="utf-8") as file:
        file.write(f'{name},{value},"Uniform(0, 1)",wrong,1,toy,assumed\n')
    with pytest.raises(ProblemsError) as told:
        load_area(copy, start="history")
    own = [problem for problem in told.value.problems if words in problem.message]
    assert {(problem.file, problem.line) for problem in own} == {(f"toy/{table}.csv", line)}


def test_an_unknown_source_and_a_repeated_name_name_their_file_too(copy):
    path = copy / "history_assumptions.csv"
    row = '{},0.8,"Normal(0.8, 0.05) on [0.5, 1]",twice,1,{},assumed\n'
    with path.open("a", encoding="utf-8") as file:
        file.write(row.format("gdp_inflation.b", "nobody"))
    with pytest.raises(ProblemsError) as told:
        load_area(copy, start="history")
    found = [p for p in told.value.problems if "nobody" in p.message or "2 times" in p.message]
    assert {problem.key for problem in found} >= {"source", "gdp_inflation.b"}
    assert {problem.file for problem in found if problem.key != "replacement nobody"} == {
        "toy/history_assumptions.csv"
    }
