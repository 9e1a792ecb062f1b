"""Gravity models against a plain regression with a dummy for every place, and their laws."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calibration.flow_tables import flows_of_frame, flows_of_matrix
from calibration.gravity_fit import Cells, maximum
from calibration.gravity_models import fit_gravity
from model.problems import ProblemsError, RunError

MODELS = ("unconstrained", "origin", "destination", "doubly")
DECAYS = ("exponential", "power", "tanner")


def random_table(seed, count=6, width=5, noise=True, listed=1.0):
    """Counts around a gravity model, some at every place; some pairs may not be listed."""
    rng = np.random.default_rng(seed)
    push, pull = rng.lognormal(2, 0.7, count), rng.lognormal(2, 0.7, width)
    cost = rng.uniform(1, 40, (count, width))
    mean = np.outer(push, pull) * np.exp(-0.05 * cost) * cost**-0.3
    flow = rng.poisson(mean * rng.lognormal(0, 0.3, mean.shape)) if noise else mean
    start, end = (place.ravel() for place in np.indices(mean.shape))
    always = (start == end % count) | (end == start % width)
    there = (rng.random(start.size) < listed) | always
    columns = {
        "origin": [f"o{place}" for place in start],
        "destination": [f"d{place}" for place in end],
        "flow": np.maximum(flow.ravel(), always) if noise else flow.ravel(),
        "cost": cost.ravel(),
        "push": push[start],
        "pull": pull[end],
    }
    return flows_of_frame(
        {name: np.array(values)[there] for name, values in columns.items()},
        origin_masses=["push"],
        destination_masses=["pull"],
    )


def dense(table, model, decay):
    """Poisson regression by reweighted least squares, with a dummy for every place."""
    columns, names = [], []
    if model in ("origin", "doubly"):
        for place, name in enumerate(table.origins):
            columns.append(table.origin == place)
            names.append(f"origin {name}")
    if model in ("destination", "doubly"):
        for place, name in list(enumerate(table.destinations))[model == "doubly" :]:
            columns.append(table.destination == place)
            names.append(f"destination {name}")
    if model == "unconstrained":
        columns.append(np.ones(len(table.flow)))
        names.append("intercept")
    if model in ("unconstrained", "destination"):
        columns.append(np.log(table.origin_masses["push"]))
        names.append("log push")
    if model in ("unconstrained", "origin"):
        columns.append(np.log(table.destination_masses["pull"]))
        names.append("log pull")
    if decay != "exponential":
        columns.append(np.log(table.cost))
        names.append("log cost")
    if decay != "power":
        columns.append(table.cost)
        names.append("cost")
    design, flow = np.stack(columns, axis=1).astype(float), table.flow
    mean = flow + 0.5
    for _ in range(200):
        working = np.log(mean) + (flow - mean) / mean
        root = np.sqrt(mean)
        values = np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0]
        mean = np.exp(design @ values)
    covariance = np.linalg.inv(design.T @ (design * mean[:, None]))
    scores = design * (flow - mean)[:, None]
    robust = covariance @ (scores.T @ scores) @ covariance
    return names, values, np.sqrt(np.diag(covariance)), np.sqrt(np.diag(robust)), mean


@pytest.mark.parametrize("decay", DECAYS)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("listed", [1.0, 0.7])
def test_same_as_a_dummy_for_every_place(model, decay, listed):
    table = random_table(3, 9, 8, listed=listed)
    fit = fit_gravity(table, model, decay)
    names, values, errors, robust, mean = dense(table, model, decay)
    np.testing.assert_allclose(fit.predicted, mean, rtol=1e-8)
    assert list(fit.estimates.names) == names
    np.testing.assert_allclose(fit.estimates.values, values, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fit.estimates.standard_errors, errors, rtol=1e-8)
    own = [names.index(name) for name in fit.names]
    np.testing.assert_allclose(fit.coefficients, values[own], rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(fit.standard_errors, errors[own], rtol=1e-8)
    np.testing.assert_allclose(fit.robust_errors, robust[own], rtol=1e-7)
    assert fit.parameters == len(values)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(MODELS), st.sampled_from(DECAYS))
def test_likelihood_equations_hold(seed, model, decay):
    """At the maximum: margins, mean cost and mean log masses are those observed."""
    table = random_table(seed)
    fit = fit_gravity(table, model, decay)
    gap = fit.predicted - table.flow
    assert abs(gap.sum()) < 1e-8 * table.flow.sum()
    if model in ("origin", "doubly"):
        outs = np.bincount(table.origin, weights=table.flow)
        np.testing.assert_allclose(
            np.bincount(table.origin, weights=gap), 0, atol=1e-9 * outs.max()
        )
    if model in ("destination", "doubly"):
        ins = np.bincount(table.destination, weights=table.flow)
        np.testing.assert_allclose(
            np.bincount(table.destination, weights=gap), 0, atol=1e-9 * ins.max()
        )
    if decay != "power":
        assert fit.mean_cost(fit.predicted) == pytest.approx(fit.mean_cost(table.flow), rel=1e-8)
    if decay != "exponential":
        assert gap @ np.log(table.cost) == pytest.approx(0, abs=1e-7 * table.flow.sum())


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(MODELS), st.floats(0.01, 1000))
def test_units_do_not_matter(seed, model, scale):
    """Flows counted in other units leave the decay; costs in others rescale it."""
    table = random_table(seed)
    plain = fit_gravity(table, model)["cost"]
    more = flows_of_frame(columns_of(table) | {"flow": table.flow * scale}, **MASSES)
    assert fit_gravity(more, model)["cost"] == pytest.approx(plain, rel=1e-6, abs=1e-10)
    longer = flows_of_frame(columns_of(table) | {"cost": table.cost * scale}, **MASSES)
    assert fit_gravity(longer, model)["cost"] * scale == pytest.approx(plain, rel=1e-6, abs=1e-10)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(DECAYS))
@example(1660, "exponential")  # a place that would send nobody
def test_turned_round(seed, decay):
    """Flows seen from their ends: constrained origins become constrained destinations."""
    table = random_table(seed)
    columns = columns_of(table)
    columns |= {"origin": columns["destination"], "destination": columns["origin"]}
    turned = flows_of_frame(columns, origin_masses=["pull"], destination_masses=["push"])
    for model, other in (("origin", "destination"), ("doubly", "doubly")):
        one, two = fit_gravity(table, model, decay), fit_gravity(turned, other, decay)
        np.testing.assert_allclose(one.coefficients, two.coefficients, rtol=1e-7, atol=1e-10)
        assert one.deviance == pytest.approx(two.deviance, rel=1e-9)


MASSES = {"origin_masses": ["push"], "destination_masses": ["pull"]}


def columns_of(table):
    return {
        "origin": np.array(table.origins)[table.origin],
        "destination": np.array(table.destinations)[table.destination],
        "flow": table.flow,
        "cost": table.cost,
        **table.origin_masses,
        **table.destination_masses,
    }


@pytest.mark.parametrize("model", MODELS)
def test_flows_without_noise_give_their_decay_back(model):
    fit = fit_gravity(random_table(1, noise=False), model, "tanner")
    assert fit["cost"] == pytest.approx(-0.05, abs=1e-10)
    assert fit["log cost"] == pytest.approx(-0.3, abs=1e-9)
    assert fit.deviance == pytest.approx(0, abs=1e-8)
    assert fit.common_part == pytest.approx(1)


def test_constraints_fit_ever_better():
    table = random_table(5, 10, 10)
    loose, origin, both = (
        fit_gravity(table, model) for model in ("unconstrained", "origin", "doubly")
    )
    assert loose.null_deviance > loose.deviance > origin.deviance > both.deviance
    assert (loose.parameters, origin.parameters, both.parameters) == (4, 12, 20)
    assert both.aic == pytest.approx(2 * 20 - 2 * both.log_likelihood)
    assert both.bic == pytest.approx(20 * np.log(100) - 2 * both.log_likelihood)


def test_deviance_is_likelihood_short_of_perfect():
    from scipy.stats import poisson

    fit = fit_gravity(random_table(6))
    flow = fit.table.flow
    assert fit.log_likelihood == pytest.approx(poisson.logpmf(flow, fit.predicted).sum())
    perfect = poisson.logpmf(flow, flow).sum()
    assert fit.deviance == pytest.approx(2 * (perfect - fit.log_likelihood))
    assert fit.null_deviance == pytest.approx(2 * (perfect - fit.null_log_likelihood))
    assert fit.pseudo_r_squared == pytest.approx(1 - fit.log_likelihood / fit.null_log_likelihood)
    assert fit.explained_deviance == pytest.approx(1 - fit.deviance / fit.null_deviance)


def square(seed=4, count=7):
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 50, (count, 2))
    cost = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    flow = rng.poisson(3000 * np.exp(-0.08 * cost) + 20_000 * np.eye(count))
    return flow, cost


def test_flows_at_home_in_three_ways():
    flow, cost = square()
    table = flows_of_matrix(flow, cost)
    fits = {way: fit_gravity(table, intrazonal=way) for way in ("include", "exclude", "own")}
    assert fits["exclude"].cells == 42
    assert fits["include"].cells == fits["own"].cells == 49
    assert fits["own"]["intrazonal"] > 1
    # One level for all that stay takes the pull of staying out of the decay.
    assert fits["include"]["cost"] < fits["own"]["cost"] < 0
    assert fits["exclude"]["cost"] == pytest.approx(-0.08, abs=0.002)


def test_dispersion_and_robust_errors_agree_with_counts():
    rng = np.random.default_rng(8)
    cost = rng.uniform(1, 30, (30, 30))
    counts = fit_gravity(flows_of_matrix(rng.poisson(200 * np.exp(-0.1 * cost)), cost))
    assert counts.dispersion == pytest.approx(1, abs=0.15)
    assert counts.robust_errors[0] == pytest.approx(counts.standard_errors[0], rel=0.15)
    wild = fit_gravity(flows_of_matrix(9 * rng.poisson(22 * np.exp(-0.1 * cost)), cost))
    assert wild.robust_errors[0] > 2 * wild.standard_errors[0]


@pytest.mark.slow
def test_errors_cover_the_truth():
    """Ninety-five in a hundred intervals hold the true decay, for tables of counts."""
    rng = np.random.default_rng(9)
    cost = rng.uniform(1, 30, (12, 12))
    mean = np.outer(rng.lognormal(2, 1, 12), rng.lognormal(2, 1, 12)) * np.exp(-0.1 * cost)
    held = []
    for _ in range(400):
        flow = rng.poisson(mean + 0.0)
        if not (flow.sum(axis=0).all() and flow.sum(axis=1).all()):
            continue
        fit = fit_gravity(flows_of_matrix(flow, cost))
        held.append(abs(fit["cost"] + 0.1) < 1.96 * fit.standard_errors[0])
    assert len(held) > 300
    assert np.mean(held) == pytest.approx(0.95, abs=0.033)


def test_many_places_without_a_dummy():
    rng = np.random.default_rng(10)
    at = rng.uniform(0, 100, (150, 2))
    cost = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
    flow = rng.poisson(
        np.outer(rng.lognormal(1, 1, 150), rng.lognormal(1, 1, 150)) * np.exp(-0.07 * cost)
    )
    fit = fit_gravity(flows_of_matrix(flow, cost))
    assert fit["cost"] == pytest.approx(-0.07, abs=4 * fit.standard_errors[0])
    assert fit.parameters == 300


# -- bad input --------------------------------------------------------------------------


def problems_of(table, *words, **named):
    with pytest.raises(ProblemsError) as caught:
        fit_gravity(table, *words, **named)
    return [str(problem) for problem in caught.value.problems]


def test_unknown_words_all_at_once():
    found = problems_of(random_table(1), "singly", "gaussian", "drop")
    assert [problem.split(":")[1].strip() for problem in found] == ["model", "decay", "intrazonal"]


def test_everything_that_forbids_an_estimate():
    columns = columns_of(random_table(1))
    columns["flow"] = np.where(columns["origin"] == "o2", 0, columns["flow"])
    columns["cost"] = np.where(columns["destination"] == "d1", 0, columns["cost"])
    columns["pull"] = np.where(columns["destination"] == "d0", 0, columns["pull"])
    table = flows_of_frame(columns, **MASSES)
    found = problems_of(table, "origin", "power")
    assert "nothing leaves o2" in found[0]
    assert "flows: pull: zero from o0 to d0" in found[1]
    assert "flows: cost: zero from o0 to d1" in found[2]
    loose = flows_of_frame(columns | {"pull": columns["cost"] + 1}, **MASSES)
    assert fit_gravity(loose, "unconstrained").cells == 30


def test_places_that_receive_nothing():
    flow = np.array([[1, 0], [2, 0]])
    assert "nothing reaches 1" in problems_of(flows_of_matrix(flow, flow + 1.0), "destination")[0]
    assert "every flow is zero" in problems_of(flows_of_matrix(flow * 0, flow + 1.0))[0]


def test_parts_that_exchange_nothing():
    columns = {
        "origin": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "destination": ["w", "x", "w", "x", "y", "z", "y", "z"],
        "flow": [1, 2, 3, 5, 4, 1, 2, 2],
        "cost": [1, 2, 3, 1, 2, 1, 3, 1],
    }
    (found,) = problems_of(flows_of_frame(columns))
    assert "falls into 2 parts without a pair between them: the one of a; the one of c" in found


def test_variables_that_effects_mimic():
    flow, _ = square()
    same = np.tile(np.arange(1.0, 8)[:, None], (1, 7))
    (found,) = problems_of(flows_of_matrix(flow, same), "origin")
    assert found == "flows: cost: cannot be told from the effects of the places"
    (found,) = problems_of(flows_of_matrix(flow, np.ones((7, 7))), "doubly", "exponential")
    assert "cannot be told from the effects" in found
    columns = columns_of(random_table(1))
    twice = flows_of_frame(
        columns | {"again": columns["push"] ** 2}, origin_masses=["push", "again"]
    )
    (found,) = problems_of(twice, "unconstrained")
    assert found == "flows: log push, log again: cannot be told from one another"


def test_too_few_cells():
    assert (
        "4 cells cannot tell 5 parameters"
        in problems_of(flows_of_matrix([[1, 2], [3, 4]], [[1, 2], [2, 2]]), "doubly", "tanner")[0]
    )
    assert (
        "no cells are left"
        in problems_of(flows_of_matrix([[1]], [[1]], origins=["a"]), intrazonal="exclude")[0]
    )


def test_no_maximum():
    """All flow at the least cost: the decay would be infinite."""
    cells = Cells(np.array([5.0, 0.0]), np.array([[-1.0], [1.0]]), np.zeros(2, int), None)
    with pytest.raises(RunError, match="no maximum"):
        maximum(cells, ("cost",))
