"""Reminders: drafts that Python's own parser reads, and a calendar file that a strict reader of RFC 5545 takes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from email import message_from_string
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citystat import periods
from citystat.city import City
from citystat.collect import reminders
from citystat.collect.calendar import Debtor
from citystat.collect.reminders import again_today, body, draft, entries, escaped, folded, remind, write_drafts
from citystat.errors import CityStatError
from citystat.texts import speaking
from tests.collect.owing import FEB, JAN, arrive, owing, works

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 9, 30)
YEAR = periods.run(date(2025, 1, 1), date(2025, 12, 1), "month")


@pytest.fixture
def late(city: City) -> City:
    """January and February are missing of four measures."""
    works(city)
    for code in "VWZN":
        arrive(city, code, *YEAR)
    return city


def named(city: City, name: str) -> Debtor:
    return next(d for d in owing(city, TODAY) if d.name.startswith(name))


def read_mail(data: bytes) -> EmailMessage:
    message = message_from_string(
        data.decode("utf-8"), policy=SMTPUTF8
    )  # the parser of bytes garbles what is beyond ASCII
    assert isinstance(message, EmailMessage) and not message.defects
    return message


def text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


## Drafts


def test_a_draft_opens_unsent_with_name_address_and_what_is_wanted(late: City) -> None:
    data = draft(named(late, "Ana"), "Riverton", "Office of Performance", TODAY)
    assert b"\r\n" in data and not re.search(rb"(?<!\r)\n", data)
    mail = read_mail(data)
    assert (mail["X-Unsent"], mail["Subject"], mail["To"]) == (
        "1",
        "2 figures are overdue",
        "Ana Ruiz <ana@city.example>",
    )
    words = text(mail)
    assert words.startswith("Dear Ana Ruiz,")
    assert "  - W · Trees (Jan 2026), was due Sunday 15 February\n" in words
    assert "as head of the department" in words and words.rstrip().endswith("Office of Performance, Riverton")


def test_names_and_addresses_beyond_ascii_stay_what_they_are(late: City) -> None:
    mail = read_mail(draft(named(late, "Ben"), "Riverton", "Office", TODAY))
    (to,) = mail["To"].addresses
    assert (to.display_name, to.username, to.domain) == ("Ben Ñandú, Jr.", "ben.ñandú", "city.example")
    assert "head of the department" not in text(mail)


def test_a_department_without_a_head_gets_a_draft_with_an_empty_to(late: City) -> None:
    mail = read_mail(draft(named(late, "Zoo"), "Riverton", "Office", TODAY))
    assert str(mail["To"]) == "" and text(mail).startswith("Dear colleagues of Zoo,")


def test_in_spanish_where_spanish_is_spoken(late: City) -> None:
    with speaking("es"):
        mail = read_mail(draft(named(late, "Ana"), "Riverton", "Oficina", TODAY))
    words = text(mail)
    assert "domingo 15 de febrero" in words and "overdue" not in str(mail["Subject"]) + words and "Dear" not in words


def test_many_periods_of_one_measure_are_told_as_a_span(late: City) -> None:
    debtor = next(d for d in owing(late, date(2026, 8, 16)) if d.name.startswith("Ana"))
    assert "  - W · Trees (Jan 2026 to Jul 2026: 7), was due Sunday 15 February" in body(
        debtor, "R", "O", date(2026, 8, 16)
    )


def test_only_what_is_late_or_soon_is_asked_for_unless_that_is_nothing(late: City) -> None:
    assert {o.start for o in named(late, "Ana").asked} == {JAN, FEB}
    arrive(late, "W", JAN, FEB)
    coming = named(late, "Ana")
    assert [o.start for o in coming.asked] == [date(2026, 3, 1)]
    assert reminders.subject(coming, TODAY) == "1 figure is due by Wednesday 15 April"


def test_reminding_writes_one_file_a_person_and_keeps_who_was_reminded(late: City, tmp_path: Path) -> None:
    rows = [d for d in owing(late, TODAY) if d.named]
    paths = remind(late, rows, tmp_path / "drafts", now=NOW, today=TODAY, sheets=True)
    assert [p.name for p in paths] == [
        "2026-03-20 Reminder Ana Ruiz.eml", "2026-03-20 Reminder Ben Ñandú Jr.eml", "2026-03-20 Reminder Zoo.eml",
    ]  # fmt: skip
    (sheet,) = read_mail(paths[0].read_bytes()).iter_attachments()
    assert str(sheet.get_filename()).endswith(".xlsx") and sheet.get_content()[:2] == b"PK"
    again = owing(late, TODAY)
    assert [d.name for d in again_today(again, TODAY)] == [d.name for d in rows]
    assert again_today(again, TODAY + timedelta(days=1)) == []


def test_two_of_one_name_get_a_file_each(late: City, tmp_path: Path) -> None:
    ana = named(late, "Ana")
    assert ana.person is not None
    other = Debtor(type(ana.person)(**{**ana.person.__dict__, "id": 99}), "Zoo", ana.owed)
    paths = write_drafts(tmp_path, [ana, other], "R", "O", TODAY)
    assert len(set(paths)) == 2 and all(p.exists() for p in paths)


def test_where_one_cannot_be_written_none_is_and_nobody_counts_as_reminded(late: City, tmp_path: Path) -> None:
    (tmp_path / "2026-03-20 Reminder Ben Ñandú Jr.eml").mkdir()
    with pytest.raises(CityStatError):
        remind(late, [d for d in owing(late, TODAY) if d.named], tmp_path, now=NOW, today=TODAY)
    assert [p for p in tmp_path.glob("*.eml") if p.is_file()] == []
    assert all(d.reminded is None for d in owing(late, TODAY))
    (tmp_path / "file").write_text("")
    with pytest.raises(CityStatError, match="folder"):
        write_drafts(tmp_path / "file", [named(late, "Ana")], "R", "O", TODAY)


## Calendar entries


def read_ics(data: bytes) -> list[dict[str, str]]:
    """The events of a calendar file, by a reader that takes nothing that RFC 5545 does not allow."""
    raw = data.decode("utf-8")
    assert raw.endswith("\r\n") and not re.search(r"(?<!\r)\n|\r(?!\n)", raw)
    assert all(len(line.encode()) <= 75 for line in raw.split("\r\n"))
    lines = raw.replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines and any(line.startswith("PRODID:") for line in lines)
    open_: list[str] = []
    events: list[dict[str, str]] = []
    for line in lines:
        found = re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=[^;:\",]+)*):(.*)", line)
        assert found, line
        name, parameters, value = found.groups()
        if name == "BEGIN":
            open_.append(value)
            events += [{}] if value == "VEVENT" else []
        elif name == "END":
            assert open_.pop() == value
        elif open_ and open_[-1] != "VCALENDAR":
            key = name + parameters if open_[-1] == "VEVENT" else f"{open_[-1]}.{name}"
            assert key not in events[-1], f"{key} twice"
            events[-1][key] = value
    assert open_ == []
    for event in events:
        assert event.keys() >= {"UID", "DTSTAMP", "SUMMARY", "DTSTART;VALUE=DATE", "VALARM.ACTION", "VALARM.TRIGGER", "VALARM.DESCRIPTION"}  # fmt: skip
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"]) and 0 <= int(event["SEQUENCE"]) < 2**31
        begins, ends = (datetime.strptime(event[f"{k};VALUE=DATE"], "%Y%m%d") for k in ("DTSTART", "DTEND"))
        assert ends - begins == timedelta(days=1)
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", event["SUMMARY"] + event["DESCRIPTION"])
    assert len({e["UID"] for e in events}) == len(events)
    return events


def test_the_calendar_file_has_a_day_for_every_debtor_and_due_date_to_come(late: City) -> None:
    rows = owing(late, TODAY, year=True)
    events = read_ics(entries(rows, "Riverton", "uid", NOW, today=TODAY))
    assert min(e["DTSTART;VALUE=DATE"] for e in events) == "20260415"
    mine = [e for e in events if "Ben" in e["SUMMARY"]]
    assert len(mine) == 11 + 1 and mine[0]["SUMMARY"] == "1 figure due: Ben Ñandú\\, Jr."
    assert mine[0]["DESCRIPTION"] == "V · Potholes\\; filled\\, Mar 2026"


def test_a_second_file_updates_the_same_entries(late: City) -> None:
    first = read_ics(entries(owing(late, TODAY, year=True), "Riverton", "uid", NOW, today=TODAY))
    arrive(late, "W", FEB, at=date(2026, 3, 20))
    later = NOW + timedelta(minutes=5)
    second = read_ics(entries(owing(late, TODAY, year=True), "Riverton", "uid", later, today=TODAY))
    assert [e["UID"] for e in first] == [e["UID"] for e in second]
    assert all(int(a["SEQUENCE"]) < int(b["SEQUENCE"]) for a, b in zip(first, second, strict=True))
    other = read_ics(entries(owing(late, TODAY, year=True), "Riverton", "another city", NOW, today=TODAY))
    assert not {e["UID"] for e in first} & {e["UID"] for e in other}


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_any_words_fold_into_lines_of_75_octets_and_back(words: str) -> None:
    line = folded(f"SUMMARY:{escaped(words)}")
    assert all(len(part.encode()) <= 75 for part in line.split("\r\n"))
    back = re.sub(r"\\([\\;,])", r"\1", line.replace("\r\n ", "").removeprefix("SUMMARY:"))
    assert back == words
