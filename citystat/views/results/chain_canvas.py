"""The diagram of a results chain, edited by mouse and keys. Boxes are controls of their own; the lines are painted."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPathStroker,
    QPaintEvent,
)
from PySide6.QtWidgets import QWidget

from citystat.city import City
from citystat.errors import CityStatError
from citystat.goals import chain as act
from citystat.goals.chain import ORDER, Chain, Step
from citystat.goals.chain_layout import Box, chain_layout, tidy
from citystat.texts import tr
from citystat.views.chart.fonts import font
from citystat.views.results.chain_box import Prompt, StepBox, StepEditor
from citystat.views.results.chain_drawing import (
    AROUND,
    HEAD,
    LEAST,
    PAD,
    STRIP,
    Look,
    Seen,
    draw_curves,
    draw_ground,
    origin,
    path_of,
    rect_of,
    size_of,
    wrap,
)
from citystat.views.results.chain_hand import Hand
from citystat.views.results.chain_keys import press
from citystat.views.shell.theme import current as theme
from citystat.views.widgets import icons
from citystat.views.widgets.marks import Button, button

BAR = 10.0  # pixels of a scroll bar, as in the style sheet
SMALLEST, LARGEST, READABLE = 0.4, 2.0, 0.85  # zoom; the least at which a chain opens
TYPED = 0  # id of the box that is being typed
ADD = {
    "input": "Add an input", "activity": "Add an activity", "output": "Add an output",
    "intermediate outcome": "Add an intermediate outcome", "outcome": "Add an outcome",
}  # fmt: skip
PROMPTS = {
    "input": "Money, people, vehicles, buildings…", "activity": "Hiring, repairing, inspecting, teaching…",
    "output": "What can be counted when it is done", "intermediate outcome": "What changes first because of it",
    "outcome": "What residents notice in the end",
}  # fmt: skip


@dataclass
class Draft:
    """A box that is being typed and not kept yet."""

    stage: str
    place: int
    from_id: int | None = None


class ChainCanvas(QWidget):
    """Signals: measured(code) opens a measure; asks(step_id) wants one attached; said(words); told(words) how to go on;
    shows(widget), near(at) want to be seen."""

    measured = Signal(str)
    asks = Signal(int)
    said = Signal(str)
    told = Signal(str)
    shows = Signal(QWidget)
    near = Signal(QPoint)

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city
        self.chain: Chain | None = None
        self._seen: Mapping[int, Seen] = {}
        self.boxes: dict[int, StepBox] = {}
        self.chosen: int | None = None
        self.line: tuple[int, int] | None = None
        self.connecting: int | None = None  # the box that a line is drawn from by keys
        self.editor: StepEditor | None = None
        self._draft: Draft | None = None
        self._edited: int | None = None
        self.hand = Hand(self)
        self.zoom, self.view = 1.0, (1000.0, 600.0)
        self.look = Look(theme().palette, theme().scale)
        self.layout_ = chain_layout([], [], self.look.sizes)
        self.adders = {stage: self._adder(stage) for stage in ORDER}
        self.prompts = {stage: self._prompt(stage) for stage in ORDER}
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _adder(self, stage: str) -> Button:
        made = button("", lambda: self.type_new(stage), kind="crumb", tip=tr(ADD[stage]), parent=self)
        made.setAccessibleName(tr(ADD[stage]))
        icons.put(made, "plus")
        return made

    def _prompt(self, stage: str) -> Prompt:
        made = Prompt(self)
        made.setObjectName("chainPrompt")
        made.clicked.connect(lambda: self.type_new(stage))
        made.setAccessibleName(f"{tr(ADD[stage])}. {tr(PROMPTS[stage])}")
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.hide()
        return made

    ## Showing

    def show_chain(self, chain: Chain, seen: Mapping[int, Seen]) -> None:
        """Show it as it stands now; what is chosen and what is being typed stay."""
        self.chain, self._seen = chain, seen
        known = {s.id for s in chain.steps}
        for gone in [i for i in self.boxes if i not in known]:
            self._let_box_go(gone)
        for step in chain.steps:
            if step.id not in self.boxes:
                self.boxes[step.id] = self._new_box(step)
        if self._edited is not None and self._edited not in known:  # taken away under the typing hand
            self._draft, self._edited = Draft("output", len(chain.of("output"))), None
        self.chosen = self.chosen if self.chosen in known else None
        self.line = self.line if self.line in chain.links else None
        self.connecting = self.connecting if self.connecting in known else None
        self.setAccessibleName(act.in_words(chain))
        self.lay_out()

    def show_seen(self, seen: Mapping[int, Seen]) -> None:
        """The measures were judged."""
        self._seen = seen
        self.lay_out()

    def lay_out(self) -> None:
        """Everything at its place, for the zoom and the room there is."""
        if self.chain is None:
            return
        wide, high = self._lay_in(self.view[0])
        if high > self.view[1]:  # a scroll bar will stand at the right
            wide, high = self._lay_in(self.view[0] - BAR)
        tall = self.view[1] - (BAR if wide > self.view[0] else 0)
        broad = self.view[0] - (BAR if high > tall else 0)
        self.setFixedSize(math.ceil(max(wide, broad)), math.ceil(max(high, tall)))
        for step in self.chain.steps:
            place = rect_of(self.layout_.boxes[step.id]).translated(origin(self.look))
            self.boxes[step.id].show_step(step, self._seen.get(step.measure_id or 0), self.look, place)
        self._place_adders()
        self._place_editor()
        self.name_boxes()
        self._order_tabs()
        self.update()

    def _lay_in(self, room: float) -> tuple[float, float]:
        """Lay it out in so many pixels; how wide and high it is."""
        self.look = self._look_at(self.zoom, room)
        self.layout_ = self.look.lay_out(self._as_typed(self.chain), extra=self._typed_box())
        return size_of(self.layout_, self.look)

    def _look_at(self, zoom: float, room: float) -> Look:
        return Look(theme().palette, theme().scale * zoom).fitted(room)

    def fit(self, least: float = SMALLEST) -> None:
        """The largest size up to 100 % at which all is seen, not smaller than `least`."""
        if self.chain is None:
            return
        steps = [n / 100 for n in range(100, round(least * 100) - 1, -5)]
        self.zoom = steps[min(bisect_left(steps, True, key=self._fits), len(steps) - 1)]
        self.lay_out()

    def _fits(self, zoom: float) -> bool:
        look = self._look_at(zoom, self.view[0])
        wide, high = size_of(look.lay_out(self.chain), look)  # type: ignore[arg-type]
        return wide <= self.view[0] + 1 and high <= self.view[1] + 1

    def zoom_by(self, factor: float) -> None:
        """Larger or smaller."""
        self.zoom = min(LARGEST, max(SMALLEST, self.zoom * factor))
        self.lay_out()
        self._be_seen()

    def _as_typed(self, now: Chain) -> Chain:
        """The chain with the words and the line that are not kept yet, so that it makes room for them."""
        if self.editor is not None and self._edited is not None:
            typed = self.editor.toPlainText()
            now = replace(now, steps=tuple(replace(s, text=typed) if s.id == self._edited else s for s in now.steps))
        if self._draft is not None and self._draft.from_id is not None:
            now = replace(now, links=(*now.links, (self._draft.from_id, TYPED)))
        return now

    def _typed_box(self) -> list[tuple[Box, int]]:
        if self._draft is None:
            return []
        words = self.editor.toPlainText() if self.editor else ""
        return [(Box(TYPED, ORDER.index(self._draft.stage), self.look.height(words, False)), self._draft.place)]

    def _place_adders(self) -> None:
        px = self.look.px
        for n, (left, stage) in enumerate(zip(self.layout_.columns, ORDER, strict=True)):
            side = round(px(24))
            right = left + px(self.look.width + 2 * AROUND)
            self.adders[stage].setGeometry(round(right - px(4)) - side, round(px(8)), side, side)
            prompt = self.prompts[stage]
            empty = not self.chain.of(stage) and not (self._draft and self._draft.stage == stage)
            if empty:
                wide, high = round(px(self.look.width)), round(px(LEAST + 22))
                top = px(HEAD) + self.look.free_top(self.layout_, n, high)
                prompt.setGeometry(round(left + px(AROUND)), round(top), wide, high)
                prompt.setText(self._wrapped(tr(PROMPTS[stage])))
                prompt.look = self.look
            prompt.setVisible(empty)

    def _wrapped(self, words: str) -> str:
        face = font(self.look.px(12))
        return "\n".join(wrap(words, QFontMetricsF(face), self.look.px(self.look.width - 2 * PAD)))

    def name_boxes(self) -> None:
        """What a screen reader says of each, also while a line is being drawn."""
        source = self.chain.step(self.connecting)
        before = tr("Connect “{step}” with ", step=source.text) if source else ""
        for stage in ORDER:
            own = self.chain.of(stage)
            for n, step in enumerate(own, 1):
                after = [s.text for s in self.chain.after(step.id)]
                self.boxes[step.id].say(n, len(own), after, before if step.id != self.connecting else "")

    def _order_tabs(self) -> None:
        row: list[QWidget] = []
        for stage in ORDER:
            row.append(self.adders[stage])
            row += [self.boxes[s.id] for s in self.chain.of(stage)]
            row.append(self.prompts[stage])
        for a, b in zip(row, row[1:], strict=False):
            QWidget.setTabOrder(a, b)

    def _new_box(self, step: Step) -> StepBox:
        made = StepBox(step, self)
        made.held.connect(lambda kind, at: self.hand.hold(made, kind, at))
        made.pulled.connect(self.hand.pull)
        made.let_go.connect(self.hand.put_down)
        made.edited.connect(lambda: self.type_in(made.step.id))
        made.measured.connect(lambda: self.measured.emit(made.step.code))
        made.reached.connect(lambda: self._reached(made.step.id))
        made.show()
        return made

    def _let_box_go(self, step_id: int) -> None:
        box = self.boxes.pop(step_id)
        if self.hand.drag is not None and self.hand.drag.step_id == step_id:
            self.hand.drag = None
        if box.hasFocus():
            self.setFocus()
        box.hide()
        box.setParent(None)
        box.deleteLater()

    ## Choosing

    def choose(self, step_id: int | None) -> None:
        """This box has the keyboard."""
        if step_id in self.boxes:
            self.boxes[step_id].setFocus(Qt.FocusReason.OtherFocusReason)
            self._reached(step_id)

    def _reached(self, step_id: int) -> None:
        self.chosen, self.line = step_id, None
        for i, box in self.boxes.items():
            box.chosen = i == step_id
            box.target = self.connecting is not None and i == step_id and i != self.connecting
        self._be_seen()
        self.update()

    def _be_seen(self) -> None:
        if self.chosen in self.boxes:
            self.shows.emit(self.boxes[self.chosen])

    @property
    def step(self) -> Step | None:
        """The chosen box."""
        return self.chain.step(self.chosen) if self.chain else None

    ## Typing

    def type_in(self, step_id: int | None) -> None:
        """Change the words of a box."""
        step = self.chain.step(step_id)
        if step is None or not self.keep():
            return
        self._edited = step.id
        self._begin_typing(step.text)

    def type_new(self, stage: str, *, place: int | None = None, from_id: int | None = None) -> None:
        """A new box in this column; it is made when its words are kept."""
        if not self.keep():
            return
        n = len(self.chain.of(stage))
        self._draft = Draft(stage, n if place is None else place, from_id)
        self._begin_typing("")

    def _begin_typing(self, text: str) -> None:
        self.connecting = None
        self.editor = StepEditor(text, self.look, self)
        self.editor.kept.connect(self._kept)
        self.editor.grown.connect(self.lay_out)
        self.lay_out()
        self.editor.show()
        self.editor.setFocus()
        self.shows.emit(self.editor)
        self.told.emit(tr("Enter keeps the words; Esc goes back to the box and keeps them too; Ctrl Z takes back"))

    def _place_editor(self) -> None:
        if self.editor is None:
            return
        at = self.layout_.boxes.get(TYPED if self._edited is None else self._edited)
        if at is None:
            return
        rect = rect_of(at).translated(origin(self.look))
        step = self.chain.step(self._edited)
        if step is not None and step.measure_id is not None:
            rect.setHeight(rect.height() - self.look.px(STRIP))
        self.editor.setFont(self.look.words)
        self.editor.setGeometry(rect.toAlignedRect())
        self.editor.raise_()

    def _kept(self, back: bool) -> None:
        self.keep(back=back)

    def keep(self, *, back: bool = False) -> bool:
        """Keep what is being typed; False where that is refused, which is said, and the words stay."""
        if self.editor is None:
            return True
        editor, draft, edited = self.editor, self._draft, self._edited
        self.editor = self._draft = self._edited = None
        try:
            step_id = self._write(editor.toPlainText(), draft, edited)
        except CityStatError as error:
            self.editor, self._draft, self._edited = editor, draft, edited
            self.said.emit(str(error))
            self.lay_out()
            return False
        had = editor.hasFocus()
        editor.hide()
        editor.setParent(None)
        editor.deleteLater()
        self.lay_out()
        self.told.emit("")
        if back or had:
            if step_id in self.boxes:
                self.choose(step_id)
            else:
                self.setFocus()
        return True

    def _write(self, typed: str, draft: Draft | None, edited: int | None) -> int | None:
        """The words into the city, where they are others than before; which box has them."""
        words = " ".join(typed.split())
        if draft is not None:
            if not words:
                return draft.from_id if draft.from_id is not None else self.chosen
            return act.add_step(self._city, self.chain.id, draft.stage, words, place=draft.place, from_id=draft.from_id)
        step = self.chain.step(edited)
        if words and step is not None and words != step.text:
            act.change_text(self._city, step.id, words)
        return edited

    ## Acts on what is chosen

    def _do(self, what: Callable[[], object]) -> bool:
        try:
            what()
        except CityStatError as error:
            self.said.emit(str(error))
            return False
        return True

    def remove(self) -> None:
        """Take the chosen line or box away; Ctrl+Z brings it back."""
        if self.line is not None:
            line, self.line = self.line, None
            self._do(lambda: act.unlink(self._city, *line))
            return
        step = self.step
        if step is None:
            return
        own = self.chain.of(step.stage)
        at = own.index(step)
        after = own[at + 1] if at + 1 < len(own) else own[at - 1] if at else None
        if self._do(lambda: act.remove_step(self._city, step.id)) and after is not None:
            self.choose(after.id)

    def move(self, across: int, down: int) -> None:
        """The chosen box a column or a place further."""
        step = self.step
        if step is None:
            return
        place = self.chain.of(step.stage).index(step)
        column = step.column + across
        if across and 0 <= column < len(ORDER):
            self.move_to(step, ORDER[column], self.place_at(column, self.boxes[step.id].geometry().center().y()))
        elif down and 0 <= place + down < len(self.chain.of(step.stage)):
            self.move_to(step, step.stage, place + down)

    def move_to(self, step: Step, stage: str, place: int) -> None:
        """A box to a place of a column; it stays chosen."""
        self._do(lambda: act.move_step(self._city, step.id, stage, place))
        self.choose(step.id)

    def connect_or_not(self, from_id: int, to_id: int) -> None:
        """Connect two boxes; those that are connected, disconnect."""
        known = next((p for p in ((from_id, to_id), (to_id, from_id)) if p in self.chain.links), None)
        if known:
            self._do(lambda: act.unlink(self._city, *known))
        else:
            self.connect(from_id, to_id)

    def connect(self, from_id: int, to_id: int) -> None:
        """One box leads to another."""
        self._do(lambda: act.link(self._city, from_id, to_id))

    def tidy(self) -> None:
        """Every column in an order in which fewer lines cross."""
        columns = [[s.id for s in self.chain.of(stage)] for stage in ORDER]
        better = tidy(columns, self.chain.links)
        if better == columns:
            self.said.emit(tr("It is in order already"))
        else:
            self._do(lambda: act.put_in_order(self._city, self.chain.id, better))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the line beneath the diagram."""
        if not press(self, event):
            super().keyPressEvent(event)

    def y(self, step_id: int) -> float:
        """The height of a box's middle in the layout."""
        return self.layout_.boxes[step_id].middle

    ## Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A line is chosen where it is hit; elsewhere nothing is."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        at = event.position() - origin(self.look)
        self.line = self.line_at(at)
        self.chosen = None
        for box in self.boxes.values():
            box.chosen = False
            box.update()
        self.told.emit(tr("Delete takes the connection away") if self.line else "")
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A new box where there was none."""
        column = self.column_at(event.position().x())
        self.type_new(ORDER[column], place=self.place_at(column, event.position().y()))

    def line_at(self, at: QPointF) -> tuple[int, int] | None:
        """The line at a point of the layout."""
        stroker = QPainterPathStroker()
        stroker.setWidth(self.look.px(10))
        hit = (c.link for c in self.layout_.curves if stroker.createStroke(path_of(c.points)).contains(at))
        return next(hit, None)

    def column_at(self, x: float) -> int:
        half = self.look.px(self.look.width / 2 + AROUND)
        return min(range(len(ORDER)), key=lambda c: abs(self.layout_.columns[c] + half - x))

    def place_at(self, column: int, y: float, held: int | None = None) -> int:
        """Above which of the other boxes of a column."""
        top = origin(self.look).y()
        others = [s for s in self.chain.of(ORDER[column]) if s.id != held]
        return sum(self.layout_.boxes[s.id].middle + top < y for s in others)

    ## Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Columns, lines, and what the mouse or the keys are about to do."""
        if self.chain is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_ground(painter, self.layout_, self.look, self.height() - 1)
        painter.translate(origin(self.look))
        touching = {c.link for c in self.layout_.curves if self.chosen in c.link and self.connecting is None}
        shown = replace(self.layout_, curves=tuple(c for c in self.layout_.curves if self.hand.lifted not in c.link))
        draw_curves(painter, shown, self.look, chosen={self.line} if self.line else touching)
        self.hand.draw_line(painter)
        self.hand.draw_place(painter)
        painter.end()
