"""Checks of the regions that are reported and not simulated: neighbours of the study area."""

from collections.abc import Iterator

from model.area import Area
from model.catalogue import CATALOGUE
from model.problems import Problem

VARIABLES = {
    name: variable.unit
    for name, variable in CATALOGUE.items()
    if variable.dims == ("zone",) and (variable.kind, variable.over_zones) == ("stock", "sum")
}
SETS = ("default_region_set", "statistics_region_set")


def report_only_problems(area: Area) -> Iterator[Problem]:
    """Regions that are simulated after all, units not of the result, parts above their whole."""
    label = area.label("report_only")
    simulated = {*area.places, *area.cities, *(r["region"] for r in area.tables["region_sets"])}
    counted = {}
    for row in area.tables["report_only"]:
        region, variable = row["region"], row["variable"]
        counted[row["region_set"], region, row["year"], variable] = row
        if region in simulated:
            message = f"{region} is simulated: it has no numbers of its own here"
            yield Problem(label, row.line, "region", message)
        if row["unit"] != VARIABLES.get(variable, row["unit"]):
            message = f"{row['unit']!r}; {variable} is in {VARIABLES[variable]}"
            yield Problem(label, row.line, "unit", message)
    for (name, region, year, variable), row in counted.items():
        whole = counted.get((name, region, year, "population"))
        if variable == "urban_population" and whole and row["value"] > whole["value"]:
            message = f"{row['value']:,.0f} of {whole['value']:,.0f} residents (persons)"
            yield Problem(label, row.line, "value", message)
    for key in SETS:
        if area.settings[key] in area.report_only:
            message = f"{area.settings[key]} has regions that are not simulated"
            yield Problem(f"{area.name}/area.yaml", None, key, message)
