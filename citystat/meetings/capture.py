"""The capture line: what a typed line means, and keeping it.

Grammar: KIND words @owner ^due #measure =form !priority, in any order; a mark takes the longest run of words after
it that means something, and all other words stay words. A mark that was not understood is kept apart, as something still
wanted; one that its kind has no use for becomes prose ("talked to @dw" reads "talked to Dana Whitfield"). Nothing stops a
line from being kept. A kind that was mistyped is guessed, and so is one that nobody typed where somebody or a day is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from citystat import periods
from citystat.city import Change, City
from citystat.errors import CityStatError
from citystat.meetings.due import believable
from citystat.meetings.kinds import Named, named, on_chart
from citystat.meetings.marks import NAMES, USED, WANTING, as_prose, pieces, unread, wanting, without
from citystat.meetings.meaning import Chip, Context, longest
from citystat.meetings.meeting import editable, next_meeting
from citystat.meetings.people import people
from citystat.models import ActionItem, CitySettings, Decision, Measure, Meeting, Note, Person, Question, Total
from citystat.models.record import Entry as EntryRow
from citystat.numbers import quantity
from citystat.texts import tr


@dataclass(frozen=True)
class Entry:
    """A line as it is understood. unfinished: what it still lacks, in words.

    kind "chart" is no entry of the record: words for the chart on the wall, at `period`.
    guessed: nobody typed this kind so; it is said beside the line.
    """

    kind: str
    text: str
    line: str
    owner_id: int | None = None
    owner: str = ""
    due: date | None = None
    measure_id: int | None = None
    measure: str = ""
    form: str = ""
    priority: str = ""
    period: str = ""
    chips: tuple[Chip, ...] = ()
    unfinished: tuple[str, ...] = ()
    guessed: bool = False


@dataclass(frozen=True)
class Kept:
    """What a line became. number: of a decision or an action item."""

    kind: str
    id: int
    number: int | None


@dataclass(frozen=True)
class Captured:
    """An entry on a meeting's record."""

    kind: str
    id: int
    number: int | None
    text: str
    line: str
    owner: str
    due: date | None
    form: str
    at: datetime
    item_id: int | None
    measure_code: str
    as_shown: str
    unfinished: tuple[str, ...]
    answer: str = ""
    measure_id: int | None = None

    @property
    def retyped(self) -> str:
        """The entry as a line to be changed: full names and dates, so that it means the same on another day."""
        word = {"parked": "park"}.get(self.kind, self.kind)
        typed = {mark: raw for mark, raw in unread(self.line).items() if mark in USED.get(self.kind, "")}
        due = f"{self.due.day} {periods.MONTH_NAMES[self.due.month - 1][:3]} {self.due.year}" if self.due else ""
        marks = (("@", self.owner), ("^", due), ("=", tr(self.form) if self.form else ""))
        said = [mark + words if words else typed.get(mark, "") for mark, words in marks]
        return " ".join([word, self.text, *(piece for piece in said if piece and piece not in self.text)])


ROWS: dict[str, type[EntryRow]] = {
    "action": ActionItem, "decision": Decision, "question": Question, "note": Note, "win": Note, "parked": Note,
}  # fmt: skip


def context(read: Session, meeting_id: int, today: date, measure_id: int | None = None) -> Context:
    """Everything parse() needs to know, in a few queries."""
    meeting = read.get(Meeting, meeting_id)
    found = read.execute(select(Measure.id, Measure.code, Measure.name))
    measures = tuple((key, code, name) for key, code, name in found)
    following = next_meeting(read, today, series_id=meeting.series_id, after=meeting.day) if meeting else None
    year_start = read.scalar(select(CitySettings.fiscal_year_start)) or 1
    shown = next((code for key, code, _ in measures if key == measure_id), "")
    return Context(
        today, tuple(people(read)), measures, following.day if following else None, year_start, measure_id, shown
    )


