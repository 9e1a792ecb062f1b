"""In what two scenarios differ, setting by setting."""

from typing import Any

from model.scenario import Scenario


def differences(old: Scenario, new: Scenario) -> list[tuple[str, Any, Any]]:
    """Every setting that differs: (key, old, new); ``None`` where a side says nothing.

    Examples
    --------
    >>> differences(Scenario("a", "A"), Scenario("b", "B", assumptions={"x.y": 1.0}))
    [('assumptions.x.y', None, 1.0)]
    """
    flat = [_flat(scenario) for scenario in (old, new)]
    keys = sorted(flat[0].keys() | flat[1].keys())
    pairs = [(key, flat[0].get(key), flat[1].get(key)) for key in keys]
    return [(key, a, b) for key, a, b in pairs if a != b]


def _flat(scenario: Scenario) -> dict[str, Any]:
    found: dict[str, Any] = {
        f"assumptions.{key}": value for key, value in scenario.assumptions.items()
    }
    for key, setting in scenario.levers.items():
        for part, value in setting.model_dump(exclude_none=True).items():
            found[f"levers.{key}.{part}"] = value
    found |= {f"openings.{key}": value for key, value in scenario.openings.items()}
    found |= {f"realisation.{key}": value for key, value in vars(scenario.realisation).items()}
    if scenario.end is not None:
        found["run.end"] = scenario.end
    return found
