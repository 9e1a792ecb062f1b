"""What a scenario file may say: the shape of its keys, as pydantic models.

Shape and bounds live here; names of levers and parameters are checked against the study area
in :mod:`model.checks.scenario`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

FIRST_YEAR, LAST_YEAR = 2000, 2100
Year = Annotated[int, Field(strict=True, ge=FIRST_YEAR, le=LAST_YEAR)]
Dose = Annotated[float, Field(strict=True, ge=0, le=3, allow_inf_nan=False)]
Places = Annotated[tuple[str, ...], Field(min_length=1)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Strict(BaseModel):
    """Base: frozen, and no key beyond those declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LeverSetting(Strict):
    """Dose of a lever (1 = as planned), and its years and places where not those of the plan."""

    dose: Dose = 1.0
    start: Year | None = None
    end: Year | None = None
    zones: Places | None = None
    partners: Places | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, value: Any) -> Any:
        return {"dose": value} if isinstance(value, int | float) else value

    @model_validator(mode="after")
    def _in_order(self) -> "LeverSetting":
        if self.start is not None and self.end is not None and self.end < self.start:
            raise ValueError(f"end {self.end} is before start {self.start}")
        return self


class Quantity(Strict):
    """A number, with its unit when the writer wants it checked."""

    value: Number
    unit: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, value: Any) -> Any:
        return {"value": value} if isinstance(value, int | float) else value


class RealisationSetting(Strict):
    """How much of a plan comes about: share, delay (years), overrun (cost), and the budget.

    ``effect`` is the part of its effect that a measure has once carried out: 0 is a placebo.
    """

    share: Annotated[float, Field(ge=0, le=1)] | Literal["drawn"] | None = None
    delay: Annotated[float, Field(ge=0, le=30)] | Literal["drawn"] | None = None
    overrun: Annotated[float, Field(ge=0.2, le=10)] | Literal["drawn"] | None = None
    effect: Annotated[float, Field(ge=0, le=1)] | None = None
    budget: Literal["unlimited", "capped", "strict"] | None = None


class RunSetting(Strict):
    """Default last year of a run."""

    end: Year | None = None


class ScenarioFile(Strict):
    """One scenario file as written, before what it extends is filled in."""

    title: Annotated[str, Field(min_length=1)]
    title_zh: Annotated[str, Field(min_length=1)] | None = None
    reference: list[str] = []
    description: Annotated[list[str], Field(min_length=1)]
    maps_to: dict[int, list[str]] = {}
    left_out: list[str] = []
    extends: str | None = None
    combine: list[str] = []
    assumptions: dict[str, Quantity] = {}
    levers: dict[str, LeverSetting] = {}
    openings: dict[str, Year | Literal["never"]] = {}
    realisation: RealisationSetting = RealisationSetting()
    run: RunSetting = RunSetting()

    @model_validator(mode="after")
    def _one_parentage(self) -> "ScenarioFile":
        if self.extends and self.combine:
            raise ValueError("a file either extends one scenario or combines several")
        return self


def json_schema(levers: list[str], assumptions: list[str]) -> dict[str, Any]:
    """JSON Schema of a scenario file, with the names an editor should offer.

    Examples
    --------
    >>> json_schema(["a"], ["b"])["properties"]["levers"]["propertyNames"]
    {'enum': ['a']}
    """
    schema = ScenarioFile.model_json_schema()
    number = {"type": "number"}
    for definition in ("LeverSetting", "Quantity"):
        body = schema["$defs"].pop(definition)
        schema["$defs"][definition] = {"anyOf": [number, body]}
    schema["properties"]["levers"]["propertyNames"] = {"enum": sorted(levers)}
    schema["properties"]["assumptions"]["propertyNames"] = {"enum": sorted(assumptions)}
    schema["title"] = "Scenario"
    return schema
