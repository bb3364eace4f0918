"""The collection calendar in words: what is owed and by when, what a square means, and where a figure came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from citystat import periods
from citystat.collect.calendar import (
    BEFORE,
    CORRECTED,
    FAILED,
    LATE,
    MISSING,
    ON_TIME,
    OPEN,
    PARTIAL,
    SOON,
    STOPPED,
    Came,
    Debtor,
    Square,
)
from citystat.measures.series import Definition
from citystat.numbers import quantity
from citystat.texts import dotted, plural, tr


def day_words(day: date, today: date) -> str:
    """ "Friday 13 March", with the year where it is another: a weekend is named, never moved."""
    weekday, month = tr(periods.WEEKDAYS[day.weekday()]), tr(periods.MONTH_NAMES_LONG[day.month - 1])
    said = tr("{weekday} {day} {month}", weekday=weekday, day=day.day, month=month)
    return said if day.year == today.year else f"{said} {day.year}"


def due_words(n: int, day: date, today: date) -> str:
    """ "3 figures due Friday 13 March", "1 figure was due Monday 9 March"."""
    said = day_words(day, today)
    if day < today:
        return plural(n, "{n} figure was due {day}", "{n} figures were due {day}", day=said)
    if day == today:
        return plural(n, "{n} figure is due today", "{n} figures are due today")
    return plural(n, "{n} figure due {day}", "{n} figures due {day}", day=said)


def sentence(rows: Sequence[Debtor], today: date) -> str:
    """ "12 figures are late, 8 fall due by Tuesday 15 December"."""
    owed = [o for d in rows for o in d.owed]
    late = sum(o.late for o in owed)
    coming = [o for o in owed if not o.late]
    if not owed:
        return tr("Nothing is owed")
    parts = [plural(late, "{n} figure is late", "{n} figures are late")] if late else []
    if coming:
        day = day_words(max(o.due for o in coming), today)
        words = (
            plural(len(coming), "{n} falls due by {day}", "{n} fall due by {day}", day=day)
            if late
            else plural(len(coming), "{n} figure falls due by {day}", "{n} figures fall due by {day}", day=day)
        )
        parts.append(words)
    return ", ".join(parts)


def owes(debtor: Debtor, today: date) -> str:
    """ "3 figures were due Sunday 15 March · 2 figures due Wednesday 15 April": its first days."""
    days = debtor.by_day()
    said = [due_words(len(some), day, today) for day, some in days[:2]]
    rest = sum(len(some) for _, some in days[2:])
    return dotted([*said, tr("{n} more", n=rest) if rest else ""])


def reminded_words(at: datetime, today: date) -> str:
    """ "reminded 3 days ago"."""
    days = (today - at.date()).days
    return tr("reminded today") if days <= 0 else plural(days, "reminded yesterday", "reminded {n} days ago")


def told(m: Definition, square: Square, today: date) -> str:
    """A square in words: "Feb 2026: came on 12 Mar 2026, 3 days late"."""
    came = periods.day_label(square.came.date()) if square.came else ""
    late = plural(square.days, "{n} day late", "{n} days late") if square.days else ""
    due = day_words(square.due, today)
    words = {
        ON_TIME: tr("came on {day}, in time", day=came),
        LATE: tr("came on {day}, {late}", day=came, late=late),
        PARTIAL: tr("came on {day} in part: {there} of {usual} figures", day=came, there=square.figures, usual=square.usual),
        CORRECTED: tr("came on {day} and was corrected since", day=came),
        BEFORE: tr("was there before the city had the measure"),
        MISSING: tr("missing, was due {day}, {late}", day=due, late=late),
        FAILED: tr("held back by the checks"),
        SOON: tr("due {day}", day=due),
        OPEN: tr("due {day}", day=due),
        STOPPED: tr("no figures come any more: is it still collected?"),
        "": tr("before its first figure"),
    }[square.state]  # fmt: skip
    return f"{m.label(square.start)}: {words}" + (f" · {tr('closed')}" if square.closed else "")


def came_words(m: Definition, came: Came) -> str:
    """ "93.3 % · from returns.xlsx, Sheet 1 B14 · 6 Mar 2026, Mina Haddad"."""
    place = came.place if came.figures == 1 else plural(came.figures, "{n} figure", "{n} figures")
    source = tr("from {source}", source=", ".join(filter(None, (came.source, place))))
    why = tr("because: {reason}", reason=came.reason) if came.reason else ""
    by = ", ".join((periods.day_label(came.at.date()), came.who))
    return dotted((quantity(came.value, m.unit, m.decimals), source, by, why))


# what the squares mean, for legend, table and screen reader
STATES = {
    ON_TIME: "on time", LATE: "late", MISSING: "missing", FAILED: "held back", PARTIAL: "in part", CORRECTED: "corrected",
    SOON: "due within a week", OPEN: "not due yet", BEFORE: "before the city had it",
}  # fmt: skip
