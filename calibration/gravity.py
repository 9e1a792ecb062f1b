r"""Gravity models of any flow table, alone: for Python here, for the shell as a command.

In Python::

    from calibration.gravity import fit_gravity, read_flows

    table = read_flows("flows.csv", origin_masses=["residents"], destination_masses=["jobs"])
    fit = fit_gravity(table, "doubly", "exponential", intrazonal="exclude")
    fit["cost"], fit.standard_errors, fit.deviance, fit.aic, fit.srmse, fit.common_part
    fit.frame()  # observed and predicted flows

On the shell, with a file whose columns are ``origin,destination,flow,cost``::

    python -m calibration.gravity flows.csv --model doubly --decay exponential
    python -m calibration.gravity flows.csv --model unconstrained --decay power \
        --origin-mass residents --destination-mass jobs --intrazonal exclude --out predicted.csv

Exit codes: 0 done, 2 bad input, 3 no maximum. The equations stand in
:mod:`calibration.gravity_models` and :mod:`calibration.gravity_fit`.
"""

import json
import math
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from calibration.flow_scores import relative_scores
from calibration.flow_tables import FlowTable, flows_of_frame, flows_of_matrix, read_flows
from calibration.gravity_models import DECAYS, INTRAZONAL, MODELS, fit_gravity, words_of
from calibration.gravity_result import GravityFit
from model.problems import Problem, ProblemsError, RunError, together

__all__ = [
    "FlowTable",
    "GravityFit",
    "fit_gravity",
    "flows_of_frame",
    "flows_of_matrix",
    "read_flows",
    "relative_scores",
]

BAD_INPUT, FAILED = 2, 3
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


def choices(valid: dict[str, str]) -> str:
    """Words to choose from, each with its meaning.

    Examples
    --------
    >>> choices({"a": "one", "b": "two"})
    'a: one; b: two'
    """
    return "; ".join(f"{word}: {meaning}" for word, meaning in valid.items())


