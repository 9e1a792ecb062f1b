"""What the model is made of: the schedule, parameters, assumptions, variables, sources, levers."""

from collections.abc import Callable
from typing import Any

from model.area import Area
from model.area_loading import load_area
from model.parameters import Declaration
from model.problems import span
from outputs.commands import console
from outputs.commands.console import Column, Form
from outputs.labels import unit_word
from outputs.wrapping import fill

Rows = list[dict[str, Any]]
# Tables whose rows stand in the list one by one, or speak of another start.
CATALOGUE_WIDTH = 96  # columns below which its table is too narrow to read
LISTED = {"assumptions", "history_assumptions", "levers", "families", "schooling"}


def explain(topic: str, area_name: str, form: Form, draws: int = 0) -> None:
    """Print one topic; assumptions by their weight in the headlines where draws are given."""
    area = load_area(area_name)
    rows = TOPICS[topic](area)
    if topic == "assumptions" and draws:
        rows = _weighted(rows, area, area_name, draws)
    if topic == "schedule" and form == "text":
        _print_schedule(rows)
        return
    if topic == "catalogue" and form == "text":
        rows = [row | {"meaning": f"{row['meaning']} {row['name_zh']}".strip()} for row in rows]
        if console.width() < CATALOGUE_WIDTH:
            console.records([_variable(row) for row in rows], TITLES[topic])
            return
    if topic in RECORDS and form == "text":
        console.records([RECORDS[topic](row) for row in rows], TITLES.get(topic, ""))
        return
    console.emit(form, CATALOGUE_COLUMNS, rows, TITLES.get(topic, ""))


def _print_schedule(rows: Rows) -> None:
    console.heading("The year: processes in the order in which they act")
    print("reads: of the same year; remembers: last year's end; writes: this process alone\n")
    for row in rows:
        print(
            fill(f"{row['step']:>2} {row['process']}: {row['about']}", console.width(), rest="   ")
        )
        for part in ("reads", "remembers", "writes"):
            if row[part]:
                console.labelled(part, ", ".join(row[part]), 5, 10)


def schedule(area: Area) -> Rows:
    """Processes with what they read and write."""
    from model.processes import SCHEDULE

    return [
        {
            "step": step, "process": process.name, "about": process.about,
            "reads": list(process.reads), "remembers": list(process.remembers),
            "writes": list(process.writes),
        }
        for step, process in enumerate(SCHEDULE, 1)
    ]  # fmt: skip


def parameters(area: Area) -> Rows:
    """Every parameter: of the processes, of the area, and of how plans come about."""
    from model.checks.scenario import known_names
    from model.scenario import REALISED

    rows = [_declared(key, declared) for key, declared in known_names(area).parameters.items()]
    return rows + [_declared(f"realisation.{key}", value) for key, value in REALISED.items()]


def _declared(key: str, declared: Declaration) -> dict[str, Any]:
    return {
        "parameter": key, "central": declared.central, "unit": declared.unit,
        "prior": declared.prior.text, "low": declared.low, "high": declared.high,
        "evidence": declared.evidence, "meaning": declared.doc, "source": declared.source,
        "id": declared.id, "bounds": span(declared.low, declared.high, declared.above),
    }  # fmt: skip


