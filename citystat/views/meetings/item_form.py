"""The form of one agenda item: title, minutes, presenter, charts, questions, narrative. What is typed is never lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from citystat.city import City
from citystat.errors import CityStatError
from citystat.measures.looks import view_words
from citystat.measures.series import definition
from citystat.meetings.agenda import Item, ItemChart, change_item
from citystat.meetings.forms import KINDS
from citystat.meetings.people import Someone
from citystat.texts import dotted, tr
from citystat.views.meetings.jump import JumpDialog
from citystat.views.widgets.fields import Fields, choice, line, paragraph
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.page import clear

HINTS = {
    "good-news": "What went well, and whom to thank",
    "parking-lot": "What was put aside, one a line",
}


class ItemForm(QWidget):
    """Edits one item; a field that was typed in keeps its words when the city changes underneath.

    Signals: refused(words) when something cannot be written; it stays in the form.
    """

    refused = Signal(str)

    def __init__(self, city: City, everyone: Sequence[Someone], propose: Callable[[Item], Sequence[str]]) -> None:
        super().__init__()
        self._city, self._propose = city, propose
        self._item: Item | None = None
        self._known: dict[str, Any] = {}
        self.name = line(name=tr("Title"))
        self.kind = choice(tr("Kind"), [(tr(words), kind) for kind, (words, _) in KINDS.items()])
        self.minutes = QSpinBox()
        self.minutes.setRange(0, 240)
        self.minutes.setSuffix(" " + tr("min"))
        self.minutes.setAccessibleName(tr("Minutes"))
        self.presenter = choice(tr("Presents"), [(tr("nobody yet"), None), *((p.name, p.id) for p in everyone)])
        self.questions, self.narrative = paragraph(lines=4), paragraph(lines=4)
        self._charts = QVBoxLayout()
        self._charts.setSpacing(2)
        self._propose_link = button(tr("Propose questions from the finding"), self._proposed, kind="link")
        self._lay_out()

    @property
    def item_id(self) -> int | None:
        """The item in the form."""
        return self._item.id if self._item else None

    def show_item(self, item: Item) -> None:
        """Show `item`; of the item that is in the form already, fields with unsaved words stay as typed."""
        fresh = item.id != self.item_id
        typed = {} if fresh else {n: v for n, v in self._typed().items() if v != self._known[n]}
        self._item, self._known = item, _values(item)
        for name, value in self._known.items():
            if name not in typed:
                self._set(name, value)
        self.questions.setPlaceholderText(tr(HINTS.get(item.kind, "What the panel should ask, one question a line")))
        self._propose_link.setVisible(bool(item.measures))
        self._show_charts(item.measures)

    def save(self) -> None:
        """Write what was typed, if it differs; CityStatError leaves it in the form."""
        if self._item is None:
            return
        changed = {n: v for n, v in self._typed().items() if v != self._known[n]}
        if not changed.get("title", "x"):
            changed.pop("title")
            self.name.setText(self._known["title"])
        if changed:
            before, self._known = self._known, self._known | changed
            try:
                change_item(self._city, self._item.id, **changed)
            except BaseException:
                self._known = before
                raise

    def _keep(self) -> None:
        """Write what was typed; a refusal is said."""
        try:
            self.save()
        except CityStatError as error:
            self.refused.emit(str(error))

    def _lay_out(self) -> None:
        fields = Fields()
        fields.left.connect(self._keep)
        fields.field(tr("Title"), self.name)
        fields.beside(tr("Kind"), self.kind, self.minutes)
        fields.field(tr("Presents"), self.presenter)
        self.presenter.activated.connect(lambda _: self._keep())
        self.kind.activated.connect(lambda _: self._keep())
        charts = QWidget()
        charts.setLayout(self._charts)
        charts.setAccessibleName(tr("Charts"))
        self._charts.setContentsMargins(0, 4, 0, 0)
        fields.field(tr("Charts"), charts)
        fields.field(tr("Questions"), self.questions, spoken=tr("Questions to ask, one a line"))
        fields.wide(self._propose_link)
        fields.field(tr("Narrative"), self.narrative, spoken=tr("Narrative for the briefing memo"))
        self.narrative.setPlaceholderText(tr("A paragraph for the briefing memo"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(fields)

    def _typed(self) -> dict[str, Any]:
        return {
            "title": self.name.text().strip(), "kind": self.kind.currentData(), "minutes": self.minutes.value(),
            "presenter_id": self.presenter.currentData(), "questions": self.questions.toPlainText().strip(),
            "narrative": self.narrative.toPlainText().strip(),
        }  # fmt: skip

    def _set(self, name: str, value: Any) -> None:
        if name in ("questions", "narrative"):
            box = {"questions": self.questions, "narrative": self.narrative}[name]
            if box.toPlainText() != value:
                box.setPlainText(value)
        elif name == "title":
            self.name.setText(value)
        elif name == "minutes":
            self.minutes.setValue(value)
        else:
            offers = self.kind if name == "kind" else self.presenter
            offers.setCurrentIndex(max(0, offers.findData(value)))

    ## Charts

    def _show_charts(self, charts: Sequence[ItemChart]) -> None:
        clear(self._charts)
        for at, chart in enumerate(charts):
            self._charts.addLayout(self._chart(at, chart, len(charts)))
        add = button(tr("Add a chart…"), self._ask_chart, kind="link")
        row = QHBoxLayout()
        row.addWidget(add)
        row.addStretch(1)
        self._charts.addLayout(row)

    def _chart(self, at: int, chart: ItemChart, count: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(chart.code, "code"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(label(dotted([chart.name, view_words(chart.view)]), wrap=True), 1)
        for sign, words, do, possible in (
            ("↑", tr("Earlier"), lambda: self._move_chart(at, at - 1), at > 0),
            ("↓", tr("Later"), lambda: self._move_chart(at, at + 1), at < count - 1),
            ("✕", tr("Remove"), lambda: self._drop_chart(at), True),
        ):
            act = button(sign, do, kind="link", tip=words)
            act.setAccessibleName(f"{words}: {chart.name}")
            act.setEnabled(possible)
            row.addWidget(act)
        return row

    def _ask_chart(self) -> None:
        with self._city.read() as read:
            dialog = JumpDialog(read, self, title=tr("Add a chart"))
        dialog.chosen.connect(self.add_chart)
        dialog.open()

    def add_chart(self, code: str) -> None:
        """Put the chart of a measure under the item, last."""
        with self._city.read() as read:
            added = definition(read, code).id
        self._write_charts([*self._measures(), added])

    def _move_chart(self, at: int, to: int) -> None:
        measures = self._measures()
        measures.insert(to, measures.pop(at))
        self._write_charts(measures)

    def _drop_chart(self, at: int) -> None:
        measures = self._measures()
        measures.pop(at)
        self._write_charts(measures)

    def _measures(self) -> list[int]:
        return [c.measure_id for c in self._item.measures] if self._item else []

    def _write_charts(self, measures: Sequence[int]) -> None:
        if self._item is None:
            return
        try:
            change_item(self._city, self._item.id, measures=list(dict.fromkeys(measures)))
        except CityStatError as error:
            self.refused.emit(str(error))

    def _proposed(self) -> None:
        """Questions that the finding suggests, under those that stand there."""
        if self._item is None:
            return
        there = self.questions.toPlainText().strip().splitlines()
        new = [q for q in self._propose(self._item) if q not in there]
        self.questions.setPlainText("\n".join([*there, *new]))
        self._keep()


def _values(item: Item) -> dict[str, Any]:
    return {
        "title": item.title, "kind": item.kind, "minutes": item.minutes, "presenter_id": item.presenter_id,
        "questions": "\n".join(item.questions), "narrative": item.narrative,
    }  # fmt: skip
