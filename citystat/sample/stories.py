"""What is planted in Riverton's figures on purpose, and what a right analysis must find.

The dates are those of a Riverton whose figures end with `REFERENCE`; `Calendar` moves them, so that on any day
every story lies equally far back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from citystat import periods

REFERENCE = date(2026, 2, 1)  # the last month with figures in the dates written here
FIRST = date(2019, 3, 1)
YEAR_START = 7


@dataclass(frozen=True)
class Calendar:
    """The days of a Riverton that stands on `today`; its figures end with the month before."""

    today: date

    @property
    def last(self) -> date:
        """First day of the last month with figures."""
        return periods.add_months(self.today.replace(day=1), -1)

    def moved(self, month: date) -> date:
        """`month`, as written in these tables, at the same distance from the last figures."""
        return periods.add_months(self.last, periods.between(REFERENCE, month, "month"))

    def fiscal(self, month: date) -> date:
        """`month` moved, and then back to the beginning of its fiscal year: targets begin there."""
        return periods.start_of(self.moved(month), "year", YEAR_START)


class Story(NamedTuple):
    """From `since` on the measure differs by `shift` (its unit).

    finds: the signal that standings() must show, "" where none is claimed; note: words on the chart (kind, text);
    tells: what it is about.
    """

    code: str
    since: date
    shift: float
    finds: str
    tells: str
    note: tuple[str, str] | None = None


STORIES = (
    Story("EC-01", date(2025, 3, 1), 6.7, "improvement", "a real improvement after a reform", ("rebase", "New shift plan")),
    Story("FD-01", date(2025, 11, 1), 1.1, "concern", "ambulances slower, ward 6 most of it"),
    Story("PW-01", date(2025, 8, 1), 6.0, "concern", "a contractor failing", ("note", "New repair contractor")),
    Story("PB-01", date(2025, 6, 1), -5.6, "improvement", "permits faster", ("rebase", "Counter moved online")),
    Story("HR-07", date(2025, 9, 1), 7.5, "improvement", "requests closed sooner"),
    Story("HR-01", date(2025, 7, 1), 0.27, "concern", "more sick days"),
    Story("EC-07", date(2025, 9, 1), 200.0, "concern", "overtime grows with vacant posts"),
    Story("PW-04", date(2026, 1, 1), 120.0, "concern", "new: two circuits out since a storm", ("note", "Storm took two circuits")),
    Story("HR-03", date(2025, 12, 1), -17.0, "improvement", "new: hiring with fewer approvals"),
    Story("PK-03", date(2026, 2, 1), 0.0, "", "a seasonal trap: winter is no decline"),
    Story("FD-06", date(2019, 3, 1), 0.0, "common", "a target that cannot be met"),
    Story("FD-05", date(2024, 7, 1), 160.0, "improvement", "a program that does nothing: visits up", ("rebase", "Second visit team")),
    Story("FD-03", date(2024, 7, 1), 0.0, "common", "…and fires as before"),
    Story("PW-18", date(2025, 7, 1), 3.6, "concern", "a hauler failing: stops missed"),
    Story("PW-19", date(2025, 7, 1), -8.0, "concern", "…misses made good late"),
    Story("PW-20", date(2025, 7, 1), 34.0, "concern", "…and residents call"),
    Story("HR-09", date(2019, 3, 1), 0.0, "common", "nothing happens"),
)  # fmt: skip

# what the reform brought, month by month: never below the target of 92
AFTER_THE_REFORM = (93.4, 93.5, 92.5, 94.6, 92.5, 93.1, 92.5, 92.4, 92.8, 93.0, 93.7, 93.3)


class Late(NamedTuple):
    """A return that came by itself, `days` after those of its month."""

    code: str
    period: date
    days: int


LATE = (
    Late("PK-06", date(2025, 10, 1), 21),
    Late("PK-06", date(2025, 12, 1), 27),
    Late("PK-06", date(2026, 1, 1), 16),
    Late("HS-07", date(2025, 9, 1), 14),
)


class Correction(NamedTuple):
    """A period that the department first reported as `factor` times the right value; corrected `months` later."""

    code: str
    period: date
    factor: float
    months: int
    source: str


CORRECTIONS = (
    Correction("PW-05", date(2025, 10, 1), 0.1, 1, "Public works, decimal point corrected"),
    Correction("EC-01", date(2025, 11, 1), 92.1 / 92.8, 1, "Dispatch, calls of the storm night added"),
    Correction("HS-05", date(2025, 5, 1), 0.84, 1, "Court filings that came late"),
    Correction("PB-05", date(2025, 1, 1), 1.12, 2, "Permits, closed cases taken out"),
)
