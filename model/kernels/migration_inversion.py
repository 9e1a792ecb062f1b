"""The base year of migration, draw by draw: what people get out of a place and lose on the way.

The unknowns of a draw are the attractiveness of every place, the cost of exchange with every
region, and the fixed cost, in this order; equations as in :mod:`model.processes.attractiveness`.
Imported by what calls it, not at start-up.
"""

import math

import numpy as np

from model.kernels.compiled import njit
from model.kernels.elementary import exponential, logarithm
from model.kernels.elimination import solve

# Plain steps from the start, then Newton's; a draw that strays takes plain ones again.
WALK = 6
ASTRAY = 3.0
LARGEST = 2.0


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def ease(cost, nest, dissimilarity, easing):  # type: ignore[no-untyped-def]
    """Exponentials of minus the cost of moving over the dissimilarity at the goal.

    ``cost`` (group, place, place) by origin and goal, ``easing`` by group, goal and origin, so
    that what comes after runs along origins.
    """
    groups, places = cost.shape[:2]
    for g in range(groups):
        for j in range(places):
            row, inverse = easing[g, j], 1.0 / dissimilarity[nest[j]]
            for i in range(places):
                row[i] = -cost[g, i, j] * inverse
            for i in range(places):
                row[i] = exponential(row[i])
            row[j] = 0.0


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def exchange(easing, coming, going, nest, dissimilarity, movers, flows, moves):  # type: ignore[no-untyped-def]
    """Moves by goal, group and origin when moving costs more or less than in ``easing``.

    ``coming`` and ``going`` (place,) are the utility of arriving at a place and the loss of leaving
    it, all costs but those of ``easing`` taken in; ``movers`` (group, place). To ``flows``
    (place, group, place); those of all groups are added to ``moves`` (place, place). The nested
    logit of :func:`model.kernels.moving.choose`, with the exponentials of a pair taken apart.
    """
    groups, places = movers.shape
    nests = len(dissimilarity)
    pull, moving = np.empty(places), np.empty(places)
    push, mass = np.empty((nests, places)), np.empty((nests, places))
    factor = np.empty((nests, places))
    for j in range(places):
        pull[j] = exponential(coming[j] / dissimilarity[nest[j]])
    for n in range(nests):
        for i in range(places):
            push[n, i] = exponential(-going[i] / dissimilarity[n])
    for g in range(groups):
        mass[:] = 0.0
        for j in range(places):
            row, into, weight = easing[g, j], mass[nest[j]], pull[j]
            for i in range(places):
                into[i] += row[i] * weight
        moving[:] = 0.0
        for n in range(nests):
            less, odds, whole = dissimilarity[n] - 1.0, factor[n], mass[n]
            odds[:] = 1.0
            for i in range(places):
                whole[i] *= push[n, i]
            if less != 0.0:
                for i in range(places):
                    there = whole[i] if whole[i] > 1e-300 else 1.0
                    odds[i] = exponential(less * logarithm(there))
            for i in range(places):
                moving[i] += odds[i] * whole[i]
        for i in range(places):
            moving[i] = movers[g, i] / (1.0 + moving[i])
        for n in range(nests):
            for i in range(places):
                factor[n, i] *= push[n, i] * moving[i]
        for j in range(places):
            row, into, part = easing[g, j], flows[j, g], factor[nest[j]]
            weight, whole = pull[j], moves[j]
            for i in range(places):
                into[i] = part[i] * row[i] * weight
            for i in range(places):
                whole[i] += into[i]


