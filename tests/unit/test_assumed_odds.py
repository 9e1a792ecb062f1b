"""Tables that fill a hole are drawn: the centre stays, and what moves is what the factor says."""

from dataclasses import replace

import numpy as np
import pytest

from model import assumed_odds
from model.area_loading import load_area
from model.base_year import baseline, baseline_people
from model.problems import ProblemsError
from model.processes import environment
from model.processes.participation import at_ages
from model.reading.tables import CARRIERS
from tests.worlds import after, package, trend, world_of

KINDS = ("labour_share_odds", "participation_odds", "headship_odds", "energy_weight",
         "ceiling_factor", "road_gain")  # fmt: skip
COAL = CARRIERS.index("coal")


@pytest.fixture(params=["tiny", "shenyang"])
def area(request):
    return request.getfixturevalue(request.param)


def assuming(value, *names):
    """The trend with some numbers of the area set to one value."""
    return replace(trend(), assumptions=dict.fromkeys(names, value))


def older(world, age):
    """Share of people of an age and above among those of 15 and above."""
    by_age = world["people"][0, : len(world.area.zones)].sum(axis=(0, 1))
    return by_age[age:].sum() / by_age[15:].sum()


def test_factors_by_age_multiply_where_they_overlap():
    drawn = {"headship_odds.female.10_30": np.array([2.0, 1.0]),
             "headship_odds.female.30_40": np.array([3.0, 5.0]),
             "participation_odds.female.0_100": np.array([9.0, 9.0])}  # fmt: skip
    found = assumed_odds.by_age(drawn, "headship_odds", 2)
    assert found[:, 1, [9, 10, 30, 40, 41]].tolist() == [[1, 2, 6, 3, 1], [1, 1, 5, 5, 1]]
    assert np.all(found[:, 0] == 1)


def test_values_at_other_ages_are_those_of_interpolation():
    rng = np.random.default_rng(4)
    values, ages = rng.uniform(size=(3, 101)), rng.uniform(0, 103, (3, 50))
    ages[:, :3] = (0, 57, 100)
    wanted = [np.interp(at, np.arange(101), row) for at, row in zip(ages, values, strict=True)]
    assert np.array_equal(at_ages(values, ages), np.array(wanted))


def test_the_central_draw_is_the_table_to_the_last_bit(area):
    world = world_of(area)
    for kind in KINDS:
        held = [name for name in world.assumed if name.startswith(kind)]
        assert held, kind
        assert all(world.assumed[name].tolist() == [1.0] for name in held)
    fixed, year = world.fixed, area.base_year
    profile = baseline.participation_profile(area)
    assert np.array_equal(fixed["participation_profile"], profile[None])
    assert np.array_equal(fixed["headship"], baseline_people.headship_profile(area, year)[None])
    assert np.array_equal(fixed["labour_share"][0, :, 0], area.column("sectors", "labour_share"))
    rows = {row["sector"]: [row[c] for c in CARRIERS] for row in area.tables["energy"]}
    assert fixed["energy_mix"][0].tolist() == [rows[sector] for sector in area.sectors]


def test_what_is_drawn_are_shares(area):
    world = world_of(area, chosen=slice(0, 5), count=200)
    for name in ("participation_profile", "headship", "labour_share", "energy_mix"):
        values = world.fixed[name]
        assert len(values) == 5
        assert values.min() >= 0
        assert values.max() < 1
        assert np.ptp(values, axis=0).max() > 0.01, name
    np.testing.assert_allclose(world.fixed["energy_mix"].sum(axis=2), 1, rtol=0, atol=1e-14)


def test_a_draw_is_the_same_alone(tiny):
    together = world_of(tiny, chosen=slice(0, 4), count=50)
    alone = world_of(tiny, chosen=slice(2, 3), count=50)
    for name in ("participation_profile", "headship", "labour_share", "energy_mix",
                 "household_constants"):  # fmt: skip
        part = together.fixed[name]
        part = part[:, 2:3] if name == "household_constants" else part[2:3]
        assert np.array_equal(part, alone.fixed[name]), name
    for name in ("households", "labour_supply", "co2_emissions", "capital"):
        assert np.array_equal(together[name][2:3], alone[name]), name


def test_a_higher_labour_share_pays_labour_more_and_leaves_output(tiny):
    low, high = (world_of(tiny, assuming(f, "labour_share_odds.works")) for f in (0.8, 1.25))
    works = tiny.sectors.index("works")
    np.testing.assert_allclose(low["output"], high["output"], rtol=1e-12)
    assert low["labour_income"][0, works].sum() < high["labour_income"][0, works].sum()
    assert low["capital"][0, works].sum() > high["capital"][0, works].sum()
    others = np.arange(len(tiny.sectors)) != works
    assert np.array_equal(low["labour_income"][:, others], high["labour_income"][:, others])


