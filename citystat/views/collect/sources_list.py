"""The sources on the page of data: what came last, what is new, and bringing it in with one click."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City
from citystat.collect import sources, watching
from citystat.collect.checks import told
from citystat.collect.secrets import Keyring, Secrets
from citystat.collect.sources import KINDS, SourceRow
from citystat.collect.watching import Arrival, Taken
from citystat.errors import CityStatError
from citystat.records import taking
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.collect.source_dialog import SourceDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.table import ROW, Column, Table

DO, MORE = 4, 5  # the columns that are clicked
MOST = 6  # rows that are seen at once


@dataclass(frozen=True)
class Line:
    """A source and what is new in it; arrivals None: it is not known yet."""

    source: SourceRow
    arrivals: tuple[Arrival, ...] | None = None

    @property
    def trouble(self) -> str:
        """Why it cannot be looked at."""
        return next((a.error for a in self.arrivals or () if a.error), "")

    @property
    def new(self) -> str:
        """What is new, in words."""
        if self.source.kind not in ("file", "folder"):
            return tr("is asked when brought in")
        if self.arrivals is None:
            return "…"
        return f"◆ {tr('cannot be reached')}" if self.trouble else sources.found_words(len(self.arrivals))

    @property
    def can(self) -> bool:
        """Whether there may be something to bring in."""
        return self.source.kind not in ("file", "folder") or bool(self.arrivals and not self.trouble)


class SourcesList(QWidget):
    """Signals: go(address), said(words), looked() once it is known what is new."""

    go = Signal(str)
    said = Signal(str)
    looked = Signal()

    def __init__(self, city: City, secrets: Secrets | None = None) -> None:
        super().__init__()
        self._city, self._secrets = city, secrets or Keyring()
        self._found: dict[int, tuple[Arrival, ...]] = {}
        self._known = False
        self.table = _Sources(
            [
                Column(tr("Source"), lambda x: x.source.name, bold=True, width=190),
                Column(tr("Where"), _place, colour=lambda _: "soft", tip=lambda x: x.source.location),
                Column(tr("Came in last"), _last, width=200, colour=lambda _: "soft", spare=True),
                Column(tr("New"), lambda x: x.new, width=190, colour=_colour, tip=lambda x: x.trouble or _names(x)),
                Column("", lambda x: tr("Bring in") if x.can else "", width=90, right=True, colour=lambda _: "accent"),
                Column("", lambda _: "…", width=44, right=True, colour=lambda _: "accent", tip=lambda _: tr("Change, remove")),
            ],
            tr("Sources"), sortable=False,
        )  # fmt: skip
        self.table.opened.connect(self.bring_in)
        self.table.clicked.connect(self._clicked)
        self.table.more.connect(self._menu)
        head = QHBoxLayout()
        head.addWidget(label(tr("Sources"), "heading"))
        head.addStretch(1)
        head.addWidget(button(tr("Add a source…"), self.add, kind="link"))
        self._none = label(
            tr("A folder, a database or an open-data service from which figures come each month"), "soft", wrap=True
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(4)
        whole.addLayout(head)
        whole.addWidget(self._none)
        whole.addWidget(self.table)
        self.refresh()

    def refresh(self) -> None:
        """Ask the city for its sources, and look at them in the background."""
        self._show()
        if self.lines:
            jobs.run(self, lambda _p: watching.look(self._city, watched=False), self._looked, quiet=True)

    def _looked(self, found: list[Arrival]) -> None:
        self._found, self._known = {}, True
        for arrival in found:
            self._found[arrival.source.id] = (*self._found.get(arrival.source.id, ()), arrival)
        self._show()
        self.looked.emit()

    @property
    def waiting(self) -> list[Line]:
        """The sources that have new files."""
        return [x for x in self.lines if x.arrivals and not x.trouble]

    def _show(self) -> None:
        with self._city.read() as read:
            rows = sources.sources(read)
        self.lines = [Line(r, self._found.get(r.id, ()) if self._known else None) for r in rows]
        self.table.set_rows(self.lines)
        self.table.setVisible(bool(rows))
        self._none.setVisible(not rows)
        each = self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(
            self.table.horizontalHeader().sizeHint().height() + each * min(len(rows), MOST) + round(theme().px(4))
        )

    ## Acts

    def add(self) -> None:
        """A new source."""
        self.dialog = SourceDialog(self._city, self._secrets, self)
        self.dialog.open()

    def change(self, row: SourceRow) -> None:
        """Another name, place or way of asking."""
        self.dialog = SourceDialog(self._city, self._secrets, self, row)
        self.dialog.open()

    def remove(self, row: SourceRow) -> None:
        """Let it go; Ctrl+Z brings it back, but not its password."""
        try:
            sources.remove(self._city, row.name, self._secrets)
        except CityStatError as error:
            self.said.emit(str(error))

    def bring_in(self, line: Line) -> None:
        """All that is new, in one go; what needs a person is opened for one."""
        row = line.source
        arrivals = line.arrivals if row.kind in ("file", "folder") else (Arrival(row),)
        if not arrivals or line.trouble:
            self.said.emit(line.trouble or tr("Nothing is new in {name}", name=row.name))
            return
        if not row.recipe:  # nobody has said yet how it is read
            self.go.emit(f"import:source:{row.id}")
            return

        def work(progress: jobs.Progress) -> list[Taken]:
            taken = []
            for arrival in arrivals:
                taken.append(taking.take_in(self._city, arrival, self._secrets, now=datetime.now(), progress=progress))
                if taken[-1].why:
                    break
            return taken

        jobs.run(self, work, lambda taken: self._taken(row, taken), title=tr("Bringing in {file}", file=row.name))

    def _taken(self, row: SourceRow, taken: list[Taken]) -> None:
        stuck = next((t for t in taken if t.why), None)
        if stuck is not None:
            self.go.emit(f"import:source:{row.id}")
            return
        new = sum(t.done.added + t.done.revised for t in taken if t.done)
        said = plural(
            new, "{some} value came in from {name}. Ctrl+Z takes it back", "{some} values came in from {name}. Ctrl+Z takes them back",
            some=f"{new:,}", name=row.name,
        )  # fmt: skip
        doubted = told([f for t in taken if t.done for f in t.done.findings])
        if doubted:
            said = f"{said} · {doubted}" if new else f"{row.name}: {doubted}"
        self.said.emit(said if new or doubted else tr("Nothing is new in {name}", name=row.name))

    def _clicked(self, index: QModelIndex) -> None:
        line: Line = index.data(ROW)
        if index.column() == DO and line.can:
            self.bring_in(line)
        elif index.column() == MORE:
            self._menu(line)

    def _menu(self, line: Line) -> None:
        self.menu = QMenu(self)
        for words, act in (
            (tr("Bring in"), lambda: self.bring_in(line)), (tr("Look at it first…"), lambda: self.go.emit(f"import:source:{line.source.id}")),
            (tr("Change…"), lambda: self.change(line.source)), (tr("Remove"), lambda: self.remove(line.source)),
        ):  # fmt: skip
            self.menu.addAction(words).triggered.connect(lambda _=False, do=act: do())
        at = self.table.visualRect(self.table.model().index(self.lines.index(line), MORE))
        self.menu.popup(self.table.viewport().mapToGlobal(at.bottomLeft() if at.isValid() else QPoint(0, 0)))


class _Sources(Table):
    """Signal: more(line) at the menu key."""

    more = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter brings in, the menu key offers more."""
        if event.key() in (Qt.Key.Key_Menu, Qt.Key.Key_Space) and self.current() is not None:
            self.more.emit(self.current())
        else:
            super().keyPressEvent(event)


def _place(line: Line) -> str:
    return f"{tr(KINDS[line.source.kind])} · {line.source.location}"


def _last(line: Line) -> str:
    row = line.source
    if row.last_at is None:
        return tr("never")
    return tr("{day}, {new} values", day=periods.day_label(row.last_at.date()), new=f"{row.last_new:,}")


def _colour(line: Line) -> str:
    return "concern" if line.trouble else "" if line.arrivals else "soft"


def _names(line: Line) -> str:
    return ", ".join(a.path.name for a in (line.arrivals or ())[:8] if a.path)
