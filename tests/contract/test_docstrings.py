"""Docstrings are there, and where they list parameters they list those of the signature."""

import ast
import re

import pytest

from tests.contract.source import PACKAGES, files, label, tree


def public(path):
    """Public functions and methods of a file with their name in it."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and not item.name.startswith("_"):
                    yield f"{node.name}.{item.name}", item


def classes(path):
    for node in tree(path).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def arguments(node):
    spec = node.args
    every = [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]
    names = [one.arg for one in every] + [one.arg for one in (spec.vararg, spec.kwarg) if one]
    return names


def listed(text):
    """Names under the heading Parameters, or None without one."""
    match = re.search(r"^Parameters\n-+\n(.*?)(?=\n\n\w+\n-+\n|\Z)", text, re.S | re.M)
    if match is None:
        return None
    heads = [line for line in match[1].splitlines() if line and not line.startswith(" ")]
    return [name.strip() for head in heads for name in head.split(" : ")[0].split(",")]


@pytest.mark.parametrize("path", files(*PACKAGES), ids=label)
def test_everything_public_is_documented(path):
    missing = [name for name, node in public(path) if not ast.get_docstring(node)]
    missing += [node.name for node in classes(path) if not ast.get_docstring(node)]
    assert not missing
    assert ast.get_docstring(tree(path)) or not tree(path).body


@pytest.mark.parametrize("path", files(*PACKAGES), ids=label)
def test_parameters_match_the_signature(path):
    wrong = []
    for name, node in public(path):
        names = listed(ast.get_docstring(node) or "")
        taken = arguments(node)[1 if "." in name else 0 :]
        if names is not None and names != taken:
            wrong.append(f"{name}: {names} documented, {taken} taken")
    for node in classes(path):
        names = listed(ast.get_docstring(node) or "")
        starts = [item for item in node.body if getattr(item, "name", "") == "__init__"]
        if names is not None and starts and names != arguments(starts[0])[1:]:
            wrong.append(f"{node.name}: {names} documented, {arguments(starts[0])} taken")
    assert not wrong, "\n".join(wrong)


def test_the_reader_of_docstrings_reads():
    text = (
        "First.\n\nParameters\n----------\na, b : int\n    Two.\nc : str\n\nReturns\n-------\nint"
    )
    assert listed(text) == ["a", "b", "c"]
    assert listed("First.") is None
