"""Arguments and options that several commands share, as the command line declares them."""

from enum import StrEnum
from typing import Annotated

import typer


class Topic(StrEnum):
    """What ``explain`` can print."""

    schedule = "schedule"
    parameters = "parameters"
    assumptions = "assumptions"
    catalogue = "catalogue"
    sources = "sources"
    levers = "levers"


class Engine(StrEnum):
    """How people are computed."""

    mean = "mean"
    agents = "agents"


Json = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print data as CSV.")]
Area = Annotated[str, typer.Option(help="Study area: a name, or a folder of tables.")]
Name = Annotated[str, typer.Argument(help="Scenario: a name, or the path of a YAML file.")]
Seed = Annotated[int, typer.Option(min=0, help="All chance follows from it.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; results do not depend on it.")]
Scheduler = Annotated[
    str | None, typer.Option(help="Compute on the Dask cluster of tcp://host:8786 (README).")
]
NoSave = Annotated[bool, typer.Option("--no-save", help="Keep nothing on disk.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a result of that name.")]
Saved = Annotated[str, typer.Argument(help="A saved result.")]
Regions = Annotated[str | None, typer.Option(help="Regions: cities7, cities7plus1, zones, ...")]
Out = Annotated[str | None, typer.Option(help="Where to save (default: under outputs/runs/).")]
Figures = Annotated[bool, typer.Option("--figures", help="Draw figures beside the result.")]
End = Annotated[int | None, typer.Option(help="Last year (default: as the scenario says).")]
