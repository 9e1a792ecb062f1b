"""Tables about people: the joint table keeps every margin, whole people too, faults show."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.area_loading import load_area
from model.base_year import baseline
from model.base_year import baseline_people as traits
from model.methods.ras import fit_margins
from model.methods.trait_rounding import round_rows, round_traits
from model.problems import ProblemsError, Unsolved
from model.processes.participation import statutory_age


def edit(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def residents(area, year):
    return baseline.people(area, year)[: len(area.zones)]


@pytest.mark.parametrize("name", ["tiny", "shenyang"])
@pytest.mark.parametrize("year", [2010, 2020])
def test_joint_table_has_every_margin(request, name, year):
    area = request.getfixturevalue(name)
    table, people = traits.trait_table(area, year), residents(area, year)
    size = people.sum(axis=(1, 2))
    assert table.min() >= 0
    np.testing.assert_allclose(table.sum(axis=(3, 4)), people, rtol=1e-12)
    off = table.sum(axis=(2, 4)) - traits.education_counts(area, year)
    assert np.max(np.abs(off).max(axis=(1, 2)) / size) < 1e-8
    off = table.sum(axis=(1, 2, 3)) - traits.hukou_counts(area, year)
    assert np.max(np.abs(off).max(axis=1) / size) < 1e-8
    assert table[:, :, :12, 1:].sum() == 0


def test_census_levels_of_a_zone_without_children_come_back(shenyang):
    """What the census counts above lower secondary stands unchanged among the adults."""
    table = traits.trait_table(shenyang, 2020).sum(axis=(2, 4))
    for row in shenyang.tables["education"]:
        if row["year"] == 2020 and row["level"] in ("upper_secondary", "tertiary"):
            place = shenyang.zones.index(row["zone"]), ("male", "female").index(row["sex"])
            level = ("upper_secondary", "tertiary").index(row["level"]) + 2
            assert table[(*place, level)] == pytest.approx(row["persons"], rel=1e-6, abs=0.01)


def test_the_young_are_better_taught_and_migrants_younger(shenyang):
    for year in (2010, 2020):
        table = traits.trait_table(shenyang, year)
        level = table.sum(axis=(0, 1, 4))
        tertiary = level[:, 3] / level.sum(axis=1)
        assert tertiary[22] > tertiary[40] > tertiary[60]
        away = table[..., 1:].sum(axis=(0, 1, 3, 4)) / table.sum(axis=(0, 1, 3, 4))
        assert away[22] > away[40] > away[70]


def test_age_of_migrants_is_that_of_the_communique(shenyang):
    """Shenyang 2020: 8.8 percent under 15, 79.79 at 15-59, 11.41 at 60 and over."""
    city = shenyang.city_of_zone == shenyang.cities.index("shenyang")
    away = traits.trait_table(shenyang, 2020)[city][..., 1:].sum(axis=(0, 1, 3, 4))
    found = np.array([away[:15].sum(), away[15:60].sum(), away[60:].sum()]) / away.sum()
    assert np.max(np.abs(found - [0.088, 0.7979, 0.1141])) < 1e-3


@pytest.mark.parametrize("scale", [1, 100, 1000])
def test_agents_at_any_scale_keep_the_table(shenyang, scale):
    expected = traits.trait_table(shenyang, 2020)
    totals = np.rint(residents(shenyang, 2020) / scale).astype(int)
    found = round_traits(expected, totals)
    assert found.min() >= 0
    np.testing.assert_array_equal(found.sum(axis=(3, 4)), totals)
    by_sex = totals.sum(axis=2) / expected.sum(axis=(2, 3, 4))
    wanted = expected.sum(axis=(2, 4)) * by_sex[..., None]
    assert np.max(np.abs(found.sum(axis=(2, 4)) - wanted)) < 1
    whole = totals.sum(axis=(1, 2)) / expected.sum(axis=(1, 2, 3, 4))
    wanted = expected.sum(axis=(1, 2, 3)) * whole[:, None]
    assert np.max(np.abs(found.sum(axis=(1, 2, 3)) - wanted)) < 1


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    rows=st.integers(1, 30),
    columns=st.integers(1, 5),
    most=st.integers(0, 40),
)
def test_rounding_keeps_rows_and_columns_whatever_the_table(seed, rows, columns, most):
    random = np.random.default_rng(seed)
    expected = random.uniform(0.01, 10, (2, rows, columns))
    totals = random.integers(0, most + 1, (2, rows))
    found = round_rows(expected, totals)
    assert found.min() >= 0
    np.testing.assert_array_equal(found.sum(axis=2), totals)
    due = expected.sum(axis=1)
    due = due * (totals.sum(axis=1) / due.sum(axis=1))[:, None]
    assert np.max(np.abs(found.sum(axis=1) - due)) < 1


def test_rounding_is_not_asked_for_the_impossible():
    expected = np.zeros((1, 1, 1, 2, 2))
    with pytest.raises(ValueError, match="does not know"):
        round_traits(expected, np.ones((1, 1, 1)))
    with pytest.raises(ValueError, match="whole"):
        round_traits(expected + 1, np.full((1, 1, 1), 1.5))


def test_margins_that_cannot_be_met_are_told():
    rows, columns = np.array([[[3.0], [1.0]]]), np.array([[[2.0, 2.0]]])
    with pytest.raises(Unsolved, match=r"do not fit together: position \(0,\), last residual"):
        fit_margins(np.eye(2)[None], [rows, columns])


@pytest.mark.parametrize(
    ("table", "counts", "named"),
    [("education", "education_counts", "a2, 2020, male"), ("migrants", "hukou_counts", "a2, 2020")],
)
def test_counts_that_do_not_fit_the_people_name_table_zone_and_year(
    tiny, monkeypatch, table, counts, named
):
    plain = getattr(traits, counts)

    def more(*given):
        found = plain(*given)
        found[(1, 0) if found.ndim == 3 else 1] *= 1.1
        return found

    monkeypatch.setattr(traits, counts, more)
    traits._trait_table.cache_clear()
    told = rf"{table}\.csv: {named}: does not fit the people by age: .*, last residual"
    with pytest.raises(ProblemsError, match=told):
        traits.trait_table(tiny, 2020)


FAULTS = [
    ("education", "a1,2020,male,tertiary,6,5", "a1,2020,male,tertiary,6,95", "persons",
     "a1, 2020, male:"),
    ("education", "a1,2020,male,tertiary,6,5", "a1,2020,male,tertiary,6,-5", "persons",
     "outside [0"),
    ("education", "a1,2020,male,tertiary", "a1,2020,male,tertiery", "level",
     "did you mean tertiary"),
    ("population", "a1,2020,male,0,5,1200", "a1,2020,male,0,5,-1200", "persons", "outside [0"),
    ("population", "a1,2020,male,0,5,1200", "a1,2020,male,0,5,", "persons", "is empty"),
    ("migrants", "a1,2020,same_province,10000", "a1,2020,same_province,-1", "persons",
     "outside [0"),
    ("urban", "a1,2020,60000", "a1,2020,60001", "persons", "60,001 of 60,000 residents"),
    ("migrants", "a1,2020,same_province,10000", "a1,2020,same_province,100000", "persons",
     "of 60,000 residents"),
    ("registered", "a,2020,registered_urban,60000", "a,2020,registered_urban,160000", "value",
     "above the 100,000 registered"),
    ("households", "a1,2020,one_person,6000", "a1,2020,one_person,66000", "value",
     "of one person"),
    ("households", "a1,2020,family_population,57000", "a1,2020,family_population,27000", "value",
     "too few"),
    ("education_profile", "2020,male,20,10,tertiary,0.4", "2020,male,20,10,tertiary,0.5", "share",
     "sum to 1.1, not 1"),
    ("headship_profile", "2020,male,15,15,0.3", "2020,male,15,15,1.3", "rate", "outside [0, 1]"),
    ("headship_profile", "2020,male,15,15,", "2020,male,16,14,", "age", "ages out of order"),
    ("schooling", "tertiary,2020,0.6", "tertiary,2020,1.6", "probability", "outside [0, 1]"),
    ("retirement", "male,all,2024,60,1", "male,all,2024,60,0.9", "share", "sum to 0.9"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "old", "new", "column", "message"), FAULTS)
def test_faults_name_table_row_and_column(copy, table, old, new, column, message):
    edit(copy, table, old, new)
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    found = [p for p in caught.value.problems if p.key == column]
    assert [p.file for p in found] == [f"toy/{table}.csv"] * len(found)
    assert any(p.line and message in p.message for p in found)


@pytest.mark.parametrize(
    ("band", "region"), [("same_province", "near"), ("other_province", "country")]
)
def test_a_region_nobody_came_from_is_named(copy, band, region):
    path = copy / "migrants.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(f"(,2020,{band}),[0-9]+", r"\1,0", text), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    (only,) = caught.value.problems
    assert (only.file, only.key) == ("toy/migrants.csv", f"{region}, 2020, {band}")
    assert "no zone has migrants of this band" in only.message


def test_missing_cells_of_the_base_year(copy):
    for table in ("education", "urban", "households", "own_city", "registered", "schooling"):
        path = copy / f"{table}.csv"
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if ",2020," not in line]
        path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_area(copy)
    assert {p.file for p in caught.value.problems} == {
        "toy/education.csv", "toy/urban.csv", "toy/households.csv", "toy/own_city.csv",
        "toy/registered.csv", "toy/schooling.csv",
    }  # fmt: skip
    assert any(p.key == "a1, 2020, male, primary" for p in caught.value.problems)


def test_retirement_age_rises_with_the_law_and_not_before(shenyang):
    """Decision of 13 September 2024: men 60 to 63, women 55 to 58 and 50 to 55 in 15 years."""
    ages = {year: statutory_age(shenyang, year) for year in (2010, 2024, 2039, 2050)}
    np.testing.assert_allclose(ages[2010], [60, 0.4 * 55 + 0.6 * 50], rtol=1e-12)
    np.testing.assert_allclose(ages[2024], ages[2010], rtol=1e-12)
    np.testing.assert_allclose(ages[2039], [63, 0.4 * 58 + 0.6 * 55], rtol=1e-12)
    np.testing.assert_allclose(ages[2050], ages[2039], rtol=1e-12)
    early = load_area(shenyang.folder, start="history")
    np.testing.assert_allclose(statutory_age(early, 2039), [60, 52], rtol=1e-12)


def test_registered_population_is_in_persons(shenyang):
    regions, _ = shenyang.statistics
    for year in (2010, 2020):
        registered = shenyang.statistic("registered", year, item="registered")
        urban = shenyang.statistic("registered", year, item="registered_urban")
        assert 7e6 < registered[regions.index("shenyang")] < 8e6
        assert np.all((urban / registered > 0.3) & (urban / registered < 0.8))
