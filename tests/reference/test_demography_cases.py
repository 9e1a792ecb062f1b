"""Worked answers of demography textbooks, through the tools that are usable alone."""

import numpy as np
import pytest

from model.methods import stable_population as stable
from model.methods.cohort_component import Rates, leslie, project, survival_between
from model.methods.life_tables import life_table, survivorship_ratios

# Egypt, women 1997 (Preston, Heuveline, Guillot 2001, box 7.1)
EGYPT_YEARS = [4.6674, 4.63097, 4.58518, 4.53206, 4.46912, 4.39135, 4.28969]
EGYPT_MATERNITY = [0.00567, 0.06627, 0.11204, 0.07889, 0.05075, 0.0159, 0.0061]
EGYPT_AGES = np.arange(17.5, 50, 5)

# Sweden, women 1993 (Preston, Heuveline, Guillot 2001, box 6.1); projections and the first
# eigenvalue as worked by Rodríguez, Demographic Methods, "Population Projections"
SWEDEN_AGES = np.arange(0, 90, 5)
SWEDEN = np.array([
    293395, 248369, 240012, 261346, 285209, 314388, 281290, 286923, 304108, 324946, 247613, 211351,
    215140, 221764, 223506, 183654, 141990, 112424,
], dtype=float)  # fmt: skip
SWEDEN_YEARS = np.array([
    497487, 497138, 496901, 496531, 495902, 495168, 494213, 492760, 490447, 486613, 480665, 471786,
    457852, 436153, 402775, 350358, 271512, 291707,
]) / 1e5  # fmt: skip
SWEDEN_FERTILITY = np.zeros(18)
SWEDEN_FERTILITY[3:10] = [0.0120, 0.0908, 0.1499, 0.1125, 0.0441, 0.0074, 0.0003]
SWEDEN_1998 = [
    293574, 293189, 248251, 239833, 261015, 284787, 313782, 280463, 285576, 301731, 320974, 243039,
    205109, 204944, 204793, 194419, 142324, 131768,
]  # fmt: skip
SWEDEN_2003 = [
    280121, 293368, 293049, 248066, 239529, 260629, 284238, 312859, 279147, 283344, 298043, 315045,
    235861, 195388, 189260, 178141, 150666, 141960,
]  # fmt: skip

# Austria, men 1992 (Preston, Heuveline, Guillot 2001, box 3.1, page 49)
AUSTRIA_AGES = [0, 1, *range(5, 90, 5)]
AUSTRIA_PEOPLE = np.array([
    47925, 189127, 234793, 238790, 254996, 326831, 355086, 324222, 269963, 261971, 238011, 261612,
    181385, 187962, 153832, 105169, 73694, 57512, 32248,
])  # fmt: skip
AUSTRIA_DEATHS = np.array([
    419, 70, 36, 46, 249, 420, 403, 441, 508, 769, 1154, 1866, 2043, 3496, 4366, 4337, 5279, 6460,
    6146,
])  # fmt: skip
AUSTRIA_PART = np.array([
    0.068, 1.626, 2.5, 3.143, 2.724, 2.520, 2.481, 2.601, 2.701, 2.663, 2.698, 2.676, 2.645, 2.624,
    2.619, 2.593, 2.518, 2.423, 5.247,
])  # fmt: skip
AUSTRIA_ALIVE = [
    100000, 99133, 98986, 98910, 98815, 98334, 97704, 97151, 96492, 95588, 94195, 91937, 88711,
    83845, 76377, 66225, 53803, 37441, 21134,
]  # fmt: skip
AUSTRIA_YEARS = [
    99192, 396183, 494741, 494375, 492980, 490106, 487127, 484175, 480384, 474686, 465777, 452188,
    432096, 401480,
]  # fmt: skip


def sweden(survivorship, newborn):
    """Rates for both sexes alike; women are looked at. Box 6.1 takes 1.05 boys per girl."""
    return Rates(
        np.array([survivorship] * 2), np.array([newborn] * 2), SWEDEN_FERTILITY,
        sex_ratio_at_birth=1.05, years=5,
    )  # fmt: skip


def box_rates():
    alive, first = survivorship_ratios(SWEDEN_YEARS)
    return sweden(alive, first / 5)


def test_intrinsic_growth_of_egypt():
    """Preston, Heuveline, Guillot (2001), box 7.1: Coale's method."""
    data = EGYPT_AGES, EGYPT_YEARS, EGYPT_MATERNITY
    assert f"{stable.net_reproduction_rate(*data[1:]):.6f}" == "1.527414"
    assert f"{stable.growth_by_coale(*data):.8f}" == "0.01424406"
    assert f"{stable.growth_by_newton(*data):.8f}" == "0.01424406"
    assert stable.length_of_generation(*data) == pytest.approx(np.log(1.527414) / 0.01424406, 1e-5)


def test_ten_years_of_sweden():
    """Preston, Heuveline, Guillot (2001), box 6.1: every number as printed."""
    first, second = project(np.array([np.zeros(18), SWEDEN]), SWEDEN_AGES, [box_rates()] * 2)
    assert first.people[1].round().astype(int).tolist() == SWEDEN_1998
    assert second.people[1].round().astype(int).tolist() == SWEDEN_2003
    assert second.people[1].sum() == pytest.approx(4478712.273, abs=5e-4)


def test_any_grid_gives_the_same_where_groups_are_as_wide_as_a_step():
    alive, newborn = survival_between(SWEDEN_AGES, SWEDEN_YEARS, 5)
    (found,) = project(
        np.array([np.zeros(18), SWEDEN]), SWEDEN_AGES, [sweden(alive, newborn)]
    )  # fmt: skip
    assert found.people[1].round().astype(int).tolist() == SWEDEN_1998


def test_stable_growth_of_sweden():
    """Rodríguez: first eigenvalue 1.00111253, growth .000222383, shares of the eigenvector."""
    matrix = leslie(SWEDEN_AGES, box_rates())
    np.testing.assert_allclose(matrix @ SWEDEN, SWEDEN_1998, atol=0.51)
    growth, shares = stable.stable_growth(matrix, 5)
    assert f"{np.exp(5 * growth):.8f}" == "1.00111253"
    assert f"{growth:.9f}" == "0.000222383"
    np.testing.assert_allclose(shares[[0, 9, 17]], [0.0619116748, 0.0599554177, 0.035580346], 1e-8)


def test_life_table_of_austria():
    """Preston, Heuveline, Guillot (2001), box 3.1: lx and nLx to the person."""
    table = life_table(AUSTRIA_AGES, AUSTRIA_DEATHS / AUSTRIA_PEOPLE, AUSTRIA_PART)
    np.testing.assert_allclose(1e5 * table.alive, AUSTRIA_ALIVE, atol=0.51)
    np.testing.assert_allclose(1e5 * table.years[:14], AUSTRIA_YEARS, atol=1.01)
    assert table.part[-1] == pytest.approx(5.247, abs=5e-4)
