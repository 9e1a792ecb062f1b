import pytest

from calibration.ledger import LEDGER, ledger_path, load_ledger
from model.area_loading import load_area
from model.problems import ProblemsError

AREA = load_area()
HEAD, *ROWS = LEDGER.read_text(encoding="utf-8").splitlines()
P026 = next(row for row in ROWS if row.startswith("P026"))


def problems(tmp_path, text):
    path = tmp_path / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_ledger(AREA, path)
    return [str(problem) for problem in caught.value.problems]


def test_every_row_of_the_ledger_is_a_target_in_units_of_the_model():
    targets = {target.id: target for target in load_ledger(AREA)}
    assert len(targets) == len(ROWS)
    assert (targets["P026"].value, targets["P026"].unit) == (12e6, "persons")
    assert targets["P014"].value == pytest.approx(0.625)
    assert targets["P024"].unit == "1e8 yuan"
    assert not targets["P068"].testable
    assert "accounting definition" in targets["P068"].reason


def test_all_statements_of_the_plans_are_there_and_every_one_is_settled():
    targets = load_ledger(AREA)
    assert [target.id for target in targets] == [f"P{n:03d}" for n in range(1, 215)]
    assert {target.kind for target in targets} == {"outcome", "input", "administrative"}
    for target in targets:
        assert bool(target.variable) if target.testable else bool(target.reason), target.id
        # context and inputs are no results; of registers, the model keeps that of technology firms
        counted = target.kind == "administrative" and target.variable == "technology_smes"
        assert not target.testable or target.kind == "outcome" or counted, target.id


def test_reasons_are_true_of_the_model_as_it_is():
    for target in load_ledger(AREA):
        assert "absent" not in target.reason, target.id
        assert not target.reason.startswith("waits"), target.id


def test_what_the_base_year_is_made_of_is_no_test_of_it():
    """Counts that the ladder of technology firms starts from are not scored, but its growth is."""
    table = [row for row in AREA.tables["technology_firms"] if row["place"] in AREA.zones]
    printed = {(row["place"], row["stage"], row["firms"]) for row in table}
    rows = {row.id: row for row in load_ledger(AREA)}
    assert {(rows[i].region, s, rows[i].value) for i, s in
            (("P193", "tech_sme"), ("P194", "high_tech"))} == printed  # fmt: skip
    assert not any(rows[f"P{n:03}"].testable for n in (15, *range(193, 198)))
    assert rows["P086"].testable


def test_both_datings_of_a_target_are_kept():
    targets = {target.id: target for target in load_ledger(AREA)}
    first, second = targets["P020"], targets["P069"]
    assert second.same_as == first.id
    assert (first.value, first.region, first.variable) == (
        second.value, second.region, second.variable,
    )  # fmt: skip
    assert (first.year, second.year) == (2025, 2024)
    assert {targets[row.same_as].indicator for row in targets.values() if row.same_as}


def test_money_targets_say_at_whose_prices():
    for target in load_ledger(AREA):
        if target.testable and "yuan" in target.unit:
            assert target.prices == "current", target.id


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("1e4 persons", "1e8 yuan", "unit", "cannot be turned into persons"),
        ("cities7,shenyang", "cities7,shenyag", "region", "did you mean shenyang"),
        ("cities7,shenyang", "cities9,shenyang", "region_set", "did you mean cities7"),
        (",population,", ",populaton,", "variable", "did you mean population"),
        (",population,", ",,", "variable", "names a variable"),
        ("1200", "many", "value", "cannot use 'many'"),
        ("1200", "nan", "value", "cannot use 'nan'"),
        (",2035,", ",20350,", "year", "cannot use '20350'"),
        (",>=,", ",=>,", "comparator", "unknown '=>'"),
        (",yes,", ",maybe,", "testable", "unknown 'maybe'"),
        (",001,", ",999,", "document", "unknown document"),
        (",plan_001,", ",plan_01,", "source", "did you mean plan_001"),
        (",yes,", ",no,", "reason", "says why"),
        (",yes,", ",context,", "reason", "says why"),
        (",2035,printed,", ",,printed,", "year", "is empty"),
        (",2035,printed,", ",,none,", "dating", "has a year"),
        (",2035,printed,,", ",2035,printed,2035,", "base_period", "is not before 2035"),
        (",1200,", ",,", "value", "is empty"),
        ("cities7,shenyang", "outside,dalian", "region_set", "lies in the study area"),
        (",yes,,,", ",yes,,talent,", "lever", "no id of a lever"),
        (",yes,,,", ",yes,,L127,", "lever", "no id of a lever; did you mean L12"),
        (",yes,,,,", ",yes,,,P01,", "same_as", "unknown 'P01'"),
    ],
)
def test_a_wrong_cell_is_named_with_line_and_column(tmp_path, old, new, column, message):
    assert old in P026
    (found,) = problems(tmp_path, f"{HEAD}\n{P026.replace(old, new, 1)}\n")
    assert found.startswith(f"ledger.csv:2: {column}: ")
    assert message in found


def test_a_unit_that_is_not_mapped_is_refused_even_where_nothing_is_tested(tmp_path):
    found = problems(tmp_path, f"{HEAD}\n{P026.replace('1e4 persons', 'parsecs')}\n")
    assert any("unknown 'parsecs'" in text for text in found)
    assert any("cannot be turned into persons" in text for text in found)
    untested = P026.replace("1e4 persons", "plotforms").replace(",yes,,", ",no,because,")
    (one,) = problems(tmp_path, f"{HEAD}\n{untested}\n")
    assert "did you mean platforms" in one


def test_tables_of_units_and_places_are_checked(tmp_path):
    (tmp_path / "plan_units.csv").write_text("unit,model_unit,factor\n1e4 persons,persons,no\n")
    (tmp_path / "plan_places.csv").write_text(
        "place,name_en,name_zh,members,beyond\nwest,West,W,fuxn,\n"
    )
    found = problems(tmp_path, f"{HEAD}\n{P026}\n")
    assert found[0] == "plan_units.csv:2: factor: cannot use 'no' (a number above 0)"
    assert "did you mean fuxin" in found[1]


def test_all_faults_come_together(tmp_path):
    bad = P026.replace("1200", "x").replace(",>=,", ",~,")
    short = "P999,x"
    found = problems(tmp_path, "\n".join([HEAD, bad, short, P026, P026]))
    assert len(found) == 5  # value, comparator, short row, and the id that stands thrice
    assert sum("already" in text for text in found) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "empty"), (" \n", "empty"), (HEAD, "no rows"), (HEAD.replace("unit,", ""), "missing"),
     (HEAD + ",extra", "unknown column")],
)  # fmt: skip
def test_a_broken_file_is_refused(tmp_path, text, message):
    assert message in problems(tmp_path, text)[0]


def test_a_missing_or_unreadable_file_is_refused(tmp_path):
    with pytest.raises(ProblemsError, match="missing"):
        load_ledger(AREA, tmp_path / "none.csv")
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProblemsError, match="not UTF-8"):
        load_ledger(AREA, tmp_path / "bytes.csv")


def test_another_area_has_no_ledger_unless_it_brings_one(tmp_path):
    class Elsewhere:
        folder = tmp_path

    assert ledger_path(Elsewhere) is None
    assert load_ledger(Elsewhere) == ()
    (tmp_path / "plan_ledger.csv").write_text("x")
    assert ledger_path(Elsewhere) == tmp_path / "plan_ledger.csv"
