"""From adjourned to approved: the minutes are frozen as they read, hashed, and locked; later words are amendments.

Content, locked by approval: agenda, attendance, what was on the wall, every entry (words, owner, due date and form as
promised), rank and read-back, the day on which answers are due. Follow-up, which goes on: status, comments, a new due
date and a new owner of a promise (actions.update_action keeps what was before), a form that was never named, the
answer to a question, and that the follow-up memo went out. Approval and amendments are no steps of undo; what was done in
the meeting before its approval stays, and undo goes on to what is older and has nothing to do with it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.documents.content import Document
from citystat.documents.frozen import freeze, thaw
from citystat.errors import CityStatError
from citystat.meetings.meeting import editable
from citystat.models import Amendment, DocumentTemplate, Meeting, Minutes
from citystat.texts import tr


@dataclass(frozen=True)
class Approval:
    """Who approved, when, and the hash that the footer prints."""

    at: datetime
    who: str
    sha256: str

    @property
    def short(self) -> str:
        """ "7f3a 91c2"."""
        return f"{self.sha256[:4]} {self.sha256[4:8]}"


@dataclass(frozen=True)
class AmendmentRow:
    """An amendment to approved minutes."""

    number: int
    at: datetime
    who: str
    text: str


def approve(city: City, meeting_id: int, content: Document, who: str, now: datetime) -> Approval:
    """Lock an adjourned meeting with the minutes as they read in `content`, and with the template of today.

    `who` approved them. It cannot be taken back, by undo or otherwise.
    """
    if not who.strip():
        raise CityStatError(tr("Minutes are approved by somebody"), do=tr("Type the name of who approves them"))
    who = who.strip()
    with city.change(tr("Approve minutes"), undoable=False) as change:
        row = change.get(Meeting, meeting_id)
        if row is None or row.status != "adjourned":
            raise CityStatError(
                tr("Only the minutes of an adjourned meeting can be approved"), do=tr("Adjourn it first")
            )
        row.status = "approved"
        frozen = freeze(content)
        sha = _hash(frozen)
        template = change.get(DocumentTemplate, "minutes")
        change.add(
            Minutes(
                meeting_id=meeting_id, content=frozen, sha256=sha, approved_at=now, approved_by=who,
                template_sha256=template.sha256 if template else None,
            )
        )  # fmt: skip
    return Approval(now, who, sha)


def approval(read: Session, meeting_id: int) -> Approval | None:
    """The approval of a meeting's minutes; None while they are a draft."""
    row = read.get(Minutes, meeting_id)
    return Approval(row.approved_at, row.approved_by, row.sha256) if row else None


def approved_content(read: Session, meeting_id: int) -> Document | None:
    """The minutes as they were approved; CityStatError where they no longer are what was approved."""
    row = read.get(Minutes, meeting_id)
    if row is None:
        return None
    if _hash(row.content) != row.sha256:
        raise CityStatError(
            tr("The approved minutes were changed outside CityStat: they do not fit their hash"),
            do=tr("Take them from a backup made after the approval"),
        )
    found: Any = thaw(row.content)
    return found if isinstance(found, Document) else None


def amend(city: City, meeting_id: int, text: str, who: str, now: datetime) -> int:
    """Add a numbered amendment to approved minutes; returns its number. Like the approval it cannot be taken back."""
    if not text.strip():
        raise CityStatError(tr("An amendment needs words"), do=tr("Write what is to be added or corrected"))
    with city.change(tr("Amend minutes"), undoable=False) as change:
        if change.get(Minutes, meeting_id) is None:
            raise CityStatError(tr("These minutes are not approved yet"), do=tr("Change the record itself"))
        number = 1 + (change.scalar(select(func.count()).where(Amendment.meeting_id == meeting_id)) or 0)
        change.add(Amendment(meeting_id=meeting_id, number=number, at=now, who=who, text=text.strip()))
        return number


def amendments(read: Session, meeting_id: int) -> list[AmendmentRow]:
    """The amendments in order."""
    query = select(Amendment).where(Amendment.meeting_id == meeting_id).order_by(Amendment.number)
    return [AmendmentRow(a.number, a.at, a.who, a.text) for a in read.scalars(query)]


def set_sent(city: City, meeting_id: int, which: str, now: datetime, answers_due: date | None = None) -> None:
    """Record that the briefing ("memo") or the follow-up memo ("followup") went out, and until when answers are due.

    Once the minutes are approved only the day on which the follow-up memo went out can still be recorded.
    """
    with city.change(tr("Mark as sent")) as change:
        row = change.get(Meeting, meeting_id)
        if row is not None:
            if which != "followup" or answers_due:
                editable(row)
            setattr(row, f"{which}_sent_at", now)
            row.answers_due = answers_due or row.answers_due


def _hash(frozen: Any) -> str:
    return hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
