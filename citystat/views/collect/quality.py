"""How good the data is: every measure and department, the worst first, each score one click from its rule and rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from citystat import periods
from citystat.city import City, Touched
from citystat.collect.close import corrected
from citystat.collect.quality import LATE, MISSING, Period, Quality, Share, by_department, quality
from citystat.measures.doubts import Doubt
from citystat.measures.series import Definition
from citystat.numbers import begin_in_words, in_words
from citystat.texts import plural, tr
from citystat.views import jobs
from citystat.views.collect.period_strip import STEP, Legend, paint_strip, strip_words
from citystat.views.measures.doubts import Doubts
from citystat.views.measures.facts import Link
from citystat.views.shell.theme import current as theme
from citystat.views.widgets.beside import fold
from citystat.views.widgets.marks import button, label
from citystat.views.widgets.message import EmptyPlace
from citystat.views.widgets.page import Page, clear
from citystat.views.widgets.table import Column, Table

SIDE = 320  # pixels of the column at the right
MOST = 8  # measures named beside a department
NARROW = 1040  # pixels of width under which it stands below the table


class QualityPage(Page):
    """The list at the left, what a score is made of at the right."""

    def __init__(self, city: City, what: str | int = "", today: date | None = None) -> None:
        super().__init__()
        self._city, self._today, self._wanted = city, today or date.today(), str(what)
        self.title = f"{tr('Data')} › {tr('Quality')}"
        self._rows: list[Quality] = []
        self._asked = 0
        self._search = QLineEdit()
        self._search.setPlaceholderText(tr("Search by code, name or department"))
        self._search.setAccessibleName(tr("Search measures"))
        self._search.textChanged.connect(lambda _: self._narrow())
        self.look = QComboBox()
        self.look.setAccessibleName(tr("Show"))
        for words, key in ((tr("By measure"), "measure"), (tr("By department"), "department")):
            self.look.addItem(words, key)
        self.look.currentIndexChanged.connect(lambda _: self._show())
        self.table = Table(_columns(), tr("Data quality"), row_height=40)
        self.table.chosen.connect(self._explain)
        self.table.opened.connect(self._open)
        self.doubts = Doubts(city, narrow=True)
        self.doubts.listen(self)
        self._nothing = EmptyPlace(
            tr("No measures yet"),
            tr(
                "Once figures are brought in, this page says which come late, which are missing and which are in doubt."
            ),
            (tr("Bring in a file"), lambda: self.go.emit("import")),
        )
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        filters = QHBoxLayout()
        filters.addWidget(self._search, 1)
        filters.addWidget(self.look)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(filters)
        left.addWidget(self.table, 1)
        self._legend = Legend()
        left.addWidget(self._legend)
        self._why = QVBoxLayout()
        self._why.setSpacing(6)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 8, 0)
        column.setSpacing(16)
        column.addLayout(self._why)
        column.addWidget(self.doubts)
        self._after = QVBoxLayout()
        self._after.setSpacing(6)
        column.addLayout(self._after)
        column.addStretch(1)
        self._side = QScrollArea()
        self._side.setFrameShape(QFrame.Shape.NoFrame)
        self._side.setWidgetResizable(True)
        self._side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._side.setWidget(inside)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(24)
        self._both.addLayout(left, 1)
        self._both.addWidget(self._side)
        self._whole = QWidget()
        self._both.setContentsMargins(0, 0, 0, 0)
        self._whole.setLayout(self._both)
        self.body.addWidget(self._whole, 1)
        self.body.addWidget(self._nothing, 1)
        self._nothing.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the table, the explanation stands below it."""
        super().resizeEvent(event)
        narrow = self.width() < theme().px(NARROW)
        fold(self._both, self._side, narrow=narrow, width=SIDE)
        self._side.setMinimumHeight(round(theme().px(240)) if narrow else 0)

    def acts(self) -> list[tuple[str, Any, str]]:
        """At the top right."""
        return [(tr("Imports"), lambda: self.go.emit("data"), ""), (tr("Bring in a file"), lambda: self.go.emit("import"), "primary")]  # fmt: skip

    def focus_search(self) -> None:
        """Ctrl+F."""
        self._search.setFocus()
        self._search.selectAll()

    def refresh(self, touched: Touched | None = None) -> None:
        """Ask the city again, in the background."""
        if touched is not None and not touched.any("measure", "observation", "check_finding", "department"):
            return
        self._asked += 1
        asked, city, today = self._asked, self._city, self._today
        if not self._rows:
            self.head(tr("Data quality"), tr("Looking at the measures…"))

        def work(_progress: jobs.Progress) -> list[Quality]:
            with city.read() as read:
                return quality(read, today)

        def done(rows: list[Quality]) -> None:
            if asked == self._asked:
                self._rows = rows
                self._show()

        jobs.run(self, work, done, quiet=True)

    ## Showing

    def _show(self) -> None:
        rows = self._rows
        self._whole.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        wanting = sum(1 for q in rows if _wants(q))
        self.head(_sentence(wanting, len(rows)), _in_all(rows))
        grouped = self.look.currentData() == "department"
        before: Quality | None = self.table.current()
        shown = by_department(rows, tr("No department")) if grouped else rows
        self.table.set_rows(shown)
        self.table.setColumnHidden(1, grouped)
        self.table.setColumnHidden(2, grouped)
        self._legend.setVisible(not grouped)
        self._narrow()
        self._choose(shown, before)

    def _choose(self, shown: Sequence[Quality], before: Quality | None) -> None:
        """What was chosen stays chosen; the measure the page was called with; otherwise the worst."""
        names = [q.measure.code if q.measure else q.name for q in shown]
        wanted = self._wanted or (before.measure.code if before and before.measure else before.name if before else "")
        self._wanted = ""
        if shown:
            self.table.selectRow(names.index(wanted) if wanted in names else 0)
            self._explain(self.table.current())

    def _narrow(self) -> None:
        words = self._search.text().lower().split()

        def fits(q: Quality) -> bool:
            m = q.measure
            said = f"{q.name} {m.code} {m.department}" if m else q.name
            return all(w in said.lower() for w in words)

        self.table.keep(fits)

    def _open(self, q: Quality) -> None:
        if q.measure is not None:
            self.go.emit(f"measure:{q.measure.code}")
            return
        self.look.setCurrentIndex(0)
        self._search.setText(q.name)

    def _explain(self, q: Quality | None) -> None:
        """A score's rule with its figures, then the rows that cost it."""
        clear(self._why)
        clear(self._after)
        if q is None:
            self.doubts.hide()
            return
        name = label(q.name, "section", wrap=True)
        self._why.addWidget(name)
        if q.measure is not None:
            about = " · ".join(filter(None, (q.measure.code, q.measure.department)))
            self._why.addWidget(label(about, "faint"))
        self._why.addSpacing(6)
        self._why.addWidget(label(_score_words(q), "strong", wrap=True))
        for share, words in (
            (q.timeliness, tr("On time: {good} of {of} periods came by the day they were due")),
            (q.completeness, tr("Complete: {good} of {of} figures are there")),
            (q.validity, tr("Valid: {good} of {of} periods have nothing in doubt")),
        ):
            if share.of:
                said = words.format(good=f"{share.good:,}", of=f"{share.of:,}")
                self._why.addWidget(label(said, "soft", wrap=True))
        self.doubts.show_doubts(q.open, self._period, tall=4)
        rows = [r for p in q.periods if (r := _cost(q, p))]
        if rows:
            self._after.addWidget(label(tr("Late or missing"), "heading"))
            for row in reversed(rows):
                self._after.addWidget(label(row, wrap=True))
        if q.measure is not None:
            self._corrected(q.measure)
            see = button(tr("See the chart"), lambda c=q.measure.code: self.go.emit(f"measure:{c}"), kind="link")
        else:
            self._worst(q)
            see = button(plural(q.measures, "Its {n} measure", "Its {n} measures"), lambda: self._open(q), kind="link")
        self._after.addWidget(see, 0, Qt.AlignmentFlag.AlignLeft)

    def _corrected(self, m: Definition) -> None:
        """What was changed after its period was closed, and why."""
        with self._city.read() as read:
            rows = corrected(read, [m.id])
        if not rows:
            return
        self._after.addSpacing(8)
        self._after.addWidget(label(tr("Corrected after closing"), "heading"))
        for c in {(c.period, c.reason): c for c in rows}.values():
            when = periods.label(c.period, m.frequency, m.year_start)
            by = tr("{who}, {day}", who=c.who, day=periods.day_label(c.at.date()))
            self._after.addWidget(label(f"{when}: {c.reason} ({by})", wrap=True))

    def _worst(self, department: Quality) -> None:
        """The measures that cost a department its score."""
        name = department.name
        mine = [q for q in self._rows if q.measure and (q.measure.department or tr("No department")) == name]
        costly = [q for q in mine if q.open or (q.score is not None and q.score < 100)]
        if costly:
            self._after.addWidget(label(tr("What costs it"), "heading"))
        for q in costly[:MOST]:
            line = Link(q.name, _lost(q))
            line.clicked.connect(lambda *_, q=q: self._show_measure(q))
            self._after.addWidget(line)

    def _show_measure(self, q: Quality) -> None:
        """The measure's own row."""
        assert q.measure is not None
        self._wanted = q.measure.code
        self.look.setCurrentIndex(0)

    def _period(self, doubt: Doubt) -> str:
        m = next((q.measure for q in self._rows if q.measure and q.measure.id == doubt.measure_id), None)
        return periods.label(doubt.period, m.frequency, m.year_start) if m else ""


