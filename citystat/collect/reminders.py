"""Reminders of figures that are owed: e-mail drafts (RFC 5322) and calendar entries (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from citystat.city import City
from citystat.collect.asked import NothingToAsk, asked, named
from citystat.collect.calendar import FAILED, Debtor, Owed, remember
from citystat.collect.calendar_words import day_words
from citystat.collect.return_sheet import workbook
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.printable import one_line
from citystat.texts import plural, tr

FOLD = 75  # octets of a line of a calendar file
NOTICE = "-PT15H"  # before midnight of the day: nine in the morning of the day before
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # from here an entry's versions are counted, in minutes
SPAN = 3  # periods of one measure named one by one; more are told as a span
SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"


## Reminding


def remind(
    city: City, rows: Sequence[Debtor], folder: Path, *, now: datetime, today: date, sheets: bool = False,
    progress: Callable[[float, str], object] = lambda _share, _words: None,
) -> list[Path]:  # fmt: skip
    """Write a draft for each debtor into `folder`, in the language spoken here, and keep who was reminded of what.

    sheets: with a return sheet for what has ended and is not there. Returns the files; CityStatError: none was written.
    """
    attached = {}
    for n, debtor in enumerate(rows):
        progress(0.9 * n / len(rows), debtor.name)
        if sheets and (made := _sheet(city, debtor, now, today)):
            attached[debtor.key] = made
    paths = write_drafts(folder, rows, city.settings.name, city.settings.office, today, attached)
    remember(city, rows, now)
    return paths


def again_today(rows: Iterable[Debtor], today: date) -> list[Debtor]:
    """Those who were reminded today already."""
    return [d for d in rows if d.reminded and d.reminded.date() == today]


def _sheet(city: City, debtor: Debtor, now: datetime, today: date) -> tuple[str, bytes] | None:
    """Name and content of a return sheet; None where nothing that has ended is missing."""
    person, department = (debtor.person.name, "") if debtor.person else ("", debtor.department)
    try:
        with city.read() as read:
            found = asked(read, person=person, department=department, today=today)
    except NothingToAsk:
        return None
    return f"{named(found)}.xlsx", workbook(city, found, now)


## Drafts


def draft(debtor: Debtor, city: str, office: str, today: date, sheet: tuple[str, bytes] | None = None) -> bytes:
    """An e-mail that opens as a draft; without an address its To is empty. sheet: name and content of a return sheet."""
    to = address(debtor)
    message = EmailMessage(policy=SMTP if to is None or to.addr_spec.isascii() else SMTPUTF8)
    message["Subject"] = subject(debtor, today)
    message["To"] = to or ""
    message["X-Unsent"] = "1"  # Outlook, Thunderbird and others open it to be sent, not as mail that came
    message.set_content(body(debtor, city, office, today, sheet=sheet is not None), cte="quoted-printable")
    if sheet is not None:
        message.add_attachment(sheet[1], maintype="application", subtype=SHEET, filename=sheet[0])
    return bytes(message)


def address(debtor: Debtor) -> Address | None:
    """Name and e-mail address of a debtor, as the roster has it; None where there is none."""
    if debtor.person is None or "@" not in debtor.person.email:
        return None
    user, _, domain = debtor.person.email.rpartition("@")
    return Address(one_line(debtor.person.name), user, domain)


def subject(debtor: Debtor, today: date) -> str:
    """ "3 figures are overdue", or by when they are wanted."""
    late, asked = len(debtor.late), debtor.asked
    if late:
        return plural(late, "{n} figure is overdue", "{n} figures are overdue")
    day = day_words(max(o.due for o in asked), today)
    return plural(len(asked), "{n} figure is due by {day}", "{n} figures are due by {day}", day=day)


def body(debtor: Debtor, city: str, office: str, today: date, *, sheet: bool = False) -> str:
    """The letter: what is late, what is held back, what comes next, and why it goes to this person."""
    greeting = (
        tr("Dear {name},", name=debtor.name)
        if debtor.person
        else tr("Dear colleagues of {department},", department=debtor.name)
    )
    held = [o for o in debtor.asked if o.state == FAILED]
    late = [o for o in debtor.asked if o.late and o not in held]
    coming = [o for o in debtor.asked if not o.late and o not in held]
    lines = [greeting, ""]
    for title, some in (
        (tr("These figures are overdue:"), late),
        (tr("These came and could not be believed as they are; please look at them again:"), held),
        (tr("These fall due next:"), coming),
    ):
        if some:
            lines += [title, "", *_listed(some, today), ""]
    lines.append(
        tr("Please fill in the sheet that is attached and send it back; what is not known stays empty.")
        if sheet
        else tr("Please send them as usual. If a figure cannot be had, say so: a gap with a reason is better than a guess.")
    )  # fmt: skip
    lines += ["", _why(debtor), ""] if _why(debtor) else [""]
    return "\n".join([*lines, tr("Thank you,"), ", ".join(filter(None, (office, city))), ""])


def _why(debtor: Debtor) -> str:
    """Whoever is asked as head of a department can name an owner instead."""
    unowned = [o for o in debtor.asked if not o.owner]
    if not unowned or debtor.person is None:
        return ""
    if len(unowned) < len(debtor.asked):
        return tr("Some of them come to you as head of the department, because nobody else is named as their owner. Tell us who it is, and we ask there.")  # fmt: skip
    return tr("They come to you as head of the department, because nobody is named as their owner. Tell us who it is, and we ask there.")  # fmt: skip


def _listed(owed: Sequence[Owed], today: date) -> list[str]:
    """A line for each measure and period; of one that owes many, a line for all."""
    found = []
    for _, some in groupby(sorted(owed, key=lambda o: (o.measure.code, o.start)), lambda o: o.measure.code):
        mine = list(some)
        if len(mine) <= SPAN:
            found += [_line(o.measure.called, o.when, o.due, today) for o in mine]
        else:
            when = tr("{first} to {last}", first=mine[0].when, last=mine[-1].when)
            found.append(_line(mine[0].measure.called, f"{when}: {len(mine)}", mine[0].due, today))
    return found


def _line(name: str, when: str, due: date, today: date) -> str:
    day = day_words(due, today)
    said = tr("was due {day}", day=day) if due < today else tr("due {day}", day=day)
    return f"  - {name} ({when}), {said}"


def write_drafts(
    folder: Path, rows: Sequence[Debtor], city: str, office: str, today: date,
    sheets: Mapping[str, tuple[str, bytes]] | None = None,
) -> list[Path]:  # fmt: skip
    """A draft for each debtor in `folder`, all or none; sheets: by the debtor's key. Returns the files.

    CityStatError where they cannot be written. One of the same day and person is written anew.
    """
    letters = [draft(d, city, office, today, (sheets or {}).get(d.key)) for d in rows]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = tr("The folder cannot be made ({why})", why=error.strerror or str(error))
        raise CityStatError(what, where=str(folder), do=tr("Choose another folder")) from error
    paths = _paths(folder, rows, today)
    written: list[Path] = []
    try:
        for path, letter in zip(paths, letters, strict=True):
            fresh = not path.exists()
            write_bytes(path, letter)
            written += [path] if fresh else []
    except CityStatError:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise
    return paths


def _paths(folder: Path, rows: Sequence[Debtor], today: date) -> list[Path]:
    """A file's name for each debtor; people of the same name are told apart."""
    found: list[Path] = []
    for debtor in rows:
        name = " ".join(re.sub(r"[^\w\-' ]", " ", debtor.name).split())[:80]
        path = folder / f"{today.isoformat()} {tr('Reminder')} {name}.eml"
        found.append(path.with_name(f"{path.stem} {debtor.key}.eml") if path in found else path)
    return found


