"""A saved result as a table for other tools: ``export``."""

from pathlib import Path
from typing import TYPE_CHECKING

from model.problems import together

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area


def export(
    path: str, out: str, region_set: str | None, years: str | None, draws: str, overwrite: bool
) -> None:
    """Write the IAMC table of a saved result, and print where it is."""
    from outputs.iamc import check_draws, check_path, iamc_table, save_table

    (result, area, wanted), *_ = together(
        lambda: _opened(path, region_set, years),
        lambda: check_draws(draws),
        lambda: check_path(Path(out), overwrite),
    )
    table = iamc_table(result, area, region_set, wanted, draws)
    print(save_table(table, out, overwrite))


def _opened(
    path: str, region_set: str | None, years: str | None
) -> "tuple[xr.Dataset, Area, list[int] | None]":
    """Result, its area and the years asked for, all of which go together."""
    from model.area_loading import load_area
    from outputs.commands.years import typed_years
    from outputs.regions import default_regions
    from outputs.store import open_results

    result = open_results(path)
    area = load_area(result.attrs["area"])
    first, last = (int(result["year"][at]) for at in (0, -1))
    wanted, _ = together(
        lambda: typed_years(years, first, last) if years else None,
        lambda: default_regions(area, region_set),
    )
    return result, area, wanted
