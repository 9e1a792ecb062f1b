"""Priors: quantiles against scipy, and the errors of the grammar."""

import numpy as np
import pytest
from scipy import stats

from model.priors import parse_prior

U = np.array([0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999])
CASES = {
    "Normal(2, 0.5)": stats.norm(2, 0.5),
    "LogNormal(0.04, 0.6)": stats.lognorm(0.6, scale=0.04),
    "HalfNormal(0.05)": stats.halfnorm(scale=0.05),
    "Beta(8, 12)": stats.beta(8, 12),
    "Gamma(2, 1.5)": stats.gamma((2 / 1.5) ** 2, scale=1.5**2 / 2),
    "Triangular(0.3, 0.5, 0.8)": stats.triang(0.4, loc=0.3, scale=0.5),
    "Triangular(-0.5, -0.5, 0)": stats.triang(0.0, loc=-0.5, scale=0.5),
    "Uniform(-1, 3)": stats.uniform(-1, 4),
}


@pytest.mark.parametrize("text", CASES)
def test_quantiles(text):
    np.testing.assert_allclose(parse_prior(text).quantile(U), CASES[text].ppf(U), rtol=1e-10)


def test_gamma_is_told_by_mean_and_sd():
    sample = parse_prior("Gamma(2, 1.5)").quantile((np.arange(100_000) + 0.5) / 100_000)
    assert sample.mean() == pytest.approx(2.0, rel=1e-3)
    assert sample.std() == pytest.approx(1.5, rel=1e-2)


def test_fixed_and_truncation():
    assert parse_prior("Fixed(4.4)").quantile(U).tolist() == [4.4] * len(U)
    cut = parse_prior("Normal(0, 1) on [-1, 0.5]").quantile(U)
    assert (cut.min(), cut.max()) == (-1.0, 0.5)


@pytest.mark.parametrize("text", CASES)
def test_quantiles_rise(text):
    assert np.all(np.diff(parse_prior(text).quantile(np.linspace(0.01, 0.99, 50))) > 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Cauchy(0, 1)", "is no prior; write one of Normal"),
        ("Normal", "is no prior"),
        ("Normal(1)", "takes 2 numbers, not 1"),
        ("Normal(0, -1)", "make no Normal"),
        ("Beta(0, 2)", "make no Beta"),
        ("LogNormal(-1, 1)", "make no LogNormal"),
        ("Triangular(0, 2, 1)", "make no Triangular"),
        ("Uniform(1, 1)", "make no Uniform"),
        ("Normal(0, 1) on [2, 1]", "upside down"),
        ("Normal(0, 1); import os", "is no prior"),
        ("", "is no prior"),
    ],
)
def test_errors(text, message):
    with pytest.raises(ValueError, match=message):
        parse_prior(text)
