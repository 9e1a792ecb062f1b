"""A process that compiles its loops and one that reads them from the cache find the same bytes.

The first begins with an empty folder and the agents, the second with what the first has left and
the mean engine; it also goes on from where the first was after a year.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from model import checkpoint
from model.area_loading import load_area
from model.simulation import step
from tests.worlds import ROOT, TINY, package, plan_of, world_of

ENGINES = {"agents": {"engine": "agents"}, "mean": {"count": 3}}
YEARS = 3


def digests(world):
    """A digest of every array that a world remembers."""
    held = {"people": world.population.arrays(), "firms": world.firms.arrays()}
    parts = held | {name: getattr(world, name) for name in ("state", "fixed", "ledger")}
    return {
        f"{part} {name}": hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        for part, arrays in parts.items()
        for name, value in arrays.items()
    }


def trace(folder, *engines):
    """Digests of every year of a run of each engine, to a file of this order of engines."""
    area, levers = load_area(TINY), package("faster_trains", "park", "open_registration")
    found = {}
    for engine in engines:
        world = world_of(area, levers, **ENGINES[engine])
        found[f"{engine} begun"] = digests(world)
        saved = Path(folder) / f"{engine}.npz"
        worlds = {"straight": world}
        for year in range(YEARS):
            for way, each in worlds.items():
                step(each)
                found[f"{engine} {way} {year}"] = digests(each)
            if year == 0 and saved.exists():
                worlds["resumed"] = checkpoint.resume(saved)[0]
            elif year == 0:
                checkpoint.save(world, plan_of(area, levers, **ENGINES[engine]), saved)
    (Path(folder) / f"{engines[0]}.json").write_text(json.dumps(found))


def process(folder, *engines):
    """What :func:`trace` finds in a process of its own, whose cache is in the folder."""
    module = "tests.science.test_compiled_or_cached"
    code = f"import sys; from {module} import trace; trace(*sys.argv[1:])"
    there = {"NUMBA_CACHE_DIR": str(folder / "cache"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code, str(folder), *engines]
    subprocess.run(command, env=os.environ | there, cwd=ROOT, check=True)
    return json.loads((folder / f"{engines[0]}.json").read_text())


def differing(one, other):
    """Names of the arrays in which two worlds differ."""
    assert set(one) == set(other)
    return [name for name in one if one[name] != other[name]]


@pytest.mark.slow
def test_the_same_bytes(tmp_path):
    compiled = process(tmp_path, "agents", "mean")
    before = set((tmp_path / "cache").rglob("*.nbc"))
    cached = process(tmp_path, "mean", "agents")
    # Only what goes on from a checkpoint has anything left to compile.
    assert len(set((tmp_path / "cache").rglob("*.nbc")) - before) < len(before) / 20
    assert len(cached) == 2 * (1 + YEARS + YEARS - 1)
    for at, found in cached.items():
        wanted = compiled[at.replace("resumed", "straight")]
        assert not differing(found, wanted), at
    assert differing(cached["mean straight 0"], cached["mean straight 1"])
