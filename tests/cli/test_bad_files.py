"""What a bad scenario file gets: one message with file, line and key; exit 2; nothing written."""

import shutil

import pytest

from tests.command import call
from tests.worlds import ROOT

HEAD = "title: A try\ndescription: [one]\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\ntitle: &c [*b, *b]\n"

BAD = {
    "unknown key": (HEAD + "levres: {}\n", 3, ("levres", "did you mean levers?")),
    "unknown lever": (HEAD + "levers:\n  talent_zoo: 1.0\n", 4, ("talent_zoo", "talent_zone")),
    "unknown parameter": (
        HEAD + "assumptions:\n  demography.fertilty: 1.0\n", 4, ("demography.fertility",),
    ),
    "unknown city": (
        HEAD + "assumptions:\n  net_exchange.dalain: -1\n", 4, ("net_exchange.dalian",),
    ),
    "wrong unit": (
        HEAD + "assumptions:\n  demography.fertility: {value: 1.0, unit: percent}\n", 4,
        ("percent", "births per woman"),
    ),
    "out of bound": (HEAD + "assumptions:\n  demography.fertility: 12.0\n", 4, ("12", "[0.3, 3]")),
    "dose too high": (HEAD + "levers:\n  talent_zone: 9.0\n", 4, ("talent_zone", "9.0")),
    "text for a number": (HEAD + "levers:\n  talent_zone: much\n", 4, ("talent_zone",)),
    "impossible year": (HEAD + "run:\n  end: 20350\n", 4, ("run.end", "20350")),
    "year before the base": (HEAD + "run:\n  end: 2010\n", 4, ("run.end", "2020")),
    "lever before the base": (
        HEAD + "levers:\n  talent_zone: {dose: 1.0, start: 2015}\n", 4, ("2015", "2021"),
    ),
    "lever upside down": (
        HEAD + "levers:\n  talent_zone: {dose: 1.0, start: 2030, end: 2025}\n", 4, ("2025",),
    ),
    "unknown zone": (
        HEAD + "levers:\n  talent_zone: {zones: [hunan, heping]}\n", 4, ("hunan", "hunnan"),
    ),
    "unknown partner": (
        HEAD + "levers:\n  missing_road_links: {partners: [benx]}\n", 4, ("benx", "benxi"),
    ),
    "no zone": (HEAD + "levers:\n  talent_zone: {zones: []}\n", 4, ("zones",)),
    "not represented": (
        HEAD + "levers:\n  cross_region_insurance: 1.0\n", 4, ("left_out", "no social insurance"),
    ),
    "over before the base": (
        HEAD + "levers:\n  shared_job_information_2016: 1.0\n", 4, ("over by 2018", "2021"),
    ),
    "unknown budget rule": (HEAD + "realisation: {budget: stric}\n", 3, ("stric",)),
    "placebo out of bound": (HEAD + "realisation: {effect: 2}\n", 3, ("effect", "2")),
    "statement that is not there": (
        HEAD + "maps_to:\n  2: [talent_zone]\n", 4, ("1 statements", "number 2"),
    ),
    "statement carried by nothing": (
        HEAD + "maps_to:\n  1: [talent_zoo]\n", 4, ("talent_zoo", "talent_zone"),
    ),
    "both parents": (HEAD + "extends: trend\ncombine: [trend]\n", None, ("extends", "combin")),
    "no title": ("description: [one]\n", None, ("title", "missing")),
    "empty": ("", None, ("empty",)),
    "only comments": ("# nothing\n", None, ()),
    "bomb": (BOMB, 1, ("anchors and aliases",)),
    "tag": (HEAD + "end: !!python/object/apply:os.getcwd []\n", 3, ("tag",)),
    "tab": (HEAD + "levers:\n\ttalent_zone: 1.0\n", 4, ("YAML", "indent with spaces")),
    "Chinese lever": (HEAD + "levers: {沈白高铁: 1}\n", 3, ("mean shenyang_baihe_railway?",)),
    "number of a lever": (HEAD + "levers: {L007: 1}\n", 3, ("mean shenyang_baihe_railway?",)),
    "Chinese place": (
        HEAD + "levers:\n  hunnan_parks: {zones: [浑南]}\n", 4, ("浑南", "did you mean hunnan?"),
    ),
    "Chinese project": (HEAD + "openings: {沈白高铁: 2025}\n", 3, ("mean shenyang_baihe_line?",)),
    "Chinese colon": (HEAD + "levers：\n  talent_zone：1\n", 3, ("write levers:",)),
    "Chinese comma": (
        HEAD + "levers:\n  talent_zone: {dose: 1， end: 2030}\n", 4,
        ("write talent_zone: {dose: 1, end: 2030}",),
    ),
    "Chinese colon inside": (
        HEAD + "levers:\n  talent_zone：1.0\n", 3, ("name: value", "write talent_zone: 1.0"),
    ),
    "full-width digits": (HEAD + "levers: {talent_zone: ０.５}\n", 3, ("number", "write 0.5")),
    "full-width space": (HEAD + "levers:\n\u3000talent_zone: 1\n", 4, ("wide space",)),
    "percent sign": (HEAD + "realisation: {share: 30%}\n", 3, ("[0, 1]", "as a share: 0.3")),
    "percent": (HEAD + "realisation: {share: 30}\n", 3, ("[0, 1]", "as a share: 0.3")),
    "percent of an assumption": (
        HEAD + "assumptions: {fiscal.land_net: 30}\n", 3, ("outside [0", "as a share: 0.3"),
    ),
    "a date": (HEAD + "levers: {talent_zone: {end: 2030-01-01}}\n", 3, ("write 2030",)),
    "a year in Chinese": (HEAD + "levers: {talent_zone: {end: 2030年}}\n", 3, ("write 2030",)),
    "not indented": (
        HEAD + "levers:\ntalent_zone: 1.0\n", 4, ("levers: empty", "belongs below levers"),
    ),
    "no space": (HEAD + "levers:\n  talent_zone:1.0\n", 3, ("talent_zone: 1.0",)),
    "one text for a list": ("title: 地铁\ndescription: 一\n", 2, ("must be a list, such as [一]",)),
    "a list to extend": (HEAD + "extends: [trend, placebo]\n", 3, ("1 problem", "combine")),
    "garbage": ("\x00\x01{{{[", None, ()),
    "a list": ("- one\n- two\n", 1, ("mapping",)),
    "repeated key": (HEAD + "title: Again\n", 3, ("title", "twice")),
    "deep": (HEAD + "levers: " + "[" * 500 + "]" * 500 + "\n", None, ()),
}  # fmt: skip


