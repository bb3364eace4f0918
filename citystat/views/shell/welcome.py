"""No city is open: what this is, the first steps, the cities opened lately; or why the one asked for did not open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat import periods
from citystat.errors import CityStatError
from citystat.texts import plural, tr
from citystat.views.shell.recent import Recent
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.marks import Rule, button, label
from citystat.views.widgets.rows import ROW, Row, RowList

Act = tuple[str, Callable[[], object]]
Step = tuple[str, str, Act]  # heading, words, what is done
WIDE = 1040  # pixels of the page at 100 %, steps and cities side by side


class Welcome(QWidget):
    """steps: what may be done first; more: quiet acts beneath; opening(path) opens one of the cities of `recent`.

    trouble: what kept the city that was asked for from opening, with the acts that may mend it.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        more: Sequence[Act],
        recent: Sequence[Recent],
        opening: Callable[[Path], object],
        trouble: tuple[CityStatError, Sequence[Act]] | None = None,
        today: date | None = None,
    ) -> None:
        super().__init__()
        px = theme().px
        page = QWidget()
        page.setMaximumWidth(round(px(WIDE if recent else 720)))
        column = QVBoxLayout(page)
        column.setContentsMargins(32, round(px(72)), 32, 24)
        column.setSpacing(8)
        column.addWidget(label("CityStat", "title"))
        words = tr("Bring in the figures, see what changed, hold the stat meeting, keep track of what was promised.")
        column.addWidget(label(words, "soft", wrap=True))
        column.addSpacing(28)
        if trouble is not None:
            column.addWidget(_Trouble(*trouble))
            column.addSpacing(28)
        begin = _begin(steps, more, primary=trouble is None)
        if recent:
            column.addWidget(Beside(begin, _lately(recent, opening, today or date.today()), gap=64))
        else:
            column.addLayout(begin)
        column.addStretch(1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addStretch(1)
        whole.addWidget(page, 1000)
        whole.addStretch(1)


def first_steps(*, sample: Callable[[], object], new: Callable[[], object], other: Callable[[], object]) -> list[Step]:
    """The three ways to begin, with what each does: look at the sample city, make a city, open another one."""
    return [
        (
            tr("Look around"),
            tr("Riverton, a made-up city with two years of meetings, to try everything on."),
            (tr("Open the sample city"), sample),
        ),
        (
            tr("Begin your own city"),
            tr("Name it, say when its fiscal year begins, bring in the first spreadsheet."),
            (tr("New city…"), new),
        ),
        (
            tr("Go on where you were"),
            tr("A city is one file, on this computer or in a shared folder."),
            (tr("Open city…"), other),
        ),
    ]


def _begin(steps: Sequence[Step], more: Sequence[Act], *, primary: bool) -> QVBoxLayout:
    """The first steps, the first of them as the page's act."""
    column = QVBoxLayout()
    column.setSpacing(0)
    for at, (title, words, (said, act)) in enumerate(steps):
        row = QHBoxLayout()
        row.setContentsMargins(0, 14, 0, 14)
        row.setSpacing(16)
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(label(title, "heading"))
        lines.addWidget(label(words, "soft", wrap=True))
        row.addLayout(lines, 1)
        row.addWidget(button(said, act, kind="primary" if primary and not at else ""), 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(row)
        column.addWidget(Rule())
    quiet = QHBoxLayout()
    quiet.setContentsMargins(0, 14, 0, 0)
    quiet.setSpacing(20)
    for said, act in more:
        quiet.addWidget(button(said, act, kind="link"))
    quiet.addStretch(1)
    column.addLayout(quiet)
    column.addStretch(1)
    return column


def _lately(recent: Sequence[Recent], opening: Callable[[Path], object], today: date) -> QVBoxLayout:
    """The cities opened lately: name over folder, and when; a click or Enter opens."""
    cities = RowList(tr("Opened lately"))
    cities.show_rows([
        Row(r.path, r.path.stem, str(r.path.parent), right=_when(r.day, today), tone="soft") for r in recent
    ])  # fmt: skip
    cities.setFixedHeight(cities.height_of_rows())
    cities.setCursor(Qt.CursorShape.PointingHandCursor)
    cities.opened.connect(opening)
    cities.clicked.connect(lambda index: opening(index.data(ROW).key))
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addSpacing(8)
    column.addWidget(label(tr("Opened lately"), "heading"))
    column.addWidget(cities)
    column.addStretch(1)
    return column


def _when(day: date | None, today: date) -> str:
    """ "today", "yesterday", "3 days ago", "4 May 2026"; nothing where it is not known."""
    if day is None:
        return ""
    ago = (today - day).days
    if ago <= 1:
        return tr("yesterday") if ago == 1 else tr("today")
    return plural(ago, "{n} day ago", "{n} days ago") if ago < 14 else periods.day_label(day)


class _Trouble(QWidget):
    """A city did not open: what, where, what to do, and the acts for it."""

    def __init__(self, error: CityStatError, acts: Sequence[Act]) -> None:
        super().__init__()
        self.setAccessibleName(str(error))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(f"◆ {error.what}", "section", wrap=True))
        if error.where:
            column.addWidget(label(error.where, "faint", wrap=True))
        if error.do:
            column.addWidget(label(error.do + ".", "soft", wrap=True))
        row = QHBoxLayout()
        for at, (words, act) in enumerate(acts):
            row.addWidget(button(words, act, kind="" if at else "primary"))
        row.addStretch(1)
        column.addSpacing(8)
        column.addLayout(row)
