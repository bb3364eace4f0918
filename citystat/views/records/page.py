"""The records behind a number: how many, each in a row; sorted, searched, saved as CSV. They are seen here only, never on the wall."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu

from citystat.city import City
from citystat.collect.secrets import Keyring
from citystat.errors import Cancelled, CityStatError
from citystat.records.behind import Neighbour, told
from citystat.records.open import Records, records
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.records.paged import PAGE, PagedTable
from citystat.views.shell.places import records_behind
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.fields import line
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page

SETTLED = 250  # milliseconds without a key before what was typed is searched for


Answer = tuple[Records, int, list[tuple[Any, ...]]]  # the records, how many there are, the first of them


class RecordsPage(Page):
    """what: "12:2018-01-01" (of the measure with this id, in this period) or "12:2018-01-01:Ward=35" (of a part)."""

    def __init__(self, city: City, what: str) -> None:
        super().__init__()
        self._city = city
        self._measure_id, self._start, self._part = parts_of(what)
        with city.read() as read:
            self._told = told(read, self._measure_id, self._start, self._part)
        self._opened: list[Records] = []  # once they are found
        self.destroyed.connect(partial(_let_go, self._opened))
        self.title = " › ".join((tr("Measures"), self._told.number.code, tr("Records")))
        self._order: tuple[str, bool] = ("", False)
        self._asked: jobs.Progress | None = None  # how many there are, and the first of them
        self._fetching = False
        self.table = PagedTable(tr("Records"))
        self.table.paged.wanted.connect(self._fetch)
        self.table.paged.ordered.connect(self._sort)
        self.search = line(hint=tr("Search in every column"), name=tr("Search in every column"))
        self.search.setFixedWidth(round(theme().px(300)))
        self._typed = QTimer(self, singleShot=True, interval=SETTLED)
        self._typed.timeout.connect(self.ask)
        self.search.textChanged.connect(lambda _: self._typed.start())
        self._found = label("", "soft")
        self._none = EmptyPlace(tr("No record says that"), tr("Search for another word, or empty the field."))
        self._nought = EmptyPlace(
            tr("No record is behind this number"), tr("In this period there was none; the one before may have some.")
        )
        self._lay_out()
        self._say(None)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.search)
        row.addWidget(self._found, 1)
        self.before = button("", lambda: self._step(self._told.before), kind="link", tip=tr("Alt+Up"))
        self.after = button("", lambda: self._step(self._told.after), kind="link", tip=tr("Alt+Down"))
        row.addWidget(self.before)
        row.addWidget(self.after)
        self.body.addLayout(row)
        self.body.addSpacing(4)
        self.body.addWidget(self.table, 1)
        for empty in (self._none, self._nought):
            self.body.addWidget(empty, 1)
            empty.hide()
        self.setFocusProxy(self.table)

    @property
    def columns(self) -> tuple[str, ...]:
        """Their titles, once they are found."""
        return self._opened[0].columns if self._opened else ()

    def begin(self) -> None:
        """Once the page stands: count them and show the first."""
        self.ask()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Columns"), self.choose_columns, "menu"),
            (tr("Back to the chart"), self.back, ""),
            (tr("Save as CSV…"), self.save, "primary"),
        ]

    def back(self) -> None:
        """The measure whose number this is."""
        self.go.emit(f"measure:{self._told.number.code}")

    ## Asking

    def ask(self) -> None:
        """Count what is searched for, and show the first rows; the answer to an older question is dropped."""
        self._typed.stop()
        if self._asked is not None:
            self._asked.cancel()
        city, number, there = self._city, self._told.number, self._opened[:1]
        like, (by, down) = self.search.text().strip(), self._order

        def work(progress: jobs.Progress) -> Answer:
            found = there[0] if there else records(city, number, secrets=Keyring(), progress=progress)
            count = found.count_of(like)
            progress.report(0.5)
            return found, count, found.page(0, PAGE, sort=by, descending=down, like=like)

        mine: list[jobs.Progress] = []

        def came(answer: Answer) -> None:
            if self._asked is mine[0]:
                self._opened[:] = [answer[0]]
                self._show(*answer[1:])

        mine.append(jobs.run(self, work, came, failed=partial(self._failed, mine), title=tr("Looking at the records")))
        self._asked = mine[0]

    def _failed(self, mine: list[jobs.Progress], error: CityStatError) -> None:
        if self._asked is mine[0] and not isinstance(error, Cancelled):
            self.head(error.what, error.do)
            self.table.hide()

    def _show(self, count: int, first: list[tuple[Any, ...]]) -> None:
        searched = bool(self.search.text().strip())
        figures = [at for at, _ in enumerate(self.columns) if any(isinstance(row[at], int | float) for row in first)]
        self.table.begin(self.columns, figures, count, first)
        self.table.setVisible(count > 0)
        self._none.setVisible(count == 0 and searched)
        self._nought.setVisible(count == 0 and not searched)
        if not searched:
            self._say(count)
        self._found.setText(
            plural(count, "{some} of them says that", "{some} of them say that", some=f"{count:,}") if searched else ""
        )

    def _say(self, count: int | None) -> None:
        """The sentence; count None: it is not known yet."""
        b = self._told
        if count is None:
            self.head(tr("The records behind {period}", period=b.period), b.about)
        else:
            words = plural(
                count,
                "{some} record is behind {period}",
                "{some} records are behind {period}",
                some=f"{count:,}",
                period=b.period,
            )
            self.head(words, b.about)
        for there, link, words in ((b.before, self.before, "‹ {period}"), (b.after, self.after, "{period} ›")):
            link.setVisible(there is not None)
            link.setText(words.format(period=there.words) if there else "")

    def _fetch(self) -> None:
        """The rows that came into sight, one page after the other: what was passed by meanwhile is not fetched."""
        page = self.table.paged.next_missing()
        if page is None or self._fetching:
            return
        self._fetching = True
        found, asked, like, (by, down) = self._opened[0], self._asked, self.search.text().strip(), self._order

        def came(rows: list[tuple[Any, ...]]) -> None:
            self._fetching = False
            if self._asked is asked:
                self.table.paged.put(page, rows)
            self._fetch()

        def failed(error: CityStatError) -> None:
            self._fetching = False
            self.said.emit(str(error))

        jobs.run(
            self, lambda _p: found.page(page * PAGE, PAGE, sort=by, descending=down, like=like), came, failed=failed, quiet=True
        )  # fmt: skip

    def _sort(self, column: int, descending: bool) -> None:
        self._order = (self.columns[column], descending) if column >= 0 else ("", False)
        self.ask()

    ## Acts

    def _step(self, there: Neighbour | None) -> None:
        """The records of the period before or after, of the same part."""
        if there is not None:
            self.instead.emit(records_behind(self._measure_id, there.start, self._part))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt and an arrow step through the periods; Escape goes back to the chart."""
        held = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if held and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._step(self._told.before if event.key() == Qt.Key.Key_Up else self._told.after)
        elif event.key() == Qt.Key.Key_Escape:
            self.back()
        else:
            super().keyPressEvent(event)

    def choose_columns(self) -> None:
        """Show and hide columns; the last one stays."""
        menu = QMenu(self)
        shown = [at for at in range(len(self.columns)) if not self.table.isColumnHidden(at)]
        for at, title in enumerate(self.columns):
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(at in shown)
            action.setEnabled(shown != [at])
            action.toggled.connect(partial(self.table.show_column, at))
        self.menu = menu
        menu.popup(self.mapToGlobal(self.rect().topRight()) - QPoint(menu.sizeHint().width() + 40, 0))

    def save(self) -> None:
        """What is searched for, in its order, as a CSV file."""
        path = file_to_write(self, tr("Save as CSV"), f"{self._told.file_name}.csv", "CSV (*.csv)")
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """The same, to `path`."""
        if not self._opened:
            return
        found, like, (by, down) = self._opened[0], self.search.text().strip(), self._order

        def work(progress: jobs.Progress) -> int:
            return found.save(path, progress, sort=by, descending=down, like=like)

        def saved(count: int) -> None:
            self.said.emit(
                plural(
                    count,
                    "{some} record is in {file}",
                    "{some} records are in {file}",
                    some=f"{count:,}",
                    file=path.name,
                )
            )

        jobs.run(self, work, saved, title=tr("Writing {file}", file=path.name))


def _let_go(opened: list[Records], *_: object) -> None:
    """When the page goes."""
    for found in opened:
        found.close()


def parts_of(what: str) -> tuple[int, date, str]:
    """Measure, first day of the period and part of an address."""
    measure, start, part = (*what.split(":", 2), "")[:3]
    return int(measure), date.fromisoformat(start), part