## Calendar entries


def entries(rows: Iterable[Debtor], city: str, uid: str, now: datetime, *, today: date) -> bytes:
    """All coming due days as one calendar file: an all-day entry for each debtor and day, the same one whenever it is written again.

    city: its name · uid: by which its papers know it again · now: local time.
    """
    named = escaped(tr("{city}: figures due", city=city))
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CityStat//Collection calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{named}",
    ]  # fmt: skip
    for debtor in rows:
        for day, some in debtor.by_day():
            if day >= today:
                lines += _entry(debtor, day, some, uid, now)
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _entry(debtor: Debtor, day: date, owed: Sequence[Owed], city: str, now: datetime) -> list[str]:
    uid = sha256(f"{city}|{debtor.key}|{day.isoformat()}".encode()).hexdigest()[:32]
    words = escaped(plural(len(owed), "{n} figure due: {name}", "{n} figures due: {name}", name=debtor.name))
    what = escaped("\n".join(f"{o.measure.called}, {o.when}" for o in owed))
    stamp = now.astimezone(UTC)
    return [
        "BEGIN:VEVENT", f"UID:{uid}@citystat", f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}", f"SEQUENCE:{(stamp - EPOCH) // timedelta(minutes=1)}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{words}", f"DESCRIPTION:{what}", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{words}", f"TRIGGER:{NOTICE}", "END:VALARM", "END:VEVENT",
    ]  # fmt: skip


def escaped(words: str) -> str:
    """Text as RFC 5545 (3.3.11) writes it."""
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line of at most 75 octets; what is longer goes on after a break and a space (RFC 5545, 3.1)."""
    parts, part, room = [], "", FOLD
    for sign in line:
        if len((part + sign).encode()) > room:
            parts.append(part)
            part, room = "", FOLD - 1
        part += sign
    return "\r\n ".join([*parts, part])
