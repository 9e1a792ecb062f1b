"""Scenario files: what they inherit, and what is refused, all at once and by line."""

import numpy as np
import pytest

from model.area_loading import load_area
from model.arguments import check_arguments, settle
from model.checks.scenario import known_names, setting_error
from model.problems import ProblemsError
from model.scenario import Realisation, Scenario, chinese_title
from model.scenario_differences import differences
from model.scenario_file import LeverSetting
from model.scenario_loading import load_scenario, parse_scenario, scenario_names

HEAD = 'title: "A test"\ndescription: ["1. One"]\n'


@pytest.fixture
def write(tmp_path):
    def writer(text, name="mine", head=HEAD):
        path = tmp_path / f"{name}.yaml"
        path.write_text(head + text, encoding="utf-8")
        return path

    return writer


def problems(path, area):
    with pytest.raises(ProblemsError) as caught:
        load_scenario(path, area)
    return caught.value.problems


def test_plain_numbers_and_mappings(write, tiny):
    text = "levers:\n  schools: 0.5\n  park: {dose: 2, start: 2025, end: 2027}\n"
    text += "assumptions:\n  labour.adjustment: 0.3\n  mean_stay: {value: 9, unit: years}\n"
    found = load_scenario(write(text + "run: {end: 2040}\n"), tiny)
    assert found.levers["schools"].dose == 0.5
    assert (found.levers["park"].start, found.levers["park"].end) == (2025, 2027)
    assert found.assumptions == {"labour.adjustment": 0.3, "mean_stay": 9}
    assert settle([found], "mean", 1, 1, None, tiny) == ([found], 2040)
    assert settle([found], "mean", 1, 1, 2030, tiny)[1] == 2030


def test_extends(write, tiny):
    write("levers: {schools: 0.5, park: 1}\nrealisation: {share: 0.5}\nrun: {end: 2040}\n", "base")
    found = load_scenario(write("extends: base\nlevers: {park: 2}\n"), tiny)
    assert {name: one.dose for name, one in found.levers.items()} == {"schools": 0.5, "park": 2}
    assert (found.realisation.share, found.end, found.parents) == (0.5, 2040, ("base",))


def test_combine(write, tiny):
    write("levers: {schools: 0.5}\n", "one")
    write("levers: {park: 1}\n", "two")
    found = load_scenario(write("combine: [one, two]\n"), tiny)
    assert set(found.levers) == {"schools", "park"}


def test_combine_refuses_a_scenario_twice(write, tiny):
    write("levers: {schools: 0.5}\n", "one")
    (problem,) = problems(write("combine: [one, one]\n"), tiny)
    assert "one is given more than once" in str(problem)


def test_extends_a_file_beside_it_by_path(write, tiny):
    write("levers: {schools: 0.5}\n", "one")
    found = load_scenario(write("extends: one.yaml\n"), tiny)
    assert found.levers["schools"].dose == 0.5


def test_combine_refuses_what_both_set(write, tiny):
    write("levers: {schools: 0.5}\n", "one")
    write("levers: {schools: 1}\n", "two")
    (problem,) = problems(write("combine: [one, two]\n"), tiny)
    assert "levers.schools: set by both one and two" in str(problem)
    assert problem.line == 3


