"""A cell as a number or as a period, in the forms that cities use."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from citystat import periods
from citystat.collect.words import MISSING, MONTHS, YEAR_WORDS, folded
from citystat.printable import shown
from citystat.texts import tr

Cell = str | float | int | bool | date | datetime | None
EPOCH = date(1899, 12, 30)  # day 0 of spreadsheet serial numbers


@dataclass(frozen=True)
class Number:
    """What a cell says. value None: missing; remark: what a person should know; bad: not a number at all."""

    value: float | None
    remark: str = ""
    bad: bool = False


def number(cell: Cell, decimal: str = ".", missing: Collection[str] = ()) -> Number:
    """Read a number. decimal: "." or ","; the other one separates thousands."""
    if cell is None:
        return Number(None)
    if isinstance(cell, bool | date):
        return Number(None, "", True)
    if isinstance(cell, int | float):
        return Number(float(cell)) if abs(cell) < HUGE else _huge(cell)
    text = folded(str(cell)).strip("'’ ")
    if text in MISSING or text in {folded(m) for m in missing}:
        return Number(None, tr("“{text}” taken as missing", text=shown(cell)) if text else "")
    value = _parsed(text, decimal)
    if value is None:
        return Number(None, failure(str(cell).strip()), True)
    return Number(value) if abs(value) < HUGE else _huge(cell)


def failure(text: str) -> str:
    """What is wrong with a cell whose formula gave no value; "" where it is no formula."""
    if text.startswith("="):
        return tr("A formula without its value: open the file in Excel and save it (“{text}”)", text=shown(text))
    return tr("The formula of this cell gives an error ({text})", text=text[:20]) if ERROR.fullmatch(text) else ""


ERROR = re.compile(r"#[A-Z]+(/[0A])?[!?]?|#GETTING_DATA", re.IGNORECASE)
HUGE = 1e15  # no city counts so far, and a float no longer tells whole numbers apart


def _huge(cell: object) -> Number:
    return Number(None, tr("“{text}” is too large to be a figure of a city", text=shown(cell)), True)


SIGN, MONEY = "[-+−]", r"(?:us\$|[$€£¥]|usd|eur|gbp|chf|cad|aud)"
# by the decimal sign: digits in threes under one and the same separator, or digits alone; nothing else is a number
FIGURE = {
    point: re.compile(
        rf"(?P<open>\()?(?P<sign>{SIGN})? ?{MONEY}? ?(?P<after>{SIGN})?"
        rf"(?P<whole>[0-9]{{1,3}}(?:(?P<by>[{group} '’])[0-9]{{3}})(?:(?P=by)[0-9]{{3}})*|[0-9]*)"
        rf"(?:[{point}](?P<part>[0-9]*))?(?P<power>e[-+]?[0-9]{{1,2}})? ?(?:{MONEY}|%|percent|per cent)? ?(?P<last>[-−])?(?P<close>\))?"
    )
    for point, group in ((".", ","), (",", "."))
}


def _parsed(text: str, decimal: str) -> float | None:
    """Signs, brackets, currency, per cent and separators taken off; None where anything is left that is no number."""
    found = FIGURE["," if decimal == "," else "."].fullmatch(text)
    if not found or not (found["whole"] or found["part"]) or bool(found["open"]) != bool(found["close"]):
        return None
    minus = [found["open"] or "", *(s for s in (found["sign"], found["after"], found["last"]) if s)]
    if sum(bool(m) for m in minus) > 1:
        return None
    whole = re.sub("[^0-9]", "", found["whole"])
    value = float(f"{whole or 0}.{found['part'] or 0}{found['power'] or ''}")
    return -value if any(m in ("(", "-", "−") for m in minus) else value


def guess_decimal(texts: Collection[str]) -> str:
    """ "," where commas close a number's cents more often than points do."""
    comma = sum(
        bool(re.search(r"\d,\d{1,2}$", t.strip(" %€")))
        or bool(re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", t.strip(" €")))
        for t in texts
    )
    point = sum(
        bool(re.search(r"\d\.\d{1,2}$", t.strip(" %$")))
        or bool(re.fullmatch(r"-?\$?\d{1,3}(,\d{3})+(\.\d+)?", t.strip()))
        for t in texts
    )
    return "," if comma > point else "."


@dataclass(frozen=True)
class When:
    """A period's first day and its frequency."""

    start: date
    frequency: str


def period(cell: Cell, *, year_start: int = 1, day_first: bool = False, fiscal: bool = False) -> When | None:
    """Read a period; None where the cell is none. year_start: the fiscal year's month for "FY22"; fiscal: bare years, too."""
    if isinstance(cell, date):
        day = _day(cell.year, cell.month, cell.day)
        return When(day, "day") if day else None
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return _number_period(float(cell), year_start if fiscal else 1)
    text = re.sub(r"\bde[l]? ", "", folded(str(cell)).strip(" .,'’"))
    text = re.sub(r"\b([1-4])(?:st|nd|rd|th|\.|er|º|°)? ?(?:quarter|quartal|trimestre)\b", r"q\1", text)
    if fiscal and (year := _year(text, year_start, fiscal)):
        return year
    for read in (_iso, _month_name, _quarter, _year):
        found = read(text, year_start, fiscal)
        if found:
            return found
    return _slashes(text, day_first)


def _number_period(value: float, year_start: int) -> When | None:
    if not value.is_integer():
        return None
    whole = int(value)
    if 1900 <= whole <= 2100:
        return _fiscal(whole, year_start)
    if 190001 <= whole <= 210012 and 1 <= whole % 100 <= 12:
        return When(date(whole // 100, whole % 100, 1), "month")
    if 20000 <= whole <= 80000:  # a spreadsheet serial between 1954 and 2119
        return When(EPOCH + timedelta(days=whole), "day")
    return None


def _iso(text: str, _year_start: int, _fiscal_years: bool) -> When | None:
    found = re.fullmatch(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?", text)
    found = found or re.fullmatch(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-9]{2})?", text)
    if not found:
        return None
    day = _day(int(found[1]), int(found[2]), int(found[3] or 1))
    return When(day, "day" if found[3] else "month") if day else None


def _month_name(text: str, _year_start: int, _fiscal_years: bool) -> When | None:
    """ "Jul 2021", "July-21", "2021 July", "15 March 2021"."""
    found = re.fullmatch(r"([^\W\d]+)\.?[ \-/,']*(\d{4}|\d{2})", text) or re.fullmatch(
        r"(\d{4})[ \-/]+([^\W\d]+)\.?", text
    )
    if found:
        name, year = (found[1], found[2]) if found[1][0].isalpha() else (found[2], found[1])
        month = MONTHS.get(name)
        made = _day(_century(year), month, 1) if month else None
        return When(made, "month") if made else None
    found = re.fullmatch(r"(\d{1,2})\.? ([^\W\d]+)\.?,? (\d{4})", text)
    if found:
        name, number_ = found[2], found[1]
    else:
        found = re.fullmatch(r"([^\W\d]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", text)
        name, number_ = (found[1], found[2]) if found else ("", "")
    day = _day(int(found[3]), MONTHS[name], int(number_)) if found and name in MONTHS else None
    return When(day, "day") if day else None


def _quarter(text: str, year_start: int, fiscal: bool) -> When | None:
    found = re.fullmatch(r"q([1-4])[ \-/]*(fy)? ?(\d{4}|\d{2})", text) or None
    year, quarter, fy = (found[3], found[1], bool(found[2])) if found else ("", "", False)
    if not found:
        found = re.fullmatch(r"(fy)? ?(\d{4}|\d{2})[ \-/]*q([1-4])", text)
        if not found:
            return None
        year, quarter, fy = found[2], found[3], bool(found[1])
    start = _fiscal(_century(year), year_start if fy or fiscal else 1).start
    return When(periods.add_months(start, 3 * (int(quarter) - 1)), "quarter")


def _year(text: str, year_start: int, fiscal: bool) -> When | None:
    """ "2021", "FY22", "FY2021-22", "FY22-23", "Plan 2011", "2021/22"; a span is named by its last year."""
    found = re.fullmatch(r"(?:([a-z]+)\.? ?)?(\d{4}|\d{2})(?:[-/](\d{4}|\d{2}))?", text)
    if not found or (found[1] is None and len(found[2]) == 2 and not found[3]):
        return None
    if found[1] and found[1] not in YEAR_WORDS:
        return None
    year = _century(found[3] or found[2])
    if not 1900 <= year <= 2100 or found[3] and year != _century(found[2]) + 1:
        return None  # "2010-2015" is five years, not one
    return _fiscal(year, year_start if fiscal or found[1] == "fy" or found[3] else 1)


def _slashes(text: str, day_first: bool) -> When | None:
    found = re.fullmatch(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?(?: ?[ap]m)?)?", text)
    if found:
        month, day = (int(found[2]), int(found[1])) if day_first else (int(found[1]), int(found[2]))
        made = _day(_century(found[3]), month, day)
        return When(made, "day") if made else None
    found = re.fullmatch(r"(\d{1,2})[/\-](\d{4})", text)
    made = _day(int(found[2]), int(found[1]), 1) if found else None
    return When(made, "month") if made else None


def _fiscal(year: int, year_start: int) -> When:
    """The year named `year`: by its end where it begins in another month than January."""
    return When(date(year - 1, year_start, 1) if year_start > 1 else date(year, 1, 1), "year")


def _century(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else (2000 + year if year < 70 else 1900 + year)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        made = date(year, month, day)
        return made if periods.EARLIEST <= made <= periods.LATEST else None
    except ValueError:
        return None
