"""Accounts that must close every year in both engines: people, jobs, commuters, money.

A broken identity stops the run and names the account, the year, the place and the size.
"""

import numpy as np

from model.axes import Array, lift, total, worst_of
from model.problems import RunError
from model.processes.registration import natural_change
from model.world import World

TOLERANCE = 1e-9
CARRIED = ("housing_floor_space", "built_up_area", "debt", "research_stock", "firms")
STOCKS = (
    "people", "capital", "output", "wage", "housing_floor_space", "housing_price",
    "built_up_area", "land_price", "research_stock", "energy_use", "co2_emissions", "debt",
)  # fmt: skip

# Logs may be negative, but must be numbers: one that is not would empty its sector without a word.
LOGS = ("productivity", "effective_productivity")


def residuals(world: World, before: Array) -> dict[str, Array]:
    """Relative residual of each account, per draw and place or city.

    Parameters
    ----------
    world : World
        At the end of a year.
    before : (draw, hukou, zone) [persons]
        Residents by registration at its start.

    Returns
    -------
    dict of (draw, ...) [1]
    """
    s = world.state
    natural = s["births"] - s["infant_deaths"] - s["deaths"]
    start = before.sum(axis=1)
    people = start + natural + s["arrivals"] - s["departures"] - s["population"]
    registration = (
        before + natural_change(world) + s["arrivals_by_hukou"] - s["departures_by_hukou"]
        - s["residents_by_hukou"]
    )  # fmt: skip
    moved = s["arrivals"].sum(axis=1) - s["departures"].sum(axis=1)
    held = s["jobs"].sum(axis=1)
    employed = s["employed_residents"]
    output = s["output"]
    priced = output * s["sector_price"][:, :, None]
    value = priced.sum(axis=1)
    cities = world.area.in_city
    received = s["budget_revenue"] + s["transfers"] + s["land_income"] + s["borrowing"]
    spent = s["policy_spending"] + s["other_spending"]
    return {
        "people": _relative(people, s["population"]),
        "registration": _relative(registration, s["population"][:, None]),
        "moves": _relative(moved - s["external_net_migration"].sum(axis=1), start.sum(axis=1)),
        "jobs": _relative(s["commuters"].sum(axis=1) - held, held),
        "commuters": _relative(s["commuters"].sum(axis=2) - employed, employed),
        "workers": _relative(np.minimum(s["labour_force"] - employed, 0.0), employed),
        "income": _relative(s["labour_income"] + s["capital_income"] - priced, priced),
        "output": _relative(total(s["gdp_real"], cities).sum(axis=1) - output.sum(axis=(1, 2)),
                            output.sum(axis=(1, 2))),
        "budget": _relative(received - spent, s["budget_revenue"]),
        "nominal": _relative(value * s["deflator"][:, None] - s["gdp_nominal"], s["gdp_nominal"]),
    } | _firms(world) | _stocks(world)  # fmt: skip


def _firms(world: World) -> dict[str, Array]:
    """Establishments of a zone against those that came and went; in expectation also their jobs.

    Luck takes drawn firms off their posts by no fixed size: that they hold them on average is a
    matter of many runs, and checked over replicates in ``tests/science/test_firms.py``.
    """
    s = world.state
    change = (s["firm_entries"] - s["firm_exits"]).sum(axis=1)
    moved = s["firm_arrivals"] - s["firm_departures"]
    held = s["firms"].sum(axis=1)
    stood = world.opening["firms"].sum(axis=1)
    found = {"establishments": _relative(stood + change + moved - held, held)}
    if world.firms.in_expectation:
        found["firms"] = _relative(s["posts"] - s["firm_jobs"], s["posts"])
    return found


def _stocks(world: World) -> dict[str, Array]:
    """What a year began with and what came and went, against what it ended with."""
    s, opening = world.state, world.opening
    built = opening["housing_floor_space"] + s["construction"] - s["demolition"]
    kept = opening["research_stock"] * (1 - lift(world.params["innovation"].depreciation, 1))
    used = s["sector_energy"].sum(axis=1) + s["heat_energy"] + s["car_energy"]
    # Wages of a workplace where no agent happens to work have nobody to receive them.
    held = s["jobs"].sum(axis=1) > 0
    earned = s["household_income"].sum(axis=1)
    paid = (s["labour_income"].sum(axis=1) * held).sum(axis=1)
    return {
        "floor space": _relative(built - s["housing_floor_space"], built),
        "vacancy": _relative(
            s["occupied_floor_space"] - s["housing_floor_space"] * (1 - s["vacancy_rate"]), built
        ),
        "land": _relative(
            opening["built_up_area"] + s["land_taken"] - s["built_up_area"], s["built_up_area"]
        ),
        "debt": _relative(opening["debt"] + s["borrowing"] - s["debt"], s["debt"]),
        "research": _relative(
            kept + s["research_spending"] - s["research_stock"], s["research_stock"]
        ),
        "earnings": _relative(earned - paid, paid),
        "energy": _relative(used - s["energy_use"], s["energy_use"]),
    }


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
            where = worst_of(error)
            places = {len(world.area.cities): world.area.cities, before.shape[-1]: world.area.zones}
            named = places.get(error.shape[-1]) if error.ndim == 2 else None
            place = f"draw {world.draws[where[0]]}" + (f", {named[where[-1]]}" if named else "")
            raise RunError(
                f"account {name!r} does not close in {world.year}: {place}, residual {worst:.3e}"
            )
    for name in (*STOCKS, *LOGS):
        values, least = world[name], 0.0 if name in STOCKS else np.finfo(float).min
        # What is not a number is neither large nor small enough.
        if not (values.min() >= least and values.max() < np.inf):
            wrong = ~(np.isfinite(values) & (values >= least))
            where = worst_of(wrong)
            fault = "not a number" if name in LOGS else "negative or not a number"
            raise RunError(
                f"{name} is {fault} in {world.year}: {world.cell(name, where)}, {values[where]:g}"
            )