@njit(cache=True, forceinline=True, error_model="numpy", fastmath={"reassoc", "contract"})
def slopes(flows, movers, nest, dissimilarity, pulled, kept):  # type: ignore[no-untyped-def]
    """Answers of the moves of :func:`exchange` to utility: derivatives of the nested logit.

    ``pulled`` (place, place): arrivals at one place by the utility of arriving at another;
    ``kept`` (place, place): moves by goal and origin less, by the loss of leaving the origin.
    """
    groups, places = movers.shape
    cells, nests = groups * places, len(dissimilarity)
    each, inside, staying = np.empty(cells), np.zeros((nests, cells)), np.zeros(cells)
    alone, together = np.empty(cells), np.empty(cells)
    rows, people = flows.reshape(places, cells), movers.reshape(cells)
    for j in range(places):
        row, into = rows[j], inside[nest[j]]
        for c in range(cells):
            into[c] += row[c]
    for n in range(nests):
        into, steep = inside[n], 1.0 / dissimilarity[n] - 1.0
        for c in range(cells):
            staying[c] += into[c]
            into[c] = steep / into[c] if into[c] > 0.0 else 0.0
    for c in range(cells):
        each[c] = 1.0 / people[c] if people[c] > 0.0 else 0.0
        staying[c] = 1.0 - staying[c] * each[c]
    kept[:] = 0.0
    for j in range(places):
        row, same, whole = rows[j], inside[nest[j]], 0.0
        for c in range(cells):
            whole += row[c]
            alone[c] = row[c] * each[c]
            together[c] = row[c] * (each[c] + same[c])
        for k in range(j + 1):
            other, left = rows[k], together if nest[k] == nest[j] else alone
            total = 0.0
            for c in range(cells):
                total += other[c] * left[c]
            pulled[j, k] = -total
            pulled[k, j] = -total
        pulled[j, j] += whole / dissimilarity[nest[j]]
        into = kept[j]
        for g in range(groups):
            for i in range(places):
                into[i] += row[g * places + i] * staying[g * places + i]


@njit(cache=True, error_model="numpy")
def jacobian(pulled, kept, zones, matrix):  # type: ignore[no-untyped-def]
    """Slopes of the flows that :func:`shortfall` compares, in all unknowns but one.

    Only differences of attractiveness count: that of the last place stays as it is.
    """
    places, size = len(pulled), len(matrix)
    arrive, depart = np.zeros((places, size)), np.zeros((places, size))
    for j in range(places):
        for k in range(places):
            depart[k, size - 1] -= kept[j, k]
            arrive[j, size - 1] -= kept[j, k]
    for j in range(places):
        for k in range(places - 1):
            arrive[j, k] = pulled[j, k] - kept[j, k]
        for k in range(places - 1):
            depart[j, k] = kept[k, j]
        for k in range(zones, places):
            column = places - 1 + k - zones
            arrive[j, column] = -pulled[j, k] - kept[j, k]
            depart[j, column] = -kept[k, j]
        if j < places - 1:
            depart[j, j] += depart[j, size - 1]
        if j >= zones:
            depart[j, places - 1 + j - zones] += depart[j, size - 1]
    matrix[size - 1] = 0.0
    for j in range(places):
        if j < zones:
            matrix[j] = arrive[j] - depart[j]
            matrix[size - 1] += depart[j]
        else:
            matrix[j] = arrive[j]
            matrix[size - 1] -= arrive[j]
            if j < places - 1:
                matrix[places + j - zones] = depart[j]


@njit(cache=True, error_model="numpy")
def shortfall(arriving, leaving, among, net, inflow, outflow, within, short):  # type: ignore[no-untyped-def]
    """What flows lack of those seen [persons/yr].

    Net migration by zone, arrivals in every region, departures from all but the last (they follow,
    as nobody is lost on the way), and moves between zones.
    """
    zones, regions = len(net), len(inflow)
    for z in range(zones):
        short[z] = net[z] - arriving[z] + leaving[z]
    for r in range(regions):
        short[zones + r] = outflow[r] - arriving[zones + r]
        if r < regions - 1:
            short[zones + regions + r] = inflow[r] - leaving[zones + r]
    short[zones + 2 * regions - 1] = within - among


