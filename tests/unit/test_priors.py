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


@pytest.mark.parametrize(
    ("text", "support"),
    [
        ("Normal(2, 0.5)", (-np.inf, np.inf, False)),
        ("Normal(2, 0.5) on [-1, 9]", (-1, 9, False)),
        ("Fixed(0)", (-np.inf, np.inf, False)),
        ("LogNormal(1, 0.3)", (0, np.inf, True)),
        ("LogNormal(1, 0.3) on [-1, 5]", (0, 5, True)),
        ("LogNormal(1, 0.3) on [0, 1]", (0, 1, False)),
        ("Gamma(2, 1) on [0.02, 40]", (0.02, 40, False)),
        ("Gamma(2, 1)", (0, np.inf, True)),
        ("HalfNormal(0.05)", (0, np.inf, False)),
        ("Beta(8, 12)", (0, 1, False)),
        ("Beta(8, 12) on [0.2, 3]", (0.2, 1, False)),
        ("Uniform(8, 15)", (0, np.inf, True)),
        ("Triangular(0, 0.1, 0.25)", (0, np.inf, False)),
        ("Triangular(0.3, 0.5, 0.8) on [-0.5, 3]", (-0.5, 3, False)),
        ("Triangular(-0.5, -0.3, -0.1)", (-np.inf, np.inf, False)),
        ("0.5 Normal(1, 1) + 0.5 LogNormal(2, 0.6)", (-np.inf, np.inf, False)),
        ("0.5 LogNormal(1, 1) + 0.5 LogNormal(2, 0.6)", (0, np.inf, True)),
    ],
)
def test_support_is_what_can_be(text, support):
    assert parse_prior(text).support == support


MIXTURE = "0.8 Normal(0.6, 0.2) + 0.2 LogNormal(2, 0.6)"


def test_a_mixture_is_below_its_quantiles_as_often_as_asked():
    found = parse_prior(MIXTURE).quantile(U)
    normal, lognormal = stats.norm(0.6, 0.2).cdf(found), stats.lognorm(0.6, scale=2).cdf(found)
    np.testing.assert_allclose(0.8 * normal + 0.2 * lognormal, U, rtol=1e-12)
    sample = parse_prior(MIXTURE).quantile((np.arange(100_000) + 0.5) / 100_000)
    assert sample.mean() == pytest.approx(0.8 * 0.6 + 0.2 * 2 * np.exp(0.18), rel=1e-3)


def test_a_mixture_of_one_and_the_same_is_that_one():
    twice = parse_prior("0.3 Normal(1, 2) + 0.7 Normal(1, 2) on [-1, 3]").quantile(U)
    np.testing.assert_allclose(twice, parse_prior("Normal(1, 2) on [-1, 3]").quantile(U))


@pytest.mark.parametrize("text", [*CASES, MIXTURE])
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
        ("0.5 Normal(0, 1)", "is no prior"),
        ("Normal(0, 1) + Normal(1, 1)", "is no prior"),
        ("0.5 Cauchy(0, 1) + 0.5 Normal(0, 1)", "is no prior"),
        ("0.5 Normal(0, 1) + 0.6 Normal(1, 1)", "make 1, not 1.1"),
        ("1.5 Normal(0, 1) + -0.5 Normal(1, 1)", "above 0"),
        ("0.5 Normal(0, 1) + 0.5 Beta(2, 2)", "of Normal and LogNormal, not Beta"),
        ("0.5 Normal(0, 1) + 0.5 Normal(1, 0)", "make no Normal"),
        ("Normal(0, 1); import os", "is no prior"),
        ("", "is no prior"),
    ],
)
def test_errors(text, message):
    with pytest.raises(ValueError, match=message):
        parse_prior(text)
