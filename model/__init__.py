"""Simulator of a metropolitan area: people, industry and commuting under plan policies.

Three doors: ``run.py`` (command line), this package (notebooks) and result files.

>>> from model import ensemble, load_scenario, simulate  # doctest: +SKIP

Names are resolved on first use, so that importing the package costs nothing.
"""

import os
from importlib import import_module
from typing import Any

# The products of the model are small: a second thread in each costs three times what it saves, and
# draws already run side by side. Set before numpy is there; worker processes inherit it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

_HOMES = {
    "Area": "model.area",
    "load_area": "model.area_loading",
    "load_scenario": "model.scenario_loading",
    "simulate": "model.simulation",
    "ensemble": "model.simulation",
    "rebuild": "model.simulation",
    "ProblemsError": "model.problems",
}
__all__ = sorted(_HOMES)
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'model' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
