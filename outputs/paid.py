"""How much of a package its governments can pay: what is not paid is not built."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from outputs.numbers import chance, number
from outputs.regions import whole_areas

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area


@dataclass(frozen=True, slots=True)
class PaidShare:
    """Share of a package's cost that a government pays, from the start of the run to a year.

    ``value`` is all that is paid over all that it costs, draws together, ``low`` and ``high`` the
    5th and 95th percentile of the share of a draw. ``region`` is a government's own area, or the
    whole.
    """

    indicator: str
    region: str
    year: int
    unit: str
    scenario: str
    value: float
    low: float
    high: float
    draws: int


def scenarios_of(result: "xr.Dataset") -> "xr.Dataset":
    """Result with a dimension ``scenario``, also where it is that of one run."""
    if "scenario" in result.dims:
        return result
    return result.expand_dims(scenario=[result.attrs["scenario_names"]])


def paid_rows(result: "xr.Dataset", area: "Area") -> list[PaidShare]:
    """Share paid by each government and by all of them, of every scenario that costs something.

    Parameters
    ----------
    result : xarray.Dataset
        Of one run or of several, with ``policy_cost`` and ``policy_spending``.
    area : Area

    Returns
    -------
    list of PaidShare
        None of a government that a package costs nothing; the whole area last, where it
        has a name.

    Examples
    --------
    >>> from model import load_area, simulate
    >>> row = paid_rows(simulate("plan_realistic", end=2024), load_area())[-1]
    >>> row.indicator, row.region, row.year, row.value < 1
    ('paid_share', 'metro', 2024, True)
    """
    ds = scenarios_of(result)
    rows = []
    for scenario in ds["scenario"].values:
        cost, paid = (
            ds[name].sel(scenario=scenario).sum("year").transpose("city", "draw").values
            for name in ("policy_cost", "policy_spending")
        )
        both = np.stack([cost, paid])
        by_place = dict(zip(ds["city"].values, both.transpose(1, 0, 2), strict=True))
        by_place |= dict.fromkeys(whole_areas(area), both.sum(axis=1))
        for place, (due, met) in by_place.items():
            if due.sum() > 0:
                each = met[due > 0] / due[due > 0]
                low, high = (float(np.percentile(each, bound)) for bound in (5, 95))
                rows.append(PaidShare(
                    "paid_share", str(place), int(ds["year"][-1]), "share", str(scenario),
                    float(met.sum() / due.sum()), low, high, len(due),
                ))  # fmt: skip
    return rows


def paid_in_words(result: "xr.Dataset", area: "Area") -> list[str]:
    """A sentence for each scenario that costs something: what is paid, by whom, of how much.

    The result is that of one run or of several.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> both = ensemble(["trend", "plan_realistic"], draws=2, end=2024)
    >>> (said,) = paid_in_words(both, load_area())
    >>> said.startswith("plan_realistic: the governments pay ")
    True
    """
    names = {row["city"]: row["name_en"] for row in area.tables["cities"]}
    result = scenarios_of(result)
    rows = paid_rows(result, area)
    draws = result.sizes["draw"]
    texts = str(result.attrs.get("scenario_yaml", "")).split("\n---\n")
    lines = []
    for at, scenario in enumerate(result["scenario"].values):
        one = result.sel(scenario=scenario)
        cost = float(one["policy_cost"].sum()) / draws
        if cost <= 0:
            continue
        whole = float(one["policy_spending"].sum()) / draws / cost
        parts = [
            f"{names[row.region]} {chance(row.value)}"
            for row in rows
            if row.scenario == scenario and row.region in names and row.value < 1
        ]
        size = f"a package of {number(cost)} (1e8 yuan of 2020, over the run)"
        rest = borrowed_in_words(one)
        if at < len(texts) and "budget: unlimited" in texts[at]:
            lines.append(
                f"{scenario}: no budget limits it, as the scenario says, and the governments pay "
                f"all of {size}{rest}"
            )
        elif not parts:
            lines.append(f"{scenario}: the governments pay all of {size}{rest}")
        else:
            lines.append(
                f"{scenario}: the governments pay {chance(whole)} of {size}{rest} The rest is not "
                f"built; short of money: {', '.join(parts)}."
            )
    return lines


def borrowed_in_words(one: "xr.Dataset") -> str:
    """How much of the spending on the package is borrowed, as the end of a sentence.

    Parameters
    ----------
    one : xarray.Dataset
        One scenario, ``(draw, year, city)``.

    Returns
    -------
    str
        A full stop alone where nothing is borrowed for the package.
    """
    beyond = (one["policy_spending"] - one["policy_budget"]).clip(min=0)
    # Where receipts fell short, services go without what the package could not borrow.
    beyond = beyond.clip(max=one["borrowing"]).isel(year=slice(1, None))
    spent = float(one["policy_spending"].sum())
    share = float(beyond.sum()) / spent if spent > 0 else 0.0
    if share <= 0:
        return "."
    of_output = float(beyond.sum()) / float(one["gdp_real"].isel(year=slice(1, None)).sum())
    return f", {chance(share)} of it borrowed: {100 * of_output:.1f} % of output, year by year."
