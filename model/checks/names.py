"""Names in the tables of a study area that nothing declares."""

from collections.abc import Iterator

from model.area import Area
from model.axes import SEXES
from model.catalogue import CHANNELS
from model.checks.people import names_of_people
from model.checks.report_only import VARIABLES
from model.firms import STAGES
from model.network import NETWORK_OF
from model.problems import Problem, nearest

Names = dict[tuple[str, str], set[str]]

FINAL_USERS = ("households", "government", "investment", "exports", "output")
"""Who takes goods beside the sectors, and what the sectors make, in the input-output table."""

OF_CITIES = ("gdp", "fiscal", "wages", "history", "registered", "house_prices", "emissions")
"""Tables of published statistics, by the cities of the publisher."""


def unknown_names(area: Area) -> Iterator[Problem]:
    """Cells and settings that name what nothing declares."""
    known = _places(area) | _works(area) | _levers(area) | _industry(area) | names_of_people(area)
    known |= {(table, "source"): {r["source"] for r in area.tables["sources"]}
              for table in area.tables if table not in {"sources", "documents"}}  # fmt: skip
    for table, rows in area.tables.items():
        for row in rows:
            for column, value in row.values.items():
                if value is None or (table, column) not in known:
                    continue
                valid = known[table, column]
                for one in value if isinstance(value, tuple) else (value,):
                    if one not in valid:
                        yield Problem(area.label_of(row), row.line, column, _unknown(one, valid))
    yield from _unknown_settings(area)


def _unknown_settings(area: Area) -> Iterator[Problem]:
    """Settings that name what no table declares."""
    named = [
        ("core_zone", area.settings["core_zone"], set(area.zones)),
        ("default_region_set", area.settings["default_region_set"], set(area.region_sets)),
        ("statistics_region_set", area.settings["statistics_region_set"], set(area.region_sets)),
    ]
    sectors = set(area.sectors)
    named += [("technology_sectors", s, sectors) for s in area.settings["technology_sectors"]]
    for key, value, valid in named:
        if value not in valid:
            yield Problem(f"{area.name}/area.yaml", None, key, _unknown(value, valid))


def _unknown(value: object, valid: set[str]) -> str:
    return f"unknown {value!r}{nearest(str(value), sorted(valid))}"


def _places(area: Area) -> Names:
    """Columns of places and of people."""
    zones, cities = set(area.zones), set(area.cities)
    statistics = {r["region"] for r in area.tables["region_sets"]}
    of_zones = ("region_sets", "employment", "housing", "land", "migrants", "net_migration",
                "comparable", "stations")  # fmt: skip
    of_sexes = ("population", "larger_area", "mortality", "participation")
    return {
        **{(table, "zone"): zones for table in of_zones},
        **{(table, "city"): statistics for table in OF_CITIES},
        **{(table, "sex"): set(SEXES) for table in of_sexes},
        ("cities", "seat"): zones,
        ("zones", "city"): cities,
        ("zones", "kind"): {"core", "suburb", "county"},
        ("zones", "terrain"): {"plain", "hills"},
        ("population", "place"): zones | set(area.regions),
        ("technology_firms", "place"): zones | cities,
        ("report_only", "region_set"): set(area.region_sets),
        ("report_only", "variable"): set(VARIABLES),
        ("housing", "item"): {"floor_area_per_head"},
    }


def _works(area: Area) -> Names:
    """Columns of stations, roads and projects."""
    everywhere = set(area.zones) | set(area.cities) | {"*"}
    stations = {r["station"] for r in area.tables["stations"]}
    projects = {r["project"] for r in area.tables["projects"]}
    return {
        ("stations", "kind"): set(NETWORK_OF),
        ("links", "from_station"): stations,
        ("links", "to_station"): stations,
        ("links", "project"): projects,
        ("roads", "project"): projects,
        ("roads", "zones"): everywhere,
        ("roads", "partners"): everywhere,
        ("projects", "levers"): {r["lever"] for r in area.tables["levers"]},
    }


def _levers(area: Area) -> Names:
    """Columns of levers and their families."""
    everywhere = set(area.zones) | set(area.cities) | {"*"}
    return {
        ("levers", "family"): {r["family"] for r in area.tables["families"]},
        ("levers", "channel"): set(CHANNELS),
        ("levers", "direction"): {"up", "down", "none"},
        ("levers", "document"): {r["document"] for r in area.tables["documents"]},
        ("levers", "zones"): everywhere,
        ("levers", "partners"): everywhere,
        ("levers", "sectors"): set(area.sectors) | {"*"},
        ("families", "channel"): set(CHANNELS),
    }


def _industry(area: Area) -> Names:
    """Columns of sectors, firms and energy."""
    sectors = set(area.sectors)
    return {
        ("sectors", "local_supply"): {"supplier", "user", "both", "none"},
        ("sectors", "published_sector"): {"primary", "secondary", "tertiary"},
        ("employment", "sector"): set(area.census_rows),
        ("technology_firms", "stage"): set(STAGES),
        ("input_output", "supplier"): sectors,
        ("input_output", "user"): sectors | set(FINAL_USERS),
        ("energy", "sector"): sectors,
        ("emissions", "inventory"): {"level", "profile", "anchor_in_boundary", "anchor_whole"},
    }
