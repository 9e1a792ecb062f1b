"""Learning from growth: what is seen, what is not, and that weights do what they should."""

import numpy as np
import pytest

from calibration import backcast_economy, growth
from calibration.backcast_economy import (
    Forecast,
    backcast,
    chosen,
    growth_paths,
    naive,
    score,
    weighted_quantile,
)
from calibration.backcast_work import KINDS, counted, errors, work_backcast
from calibration.growth import (
    FITTED,
    PRIORS,
    SCORED,
    START,
    Learned,
    believed_early,
    covariance,
    drawn_parameters,
    learned,
    log_likelihood,
    observed_growth,
    simulated,
    weigh,
    workers_by_row,
)
from calibration.published_growth import (
    DOUBTED,
    ITEMS,
    LINKED,
    REBASED,
    doubted_growth,
    first_published,
    levels_hold,
    linked_growth,
    nominal_growth,
    provenance,
    rebased_growth,
    usable_growth,
)
from calibration.starts import area_at
from model.base_year import baseline
from model.priors import parse_prior
from model.problems import ProblemsError
from model.processes import PARAMETERS


@pytest.fixture(scope="module")
def ran(shenyang):
    drawn = drawn_parameters(0, 12)
    return drawn, *simulated(shenyang, drawn, 0, START, SCORED)[:2]


def test_the_scored_year_is_not_among_the_fitted():
    assert SCORED not in FITTED
    assert max(FITTED) < SCORED


def test_weights_do_not_see_the_scored_year(shenyang, ran, monkeypatch):
    """Whatever is published for the scored year, the weights stay bit for bit."""
    drawn, output, _ = ran
    rates = np.diff(np.log(output), axis=1)
    before = weigh(shenyang, rates, drawn)
    real = observed_growth

    def changed(area, years):
        found = real(area, years)
        return found + np.array([[9.0 if year == SCORED else 0.0] for year in years])

    monkeypatch.setattr(growth, "observed_growth", changed)
    other = rates.copy()
    other[:, SCORED - START - 1] += 5.0
    assert weigh(shenyang, other, drawn).tobytes() == before.tobytes()


def test_no_years_no_preference(shenyang, ran):
    drawn, output, _ = ran
    assert weigh(shenyang, output, drawn, ()).tolist() == [1 / 12] * 12


def test_rebased_growth_comes_first(shenyang):
    first = observed_growth(shenyang, (2018,))[0]
    names = shenyang.statistics[0]
    assert first[names.index("shenyang")] == pytest.approx(np.log1p(0.053))
    assert first[names.index("anshan")] == pytest.approx(np.log1p(0.0515))


def test_output_starts_from_the_published_one(shenyang, ran):
    _, output, shares = ran
    np.testing.assert_allclose(
        output[:, 0], np.tile(baseline.gdp_level(shenyang, START, "total"), (12, 1)), rtol=1e-9
    )
    np.testing.assert_allclose(shares.sum(axis=3), 1.0)


def test_the_better_draw_weighs_more(shenyang, ran):
    drawn, output, _ = ran
    rates = np.diff(np.log(output), axis=1)
    rates[:] = rates.mean(axis=0)
    rates[0, : len(FITTED)] = observed_growth(shenyang, FITTED)
    same = {name: np.full(12, value.mean()) for name, value in drawn.items()}
    same["productivity.base_gap"] = np.zeros(12)
    assert weigh(shenyang, rates, same).argmax() == 0


def test_errors_of_one_year_are_one_fact():
    """The same miss in all cities costs less when cities share a shock."""
    errors = np.full((2, 1, 6), 0.03)
    apart, shared = log_likelihood(errors, np.array([0.03, 0.01]), np.array([0.0, 0.03]))
    assert shared > apart
    matrix = covariance(0.02, 0.01, 3, 4)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_contraction_by_hand():
    values = np.array([0.0, 1.0, 2.0])
    (row,) = learned({"a": values}, np.array([0.0, 1.0, 0.0]))
    assert (row.mean, row.sd, row.contraction) == (1.0, 0.0, 1.0)
    (even,) = learned({"a": values}, np.full(3, 1 / 3))
    assert even.contraction == pytest.approx(0.0)
    assert Learned("a", 0, 2.0, 0, 1.0).contraction == 0.5


