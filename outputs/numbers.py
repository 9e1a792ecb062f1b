"""Numbers as a reader can use them: few digits, signs where they matter, a dash for nothing."""


def number(value: float | None) -> str:
    """A number with as many digits as a reader can use.

    Examples
    --------
    >>> number(9070093.2), number(-12.345), number(0.4567), number(None)
    ('9,070,093', '-12.3', '0.457', '-')
    """
    if value is None:
        return "-"
    size = abs(value)
    digits = 0 if size >= 1000 else 1 if size >= 10 else 3
    return f"{round(value, digits) + 0.0:,.{digits}f}"


def signed(value: float | None) -> str:
    """A difference with its sign.

    Examples
    --------
    >>> signed(12.34), signed(-0.5), signed(0.0001), signed(None)
    ('+12.3', '-0.500', '0.000', '-')
    """
    text = number(value)
    nothing = not any(digit in text for digit in "123456789")
    return text if nothing or value is None or value < 0 else f"+{text}"


def percent(value: float | None) -> str:
    """A percentage, sign shown; none where nothing is left after rounding.

    Examples
    --------
    >>> percent(-25.04), percent(-0.01), percent(None)
    ('-25.0 %', '0.0 %', '-')
    """
    if value is None:
        return "-"
    rounded = round(value, 1)
    return f"{rounded:+.1f} %" if rounded else "0.0 %"


def chance(value: float | None) -> str:
    """A probability in percent.

    Examples
    --------
    >>> chance(0.955), chance(None)
    ('96 %', '-')
    """
    return "-" if value is None else f"{100 * value:.0f} %"


def interval(low: float | None, high: float | None) -> str:
    """Two signed bounds of a difference; a dash where there is none.

    Examples
    --------
    >>> interval(-0.5, 12.0), interval(None, None)
    ('-0.500 to +12.0', '-')
    """
    return "-" if low is None or high is None else f"{signed(low)} to {signed(high)}"
