"""YAML read as plain data, with the line of every key; nothing that can bite is accepted.

Refused: tags, anchors and aliases (no expansion bombs), repeated keys, deep nesting, large files.
"""

from pathlib import Path
from typing import Any

from model.problems import Problem
from model.reading.plain_signs import not_utf8, structural

LARGEST = 200_000
DEEPEST = 8


class Lines(dict[str, Any]):
    """Mapping that remembers the line of each key, nested ones as ``a.b``."""

    lines: dict[str, int]

    def line(self, key: str) -> int | None:
        """Line of a dotted key, or of its nearest parent."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key.rpartition(".")[0]
        return None


def read_mapping(path: Path, label: str, problems: list[Problem]) -> Lines:
    """Mapping of a YAML file; faults are appended to ``problems``, and ``{}`` is returned."""
    if not path.is_file():
        message = "this is a folder, not a file" if path.is_dir() else "the file is missing"
        problems.append(Problem(label, None, "", message))
        return empty()
    size = path.stat().st_size
    if size > LARGEST:
        message = f"{size:,} bytes; a file of this kind has at most {LARGEST:,}"
        problems.append(Problem(label, None, "", message))
        return empty()
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, message = not_utf8(raw, error)
        problems.append(Problem(label, line, "", message))
        return empty()
    return parse_mapping(text, label, problems)


def empty() -> Lines:
    """Mapping without keys."""
    mapping = Lines()
    mapping.lines = {}
    return mapping


def parse_mapping(text: str, label: str, problems: list[Problem]) -> Lines:
    r"""Mapping of YAML text; as :func:`read_mapping`.

    Examples
    --------
    >>> faults = []
    >>> found = parse_mapping("a: 1\nb:\n  c: 2\n", "x.yaml", faults)
    >>> found["b"], found.line("b.c")
    ({'c': 2}, 3)
    """
    import yaml

    if not text.strip():
        problems.append(Problem(label, None, "", "the file is empty"))
        return empty()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            refused = _refused(event)
            if refused:
                line = event.start_mark.line + 1 if event.start_mark else None
                problems.append(Problem(label, line, "", refused))
                return empty()
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        deep = isinstance(error, RecursionError)
        plain = "nested too deep" if deep else "no structure can be made of it"
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or plain
        if "\\t" in reason:
            reason = "a tab indents this line; indent with spaces"
        problems.append(Problem(label, line, "", f"not readable as YAML: {reason}"))
        for number, written in structural(text):
            message = f"full-width signs where YAML needs plain ones: write {written}"
            problems.append(Problem(label, number, "", message))
        return empty()
    if node is None:
        problems.append(Problem(label, None, "", "the file says nothing"))
        return empty()
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(label, 1, "", "must be a mapping of keys to values"))
        return empty()
    result = empty()
    result.update(_mapping(node, "", label, problems, result.lines, 1))
    return result


def _refused(event: Any) -> str | None:
    """Why an event of the parser is not accepted, or nothing."""
    import yaml

    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "anchors and aliases are not accepted"
    tag = getattr(event, "tag", None)
    short = str(tag).replace("tag:yaml.org,2002:", "!!")
    return f"the tag {short} is not accepted" if tag else None


def _mapping(
    node: Any, prefix: str, label: str, problems: list[Problem], lines: dict[str, int], depth: int
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        key = str(key_node.value)
        path = f"{prefix}{key}"
        if key in found:
            problems.append(Problem(label, line, path, "the key stands twice"))
            continue
        lines[path] = line
        found[key] = _value(value_node, path, label, problems, lines, depth)
    return found


def _value(
    node: Any, path: str, label: str, problems: list[Problem], lines: dict[str, int], depth: int
) -> Any:
    import yaml

    if depth > DEEPEST:
        problems.append(Problem(label, node.start_mark.line + 1, path, "nested too deep"))
        return None
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, f"{path}.", label, problems, lines, depth + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path, label, problems, lines, depth + 1) for item in node.value]
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError) as error:
        problems.append(Problem(label, node.start_mark.line + 1, path, f"not readable: {error}"))
        return None
