"""citystat demo: the main job from start to end without a screen, leaving documents and pictures."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from citystat import periods
from citystat.city import City
from citystat.cli import words
from citystat.errors import CityStatError
from citystat.measures.standing import Standing, standings
from citystat.meetings import actions, agenda, approve, meeting, minutes, papers, running, suggest
from citystat.meetings.series import save_series
from citystat.models import Department, Person

if TYPE_CHECKING:
    from citystat.views.demo import Camera

Say = Callable[[str], None]

# the office of a city that is made for a file: name, initials, title, department
PEOPLE = (
    ("Elena Reyes", "er", "Mayor", ""),
    ("Dana Whitfield", "dw", "Director of operations", "Operations"),
    ("Omar Haddad", "oh", "Operations manager", "Operations"),
    ("Lucia Ortiz", "lo", "Budget director", "Budget and finance"),
    ("Grace Okafor", "go", "City attorney", ""),
    ("Noah Petersen", "np", "Director of performance", "Budget and finance"),
)
ROLES = {"er": "chair", "lo": "budget", "go": "counsel", "np": "analyst"}

# what is written down, by kind of item; a group for each item that has charts, in turn
SAID: dict[str, tuple[str, ...]] = {
    "good-news": ("win Two more places report on time, without being asked",),
    "promises": ("note This is the first meeting on these figures; what is promised today opens the next one",),
    "cross-department": ("park One calendar for all returns to the performance office",),
    "read-back": ("action Send the panel one page on all of this @np ^tomorrow =memo",),
}
ON_CHARTS: tuple[tuple[str, ...], ...] = (
    (
        "question What changed in the last year? @dw",
        "action Explain the three worst months @oh ^in 3 weeks =report",
        "action Cost of reaching the standard everywhere @lo ^4 weeks =budget request",
    ),
    (
        "decision This measure is looked at every month",
        "action Compare with three places of our size @dw ^end of month =analysis !high",
    ),
    (
        "note Counsel reads the contract before the next meeting",
        "action Check how the figures are counted @np ^next friday =data",
    ),
    (
        "question Which part of it drives the whole? @oh",
        "action Brief the panel on the plan for the year @dw ^6 weeks =briefing",
    ),
)
IN_RIVERTON = {  # Riverton's own people and past in the same lines
    "@oh": "@lc",
    "@np": "@jn",
    "This is the first meeting on these figures; what is promised today opens the next one": (
        "The chief of staff verifies what was kept since last time"
    ),
}
MOST = 4  # measures on the agenda of a city made for a file


def add_parser(commands: Any) -> None:
    """Declare `demo`."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "demo", help="the main job from start to end, without a screen"
    )
    parser.add_argument(
        "--out", type=words.file, default=Path("out"), metavar="DIR", help="where to leave what is made"
    )
    parser.add_argument("--with", dest="source", type=words.file, metavar="FILE", help="walk the same way on this file")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from citystat.views import demo

    out: Path = arguments.out
    try:
        (out / "screens").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CityStatError(
            f"This cannot be a folder ({error.strerror})", where=str(out), do="Choose another with --out"
        ) from error
    say: Say = (lambda _: None) if arguments.json else print
    demo.quiet()
    today = date.today()
    with tempfile.TemporaryDirectory() as settings, _city(out, arguments.source, today, say) as city:
        camera = demo.Camera(city, out / "screens", Path(settings) / "settings.json")
        _walk(camera, arguments.source, out, today, say)
        camera.close()
    say(f"Painted {len(camera.taken)} screens in {out / 'screens'}")
    if arguments.json:
        print(json.dumps({"city": str(city.path), "out": str(out), "screens": camera.taken}))
    return 0


def _walk(camera: Camera, source: Path | None, out: Path, today: date, say: Say) -> None:
    """The main job: file in, agenda, memo, meeting, follow-up, minutes; a picture of everything."""
    from citystat.views import demo

    city = camera.city
    for dark in (True, False):
        demo.welcome(camera.light(dark), out / "screens" / "no-settings-here")
    made = _bring_in(camera, source, out, today, say)
    held = _prepare(city, made, today)
    with city.read() as read:
        first = next((c.code for i in agenda.agenda(read, held) for c in i.measures), made[0].measure.code)
        day = meeting.meeting(read, held).day
    for dark in (True, False):
        demo.pages(camera.light(dark), first, held)
    _document(city, held, "briefing", out / "briefing.docx", today, say)
    camera.close()
    now = demo.hold(camera, held, datetime.combine(day, time(10, 1)), _script(city.settings.sample))
    promised = _complete(city, held, now)
    demo.record(camera, held, "review")
    _document(city, held, "followup", out / "followup.docx", day, say)
    with city.read() as read:
        content = minutes.compose(read, held, today=day)
    done = approve.approve(city, held, content, "Elena Reyes", now + timedelta(days=1))
    say(f"Held the meeting: {promised} promises; minutes approved, {done.short}")
    demo.record(camera, held, "approved")
    _document(city, held, "minutes", out / "minutes.docx", day, say)


