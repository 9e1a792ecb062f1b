r"""Sectors that the census counts together: who works in which, by zone.

.. math:: s_{ck} = \frac{g_{ck}}{\sum_l g_{cl}}, \quad g_{ck} \sim \mathrm{Gamma}(20\,\bar s_{ck}),
    \qquad \frac{L_{ck}}{L_c} \propto \frac{s_{ck}}{y_k}, \qquad
    L_{zk} = u_z\,v_k\,\frac{s_{ck}}{y_k}\,\omega_{kz}

The census has one row where the model has several sectors. Shares of value added by city,
:math:`s`, are assumed and drawn (normalised Gammas are a Dirichlet draw); over value added per
worker, :math:`y`, they are shares of workers. Zones of a city differ by the weights of known
sites, :math:`\omega`; the factors :math:`u, v` keep both what the census counts in each zone and
the shares of the city (biproportional fitting: Deming and Stephan 1940).

Nothing here is observed by zone: every result by branch rests on this prior.
"""

import numpy as np

from model.area import Area
from model.axes import Array, ratio
from model.base_year.baseline import employed_residents
from model.methods.ras import biproportional
from model.problems import Unsolved


def branch_shares(area: Area, assumed: dict[str, Array], relative: Array) -> Array:
    """Share of each sector in the workers of its census row, by zone.

    Parameters
    ----------
    area : Area
    assumed : dict
        ``<row>_split.<region>.<sector>`` and ``site_weight.<sector>.<zone>``, ``(draw,)`` each.
    relative : (draw, sector) [1]
        Value added per worker.

    Returns
    -------
    (draw, sector, zone) [1]
        One where the sector has a census row of its own; sums to one over those that share a row.

    Raises
    ------
    Unsolved
        Shares that no workers can have; has draw, sector and zone.
    """
    draws, zones = len(relative), len(area.zones)
    shares = np.ones((draws, len(area.sectors), zones))
    for name in area.census_rows:
        members = np.flatnonzero(area.column("sectors", "census_row") == name)
        if len(members) == 1:
            continue
        workers = area.by_zone("employment", year=area.base_year, sector=name)
        found = np.zeros((draws, len(members), zones))
        sites = site_weights(area, assumed, members, draws)
        regions, weights = area.statistics
        for region, weight in zip(regions, weights, strict=True):
            drawn = [assumed[f"{name}_split.{region}.{area.sectors[k]}"] for k in members]
            per_worker = np.stack(drawn, axis=1) / relative[:, members]
            rows = per_worker / per_worker.sum(axis=1, keepdims=True)
            inside = np.flatnonzero(weight * workers)
            held = (weight * workers)[inside]
            seed = sites[:, :, inside] * per_worker[:, :, None]
            try:
                found[:, :, inside] += biproportional(seed, rows * held.sum(), held)
            except Unsolved as error:
                draw, member, column = error.where
                where = draw, members[member], inside[column]
                what = f"workers of {name} in {region} cannot be shared out among its sectors"
                raise Unsolved(what, where, error.how_far) from error
        # Where nobody works in the row, any shares will do: they meet no one.
        even = np.broadcast_to(1 / len(members), found.shape)
        shares[:, members] = np.where(workers > 0, ratio(found, workers), even)
    return shares


def site_weights(area: Area, assumed: dict[str, Array], members: Array, draws: int) -> Array:
    """(draw, member, zone) [1] weights of known sites, one where none is known."""
    weights = np.ones((draws, len(members), len(area.zones)))
    for position, sector in enumerate(members):
        for column, zone in enumerate(area.zones):
            name = f"site_weight.{area.sectors[sector]}.{zone}"
            if name in assumed:
                weights[:, position, column] = assumed[name]
    return weights


def base_employment(area: Area, assumed: dict[str, Array], relative: Array) -> Array:
    """(draw, sector, zone) [persons] employed residents of the base year by sector of the model."""
    place = [area.census_rows.index(row["census_row"]) for row in area.tables["sectors"]]
    counted = employed_residents(area, area.base_year)[place]
    return counted * branch_shares(area, assumed, relative)
