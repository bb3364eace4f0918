"""citystat calendar: who owes which figures by when, reminders as e-mail drafts, due dates as a calendar file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import Any

from citystat import periods
from citystat.city import City
from citystat.cli import words
from citystat.collect.calendar import Debtor, Line, Owed, debtors, heat
from citystat.collect.calendar_words import due_words, reminded_words, sentence
from citystat.collect.reminders import address, again_today, entries, remind
from citystat.collect.return_sheet import city_uid
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.people.roster import departments, everyone
from citystat.texts import speaking


def add_parser(commands: Any) -> None:
    """Declare `calendar`."""
    parser: argparse.ArgumentParser = commands.add_parser("calendar")
    words.of_a_city(parser, _calendar)
    parser.add_argument("--department", default="", metavar="NAME", help="only its measures")
    parser.add_argument("--person", default="", metavar="NAME", help="only what this person owes")
    parser.add_argument("--on", type=words.day, metavar="YYYY-MM-DD", help="as of this day; today if left out")
    parser.add_argument(
        "--reminders", type=words.new_file, metavar="FOLDER", help="write an e-mail draft for everybody who is late"
    )
    parser.add_argument("--all", action="store_true", help="with --reminders: for those who are not late, too")
    parser.add_argument("--sheets", action="store_true", help="with --reminders: attach return sheets")
    parser.add_argument(
        "--ics", type=words.new_file, metavar="FILE", help="write the due dates of a year as a calendar file"
    )
    parser.add_argument("--language", choices=("en", "es"), help="of the drafts and the calendar file")


def _calendar(arguments: argparse.Namespace) -> int:
    today = arguments.on or date.today()
    with City.open(arguments.city) as city:
        _known(city, arguments)
        with city.read() as read:
            rows = _chosen(debtors(read, today), arguments)
            lines = [line for section in heat(read, today) for line in section.lines]
        found = {**_machine(rows, lines, arguments.department), "reminders": [], "warnings": [], "calendar": ""}
        with speaking(arguments.language) if arguments.language else nullcontext():
            if arguments.reminders:
                _remind(city, rows, arguments, today, found)
            if arguments.ics:
                _write_calendar(city, arguments, today, found)
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(rows, today, found)
    return 0


def _known(city: City, arguments: argparse.Namespace) -> None:
    """CityStatError where a department or a person is a slip of the pen; one that owes nothing is none."""
    with city.read() as read:
        units, people = departments(read), everyone(read)
    if arguments.department and arguments.department.lower() not in {d.name.lower() for d in units}:
        names = ", ".join(d.name for d in units)
        raise CityStatError(f"There is no department “{arguments.department}”", do=f"There is {names}" if names else "")
    known = {name.lower() for p in people for name in (p.name, p.initials)} | {d.name.lower() for d in units}
    if arguments.person and arguments.person.lower() not in known:
        raise CityStatError(
            f"There is nobody called “{arguments.person}”", do="Give a name or initials as under People"
        )


def _chosen(rows: Sequence[Debtor], arguments: argparse.Namespace) -> list[Debtor]:
    """What the options leave of who owes what."""
    person, department = arguments.person.lower(), arguments.department.lower()
    found = [d for d in rows if person in ("", d.name.lower(), d.person.initials.lower() if d.person else "")]
    narrowed = [Debtor(d.person, d.department, tuple(o for o in d.owed if department in ("", o.measure.department.lower()))) for d in found]  # fmt: skip
    return [d for d in narrowed if d.owed]


def _remind(
    city: City, rows: Sequence[Debtor], arguments: argparse.Namespace, today: date, found: dict[str, Any]
) -> None:
    """Drafts for those who are late, or for all."""
    chosen = [d for d in rows if d.named and (d.late or arguments.all)]
    found["warnings"] += [f"{d.name} was reminded today already" for d in again_today(chosen, today)]
    found["warnings"] += [f"{d.name} has no e-mail address: To is empty" for d in chosen if address(d) is None]
    now = datetime.combine(arguments.on, datetime.now().time()) if arguments.on else datetime.now()
    paths = remind(city, chosen, arguments.reminders, now=now, today=today, sheets=arguments.sheets) if chosen else []
    found["reminders"] = [str(path) for path in paths]


def _write_calendar(city: City, arguments: argparse.Namespace, today: date, found: dict[str, Any]) -> None:
    path: Path = arguments.ics
    if path.suffix.lower() != ".ics":
        raise CityStatError("A calendar file ends in .ics", where=str(path), do="Give such a name")
    with city.read() as read:
        rows = _chosen(debtors(read, today, year=True), arguments)
    write_bytes(path, entries(rows, city.settings.name, city_uid(city), datetime.now(), today=today))
    found["calendar"] = str(path)


def _machine(rows: Sequence[Debtor], lines: Sequence[Line], department: str) -> dict[str, Any]:
    return {
        "owed": [
            {
                "who": d.name if d.named else "", "person": d.person is not None, "email": d.person.email if d.person else "",
                "department": d.department, "figures": [_owed(o) for o in d.owed],
            }
            for d in rows
        ],
        "measures": [_measure(line) for line in lines if department.lower() in ("", line.measure.department.lower())],
    }  # fmt: skip


def _owed(o: Owed) -> dict[str, Any]:
    m = o.measure
    return {
        "code": m.code, "name": m.name, "period": periods.key(o.start, m.frequency), "due": o.due.isoformat(), "state": o.state,
        "days_late": max(0, o.days), "as": "owner" if o.owner else "", "reminded": o.reminded.isoformat(timespec="seconds") if o.reminded else None,
    }  # fmt: skip


def _measure(line: Line) -> dict[str, Any]:
    m = line.measure
    return {
        "code": m.code, "department": m.department, "owner": m.owner,
        "periods": [
            {
                "period": periods.key(s.start, m.frequency), "state": s.state, "due": s.due.isoformat(), "days_late": s.days,
                "figures": s.figures, "closed": s.closed,
            }
            for s in line.squares if s.state
        ],
    }  # fmt: skip


def _print(rows: Sequence[Debtor], today: date, found: dict[str, Any]) -> None:
    print(sentence(rows, today))
    for d in rows:
        reminded = f" ({reminded_words(d.reminded, today)})" if d.reminded else ""
        unit = f", {d.department}" if d.person and d.department else ""
        print(f"\n{d.name}{unit}{reminded}")
        for day, some in d.by_day():
            codes = ", ".join(f"{o.measure.code} {o.when}{' (held back)' if o.state == 'failed' else ''}" for o in some)
            print(f"  {due_words(len(some), day, today)}: {codes}")
    for line in found["warnings"]:
        print(f"warning: {line}")
    for path in (*found["reminders"], *filter(None, [found["calendar"]])):
        print(f"written: {path}")
