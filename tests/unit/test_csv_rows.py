"""A CSV file is read whole, or everything that is wrong with it is told."""

import pytest

from model.reading import csv_rows as reader
from model.reading.csv_rows import csv_rows


def read(path, text, **options):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    faults = []
    rows = csv_rows(path, "x.csv", ("city", "value"), faults, **options)
    return rows, [str(fault) for fault in faults]


def test_rows_have_their_lines_and_no_blanks(tmp_path):
    rows, faults = read(tmp_path / "x.csv", '\ufeffcity,value\n a , 1\n\n"b, c",2\n')
    assert rows == [(2, {"city": "a", "value": "1"}), (4, {"city": "b, c", "value": "2"})]
    assert not faults


def test_a_ragged_row_is_told_and_the_others_are_read(tmp_path):
    rows, faults = read(tmp_path / "x.csv", "city,value\na\nb,2\nc,3,4\n")
    assert [line for line, _ in rows] == [3]
    message = "the row has too many or too few cells"
    assert faults == [f"x.csv:2: {message}", f"x.csv:4: {message}"]


def test_columns_missing_and_unknown_are_told_together(tmp_path):
    rows, faults = read(tmp_path / "x.csv", "citty,note\na,b\n", spare=("note",))
    assert not rows
    assert faults == [
        "x.csv:1: city: this column is missing",
        "x.csv:1: value: this column is missing",
        "x.csv:1: citty: unknown column; did you mean city?",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"city,value\n\xff,1\n", "x.csv:2: not UTF-8 text (byte 11); save it again as UTF-8"),
        ("  \n", "x.csv: the file is empty"),
        ("city,value\n", "x.csv: the table has no rows"),
    ],
)
def test_files_that_are_no_table(tmp_path, text, message):
    assert read(tmp_path / "x.csv", text) == ([], [message])


def test_a_large_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(reader, "LARGEST", 8)
    assert read(tmp_path / "x.csv", "city,value\na,1\n") == ([], ["x.csv: larger than 8 bytes"])
