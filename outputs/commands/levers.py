"""What plans can move: ``levers`` lists, filters and explains the catalogue of instruments."""

from typing import Any

from model.area import Area
from model.area_loading import load_area
from model.catalogue import CHANNELS
from model.checks.levers import idle_reason
from model.checks.scenario import other_names
from model.levers import family_names, membership
from model.problems import Problem, ProblemsError, nearest
from model.reading.tables import Row
from outputs.commands import console
from outputs.commands.console import Column, Form

QUANTILES = (0.05, 0.5, 0.95)


def levers(words: list[str], area_name: str, form: Form, **wanted: str | None) -> None:
    """List the levers that pass the filters, or explain those named after ``show``."""
    area = load_area(area_name)
    if words:
        _show(area, _named(area, words), form)
        return
    chosen = select(area, **wanted)
    if form != "text":
        console.emit(form, [], [record(row, area) for row in chosen])
        return
    for family in family_names(area):
        rows = [_line(row, area) for row in chosen if row["family"] == family]
        if rows and console.width() < _WIDEST:
            console.records([_brief(row) for row in rows], _family_name(area, family))
            print()
        elif rows:
            console.table(_COLUMNS, rows, _family_name(area, family))
    idle = sum(idle_reason(row, area.base_year) is not None for row in chosen)
    console.say(f"{len(chosen)} of {len(area.tables['levers'])} levers; {idle} change nothing (-).")
    if chosen:
        console.say("One in full: run.py levers show NAME or ID.")
    else:
        console.say("No lever passes every filter: try fewer, or another word.")


def select(
    area: Area,
    family: str | None = None,
    city: str | None = None,
    channel: str | None = None,
    document: str | None = None,
    text: str | None = None,
) -> list[Row]:
    """Levers that pass every filter given.

    Raises
    ------
    ProblemsError
        Every filter that names nothing there is, with the nearest names.

    Examples
    --------
    >>> [row["id"] for row in select(load_area(), family="roads", city="benxi")]
    ['L014', 'L018', 'L021']
    >>> roads = next(row for row in load_area().tables["families"] if row["family"] == "roads")
    >>> [row["id"] for row in select(load_area(), family=roads["name_zh"], city="本溪市")]
    ['L014', 'L018', 'L021']
    """
    called = other_names(area)
    families = {row[key]: row["family"] for row in area.tables["families"]
                for key in ("name_en", "name_zh")}  # fmt: skip
    called_families = {
        row["family"]: f"{row['name_en']} {row['name_zh']}".casefold()
        for row in area.tables["families"]
    }
    city = called.get(city, city) if city else city
    family = families.get(family, family) if family else family
    documents = [row["document"] for row in area.tables["documents"]]
    known: dict[str, list[str]] = {
        "family": list(family_names(area)), "city": [*area.cities, *area.zones],
        "channel": list(CHANNELS), "document": documents,
    }  # fmt: skip
    given = {"family": family, "city": city, "channel": channel, "document": document}
    called |= families
    problems = []
    for key, value in given.items():
        if value is not None and value not in known[key]:
            named = {call: name for call, name in called.items() if name in known[key]}
            message = f"unknown {value!r}{nearest(value, known[key], named)}"
            problems.append(Problem("arguments", None, key, message))
    if problems:
        raise ProblemsError(problems)
    return [
        row
        for row in area.tables["levers"]
        if family in (None, row["family"])
        and channel in (None, row["channel"])
        and (document is None or document in documents_of(row))
        and (city is None or reaches(row, area, city))
        and (text is None or text.casefold() in f"{_words(row)} {called_families[row['family']]}")
    ]


def documents_of(row: Row) -> tuple[str, ...]:
    """Documents that name an instrument, the one it is taken from first."""
    return (row["document"], *(place.partition(" ")[0] for place in row["also"] or ()))


def reaches(row: Row, area: Area, place: str) -> bool:
    """Whether a lever treats a zone, or any zone of a city."""
    treated = membership(area, row["zones"]) + membership(area, row["partners"])
    return bool(treated @ membership(area, (place,)) > 0)


def _words(row: Row) -> str:
    parts = ("lever", "id", "name_en", "name_zh", "mechanism", "section")
    return " ".join(str(row[part]) for part in parts).casefold()


def _named(area: Area, words: list[str]) -> list[Row]:
    """Rows of the names or ids after ``show``."""
    names = words[1:] if words[0] == "show" else words
    by_name = {row[key]: row for key in ("lever", "id", "name_zh") for row in area.tables["levers"]}
    if not names:
        raise ProblemsError([Problem("arguments", None, "lever", "name one, or its id")])
    levers = [row["lever"] for row in area.tables["levers"]]
    called = {call: name for call, name in other_names(area).items() if name in levers}
    problems = [
        Problem("arguments", None, "lever", f"unknown {name!r}{nearest(name, levers, called)}")
        for name in names
        if name not in by_name
    ]
    if problems:
        raise ProblemsError(problems)
    return [by_name[name] for name in names]


def record(row: Row, area: Area) -> dict[str, Any]:
    """One lever as plain data: priors as text, and why it changes nothing where it does."""
    found = dict(row.values)
    for key in ("prior", "cost_prior"):
        found[key] = found[key].text if found[key] else None
    return found | {"changes_nothing": idle_reason(row, area.base_year)}


