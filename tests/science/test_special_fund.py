"""A fund of a few hundred million yuan does not move an economy of trillions."""

from model import ensemble
from model.scenario import Realisation, Scenario
from model.scenario_file import LeverSetting


def test_special_fund_alone():
    fund = Scenario(
        "fund", "The fund alone", levers={"metro_special_fund": LeverSetting()},
        realisation=Realisation(budget="unlimited"),
    )  # fmt: skip
    both = ensemble(["trend", fund], draws=1, end=2035)
    output = both["gdp_real"].sum("zone").isel(draw=0)
    change = output.sel(scenario="fund") / output.sel(scenario="trend") - 1
    later = change.sel(year=slice(2023, None))
    assert float(abs(change).max()) < 0.001
    assert float(later.min()) > 0
