"""The command line of the simulator 沈阳都市圈模拟器: parse, call, print.

Nothing heavy is imported until a command runs, so that help is there at once.
"""

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

try:
    import typer
except ModuleNotFoundError:
    # Another Python than that of the set-up: hand over to it, or say how to get it.
    home = Path(__file__).parent / ".venv"
    own = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if own.exists() and Path(sys.prefix).resolve() != home.resolve():
        if os.name != "nt":
            os.execv(own, [str(own), *sys.argv])
        import subprocess

        sys.exit(subprocess.call([str(own), *sys.argv]))
    print("The packages of the simulator are not here; run `make env` first.", file=sys.stderr)
    sys.exit(2)

from outputs.commands.options import (
    Area,
    Csv,
    End,
    Engine,
    Figures,
    Json,
    Name,
    NoSave,
    Out,
    Overwrite,
    Regions,
    Saved,
    Scheduler,
    Seed,
    Topic,
    Workers,
)  # fmt: skip

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    # plain help: the coloured one costs more than the whole budget of 0.3 s
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Simulator of the Shenyang metropolitan area: people, jobs, money and commuting of "
    "seven cities under plan scenarios. 沈阳都市圈模拟器",
    epilog="Data on stdout, messages on stderr. Exit codes: 0 done, 2 bad input, 3 a run that "
    "failed, 130 interrupted.",
)
DEBUG = "SHENYANG_DEBUG"


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Register a command whose failures become one message and an exit code."""

    @functools.wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> None:
        from outputs.commands.failures import exit_code

        try:
            function(*args, **kwargs)
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, BrokenPipeError) or os.environ.get(DEBUG):
                raise
            raise typer.Exit(exit_code(error)) from None

    app.command(function.__name__.rstrip("_"))(guarded)
    return guarded


@app.callback()
def options(
    debug: Annotated[
        bool, typer.Option("--debug", help=f"Show where a failure happened (or set {DEBUG}=1).")
    ] = False,
) -> None:
    """Keep the global options where commands find them."""
    if debug:
        os.environ[DEBUG] = "1"


@command
def list_(area: Area = "shenyang", json: Json = False, csv: Csv = False) -> None:
    """Scenarios there are."""
    from outputs.commands import console, scenarios

    scenarios.list_scenarios(area, console.form_of(json, csv))


@command
def show(name: Name, area: Area = "shenyang", json: Json = False, csv: Csv = False) -> None:
    """One scenario: what it is, and `old -> new` against its parent."""
    from outputs.commands import console, scenarios

    scenarios.show(name, area, console.form_of(json, csv))


@command
def diff(
    first: Name, second: Name, area: Area = "shenyang", json: Json = False, csv: Csv = False
) -> None:
    """Only the settings in which two scenarios differ."""
    from outputs.commands import console, scenarios

    scenarios.diff(first, second, area, console.form_of(json, csv))


@command
def validate(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios; all by default.")] = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema.")] = False,
    area: Area = "shenyang",
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Check scenario files, tables and the ledger of targets; every problem at once."""
    from calibration.ledger import load_ledger
    from outputs.commands import console
    from outputs.commands import validate as body

    if schema:
        body.schema(area)
    else:
        body.validate(names or [], area, console.form_of(json, csv), load_ledger)


