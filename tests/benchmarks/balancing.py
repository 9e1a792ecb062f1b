"""Balancing of 55, 1,000 and 3,000 zones to 1e-10, beside aequilibrae and ipfn where installed.

All start from the same seed and margins and hand back the whole balanced table. The peers change
their seed in place: its copy is made before the clock starts. ``ipfn`` loops over zones in Python;
where it would take minutes it is stopped and its time so far is a lower bound.
"""

import contextlib
import importlib.util
import io
import time
import warnings
from functools import partial

import numpy as np

from model.methods.balancing import balanced
from tests.benchmarks.timing import Call, Timing, clock, print_table, timings

ZONES = (55, 1_000, 3_000)
DECAYS = {"mild": 0.02, "peaked": 0.1}  # per minute
SIDE = 150.0  # minutes across the square
INSIDE = 3.0  # minutes within a zone
TOLERANCE = 1e-10
ROUNDS = 100_000
PATIENCE = 40.0  # seconds for one call of ipfn
HOW = "pip install '.[bench]'"


def case(zones, decay):
    """Seed and margins of zones strewn over a square, sizes as of cities."""
    rng = np.random.default_rng(zones)
    at = rng.uniform(0, SIDE, (zones, 2))
    minutes = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + INSIDE
    rows, columns = rng.lognormal(10, 1, (2, zones))
    return np.exp(-decay * minutes), rows, columns * rows.sum() / columns.sum()


def ours(seed, rows, columns):
    return balanced(seed, rows, columns, TOLERANCE).flows(seed)


def aequilibrae(seed, rows, columns, cores):
    from aequilibrae.distribution.cython.ipf_core import ipf_core

    ipf_core(
        seed, rows, columns, max_iterations=ROUNDS, tolerance=TOLERANCE, cores=cores, warn=False
    )
    return seed


def ipfn(seed, rows, columns, rounds):
    from ipfn.ipfn import ipfn as fitting

    work = fitting(
        seed,
        [rows, columns],
        [[0], [1]],
        convergence_rate=TOLERANCE,
        max_iteration=rounds,
        rate_tolerance=0,
    )
    # It prints when it is stopped; the table says so better.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return work.iteration()


def rounds_within(seed, rows, columns, seconds):
    """Rounds of ipfn that fit into some seconds."""
    start = time.perf_counter()
    ipfn(seed.copy(), rows, columns, 2)
    return max(2, int(seconds / (time.perf_counter() - start) * 2))


def worst(flows, rows, columns):
    """Largest relative error of a margin."""
    return max(
        np.abs(flows.sum(axis=1) / rows - 1).max(), np.abs(flows.sum(axis=0) / columns - 1).max()
    )


def calls(seed, rows, columns):
    """Ours and the peers that are here."""
    found = [Call("ours", ours, lambda: (seed, rows, columns))]
    if importlib.util.find_spec("aequilibrae"):
        # Its threads wait for one another: on a busy machine one core can be the faster way.
        for name, cores in (("aequilibrae", 0), ("aequilibrae, one core", 1)):
            run = partial(aequilibrae, cores=cores)
            found.append(Call(name, run, lambda: (seed.copy(), rows, columns)))
    if importlib.util.find_spec("ipfn"):
        rounds = rounds_within(seed, rows, columns, PATIENCE)
        run = partial(ipfn, rounds=min(ROUNDS, rounds))
        found.append(Call("ipfn", run, lambda: (seed.copy(), rows.copy(), columns.copy())))
    return found


def row(zones, name, timing: Timing, own: Timing, rows, columns):
    """Line of the printed table."""
    error = worst(timing.answer, rows, columns)
    stopped = "> " if error > 10 * TOLERANCE else ""
    ratio = "" if timing is own else f"{stopped}{timing.seconds / own.seconds:,.1f}"
    return (
        f"{zones:,} {name}",
        timing.name,
        stopped + clock(timing.seconds),
        ratio,
        f"{error:.0e}",
        str(timing.runs),
    )


def run() -> None:
    """Time every case and print it."""
    table = []
    for zones in ZONES:
        for name, decay in DECAYS.items():
            seed, rows, columns = case(zones, decay)
            found = timings(calls(seed, rows, columns), repeats=21 if zones < 100 else 7)
            table += [row(zones, name, timing, found[0], rows, columns) for timing in found]
    headings = ("zones, decay", "balancing", "median", "times ours", "worst margin", "runs")
    print_table(f"Balancing to {TOLERANCE:g}", headings, table)
    missing = [name for name in ("aequilibrae", "ipfn") if not importlib.util.find_spec(name)]
    if missing:
        print(f"Not installed, so not beside ours: {', '.join(missing)}. To have them: {HOW}")
