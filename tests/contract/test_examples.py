"""The examples in docstrings give the numbers they show."""

import doctest
from importlib import import_module

import pytest

from tests.contract.source import PACKAGES, files, module_name

MODULES = [*(module_name(path) for path in files(*PACKAGES)), "tests.twins"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    outcome = doctest.testmod(import_module(name))
    assert outcome.failed == 0
