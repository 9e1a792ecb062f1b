"""Checks of the network tables: dates, projects, and whether every zone can be reached."""

from collections.abc import Iterator, Mapping

from model.area import Area
from model.network import NETWORK_OF
from model.problems import Problem, nearest

# Kilometres in a straight line to the nearest other seat: beyond a day's drive there and back.
REACH = 500.0


def network_problems(area: Area) -> list[Problem]:
    """Everything that is wrong between stations, links, projects and roads."""
    return [*_links(area), *_roads(area), *_idle_projects(area), *_unreached(area)]


def _links(area: Area) -> Iterator[Problem]:
    label = area.label("links")
    kinds = {row["station"]: row["kind"] for row in area.tables["stations"]}
    for row in area.tables["links"]:
        if (row["opened"] is None) == (row["project"] is None):
            message = "a link has either a year of its own or a project that dates it"
            yield Problem(label, row.line, "opened", message)
        ends = [kinds.get(row[side]) for side in ("from_station", "to_station")]
        networks = {NETWORK_OF[kind] for kind in ends if kind in NETWORK_OF}
        if len(networks) > 1:
            message = f"joins stations of different networks: {', '.join(sorted(networks))}"
            yield Problem(label, row.line, "to_station", message)
        same = row["from_station"] == row["to_station"]
        if same and "rail" in networks:
            yield Problem(label, row.line, "to_station", "a train from a station to itself")


def _roads(area: Area) -> Iterator[Problem]:
    for row in area.tables["roads"]:
        if row["zones"] == row["partners"] and len(row["zones"]) == 1:
            message = "a road from a zone to itself changes nothing"
            yield Problem(area.label("roads"), row.line, "partners", message)


def _idle_projects(area: Area) -> Iterator[Problem]:
    used = {row["project"] for table in ("links", "roads") for row in area.tables[table]}
    for row in area.tables["projects"]:
        if row["project"] not in used:
            message = "no link and no road belongs to it"
            yield Problem(area.label("projects"), row.line, row["project"], message)


def _unreached(area: Area) -> Iterator[Problem]:
    """Zones no road can reach: their seat lies farther from every other than a day's drive."""
    if len(area.zones) < 2:
        return
    distance = area.distance[: len(area.zones), : len(area.zones)].copy()
    for index, zone in enumerate(area.zones):
        others = [d for j, d in enumerate(distance[index]) if j != index]
        if min(others) > REACH:
            row = next(row for row in area.tables["zones"] if row["zone"] == zone)
            message = (
                f"cut off: the nearest other seat is {min(others):,.0f} km away, beyond "
                f"{REACH:,.0f} km; commuting cannot reach it"
            )
            yield Problem(area.label("zones"), row.line, zone, message)


def opening_messages(
    area: Area, openings: Mapping[str, object], levers: Mapping[str, object]
) -> list[tuple[str, str]]:
    """What is wrong with the openings of a scenario: (project, sentence).

    A project whose effect a lever of the same scenario already stands for would count twice.
    """
    rows = {row["project"]: row for row in area.tables["projects"]}
    called = {row[name]: key for key, row in rows.items() for name in ("name_zh", "name_en")}
    found = []
    for project, year in openings.items():
        row = rows.get(str(project))
        if row is None:
            found.append((project, f"unknown project{nearest(str(project), list(rows), called)}"))
            continue
        if isinstance(year, int) and year <= area.base_year:
            message = f"opens in {year}, but the model's first year is {area.base_year + 1}"
            found.append((project, message))
        if row["opened"] is not None and row["opened"] <= area.base_year:
            found.append((project, f"in service since {row['opened']}: it cannot open again"))
        twice = [lever for lever in row["levers"] or () if levers.get(lever)]
        if twice:
            message = f"counted twice: the lever {', '.join(twice)} stands for the same works"
            found.append((project, message))
    return found
