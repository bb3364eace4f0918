"""The results chain of a goal or a program: its diagram, what it lacks, and the ways out (picture, Word)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent, QShowEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget
from sqlalchemy.orm import Session

from citystat.city import City, Touched
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.goals import chain as act
from citystat.goals.chain import Chain, Lack, chain, chain_of, counted, missing, whose
from citystat.goals.tree import GoalRow, tree
from citystat.measures.latest import Latest
from citystat.measures.series import definition, definitions
from citystat.measures.standing import Standing
from citystat.texts import plural, tr
from citystat.views import acts, jobs
from citystat.views.judging import Judging
from citystat.views.results.chain_canvas import READABLE, ChainCanvas
from citystat.views.results.chain_drawing import Seen, seen_of
from citystat.views.results.chains import ProgramDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import Page, clear

CHAIN = ("results_chain", "chain_step", "chain_link", "goal", "department")
JUDGED_BY = ("measure", "observation", "target", "annotation")
GOAL = "goal-"  # an address of a goal's chain that may not be drawn yet: chain:goal-3
SAID = 3  # so many things that are missing are written out
KINDS = {"png": "PNG (*.png)", "svg": "SVG (*.svg)", "docx": "Word (*.docx)"}


class ChainPage(Page):
    """Shows the chain with this id, or that of a goal ("goal-3")."""

    def __init__(self, city: City, key: int | str) -> None:
        super().__init__()
        self._city = city
        self._goal_id = int(str(key).removeprefix(GOAL)) if str(key).startswith(GOAL) else None
        self._id = None if self._goal_id is not None else int(key)
        self._chain: Chain | None = None
        self._stand: dict[int, Standing | Latest] = {}
        self._judging = Judging(self, city, part=self._judged, done=lambda: None, many=1)
        self._asked: set[int] = set()
        self.canvas = ChainCanvas(city)
        self._lacks, self._said = QHBoxLayout(), 0
        self._lacks.setSpacing(20)
        self.area = _Area()
        self.area.setWidget(self.canvas)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().installEventFilter(self)
        self._hint = label("", "faint", wrap=True)
        self._first = QWidget()
        self._why = label("", "soft", wrap=True)
        self._lay_out_first()
        self.body.addLayout(self._lacks)
        self.body.addWidget(self._first, 1)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self._hint)
        self._connect()
        self.refresh()

    def _lay_out_first(self) -> None:
        """What a goal without a chain shows."""
        column, row = QVBoxLayout(self._first), QHBoxLayout()
        column.setContentsMargins(0, 40, 0, 40)
        column.setSpacing(8)
        column.addWidget(label(tr("From what is put in to what comes of it"), "section"))
        column.addWidget(self._why)
        column.addSpacing(8)
        first = button(tr("Suggest one from its measures"), lambda: self.draw(suggested=True), kind="primary")
        row.setSpacing(8)
        row.addWidget(first)
        row.addWidget(button(tr("Begin with an empty one"), lambda: self.draw(suggested=False)))
        row.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._first.setFocusProxy(first)

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.said.connect(self.said)
        canvas.told.connect(self._tell)
        canvas.measured.connect(lambda code: self.go.emit(f"measure:{code}"))
        canvas.asks.connect(self.attach)
        canvas.shows.connect(lambda widget: self.area.ensureWidgetVisible(widget, 24, 24))
        canvas.near.connect(lambda at: self.area.ensureVisible(at.x(), at.y(), 24, 24))
        self._tell("")

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        if self._chain is None:
            return []
        return [
            (tr("Fit"), self.canvas.fit, ""),
            (tr("Tidy"), self.canvas.tidy, ""),
            (tr("Attach a measure"), self.attach_to_chosen, ""),
            (tr("Change"), self._change_menu, "menu"),
            (tr("Save as…"), self._save_menu, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again; what is chosen or being typed stays."""
        if touched is not None and not touched.any(*CHAIN, *JUDGED_BY):
            return
        with self._city.read() as read:
            found = self._id if self._id is not None else chain_of(read, self._goal_id or 0)
            try:
                now = chain(read, found) if found is not None else None
            except CityStatError:
                if touched is None:
                    raise
                now = None  # it was removed, or its making taken back
            if now is not None:
                self._ask(read, now, anew=touched is None or touched.any(*JUDGED_BY))
            goals = [g for p in tree(read) for g in p.goals]
        if now is None:
            self._show_none(next((g for g in goals if g.id == self._goal_id), None))
            return
        before, self._chain, self._goal_id = self._chain, now, now.goal_id
        self.title = " › ".join((tr("Results"), tr("Results chain")))
        self._show(now)
        if before is None:
            self._open_at_size()

    def _ask(self, read: Session, now: Chain, *, anew: bool) -> None:
        """Where the measures of the boxes stand; asked again only where figures changed, or others are attached."""
        used = {s.measure_id for s in now.steps if s.measure_id is not None}
        if anew or used != self._asked:
            self._asked = used
            rows = self._judging.ask(read, [m for m in definitions(read) if m.id in used])
            self._stand = {row.measure.id: row for row in rows}

    def _show(self, now: Chain) -> None:
        self.area.show()
        self._hint.show()
        self._first.hide()
        self.canvas.show_chain(now, self._seen())
        self.head(now.name, " · ".join(filter(None, (whose(now), now.department, counted(now)))))
        self._show_lacks(missing(now))

    def _seen(self) -> dict[int, Seen]:
        return {m: seen_of(s) for m, s in self._stand.items()}

    def _judged(self, found: list[Standing], _: Any) -> None:
        """Some more measures are judged."""
        self._stand |= {s.measure.id: s for s in found}
        self.canvas.show_seen(self._seen())

    def _show_none(self, goal: GoalRow | None) -> None:
        """A goal without a chain, or nothing at all."""
        if goal is None:
            QTimer.singleShot(0, lambda: self.go.emit("chains"))
            return
        self._chain, self._id = None, None
        self.title = " › ".join((tr("Results"), tr("Results chain")))
        self.head(goal.name, tr("Nobody drew its results chain yet"))
        n = len(goal.measure_ids)
        self._why.setText(
            plural(
                n,
                "A results chain shows how the work leads to the goal. Its measure can make a first one, which you then mend.",
                "A results chain shows how the work leads to the goal. Its {n} measures can make a first one, which you then mend.",
            )
            if n
            else tr("A results chain shows how the work leads to the goal. No measure stands under this goal yet."),
        )
        clear(self._lacks)
        for widget, shown in ((self.area, False), (self._hint, False), (self._first, True)):
            widget.setVisible(shown)

    def _show_lacks(self, lacks: list[Lack]) -> None:
        """What is missing, each a way to its box."""
        clear(self._lacks)
        if lacks and lacks[0].kind == "no boxes":
            words = tr("Begin where you know most: with what residents should notice, or with what is done today")
            self._lacks.addWidget(label(words, "soft"))
            return
        if lacks:
            lead = label(tr("Still missing:"), "soft")
            lead.setContentsMargins(0, 0, 0, 2)  # on a line with the links, which have room for their underline
            self._lacks.addWidget(lead)
        said = self._room_for(lacks)
        for lack in lacks[:said]:
            words = _shortened(lack.words)
            self._lacks.addWidget(button(words, lambda at=lack: self._go_to(at), kind="link", tip=lack.words))
        if len(lacks) > said:
            words = plural(len(lacks) - said, "{n} more", "{n} more")
            self._lacks.addWidget(button(words, lambda: self._more_lacks(lacks[said:]), kind="link"))
        self._said = said
        if not lacks:
            self._lacks.addWidget(label(tr("✓ It leads all the way, and every result has its measure"), "soft"))
        self._lacks.addStretch(1)

    def _room_for(self, lacks: list[Lack]) -> int:
        """How many can be written out in one line, besides its first words and “and so many more”; one at least."""
        metrics, left = QFontMetrics(self.font()), self.canvas.view[0] - theme().px(190)
        for n, lack in enumerate(lacks[:SAID]):
            left -= metrics.horizontalAdvance(_shortened(lack.words)) + self._lacks.spacing()
            if left < 0:
                return max(1, n)
        return min(SAID, len(lacks))

    def _more_lacks(self, lacks: list[Lack]) -> None:
        menu = _menu(self)
        for lack in lacks:
            menu.addAction(lack.words).triggered.connect(lambda *_, at=lack: self._go_to(at))
        at = self.mapFromGlobal(self.cursor().pos()) if self.underMouse() else QPoint(32, 120)
        menu.popup(self.mapToGlobal(at))

    def _go_to(self, lack: Lack) -> None:
        if lack.step_id is not None:
            self.canvas.choose(lack.step_id)
        else:
            self.canvas.type_new("outcome" if lack.kind == "no outcome" else "input")

    def _tell(self, words: str) -> None:
        """The line beneath the diagram."""
        keys = tr(
            "Arrows choose · Ctrl and arrows move · Enter edits · N adds a box, Shift N one that follows · L connects · "
            "A attaches a measure · Delete removes · + − 0 size"
        )
        self._hint.setText(words or keys)

    ## Acts

    def draw(self, *, suggested: bool) -> None:
        """Make the goal's chain."""
        if self._goal_id is not None:
            act.begin(self._city, self._goal_id, suggested=suggested)
            if self._chain is None:
                self.refresh()
            self.canvas.setFocus()

    def attach_to_chosen(self) -> None:
        """A measure for the chosen box."""
        if self.canvas.chosen is None:
            self.said.emit(tr("Choose a box first"))
        else:
            self.attach(self.canvas.chosen)

    def attach(self, step_id: int) -> None:
        """Choose a measure for a box by a few letters."""
        from citystat.views.meetings.jump import JumpDialog

        with self._city.read() as read:
            dialog = JumpDialog(read, self, title=tr("Attach a measure"))
        dialog.chosen.connect(lambda code: self._attached(step_id, code))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _attached(self, step_id: int, code: str) -> None:
        with self._city.read() as read:
            measure = definition(read, code).id
        self._try(lambda: act.attach(self._city, step_id, measure))
        self.canvas.choose(step_id)

    def _try(self, what: Any) -> None:
        try:
            what()
        except CityStatError as error:
            self.said.emit(str(error))

    def _change_menu(self) -> None:
        menu, step = _menu(self), self._chain.step(self.canvas.chosen)
        if step is not None:
            menu.addAction(tr("Edit the box")).triggered.connect(lambda *_: self.canvas.type_in(step.id))
            menu.addAction(tr("Attach a measure…")).triggered.connect(lambda *_: self.attach(step.id))
            if step.measure_id is not None:
                off = menu.addAction(tr("Take the measure off"))
                off.triggered.connect(lambda *_: self._try(lambda: act.attach(self._city, step.id, None)))
            menu.addAction(tr("Remove the box")).triggered.connect(lambda *_: self.canvas.remove())
            menu.addSeparator()
        if self._chain.goal_id is None:
            menu.addAction(tr("Name and department…")).triggered.connect(
                lambda *_: ProgramDialog(self._city, self._chain, self).open()
            )
        menu.addAction(tr("Remove the chain")).triggered.connect(lambda *_: self.remove())
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width() - 32, 0)))

    def remove(self) -> None:
        """Take the chain away; it can be taken back at once."""
        key = self._chain.id
        acts.do(self, lambda: act.remove_chain(self._city, key), tr("The results chain is removed"), self._city.undo)

    ## Ways out

    def _save_menu(self) -> None:
        menu = _menu(self)
        for ending, words in (("docx", tr("Word…")), ("png", tr("Picture (PNG)…")), ("svg", tr("Drawing (SVG)…"))):
            menu.addAction(words).triggered.connect(lambda *_, e=ending: self._ask_write(e))
        menu.popup(self.mapToGlobal(QPoint(self.width() - menu.sizeHint().width() - 32, 0)))

    def _ask_write(self, ending: str) -> None:
        name = f"{self._chain.name}.{ending}".replace("/", "-")
        to = file_to_write(self, tr("Save the results chain"), name, KINDS[ending])
        if to is not None:
            self.write(to)

    def write(self, to: Path) -> None:
        """The diagram as a file, by its ending."""
        now, seen, city = self._chain, self._seen(), self._city

        def work(_progress: jobs.Progress) -> Path:
            return write_chain(city, now, seen, to)

        jobs.run(self, work, lambda made: self.said.emit(tr("Saved {file}", file=made.name)), title=tr("Writing…"))

    def begin(self) -> None:
        """The keyboard is in the diagram, or on the first step."""
        if self._chain is None:
            self._first.setFocus()
        elif self._chain.steps:
            self.canvas.choose(self._chain.steps[0].id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys reach the diagram though no box has the keyboard."""
        if self._chain is not None:
            self.canvas.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def leave(self) -> bool:
        """What is being typed is kept."""
        return self.canvas.keep()

    ## Room

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The room there is for the diagram; Ctrl and the wheel make it larger or smaller."""
        if event.type() == QEvent.Type.Resize:
            self._room()
        elif isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.canvas.zoom_by(1.1 if event.angleDelta().y() > 0 else 1 / 1.1)
            return True
        return super().eventFilter(watched, event)

    def _room(self) -> None:
        size = self.area.maximumViewportSize()
        self.canvas.view = (float(size.width()), float(size.height()))
        self.canvas.lay_out()
        lacks = missing(self._chain) if self._chain is not None else []
        if lacks and self._room_for(lacks) != self._said:
            self._show_lacks(lacks)

    def _open_at_size(self) -> None:
        self._room()
        self.canvas.fit(READABLE)

    def showEvent(self, event: QShowEvent) -> None:
        """When the page has its size the diagram is fitted into it, once."""
        super().showEvent(event)
        if not event.spontaneous():
            QTimer.singleShot(0, self._open_at_size)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The diagram follows."""
        super().resizeEvent(event)
        self._room()


class _Area(QScrollArea):
    """Asks for little room, so that the page fits any window: the diagram scrolls within it."""

    def sizeHint(self) -> QSize:
        return QSize(0, round(theme().px(220)))


def write_chain(city: City, c: Chain, seen: dict[int, Seen], to: Path, today: date | None = None) -> Path:
    """Write a chain as PNG, SVG or Word by the ending of `to`; returns it."""
    from citystat.goals import chain_paper  # with what writes Word: only when it is wanted
    from citystat.meetings.papers import template_for
    from citystat.views.results import chain_picture

    ending, today = to.suffix.lower(), today or date.today()
    if ending == ".svg":
        write_bytes(to, chain_picture.svg(c, seen, today))
    elif ending == ".png":
        write_bytes(to, chain_picture.png(c, seen, today))
    elif ending == ".docx":
        data, share = chain_picture.paper(c, seen)
        with city.read() as read:
            content, template = chain_paper.compose(read, c, data, share, today), template_for(read, "briefing")
        chain_paper.write_paper(content, to, template=template, now=datetime.now())
    else:
        raise CityStatError(tr("A results chain is written as .docx, .png or .svg"), where=str(to), do=tr("Choose another name"))  # fmt: skip
    return to


def _shortened(words: str, most: int = 72) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _menu(owner: QWidget) -> QMenu:
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
