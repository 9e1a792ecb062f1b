"""Alias tables of workplaces and modes; draws from them stand in test_resident_kernels."""

import numpy as np
import pytest

from model.engines.assignment import alias_tables


def shares_of(zones, modes, seed=0):
    rng = np.random.default_rng(seed)
    workplace = rng.dirichlet(np.full(zones, 0.3), zones) * 0.95
    return workplace, rng.dirichlet(np.full(modes, 0.5), (zones, zones))


def test_tables_carry_the_shares():
    workplace, mode = shares_of(7, 6)
    tables = alias_tables(workplace, mode)
    outcomes = tables.threshold.shape[1]
    weight = np.zeros(tables.threshold.shape)
    for zone in range(7):
        np.add.at(weight[zone], tables.alias[zone], 1 - tables.threshold[zone])
    weight = (weight + tables.threshold) / outcomes
    joint = (workplace[..., None] * mode).reshape(7, -1)
    np.testing.assert_allclose(weight[:, :-1], joint, atol=1e-12)
    np.testing.assert_allclose(weight[:, -1], 1 - workplace.sum(axis=1), atol=1e-12)


@pytest.mark.parametrize("value", [-0.1, np.nan, 1.2])
def test_what_is_no_probability_is_refused(value):
    workplace, mode = np.array([[0.5, 0.2], [0.1, 0.3]]), np.full((2, 2, 2), 0.5)
    workplace[1, 0] = value
    with pytest.raises(ValueError, match="zone 1"):
        alias_tables(workplace, mode)


def test_nobody_works_in_a_row_of_zeros():
    tables = alias_tables(np.zeros((1, 2)), np.full((1, 2, 2), 0.5))
    assert tables.threshold[0].tolist() == [0, 0, 0, 0, 1]
    assert tables.alias[0].tolist() == [4] * 5


def test_modes_of_other_places_are_refused():
    with pytest.raises(ValueError, match=r"modes \(2, 6, 2\) for workplaces \(2, 2\)"):
        alias_tables(np.full((2, 2), 0.1), np.full((2, 6, 2), 0.5))
