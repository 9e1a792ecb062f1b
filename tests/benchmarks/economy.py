"""How long the whole model takes, both engines: ``python -m tests.benchmarks.economy``.

Times are the least of several runs, in milliseconds of this machine; what is due is in brackets.
The second table says where the time of a block goes, as shares, which do not depend on the machine.
"""

import cProfile
import pstats
import sys
import time
from collections.abc import Callable

from model.processes import SCHEDULE
from model.scenario import Scenario
from model.simulation import BLOCK, Plan, known_area, params_of, run_block, step
from model.world import World
from tests.benchmarks import full_scale

YEARS, DRAWS, REPEATS = 30, 200, 3


def plan_of(count: int, end: int) -> Plan:
    """Trend of the default area for some draws."""
    return Plan(Scenario("trend", "Nothing is done"), "shenyang", "mean", 100, 0, count, end, False)


def least(run: Callable[[], object], repeats: int = REPEATS) -> float:
    """Shortest of several runs [s]."""
    found = []
    for _ in range(repeats):
        begun = time.perf_counter()
        run()
        found.append(time.perf_counter() - begun)
    return min(found)


def by_process(world: World, years: int) -> dict[str, float]:
    """Seconds spent in each process over some years."""
    spent = dict.fromkeys((process.name for process in SCHEDULE), 0.0)
    for _ in range(years):
        world.year += 1
        world.population.begin_year(world.year)
        for process in SCHEDULE:
            begun = time.perf_counter()
            process.act(world, params_of(world, process))
            spent[process.name] += time.perf_counter() - begun
    return spent


def main() -> None:
    """Print both tables; ``profile`` as an argument prints the functions of a block as well."""
    from model.simulation import begin_world

    base = known_area("shenyang").base_year
    one, many = plan_of(1, base + YEARS), plan_of(DRAWS, base + YEARS)
    run_block(plan_of(1, base + 1), slice(0, 1))  # compiles and reads the tables
    alone = least(lambda: run_block(one, slice(0, 1)))
    block = least(lambda: run_block(many, slice(0, BLOCK)))
    setting_up = least(lambda: begin_world(many, known_area("shenyang"), slice(0, BLOCK)))
    print(f"one draw, {YEARS} years: {1000 * alone:6.0f} ms [500]")
    print(f"a draw in a block of {BLOCK}: {1000 * block / BLOCK:6.1f} ms [40], "
          f"of which setting up {1000 * setting_up / BLOCK:.1f} ms")  # fmt: skip
    world = begin_world(many, known_area("shenyang"), slice(0, BLOCK))
    step(world)
    spent = by_process(world, 5)
    whole = sum(spent.values())
    for name, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"  {name:14s} {100 * seconds / whole:5.1f} %  {1000 * seconds / 5 / BLOCK:6.3f} ms "
              "a draw and year")  # fmt: skip
    if "profile" in sys.argv[1:]:
        profile = cProfile.Profile()
        profile.runcall(run_block, many, slice(0, BLOCK))
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    full_scale.show()


if __name__ == "__main__":
    main()
