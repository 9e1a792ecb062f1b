"""Text wrapped by the columns it takes on a screen, where a Chinese character takes two."""

import re
import textwrap
import unicodedata

FILLER = "\0"  # stands after a wide character while lines are measured
HARD = "\u00a0"  # a space at which no line breaks
OPENING, CLOSING = "（《「『【〈“", ",.;:!?)、，。；：！？）》」』】〉”"
BREAKS = re.compile("(?<=_)(?=[^_ ])|(?<=[a-z][.])(?=[a-z])")  # within a name
COUNT = f"(?:[一二三四五六七八九十]{FILLER})"
SECTION = f"{COUNT}{{1,3}}[(]{COUNT}{{1,3}}[)][0-9]*"  # of a document, such as 三(一)1
WIDE = f"(?:[{OPENING}]{FILLER})*.{FILLER}"
PIECES = re.compile(f"((?:{SECTION}|{WIDE})(?:[{re.escape(CLOSING)}]{FILLER}?)*)")


def columns(text: str) -> int:
    """Columns that a text takes on a screen.

    Examples
    --------
    >>> columns("Benxi 本溪")
    10
    """
    return len(_filled(text))


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Lines of a text, each at most ``width`` columns wide; ``first`` and ``rest`` indent them.

    Chinese text, which has no spaces, may break after any character, but no line begins with its
    closing punctuation.

    Examples
    --------
    >>> wrap("metro lines 地铁三期线路", 16)
    ['metro lines 地铁', '三期线路']
    """
    wrapper = _Wrapper(width, initial_indent=first, subsequent_indent=rest)
    held = text.replace(" %", f"{HARD}%")  # a number keeps its per cent sign
    return [
        line.replace(FILLER, "").replace(f"{HARD}%", " %") for line in wrapper.wrap(_filled(held))
    ]


def wrap_name(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """As :func:`wrap`, of a name: it may break after a sign that joins words; words are kept.

    Examples
    --------
    >>> wrap_name("people_and_services_led", 12)
    ['people_and_', 'services_led']
    """
    wrapper = _NameWrapper(width, initial_indent=first, subsequent_indent=rest)
    return [line.replace(FILLER, "") for line in wrapper.wrap(_filled(text))]


def fill(text: str, width: int, first: str = "", rest: str = "") -> str:
    """The lines of :func:`wrap` as one text."""
    return "\n".join(wrap(text, width, first, rest))


class _Wrapper(textwrap.TextWrapper):
    """Breaks after wide characters too."""

    def _split(self, text: str) -> list[str]:
        chunks = super()._split(text)
        return [piece for chunk in chunks for piece in PIECES.split(chunk) if piece]


class _NameWrapper(_Wrapper):
    """Breaks after signs that join words too; Chinese words are kept where they fit."""

    def _split(self, text: str) -> list[str]:
        found: list[str] = []
        for word in re.split("( +)", text):
            for piece in BREAKS.split(word):
                found += super()._split(piece) if len(piece) > self.width else [piece]
        return [piece for piece in found if piece]


def _filled(text: str) -> str:
    """Text with a filler after each wide character, so that its length is its columns."""
    wide = {c for c in set(text) if unicodedata.east_asian_width(c) in "WF"}
    return "".join(c + FILLER if c in wide else c for c in text)
