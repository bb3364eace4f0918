"""The collection calendar: who owes figures and by when, and what came of every measure in every period."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.collect.calendar import (
    FAILED,
    LATE,
    MISSING,
    Debtor,
    Line,
    Section,
    Square,
    came_from,
    debtors,
    heat,
    sentence,
    told,
)
from citystat.collect.reminders import entries
from citystat.files import write_bytes
from citystat.texts import dotted, plural, tr
from citystat.views import jobs
from citystat.views.collect.heat_map import HeatLegend, HeatMap
from citystat.views.collect.remind_dialog import RemindDialog
from citystat.views.collect.return_dialog import ReturnDialog
from citystat.views.measures.closing import CloseDialog, ReopenDialog
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import label
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import Row, RowList

LOOKS_AT = ("measure", "observation", "check_finding", "department", "person", "reminder", "closed_period")
EVERYBODY = ""
FREQUENCIES = {
    "day": "Daily measures", "week": "Weekly measures", "month": "Monthly measures", "quarter": "Quarterly measures",
    "half-year": "Half-yearly measures", "year": "Yearly measures",
}  # fmt: skip
WANTING = (LATE, MISSING, FAILED)


class CalendarPage(Page):
    """Debtors at the left, the map at the right; a debtor narrows the map to what is asked of that person."""

    def __init__(self, city: City, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        self.title = f"{tr('Data')} › {tr('Calendar')}"
        self._debtors: list[Debtor] = []
        self._sections: list[Section] = []
        self._asked = 0
        self.list = RowList(tr("Who owes figures"))
        self.list.chosen.connect(lambda _: self._show_map())
        self.list.opened.connect(self._open_debtor)
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search by code, name, department or owner"))
        self._search.setAccessibleName(tr("Search measures"))
        self._search.textChanged.connect(lambda _: self._show_map())
        self.frequency, self.what = QComboBox(), QComboBox()
        self.frequency.setAccessibleName(tr("Measures of"))
        self.what.setAccessibleName(tr("Show"))
        self.frequency.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for words, key in ((tr("All of them"), False), (tr("Late, missing or held back"), True)):
            self.what.addItem(words, key)
        self.frequency.currentIndexChanged.connect(lambda _: self._show_map())
        self.what.currentIndexChanged.connect(lambda _: self._show_map())
        self.map = HeatMap()
        self.map.chosen.connect(self._tell)
        self.map.opened.connect(lambda line, _: self.go.emit(f"measure:{line.measure.code}"))
        self.words = label("", "soft", wrap=True)
        self._nothing = EmptyPlace(
            tr("Nothing is asked of anybody yet"),
            tr("Once measures are there, this page says who owes which figures by when, and what came late."),
            (tr("Bring in a file"), lambda: self.go.emit("import")),
        )
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        left, right, filters = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.setSpacing(8)
        left.addWidget(label(tr("Who owes figures"), "heading"))
        left.addWidget(self.list, 1)
        filters.setSpacing(8)
        filters.addWidget(self._search, 1)
        filters.addWidget(self.frequency)
        filters.addWidget(self.what)
        right.setSpacing(8)
        right.addLayout(filters)
        right.addWidget(self.map, 1)
        right.addWidget(self.words)
        right.addWidget(HeatLegend())
        self._both = Beside(left, right, shares=(3, 8), gap=32, narrow=900)
        self.body.addWidget(self._both, 1)
        self.body.addWidget(self._nothing, 1)
        self._nothing.hide()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [
            (tr("Quality"), lambda: self.go.emit("quality"), ""),
            (tr("Returns"), self._returns_menu, "menu"),
            (tr("Calendar file…"), self.write_calendar, ""),
            (tr("Remind…"), self.remind, "primary"),
        ]

    def own_acts(self) -> list[tuple[str, Any]]:
        """What Ctrl+K offers of the menu “Returns”."""
        return [
            (tr("Return sheet…"), self._return_sheet),
            (tr("Close a period…"), lambda: CloseDialog(self._city, self, today=self._today).open()),
            (tr("Open a period again…"), lambda: ReopenDialog(self._city, self).open()),
        ]

    def _return_sheet(self) -> None:
        """For the chosen debtor; for whom else, the dialog asks."""
        chosen = next((d for d in self._debtors if d.key == self.list.current()), None)
        person = chosen.person.name if chosen and chosen.person else ""
        department = chosen.department if chosen and not person else ""
        ReturnDialog(self._city, self, department=department, person=person, today=self._today).open()

    def _returns_menu(self) -> None:
        menu_under(self, self.own_acts())

    def focus_search(self) -> None:
        """Ctrl+F."""
        self._search.setFocus()
        self._search.selectAll()

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again, in the background."""
        if touched is not None and not touched.any(*LOOKS_AT):
            return
        self._asked += 1
        asked, city, today = self._asked, self._city, self._today
        if not self._sections:
            self.head(tr("Collection calendar"), tr("Looking at the measures…"))

        def work(_progress: jobs.Progress) -> tuple[list[Debtor], list[Section]]:
            with city.read() as read:
                return debtors(read, today), heat(read, today)

        def done(found: tuple[list[Debtor], list[Section]]) -> None:
            if asked == self._asked:
                self._debtors, self._sections = found
                self._show()

        jobs.run(self, work, done, quiet=True)

    ## Showing

    def _show(self) -> None:
        there = bool(self._sections)
        self._both.setVisible(there)
        self._nothing.setVisible(not there)
        self.head(sentence(self._debtors, self._today) if there else tr("Collection calendar"), self._under())
        chosen = self.list.current()
        everybody = [Row(EVERYBODY, tr("Everybody"), _measures(self._sections))]
        self.list.show_rows([*everybody, *map(_row, self._debtors)], chosen if chosen is not None else EVERYBODY)
        kept = self.frequency.currentData()
        self.frequency.blockSignals(True)
        self.frequency.clear()
        for at, section in enumerate(self._sections):
            self.frequency.addItem(_called(section, self._sections), at)
        found = [i for i, s in enumerate(self._sections) if s.frequency == "month"]
        self.frequency.setCurrentIndex(kept if kept is not None and kept < len(self._sections) else (found or [0])[0])
        self.frequency.blockSignals(False)
        self.frequency.setVisible(len(self._sections) > 1)
        self._show_map()

    def _under(self) -> str:
        nobody = sum(len(d.owed) for d in self._debtors if d.person is None)
        lonely = plural(
            nobody, "{n} figure is owed by nobody: name an owner", "{n} figures are owed by nobody: name an owner"
        )
        return dotted((tr("A figure is due when its period has ended and the measure's reporting lag is over"), lonely if nobody else ""))  # fmt: skip

    def _show_map(self) -> None:
        """The lines that the search, the debtor and the choice leave."""
        at = self.frequency.currentData()
        section = self._sections[at] if at is not None and at < len(self._sections) else None
        wanted, key = self._search.text().lower(), self.list.current()
        mine = next((d for d in self._debtors if d.key == key), None)
        ids = {o.measure.id for o in mine.owed} if mine else None
        lines = [
            line for line in (section.lines if section else ())
            if _matches(line, wanted) and (ids is None or line.measure.id in ids)
            and (not self.what.currentData() or any(s.state in WANTING for s in line.squares))
        ]  # fmt: skip
        self.words.setText("" if lines else tr("No measure is left by what you look for"))
        self.map.show_section(section, lines, self._today)

    def _tell(self, line: Line, square: Square) -> None:
        """The square under the cursor in words, and where its figures came from."""
        with self._city.read() as read:
            source = came_from(read, line.measure.id, square.start)
        self.words.setText(dotted((line.measure.called, told(line.measure, square, self._today), source, tr("Enter opens the measure"))))  # fmt: skip

    def _open_debtor(self, key: str) -> None:
        """Enter on a debtor: write the reminder; where nobody is named, the measure that lacks an owner."""
        found = next((d for d in self._debtors if d.key == key), None)
        if found is None:
            self.remind()
        elif found.person is None:
            self.go.emit(f"measure:{found.owed[0].measure.code}")
        else:
            RemindDialog(self._city, self._debtors, self, today=self._today, only=key).open()

    ## Acts

    def remind(self) -> None:
        """E-mail drafts to those who owe figures."""
        if not any(d.person for d in self._debtors):
            self.said.emit(tr("Nobody owes a figure now"))
            return
        key = self.list.current()
        only = key if any(d.key == key and d.person for d in self._debtors) else ""
        RemindDialog(self._city, self._debtors, self, today=self._today, only=only).open()

    def write_calendar(self) -> None:
        """All due days of the coming year as one calendar file."""
        city, today = self._city, self._today
        to = file_to_write(
            self, tr("Calendar file"), f"{city.settings.name} {tr('due dates')}.ics", "iCalendar (*.ics)"
        )
        if to is None:
            return

        def work(_progress: jobs.Progress) -> Path:
            with city.read() as read:
                rows = debtors(read, today, ahead=365)
            write_bytes(to, entries(rows, city.settings.name, datetime.now()))
            return to

        jobs.run(self, work, lambda path: self.said.emit(tr("Written: {what}", what=path.name)), title=tr("Writing the calendar"))  # fmt: skip


