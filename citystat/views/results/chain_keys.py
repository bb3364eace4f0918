"""The keys of the diagram: arrows choose, Ctrl and arrows move, letters add, connect and attach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from citystat.goals.chain import ORDER, Step
from citystat.texts import tr

if TYPE_CHECKING:
    from citystat.views.results.chain_canvas import ChainCanvas


def press(canvas: ChainCanvas, event: QKeyEvent) -> bool:
    """Do what a key means in the diagram; False for a key that means nothing there."""
    keys, held = Qt.Key, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    ways = {keys.Key_Left: (-1, 0), keys.Key_Right: (1, 0), keys.Key_Up: (0, -1), keys.Key_Down: (0, 1)}
    key = Qt.Key(event.key())
    ctrl, shift = held == Qt.KeyboardModifier.ControlModifier, held == Qt.KeyboardModifier.ShiftModifier
    if key in ways and ctrl and canvas.connecting is None:
        canvas.move(*ways[key])
    elif key in ways and not held:
        _go(canvas, *ways[key])
    elif key in (keys.Key_Return, keys.Key_Enter, keys.Key_F2, keys.Key_Space) and not held:
        _enter(canvas)
    elif key == keys.Key_Escape and not held:
        return _escape(canvas)
    elif key in (keys.Key_Plus, keys.Key_Equal):
        canvas.zoom_by(1.1)
    elif key in (keys.Key_Minus, keys.Key_Underscore):
        canvas.zoom_by(1 / 1.1)
    elif key == keys.Key_0:
        canvas.fit()
    else:
        return _letter(canvas, key, shift, bool(held))
    return True


def _letter(canvas: ChainCanvas, key: Qt.Key, shift: bool, held: bool) -> bool:
    """The keys that act on the chosen box; False for another one."""
    keys, step = Qt.Key, canvas.step
    if key in (keys.Key_Delete, keys.Key_Backspace) and not held:
        canvas.remove()
    elif step is None or (held and not shift):
        return False
    elif key == keys.Key_N and shift:
        if step.column + 1 < len(ORDER):
            canvas.type_new(ORDER[step.column + 1], from_id=step.id)
    elif key == keys.Key_N:
        canvas.type_new(step.stage, place=canvas.chain.of(step.stage).index(step) + 1)
    elif key == keys.Key_L:
        _begin_connecting(canvas, step)
    elif key == keys.Key_A:
        canvas.asks.emit(step.id)
    elif key == keys.Key_O:
        if step.code:
            canvas.measured.emit(step.code)
    else:
        return False
    return True


def _enter(canvas: ChainCanvas) -> None:
    """Type in the chosen box; or connect, where a line is being drawn."""
    if canvas.connecting is None:
        canvas.type_in(canvas.chosen)
        return
    source, canvas.connecting = canvas.connecting, None
    if canvas.chosen not in (None, source):
        canvas.connect_or_not(source, canvas.chosen)
    canvas.told.emit("")
    canvas.lay_out()
    canvas.choose(source)


def _escape(canvas: ChainCanvas) -> bool:
    """Let go of what the mouse holds, or leave the line that is being drawn; False where there is neither."""
    if canvas.hand.drag is not None:
        canvas.boxes[canvas.hand.drag.step_id].forget()
        canvas.hand.end()
    elif canvas.connecting is not None:
        source, canvas.connecting = canvas.connecting, None
        canvas.told.emit("")
        canvas.lay_out()
        canvas.choose(source)
    else:
        return False
    return True


def _begin_connecting(canvas: ChainCanvas, step: Step) -> None:
    """The arrows now choose where the line goes."""
    later = [s for s in canvas.chain.steps if s.column > step.column] or [
        s for s in canvas.chain.steps if s.id != step.id
    ]
    if not later:
        canvas.said.emit(tr("There is no other box yet"))
        return
    canvas.connecting = step.id
    canvas.told.emit(
        tr("Arrows choose where the line goes · Enter connects, or takes the connection away · Esc leaves")
    )
    nearest = min(later, key=lambda s: (s.column, abs(canvas.y(s.id) - canvas.y(step.id))))
    canvas.name_boxes()
    canvas.choose(nearest.id)


def _go(canvas: ChainCanvas, across: int, down: int) -> None:
    """To the next box in this direction, over empty columns; sideways to one it is connected with, if there is one."""
    step = canvas.step
    if step is None:
        first = next(iter(canvas.chain.steps), None)
        canvas.choose(first.id if first else None)
        return
    own = canvas.chain.of(step.stage)
    if down:
        at = own.index(step) + down
        canvas.choose(own[at].id if 0 <= at < len(own) else None)
        return
    column = step.column + across
    while 0 <= column < len(ORDER):
        there = canvas.chain.of(ORDER[column])
        if there:
            joined = {i for link in canvas.chain.links if step.id in link for i in link}
            near = [s for s in there if s.id in joined and canvas.connecting is None] or there
            canvas.choose(min(near, key=lambda s: abs(canvas.y(s.id) - canvas.y(step.id))).id)
            return
        column += across
