"""Running the model from the command line: ``run``, ``rebuild``, and what all runs share."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.problems import ProblemsError
from outputs.commands import console
from outputs.commands.console import Column, Form
from outputs.labels import both, place_name
from outputs.wrapping import fill

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area


class UnsavedError(ProblemsError):
    """What a run came to cannot be saved."""


Ledger = Callable[["Area"], Any]


@dataclass(frozen=True)
class RunOptions:
    """Options that runs share, as typed."""

    draws: int
    seed: int
    end: int | None
    area: str
    workers: int | None
    engine: str = "mean"
    scale: int = 100
    out: str | None = None
    save: bool = True
    overwrite: bool = False
    figures: bool = False
    form: Form = "text"

    def arguments(self) -> dict[str, Any]:
        """Arguments of ``simulate`` and ``ensemble``."""
        names = ("draws", "seed", "end", "area", "workers", "engine", "scale")
        return {name: getattr(self, name) for name in names}


def where(scheduler: str | None, workers: int | None) -> AbstractContextManager[None]:
    """Where a command computes: on this machine, or on the cluster of a scheduler.

    Raises
    ------
    ProblemsError
        A number of processes asked of a cluster, or a cluster that cannot be used.
    """
    if scheduler is None:
        return nullcontext()
    from model.problems import Problem, ProblemsError
    from model.workers import cluster

    if workers is not None:
        message = "the cluster has as many as have joined it; leave this out with --scheduler"
        raise ProblemsError([Problem("arguments", None, "workers", message)])
    return cluster(scheduler)


def run(name: str, asked: RunOptions, ledger: Ledger) -> None:
    """One scenario: headline results by city, all of it saved."""
    from model import simulate
    from model.area_loading import load_area

    check_place(asked)
    with console.progress(name) as told:
        result = simulate(name, progress=told, **asked.arguments())
    area = load_area(asked.area)
    _print_headlines(result, area, asked)
    keep(result, area, asked, ledger)


def _print_headlines(result: "xr.Dataset", area: "Area", asked: RunOptions) -> None:
    from outputs.indicators import HEADLINE, called
    from outputs.paid import paid_in_words

    rows = [row for name in HEADLINE for row in _headline(result, area, name)]
    if asked.form != "text":
        # The table is named last, so that columns stay where readers of them know them.
        data = [row | {"table": "headlines"} for row in rows]
        console.emit(asked.form, [], data + _paid(result, area, tuple(rows[0])))
        return
    last = int(result["year"][-1])
    shown = [name for name in SHORT if any(row["indicator"] == name for row in rows)]
    places = dict.fromkeys(row["region"] for row in rows)
    wide = [
        {"place": place_name(area, place)}
        | {row["indicator"]: row["value"] for row in rows
           if row["region"] == place and row["year"] == last}
        for place in places
    ]  # fmt: skip
    columns = [Column("place", "City 市", name=True)]
    columns += [Column(name, SHORT[name][0], number=True, show=SHORT[name][1]) for name in shown]
    middle = "" if asked.draws == 1 else f", medians of {asked.draws} draws"
    units = "people and jobs in 10 000, money in 1e8 yuan"
    title = both(result.attrs["title"], result.attrs.get("title_zh", ""))
    console.table(columns, wide, f"{title}\nYear {last}{middle}; {units}")
    console.paragraphs(paid_in_words(result, area), "")
    left_out = [called(name) for name in HEADLINE if name not in shown]
    told = f"Also in --json and --csv, with all years: {', '.join(left_out)}."
    console.say(fill(told, console.width()))


def _ten_thousand(value: float) -> str:
    return f"{value / 1e4:,.1f}"


def _money(value: float) -> str:
    return f"{value:,.0f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


SHORT: dict[str, tuple[str, Callable[[float], str]]] = {
    "population": ("People\n人口", _ten_thousand),
    "jobs": ("Jobs\n就业", _ten_thousand),
    "gdp_real": ("GDP 生产总值\n2020 prices", _money),
    "gdp_nominal": ("GDP 现价\ncurrent", _money),
    "budget_revenue": ("Revenue 财政收入\n2020 prices", _money),
    "services_share": ("Services\n三产占比", _percent),
    "unemployment_rate": ("Jobless\n失业率", _percent),
}


def _headline(result: "xr.Dataset", area: "Area", name: str) -> list[dict[str, Any]]:
    """Median and 90 % interval over draws of one indicator, by region and year."""
    from outputs.indicators import INDICATORS, indicator
    from outputs.regions import default_regions, locate

    rows = []
    for region in default_regions(area):
        values = indicator(result, area, name, locate(area, region)).sel(region=region)
        low, middle, high = values.quantile([0.05, 0.5, 0.95], dim="draw").values
        for at, year in enumerate(result["year"].values):
            rows.append({
                "indicator": name, "region": region, "year": int(year),
                "unit": INDICATORS[name].unit, "value": float(middle[at]),
                "low": float(low[at]), "high": float(high[at]),
            })  # fmt: skip
    return rows


def _paid(result: "xr.Dataset", area: "Area", keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Share of the package that is paid, with the columns of the headlines."""
    from outputs.paid import paid_rows

    told = [asdict(row) for row in paid_rows(result, area)]
    return [{key: row[key] for key in keys} | {"table": "paid"} for row in told]