def assumptions(area: Area) -> Rows:
    """Everything that nobody observed: assumed or recalled, with its reason."""
    from outputs.holes import standing

    unseen = {"assumed", "recalled"}
    rows = [
        {"what": row["parameter"], "value": f"{row['central']:g}", "prior": row["prior"],
         "unit": row["unit"], "evidence": row["evidence"],
         "reason": f"{row['meaning']} ({row['source']})"}
        for row in parameters(area)
        if row["evidence"] in unseen
    ]  # fmt: skip
    rows += [
        {"what": f"lever {row['lever']}", "value": None, "prior": row["prior"].text,
         "unit": row["unit"], "evidence": row["confidence"],
         "reason": f"effect of {row['name_en']} {row['name_zh']}, channel {row['channel']}"}
        for row in area.tables["levers"]
        if row["confidence"] in unseen and row["prior"]
    ]  # fmt: skip
    rows += [
        {"what": f"cost {row['lever']}", "value": f"{row['cost']:g}",
         "prior": row["cost_prior"].text if row["cost_prior"] else None,
         "unit": "1e8 yuan a year", "evidence": row["confidence"],
         "reason": f"cost of {row['name_en']} {row['name_zh']}, {row['start']}-{row['end']}"}
        for row in area.tables["levers"]
        if row["confidence"] in unseen and row["cost"] is not None
    ]  # fmt: skip
    rows += [
        {"what": f"schooling.{row['level']}.{row['year']}", "value": f"{row['probability']:g}",
         "prior": row["prior"].text, "unit": row["unit"], "evidence": row["confidence"],
         "reason": f"probability of entering a level from the one before ({row['source']})"}
        for row in area.tables["schooling"]
        if row["confidence"] in unseen
    ]  # fmt: skip
    rows += [
        {"what": " ".join(("ceiling", row["family"], row["channel"] or "")).strip(),
         "value": f"{row['cap']:g}", "prior": None,
         "unit": row["cap_unit"], "evidence": standing(area, "families", [row]),
         "reason": f"ceiling on the summed effect of {row['name_en']} {row['name_zh']}; "
                   "a limit set by judgement"}
        for row in area.tables["families"]
        if row["confidence"] in unseen
    ]  # fmt: skip
    return rows + _assumed_rows(area, unseen)


def _assumed_rows(area: Area, unseen: set[str]) -> Rows:
    """Rows of tables that fill a hole, table by table and source by source, and what draws them."""
    from outputs.holes import standing

    cited = {row["source"]: row["citation"] for row in area.tables["sources"]}
    found = []
    for name, rows in area.tables.items():
        if name in LISTED or not rows or "confidence" not in rows[0].values:
            continue
        holes = [row for row in rows if row["confidence"] in unseen]
        for source in dict.fromkeys(row["source"] for row in holes):
            of_source = [row for row in holes if row["source"] == source]
            found.append(
                {"what": f"table {name}: {len(of_source)} of {len(rows)} rows", "value": None,
                 "prior": None, "unit": ", ".join(dict.fromkeys(row["unit"] for row in of_source)),
                 "evidence": standing(area, name, of_source),
                 "reason": f"{source}: {cited[source]}"}
            )  # fmt: skip
    return found


def _weighted(rows: Rows, area: Area, area_name: str, draws: int) -> Rows:
    """Assumptions with their shares of the variance of the headlines, the heaviest first."""
    from outputs.store import RUNS
    from outputs.weights import stored_weights

    weights = stored_weights(area, area_name, draws, RUNS)
    names = {row["what"] for row in rows}
    for row in rows:
        row["weights"] = {
            w.outcome: {"share": w.shares[row["what"]][0], "error": w.shares[row["what"]][1]}
            for w in weights
            if row["what"] in w.shares
        }
    lines = [f"Weights: shares of the variance of ranks over {draws} draws of the trend without "
             "yearly shocks, fifteen years on, the whole area."]  # fmt: skip
    for w in weights:
        seen = {name: share for name, (share, _) in w.shares.items() if name not in names}
        listed = f" ({', '.join(seen)})" if seen else ""
        count = f"{len(w.shares)} number{'' if len(w.shares) == 1 else 's'}"
        lines.append(
            f"{w.outcome}: {w.explained:.2f} +- {w.error:.2f} explained by {count}, "
            f"{sum(seen.values()):.2f} of it by such as are derived or seen{listed}; "
            f"of the variance with shocks, {w.shocks:.2f} is theirs"
        )
    console.say("\n".join(fill(line, console.width(), rest="  ") for line in lines))
    return sorted(rows, key=_heaviest, reverse=True)


def _heaviest(row: dict[str, Any]) -> float:
    return max((weight["share"] for weight in row["weights"].values()), default=0.0)


