"""Accounts that must close every year in both engines: people, jobs, commuters, money.

A broken identity stops the run and names the account, the year, the place and the size.
"""

import numpy as np

from model.axes import Array
from model.problems import RunError
from model.world import World, total

TOLERANCE = 1e-9


def residuals(world: World, before: Array) -> dict[str, Array]:
    """Relative residual of each account, per draw and place or city.

    Parameters
    ----------
    world : World
        At the end of a year.
    before : (draw, zone) [persons]
        Residents at its start.

    Returns
    -------
    dict of (draw, ...) [1]
    """
    s = world.state
    natural = s["births"] - s["infant_deaths"] - s["deaths"]
    people = before + natural + s["arrivals"] - s["departures"] - s["population"]
    moved = s["arrivals"].sum(axis=1) - s["departures"].sum(axis=1)
    held = s["jobs"].sum(axis=1)
    # Luck takes firms off their posts; in expectation they hold them exactly.
    firm_jobs = s["firm_jobs"] if world.firms.in_expectation else s["posts"]
    employed = s["employed_residents"]
    output = s["output"]
    value = (output * s["sector_price"][:, :, None]).sum(axis=1)
    cities = world.area.in_city
    revenue = s["budget_revenue"] + s["borrowing"] - s["policy_spending"] - s["other_spending"]
    return {
        "people": _relative(people, s["population"]),
        "moves": _relative(moved - s["external_net_migration"].sum(axis=1), before.sum(axis=1)),
        "firms": _relative(s["posts"] - firm_jobs, s["posts"]),
        "jobs": _relative(s["commuters"].sum(axis=1) - held, held),
        "commuters": _relative(s["commuters"].sum(axis=2) - employed, employed),
        "workers": _relative(np.minimum(s["labour_force"] - employed, 0.0), employed),
        "income": _relative(s["labour_income"] + s["capital_income"] - output, output),
        "output": _relative(total(s["gdp_real"], cities).sum(axis=1) - output.sum(axis=(1, 2)),
                            output.sum(axis=(1, 2))),
        "budget": _relative(revenue, s["budget_revenue"]),
        "nominal": _relative(value * s["deflator"][:, None] - s["gdp_nominal"], s["gdp_nominal"]),
    }  # fmt: skip


def _relative(error: Array, size: Array) -> Array:
    return np.abs(error) / np.maximum(np.abs(size), 1.0)


def check(world: World, before: Array) -> None:
    """Stop the run when an account does not close.

    Raises
    ------
    RunError
        Names account, year, position and size; also when a stock is negative or not finite.
    """
    for name, error in residuals(world, before).items():
        worst = float(error.max(initial=0.0))
        if not worst <= TOLERANCE:
            worst_of = np.where(np.isnan(error), np.inf, error)
            where = np.unravel_index(int(worst_of.argmax()), error.shape)
            place = world.area.zones[where[-1]] if error.shape[-1:] == before.shape[-1:] else where
            raise RunError(
                f"account {name!r} does not close in {world.year}: {place}, residual {worst:.3e}"
            )
    for name in ("people", "capital", "output", "wage"):
        values = world[name]
        if not np.all(np.isfinite(values)) or values.min() < 0:
            raise RunError(f"{name} is negative or not a number in {world.year}")
