"""One measure: its sentence, its chart, its values, what it is, and what was promised about it."""

from __future__ import annotations

from datetime import date
from textwrap import shorten
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout

from citystat import periods
from citystat.charts.headline import PERIOD_WORDS
from citystat.city import City, Touched, derived
from citystat.city.observations import cell_label
from citystat.collect.close import Scope, closed
from citystat.errors import CityStatError
from citystat.goals.tree import goals_of
from citystat.measures.doubts import Doubt, doubts
from citystat.measures.edit import words_on_chart
from citystat.measures.kept_view import keep_view
from citystat.measures.looks import LOOK_WORDS, SPLIT
from citystat.measures.outlook import outlook
from citystat.measures.picture import CLOSE, chart_of
from citystat.measures.rebase import Suggestion, suggested
from citystat.measures.series import broken_down, dimensions
from citystat.measures.split import splits
from citystat.measures.standing import standing
from citystat.measures.table import ValueRow, value_table
from citystat.meetings.actions import actions
from citystat.meetings.agenda import add_item
from citystat.meetings.meeting import next_meeting
from citystat.meetings.suggest import questions_for
from citystat.records.which import has_records
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.measures import as_picture, on_the_chart
from citystat.views.measures.chart_place import ChartPlace
from citystat.views.measures.charting import ChartingDialog
from citystat.views.measures.checks import ChecksDialog
from citystat.views.measures.closing import CloseDialog, ReopenDialog
from citystat.views.measures.define import MeasureDialog
from citystat.views.measures.doubts import Doubts
from citystat.views.measures.edit import NoteDialog, ValueDialog
from citystat.views.measures.explained import Explained
from citystat.views.measures.facts import WIDTH, Facts
from citystat.views.measures.lists import HistoryDialog, words_listed
from citystat.views.measures.looking import Looking
from citystat.views.measures.looks import KEYS
from citystat.views.measures.on_the_chart import OnTheChart
from citystat.views.measures.targets import BaselineDialog, targets_listed
from citystat.views.shell.places import measures_together, records_behind
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import fold
from citystat.views.widgets.marks import button
from citystat.views.widgets.menu import menu_under
from citystat.views.widgets.page import Page
from citystat.views.widgets.table import Column, Table

NEWEST = 12  # rows of the table before all are asked for
SHORT = 40  # letters of a written event in a link
SPLITS = 4  # written events that before and after is offered at
NARROW = 860  # pixels of width under which the facts stand below the chart


