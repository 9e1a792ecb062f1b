"""Movers in compiled passes against plain numpy with the same luck: equal, agent by agent."""

import numpy as np
import pytest

from model import streams
from model.engines import resident_moves as moves
from model.engines.resident_kernels import CELL, NOBODY, pack
from tests.crowds import Crowd


def routes_of(rng, shares):
    places = shares.shape[1]
    group = rng.integers(0, len(shares), CELL[:2] + CELL[3:])
    waits = moves.waits_of(shares)
    home = rng.random((3, places, places))
    becomes = rng.integers(0, 3, (3, places, places)).astype(np.int8)
    return moves.Routes(group, shares, waits, home, becomes)


def landed(one, routes):
    rows = len(one.key)
    landing = moves.Landing(np.empty(rows, int), np.empty(rows, np.uint8), np.empty(rows, bool))
    zone, age = one.zone.astype(np.int64), one.years.astype(np.uint8)
    movers = moves.Movers(zone, one.trait, age, one.key)
    moves.land(movers, routes, one.salt("goal"), one.salt("home"), landing)
    return movers, landing


def halves_of(word, places):
    """Numbers of the places, from the sequence of SplitMix64 that begins at a word."""
    steps = np.arange((places + 1) // 2, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    words = streams.mixed(word + steps)
    halves = np.stack([words & np.uint64(2**32 - 1), words >> np.uint64(32)], axis=1)
    return (halves.ravel()[:places].astype(float) + 0.5) * 2.0**-32


@pytest.mark.parametrize("places", [2, 3, 7, 60])
def test_movers_land_where_their_exponential_time_is_least(places):
    """Twin in numpy, mover by mover; even shares, and shares of all sizes with none among them."""
    one = Crowd(8, 1500, places)
    shares = one.rng.random((2, places, places)) ** one.rng.choice([0, 8], (2, places, 1))
    shares[:, :, 0] = 0
    routes = routes_of(one.rng, shares)
    movers, landing = landed(one, routes)
    words = streams.mixed(one.key ^ one.salt("goal"))
    group = routes.group[one.hukou, one.education, one.years]
    for row in range(len(one.key)):
        with np.errstate(divide="ignore"):
            times = -np.log1p(-halves_of(words[row], places)) / shares[group[row], one.zone[row]]
        assert landing.goal[row] == times.argmin()
    where = one.hukou, one.zone, landing.goal
    home = one.luck("home") < routes.home[where]
    np.testing.assert_array_equal(landing.home, home)
    hukou = np.where(home, 0, routes.becomes[where]).astype(int)
    np.testing.assert_array_equal(landing.trait, pack(hukou, one.education, one.sex))
    tell_like_numpy(one, movers, landing, places)
    arrive_like_numpy(one, landing, places - 1)


def arrive_like_numpy(one, landing, zones):
    """Some rows leave; they hold what they are on arrival, or nobody."""
    rows = np.flatnonzero(one.there)[::3].copy()
    movers = moves.leave(one.zone, one.trait, one.age, one.key, rows)
    for found, column in zip(movers, (one.zone, one.trait, one.age, one.key), strict=True):
        np.testing.assert_array_equal(found, column[rows])
    some = moves.Landing(*(part[rows] for part in landing))
    zone, trait, age = one.zone.copy(), one.trait.copy(), one.age.copy()
    stays = some.goal < zones
    zone[rows[stays]], trait[rows[stays]] = some.goal[stays], some.trait[stays]
    age[rows[~stays]] = NOBODY
    free = moves.arrive(one.zone, one.trait, one.age, rows, some, zones)
    np.testing.assert_array_equal(free, rows[~stays])
    for found, wanted in ((one.zone, zone), (one.trait, trait), (one.age, age)):
        np.testing.assert_array_equal(found, wanted)


def tell_like_numpy(one, movers, landing, places):
    """The last place is a region; every mover is counted, and is where it went to."""
    zones = places - 1
    flows, came = np.zeros((2, 3, places, places), dtype=int), np.zeros((places, 2, 101), dtype=int)
    left, cells = np.zeros((zones, 2, 101), dtype=int), np.zeros((zones, 24, 101), np.int32)
    pools = np.zeros((1, 4, 2, 101), dtype=int)
    moves.tell(movers, landing, moves.Told(flows, came, left, cells, pools))
    wanted = np.zeros_like(flows)
    np.add.at(wanted, (landing.home.astype(int), one.hukou, one.zone, landing.goal), 1)
    np.testing.assert_array_equal(flows, wanted)
    here = landing.goal < zones
    columns = landing.goal, landing.trait, movers.age, movers.key
    for found, column in zip(moves.those_here(movers, landing, zones), columns, strict=True):
        np.testing.assert_array_equal(found, column[here])
    ends, there = np.zeros_like(cells), np.zeros_like(pools)
    steps = (came, landing.goal, landing.trait, 1), (left, movers.zone, movers.trait, -1)
    for found, place, trait, step in steps:
        wanted, inside = np.zeros((places, 2, 101), dtype=int), place < zones
        np.add.at(wanted, (place, one.sex, movers.age), 1)
        np.testing.assert_array_equal(found, wanted[: len(found)])
        np.add.at(ends, (place[inside], trait[inside], movers.age[inside]), step)
    np.testing.assert_array_equal(cells, ends)
    gone = landing.goal == zones
    np.add.at(there[0], (one.education[gone], one.sex[gone], movers.age[gone]), 1)
    np.testing.assert_array_equal(pools, there)


@pytest.mark.parametrize("places", [2, 3, 7])
def test_movers_follow_the_shares(places):
    """By chi-square; never a place of no share."""
    one = Crowd(5, 60_000)
    one.zone[:] = 1
    shares = np.zeros((1, places, places))
    shares[0, 1] = np.arange(places) / np.arange(places).sum()
    goal = landed(one, routes_of(one.rng, shares))[1].goal
    seen, due = np.bincount(goal, minlength=places), 60_000 * shares[0, 1]
    assert seen[0] == 0
    assert (((seen - due) ** 2)[1:] / due[1:]).sum() < 25  # 6 degrees: 0.9997 quantile


def test_nowhere_to_go_is_the_first_place():
    one = Crowd(5, 100)
    assert not landed(one, routes_of(one.rng, np.zeros((1, 5, 5))))[1].goal.any()
