"""Tables in the columns of a screen: none is wider than asked, and nothing is cut."""

from hypothesis import given
from hypothesis import strategies as st

from outputs.commands.layout import Cells, laid_out, shared
from outputs.wrapping import columns, wrap, wrap_name

WORDS = st.text(alphabet="ab_c 沈阳市，", max_size=30)
NUMBERS = st.from_regex(r"-?[0-9]{1,6}", fullmatch=True)


@st.composite
def tables(draw):
    rows = draw(st.integers(1, 4))
    column = {
        kind: st.builds(
            Cells, WORDS.filter(str.strip), st.lists(cell, min_size=rows, max_size=rows),
            st.just(kind),
        )
        for kind, cell in (("text", WORDS), ("name", WORDS), ("number", NUMBERS))
    }  # fmt: skip
    first = draw(column["name"])
    return [first, *draw(st.lists(st.one_of(*column.values()), max_size=5))]


def signs(text):
    return sorted(sign for sign in text if not sign.isspace())


@given(tables(), st.integers(40, 120))
def test_no_line_is_too_wide_and_every_cell_is_there(table, width):
    heading, body = laid_out(table, width)
    runs = max(columns(word) for one in table for text in (one.heading, *one.cells)
               for word in (text.split() or [""]))  # fmt: skip
    if runs <= 14:  # longer runs have commas that stay with their character
        assert all(columns(line) <= width for line in [*heading, *body])
    if heading:
        assert signs("".join(heading)) == signs("".join(one.heading for one in table))
        assert signs("".join(body)) == signs("".join(cell for one in table for cell in one.cells))


@given(tables())
def test_a_table_that_fits_is_as_wide_as_its_cells(table):
    assert shared(table, 10_000) == [one.natural() for one in table]


def test_numbers_keep_their_line_and_stand_under_each_other():
    table = [
        Cells("Region 地区", ["Shenyang 沈阳市", "Benxi 本溪市"], "name"),
        Cells("Scenario", ["people_and_services_led", "trend"], "name"),
        Cells("5 % to 95 %", ["-1,234 to +5,678", "+1 to +2"], "number"),
    ]
    _, body = laid_out(table, 50)
    assert all(columns(line) <= 50 for line in body)
    assert [columns(line) for line in body if " to " in line] == [50, 50]
    assert "Shenyang 沈阳市" in "".join(body)


def test_a_heading_wraps_before_names_do():
    long = Cells("Work in the core city\n在核心城市就业", ["1.00 %"], "number")
    heading, body = laid_out([Cells("City", ["Shenyang 沈阳市"], "name"), long], 32)
    assert body == ["Shenyang 沈阳市           1.00 %"]
    assert len(heading) > 2


def test_a_table_without_room_is_told_row_by_row():
    many = [Cells(f"rank {n}", ["100 %"], "number") for n in range(12)]
    heading, body = laid_out([Cells("Scenario", ["trend"], "name"), *many], 60)
    assert heading == []
    assert body[0] == "trend"
    assert "rank 11: 100 %" in " ".join(body)


def test_words_of_a_name_are_kept():
    assert wrap_name("Scenario 情景", 11) == ["Scenario", "情景"]
    assert wrap_name("cross_city_services.partners", 22) == ["cross_city_services.", "partners"]


def test_a_section_of_a_document_is_kept_on_one_line():
    found = wrap("cited: 三(一)1; 十一(三)3; 五(二)", 12)
    assert found == ["cited:", "三(一)1;", "十一(三)3;", "五(二)"]
