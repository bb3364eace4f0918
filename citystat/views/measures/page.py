"""One measure: its sentence, its chart, its values, what it is, and what was promised about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPageLayout, QPainter, QResizeEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from citystat import periods
from citystat.charts.headline import PERIOD_WORDS
from citystat.city import City, Touched, derived
from citystat.city.observations import cell_label
from citystat.collect.close import Scope, closed
from citystat.errors import CityStatError
from citystat.files import write_bytes
from citystat.goals.tree import goals_of
from citystat.measures.doubts import Doubt, doubts
from citystat.measures.outlook import outlook
from citystat.measures.picture import CLOSE, chart_of, next_zoom, shown_since
from citystat.measures.rebase import Suggestion, suggested
from citystat.measures.series import broken_down, dimensions
from citystat.measures.standing import standing
from citystat.measures.table import ValueRow, value_table
from citystat.meetings.actions import actions
from citystat.meetings.agenda import add_item
from citystat.meetings.meeting import next_meeting
from citystat.meetings.suggest import questions_for
from citystat.records.which import has_records
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.chart import picture
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT
from citystat.views.chart.view import ChartView
from citystat.views.measures.charting import ChartingDialog
from citystat.views.measures.checks import ChecksDialog
from citystat.views.measures.closing import CloseDialog, ReopenDialog
from citystat.views.measures.define import MeasureDialog
from citystat.views.measures.doubts import Doubts
from citystat.views.measures.edit import NoteDialog, ValueDialog
from citystat.views.measures.explained import Explained
from citystat.views.measures.facts import WIDTH, Facts
from citystat.views.measures.lists import HistoryDialog, words_listed
from citystat.views.measures.targets import BaselineDialog, targets_listed
from citystat.views.shell.places import records_behind
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import fold
from citystat.views.widgets.choose import file_to_write
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

NEWEST = 12  # rows of the table before all are asked for
NARROW = 860  # pixels of width under which the facts stand below the chart


class MeasurePage(Page):
    """Shows the measure with this code; "FD-01:Ward=Ward 6" its breakdown, and that part of it by name."""

    def __init__(self, city: City, code: str | int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        measure, by, part = _place(str(code))
        self._key: str | int = measure  # the id from the first look on: the code may be changed
        self._view: dict[str, str] = {"by": by, "part": part} if by else {}
        self._rows: list[ValueRow] = []
        self._all_rows = False
        self._interactive: Any = None
        self.chart = ChartView()
        self.chart.opened.connect(self.open_records)
        self.chart.setFixedHeight(round(theme().px(400)))
        self._source = label("", "faint", wrap=True)
        self._marked = label("", "soft", wrap=True)
        self.outlook = label("", "text", wrap=True)
        self._looking: jobs.Progress | None = None
        self.explained = Explained()
        self.explained.restart.connect(self._restart)
        self.explained.judge.connect(self.how_judged)
        self.doubts = Doubts(city)
        self.doubts.listen(self)
        self.table = Table(_columns(), tr("Values"), sortable=False)
        self.table.opened.connect(lambda row: self.correct(row.start))
        self.more = button("", self.show_all_rows, kind="link")
        self.facts = Facts()
        self.facts.go.connect(self.go)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        self._chart_place = QVBoxLayout()
        self._chart_place.addWidget(self.chart)
        left = QVBoxLayout()
        left.setSpacing(6)
        self.body.removeWidget(self.sentence)
        self.body.removeWidget(self.under)
        left.addWidget(self.under)
        left.addWidget(self.sentence)
        left.addSpacing(8)
        left.addLayout(self._chart_place)
        left.addWidget(self.outlook)
        left.addWidget(self._marked)
        left.addWidget(self._source)
        left.addWidget(self.explained)
        left.addSpacing(12)
        left.addWidget(self.doubts)
        left.addSpacing(4)
        left.addWidget(self.table)
        left.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(36)
        self._both.addLayout(left, 1)
        self._both.addWidget(self.facts, 0)
        self.body.addLayout(self._both, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the chart, the facts stand below it."""
        super().resizeEvent(event)
        fold(self._both, self.facts, narrow=self.width() < theme().px(NARROW), width=WIDTH)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right, the primary one last."""
        return [
            *([(tr("Records"), self.open_records, "")] if self._has_records else []),
            (tr("Break down"), self._break_down, ""),
            *([(tr("Drivers"), lambda: self.go.emit(f"drivers:{self._key}"), "")] if self._dimensions else []),
            (tr("Compare"), lambda: self.go.emit(f"compared:{self._key}"), ""),
            (f"{CLOSE} {tr(PERIOD_WORDS[self._standing.measure.frequency][1])}", self.zoom, ""),
            (tr("Outlook"), self.look_ahead, ""),
            (tr("Pan and zoom"), self.explore, ""),
            (tr("Picture"), self._picture_menu, "menu"),
            (tr("Change"), self._change_menu, "menu"),
            (tr("Put on agenda"), self._put_on_agenda, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(f"measure:{self._key}", "city_settings", "person", "department"):
            return
        again = touched is not None and self._view.pop("ahead", "")  # other figures: forecast anew, in the background
        try:
            self._ask()
        except CityStatError:
            if touched is None:
                raise
            self.go.emit("measures")  # its making was taken back: there is nothing left to show
            return
        self.head(self._chart.headline, self._chart.subject)
        self.chart.set_chart(self._chart)
        self._source.setText(self._chart.source)
        self._marked.setText(self._chart.marked)
        self._marked.setVisible(bool(self._chart.marked))
        self.outlook.setText(" ".join(self._chart.outlook))
        self.outlook.setVisible(bool(self._chart.outlook))
        whole = self._standing
        self.explained.show_chart(self._chart, suggested(whole.series, whole.judgement))
        self.doubts.show_doubts(self._doubted, self._period)
        self.table.setColumnHidden(2, not any(r.numerator for r in self._rows))
        self.table.setColumnHidden(3, not any(r.denominator for r in self._rows))
        self.table.setColumnHidden(4, not any(r.to_target for r in self._rows))
        self._show_rows()
        if self._interactive is not None:
            self._interactive.set_chart(self._chart)
        if again:
            self.look_ahead()

    def _ask(self) -> None:
        """All that the page shows, in one look."""
        with self._city.read() as read:
            self._standing = standing(read, self._key)
            m = self._standing.measure
            self._key, self._code = m.id, m.code
            self._chart = chart_of(read, m, as_of=self._today, view=self._view)
            self._rows = value_table(read, self._standing.series)
            self._dimensions = dimensions(read, m)
            self._doubted = doubts(read, [m.id])
            goals, promised = goals_of(read, m.id), actions(read, self._today, measure=m.code)
            shut = next((row for row in closed(read) if row.measure.id == m.id), None)
            self._has_records = has_records(read, m.code)
            trouble = derived.trouble(read, m.formula, code=m.code, frequency=m.frequency)
        self.title = " › ".join(filter(None, (tr("Measures"), m.department, m.code)))
        self.facts.show_facts(self._standing, goals, promised, self._today, trouble, shut.words if shut else "")

    def _period(self, doubt: Doubt) -> str:
        return self._period_words(doubt.period)

    def show_all_rows(self) -> None:
        """Every period, or the newest again."""
        self._all_rows = not self._all_rows
        self._show_rows()

    def _show_rows(self) -> None:
        """As many rows as are asked for; the table is as high as they are, so that the page scrolls as one."""
        n = len(self._rows)
        shown = self._rows if self._all_rows else self._rows[:NEWEST]
        self.table.set_rows(shown)
        self.table.fit_figures()
        self.table.fit_rows()
        self.table.setVisible(n > 0)
        self.more.setVisible(n > NEWEST)
        self.more.setText(
            tr("The newest {n} only", n=NEWEST) if self._all_rows else plural(n, "All {n} period", "All {n} periods")
        )

    ## Acts

    def _break_down(self) -> None:
        choices = ["", *self._dimensions]
        if len(choices) == 1:
            self.said.emit(tr("This measure has no breakdown"))
            return
        by = choices[(choices.index(self._view.get("by", "")) + 1) % len(choices)]
        rest = {k: v for k, v in self._view.items() if k not in ("by", "part")}
        self._view = {**rest, "by": by} if by else rest
        self.refresh()

    def open_records(self, at: int | None = None) -> None:
        """The records behind a number: of the period at this place of the chart, else the chosen one, else the newest; where the
        chart is broken down, of the whole or of a part, which a menu asks."""
        if not self._has_records:
            self.said.emit(tr("No records are kept of {name}", name=self._standing.measure.name))
            return
        place = at if at is not None else self.chart.chosen
        start = self._chosen_period(place)
        by = self._view.get("by", "")
        if not by:
            self.go.emit(records_behind(self._key, start))
            return
        with self._city.read() as read:
            parts = broken_down(read, self._standing.measure, by)
        self._offer(
            (
                tr("All of {period}", period=self._period_words(start)),
                lambda: self.go.emit(records_behind(self._key, start)),
            ),
            *(
                (
                    p.category,
                    lambda c=p.category: self.go.emit(records_behind(self._key, start, cell_label(((by, c),)))),
                )
                for p in parts
            ),
        )

    def _chosen_period(self, place: int | None) -> date:
        """The first day of the period at a place of the chart; None: of the row of the table, or the newest with a value."""
        s = self._standing.series
        if place is not None:
            since = shown_since(s, self._view)
            return [p for p in s.periods if since is None or p >= since][place]
        row: ValueRow | None = self.table.current() if self.table.hasFocus() else None
        return row.start if row is not None else s.periods[s.last if s.last is not None else -1]

    def _period_words(self, start: date) -> str:
        m = self._standing.measure
        return periods.label(start, m.frequency, m.year_start)

    def zoom(self) -> None:
        """The usual periods → all of them → the last twelve → the usual."""
        self._view = next_zoom(self._standing.series, self._view)
        self.refresh()
        self.said.emit(plural(len(self._chart.periods), "{n} period on view", "{n} periods on view"))

    def look_ahead(self) -> None:
        """What is forecast to the end of the year, or without it again; it is worked out in the background."""
        ahead = self._view.pop("ahead", "")
        if ahead or self._looking is not None:
            self.refresh()
            return
        series = self._standing.series

        def ended(_: object) -> None:
            self._looking = None
            self._view = {**{k: v for k, v in self._view.items() if k != "by"}, "ahead": "year"}
            self.refresh()

        self._looking = jobs.run(self, lambda _: outlook(series), ended, failed=ended, quiet=True)

    def explore(self) -> None:
        """The chart that is panned and zoomed by hand, and back to the painted one."""
        if self._interactive is not None:
            self._interactive.deleteLater()
            self._interactive = None
            self.chart.show()
            self.chart.setFocus()
            return
        from citystat.views.chart.interactive import InteractiveChart  # pyqtgraph is slow to import

        self._interactive = InteractiveChart()
        self._interactive.setFixedHeight(self.chart.height())
        self._interactive.left.connect(self.explore)
        self._interactive.set_chart(self._chart)
        self.chart.hide()
        self._chart_place.addWidget(self._interactive)
        self._interactive.setFocus()
        self.said.emit(tr("Drag or arrows move · wheel or + − zooms · Home shows all · Esc goes back"))

    def _picture_menu(self) -> None:
        self._offer(
            (tr("Copy picture"), self.copy),
            (tr("Save as PNG…"), lambda: self._ask_save("png")),
            (tr("Save as SVG…"), lambda: self._ask_save("svg")),
            (tr("Print…"), self._print),
        )

    def _change_menu(self) -> None:
        s = self._standing.series
        self._offer(
            (tr("Words on the chart…"), lambda: words_listed(self._city, s, self).open()),
            (tr("Targets…"), lambda: targets_listed(self._city, s, self).open()),
            (tr("Baseline…"), lambda: BaselineDialog(self._city, s, self).open()),
            (tr("Correct a value…"), self.correct),
            (tr("Close a period…"), lambda: CloseDialog(self._city, self, Scope(code=self._code)).open()),
            (tr("Open a period again…"), lambda: ReopenDialog(self._city, self, Scope(code=self._code)).open()),
            (tr("How it is judged…"), self.how_judged),
            (tr("Checks…"), lambda: ChecksDialog(self._city, s.measure, self).open()),
            (tr("Definition…"), lambda: MeasureDialog(self._city, s.measure, self).open()),
            (tr("History…"), lambda: HistoryDialog(self._city, s, self).open()),
        )

    def how_judged(self) -> None:
        """The dialog that sets chart, rules, season and baseline."""
        ChartingDialog(self._city, self._standing.measure, self).open()

    def _restart(self, suggestion: Suggestion) -> None:
        """The limits begin anew where it was suggested, once a person gives the reason."""
        NoteDialog(self._city, self._standing.series, self, kind="rebase", period=suggestion.period).open()

    def correct(self, period: date | None = None) -> None:
        """The dialog that corrects a value, of `period` or the newest."""
        ValueDialog(self._city, self._standing.series, self, period).open()

    def _offer(self, *acts: tuple[str, Any]) -> None:
        """A menu under the button that was pressed; under the mouse where it was no button."""
        menu_under(self, acts)

    def copy(self) -> None:
        """The picture to the clipboard: as pixels, and as SVG for programs that can take it."""
        data = QMimeData()
        data.setImageData(picture.image(self._chart, 1600, 850, text_px=20))
        data.setData("image/svg+xml", picture.svg(self._chart))
        QGuiApplication.clipboard().setMimeData(data)
        self.said.emit(tr("The picture is on the clipboard"))

    def _ask_save(self, form: str) -> None:
        path = file_to_write(self, tr("Save picture"), f"{self._code}.{form}", f"*.{form}")
        if path is not None:
            self.save(path)

    def save(self, path: Path) -> None:
        """The picture to a file, by its ending."""
        data = picture.svg(self._chart) if path.suffix.lower() == ".svg" else picture.png(self._chart)
        try:
            write_bytes(path, data)
        except CityStatError as error:
            self.said.emit(str(error))
        else:
            self.said.emit(tr("Saved {file}", file=path.name))

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec():
            self.print_to(printer)

    def print_to(self, printer: QPrinter) -> None:
        """The chart on one page."""
        painter = QPainter(printer)
        page = QRectF(QPointF(0, 0), printer.pageRect(QPrinter.Unit.DevicePixel).size())
        paint(painter, page, self._chart, LIGHT, page.height() / 42, words=True, source=True)
        painter.end()

    def _put_on_agenda(self) -> None:
        with self._city.read() as read:
            meeting = next_meeting(read, self._today)
        if meeting is None:
            self.said.emit(tr("No meeting is planned; plan one under Meetings"))
            return
        s = self._standing
        add_item(self._city, meeting.id, "measure", s.measure.name, 10, [s.measure.id], questions=questions_for(s))
        self.said.emit(tr("On the agenda of {series}", series=meeting.series))


def _columns() -> list[Column]:
    return [
        Column(tr("Period"), lambda r: r.period, width=104),
        Column(tr("Value"), lambda r: r.value, right=True, width=96, bold=True),
        Column(tr("Numerator"), lambda r: r.numerator, right=True, width=104, colour=lambda _: "soft"),
        Column(tr("Denominator"), lambda r: r.denominator, right=True, width=112, colour=lambda _: "soft"),
        Column(tr("To target"), lambda r: r.to_target, right=True, width=92),
        Column(tr("Note"), lambda r: r.note, colour=lambda _: "soft", tip=lambda r: r.note),
    ]


def _place(address: str) -> tuple[str, str, str]:
    """ "FD-01:Ward=Ward 6": the measure, the breakdown and its part; the measure alone where no part is named."""
    code, colon, part = address.partition(":")
    by, equals, category = part.partition("=")
    return (code, by, category) if colon and equals else (address, "", "")