@njit(cache=True, error_model="numpy")
def plain_step(arriving, leaving, among, net, inflow, outflow, within, half, move):  # type: ignore[no-untyped-def]
    """Berry's step of every unknown; answers its largest component.

    By the log of what would, alone, bring about the net flow of a zone, and both of a region.
    Only differences count, and rounding of the flows would let all places drift together.
    """
    zones, regions = len(net), len(inflow)
    places = zones + regions
    for z in range(zones):
        root = math.sqrt(net[z] ** 2 + 4.0 * arriving[z] * leaving[z])
        move[z] = half[z] * math.log((net[z] + root) / (2.0 * arriving[z]))
    for r in range(regions):
        pull_in = math.log(inflow[r] / leaving[zones + r])
        pull_out = math.log(outflow[r] / arriving[zones + r])
        move[zones + r] = (pull_out - pull_in) / 2.0
        move[places + r] = -(pull_out + pull_in) / 2.0
    move[places + regions] = math.log(among / within)
    last, size = move[places - 1], 0.0
    for j in range(places):
        move[j] -= last
    for n in range(len(move)):
        if not abs(move[n]) <= size:
            size = abs(move[n]) if abs(move[n]) < np.inf else np.inf
    return size


@njit(cache=True, error_model="numpy")
def invert_draw(cost, nest, dissimilarity, movers, given, seen, point, move, tolerance, rounds):  # type: ignore[no-untyped-def]
    """Point of one draw, brought up to date; ``move`` is the last plain step from it."""
    net, inflow, outflow, within = seen
    zones, places, unknowns = len(net), len(nest), len(point)
    easing, flows = np.empty(cost.shape), np.empty((places, *movers.shape))
    # Apart, not three planes of one array: compiled as such, rows would not be known to be dense.
    moves, pulled = np.empty((places, places)), np.empty((places, places))
    kept = np.empty((places, places))
    matrix, short = np.empty((unknowns - 1, unknowns - 1)), np.empty(unknowns - 1)
    coming, going, half = np.empty(places), np.empty(places), np.empty(zones)
    arriving, leaving = np.empty(places), np.empty(places)
    ease(cost, nest, dissimilarity, easing)
    for z in range(zones):
        # Two zones that exchange people mostly with each other both answer: half a step each.
        half[z] = 0.5 * dissimilarity[nest[z]]
    best = np.inf
    for count in range(rounds):
        for j in range(places):
            region = point[places + j - zones] if j >= zones else 0.0
            coming[j] = point[j] - region
            going[j] = point[j] + region + point[unknowns - 1]
        moves[:] = given
        exchange(easing, coming, going, nest, dissimilarity, movers, flows, moves)
        among, leaving[:] = 0.0, 0.0
        for j in range(places):
            arriving[j] = moves[j].sum()
            leaving += moves[j]
            if j < zones:
                among += moves[j, :zones].sum()
        now = arriving, leaving, among, net, inflow, outflow, within
        size = plain_step(*now, half, move)
        if size < tolerance:
            break
        best = min(best, size)
        if count >= WALK and size <= ASTRAY * best:
            slopes(flows, movers, nest, dissimilarity, pulled, kept)
            jacobian(pulled, kept, zones, matrix)
            shortfall(*now, short)
            solve(matrix, short)
            move[: places - 1], move[places:] = short[: places - 1], short[places - 1 :]
            move[places - 1] = 0.0
        for n in range(unknowns):
            point[n] += min(max(move[n], -LARGEST), LARGEST)


def invert_draws(cost, nest, dissimilarity, movers, given, seen, start, tolerance, rounds):  # type: ignore[no-untyped-def]
    """Points of all draws and their last plain steps, (draw, unknown) each.

    Not compiled itself: what calls a long loop would have it compiled twice.

    ``cost`` (draw, group, place, place), ``dissimilarity`` (draw, nest), ``movers`` (draw, group,
    place), ``given`` (draw, place, place) by goal and origin; ``seen`` are net migration (draw,
    zone), flows from and to regions (draw, region), and moves between zones (draw,).
    """
    net, inflow, outflow, within = seen
    found = np.empty((len(cost), len(start)))
    moves = np.empty(found.shape)
    for d in range(len(cost)):
        found[d] = start
        of_draw = net[d], inflow[d], outflow[d], within[d]
        invert_draw(
            cost[d], nest, dissimilarity[d], movers[d], given[d], of_draw, found[d], moves[d],
            tolerance, rounds,
        )  # fmt: skip
    return found, moves
