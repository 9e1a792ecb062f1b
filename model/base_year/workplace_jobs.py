r"""Jobs by place of work in the base year: assumed, for the census counts workers where they live.

Jobs are employed residents but for four departures, each drawn (``assumptions``):

* a centre of work has more jobs than employed residents, :math:`J_z = (1 + s_z) R_z` with
  ``job_surplus.<zone>``; the other urban districts of its city have as many fewer;
* those others differ by factors, ``jobs_factor.<zone>``, which leave their sum as it is;
* so do counties, within their city;
* cities differ by ``city_jobs_factor.<city>``, which leave the whole area as it is.

All that is above zones is met exactly: jobs of each sector in the area always, and by city as well
where nothing but a surplus or a district's factor departs from one. Between these margins sectors
keep the odds of where their workers live (:func:`model.methods.ras.biproportional`).
"""

from collections.abc import Iterator

import numpy as np

from model.area import Area
from model.axes import Array, ratio, total
from model.methods.ras import biproportional
from model.problems import Problem, Unsolved, nearest

SURPLUS, FACTOR, CITY = "job_surplus", "jobs_factor", "city_jobs_factor"


def base_jobs(area: Area, resident: Array, assumed: dict[str, Array]) -> Array:
    """Jobs by sector and place of work.

    Parameters
    ----------
    area : Area
    resident : (draw, sector, zone) [persons]
        Employed people where they live.
    assumed : dict
        Drawn numbers of the area, ``(draw,)`` each.

    Returns
    -------
    (draw, sector, zone) [persons]

    Raises
    ------
    Unsolved
        A city whose centres would have all of its urban jobs, or more; a sector whose few places
        of work cannot make up the jobs of a district. By position of draw, sector and zone.
    """
    jobs = resident.copy()
    urban = area.column("zones", "kind") != "county"
    factor = _numbers(assumed, FACTOR, area.zones, len(resident), 1.0)
    surplus = _numbers(assumed, SURPLUS, area.zones, len(resident), np.nan)
    for city, mine in zip(area.cities, area.in_city > 0, strict=True):
        districts = np.flatnonzero(mine & urban)
        here = np.ascontiguousarray(resident[:, :, districts])
        wanted = district_jobs(here.sum(axis=1), surplus[:, districts], factor[:, districts])
        _check_centres(wanted, city)
        try:
            jobs[:, :, districts] = biproportional(here, here.sum(axis=2), wanted)
        except Unsolved as error:
            draw, sector, place = error.where
            where = (draw, sector, districts[place])
            raise Unsolved(error.what, where, error.how_far) from error
    cities = _numbers(assumed, CITY, area.cities, len(resident), 1.0)
    by_zone = jobs.sum(axis=1) * np.where(urban, 1.0, factor)
    by_city = total(resident.sum(axis=1), area.in_city) * cities
    by_city *= ratio(resident.sum(axis=1).sum(axis=1), by_city.sum(axis=1))[:, None]
    rate = ratio(by_city, total(by_zone, area.in_city))
    columns = by_zone * rate[:, area.city_of_zone]
    return biproportional(jobs, jobs.sum(axis=2), columns)


def district_jobs(resident: Array, surplus: Array, factor: Array) -> Array:
    """Jobs of the urban districts of a city, as many as people at work live in them.

    Parameters
    ----------
    resident : (draw, zone) [persons]
        Employed people where they live.
    surplus : (draw, zone) [1]
        Share by which jobs of a centre exceed them; not a number elsewhere.
    factor : (draw, zone) [1]
        Jobs over employed residents elsewhere, up to what is left by the centres.

    Returns
    -------
    (draw, zone) [persons]
        Negative where nothing is left.

    Examples
    --------
    >>> one = np.ones((1, 3))
    >>> district_jobs(100.0 * one, np.array([[0.5, np.nan, np.nan]]), one).tolist()
    [[150.0, 75.0, 75.0]]
    """
    centre = ~np.isnan(surplus)
    fixed = np.where(centre, resident * (1 + surplus), 0.0)
    free = np.where(centre, 0.0, resident * factor)
    left = resident.sum(axis=1, keepdims=True) - fixed.sum(axis=1, keepdims=True)
    return fixed + free * ratio(left, free.sum(axis=1, keepdims=True))


def workplace_problems(area: Area) -> Iterator[Problem]:
    """Assumed numbers of workplaces that name no place, or leave a city nothing to share out."""
    urban = area.column("zones", "kind") != "county"
    districts = [zone for zone, one in zip(area.zones, urban, strict=True) if one]
    known = {SURPLUS: districts, FACTOR: area.zones, CITY: area.cities}
    rows = {row["id"]: row for row in area.tables["assumptions"]}
    for name, row in rows.items():
        kind, _, place = name.partition(".")
        if kind not in known:
            continue
        if place not in known[kind]:
            valid = [f"{kind}.{one}" for one in known[kind]]
            message = f"unknown{nearest(name, valid)}"
        elif kind == FACTOR and f"{SURPLUS}.{place}" in rows:
            message = f"{place} is a centre, whose jobs {SURPLUS}.{place} says"
        elif row["prior"].quantile(np.full(1, 1e-6))[0] <= (-1 if kind == SURPLUS else 0):
            message = f"value and prior must lie above {-1 if kind == SURPLUS else 0} (unit 1)"
        elif kind == SURPLUS and not _others(area, place, districts, set(rows)):
            message = "no other urban district of its city could have fewer jobs for it"
        else:
            continue
        yield Problem(area.label_of(row), row.line, name, message)


def _numbers(
    assumed: dict[str, Array], kind: str, names: tuple[str, ...], draws: int, otherwise: float
) -> Array:
    """(draw, name) [1] of a kind of assumed numbers."""
    found = np.full((draws, len(names)), otherwise)
    for at, name in enumerate(names):
        found[:, at] = assumed.get(f"{kind}.{name}", otherwise)
    return found


def _others(area: Area, zone: str, districts: list[str], held: set[str]) -> list[str]:
    city = dict(zip(area.zones, area.column("zones", "city"), strict=True))
    return [one for one in districts if city[one] == city[zone] and f"{SURPLUS}.{one}" not in held]


def _check_centres(wanted: Array, city: str) -> None:
    short = np.flatnonzero(wanted.min(axis=1, initial=0.0) < 0)
    if len(short):
        what = f"centres of work in {city} have more jobs than people at work in its districts"
        raise Unsolved(what, (short[0],), f"its {SURPLUS} numbers are too large")
