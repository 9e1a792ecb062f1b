"""The agent engine at full scale: one row a person, one row an establishment, thirty years.

``python -m tests.benchmarks.full_scale`` runs the trend of the default area in a process of its
own and prints how long a year and the whole run take (clock, and processor time of all threads),
the peak of memory, the size of a checkpoint at the end, and which processes the time goes to. What
is due is in brackets. It is no test: it asserts nothing.
"""

import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import typer

YEARS, SECONDS, MEMORY = 30, 60.0, 4.0
VERBS = ("work", "bear", "die", "learn", "register", "relocate", "settle_newborns", "counts")
FIRM_VERBS = ("relocate", "renew", "tally", "census", "counts")


class Stopwatch:
    """A bearer whose verbs are timed."""

    def __init__(self, bearer: Any, verbs: tuple[str, ...]) -> None:
        self.bearer, self.verbs, self.spent = bearer, verbs, 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.bearer, name)
        if name not in self.verbs:
            return found

        def timed(*arguments: Any) -> Any:
            begun = time.perf_counter()
            answer = found(*arguments)
            self.spent += time.perf_counter() - begun
            return answer

        return timed


def run(scale: int, years: int) -> dict[str, Any]:
    """Times, sizes and memory of a run, in the process that this runs in."""
    import numpy as np

    from model import checkpoint
    from model.area_loading import load_area
    from model.begin import Plan, begin_world
    from model.scenario import Scenario
    from model.simulation import step

    area = load_area("shenyang")
    end = area.base_year + years
    plan = Plan(Scenario("trend", "Nothing"), "shenyang", "agents", scale, 0, 1, end, False)
    begun, processor = time.perf_counter(), time.process_time()
    world = begin_world(plan, area, slice(0, 1))
    starting = time.perf_counter() - begun
    people, firms = world.population, world.firms
    rows, establishments = people.rows, float(world["firms"].sum())
    watched = Stopwatch(people, VERBS), Stopwatch(firms, FIRM_VERBS)
    world.population, world.firms = watched
    spent = []
    for _ in range(years):
        before = time.perf_counter()
        step(world)
        spent.append(time.perf_counter() - before)
    whole, processor = time.perf_counter() - begun, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 2**30
    world.population, world.firms = people, firms
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        size = checkpoint.save(world, plan, Path(folder) / "end.npz").stat().st_size
        saving = time.perf_counter() - begun
    held = sum(np.asarray(column).nbytes for column in people.arrays().values())
    return {
        "rows": rows, "establishments": establishments, "starting": starting, "spent": spent,
        "whole": whole, "processor": processor, "peak": peak, "bytes": held / rows,
        "people": watched[0].spent, "firms": watched[1].spent,
        "checkpoint": size, "saving": saving, "rows at the end": people.rows,
    }  # fmt: skip


def show(scale: int = 1, years: int = YEARS) -> None:
    """Run in a fresh process and print."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(run, scale, years).result()
    spent = sorted(found["spent"])
    rest = sum(spent) - found["people"] - found["firms"]
    print(
        f"agents, one row for {scale}: {found['rows']:,} people ({found['rows at the end']:,} at "
        f"the end) and {found['establishments']:,.0f} establishments, {years} years\n"
        f"  whole run {found['whole']:.1f} s [{SECONDS:.0f}] ({found['processor']:.1f} s of "
        f"processor), of which setting up {found['starting']:.1f} s\n"
        f"  a year: least {spent[0]:.2f} s, median {spent[len(spent) // 2]:.2f} s, most "
        f"{spent[-1]:.2f} s (the first year compiles what is not yet compiled)\n"
        f"  of all years: verbs of people {found['people']:.1f} s, of firms "
        f"{found['firms']:.1f} s, everything else {rest:.1f} s\n"
        f"  peak memory {found['peak']:.2f} GiB [{MEMORY:.0f}]; {found['bytes']:.1f} bytes a "
        f"person; checkpoint {found['checkpoint'] / 1e6:,.0f} MB in {found['saving']:.1f} s"
    )


def main(
    scale: Annotated[int, typer.Option(help="people per row")] = 1,
    years: Annotated[int, typer.Option(help="years run")] = YEARS,
) -> None:
    """Print one run."""
    show(scale, years)


if __name__ == "__main__":
    typer.run(main)
