"""The project's own source, parsed."""

import ast
from functools import cache
from pathlib import Path

from tests.worlds import ROOT

PACKAGES = ("model", "outputs", "calibration")


@cache
def files(*tops: str) -> tuple[Path, ...]:
    """Python files below the given folders of the project (or the files themselves)."""
    found: list[Path] = []
    for top in tops:
        path = ROOT / top
        found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return tuple(path for path in found if "runs" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(node: ast.AST) -> set[str]:
    """Dotted names that the imports below a node bring in."""
    found = set()
    for item in ast.walk(node):
        if isinstance(item, ast.Import):
            found |= {alias.name for alias in item.names}
        elif isinstance(item, ast.ImportFrom) and item.module and item.level == 0:
            found |= {item.module} | {f"{item.module}.{alias.name}" for alias in item.names}
    return found
