import shutil

import pytest

from tests.worlds import TINY


@pytest.fixture
def copy(tmp_path):
    """The toy area in a folder of its own, whose tables a test may change."""
    return shutil.copytree(TINY, tmp_path / "toy")


@pytest.fixture(scope="session")
def tiny_ensemble():
    """Two scenarios, four draws, three years."""
    from model import ensemble

    return ensemble(["trend", "plan_realistic"], draws=4, end=2023)