def refused(path, *words):
    """Result of validating a file that must be refused; nothing may be written."""
    before = sorted(path.parent.iterdir())
    found = call("validate", path)
    assert found.exit_code == 2, found.output
    assert "Traceback" not in found.output
    assert path.name in found.stderr
    assert "problem" in found.stderr.splitlines()[0]
    for word in words:
        assert word in found.stderr
    assert sorted(path.parent.iterdir()) == before
    return found.stderr


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused(case, tmp_path):
    text, line, words = BAD[case]
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    told = refused(path, *words)
    if line is not None:
        assert f"mine.yaml:{line}: " in told


def test_all_problems_come_at_once(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        HEAD + "levers:\n  talent_zoo: 1.0\nassumptions:\n  demography.fertility: 12.0\n",
        encoding="utf-8",
    )
    refused(path, "2 problems", "mine.yaml:4", "talent_zoo", "mine.yaml:6", "demography.fertility")


def test_every_fault_of_a_plan_comes_at_once(tmp_path):
    """Dose, zone, dates and name: four lines, four problems, nearest names, nothing run."""
    path, out = tmp_path / "mine.yaml", tmp_path / "out.nc"
    levers = (
        "  talent_zone: 9.0\n"
        "  hunnan_parks: {zones: [hunan]}\n"
        "  sino_german_park: {start: 2030, end: 2025}\n"
        "  metro_phase_thre: 1.0\n"
    )
    path.write_text(HEAD + "levers:\n" + levers, encoding="utf-8")
    refused(
        path, "4 problems", "above 3", "did you mean hunnan", "before start", "metro_phase_three"
    )
    found = call("run", path, "--out", out)
    assert (found.exit_code, found.stdout, out.exists()) == (2, "", False)


