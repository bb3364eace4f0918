"""The records behind a number while a meeting runs: in a window of the operator's own, over the console. The wall goes on showing what it
shows; nothing of a record ever reaches it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from citystat.city import City
from citystat.texts import tr
from citystat.views.records.page import RecordsPage
from citystat.views.widgets.marks import Chip, button
from citystat.views.widgets.message import MessageBar

SHARE = 0.9  # of the console that it covers


class RecordsDialog(QDialog):
    """address: as of the page's place, "records:12:2018-01-01"."""

    def __init__(self, city: City, address: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._city = city
        self.setWindowTitle(tr("Records"))
        self.bar = MessageBar(self)
        self.page = RecordsPage(city, address.partition(":")[2])
        acts = QHBoxLayout()
        acts.setContentsMargins(32, 16, 32, 0)
        acts.addWidget(Chip(tr("on this screen only")))
        acts.addStretch(1)
        acts.addWidget(button(tr("Columns"), lambda: self.page.choose_columns()))
        acts.addWidget(button(tr("Save as CSV…"), lambda: self.page.save()))
        acts.addWidget(button(tr("Back to the meeting"), self.accept, kind="primary", tip=tr("Esc")))
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.setSpacing(0)
        self._whole.addLayout(acts)
        self._whole.addWidget(self.page, 1)
        self._whole.addWidget(self.bar)
        self._take(self.page)
        self.resize(parent.window().size() * SHARE)

    def _take(self, page: RecordsPage) -> None:
        page.go.connect(self.accept)
        page.instead.connect(self._turn)
        page.said.connect(self.bar.say)
        page.begin()
        page.setFocus()

    def _turn(self, address: str) -> None:
        """The records of another period."""
        before, self.page = self.page, RecordsPage(self._city, address.partition(":")[2])
        self._whole.replaceWidget(before, self.page)
        before.hide()
        before.deleteLater()
        self._take(self.page)
