"""The column beside a chart: how the measure stands, its facts, what it is, and what was promised about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from citystat import periods
from citystat.measures.definition import BETTER, promised_words, target_words, year_words
from citystat.measures.progress import figures, progress, state_words
from citystat.measures.series import Definition
from citystat.measures.standing import Standing, next_data
from citystat.measures.years import years
from citystat.meetings.actions import ActionRow
from citystat.meetings.forms import STATUSES
from citystat.numbers import brief, quantity
from citystat.texts import dotted, plural, tr
from citystat.views.chart.fonts import font
from citystat.views.measures.list import status, status_tip
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import Button, Chip, button, label
from citystat.views.widgets.page import clear

EVERY = {
    "day": "daily", "week": "weekly", "month": "monthly", "quarter": "quarterly", "half-year": "half-yearly",
    "year": "yearly",
}  # fmt: skip
WIDTH, SHOWN, YEARS = 272, 5, 4  # pixels of the column; promises and years shown


class Facts(QWidget):
    """Signals: go(address)."""

    go = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 0)
        self._column.setSpacing(8)

    def show_facts(
        self,
        s: Standing,
        goals: Sequence[tuple[int, str]],
        promised: Sequence[ActionRow],
        today: date,
        trouble: str = "",
        closed: str = "",
    ) -> None:
        """Show measure `s`, the goals it serves (id, name), and promises about it; trouble: why it cannot be computed;
        closed: its last closed period."""
        clear(self._column)
        kind = s.signal if s.signal in ("improvement", "concern") else "plain"
        place = Chip(status(s))
        place.setToolTip(status_tip(s))
        for chip in (Chip(s.words, kind=kind), place):
            self._column.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
            chip.setVisible(bool(chip.text()))
        self._column.addSpacing(8)
        if trouble:
            self._column.addWidget(label(f"◆ {trouble}", "soft", wrap=True))
        self._column.addLayout(self._pairs(s, goals, today, closed))
        self._years(s)
        self._definition(s.measure)
        self._heading(tr("Promises on this measure"))
        self._promises(promised)
        self._column.addStretch(1)

    def _pairs(self, s: Standing, goals: Sequence[tuple[int, str]], today: date, closed: str) -> QGridLayout:
        """Label and value, aligned at the top of each."""
        m, grid = s.measure, QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, round(theme().px(92)))
        grid.setColumnStretch(1, 1)
        shown: list[tuple[str, QWidget]] = [
            (tr("Goal") if n == 0 else "", self._goal(goal, name)) for n, (goal, name) in enumerate(goals)
        ]
        due = next_data(s.series)
        when = periods.day_label(due) if due else tr("with what it is computed from") if m.formula else "–"
        late = due is not None and due < today
        for name, value in (
            (tr("Owner"), m.owner), (tr("Department"), m.department), (tr("Target"), _target(s, today)),
            *_progress(s),
            (tr("Better"), BETTER[m.direction]()), (tr("Kind"), f"{tr(m.kind)}, {tr(EVERY[m.frequency])}"),
            (tr("A year is"), year_words(m)), (tr("Source"), m.source),
            (tr("Next data"), tr("◆ {day}, late", day=when) if late else when),
            *([(tr("Closed"), tr("through {period}", period=closed))] if closed else []),
        ):  # fmt: skip
            shown.append((name, label(value or "–", wrap=True)))
        for row, (name, widget) in enumerate(shown):
            grid.addWidget(label(name, "soft"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignTop)
        return grid

    def _years(self, s: Standing) -> None:
        """The newest years, figures aligned at the right; of one that is not over, how much of it is in."""
        rows = years(s.series)[:YEARS]
        if not rows:
            return
        self._heading(tr("By fiscal year") if s.measure.fiscal else tr("By calendar year"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        for at, row in enumerate(rows):
            value = quantity(row.value, s.measure.unit, s.measure.decimals)
            for column, (words, name) in enumerate(((row.label, "soft"), (value, "text"), (row.note, "faint"))):
                side = Qt.AlignmentFlag.AlignRight if column == 1 else Qt.AlignmentFlag.AlignLeft
                grid.addWidget(label(words, name), at, column, side | Qt.AlignmentFlag.AlignBaseline)
        self._column.addLayout(grid)

    def _definition(self, m: Definition) -> None:
        """What it is and is not, how it is computed, what is known to be wrong with it."""
        self._heading(tr("What it is"))
        self._column.addWidget(label(m.definition or tr("No definition yet. “Change” writes one."), "soft", wrap=True))
        for name, words in ((tr("What it is not"), m.not_measured), (tr("Known limits"), m.limits)):
            if words:
                self._heading(name)
                self._column.addWidget(label(words, "soft", wrap=True))

    def _goal(self, goal_id: int, name: str) -> QWidget:
        link = Link(name, "")
        link.setToolTip(name)
        link.clicked.connect(lambda *_: self.go.emit(f"goals:{goal_id}"))
        return link

    def _promises(self, promised: Sequence[ActionRow]) -> None:
        """Open ones first, newest first."""
        order = sorted(promised, key=lambda a: (not a.open, -a.at.timestamp(), -a.number))
        for action in order[:SHOWN]:
            line = Link(action.text, _about(action), code=action.code, late=action.days_late > 0)
            line.setToolTip(action.text)
            line.clicked.connect(lambda *_, a=action: self.go.emit(f"actions:{a.id}"))
            self._column.addWidget(line)
        if not order:
            self._column.addWidget(label(tr("None so far."), "soft"))
        elif len(order) > SHOWN:
            more = plural(len(order), "{n} promise in all", "{n} promises in all")
            self._column.addWidget(button(more, lambda: self.go.emit("actions"), kind="link"))

    def _heading(self, words: str) -> None:
        self._column.addSpacing(14)
        self._column.addWidget(label(words, "heading"))


class Link(Button):
    """A line that leads on: a code in a frame, words shortened to the room there is; a soft line beneath.

    Without a code the words are in the accent, as any link.
    """

    def __init__(self, words: str, under: str, *, code: str = "", late: bool = False) -> None:
        super().__init__(" ".join(filter(None, (code, words))))
        self._words, self._under, self._code, self._late = words, under, code, late
        self.setAccessibleName(", ".join(filter(None, (code, words, under))))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        one = QFontMetrics(font(theme().px(13))).height()
        self.setFixedHeight(round(theme().px(20)) * 2 + 6 if under else one)

    def sizeHint(self) -> QSize:
        """As wide as the column."""
        return QSize(round(theme().px(120)), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Code, words, and the line beneath."""
        palette = theme().palette
        high = round(theme().px(20)) if self._under else self.height()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left = 0
        if self._code:
            painter.setFont(font(theme().px(12)))
            wide = QFontMetrics(painter.font()).horizontalAdvance(self._code) + 12
            painter.setPen(QPen(QColor(palette.rule), 1))
            painter.drawRoundedRect(QRect(0, 1, wide, high - 3), 4, 4)
            painter.setPen(QColor(palette.soft))
            painter.drawText(QRect(0, 0, wide, high - 1), Qt.AlignmentFlag.AlignCenter, self._code)
            left = wide + 8
        painter.setFont(font(theme().px(13)))
        colour = palette.ink if self._code and not self.underMouse() else palette.accent
        _draw(painter, QRect(left, 0, self.width() - left, high), self._words, colour)
        colour = palette.concern if self._late else palette.soft
        _draw(painter, QRect(0, high, self.width(), high), self._under, colour)
        if self.hasFocus():
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)


