"""What the words after a mark of the capture line mean: an owner, a day, a measure, a form, a priority, a period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from citystat import periods
from citystat.measures import find
from citystat.meetings.due import MEETING, parse_due, weekend
from citystat.meetings.forms import FORMS
from citystat.meetings.marks import reach
from citystat.meetings.people import Someone, folded, match
from citystat.texts import in_every_language, tr

PRIORITIES = {"high": "high", "h": "high", "1": "high", "low": "low", "l": "low", "medium": "medium", "m": "medium"}
LONGEST = 8  # words that a name, a date or a form may have


@dataclass(frozen=True)
class Context:
    """What a line is read against: the day, the people, the measures, what is on the wall."""

    today: date
    people: tuple[Someone, ...]
    measures: tuple[tuple[int, str, str], ...]  # id, code, name
    next_meeting: date | None
    year_start: int
    measure_id: int | None = None
    measure: str = ""
    periods: tuple[str, ...] = ()  # of the chart on the wall, oldest first
    day_first: bool = False  # how the reader writes days in figures


@dataclass(frozen=True)
class Chip:
    """One piece read back while typing; ok False: not understood, and why."""

    label: str
    value: str
    ok: bool = True
    why: str = ""


def longest(mark: str, words: list[str], context: Context, *, on_chart: bool) -> tuple[int, dict[str, object], Chip]:
    """How many words a mark takes, what they mean (nothing: {}), and the chip that says so; on_chart: words for the chart."""
    reader = _period if on_chart and mark == "^" else READERS[mark]
    for n in range(min(len(words), LONGEST), 0, -1):
        fields, chip = reader(" ".join(words[:n]), context)
        if fields:
            return n, fields, chip
    n = reach(mark, words)
    return n, {}, reader(" ".join(words[:n]), context)[1]


def _owner(words: str, context: Context) -> tuple[dict[str, object], Chip]:
    found = match(words, context.people)
    if len(found) == 1:
        return {"owner_id": found[0].id, "owner": found[0].name}, Chip(tr("owner"), found[0].name)
    if found:
        names = ", ".join(p.name for p in found[:3]) + ("…" if len(found) > 3 else "")
        return {}, Chip(tr("owner"), words, False, tr("may be {names}", names=names))
    return {}, Chip(tr("owner"), words, False, tr("nobody of this name, initials or department"))


def _due(words: str, context: Context) -> tuple[dict[str, object], Chip]:
    day = parse_due(
        words, context.today, next_meeting=context.next_meeting, year_start=context.year_start, day_first=context.day_first
    )  # fmt: skip
    if day is None:
        unplanned = words.lower() in MEETING and context.next_meeting is None
        why = tr("no next meeting is planned yet") if unplanned else tr("not a day I know")
        return {}, Chip(tr("due"), words, False, why)
    shown = periods.weekday_label(day)
    if day < context.today:
        return {"due": day}, Chip(tr("due"), shown, False, tr("that day is past"))
    return {"due": day}, Chip(tr("due"), shown, not weekend(day), tr("a weekend") if weekend(day) else "")


def _period(words: str, context: Context) -> tuple[dict[str, object], Chip]:
    """The newest period on view that the words begin: "mar 2025", "mar", "q1"."""
    wanted = words.lower()
    found = next((p for p in reversed(context.periods) if p.lower().startswith(wanted)), "")
    if found:
        return {"period": found}, Chip(tr("at"), found)
    why = tr("the chart has {first} to {last}", first=context.periods[0], last=context.periods[-1])
    return {}, Chip(tr("at"), words, False, why)


def _measure(words: str, context: Context) -> tuple[dict[str, object], Chip]:
    meant = [m for m in context.measures if words.lower() in f"{m[1]} {m[2]}".lower()]
    best = min((find.fits(words, m[1], m[2]) for m in meant), default=find.NOT)
    found = [m for m in meant if find.fits(words, m[1], m[2]) == best]
    if len(found) == 1:
        return {"measure_id": found[0][0], "measure": found[0][1]}, Chip(tr("measure"), found[0][1])
    why = tr("{n} measures fit", n=len(found)) if found else tr("no such measure")
    return {}, Chip(tr("measure"), words, False, why)


def _form(words: str, _context: Context) -> tuple[dict[str, object], Chip]:
    wanted = folded(words)
    for form, letters in FORMS.items():
        if wanted in letters or any(folded(name).startswith(wanted) for name in in_every_language(form)):
            return {"form": form}, Chip(tr("form"), tr(form))
    return {}, Chip(tr("form"), words, False, tr("one of {forms}", forms=", ".join(tr(f) for f in list(FORMS)[:6])))


def _priority(words: str, _context: Context) -> tuple[dict[str, object], Chip]:
    found = PRIORITIES.get(words.lower()) or next(
        (p for p in ("high", "medium", "low") if words.lower() in in_every_language(p)), None
    )
    if found:
        return {"priority": found}, Chip(tr("priority"), tr(found))
    return {}, Chip(tr("priority"), words, False, tr("high, medium or low"))


Reader = Callable[[str, Context], tuple[dict[str, object], Chip]]
READERS: dict[str, Reader] = {"@": _owner, "^": _due, "#": _measure, "=": _form, "!": _priority}
