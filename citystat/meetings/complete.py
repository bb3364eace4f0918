"""What may follow a mark in the capture line: people, days, measures and forms that fit the letters typed so far."""

from __future__ import annotations

from dataclasses import dataclass

from citystat import periods
from citystat.measures import find
from citystat.meetings.due import parse_due
from citystat.meetings.forms import FORMS
from citystat.meetings.kinds import near
from citystat.meetings.marks import MARK
from citystat.meetings.meaning import Context
from citystat.meetings.people import Someone
from citystat.texts import tr

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
        return _kinds(before)
    typed = before[at + 1 :].lower()
    if before[at] == "#":
        found = [
            Completion(code, f"{code} · {name}")
            for _, code, name in find.found(typed, context.measures, lambda m: m[1:])
        ]
    else:
        found = [c for c in CHOICES[before[at]](context) if _fits(c, typed)]
        found.sort(key=lambda c: not c.words.lower().startswith(typed))
    done = any(c.words.lower() == typed.strip() for c in found)
    return Completions(at + 1, () if done else tuple(found[:MOST]))


def _kinds(before: str) -> Completions:
    """The kind that a mistyped first word means; the word itself is what a beginning of it means."""
    kind = near(before)
    word = tr(kind) if kind else ""
    return Completions(0, (Completion(word, f"{word}?"),) if word and not word.startswith(before.lower()) else ())


def _fits(choice: Completion, typed: str) -> bool:
    """Every word typed begins a word of the choice."""
    words = choice.shown.lower().split()
    return all(any(word.startswith(part) for word in words) for part in typed.split())


def _people(context: Context) -> list[Completion]:
    return [Completion(p.name, _described(p)) for p in context.people]


def _described(person: Someone) -> str:
    return " · ".join(filter(None, [person.name, person.initials, person.title, person.department]))


def _days(context: Context) -> list[Completion]:
    days = (
        tr("next meeting"), tr("friday"), tr("next friday"), tr("in 2 weeks"), tr("in 30 days"), tr("in 6 weeks"),
        tr("end of month"), tr("end of quarter"),
    )  # fmt: skip
    known = (
        (w, parse_due(w, context.today, next_meeting=context.next_meeting, year_start=context.year_start)) for w in days
    )
    return [Completion(words, f"{words} · {periods.weekday_label(day)}") for words, day in known if day]


def _forms(_context: Context) -> list[Completion]:
    return [Completion(tr(form), tr(form)) for form in FORMS]


CHOICES = {"@": _people, "^": _days, "=": _forms}
