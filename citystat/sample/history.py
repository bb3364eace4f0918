"""Riverton's meetings: four series, two years of meetings with what was promised, and the next one planned."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import numpy as np

from citystat import periods
from citystat.city import Change, City
from citystat.models import (
    ActionItem,
    ActionUpdate,
    AgendaItem,
    Attendance,
    Decision,
    ItemMeasure,
    Meeting,
    MeetingSeries,
    Note,
    Person,
    Question,
    SeriesMeasure,
    SeriesMember,
    Shown,
)
from citystat.sample.tables import MEASURES
from citystat.texts import tr

# series → (months between, departments, members besides the mayor's table, week of the month, weekday)
SERIES = {
    "PublicSafetyStat": (1, ("EC", "FD", "PD"), ("dw", "rh", "ps", "jn", "mb", "lc"), 2, 3),
    "StreetStat": (2, ("PW",), ("is", "ad", "cb"), 3, 1),
    "HomeStat": (3, ("HS", "PB", "PK"), ("rf", "sr", "al", "hn", "dm"), 1, 2),
    "PeopleStat": (3, ("FN", "HR"), ("ym", "kj", "of"), 4, 2),
}
TABLE = (("er", "chair"), ("ta", "panel"), ("lo", "budget"), ("go", "counsel"), ("np", "analyst"), ("mh", "analyst"))

# what is promised: (words, form); {measure} is the measure under discussion
PROMISES = (
    ("Report on {measure} by station and shift", "report"),
    ("Compare with three neighbouring cities", "analysis"),
    ("Plan to fill the open posts", "memo"),
    ("Cost of a second crew", "budget request"),
    ("Walk the five worst blocks and report", "site visit"),
    ("Check how {measure} is counted", "data"),
    ("Brief the panel on the contract's standards", "briefing"),
    ("Start the pilot in ward 6", "launch"),
    ("Explain the three highest months of {measure}", "memo"),
    ("List the ten oldest cases and their next step", "report"),
)
QUESTIONS = (
    "Why do Sundays stay below the rest?",
    "What would one more crew change?",
    "Who decides on this, and when?",
)
DECISIONS = ("The pilot goes on for six months", "Overtime is reviewed every week", "The standard stays as it is")
WINS = (
    "Dispatch academy: first class of nine",
    "No water sample failed for a year",
    "The backlog counter opened on Saturdays",
)


def hold_meetings(city: City, people: dict[str, int], measures: dict[str, int], today: date) -> None:
    """Two years of meetings up to `today`, and the next PublicSafetyStat two days later."""
    rng = np.random.default_rng(7)
    with city.change(tr("Make the sample meetings")) as change:
        plan = [(day, name) for name in SERIES for day in _days(name, today)]
        ids = {name: _series(change, name, people, measures) for name in SERIES}
        numbers = {"action": 0, "decision": 0}
        counts = dict.fromkeys(SERIES, 0)
        for day, name in sorted(plan):
            counts[name] += 1
            _held(change, rng, name, ids[name], counts[name], day, people, measures, numbers, today)
        _next(
            change, ids["PublicSafetyStat"], counts["PublicSafetyStat"] + 1, today + timedelta(days=2), people, measures
        )


def _days(name: str, today: date) -> list[date]:
    """The days of a series over two years: the nth such weekday of its months."""
    every, _, _, week, weekday = SERIES[name]
    months = [periods.add_months(today.replace(day=1), -m) for m in range(1, 25) if m % every == 0]
    return [m + timedelta(days=(weekday - m.weekday()) % 7 + 7 * (week - 1)) for m in months]


def _series(change: Change, name: str, people: dict[str, int], measures: dict[str, int]) -> int:
    _, departments, members, week, weekday = SERIES[name]
    row = MeetingSeries(
        name=name, rhythm=f"{('first', 'second', 'third', 'fourth')[week - 1]} {periods.WEEKDAYS[weekday]}",
        place="City Hall, room 4", chair_id=people["er"], starts=time(10, 0), minutes=90,
    )  # fmt: skip
    change.add(row)
    change.flush()
    seated = [*TABLE, *((initials, "department head") for initials in members)]
    change.add_all(SeriesMember(series_id=row.id, person_id=people[i], role=role) for i, role in seated)
    change.add_all(
        SeriesMeasure(series_id=row.id, measure_id=measures[m.code]) for m in MEASURES if m.code[:2] in departments
    )
    return row.id


def _held(
    change: Change,
    rng: np.random.Generator,
    name: str,
    series_id: int,
    number: int,
    day: date,
    people: dict[str, int],
    measures: dict[str, int],
    numbers: dict[str, int],
    today: date,
) -> None:
    """One meeting of the past: agenda, presence, what was shown and written down."""
    _, departments, members, _, _ = SERIES[name]
    began = datetime.combine(day, time(10, 2))
    meeting = Meeting(
        series_id=series_id, number=number, day=day, place="City Hall, room 4", chair_id=people["er"],
        status="adjourned", started_at=began, ended_at=began + timedelta(minutes=int(rng.integers(82, 92))),
        memo_sent_at=began - timedelta(days=4), followup_sent_at=began + timedelta(days=1),
        answers_due=day + timedelta(days=21),
    )  # fmt: skip
    change.add(meeting)
    change.flush()
    for initials, role in [*TABLE, *((i, "department head") for i in members)]:
        status = "present" if rng.random() < 0.92 else "excused"
        change.add(Attendance(meeting_id=meeting.id, person_id=people[initials], role=role, status=status))
    mine = [m for m in MEASURES if m.code[:2] in departments]
    topics = [mine[int(i)] for i in rng.choice(len(mine), 3, replace=False)]
    items = [
        AgendaItem(meeting_id=meeting.id, position=0, kind="good-news", title=tr("Good news"), minutes=5, seconds=290)
    ]
    items.append(
        AgendaItem(
            meeting_id=meeting.id,
            position=1,
            kind="promises",
            title=tr("Promises from last time"),
            minutes=15,
            seconds=960,
        )
    )
    items += [
        AgendaItem(
            meeting_id=meeting.id,
            position=2 + i,
            kind="measure",
            title=m.name,
            minutes=15,
            seconds=int(rng.integers(600, 1200)),
        )
        for i, m in enumerate(topics)
    ]
    items.append(
        AgendaItem(meeting_id=meeting.id, position=5, kind="read-back", title=tr("Read-back"), minutes=10, seconds=580)
    )
    change.add_all(items)
    change.flush()
    change.add(
        Note(
            meeting_id=meeting.id,
            item_id=items[0].id,
            kind="win",
            text=WINS[number % 3],
            line="",
            at=began + timedelta(minutes=3),
        )
    )
    owners = list(members)
    for i, m in enumerate(topics):
        item, at = items[2 + i], began + timedelta(minutes=22 + 15 * i)
        measure = measures[m.code]
        change.add(ItemMeasure(item_id=item.id, measure_id=measure, position=0))
        change.add(Shown(meeting_id=meeting.id, item_id=item.id, measure_id=measure, at=at, run_id=1))
        if i == 0:
            change.add(
                Question(
                    meeting_id=meeting.id,
                    item_id=item.id,
                    measure_id=measure,
                    text=QUESTIONS[number % 3],
                    at=at,
                    asked_of_id=people[owners[0]],
                    answer=tr("Answered in the room"),
                )
            )
        if i == 1 and number % 3 == 0:
            numbers["decision"] += 1
            change.add(
                Decision(
                    number=numbers["decision"],
                    meeting_id=meeting.id,
                    item_id=item.id,
                    text=DECISIONS[number % len(DECISIONS)],
                    at=at,
                )
            )
        for _ in range(int(rng.integers(1, 3))):
            numbers["action"] += 1
            owner = owners[int(rng.integers(len(owners)))]
            _promise(
                change,
                rng,
                meeting,
                item,
                m.name,
                measure,
                numbers["action"],
                people[owner],
                at + timedelta(minutes=4),
                today,
            )


def _promise(
    change: Change,
    rng: np.random.Generator,
    meeting: Meeting,
    item: AgendaItem,
    measure: str,
    measure_id: int,
    number: int,
    owner: int,
    at: datetime,
    today: date,
) -> None:
    """A promise and what became of it: most kept, some late, the newest still open."""
    words, form = PROMISES[number % len(PROMISES)]
    due = at.date() + timedelta(days=int(rng.choice([14, 21, 28, 42])))
    due += timedelta(days=(7 - due.weekday()) % 7 if due.weekday() > 4 else 0)
    late = int(rng.choice([-3, -1, 0, 5, 12], p=[0.3, 0.3, 0.2, 0.12, 0.08]))
    closed = due + timedelta(days=late)
    age = (today - at.date()).days
    done = closed < today and (age > 150 or (age > 45 and number % 2 == 1))
    status = "verified" if done else ("in progress" if number % 3 == 0 else "open")
    if done and number % 17 == 0:
        status = "dropped"
    owner_row = change.get(Person, owner)
    row = ActionItem(
        number=number, meeting_id=meeting.id, item_id=item.id, measure_id=measure_id, at=at, form=form, due=due,
        text=words.format(measure=measure[0].lower() + measure[1:]), owner_id=owner, status=status, read_back=True,
        department_id=owner_row.department_id if owner_row else None, closed_on=closed if done else None,
    )  # fmt: skip
    change.add(row)
    change.flush()
    if status != "open":
        change.add(
            ActionUpdate(
                action_id=row.id, at=datetime.combine(closed if done else at.date() + timedelta(days=7), time(16, 0)),
                who="sample", status_before="open", status_after=status,
                comment=tr("Overtaken by events") if status == "dropped" else "",
            )
        )  # fmt: skip


AGENDA = (
    ("good-news", "Good news", 5, (), ()),
    ("promises", "Promises from last time", 15, (), ()),
    ("measure", "Calls answered in 10 seconds", 10, ("EC-01", "EC-03", "EC-04"),
     ("What keeps Sundays below 90 %?", "Can the night plan be kept with four posts open?")),
    ("measure", "Ambulance response, 90th percentile", 15, ("FD-01",),
     ("What changed in November?", "Which ward drives it?")),
    ("measure", "Overtime in dispatch", 10, ("EC-07",), ("What would four filled posts save?",)),
    ("topic", "Home safety visits: more visits, as many fires", 15, ("FD-05", "FD-03"),
     ("What did the second visit team change?",)),
    ("cross-department", "What crosses departments", 8, ("HR-01",), ("Do sick days and overtime move together?",)),
    ("read-back", "Read-back", 10, (), ()),
)  # fmt: skip


def _next(
    change: Change, series_id: int, number: int, day: date, people: dict[str, int], measures: dict[str, int]
) -> None:
    """The meeting that Today speaks of: planned, with its agenda, memo not yet sent."""
    meeting = Meeting(series_id=series_id, number=number, day=day, place="City Hall, room 4", chair_id=people["er"])
    change.add(meeting)
    change.flush()
    seated = [*TABLE, *((i, "department head") for i in SERIES["PublicSafetyStat"][2])]
    change.add_all(Attendance(meeting_id=meeting.id, person_id=people[i], role=role) for i, role in seated)
    for place, (kind, title, minutes, codes, questions) in enumerate(AGENDA):
        item = AgendaItem(
            meeting_id=meeting.id,
            position=place,
            kind=kind,
            title=title,
            minutes=minutes,
            questions="\n".join(questions),
        )
        change.add(item)
        change.flush()
        change.add_all(ItemMeasure(item_id=item.id, measure_id=measures[c], position=i) for i, c in enumerate(codes))