_COLUMNS = [
    Column("id", "ID", name=True),
    Column("lever", "Lever\n政策工具"),
    Column("acts", "", name=True),
    Column("channel", "Channel\n途径", name=True),
    Column("years", "Years\n年份", name=True),
    Column("cost", "1e8 yuan\na year", number=True),
    Column("said", "Document, section\n文件"),
]


_WIDEST = 97  # columns that the table takes before names of levers are cut


def _brief(line: dict[str, str]) -> dict[str, str]:
    """One line of the table as a record, for a narrow terminal."""
    name, _, titles = line["lever"].partition("\n")
    cost = line["cost"] if line["cost"] == "free" else f"{line['cost']} x 1e8 yuan a year"
    parts = (f"{line['id']} {name}{' (-)' * bool(line['acts'])}", line["channel"], line["years"])
    return {"head": "; ".join((*parts, cost, line["said"])), "body": titles}


def _line(row: Row, area: Area) -> dict[str, str]:
    sign = {"up": "+", "down": "-", None: ""}.get(row["direction"], "")
    return {
        "id": row["id"],
        "lever": f"{row['lever']}\n{row['name_en']} {row['name_zh']}",
        "acts": "" if idle_reason(row, area.base_year) is None else "-",
        "channel": f"{row['channel'] or 'none'} {sign}".strip(),
        "years": f"{row['start']}-{row['end']}",
        "cost": "free" if row["cost"] is None else f"{row['cost']:g}",
        "said": f"{row['document']} {row['section']}",
    }


def _family_name(area: Area, family: str) -> str:
    row = next(row for row in area.tables["families"] if row["family"] == family)
    return f"{row['name_en']} {row['name_zh']} ({family})"


def _ceiling(area: Area, row: Row) -> str:
    """Most that the family of a lever can do on its channel."""
    for channel in (row["channel"], None):
        for one in area.tables["families"]:
            if (one["family"], one["channel"]) == (row["family"], channel):
                return f", together at most {one['cap']:g} on this channel"
    return ""


def _show(area: Area, rows: list[Row], form: Form) -> None:
    if form != "text":
        console.emit(form, [], [record(row, area) for row in rows])
        return
    for row in rows:
        console.heading(f"{row['id']} {row['lever']}: {row['name_en']} {row['name_zh']}")
        for label, text in facts(row, area):
            console.labelled(label, text, 2, 10)
        print()


def facts(row: Row, area: Area) -> list[tuple[str, str]]:
    """What there is to say of one lever: label and sentence."""
    titles = {one["document"]: one["title_zh"] for one in area.tables["documents"]}
    sources = {one["source"]: one["citation"] for one in area.tables["sources"]}
    places = "; ".join(_places(row["zones"], area))
    if row["partners"]:
        places += " <-> " + "; ".join(_places(row["partners"], area))
    found = [
        ("family", _family_name(area, row["family"]) + _ceiling(area, row)),
        ("does", row["mechanism"] or "not said"),
        ("channel", _channel(row)),
        ("effect", _effect(row)),
        ("places", places),
        ("sectors", "; ".join(row["sectors"]) if row["sectors"] else "all, or none in particular"),
        ("years", f"{row['start']}-{row['end']}, full after {_years(row['ramp'])} "
                  f"(dates: {_DATING.get(row['dating'], 'as in the table')})"),
        ("cost", _cost(row)),
        ("said in", f"{titles[row['document']]} ({row['document']}) {row['section']}"),
        ("also in", "; ".join(row["also"] or ()) or "no other document"),
        ("rests on", f"{row['confidence']}: {sources[row['source']]}"),
    ]  # fmt: skip
    idle = idle_reason(row, area.base_year)
    return [*found, ("idle", idle)] if idle else found


def _years(count: float) -> str:
    return "1 year" if count == 1 else f"{count:g} years"


_DATING = {
    "plan": "printed in the plan, or its horizon",
    "works": "of the works as reported",
    "begun": "begun before the base year, its growth counted from then on",
    "assumed": "assumed, the plan prints none",
}


def _places(names: tuple[str, ...], area: Area) -> list[str]:
    chinese = {row["zone"]: row["name_zh"] for row in area.tables["zones"]}
    chinese |= {row["city"]: row["name_zh"] for row in area.tables["cities"]} | {"*": "全部"}
    return [f"{name} {chinese[name]}" for name in names]


def _channel(row: Row) -> str:
    if row["channel"] is None:
        return "none: the model cannot represent it"
    _, unit, text = CHANNELS[row["channel"]]
    return f"{row['channel']} ({text}; unit {unit}), {row['direction'] or 'either way'}"


def _effect(row: Row) -> str:
    if row["prior"] is None:
        return "none"
    low, middle, high = row["prior"].quantile(QUANTILES)
    notes = ["at dose 1"]
    if row["discount"]:
        notes.append("before the discount for evidence from elsewhere")
    if row["displaces"]:
        notes.append("part of it taken from other places")
    span = f"{middle:.3g} (90 % between {low:.3g} and {high:.3g})"
    return f"{span}, {', '.join(notes)}; {row['prior'].text}"


def _cost(row: Row) -> str:
    if row["cost"] is None:
        return "free: a rule or a service that needs no money of its own"
    years = row["end"] - row["start"] + 1
    prior = row["cost_prior"].text if row["cost_prior"] else "fixed"
    return f"{row['cost']:g} x 1e8 yuan a year, {row['cost'] * years:g} in all; {prior}"
