"""Reminders of figures that are owed: e-mail drafts (RFC 5322) and calendar entries (RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from pathlib import Path

from citystat import periods
from citystat.collect.calendar import Debtor, Owed
from citystat.files import write_bytes
from citystat.texts import plural, tr

FOLD = 75  # octets of a line of a calendar file
NOTICE = 2  # days before its day that a calendar tells of it


def draft(debtor: Debtor, city: str, office: str, today: date, sheet: tuple[str, bytes] | None = None) -> bytes:
    """An e-mail that opens as a draft; without an address its To is empty. sheet: name and content of a return sheet."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject(debtor)
    if debtor.person and debtor.person.email:
        message["To"] = debtor.person.email
    message["X-Unsent"] = "1"  # Outlook, Thunderbird and others open it to be sent, not as mail that came
    message.set_content(body(debtor, city, office, today, sheet=sheet is not None))
    if sheet is not None:
        name, content = sheet
        kind = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        message.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return bytes(message)


def subject(debtor: Debtor) -> str:
    """ "Three figures are due by 15 March 2026", and what is late first."""
    late, coming = len(debtor.late), [o for o in debtor.owed if not o.late]
    if late:
        return plural(late, "{n} figure is overdue", "{n} figures are overdue")
    day = periods.day_label(max(o.due for o in coming))
    return plural(len(coming), "{n} figure is due by {day}", "{n} figures are due by {day}", day=day)


def body(debtor: Debtor, city: str, office: str, today: date, *, sheet: bool = False) -> str:
    """The letter: what is late, what is held back, what comes next."""
    first = debtor.name.split()[0] if debtor.person else ""
    lines = [tr("Dear {name},", name=first) if first else tr("Good day,"), ""]
    held = [o for o in debtor.owed if o.state == "failed"]
    late = [o for o in debtor.late if o not in held]
    coming = [o for o in debtor.owed if not o.late and o not in held]
    for title, some in (
        (tr("These figures are overdue:"), late),
        (tr("These came and could not be believed as they are; please look at them again:"), held),
        (tr("These fall due next:"), coming),
    ):
        if some:
            lines += [title, "", *map(_line, some), ""]
    lines.append(
        tr("Please fill in the sheet that is attached and send it back; what is not known stays empty.")
        if sheet
        else tr(
            "Please send them as usual. If a figure cannot be had, say so: a gap with a reason is better than a guess."
        )
    )
    lines += ["", tr("Thank you,"), dotted_office(office, city), ""]
    return "\n".join(lines)


def dotted_office(office: str, city: str) -> str:
    """Who writes."""
    return ", ".join(filter(None, (office, city)))


def _line(owed: Owed) -> str:
    m = owed.measure
    day = periods.weekday_label(owed.due)
    return "  - " + tr("{code} {name} ({period}), due {day}", code=m.code, name=m.name, period=owed.when, day=day)


def write_drafts(
    folder: Path, rows: Sequence[Debtor], city: str, office: str, today: date, sheets: dict[str, tuple[str, bytes]]
) -> list[Path]:
    """A draft for each debtor in `folder`; sheets: by the debtor's key. Returns the files; none is written over another."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for debtor in rows:
        name = re.sub(r"[^\w\- ]", "", debtor.person.name if debtor.person else debtor.department or tr("Nobody"))
        path = folder / f"{tr('Reminder')} {name.strip() or debtor.key} {today.isoformat()}.eml"
        if path in written:
            path = path.with_stem(f"{path.stem} {debtor.key}")
        write_bytes(path, draft(debtor, city, office, today, sheets.get(debtor.key)))
        written.append(path)
    return written


## Calendar entries


def entries(rows: Iterable[Debtor], city: str, now: datetime) -> bytes:
    """All due days as one calendar file: an entry for each person and day, the same one whenever it is written again."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CityStat//Collection calendar//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]  # fmt: skip
    for debtor in rows:
        days: dict[date, list[Owed]] = {}
        for owed in debtor.owed:
            days.setdefault(owed.due, []).append(owed)
        for day, some in sorted(days.items()):
            lines += _entry(debtor, day, some, city, now)
    return "".join(folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _entry(debtor: Debtor, day: date, owed: Sequence[Owed], city: str, now: datetime) -> list[str]:
    uid = sha256(f"{city}|{debtor.key}|{day.isoformat()}".encode()).hexdigest()[:32]
    words = plural(len(owed), "{n} figure due: {name}", "{n} figures due: {name}", name=debtor.name)
    told = "\n".join(f"{o.measure.code} {o.measure.name}, {o.when}" for o in owed)
    stamp = now.astimezone(UTC)
    return [
        "BEGIN:VEVENT", f"UID:{uid}@citystat", f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}", f"SEQUENCE:{int(stamp.timestamp()) // 60 % 2**31}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}", f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(words)}", f"DESCRIPTION:{escaped(told)}", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{escaped(words)}", f"TRIGGER:-P{NOTICE}D", "END:VALARM", "END:VEVENT",
    ]  # fmt: skip


def escaped(words: str) -> str:
    """Text as RFC 5545 (3.3.11) writes it."""
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> str:
    """A line of at most 75 octets; what is longer goes on after a break and a space (RFC 5545, 3.1)."""
    parts, rest = [], line
    room = FOLD
    while len(rest.encode()) > room:
        cut = room
        while len(rest[:cut].encode()) > room:
            cut -= 1
        parts.append(rest[:cut])
        rest, room = rest[cut:], FOLD - 1
    return "\r\n ".join([*parts, rest])