BAD = [
    ("levers: {schols: 1}", "levers.schols", "did you mean schools?"),
    ("assumptions: {labour.adjustmant: 1}", "labour.adjustmant", "did you mean labour.adj"),
    ("levers: {schools: 9}", "levers.schools.dose", "9 is above 3"),
    ("levers: {schools: -1}", "levers.schools.dose", "-1 is below 0"),
    ("levers: {schools: much}", "levers.schools", ""),
    ("assumptions: {labour.adjustment: 7}", "labour.adjustment", "outside [0.01, 1] (unit 1/yr)"),
    ("assumptions: {mean_stay: {value: 9, unit: months}}", "mean_stay", "is in 'years'"),
    ("assumptions: {energy_intensity.works: -0.1}", "energy_intensity.works",
     "works = -0.1 is outside (0, inf) (unit tce per 1e4 yuan)"),
    ("assumptions: {mode_share.car: -0.2}", "mode_share.car", "outside (0, inf) (unit 1)"),
    ("assumptions: {mean_stay: 0}", "mean_stay", "outside (0, inf) (unit years)"),
    ("assumptions: {job_surplus.a1: -0.6}", "job_surplus.a1", "outside [-0.5, 1] (unit 1)"),
    ("assumptions: {inflow_share.near: 0.8}", "inflow_share.near",
     "outside [0.3, 0.7] (unit share)"),
    ("levrs: {}", "levrs", "did you mean levers?"),
    ("levers: {schools: {dos: 1}}", "levers.schools.dos", "did you mean dose?"),
    ("levers: {schools: {start: 2020}}", "levers.schools", "first year is 2021"),
    ("levers: {schools: {start: 2031}}", "levers.schools", "ends in 2030 before"),
    ("levers: {schools: {start: 2025, end: 2024}}", "levers.schools", "before start"),
    ("run: {end: 2020}", "run.end", "not after the base year"),
    ("realisation: {share: 1.5}", "realisation.share", "must be a number in [0, 1]"),
    ("realisation: {budget: free}", "realisation.budget", "capped"),
    ("extends: nothing_here", "", "no such scenario"),
    ("extends: a\ncombine: [b]", "", "either extends"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "message"), BAD)
def test_refused(write, tiny, text, key, message):
    found = problems(write(text + "\n"), tiny)
    hits = [one for one in found if key in one.key and message in one.message]
    assert hits, [str(one) for one in found]
    if key:
        assert hits[0].line == 3


def test_what_is_merely_unlikely_is_not_refused(write, tiny):
    """Far beyond the range of each prior, and yet possible."""
    given = {"mean_stay": 40, "job_surplus.a1": 0.9, "energy_intensity.works": 20, "degree_days": 0}
    text = "".join(f"  {name}: {value}\n" for name, value in given.items())
    assert load_scenario(write("assumptions:\n" + text), tiny).assumptions == given


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
@pytest.mark.parametrize("start", [None, "history"])
def test_every_number_of_an_area_is_within_its_own_bounds(request, name, start):
    area = load_area(request.getfixturevalue(name).folder, start=start)
    known = known_names(area).parameters
    for row in area.tables["assumptions"]:
        assert setting_error(row["id"], row["value"], known[row["id"]]) is None


def test_every_fault_at_once(write, tiny):
    text = "levers: {schols: 1, park: 9}\nassumptions: {labour.adjustment: 7}\nrun: {end: 1}\n"
    assert len(problems(write(text), tiny)) >= 3


def test_a_fault_hides_no_other_of_the_same_lever(write, tiny):
    text = "levers: {schools: {start: 2025, end: 2024, zones: [nowhere]}}\n"
    told = " ".join(one.message for one in problems(write(text), tiny))
    assert "before start" in told
    assert "unknown place 'nowhere' in zones" in told


def test_header_is_required(write, tiny):
    found = problems(write("levers: {}\n", head=""), tiny)
    assert {one.key for one in found} >= {"title", "description"}


def test_circle(write, tiny):
    write("extends: two\n", "one")
    found = problems(write("extends: one\n", "two"), tiny)
    assert any("goes round in a circle" in one.message for one in found)


def test_text_of_a_scenario_reads_back(write, tiny):
    found = load_scenario(
        write("levers: {schools: {dose: 0.5, start: 2025}}\nrealisation: {share: drawn}\n"), tiny
    )
    again = parse_scenario(found.to_yaml(), found.name, tiny)
    assert differences(found, again) == []


