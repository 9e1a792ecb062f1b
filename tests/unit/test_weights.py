"""Weights of assumptions: shares of variance that are known in advance."""

import json

import numpy as np
import pytest

from model.area_loading import load_area
from model.processes import PARAMETERS
from outputs import weights
from outputs.weights import (
    Weights,
    fitted,
    headline_weights,
    ranks,
    selected,
    stored_weights,
    weigh,
)
from tests.worlds import TINY


def sums(count=400, noise=0.0, columns=40):
    """An outcome of which 64 and 36 % come from the first two columns."""
    rng = np.random.default_rng(3)
    drawn = rng.standard_normal((count, columns))
    outcome = 0.8 * drawn[:, 0] - 0.6 * drawn[:, 1] + noise * rng.standard_normal(count)
    return [f"x{n}" for n in range(columns)], drawn, outcome


def test_shares_are_found():
    found = weigh(*sums()[:2], "y", sums()[2])
    assert list(found.shares) == ["x0", "x1"]
    assert found.shares["x0"][0] == pytest.approx(0.64, abs=0.06)
    assert found.shares["x1"][0] == pytest.approx(0.36, abs=0.06)
    assert found.explained > 0.95


def test_noise_is_not_explained():
    names, drawn, outcome = sums(noise=1.0)
    found = weigh(names, drawn, "y", outcome)
    assert found.explained == pytest.approx(0.5, abs=0.08)
    assert 0 < found.error < 0.1


def test_pure_noise_has_no_weights():
    rng = np.random.default_rng(8)
    names, drawn, _ = sums()
    found = weigh(names, drawn, "y", rng.standard_normal(400))
    assert found == Weights("y", 0.0, 0.0, 0.0, {})


def test_a_monotone_bend_is_no_hindrance():
    names, drawn, _ = sums()
    found = weigh(names, drawn, "y", np.exp(3 * drawn[:, 5]))
    assert list(found.shares) == ["x5"]
    assert found.shares["x5"][0] == pytest.approx(1.0)


def test_ranks_of_a_constant_are_zero():
    assert ranks(np.ones((4, 2))).tolist() == [[0, 0]] * 4


def test_selection_and_fit():
    _, drawn, outcome = sums()
    x, y = ranks(drawn), ranks(outcome[:, None])[:, 0]
    chosen = selected(x, y)
    assert chosen == [0, 1]
    shares, explained = fitted(x[:, chosen], y)
    assert shares[0] > shares[1] > 0.3
    assert explained > 0.95


def test_only_standard_deviations_are_switched_off():
    for name in weights.quiet_assumptions():
        prefix, field = name.split(".")
        declared = PARAMETERS[prefix].declarations()[field]
        assert "standard deviation" in declared.doc, name
        assert declared.low == 0, name


def test_a_run_of_the_toy_area():
    area = load_area(TINY)
    found = headline_weights(area, str(TINY), draws=60, workers=1)
    assert [w.outcome for w in found] == list(weights.OUTCOMES)
    assert all(0 <= w.explained <= 1 for w in found)
    assert all(0 < w.shocks < 1 for w in found)
    assert any("industry" in name or "demography" in name for w in found for name in w.shares)


def test_shipped_weights_are_kept(tmp_path, monkeypatch):
    calls = []

    def once(area, path, draws):
        calls.append(draws)
        return [Weights("population", 0.5, 0.1, 0.2, {"a": (0.5, 0.1)})]

    monkeypatch.setattr(weights, "headline_weights", once)
    shenyang = load_area("shenyang")
    first = stored_weights(shenyang, "shenyang", 7, tmp_path)
    assert stored_weights(shenyang, "shenyang", 7, tmp_path) == first
    assert calls == [7]
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))[0]["outcome"] == "population"
    stored_weights(load_area(TINY), str(TINY), 7, tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