@pytest.mark.parametrize(
    ("kind", "age", "outcome"),
    [("participation_odds", 50, "labour_supply"), ("headship_odds", 60, "households")],
)
def test_the_base_year_is_fitted_and_an_ageing_area_follows_the_pattern(tiny, kind, age, outcome):
    """Where the old are ever more, more of them at work (or at the head of a household) is more."""
    names = [f"{kind}.{sex}.{age}_100" for sex in ("male", "female")]
    runs = [assuming(factor, *names) for factor in (0.5, 1.0, 2.0)]
    start, end = [world_of(tiny, one) for one in runs], [after(tiny, 10, one) for one in runs]
    for one in start[1:]:
        np.testing.assert_allclose(one[outcome], start[0][outcome], rtol=1e-11)
    assert older(end[1], age) > older(start[1], age)
    few, middle, many = (one[outcome].sum() for one in end)
    assert 1.005 * few < middle < many / 1.005


def test_more_coal_in_the_mix_is_more_coal_used_and_the_same_emissions_at_first(tiny):
    low, high = (world_of(tiny, assuming(f, "energy_weight.coal")) for f in (0.7, 1.5))
    weights = tiny.statistics[1].T
    emitted = [one["co2_emissions"] @ weights for one in (low, high)]
    np.testing.assert_allclose(*emitted, rtol=1e-9)
    assert np.all(low.fixed["energy_mix"][..., COAL] < high.fixed["energy_mix"][..., COAL])
    assert low["coal_use"].sum() < high["coal_use"].sum()


def test_power_in_the_mix_lets_emissions_fall_with_the_grid(tiny):
    low, high = (after(tiny, 10, assuming(f, "energy_weight.power")) for f in (0.5, 2.0))
    assert low["grid_factor"] < environment.EnvironmentParams().grid_factor
    assert high["co2_emissions"].sum() < low["co2_emissions"].sum()


def test_built_up_land_moves_where_it_is_assumed_and_nowhere_else(shenyang):
    plain, more = world_of(shenyang), world_of(shenyang, assuming(1.3, "built_up_factor.anshan"))
    there = shenyang.city_of_zone == shenyang.cities.index("anshan")
    table = shenyang.by_zone("land", value="value", year=shenyang.base_year)
    assert np.array_equal(plain["built_up_area"][0], table)
    assert np.all(more["built_up_area"][0, there] > table[there])
    assert np.all(more["built_up_area"][0] <= shenyang.column("zones", "area"))
    assert np.array_equal(more["built_up_area"][0, ~there], table[~there])


def test_a_higher_ceiling_lets_a_family_do_more_and_no_other(tiny):
    strong, faint = (
        replace(package("park"), assumptions={"ceiling_factor.industry": factor})
        for factor in (1.5, 0.5)
    )
    high, low = after(tiny, 3, strong), after(tiny, 3, faint)
    effect = [one["policy_productivity"].max() for one in (high, low)]
    assert effect[0] > effect[1] > 0
    other = after(tiny, 3, replace(package("park"), assumptions={"ceiling_factor.people": 0.5}))
    plain = after(tiny, 3, package("park"))
    assert np.array_equal(other["policy_productivity"], plain["policy_productivity"])


def test_a_road_that_gains_more_saves_more_once_it_is_open(tiny):
    def minutes(gain):
        opened = replace(
            trend(), openings={"highway": 2021}, assumptions={"road_gain.highway": gain}
        )
        return after(tiny, 3, opened)["road_time"][0, 0, 2]

    closed = after(tiny, 3)["road_time"][0, 0, 2]
    few, more = closed - minutes(0.5), closed - minutes(2.0)
    assert 0 < few < more


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("labour_share_odds.works,", "labour_share_odds.wroks,", "did you mean"),
        ("energy_weight.coal,", "energy_weight.cola,", "did you mean energy_weight.coal"),
        ("ceiling_factor.people,", "ceiling_factor.peopel,", "did you mean ceiling_factor.people"),
        ("road_gain.highway,", "road_gain.higway,", "did you mean road_gain.highway"),
        ("headship_odds.male.15_34,", "headship_odds.man.15_34,", "male or female"),
        ("headship_odds.male.15_34,", "headship_odds.male.34_15,", "ages within [0, 100]"),
        ('energy_weight.coal,1,"LogNormal(1, 0.25) on [0.4, 2.5]"',
         'energy_weight.coal,1,"Normal(1, 0.5)"', "above zero"),
    ],
)  # fmt: skip
def test_a_factor_that_fits_nothing_is_named(copy, old, new, message):
    path = copy / "assumptions.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    (only,) = caught.value.problems
    assert message in str(only)