def test_chinese_title_is_optional_kept_and_joined(write, tiny):
    path = write("title_zh: 试验情景\n")
    found = load_scenario(path, tiny)
    again = parse_scenario(found.to_yaml(), found.name, tiny)
    assert (found.title, found.title_zh) == ("A test", "试验情景")
    assert (again.title, again.title_zh) == ("A test", "试验情景")
    bare = load_scenario(write("", "bare"), tiny)
    assert (bare.title_zh, "title_zh" in bare.to_yaml()) == ("", False)
    assert chinese_title([found, bare]) == "试验情景；A test"
    assert chinese_title([bare, bare]) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title_zh: 12\n", "must be one text"),
        ('title_zh: ""\n', "must not be empty"),
        ("titel_zh: 试验\n", "did you mean title_zh"),
    ],
)
def test_a_wrong_chinese_title_is_told(text, told, write, tiny):
    (found,) = problems(write(text), tiny)
    assert told in found.message
    assert found.line == 3


def test_text_of_a_scenario_made_in_python_reads_back(tiny):
    made = Scenario("made", "Made in a notebook", assumptions={"mean_stay": 9.0})
    assert differences(made, parse_scenario(made.to_yaml(), "made", tiny)) == []


@pytest.mark.parametrize(
    ("parts", "key", "told"),
    [
        ({"assumptions": {"mean_stya": 9.0}}, "assumptions.mean_stya", "did you mean mean_stay"),
        ({"assumptions": {"mean_stay": -9.0}}, "assumptions.mean_stay", "is outside (0, inf)"),
        ({"assumptions": {"mean_stay": "long"}}, "assumptions.mean_stay", "must be a number"),
        ({"levers": {"school": LeverSetting()}}, "levers.school", "did you mean schools"),
        ({"levers": {"schools": {"dose": 1}}}, "levers.schools", "must be a LeverSetting"),
        ({"levers": {"schools": LeverSetting(zones=("x",))}}, "levers.schools", "unknown place"),
        ({"openings": {"tunnel": 2030}}, "openings.tunnel", "unknown project"),
        ({"realisation": Realisation(share=30.0)}, "realisation.share", "written as a share: 0.3"),
        ({"maps_to": {2: ("schools",)}}, "maps_to.2", "there is no number 2"),
        ({"end": 2020}, "run.end", "is not after the base year 2020"),
    ],
)
def test_a_scenario_made_in_python_is_checked_as_a_file_is(parts, key, told, tiny):
    with pytest.raises(ProblemsError) as caught:
        settle([Scenario("made", "Made", **parts)], "mean", 1, 1, 2022, tiny)
    (found,) = caught.value.problems
    assert (found.file, found.key) == ("made", key)
    assert told in found.message


def test_numbers_of_numpy_can_be_written_down(tiny):
    made = Scenario("made", "Made", assumptions={"mean_stay": np.float64(9.0)})
    ((settled,), _) = settle([made], "mean", 1, 1, 2022, tiny)
    assert parse_scenario(settled.to_yaml(), "made", tiny).assumptions == {"mean_stay": 9.0}


def test_differences_name_both_sides(write, tiny):
    one = load_scenario(write("levers: {schools: 0.5}\n", "one"), tiny)
    two = load_scenario(write("levers: {schools: 1}\nassumptions: {mean_stay: 9}\n", "two"), tiny)
    assert differences(one, two) == [
        ("assumptions.mean_stay", None, 9), ("levers.schools.dose", 0.5, 1.0),
    ]  # fmt: skip


@pytest.mark.parametrize("name", scenario_names())
def test_our_scenarios_load(name, shenyang):
    found = load_scenario(name, shenyang)
    assert found.description
    assert found.left_out


def test_a_name_and_its_path_are_one_scenario(shenyang):
    with pytest.raises(ProblemsError, match="trend is given more than once"):
        settle(["trend", "scenarios/trend.yaml"], "mean", 1, 1, None, shenyang)


def test_arguments_are_refused_all_at_once(tiny):
    with pytest.raises(ProblemsError) as caught:
        check_arguments("magic", 0, 0, 2020, tiny, [])
    assert {one.key for one in caught.value.problems} == {
        "engine",
        "scale",
        "draws",
        "end",
        "scenario",
    }