@app.command()
def main(
    flows: Annotated[Path, typer.Argument(help="CSV, a row for each pair of places.")],
    model: Annotated[str, typer.Option(help=choices(MODELS))] = "doubly",
    decay: Annotated[str, typer.Option(help=choices(DECAYS))] = "exponential",
    intrazonal: Annotated[str, typer.Option(help=choices(INTRAZONAL))] = "include",
    origin: Annotated[str, typer.Option(help="Column of origins.")] = "origin",
    destination: Annotated[str, typer.Option(help="Column of destinations.")] = "destination",
    flow: Annotated[str, typer.Option(help="Column of flows.")] = "flow",
    cost: Annotated[str, typer.Option(help="Column of costs: minutes, km, yuan.")] = "cost",
    origin_mass: Annotated[
        list[str] | None, typer.Option(help="Column of a mass of origins; may be repeated.")
    ] = None,
    destination_mass: Annotated[
        list[str] | None, typer.Option(help="Column of a mass of destinations; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="CSV to write observed and predicted flows to.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, all digits.")] = False,
) -> None:
    """Estimate a gravity model of a flow table by maximum likelihood."""
    try:
        read = partial(
            read_flows,
            flows,
            origin=origin,
            destination=destination,
            flow=flow,
            cost=cost,
            origin_masses=origin_mass or (),
            destination_masses=destination_mass or (),
        )
        words = partial(words_of, model, decay, intrazonal)
        table, *_ = together(read, words, partial(refuse_existing, out))
        fit = fit_gravity(table, model, decay, intrazonal)
        if out is not None:
            write_predictions(fit, out)
    except ProblemsError as error:
        count = len(error.problems)
        print(f"{count} problem{'' if count == 1 else 's'} to mend:", file=sys.stderr)
        for problem in error.problems:
            print(f"  {problem}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None
    except RunError as error:
        print(f"The estimation failed: {error}", file=sys.stderr)
        raise typer.Exit(FAILED) from None
    if as_json:
        print(json.dumps(plain(fit), ensure_ascii=False, indent=1))
    else:
        show(fit, table)


def plain(fit: GravityFit) -> dict[str, Any]:
    """Fit as plain data: words, coefficients with errors, measures, effects."""
    return {
        "model": fit.model,
        "decay": fit.decay,
        "intrazonal": fit.intrazonal,
        "coefficients": {
            name: {"estimate": value, "standard_error": error, "robust_error": robust}
            for name, value, error, robust in rows_of(fit)
        },
        # JSON has no sign for what is not a number
        "fit": {name: one if math.isfinite(one) else None for name, one in measures(fit).items()},
        "origin_effects": fit.origin_effects,
        "destination_effects": fit.destination_effects,
    }


def rows_of(fit: GravityFit) -> list[tuple[str, float, float, float]]:
    """Name, estimate, standard and robust error of each coefficient."""
    columns = (fit.coefficients, fit.standard_errors, fit.robust_errors)
    return list(zip(fit.names, *(column.tolist() for column in columns), strict=True))


def refuse_existing(path: Path | None) -> None:
    """Refuse to write over a file.

    Raises
    ------
    ProblemsError
        The file is there.
    """
    if path is not None and path.exists():
        message = f"{path.name} is there already; name another file"
        raise ProblemsError([Problem("arguments", None, "--out", message)])


def write_predictions(fit: GravityFit, path: Path) -> None:
    """Observed and predicted flows as CSV.

    Raises
    ------
    ProblemsError
        A file that cannot be written.
    """
    try:
        fit.frame().to_csv(path, index=False)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise ProblemsError([Problem("arguments", None, "--out", message)]) from None


def show(fit: GravityFit, table: FlowTable) -> None:
    """Coefficients and fit as tables on stdout."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    width = None if sys.stdout.isatty() else 100
    console = Console(file=sys.stdout, width=width, highlight=False)
    console.print(
        f"Gravity model: {fit.model}, {fit.decay} decay, intrazonal flows: {fit.intrazonal}",
        style="bold",
    )
    for note in notes(fit, table):
        console.print(note, markup=False)
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    shown.add_column("coefficient", no_wrap=True)
    for heading in ("estimate", "standard error", "robust error", "z", "robust z"):
        shown.add_column(heading, justify="right")
    for name, value, error, robust in rows_of(fit):
        figures = (value, error, robust, value / error, value / robust)
        shown.add_row(name, *(f"{figure:.6g}" for figure in figures))
    console.print(shown)
    scores = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    scores.add_column("fit", no_wrap=True)
    scores.add_column("value", justify="right")
    for name, figure in measures(fit).items():
        text = f"{figure:,}" if isinstance(figure, int) else f"{figure:,.9g}"
        scores.add_row(name, text)
    console.print(scores)


def notes(fit: GravityFit, table: FlowTable) -> list[str]:
    """What a reader has to know of how the table was used."""
    used = fit.table
    every = len(used.origins) * len(used.destinations)
    found = [
        f"{fit.cells:,} cells used of {len(table.flow):,} listed; {len(used.origins)} origins by "
        f"{len(used.destinations)} destinations are {every:,} pairs"
    ]
    masses = {**table.origin_masses, **table.destination_masses}
    absorbed = [name for name in masses if f"log {name}" not in fit.names]
    if absorbed:
        found.append(f"left aside, as effects of places hold what they say: {', '.join(absorbed)}")
    if fit.dispersion > 2:
        found.append(
            f"dispersion {fit.dispersion:,.3g}: flows vary more than counts would; "
            "go by the robust errors"
        )
    return found


def measures(fit: GravityFit) -> dict[str, float]:
    """Measures of fit in the order in which they are printed."""
    return {
        "cells": fit.cells,
        "parameters k": fit.parameters,
        "log-likelihood": fit.log_likelihood,
        "null log-likelihood": fit.null_log_likelihood,
        "deviance": fit.deviance,
        "null deviance": fit.null_deviance,
        "explained deviance": fit.explained_deviance,
        "McFadden's pseudo R2": fit.pseudo_r_squared,
        "AIC = 2 k - 2 ln L": fit.aic,
        "BIC": fit.bic,
        "dispersion": fit.dispersion,
        "SRMSE": fit.srmse,
        "CPC (common part)": fit.common_part,
        "SSI (Sorensen by cell)": fit.sorensen,
        "R2 (squared correlation)": fit.r_squared,
        "mean cost observed": fit.mean_cost(fit.table.flow),
        "mean cost predicted": fit.mean_cost(fit.predicted),
    }


if __name__ == "__main__":
    app()
