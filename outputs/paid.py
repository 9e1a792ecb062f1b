"""How much of a package its governments can pay: what is not paid is not built."""

from typing import TYPE_CHECKING

from outputs.numbers import chance, number

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area


def paid_shares(result: "xr.Dataset") -> "xr.DataArray":
    """Share of the package's cost that is paid over the run, mean over draws.

    Parameters
    ----------
    result : xarray.Dataset
        With ``policy_cost`` and ``policy_spending``, ``(scenario, draw, year, city)``.

    Returns
    -------
    xarray.DataArray
        ``(scenario, city)`` [1]; NaN where a package costs a city nothing.
    """
    over = ["draw", "year"]
    cost, spent = (result[name].sum(over) for name in ("policy_cost", "policy_spending"))
    return spent / cost.where(cost > 0)


def paid_in_words(result: "xr.Dataset", area: "Area") -> list[str]:
    """A sentence for each scenario that costs something: what is paid, by whom, of how much.

    Examples
    --------
    >>> from model import ensemble, load_area
    >>> both = ensemble(["trend", "plan_realistic"], draws=2, end=2024)
    >>> (said,) = paid_in_words(both, load_area())
    >>> said.startswith("plan_realistic: the governments pay ")
    True
    """
    names = {row["city"]: row["name_en"] for row in area.tables["cities"]}
    shares = paid_shares(result)
    draws = result.sizes["draw"]
    texts = str(result.attrs.get("scenario_yaml", "")).split("\n---\n")
    lines = []
    for at, scenario in enumerate(result["scenario"].values):
        one = result.sel(scenario=scenario)
        cost = float(one["policy_cost"].sum()) / draws
        if cost <= 0:
            continue
        whole = float(one["policy_spending"].sum()) / draws / cost
        by_city = shares.sel(scenario=scenario)
        parts = [
            f"{names[city]} {chance(float(by_city.sel(city=city)))}"
            for city in area.cities
            if float(by_city.sel(city=city)) < 1
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
