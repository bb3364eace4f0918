"""What becomes of the records: a measure a row, in a sentence, with its line and its newest figure; a row opens what changes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.records.spark import draw_spark
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.rows import draw_words
from citystat.views.widgets.table import Column, Table

HIGH, LOW, LINE, FIGURE = (
    68,
    52,
    210,
    120,
)  # pixels at 100 %: of a row with and without its line, of the line, of the newest figure


@dataclass(frozen=True)
class Made:
    """A measure as it will be. values: its figures by period, nan where there is none, () while they are computed;
    latest, period: the newest in words; more: what is said of it beside them; unsettled: its newest period is not over."""

    code: str
    name: str
    sentence: str
    values: tuple[float, ...] = ()
    latest: str = ""
    period: str = ""
    more: str = ""
    unsettled: bool = False
    waits: bool = False  # it is being counted


class MadeList(QWidget):
    """Signals: edit(code), remove(code), add(). lines: with the figures that are made, not the sentences alone."""

    edit = Signal(str)
    remove = Signal(str)
    add = Signal()

    def __init__(self, *, lines: bool = True) -> None:
        super().__init__()
        self.table = _Rows(
            [
                Column(tr("Measure"), _spoken, draw=_words, tip=lambda m: m.sentence),
                Column(tr("By period"), lambda m: "", draw=_line, width=LINE, spare=1),
                Column(tr("Newest"), lambda m: f"{m.latest}, {m.period}", draw=_newest, width=FIGURE, right=True, tip=lambda m: m.more),
            ],
            tr("Becomes"), sortable=False, row_height=HIGH if lines else LOW,
        )  # fmt: skip
        self.table.horizontalHeader().hide()
        for column in () if lines else (1, 2):  # without a file at hand there are no figures
            self.table.setColumnHidden(column, True)
        self.table.opened.connect(lambda m: self.edit.emit(m.code))
        self.table.clicked.connect(lambda index: self.edit.emit(self.table.current().code))
        self.table.removed.connect(lambda m: self.remove.emit(m.code))
        self.table.added.connect(self.add)
        head = QHBoxLayout()
        head.addWidget(label(tr("Becomes"), "heading"))
        head.addStretch(1)
        head.addWidget(label(tr("Enter changes · Del leaves out"), "faint"))
        head.addSpacing(16)
        head.addWidget(button(tr("Add a measure"), self.add.emit, kind="link", tip=tr("Insert")))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self.table)

    def show_rows(self, rows: Sequence[Made]) -> None:
        """As high as they are: the page scrolls as one."""
        self.table.set_rows(rows)
        self.table.setFixedHeight(self.table.verticalHeader().defaultSectionSize() * max(1, len(rows)) + 2)
        self.table.setVisible(bool(rows))


class _Rows(Table):
    """Signals: removed(row) on Delete, added() on Insert."""

    removed = Signal(object)
    added = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete leaves out, Insert adds."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.current() is not None:
            self.removed.emit(self.current())
        elif event.key() == Qt.Key.Key_Insert:
            self.added.emit()
        else:
            super().keyPressEvent(event)


def _spoken(m: Made) -> str:
    return f"{m.name}: {m.sentence} {m.latest} {m.period}"


def _words(painter: QPainter, rect: QRect, m: Made) -> None:
    """Name over sentence; the sentence may run over two lines."""
    px, palette = theme().px, theme().palette
    inside = rect.adjusted(6, round(px(6)), -round(px(12)), -round(px(6)))
    top = QRect(inside.topLeft(), QSize(inside.width(), round(px(19))))
    draw_words(painter, top, m.name, palette.ink, 13, QFont.Weight.DemiBold)
    below = inside.adjusted(0, top.height(), 0, 0)
    painter.save()
    painter.setPen(QColor(palette.soft))
    painter.setFont(font(px(12)))
    painter.drawText(
        below, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap), m.sentence
    )
    painter.restore()


def _line(painter: QPainter, rect: QRect, m: Made) -> None:
    if m.values:
        draw_spark(painter, QRectF(rect), m.values, m.unsettled)
    elif m.waits:
        draw_words(painter, rect, "…", theme().palette.faint)


def _newest(painter: QPainter, rect: QRect, m: Made) -> None:
    """The figure over its period."""
    px, palette = theme().px, theme().palette
    inside = rect.adjusted(4, round(px(14)), -6, -round(px(14)))
    half = inside.height() // 2
    draw_words(
        painter,
        QRect(inside.topLeft(), QSize(inside.width(), half)),
        m.latest,
        palette.ink,
        15,
        QFont.Weight.DemiBold,
        right=True,
    )
    draw_words(painter, inside.adjusted(0, half, 0, 0), m.period, palette.soft, 12, right=True)
