"""Speed and size of the agent engine's people, beside Mesa objects and plain numpy.

``python -m tests.benchmarks.people`` bears one year's tables of the real area (who dies, is born,
learns, registers, moves, works) by three populations of the same events, several times over, and
prints nanoseconds per agent and year (the least of some years, by the clock, and as processor time
of all threads, which other work on the machine disturbs less), the peak memory of a process of its
own for each size, and bytes per agent. It is no test: it asserts nothing.
"""

import resource
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Annotated

import typer

from tests.benchmarks.timing import print_table

SIZES = "1e5,1e6,2.1e7"
VERBS = ("work", "bear", "die", "learn", "register", "relocate", "settle_newborns")
# The luck of all events is thrown as the year begins: the core is charged with the whole of it.
CORE = ("begin_year", "die", "bear", "settle_newborns", "relocate")
HEADINGS = (
    "population", "agents", "core ns", "year ns", "times", "core cpu", "year cpu", "bytes",
    "peak GiB",
)  # fmt: skip


def tables_of_a_year(area):
    """Calls of one year of the mean engine: name and arguments, in order."""
    from model.begin import Plan, begin_world
    from model.scenario_loading import load_scenario
    from model.simulation import step
    from tests.worlds import Tape

    plan = Plan(load_scenario("trend", area), str(area.folder), "mean", 1, 0, 1, 2021, False)
    world = begin_world(plan, area, slice(None))
    tape = world.population = Tape(world.population)
    step(world)
    return [(name, arguments) for name, arguments, _ in tape.calls if name in VERBS]


def measure(kind: str, agents: float, years: int) -> dict[str, float]:
    """Times and memory of one population, in the process that this runs in."""
    import numpy as np

    from model.area_loading import load_area
    from model.base_year import baseline_people
    from tests.benchmarks import people_peers

    area = load_area("shenyang")
    calls = tables_of_a_year(area)
    people = baseline_people.everybody(area, area.base_year)
    zones = len(area.zones)
    scale = max(1, round(people[:zones].sum() / agents))
    population = people_peers.make(kind, people, zones, scale)
    rows, spent = people_peers.rows(population), []
    for year in range(2021, 2022 + years):
        one = {name: np.zeros(2) for name, _ in calls}
        start = clocks()
        population.begin_year(year)
        one["begin_year"] = clocks() - start
        for name, arguments in calls:
            start = clocks()
            getattr(population, name)(*arguments)
            one[name] += clocks() - start
        start = clocks()
        people_peers.count(population)
        one["count"] = clocks() - start
        spent.append([sum(one[name] for name in CORE), sum(one.values())])
    # The first year compiles and warms up.
    core, whole = np.min(spent[1:], axis=0) / rows * 1e9
    return {
        "rows": rows, "core": core[0], "whole": whole[0], "core cpu": core[1],
        "whole cpu": whole[1],
        "bytes": people_peers.held(population) / rows,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 2**30,
    }  # fmt: skip


def clocks():
    """Seconds of the clock, and of the processor over all threads."""
    import numpy as np

    return np.array([time.perf_counter(), time.process_time()])


def main(
    sizes: Annotated[str, typer.Option(help="agents, separated by commas")] = SIZES,
    years: Annotated[int, typer.Option(help="years timed, after one to warm up")] = 5,
    objects: Annotated[float, typer.Option(help="agents as Mesa objects")] = 2e4,
) -> None:
    """Print the table; every population in a fresh process."""
    wanted = [("Mesa objects", objects, 1)]
    for size in sizes.split(","):
        wanted += [("plain numpy", float(size), min(years, 2)), ("this engine", float(size), years)]
    rows, base, spent = [], 0.0, []
    for kind, agents, repeats in wanted:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found = pool.submit(measure, kind, agents, repeats).result()
        base = base or found["whole"]
        if kind == "this engine":
            spent.append((found["rows"], found["whole"] * found["rows"] * 1e-9))
        rows.append((
            kind, f"{found['rows']:,.0f}", f"{found['core']:.1f}", f"{found['whole']:.1f}",
            f"{base / found['whole']:.0f}", f"{found['core cpu']:.1f}",
            f"{found['whole cpu']:.1f}", f"{found['bytes']:.0f}", f"{found['peak']:.2f}",
        ))  # fmt: skip
        print_table("One year of people (latest last)", HEADINGS, rows[-1:])
    print_table("One year of people; times: as fast as Mesa objects", HEADINGS, rows)
    if len(spent) > 1:
        fixed, slope = line_through(spent)
        print(f"this engine, by the clock: {fixed * 1e3:.1f} ms + {slope * 1e9:.1f} ns an agent")


def line_through(spent: list[tuple[float, float]]) -> tuple[float, float]:
    """Seconds whatever the size and seconds an agent, of the least relative squares.

    Examples
    --------
    >>> [round(x, 9) for x in line_through([(1e5, 0.003), (1e6, 0.012), (2e7, 0.202)])]
    [0.002, 1e-08]
    """
    import numpy as np

    agents, seconds = np.array(spent).T
    fixed, slope = np.linalg.lstsq(
        np.stack([1 / seconds, agents / seconds], axis=1), np.ones(len(seconds)), rcond=None
    )[0]
    return float(fixed), float(slope)


if __name__ == "__main__":
    typer.run(main)
