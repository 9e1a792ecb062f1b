"""Scores of flows by hand, and the laws that they keep."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.flow_scores import (
    common_part,
    pearson,
    r_squared,
    relative_scores,
    sorensen,
    spearman,
    srmse,
)
from model.problems import ProblemsError

OBSERVED, MODELLED = np.array([10.0, 0, 30, 60]), np.array([20.0, 0, 30, 50])
FLOWS = st.lists(st.integers(0, 1000), min_size=4, max_size=12).filter(
    lambda flows: len(set(flows)) > 1
)


def test_by_hand():
    assert srmse(OBSERVED, MODELLED) == pytest.approx(np.sqrt(200 / 4) / 25)
    assert common_part(OBSERVED, MODELLED) == pytest.approx(2 * (10 + 30 + 50) / 200)
    assert sorensen(OBSERVED, MODELLED) == pytest.approx((20 / 30 + 1 + 1 + 100 / 110) / 4)
    assert r_squared(OBSERVED, MODELLED) == pytest.approx(
        np.corrcoef(OBSERVED, MODELLED)[0, 1] ** 2
    )
    assert np.isnan(pearson(OBSERVED, np.ones(4)))


def test_rank_correlation_with_ties():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    one, other = rng.integers(0, 6, (2, 42)).astype(float)
    assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic)


@given(FLOWS, st.floats(1e-6, 1e6))
def test_level_of_an_index_means_nothing(flows, scale):
    found = relative_scores(flows, np.array(flows) * scale)
    assert found.rank_correlation == pytest.approx(1)
    assert found.common_part == pytest.approx(1)
    assert found.srmse == pytest.approx(0, abs=1e-9)
    assert found.scale * scale == pytest.approx(1)
    assert found.pairs == len(flows)


def test_order_turned_round():
    assert relative_scores([1, 2, 3], [3, 2, 1]).rank_correlation == pytest.approx(-1)


def test_matrices_are_flat():
    found = relative_scores([[1, 2], [3, 4]], [[1, 2], [4, 3]])
    assert found.pairs == 4
    assert found.rank_correlation == pytest.approx(0.8)


def test_everything_that_cannot_be_compared():
    with pytest.raises(ProblemsError) as caught:
        relative_scores([1, -2, np.nan], [2, 2])
    assert [str(problem) for problem in caught.value.problems] == [
        "flows: shape: observed (3,), modelled (2,): not the same pairs",
        "flows: observed: negative or missing at 1, 2 (2 in all)",
        "flows: modelled: 2 pairs; at least 3 are needed",
    ]
    with pytest.raises(ProblemsError, match="every flow is zero"):
        relative_scores([1, 2, 3], [0, 0, 0])
    with pytest.raises(ProblemsError, match="nothing to rank"):
        relative_scores([1, 2, 3], [5, 5, 5])