def _draw(painter: QPainter, rect: QRect, words: str, colour: str) -> None:
    painter.setPen(QColor(colour))
    shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _target(s: Standing, today: date) -> str:
    """What is wanted now; on the way, and of what is agreed for later, that too: "637, on the way · 600 by Jun 2028"."""
    step = s.series.target_at(today)
    later = [t for t in s.series.targets if t.since > today][:1]
    said = [target_words(s.measure, t) for t in (*([step] if step else []), *later)]
    near = promised_words(s.series)
    return " · ".join(filter(None, (*said, near))) or tr("none")


def _progress(s: Standing) -> list[tuple[str, str]]:
    """Where it started from, and how far it is, of a measure that has a target."""
    m, base = s.measure, s.measure.baseline
    said = (
        [
            (
                tr("Baseline"),
                tr("{value} in {since}", value=brief(base.value, m.unit, m.decimals), since=m.label(base.period)),
            )
        ]
        if base
        else []
    )
    if s.target is not None:
        p = progress(s.series)
        said.append((tr("Progress"), f"{state_words(p.state)}: {figures(p)}"))
    return said


def _about(a: ActionRow) -> str:
    """ "Whitfield · due 31 Mar 2026 · on the way"; whoever is late is marked."""
    due = tr("due {day}", day=periods.day_label(a.due)) if a.due and a.open else ""
    closed = periods.day_label(a.closed_on) if a.closed_on else ""
    status = " ".join(filter(None, (tr(STATUSES[a.status][0]).lower(), closed)))
    words = dotted((a.owner.split()[-1] if a.owner else tr("nobody"), due, status))
    return f"◆ {words}" if a.days_late else words
