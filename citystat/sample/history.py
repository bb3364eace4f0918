"""Riverton's meetings: four series, two years of meetings as they were held, one after the other, and the next one planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import numpy as np

from citystat import periods
from citystat.city import Change, City
from citystat.meetings import approve, minutes
from citystat.models import (
    AgendaItem,
    Attendance,
    Decision,
    ItemMeasure,
    Meeting,
    MeetingSeries,
    Note,
    Question,
    SeriesMeasure,
    SeriesMember,
    Shown,
)
from citystat.numbers import quantity
from citystat.sample.figures import Figures, Runs, known
from citystat.sample.promises import Register
from citystat.sample.stories import STORIES, Calendar
from citystat.sample.tables import MEASURES, PEOPLE, M
from citystat.sample.words import ACROSS, AGAIN, DECISIONS, PARKED, PROMISES, QUESTIONS, WINS
from citystat.texts import tr

W = TypeVar("W")
ROOM = "City Hall, room 4"
TABLE = (("er", "chair"), ("ta", "panel"), ("lo", "budget"), ("go", "counsel"), ("np", "analyst"), ("mh", "analyst"))
NTH = ("first", "second", "third", "fourth", "last")
APPROVED_AFTER = 2  # days
PICTURED = 16  # of the newest meetings; of the older ones the charts were not kept


@dataclass(frozen=True)
class Kind:
    """A series: months between its meetings, departments, members beside the mayor's table, week of the month, weekday."""

    every: int
    departments: tuple[str, ...]
    members: tuple[str, ...]
    week: int
    weekday: int


SERIES = {
    "PublicSafetyStat": Kind(1, ("EC", "FD", "PD"), ("dw", "rh", "ps", "jn", "mb", "lc"), 2, 3),
    "StreetStat": Kind(2, ("PW",), ("is", "ad", "cb"), 3, 1),
    "HomeStat": Kind(3, ("HS", "PB", "PK"), ("rf", "sr", "al", "hn", "dm", "po"), 1, 2),
    "PeopleStat": Kind(3, ("FN", "HR"), ("ym", "kj", "of"), 4, 2),
}
STANDS_IN = {"dw": "lc", "rh": "jn", "ps": "mb", "is": "ad", "rf": "dm", "sr": "hn", "al": "po", "ym": "of"}
NAMES = {initials: name for name, initials, *_ in PEOPLE}
HEADS = {code: initials for _, initials, _, code, heads in PEOPLE if heads}
DEPARTMENT = {initials: code for _, initials, _, code, _ in PEOPLE}
STAFF = {code: [i for i, of in DEPARTMENT.items() if of == code] for code in HEADS}


@dataclass
class Riverton:
    """What the meetings are made from: ids by initials and by code, imports, figures; and what was said so far."""

    calendar: Calendar
    people: dict[str, int]
    measures: dict[str, int]
    runs: Runs
    figures: Figures
    departments: dict[str, int]
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(7))
    said: dict[str, int] = field(default_factory=dict)
    decisions: int = 0
    wanted: Counter[str] = field(default_factory=Counter)  # promises still to be made, by department

    def __post_init__(self) -> None:
        self.register = Register(self.calendar.today, self.rng)

    def next_of(self, what: str, words: Sequence[W]) -> W:
        """The next of `words`: none comes again before all have been used."""
        at = self.said.get(what, 0)
        self.said[what] = at + 1
        return words[at % len(words)]

    def next_promise(self, department: str) -> tuple[str, str]:
        """Words and form of a department's next promise: the newest are the first of its list, an early one says more."""
        self.wanted[department] -= 1
        left = self.wanted[department]
        words, form = PROMISES[department][left % len(PROMISES[department])]
        return words + (AGAIN[form] if left >= len(PROMISES[department]) else ""), form

    def run_at(self, at: datetime) -> int:
        """The newest import that was in at `at`."""
        return max((run for came, run in self.runs if came <= at), default=1)

    def as_shown(self, m: M, day: date) -> str:
        """ "93.3 %, Feb 2026": what the wall said on `day`."""
        last = known(self.figures, self.calendar, m, day)
        return f"{quantity(last[1], m.unit, m.decimals)}, {periods.label(last[0], m.frequency)}" if last else ""