def test_the_early_origin_believes_what_could_be_known_then(shenyang):
    """All of the fitted parameters, and those of the earlier start wherever it has its own."""
    early, rows = believed_early(shenyang), shenyang.tables["history_assumptions"]
    own = {row["id"]: row for row in rows}
    assert set(early) == {*PRIORS, "productivity.frontier_slowdown"}
    dated = {name for name in PRIORS if name in own}
    assert {"industry.frontier_growth", "family_drift.agri"} <= dated
    assert all(early[name] == own[name]["prior"].text for name in dated)
    assert all(early[name] == PRIORS[name] for name in set(PRIORS) - dated)
    then, now = (drawn_parameters(0, 99, each) for each in (early, PRIORS))
    assert np.median(then["industry.frontier_growth"]) == pytest.approx(0.017, abs=1e-3)
    assert np.median(now["industry.frontier_growth"]) == pytest.approx(0.010, abs=1e-3)


def test_farm_work_is_worth_what_studies_say(shenyang):
    """From a quarter to three quarters of value added at the margin: they disagree by as much."""
    table = dict(zip(shenyang.sectors, shenyang.column("sectors", "labour_share"), strict=True))
    share, span = table["agriculture"], np.array([0.01, 0.5, 0.99])
    for name in ("assumptions", "history_assumptions"):
        rows = {row["id"]: row["prior"] for row in shenyang.tables[name]}
        odds = rows["labour_share_odds.agriculture"].quantile(span) * share / (1 - share)
        assert (odds / (1 + odds)).tolist() == pytest.approx([0.26, 0.5, 0.74], abs=0.01)


UPDATED = {
    "industry.frontier_growth", "industry.capital_growth", "industry.productivity_walk",
    "productivity.area_walk", "productivity.base_gap",
}  # fmt: skip


@pytest.mark.parametrize("name", list(PRIORS))
def test_parameters_carry_what_was_learned(shenyang, name):
    """Updated ones say so and from what; the rest are as they were believed before."""
    process, _, field = name.partition(".")
    if process in PARAMETERS:
        declared = PARAMETERS[process].declarations()[field]
        text, source = declared.prior.text, declared.source
    else:
        rows = {row["id"]: row for row in shenyang.tables["assumptions"]}
        text, source = rows[name]["prior"].text, rows[name]["source"]
    if name in UPDATED:
        assert source.startswith("calibrated on growth of 2017-2020")
        assert PRIORS[name].split("(")[0] in source
    else:
        middle = [0.1, 0.5, 0.9]
        np.testing.assert_allclose(
            parse_prior(text).quantile(np.array(middle)),
            parse_prior(PRIORS[name]).quantile(np.array(middle)),
        )


@pytest.mark.slow
def test_stored_priors_are_what_learning_gives(shenyang):
    table, effective = growth.learn(shenyang, count=600)
    assert effective > 15
    for row in table:
        if row.parameter in UPDATED:
            process, _, field = row.parameter.partition(".")
            (held,) = PARAMETERS[process].declarations()[field].prior.parts
            noise = 4 * row.sd / np.sqrt(effective)
            assert abs(held.arguments[0] - row.mean) < noise, row


def test_area_between_the_censuses(shenyang):
    moved = area_at(shenyang, 2015)
    people = [baseline.people(area, area.base_year)[:55].sum() for area in (moved, shenyang)]
    early = baseline.people(shenyang, 2010)[:55].sum()
    assert people[0] == pytest.approx((early + people[1]) / 2, rel=1e-4)
    assert area_at(shenyang, 2020).base_year == 2020


@pytest.mark.parametrize("year", [2010, 2021])
def test_area_outside_the_censuses(shenyang, year):
    with pytest.raises(ProblemsError, match=rf"{year} is outside \[2011, 2020\] \(unit year\)"):
        area_at(shenyang, year)


@pytest.fixture(scope="module")
def told(shenyang):
    return backcast(shenyang, count=8)


