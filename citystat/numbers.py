"""Numbers as people read them: one place decides on digits, separators and units."""

from __future__ import annotations

import math
from collections.abc import Callable

from citystat.texts import tr

# unit → (before the number, after the number)
UNITS = {
    "percent": ("", " %"),
    "USD": ("$", ""),
    "EUR": ("€", ""),
    "GBP": ("£", ""),
    "minutes": ("", " min"),
    "hours": ("", " h"),
}
MINUS = "−"
HUGE = 1e18  # from here on a figure is written as 1.00 × 10¹⁸
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(value: float | None, decimals: int = 0) -> str:
    """`value` with thousands separators and a true minus sign; an en dash where it is missing."""
    if value is None or not math.isfinite(value):
        return "–"
    if abs(value) >= HUGE:
        size, _, power = f"{abs(value):.2e}".partition("e+")
        return f"{MINUS if value < 0 else ''}{size} × 10{power.translate(RAISED)}"
    text = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and text.strip("0.,") != ""
    return MINUS + text if negative else text


def quantity(value: float | None, unit: str, decimals: int = 0) -> str:
    """`number` with its unit's sign ("93.3 %", "$1,200"); units without a sign stay unsaid."""
    before, after = UNITS.get(unit, ("", ""))
    text = number(value, decimals)
    if text == "–":
        return text
    return (MINUS + before + text[1:] if text.startswith(MINUS) else before + text) + after


LONG = 9  # characters of a figure that every list has room for


def short(value: float | None, unit: str, decimals: int = 0) -> str:
    """`quantity` for a narrow column: "$2,000,041" is "$2.0 M"; figures of up to nine characters stay as they are."""
    full = quantity(value, unit, decimals)
    if value is None or len(full) <= LONG or abs(value) >= HUGE:
        return full
    scales = ((1e9, " bn"), (1e6, " M"), (1e3, " k"))
    size, letter = next(((s, letter) for s, letter in scales if abs(value) >= s), (1.0, ""))
    before, after = UNITS.get(unit, ("", ""))
    figure = number(value / size, 1)
    return f"{MINUS if figure.startswith(MINUS) else ''}{before}{figure.removeprefix(MINUS)}{letter}{after}"


def brief(value: float | None, unit: str, decimals: int = 0) -> str:
    """`quantity` with no more decimals than the value needs: 92.0 is "92 %", 3.5 stays "3.5 %"."""
    if value is None or not math.isfinite(value):
        return quantity(value, unit, decimals)
    needed = next(n for n in range(decimals + 1) if n == decimals or round(value, n) == round(value, decimals))
    return quantity(value, unit, needed)


def span(
    value: float | None, upper: float | None, say: Callable[[float | None, str, int], str], unit: str, decimals: int = 0
) -> str:
    """A value, or a range from `value` to `upper`, each as `say` says it: "92 %", "5 – 7 days"; "" without one."""
    return " – ".join(say(v, unit, decimals) for v in (value, upper) if v is not None)


def change(value: float | None, decimals: int = 0) -> str:
    """A signed difference: "+1.3", "−0.4", "0.0"."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and math.isfinite(value) and value > 0 and text.strip("0.,") else text


def amount(value: float, unit: str, decimals: int = 0) -> str:
    """How far two figures are apart: "1.3 points" where they are per cent, "$1,200", "14"."""
    return tr("{n} points", n=number(value, decimals)) if unit == "percent" else quantity(value, unit, decimals)


def difference(value: float, unit: str, decimals: int = 0) -> str:
    """A signed `amount`: "+1.3 points", "−$1,200", "+14"."""
    return ("+" if value > 0 else "") + amount(value, unit, decimals)


def unit_phrase(unit: str) -> str:
    """The unit in a caption: "per cent", "days", "US dollars"."""
    return {"percent": tr("per cent"), "USD": tr("US dollars"), "EUR": tr("euros"), "GBP": tr("pounds")}.get(unit, unit)


def compact(value: float, step: float) -> str:
    """An axis label no finer than its step: 0.5 → "2.5", 5 → "95", 2e6 → "4 M"."""
    for size, letter in ((1e9, " bn"), (1e6, " M"), (1e4, " k")):
        if abs(step) >= size / 10 and step * 10 >= size and abs(value) >= size / 10:
            scale = 1e3 if letter == " k" else size
            shown = value / scale
            return number(shown, _decimals(step / scale)) + letter
    return number(value, _decimals(step))


def _decimals(step: float) -> int:
    """Digits after the point that a multiple of `step` needs: 5 → 0, 2.5 → 1, 0.25 → 2."""
    return next((n for n in range(15) if abs(round(step, n) - step) <= abs(step) * 1e-6), 0)


WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def in_words(n: int) -> str:
    """A count inside a sentence: numbers up to twelve as words."""
    return tr(WORDS[n]) if 0 <= n < len(WORDS) else f"{n:,}"


def begin_in_words(n: int) -> str:
    """A count that begins a sentence: "Six", "13"."""
    said = in_words(n)
    return said[:1].upper() + said[1:]