@command
def explain(
    topic: Annotated[Topic, typer.Argument()] = Topic.schedule,
    area: Area = "shenyang",
    draws: Annotated[int, typer.Option(min=0, help="To weigh the assumptions; 0: none.")] = 200,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What the model is made of and rests on."""
    from outputs.commands import console
    from outputs.commands import explain as body

    body.explain(topic.value, area, console.form_of(json, csv), draws)


@command
def levers(
    words: Annotated[
        list[str] | None, typer.Argument(help="`show` and names or ids (L001); none lists.")
    ] = None,
    family: Annotated[str | None, typer.Option(help="Of one family.")] = None,
    city: Annotated[str | None, typer.Option(help="That treat a city or zone.")] = None,
    channel: Annotated[str | None, typer.Option(help="That move one channel.")] = None,
    document: Annotated[str | None, typer.Option(help="Named by a document (000-004).")] = None,
    text: Annotated[str | None, typer.Option(help="With a word in English or Chinese.")] = None,
    area: Area = "shenyang",
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What plans can move: list, filter, or `show NAME` (政策工具)."""
    from outputs.commands import console
    from outputs.commands import levers as body

    form = console.form_of(json, csv)
    body.levers(
        words or [], area, form,
        family=family, city=city, channel=channel, document=document, text=text,
    )  # fmt: skip


@command
def lint(
    names: Annotated[list[str] | None, typer.Argument(help="Scenarios; all by default.")] = None,
    end: End = None,
    area: Area = "shenyang",
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What in a scenario does nothing, strays or cannot be paid; targets that contradict."""
    from calibration.identities import of_ledger
    from outputs.commands import console
    from outputs.commands import lint as body

    body.lint(names or [], end, area, console.form_of(json, csv), [of_ledger])


@command
def run(
    name: Name,
    engine: Annotated[Engine, typer.Option(help="Expectations, or people drawn.")] = Engine.mean,
    scale: Annotated[int, typer.Option(help="People per agent.")] = 100,
    draws: Annotated[int, typer.Option(help="Draws; 1 is the central case.")] = 1,
    seed: Seed = 0,
    end: End = None,
    area: Area = "shenyang",
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    no_save: NoSave = False,
    overwrite: Overwrite = False,
    figures: Figures = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Run one scenario, print its headlines, save all of it."""
    from calibration.ledger import load_ledger
    from outputs.commands import console, runs

    asked = runs.RunOptions(
        draws, seed, end, area, workers, engine.value, scale, out, not no_save, overwrite, figures,
        console.form_of(json, csv),
    )  # fmt: skip
    with runs.where(scheduler, workers):
        runs.run(name, asked, load_ledger)


@command
def compare(
    base: Name,
    others: Annotated[list[str], typer.Argument(help="Scenarios compared with the first.")],
    draws: Annotated[int, typer.Option(help="Draws shared by all scenarios.")] = 100,
    seed: Seed = 0,
    end: End = 2035,
    years: Annotated[
        str | None, typer.Option(help="Years to print (default: 2025,2030,2035 and the last).")
    ] = None,
    region_set: Regions = None,
    engine: Annotated[Engine, typer.Option(help="Expectations, or people drawn.")] = Engine.mean,
    scale: Annotated[int, typer.Option(help="People per agent.")] = 100,
    area: Area = "shenyang",
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    no_save: NoSave = False,
    overwrite: Overwrite = False,
    figures: Figures = False,
    attribute: Annotated[
        bool, typer.Option("--attribute", help="Say what each lever family contributes.")
    ] = False,
    attribution_runs: Annotated[
        int, typer.Option(min=1, help="Scenarios to run over a draw for it: more make it surer.")
    ] = 400,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Differences between scenarios, paired by draw, and where the core's gain comes from."""
    from calibration.ledger import load_ledger
    from outputs.commands import compare as body
    from outputs.commands import console, runs

    asked = runs.RunOptions(
        draws, seed, end, area, workers, engine.value, scale, out, not no_save, overwrite, figures,
        console.form_of(json, csv),
    )  # fmt: skip
    parts_of = attribution_runs if attribute else None
    with runs.where(scheduler, workers):
        body.compare([base, *others], years, region_set, asked, load_ledger, parts_of)


@command
def targets(
    name: Name,
    draws: Annotated[int, typer.Option(help="Draws behind each probability.")] = 100,
    seed: Seed = 0,
    end: End = None,
    area: Area = "shenyang",
    workers: Workers = None,
    scheduler: Scheduler = None,
    levers_needed: Annotated[
        bool, typer.Option("--levers-needed", help="Search what each target needs (minutes).")
    ] = False,
    needed_draws: Annotated[int, typer.Option(min=2, help="Draws of that search.")] = 40,
    every: Annotated[
        bool, typer.Option("--all", help="Name the statements that are not scored, with reasons.")
    ] = False,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """How likely the plans' targets are met, and when."""
    from calibration.ledger import load_ledger
    from outputs.commands import console, runs
    from outputs.commands import targets as body

    form = console.form_of(json, csv)
    asked = runs.RunOptions(draws, seed, end, area, workers, save=False, form=form)
    with runs.where(scheduler, workers):
        body.targets(name, asked, load_ledger, needed_draws if levers_needed else None, every)


@command
def index(
    names: Annotated[list[str], typer.Argument(help="Scenarios to rank.")],
    draws: Annotated[int, typer.Option(help="Draws shared by all scenarios.")] = 100,
    seed: Seed = 0,
    end: End = None,
    area: Area = "shenyang",
    workers: Workers = None,
    scheduler: Scheduler = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Our own six-dimension index, and ranks under any weights."""
    from outputs.commands import console, runs
    from outputs.commands import index as body

    form = console.form_of(json, csv)
    asked = runs.RunOptions(draws, seed, end, area, workers, save=False, form=form)
    with runs.where(scheduler, workers):
        body.index(names, asked)


@command
def commuting(
    names: Annotated[list[str], typer.Argument(help="Scenarios; the last is drawn.")],
    year: Annotated[int, typer.Option(help="Year shown.")] = 2035,
    draws: Annotated[int, typer.Option(help="Draws; 1 is the central case.")] = 1,
    seed: Seed = 0,
    area: Area = "shenyang",
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Annotated[str, typer.Option(help="Folder of the pictures.")] = "outputs/runs/commuting",
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Commuting region, hour and modes; flow map, matrix, isochrones."""
    from outputs.commands import commuting as body
    from outputs.commands import console, runs

    form = console.form_of(json, csv)
    asked = runs.RunOptions(draws, seed, year, area, workers, save=False, form=form)
    with runs.where(scheduler, workers):
        body.commuting(names, year, out, asked)


@command
def backcast(
    sections: Annotated[list[str] | None, typer.Argument(help="Sections; all by default.")] = None,
    draws: Annotated[int, typer.Option(min=1, help="Draws behind the bands; 1: none.")] = 50,
    seed: Seed = 0,
    area: Area = "shenyang",
    json: Json = False,
    csv: Csv = False,
) -> None:
    """What the model would have said of the past, beside naive forecasts."""
    from outputs.commands import backcast as body
    from outputs.commands import console
    from outputs.commands.backcast_tables import BackcastOptions

    options = BackcastOptions(draws, seed, area, console.form_of(json, csv))
    body.backcast(sections or [], options)


@command
def pyramids(
    name: Annotated[str, typer.Argument(help="A saved detailed result, or a scenario to run.")],
    years: Annotated[str, typer.Option(help="The first is filled.")] = "2020,2035,2050",
    region_set: Regions = None,
    area: Area = "shenyang",
    out: Annotated[str | None, typer.Option(help="PNG (default: under outputs/runs/).")] = None,
) -> None:
    """Age pyramids of the cities as one figure."""
    from outputs.commands import pyramids as body

    body.pyramids(name, years, region_set, area, out)


@command
def export(
    path: Saved,
    out: Annotated[str, typer.Option(help="CSV to write.")],
    region_set: Regions = None,
    years: Annotated[str | None, typer.Option(help="As 2025,2035 (default: all).")] = None,
    draws: Annotated[str, typer.Option(help="Mean and percentiles, or `all`.")] = "summary",
    overwrite: Overwrite = False,
) -> None:
    """A saved result as an IAMC table, which pyam reads."""
    from outputs.commands import export as body

    body.export(path, out, region_set, years, draws, overwrite)


@command
def rebuild(path: Saved, workers: Workers = None, scheduler: Scheduler = None) -> None:
    """Run a saved result again from its own text."""
    from outputs.commands import runs

    with runs.where(scheduler, workers):
        runs.rebuild(path, workers)


if __name__ == "__main__":
    # Chinese names must print whatever the encoding of the terminal or pipe
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="run.py")
