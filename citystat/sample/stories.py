"""What is planted in Riverton's figures on purpose, and what a right analysis must find."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Story(NamedTuple):
    """From `since` on the measure differs by `shift` (its unit), or by `drift` a month.

    finds: the signal that standings() must show; note: words on the chart (kind, text).
    """

    code: str
    since: date
    shift: float
    finds: str
    drift: float = 0.0
    until: date | None = None
    note: tuple[str, str] | None = None
    tells: str = ""


STORIES = (
    Story(
        "EC-01",
        date(2025, 3, 1),
        6.7,
        "improvement",
        note=("rebase", "New shift plan"),
        tells="a real improvement after a reform",
    ),
    Story("FD-01", date(2025, 11, 1), 1.1, "concern", tells="ambulances slower, ward 6 most of it"),
    Story(
        "PW-01", date(2025, 8, 1), 6.0, "concern", note=("note", "New repair contractor"), tells="a contractor failing"
    ),
    Story(
        "PB-01", date(2025, 6, 1), -5.6, "improvement", note=("rebase", "Counter moved online"), tells="permits faster"
    ),
    Story("HR-07", date(2025, 9, 1), 7.5, "improvement", tells="requests closed sooner"),
    Story("HR-01", date(2025, 7, 1), 0.27, "concern", tells="more sick days"),
    Story("EC-07", date(2025, 9, 1), 200.0, "concern", tells="overtime grows with vacant posts"),
    Story("PK-03", date(2026, 2, 1), 0.0, "", tells="a seasonal trap: winter is no decline"),
    Story("FD-06", date(2019, 1, 1), 0.0, "common", tells="a target that cannot be met"),
    Story(
        "FD-05",
        date(2024, 7, 1),
        160.0,
        "improvement",
        note=("rebase", "Second visit team"),
        tells="a program that does nothing: visits up",
    ),
    Story("FD-03", date(2024, 7, 1), 0.0, "", tells="…and fires as before"),
    Story("HR-09", date(2019, 1, 1), 0.0, "common", tells="nothing happens"),
)
# a value typed wrong by the department and corrected a month later: (measure, period, wrong factor)
CORRECTED = ("PW-05", date(2025, 10, 1), 0.1)
