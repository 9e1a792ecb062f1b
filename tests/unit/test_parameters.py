"""Parameters: bounds, sampling, and draws that nobody else's parameters disturb."""

import numpy as np
import pytest

from model.parameters import sample
from model.processes import PARAMETERS
from model.processes.labour import LabourParams

ALL = slice(None)


@pytest.mark.parametrize("cls", PARAMETERS.values(), ids=PARAMETERS)
def test_defaults_are_the_declared_central_values(cls):
    one = cls()
    for name, declared in cls.declarations().items():
        assert getattr(one, name) == declared.central


def test_out_of_bounds_names_value_unit_and_bounds():
    with pytest.raises(ValueError, match=r"adjustment = 2.0 is outside \[0.01, 1\] \(unit 1/yr\)"):
        LabourParams(adjustment=2.0)
    with pytest.raises(ValueError, match=r"adjustment = 3\.0"):
        LabourParams(adjustment=np.array([0.5, 3.0]))


def test_every_fault_is_told():
    with pytest.raises(ValueError, match=r"adjustment.*wage_curve"):
        LabourParams(adjustment=2.0, wage_curve=0.5)


def test_unknown_parameter():
    with pytest.raises(TypeError, match="speed"):
        LabourParams(speed=1.0)


def test_frozen():
    with pytest.raises(AttributeError):
        LabourParams().adjustment = 0.3


def test_one_draw_is_the_central_case():
    drawn = sample(LabourParams, "labour", 1, 1, ALL, {})
    assert drawn.adjustment.tolist() == [0.4]


def test_draws_do_not_depend_on_the_block():
    whole = sample(LabourParams, "labour", 1, 20, ALL, {})
    part = sample(LabourParams, "labour", 1, 20, slice(7, 9), {})
    assert part.wage_curve.tolist() == whole.wage_curve[7:9].tolist()


def test_draws_follow_their_prior():
    declared = LabourParams.declarations()["adjustment"]
    drawn = sample(LabourParams, "labour", 1, 500, ALL, {}).adjustment
    edges = declared.prior.quantile(np.arange(501) / 500)
    assert np.all((np.sort(drawn) >= edges[:-1]) & (np.sort(drawn) <= edges[1:]))


def test_what_a_scenario_fixes_is_the_same_in_every_draw():
    drawn = sample(LabourParams, "labour", 1, 20, ALL, {"labour.adjustment": 0.7})
    assert set(drawn.adjustment.tolist()) == {0.7}
    free = sample(LabourParams, "labour", 1, 20, ALL, {})
    assert drawn.wage_curve.tolist() == free.wage_curve.tolist()


def test_seeds_differ():
    one, two = (sample(LabourParams, "labour", seed, 20, ALL, {}).adjustment for seed in (1, 2))
    assert not np.array_equal(one, two)
