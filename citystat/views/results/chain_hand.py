"""What the mouse holds in the diagram: a box on its way to another place, or a line on its way to another box."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from citystat.goals.chain import ORDER
from citystat.views.results.chain_box import StepBox
from citystat.views.results.chain_drawing import GAP, draw_curve, origin

if TYPE_CHECKING:
    from citystat.views.results.chain_canvas import ChainCanvas


@dataclass(frozen=True)
class Drag:
    """A box ("move"), or a line from its right ("from") or left edge ("to"). offset: of the mouse in the box."""

    kind: str
    step_id: int
    offset: QPointF
    at: QPointF


class Hand:
    """Moves boxes and draws lines on `canvas`; nothing is changed in the city before the mouse lets go."""

    def __init__(self, canvas: ChainCanvas) -> None:
        self._canvas = canvas
        self.drag: Drag | None = None

    @property
    def lifted(self) -> int | None:
        """The box that is on its way."""
        return self.drag.step_id if self.drag is not None and self.drag.kind == "move" else None

    def hold(self, box: StepBox, kind: str, at: QPointF) -> None:
        """Take hold of a box, or of a line from its edge."""
        kind = "move" if kind == "measure" else kind
        self.drag = Drag(kind, box.step.id, at - QPointF(box.pos()), at)
        if kind == "move":
            box.lifted = True
            box.setCursor(Qt.CursorShape.ClosedHandCursor)
        box.raise_()

    def pull(self, at: QPointF) -> None:
        """The mouse goes on; what would be hit is shown."""
        if self.drag is None:
            return
        self.drag = replace(self.drag, at=at)
        if self.drag.kind == "move":
            self._canvas.boxes[self.drag.step_id].move((at - self.drag.offset).toPoint())
        for i, box in self._canvas.boxes.items():
            box.target = self.drag.kind != "move" and i == self._under(at)
            box.update()
        self._canvas.near.emit(at.toPoint())
        self._canvas.update()

    def put_down(self, at: QPointF) -> None:
        """The box to its new place; the line to the box that is hit, or to a new one in an empty place."""
        if self.drag is None:
            return
        drag, under, column = self.drag, self._under(at), self._canvas.column_at(at.x())
        step = self._canvas.chain.step(drag.step_id)
        spot = self._canvas.place_at(column, at.y(), drag.step_id)
        self.end()
        if step is None:
            return
        if drag.kind == "move":
            own = self._canvas.chain.of(step.stage)
            if (ORDER[column], spot) != (step.stage, own.index(step)):
                self._canvas.move_to(step, ORDER[column], spot)
        elif under is not None:
            a, b = (step.id, under) if drag.kind == "from" else (under, step.id)
            if (a, b) not in self._canvas.chain.links:
                self._canvas.connect(a, b)
        elif drag.kind == "from" and column > step.column:
            self._canvas.type_new(ORDER[column], place=spot, from_id=step.id)

    def end(self) -> None:
        """Nothing is held any more."""
        self.drag = None
        for box in self._canvas.boxes.values():
            box.lifted = box.target = False
        self._canvas.lay_out()

    def _under(self, at: QPointF) -> int | None:
        """The box under the mouse, other than the one that a line is drawn from."""
        held = self.drag.step_id if self.drag else None
        found = (i for i, box in self._canvas.boxes.items() if i != held and QRectF(box.geometry()).contains(at))
        return next(found, None)

    def draw_line(self, painter: QPainter) -> None:
        """The line that is being drawn, by mouse or by keys."""
        accent = self._canvas.look.palette.accent
        if self._canvas.connecting is not None and self._canvas.chosen not in (None, self._canvas.connecting):
            a, b = (self._canvas.layout_.boxes[i] for i in (self._canvas.connecting, self._canvas.chosen))
            if a.x > b.x:
                a, b = b, a
            draw_curve(
                painter,
                _swing(QPointF(a.x + a.width, a.middle), QPointF(b.x, b.middle)),
                self._canvas.look,
                accent,
                wide=2,
            )
        elif self.drag is not None and self.drag.kind != "move":
            rect, hit = self._canvas.layout_.boxes[self.drag.step_id], self._under(self.drag.at)
            at, other = self.drag.at - origin(self._canvas.look), self._canvas.layout_.boxes.get(hit or 0)
            if self.drag.kind == "from":
                end = QPointF(other.x, other.middle) if other else at
                path = _swing(QPointF(rect.x + rect.width, rect.middle), end)
            else:
                end = QPointF(other.x + other.width, other.middle) if other else at
                path = _swing(end, QPointF(rect.x, rect.middle))
            draw_curve(painter, path, self._canvas.look, accent, wide=2)

    def draw_place(self, painter: QPainter) -> None:
        """Where the box that is held would land."""
        if self.drag is None or self.drag.kind != "move":
            return
        at, px = self.drag.at, self._canvas.look.px
        column = self._canvas.column_at(at.x())
        others = [s for s in self._canvas.chain.of(ORDER[column]) if s.id != self.drag.step_id]
        place = self._canvas.place_at(column, at.y(), self.drag.step_id)
        if place < len(others):
            y = self._canvas.layout_.boxes[others[place].id].y - px(GAP / 2)
        elif others:
            last = self._canvas.layout_.boxes[others[-1].id]
            y = last.y + last.height + px(GAP / 2)
        else:
            y = px(4)
        left = self._canvas.layout_.columns[column]
        painter.setPen(
            QPen(QColor(self._canvas.look.palette.accent), px(2.5), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        )
        painter.drawLine(QPointF(left, y), QPointF(left + px(self._canvas.look.width), y))


def _swing(a: QPointF, b: QPointF) -> QPainterPath:
    """Level at both ends."""
    path, reach = QPainterPath(a), max(abs(b.x() - a.x()) / 2, 20.0)
    path.cubicTo(a + QPointF(reach, 0), b - QPointF(reach, 0), b)
    return path