def _wants(q: Quality) -> bool:
    """Something is open, or the newest due period is not there."""
    return bool(q.open) or bool(q.periods and q.periods[-1].came == MISSING)


def _sentence(wanting: int, all_: int) -> str:
    if not all_:
        return tr("No measures yet")
    if not wanting:
        return tr("All data is in, and nothing is in doubt")
    rest = all_ - wanting
    if not rest:
        return plural(all_, "The one measure needs a look", "All {count} measures need a look", count=in_words(all_))
    first = plural(
        wanting, "{count} measure needs a look", "{count} measures need a look", count=begin_in_words(wanting)
    )
    return first + ", " + plural(rest, "{count} is in order", "{count} are in order", count=in_words(rest))


def _in_all(rows: Sequence[Quality]) -> str:
    """ "97 % on time · 99 % complete · 98 % valid over the last 12 due periods"."""
    parts = []
    for name, words in (("timeliness", tr("{share} on time")), ("completeness", tr("{share} complete")), ("validity", tr("{share} valid"))):  # fmt: skip
        shares = [getattr(q, name) for q in rows]
        whole = Share(sum(s.good for s in shares), sum(s.of for s in shares))
        if whole.of:
            parts.append(words.format(share=_per_cent(whole.per_cent)))
    return tr("{shares} over the last 12 periods of each measure", shares=" · ".join(parts)) if parts else ""


