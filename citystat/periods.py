"""Reporting periods: a period is known by its first day and a frequency.

Frequencies are calendar units; a fiscal year begins on the first day of the city's fiscal month
and is named by the calendar year in which it ends (FY26 = July 2025 to June 2026), as US cities do.
"""

from __future__ import annotations

from datetime import date, timedelta

from citystat.texts import tr

EARLIEST, LATEST = date(1800, 1, 1), date(2199, 12, 31)  # days that a city speaks of; others are slips of the pen
FREQUENCIES = ("day", "week", "month", "quarter", "half-year", "year")
MONTHS_IN = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
PER_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half-year": 2, "year": 1}
A_YEAR = {**PER_YEAR, "day": 364}  # periods back to the same one a year earlier: of days the same weekday
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES_LONG = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def start_of(day: date, frequency: str, year_start: int = 1) -> date:
    """First day of the period of `frequency` that holds `day`; quarters and years count from month `year_start`."""
    if frequency == "day":
        return day
    if frequency == "week":
        return day - timedelta(days=day.weekday())
    months = MONTHS_IN[frequency]
    since = (day.month - year_start) % 12
    return add_months(day.replace(day=1), -(since % months))


def add_months(day: date, months: int) -> date:
    """`day` moved by whole months, kept inside the month it lands in (31 Jan + 1 = 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def move(start: date, frequency: str, steps: int) -> date:
    """First day of the period `steps` periods after the one that begins on `start`."""
    if frequency == "day":
        return start + timedelta(days=steps)
    if frequency == "week":
        return start + timedelta(weeks=steps)
    return add_months(start, steps * MONTHS_IN[frequency])


def between(first: date, last: date, frequency: str) -> int:
    """How many periods after `first` the period `last` begins."""
    if frequency in ("day", "week"):
        return (last - first).days // (7 if frequency == "week" else 1)
    months = (last.year - first.year) * 12 + last.month - first.month
    return months // MONTHS_IN[frequency]


def run(first: date, last: date, frequency: str) -> list[date]:
    """All period starts from `first` to `last`, both included."""
    return [move(first, frequency, i) for i in range(between(first, last, frequency) + 1)]


def end_of(start: date, frequency: str) -> date:
    """Last day of the period that begins on `start`."""
    return move(start, frequency, 1) - timedelta(days=1)


def fiscal_year(day: date, year_start: int) -> int:
    """The calendar year in which `day`'s fiscal year ends."""
    return day.year + (1 if year_start > 1 and day.month >= year_start else 0)


def label(start: date, frequency: str, year_start: int = 1) -> str:
    """How a person writes the period: "Feb 2026", "Q3 FY26", "FY26", "2026", "9 Mar 2026"."""
    if frequency in ("day", "week"):
        return day_label(start)
    if frequency == "month":
        return f"{tr(MONTH_NAMES[start.month - 1])} {start.year}"
    if frequency == "year":
        year_start = start.month  # a year that begins in July is FY26, whenever the city's begins
    number = ((start.month - year_start) % 12) // MONTHS_IN[frequency] + 1
    year = fiscal_year(start, year_start)
    named = f"FY{year % 100:02d}" if year_start > 1 else str(year)
    prefix = {"quarter": f"Q{number} ", "half-year": f"H{number} ", "year": ""}[frequency]
    return prefix + named


def key(start: date, frequency: str) -> str:
    """How a program writes the period: YYYY-MM-DD for days and weeks, YYYY-MM otherwise."""
    return start.isoformat() if frequency in ("day", "week") else f"{start:%Y-%m}"


def day_label(day: date) -> str:
    """ "9 Mar 2026"."""
    return f"{day.day} {tr(MONTH_NAMES[day.month - 1])} {day.year}"


def weekday_label(day: date) -> str:
    """ "Tue 31 March 2026"."""
    return f"{tr(WEEKDAYS[day.weekday()])[:3]} {day.day} {tr(MONTH_NAMES_LONG[day.month - 1])} {day.year}"
