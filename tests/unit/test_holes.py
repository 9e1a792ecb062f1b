"""Every table that fills a hole is drawn by numbers there are, or says why it is not."""

import pytest

from model.area_loading import load_area
from model.processes import PARAMETERS
from outputs.commands.explain import LISTED, assumptions
from outputs.holes import DRAWN, NOT_DRAWN, standing


@pytest.fixture(scope="module", params=["production", "history"])
def area(request, shenyang):
    return load_area(shenyang.folder, start=request.param)


def test_what_draws_a_table_is_drawn(area):
    names = [name for name, _, prior in area.assumed_numbers if not prior.text.startswith("Fixed")]
    names += [f"{prefix}.{name}" for prefix, cls in PARAMETERS.items()
              for name, declared in cls.declarations().items()
              if not declared.prior.text.startswith("Fixed")]  # fmt: skip
    for table, starts in DRAWN.items():
        if table in ("house_prices", "technology_firms") and area.start == "production":
            continue  # printed for its base year
        for start in starts:
            assert any(name.startswith(start) for name in names), (table, start)


def test_no_table_is_left_without_a_word(area):
    for table, rows in area.tables.items():
        holes = [row for row in rows if row.values.get("confidence") == "assumed"]
        if table not in LISTED and holes:
            assert table in DRAWN.keys() | NOT_DRAWN.keys(), table
    rows = [row for row in assumptions(area) if row["what"].startswith("table ")]
    told = [row["evidence"] for row in rows]
    assert len(told) > 15
    assert not [text for text in told if text == "assumed, not drawn" or "no prior given" in text]
    assert sum(text.startswith("assumed, drawn by ") for text in told) >= 6


def test_rows_of_another_year_are_not_read(shenyang):
    rows = [row for row in shenyang.tables["land"] if row["year"] == 2010]
    wanted = "assumed, not drawn: no start in 2020 reads these years"
    assert standing(shenyang, "land", rows) == wanted


def test_an_area_that_assumes_no_factor_says_so(tiny):
    told = standing(tiny, "land", [row for row in tiny.tables["land"] if row["year"] == 2020])
    assert told == "assumed, not drawn: this area assumes no built_up_factor.*"
