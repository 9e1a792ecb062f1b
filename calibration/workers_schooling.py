"""Schooling of workers between the censuses: a known input of a backcast of the economy.

Two censuses count people by education; who of them works is told by the participation of the base
year. Between them shares of levels lie on a line. Districts were redrawn, so that a zone takes the
change of its city.
"""

from model.area import Area
from model.axes import Array, ratio
from model.base_year import baseline, baseline_people
from model.processes.participation import ParticipationParams, odds_by_education


def counted_shares(area: Area, year: int) -> Array:
    """Levels of education in the labour force of each city, by a census.

    Parameters
    ----------
    area : Area
    year : int
        Of a census.

    Returns
    -------
    (statistics region, education) [share]

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> area = load_area()
    >>> [counted_shares(area, year)[0].round(2).tolist() for year in (2010, 2020)]
    [[0.08, 0.45, 0.21, 0.25], [0.05, 0.38, 0.19, 0.38]]
    """
    people = baseline_people.everybody(area, year)[: len(area.zones)].sum(axis=1)
    odds = odds_by_education(baseline.participation_profile(area)[None], ParticipationParams())[0]
    working = (people * (odds / (1 + odds))).sum(axis=(2, 3))
    by_city = area.statistics[1] @ working
    return by_city / by_city.sum(axis=1, keepdims=True)


def shares_since(area: Area, year: int) -> Array:
    """Shares of levels in a year over those of the later census, by zone.

    Parameters
    ----------
    area : Area
    year : int
        Beyond the later census, its decade goes on.

    Returns
    -------
    (zone, education) [1]

    Examples
    --------
    >>> from model.area_loading import load_area
    >>> before, counted = (shares_since(load_area(), year) for year in (2015, 2020))
    >>> float(counted.min()), float(counted.max()), bool(before[0, 3] < 1)
    (1.0, 1.0, True)
    """
    early, late = int(area.settings["history_year"]), area.base_year
    first, last = (counted_shares(area, one) for one in (early, late))
    share = first + (last - first) * (year - early) / (late - early)
    weights = area.statistics[1].T
    return (weights @ (share / last)) / weights.sum(axis=1, keepdims=True)


def tilted(by_education: Array, relative: Array) -> Array:
    """A labour force with other shares of levels, as many as before.

    Parameters
    ----------
    by_education : (draw, zone, education) [persons]
    relative : (zone, education) [1]

    Returns
    -------
    (draw, zone, education) [persons]

    Examples
    --------
    >>> import numpy as np
    >>> tilted(np.array([[[50.0, 50.0]]]), np.array([[1.0, 3.0]])).tolist()
    [[[25.0, 75.0]]]
    """
    found = by_education * relative
    missed = ratio(by_education.sum(axis=2), found.sum(axis=2))
    return found * missed[..., None]
