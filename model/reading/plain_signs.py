"""What a Chinese keyboard or a spreadsheet leaves in a file where plain signs are meant.

Nothing is mended silently: each function finds what a reader should write instead.
"""

import re
import unicodedata

CHINESE = str.maketrans({
    "，": ", ", "：": ": ", "；": "; ", "、": ", ", "。": ".", "“": '"', "”": '"', "‘": "'",
    "’": "'", "【": "[", "】": "]", "—": "-",
})  # fmt: skip
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
STRUCTURE = re.compile(r"^ *[a-z_0-9]+ *：|[{\[].*[，：“”【】｛｝]|^ *[\u3000\u00a0]")
SPACES = {"\u3000": "the wide space", "\u00a0": "the no-break space"}


def in_plain(text: str) -> str:
    """Text with plain signs for full-width ones.

    Examples
    --------
    >>> in_plain("１.０"), in_plain("metro_phase_three：1.0"), in_plain("沈白高铁")
    ('1.0', 'metro_phase_three: 1.0', '沈白高铁')
    """
    return re.sub("  +", " ", unicodedata.normalize("NFKC", text.translate(CHINESE))).strip()


def hint(value: object) -> str:
    """How to write a value that was refused, as the end of a sentence; empty where none is seen.

    Examples
    --------
    >>> hint("１.０"), hint("50%")
    ('; １ and ０ are full-width signs: write 1.0', '; a percentage is written as a share: 0.5')
    >>> hint("2026年"), hint("metro_phase_three:1.0")
    ('; write 2026', '; a space is missing: metro_phase_three: 1.0')
    >>> hint("1,200"), hint("often"), hint(3)
    ('; write 1200', '', '')
    """
    if not isinstance(value, str):
        return ""
    plain = in_plain(value)
    percent = re.fullmatch(r"([+-]?\d+(?:\.\d+)?) *%", plain)
    if percent:
        return f"; a percentage is written as a share: {float(percent[1]) / 100:g}"
    year = re.match(r"(\d{4})(?:年|-\d\d?-\d\d?)", plain)
    if year:
        return f"; write {year[1]}"
    signs = [SPACES.get(s, s) for s in dict.fromkeys(value) if s > "~" and in_plain(s) != s]
    if signs:
        verb = "is a full-width sign" if len(signs) == 1 else "are full-width signs"
        return f"; {' and '.join(signs)} {verb}: write {plain}"
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return f"; write {plain.replace(',', '')}"
    if re.fullmatch(r"[\w+-]+:\S+", plain):
        return f"; a space is missing: {plain.replace(':', ': ', 1)}"
    return ""


def structural(text: str) -> list[tuple[int, str]]:
    r"""Lines whose structure is written with full-width signs: number and what to write.

    Examples
    --------
    >>> structural("levers：\n  metro_phase_three：1.0\ntitle: 铁路：先行")
    [(1, 'levers:'), (2, 'metro_phase_three: 1.0')]
    """
    return [
        (number, in_plain(line))
        for number, line in enumerate(text.splitlines(), 1)
        if STRUCTURE.search(QUOTED.sub("", line))
    ]


def encoding_of(raw: bytes) -> str | None:
    """Name of another encoding that a text is written in, where one can be told.

    Examples
    --------
    >>> encoding_of("铁路".encode("gbk")), encoding_of("rail".encode("utf-16"))
    ('GBK', 'UTF-16')
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "UTF-16"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "GBK"


def not_utf8(raw: bytes, error: UnicodeDecodeError) -> tuple[int | None, str]:
    r"""Line of a byte that is not UTF-8, where lines can be told, and what to do about it.

    Examples
    --------
    >>> try:
    ...     "a\n铁路".encode("gbk").decode()
    ... except UnicodeDecodeError as error:
    ...     not_utf8("a\n铁路".encode("gbk"), error)
    (2, 'not UTF-8 text (byte 2); reads as GBK: save it again as UTF-8')
    """
    other = encoding_of(raw)
    line = None if other == "UTF-16" else raw[: error.start].count(b"\n") + 1
    reads = f"reads as {other}: " if other else ""
    return line, f"not UTF-8 text (byte {error.start}); {reads}save it again as UTF-8"
