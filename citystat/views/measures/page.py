"""One measure: its sentence, its chart, its values, what it is, and what was promised about it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QMenu, QVBoxLayout

from citystat import periods
from citystat.city import City, Touched
from citystat.measures.picture import chart_of, next_zoom
from citystat.measures.series import dimensions
from citystat.measures.standing import meets_words, standing
from citystat.measures.table import value_table
from citystat.meetings.actions import actions
from citystat.meetings.agenda import add_item
from citystat.meetings.meeting import next_meeting
from citystat.meetings.suggest import questions_for
from citystat.numbers import brief
from citystat.texts import plural, tr
from citystat.views.chart import picture
from citystat.views.chart.painter import paint
from citystat.views.chart.palette import LIGHT
from citystat.views.chart.view import ChartView
from citystat.views.measures.edit import MeasureDialog, NoteDialog, TargetDialog, ValueDialog
from citystat.views.widgets.marks import Chip, label
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table

BETTER = {"higher": "higher", "lower": "lower", "range": "in a range", "none": "neither"}


class MeasurePage(Page):
    """Shows the measure with this code."""

    def __init__(self, city: City, code: str, today: date | None = None) -> None:
        super().__init__()
        self._city, self._code, self._today = city, code, today or date.today()
        self._view: dict[str, str] = {}
        self._interactive: Any = None
        self.chart = ChartView()
        self._source = label("", "faint", wrap=True)
        self.table = Table(self._columns(), tr("Values"), sortable=False)
        self.table.setMinimumHeight(220)
        self._chart_place = QVBoxLayout()
        self._chart_place.addWidget(self.chart)
        self._side = QVBoxLayout()
        self._side.setSpacing(10)
        left = QVBoxLayout()
        left.setSpacing(6)
        self.body.removeWidget(self.sentence)
        self.body.removeWidget(self.under)
        left.addWidget(self.under)
        left.addWidget(self.sentence)
        left.addLayout(self._chart_place, 3)
        left.addWidget(self._source)
        left.addWidget(self.table, 2)
        row = QHBoxLayout()
        row.setSpacing(36)
        row.addLayout(left, 1)
        row.addLayout(self._side)
        self.body.addLayout(row, 1)
        self.refresh()

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right, the primary one last."""
        return [
            (tr("Break down"), self._break_down, ""),
            (tr("Zoom"), self.zoom, ""),
            (tr("Explore"), self._explore, ""),
            (tr("Picture"), self._picture_menu, ""),
            (tr("Change"), self._change_menu, ""),
            (tr("Put on agenda"), self._put_on_agenda, "primary"),
        ]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        with self._city.read() as read:
            self._standing = standing(read, self._code)
            measure = self._standing.measure
            if touched is not None and not touched.any(f"measure:{measure.id}", "city_settings", "person"):
                return
            self._chart = chart_of(read, measure, as_of=self._today, view=self._view)
            rows = value_table(read, self._standing.series)
            promised = actions(read, self._today, measure=measure.code)
            self._dimensions = dimensions(read, measure)
        self.title = (
            f"{tr('Measures')} › {measure.department} › {measure.code}"
            if measure.department
            else f"{tr('Measures')} › {measure.code}"
        )
        self.head(self._chart.headline, self._chart.subject)
        self.chart.set_chart(self._chart)
        self._source.setText(self._chart.source)
        self.table.set_rows(rows)
        self.table.setColumnHidden(2, not any(r.numerator for r in rows))
        self.table.setColumnHidden(3, not any(r.denominator for r in rows))
        self._show_side(promised)
        if self._interactive is not None:
            self._interactive.set_chart(self._chart)

    def _show_side(self, promised: list[Any]) -> None:
        """Chips, facts, definition, promises."""
        clear(self._side)
        s, m = self._standing, self._standing.measure
        kind = s.signal if s.signal in ("improvement", "concern") else "plain"
        for chip in (Chip(s.words, kind=kind), Chip(meets_words(s.meets))):
            self._side.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
        facts = QFormLayout()
        facts.setHorizontalSpacing(20)
        facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        target = self._standing.series.target_at(self._today)
        for name, value in (
            (tr("Owner"), m.owner), (tr("Department"), m.department),
            (tr("Target"), tr("{value} from {since}", value=brief(target.value, m.unit, m.decimals), since=periods.label(target.since, m.frequency, m.year_start)) if target else tr("none")),
            (tr("Better"), tr(BETTER[m.direction])), (tr("Kind"), tr(m.kind)), (tr("Frequency"), tr(m.frequency)),
        ):  # fmt: skip
            words = label(value or "–", wrap=True)
            words.setMinimumWidth(150)
            facts.addRow(label(name, "soft"), words)
        self._side.addLayout(facts)
        self._side.addSpacing(12)
        self._side.addWidget(label(tr("What it is"), "heading"))
        what = label(m.definition or tr("No definition yet. “Change” writes one."), "soft", wrap=True)
        what.setFixedWidth(264)
        self._side.addWidget(what)
        self._side.addSpacing(12)
        self._side.addWidget(label(tr("Promises on this measure"), "heading"))
        for action in promised[-5:]:
            line = label(f"{action.code}  {action.text}", wrap=True)
            line.setFixedWidth(264)
            self._side.addWidget(line)
            self._side.addWidget(label(f"{action.owner} · {tr(action.status)}", "faint"))
        if not promised:
            self._side.addWidget(label(tr("None so far."), "soft"))
        self._side.addStretch(1)

    def _columns(self) -> list[Column]:
        return [
            Column(tr("Period"), lambda r: r.period, width=110),
            Column(tr("Value"), lambda r: r.value, right=True, width=110, bold=True),
            Column(tr("Numerator"), lambda r: r.numerator, right=True, width=110, colour=lambda _: "soft"),
            Column(tr("Denominator"), lambda r: r.denominator, right=True, width=110, colour=lambda _: "soft"),
            Column(tr("To target"), lambda r: r.to_target, right=True, width=100),
            Column(tr("Note"), lambda r: r.note, colour=lambda _: "soft"),
        ]

    ## Acts

    def _break_down(self) -> None:
        choices = ["", *self._dimensions]
        if len(choices) == 1:
            self.said.emit(tr("This measure has no breakdown"))
            return
        by = choices[(choices.index(self._view.get("by", "")) + 1) % len(choices)]
        self._view = {**self._view, "by": by} if by else {k: v for k, v in self._view.items() if k != "by"}
        self.refresh()

    def zoom(self) -> None:
        """The usual periods → all of them → the last twelve → the usual."""
        self._view = next_zoom(self._standing.series, self._view)
        self.refresh()
        self.said.emit(plural(len(self._chart.periods), "{n} period on view", "{n} periods on view"))

    def _explore(self) -> None:
        """The chart that is panned and zoomed by hand, and back to the painted one."""
        if self._interactive is not None:
            self._interactive.deleteLater()
            self._interactive = None
            self.chart.show()
            return
        from citystat.views.chart.interactive import InteractiveChart  # pyqtgraph is slow to import

        self._interactive = InteractiveChart()
        self._interactive.set_chart(self._chart)
        self.chart.hide()
        self._chart_place.addWidget(self._interactive)

    def _picture_menu(self) -> None:
        menu = QMenu(self)
        for words, act in (
            (tr("Copy picture"), self.copy),
            (tr("Save as PNG…"), lambda: self._ask_save("png")),
            (tr("Save as SVG…"), lambda: self._ask_save("svg")),
            (tr("Print…"), self._print),
        ):
            menu.addAction(words).triggered.connect(lambda *_, a=act: a())
        menu.popup(self.cursor().pos())

    def _change_menu(self) -> None:
        menu = QMenu(self)
        s = self._standing.series
        for words, make in (
            (tr("Write on the chart…"), lambda: NoteDialog(self._city, s, self)),
            (tr("Set a target…"), lambda: TargetDialog(self._city, s, self)),
            (tr("Correct a value…"), lambda: ValueDialog(self._city, s, self)),
            (tr("Definition…"), lambda: MeasureDialog(self._city, s.measure, self)),
        ):
            menu.addAction(words).triggered.connect(lambda *_, m=make: m().open())
        menu.popup(self.cursor().pos())

    def copy(self) -> None:
        """The picture to the clipboard."""
        QGuiApplication.clipboard().setImage(picture.image(self._chart, 1600, 850, text_px=20))
        self.said.emit(tr("The picture is on the clipboard"))

    def _ask_save(self, form: str) -> None:
        path, _ = QFileDialog.getSaveFileName(self, tr("Save picture"), f"{self._code}.{form}", f"*.{form}")
        if path:
            self.save(Path(path))

    def save(self, path: Path) -> None:
        """The picture to a file, by its ending."""
        data = picture.svg(self._chart) if path.suffix.lower() == ".svg" else picture.png(self._chart)
        try:
            path.write_bytes(data)
        except OSError as error:
            self.said.emit(tr("The picture could not be saved: {why}", why=error.strerror or str(error)))
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
