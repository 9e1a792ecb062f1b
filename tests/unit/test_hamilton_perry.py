"""Cohort change ratios: worked by hand, identities, and the larger area they are borrowed from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import hamilton_perry
from calibration.backcast_people import (
    BORROWED,
    CLOSED,
    GROUPS,
    MOTHERS,
    RIVALS,
    SCALED,
    Hindcast,
)
from model.area_loading import load_area
from model.axes import FEMALE
from model.base_year import baseline
from model.problems import ProblemsError

# Two censuses five years apart in groups of five, women alone: 0-4, 5-9, ..., 20+.
EARLY = np.array([[50.0, 60.0, 70.0, 80.0, 200.0]])
LATE = np.array([[48.0, 49.0, 63.0, 77.0, 210.0]])


def hindcast_of(area):
    early = load_area(area.folder, start="history")
    zones = len(area.zones)
    first = baseline.people(early, early.base_year)[:zones]
    ages = np.tensordot(area.in_city, first, axes=1)
    one = first.sum(axis=(1, 2))
    return Hindcast(area, early, one, one[None], ages[None], ages[None])


def test_ratios_by_hand():
    found = hamilton_perry.cohort_change_ratios(EARLY, LATE, 1)
    # 49/50, 63/60, 77/70, and 210 of the 80 and 200 who reach 20
    np.testing.assert_allclose(found, [[0.98, 1.05, 1.1, 0.75]])


def test_projection_by_hand():
    people = np.stack([LATE, LATE], axis=1)  # men as women
    ratios = hamilton_perry.cohort_change_ratios(EARLY, LATE, 1)
    found = hamilton_perry.projected(people, ratios, [slice(3, 5)])
    by_hand = np.array([0.98 * 48, 1.05 * 49, 1.1 * 63, 0.75 * (77 + 210)])
    np.testing.assert_allclose(found[0, 0, 1:], by_hand)
    child_woman_ratio = 48 / (77 + 210)
    np.testing.assert_allclose(found[0, :, 0], child_woman_ratio * by_hand[2:].sum())


def test_two_groups_at_a_time():
    """Ten years in groups of five: the last three groups reach the open one."""
    found = hamilton_perry.cohort_change_ratios(EARLY, LATE, 2)
    np.testing.assert_allclose(found, [[63 / 50, 77 / 60, 210 / (70 + 80 + 200)]])


groups = st.lists(st.floats(1.0, 1e6), min_size=6, max_size=6)


@given(early=groups, late=groups, factor=st.floats(0.5, 2.0))
def test_ratios_of_its_own_bring_an_area_to_itself(early, late, factor):
    """Early people by their own ratios are the late ones; the control is then 1, and linear."""
    before, after = (np.array([[one, one]]) for one in (early, late))
    ratios = hamilton_perry.cohort_change_ratios(before[0], after[0], 2)
    again = hamilton_perry.projected(before, ratios, [slice(3, 5), slice(3, 5)])
    np.testing.assert_allclose(again[..., 2:], after[..., 2:], rtol=1e-9)
    total = before.sum(axis=(1, 2))
    own = hamilton_perry.own_growth(after, ratios, total, 2)
    np.testing.assert_allclose(own, 1.0, rtol=1e-9)
    other = hamilton_perry.own_growth(after, ratios, total / factor, 2)
    np.testing.assert_allclose(other, factor, rtol=1e-9)


@given(factor=st.floats(0.7, 1.4))
def test_an_area_with_the_countrys_ages_and_another_growth_is_found_exactly(factor):
    """The control finds how much better cohorts fared, and the forecast follows."""
    before = np.stack([EARLY, EARLY], axis=1)
    ratios = hamilton_perry.cohort_change_ratios(EARLY, LATE, 1)
    people = np.stack([LATE, LATE], axis=1)
    people[..., 1:] = factor * ratios * hamilton_perry.reaching(before, 1)
    found = hamilton_perry.own_growth(people, ratios, before.sum(axis=(1, 2)), 1)
    np.testing.assert_allclose(found, factor)
    plain, scaled = (
        hamilton_perry.projected(people, k * ratios, [slice(2, 4)]) for k in (1.0, factor)
    )
    np.testing.assert_allclose(scaled, factor * plain)


@pytest.mark.parametrize("shift", [0, 5])
def test_a_shift_out_of_the_groups(shift):
    with pytest.raises(ValueError, match=rf"{shift} groups ahead is outside \[1, 4\]"):
        hamilton_perry.reaching(EARLY, shift)


def test_nobody_has_no_children():
    people = np.zeros((1, 2, 5))
    people[0, :, 0] = 3.0
    found = hamilton_perry.projected(people, np.ones((1, 4)), [slice(3, 5)])
    assert found[0, 0, 0] == 0
    assert found[0, :, 1].tolist() == [3.0, 3.0]


# -- the area ----------------------------------------------------------------------


def test_the_country_is_counted_whole(shenyang):
    """Totals of the censuses of 2000 and 2010 as published, servicemen apart."""
    early, late = hindcast_of(shenyang).larger_area
    assert early.sum() == 1_242_612_226
    assert late.sum() == 1_332_810_869
    assert early.shape == (2, len(GROUPS))


def test_regions_taken_back_are_what_was_counted(shenyang):
    found = hindcast_of(shenyang)
    _, weights = shenyang.statistics
    people = found.censuses[0][: len(shenyang.zones)]
    groups = np.tensordot(weights, np.add.reduceat(people, GROUPS, axis=2), axes=1)
    ratios = hamilton_perry.cohort_change_ratios(*found.larger_area, 2)
    own = hamilton_perry.own_growth(groups, ratios, found.counted_before, 2)
    back = groups[..., 2:] / (own[:, None, None] * ratios)
    np.testing.assert_allclose(back.sum(axis=(1, 2)), found.counted_before)


def test_hamilton_perry_is_a_rival_at_every_level(shenyang):
    found = hindcast_of(shenyang)
    for level in (found.regions("cities7"), found.zones(), found.by_age()):
        assert {BORROWED, SCALED, CLOSED} <= set(level.rivals) == set(RIVALS)
    sums = [level.forecasts[SCALED].sum() for level in (found.regions("cities7"), found.zones())]
    assert sums[0] == pytest.approx(sums[1])
    assert found.by_age().forecasts[SCALED].sum() == pytest.approx(sums[0])


def test_cohorts_of_a_zone_by_hand(shenyang):
    """Girls of 10-14 in 2020 are those of 0-4 in 2010 by the ratio of the country."""
    found = hindcast_of(shenyang)
    early, late = found.larger_area
    people = found.censuses[0][0, FEMALE]
    said = found.cohort_forecasts[BORROWED][0, FEMALE]
    assert said[2] == pytest.approx(people[:5].sum() * late[FEMALE, 2] / early[FEMALE, 0])
    reaching = late[FEMALE, 17] / early[FEMALE, 15:].sum()
    assert said[17] == pytest.approx(people[75:].sum() * reaching)
    women = [side[MOTHERS[0]].sum() for side in (said, np.add.reduceat(people, GROUPS))]
    assert said[0] == pytest.approx(people[:5].sum() * women[0] / women[1])


def test_nothing_later_than_the_first_year_is_told(shenyang):
    """Later rows of the larger area are taken away with everything else."""
    early = load_area(shenyang.folder, start="history")
    assert max(row["year"] for row in early.tables["larger_area"]) == early.base_year
    assert len({row["area"] for row in early.tables["larger_area"]}) == 1


def test_a_missing_group_is_told(tiny):
    found = hindcast_of(tiny)
    rows = found.early.tables["larger_area"]
    rows[:] = [row for row in rows if (row["year"], row["age"]) != (2000, 40)]
    with pytest.raises(ProblemsError, match="2000, male, 40: missing"):
        _ = found.larger_area
