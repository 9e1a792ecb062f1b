"""Study areas shared by all tests: three toy cities, and the one the project is about."""

from functools import partial

import pytest

from model.area_loading import load_area
from tests.worlds import TINY, world_of


@pytest.fixture(scope="session")
def tiny():
    return load_area(TINY)


@pytest.fixture(scope="session")
def shenyang():
    return load_area("shenyang")


@pytest.fixture(scope="session")
def tiny_world(tiny):
    """Factory of toy worlds at the end of the base year, of either engine."""
    return partial(world_of, tiny)
