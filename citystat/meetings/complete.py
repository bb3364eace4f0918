"""What may follow a mark in the capture line: people, days, measures and forms that fit the letters typed so far."""

from __future__ import annotations

from dataclasses import dataclass

from citystat import periods
from citystat.meetings.due import parse_due
from citystat.meetings.forms import FORMS
from citystat.meetings.marks import MARK
from citystat.meetings.meaning import Context
from citystat.meetings.people import Someone
from citystat.texts import tr

DAYS = (
    "next meeting",
    "friday",
    "next friday",
    "in 2 weeks",
    "in 30 days",
    "in 6 weeks",
    "end of month",
    "end of quarter",
)
MOST = 7


@dataclass(frozen=True)
class Completion:
    """words: what stands after the mark when it is taken · shown: how the list says it."""

    words: str
    shown: str


@dataclass(frozen=True)
class Completions:
    """start: where the words begin in the line, after the mark."""

    start: int
    choices: tuple[Completion, ...]


def completions(line: str, cursor: int, context: Context) -> Completions:
    """What fits the piece that the cursor is in; no choices outside a piece or where it is complete already."""
    before = line[:cursor]
    at = max((before.rfind(mark) for mark in "@^#="), default=-1)
    opened = at >= 0 and (at == 0 or before[at - 1].isspace()) and not MARK.search(before[at + 1 :])
    if not opened:
        return Completions(cursor, ())
    typed = before[at + 1 :].lower()
    found = [c for c in CHOICES[before[at]](context) if _fits(c, typed)]
    found.sort(key=lambda c: not c.words.lower().startswith(typed))
    done = any(c.words.lower() == typed.strip() for c in found)
    return Completions(at + 1, () if done else tuple(found[:MOST]))


def _fits(choice: Completion, typed: str) -> bool:
    """Every word typed begins a word of the choice."""
    words = choice.shown.lower().split()
    return all(any(word.startswith(part) for word in words) for part in typed.split())


def _people(context: Context) -> list[Completion]:
    return [Completion(p.name, _described(p)) for p in context.people]


def _described(person: Someone) -> str:
    return " · ".join(filter(None, [person.name, person.initials, person.title, person.department]))


def _days(context: Context) -> list[Completion]:
    known = (
        (w, parse_due(w, context.today, next_meeting=context.next_meeting, year_start=context.year_start)) for w in DAYS
    )
    return [Completion(words, f"{words} · {periods.weekday_label(day)}") for words, day in known if day]


def _measures(context: Context) -> list[Completion]:
    return [Completion(code, f"{code} · {name}") for _, code, name in context.measures]


def _forms(_context: Context) -> list[Completion]:
    return [Completion(form, tr(form)) for form in FORMS]


CHOICES = {"@": _people, "^": _days, "#": _measures, "=": _forms}
