"""Firms: the base year, the drift by construction, the two engines, chance, levers, bad input."""

from dataclasses import replace

import numpy as np
import pytest

from model import simulate
from model.engines.firm_cohorts import FirmCohorts
from model.engines.firms import COLUMNS, Establishments
from model.firms import CLASS_MEANS, SiteTable
from model.problems import RunError
from model.processes import firms as process
from model.simulation import step
from tests.worlds import TINY, Tape, after, arrays_of, package, replay, trend, world_of

REPLICATES = 200


@pytest.fixture(scope="module", params=["tiny-1", "tiny-4", "shenyang-1", "shenyang-3"])
def base(request):
    name, draws = request.param.split("-")
    return world_of(request.getfixturevalue(name), count=int(draws))


def test_base_year_is_reproduced(base):
    """Jobs, and entries shared as the stock is, to 1e-8."""
    jobs = base["expected_jobs"]
    assert np.abs(base["firm_jobs"] - jobs).max() / jobs.max() < 1e-8
    census = base.firms.census()
    np.testing.assert_allclose(
        (census.sizes * CLASS_MEANS[:, None]).sum((1, 2)), jobs.sum((1, 2)), rtol=1e-10
    )
    attraction = process.attraction_of(base, base.params["siting"])
    share = process.site_shares(attraction, base.fixed["site_weight"])
    stock = base["firms"]
    expected = stock / np.maximum(stock.sum(2, keepdims=True), 1e-300)
    np.testing.assert_allclose(share, expected, atol=1e-10)


def test_printed_counts_of_technology_firms(shenyang, tiny):
    """The core city's and the district's counts, in the central draw."""
    for area in (shenyang, tiny):
        world = world_of(area)
        rungs = process.on_or_above(world.firms.census().rungs)[0]
        for row in area.tables["technology_firms"]:
            stage = ("tech_sme", "high_tech").index(row["stage"])
            place = row["place"]
            chosen = (
                area.in_city[area.cities.index(place)]
                if place in area.cities
                else np.array(area.zones) == place
            )
            assert (rungs[stage] * chosen).sum() == pytest.approx(row["firms"], rel=1e-9)


def test_whole_firms_hold_the_jobs(tiny_world):
    mean, rows = tiny_world(), tiny_world(engine="agents")
    np.testing.assert_allclose(rows["firm_jobs"], mean["firm_jobs"], rtol=1e-9)
    gap = (rows.firms.counts() - mean.firms.counts())[0]
    assert np.all(rows["firms"][mean["firms"] > 0] >= 1)
    added = (rows["firms"] == 1).sum(axis=(0, 2))[:, None, None]  # firms a cell was given
    assert np.all(np.abs(gap) < 1 + added[..., None])
    assert np.all(np.abs(gap.sum(axis=3)) < 1 + added)  # by status and size
    assert np.all(np.abs(gap.sum(axis=(1, 2))) < 1 + added[:, 0])  # by zone


def test_expected_growth_is_the_macro_drift(tiny):
    """Every year and cell, over thirty years and four draws: the account of firms closes."""
    world = world_of(tiny, count=4, end=2050)
    for _ in range(30):
        step(world)  # accounts check posts against jobs of firms at 1e-9
        np.testing.assert_allclose(world["firm_jobs"], world["posts"], rtol=1e-12, atol=1e-9)
        np.testing.assert_array_equal(world["posts"], world["labour_demand"])


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_stocks_and_flows_close(tiny, engine):
    world = world_of(tiny, engine=engine)
    for _ in range(4):
        firms, before = world["firms"].sum(1), world.firms.counts().sum()
        step(world)
        change = (world["firm_entries"] - world["firm_exits"]).sum(1)
        change = change + world["firm_arrivals"] - world["firm_departures"]
        np.testing.assert_allclose(world["firms"].sum(1), firms + change, rtol=1e-9)
        assert world["firm_arrivals"].sum() == pytest.approx(world["firm_departures"].sum())
        total = before + world["firm_entries"].sum() - world["firm_exits"].sum()
        assert world.firms.counts().sum() == pytest.approx(total)


# -- the engines agree -----------------------------------------------------------------


