"""Headline numbers stand still until somebody moves them on purpose."""

import json

import pytest

from tests.regression.update_baseline import BASELINE, headlines


def test_headlines():
    frozen, found = json.loads(BASELINE.read_text(encoding="utf-8")), headlines()
    for name, by_city in frozen.items():
        assert found[name] == pytest.approx(by_city, rel=1e-6), name
