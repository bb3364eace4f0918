"""The collection calendar: who owes figures and by when, and what came of every measure in every period."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.collect.calendar import (
    FAILED,
    LATE,
    MISSING,
    PARTIAL,
    SOON,
    STOPPED,
    Came,
    Debtor,
    Line,
    Section,
    Square,
    debtors,
    heat,
    what_came,
)
from citystat.collect.calendar_words import STATES, came_words, due_words, reminded_words, sentence, told
from citystat.collect.reminders import entries
from citystat.collect.return_sheet import city_uid
from citystat.collect.stopped import keep_asking, retire, stopped
from citystat.files import write_bytes
from citystat.measures.series import Definition, definitions, series
from citystat.texts import dotted, plural, tr
from citystat.views import jobs
from citystat.views.collect.heat_map import HeatLegend, HeatMap
from citystat.views.collect.remind_dialog import RemindDialog
from citystat.views.collect.return_dialog import ReturnDialog
from citystat.views.measures.closing import CloseDialog, ReopenDialog
from citystat.views.measures.define import MeasureDialog
from citystat.views.measures.edit import ValueDialog
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import Beside
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.fields import choice
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page
from citystat.views.widgets.rows import Row, RowList

LOOKS_AT = (
    "measure",
    "observation",
    "check_finding",
    "department",
    "person",
    "reminder",
    "closed_period",
    "check_rule",
)
EVERYBODY = "everybody"
FREQUENCIES = {
    "day": "Daily measures", "week": "Weekly measures", "month": "Monthly measures", "quarter": "Quarterly measures",
    "half-year": "Half-yearly measures", "year": "Yearly measures",
}  # fmt: skip
WHO, ROOM = 288, 208  # pixels: width of the debtors; height that they and the map have at least
WANTING = (LATE, MISSING, FAILED, PARTIAL)


class CalendarPage(Page):
    """Debtors at the left, the map at the right; a debtor narrows the map to what is asked of that person.

    department: the one that is chosen to begin with, by name.
    """

    def __init__(self, city: City, department: str | int = "", today: date | None = None) -> None:
        super().__init__()
        self._city, self._today, self._wanted = city, today or date.today(), str(department)
        self.title = f"{tr('Data')} › {tr('Calendar')}"
        self._debtors: list[Debtor] = []
        self._sections: list[Section] = []
        self._stopped: list[tuple[Definition, date]] = []  # measures that figures stopped coming for
        self._came: tuple[Definition, Came | None] | None = None  # under the cursor of the map
        self._asked = 0
        self.list = RowList(tr("Who owes figures"))
        self.list.chosen.connect(lambda _: self._show_map())
        self.list.opened.connect(self._open_debtor)
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search by code, name or owner"))
        self._search.setAccessibleName(tr("Search measures"))
        self._search.textChanged.connect(lambda _: self._show_map())
        states = [(tr(words).capitalize(), (state,)) for state, words in STATES.items()]
        self.department, self.frequency = choice(tr("Department"), []), choice(tr("Measures of"), [])
        self.what = choice(tr("Show"), [(tr("Every state"), ()), (tr("What wants a look"), WANTING), *states])
        for box in (self.department, self.frequency, self.what):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(9)
            box.currentIndexChanged.connect(lambda _: self._show_map())
        self.map = HeatMap()
        self.map.chosen.connect(self._tell)
        self.map.opened.connect(lambda *_: self.open_current())
        self.words, self.source = label("", "strong", wrap=True), label("", "soft", wrap=True)
        self.see_import = button(tr("See the import"), self.open_current, kind="link")
        self.see_chart = button(tr("See the chart"), self._open_measure, kind="link")
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
        for box in (self.department, self.frequency, self.what):
            filters.addWidget(box, 1)
        said, lines = QHBoxLayout(), QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.words)
        lines.addWidget(self.source)
        said.setSpacing(16)
        said.addLayout(lines, 1)
        for link in (self.see_import, self.see_chart):
            said.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        right.setSpacing(8)
        right.addWidget(self._search)
        right.addLayout(filters)
        right.addWidget(self.map, 1)
        right.addLayout(said)
        right.addWidget(HeatLegend())
        self.list.setMinimumWidth(round(theme().px(WHO)))
        self.list.setMinimumHeight(round(theme().px(ROOM)))
        self.map.setMinimumHeight(round(theme().px(ROOM)))
        self._search.setMinimumWidth(round(theme().px(120)))
        self._both: QWidget = Beside(left, right, shares=(4, 9), gap=32, narrow=900)
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

        def work(_progress: jobs.Progress) -> tuple[list[Debtor], list[Section], list[tuple[Definition, date]]]:
            with city.read() as read:
                known = definitions(read)
                silent = stopped(read, known, today)
                return debtors(read, today), heat(read, today), [(m, silent[m.id]) for m in known if m.id in silent]

        def done(found: tuple[list[Debtor], list[Section], list[tuple[Definition, date]]]) -> None:
            if asked == self._asked:
                self._debtors, self._sections, self._stopped = found
                self._show()

        jobs.run(self, work, done, quiet=True)

    ## Showing

    def _show(self) -> None:
        there = bool(self._sections)
        self._both.setVisible(there)
        self._nothing.setVisible(not there)
        self.head(sentence(self._debtors, self._today) if there else tr("Collection calendar"), self._under())
        kept = self.list.current()
        asked = [self._asking_row(m, day) for m, day in self._stopped]
        keys = {*(d.key for d in self._debtors), *(row.key for row in asked)}
        rows = [
            Row(EVERYBODY, tr("Everybody"), _measures(self._sections)),
            *asked,
            *(self._row(d) for d in self._debtors),
        ]
        self.list.show_rows(rows, kept if kept in keys else EVERYBODY)
        monthly = next((i for i, s in enumerate(self._sections) if s.frequency == "month"), 0)
        _fill(self.frequency, [(_called(s, self._sections), i) for i, s in enumerate(self._sections)], monthly)
        self.frequency.setVisible(len(self._sections) > 1)
        units = sorted({line.measure.department for s in self._sections for line in s.lines} - {""})
        _fill(self.department, [(tr("Every department"), ""), *((name, name) for name in units)], self._wanted)
        self._wanted = ""
        self.department.setVisible(len(units) > 1)
        self._show_map()

    def _under(self) -> str:
        nobody = sum(len(d.owed) for d in self._debtors if not d.named)
        lonely = plural(
            nobody, "nobody is named for {n} figure: Enter on it names an owner", "nobody is named for {n} figures: Enter on them names an owner",
        )  # fmt: skip
        return dotted((tr("A figure is due when its period has ended and the measure's reporting lag is over"), lonely if nobody else ""))  # fmt: skip

    def _asking_row(self, m: Definition, newest: date) -> Row:
        """A measure that may not be collected any more: Enter answers."""
        since = tr("no figures since {period}: still collected?", period=m.label(newest))
        return Row(f"{STOPPED}-{m.id}", m.called, since)

    def _row(self, d: Debtor) -> Row:
        """A debtor over the first day; how many are late at the right."""
        n, (day, some) = len(d.late), d.by_day()[0]
        rest = len(d.owed) - len(some)
        reminded = reminded_words(d.reminded, self._today) if d.reminded else ""
        if not d.named:
            about = tr("name an owner")
        elif d.person is None:
            about = tr("nobody heads it")
        else:
            about = d.department
        return Row(
            d.key, dotted((d.name, about)), dotted((due_words(len(some), day, self._today), reminded)), mark="concern" if n else "",
            right=plural(n, "{n} late", "{n} late") if n else "", right_under=tr("+{n}", n=rest) if rest else "", tone="concern",
        )  # fmt: skip

    def _show_map(self) -> None:
        """The lines that the search, the debtor and the choices leave."""
        at = self.frequency.currentData()
        section = self._sections[at] if at is not None and at < len(self._sections) else None
        wanted, unit, states = self._search.text().lower(), self.department.currentData(), self.what.currentData()
        mine = next((d for d in self._debtors if d.key == self.list.current()), None)
        silent = self._silent(self.list.current())
        ids = {o.measure.id for o in mine.owed} if mine else {silent.id} if silent else None
        lines = [
            line for line in (section.lines if section else ())
            if _matches(line, wanted) and (ids is None or line.measure.id in ids) and unit in (None, "", line.measure.department)
            and (not states or any(s.state in states for s in line.squares))
        ]  # fmt: skip
        if not lines:
            self._came = None
            self.words.setText(tr("No measure is left by what you look for"))
            self.source.setText("")
        for part in (self.see_import, self.see_chart):
            part.setVisible(bool(lines))
        self.map.show_section(section, lines, self._today)

    def _tell(self, line: Line, square: Square) -> None:
        """The square under the cursor in words, and where its figures came from or who owes them."""
        m = line.measure
        with self._city.read() as read:
            came, open_ = what_came(read, m.id, square.start)
        self._came = m, came
        owed_by = (
            next((d.name for d in self._debtors if d.named and any(o.measure.id == m.id for o in d.owed)), "")
            or m.owner
        )
        whose = tr("owed by {name}", name=owed_by) if square.state in (MISSING, FAILED) and owed_by else ""
        found = open_[0].words if open_ else ""
        self.words.setText(dotted((m.called, told(m, square, self._today))))
        self.source.setText(dotted((came_words(m, came) if came else "", found, whose)))
        self.see_import.setVisible(came is not None and came.run > 0)

    def open_current(self) -> None:
        """Enter: what came, in its import; of a missing period the place to type it in; otherwise the measure."""
        at = self.map.current()
        if self._came is not None and self._came[1] is not None and self._came[1].run:
            self.go.emit(f"data:{self._came[1].run}")
        elif at is not None and at[1].state in (MISSING, SOON) and not at[1].figures:
            with self._city.read() as read:
                found = series(read, at[0].measure)
            ValueDialog(self._city, found, self, at[1].start).open()
        else:
            self._open_measure()

    def _open_measure(self) -> None:
        if self._came is not None:
            self.go.emit(f"measure:{self._came[0].code}")

    def _silent(self, key: object) -> Definition | None:
        """The measure of a row that asks whether it is still collected."""
        return next((m for m, _ in self._stopped if key == f"{STOPPED}-{m.id}"), None)

    def _open_debtor(self, key: str) -> None:
        """Enter on a debtor: the reminder; where nobody is named, whom to name; on a question: its answers."""
        silent = self._silent(key)
        if silent is not None:
            menu_under(
                self,
                (
                    (tr("Yes, keep asking for it"), lambda: keep_asking(self._city, silent.id)),
                    (tr("No, retire it: what there is of it stays"), lambda: retire(self._city, silent.id)),
                    (tr("See the measure"), lambda: self.go.emit(f"measure:{silent.code}")),
                ),
            )
            return
        found = next((d for d in self._debtors if d.key == key), None)
        if found is None:
            self.remind()
        elif not found.named:
            MeasureDialog(self._city, found.owed[0].measure, self).open()
        else:
            RemindDialog(self._city, self._debtors, self, today=self._today, only=key).open()

    ## Acts

    def remind(self) -> None:
        """E-mail drafts to those who owe figures."""
        if not any(d.named for d in self._debtors):
            self.said.emit(tr("Nobody owes a figure now"))
            return
        key = self.list.current()
        only = key if any(d.key == key and d.named for d in self._debtors) else ""
        RemindDialog(self._city, self._debtors, self, today=self._today, only=only).open()

    def write_calendar(self) -> None:
        """The due days of the coming year as one calendar file: the chosen debtor's, otherwise everybody's."""
        city, today, key = self._city, self._today, self.list.current()
        whose = next((d.name for d in self._debtors if d.key == key and d.named), city.settings.name)
        to = file_to_write(
            self, tr("Calendar file"), f"{whose} {tr('due dates')}.ics".replace("/", "-"), "iCalendar (*.ics)"
        )
        if to is None:
            return

        def work(_progress: jobs.Progress) -> Path:
            with city.read() as read:
                rows = debtors(read, today, year=True)
            mine = [d for d in rows if d.key == key] or rows
            write_bytes(to, entries(mine, city.settings.name, city_uid(city), datetime.now(), today=today))
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


def _fill(box: QComboBox, offers: list[tuple[str, Any]], first: Any) -> None:
    """Other offers; what was chosen stays, otherwise `first` is."""
    kept = first if box.currentIndex() < 0 or first else box.currentData()
    box.blockSignals(True)
    box.clear()
    for words, value in offers:
        box.addItem(words, value)
    values = [value for _, value in offers]
    box.setCurrentIndex(values.index(kept) if kept in values else 0)
    box.blockSignals(False)
