"""Find a person by a few letters: initials, name, title or department."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from citystat.models import Department, Person


@dataclass(frozen=True)
class Someone:
    """A person as the capture line knows them."""

    id: int
    name: str
    initials: str
    title: str
    department: str
    department_id: int | None
    heads: bool


def people(read: Session) -> list[Someone]:
    """All active people by name."""
    query = (
        select(Person, Department.name, Department.code)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(Person.active.is_(True))
        .order_by(Person.name)
    )
    return [
        Someone(p.id, p.name, p.initials, p.title, name or "", p.department_id, p.heads_department)
        for p, name, _ in read.execute(query)
    ]


def match(words: str, everyone: Sequence[Someone]) -> list[Someone]:
    """Who `words` may mean, the best kind of match only: one person is a match, several are a question.

    In this order: initials, the name, words of the name, the title's beginning, the head of a department, the title's words.
    """
    wanted = folded(words).removeprefix("the ")
    if not wanted:
        return []
    tests: tuple[Callable[[Someone], bool], ...] = (
        lambda p: folded(p.initials) == wanted,
        lambda p: folded(p.name) == wanted,
        lambda p: _begins(p.name, wanted),
        lambda p: folded(p.title).startswith(wanted),
        lambda p: p.heads and _begins(p.department, wanted),
        lambda p: _begins(p.title, wanted),
    )
    return next((found for test in tests if (found := [p for p in everyone if test(p)])), [])


def _begins(text: str, wanted: str) -> bool:
    """Each wanted word begins a word of the text, in order."""
    words = iter(folded(text).split())
    return all(any(word.startswith(part) for word in words) for part in wanted.split())


def folded(text: str) -> str:
    """Small letters without accents, so that "Nunez" finds "Núñez"."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower().strip()