@pytest.fixture(scope="module")
def begun(tiny):
    """A world of agents some years on, and the counts of its firms."""
    world = after(tiny, 2, engine="agents", scale=40)
    return world, world.firms.counts()[0].astype(int)


def bodies(begun, jobs):
    """Factory: firms of the same counts with a seed of their own; and in expectation."""
    world, counts = begun
    technology = world.area.technology
    expected = FirmCohorts(counts[None], jobs[None], technology)
    return expected, lambda seed: Establishments(counts, jobs, technology, seed)


def year_of(begun, firms):
    """The process of firms one year on, with these firms in the place of the usual ones."""
    world = replace(begun[0], state=dict(begun[0].state))
    world.firms, world.year = firms, begun[0].year + 1
    firms.begin_year(world.year)
    process.act(world, world.params["firms"])
    return world


FLOWS = (
    "firms", "firm_jobs", "firm_entries", "firm_exits", "jobs_created", "jobs_destroyed",
    "technology_firms", "firm_arrivals",
)  # fmt: skip


def test_one_step(begun):
    """Means over replicates against expectations; realised growth is the drift on average."""
    expected, make = bodies(begun, begun[0]["firm_jobs"][0])
    wanted = year_of(begun, expected)
    found = {name: [] for name in FLOWS}
    for seed in range(REPLICATES):
        world = year_of(begun, make(seed))
        for name in FLOWS:
            found[name].append(world[name][0])
    for name in FLOWS:
        samples, target = np.array(found[name]), wanted[name][0]
        error = samples.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
        # Cells in which hardly anything happens have no error to speak of.
        often = (np.abs(samples - samples[0]) > 0).mean(axis=0) > 0.15
        z = (samples.mean(axis=0) - target)[often] / error[often]
        assert often.any(), name
        assert np.abs(z).max() < 4, (name, z)
    jobs = np.array(found["firm_jobs"]).sum(axis=(1, 2))
    error = jobs.std(ddof=1) / np.sqrt(REPLICATES)
    assert abs(jobs.mean() - wanted["posts"].sum()) < 4 * error


@pytest.mark.parametrize(("firms", "moving", "weight"), [(0, 0.003, 1.0), (1, 0.2, 1e-6)])
def test_one_step_of_a_cell_with_hardly_a_firm(begun, firms, moving, weight):
    """Luck emptied the cell, or left one firm there, which may move: the mean is right even so.

    What a cell is to offer must not hang on who happens to be there after relocation.
    """
    world, counts = begun
    cell = world.area.sectors.index("shops"), world.area.zones.index("link")
    few = counts.copy()
    few[cell[0], :, :, cell[1]] = 0
    few[cell[0], 1, 4, cell[1]] = firms
    scarce = replace(world, state=dict(world.state))
    restless = replace(world.params["siting"], reconsidering=moving, moving_cost=0.0)
    scarce.params = world.params | {"siting": restless}
    scarce.fixed = world.fixed | {"site_weight": world.fixed["site_weight"].copy()}
    scarce.fixed["site_weight"][0][cell] *= weight  # Few come to the one firm.
    for name in ("firm_jobs", "labour_demand"):
        scarce[name] = world[name].copy()
        scarce[name][0][cell] = firms * CLASS_MEANS[4]
    expected, make = bodies((scarce, few), scarce["firm_jobs"][0])
    wanted = year_of((scarce, few), expected)
    runs = [year_of((scarce, few), make(seed)) for seed in range(REPLICATES)]
    for name in ("firms", "firm_jobs"):
        samples = np.array([run[name][0][cell] for run in runs])
        error = samples.std(ddof=1) / np.sqrt(REPLICATES)
        assert abs(samples.mean() - wanted[name][0][cell]) < 3.5 * error, name


@pytest.fixture(scope="module")
def tape(begun):
    """Tables of six years, written for firms in expectation."""
    expected, _ = bodies(begun, begun[0]["firm_jobs"][0])
    world = replace(begun[0], state=dict(begun[0].state))
    world.firms = Tape(expected)
    world.firms.in_expectation = True
    world["firms"], world["posts"] = begun[1].sum((1, 2))[None].astype(float), world["firm_jobs"]
    for _ in range(6):
        step(world)
    calls = [c for c in world.firms.calls if c[0] in {"begin_year", "relocate", "renew"}]
    return calls, expected