def _score_words(q: Quality) -> str:
    if q.score is None:
        return tr("No score yet: nothing was due so far")
    known = [
        f"{words} {_per_cent(share.per_cent)}"
        for share, words in ((q.timeliness, tr("on time")), (q.completeness, tr("complete")), (q.validity, tr("valid")))
        if share.of
    ]
    return tr("Score {score}, the mean of {parts}", score=_rounded(q.score), parts=", ".join(known))


def _lost(q: Quality) -> str:
    """ "Score 92 · on time 75 % · 2 findings open"."""
    parts = [tr("Score {score}", score=_rounded(q.score)) if q.score is not None else ""]
    for share, words in ((q.timeliness, tr("on time")), (q.completeness, tr("complete")), (q.validity, tr("valid"))):
        if share.good < share.of:
            parts.append(f"{words} {_per_cent(share.per_cent)}")
    if q.open:
        parts.append(plural(len(q.open), "{n} finding open", "{n} findings open"))
    return " · ".join(filter(None, parts))


def _cost(q: Quality, p: Period) -> str:
    """What a period costs in time or completeness, in words; "" where nothing."""
    assert q.measure is not None
    when = periods.label(p.start, q.measure.frequency, q.measure.year_start)
    if p.came == MISSING:
        return tr("◆ {period}: missing", period=when)
    said = [plural(p.days, "{n} day late", "{n} days late")] if p.came == LATE else []
    if p.there < p.expected:
        said.append(tr("{there} of {expected} figures", there=p.there, expected=p.expected))
    return f"{when}: {', '.join(said)}" if said else ""


def _per_cent(value: float | None) -> str:
    return "–" if value is None else f"{_rounded(value)}\u00a0%"


def _rounded(value: float) -> str:
    """A whole number; never 100 while something is amiss."""
    return "99" if 99 < value < 100 else f"{value:.0f}"


def _columns() -> list[Column]:
    return [
        Column(tr("Name"), lambda q: q.name, bold=True, tip=lambda q: q.name),
        Column(tr("Department"), lambda q: q.measure.department if q.measure else "", width=148, spare=True, colour=lambda _: "soft"),
        Column(tr("Last 12 periods"), strip_words, width=STEP * 12 + 16, draw=paint_strip, tip=strip_words),
        Column(tr("On time"), lambda q: _per_cent(q.timeliness.per_cent), right=True, width=72, key=lambda q: q.timeliness.per_cent, colour=lambda q: _tone(q.timeliness)),
        Column(tr("Complete"), lambda q: _per_cent(q.completeness.per_cent), right=True, width=78, key=lambda q: q.completeness.per_cent, colour=lambda q: _tone(q.completeness)),
        Column(tr("Valid"), lambda q: _per_cent(q.validity.per_cent), right=True, width=60, key=lambda q: q.validity.per_cent, colour=lambda q: _tone(q.validity)),
        Column(tr("Open"), lambda q: str(len(q.open) or ""), right=True, width=54, key=lambda q: len(q.open)),
        Column(tr("Score"), lambda q: "–" if q.score is None else _rounded(q.score), right=True, width=62, bold=True, key=lambda q: q.score),
    ]  # fmt: skip


def _tone(share: Share) -> str:
    """What is whole stands back."""
    return "faint" if share.good == share.of else "ink"
