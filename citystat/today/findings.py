"""What the screening found and nobody answered, as one line of Today."""

from __future__ import annotations

from sqlalchemy.orm import Session

from citystat.city.observations import Progress
from citystat.texts import plural, tr
from citystat.today.wanted import Line


def findings(read: Session, progress: Progress | None = None) -> Line | None:
    """How many findings wait, and the first of them; None where none does. Looks at every measure that is new or changed."""
    from citystat.screening.answers import (
        answers,
        unanswered,
    )  # numpy is slow to import, and the window stands before it
    from citystat.screening.found import screen

    waiting = unanswered(screen(read, progress).findings, answers(read))
    if not waiting:
        return None
    n, first = len(waiting), waiting[0]
    mark = first.signal if first.signal in ("improvement", "concern") else ""
    return Line(
        plural(n, "{n} finding waits for an answer", "{n} findings wait for an answer"),
        tr("The first: {name}. {words}", name=first.measure.name, words=first.words), "findings", mark,
    )  # fmt: skip
