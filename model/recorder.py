"""What a run leaves behind: arrays by catalogue name, and the Dataset made of them."""

import hashlib
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import model
from model.area import Area
from model.axes import AGES, AXES, EDUCATION, HUKOU, MODES, SEXES, Array
from model.catalogue import CATALOGUE, Variable
from model.firms import CLASSES, STAGES
from model.processes.households import SIZES
from model.world import World

if TYPE_CHECKING:
    import xarray as xr


def kept(detail: bool) -> list[Variable]:
    """Catalogue variables that a result of this detail holds.

    Examples
    --------
    >>> {row.name for row in kept(True)} - {row.name for row in kept(False)} >= {"commuters"}
    True
    """
    levels = {"always", "detail"} if detail else {"always"}
    return [row for row in CATALOGUE.values() if row.keep in levels]


def shapes(area: Area, count: int, years: int, detail: bool) -> dict[str, tuple[int, ...]]:
    """Shapes ``(draw, year, ...)`` of what a result of this detail holds."""
    from model.base_year.initial import shape_of

    found = {}
    for row in kept(detail):
        found[row.name] = (count, years, *shape_of(area, row.dims))
    return found


class Recorder:
    """Arrays ``(draw, year, ...)``, filled year by year.

    A variable that does not exist in the base year (a flow during it) is NaN there.

    Parameters
    ----------
    years : sequence of int [year]
    arrays : dict of (draw, year, ...)
        To be filled.
    """

    def __init__(self, years: Sequence[int], arrays: dict[str, Array]) -> None:
        self._years = list(years)
        self.arrays = arrays

    def note(self, world: World) -> None:
        """Take down the state at the end of a year."""
        at = self._years.index(world.year)
        for name, array in self.arrays.items():
            array[:, at] = world.state.get(name, np.nan)


def dataset(
    arrays: dict[str, Array], area: Area, years: Sequence[int], scenarios: Sequence[str],
    attributes: dict[str, Any],
) -> "xr.Dataset":  # fmt: skip
    """Labelled result: ``(scenario, draw, year, ...)`` with units and provenance.

    A stock at year t is year-end; a flow at t happened during t.
    """
    import xarray as xr

    variables = {}
    for name, array in arrays.items():
        row = CATALOGUE[name]
        facts = {
            "units": row.unit,
            "long_name": row.long_name,
            "kind": row.kind,
            "over_zones": row.over_zones,
        }
        variables[name] = (("scenario", "draw", "year", *row.dims), array, facts)
    labels: dict[str, Any] = {
        "scenario": list(scenarios), "draw": np.arange(next(iter(arrays.values())).shape[1]),
        "year": np.asarray(years), "zone": list(area.zones), "to_zone": list(area.zones),
        "city": list(area.cities), "region": list(area.regions), "sector": list(area.sectors),
        "mode": list(MODES), "size_class": np.arange(CLASSES), "stage": list(STAGES),
        "sex": list(SEXES), "age": AGES, "hukou": list(HUKOU), "education": list(EDUCATION),
        "seat": [*area.cities, *area.regions], "members": np.arange(1, SIZES + 1),
    }  # fmt: skip
    used = {dim for dims, _, _ in variables.values() for dim in dims}
    coords: dict[str, Any] = {
        key: (key, _texts(value) if isinstance(value[0], str) else value, {"long_name": AXES[key]})
        for key, value in labels.items()
        if key in used
    }
    for key, table in (("city", "cities"), ("zone", "zones")):
        names = {row[key]: row["name_zh"] for row in area.tables[table]}
        about = {"long_name": f"Chinese name of the {key}"}
        coords[f"{key}_name"] = (key, _texts([names[one] for one in labels[key]]), about)
    of_zone = _texts([area.cities[c] for c in area.city_of_zone])
    coords["zone_city"] = ("zone", of_zone, {"long_name": "city to which the zone belongs"})
    return xr.Dataset(variables, coords=coords, attrs=attributes | provenance())


def _texts(names: Sequence[str]) -> Array:
    """Names as an array that keeps them whole, however long."""
    return np.asarray(names, dtype=object)


def code_digest() -> str:
    """Short digest of the model's own files, tables included: what a version number may miss.

    Examples
    --------
    >>> len(code_digest())
    12
    """
    digest = hashlib.blake2b(digest_size=6)
    folder = Path(model.__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".py", ".csv", ".yaml"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def provenance() -> dict[str, str]:
    """Versions that made a result, as text.

    Examples
    --------
    >>> "numpy" in provenance()["versions"]
    True
    """
    found = []
    for package in ("numpy", "scipy", "xarray", "mesa"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} absent")
    return {
        "code_version": model.__version__,
        "code_digest": code_digest(),
        "versions": ", ".join([f"python {platform.python_version()}", *found]),
        "conventions": "stock at year t: end of t; flow at t: during t; money at 2020 prices "
        "unless named nominal",
    }