def _city(out: Path, source: Path | None, today: date, say: Say) -> City:
    """Riverton, or a new city for the file."""
    path = out / ("demo.citystat" if source else "Riverton-demo.citystat")
    for old in path.parent.glob(path.name + "*"):
        old.unlink()
    if source is None:
        from citystat.sample.riverton import make

        say("Made Riverton, the sample city")
        return make(path, today=today)
    city = City.create(path, "Demoville")
    with city.change("Add people") as change:
        departments = {name: Department(code=name[:3].upper(), name=name) for *_, name in PEOPLE if name}
        change.add_all(departments.values())
        change.flush()
        change.add_all(
            Person(
                name=name, initials=initials, title=title, heads_department=title.startswith(("Director of op", "Budget")),
                department_id=departments[department].id if department else None,
            )
            for name, initials, title, department in PEOPLE
        )  # fmt: skip
    return city


def _bring_in(camera: Camera, source: Path | None, out: Path, today: date, say: Say) -> list[Standing]:
    """Through the import page; what the file brought, most worth the room's time first."""
    from citystat.views import demo

    broken = None
    if source is None:
        from citystat.sample.workbook import mistaken_return, transit_return

        last = periods.add_months(today.replace(day=1), -1)
        source, broken = (
            transit_return(out / "transit-return.xlsx", last),
            mistaken_return(out / "transit-mistakes.csv", last),
        )
    before = _codes(camera.city)
    demo.bring_in(camera, source, broken)
    with camera.city.read() as read:
        made = [s for s in standings(read) if s.measure.code not in before]
    if not made:
        raise CityStatError(
            "The file did not come in through the import page",
            where=source.name,
            do="Try “citystat import”; it says why",
        )
    say(f"Brought in {source.name}: {', '.join(s.measure.name for s in made[:6])}")
    order = {"concern": 0, "improvement": 1, "neither": 2, "common": 3, "too few": 4}
    return sorted(made, key=lambda s: (order[s.signal], s.measure.unit == "percent", s.measure.code))


def _codes(city: City) -> set[str]:
    with city.read() as read:
        return {s.measure.code for s in standings(read)}


def _prepare(city: City, made: Sequence[Standing], today: date) -> int:
    """The next meeting with what the file brought on its agenda; a city without one gets its first."""
    with city.read() as read:
        following = meeting.next_meeting(read, today)
    if following is not None:
        items = _items(city, following.id)
        place = next(n for n, item in enumerate(items) if item.measures)
        agenda.change_item(city, next(i.id for i in items if i.kind == "cross-department"), minutes=5)
        agenda.change_item(city, next(i.id for i in items if i.kind == "promises"), minutes=10)
        _put(city, following.id, made[0], 8, place + 1)
        return following.id
    held = _first_meeting(city, made, today)
    for place, standing in enumerate(made[:MOST]):
        _put(city, held, standing, 12, 2 + place)
    return held


def _items(city: City, held: int) -> list[agenda.Item]:
    with city.read() as read:
        return agenda.agenda(read, held)


def _put(city: City, held: int, s: Standing, minutes_: int, position: int) -> None:
    agenda.add_item(
        city, held, "measure", s.measure.name, minutes_, [s.measure.id], position=position,
        questions=suggest.questions_for(s),
    )  # fmt: skip


def _first_meeting(city: City, made: Sequence[Standing], today: date) -> int:
    """A series for the file's measures, and its first meeting on the second working day from today."""
    with city.read() as read:
        ids = {p.initials: p.id for p in read.query(Person)}
    series = save_series(
        city, None, name="PerformanceStat", place="City Hall, room 4", chair_id=ids["er"],
        members=[(id_, ROLES.get(i, "department head")) for i, id_ in ids.items()], measures=[s.measure.id for s in made],
    )  # fmt: skip
    day = today + timedelta(days=2)
    held = meeting.plan_meeting(city, series, day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0))
    agenda.standard_agenda(city, held)
    topic = next((i for i in _items(city, held) if i.kind == "topic"), None)
    if topic is not None:
        agenda.remove_item(city, topic.id)
    return held


def _script(sample: bool) -> Callable[[str, bool], tuple[str, ...]]:
    """Which lines are said under an item; a group for each item with charts, as long as there are groups."""
    groups = list(ON_CHARTS)

    def said(kind: str, charts: bool) -> tuple[str, ...]:
        lines = groups.pop(0) if charts and groups and kind != "cross-department" else SAID.get(kind, ())
        for general, own in IN_RIVERTON.items() if sample else ():
            lines = tuple(line.replace(general, own) for line in lines)
        return lines

    return said


def _complete(city: City, held: int, now: datetime) -> int:
    """What the walk through the console may have left open: nothing unread, and the meeting adjourned."""
    with city.read() as read:
        promised = actions.actions(read, now.date(), meeting=held)
        status = meeting.meeting(read, held).status
    if status == "running":
        running.adjourn(city, held, now)
    unread = [a.code for a in promised if not a.read_back]
    if unread:
        raise CityStatError(f"The read-back left out {', '.join(unread)}", do="Look at screens/read-back-light.png")
    return len(promised)


def _document(city: City, held: int, kind: str, to: Path, today: date, say: Say) -> None:
    from citystat.views.chart.picture import document_picture

    now = datetime.combine(today, time(12, 0))
    papers.write_paper(city, kind, held, to, picture=document_picture, today=today, now=now)
    say(f"Wrote {to}")
