"""Flow tables: what is read, and everything that is refused."""

import numpy as np
import pandas as pd
import pytest

from calibration.flow_tables import flows_of_frame, flows_of_matrix, read_flows
from model.problems import ProblemsError

GOOD = {"origin": ["b", "a"], "destination": ["a", "b"], "flow": [3, 0], "cost": [1.5, 2]}


def problems_of(call, *arguments, **named):
    with pytest.raises(ProblemsError) as caught:
        call(*arguments, **named)
    return [str(problem) for problem in caught.value.problems]


def test_frame_matrix_and_file_are_one_table(tmp_path):
    flow, cost, mass = [[5, 1], [2, 7]], [[1, 4], [4, 1]], [10, 20]
    of_matrix = flows_of_matrix(flow, cost, origins=["NA", "007"], origin_masses={"jobs": mass})
    path = tmp_path / "flows.csv"
    path.write_text(
        "from,to,n,km,jobs,note\nNA,NA,5,1,10,x\nNA,007,1,4,10,\n007,NA,2,4,20,\n007,007,7,1,20,\n"
    )
    named = {"origin": "from", "destination": "to", "flow": "n", "cost": "km"}
    of_file = read_flows(path, origin_masses=["jobs"], **named)
    of_frame = flows_of_frame(
        pd.read_csv(path, dtype={"from": str, "to": str}, keep_default_na=False),
        origin_masses=["jobs"],
        **named,
    )
    for table in (of_file, of_frame):
        assert table.origins == of_matrix.origins == ("007", "NA")
        np.testing.assert_array_equal(table.flow, of_matrix.flow)
        np.testing.assert_array_equal(table.cost, of_matrix.cost)
        np.testing.assert_array_equal(table.origin, [1, 1, 0, 0])
        np.testing.assert_array_equal(table.origin_masses["jobs"], [10, 10, 20, 20])
        np.testing.assert_array_equal(table.intrazonal, [True, False, False, True])


def test_part_of_a_table_forgets_places_without_cells():
    table = flows_of_frame(GOOD, destination_masses=["cost"])
    part = table.only(np.array([False, True]))
    assert (part.origins, part.destinations) == (("a",), ("b",))
    assert part.destination_masses["cost"].tolist() == [2]


def test_rectangular_matrix():
    table = flows_of_matrix(np.ones((2, 11)), np.ones((2, 11)))
    assert table.destinations[:3] == ("00", "01", "02")
    assert table.origins == ("0", "1")


def test_every_bad_cell_at_once():
    rows = {
        "origin": ["a", "a", "", "c", "a"],
        "destination": ["b", "c", "b", "b", "b"],
        "flow": ["-1", "", "2", "many", "1"],
        "cost": ["1", "-2", "inf", "1", "1"],
    }
    assert problems_of(flows_of_frame, rows, file="f.csv") == [
        "f.csv:4: origin: missing",
        "f.csv:3: flow: missing",
        "f.csv:5: flow: many is not a finite number",
        "f.csv:2: flow: -1 is negative",
        "f.csv:4: cost: inf is not a finite number",
        "f.csv:3: cost: -2 is negative",
        "f.csv:6: origin, destination: a to b stands in line 2 already",
    ]


def test_missing_values_of_pandas():
    rows = GOOD | {"flow": [np.nan, 1], "origin": [None, "a"]}
    assert problems_of(flows_of_frame, rows) == [
        "flows:2: origin: missing",
        "flows:2: flow: missing",
    ]


def test_columns():
    found = problems_of(flows_of_frame, GOOD, flow="flows", origin_masses=["jobs"])
    assert found[0] == "flows:1: flows: this column is missing; did you mean flow?"
    assert found[1].startswith("flows:1: jobs: this column is missing")
    twice = pd.DataFrame([["a", "b", 1, 2, 3]], columns=["origin", "destination", *"fcc"])
    assert problems_of(flows_of_frame, twice, flow="f", cost="c") == [
        "flows:1: c: this column stands twice"
    ]
    empty = {name: [] for name in GOOD}
    assert problems_of(flows_of_frame, empty) == ["flows: the table has no rows"]


def test_many_bad_rows_are_counted():
    rows = {
        "origin": [f"o{place}" for place in range(50)],
        "destination": ["d"] * 50,
        "flow": [-1] * 50,
        "cost": [1] * 50,
    }
    found = problems_of(flows_of_frame, rows)
    assert len(found) == 21
    assert found[-1] == "flows: flow: and 30 more rows like the last one"


def test_matrices_that_do_not_fit():
    found = problems_of(
        flows_of_matrix,
        np.ones((2, 3)),
        np.ones((3, 2)),
        origins=["a"],
        origin_masses={"jobs": [1, 2, 3], "homes": [1, 2]},
        destination_masses={"homes": [1, 2, 3]},
    )
    assert found == [
        "flows: cost: shape (3, 2), (2, 3) is needed",
        "flows: origins: shape (1,), (2,) is needed",
        "flows: jobs: shape (3,), (2,) is needed",
        "flows: homes: names a mass of origins and one of destinations",
    ]
    assert "is not a matrix" in problems_of(flows_of_matrix, [1.0, 2.0], [1.0, 2.0])[0]


def test_files_that_cannot_be_read(tmp_path):
    assert problems_of(read_flows, tmp_path / "no.csv") == ["no.csv: the file is missing"]
    (tmp_path / "empty.csv").write_text("")
    assert "empty.csv: No columns" in problems_of(read_flows, tmp_path / "empty.csv")[0]
    (tmp_path / "odd.csv").write_text('origin,flow\n"a,1\n')
    assert "odd.csv:" in problems_of(read_flows, tmp_path / "odd.csv")[0]
    (tmp_path / "bytes.csv").write_bytes(b"origin\n\xff\xfe\n")
    assert "bytes.csv:" in problems_of(read_flows, tmp_path / "bytes.csv")[0]
