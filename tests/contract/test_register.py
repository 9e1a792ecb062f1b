"""Nothing is written in vain: equations are tested, parameters are read."""

import ast
import re

import pytest

from model.processes import PARAMETERS
from tests.contract.source import files, tree
from tests.worlds import ROOT


def equations():
    """Public functions of the processes that do not take a world."""
    for path in files("model/processes"):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            first = node.args.args[0].arg if node.args.args else ""
            if first != "world":
                yield pytest.param(node.name, id=f"{path.stem}.{node.name}")


TESTS = "\n".join(
    path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("tests/**/test_*.py"))
)
SOURCE = [path.read_text(encoding="utf-8") for path in files("model")]
FIELDS = [(prefix, name) for prefix, cls in PARAMETERS.items() for name in cls.declarations()]


@pytest.mark.parametrize("name", list(equations()))
def test_every_equation_is_tested(name):
    assert re.search(rf"\b{name}\b", TESTS)


@pytest.mark.parametrize(("prefix", "name"), FIELDS)
def test_every_parameter_is_read(prefix, name):
    """Where its set is at hand: in a file that names the set, or the class of it."""
    at_hand = re.compile(rf"\"{prefix}\"|\b{PARAMETERS[prefix].__name__}\b")
    assert any(re.search(rf"\.{name}\b", text) for text in SOURCE if at_hand.search(text))


@pytest.mark.parametrize(("prefix", "name"), FIELDS)
def test_every_parameter_says_where_it_comes_from(prefix, name):
    declared = PARAMETERS[prefix].declarations()[name]
    assert declared.unit
    assert declared.doc
    assert declared.source
    assert declared.evidence in {"seen", "recalled", "derived", "assumed"}
    assert declared.low <= declared.central <= declared.high
