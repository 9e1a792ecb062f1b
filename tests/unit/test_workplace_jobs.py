"""Jobs by place of work in the base year, by hand and with what a person can get wrong."""

from dataclasses import replace

import numpy as np
import pytest

from model.area_loading import load_area
from model.base_year.workplace_jobs import base_jobs, district_jobs
from model.problems import ProblemsError, RunError, Unsolved
from tests.worlds import trend, world_of

WORKERS = {"a1": 30_000, "a2": 20_000, "b1": 25_000, "b2": 15_000, "link": 10_000}


@pytest.fixture(scope="module")
def resident(tiny):
    """(draw, sector, zone) [persons] employed people of the toy area where they live."""
    found = np.array([[tiny.by_zone("employment", year=2020, sector=k) for k in tiny.sectors]])
    assert dict(zip(tiny.zones, found.sum(axis=(0, 1)).tolist(), strict=True)) == WORKERS
    return found


def by_place(tiny, resident, **assumed):
    numbers = {name.replace("__", "."): np.array([value]) for name, value in assumed.items()}
    found = base_jobs(tiny, resident, numbers)
    np.testing.assert_allclose(found.sum(axis=2), resident.sum(axis=2), rtol=1e-9)
    return dict(zip(tiny.zones, found.sum(axis=(0, 1)).round(3).tolist(), strict=True))


def test_without_assumptions_jobs_are_where_workers_live(tiny, resident):
    assert by_place(tiny, resident) == WORKERS


def test_a_centre_draws_from_the_other_districts_of_its_city_alone(tiny, resident):
    found = by_place(tiny, resident, job_surplus__a1=0.2)
    assert found == WORKERS | {"a1": 36_000, "a2": 14_000}


def test_a_county_has_its_factor_beside_the_rest_of_its_city(tiny, resident):
    found = by_place(tiny, resident, jobs_factor__b2=1.2)
    # 18,000 beside 25,000, of 40,000
    assert found == WORKERS | {"b2": 16_744.186, "b1": 23_255.814}


def test_a_city_has_its_factor_beside_the_others(tiny, resident):
    found = by_place(tiny, resident, city_jobs_factor__link=1.1)
    # 11,000 of 101,000, of 100,000
    assert found["link"] == 10_891.089
    assert found["a1"] == pytest.approx(30_000 / 1.01, abs=1e-3)


def test_the_factor_of_a_lone_district_changes_nothing(tiny, resident):
    assert by_place(tiny, resident, jobs_factor__b1=1.3) == WORKERS


def test_sectors_keep_their_odds_within_a_city(tiny, resident):
    found = base_jobs(tiny, resident, {"job_surplus.a1": np.array([0.2])})[0]
    before, after = resident[0][1:3, :2], found[1:3, :2]
    odds = [x[0, 0] * x[1, 1] / x[0, 1] / x[1, 0] for x in (before, after)]
    assert odds[1] == pytest.approx(odds[0], rel=1e-9)


def test_draws_differ():
    both = district_jobs(
        np.array([[100.0, 100.0, 100.0]] * 2),
        np.array([[0.5, np.nan, np.nan], [0.2, np.nan, np.nan]]),
        np.array([[1.0, 1.0, 1.0], [1.0, 3.0, 1.0]]),
    )
    assert both.tolist() == [[150.0, 75.0, 75.0], [120.0, 135.0, 45.0]]


def test_centres_that_need_more_than_there_is(tiny, resident):
    with pytest.raises(Unsolved, match="centres of work in a have more jobs than people at work"):
        base_jobs(tiny, resident, {"job_surplus.a1": np.array([0.7])})
    hungry = replace(trend(), assumptions={"job_surplus.a1": 0.7})
    with pytest.raises(RunError, match="in its districts in 2020: draw 0, its job_surplus"):
        world_of(tiny, hungry)


def test_sectors_that_cannot_make_up_a_centre(tiny, resident):
    """Nobody who lives in a1 farms, so that it could have all other jobs of the city at most."""
    lone = resident.copy()
    lone[0, 1:, 1] = 0.0  # in a2 they all farm
    with pytest.raises(Unsolved) as caught:
        base_jobs(tiny, lone, {"job_surplus.a1": np.array([0.05])})
    assert caught.value.where[2] in (0, 1)


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("job_surplus.a3", "did you mean job_surplus.a"),
        ("job_surplus.b2", "unknown; did you mean"),  # a county
        ("job_surplus.b1", "no other urban district"),
        ("jobs_factor.a9", "did you mean jobs_factor.a"),
        ("city_jobs_factor.lonk", "did you mean city_jobs_factor.link"),
        ("jobs_factor.a1,1,Fixed(1),none,1,toy,assumed\njob_surplus.a1", "a1 is a centre"),
        ("jobs_factor.a2,1,Uniform(0;2),none,1,toy,assumed\njob_surplus.a1", "above 0 (unit 1)"),
        ("job_surplus.a2,-1,Fixed(-1),none,1,toy,assumed\njob_surplus.a1", "above -1 (unit 1)"),
    ],
)
def test_numbers_that_name_no_place_or_leave_nothing(copy, new, message):
    path = copy / "assumptions.csv"
    text = path.read_text(encoding="utf-8")
    new = new.replace("Uniform(0;2)", '"Uniform(-1, 2)"')
    path.write_text(text.replace("job_surplus.a1", new), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    assert any(message in str(problem) for problem in caught.value.problems)
