"""One box of the diagram as a control of its own, so that the keyboard and screen readers reach it; and its editor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QPlainTextEdit, QWidget

from citystat.goals.chain import STAGES, Step
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.results.chain_drawing import Look, Seen, draw_box, strip_of
from citystat.views.widgets.marks import Button

EDGE = 9.0  # pixels at 100 % at either side of a box: a line is drawn from there
OUT = 6  # pixels that the handle stands out of a box


class StepBox(QAbstractButton):
    """Signals: held(kind, at), pulled(at), let_go(at): the mouse moves the box ("move") or draws a line from its right
    ("from") or left edge ("to"), `at` in the diagram; edited() on a double click; measured() on a click on the measure."""

    held = Signal(str, QPointF)
    pulled = Signal(QPointF)
    let_go = Signal(QPointF)
    edited = Signal()
    measured = Signal()
    reached = Signal()

    def __init__(self, step: Step, parent: QWidget) -> None:
        super().__init__(parent)
        self.step = step
        self.seen: Seen | None = None
        self.look: Look | None = None
        self.chosen = self.target = self.lifted = False
        self._down: QPoint | None = None
        self._kind = ""
        self._dragging = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_step(self, step: Step, seen: Seen | None, look: Look, rect: QRectF) -> None:
        """Other words, another place."""
        self.step, self.seen, self.look = step, seen, look
        self.setGeometry(rect.adjusted(-OUT, 0, OUT, 0).toAlignedRect())
        self.setToolTip(f"{step.code}  {step.measure}\n{seen.mark if seen else ''}".strip() if step.code else "")
        self.update()

    def say(self, place: int, of: int, after: list[str], before: str = "") -> None:
        """What a screen reader says."""
        head = tr(STAGES[self.step.stage][0])
        words = [f"{before}{self.step.text}", tr("{stage}, box {n} of {all}", stage=head, n=place, all=of)]
        if self.step.code:
            words.append(self.seen.spoken if self.seen else self.step.code)
        words.append(tr("leads to {steps}", steps="; ".join(after)) if after else tr("leads nowhere"))
        self.setAccessibleName(". ".join(words))
        self.setAccessibleDescription(tr("Enter edits, L connects, A attaches a measure, Delete removes"))

    def body(self) -> QRectF:
        """The box without the room for its handles."""
        return QRectF(self.rect()).adjusted(OUT, 0, -OUT, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The box, ringed where it is chosen; its handles under the mouse."""
        if self.look is None:
            return
        palette = self.look.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        near = self.hasFocus() or self.target or self.lifted
        ring = palette.accent if near or self.chosen else palette.faint if self.underMouse() else ""
        ground = palette.tint if self.target else ""
        draw_box(painter, self.body(), self.step, self.seen, self.look, ring=ring, wide=2 if near else 1, ground=ground)
        if (self.underMouse() or self.hasFocus()) and not self.lifted:
            for x in (self.body().left(), self.body().right()):
                painter.setPen(QPen(QColor(palette.accent), 1.5))
                painter.setBrush(QColor(palette.paper))
                painter.drawEllipse(QPointF(x, self.body().center().y()), 4, 4)
        painter.end()

    ## Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the box, and take hold of it or of an edge."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._down, self._kind = event.position().toPoint(), self._kind_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Beyond a small distance it is a drag."""
        at = event.position()
        if self._down is None:
            self._show_kind(at)
            return
        if not self._dragging and (at.toPoint() - self._down).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.held.emit(self._kind, self._in_diagram(QPointF(self._down)))
        if self._dragging:
            self.pulled.emit(self._in_diagram(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put down what was held, or open the measure that was clicked."""
        was, kind, down = self._dragging, self._kind, self._down
        self.forget()
        if was:
            self.let_go.emit(self._in_diagram(event.position()))
        elif down is not None and kind == "measure":
            self.measured.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Type in the box."""
        self.forget()
        if event.button() == Qt.MouseButton.LeftButton:
            self.edited.emit()

    def forget(self) -> None:
        """Nothing is held any more."""
        self._down, self._kind, self._dragging = None, "", False

    def _kind_at(self, at: QPointF) -> str:
        if self.look is None:
            return "move"
        edge = self.look.px(EDGE)
        if at.x() > self.body().right() - edge:
            return "from"
        if at.x() < self.body().left() + edge:
            return "to"
        measured = self.step.measure_id is not None and strip_of(self.body(), self.look).contains(at)
        return "measure" if measured else "move"

    def _show_kind(self, at: QPointF) -> None:
        shapes = {
            "from": Qt.CursorShape.CrossCursor, "to": Qt.CursorShape.CrossCursor,
            "measure": Qt.CursorShape.PointingHandCursor,
        }  # fmt: skip
        self.setCursor(shapes.get(self._kind_at(at), Qt.CursorShape.OpenHandCursor))

    def _in_diagram(self, at: QPointF) -> QPointF:
        return QPointF(self.mapToParent(at.toPoint()))

    ## Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The diagram knows the keys."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The box is the chosen one now."""
        super().focusInEvent(event)
        self.reached.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Its handles show."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """And go."""
        super().leaveEvent(event)
        self.update()


class Prompt(Button):
    """Where a column is empty: says what belongs there; pressed, a first box can be typed."""

    look: Look | None = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words on the column's ground in a dashed edge: a place, not a box."""
        if self.look is None:
            return
        palette, px = self.look.palette, self.look.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        near = self.hasFocus() or self.underMouse()
        edge = QPen(QColor(palette.accent if near else palette.faint), 2 if self.hasFocus() else 1)
        edge.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(edge)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), px(7), px(7))
        painter.setFont(font(px(12)))
        painter.setPen(QColor(palette.accent if near else palette.faint))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class StepEditor(QPlainTextEdit):
    """The words of a box while they are typed. Signals: kept() on Enter, Esc, or when the keyboard goes elsewhere; grown()."""

    kept = Signal(bool)  # whether the keyboard is to go back to the box
    grown = Signal()

    def __init__(self, text: str, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("stepEditor")
        self.setFont(look.words)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setPlainText(text)
        self.selectAll()
        self.setAccessibleName(tr("Words of the box"))
        self.textChanged.connect(self.grown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc go back to the box; what was typed stays in it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            self.kept.emit(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keyboard goes elsewhere: what was typed is kept. A menu over it takes nothing away."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.kept.emit(False)
