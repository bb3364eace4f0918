"""citystat demo: the main job from start to end without a screen, leaving documents and pictures."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from citystat.city import City
from citystat.collect.apply import apply
from citystat.collect.guess import guess
from citystat.collect.readers import read
from citystat.collect.store import store
from citystat.measures.standing import standings
from citystat.meetings import actions, agenda, approve, meeting, minutes, papers, running, suggest
from citystat.meetings.series import save_series
from citystat.models import Department, Person

PEOPLE = (
    ("Elena Reyes", "er", "Mayor"),
    ("Dana Whitfield", "dw", "Operations director"),
    ("Lucia Ortiz", "lo", "Budget director"),
)
LINES = (
    "win two more places report on time",
    "question what changed in the last year? @dw",
    "action explain the three worst months @dw ^in 3 weeks =report",
    "action cost of meeting the standard everywhere @lo ^30 days =budget request",
    "decision this measure is looked at every month",
)


def add_parser(commands: Any) -> None:
    """Declare `demo`."""
    parser: argparse.ArgumentParser = commands.add_parser(
        "demo", help="the main job from start to end, without a screen"
    )
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--with", dest="source", type=Path, help="walk the same way on this file")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace) -> int:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    out: Path = arguments.out
    (out / "screens").mkdir(parents=True, exist_ok=True)
    say: Callable[[str], None] = (lambda _: None) if arguments.json else print
    path = out / ("demo.citystat" if arguments.source else "Riverton-demo.citystat")
    for old in path.parent.glob(path.name + "*"):
        old.unlink()
    if arguments.source:
        city, today = _from_file(path, arguments.source, say), date.today()
    else:
        from citystat.sample.riverton import make

        today = date(2026, 3, 10)
        city = make(path, today=today)
        say("Made Riverton, the sample city")
    with city:
        held = _prepare(city, today, say)
        _document(city, held, "briefing", out / "briefing.docx", today, say)
        _pictures_before(city, held, out / "screens", today, say)
        _hold(city, held, out / "screens", today, say)
        _document(city, held, "followup", out / "followup.docx", today, say)
        _document(city, held, "minutes", out / "minutes.docx", today, say)
    if arguments.json:
        print(
            json.dumps(
                {"city": str(path), "out": str(out), "screens": sorted(p.name for p in (out / "screens").glob("*.png"))}
            )
        )
    return 0


def _from_file(path: Path, source: Path, say: Callable[[str], None]) -> City:
    """A new city that holds what is in the file, and three people to talk about it."""
    opened = read(source)
    city = City.create(path, source.stem.replace("-", " ").title())
    recipe = guess(opened, year_start=city.settings.fiscal_year_start)
    done = store(city, opened, recipe, apply(opened, recipe), now=datetime.now())
    say(f"Brought in {done.added:,} values from {source.name}: {', '.join(done.measures[:6])}")
    with city.change("Add people") as change:
        department = Department(code="OPS", name="Operations")
        change.add(department)
        change.flush()
        change.add_all(
            Person(name=n, initials=i, title=t, department_id=department.id, heads_department=i == "dw")
            for n, i, t in PEOPLE
        )
    return city


def _prepare(city: City, today: date, say: Callable[[str], None]) -> int:
    """The next meeting with its agenda; in a city without one it is made from what the data proposes."""
    with city.read() as asked:
        following = meeting.next_meeting(asked, today)
        stand = standings(asked)
    if following is not None:
        return following.id
    series = save_series(
        city, None, name="PerformanceStat", place="City Hall, room 4", chair_id=1, members=[(1, "chair"), (2, "department head"), (3, "budget")],
        measures=[s.measure.id for s in stand],
    )  # fmt: skip
    held = meeting.plan_meeting(city, series, today + timedelta(days=2))
    agenda.standard_agenda(city, held)
    with city.read() as asked:
        proposed = suggest.suggestions(asked, held, today)
    for one in proposed[:4]:
        suggest.take(city, held, one)
    shown = {s.measure_id for s in proposed[:4]}
    for s in [s for s in stand if s.measure.id not in shown][: 4 - len(shown)]:
        agenda.add_item(
            city,
            held,
            "measure",
            s.measure.name,
            10,
            [s.measure.id],
            questions=suggest.questions_for(s),
            narrative=s.headline + ".",
        )
    say("Planned PerformanceStat with an agenda from the data")
    return held


def _document(city: City, held: int, kind: str, to: Path, today: date, say: Callable[[str], None]) -> None:
    from citystat.views.chart.picture import document_picture

    _application()
    now = datetime.combine(today, datetime.min.time())
    papers.write_paper(city, kind, held, to, picture=document_picture, today=today, now=now)
    say(f"Wrote {to}")


def _application() -> Any:
    from PySide6.QtWidgets import QApplication

    from citystat.views.shell.recent import Remembered
    from citystat.views.shell.window import dress

    app = QApplication.instance() or QApplication([])
    dress(Remembered(Path(os.devnull)))
    return app


def _pictures_before(city: City, held: int, to: Path, today: date, say: Callable[[str], None]) -> None:
    """Every screen, light and dark."""
    from citystat.views.demo import photograph

    with city.read() as asked:
        first = next((c.code for i in agenda.agenda(asked, held) for c in i.measures), None)
    places = [
        "today",
        "goals",
        "measures",
        f"measure:{first}" if first else "measures",
        "data",
        "import",
        "meetings",
        f"meeting:{held}",
        "actions",
    ]
    for name in photograph(city, places, to, today):
        say(f"Painted {to / name}")


def _hold(city: City, held: int, to: Path, today: date, say: Callable[[str], None]) -> None:
    """The meeting itself, through the console: items, captured lines, read-back, adjourn, approve."""
    from citystat.views.demo import meeting_pictures

    now = datetime.combine(today + timedelta(days=2), datetime.min.time()).replace(hour=10)
    for name in meeting_pictures(city, held, to, now, LINES):
        say(f"Painted {to / name}")
    with city.read() as asked:
        promised = actions.actions(asked, today, meeting=held)
    for one in promised:
        actions.read_back(city, one.id)
    running.adjourn(city, held, now + timedelta(minutes=88))
    with city.read() as asked:
        content = minutes.compose(asked, held, today=today)
    done = approve.approve(city, held, content, "Elena Reyes", now + timedelta(days=2))
    say(f"Held the meeting: {len(promised)} promises; minutes approved, {done.short}")
