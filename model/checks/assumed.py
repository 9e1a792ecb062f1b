"""Checks of the factors by which assumed tables are drawn."""

from collections.abc import Iterator

import numpy as np

from model.area import Area
from model.assumed_odds import AGE_RANGE, BY_AGE, BY_NAME
from model.axes import AGES, SEXES
from model.levers import family_names
from model.network import projects_of_roads
from model.problems import Problem, nearest
from model.reading.tables import CARRIERS


def odds_problems(area: Area) -> Iterator[Problem]:
    """Factors that name nothing there is to multiply, or are not above zero."""
    known = {
        "labour_share_odds": area.sectors,
        "energy_weight": CARRIERS,
        "ceiling_factor": family_names(area),
        "road_gain": projects_of_roads(area),
    }
    for row in area.tables["assumptions"]:
        file = area.label_of(row)
        kind, _, rest = row["id"].partition(".")
        if kind in BY_NAME:
            valid = [f"{kind}.{name}" for name in known[kind]]
            if row["id"] not in valid:
                message = f"unknown{nearest(row['id'], valid)}"
                yield Problem(file, row.line, row["id"], message)
        elif kind in BY_AGE:
            match = AGE_RANGE.fullmatch(rest)
            whole = match and match["sex"] in SEXES
            if not whole or not match or not int(match["first"]) <= int(match["last"]) < len(AGES):
                message = (
                    f"must be {kind}.<{' or '.join(SEXES)}>.<first age>_<last age>, "
                    f"ages within [0, {len(AGES) - 1}] (unit years)"
                )
                yield Problem(file, row.line, row["id"], message)
        else:
            continue
        if row["prior"].quantile(np.full(1, 1e-6))[0] <= 0 or row["value"] <= 0:
            message = "value and prior must lie above zero (unit 1)"
            yield Problem(file, row.line, row["id"], message)