def catalogue(area: Area) -> Rows:
    """Every variable of the model."""
    from model.catalogue import CATALOGUE
    from outputs.indicators import INDICATORS

    return [
        {
            "variable": row.name, "axes": list(row.dims), "unit": row.unit, "kind": row.kind,
            "meaning": row.long_name, "over_zones": row.over_zones, "kept": row.keep,
            "name_zh": INDICATORS[row.name].name_zh if row.name in INDICATORS else "",
        }
        for row in CATALOGUE.values()
    ]  # fmt: skip


def sources(area: Area) -> Rows:
    """Publications behind the tables of the area."""
    return [
        {"source": row["source"], "citation": row["citation"]} for row in area.tables["sources"]
    ]


def levers(area: Area) -> Rows:
    """Everything that a plan can move."""
    rows = []
    for row in area.tables["levers"]:
        values = dict(row.values)
        for key in ("prior", "cost_prior"):
            values[key] = values[key].text if values[key] else None
        values["years"] = f"{row['start']}-{row['end']}"
        values["name"] = f"{row['name_en']} {row['name_zh']}"
        rows.append(values)
    return rows


TOPICS: dict[str, Callable[[Area], Rows]] = {
    "schedule": schedule,
    "parameters": parameters,
    "assumptions": assumptions,
    "catalogue": catalogue,
    "sources": sources,
    "levers": levers,
}
TITLES = {
    "parameters": "Parameters: central value, prior, bounds, evidence",
    "assumptions": "Everything assumed or recalled, and why",
    "levers": "Levers: what a plan can move; effect at dose 1 in the channel's unit",
    "catalogue": "Variables of the model (after the leading draw)",
}


def _parameter(row: dict[str, Any]) -> dict[str, str]:
    unit = unit_word(row["unit"])
    head = f"{row['parameter']} = {row['central']:g} ({unit}); {row['prior']}"
    body = f"{row['meaning']}; within {row['bounds']}; {row['evidence']}: {row['source']}"
    return {"head": head, "body": body}


def _assumption(row: dict[str, Any]) -> dict[str, str]:
    value = "" if row["value"] is None else f" = {row['value']}"
    unit = f" ({unit_word(row['unit'])})" if value else f" {row['unit']}"
    parts = (f"{row['what']}{value}{unit}", row["prior"], row["evidence"])
    weights = ", ".join(
        f"{100 * w['share']:.0f} +- {100 * w['error']:.0f} % of {outcome}"
        for outcome, w in row.get("weights", {}).items()
    )
    body = f"{row['reason']}; weight: {weights}" if weights else row["reason"]
    return {"head": "; ".join(part for part in parts if part), "body": body}


def _lever(row: dict[str, Any]) -> dict[str, str]:
    cost = f"{row['cost']:g} x 1e8 yuan a year" if row["cost"] else "no cost"
    effect = (row["channel"], row["prior"]) if row["channel"] else ("not represented",)
    parts = (row["lever"], row["years"], *effect, cost)
    body = f"{row['name']} ({row['document']} {row['section']}; {row['confidence']})"
    return {"head": "; ".join(parts), "body": body}


def _variable(row: dict[str, Any]) -> dict[str, str]:
    """One line of the catalogue as a record, for a narrow terminal."""
    axes = ", ".join(row["axes"]) or "no axes"
    head = f"{row['variable']} ({axes}): {unit_word(row['unit'])}; {row['kind']}"
    return {"head": head, "body": row["meaning"]}


def _source(row: dict[str, Any]) -> dict[str, str]:
    return {"head": row["source"], "body": row["citation"]}


RECORDS: dict[str, Callable[[dict[str, Any]], dict[str, str]]] = {
    "parameters": _parameter,
    "assumptions": _assumption,
    "levers": _lever,
    "sources": _source,
}
CATALOGUE_COLUMNS = [
    Column("variable", "Variable", name=True),
    Column("axes", "Axes"),
    Column("unit", "Unit"),
    Column("kind", "Kind"),
    Column("meaning", "Meaning"),
]
