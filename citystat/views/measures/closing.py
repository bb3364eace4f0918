"""Closing a period, and opening one again: for the whole city, a department or a measure."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtWidgets import QComboBox, QWidget

from citystat.city import City
from citystat.collect.close import Scope, close, closed, closed_months, closing, ended_months, left_behind, reopen, said
from citystat.errors import CityStatError
from citystat.people.roster import departments
from citystat.texts import plural, tr
from citystat.views.acts import told
from citystat.views.widgets.fields import FieldsDialog, choice, line
from citystat.views.widgets.marks import label


class CloseDialog(FieldsDialog):
    """scope: chosen to begin with; a measure stands alone, beside its department and the city."""

    def __init__(self, city: City, parent: QWidget, scope: Scope | None = None, *, today: date | None = None) -> None:
        super().__init__(tr("Close a period"), parent, done=tr("Close it"))
        self._city, self._today = city, today or date.today()
        self.scope = _scopes(city, scope or Scope())
        self.month = choice(tr("Period"), ended_months(self._today))
        self._says = label("", "text", wrap=True)
        self.fields.field(tr("For"), self.scope)
        self.fields.field(tr("Through"), self.month)
        self.fields.wide(self._says)
        after = tr("From then on a change of these figures is a correction: it needs a reason, and is marked as one.")
        self.fields.wide(label(after, "faint", wrap=True))
        for box in (self.scope, self.month):
            box.currentIndexChanged.connect(lambda _: self._say())
        self._say()

    def save(self) -> None:
        """Close it, as one act."""
        done = close(self._city, self.month.currentData(), self.scope.currentData(), now=datetime.now())
        told(self.parentWidget(), said(done), self._city.undo)

    def _say(self) -> None:
        """What would close, and what would be left behind."""
        try:
            with self._city.read() as read:
                found = closing(read, self.month.currentData(), self.scope.currentData())
        except CityStatError as error:
            self._says.setText(str(error))
            self.go_button.setEnabled(False)
            return
        n, left = len(found.measures), left_behind(found)
        words = plural(n, "Closes {n} measure", "Closes {n} measures") if n else tr("It is closed already")
        self._says.setText(f"{words}; ◆ {left}" if left else words)
        self.go_button.setEnabled(n > 0)


class ReopenDialog(FieldsDialog):
    """Opens a closed month and all after it again; the reason stands in the audit trail."""

    def __init__(self, city: City, parent: QWidget, scope: Scope | None = None) -> None:
        super().__init__(tr("Open a period again"), parent, done=tr("Open it again"))
        self._city = city
        self.scope = _scopes(city, scope or Scope())
        self.month, self.reason = choice(tr("Period"), []), line("")
        self._says = label("", "text", wrap=True)
        self.fields.field(tr("For"), self.scope)
        self.fields.field(tr("From"), self.month)
        self.fields.field(tr("Reason"), self.reason)
        self.fields.wide(self._says)
        self.scope.currentIndexChanged.connect(lambda _: self._fill())
        self.month.currentIndexChanged.connect(lambda _: self._say())
        self._fill()

    def save(self) -> None:
        """Open it, as one act."""
        scope, month = self.scope.currentData(), self.month.currentData()
        opened = reopen(self._city, month, scope, self.reason.text(), now=datetime.now())
        words = plural(len(opened), "Open again for {n} measure", "Open again for {n} measures")
        told(self.parentWidget(), words, self._city.undo)

    def _fill(self) -> None:
        """The months that are closed, the newest first."""
        with self._city.read() as read:
            found = closed_months(read, self.scope.currentData())
        self.month.clear()
        for words, month in found:
            self.month.addItem(words, month)
        self.go_button.setEnabled(bool(found))
        self._say()

    def _say(self) -> None:
        with self._city.read() as read:
            rows = closed(read, self.scope.currentData())
        month = self.month.currentData()
        n = sum(row.reaches(month) for row in rows) if month else 0
        words = plural(n, "{n} measure is closed from then on", "{n} measures are closed from then on")
        self._says.setText(words if month else tr("Nothing is closed"))


def _scopes(city: City, chosen: Scope) -> QComboBox:
    """The whole city, its departments, and the measure that is asked about."""
    with city.read() as read:
        names = [d.name for d in departments(read)]
    offers = [(chosen.code, chosen)] if chosen.code else []
    offers += [(tr("The whole city"), Scope()), *((name, Scope(department=name)) for name in names)]
    return choice(tr("For"), offers, chosen)
