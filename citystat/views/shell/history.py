"""The audit trail: who did what, when, newest first, with what it was before and after."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from citystat.city import City, Touched
from citystat.city.journal import AuditLine, Detail, details, trail
from citystat.texts import plural, tr
from citystat.views.widgets.marks import label
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

MOST = 2000


class HistoryPage(Page):
    """Two tables: the acts, and what the chosen one changed."""

    def __init__(self, city: City) -> None:
        super().__init__()
        self._city = city
        self.title = tr("Settings") + " › " + tr("Audit trail")
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Who or what"))
        self.search.setAccessibleName(tr("Search the audit trail"))
        self.search.textChanged.connect(self._narrow)
        self._acts = Table(
            [
                Column(tr("When"), lambda a: f"{a.at:%Y-%m-%d %H:%M:%S}", width=170),
                Column(tr("Who"), lambda a: a.who, width=180),
                Column(tr("What"), lambda a: a.what),
                Column(tr("State"), lambda a: tr("taken back") if a.state == "undone" else "", width=120),
            ],
            tr("Acts"),
        )
        self._details = Table(
            [
                Column(tr("Record"), lambda d: f"{d.table} {d.key}", width=220),
                Column(tr("Field"), lambda d: d.field, width=180),
                Column(tr("Before"), lambda d: d.before),
                Column(tr("After"), lambda d: d.after),
            ],
            tr("What the act changed"),
            sortable=False,
        )
        self._acts.chosen.connect(self._choose)
        self.body.addWidget(self.search)
        self.body.addWidget(self._acts, 3)
        self.body.addWidget(label(tr("What it changed"), "heading"))
        self.body.addWidget(self._details, 2)
        self.refresh()

    def acts(self) -> list[tuple[str, object, str]]:
        """The page's own act."""
        return [(tr("Take the last act back"), lambda: self.window().undo(), "")]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the journal again."""
        with self._city.read() as read:
            lines = trail(read, limit=MOST)
        self.head(
            plural(len(lines), "{n} act", "{n} acts"), tr("Newest first. Every change stands here, with who made it.")
        )
        self._acts.set_rows(lines)
        self._narrow(self.search.text())

    def _narrow(self, words: str) -> None:
        wanted = words.lower().split()
        self._acts.keep(lambda a: all(w in f"{a.who} {a.what} {a.at:%Y-%m-%d}".lower() for w in wanted))

    def _choose(self, line: AuditLine) -> None:
        with self._city.read() as read:
            found: list[Detail] = details(read, line.id)
        self._details.set_rows(found)