class MeasurePage(Page):
    """Shows the measure with this code; "FD-01:Ward=Ward 6" its breakdown, and that part of it by name."""

    def __init__(self, city: City, code: str | int, today: date | None = None) -> None:
        super().__init__()
        self._city, self._today = city, today or date.today()
        measure, by, part = _place(str(code))
        self._key: str | int = measure  # the id from the first look on: the code may be changed
        self.looking = Looking({"by": by, "part": part} if by else {})
        self._rows: list[ValueRow] = []
        self._all_rows = False
        self.place = ChartPlace()
        self.place.said.connect(self.said)
        self.chart, self.outlook = self.place.chart, self.place.outlook
        self.chart.opened.connect(self.open_records)
        self.place.looks.chosen.connect(self.look)
        self.place.looks.figures.connect(self.show_figures)
        self.place.looks.keep.connect(self.keep)
        self.place.looks.split.connect(self.split_at)
        self.on_chart = OnTheChart(city, self.chart, self._acts_at)
        self.on_chart.said.connect(self.said)
        self._forecast: jobs.Progress | None = None
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
        left = QVBoxLayout()
        left.setSpacing(6)
        self.body.removeWidget(self.sentence)
        self.body.removeWidget(self.under)
        left.addWidget(self.under)
        left.addWidget(self.sentence)
        left.addSpacing(8)
        left.addWidget(self.place)
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
            (tr("Compare"), self._compare_menu, "menu"),
            (f"{CLOSE} {tr(PERIOD_WORDS[self._standing.measure.frequency][1])}", self.zoom, ""),
            (tr("Outlook"), self.look_ahead, ""),
            (tr("Pan and zoom"), self.explore, ""),
            (tr("Picture"), lambda: self._offer(*as_picture.acts(self._chart, self, self.said.emit)), "menu"),
            (tr("Change"), self._change_menu, "menu"),
            (tr("Put on agenda"), self._put_on_agenda, "primary"),
        ]

    def own_acts(self) -> list[tuple[str, Any]]:
        """The looks over the chart, and what is done at its points, for Ctrl+K."""
        offered = self.looking.offered(self._standing.measure, self._dimensions)
        looks = [(tr(LOOK_WORDS[look]), lambda look=look: self.look(look)) for look in offered]
        return [*looks, (tr("Keep this view"), self.keep), (tr("Write here…"), self._write)]

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again."""
        if touched is not None and not touched.any(f"measure:{self._key}", "city_settings", "person", "department"):
            return
        # other figures: forecast anew, in the background
        again = touched is not None and self.looking.view.pop("ahead", "")
        try:
            self._ask()
        except CityStatError:
            if touched is None:
                raise
            self.go.emit("measures")  # its making was taken back: there is nothing left to show
            return
        self._show_chart()
        whole = self._standing
        found = suggested(whole.series, whole.judgement) if self._chart.bands and not self.looking.look else None
        self.explained.show_chart(self._chart, found)
        self.doubts.show_doubts(self._doubted, self._period)
        self.table.setColumnHidden(2, not any(r.numerator for r in self._rows))
        self.table.setColumnHidden(3, not any(r.denominator for r in self._rows))
        self.table.setColumnHidden(4, not any(r.to_target for r in self._rows))
        self._show_rows()
        if again:
            self.look_ahead()

    def _show_chart(self) -> None:
        """The chart as it is looked at, with the words about it."""
        looking, whole = self.looking, self._standing.series
        self.head(self._chart.headline, self._chart.subject)
        self.place.show_chart(self._chart, in_figures=looking.in_figures, apart=not looking.plain)
        written = splits(whole)[:SPLITS] if looking.look == SPLIT else []
        self.place.looks.show_splits(
            [
                (f"{whole.measure.label(p)}: {shorten(words, SHORT, placeholder='…')}", p.isoformat())
                for p, words in written
            ]
        )
        offered = looking.offered(whole.measure, self._dimensions)
        self.place.looks.show_view(looking.look, offered, table=looking.in_figures, kept=looking.is_kept(whole))

    def _ask(self) -> None:
        """All that the page shows, in one look."""
        with self._city.read() as read:
            self._standing = standing(read, self._key)
            m = self._standing.measure
            self._key, self._code = m.id, m.code
            self.looking.begin(m)
            self._chart = chart_of(read, m, as_of=self._today, view=self.looking.view)
            self._rows = value_table(read, self._standing.series)
            self._dimensions = dimensions(read, m)
            self._doubted = doubts(read, [m.id])
            self.on_chart.use(m, words_on_chart(read, m.id))
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
        every = self._all_rows or (self.looking.in_figures and self.looking.plain)
        shown = self._rows if every else self._rows[:NEWEST]
        self.table.set_rows(shown)
        self.table.fit_figures()
        self.table.fit_rows()
        self.table.setVisible(n > 0)
        self.more.setVisible(n > NEWEST)
        self.more.setText(
            tr("The newest {n} only", n=NEWEST) if self._all_rows else plural(n, "All {n} period", "All {n} periods")
        )

    ## Acts

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """One key each, while nothing is typed in."""
        acts: dict[Qt.Key, Any] = {
            Qt.Key.Key_V: lambda: self.next_look(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1),
            Qt.Key.Key_T: lambda: self.show_figures(not self.looking.in_figures),
            Qt.Key.Key_Z: self.zoom,
            Qt.Key.Key_D: self._break_down,
            Qt.Key.Key_A: lambda: self.look(SPLIT),
            Qt.Key.Key_K: self.keep,
            Qt.Key.Key_N: self._write,
            Qt.Key.Key_M: self.beside_others,
            Qt.Key.Key_E: self.on_chart.change,
            Qt.Key.Key_Delete: self.on_chart.remove,
        }
        act = acts.get(Qt.Key(event.key()))
        held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if act is None or held:
            super().keyPressEvent(event)
        else:
            act()

    def keys(self) -> list[tuple[str, str]]:
        """What keys do here, for the list of all keys."""
        return [(tr(words), key) for key, words in (*KEYS, *on_the_chart.KEYS)]

    def look(self, look: str) -> None:
        """Another way to look at the measure; before and after split at the period that is chosen on the chart."""
        at, starts = self.chart.chosen, self._chart.starts
        self.looking.turn_to(look, starts[at] if at is not None and at < len(starts) else None)
        self._turned()

    def split_at(self, day: str) -> None:
        """Before and after the period that begins on this day ("2025-03-01")."""
        self.looking.turn(split=day)
        self._turned()
        self.chart.setFocus()

    def _write(self) -> None:
        """Words at the point: on the painted chart, which is shown where it was not."""
        if self.place.interactive is not None or self.looking.in_figures:
            self.looking.turn(table="")
            self._turned()
        self.on_chart.write()

    def _acts_at(self, index: int) -> list[tuple[str, Any]]:
        """What else can be done with a period of the chart."""
        if index >= len(self._chart.starts):
            return []
        start = self._chart.starts[index]
        acts: list[tuple[str, Any]] = [
            (tr("Before and after {period}", period=self._period_words(start)), lambda: self.look(SPLIT)),
            (tr("Correct a value…"), lambda: self.correct(start)),
        ]
        return [*acts, (tr("Open the records"), lambda: self.open_records(index))] if self._has_records else acts

    def next_look(self, step: int) -> None:
        """The one after, or before, what is on view."""
        offered = self.looking.offered(self._standing.measure, self._dimensions)
        self.look(offered[(offered.index(self.looking.look) + step) % len(offered)])
        self.said.emit(tr(LOOK_WORDS[self.looking.look]))

    def show_figures(self, on: bool) -> None:
        """Figures in place of the chart, or the chart again."""
        self.looking.turn(table="yes" if on else "")
        self._turned()
        if not on:
            self.chart.setFocus()

    def keep(self) -> None:
        """What is on view stays with the measure, and goes with it to the meeting, the memo and the minutes."""
        keep_view(self._city, self._standing.measure.id, self.looking.view)
        self.said.emit(tr("Kept: the meeting, the memo and the minutes show {code} so, too", code=self._code))

    def _turned(self) -> None:
        """It is looked at otherwise: painted, not panned by hand."""
        if self.place.interactive is not None:
            self.explore()
        self.refresh()

    def _break_down(self) -> None:
        if not self._dimensions:
            self.said.emit(tr("This measure has no breakdown"))
            return
        self.looking.next_breakdown(self._dimensions)
        self._turned()

    def open_records(self, at: int | None = None) -> None:
        """The records behind a number: of the period at this place of the chart, else the chosen one, else the newest; where the
        chart is broken down, of the whole or of a part, which a menu asks."""
        if not self._has_records:
            self.said.emit(tr("No records are kept of {name}", name=self._standing.measure.name))
            return
        place = at if at is not None else self.chart.chosen
        start = self._chosen_period(place)
        by = self.looking.view.get("by", "")
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
            starts = self._chart.starts
            return starts[place] if place < len(starts) else s.periods[s.last if s.last is not None else -1]
        row: ValueRow | None = self.table.current() if self.table.hasFocus() else None
        return row.start if row is not None else s.periods[s.last if s.last is not None else -1]

    def _period_words(self, start: date) -> str:
        m = self._standing.measure
        return periods.label(start, m.frequency, m.year_start)

    def zoom(self) -> None:
        """The usual periods → all of them → the last twelve → the usual."""
        if not self.looking.zoom(self._standing.series):
            self.said.emit(tr("Years stand whole here: there is nothing to zoom"))
            return
        self.refresh()
        self.said.emit(plural(len(self._chart.periods), "{n} period on view", "{n} periods on view"))

    def look_ahead(self) -> None:
        """What is forecast to the end of the year, or without it again; it is worked out in the background."""
        ahead = self.looking.view.pop("ahead", "")
        if ahead or self._forecast is not None:
            self.refresh()
            return
        series = self._standing.series

        def ended(_: object) -> None:
            self._forecast = None
            self.looking.look_ahead()
            self.refresh()

        self._forecast = jobs.run(self, lambda _: outlook(series), ended, failed=ended, quiet=True)

    def explore(self) -> None:
        """The chart that is panned and zoomed by hand, and back to the painted one."""
        if self.place.interactive is None and (self._chart.panels or self.looking.in_figures):
            self.looking.turn(look="", table="")
            self.refresh()
        self.place.explore(self._chart)

    def _compare_menu(self) -> None:
        self._offer(
            (tr("With other measures"), self.beside_others),
            (tr("With other cities and districts"), lambda: self.go.emit(f"compared:{self._key}")),
        )

    def beside_others(self) -> None:
        """Below each other on one time axis, with measures that are chosen there."""
        self.go.emit(measures_together([self._standing.measure.id]))

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
