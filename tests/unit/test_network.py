"""Networks by hand, their dates, and every fault of their tables named."""

import numpy as np
import pytest

from model.area_loading import load_area
from model.checks.network import opening_messages
from model.network import (
    NEVER,
    along,
    burden,
    changed,
    links_in_service,
    members,
    open_projects,
    rides,
    road_factor,
    shorter,
)
from model.problems import ProblemsError
from model.scenario_loading import load_scenario
from tests.worlds import package, world_of

NONE = frozenset()


def test_a_line_counts_from_the_year_after_its_opening(tiny):
    def lines(year, openings):
        opened = open_projects(tiny, openings, year)
        return {row["line"] for row in links_in_service(tiny, opened, year)}

    assert "old_line" in lines(2006, {})
    assert "old_line" not in lines(2005, {})
    assert "new_line" in lines(2031, {}) - lines(2030, {})
    assert "new_line" in lines(2026, {"new_line": 2025})
    assert "new_line" not in lines(2040, {"new_line": "never"})
    assert "express" not in lines(2040, {})


def test_rides_by_hand(tiny):
    rail = rides(tiny, "rail", NONE, 2020)
    assert rail.minutes[0, 1] == rail.minutes[1, 0] == 25
    assert rail.headway[0, 1] == 960 / 48
    assert rail.minutes[0, 2] == NEVER
    metro = rides(tiny, "metro", frozenset({"metro_to_link"}), 2020)
    assert metro.minutes[0, 2] == 35
    assert (metro.boardings[0, 2], metro.fare[0, 2]) == (1, 6)


def test_the_better_of_two_lines_and_one_change():
    first, second = np.full((4, 3, 3), NEVER), np.full((4, 3, 3), NEVER)
    first[:, 0, 1] = first[:, 1, 0] = [10, 4, 1, 2]
    second[:, 1, 2] = second[:, 2, 1] = [20, 6, 1, 3]
    direct = shorter(first, second, 5.0)
    assert along(first)[0, 0, 2] == NEVER
    one = changed(direct, 5.0)
    assert one[:, 0, 2].tolist() == [30, 10, 2, 5]
    assert one[0, 0, 1] == NEVER
    assert burden(one, 5.0)[0, 2] == 30 + 2.5 + 10


def test_nobody_rides_out_and_back(tiny, shenyang):
    """A ride inside a zone is a link of its own, not the way to the next zone and back."""
    metro = rides(tiny, "metro", NONE, 2020)
    assert np.all(np.diag(metro.minutes) == NEVER)
    for name in ("metro", "coach", "rail"):
        network = rides(shenyang, name, NONE, 2021)
        links = [row for row in links_in_service(shenyang, NONE, 2021)
                 if row["from_station"] == row["to_station"]]  # fmt: skip
        inside = {shenyang.zones.index(row["from_station"].removeprefix("metro_")): row["minutes"]
                  for row in links if name == "metro"}  # fmt: skip
        wanted = [inside.get(int(zone), NEVER) for zone in network.zone]
        assert np.diag(network.minutes).tolist() == wanted
        assert np.all(np.diag(network.fastest) == wanted)


def test_roads_change_only_their_pairs(tiny):
    (factor,) = road_factor(tiny, frozenset({"highway"}), np.ones((1, 1)))
    changed_pairs = {(a, b) for a in range(5) for b in range(5) if factor[a, b] != 1}
    assert changed_pairs == {(0, 2), (2, 0), (0, 3), (3, 0)}
    assert np.all(road_factor(tiny, NONE, np.ones((1, 1))) == 1)
    drawn = road_factor(tiny, frozenset({"highway"}), np.array([[0.5], [1.0], [2.0]]))
    np.testing.assert_allclose(drawn[:, 0, 2], [0.8**0.5, 0.8, 0.64], rtol=1e-15)
    assert np.all(drawn[:, 0, 1] == 1)
    assert members(tiny, ("b",)).tolist() == [False, False, True, True, False]


