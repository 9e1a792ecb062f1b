"""The hiring kernel: its plain twin, two starting points, a draw alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.fixed_point import accelerated
from model.hiring import log_hiring
from model.problems import RunError
from model.processes.commuting import CommutingParams, workplace_shares
from model.processes.matching import MatchingParams, clear, hiring_probability, tightness_at
from model.world import ratio


def case(seed, draws=3, zones=7):
    rng = np.random.default_rng(seed)
    return {
        "supply": rng.uniform(10, 200, (draws, zones)),
        "posts": rng.uniform(10, 200, (draws, zones)),
        "scale": rng.uniform(0.2, 2, (draws, zones)),
        "friction": np.exp(-rng.uniform(0, 4, (draws, zones, zones))),
    }


def twin(supply, posts, scale, friction, slack=0.05, curvature=6.0, taste=5.0):
    """The same fixed point in plain numpy."""
    usual = 1 - slack
    normal = tightness_at(np.array(slack), np.array(curvature)) / usual

    def advance(log_chance):
        chance = np.exp(log_chance)
        shares, _ = workplace_shares(scale * (chance / usual) ** taste, friction)
        seeking = np.matmul(supply[:, None], shares)[:, 0]
        found = hiring_probability(normal * ratio(posts, seeking), np.array([[curvature]]))
        return log_chance + (np.log(found) - log_chance) / (1 + taste * (1 - found**curvature))

    start = np.full(supply.shape, np.log(usual))
    return np.exp(accelerated(advance, start, tolerance=1e-12, rounds=300, describe=str))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_kernel_and_plain_program_agree(seed):
    given_case = case(seed)
    found, shares, _ = clear(**given_case, p=MatchingParams(), travel=CommutingParams())
    np.testing.assert_allclose(found, twin(**given_case), rtol=1e-9)
    np.testing.assert_allclose(shares.sum(axis=2), 1.0)


@pytest.mark.parametrize("start", [0.2, 0.6, 0.999])
def test_two_starting_points_meet(start):
    given_case = case(4)
    usual, _, _ = clear(**given_case, p=MatchingParams(), travel=CommutingParams())
    other, _, _ = clear(
        **given_case, p=MatchingParams(), travel=CommutingParams(),
        start=np.full(usual.shape, start),
    )  # fmt: skip
    np.testing.assert_allclose(other, usual, rtol=1e-10)


def test_a_draw_is_the_same_alone_and_in_a_block():
    block = case(5, draws=4)
    together = clear(**block, p=MatchingParams(), travel=CommutingParams())
    for draw in range(4):
        part = {name: value[draw : draw + 1] for name, value in block.items()}
        alone = clear(**part, p=MatchingParams(), travel=CommutingParams())
        for one, all_of in zip(alone, together, strict=True):
            assert one.tobytes() == all_of[draw : draw + 1].tobytes()


def test_too_few_rounds_leave_a_step():
    given_case = case(6, draws=1)
    one = np.ones(1)
    _, last = log_hiring(
        np.full((1, 7), -0.05), given_case["supply"], given_case["posts"], given_case["scale"],
        given_case["friction"], -0.05 * one, 5 * one, 6 * one, 1e-12, 2,
    )  # fmt: skip
    assert np.abs(last).max() > 1e-12


def test_no_convergence_names_zone_year_and_residual():
    given_case = case(7, draws=1)
    given_case["supply"][0, 3] = np.nan
    with pytest.raises(RunError, match=r"workplaces, zone-\d, 2030, last residual") as caught:
        clear(
            **given_case, p=MatchingParams(), travel=CommutingParams(),
            names=tuple(f"zone-{n}, 2030" for n in range(7)),
        )  # fmt: skip
    assert "inf" in str(caught.value)
