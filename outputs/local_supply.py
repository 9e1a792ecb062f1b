"""What buying more parts inside the area creates, and what it only takes from other customers."""

from typing import TYPE_CHECKING

from outputs.numbers import number

if TYPE_CHECKING:
    import xarray as xr

CREATED, DISPLACED = "supply_created", "supply_displaced"


def supply_in_words(result: "xr.Dataset") -> list[str]:
    """A sentence for each scenario that orders more parts inside the area than the base year.

    Means over draws in the last year; nothing is said of a scenario that orders no more.

    Examples
    --------
    >>> from model import ensemble
    >>> both = ensemble(["trend", "plan_as_written"], draws=2, end=2023)
    >>> (said,) = supply_in_words(both)
    >>> said.startswith("plan_as_written: suppliers get orders worth ")
    True
    """
    last = result.isel(year=-1)
    lines = []
    for scenario in result["scenario"].values:
        created, displaced = (
            float(last[name].sel(scenario=scenario).mean()) for name in (CREATED, DISPLACED)
        )
        ordered = created + displaced
        if ordered <= 0:
            continue
        lines.append(
            f"{scenario}: suppliers get orders worth {number(ordered)} (1e8 yuan of 2020, value "
            f"added in {int(result['year'][-1])}) for more parts bought inside the area; "
            f"{number(created)} of it is created, {number(displaced)} displaced: other customers "
            "go without."
        )
    return lines