def check_place(asked: RunOptions) -> None:
    """Say before a run, not after it, that its place is taken or cannot be written to."""
    from outputs.files import refusal, refuse_taken, standing
    from outputs.store import RUNS, SUFFIXES

    if not asked.save:
        return
    folder = standing(Path(asked.out) if asked.out else RUNS / "any")
    if not os.access(folder, os.W_OK):
        message = "this folder cannot be written to; give --out elsewhere, or --no-save"
        raise refusal(folder, message)
    if asked.out is None:
        return
    path = Path(asked.out)
    if path.suffix not in SUFFIXES:
        raise refusal(path, f"a result ends in {' or '.join(SUFFIXES)}")
    refuse_taken(path, asked.overwrite)


def keep(result: "xr.Dataset", area: "Area", asked: RunOptions, ledger: Ledger) -> None:
    """Save a result and its figures as asked, and say where.

    Raises
    ------
    UnsavedError
        What cannot be written, or drawn.
    """
    with after_run():
        _keep(result, area, asked, ledger)


@contextmanager
def after_run() -> Iterator[None]:
    """Problems met here stand between a finished run and its reader, and are told so."""
    try:
        yield
    except ProblemsError as error:
        raise UnsavedError(error.problems) from error


def _keep(result: "xr.Dataset", area: "Area", asked: RunOptions, ledger: Ledger) -> None:
    from outputs.store import Saved, default_path, save_results, save_run

    path = Path(asked.out) if asked.out else default_path(result)
    if asked.save:
        if asked.out:
            saved = Saved(save_results(result, path, asked.overwrite), written=True)
        else:
            saved = save_run(result, overwrite=asked.overwrite)
        path = saved.path
        console.say(f"{'Saved' if saved.written else 'The same result is there'}: {_near(path)}")
    if asked.figures:
        from outputs.plots import save_figures

        # figures belong beside the result, under its name
        folder = path.with_name(f"{path.stem}-figures")
        drawn = save_figures(result, area, folder, ledger(area))
        console.say(f"{len(drawn)} figures: {_near(folder)}")


def _near(path: Path) -> str:
    """Path as seen from here, where that is shorter."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def rebuild(path: str, workers: int | None) -> None:
    """Run a saved result again from itself; a difference is a failed run."""
    from model.problems import RunError
    from model.simulation import rebuild as again
    from outputs.store import open_results

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        saved = open_results(path)
    for warning in told:
        if issubclass(warning.category, UserWarning):  # of ours, not of a library's import
            console.say(str(warning.message))
    found = again(saved, workers)
    names = sorted({str(name) for name in (*saved.data_vars, *found.data_vars)})
    differ = [n for n in names if n not in saved or n not in found or not saved[n].equals(found[n])]
    if differ:
        versions = f"saved by {saved.attrs['versions']}; now {found.attrs['versions']}"
        raise RunError(f"{path} is not rebuilt: {', '.join(differ)} differ ({versions})")
    print(f"{path}: identical, {len(names)} variables")