def test_frozen_macro(begun, tape):
    """With the tables of a stored path, six years on, every mean is the expectation."""
    calls, expected = tape
    _, make = bodies(begun, begun[0]["firm_jobs"][0])
    found = []
    for seed in range(REPLICATES):
        firms = make(seed)
        replay(calls, firms)
        found.append(firms.counts()[0].sum(axis=(0, 3)))
    samples, wanted = np.array(found), expected.counts()[0].sum(axis=(0, 3))
    often = samples.mean(axis=0) > 5
    error = samples.std(axis=0, ddof=1) / np.sqrt(REPLICATES)
    z = ((samples.mean(axis=0) - wanted) / np.maximum(error, 1e-9))[often]
    assert np.abs(z).max() < 4
    assert 0.6 < z.std() < 1.4


def test_luck_falls_with_the_number_of_firms(begun, tape):
    """Four times as many firms, half the relative spread."""
    calls, _ = tape
    calls = [c for c in calls if c[0] != "renew"] + [without_entry(c) for c in calls]
    world, counts = begun
    spread = []
    for factor in (1, 4):
        found = []
        for seed in range(150):
            firms = Establishments(
                counts * factor, world["firm_jobs"][0], world.area.technology, seed
            )
            replay(calls, firms)
            found.append(firms.counts().sum(axis=(0, 1, 2, 3)) / factor)
        spread.append(np.std(found, axis=0).mean())
    assert spread[0] / spread[1] == pytest.approx(2.0, rel=0.2)


def without_entry(call):
    if call[0] != "renew":
        return call
    table = call[1][0]
    return call[0], (replace(table, entrants=0 * table.entrants),), None


# -- chance ----------------------------------------------------------------------------


def history(firms, calls):
    """What every firm is after each verb, by key."""
    found = []
    for name, arguments, _ in calls:
        getattr(firms, name)(*arguments)
        rows = firms.status != 255
        columns = [getattr(firms, column)[rows].tolist() for column in COLUMNS]
        found.append({key: traits for key, *traits in zip(*columns, strict=True)})
    return found


def test_one_more_firm_changes_nobody_elses_history(begun, tape):
    world, counts = begun
    more = counts.copy()
    more[2, 1, 4, 1] += 1
    make = [
        Establishments(n, world["firm_jobs"][0], world.area.technology, 3) for n in (counts, more)
    ]
    extra = set(make[1].key.tolist()) - set(make[0].key.tolist())
    assert len(extra) == 1
    one, two = (history(firms, tape[0]) for firms in make)
    for year, (mine, theirs) in enumerate(zip(one, two, strict=True)):
        assert mine == {key: traits for key, traits in theirs.items() if key not in extra}, year


def test_rows_may_stand_in_any_order(begun, tape):
    _, make = bodies(begun, begun[0]["firm_jobs"][0])
    one, two = make(4), make(4)
    order = np.random.default_rng(1).permutation(len(two.key))
    for column in COLUMNS:
        setattr(two, column, getattr(two, column)[order])
    for firms in (one, two):
        replay(tape[0], firms)
    np.testing.assert_array_equal(one.counts(), two.counts())


@pytest.mark.slow
def test_workers_change_nothing():
    options = {"area": TINY, "draws": 4, "end": 2024, "engine": "agents", "scale": 40}
    one, two = (simulate(trend(), workers=count, **options) for count in (1, 2))
    assert one.identical(two)


@pytest.mark.parametrize("engine", ["mean", "agents"])
def test_zero_dose_is_the_trend(tiny, engine):
    options = {"engine": engine, "scale": 40, "end": 2025}
    none = package("incubators", "shake_out", "cultivation", dose=0)
    one, two = arrays_of(tiny, **options), arrays_of(tiny, none, **options)
    assert all(one[name].tobytes() == two[name].tobytes() for name in one)


# -- levers ----------------------------------------------------------------------------