def hold_meetings(city: City, riverton: Riverton) -> None:
    """Two years of meetings up to today, and the next PublicSafetyStat two days later."""
    coming = working_day(riverton.calendar.today + timedelta(days=2))
    with city.change(tr("Plan the sample meetings")) as change:
        planned, coming_id = _plan(change, riverton, coming)
    unapproved = _newest_of_another(planned)
    for place, (meeting_id, name, day) in enumerate(planned):
        with city.change(tr("Hold {series}", series=name)) as change:
            riverton.register.keep_up(change, day)
            _held(change, riverton, name, meeting_id, pictured=place >= len(planned) - PICTURED)
        if meeting_id != unapproved:
            _approved(city, meeting_id, working_day(day + timedelta(days=APPROVED_AFTER)))
    with city.change(tr("Prepare the sample meeting")) as change:
        riverton.register.keep_up(change, riverton.calendar.today)
        _prepare(change, riverton, coming_id)


def working_day(day: date) -> date:
    """`day`, or the Monday after it."""
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


## The plan


def _plan(change: Change, riverton: Riverton, coming: date) -> tuple[list[tuple[int, str, date]], int]:
    """The series and all meetings, planned: id, series and day of those up to today in order of the days, and the next one."""
    today, rows = riverton.calendar.today, []
    for name, kind in SERIES.items():
        week, weekday = (
            ((coming.day - 1) // 7 + 1, coming.weekday()) if name == "PublicSafetyStat" else (kind.week, kind.weekday)
        )
        series = _series(change, riverton, name, kind, week, weekday)
        days = [d for d in _days(kind.every, week, weekday, coming) if d < today]
        for number, day in enumerate([*days, *((coming,) if name == "PublicSafetyStat" else ())], 1):
            riverton.wanted.update(_wanted(kind, number) if day < today else {})
            rows.append(
                (Meeting(series_id=series, number=number, day=day, place=ROOM, chair_id=riverton.people["er"]), name)
            )
    change.add_all(row for row, _ in rows)
    change.flush()
    held = sorted(((row.id, name, row.day) for row, name in rows if row.day < today), key=lambda r: (r[2], r[0]))
    return held, next(row.id for row, _ in rows if row.day == coming)


def _wanted(kind: Kind, number: int) -> Counter[str]:
    """How many promises meeting `number` brings, by department."""
    topics = enumerate((kind.departments * 3)[:3])
    return Counter(d for place, d in topics for _ in range(promises_under(number, place)))


def _days(every: int, week: int, weekday: int, coming: date) -> Iterator[date]:
    """The nth such weekday of the months before `coming`'s, two years long."""
    for back in range(24, 0, -1):
        if back % every == 0:
            yield _nth(periods.add_months(coming.replace(day=1), -back), week, weekday)


def _nth(month: date, week: int, weekday: int) -> date:
    """The first (1) to fourth, or the last (5), such weekday of a month."""
    day = month + timedelta(days=(weekday - month.weekday()) % 7 + 7 * (week - 1))
    return day if day.month == month.month else day - timedelta(days=7)


def _series(change: Change, riverton: Riverton, name: str, kind: Kind, week: int, weekday: int) -> int:
    rhythm = f"{NTH[week - 1]} {periods.WEEKDAYS[weekday]} " + (
        "of the month" if kind.every == 1 else f"every {kind.every} months"
    )
    row = MeetingSeries(
        name=name, rhythm=rhythm, place=ROOM, chair_id=riverton.people["er"], starts=time(10, 0), minutes=90,
    )  # fmt: skip
    change.add(row)
    change.flush()
    change.add_all(SeriesMember(series_id=row.id, person_id=riverton.people[i], role=role) for i, role in _seated(kind))
    change.add_all(SeriesMeasure(series_id=row.id, measure_id=riverton.measures[m.code]) for m in _remit(kind))
    return row.id


def _seated(kind: Kind) -> list[tuple[str, str]]:
    return [
        *TABLE,
        *((i, "department head" if i in HEADS.values() else "panel") for i in kind.members if i not in dict(TABLE)),
    ]


def _remit(kind: Kind) -> list[M]:
    return [m for m in MEASURES if m.code[:2] in kind.departments]


def _newest_of_another(planned: list[tuple[int, str, date]]) -> int:
    """The newest meeting that is not of the series that meets next: its minutes still wait."""
    return next(meeting for meeting, name, _ in reversed(planned) if name != "PublicSafetyStat")


## A meeting of the past


def _held(change: Change, riverton: Riverton, name: str, meeting_id: int, *, pictured: bool) -> None:
    """Agenda, presence, what was shown and what was written down."""
    kind, rng = SERIES[name], riverton.rng
    meeting = change.get(Meeting, meeting_id)
    assert meeting is not None, "planned above"
    began = datetime.combine(meeting.day, time(10, int(rng.integers(1, 4))))
    meeting.status, meeting.started_at = "adjourned", began
    meeting.ended_at = began + timedelta(minutes=int(rng.integers(82, 92)))
    meeting.memo_sent_at, meeting.followup_sent_at = began - timedelta(days=4), began + timedelta(days=1, hours=5)
    meeting.answers_due = working_day(meeting.day + timedelta(days=21))
    _present(change, riverton, kind, meeting_id)
    topics = _topics(riverton, name, kind)
    items = _items(change, riverton, meeting, topics)
    at = began + timedelta(minutes=3)
    department = topics[0].code[:2]
    words = riverton.next_of(f"win {department}", WINS[department])
    change.add(Note(meeting_id=meeting_id, item_id=items[0].id, kind="win", text=words, line=f"win {words}", at=at))
    for place, m in enumerate(topics):
        at = began + timedelta(minutes=22 + 17 * place)
        if pictured:
            _shown(change, riverton, meeting_id, items[2 + place].id, m, at)
        _reviewed(change, riverton, meeting, items[2 + place], m, at, place)
    kind_, text = (
        ("parked", riverton.next_of("parked", PARKED))
        if meeting.number % 2
        else ("note", riverton.next_of("across", ACROSS))
    )
    at = began + timedelta(minutes=70)
    change.add(
        Note(meeting_id=meeting_id, item_id=items[-2].id, kind=kind_, text=text, line=f"{kind_[:4]} {text}", at=at)
    )


def _present(change: Change, riverton: Riverton, kind: Kind, meeting_id: int) -> None:
    """Most came; a department head who could not sent a deputy."""
    seated = _seated(kind)
    away = {i for i, role in seated if role != "chair" and riverton.rng.random() < 0.09}
    for initials, role in seated:
        absent = next((h for h, deputy in STANDS_IN.items() if deputy == initials and h in away), "")
        here = initials not in away or bool(absent)
        change.add(
            Attendance(
                meeting_id=meeting_id, person_id=riverton.people[initials], role=role,
                status="present" if here else "excused", stands_in=NAMES[absent] if absent else "",
            )
        )  # fmt: skip


def promises_under(number: int, place: int) -> int:
    """How many promises the topic at `place` of a series' meeting `number` brings."""
    return 2 if (number + place) % 4 == 0 else 1


def _topics(riverton: Riverton, name: str, kind: Kind) -> list[M]:
    """Three measures, one a department where there are several, all of the remit in turn."""
    departments = kind.departments * 3
    topics = []
    for code in departments[:3]:
        mine = [m for m in MEASURES if m.code[:2] == code]
        topics.append(riverton.next_of(f"topic {name} {code}", mine))
    return topics


def _items(change: Change, riverton: Riverton, meeting: Meeting, topics: Sequence[M]) -> list[AgendaItem]:
    plan = [
        ("good-news", tr("Good news"), 5, None),
        ("promises", tr("Promises from last time"), 15, None),
        *(("measure", m.name, 17, m) for m in topics),
        ("cross-department", tr("What crosses departments"), 9, None),
        ("read-back", tr("Read-back"), 10, None),
    ]
    items = [
        AgendaItem(
            meeting_id=meeting.id, position=place, kind=kind, title=title, minutes=minutes,
            seconds=int(minutes * 60 * riverton.rng.uniform(0.75, 1.15)),
            presenter_id=riverton.people[HEADS[m.code[:2]]] if m else None,
        )
        for place, (kind, title, minutes, m) in enumerate(plan)
    ]  # fmt: skip
    change.add_all(items)
    change.flush()
    return items


def _shown(change: Change, riverton: Riverton, meeting_id: int, item_id: int, m: M, at: datetime) -> None:
    """On the wall as it could be drawn on that day; where a measure has wards, a look at them."""
    shown = {
        "meeting_id": meeting_id,
        "item_id": item_id,
        "measure_id": riverton.measures[m.code],
        "run_id": riverton.run_at(at),
    }
    change.add(Shown(at=at, **shown))
    if m.wards:
        change.add(Shown(at=at + timedelta(minutes=4), view={"by": "Ward"}, **shown))


def _reviewed(
    change: Change, riverton: Riverton, meeting: Meeting, item: AgendaItem, m: M, at: datetime, place: int
) -> None:
    """One measure on the wall: a question, sometimes a decision, and one or two promises."""
    measure, department = riverton.measures[m.code], m.code[:2]
    about = {
        "meeting_id": meeting.id, "item_id": item.id, "measure_id": measure, "as_shown": riverton.as_shown(m, meeting.day),
    }  # fmt: skip
    change.add(ItemMeasure(item_id=item.id, measure_id=measure, position=0))
    head = HEADS[department]
    if place < 2:
        asked, answer = riverton.next_of(f"question {department}", QUESTIONS[department])
        change.add(
            Question(
                text=asked, answer=answer, answered_at=at + timedelta(minutes=7) if answer else None,
                asked_of_id=riverton.people[head], due=None if answer else meeting.answers_due,
                line=f"question {asked} @{head}", at=at + timedelta(minutes=6), **about,
            )
        )  # fmt: skip
    if place == meeting.number % 3 and meeting.number % 2 == 0:
        riverton.decisions += 1
        words = riverton.next_of(f"decision {department}", DECISIONS[department])
        change.add(
            Decision(
                number=riverton.decisions, text=words, line=f"decision {words}", at=at + timedelta(minutes=9), **about
            )
        )
    for turn in range(promises_under(meeting.number, place)):
        words, form = riverton.next_promise(department)
        owner = (
            STAFF[department][int(riverton.rng.integers(len(STAFF[department])))] if form != "budget request" else "lo"
        )
        owed_by = {
            "owner_id": riverton.people[owner], "department_id": riverton.departments.get(DEPARTMENT[owner]), **about,
        }  # fmt: skip
        riverton.register.write(change, words, form, m, owner, at + timedelta(minutes=10 + turn), owed_by)


def _approved(city: City, meeting_id: int, day: date) -> None:
    """The minutes as they read two days later, approved by the mayor."""
    with city.read() as read:
        content = minutes.compose(read, meeting_id, today=day)
    approve.approve(city, meeting_id, content, "Elena Reyes", datetime.combine(day, time(16, 30)))


## The meeting that comes next

# kind, title, minutes, presenter, measures, questions, narrative; {slow} is the month in which ambulances slowed down
AGENDA = (
    ("good-news", "Good news", 5, "dw", (), (), ""),
    ("promises", "Promises from last time", 15, "np", (), (), ""),
    ("measure", "Calls answered in 10 seconds", 10, "dw", ("EC-01", "EC-03", "EC-04"),
     ("What keeps Sundays below 90 %?", "Can the night plan be kept with four posts open?"),
     "The new shift plan has held for a year. Its price is overtime, and four posts are open."),
    ("measure", "Ambulance response, 90th percentile", 15, "rh", ("FD-01",),
     ("What changed in {slow}?", "Which ward drives it?"),
     "Response has been slower since {slow}, and ward 6 is most of it: its ambulance waits at the hospital."),
    ("measure", "Overtime in dispatch", 10, "lc", ("EC-07",), ("What would four filled posts save?",),
     "Overtime and open posts rise together."),
    ("topic", "Home safety visits: more visits, as many fires", 15, "jn", ("FD-05", "FD-03"),
     ("What did the second visit team change?",),
     "A second team has made many more visits since it began. Structure fires are as frequent as before."),
    ("cross-department", "What crosses departments", 8, "ym", ("HR-01",), ("Do sick days and overtime move together?",), ""),
    ("read-back", "Read-back", 10, "np", (), (), ""),
)  # fmt: skip


def _prepare(change: Change, riverton: Riverton, meeting_id: int) -> None:
    """The meeting that Today speaks of: planned, with its agenda, memo not yet sent."""
    seated = _seated(SERIES["PublicSafetyStat"])
    change.add_all(Attendance(meeting_id=meeting_id, person_id=riverton.people[i], role=role) for i, role in seated)
    slow = periods.MONTH_NAMES_LONG[
        riverton.calendar.moved(next(s.since for s in STORIES if s.code == "FD-01")).month - 1
    ]
    for place, (kind, title, minutes_, presenter, codes, questions, narrative) in enumerate(AGENDA):
        item = AgendaItem(
            meeting_id=meeting_id, position=place, kind=kind, title=title, minutes=minutes_,
            presenter_id=riverton.people[presenter], narrative=narrative.format(slow=slow),
            questions="\n".join(questions).format(slow=slow),
        )  # fmt: skip
        change.add(item)
        change.flush()
        change.add_all(
            ItemMeasure(item_id=item.id, measure_id=riverton.measures[c], position=i) for i, c in enumerate(codes)
        )
