import pytest


@pytest.fixture(scope="session")
def tiny_ensemble():
    """Two scenarios, four draws, three years."""
    from model import ensemble

    return ensemble(["trend", "plan_realistic"], draws=4, end=2023)
