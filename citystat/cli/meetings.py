"""citystat meeting and citystat actions: agendas, memos, minutes and the register without a window."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.cli import words
from citystat.errors import CityStatError
from citystat.meetings import actions, agenda, capture, meeting, papers, series

DOCUMENTS = {"packet": "briefing", "minutes": "minutes", "followup": "followup"}


def add_parser(commands: Any) -> None:
    """Declare `meeting` with its acts, and `actions`."""
    top = commands.add_parser("meeting", help="agendas, memos, minutes").add_subparsers(required=True, metavar="ACT")
    words.of_a_city(top.add_parser("list"), _list)
    words.of_a_city(top.add_parser("show"), _show).add_argument("id", type=int)
    new = words.of_a_city(top.add_parser("new"), _new)
    new.add_argument("--series", required=True)
    new.add_argument("--on", type=words.day, required=True, metavar="YYYY-MM-DD")
    for name in DOCUMENTS:
        document = words.of_a_city(top.add_parser(name), _document)
        document.add_argument("id", type=int)
        document.add_argument("-o", "--output", type=words.new_file, required=True, metavar="FILE.docx")
        document.add_argument("--template", type=words.file, help="a .docx instead of the city's own template")
        document.add_argument("--language", help="en or es")
        document.set_defaults(document=name)
    parse = words.of_a_city(top.add_parser("parse"), _parse)
    parse.add_argument("line")
    parse.add_argument("--on", type=words.day, default=None)
    register = words.of_a_city(commands.add_parser("actions"), _actions)
    for option in ("department", "owner", "status"):
        register.add_argument(f"--{option}")
    register.add_argument("--overdue", action="store_true")


def _list(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rows = meeting.meetings(read)
    if arguments.json:
        print(json.dumps({"meetings": [asdict(r) for r in rows]}, default=str, ensure_ascii=False))
    else:
        for r in rows:
            print(f"{r.id:>5}  {r.day}  {r.series:<24} {r.status}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        row, items = meeting.meeting(read, arguments.id), agenda.agenda(read, arguments.id)
    if arguments.json:
        print(
            json.dumps({"meeting": asdict(row), "agenda": [asdict(i) for i in items]}, default=str, ensure_ascii=False)
        )
    else:
        print(f"{row.series}, {periods.weekday_label(row.day)}, {row.starts:%H:%M}, {row.place} ({row.status})")
        for n, item in enumerate(items, 1):
            print(f"{n:>3}  {item.minutes:>3} min  {item.title}  {', '.join(c.code for c in item.measures)}")
        print(f"     {agenda.planned_minutes(items):>3} of {row.minutes} min")
    return 0


def _new(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city:
        with city.read() as read:
            found = next((s for s in series.all_series(read) if s.name.lower() == arguments.series.lower()), None)
        if found is None:
            raise CityStatError(f"There is no series {arguments.series}", do="Make it in the window, under Meetings")
        made = meeting.plan_meeting(city, found.id, arguments.on)
        agenda.standard_agenda(city, made)
    print(json.dumps({"id": made}) if arguments.json else f"Planned {found.name} on {arguments.on} as meeting {made}")
    return 0


def _document(arguments: argparse.Namespace) -> int:
    from citystat.documents.template import read_template
    from citystat.views.chart.picture import document_picture, ready_to_paint

    ready_to_paint()
    template = read_template(arguments.template) if arguments.template else None
    with City.open(arguments.city) as city:
        if arguments.output.suffix.lower() != ".docx":
            raise CityStatError(
                "A meeting's documents are Word files", where=str(arguments.output), do="End its name in .docx"
            )
        papers.write_paper(
            city, DOCUMENTS[arguments.document], arguments.id, arguments.output, picture=document_picture,
            today=date.today(), now=datetime.now(), template=template, language=arguments.language,
        )  # fmt: skip
    print(json.dumps({"file": str(arguments.output)}) if arguments.json else f"Wrote {arguments.output}")
    return 0


def _parse(arguments: argparse.Namespace) -> int:
    """What the capture line makes of a line, read against the next meeting."""
    on = arguments.on or date.today()
    with City.open(arguments.city) as city, city.read() as read:
        following = meeting.next_meeting(read, on)
        entry = capture.parse(arguments.line, capture.context(read, following.id if following else 0, on))
    keys = ("kind", "text", "owner", "due", "measure", "priority", "form", "unfinished")
    print(
        json.dumps(
            {k: getattr(entry, k) or ([] if k == "unfinished" else None) for k in keys}, default=str, ensure_ascii=False
        )
    )
    return 0


def _actions(arguments: argparse.Namespace) -> int:
    with City.open(arguments.city) as city, city.read() as read:
        rows = actions.actions(
            read, date.today(), department=arguments.department, owner=arguments.owner, status=arguments.status,
            overdue=arguments.overdue,
        )  # fmt: skip
    if arguments.json:
        print(json.dumps({"actions": [{"code": r.code, **asdict(r)} for r in rows]}, default=str, ensure_ascii=False))
    else:
        for r in rows:
            late = f"{r.days_late} days late" if r.days_late else r.status
            due = r.due.isoformat() if r.due else ""
            print(f"{r.code:<7}{due:<12} {late:<14} {r.owner:<20} {r.text}")
    return 0