def test_doses_that_cannot_be_paid_run_nothing(tmp_path):
    path, out = tmp_path / "mine.yaml", tmp_path / "out.nc"
    text = HEAD + "levers: {metro_phase_three: 1.0}\nrealisation: {budget: strict}\n"
    path.write_text(text, encoding="utf-8")
    found = call("run", path, "--out", out)
    assert (found.exit_code, found.stdout, out.exists()) == (2, "", False)
    assert "strict, but in 2023 shenyang would have to pay 109.0" in found.stderr


FIVE = (
    "above 3", "did you mean hunnan", "before start", "strict, but in 2023 shenyang would have",
    "unknown 'parsecs'",
)  # fmt: skip


@pytest.fixture
def five(tmp_path):
    """An area with a ledger of its own, and two scenarios: between them, every kind of fault."""
    from calibration.ledger import LEDGER

    folder = shutil.copytree(ROOT / "model" / "data" / "shenyang", tmp_path / "mine")
    for name in ("plan_units.csv", "plan_places.csv"):
        shutil.copy(LEDGER.parent / name, folder / name)
    text = LEDGER.read_text(encoding="utf-8")
    assert ",1e4 persons," in text
    text = text.replace(",1e4 persons,", ",parsecs,", 1)
    (folder / "plan_ledger.csv").write_text(text, encoding="utf-8")
    wrong, dear = tmp_path / "wrong.yaml", tmp_path / "dear.yaml"
    wrong.write_text(
        HEAD + "levers:\n  talent_zone: 9.0\n  hunnan_parks: {zones: [hunan]}\n"
        "  sino_german_park: {start: 2030, end: 2025}\n",
        encoding="utf-8",
    )
    strict = "levers: {metro_phase_three: 1.0}\nrealisation: {budget: strict}\n"
    dear.write_text(HEAD + strict, encoding="utf-8")
    return folder, wrong, dear


def test_the_five_kinds_come_at_once(five):
    """Dose, zone, dates, a bill that cannot be paid, a unit that is not mapped."""
    folder, wrong, dear = five
    found = call("validate", wrong, dear, "--area", folder)
    assert found.exit_code == 2
    for words in FIVE:
        assert words in found.stderr, words


def test_a_bill_is_told_beside_the_faults_of_another_file(five, tmp_path):
    _, wrong, dear = five
    out = tmp_path / "out.nc"
    found = call("compare", wrong, dear, "--draws", 2, "--out", out)
    assert (found.exit_code, found.stdout, out.exists()) == (2, "", False)
    for words in FIVE[:4]:
        assert words in found.stderr, words


def test_targets_tell_of_ledger_and_scenario_together(five):
    folder, wrong, _ = five
    found = call("targets", wrong, "--draws", 2, "--area", folder)
    assert (found.exit_code, found.stdout) == (2, "")
    for words in (*FIVE[:3], FIVE[4]):
        assert words in found.stderr, words


def test_problems_of_shape_do_not_hide_those_of_value(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + "foo: 1\nassumptions:\n  demography.fertility: 12.0\n", encoding="utf-8")
    refused(path, "2 problems", "foo", "demography.fertility")


def test_a_missing_parent_is_told_where_it_is_asked_for(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + "extends: trned\n", encoding="utf-8")
    refused(path, "mine.yaml:3: extends", "trned", "did you mean trend?")


