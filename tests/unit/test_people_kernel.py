"""Passes over people against plain numpy."""

import numpy as np

from model.kernels import people as kernels
from model.processes.participation import offered, shifted_participation

RNG = np.random.default_rng(11)


def test_who_offers_work():
    odds, shift = RNG.uniform(0, 3, (2, 4, 2, 101)), RNG.normal(size=(2, 3))
    people = RNG.uniform(0, 90, (2, 5, 4, 2, 101))
    wanted, supply = shifted_participation(odds, shift), offered(odds, shift, people)
    np.testing.assert_allclose(supply, (wanted * people[:, :3]).sum(axis=(3, 4)), rtol=1e-13)


def test_constants_of_zones_far_from_the_start():
    odds, people = RNG.uniform(0, 3, (2, 40)), RNG.uniform(0, 90, (3, 40))
    shift = np.array([[-9.0, 0.0, 9.0], [4.0, -4.0, 0.5]])
    moved = odds[:, None] * np.exp(shift)[:, :, None]
    wanted = (people * moved / (1 + moved)).sum(axis=2)
    found = kernels.shifts(odds, people, wanted, -12.0, 12.0)
    np.testing.assert_allclose(found, shift, rtol=1e-12, atol=1e-12)


def test_head_counts():
    schooled, city = RNG.uniform(0, 9, (2, 5, 4, 2, 101)), np.array([1, 0, 1])
    people, by_age = np.empty((2, 5, 2, 101)), np.empty((2, 2, 2, 101))
    by_education = np.empty((2, 2, 4, 101))
    kernels.count(schooled, city, people, by_age, by_education)
    member = (np.arange(2)[:, None] == city).astype(float)
    np.testing.assert_allclose(people, schooled.sum(axis=2), rtol=1e-14)
    wanted = np.einsum("cz,dzesa->dcsa", member, schooled[:, :3])
    np.testing.assert_allclose(by_age, wanted, rtol=1e-13)
    wanted = np.einsum("cz,dzesa->dcea", member, schooled[:, :3])
    np.testing.assert_allclose(by_education, wanted, rtol=1e-13)
