"""Files stay small and know nothing of the machine they were written on."""

import re

import pytest

from tests.contract.source import files, label
from tests.worlds import ROOT

CODE = files(
    "model", "outputs", "calibration", "tests", *(["run.py"] * (ROOT / "run.py").is_file())
)
TEXTS = {".py", ".md", ".yaml", ".yml", ".csv", ".toml", ".lock", ".cff", ".ipynb", ".json", ""}
OURS = ("model", "outputs", "calibration", "tests", "scenarios", "notebooks")
MACHINE = re.compile(
    "|".join(
        (
            "/" + "work/",
            "/" + "home/",
            "/" + "root/",
            "/" + "tmp/",
            "local" + "host",
            "artifact" + "ory",
            "nexus\\.",
        )
    )
)


def texts():
    for path in sorted(ROOT.iterdir()):
        # In a worktree .git is a file, and none of the project's.
        if path.is_file() and path.name != ".git":
            yield path
    for top in OURS:
        for path in sorted((ROOT / top).rglob("*")):
            if path.is_file() and "runs" not in path.parts and "__pycache__" not in path.parts:
                yield path


@pytest.mark.parametrize("path", CODE, ids=label)
def test_files_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", CODE, ids=label)
def test_no_drawer_for_everything(path):
    assert path.stem not in {"utils", "util", "helpers", "misc", "common"}


def test_no_path_of_a_machine():
    found = []
    for path in texts():
        if path.suffix in TEXTS:
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{label(path)}: {hit}" for hit in set(MACHINE.findall(text))]
    assert not found, "\n".join(found)
