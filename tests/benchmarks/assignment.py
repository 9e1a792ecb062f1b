"""Workplace and mode for nine million workers: the pass of the agent engine, timed."""

import time

import numpy as np

from model.engines import resident_work
from model.engines.resident_kernels import in_runs
from model.engines.resident_tables import odds_of
from model.population import WorkTable

WORKERS, ZONES, MODES, SECTORS = 9_000_000, 55, 6, 12
REACH, AT_WORK = 1.0, 0.95


def table(rng: np.random.Generator) -> WorkTable:
    """Shares of workplaces, modes and sectors; what else is in the table is not read."""
    workplace = rng.dirichlet(np.full(ZONES, 0.2), (1, ZONES)) * AT_WORK
    mode = rng.dirichlet(np.full(MODES, 0.7), (1, ZONES, ZONES)).transpose(0, 3, 1, 2)
    sector = rng.dirichlet(np.ones(SECTORS), (1, ZONES))
    none = np.zeros(0)
    return WorkTable(none, none, none, workplace, sector, mode)


def case(repeats: int = 5) -> dict[str, float]:
    """Seconds of tables and draws together: the best and the median of some repeats.

    Returns ``workers``, ``best``, ``median`` and ``reach`` (what the issue asks for).
    """
    rng = np.random.default_rng(0)
    shares = table(rng)
    zone = rng.integers(0, ZONES, WORKERS).astype(np.uint8)
    trait, age = np.zeros((2, WORKERS), dtype=np.uint8)
    key = rng.integers(0, 2**64, WORKERS, dtype=np.uint64)
    die = rng.integers(0, 256, WORKERS).astype(np.uint8)
    everybody = odds_of(np.ones((1, 1, 1, 1, 1)), ZONES)
    times = []
    for repeat in range(repeats + 1):
        start, salt = time.perf_counter(), np.uint64(repeat)
        jobs = resident_work.job_tables(shares)

        def task(run: slice, salt: np.uint64 = salt, jobs: resident_work.Jobs = jobs) -> int:
            told = np.zeros(jobs.outcome.shape, dtype=np.int64)
            posts = np.zeros(jobs.sector.shape, dtype=np.int64)
            columns = zone[run], trait[run], age[run], key[run], die[run]
            resident_work.work(*columns, salt, everybody, salt, jobs, told, posts)
            return int(told[:, :-1].sum())

        working = sum(in_runs(WORKERS, task))
        times.append(time.perf_counter() - start)
        if abs(working / WORKERS - AT_WORK) > 0.001:
            raise AssertionError("the draws do not follow the shares")
    times = times[1:]
    return {
        "workers": float(WORKERS),
        "best": min(times),
        "median": float(np.median(times)),
        "reach": REACH,
    }


def run() -> None:
    """Print the case."""
    found = case()
    times = f"best {found['best']:.3f} s, median {found['median']:.3f} s"
    print(f"{found['workers']:,.0f} workers: {times}")


if __name__ == "__main__":
    run()
