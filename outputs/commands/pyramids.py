"""Age pyramids as a figure: ``pyramids``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.area_loading import load_area
from model.problems import Problem, ProblemsError
from outputs.commands import console
from outputs.commands.runs import after_run
from outputs.commands.years import typed_years

if TYPE_CHECKING:
    import xarray as xr


def pyramids(
    name: str, years: str, region_set: str | None, area_name: str, out: str | None
) -> None:
    """Draw the pyramids of a saved result, or of a scenario run to the last of the years."""
    from outputs.pyramids import save_pyramids
    from outputs.store import RUNS, SUFFIXES

    wanted = typed_years(years)
    path = Path(out) if out else RUNS / f"{Path(name).stem}-pyramids.png"
    if path.suffix != ".png":
        message = f"{path.name}: a figure ends in .png"
        raise ProblemsError([Problem("arguments", None, "out", message)])
    saved = Path(name).suffix in SUFFIXES
    result, area_name = _opened(name) if saved else (_run(name, wanted, area_name), area_name)
    with after_run():
        print(save_pyramids(result, load_area(area_name), path, wanted, region_set))


def _opened(name: str) -> "tuple[xr.Dataset, str]":
    from outputs.store import open_results

    result = open_results(name)
    return result, result.attrs["area"]


def _run(name: str, years: Sequence[int], area_name: str) -> "xr.Dataset":
    """Central case of a scenario, as far as the pyramids need."""
    from model import simulate

    with console.progress(name) as told:
        return simulate(name, end=max(years), area=area_name, progress=told)
