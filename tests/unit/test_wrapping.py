"""Lines wrapped by the columns they take on a screen."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outputs.wrapping import columns, fill, wrap

TEXT = st.text(alphabet="ab c。，；（）沈阳都市圈-", max_size=80)


@given(TEXT, st.integers(12, 40))
def test_no_line_is_wider_than_asked_and_nothing_is_lost(text, width):
    lines = wrap(text, width, "  ", "    ")
    kept = "".join("".join(lines).split())
    assert kept == "".join(text.split())
    runs = max((len(run) for run in text.replace(" ", "沈").split("沈")), default=0)
    if runs < 3:  # a longer run of closing marks stays with its character
        assert all(columns(line) <= width for line in lines)


def test_columns_of_a_line_are_those_of_the_screen():
    line = "hunnan 浑南区; dadong 大东区"
    assert columns(line) == sum(2 if unicodedata.east_asian_width(c) == "W" else 1 for c in line)


@pytest.mark.parametrize("width", range(8, 30))
def test_no_line_begins_with_closing_punctuation(width):
    text = "沈阳建设国家中心城市，行动纲要（二〇二二）；其他。" * 3
    assert not any(line[0] in "，；）。" or line[-1] == "（" for line in wrap(text, width))


def test_plain_english_wraps_as_ever():
    import textwrap

    text = "A money target is judged at current prices, as it is written, well-known to all. " * 3
    assert fill(text, 40, "  ", "    ") == textwrap.fill(
        text, 40, initial_indent="  ", subsequent_indent="    "
    )
