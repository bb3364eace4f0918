"""What checks found and nobody settled, as rows; accepted (A) or left out (Delete) with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from citystat.city import City
from citystat.collect import settle
from citystat.collect.checks import BY_NAME, ERROR
from citystat.measures.doubts import Doubt
from citystat.texts import plural, tr
from citystat.views.widgets.fields import FieldsDialog, line
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.rows import Row, RowList

Label = Callable[[Doubt], str]  # its period as the measure writes it
MOST_ROWS = 5  # in sight before the list scrolls


class DoubtsDialog(FieldsDialog):
    """Why these figures are right, or why they stay out."""

    def __init__(self, city: City, doubts: Sequence[Doubt], parent: QWidget, *, out: bool = False) -> None:
        n = len(doubts)
        if out:
            title, done = plural(n, "Leave the figure out", "Leave {n} figures out"), tr("Leave out")
        else:
            title, done = plural(n, "Accept the figure", "Accept {n} figures"), tr("Accept")
        super().__init__(title, parent, done=done)
        self._city, self._doubts, self._out = city, list(doubts), out
        self.reason = line("")
        self.reason.setPlaceholderText(tr("How do you know?"))
        for doubt in self._doubts[:3]:
            said = label(doubt.words, wrap=True)
            self.fields.field(doubt.category or tr("What was found"), said)
        if n > 3:
            self.fields.wide(label(tr("and {n} more", n=n - 3), "soft"))
        self.fields.field(tr("Reason"), self.reason)
        held = any(d.level == ERROR for d in self._doubts)
        self.fields.wide(label(_follows(held, out), "faint", wrap=True))
        self.fields.first = self.reason

    def save(self) -> None:
        """Settle them, as one act."""
        act = settle.leave_out if self._out else settle.accept
        act(self._city, [d.id for d in self._doubts], self.reason.text(), datetime.now())


def _follows(held: bool, out: bool) -> str:
    """What comes of it, before it is done."""
    if out:
        return tr("It stays out of the city's figures and is no longer waited for. The reason stays on record.")
    if held:
        return tr("What was held back is taken in, with your reason as its note.")
    return tr("The ring on the chart goes. Your reason stays on record.")


class Doubts(QWidget):
    """The open findings of one measure or of several, with what can be done about them."""

    def __init__(self, city: City, *, narrow: bool = False) -> None:
        super().__init__()
        self._city, self._narrow = city, narrow
        self._known: dict[int, Doubt] = {}
        self.title = label("", "heading")
        self.list = RowList(tr("Not accepted yet"))
        self.list.opened.connect(lambda _: self.accept())
        self.list.removed.connect(lambda _: self.leave_out())
        self.list.chosen.connect(lambda _: self._offer())
        self.accept_button = button(tr("Accept…"), self.accept, tip="A")
        self.out_button = button(tr("Leave out…"), self.leave_out, tip=tr("Delete"))
        self.all_button = button(tr("Accept all…"), self.accept_all, kind="link")
        self.detail = label("", "soft", wrap=True)
        if not narrow:
            self.detail.hide()
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for each in (self.accept_button, self.out_button, self.all_button):
            acts.addWidget(each)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.list)
        column.addWidget(self.detail)
        column.addLayout(acts)
        self.hide()

    def listen(self, page: QWidget) -> None:
        """A accepts wherever on `page` the keyboard is, but in a field."""
        key = QShortcut(QKeySequence("A"), page, self.accept)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_doubts(self, doubts: Sequence[Doubt], period: Label, *, tall: int = MOST_ROWS) -> None:
        """These findings, or nothing at all."""
        at, before = self.list.currentIndex().row(), self.list.current()
        self._known = {d.id: d for d in doubts}
        rows = [_row(d, period(d), self._narrow) for d in doubts]
        chosen = before if before in self._known else rows[min(max(at, 0), len(rows) - 1)].key if rows else None
        self.list.show_rows(rows, chosen)
        held = sum(d.level == ERROR for d in doubts)
        self.title.setText(
            plural(held, "{n} figure held back", "{n} figures held back")
            if held == len(doubts)
            else plural(len(doubts), "{n} finding not settled yet", "{n} findings not settled yet")
        )
        self.setVisible(bool(rows))
        self.list.setFixedHeight(sum(self.list.sizeHintForRow(i) for i in range(min(tall, len(rows)))) + 4)
        self.all_button.setVisible(len(rows) > 1)
        self._offer()

    def current(self) -> Doubt | None:
        """The finding that is chosen."""
        return self._known.get(self.list.current())

    def accept(self) -> None:
        """Vouch for the chosen figure."""
        self._ask([self.current()])

    def accept_all(self) -> None:
        """Vouch for all of them, with one reason."""
        self._ask(list(self._known.values()))

    def leave_out(self) -> None:
        """Say that what was held back is wrong."""
        doubt = self.current()
        if doubt is not None and doubt.level == ERROR:
            DoubtsDialog(self._city, [doubt], self, out=True).open()

    def _ask(self, doubts: Sequence[Doubt | None]) -> None:
        found = [d for d in doubts if d is not None]
        if found and self.isVisible():
            DoubtsDialog(self._city, found, self).open()

    def _offer(self) -> None:
        doubt = self.current()
        self.out_button.setVisible(doubt is not None and doubt.level == ERROR)
        if doubt is not None and self._narrow:
            rule = tr(BY_NAME[doubt.rule].title) if doubt.rule in BY_NAME else ""
            self.detail.setText(f"{doubt.words}\n" + " · ".join(filter(None, (rule, doubt.source, doubt.place))))


def _row(d: Doubt, period: str, narrow: bool) -> Row:
    """narrow: file, cell and rule stand beneath the list."""
    rule = "" if narrow or d.rule not in BY_NAME else tr(BY_NAME[d.rule].title)
    kind = tr("held back") if d.level == ERROR else rule
    where = () if narrow else (d.source, d.place)
    under = " · ".join(filter(None, (period, d.category, *where)))
    if narrow:
        return Row(d.id, d.words, under, mark="concern" if d.level == ERROR else "", right_under=kind)
    return Row(d.id, d.words, under, mark="concern" if d.level == ERROR else "", right=kind, tone="soft")
