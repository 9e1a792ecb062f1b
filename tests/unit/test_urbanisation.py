"""The urban share: logistic, within its bounds."""

import numpy as np
import pytest
from scipy.special import expit, logit

from model.processes.urbanisation import urban_share


def test_logistic_by_hand():
    found = urban_share(np.array([0.3, 0.8]), 10.0, np.array([0.03, -0.02]))
    np.testing.assert_allclose(found[0], expit(logit([0.3, 0.8]) + 0.3))
    np.testing.assert_allclose(found[1], expit(logit([0.3, 0.8]) - 0.2))


@pytest.mark.parametrize("years", [0, 1, 30, 200])
def test_wholly_urban_or_rural_stays_so_and_a_share_stays_one(years):
    found = urban_share(np.array([0.0, 0.2, 1.0]), years, np.array([0.2, -0.2]))
    assert found[:, 0].tolist() == [0.0, 0.0]
    assert found[:, 2].tolist() == [1.0, 1.0]
    assert np.all((found >= 0) & (found <= 1))
