"""Imports run one way, and a process knows no place and no year by name."""

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.contract.source import files, imported, label, module_name, tree

SETTING_UP = ("model.simulation", "model.begin", "model.recorder", "model.accounts")
READERS = ("outputs", "calibration", "run")
LOADING = ("model.area_loading", "model.scenario_loading")
RULES = {
    "model/axes.py": ("model", *READERS),
    "model/catalogue.py": ("model", *READERS),
    "model/contract.py": ("model.processes", "model.engines", *SETTING_UP, *READERS),
    "model/kernels": ("model.world", "model.area", "model.processes", "model.engines"),
    "model/methods": ("model.world", "model.area", "model.processes", "model.base_year"),
    "model/reading": ("model.world", "model.area", "model.processes", "model.checks"),
    "model/checks": ("model.world", "model.engines", *SETTING_UP, *LOADING),
    "model/base_year": ("model.engines", "model.simulation", "model.recorder", "model.scenario"),
    "model/processes": ("model.engines", "model.base_year", *LOADING, *SETTING_UP, *READERS),
    "model/engines": ("model.recorder", *READERS),
    "model": (*READERS, "matplotlib"),
    "outputs": ("run",),
    "calibration": ("run",),
}


@pytest.mark.parametrize("room", RULES)
def test_imports_run_one_way(room):
    wrong = []
    for path in files(room):
        names = imported(tree(path))
        own = module_name(path)
        wrong += [
            f"{label(path)} imports {name}"
            for name in names
            for forbidden in RULES[room]
            if (name == forbidden or name.startswith(f"{forbidden}.")) and name != own
        ]
    assert not wrong, "\n".join(sorted(wrong))


def test_no_imports_go_round():
    """Imports within functions and for type checkers count as well: each file has its floor."""
    names = {module_name(path): path for path in files("model", *READERS[:2])}
    imports = {name: imported(tree(path)) & names.keys() - {name} for name, path in names.items()}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_readers_do_not_import_one_another_in_a_circle():
    used = {room: set().union(*(imported(tree(p)) for p in files(room))) for room in READERS[:2]}
    there = any(name.startswith("calibration") for name in used["outputs"])
    back = any(name.startswith("outputs") for name in used["calibration"])
    assert not (there and back)


def test_mesa_has_one_importer():
    users = {
        label(path)
        for path in files("model", "outputs", "calibration", "run.py")
        if path.is_file() and any(n.split(".")[0] == "mesa" for n in imported(tree(path)))
    }
    assert users <= {"model/engines/metro.py"}


def test_importing_the_model_costs_little():
    """The package itself imports nothing of ours until a name is asked for."""
    (package,) = (path for path in files("model") if module_name(path) == "model")
    assert not any(name.startswith("model") for name in imported(package_top(package)))


def package_top(path):
    body = [item for item in tree(path).body if not isinstance(item, ast.FunctionDef)]
    return ast.Module(body=body, type_ignores=[])


def words_of(path):
    """Texts and whole numbers of a file, without docstrings and statements of source."""
    skipped = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.keyword) and node.arg in {"source", "doc", "about"}:
            skipped |= {id(part) for part in ast.walk(node.value)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and id(node) not in skipped:
            yield node.lineno, node.value


@pytest.mark.parametrize("path", files("model/processes"), ids=label)
def test_no_place_and_no_year_in_behaviour(path, shenyang):
    names = {*shenyang.zones, *shenyang.cities, *shenyang.regions, *shenyang.sectors}
    found = []
    for line, value in words_of(path):
        if isinstance(value, str) and names & set(re.findall(r"\w+", value)):
            found.append(f"{label(path)}:{line}: {value!r}")
        elif isinstance(value, int) and 1900 <= value <= 2100:
            found.append(f"{label(path)}:{line}: the year {value}?")
    assert not found, "\n".join(found)
