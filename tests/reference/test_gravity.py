"""Published estimates of gravity models, and balanced tables of textbooks."""

from pathlib import Path

import numpy as np
import pytest

from calibration.gravity import fit_gravity, flows_of_matrix, read_flows
from model.methods.balancing import balanced

AUSTRIA = Path(__file__).parent / "data" / "austria_migration.csv"
NPTEL_COST = np.array([[1, 1.2, 1.8], [1.2, 1, 1.5], [1.8, 1.5, 1]])
NPTEL_GRAVITY = np.array(
    [[47.767, 35.179, 15.054], [33.327, 50.894, 21.779], [20.906, 31.927, 69.167]]
)

# Migration between the nine regions of Austria, 2006 (Dennett 2012, UCL working paper 184), as
# estimated by SpInt (Oshan 2016, REGION 3; numbers of the tests of that library): exponential
# decay over kilometres. Its errors and deviances carry six digits or so: they are of the round
# before the last, and zeros are moved off zero in its logarithms.
SPINT = {
    "unconstrained": {
        "coefficients": [-7.95447436, 0.863867812, 0.880474585, -0.00620544765],
        "errors": [0.0755583451, 0.00516838440, 0.00478122141, 5.18488192e-05],
        "log_likelihood": -10193.542694454361,
        "aic": 20395.085388908723,
        "deviance": 19806.408696637576,
        "explained_deviance": 0.88713874099960177,
        "pseudo_r_squared": 0.88421303645743465,
        "sorensen": 0.72706171189789603,
        "srmse": 0.62063116008447083,
        "first_flow": 2053.49248374,
    },
    "production": {
        "coefficients": [0.89278717, -0.00727113],
        "errors": [0.00466889578, 5.26601057e-05],
        "log_likelihood": -7930.3255090342445,
        "aic": 15882.651018068489,
        "deviance": 15279.974241770311,
        "explained_deviance": 0.912931356874,
        "pseudo_r_squared": 0.909920590111,
        "sorensen": 0.740619203383,
        "srmse": 0.46622685091043831,
        "first_flow": 1407.05950,
    },
    "attraction": {
        "coefficients": [0.89235874, -0.00693755],
        "errors": [0.00514257895, 5.12438958e-05],
        "log_likelihood": -8126.9496609469106,
        "aic": 16275.899321893821,
        "deviance": 15673.222613627502,
        "explained_deviance": 0.910690541438,
        "pseudo_r_squared": 0.90768716507,
        "sorensen": 0.750634498293,
        "srmse": 0.59478477816884223,
        "first_flow": 1483.42439,
    },
    "doubly": {
        "coefficients": [-0.00791533],
        "errors": [5.06213514e-05],
        "log_likelihood": -4970.5795707251054,
        "aic": 9977.159141450211,
        "deviance": 9360.482092561484,
        "explained_deviance": 0.946661920897,
        "pseudo_r_squared": 0.943539912198,
        "sorensen": 0.811852110904,
        "srmse": 0.37925654532618808,
        "first_flow": 978.988280,
    },
}


@pytest.fixture(scope="module")
def austria():
    return read_flows(AUSTRIA, origin_masses=["out_migrants"], destination_masses=["in_migrants"])


@pytest.mark.parametrize("model", SPINT)
def test_migration_in_austria(austria, model):
    published = SPINT[model]
    fit = fit_gravity(austria, model, "exponential")
    np.testing.assert_allclose(fit.coefficients, published["coefficients"], rtol=1e-6)
    np.testing.assert_allclose(fit.standard_errors, published["errors"], rtol=1e-4)
    assert fit.null_log_likelihood == pytest.approx(-88037.0499629, rel=1e-11)
    for name in ("log_likelihood", "aic"):
        assert getattr(fit, name) == pytest.approx(published[name], rel=1e-12)
    for name in ("deviance", "explained_deviance", "pseudo_r_squared", "sorensen", "srmse"):
        assert getattr(fit, name) == pytest.approx(published[name], rel=1e-7)
    # SpInt turns the attraction-constrained table round: its first pair is AT12 to AT11.
    first = 8 if model == "attraction" else 0
    assert fit.predicted[first] == pytest.approx(published["first_flow"], rel=1e-7)


def test_effects_of_places_in_austria(austria):
    """SpInt's doubly constrained model: a constant, then places against the first one."""
    found = fit_gravity(austria, "doubly", "exponential")
    origins = list(found.origin_effects.values())
    destinations = list(found.destination_effects.values())
    published = [6.20471518, 1.5449095, 2.4414292, 0.69924374, 0.94869185, 1.28967637]
    against_first = np.array(origins[1:6]) - origins[0]
    np.testing.assert_allclose([origins[0], *against_first], published, rtol=1e-6)
    np.testing.assert_allclose(destinations[:4], [0, 1.49709841, 2.18492741, 0.18784818], rtol=1e-6)
    errors = found.estimates.standard_errors
    assert errors[0] == pytest.approx(0.0223984552, rel=1e-4)
    covariance = found.estimates.covariance
    against = covariance[1, 1] + covariance[0, 0] - 2 * covariance[0, 1]
    assert np.sqrt(against) == pytest.approx(0.0176016753, rel=1e-4)


def test_furness_balancing():
    """NPTEL 105101087, lecture 8."""
    seed = np.array([[20.0, 30, 28], [36, 32, 24], [22, 34, 26]])
    flows = balanced(seed, [98, 106, 122], [102, 118, 106]).flows(seed)
    published = [[25.789, 35.508, 36.703], [42.509, 34.683, 28.808], [33.702, 47.809, 40.489]]
    np.testing.assert_allclose(flows, published, atol=5.1e-4)


def test_doubly_constrained_gravity():
    """NPTEL 105101087, lecture 8: friction is cost to the power -2."""
    friction = NPTEL_COST**-2
    flows = balanced(friction, [98, 106, 122], [102, 118, 106]).flows(friction)
    np.testing.assert_allclose(flows, NPTEL_GRAVITY, atol=5.1e-4)
    np.testing.assert_allclose((flows * NPTEL_COST).sum() / flows.sum(), 1.212646, atol=5.1e-7)


def test_power_of_the_textbook_is_found_again():
    """The published flows of NPTEL 105101087 were made with a power of -2."""
    fit = fit_gravity(flows_of_matrix(NPTEL_GRAVITY, NPTEL_COST), "doubly", "power")
    assert fit["log cost"] == pytest.approx(-2, abs=2e-4)
    assert fit.mean_cost(fit.predicted) == pytest.approx(1.212646, abs=1e-5)


def test_table_of_deming_and_stephan_kind():
    """A 2 x 2 table has a closed form: the odds ratio stays, the margins are new.

    With seed 1 2 / 3 4 (odds ratio 2/3) and all margins 1, x solves x^2 / (1 - x)^2 = 2/3.
    """
    ratio = np.sqrt(2 / 3)
    flows = balanced([[1, 2], [3, 4]], [1, 1], [1, 1]).flows([[1, 2], [3, 4]])
    assert flows[0, 0] == pytest.approx(ratio / (1 + ratio), rel=1e-10)
