"""Who is inside the hour, who commutes how, and pictures of it: ``commuting``."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from outputs.commands import console
from outputs.commands.console import Column
from outputs.commands.runs import RunOptions, after_run
from outputs.labels import MODE_NAMES, place_name

if TYPE_CHECKING:
    import xarray as xr

    from model.area import Area


REACH = {
    "population_within_hour": "Residents 居民 within 60 min, door to door 门到门, %",
    "population_within_hour_by_station": "Residents 居民 within 60 min, by stations 站到站, %",
    "jobs_within_hour": "Jobs 岗位 within 60 min, door to door 门到门, %",
    "jobs_within_hour_by_station": "Jobs 岗位 within 60 min, by stations 站到站, %",
}


def commuting(names: list[str], year: int, folder: str, asked: RunOptions) -> None:
    """Run scenarios in detail, print their commuting region and modes, save three pictures."""
    from model import simulate
    from model.area_loading import load_area
    from outputs.flow_maps import region_rows, save_flow_maps

    area = load_area(asked.area)
    results = {}
    for name in names:
        with console.progress(name) as told:
            results[Path(name).stem] = simulate(
                name, draws=asked.draws, seed=asked.seed, end=year, area=asked.area,
                workers=asked.workers, progress=told,
            )  # fmt: skip
    rows = region_rows(results, [year])
    if asked.form != "text":
        region = [{"table": "region"} | row | {"unit": "share"} for row in rows]
        console.emit(asked.form, [], [*region, *_reach_rows(results, year)])
    else:
        _print_regions(rows, year, area)
        _print_reach(results, year)
    with after_run():
        for path in save_flow_maps(results, area, year, folder):
            console.say(str(path))


def _print_regions(rows: list[dict[str, Any]], year: int, area: "Area") -> None:
    named = [row | {"city": place_name(area, row["city"])} for row in rows]
    columns = [
        Column("scenario", "Scenario 情景", name=True),
        Column("city", "City 市", name=True),
        Column(
            "core_commuter_share",
            "Work in the core city\n在核心城市就业",
            number=True,
            show=_percent,
        ),
        Column("narrow", "10 % rule", number=True, show=_percent),
        Column("wide", "5 % rule", number=True, show=_percent),
    ]
    title = (
        f"Functional commuting region, {year}: employed residents who work in the core city, and "
        "share of draws in which that makes a city part of the region"
    )
    console.table(columns, named, title)


def _percent(value: float) -> str:
    return f"{100 * value:.2f} %"


def _print_reach(results: dict[str, "xr.Dataset"], year: int) -> None:
    rows: dict[str, dict[str, str]] = {}
    for row in _reach_rows(results, year):
        value, mode = row["value"], row["mode"]
        text = (
            f"Commuters 通勤者 by {MODE_NAMES[mode]}, persons" if mode else REACH[row["variable"]]
        )
        line = rows.setdefault(text, {"what": text})
        line[row["scenario"]] = f"{value:,.0f}" if mode else f"{100 * value:.1f}"
    columns = [Column("what", "", name=True)]
    columns += [Column(label, label, number=True) for label in results]
    console.table(columns, list(rows.values()), f"Reach and modes, {year}")


def _reach_rows(results: dict[str, "xr.Dataset"], year: int) -> list[dict[str, Any]]:
    """Means over draws of who is within the hour, and of commuters by mode."""
    found = []
    for label, ds in results.items():
        at = ds.sel(year=year).mean("draw")
        said = {"table": "reach", "scenario": label, "year": year}
        for name in REACH:
            about = {"variable": name, "mode": "", "value": float(at[name]), "unit": "share"}
            found.append(said | about)
        for mode in at["mode"].values:
            value = float(at["commuters_by_mode"].sel(mode=mode))
            about = {"variable": "commuters_by_mode", "mode": str(mode), "unit": "persons"}
            found.append(said | about | {"value": value})
    return found
