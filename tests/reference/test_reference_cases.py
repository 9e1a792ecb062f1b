"""Worked answers that others published, through the model's own functions."""

import numpy as np

from model.processes.commuting import balance, workplace_shares
from model.processes.linkages import leontief


def doubly_constrained(seed, rows, columns):
    seed, rows, columns = (np.array([x], dtype=float) for x in (seed, rows, columns))
    shares, _ = workplace_shares(balance(seed, rows, columns), seed)
    return (rows[:, :, None] * shares)[0]


def test_furness_balancing():
    """NPTEL 105101087, lecture 8."""
    found = doubly_constrained(
        [[20, 30, 28], [36, 32, 24], [22, 34, 26]], [98, 106, 122], [102, 118, 106]
    )
    published = [[25.789, 35.508, 36.703], [42.509, 34.683, 28.808], [33.702, 47.809, 40.489]]
    np.testing.assert_allclose(found, published, atol=5.1e-4)


def test_doubly_constrained_gravity():
    """NPTEL 105101087, lecture 8: friction is cost to the power -2."""
    cost = np.array([[1, 1.2, 1.8], [1.2, 1, 1.5], [1.8, 1.5, 1]])
    found = doubly_constrained(cost**-2.0, [98, 106, 122], [102, 118, 106])
    published = [[47.767, 35.179, 15.054], [33.327, 50.894, 21.779], [20.906, 31.927, 69.167]]
    np.testing.assert_allclose(found, published, atol=5.1e-4)
    np.testing.assert_allclose((found * cost).sum() / found.sum(), 1.212646, atol=5.1e-7)


def test_leontief_two_sectors():
    """Miller and Blair, Input-Output Analysis: two sectors, final demand moved."""
    flows, output = np.array([[150.0, 500], [200, 100]]), np.array([1000.0, 2000])
    table = (flows / output)[None]
    np.testing.assert_allclose(table[0], [[0.15, 0.25], [0.20, 0.05]])
    inverse = np.stack([leontief(table, row[None])[0] for row in np.eye(2)], axis=1)
    np.testing.assert_allclose(inverse, [[1.2541, 0.3300], [0.2640, 1.1221]], atol=5.1e-5)
    found = leontief(table, np.array([[600.0, 1500.0]]))[0]
    np.testing.assert_allclose(found, [1247.525, 1841.584], atol=5.1e-4)
