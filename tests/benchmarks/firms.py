"""Cost of firms: nanoseconds an establishment-year, microseconds a draw-year, memory.

``python -m tests.benchmarks.firms`` (from the root of the project). Times are of
the processor, so that other work on the machine does not count.
"""

import time

import numpy as np

from model.area_loading import load_area
from model.processes import firms as process
from model.simulation import step
from tests.worlds import world_of


def years_of(world, count):
    """Processor seconds of the process of firms, in each of some years of the whole model."""
    found = []
    act = process.FIRMS.act

    def timed(*arguments):
        begun = time.process_time()
        act(*arguments)
        found.append(time.process_time() - begun)

    object.__setattr__(process.FIRMS, "act", timed)
    try:
        for _ in range(count):
            step(world)
    finally:
        object.__setattr__(process.FIRMS, "act", act)
    return np.array(found[1:])


def agents(area, years=8):
    begun = time.perf_counter()
    world = world_of(area, engine="agents", scale=1000)
    setup = time.perf_counter() - begun
    firms = world["firms"].sum()
    taken = years_of(world, years)
    columns = (world.firms.key, world.firms.sector, world.firms.zone, world.firms.size)
    held = sum(column.nbytes for column in (*columns, world.firms.status))
    print(
        f"agents: {firms:,.0f} establishments, {taken.min() * 1e3:.0f} ms a year at best "
        f"({np.median(taken) * 1e3:.0f} usually), {taken.min() / firms * 1e9:.0f} ns an "
        f"establishment-year, {held / 1e6:.1f} MB of rows; world set up in {setup:.1f} s"
    )


def mean(area, draws, years=12):
    world = world_of(area, count=draws)
    taken = years_of(world, years) / draws
    size = world.firms.counts().nbytes / draws
    print(
        f"mean, {draws} draws: {taken.min() * 1e6:.0f} us a draw-year at best "
        f"({np.median(taken) * 1e6:.0f} usually), {size / 1e6:.2f} MB a draw"
    )


if __name__ == "__main__":
    place = load_area("shenyang")
    agents(place)
    for number in (1, 5, 25):
        mean(place, number)
