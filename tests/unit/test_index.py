import numpy as np
import pytest
import xarray as xr

from model.catalogue import CATALOGUE
from model.firms import STAGES
from model.problems import ProblemsError
from outputs.index import INDEX, acceptability, place, score, standings
from outputs.index_table import DATA, GOALPOSTS, WEIGHTS, Component, load_index

COMPONENTS, EVEN = load_index()


def component(name, **changes):
    given = {"dimension": name, "name_en": name, "name_zh": name, "named_by_plan": False,
             "component": name, "how": "ratio", "top": "gdp_real", "bottom": "population",
             "parts": (), "factor": 1.0, "unit": "1", "low": 0.0, "high": 1.0,
             "scale": "linear"}  # fmt: skip
    return Component(**(given | changes))


def result(area, gdp):
    """Two scenarios whose output a head is given, (scenario, draw)."""
    values = np.asarray(gdp, dtype=float)[..., None, None]
    zones = len(area.zones)
    dims = ("scenario", "draw", "year", "zone")
    return xr.Dataset(
        {
            "gdp_real": (dims, np.broadcast_to(values, (*values.shape[:3], zones))),
            "population": (dims, np.ones((*values.shape[:3], zones))),
        },
        {"scenario": ["a", "b"], "year": [2030]},
        {"seed": 0},
    )


def test_the_files_of_the_project_are_whole(shenyang):
    assert len(EVEN) == 6
    assert len({c.dimension for c in COMPONENTS if c.named_by_plan}) == 2
    assert all("own" in c.name_en or c.named_by_plan for c in COMPONENTS)
    known = {name for row in shenyang.tables["sectors"]
             for name in (row["sector"], row.values.get("family"))}  # fmt: skip
    assert {s for c in COMPONENTS for s in c.parts} <= known | set(STAGES)
    sources = {row["source"] for row in shenyang.tables["sources"]}
    assert "assumed_goalposts" in sources


def test_no_component_awaits_a_variable():
    assert [c.component for c in COMPONENTS if c.absent] == []
    assert all(CATALOGUE[c.top].keep == "always" for c in COMPONENTS)


def test_a_component_of_a_rung_counts_the_firms_on_it_or_above(tiny):
    values = np.array([[[[9.0, 4.0, 0, 0, 0], [3.0, 2.0, 0, 0, 0]]]])
    ds = xr.Dataset(
        {
            "technology_firms": (("scenario", "draw", "city", "stage"), values),
            "population": (("scenario", "draw", "zone"), np.full((1, 1, 2), 1e4)),
        },
        {"stage": list(STAGES)},
    )
    row = next(c for c in COMPONENTS if c.component == "high_tech_firms_per_head")
    assert score(row, ds, tiny).tolist() == [[pytest.approx(3.0 / 10)]]


def test_goalposts_are_the_ends_of_the_scale():
    falling = component("x", low=4.0, high=0.25, scale="log")
    assert place(falling, np.array([4.0, 1.0, 0.25])).tolist() == [0, 0.5, 1]


def test_the_index_is_the_geometric_mean(tiny):
    parts = [component("one"), component("two", factor=2.0)]
    rows = standings(
        result(tiny, [[0.2, 0.2], [0.4, 0.4]]), tiny, components=parts,
        weights={"one": 0.75, "two": 0.25},
    )  # fmt: skip
    found = {(row.scenario, row.dimension): row for row in rows}
    assert found["a", INDEX].mean == pytest.approx(0.2**0.75 * 0.4**0.25)
    assert found["b", "two"].mean == pytest.approx(0.8)
    assert found["b", INDEX].ranks == (1, 0)
    assert found["a", INDEX].ranks == (0, 1)


def test_beyond_the_goalposts_is_said_and_counts_as_at_them(tiny):
    rows = standings(
        result(tiny, [[0.5, 3.0], [0.5, 0.5]]), tiny, components=[component("one")],
        weights={"one": 1.0},
    )  # fmt: skip
    (row,) = [r for r in rows if (r.scenario, r.dimension) == ("a", "one")]
    assert (row.mean, row.outside) == (0.75, 0.5)


def test_a_dimension_without_variables_is_left_out_not_zero(tiny):
    parts = [component("one"), component("two", top="happiness")]
    rows = standings(
        result(tiny, [[0.2], [0.4]]), tiny, components=parts, weights={"one": 0.5, "two": 0.5}
    )
    found = {(row.scenario, row.dimension): row for row in rows}
    assert found["a", "two"].mean is None
    assert found["a", "two"].absent == ("two",)
    assert found["a", INDEX].mean == pytest.approx(0.2)
    assert found["a", INDEX].absent == ("two",)


def test_ranks_are_shares():
    rng = np.random.default_rng(0)
    found = acceptability(np.log(rng.uniform(size=(4, 20, 3))), 0)
    assert found.sum(axis=0) == pytest.approx(1)
    assert found.sum(axis=1) == pytest.approx(1)


def test_each_best_in_one_of_two_dimensions_leads_under_half_of_the_weights():
    logs = np.array([[[0.0, -1.0]], [[-1.0, 0.0]]])
    found = acceptability(logs, 0)
    assert found[0, 0] == pytest.approx(0.5, abs=0.03)


def test_equals_share_their_ranks():
    assert acceptability(np.zeros((2, 3, 2)), 0) == pytest.approx(0.5)


def test_sectors_can_be_chosen_by_family(shenyang, tiny_ensemble):
    (row,) = [c for c in COMPONENTS if c.component == "new_and_digital_in_output"]
    found = score(row, tiny_ensemble.isel(year=-1), shenyang) * 0.40
    assert np.all((found > 0.05) & (found < 0.4))


def test_every_fault_of_the_files_comes_at_once(tmp_path):
    text = (DATA / GOALPOSTS).read_text(encoding="utf-8")
    bad = text.replace(",0.05,0.20,linear", ",0.05,0.05,lineal").replace(",yes,gdp_per_head", ",y,")
    (tmp_path / GOALPOSTS).write_text(bad, encoding="utf-8")
    weights = (DATA / WEIGHTS).read_text(encoding="utf-8")
    (tmp_path / WEIGHTS).write_text(weights.replace("living,1", "leving,x"), encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_index(tmp_path / GOALPOSTS, tmp_path / WEIGHTS)
    text = str(caught.value)
    for hint in ("index.csv:2: named_by_plan", "did you mean linear", "are both 0.05",
                 "did you mean living", "cannot use 'x'", "living: has no weight"):  # fmt: skip
        assert hint in text
    with pytest.raises(ProblemsError, match="missing"):
        load_index(tmp_path / "none.csv", tmp_path / WEIGHTS)