BAD = [
    ("links", "old_line,a_station", "old_line,a_statoin", "from_station", "did you mean a_station"),
    ("links", ",25,48", ",-25,48", "minutes", "outside"),
    ("links", ",25,48", ",,48", "minutes", "empty"),
    ("links", ",25,48", ",25,0", "trains", "outside"),
    ("links", "10,2005,,", "10,,,", "opened", "either a year of its own or a project"),
    ("links", "10,2005,,", "10,2005,express,", "opened", "either a year of its own"),
    ("links", ",,express,", ",,expres,", "project", "did you mean express"),
    ("links", "old_line,a_station,b_station", "old_line,a_station,metro_a1", "to_station",
     "different networks"),
    ("links", "old_line,a_station,b_station", "old_line,a_station,a_station", "to_station",
     "to itself"),
    ("stations", "b_halt,B halt,乙二站,b2", "b_halt,B halt,乙二站,b3", "zone", "unknown 'b3'"),
    ("stations", "high_speed,18", "high_sped,18", "kind", "did you mean high_speed"),
    ("projects", "New line,新线,2030", "New line,新线,20300", "opened", "outside"),
    ("projects", "faster_trains", "faster_train", "levers", "did you mean faster_trains"),
    ("roads", "highway,a1,b,0.8", "highway,a1,c,0.8", "partners", "unknown 'c'"),
    ("roads", "highway,a1,b,0.8", "highway,a1,b,0", "factor", "outside"),
    ("roads", "highway,a1,b,0.8", "highway,a1,a1,0.8", "partners", "changes nothing"),
    ("zones", "41.0,123.3,200", "51.0,103.3,200", "link", "cut off"),
    ("assumptions", "mode_share.rail", "mode_share.tram", "mode_share.rail", "missing"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "key", "message"), BAD)
def test_bad_tables_are_refused(copy, table, old, new, key, message):
    path = copy / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    hits = [p for p in caught.value.problems if p.key == key and message in p.message]
    assert hits, [str(p) for p in caught.value.problems]


def test_a_zone_that_is_cut_off_is_told_alone_with_its_line(copy):
    path = copy / "zones.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    (row,) = [at for at, line in enumerate(lines) if "41.0,123.3,200" in line]
    lines[row] = lines[row].replace("41.0,123.3,200", "51.0,103.3,200")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    (told,) = [problem for problem in caught.value.problems if "cut off" in problem.message]
    assert (told.line, told.key) == (row + 1, lines[row].split(",")[0])


def test_a_project_without_works(copy):
    path = copy / "projects.csv"
    path.write_text(path.read_text(encoding="utf-8") + "idle,Idle,空,,,,year,toy,assumed\n")
    with pytest.raises(ProblemsError, match="no link and no road belongs to it"):
        load_area(copy)


@pytest.mark.parametrize(
    ("openings", "levers", "message"),
    [
        ({"expres": 2025}, {}, "unknown project; did you mean express?"),
        ({"express": 2020}, {}, "first year is 2021"),
        ({"express": 2025}, {"faster_trains": 1.0}, "counted twice: the lever faster_trains"),
    ],
)
def test_bad_openings(tiny, openings, levers, message):
    ((_, found),) = opening_messages(tiny, openings, levers)
    assert message in found


def test_openings_of_a_scenario_file(tmp_path, tiny):
    head = 'title: "Lines"\ndescription: ["1."]\n'
    path = tmp_path / "lines.yaml"
    path.write_text(head + "openings: {express: 2025, new_line: never}\n", encoding="utf-8")
    found = load_scenario(path, tiny)
    assert found.openings == {"express": 2025, "new_line": "never"}
    assert "express: 2025" in found.to_yaml()
    world = world_of(tiny, found)
    assert world.package.openings == found.openings
    path.write_text(head + "openings: {expres: 2025, new_line: 1066}\n", encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_scenario(path, tiny)
    texts = [str(problem) for problem in caught.value.problems]
    assert any("openings.expres" in text and ":3:" in text for text in texts)
    assert any("openings.new_line" in text for text in texts)


def test_a_lever_and_its_project_count_once(tmp_path, tiny):
    path = tmp_path / "twice.yaml"
    text = 'title: "Twice"\ndescription: ["1."]\nlevers: {faster_trains: 1}\n'
    path.write_text(text + "openings: {express: 2025}\n", encoding="utf-8")
    with pytest.raises(ProblemsError, match="counted twice"):
        load_scenario(path, tiny)
    assert package("faster_trains").openings == {}