def test_levers_of_firms_move_what_they_name_and_not_the_drift(tiny):
    options = {"end": 2030}
    plain = arrays_of(tiny, **options)
    sectors, zones = tiny.sectors, tiny.zones
    for lever, name, sign, place in (
        ("incubators", "firm_entries", 1, (sectors.index("office"), zones.index("a2"))),
        ("shake_out", "firm_exits", 1, (sectors.index("works"), zones.index("b1"))),
        ("cultivation", "technology_firms", 1, (tiny.cities.index("a"), 1)),
    ):
        moved = arrays_of(tiny, package(lever), **options)
        change = (moved[name] - plain[name])[0, -1]
        assert sign * change[place] > 0, lever
        np.testing.assert_allclose(moved["jobs"], plain["jobs"], rtol=1e-9)
        np.testing.assert_allclose(moved["gdp_real"], plain["gdp_real"], rtol=1e-9)


def test_faster_roads_draw_entries(tiny):
    """Market access and neighbours weigh in the choice of a site; shares stay shares."""
    plain, moved = (after(tiny, 5, s) for s in (trend(), package("faster_roads")))
    stock = [w["firm_entries"].sum(2) / w["firms"].sum(2) for w in (plain, moved)]
    np.testing.assert_allclose(stock[0], stock[1], rtol=0.01)
    assert np.abs(moved["firm_entries"] - plain["firm_entries"]).max() > 0.01


@pytest.mark.slow
def test_a_million_establishments(shenyang):
    """Smaller firms for the same jobs: rows of a few bytes, and the numbers of the mean engine."""
    small = trend(firms__least_size=1.6)
    rows, mean = (world_of(shenyang, small, engine=e, scale=1000) for e in ("agents", "mean"))
    assert rows["firms"].sum() > 1_000_000
    for _ in range(3):
        before = rows.firms.counts().sum()
        for world in (rows, mean):
            step(world)
        changed = (rows["firm_entries"] - rows["firm_exits"]).sum()
        assert rows.firms.counts().sum() == before + changed
    held = sum(getattr(rows.firms, name).nbytes for name in COLUMNS)
    assert held < 16 * 1.1 * rows["firms"].sum() * 1.1
    for name in ("firms", "firm_entries", "firm_exits"):
        assert rows[name].sum() == pytest.approx(mean[name].sum(), rel=0.02), name


# -- bad input ---------------------------------------------------------------------------


def test_a_sector_without_jobs_stays_away(tiny):
    world = after(tiny, 3)
    farm, a1 = tiny.sectors.index("farm"), tiny.zones.index("a1")
    assert world["firms"][:, farm, a1].max() == 0
    for name in ("firms", "firm_entries", "firm_jobs", "posts", "state_job_share"):
        assert np.all(np.isfinite(world[name]))


def test_a_zone_without_firms_gets_entries(tiny):
    """Luck empties a cell: it offers what its entrants bring, and nothing is lost to NaN."""
    world = world_of(tiny, engine="agents", scale=40)
    shops, link = tiny.sectors.index("shops"), tiny.zones.index("link")
    firms = world.firms
    there = (firms.sector == shops) & (firms.zone == link)
    firms.status[there] = 255
    firms.relocate(SiteTable(np.zeros((1, 4, 5)), np.full((1, 4, 5), 0.2)))  # counts anew
    process.record_stock(world)
    assert world["firm_jobs"][0, shops, link] == 0
    step(world)
    assert world["labour_demand"][0, shops, link] == 0
    assert world["posts"][0, shops, link] > 0
    for _ in range(12):
        step(world)
    assert world["firms"][0, shops, link] > 0
    assert np.all(np.isfinite(world["expected_jobs"]))


@pytest.mark.parametrize("value", [-5.0, np.nan])
def test_nonsense_from_the_labour_market_is_named(tiny, value):
    world = world_of(tiny)
    step(world)
    world["labour_demand"] = world["labour_demand"].copy()
    world["labour_demand"][0, 2, 1] = value
    with pytest.raises(RunError, match="shops, a2, 2021"):
        process.act(world, world.params["firms"])


def test_a_firm_off_its_post_is_an_account_that_does_not_close(tiny):
    from model.accounts import check

    world = world_of(tiny)
    before = np.array(world["residents_by_hukou"])
    step(world)
    world["firm_jobs"] = world["firm_jobs"] * 1.001
    with pytest.raises(RunError, match="account 'firms' does not close in 2021"):
        check(world, before)
