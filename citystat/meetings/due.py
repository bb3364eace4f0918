"""Due dates in words: "Friday", "in 3 weeks", "end of quarter", "31 Mar"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from citystat import periods
from citystat.errors import CityStatError
from citystat.texts import tr

DAYS = {
    "mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6,
    "lunes": 0, "martes": 1, "miercoles": 2, "miércoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "sábado": 5,
    "domingo": 6,
}  # fmt: skip
MONTHS = {name.lower()[:3]: i for i, name in enumerate(periods.MONTH_NAMES, 1)} | {
    "ene": 1, "abr": 4, "ago": 8, "dic": 12,
}  # fmt: skip
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
}  # fmt: skip
UNITS = {"day": "day", "week": "week", "month": "month", "día": "day", "dia": "day", "semana": "week", "mes": "month"}
ENDS = {"semana": "week", "mes": "month", "trimestre": "quarter", "año": "year", "año fiscal": "fiscal year"}
MEETING = ("next meeting", "meeting", "next time", "próxima reunión", "proxima reunion")
SOON = {"today": 0, "tomorrow": 1, "hoy": 0, "mañana": 1}


def parse_due(
    words: str, today: date, *, next_meeting: date | None = None, year_start: int = 1, day_first: bool = False
) -> date | None:
    """The day that `words` mean, counted from `today`; None where they are not understood. Never raises.

    day_first: "4/5" is 4 May, as most of the world writes; otherwise April 5.
    """
    found = _made(lambda: _day(words, today, next_meeting, year_start, day_first))
    return found if found and periods.EARLIEST <= found <= periods.LATEST else None


def _day(words: str, today: date, next_meeting: date | None, year_start: int, day_first: bool) -> date | None:
    said = " ".join(words.lower().replace(",", " ").split())
    if said in MEETING:
        return next_meeting
    if said in SOON:
        return today + timedelta(days=SOON[said])
    for read in (_iso, _in_so_long, _weekday, _day_and_month, _dots, _day_of_month):
        found = read(said, today)
        if found:
            return found
    if found := _slashes(said, today, day_first):
        return found
    return _end_of(said, today, year_start)


def believable(day: date) -> date:
    """`day`; CityStatError where it is so far away that it can only be a slip of the pen."""
    if periods.EARLIEST <= day <= periods.LATEST:
        return day
    raise CityStatError(
        tr("{day} is too far away to be due", day=periods.day_label(day)),
        do=tr("Choose a day from {first} to {last}", first=periods.day_label(periods.EARLIEST), last=periods.day_label(periods.LATEST)),
    )  # fmt: skip


def weekend(day: date) -> bool:
    """Whether nobody is at work on `day`; pointed out, never changed."""
    return day.weekday() >= 5


def _iso(said: str, _today: date) -> date | None:
    return _made(lambda: date.fromisoformat(said))


def _in_so_long(said: str, today: date) -> date | None:
    """ "in 3 weeks", "30 days", "a month", "en 2 semanas"."""
    found = re.fullmatch(r"(?:in |en )?(\d{1,4}|[a-z]+) ?([a-zí]+?)(?:e?s)?", said)
    if not found:
        return None
    count = int(found[1]) if found[1].isdigit() else NUMBERS.get(found[1])
    unit = UNITS.get(found[2]) or UNITS.get(found[2] + "s") or {"d": "day", "w": "week", "m": "month"}.get(found[2])
    if count is None or unit is None:
        return None
    return _made(
        lambda: (
            periods.add_months(today, count)
            if unit == "month"
            else today + timedelta(days=count * (7 if unit == "week" else 1))
        )
    )


def _weekday(said: str, today: date) -> date | None:
    """ "Friday": the next one after today; "next Friday": the one in the week after this."""
    said = re.sub(
        r"^(?:el )?(?:próximo|proximo) (\w+)$|^(?:el )?(\w+) (?:próximo|proximo|que viene)$", r"next \1\2", said
    )
    found = re.fullmatch(r"(next |this |on |el |este )?([a-záé]+)", said)
    if not found:
        return None
    at = DAYS.get(found[2]) if found[2] in DAYS else DAYS.get(found[2][:3]) if found[2].endswith("day") else None
    if at is None:
        return None
    ahead = (at - today.weekday() - 1) % 7 + 1
    if found[1] == "next ":
        ahead = at - today.weekday() + 7
    return today + timedelta(days=ahead)


def _end_of(said: str, today: date, year_start: int) -> date | None:
    spanish = re.fullmatch(r"(?:el )?(?:fin|final|finales) (?:del?|de la) ?(.+)", said)
    if spanish and spanish[1] in ENDS:
        said = f"end of {ENDS[spanish[1]]}"
    found = re.fullmatch(r"(?:the )?(?:end of|eo)(?: the| next| this)? ?(week|month|quarter|year|fiscal year)", said)
    if not found:
        return None
    unit = "year" if "year" in found[1] else found[1]
    if unit == "week":
        return today + timedelta(days=(4 - today.weekday()) % 7)
    start = periods.start_of(today, unit, year_start if "fiscal" in found[1] else 1)
    if "next" in said:
        start = periods.move(start, unit, 1)
    return periods.end_of(start, unit)


def _day_and_month(said: str, today: date) -> date | None:
    """ "31 mar", "March 31", "31 March 2026"; without a year the next such day."""
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? (?:de |of )?([a-z]{3,})\.?(?: (?:de )?(\d{4}))?", said)
    if found:
        day, month, year = found[1], found[2], found[3]
    else:
        found = re.fullmatch(r"([a-z]{3,})\.? (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?", said)
        if not found:
            return None
        month, day, year = found[1], found[2], found[3]
    number = MONTHS.get(month[:3])
    return _coming(int(day), number, int(year) if year else None, today) if number else None


def _slashes(said: str, today: date, day_first: bool) -> date | None:
    """ "3/31", "3/31/26" or "31/3": in the order of the reader; a number over 12 can only be the day."""
    found = re.fullmatch(r"(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?", said)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    day, month = (first, second) if first > 12 or (day_first and second <= 12) else (second, first)
    return _coming(day, month, _year(found[3]), today)


def _dots(said: str, today: date) -> date | None:
    """ "28.2", "28.2.", "31.12.2026": always the day first."""
    found = re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})(?:\. ?(\d{2}|\d{4}))?\.?", said)
    return _coming(int(found[1]), int(found[2]), _year(found[3]), today) if found else None


def _year(said: str | None) -> int | None:
    return None if said is None else int(said) + (2000 if len(said) == 2 else 0)


def _day_of_month(said: str, today: date) -> date | None:
    """ "the 15th": of this month, or of the next when it has passed."""
    found = re.fullmatch(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)", said)
    if not found:
        return None
    here = _made(lambda: today.replace(day=int(found[1])))
    if here and here > today:
        return here
    return _made(lambda: periods.add_months(today.replace(day=1), 1).replace(day=int(found[1])))


def _coming(day: int, month: int, year: int | None, today: date) -> date | None:
    if year is not None:
        return _made(lambda: date(year, month, day))
    here = _made(lambda: date(today.year, month, day))
    return here if here is None or here >= today else _made(lambda: date(today.year + 1, month, day))


def _made(make: Callable[[], date | None]) -> date | None:
    """A day that cannot be is no day."""
    try:
        return make()
    except (ValueError, OverflowError, AssertionError):
        return None
