"""Compiled loops are the same machine code, whoever asks for them first."""

import ast

from tests.contract.source import files, imported, label, module_name, tree

DECORATOR = "model/kernels/compiled.py"


def options_of(node):
    """Options with which a function is compiled, as written; none where it is not."""
    for decorator in getattr(node, "decorator_list", ()):
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "njit":
            return {option.arg: ast.unparse(option.value) for option in decorator.keywords}
    return None


def compiled():
    """Every compiled function by module and name: its options, and which others it names."""
    options, named = {}, {}
    for path in files("model"):
        module, places = module_name(path), {}
        for item in tree(path).body:
            if isinstance(item, ast.ImportFrom) and item.module:
                places |= {
                    name.asname or name.name: (item.module, name.name) for name in item.names
                }
            if (found := options_of(item)) is not None:
                places[item.name] = module, item.name
                options[module, item.name] = found
        for item in tree(path).body:
            if (key := (module, getattr(item, "name", ""))) in options:
                names = {part.id for part in ast.walk(item) if isinstance(part, ast.Name)}
                named[key] = {places[name] for name in names if name in places}
    return options, {key: (found & set(options)) - {key} for key, found in named.items()}


def test_nothing_is_compiled_but_by_our_own_decorator():
    others = {"numba", *(f"numba.{name}" for name in ("jit", "njit", "vectorize", "guvectorize"))}
    users = set()
    for path in files("model"):
        for item in ast.walk(tree(path)):
            if isinstance(item, ast.Import) and {name.name for name in item.names} & others:
                users.add(label(path))
            if isinstance(item, ast.ImportFrom) and imported(item) & (others - {"numba"}):
                users.add(label(path))
    assert users == {DECORATOR}


def test_what_is_called_and_may_round_otherwise_is_compiled_into_its_callers():
    options, named = compiled()
    assert len(options) > 150
    free = {key for key, found in options.items() if found.get("fastmath", "False") != "False"}
    assert len(free) > 40
    while more := {key for key in options if named[key] & free} - free:
        free |= more
    apart = [
        ".".join(key)
        for key in sorted(free & set().union(*named.values()))
        if options[key].get("forceinline") != "True" and options[key].get("inline") != "'always'"
    ]
    assert not apart, "\n".join(apart)
