"""Limits: no border to cross, no births, no deaths, one way to work, one year or sixty.

Each is a world in which a law is exact, so that what a process should not touch is told at once.
"""

import numpy as np
import pytest

from model.axes import MODES, OLDEST
from model.problems import RunError
from model.simulation import step
from tests.worlds import arrays_of, package, same_bytes, trend, world_of

CAR = MODES.index("car")
LEVERS = ("schools", "open_registration", "child_benefit", "faster_trains", "park")
ENGINES = pytest.mark.parametrize("engine", ["mean", "agents"])
SCHOOL_LEAVING = 18
ROUNDING = {"mean": 1e-12, "agents": 0.0}
"""Relative error of sums of people: expectations are rounded, agents are counted."""


def closed(world):
    """The same world, nobody of which can move to an external region or come from one."""
    zones, fixed = len(world.area.zones), world.fixed
    cost, goals, leaving = (
        np.array(fixed[name]) for name in ("moving_cost", "students_goals", "students_leaving")
    )
    cost[:, :, :zones, zones:] = cost[:, :, zones:, :zones] = np.inf
    goals[:, :zones, zones:] = goals[:, zones:] = leaving[:, zones:] = 0.0
    within = goals.sum(axis=2)
    leaving *= within
    goals[:, :zones] /= within[:, :zones, None]
    fixed |= {"moving_cost": cost, "students_goals": goals, "students_leaving": leaving}
    return world


def barren(world):
    """The same world, no place of which has any births."""
    world.fixed["fertility_offset"] = np.full(len(world.area.places), -np.inf)
    return world


def deathless(world):
    """The same world, with death rates that survival cannot tell from none."""
    world.fixed["death_rates"] = np.full(world.fixed["death_rates"].shape, 1e-300)
    return world


def finite(world):
    """Whether every number of the state is one."""
    return all(np.isfinite(values).all() for values in world.state.values())


def commuters_of(world):
    """Commuters of the first draw by mode."""
    return world["commuters_by_mode"][0]


@ENGINES
@pytest.mark.parametrize("scenario", [trend(), package(*LEVERS)], ids=["trend", "package"])
def test_behind_a_closed_border_residents_change_by_births_and_deaths_alone(tiny, engine, scenario):
    world, zones = closed(world_of(tiny, scenario, engine=engine)), len(tiny.zones)
    for _ in range(10):
        before = world["population"].sum()
        step(world)
        moves = world["moves"]
        assert not moves[:, :zones, zones:].any()
        assert not moves[:, zones:, :zones].any()
        assert not world["external_net_migration"].any()
        assert moves.sum() > 0
        natural = (world["births"] - world["infant_deaths"] - world["deaths"]).sum()
        after, error = world["population"].sum(), ROUNDING[engine]
        np.testing.assert_allclose(after, before + natural, rtol=error)
        np.testing.assert_allclose(world["arrivals"].sum(), world["departures"].sum(), rtol=error)
    assert finite(world)


@ENGINES
def test_without_births_the_young_are_gone_year_by_year(tiny, engine):
    world = barren(world_of(tiny, engine=engine))
    for years in range(1, SCHOOL_LEAVING + 8):
        step(world)
        for name in ("births", "births_by_age", "births_outside", "infant_deaths"):
            assert not world[name].any(), (name, world.year)
        assert not world["total_fertility_rate"].any()
        by_age = world["people"].sum(axis=(0, 1, 2))
        assert not by_age[:years].any()
        assert by_age[years] > 0
        assert world["arrivals"].sum() > 0
    assert finite(world)


@ENGINES
def test_without_deaths_or_borders_to_cross_every_cohort_is_kept(tiny, engine):
    world, zones = deathless(closed(world_of(tiny, engine=engine))), len(tiny.zones)
    for _ in range(10):
        before = world["people"][:, :zones].sum(axis=1)
        step(world)
        for name in ("survivorship", "newborn_survival"):
            assert np.all(world[name] == 1), name
        for name in ("deaths", "infant_deaths"):
            assert not world[name].any(), name
        due = np.zeros(before.shape)
        due[..., 1:] = before[..., :-1]
        due[..., OLDEST] += before[..., OLDEST]
        found = world["people"][:, :zones].sum(axis=1)
        np.testing.assert_allclose(found[..., 1:], due[..., 1:], rtol=ROUNDING[engine])
        born = world["births"].sum()
        np.testing.assert_allclose(found[..., 0].sum(), born, rtol=ROUNDING[engine])
    assert finite(world)


def all_by(mode):
    """Every commuter by one mode."""
    return trend(**{f"mode_share__{other}": float(other == mode) for other in MODES})


def nobody_by(mode):
    """The shares of the toy, but none by one mode."""
    return trend(**{f"mode_share__{mode}": 0.0})


def begun_or_refused(tiny, scenario):
    """The world of a scenario, or nothing where its shares of modes are refused by that name."""
    try:
        return world_of(tiny, scenario)
    except RunError as told:
        if "mode shares of the base year cannot be met: draw 0" in str(told):
            return None
        raise


@ENGINES
def test_where_all_drive_all_drive_on(tiny, engine):
    world = world_of(tiny, all_by("car"), engine=engine)
    for _ in range(4):
        by_mode = commuters_of(world)
        others = np.delete(by_mode, CAR, axis=0)
        np.testing.assert_allclose(others.sum(), 0, atol=1e-6 * by_mode.sum())
        np.testing.assert_allclose(by_mode.sum(), world["employed_residents"].sum(), rtol=1e-9)
        step(world)
    assert finite(world)


@pytest.mark.parametrize("shares", [all_by, nobody_by])
@pytest.mark.parametrize("mode", MODES)
def test_shares_at_a_corner_are_met_or_refused_by_name(tiny, shares, mode):
    """Never met in name only, as by a train where there is none."""
    world = begun_or_refused(tiny, shares(mode))
    if world is None:
        return
    flows = (world["labour_supply"][:, :, None] * world["workplace_shares"])[:, None]
    by_mode = (flows * world["mode_shares"]).sum(axis=(0, 2, 3))
    asked = np.array([world.assumed[f"mode_share.{one}"][0] for one in MODES])
    np.testing.assert_allclose(by_mode / flows.sum(), asked / asked.sum(), atol=1e-8)
    np.testing.assert_allclose(
        flows[:, 0].sum(axis=1).ravel(), world.fixed["base_jobs"].ravel(), rtol=1e-9
    )
    step(world)
    assert finite(world)


@ENGINES
def test_a_run_of_one_year_is_the_beginning_of_one_of_sixty(tiny, engine):
    one, sixty = (arrays_of(tiny, engine=engine, end=tiny.base_year + years) for years in (1, 60))
    assert same_bytes(one, {name: values[:, :2] for name, values in sixty.items()})
    for name, values in sixty.items():
        assert np.isfinite(values[:, 1:]).all(), name
    assert sixty["population"].min() > 0
