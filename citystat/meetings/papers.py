"""Briefing memo, minutes and follow-up memo as Word files, and the office's own templates they are written with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.city import City
from citystat.documents.word import Picture, write
from citystat.errors import CityStatError
from citystat.files import same
from citystat.meetings import briefing, followup, minutes
from citystat.models import DocumentTemplate, Minutes, StoredFile
from citystat.texts import LANGUAGES, tr

KINDS = {"briefing": briefing, "minutes": minutes, "followup": followup}
NAMES = {"briefing": "Briefing memo", "minutes": "Minutes", "followup": "Follow-up memo"}


def write_paper(
    city: City,
    kind: str,
    meeting_id: int,
    to: Path,
    *,
    picture: Picture,
    today: date,
    now: datetime,
    template: bytes | None = None,
    language: str | None = None,
) -> Path:
    """Write a meeting's briefing, minutes or followup to `to`; returns it.

    template: instead of the city's own (of read_template()); language: instead of the person's.
    """
    if language is not None and language not in LANGUAGES:
        raise CityStatError(
            tr("CityStat does not write in “{language}”", language=language),
            do=tr("Choose one of {list}", list=", ".join(LANGUAGES)),
        )
    if same(to, city.path):
        raise CityStatError(
            tr("The document would overwrite the city itself"), where=str(to), do=tr("Choose another name")
        )
    with city.read() as read:
        content = KINDS[kind].compose(read, meeting_id, today=today, language=language)
        template = template or template_for(read, kind, meeting_id)
    write(content, to, picture=picture, now=now, template=template)
    return to


def template_for(read: Session, kind: str, meeting_id: int | None = None) -> bytes | None:
    """The template of a kind of document, None for CityStat's own; approved minutes keep the one they were approved with."""
    approved = read.get(Minutes, meeting_id) if kind == "minutes" and meeting_id else None
    chosen = read.get(DocumentTemplate, kind)
    sha = approved.template_sha256 if approved else chosen.sha256 if chosen else None
    return read.scalar(select(StoredFile.content).where(StoredFile.sha256 == sha)) if sha else None


def chosen_templates(read: Session) -> dict[str, str]:
    """By kind of document, the file name of the office's template; kinds without one are not there."""
    return {row.kind: row.name for row in read.scalars(select(DocumentTemplate))}


def keep_template(city: City, kinds: Iterable[str], name: str, data: bytes) -> None:
    """Keep a checked template under its file's name."""
    sha = hashlib.sha256(data).hexdigest()
    with city.change(tr("Choose document template")) as change:
        if change.get(StoredFile, sha) is None:
            change.add(StoredFile(sha256=sha, content=data))
            change.flush()
        for kind in kinds:
            row = change.get(DocumentTemplate, kind)
            if row is None:
                change.add(DocumentTemplate(kind=kind, name=name, sha256=sha))
            else:
                row.name, row.sha256 = name, sha


def forget_templates(city: City, kinds: Iterable[str]) -> None:
    """Write these kinds with CityStat's own template again."""
    with city.change(tr("Use CityStat's own template")) as change:
        for kind in kinds:
            row = change.get(DocumentTemplate, kind)
            if row is not None:
                change.delete(row)
