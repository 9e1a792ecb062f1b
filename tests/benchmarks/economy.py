"""How long the whole model takes, both engines: ``python -m tests.benchmarks.economy``.

What is due is in brackets. Times of one draw and of one block are the least of several runs in
one process, in milliseconds of its processor, so that what else the machine does matters little;
those of 200 draws on all cores are by the clock: of the blocks alone, the median of several runs
in processes that have run a block before, as that of one draw is; and from nothing, which is a new
interpreter, the imports, the tables, the compiled code read from its cache, and the start of the
workers. The table says
where the years of a block go. ``profile`` as an argument prints the functions of a block as well;
``many`` does no more than run the 200 draws.
"""

import cProfile
import os
import pstats
import subprocess
import sys
import time
from collections.abc import Callable
from statistics import median

from model.area_loading import load_area
from model.begin import Plan, begin_world
from model.processes import SCHEDULE
from model.scenario import Scenario
from model.simulation import BLOCK, abreast, gather, params_of, run_block, run_years, step
from model.workers import kept
from model.world import World
from tests.benchmarks import full_scale

YEARS, DRAWS, REPEATS = 30, 200, 3
SIZE = abreast(DRAWS, os.cpu_count() or 1, 2 * BLOCK)


def plan_of(count: int, end: int) -> Plan:
    """Trend of the default area for some draws."""
    return Plan(Scenario("trend", "Nothing is done"), "shenyang", "mean", 100, 0, count, end, False)


def least(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """Processor time of the shortest of several runs [s]."""
    found = []
    for _ in range(repeats):
        begun = time.process_time()
        run()
        found.append(time.process_time() - begun)
    return min(found)


def by_the_clock(run: Callable[[], object]) -> float:
    """Time that a run takes by the clock [s]."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def by_process(world: World, years: int) -> dict[str, float]:
    """Processor time of each process in the shortest of some years [s]."""
    spent = dict.fromkeys((process.name for process in SCHEDULE), float("inf"))
    for _ in range(years):
        world.year += 1
        world.population.begin_year(world.year)
        for process in SCHEDULE:
            begun = time.process_time()
            process.act(world, params_of(world, process))
            spent[process.name] = min(spent[process.name], time.process_time() - begun)
    return spent


def run_many() -> None:
    """200 draws on all cores."""
    gather([plan_of(DRAWS, load_area("shenyang").base_year + YEARS)], os.cpu_count(), None)


def main() -> None:
    """Print the times and the table."""
    area = load_area("shenyang")
    one, many = plan_of(1, area.base_year + YEARS), plan_of(DRAWS, area.base_year + YEARS)
    run_block(plan_of(1, area.base_year + 1), slice(0, 1))  # compiles and reads the tables
    alone = least(lambda: run_block(one, slice(0, 1)))
    block = least(lambda: run_years(begin_world(many, area, slice(0, SIZE)), many))
    setting_up = least(lambda: begin_world(many, area, slice(0, SIZE)))
    with kept(os.cpu_count() or 1):
        run_many()  # the other processes start
        warm = median(by_the_clock(run_many) for _ in range(REPEATS))
    command = [sys.executable, "-m", "tests.benchmarks.economy", "many"]
    cold = by_the_clock(lambda: subprocess.run(command, check=True))
    print(f"one draw, {YEARS} years: {1000 * alone:6.0f} ms [500]")
    print(f"a draw in a block of {SIZE}, {YEARS} years: {1000 * block / SIZE:6.1f} ms, "
          f"of which setting up {1000 * setting_up / SIZE:.1f} ms")  # fmt: skip
    print(f"a draw of {DRAWS} on {os.cpu_count()} cores, the blocks alone: "
          f"{1000 * warm / DRAWS:6.1f} ms [40]")  # fmt: skip
    print(f"the same from nothing, start-up of every process included: "
          f"{1000 * cold / DRAWS:6.1f} ms")  # fmt: skip
    world = begin_world(many, area, slice(0, SIZE))
    step(world)
    spent = by_process(world, 5)
    whole = sum(spent.values())
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {name:16s} {100 * seconds / whole:5.1f} %  {1000 * seconds / SIZE:6.3f} ms "
              "a draw and year")  # fmt: skip
    if "profile" in sys.argv[1:]:
        profile = cProfile.Profile()
        profile.runcall(run_block, many, slice(0, SIZE))
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    full_scale.show()


if __name__ == "__main__":
    run_many() if "many" in sys.argv[1:] else main()
