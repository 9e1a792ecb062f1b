"""Goals of targets as they are printed: with their unit."""

import pytest

from outputs.commands.targets import _measured


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.85, "share", "85.0 %"),
        (10_000.0, "1e8 yuan", "10,000 x 1e8 yuan"),
        (10_000.0, "1e8 yuan of 2020", "10,000 x 1e8 yuan"),
        (1e7, "persons", "10,000,000 persons"),
    ],
)
def test_a_goal_has_its_unit(value, unit, said):
    assert _measured(value, unit) == said