def parse(line: str, context: Context, kind: str = "") -> Entry:
    """What `line` means, whatever kind it names where `kind` does. Pure, quick, never raises."""
    line = line.strip().removeprefix("/").strip()  # the key that leads to the line is no part of it
    said = Named("chart", line.partition(" ")[2].strip()) if _for_chart(line, context) and not kind else named(line)
    words, marked = pieces(said.rest)
    promised = not said.kind and any(mark in "@^=" for mark, _ in marked)
    guessed = not kind and (said.guessed or promised)
    kind = kind or said.kind or ("action" if promised else "note")
    found: dict[str, object] = {"measure_id": context.measure_id, "measure": context.measure}
    read: list[_Piece] = []
    for mark, piece in marked:
        read.append(_read_piece(mark, piece, kind, {p.mark for p in read if p.fields}, context))
        found |= read[-1].fields
    for n, piece_read in enumerate(read):
        words = _told(
            words, piece_read, last=n == len(read) - 1, filled=bool(found.get(FIELDS.get(piece_read.mark, "")))
        )
    chips = [p.chip for p in read]
    if kind == "chart" and not any(p.mark == "^" for p in read):
        found["period"] = context.periods[-1]
        chips.append(Chip(tr("at"), context.periods[-1]))
    if found["measure"] and not any(p.mark == "#" and p.fields for p in read):
        chips.append(Chip(tr("measure"), tr("{code}, on the wall", code=found["measure"])))
    text = " ".join(words)
    has = {"owner": found.get("owner_id"), "due date": found.get("due"), "form": found.get("form")}
    lacks = [*(wanting(kind, has, line) if kind != "chart" else ()), *([] if text else [tr("words")])]
    return Entry(
        kind=kind, text=text, line=line, chips=tuple(chips), unfinished=tuple(lacks), guessed=guessed, **found  # type: ignore[arg-type]
    )  # fmt: skip


def keep(city: City, meeting_id: int, entry: Entry, *, item_id: int | None, now: datetime) -> Kept:
    """Put an entry on record: one transaction, on disk when this returns."""
    with city.change(tr("Write down {kind}", kind=tr(entry.kind))) as change:
        meeting = change.get(Meeting, meeting_id)
        if meeting is None:
            raise CityStatError(tr("There is no meeting {id}", id=meeting_id))
        editable(meeting)
        row = ROWS[entry.kind](
            meeting_id=meeting_id, item_id=item_id, measure_id=entry.measure_id, text=entry.text or entry.line,
            line=entry.line, at=now, as_shown=_as_shown(change, entry.measure_id),
        )  # fmt: skip
        _fill(change, row, entry)
        change.add(row)
        change.flush()
        return Kept(entry.kind, row.id, getattr(row, "number", None))


def captured(read: Session, meeting_id: int) -> list[Captured]:
    """A meeting's record, in the order in which it was written down."""
    rows: list[Captured] = []
    for table in (ActionItem, Decision, Question, Note):
        person = {ActionItem: ActionItem.owner_id, Question: Question.asked_of_id}.get(table)
        query = select(table, Measure.code).outerjoin(Measure, Measure.id == table.measure_id)
        query = query.add_columns(Person.name).outerjoin(Person, Person.id == person) if person is not None else query
        for found in read.execute(query.where(table.meeting_id == meeting_id)):
            values: tuple[Any, ...] = tuple(found)
            row, code, *name = values
            rows.append(_captured(row, code or "", name[0] or "" if name else ""))
    return sorted(rows, key=lambda r: (r.at, r.id))


def rewrite(city: City, kind: str, entry_id: int, entry: Entry) -> int:
    """Make an entry what the changed line says, in one act; another kind of entry takes its place in the record.

    Returns its id: a new one where the kind is kept in another table.
    """
    with city.change(tr("Change {kind}", kind=tr(kind))) as change:
        old = _row(change, kind, entry_id)
        row = old
        if ROWS[entry.kind] is not type(old):
            row = ROWS[entry.kind](meeting_id=old.meeting_id, item_id=old.item_id, at=old.at, as_shown=old.as_shown)
            change.delete(old)
        row.text, row.line, row.measure_id = entry.text or entry.line, entry.line, entry.measure_id
        _fill(change, row, entry)
        change.add(row)
        change.flush()
        return row.id


def edit_captured(city: City, kind: str, entry_id: int, **fields: object) -> None:
    """Change text, owner_id, due, form or answer of an entry; once the minutes are approved the answer alone."""
    names = {"owner_id": "asked_of_id"} if kind == "question" else {}
    with city.change(tr("Change {kind}", kind=tr(kind))) as change:
        row = _row(change, kind, entry_id, locked=not FOLLOW_UP.issuperset(fields))
        if isinstance(fields.get("due"), date):
            believable(fields["due"])  # type: ignore[arg-type]
        for name, value in fields.items():
            setattr(row, names.get(name, name), value)
        for mark in (mark for mark, name in FIELDS.items() if name in fields):
            row.line = without(row.line, mark)
        if kind == "action" and "owner_id" in fields:
            owner = change.get(Person, fields["owner_id"]) if fields["owner_id"] else None
            row.department_id = owner.department_id if owner else None  # type: ignore[attr-defined]


def remove_captured(city: City, kind: str, entry_id: int) -> None:
    """Take an entry off the record; undo brings it back."""
    with city.change(tr("Remove {kind}", kind=tr(kind))) as change:
        change.delete(_row(change, kind, entry_id))


