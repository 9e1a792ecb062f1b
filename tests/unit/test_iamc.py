"""The IAMC table: what adds up, names and units that are declared, statistics that are right."""

import numpy as np
import pandas as pd
import pytest

from model import ensemble
from model.problems import ProblemsError
from outputs.iamc import INDICATORS, NAMES, UNITS, iamc_table, save_table
from outputs.indicators import HEADLINE
from tests.worlds import TINY

KEYS = ["Model", "Scenario", "Region", "Variable", "Unit"]
PARTS = {
    "Population": ("Urban", "Rural"),
    "Employment": ("Agriculture", "Industry", "Services"),
    "Value Added": ("Agriculture", "Industry", "Services"),
}
WHOLE = "Shenyang metropolitan area"
EXTENSIVE = ("Population", "Population|Urban", "GDP|Real", "GDP|Nominal", "Revenue|Government",
             "Employment", "Labor Force|Employed", "Energy Use", "Emissions|CO2")  # fmt: skip


@pytest.fixture(scope="module")
def toy():
    return ensemble(["trend"], draws=3, end=2022, area=str(TINY))


@pytest.fixture(scope="module")
def toy_table(toy, tiny):
    return iamc_table(toy, tiny)


def of(table, variable):
    return table[table["Variable"] == variable].set_index(["Scenario", "Region"])[[2021, 2022]]


def test_every_headline_has_a_name_and_every_unit_a_spelling():
    assert set(HEADLINE) <= set(NAMES) <= set(INDICATORS)
    assert len(set(NAMES.values())) == len(NAMES)
    assert {INDICATORS[name].unit for name in NAMES} <= set(UNITS)


def test_rows_are_told_apart_by_the_columns_of_the_template(toy_table, tiny_ensemble, shenyang):
    for table in (toy_table, iamc_table(tiny_ensemble, shenyang, "zones")):
        assert table.columns.tolist()[:5] == KEYS
        assert not table.duplicated(KEYS).any()
        assert table[KEYS].notna().all(axis=None)
        assert set(table["Unit"]) <= {unit for unit, _ in UNITS.values()}


@pytest.mark.parametrize("whole", PARTS)
def test_parts_add_up_to_the_whole(toy_table, whole):
    parts = sum(of(toy_table, f"{whole}|{part}") for part in PARTS[whole])
    pd.testing.assert_frame_equal(parts, of(toy_table, whole), rtol=1e-12)


def test_value_added_is_real_output(toy_table):
    pd.testing.assert_frame_equal(
        of(toy_table, "Value Added"), of(toy_table, "GDP|Real"), rtol=1e-9
    )


@pytest.mark.parametrize("region_set", ["cities7", "cities7plus1"])
def test_regions_add_up_to_the_whole_area(tiny_ensemble, shenyang, region_set):
    """What pyam's ``check_aggregate_region`` asks; Shenfu counts once."""
    table = iamc_table(tiny_ensemble, shenyang, region_set)
    for variable in EXTENSIVE:
        found = of(table, variable)
        regions = found.drop(WHOLE, level="Region").groupby("Scenario").sum()
        whole = found.xs(WHOLE, level="Region")
        assert (whole > 0).all(axis=None)
        pd.testing.assert_frame_equal(regions, whole, rtol=1e-9, check_like=True)


def test_regions_add_up_to_all_zones_of_the_result(toy, toy_table):
    people = toy["population"].sum("zone").mean("draw").sel(scenario="trend", year=[2021, 2022])
    found = of(toy_table, "Population").sum().to_numpy()
    np.testing.assert_allclose(found, people.values / 1e6, rtol=1e-12)


def test_percentiles_are_of_draws_and_draws_can_be_had(toy, tiny, toy_table):
    every = iamc_table(toy, tiny, draws="all")
    assert every.columns.tolist()[:6] == [*KEYS, "Draw"]
    assert not every.duplicated([*KEYS, "Draw"]).any()
    people = every[every["Variable"] == "Population"].set_index("Region").loc["City A"]
    assert people["Draw"].tolist() == [0, 1, 2]
    for name, value in (
        ("Population", people[2022].mean()),
        ("Population|50.0th Percentile", people[2022].median()),
        ("Population|95.0th Percentile", np.percentile(people[2022], 95)),
    ):
        assert of(toy_table, name).loc[("trend", "City A"), 2022] == pytest.approx(value, rel=1e-12)


def test_one_draw_has_no_percentiles(toy, tiny):
    single = toy.isel(scenario=0, drop=True).isel(draw=[0])
    table = iamc_table(single.assign_attrs(scenario_names="trend"), tiny, years=[2022])
    assert not table["Variable"].str.contains("Percentile").any()
    assert set(table["Scenario"]) == {"trend"}
    assert table.columns.tolist() == [*KEYS, 2022]


def test_zones_are_named_within_their_city_and_have_no_budgets(tiny_ensemble, shenyang):
    table = iamc_table(tiny_ensemble, shenyang, "zones")
    assert {"Shenyang|Heping District", WHOLE} <= set(table["Region"])
    assert table["Region"].nunique() == 56
    assert set(table.loc[table["Variable"] == "Revenue|Government", "Region"]) == {WHOLE}


def test_money_and_people_in_units_of_the_template(toy, tiny):
    table = iamc_table(toy, tiny, "apart", draws="all").set_index(["Region", "Variable", "Draw"])
    row = table.loc[("Link zone", "GDP|Real", 1)]
    assert row["Unit"] == "billion CNY_2020/yr"
    output = float(toy["gdp_real"].sel(scenario="trend", draw=1, year=2022, zone="link"))
    assert row[2022] == pytest.approx(output / 10)  # 1e8 yuan are a tenth of a billion


def test_what_cannot_be_made_is_told_at_once(toy, tiny):
    with pytest.raises(ProblemsError) as told:
        iamc_table(toy, tiny, "statistic", years=[2021, 2050], draws="sumary")
    text = str(told.value)
    for word in ("did you mean statistics?", "2050 not in the result", "did you mean summary?"):
        assert word in text


def test_a_table_is_written_whole_and_never_over_another_unasked(tmp_path, toy_table):
    path = save_table(toy_table, tmp_path / "new" / "table.csv")
    assert [one.name for one in path.parent.iterdir()] == ["table.csv"]
    back = pd.read_csv(path).rename(columns=lambda name: int(name) if name.isdigit() else name)
    pd.testing.assert_frame_equal(back, toy_table)
    with pytest.raises(ProblemsError, match="already there"):
        save_table(toy_table, path)
    save_table(toy_table.head(1), path, overwrite=True)
    assert len(pd.read_csv(path)) == 1
    with pytest.raises(ProblemsError, match=r"ends in \.csv"):
        save_table(toy_table, tmp_path / "table.txt")
