"""YAML as plain data: lines are known, nothing that can bite is accepted."""

import pytest

from model.reading.yaml_lines import LARGEST, parse_mapping, read_mapping


def parse(text):
    problems = []
    return parse_mapping(text, "x.yaml", problems), problems


def test_values_and_lines():
    found, problems = parse("a: 1\nb:\n  c: [1, two]\n  d: true\n")
    assert not problems
    assert found == {"a": 1, "b": {"c": [1, "two"], "d": True}}
    assert [found.line(key) for key in ("a", "b.d", "b.d.nothing", "z")] == [1, 4, 4, None]


BAD = [
    ("", None, "empty"),
    ("- 1\n- 2\n", 1, "must be a mapping"),
    ("a: 1\na: 2\n", 2, "stands twice"),
    ("b:\n  c: 1\n  c: 2\n", 3, "stands twice"),
    ("a: &x 1\nb: *x\n", 1, "anchors"),
    ("a: !!python/object/apply:os.system [ls]\n", 1, "tag"),
    ("a: [1, 2\n", 2, "not readable"),
    ("a: 1\n\tb: 2\n", 2, "not readable"),
    ("\n".join("  " * depth + "a:" for depth in range(12)), 10, "too deep"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), BAD)
def test_refused(text, line, message):
    _, problems = parse(text)
    assert message in problems[0].message
    assert problems[0].line == line


def test_expansion_bombs_do_not_expand():
    bomb = "a: &a [x]\n" + "\n".join(
        f"{b}: &{b} [*{a},*{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found, problems = parse(bomb)
    assert found == {}
    assert len(problems) == 1


def test_files(tmp_path):
    problems = []
    assert read_mapping(tmp_path / "none.yaml", "none.yaml", problems) == {}
    large = tmp_path / "large.yaml"
    large.write_text("a: 1\n" + "#" * LARGEST, encoding="utf-8")
    read_mapping(large, "large.yaml", problems)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"a: \xff\xfe")
    read_mapping(binary, "binary.yaml", problems)
    messages = [problem.message for problem in problems]
    assert "missing" in messages[0]
    assert "at most" in messages[1]
    assert "UTF-8" in messages[2]


@pytest.mark.parametrize("text", ["a: 1e999\n", "a: .nan\n", "a: 2020-13-45\n", "? [1]\n: 2\n"])
def test_odd_scalars_do_not_crash(text):
    found, problems = parse(text)
    assert isinstance(found, dict)
    assert all(problem.file == "x.yaml" for problem in problems)