def _matches(line: Line, wanted: str) -> bool:
    m = line.measure
    return all(word in f"{m.code} {m.name} {m.department} {m.owner}".lower() for word in wanted.split())


def _measures(sections: list[Section]) -> str:
    n = sum(len(s.lines) for s in sections)
    return plural(n, "{n} measure", "{n} measures")


def _called(section: Section, sections: list[Section]) -> str:
    """ "Monthly measures"; with the month their years begin in where there are several such."""
    words = tr(FREQUENCIES[section.frequency])
    alike = [s for s in sections if s.frequency == section.frequency]
    return words if len(alike) == 1 else f"{words} ({tr(periods.MONTH_NAMES[section.year_start - 1])})"


def _row(d: Debtor) -> Row:
    """Name over department; what is late at the right over what comes."""
    n = len(d.late)
    coming = len(d.owed) - n
    reminded = tr("reminded {day}", day=periods.day_label(d.reminded.date())) if d.reminded else ""
    role = d.department if d.person is None or d.owns else dotted((d.department, tr("as head")))
    return Row(
        d.key, d.name, dotted((role, reminded)), mark="concern" if n else "",
        right=tr("{n} late", n=n) if n else tr("{n} due", n=coming), right_under=tr("{n} due", n=coming) if n and coming else "",
        tone="concern" if n else "soft",
    )  # fmt: skip