def _for_chart(line: str, context: Context) -> bool:
    return bool(context.periods) and on_chart(line.partition(" ")[0])


@dataclass(frozen=True)
class _Piece:
    """A mark as it was read. fields: what it fills, none where it fills nothing; prose: what it says inside a sentence."""

    mark: str
    chip: Chip
    rest: list[str]
    prose: str
    fields: dict[str, object]
    apart: bool = False  # not understood, and wanted: no part of the sentence
    known: bool = False  # what it means was understood


def _read_piece(mark: str, words: list[str], kind: str, read: set[str], context: Context) -> _Piece:
    """The longest beginning that is understood counts, the rest is text."""
    used = mark in USED.get(kind, "#")
    taken, fields, chip = longest(mark, words, context, on_chart=kind == "chart")
    shown = " ".join(words[:taken])
    if used and mark not in read:
        prose = shown if mark != "#" else mark + shown  # Engine #3
        return _Piece(mark, chip, words[taken:], prose, fields, not fields and mark in WANTING)
    why = tr("there is one already; kept in the words") if used else tr("a {kind} has none; kept in the words", kind=tr(kind))  # fmt: skip
    return _Piece(mark, Chip(tr(NAMES[mark]), shown, False, why), words[taken:], chip.value if fields else shown, {}, known=bool(fields))  # fmt: skip


def _told(words: list[str], piece: _Piece, *, last: bool, filled: bool) -> list[str]:
    """The sentence with one more piece: what filled a field, or is still wanted, is no part of it."""
    if not piece.fields and not (piece.apart and not filled):
        words = (
            [*words, piece.prose]
            if not piece.known or piece.mark in "#!"
            else as_prose(words, piece.mark, piece.prose, last=last and not piece.rest)
        )
    return [*words, *piece.rest]


FIELDS = {"@": "owner_id", "^": "due", "=": "form"}  # what a mark fills, as review and register know it
FOLLOW_UP = frozenset(("answer", "answered_at"))  # what comes in after the minutes are approved


def _fill(change: Change, row: EntryRow, entry: Entry) -> None:
    """What each kind has beside its words."""
    if isinstance(row, ActionItem):
        row.number = row.number or _next(change, ActionItem.number)
        row.owner_id, row.due, row.form, row.priority = entry.owner_id, entry.due, entry.form, entry.priority
        owner = change.get(Person, entry.owner_id) if entry.owner_id else None
        row.department_id = owner.department_id if owner else None
    elif isinstance(row, Decision):
        row.number = row.number or _next(change, Decision.number)
    elif isinstance(row, Question):
        row.asked_of_id, row.due = entry.owner_id, entry.due
    elif isinstance(row, Note):
        row.kind = entry.kind


def _next(change: Change, column: InstrumentedAttribute[int]) -> int:
    return 1 + (change.scalar(select(func.max(column))) or 0)


def _as_shown(change: Change, measure_id: int | None) -> str:
    """ "93.3 %, Feb 2026": the measure's last value when the words were spoken."""
    measure = change.get(Measure, measure_id) if measure_id else None
    if measure is None:
        return ""
    query = select(Total.period, Total.value).where(Total.measure_id == measure_id, Total.value.is_not(None))
    last = change.execute(query.order_by(Total.period.desc()).limit(1)).first()
    if last is None:
        return ""
    return f"{quantity(last[1], measure.unit, measure.decimals)}, {periods.label(last[0], measure.frequency)}"


def _row(change: Change, kind: str, entry_id: int, *, locked: bool = True) -> EntryRow:
    """An entry to be changed; CityStatError where it is gone, or `locked` by the approval of its meeting's minutes."""
    row = change.get(ROWS[kind], entry_id)
    if row is None:
        raise CityStatError(tr("This entry is gone"), do=tr("Look at the record again"))
    meeting = change.get(Meeting, row.meeting_id) if row.meeting_id else None
    if meeting is not None and locked:
        editable(meeting)
    return row


def _captured(row: EntryRow, code: str, person: str) -> Captured:
    kind = (
        row.kind
        if isinstance(row, Note)
        else {ActionItem: "action", Decision: "decision", Question: "question"}[type(row)]
    )
    due, form = getattr(row, "due", None), getattr(row, "form", "")
    has = {"owner": person, "due date": due, "form": form}
    return Captured(
        kind, row.id, getattr(row, "number", None), row.text, row.line or row.text, person, due, form, row.at,
        row.item_id, code, row.as_shown, wanting(kind, has, row.line), getattr(row, "answer", ""),
        row.measure_id,
    )  # fmt: skip