def test_a_short_chinese_title_is_a_title(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("title: 地铁\ndescription: [一]\n", encoding="utf-8")
    assert call("validate", path).exit_code == 0


@pytest.mark.parametrize(("encoding", "name"), [("gbk", "GBK"), ("utf-16", "UTF-16")])
def test_another_encoding_is_named(encoding, name, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(HEAD + "extends: trend # 趋势\n", encoding=encoding)
    refused(path, f"reads as {name}: save it again as UTF-8")


def test_a_mark_at_the_start_and_other_ends_of_line_are_no_fault(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes((HEAD + "extends: trend\n").replace("\n", "\r\n").encode("utf-8-sig"))
    assert call("validate", path).exit_code == 0


def test_a_folder_is_not_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").mkdir()
    (tmp_path / "plans").mkdir()
    refused(tmp_path / "mine.yaml", "is a folder: name one file in it")
    assert "plans is a folder" in call("validate", "plans").stderr


def test_half_a_path_is_told_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("mine.yaml", "notes.txt"):
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
    assert "give the path of a file in full: mine.yaml" in call("validate", "mine").stderr
    assert "its name must end in .yaml" in call("validate", "notes.txt").stderr


def test_levers_are_found_by_their_chinese_names():
    assert "L007" in call("levers", "show", "沈白高铁").stdout
    assert "did you mean shenyang_baihe_railway?" in call("levers", "show", "白高铁").stderr
    assert "did you mean shenyang?" in call("levers", "--city", "沈阳").stderr
    assert "try fewer, or another word" in call("levers", "--text", "没有").stderr


def test_a_copied_area_is_checked_by_its_tables_alone(tmp_path):
    folder = shutil.copytree(ROOT / "tests" / "areas" / "tiny", tmp_path / "mine")
    found = call("validate", "--area", folder)
    assert (found.exit_code, found.stderr) == (0, "")
    assert "area mine" in found.stdout
    assert "trend" not in found.stdout


SPREADSHEET = {
    "thousands": (lambda text: text.replace(",1200,", ',"1,200",', 1), ":2: persons", "write 1200"),
    "semicolons": (lambda text: text.replace(",", ";"), ":1: ", "parted by commas"),
    "encoding": (lambda text: text.replace("toy", "玩具", 1), ":2: ", "reads as GBK"),
}


@pytest.mark.parametrize("case", SPREADSHEET)
def test_what_a_spreadsheet_does_to_a_table_is_told(case, tmp_path):
    folder = shutil.copytree(ROOT / "tests" / "areas" / "tiny", tmp_path / "mine")
    spoil, place, words = SPREADSHEET[case]
    table = folder / "population.csv"
    spoilt = spoil(table.read_text(encoding="utf-8"))
    table.write_text(spoilt, encoding="gbk" if case == "encoding" else "utf-8")
    found = call("validate", "--area", folder)
    assert found.exit_code == 2
    assert f"population.csv{place}" in found.stderr
    assert words in found.stderr


def test_a_missing_file(tmp_path):
    refused(tmp_path / "absent.yaml", "no such scenario")


def test_a_large_file(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_text(HEAD + "# " + "x" * 10_000_000, encoding="utf-8")
    refused(path, "bytes")


def test_bytes_that_are_no_text(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"title: \xff\xfe\n")
    refused(path, "UTF-8")


def test_extends_in_a_circle(tmp_path):
    for name, parent in (("one", "two"), ("two", "one")):
        (tmp_path / f"{name}.yaml").write_text(HEAD + f"extends: {parent}\n", encoding="utf-8")
    refused(tmp_path / "one.yaml", "circle", "one -> two -> one")


def test_two_files_set_one_lever(tmp_path):
    for name in ("one", "two"):
        text = HEAD + "levers:\n  talent_zone: 1.0\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "both.yaml"
    path.write_text(HEAD + "combine: [one, two]\n", encoding="utf-8")
    told = refused(path, "talent_zone", "one", "two")
    assert "both.yaml:3: levers.talent_zone" in told


def test_a_bad_file_writes_nothing_when_run(tmp_path):
    path, out = tmp_path / "mine.yaml", tmp_path / "out.nc"
    path.write_text(HEAD + "foo: 1\n", encoding="utf-8")
    found = call("run", path, "--out", out)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert not out.exists()


def test_a_folder_that_is_no_area(tmp_path):
    found = call("validate", "--area", tmp_path)
    assert found.exit_code == 2
    assert "missing" in found.stderr
    assert "Traceback" not in found.output