@pytest.mark.slow
def test_backcast_sees_nothing_later_than_its_origin(shenyang, told, monkeypatch):
    forecasts, _ = told
    assert all(f.year > f.origin for f in forecasts)
    assert all(f.low <= f.high for f in forecasts)
    real = backcast_economy.usable_growth

    def changed(area, years):
        found = real(area, years)
        found[np.array(years) > 2018] += 3.0
        return found

    monkeypatch.setattr(backcast_economy, "usable_growth", changed)
    again, _ = backcast(shenyang, count=8)
    for one, other in zip(forecasts, again, strict=True):
        if one.origin <= 2018:
            said = ("model", "low", "high", "none", "last", "mean")
            assert all(getattr(one, name) == getattr(other, name) for name in said)


@pytest.mark.slow
def test_backcast_is_by_city_and_sector_over_the_decade(shenyang, told):
    forecasts, spans = told
    early = chosen(forecasts, "total", origin=2011)
    names = {"shenyang", "fushun"}
    assert {f.region for f in early if f.year <= START} == names
    assert {f.year for f in early if f.region in names} == set(range(2012, 2022))
    assert {f.origin for f in forecasts} == {2011, *range(START, SCORED)}
    assert len(chosen(forecasts, "total", origin=2020)) == 7
    assert {f.year for f in chosen(forecasts, "tertiary")} == {2017, 2018, 2020, 2021}
    for series, first, last in ((DOUBTED, 2012, 2016), (REBASED, 2017, 2021), (LINKED, 2012, 2021)):
        block = [s for s in spans if s.series == series]
        assert {(s.region, s.sector) for s in block} == {
            (region, item) for region in shenyang.statistics[0] for item in ITEMS
        }
        assert {(s.years[0], s.years[-1]) for s in block if s.sector == "total"} == {(first, last)}


@pytest.mark.slow
def test_doubted_growth_is_scored_apart_and_teaches_nothing(shenyang, told, monkeypatch):
    forecasts, _ = told
    doubted = [f for f in forecasts if f.series == DOUBTED]
    assert {(f.origin, f.year) for f in doubted} == {(2011, year) for year in range(2012, 2017)}
    assert {f.year for f in doubted if f.sector != "total"} == {2012, 2013, 2015}
    real = backcast_economy.doubted_growth
    monkeypatch.setattr(
        backcast_economy, "doubted_growth", lambda area, years: real(area, years) + 0.5
    )
    again, _ = backcast(shenyang, count=8)
    clean = [f for f in forecasts if f.series == REBASED]
    assert [f for f in again if f.series == REBASED] == clean


def test_what_is_usable_of_published_growth(shenyang):
    """Inflated years and changes of vintage are not; the deflator of one city serves another."""
    years = range(2012, 2022)
    found = usable_growth(shenyang, years)
    names = shenyang.statistics[0]
    told = np.isfinite(found[..., 0])
    rebased = [names.index("shenyang"), names.index("fushun")]
    assert told[:, rebased].all()
    assert not np.delete(told, rebased, axis=1)[:5].any()
    assert told[5:].all()
    sectors = np.isfinite(found[..., 1:]).all(axis=(1, 2))
    assert np.array(years)[sectors].tolist() == [2017, 2018, 2020, 2021]
    shares = np.array([303.6, 2160.4, 4107.6]) / 6571.6
    mean = np.exp(found[8, names.index("shenyang"), 1:]) @ shares
    assert mean == pytest.approx(np.exp(found[8, names.index("shenyang"), 0]), rel=0.01)
    nominal = np.log(754 / 698.9) - (np.log(4395.55 / 4009.82) - np.log1p(0.092))
    assert found[0, names.index("fushun"), 0] == pytest.approx(nominal, abs=1e-3)


def test_doubted_growth_is_the_published_rate_and_never_a_change_of_levels(shenyang):
    years = range(2012, 2022)
    found = doubted_growth(shenyang, years)
    assert np.isfinite(found[:5, :, 0]).all()
    assert np.isnan(found[5:]).all()
    benxi = shenyang.statistics[0].index("benxi")
    assert found[4, benxi, 0] == pytest.approx(np.log1p(-0.088))
    fell = nominal_growth(shenyang, 2016, "original")
    assert fell.max() < -0.2 < found[4, :, 0].min()
    np.testing.assert_allclose(found[0, :, 0], first_published(shenyang, 2012))


def test_shares_of_corrected_levels_are_not_growth_of_sectors(shenyang):
    """Sectors stand where the price of output is near the re-based one, and add up there."""
    years = range(2012, 2017)
    found = doubted_growth(shenyang, years)
    hold = np.array([levels_hold(shenyang, year) for year in years])
    assert hold.sum() == 16
    assert not hold[[2, 4]].any()
    np.testing.assert_array_equal(np.isfinite(found[..., 1:]).all(axis=2), hold)
    shares = np.array([315.2, 3383.2, 2904.2]) / 6602.6
    mean = np.exp(found[1, 0, 1:]) @ shares
    assert mean == pytest.approx(np.exp(found[1, 0, 0]), rel=1e-4)


def test_linked_growth_prefers_what_is_not_in_doubt(shenyang):
    years = range(2012, 2022)
    linked, clean = (of(shenyang, years) for of in (linked_growth, usable_growth))
    told = np.isfinite(clean[..., 0])
    np.testing.assert_array_equal(linked[told][:, 0], clean[told][:, 0])
    assert np.isfinite(linked[..., 0]).all()
    np.testing.assert_array_equal(linked[5:], clean[5:])
    assert linked[4, 0, 0] == rebased_growth(shenyang, 2016)[0] == np.log1p(0.004)


def test_growth_says_where_it_comes_from(shenyang):
    assert provenance(shenyang, "tieling", "primary", (2013,), DOUBTED) == (
        "gdp_growth, gdp_yearbook", "derived",
    )  # fmt: skip
    assert provenance(shenyang, "shenyang", "total", (2013, 2014), LINKED) == (
        "gdp_growth_revised", "observed",
    )  # fmt: skip
    assert provenance(shenyang, "shenyang", "total", (2013, 2014), DOUBTED)[0] == "gdp_growth"


def test_growth_of_sectors_adds_up():
    rng = np.random.default_rng(4)
    output, shares = rng.uniform(50, 90, (2, 4, 3)), rng.dirichlet(np.ones(3), (2, 4, 3))
    paths = growth_paths(output, shares)
    grown = (np.exp(paths[..., 1:]) * shares[:, :-1]).sum(axis=3)
    np.testing.assert_allclose(np.log(grown), paths[..., 0], rtol=1e-12)


def test_scores_by_hand():
    rows = [
        Forecast("a", "total", 2019, 2020, 0.02, 0.03, 0.0, 0.05, 0.0, 0.06, 0.04),
        Forecast("b", "total", 2019, 2020, 0.06, 0.03, 0.0, 0.05, 0.0, 0.06, 0.04),
    ]
    found = score(rows)
    assert found.model == pytest.approx(np.sqrt((0.01**2 + 0.03**2) / 2))
    assert found.bias == pytest.approx(-0.01)
    assert (found.covered, found.best) == (0.5, "mean")
    assert found.skill == pytest.approx(1 - (found.model / found.mean) ** 2)
    assert chosen(rows, "total", region="b", ahead=1) == rows[1:]
    assert chosen(rows, "total", ahead=2) == chosen(rows, "primary") == []


def test_rivals_without_a_usable_past_say_that_nothing_grows():
    assert naive(np.full(3, np.nan)) == {"none": 0.0, "last": 0.0, "mean": 0.0}
    assert naive(np.array([np.nan, 0.01, 0.05, np.nan]))["last"] == 0.05


def test_weighted_quantile_ends():
    values, even = np.arange(5.0), np.full(5, 0.2)
    assert weighted_quantile(values, even, 0.0) == 0.0
    assert weighted_quantile(values, even, 0.99) == 4.0


def test_farming_bore_the_loss_of_workers(shenyang):
    """Told from 2011, labour force given: nearer to the census than if all sectors fell alike."""
    found = work_backcast(shenyang, count=8)
    assert len(found) == 2 * 7
    assert {s.years for s in found} == {(2011, 2020)}
    for kind in KINDS:
        model, alike = errors(found, kind)
        assert model < alike / 2
    counts = counted(shenyang, 2020)
    assert counts.sum() == pytest.approx(workers_by_row(shenyang, 2020).sum())
    farming = found[0]
    early = counted(shenyang, 2011)[0, 0]
    assert np.exp(9 * farming.observed) * early == pytest.approx(counts[0, 0])
